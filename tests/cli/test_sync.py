"""Syncing a folder of cards: three ways, field by field; nobody is lost, nobody comes twice, nothing else moves."""

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from kin.transfer.sync import vdir
from tests.cli.test_history import dump
from tests.conftest import Kin

ANA = """\
BEGIN:VCARD
VERSION:3.0
UID:ana-1
N:Ruiz;Ana;;;
FN:Ana Ruiz
NICKNAME:Anita
EMAIL;TYPE=HOME:ana@example.org
BDAY:1984-03-12
NOTE:met at the ferry\\, laughing
CATEGORIES:choir
ORG:Acme
TITLE:Head of Everything
PHOTO;ENCODING=b:AAAA
X-ODD:kept as it is
END:VCARD
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "cards"
    path.mkdir()
    return path


@pytest.fixture
def ana(folder: Path) -> Path:
    """Return a card on the phone."""
    path = folder / "ana-1.vcf"
    path.write_text(ANA, newline="\r\n")
    return path


@pytest.fixture
def both(kin: Kin, folder: Path, ana: Path) -> Kin:
    """Return kin with Ana on both sides."""
    assert kin("sync", str(folder)).code == 0
    return kin


def change(path: Path, old: str, new: str) -> None:
    """Change a card as a phone would: the rest of the bytes as they are."""
    data = path.read_bytes()
    assert old.encode() in data
    path.write_bytes(data.replace(old.encode(), new.encode()))


def person(kin: Kin, who: str) -> dict:  # type: ignore[type-arg]
    return kin("recall", who, "--json").json["person"]  # type: ignore[no-any-return]


def cards(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}


# First meeting


def test_a_card_comes_in_and_stays_as_it_is(kin: Kin, folder: Path, ana: Path) -> None:
    before = cards(folder)
    told = kin("sync", str(folder), "--json").json
    assert told["new"] == [
        {"handle": "ana-r", "name": "Ana Ruiz", "file": "ana-1.vcf", "to": "book"}
    ]
    assert cards(folder) == before
    held = person(kin, "ana")
    assert (held["birthday"], held["nicknames"], held["groups"]) == (
        "1984-03-12",
        ["Anita"],
        ["choir"],
    )
    assert kin("find", "ferry", "--json").json[0]["people"] == ["ana-r"]


def test_everybody_goes_out_but_the_owner_and_no_conversation(met: Kin, folder: Path) -> None:
    told = met("sync", str(folder), "--json").json
    assert {each["handle"] for each in told["new"]} == {
        "maya-o",
        "tom-b",
        "tom-k",
        "zoe-o",
        "grace-h",
    }
    assert {each["to"] for each in told["new"]} == {"folder"}
    text = "".join(path.read_text() for path in folder.iterdir())
    assert "Robin" not in text and "kiln survive" not in text and "Blue Door" not in text
    assert "open kiln" not in text and "pineapple" not in text
    for path in folder.iterdir():
        assert path.suffix == ".vcf" and stat.S_IMODE(path.stat().st_mode) == 0o600
        assert f"UID:urn:uuid:{path.stem}" in path.read_text()


def test_who_is_known_by_an_address_is_linked_and_both_learn(
    kin: Kin, folder: Path, ana: Path
) -> None:
    kin(
        "add",
        "Ana",
        "--email",
        "ANA@example.org",
        "--lives",
        "Cadiz",
        "--into",
        "chess",
        "--nick",
        "Anita",
    )
    told = kin("sync", str(folder), "--json").json
    assert (told["merged"], told["new"]) == (1, [])
    assert {each["field"]: (each["kept"], each["lost"]) for each in told["conflicts"]} == {
        "name": ("Ana Ruiz", "Ana")
    }
    assert "ADR;TYPE=HOME:;;;Cadiz;;;" in ana.read_text() and "chess" in ana.read_text()
    assert person(kin, "ana")["birthday"] == "1984-03-12"
    assert kin("sync", str(folder), "--json").json["same"] == 1


def test_the_same_name_alone_is_told_and_waits(kin: Kin, folder: Path, ana: Path) -> None:
    kin("add", "Ana Ruiz", "--into", "chess")
    told = kin("sync", str(folder), "--json").json
    assert [(each["handle"], each["like"]) for each in told["doubles"]] == [("ana-ruiz", "ana-r")]
    assert [path.name for path in folder.iterdir()] == ["ana-1.vcf"]
    again = kin("sync", str(folder), "--json").json
    assert [path.name for path in folder.iterdir()] == ["ana-1.vcf"] and len(again["doubles"]) == 1
    assert kin("merge", "ana-r", "ana-ruiz").code == 0
    told = kin("sync", str(folder), "--json").json
    assert (told["pushed"], told["doubles"]) == (1, [])
    assert "chess" in ana.read_text()


def test_an_import_and_a_sync_of_the_same_card_are_one_person(
    kin: Kin, folder: Path, ana: Path
) -> None:
    kin("import", str(ana))
    told = kin("sync", str(folder), "--json").json
    assert (told["new"], told["conflicts"], told["same"]) == ([], [], 1)
    assert len(kin("people", "--json").json) == 1


# Changes


def test_a_change_here_goes_there_and_touches_no_other_line(
    both: Kin, folder: Path, ana: Path
) -> None:
    ana.chmod(0o640)
    both(
        "edit",
        "ana",
        "--birthday",
        "13 march 1984",
        "--phone",
        "+34 600 100 200",
        "--not-nick",
        "Anita",
    )
    told = both("sync", str(folder), "--json").json
    assert (told["pushed"], told["pulled"], told["merged"]) == (1, 0, 0)
    wanted = ANA.replace("1984-03-12", "1984-03-13").replace("NICKNAME:Anita\n", "")
    wanted = wanted.replace("END:", "TEL:+34 600 100 200\nEND:").replace("\n", "\r\n")
    assert ana.read_bytes() == wanted.encode()
    assert stat.S_IMODE(ana.stat().st_mode) == 0o640


def test_a_change_there_comes_here(both: Kin, folder: Path, ana: Path) -> None:
    change(ana, "NOTE:met at the ferry\\, laughing", "NOTE:at the pier")
    change(ana, "CATEGORIES:choir", "CATEGORIES:climbers")
    change(ana, "NICKNAME:Anita\r\n", "TEL:+34 1\r\n")
    before = cards(folder)
    told = both("sync", str(folder), "--json").json
    assert (told["pulled"], told["pushed"], told["conflicts"]) == (1, 0, [])
    assert cards(folder) == before
    held = person(both, "ana")
    assert (held["groups"], held["nicknames"]) == (["climbers"], [])
    assert {each["value"] for each in held["contacts"]} == {"ana@example.org", "+34 1"}
    assert both("find", "pier", "--json").json and not both("find", "ferry", "--json").json


def test_different_fields_are_merged(both: Kin, folder: Path, ana: Path) -> None:
    both("edit", "ana", "--into", "chess", "--email", "a@new.example", "--not-group", "choir")
    change(ana, "BDAY:1984-03-12", "BDAY:1985-03-12")
    change(ana, "CATEGORIES:choir", "CATEGORIES:choir,climbers")
    told = both("sync", str(folder), "--json").json
    assert (told["merged"], told["conflicts"]) == (1, [])
    held = person(both, "ana")
    assert (held["birthday"], held["groups"]) == ("1985-03-12", ["climbers"])
    assert "a@new.example" in ana.read_text() and "CATEGORIES:climbers,chess" in ana.read_text()
    assert both("sync", str(folder), "--json").json["same"] == 1


def test_the_same_field_is_the_phones_and_undo_has_the_books(
    both: Kin, folder: Path, ana: Path
) -> None:
    both("edit", "ana", "--birthday", "1 may 1980")
    change(ana, "BDAY:1984-03-12", "BDAY:1985-03-12")
    told = both("sync", str(folder))
    assert "birthday is now “1985-03-12”, as on the phone; the book had “1980-05-01”" in told.out
    assert person(both, "ana")["birthday"] == "1985-03-12"
    both("undo")
    assert person(both, "ana")["birthday"] == "1980-05-01"


def test_the_same_change_on_both_sides_is_none(both: Kin, folder: Path, ana: Path) -> None:
    both("edit", "ana", "--birthday", "1 may 1980", "--phone", "123456")
    change(ana, "BDAY:1984-03-12", "BDAY:1980-05-01\r\nTEL;TYPE=CELL:123456")
    before = cards(folder)
    told = both("sync", str(folder), "--json").json
    assert told["conflicts"] == [] and cards(folder) == before
    assert [
        each["label"] for each in person(both, "ana")["contacts"] if each["kind"] == "phone"
    ] == ["mobile"]


def test_a_repeated_sync_moves_nothing(met: Kin, folder: Path, ana: Path, book: Path) -> None:
    met("sync", str(folder))
    before, held = cards(folder), dump(book)
    told = met("sync", str(folder))
    assert told.out == f"{folder}: 6 as before.\n" and "undo" not in told.err
    assert cards(folder) == before and dump(book) == held


def test_a_card_keeps_its_version_and_ends_of_lines(kin: Kin, folder: Path) -> None:
    path = folder / "ben.vcf"
    path.write_bytes(b"BEGIN:VCARD\nVERSION:4.0\nUID:ben-1\nFN:Ben Noon\nX-ODD:1\nEND:VCARD\n")
    kin("sync", str(folder))
    kin("edit", "ben", "--birthday", "1 may 1980", "--into", "chess")
    kin("sync", str(folder))
    assert path.read_bytes() == (
        b"BEGIN:VCARD\nVERSION:4.0\nUID:ben-1\nFN:Ben Noon\nX-ODD:1\nBDAY:19800501\nINTEREST:chess\nEND:VCARD\n"
    )


def test_a_card_without_a_name_is_given_one_when_it_is_written(kin: Kin, folder: Path) -> None:
    path = folder / "x.vcf"
    path.write_text("BEGIN:VCARD\nVERSION:3.0\nUID:x\nEMAIL:x@y.example\nno line\nEND:VCARD\n")
    told = kin("sync", str(folder), "--json").json
    assert [each["where"] for each in told["remarks"]] == ["x.vcf:5"]
    (who,) = kin("people", "--json").json
    assert who["name"] == "x@y.example" and "FN" not in path.read_text()
    kin("edit", who["handle"], "--nick", "Xy")
    kin("sync", str(folder))
    assert "FN:x@y.example" in path.read_text() and "NICKNAME:Xy" in path.read_text()
    change(path, "NICKNAME:Xy", "NICKNAME:Xy,Xyz")
    assert kin("sync", str(folder), "--json").json["conflicts"] == []
    assert kin("people", "--json").json[0]["nicknames"] == ["Xy", "Xyz"]


def test_who_was_imported_goes_out_with_the_lines_they_came_with(
    kin: Kin, folder: Path, tmp_path: Path
) -> None:
    source = tmp_path / "people.vcf"
    source.write_text(ANA.replace("UID:ana-1\n", "").replace("FN:Ana Ruiz\n", ""), newline="\r\n")
    kin("import", str(source))
    kin("edit", "ana", "--lives", "Cadiz")
    kin("note", "yesterday: coffee with Ana, who sang")
    kin("sync", str(folder))
    (path,) = folder.iterdir()
    text = path.read_text()
    for line in ("ORG:Acme", "PHOTO;ENCODING=b:AAAA", "FN:Ana Ruiz", "UID:urn:uuid:", "Cadiz"):
        assert line in text, line
    assert "sang" not in text
    assert kin("sync", str(folder), "--json").json["same"] == 1


def test_a_dry_run_says_so_and_writes_nothing(
    both: Kin, folder: Path, ana: Path, book: Path
) -> None:
    both("add", "Ben Noon")
    both("edit", "ana", "--lives", "Cadiz")
    before, held = cards(folder), dump(book)
    told = both("sync", str(folder), "--dry-run")
    assert told.out.startswith(f"{folder}: would be 1 new there and 1 changed there.\n")
    assert cards(folder) == before and dump(book) == held


def test_a_note_that_is_edited_here_goes_back_and_other_words_stay_at_home(
    both: Kin, folder: Path, ana: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = tmp_path / "editor"
    monkeypatch.setenv("EDITOR", str(editor))
    editor.write_text(
        "#!/bin/sh\nsed -i 's/met at the ferry, laughing/met at the quay\\n  for my eyes only/' $1\n"
    )
    editor.chmod(0o755)
    assert both("edit", "ana").code == 0
    assert both("sync", str(folder), "--json").json["pushed"] == 1
    text = ana.read_text()
    assert "NOTE:met at the quay\n" in text and "eyes only" not in text
    assert both("sync", str(folder), "--json").json["same"] == 1


# Gone


def test_a_card_that_is_gone_unlinks_and_does_not_go_out_again(
    both: Kin, folder: Path, ana: Path
) -> None:
    ana.unlink()
    told = both("sync", str(folder), "--json").json
    assert told["unlinked"] == [{"handle": "ana-r", "name": "Ana Ruiz"}]
    assert person(both, "ana")["name"] == "Ana Ruiz"
    told = both("sync", str(folder), "--json").json
    assert (told["unlinked"], told["new"], list(folder.iterdir())) == ([], [], [])


CARD = "BEGIN:VCARD\nVERSION:3.0\nUID:{0}\nFN:{1}\nNICKNAME:{2}\nEND:VCARD\n"


def rests(kin: Kin, folder: Path, book: Path) -> None:
    """Sync once more, which moves nothing."""
    before, held = cards(folder), dump(book)
    told = kin("sync", str(folder), "--json").json
    assert (told["new"], told["unlinked"], told["skipped"]) == ([], [], [])
    assert (told["pulled"], told["pushed"], told["merged"]) == (0, 0, 0)
    assert cards(folder) == before and dump(book) == held


def test_a_card_whose_name_is_taken_by_anothers_does_not_go_out_again(
    both: Kin, folder: Path, ana: Path, book: Path
) -> None:
    ana.write_text(CARD.format("quinn-1", "Quinn Ode", "Q"))
    told = both("sync", str(folder), "--json").json
    assert [each["handle"] for each in told["unlinked"]] == ["ana-r"]
    assert [each["name"] for each in told["new"]] == ["Quinn Ode"]
    rests(both, folder, book)
    both("edit", "ana", "--lives", "Cadiz")
    (folder / "back.vcf").write_text(ANA.replace("NICKNAME:Anita", "NICKNAME:Nita"))
    told = both("sync", str(folder), "--json").json
    assert (told["new"], told["merged"]) == ([], 1)
    assert person(both, "ana")["nicknames"] == ["Nita"]  # what both were is known still
    rests(both, folder, book)


def test_two_cards_that_change_names_stay_who_they_were(kin: Kin, folder: Path, book: Path) -> None:
    one, two = folder / "a.vcf", folder / "b.vcf"
    one.write_text(CARD.format("u-1", "Uma Holt", "Umi"))
    two.write_text(CARD.format("v-1", "Vic Rand", "Vico"))
    kin("sync", str(folder))
    one.rename(folder / "c"), two.rename(one), (folder / "c").rename(two)
    kin("sync", str(folder))
    rests(kin, folder, book)
    change(one, "NICKNAME:Vico", "NICKNAME:V")
    change(two, "NICKNAME:Umi", "NICKNAME:U")
    kin("sync", str(folder))
    assert person(kin, "vic")["nicknames"] == ["V"] and person(kin, "uma")["nicknames"] == ["U"]
    rests(kin, folder, book)


def test_a_card_that_comes_back_is_the_same_person(both: Kin, folder: Path, ana: Path) -> None:
    ana.unlink()
    both("sync", str(folder))
    both("edit", "ana", "--lives", "Cadiz", "--not-nick", "Anita")
    ana.write_text(ANA, newline="\r\n")
    told = both("sync", str(folder), "--json").json
    assert (told["new"], told["pushed"]) == ([], 1)
    assert "Cadiz" in ana.read_text() and "NICKNAME" not in ana.read_text()


def test_all_cards_gone_is_asked_about(met: Kin, folder: Path) -> None:
    met("sync", str(folder))
    for path in folder.iterdir():
        path.unlink()
    refused = met("sync", str(folder))
    assert refused.code == 1 and "All 5 cards are gone" in refused.err
    assert len(met("sync", str(folder), "--yes", "--json").json["unlinked"]) == 5


def test_a_renamed_file_is_the_same_card(both: Kin, folder: Path, ana: Path) -> None:
    both("edit", "ana", "--lives", "Cadiz")
    ana.rename(folder / "other.vcf")
    told = both("sync", str(folder), "--json").json
    assert (told["pushed"], told["new"], told["unlinked"]) == (1, [], [])
    assert [path.name for path in folder.iterdir()] == ["other.vcf"]
    before = cards(folder)
    assert both("sync", str(folder), "--json").json["same"] == 1
    assert cards(folder) == before


def test_a_renamed_card_without_a_uid_is_known_by_its_bytes(
    kin: Kin, folder: Path, ana: Path
) -> None:
    ana.write_text(ANA.replace("UID:ana-1\n", ""), newline="\r\n")
    kin("sync", str(folder))
    ana.rename(folder / "other.vcf")
    told = kin("sync", str(folder), "--json").json
    assert (told["new"], told["unlinked"], told["same"]) == ([], [], 1)


# Forgotten


def held_bytes(book: Path) -> bytes:
    return b"".join(path.read_bytes() for path in book.parent.glob("book.db*")).lower()


def test_of_who_was_forgotten_no_byte_is_left_and_the_card_does_not_bring_them_back(
    both: Kin, folder: Path, ana: Path, book: Path
) -> None:
    both("add", "Ben Noon")
    assert b"ana-1" in held_bytes(book) and b"ferry" in held_bytes(book)
    assert both("forget", "ana", "--yes").code == 0
    for word in (b"ana-1", b"ana ruiz", b"anita", b"ferry", b"acme", b"ana@example.org", b"x-odd"):
        assert word not in held_bytes(book), word
    told = both("sync", str(folder), "--json").json
    assert (told["let_go"], [each["name"] for each in told["new"]]) == (
        ["ana-1.vcf"],
        ["Ben Noon"],
    )
    assert ana.exists()
    change(ana, "BDAY:1984", "BDAY:1985")
    ana.rename(folder / "renamed.vcf")
    told = both("sync", str(folder), "--json").json
    assert (told["let_go"], told["new"]) == (["renamed.vcf"], [])
    assert b"ruiz" not in held_bytes(book)


def test_the_card_of_who_was_forgotten_goes_only_on_request(
    both: Kin, folder: Path, ana: Path
) -> None:
    both("forget", "ana", "--yes")
    assert "someone you forgot" in both("sync", str(folder)).out and ana.exists()
    refused = both("sync", str(folder), "--delete-remote")
    assert refused.code == 2 and ana.exists()
    told = both("sync", str(folder), "--delete-remote", "--dry-run", "--json").json
    assert told["removed"] == ["ana-1.vcf"] and ana.exists()
    told = both("sync", str(folder), "--delete-remote", "--yes", "--json").json
    assert (told["removed"], told["let_go"], ana.exists()) == (["ana-1.vcf"], [], False)


def test_who_was_forgotten_is_not_named_on_others_cards_in_the_book(
    kin: Kin, folder: Path, ana: Path, book: Path
) -> None:
    change(ana, "X-ODD:kept as it is", "X-FRIEND:Quentin Quillfeather")
    change(ana, "laughing", "with Quentin Quillfeather")
    kin("add", "Quentin Quillfeather", "--email", "q@quill.example")
    kin("sync", str(folder))
    before = ana.read_bytes()
    kin("forget", "quentin", "--yes")
    assert b"quillfeather" not in held_bytes(book)
    kin("sync", str(folder))
    assert ana.read_bytes() == before and b"quillfeather" not in held_bytes(book)


# Doubt


def test_a_note_that_a_server_cut_short_is_told_and_not_taken(
    both: Kin, folder: Path, ana: Path
) -> None:
    change(ana, "NOTE:met at the ferry\\, laughing", "NOTE:met at the")
    told = both("sync", str(folder), "--json").json
    assert "cut short" in told["remarks"][0]["why"]
    assert both("find", "laughing", "--json").json
    before = cards(folder)
    assert both("sync", str(folder), "--json").json["same"] == 1
    assert cards(folder) == before


def test_interests_that_a_server_drops_are_kept(kin: Kin, folder: Path) -> None:
    kin("add", "Maya Okafor", "--into", "pottery", "--into", "fado", "--group", "choir")
    kin("sync", str(folder))
    (path,) = folder.iterdir()
    lines = (
        path.read_text()
        .replace("X-KIN-INTEREST:pottery\n", "")
        .replace("X-KIN-INTEREST:fado\n", "")
    )
    path.write_text(lines, newline="\r\n")
    told = kin("sync", str(folder), "--json").json
    assert told["remarks"] == [] and person(kin, "maya")["groups"] == ["choir"]
    path.write_text(lines.replace("CATEGORIES:choir,pottery,fado\n", ""), newline="\r\n")
    told = kin("sync", str(folder), "--json").json
    assert "interests were dropped" in told["remarks"][0]["why"]
    assert {each["label"] for each in person(kin, "maya")["interests"]} == {"pottery", "fado"}
    before = cards(folder)
    assert kin("sync", str(folder), "--json").json["same"] == 1 and cards(folder) == before


@pytest.mark.parametrize(
    ("text", "where", "why"),
    [
        ("nothing of the kind\n", "ana-1.vcf:1", "no card begins"),
        (ANA.replace("END:VCARD\n", ""), "ana-1.vcf:1", "has no END"),
        (ANA + ANA, "ana-1.vcf:16", "2 cards in one file"),
        ("", "ana-1.vcf:1", "no card begins"),
    ],
    ids=["no card", "broken off", "two cards", "empty"],
)
def test_a_card_that_cannot_be_read_is_told_and_left(
    both: Kin, folder: Path, ana: Path, text: str, where: str, why: str
) -> None:
    ana.write_text(text)
    both("edit", "ana", "--lives", "Cadiz")
    told = both("sync", str(folder), "--json").json
    assert [(each["where"], why in each["why"]) for each in told["skipped"]] == [(where, True)]
    assert (told["unlinked"], told["new"], ana.read_text()) == ([], [], text)
    ana.write_text(ANA, newline="\r\n")
    assert both("sync", str(folder), "--json").json["pushed"] == 1


def test_two_files_of_one_uid_are_told_and_the_second_is_left(
    both: Kin, folder: Path, ana: Path
) -> None:
    copy = folder / "ana-1.sync-conflict.vcf"
    copy.write_text(ANA.replace("1984", "1999"), newline="\r\n")
    both("edit", "ana", "--lives", "Cadiz")
    told = both("sync", str(folder), "--json").json
    assert [each["where"] for each in told["skipped"]] == [copy.name]
    assert "Cadiz" in ana.read_text() and "Cadiz" not in copy.read_text()
    assert len(both("people", "--json").json) == 1


def test_of_two_new_files_of_one_uid_none_is_taken_and_nobody_goes_out_for_them(
    kin: Kin, folder: Path, ana: Path
) -> None:
    kin("import", str(ana))
    (folder / "copy.vcf").write_text(ANA.replace("1984", "1999"), newline="\r\n")
    told = kin("sync", str(folder), "--json").json
    assert [each["where"] for each in told["skipped"]] == ["ana-1.vcf", "copy.vcf"]
    assert (told["new"], len(list(folder.iterdir()))) == ([], 2)


def test_a_second_card_of_one_person_is_told_and_left(both: Kin, folder: Path, ana: Path) -> None:
    other = folder / "b.vcf"
    other.write_text(ANA.replace("ana-1", "ana-2").replace("1984", "1999"), newline="\r\n")
    told = both("sync", str(folder), "--json").json
    assert "second card of Ana Ruiz" in told["skipped"][0]["why"]
    assert person(both, "ana")["birthday"] == "1984-03-12"


def test_two_cards_of_people_who_became_one_both_learn_and_then_rest(
    both: Kin, folder: Path, ana: Path
) -> None:
    other = folder / "b.vcf"
    other.write_text(
        "BEGIN:VCARD\nVERSION:4.0\nUID:b\nFN:Nita R\nEMAIL:n@example.org\nCATEGORIES:choir,bees\nEND:VCARD\n"
    )
    both("sync", str(folder))
    assert both("merge", "ana-r", "nita-r").code == 0
    assert both("sync", str(folder), "--json").json["pushed"] == 2
    for path in (ana, other):
        text = path.read_text()
        assert "FN:Ana Ruiz" in text and "n@example.org" in text and "ana@example.org" in text
    before = cards(folder)
    assert both("sync", str(folder), "--json").json["same"] == 2 and cards(folder) == before
    change(other, "bees", "bees,wasps")
    both("sync", str(folder))
    both("sync", str(folder))
    assert "wasps" in ana.read_text() and person(both, "ana")["groups"] == [
        "bees",
        "choir",
        "wasps",
    ]


def test_a_file_whose_name_is_no_text_is_told(both: Kin, folder: Path) -> None:
    with open(os.fsencode(folder) + b"/\xff.vcf", "wb") as file:
        file.write(ANA.encode())
    told = both("sync", str(folder), "--json")
    assert told.code == 0 and told.json["skipped"][0]["why"] == "its name is no UTF-8 text"


def test_a_link_is_not_followed(both: Kin, folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.vcf"
    secret.write_text(ANA.replace("Ana", "Eve").replace("ana-1", "eve"))
    (folder / "eve.vcf").symlink_to(secret)
    told = both("sync", str(folder), "--json").json
    assert told["skipped"] == [{"where": "eve.vcf", "why": "a link, which kin does not follow"}]
    assert both("recall", "eve").code == 3


def test_a_link_in_the_place_of_a_card_is_not_written_through(
    both: Kin, folder: Path, ana: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere.vcf"
    ana.rename(elsewhere)
    ana.symlink_to(elsewhere)
    before = elsewhere.read_bytes()
    both("edit", "ana", "--lives", "Cadiz")
    both("sync", str(folder))
    assert elsewhere.read_bytes() == before and ana.is_symlink()


def test_a_card_that_changes_meanwhile_is_left_to_the_next_sync(
    both: Kin, folder: Path, ana: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both("edit", "ana", "--lives", "Cadiz", "--birthday", "1 may 1980")
    put = vdir.put

    def late(folder: Path, name: str, data: bytes, expected: str | None) -> bool:
        change(ana, "X-ODD:kept as it is", "TEL:123456")
        return put(folder, name, data, expected)

    monkeypatch.setattr(vdir, "put", late)
    told = both("sync", str(folder), "--json").json
    assert "changed while kin was at work" in told["skipped"][0]["why"]
    assert "Cadiz" not in ana.read_text() and "TEL:123456" in ana.read_text()
    monkeypatch.undo()


def test_no_trace_of_a_write_is_left_beside_the_cards(both: Kin, folder: Path) -> None:
    both("edit", "ana", "--lives", "Cadiz")
    both("sync", str(folder))
    assert os.listdir(folder) == ["ana-1.vcf"]


def test_cards_in_folders_below_are_pointed_to(
    met: Kin, tmp_path: Path, folder: Path, ana: Path
) -> None:
    told = met("sync", str(tmp_path), "--json")
    assert (told.code, told.error["candidates"]) == (2, [str(folder)])
    assert met("sync", str(tmp_path / "none")).code == 1
    assert met("sync").code == 2


# Undo, and ends in the middle


def test_undo_brings_the_book_back_and_the_next_sync_loses_nothing(
    both: Kin, folder: Path, ana: Path, book: Path
) -> None:
    both("edit", "ana", "--lives", "Cadiz")
    both("add", "Ben Noon", "--phone", "123456")
    change(ana, "NICKNAME:Anita", "NICKNAME:Anita,Nita")
    before = dump(book)
    both("sync", str(folder))
    assert both("history", "--json", "-n", "1").json[0]["actor"] == "sync"
    after = cards(folder)
    both("undo")
    assert dump(book) == before
    told = both("sync", str(folder), "--json").json
    assert (told["new"], told["conflicts"]) == ([], [])
    assert {name: data for name, (data, _) in cards(folder).items()} == {
        name: data for name, (data, _) in after.items()
    }
    held = person(both, "ana")
    assert (held["lives"], held["nicknames"]) == ("Cadiz", ["Anita", "Nita"])
    assert len(both("people", "--json").json) == 2


def test_a_sync_that_is_killed_between_cards_and_book_is_made_whole_by_the_next(
    both: Kin, folder: Path, ana: Path, book: Path
) -> None:
    both("edit", "ana", "--lives", "Cadiz", "--not-nick", "Anita")
    both("add", "Ben Noon", "--phone", "123456")
    change(ana, "CATEGORIES:choir", "CATEGORIES:choir,climbers")
    before = dump(book)
    killed = (
        "import os, sys\n"
        "from kin.transfer.sync import apply as sync\n"
        "from kin.cli import main\n"
        "sync.settle = lambda folder: os.kill(os.getpid(), 9)\n"  # cards are written, the book is not
        "main(['sync', sys.argv[1]])\n"
    )
    code = subprocess.run([sys.executable, "-c", killed, str(folder)], check=False).returncode
    assert code == -9
    assert both("people", "--json").code == 0  # mends the book
    assert dump(book) == before and "Cadiz" in ana.read_text() and len(os.listdir(folder)) == 2
    told = both("sync", str(folder), "--json").json
    assert (told["new"], told["conflicts"], told["skipped"]) == ([], [], [])
    held = person(both, "ana")
    assert (held["lives"], held["nicknames"], held["groups"]) == (
        "Cadiz",
        [],
        ["choir", "climbers"],
    )
    assert len(both("people", "--json").json) == 2 and len(os.listdir(folder)) == 2
    assert both("sync", str(folder), "--json").json["same"] == 2


def test_the_base_is_no_second_copy_of_a_photo(both: Kin, book: Path) -> None:
    with closing(sqlite3.connect(book)) as db:
        (base,) = db.execute("SELECT base FROM synced").fetchone()
    assert b"PHOTO" not in base and b"ORG" not in base and b"Ana Ruiz" in base


# The settings


def test_the_folder_and_programs_of_the_settings_are_used(
    kin: Kin, folder: Path, tmp_path: Path, ana: Path
) -> None:
    (tmp_path / "config.toml").write_text(
        f'[sync]\nfolder = "{folder}"\nbefore = "printf \'fetched \\u001b[31m\'"\nafter = "false"\n'
    )
    told = kin("sync", "--json")
    assert told.code == 1 and told.json["new"][0]["handle"] == "ana-r"
    assert "fetched \\x1b[31m" in told.err and "false ended with code 1" in told.err
    other = tmp_path / "other"
    other.mkdir()
    assert kin("sync", str(other)).code == 0  # programs are for the folder they belong to


def test_a_program_that_fails_before_stops_the_sync(
    kin: Kin, folder: Path, tmp_path: Path, ana: Path
) -> None:
    for before in ("false", "no-such-program"):
        (tmp_path / "config.toml").write_text(f'[sync]\nfolder = "{folder}"\nbefore = "{before}"\n')
        told = kin("sync")
        assert told.code == 1 and before in told.err
    assert kin("people", "--json").json == []
    (tmp_path / "config.toml").write_text('[sync]\nfolders = "x"\n')
    assert kin("sync").code == 2
