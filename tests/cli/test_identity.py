"""The UID that kin gives a card: unique, stable, and recognized on import."""

import re
from pathlib import Path

import pytest

from tests.conftest import Kin


def uid_in(card: str) -> str:
    found = re.findall(r"^UID:(\S+)", card, re.MULTILINE)
    assert len(found) == 1, card
    return str(found[0])


def uid_of(kin: Kin, who: str) -> str:
    return uid_in(kin("export", "--format", "vcard", who).out)


def another(kin: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use another book from now on."""
    monkeypatch.setenv("KIN_DB", str(tmp_path / "another" / "book.db"))


def test_a_card_that_kin_wrote_adds_no_one_twice(kin: Kin, tmp_path: Path) -> None:
    kin("add", "Ann Solo", "--into", "go")
    file = tmp_path / "k.vcf"
    assert kin("export", "--format", "vcard", "--to", str(file)).code == 0
    result = kin("import", str(file), "--json").json
    assert (result["new"], [each["name"] for each in kin("people", "--json").json]) == (
        0,
        ["Ann Solo"],
    )


def test_people_of_the_same_name_in_two_books_are_two_people(
    kin: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kin("add", "Sam")
    mine = uid_of(kin, "sam")
    folder = tmp_path / "cards"
    folder.mkdir()
    kin("sync", str(folder))
    another(kin, tmp_path, monkeypatch)
    kin("add", "Sam")
    assert uid_of(kin, "sam") != mine
    kin("sync", str(folder))
    assert uid_of(kin, "sam") != mine


def test_the_same_dates_give_the_same_calendar_on_any_day(
    kin: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    kin("add", "Sam", "--birthday", "12 march 1984", "--date", "birthday=1 may 2001")
    today = kin("export", "--format", "ics").out
    monkeypatch.setenv("KIN_NOW", "2027-05-01")
    assert kin("export", "--format", "ics").out == today
    assert "DTSTAMP:20261123T000000Z" in today
    assert len(set(re.findall("^UID:.*", today, re.MULTILINE))) == 2


def test_a_uid_survives_every_edit(kin: Kin) -> None:
    kin("add", "Sam", "--birthday", "12 march 1984")
    card, days = uid_of(kin, "sam"), uid_in(kin("export", "--format", "ics").out)
    kin("edit", "sam", "--handle", "sammy", "--name", "Samuel")
    assert uid_of(kin, "sammy") == card
    assert uid_in(kin("export", "--format", "ics").out) == days


def test_someone_you_forgot_and_added_again_is_a_new_person(kin: Kin, book: Path) -> None:
    kin("add", "Sam")
    uid = uid_of(kin, "sam")
    kin("forget", "sam", "--yes")
    assert uid.removeprefix("urn:uuid:").encode() not in book.read_bytes()
    kin("add", "Sam")
    assert uid_of(kin, "sam") != uid


def test_undo_and_redo_keep_the_uid(kin: Kin) -> None:
    kin("add", "Sam")
    uid = uid_of(kin, "sam")
    kin("undo")
    kin("redo")
    assert uid_of(kin, "sam") == uid


@pytest.mark.parametrize("format", ["json", "markdown"])
def test_an_imported_book_has_its_uids(
    format: str, kin: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kin("add", "Sam")
    uid, target = uid_of(kin, "sam"), str(tmp_path / f"out-{format}")
    assert kin("export", "--format", format, "--to", target).code == 0
    another(kin, tmp_path, monkeypatch)
    kin("import", target)
    assert uid_of(kin, "sam") == uid
    kin("edit", "sam", "--handle", "sammy", "--name", "Someone Else")
    assert kin("import", target, "--json").json["new"] == 0


def test_a_merged_card_keeps_its_uid_and_recognizes_the_other(kin: Kin, tmp_path: Path) -> None:
    kin("add", "Ann Solo")
    kin("add", "Annie", "--into", "go")
    kept, other = uid_of(kin, "ann-s"), tmp_path / "other.vcf"
    kin("export", "--format", "vcard", "--to", str(other), "annie")
    kin("merge", "ann-s", "annie", "--yes")
    assert uid_of(kin, "ann-s") == kept
    assert kin("import", str(other), "--json").json["new"] == 0
    assert len(kin("people", "--json").json) == 1


def test_the_report_on_someone_has_their_uid(kin: Kin) -> None:
    kin("add", "Sam")
    record = {"kind": "kin", "key": uid_of(kin, "sam"), "card": None}
    assert kin("recall", "sam", "--all", "--json").json["records"] == [record]
