"""Sync of a folder of cards: a three-way merge by field that loses no one, doubles no one, and changes nothing else."""

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
    result = kin("sync", str(folder), "--json").json
    assert result["new"] == [
        {"handle": "ana-r", "name": "Ana Ruiz", "file": "ana-1.vcf", "to": "book"}
    ]
    assert cards(folder) == before
    held = person(kin, "ana")
    assert (held["birthday"], held["nicknames"], held["groups"]) == (
        "1984-03-12",
        ["Anita"],
        ["choir"],
    )
    assert [each["handle"] for each in kin("find", "ferry", "--json").json[0]["people"]] == [
        "ana-r"
    ]


def test_everyone_but_the_owner_is_written_without_notes(met: Kin, folder: Path) -> None:
    result = met("sync", str(folder), "--json").json
    assert {each["handle"] for each in result["new"]} == {
        "maya-o",
        "tom-b",
        "tom-k",
        "zoe-o",
        "grace-h",
    }
    assert {each["to"] for each in result["new"]} == {"folder"}
    text = "".join(path.read_text() for path in folder.iterdir())
    assert "Robin" not in text and "kiln survive" not in text and "Blue Door" not in text
    assert "open kiln" not in text and "pineapple" not in text
    for path in folder.iterdir():
        assert path.suffix == ".vcf" and stat.S_IMODE(path.stat().st_mode) == 0o600
        assert f"UID:urn:uuid:{path.stem}" in path.read_text()


