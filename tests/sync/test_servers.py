"""Syncing through real servers: phone, server and desk each have their own copy, and kin is at the desk.

One story a server, in which each person is a scenario; vdirsyncer moves the cards, khard reads the desk's.
"""

import io
import json
import os
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from kin.cli.app import run
from kin.transfer.sync import vdir
from tests.conftest import TODAY
from tests.sync.servers import Client, missing, serving

pytestmark = pytest.mark.skipif(
    bool(missing()), reason=f"not installed: {', '.join(missing())}; pip install -e '.[sync-test]'"
)

NAMES = "Ana Bea Cleo Dora Eva Finn Gus Hugo Jon Lea".split()
PHOTO = "PHOTO;ENCODING=b;TYPE=JPEG:" + "/9j/4AAQSkZJRgABAQ" * 40


def card(name: str) -> str:
    """Return someone's card as a phone has it."""
    lines = (
        "BEGIN:VCARD", "VERSION:3.0", f"UID:{name.lower()}-uid", f"N:Vale;{name};;;", f"FN:{name} Vale",
        f"EMAIL;TYPE=HOME:{name.lower()}@example.org", "BDAY:1984-03-12", "CATEGORIES:choir",
        f"NOTE:{name} tells of the ferry\\, of rain\\; and laughs", "ORG:Acme;Sales", "TITLE:Head of Everything",
        PHOTO, "X-ODD:kept as it is", "END:VCARD",
    )  # fmt: skip
    return "".join(f"{line}\r\n" for line in lines)


class Story:
    """What happens on one server, in stages."""

    def __init__(self, address: str, home: Path) -> None:
        self.phone, self.desk = Client(home / "phone"), Client(home / "desk")
        self.phone.begin(address)
        self.desk.begin(address)
        self.environment = {
            "KIN_DB": str(home / "book.db"), "KIN_NOW": TODAY, "KIN_CONFIG": os.devnull, "KIN_DEBUG": "1",
        }  # fmt: skip
        self.secret = home / "secret.vcf"
        self.secret.write_text(card("Eve"))

    def kin(self, *words: str) -> Any:
        """Call kin at the desk."""
        with redirect_stdout(io.StringIO()) as result, redirect_stderr(io.StringIO()) as trouble:
            code = run([*words, "--json"], self.environment)
        assert code == 0, trouble.getvalue()
        return json.loads(result.getvalue())

    def person(self, who: str) -> Any:
        return self.kin("recall", who)["person"]

    def sync(self, *words: str) -> Any:
        return self.kin("sync", str(self.desk.folder), *words)

    def stamps(self) -> dict[str, int]:
        return {path.name: path.stat().st_mtime_ns for path in self.desk.folder.iterdir()}

    def live(self) -> None:
        """Run all scenarios."""
        self.kin("me", "--name", "Robin Owner", "--lives", "Ownerham")
        self.kin(
            "add", "Maya Okafor", "--into", "pottery", "--into", "fado", "--met", "at the kiln"
        )
        self.kin("note", "yesterday: coffee with Maya ?did the kiln survive")
        for name in NAMES:
            (self.phone.folder / f"{name.lower()}.vcf").write_bytes(card(name).encode())
        self.phone.sync()
        self.desk.sync()
        self.first = self.sync()
        self.desk.sync()
        self._change()
        self.phone.sync()
        self.desk.sync()
        self._plant()
        self.second = self.sync()
        self._unplant()
        self.listed, self.shown = self.desk.khard("list"), self.desk.khard("show", "Maya")
        self.desk.sync()
        self.phone.sync()
        before = (self.stamps(), self.kin("history", "-n", "0"))
        self.third = self.sync()
        self.still = (before == (self.stamps(), self.kin("history", "-n", "0")), self.desk.sync())
        self._meet_in_the_middle()
        self.fifth = self.sync("--delete-remote", "--yes")
        self.desk.sync()
        self.phone.sync()

    def _change(self) -> None:
        self.kin("edit", "ana", "--lives", "Cadiz", "--phone", "+34 600 100 200")
        self.kin("edit", "cleo", "--into", "chess")
        self.kin("edit", "dora", "--birthday", "1 may 1980")
        self.kin("edit", "hugo", "--into", "tea")
        self.kin("forget", "finn", "--yes")
        self.kin("add", "Nia New", "--into", "sailing", "--email", "nia@example.org")
        self.phone.change(
            "Bea", "EMAIL;TYPE=HOME:bea@example.org", "EMAIL;TYPE=WORK:bea@work.example"
        )
        self.phone.change("Bea", "ferry", "pier")
        self.phone.change("Cleo", "CATEGORIES:choir", "CATEGORIES:choir,climbers")
        self.phone.change("Dora", "1984-03-12", "1985-03-12")
        self.phone.change("Hugo", "\\, of rain\\; and laughs", "")
        (eva,) = self.phone.of("Eva")
        eva.unlink()
        (self.phone.folder / "otto.vcf").write_bytes(card("Otto").encode())
        (gus,) = self.desk.of("Gus")
        gus.rename(gus.with_name("gus-renamed.vcf"))

    def _plant(self) -> None:
        (self.desk.folder / "broken.vcf").write_text("BEGIN:VCARD\nFN:Broken Off\n")
        (self.desk.folder / "eve.vcf").symlink_to(self.secret)

    def _unplant(self) -> None:
        self.kept = (self.desk.folder / "broken.vcf").read_text()
        (self.desk.folder / "broken.vcf").unlink()
        (self.desk.folder / "eve.vcf").unlink()

    def _meet_in_the_middle(self) -> None:
        """Let the phone's change arrive at the desk while kin is about to write the same card."""
        self.kin("edit", "lea", "--lives", "Porto")
        self.phone.change("Lea", "ferry", "harbour")
        put = vdir.write_card

        def late(folder: Path, name: str, data: bytes, expected: str | None) -> bool:
            self.phone.sync()
            self.desk.sync()
            return put(folder, name, data, expected)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(vdir, "write_card", late)
            self.fourth = self.sync()


