"""A value of a card that kin cannot read does not count as deleted: the book keeps its own, and the card stays as it is."""

from pathlib import Path
from typing import Any

import pytest

from kin.transfer.sync import plan as sync_plan, three_way_merge
from kin.transfer.sync.three_way_merge import RecoveredCard
from tests.conftest import Kin
from tests.sync.phone import assert_nothing_changes, card, fill, people, sync

LONG = "x" * 3000
LINES = {
    "birthday": "BDAY:1984-03-12",
    "lives": "ADR:;;;Lisbon;;;",
    "nicknames": "NICKNAME:Annie",
    "email": "EMAIL:anna@berg.example",
    "phone": "TEL:+49 30 5551234",
    "link": "URL:https://anna.example/",
    "groups": "CATEGORIES:choir",
    "note": "NOTE:from the ferry",
    "dates": "X-ABDATE:2019-06-12",
}
SPOILED = [
    ("birthday", "BDAY:1984-02-31", "1984-02-31"),
    ("birthday", "BDAY;VALUE=text:circa 1984", "circa 1984"),
    ("birthday", "BDAY:12.3.84", "12.3.84"),
    ("birthday", "BDAY:in spring", "in spring"),
    ("birthday", "BDAY:19850\x00312", None),
    ("birthday", "BDAY:00000000", "00000000"),
    ("lives", f"ADR:;;;{LONG};;;", "xxx"),
    ("lives", "ADR:;;;Por\x00to;;;", "Porto"),
    ("nicknames", f"NICKNAME:{LONG}", "xxx"),
    ("nicknames", "NICKNAME:An\x00ni", "Anni"),
    ("email", f"EMAIL:{LONG}@x.example", "xxx"),
    ("email", "EMAIL:a\x00b@x.example", "ab@x.example"),
    ("phone", "TEL:" + "1" * 3000, "111"),
    ("phone", "TEL;ENCODING=QUOTED-PRINTABLE:555=001234", "5551234"),
    ("link", f"URL:https://{LONG}", "https://xxx"),
    ("link", "X-SKYPE:an\x00na", "anna"),
    ("groups", f"CATEGORIES:{LONG}", "xxx"),
    ("groups", "CATEGORIES:cho\x00ral society", "choral society"),
    ("note", "NOTE:from\x00 the quay", "from the quay"),
    ("dates", "X-ABDATE:2019-02-30", "2019-02-30"),
    ("dates", "X-ABDATE:2019-06\x00-13", None),
    ("dates", "ANNIVERSARY:some time", "some time"),
]  # fmt: skip
FIELDS = ("name", "birthday", "lives", "nicknames", "contacts", "groups", "dates", "facts")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cards"


@pytest.fixture
def anna(kin: Kin, folder: Path) -> Kin:
    fill(folder, [card("Anna Berg", *LINES.values(), uid="anna-1")])
    sync(kin, folder)
    return kin


def held(kin: Kin) -> dict[str, Any]:
    (found,) = people(kin).values()
    return {field: found[field] for field in FIELDS}


def spoil(folder: Path, field: str, line: str) -> bytes:
    """Put another line in the place of one of Anna's card."""
    lines = {**LINES, field: line}
    fill(folder, [card("Anna Berg", *lines.values(), uid="anna-1")])
    return (folder / "1.vcf").read_bytes()


@pytest.mark.parametrize(("field", "line", "value"), SPOILED)
def test_the_book_keeps_its_value_and_says_which_could_not_be_read(
    anna: Kin, folder: Path, field: str, line: str, value: str | None
) -> None:
    before, data = held(anna), spoil(folder, field, line)
    result = sync(anna, folder)
    assert held(anna) == before
    assert (result["kept"], result["pulled"], result["pushed"], result["merged"]) == ([], 0, 0, 0)
    said = [
        each["why"]
        for each in result["warnings"]
        if "cannot be read; the book keeps" in each["why"]
    ]
    assert len(said) == 1 and (value is None or f"“{value}" in said[0]), result["warnings"]
    assert (folder / "1.vcf").read_bytes() == data
    assert_nothing_changes(anna, folder)
    (folder / "1.vcf").write_bytes(card("Anna Berg", *LINES.values(), uid="anna-1"))
    assert sync(anna, folder)["kept"] == [] and held(anna) == before