def test_a_person_with_the_same_address_is_linked_and_merged(
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
    result = kin("sync", str(folder), "--json").json
    assert (result["merged"], result["new"]) == (1, [])
    assert {each["field"]: (each["value"], each["lost"]) for each in result["kept"]} == {
        "name": ("Ana Ruiz", "Ana")
    }
    assert "ADR;TYPE=HOME:;;;Cadiz;;;" in ana.read_text() and "chess" in ana.read_text()
    assert person(kin, "ana")["birthday"] == "1984-03-12"
    assert kin("sync", str(folder), "--json").json["same"] == 1


def test_the_same_name_alone_is_reported_and_not_written(kin: Kin, folder: Path, ana: Path) -> None:
    kin("add", "Ana Ruiz", "--into", "chess")
    result = kin("sync", str(folder), "--json").json
    assert [(each["person"]["handle"], each["like"]["handle"]) for each in result["doubles"]] == [
        ("ana-ruiz", "ana-r")
    ]
    assert [path.name for path in folder.iterdir()] == ["ana-1.vcf"]
    again = kin("sync", str(folder), "--json").json
    assert [path.name for path in folder.iterdir()] == ["ana-1.vcf"] and len(again["doubles"]) == 1
    assert kin("merge", "ana-r", "ana-ruiz").code == 0
    result = kin("sync", str(folder), "--json").json
    assert (result["pushed"], result["doubles"]) == (1, [])
    assert "chess" in ana.read_text()


def test_an_import_and_a_sync_of_the_same_card_are_one_person(
    kin: Kin, folder: Path, ana: Path
) -> None:
    kin("import", str(ana))
    result = kin("sync", str(folder), "--json").json
    assert (result["new"], result["kept"], result["same"]) == ([], [], 1)
    assert len(kin("people", "--json").json) == 1


# Changes


def test_a_change_in_the_book_is_written_and_touches_no_other_line(
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
    result = both("sync", str(folder), "--json").json
    assert (result["pushed"], result["pulled"], result["merged"]) == (1, 0, 0)
    wanted = ANA.replace("1984-03-12", "1984-03-13").replace("NICKNAME:Anita\n", "")
    wanted = wanted.replace("END:", "TEL:+34 600 100 200\nEND:").replace("\n", "\r\n")
    assert ana.read_bytes() == wanted.encode()
    assert stat.S_IMODE(ana.stat().st_mode) == 0o640


def test_a_change_on_the_card_is_read(both: Kin, folder: Path, ana: Path) -> None:
    change(ana, "NOTE:met at the ferry\\, laughing", "NOTE:at the pier")
    change(ana, "CATEGORIES:choir", "CATEGORIES:climbers")
    change(ana, "NICKNAME:Anita\r\n", "TEL:+34 1\r\n")
    before = cards(folder)
    result = both("sync", str(folder), "--json").json
    assert (result["pulled"], result["pushed"], result["kept"]) == (1, 0, [])
    assert cards(folder) == before
    held = person(both, "ana")
    assert (held["groups"], held["nicknames"]) == (["climbers"], [])
    assert {each["value"] for each in held["contacts"]} == {"ana@example.org", "+34 1"}
    assert both("find", "pier", "--json").json and not both("find", "ferry", "--json").json


def test_different_fields_are_merged(both: Kin, folder: Path, ana: Path) -> None:
    both("edit", "ana", "--into", "chess", "--email", "a@new.example", "--not-group", "choir")
    change(ana, "BDAY:1984-03-12", "BDAY:1985-03-12")
    change(ana, "CATEGORIES:choir", "CATEGORIES:choir,climbers")
    result = both("sync", str(folder), "--json").json
    assert (result["merged"], result["kept"]) == (1, [])
    held = person(both, "ana")
    assert (held["birthday"], held["groups"]) == ("1985-03-12", ["climbers"])
    assert "a@new.example" in ana.read_text() and "CATEGORIES:climbers,chess" in ana.read_text()
    assert both("sync", str(folder), "--json").json["same"] == 1


def test_the_phone_wins_a_field_and_undo_brings_the_books_back(
    both: Kin, folder: Path, ana: Path
) -> None:
    both("edit", "ana", "--birthday", "1 may 1980")
    change(ana, "BDAY:1984-03-12", "BDAY:1985-03-12")
    result = both("sync", str(folder))
    assert "birthday is now “1985-03-12”, from the folder; the book had “1980-05-01”" in result.out
    assert person(both, "ana")["birthday"] == "1985-03-12"
    both("undo")
    assert person(both, "ana")["birthday"] == "1980-05-01"


def test_the_same_change_on_both_sides_changes_nothing(both: Kin, folder: Path, ana: Path) -> None:
    both("edit", "ana", "--birthday", "1 may 1980", "--phone", "123456")
    change(ana, "BDAY:1984-03-12", "BDAY:1980-05-01\r\nTEL;TYPE=CELL:123456")
    before = cards(folder)
    result = both("sync", str(folder), "--json").json
    assert result["kept"] == [] and cards(folder) == before
    assert [
        each["label"] for each in person(both, "ana")["contacts"] if each["kind"] == "phone"
    ] == ["mobile"]


def test_a_repeated_sync_moves_nothing(met: Kin, folder: Path, ana: Path, book: Path) -> None:
    met("sync", str(folder))
    before, held = cards(folder), dump(book)
    result = met("sync", str(folder))
    assert result.out == f"{folder}: 6 unchanged.\n" and "undo" not in result.err
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
    result = kin("sync", str(folder), "--json").json
    assert [each["where"] for each in result["warnings"]] == ["x.vcf:5"]
    (who,) = kin("people", "--json").json
    assert who["name"] == "x@y.example" and "FN" not in path.read_text()
    kin("edit", who["handle"], "--nick", "Xy")
    kin("sync", str(folder))
    assert "FN:x@y.example" in path.read_text() and "NICKNAME:Xy" in path.read_text()
    change(path, "NICKNAME:Xy", "NICKNAME:Xy,Xyz")
    assert kin("sync", str(folder), "--json").json["kept"] == []
    assert kin("people", "--json").json[0]["nicknames"] == ["Xy", "Xyz"]


def test_an_imported_card_is_written_with_its_own_lines(
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
    result = both("sync", str(folder), "--dry-run")
    assert result.out.startswith(
        f"{folder}: 1 new in the folder and 1 updated in the folder. Dry run: nothing was written.\n"
    )
    assert cards(folder) == before and dump(book) == held


def test_an_edited_card_note_is_written_and_other_facts_are_not(
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


def test_a_deleted_card_unlinks_its_person_and_is_not_written_again(
    both: Kin, folder: Path, ana: Path
) -> None:
    ana.unlink()
    result = both("sync", str(folder), "--json").json
    assert result["unlinked"] == [{"handle": "ana-r", "name": "Ana Ruiz"}]
    assert person(both, "ana")["name"] == "Ana Ruiz"
    result = both("sync", str(folder), "--json").json
    assert (result["unlinked"], result["new"], list(folder.iterdir())) == ([], [], [])


CARD = "BEGIN:VCARD\nVERSION:3.0\nUID:{0}\nFN:{1}\nNICKNAME:{2}\nEND:VCARD\n"


def assert_nothing_changes(kin: Kin, folder: Path, book: Path) -> None:
    """Sync once more, which changes nothing."""
    before, held = cards(folder), dump(book)
    result = kin("sync", str(folder), "--json").json
    assert (result["new"], result["unlinked"], result["skipped"]) == ([], [], [])
    assert (result["pulled"], result["pushed"], result["merged"]) == (0, 0, 0)
    assert cards(folder) == before and dump(book) == held


def test_a_card_whose_file_name_is_taken_is_not_written_again(
    both: Kin, folder: Path, ana: Path, book: Path
) -> None:
    ana.write_text(CARD.format("quinn-1", "Quinn Ode", "Q"))
    result = both("sync", str(folder), "--json").json
    assert [each["handle"] for each in result["unlinked"]] == ["ana-r"]
    assert [each["name"] for each in result["new"]] == ["Quinn Ode"]
    assert_nothing_changes(both, folder, book)
    both("edit", "ana", "--lives", "Cadiz")
    (folder / "back.vcf").write_text(ANA.replace("NICKNAME:Anita", "NICKNAME:Nita"))
    result = both("sync", str(folder), "--json").json
    assert (result["new"], result["merged"]) == ([], 1)
    assert person(both, "ana")["nicknames"] == ["Nita"]  # what both were is known still
    assert_nothing_changes(both, folder, book)


def test_two_files_that_exchange_names_stay_with_their_people(
    kin: Kin, folder: Path, book: Path
) -> None:
    one, two = folder / "a.vcf", folder / "b.vcf"
    one.write_text(CARD.format("u-1", "Uma Holt", "Umi"))
    two.write_text(CARD.format("v-1", "Vic Rand", "Vico"))
    kin("sync", str(folder))
    one.rename(folder / "c"), two.rename(one), (folder / "c").rename(two)
    kin("sync", str(folder))
    assert_nothing_changes(kin, folder, book)
    change(one, "NICKNAME:Vico", "NICKNAME:V")
    change(two, "NICKNAME:Umi", "NICKNAME:U")
    kin("sync", str(folder))
    assert person(kin, "vic")["nicknames"] == ["V"] and person(kin, "uma")["nicknames"] == ["U"]
    assert_nothing_changes(kin, folder, book)


def test_a_card_that_comes_back_is_the_same_person(both: Kin, folder: Path, ana: Path) -> None:
    ana.unlink()
    both("sync", str(folder))
    both("edit", "ana", "--lives", "Cadiz", "--not-nick", "Anita")
    ana.write_text(ANA, newline="\r\n")
    result = both("sync", str(folder), "--json").json
    assert (result["new"], result["pushed"]) == ([], 1)
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
    result = both("sync", str(folder), "--json").json
    assert (result["pushed"], result["new"], result["unlinked"]) == (1, [], [])
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
    result = kin("sync", str(folder), "--json").json
    assert (result["new"], result["unlinked"], result["same"]) == ([], [], 1)


# Forgotten


def read_book_bytes(book: Path) -> bytes:
    return b"".join(path.read_bytes() for path in book.parent.glob("book.db*")).lower()


def test_no_byte_of_a_forgotten_person_is_left_and_the_card_does_not_bring_them_back(
    both: Kin, folder: Path, ana: Path, book: Path
) -> None:
    both("add", "Ben Noon")
    assert b"ana-1" in read_book_bytes(book) and b"ferry" in read_book_bytes(book)
    assert both("forget", "ana", "--yes").code == 0
    for word in (b"ana-1", b"ana ruiz", b"anita", b"ferry", b"acme", b"ana@example.org", b"x-odd"):
        assert word not in read_book_bytes(book), word
    result = both("sync", str(folder), "--json").json
    assert (result["left_alone"], [each["name"] for each in result["new"]]) == (
        ["ana-1.vcf"],
        ["Ben Noon"],
    )
    assert ana.exists()
    change(ana, "BDAY:1984", "BDAY:1985")
    ana.rename(folder / "renamed.vcf")
    result = both("sync", str(folder), "--json").json
    assert (result["left_alone"], result["new"]) == (["renamed.vcf"], [])
    assert b"ruiz" not in read_book_bytes(book)


def test_the_card_of_a_forgotten_person_is_deleted_only_on_request(
    both: Kin, folder: Path, ana: Path
) -> None:
    both("forget", "ana", "--yes")
    assert "someone you forgot" in both("sync", str(folder)).out and ana.exists()
    refused = both("sync", str(folder), "--delete-remote")
    assert refused.code == 2 and ana.exists()
    result = both("sync", str(folder), "--delete-remote", "--dry-run", "--json").json
    assert result["removed"] == ["ana-1.vcf"] and ana.exists()
    result = both("sync", str(folder), "--delete-remote", "--yes", "--json").json
    assert (result["removed"], result["left_alone"], ana.exists()) == (["ana-1.vcf"], [], False)


def test_a_forgotten_person_is_not_named_on_the_cards_of_others_in_the_book(
    kin: Kin, folder: Path, ana: Path, book: Path
) -> None:
    change(ana, "X-ODD:kept as it is", "X-FRIEND:Quentin Quillfeather")
    change(ana, "laughing", "with Quentin Quillfeather")
    kin("add", "Quentin Quillfeather", "--email", "q@quill.example")
    kin("sync", str(folder))
    before = ana.read_bytes()
    kin("forget", "quentin", "--yes")
    assert b"quillfeather" not in read_book_bytes(book)
    kin("sync", str(folder))
    assert ana.read_bytes() == before and b"quillfeather" not in read_book_bytes(book)


# Cards that are left alone, and values that are kept


def test_a_note_that_a_server_cut_short_is_reported_and_not_taken(
    both: Kin, folder: Path, ana: Path
) -> None:
    change(ana, "NOTE:met at the ferry\\, laughing", "NOTE:met at the")
    result = both("sync", str(folder), "--json").json
    assert "cut short" in result["warnings"][0]["why"]
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
    result = kin("sync", str(folder), "--json").json
    assert result["warnings"] == [] and person(kin, "maya")["groups"] == ["choir"]
    path.write_text(lines.replace("CATEGORIES:choir,pottery,fado\n", ""), newline="\r\n")
    result = kin("sync", str(folder), "--json").json
    assert "interests were dropped" in result["warnings"][0]["why"]
    assert {each["label"] for each in person(kin, "maya")["interests"]} == {"pottery", "fado"}
    before = cards(folder)
    assert kin("sync", str(folder), "--json").json["same"] == 1 and cards(folder) == before


@pytest.mark.parametrize(
    ("text", "where", "why"),
    [
        ("nothing of the kind\n", "ana-1.vcf:1", "there is no card"),
        (ANA.replace("END:VCARD\n", ""), "ana-1.vcf:1", "has no END"),
        (ANA + ANA, "ana-1.vcf:16", "2 cards in one file"),
        ("", "ana-1.vcf:1", "there is no card"),
    ],
    ids=["no card", "broken off", "two cards", "empty"],
)
def test_a_card_that_cannot_be_read_is_reported_and_left_alone(
    both: Kin, folder: Path, ana: Path, text: str, where: str, why: str
) -> None:
    ana.write_text(text)
    both("edit", "ana", "--lives", "Cadiz")
    result = both("sync", str(folder), "--json").json
    assert [(each["where"], why in each["why"]) for each in result["skipped"]] == [(where, True)]
    assert (result["unlinked"], result["new"], ana.read_text()) == ([], [], text)
    ana.write_text(ANA, newline="\r\n")
    assert both("sync", str(folder), "--json").json["pushed"] == 1


def test_a_second_file_with_the_same_uid_is_reported_and_left_alone(
    both: Kin, folder: Path, ana: Path
) -> None:
    copy = folder / "ana-1.sync-conflict.vcf"
    copy.write_text(ANA.replace("1984", "1999"), newline="\r\n")
    both("edit", "ana", "--lives", "Cadiz")
    result = both("sync", str(folder), "--json").json
    assert [each["where"] for each in result["skipped"]] == [copy.name]
    assert "Cadiz" in ana.read_text() and "Cadiz" not in copy.read_text()
    assert len(both("people", "--json").json) == 1


def test_of_two_new_files_with_one_uid_neither_is_read_and_no_card_is_written(
    kin: Kin, folder: Path, ana: Path
) -> None:
    kin("import", str(ana))
    (folder / "copy.vcf").write_text(ANA.replace("1984", "1999"), newline="\r\n")
    result = kin("sync", str(folder), "--json").json
    assert [each["where"] for each in result["skipped"]] == ["ana-1.vcf", "copy.vcf"]
    assert (result["new"], len(list(folder.iterdir()))) == ([], 2)


def test_a_second_card_of_one_person_is_reported_and_left_alone(
    both: Kin, folder: Path, ana: Path
) -> None:
    other = folder / "b.vcf"
    other.write_text(ANA.replace("ana-1", "ana-2").replace("1984", "1999"), newline="\r\n")
    result = both("sync", str(folder), "--json").json
    assert "second card of Ana Ruiz" in result["skipped"][0]["why"]
    assert person(both, "ana")["birthday"] == "1984-03-12"


def test_both_cards_of_merged_people_are_updated_once(both: Kin, folder: Path, ana: Path) -> None:
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


def test_a_file_name_that_is_not_utf_8_is_reported(both: Kin, folder: Path) -> None:
    with open(os.fsencode(folder) + b"/\xff.vcf", "wb") as file:
        file.write(ANA.encode())
    result = both("sync", str(folder), "--json")
    assert result.code == 0 and result.json["skipped"][0]["why"] == "its name is not UTF-8"


def test_a_link_is_not_followed(both: Kin, folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.vcf"
    secret.write_text(ANA.replace("Ana", "Eve").replace("ana-1", "eve"))
    (folder / "eve.vcf").symlink_to(secret)
    result = both("sync", str(folder), "--json").json
    assert result["skipped"] == [{"where": "eve.vcf", "why": "a link, which kin does not follow"}]
    assert both("recall", "eve").code == 3


def test_a_link_that_replaced_a_card_is_not_written_through(
    both: Kin, folder: Path, ana: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere.vcf"
    ana.rename(elsewhere)
    ana.symlink_to(elsewhere)
    before = elsewhere.read_bytes()
    both("edit", "ana", "--lives", "Cadiz")
    both("sync", str(folder))
    assert elsewhere.read_bytes() == before and ana.is_symlink()


def test_a_card_that_changes_during_the_sync_is_left_to_the_next_one(
    both: Kin, folder: Path, ana: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both("edit", "ana", "--lives", "Cadiz", "--birthday", "1 may 1980")
    put = vdir.write_card

    def late(folder: Path, name: str, data: bytes, expected: str | None) -> bool:
        change(ana, "X-ODD:kept as it is", "TEL:123456")
        return put(folder, name, data, expected)

    monkeypatch.setattr(vdir, "write_card", late)
    result = both("sync", str(folder), "--json").json
    assert "changed during the sync" in result["skipped"][0]["why"]
    assert "Cadiz" not in ana.read_text() and "TEL:123456" in ana.read_text()
    monkeypatch.undo()


def test_no_temporary_file_is_left_in_the_folder(both: Kin, folder: Path) -> None:
    both("edit", "ana", "--lives", "Cadiz")
    both("sync", str(folder))
    assert os.listdir(folder) == ["ana-1.vcf"]


def test_cards_in_subfolders_are_pointed_to(
    met: Kin, tmp_path: Path, folder: Path, ana: Path
) -> None:
    result = met("sync", str(tmp_path), "--json")
    assert (result.code, result.error["candidates"]) == (2, [str(folder)])
    assert met("sync", str(tmp_path / "none")).code == 1
    assert met("sync").code == 2


# Undo and crashes


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
    result = both("sync", str(folder), "--json").json
    assert (result["new"], result["kept"]) == ([], [])
    assert {name: data for name, (data, _) in cards(folder).items()} == {
        name: data for name, (data, _) in after.items()
    }
    held = person(both, "ana")
    assert (held["lives"], held["nicknames"]) == ("Cadiz", ["Anita", "Nita"])
    assert len(both("people", "--json").json) == 2


def test_a_sync_that_is_killed_between_cards_and_book_is_completed_by_the_next(
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
        "sync.fsync_directory = lambda folder: os.kill(os.getpid(), 9)\n"  # cards are written, the book is not
        "main(['sync', sys.argv[1]])\n"
    )
    code = subprocess.run([sys.executable, "-c", killed, str(folder)], check=False).returncode
    assert code == -9
    assert both("people", "--json").code == 0  # recovers the book
    assert dump(book) == before and "Cadiz" in ana.read_text() and len(os.listdir(folder)) == 2
    result = both("sync", str(folder), "--json").json
    assert (result["new"], result["kept"], result["skipped"]) == ([], [], [])
    held = person(both, "ana")
    assert (held["lives"], held["nicknames"], held["groups"]) == (
        "Cadiz",
        [],
        ["choir", "climbers"],
    )
    assert len(both("people", "--json").json) == 2 and len(os.listdir(folder)) == 2
    assert both("sync", str(folder), "--json").json["same"] == 2


def test_the_base_has_no_photo(both: Kin, book: Path) -> None:
    with closing(sqlite3.connect(book)) as db:
        (base,) = db.execute("SELECT base FROM synced_card").fetchone()
    assert b"PHOTO" not in base and b"ORG" not in base and b"Ana Ruiz" in base


# The settings


def test_the_folder_and_programs_of_the_settings_are_used(
    kin: Kin, folder: Path, tmp_path: Path, ana: Path
) -> None:
    (tmp_path / "config.toml").write_text(
        f'[sync]\nfolder = "{folder}"\nbefore = "printf \'fetched \\u001b[31m\'"\nafter = "false"\n'
    )
    result = kin("sync", "--json")
    assert result.code == 1 and result.json["new"][0]["handle"] == "ana-r"
    assert "fetched \\x1b[31m" in result.err and "false ended with code 1" in result.err
    other = tmp_path / "other"
    other.mkdir()
    assert kin("sync", str(other)).code == 0  # the programs are for the configured folder


def test_a_program_that_fails_before_stops_the_sync(
    kin: Kin, folder: Path, tmp_path: Path, ana: Path
) -> None:
    for before in ("false", "no-such-program"):
        (tmp_path / "config.toml").write_text(f'[sync]\nfolder = "{folder}"\nbefore = "{before}"\n')
        result = kin("sync")
        assert result.code == 1 and before in result.err
    assert kin("people", "--json").json == []
    (tmp_path / "config.toml").write_text('[sync]\nfolders = "x"\n')
    assert kin("sync").code == 2
