"""Whose a card is: by its UID, else by what it says, and never by the name of its file."""

from pathlib import Path
from typing import Any

import pytest

from kin.transfer.sync import file_matching
from kin.transfer.sync.file_matching import FileMatches, UnmatchedCard
from tests.conftest import Kin
from tests.sync.phone import assert_nothing_changes, card, fill, names, people, sync

ANNA = card("Anna Berg", "BDAY:1984-03-12", "EMAIL:anna@berg.example")
BEN = card("Ben Hart", "BDAY:1979-05-01")
CLEO = card("Cleo Noon", "TEL:+34 600 100 200", "NOTE:from the ferry")
DORA = card("Dora Ames")
FOUR = [ANNA, BEN, CLEO, DORA]
BIRTHDAYS = {
    "Anna Berg": "1984-03-12",
    "Ben Hart": "1979-05-01",
    "Cleo Noon": None,
    "Dora Ames": None,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cards"


@pytest.fixture
def four(kin: Kin, folder: Path) -> Kin:
    """Return kin with four people from cards without UIDs, each with a note of their own."""
    fill(folder, FOUR)
    sync(kin, folder)
    for name in BIRTHDAYS:
        assert kin("note", f"{name} told me the secret of {name}").code == 0
    return kin


def everyone_is_who_they_were(kin: Kin) -> None:
    """Check that the four have their own names, notes and birthdays."""
    found = {each["name"]: each for each in people(kin).values()}
    for name, birthday in BIRTHDAYS.items():
        assert found[name]["birthday"] == birthday, name
        assert found[name]["notes"] == [f"{name} told me the secret of {name}"]


def edited(data: bytes, line: str) -> bytes:
    return data.replace(b"END:", line.encode() + b"\r\nEND:")


@pytest.mark.parametrize(
    "cards",
    [
        [card("Aaron Zed"), *FOUR],
        [BEN, CLEO, DORA],
        [BEN, ANNA, CLEO, DORA],
        [DORA, CLEO, BEN, ANNA],
        [CLEO, ANNA, DORA, BEN],
        [card("Aaron Zed", "BDAY:1990-01-01"), BEN, CLEO, card("Eve Ito"), DORA],
        [edited(BEN, "NICKNAME:Benno"), ANNA, CLEO, DORA],
        [card("Aaron Zed"), edited(ANNA, "NICKNAME:Annie"), BEN, edited(CLEO, "URL:https://c.example"), DORA],
        [edited(DORA, "BDAY:--0201"), edited(CLEO, "NICKNAME:C"), edited(ANNA, "TEL:5551234"), BEN],
    ],
    ids=["one in front", "first deleted", "two swapped", "reversed", "shuffled", "some of all",
         "swapped, one edited", "one in front, two edited", "shuffled, three edited"],
)  # fmt: skip
def test_renumbering_a_folder_turns_no_one_into_someone_else(
    four: Kin, folder: Path, cards: list[bytes]
) -> None:
    fill(folder, cards)
    result = sync(four, folder)
    found = {each["name"]: each for each in people(four).values()}
    if edited(DORA, "BDAY:--0201") in cards:
        assert found["Dora Ames"]["birthday"] == "--02-01"
    for name, birthday in BIRTHDAYS.items():
        assert found[name]["notes"] == [f"{name} told me the secret of {name}"]
        if name != "Dora Ames":
            assert found[name]["birthday"] == birthday
    new = {b"Aaron Zed", b"Eve Ito"}
    assert {each["name"].encode() for each in result["new"]} == {
        name for name in new if any(name in each for each in cards)
    }
    assert result["skipped"] == [] and result["doubles"] == [] and result["kept"] == []
    assert [each["name"] for each in result["unlinked"]] == [
        name for name in BIRTHDAYS if not any(name.encode() in each for each in cards)
    ]
    assert_nothing_changes(four, folder)


def test_by_file_names_people_become_others(
    four: Kin, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: with the name of the file as evidence, the checks above fail."""

    def by_file_name(files: Any, held: Any, people: Any, forgotten: Any, read: Any) -> FileMatches:
        rows = {row.file: row for row in held}
        known = [(each, read(each), rows[each.name]) for each in files if each.name in rows]
        new = [UnmatchedCard(each, read(each), ()) for each in files if each.name not in rows]
        return FileMatches(tuple(known), tuple(new), (), (), frozenset(), (), ())

    monkeypatch.setattr(file_matching, "match_files", by_file_name)
    fill(folder, [card("Aaron Zed"), ANNA, BEN, CLEO, DORA])
    sync(four, folder)
    with pytest.raises((AssertionError, KeyError)):
        everyone_is_who_they_were(four)


def test_a_card_without_a_uid_in_the_place_of_one_with_a_uid_is_someone_else(
    kin: Kin, folder: Path
) -> None:
    fill(folder, [card("Anna Berg", "BDAY:1984-03-12", uid="anna-1")])
    sync(kin, folder)
    fill(folder, [card("Zoe Adler")])
    result = sync(kin, folder)
    assert [each["name"] for each in result["unlinked"]] == ["Anna Berg"]
    assert [each["name"] for each in result["new"]] == ["Zoe Adler"]
    assert names(kin) == ["Anna Berg", "Zoe Adler"]
    assert_nothing_changes(kin, folder)


@pytest.mark.parametrize("before", [None, "anna-1"], ids=["UIDs came", "UIDs were dropped"])
def test_a_card_that_gets_or_loses_its_uid_is_matched_by_its_contents(
    kin: Kin, folder: Path, before: str | None
) -> None:
    after = None if before else "new-1"
    lines = ("BDAY:1984-03-12", "EMAIL:anna@berg.example")
    fill(folder, [card("Anna Berg", *lines, uid=before), card("Ben Hart", uid=before and "b")])
    sync(kin, folder)
    kin("note", "Anna Berg sang")
    fill(folder, [card("Ben Hart", uid=after and "new-2"), card("Anna Berg", *lines, "NICKNAME:Annie", uid=after)])  # fmt: skip
    result = sync(kin, folder)
    assert (result["new"], result["unlinked"]) == ([], [])
    found = people(kin)
    assert found["anna-b"]["nicknames"] == ["Annie"] and found["anna-b"]["notes"] == [
        "Anna Berg sang"
    ]
    assert found["ben-h"]["nicknames"] == []
    assert_nothing_changes(kin, folder)


def test_a_card_with_a_new_uid_and_the_same_name_is_matched(kin: Kin, folder: Path) -> None:
    fill(folder, [card("Anna Berg", "BDAY:1984-03-12", uid="one")])
    sync(kin, folder)
    fill(folder, [card("Anna Berg", "BDAY:1984-03-12", "NICKNAME:Annie", uid="two")])
    assert sync(kin, folder)["new"] == []
    assert people(kin)["anna-b"]["nicknames"] == ["Annie"]


@pytest.mark.parametrize("uids", [(None, None), ("one", "two")], ids=["without UIDs", "with UIDs"])
def test_two_of_one_name_with_different_addresses_stay_two(
    kin: Kin, folder: Path, uids: tuple[str | None, str | None]
) -> None:
    one = card("Anna Berg", "EMAIL:anna@one.example", uid=uids[0])
    two = card("Anna Berg", "EMAIL:anna@two.example", uid=uids[1])
    fill(folder, [one, two])
    sync(kin, folder)
    kin("note", "@anna-b has a boat")
    kin("note", "@anna-berg has a dog")
    for cards in ([two, one], [edited(two, "NICKNAME:Two"), one], [edited(one, "NICKNAME:One"), edited(two, "NICKNAME:Two")]):  # fmt: skip
        fill(folder, cards)
        result = sync(kin, folder)
        assert (result["new"], result["unlinked"], result["skipped"]) == ([], [], [])
        assert_nothing_changes(kin, folder)
    found = people(kin)
    assert [found["anna-b"][each] for each in ("nicknames", "notes")] == [
        ["One"],
        ["@anna-b has a boat"],
    ]
    assert [found["anna-berg"][each] for each in ("nicknames", "notes")] == [
        ["Two"],
        ["@anna-berg has a dog"],
    ]
    assert [each["value"] for each in found["anna-b"]["contacts"]] == ["anna@one.example"]


def test_an_uncertain_card_is_left_alone_and_reported_with_a_command(
    kin: Kin, folder: Path
) -> None:
    fill(folder, [card("Anna Berg", "EMAIL:anna@one.example"), BEN])
    sync(kin, folder)
    fill(folder, [BEN, card("Anna Berg", "EMAIL:anna@new.example", "NICKNAME:Annie")])
    result = sync(kin, folder)
    assert (result["new"], result["unlinked"]) == ([], [])
    (left,) = result["skipped"]
    assert left["where"] == "2.vcf" and "left alone" in left["why"]
    assert "kin edit anna-b --email anna@new.example" in left["why"]
    assert "kin add 'Anna Berg' --email anna@new.example" in left["why"]
    assert people(kin)["anna-b"]["nicknames"] == []
    assert_nothing_changes(kin, folder)


def test_an_uncertain_card_is_theirs_once_the_owner_says_so(kin: Kin, folder: Path) -> None:
    fill(folder, [card("Anna Berg", "EMAIL:anna@one.example")])
    sync(kin, folder)
    fill(folder, [card("Anna Berg", "EMAIL:anna@new.example", "NICKNAME:Annie")])
    sync(kin, folder)
    kin("edit", "anna-b", "--email", "anna@new.example")
    result = sync(kin, folder)
    assert (result["new"], result["skipped"]) == ([], [])
    assert people(kin)["anna-b"]["nicknames"] == ["Annie"]


def test_an_uncertain_card_is_someone_elses_once_the_owner_says_so(kin: Kin, folder: Path) -> None:
    fill(folder, [card("Anna Berg", "EMAIL:anna@one.example")])
    sync(kin, folder)
    fill(folder, [card("Anna Berg", "EMAIL:anna@new.example", "NICKNAME:Annie")])
    sync(kin, folder)
    assert kin("add", "Anna Berg", "--email", "anna@new.example", "--anyway").code == 0
    sync(kin, folder)
    found = people(kin)
    assert (found["anna-berg"]["nicknames"], found["anna-b"]["nicknames"]) == (["Annie"], [])


def test_two_namesakes_that_both_changed_are_left_alone(kin: Kin, folder: Path) -> None:
    fill(folder, [card("Tom King", "TITLE:one"), card("Tom King", "TITLE:two")])
    sync(kin, folder)
    fill(folder, [card("Tom King", "NICKNAME:T"), card("Tom King", "NICKNAME:Tommy")])
    result = sync(kin, folder)
    assert (result["new"], result["unlinked"], len(result["skipped"])) == ([], [], 2)
    assert all(
        "Tom King (tom-k) or Tom King (tom-king)" in each["why"] for each in result["skipped"]
    )
    assert all(each["nicknames"] == [] for each in people(kin).values())
    assert_nothing_changes(kin, folder)


def test_a_couple_with_one_phone_number_is_not_one_person(kin: Kin, folder: Path) -> None:
    fill(folder, [card("Berg", "TEL:+49 30 5551234")])
    sync(kin, folder)
    fill(folder, [card("Anna Berg", "TEL:+49 30 5551234"), card("Ben Berg", "TEL:+49 30 5551234")])
    result = sync(kin, folder)
    assert names(kin) == ["Berg"] and len(result["skipped"]) == 2


def test_an_import_and_a_sync_of_cards_without_uids_are_the_same_people(
    kin: Kin, folder: Path
) -> None:
    fill(folder, FOUR)
    kin("import", str(folder))
    result = sync(kin, folder)
    assert (result["new"], result["skipped"], result["same"]) == ([], [], 4)
    assert len(names(kin)) == 4


# A UID for a card that has none


def test_a_card_gets_a_uid_when_it_is_written_anyway_and_not_before(
    four: Kin, folder: Path
) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    four("edit", "anna", "--into", "chess")
    assert sync(four, folder)["pushed"] == 1
    for name, data in before.items():
        now = (folder / name).read_bytes()
        assert (b"UID:urn:uuid:" in now) == (name == "1.vcf")
        assert name == "1.vcf" or now == data
    assert_nothing_changes(four, folder)
    (folder / "1.vcf").rename(folder / "9.vcf")
    (folder / "9.vcf").write_bytes(edited((folder / "9.vcf").read_bytes(), "TITLE:x"))
    assert (result := sync(four, folder))["new"] == [] and result["unlinked"] == []


def test_two_cards_of_one_person_never_get_the_same_uid(kin: Kin, folder: Path) -> None:
    fill(folder, [card("Anna Berg", "EMAIL:a@x.example"), card("Annie B", "EMAIL:b@x.example")])
    sync(kin, folder)
    assert kin("merge", "anna-b", "annie-b").code == 0
    kin("edit", "anna-b", "--into", "chess")
    sync(kin, folder)
    result = sync(kin, folder)
    uids = [
        line
        for path in folder.iterdir()
        for line in path.read_text().splitlines()
        if line.startswith("UID")
    ]
    assert len(uids) == len({*uids}) == 2 and result["skipped"] == []


def test_after_an_undo_a_card_with_its_new_uid_is_still_theirs(four: Kin, folder: Path) -> None:
    four("edit", "anna", "--into", "chess")
    sync(four, folder)
    four("undo")
    result = sync(four, folder)
    assert (result["new"], result["unlinked"], result["skipped"], result["kept"]) == (
        [],
        [],
        [],
        [],
    )
    everyone_is_who_they_were(four)