@pytest.fixture(scope="module", params=["radicale", "xandikos"])
def story(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    """Return the story of one server, lived once."""
    home = tmp_path_factory.mktemp(request.param)
    (home / "server").mkdir()
    with serving(request.param, home / "server") as address:
        result = Story(address, home)
        result.live()
        yield result


def test_first_pull(story: Story) -> None:
    came = {each["name"] for each in story.first["new"] if each["to"] == "book"}
    assert came == {f"{name} Vale" for name in NAMES}
    assert (story.first["kept"], story.first["skipped"], story.first["doubles"]) == (
        [],
        [],
        [],
    )
    assert story.person("jon")["birthday"] == "1984-03-12"


def test_an_edit_here_reaches_the_phone(story: Story) -> None:
    for line in ("ADR;TYPE=HOME:;;;Cadiz;;;", "TEL:+34 600 100 200"):
        assert line in story.phone.read("Ana")


def test_an_edit_there_reaches_the_book(story: Story) -> None:
    ways = [(each["label"], each["value"]) for each in story.person("bea")["contacts"]]
    assert ways == [("work", "bea@work.example")]
    assert story.kin("find", "pier")[0]["people"] == [{"handle": "bea-v", "name": "Bea Vale"}]


def test_edits_of_different_fields_are_both_kept(story: Story) -> None:
    held = story.person("cleo")
    assert ([each["label"] for each in held["interests"]], held["groups"]) == (
        ["chess"],
        ["choir", "climbers"],
    )
    assert "CATEGORIES:choir,climbers,chess" in story.phone.read("Cleo")


def test_edits_of_the_same_field_are_the_phones(story: Story) -> None:
    result = [each for each in story.second["kept"] if each["person"]["name"] == "Dora Vale"]
    assert [(each["field"], each["value"], each["lost"]) for each in result] == [
        ("birthday", "1985-03-12", "1980-05-01")
    ]
    assert story.person("dora")["birthday"] == "1985-03-12"
    assert "BDAY:1985-03-12" in story.phone.read("Dora")


def test_a_card_deleted_there_unlinks_and_stays_deleted(story: Story) -> None:
    assert [each["name"] for each in story.second["unlinked"]] == ["Eva Vale"]
    assert story.person("eva")["name"] == "Eva Vale"
    assert story.desk.of("Eva") == story.phone.of("Eva") == []


def test_forgotten_people_are_removed_only_on_request(story: Story) -> None:
    assert len(story.second["left_alone"]) == 1 and "Finn" not in json.dumps(story.second["new"])
    assert "Finn Vale" not in {each["name"] for each in story.kin("people")}
    assert story.fifth["removed"] == story.second["left_alone"]
    assert story.desk.of("Finn") == story.phone.of("Finn") == []


def test_a_renamed_file_is_the_same_card(story: Story) -> None:
    (gus,) = story.desk.of("Gus")
    assert (gus.name, len(story.phone.of("Gus"))) == ("gus-renamed.vcf", 1)
    assert [each["name"] for each in story.kin("people")].count("Gus Vale") == 1


def test_new_people_of_either_side_are_on_both(story: Story) -> None:
    assert {(each["name"], each["to"]) for each in story.second["new"]} == {
        ("Nia New", "folder"), ("Otto Vale", "book"),
    }  # fmt: skip
    assert "nia@example.org" in story.phone.read("Nia")
    assert [each["label"] for each in story.person("nia")["interests"]] == ["sailing"]
    for name in ("Maya", "Nia", "Otto"):
        assert len(story.phone.of(name)) == 1, name


def test_a_repeated_sync_moves_nothing(story: Story) -> None:
    moved = (
        "pulled",
        "pushed",
        "merged",
        "new",
        "unlinked",
        "removed",
        "kept",
        "skipped",
        "warnings",
    )
    assert [story.third[key] for key in moved] == [0, 0, 0, [], [], [], [], [], []]
    nothing_moved, said = story.still
    assert nothing_moved and "Copying" not in said and "Deleting" not in said
    assert story.kin("history")[0]["actor"] == "sync"


def test_a_note_that_was_cut_short_is_not_taken(story: Story) -> None:
    assert [each["why"] for each in story.second["warnings"] if "Hugo" in each["why"]] == [
        "Hugo Vale: its note was cut short there; the book keeps the full note"
    ]
    assert story.kin("find", "Hugo tells")[0]["text"].endswith("and laughs")
    assert "CATEGORIES:choir,tea" in story.phone.read("Hugo")


def test_a_card_that_cannot_be_read_is_reported_and_kept(story: Story) -> None:
    result = {each["where"]: each["why"] for each in story.second["skipped"]}
    assert "no END" in result["broken.vcf:1"] and story.kept == "BEGIN:VCARD\nFN:Broken Off\n"


def test_a_planted_link_is_not_followed(story: Story) -> None:
    result = {each["where"]: each["why"] for each in story.second["skipped"]}
    assert "link" in result["eve.vcf"]
    assert "Eve Vale" not in {each["name"] for each in story.kin("people")}
    assert story.secret.read_text() == card("Eve").replace("\r\n", "\n")


def test_a_card_that_changes_during_the_sync_waits_and_loses_nothing(story: Story) -> None:
    assert ["changed during" in each["why"] for each in story.fourth["skipped"]] == [True]
    assert story.person("lea")["lives"] == "Porto"
    assert "harbour" in story.phone.read("Lea") and "Porto" in story.phone.read("Lea")
    assert story.kin("find", "harbour")[0]["people"] == [{"handle": "lea-v", "name": "Lea Vale"}]


def test_what_kin_does_not_read_stays_on_the_card(story: Story) -> None:
    for name in ("Ana", "Cleo", "Lea"):
        text = story.phone.read(name).replace("\r\n ", "").replace("\n ", "")
        for line in (
            "ORG:Acme;Sales",
            "TITLE:Head of Everything",
            "X-ODD:kept as it is",
            PHOTO[30:60],
        ):
            assert line in text, (name, line)


def test_notes_and_the_owner_never_leave(story: Story) -> None:
    there = "".join(path.read_text() for path in story.phone.folder.iterdir())
    for words in ("kiln", "coffee", "Robin", "Ownerham"):
        assert words not in there, words


def test_khard_reads_the_same_folder(story: Story) -> None:
    for name in ("Ana", "Bea", "Cleo", "Dora", "Gus", "Hugo", "Jon", "Otto"):
        assert f"{name} Vale" in story.listed
    assert "Nia New" in story.listed and "Maya Okafor" in story.shown and "pottery" in story.shown