@pytest.mark.parametrize(("field", "line"), [each[:2] for each in SPOILED])
def test_without_the_guard_the_value_is_lost(
    anna: Kin, folder: Path, field: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: what keeps it is the guard."""
    assert three_way_merge
    monkeypatch.setattr(
        sync_plan, "restore_lost_values", lambda card, *_: RecoveredCard(card.fields, ())
    )
    before = held(anna)
    spoil(folder, field, line)
    sync(anna, folder)
    assert held(anna) != before


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("", ["FN:", "NICKNAME:Annie"]),
        ("", ["FN:   ", "EMAIL:anna@x.example"]),
        ("", ["EMAIL:anna@x.example"]),
        ("", ["NICKNAME:Annie"]),
        ("", ["N:Hart;Ben;;;"]),
        ("", ["ORG:Acme"]),
        ("x" * 300, []),
        ("Zo\x00e", []),
    ],
)
def test_a_name_that_is_missing_or_unreadable_renames_no_one(
    kin: Kin, folder: Path, name: str, lines: list[str]
) -> None:
    fill(folder, [card("Anna Berg", "NICKNAME:Annie", uid="anna-1")])
    sync(kin, folder)
    fill(
        folder,
        [
            card(
                name,
                *lines,
                *([] if "NICKNAME:Annie" in lines else ["NICKNAME:Annie"]),
                uid="anna-1",
            )
        ],
    )
    result = sync(kin, folder)
    (found,) = people(kin).values()
    assert (found["name"], found["nicknames"]) == ("Anna Berg", ["Annie"])
    assert any("the book keeps “Anna Berg”" in each["why"] for each in result["warnings"])
    assert result["kept"] == []
    assert_nothing_changes(kin, folder)


def test_a_card_without_a_name_does_not_rename_the_person_with_its_address(
    kin: Kin, folder: Path
) -> None:
    kin("add", "Anna Berg", "--nick", "Annie", "--email", "anna@x.example")
    fill(folder, [card("", "EMAIL:anna@x.example", "NICKNAME:Annie")])
    sync(kin, folder)
    (found,) = people(kin).values()
    assert (found["name"], found["nicknames"]) == ("Anna Berg", ["Annie"])


def test_a_card_without_a_uid_that_lost_its_name_is_left_alone(kin: Kin, folder: Path) -> None:
    fill(folder, [card("Anna Berg", "NICKNAME:Annie"), card("Ben Hart")])
    sync(kin, folder)
    fill(folder, [card("", "NICKNAME:Annie"), card("Ben Hart")])
    result = sync(kin, folder)
    assert (result["new"], result["unlinked"], len(result["skipped"])) == ([], [], 1)
    assert sorted(each["name"] for each in people(kin).values()) == ["Anna Berg", "Ben Hart"]


def test_a_changed_birthday_does_not_replace_an_unreadable_one(anna: Kin, folder: Path) -> None:
    data = spoil(folder, "birthday", "BDAY;VALUE=text:circa 1984")
    anna("edit", "anna", "--birthday", "1985-01-01", "--nick", "Ann")
    sync(anna, folder)
    now = (folder / "1.vcf").read_bytes()
    assert b"circa 1984" in now and b"Ann" in now and now != data
    assert held(anna)["birthday"] == "1985-01-01"
    assert_nothing_changes(anna, folder)


def test_a_birthday_that_was_taken_away_is_gone(anna: Kin, folder: Path) -> None:
    spoil(folder, "birthday", "X-ODD:1")
    sync(anna, folder)
    assert held(anna)["birthday"] is None


@pytest.mark.parametrize(
    "line", [b"BDAY 1984-03-12", b"EMAIL anna@x.example", b"BDAY", b"junk that is no property"]
)
def test_a_line_that_cannot_be_read_takes_nothing_away(
    line: bytes, kin: Kin, tmp_path: Path
) -> None:
    folder = tmp_path / "stray"
    folder.mkdir()
    whole = (
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:a1\r\nFN:Anna Berg\r\nBDAY:1984-03-12\r\n"
        b"EMAIL:anna@x.example\r\nEND:VCARD\r\n"
    )
    (folder / "a.vcf").write_bytes(whole)
    kin("sync", str(folder))
    name = line.split()[0]
    kept = [each for each in whole.split(b"\r\n") if not each.startswith(name + b":")]
    (folder / "a.vcf").write_bytes(b"\r\n".join([*kept[:4], line, *kept[4:]]))
    kin("sync", str(folder))
    anna = kin("recall", "anna", "--json").json["person"]
    assert anna["birthday"] == "1984-03-12"
    assert [each["value"] for each in anna["contacts"]] == ["anna@x.example"]


@pytest.mark.parametrize("name", ["\u200b", "\u2060\u200b", "\xad"])
def test_an_invisible_name_renames_no_one(name: str, kin: Kin, tmp_path: Path) -> None:
    folder = tmp_path / "invisible"
    folder.mkdir()
    card = "BEGIN:VCARD\nVERSION:3.0\nUID:a1\nFN:{}\nEMAIL:anna@x.example\nEND:VCARD\n"
    (folder / "a.vcf").write_text(card.format("Anna Berg"))
    kin("sync", str(folder))
    (folder / "a.vcf").write_text(card.format(name))
    kin("sync", str(folder))
    assert [each["name"] for each in kin("people", "--json").json] == ["Anna Berg"]
    assert kin("add", name).code == 2
