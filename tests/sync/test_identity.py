"""Whose a card is: by its UID, else by what it says, and never by the name of its file."""

from pathlib import Path
from typing import Any

import pytest

from kin.transfer.sync import file_matching as pairing
from kin.transfer.sync.file_matching import Pairs, Stranger
from tests.conftest import Kin
from tests.sync.phone import card, fill, names, people, rests, sync

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
        assert found[name]["talks"] == [f"{name} told me the secret of {name}"]


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
def test_a_folder_that_is_numbered_anew_turns_no_one_into_someone_else(
    four: Kin, folder: Path, cards: list[bytes]
) -> None:
    fill(folder, cards)
    told = sync(four, folder)
    found = {each["name"]: each for each in people(four).values()}
    if edited(DORA, "BDAY:--0201") in cards:
        assert found["Dora Ames"]["birthday"] == "--02-01"
    for name, birthday in BIRTHDAYS.items():
        assert found[name]["talks"] == [f"{name} told me the secret of {name}"]
        if name != "Dora Ames":
            assert found[name]["birthday"] == birthday
    new = {b"Aaron Zed", b"Eve Ito"}
    assert {each["name"].encode() for each in told["new"]} == {
        name for name in new if any(name in each for each in cards)
    }
    assert told["skipped"] == [] and told["doubles"] == [] and told["conflicts"] == []
    assert [each["name"] for each in told["unlinked"]] == [
        name for name in BIRTHDAYS if not any(name.encode() in each for each in cards)
    ]
    rests(four, folder)


def test_by_file_names_people_become_others(
    four: Kin, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: with the name of the file as evidence, the checks above fail."""

    def by_file_name(files: Any, held: Any, people: Any, forgotten: Any, read: Any) -> Pairs:
        rows = {row.file: row for row in held}
        known = [(each, read(each), rows[each.name]) for each in files if each.name in rows]
        new = [Stranger(each, read(each), ()) for each in files if each.name not in rows]
        return Pairs(tuple(known), tuple(new), (), (), frozenset(), (), ())

    monkeypatch.setattr(pairing, "pairs", by_file_name)
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
    told = sync(kin, folder)
    assert [each["name"] for each in told["unlinked"]] == ["Anna Berg"]
    assert [each["name"] for each in told["new"]] == ["Zoe Adler"]
    assert names(kin) == ["Anna Berg", "Zoe Adler"]
    rests(kin, folder)


@pytest.mark.parametrize("before", [None, "anna-1"], ids=["UIDs came", "UIDs were dropped"])
def test_a_card_that_gets_or_loses_its_uid_is_known_by_what_it_says(
    kin: Kin, folder: Path, before: str | None
) -> None:
    after = None if before else "new-1"
    lines = ("BDAY:1984-03-12", "EMAIL:anna@berg.example")
    fill(folder, [card("Anna Berg", *lines, uid=before), card("Ben Hart", uid=before and "b")])
    sync(kin, folder)
    kin("note", "Anna Berg sang")
    fill(folder, [card("Ben Hart", uid=after and "new-2"), card("Anna Berg", *lines, "NICKNAME:Annie", uid=after)])  # fmt: skip
    told = sync(kin, folder)
    assert (told["new"], told["unlinked"]) == ([], [])
    found = people(kin)
    assert found["anna-b"]["nicknames"] == ["Annie"] and found["anna-b"]["talks"] == [
        "Anna Berg sang"
    ]
    assert found["ben-h"]["nicknames"] == []
    rests(kin, folder)


def test_a_card_whose_uid_changed_under_the_same_name_goes_on(kin: Kin, folder: Path) -> None:
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
        told = sync(kin, folder)
        assert (told["new"], told["unlinked"], told["skipped"]) == ([], [], [])
        rests(kin, folder)
    found = people(kin)
    assert [found["anna-b"][each] for each in ("nicknames", "talks")] == [
        ["One"],
        ["@anna-b has a boat"],
    ]
    assert [found["anna-berg"][each] for each in ("nicknames", "talks")] == [
        ["Two"],
        ["@anna-berg has a dog"],
    ]
    assert [each["value"] for each in found["anna-b"]["contacts"]] == ["anna@one.example"]


def test_what_is_uncertain_is_left_alone_and_says_what_to_type(kin: Kin, folder: Path) -> None:
    fill(folder, [card("Anna Berg", "EMAIL:anna@one.example"), BEN])
    sync(kin, folder)
    fill(folder, [BEN, card("Anna Berg", "EMAIL:anna@new.example", "NICKNAME:Annie")])
    told = sync(kin, folder)
    assert (told["new"], told["unlinked"]) == ([], [])
    (left,) = told["skipped"]
    assert left["where"] == "2.vcf" and "left alone" in left["why"]
    assert "kin edit anna-b --email anna@new.example" in left["why"]
    assert "kin add 'Anna Berg' --email anna@new.example" in left["why"]
    assert people(kin)["anna-b"]["nicknames"] == []
    rests(kin, folder)


def test_an_uncertain_card_is_theirs_once_the_owner_says_so(kin: Kin, folder: Path) -> None:
    fill(folder, [card("Anna Berg", "EMAIL:anna@one.example")])
    sync(kin, folder)
    fill(folder, [card("Anna Berg", "EMAIL:anna@new.example", "NICKNAME:Annie")])
    sync(kin, folder)
    kin("edit", "anna-b", "--email", "anna@new.example")
    told = sync(kin, folder)
    assert (told["new"], told["skipped"]) == ([], [])
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
    told = sync(kin, folder)
    assert (told["new"], told["unlinked"], len(told["skipped"])) == ([], [], 2)
    assert all("Tom King (tom-k) or Tom King (tom-king)" in each["why"] for each in told["skipped"])
    assert all(each["nicknames"] == [] for each in people(kin).values())
    rests(kin, folder)


def test_a_couple_on_one_line_is_not_one_person(kin: Kin, folder: Path) -> None:
    fill(folder, [card("Berg", "TEL:+49 30 5551234")])
    sync(kin, folder)
    fill(folder, [card("Anna Berg", "TEL:+49 30 5551234"), card("Ben Berg", "TEL:+49 30 5551234")])
    told = sync(kin, folder)
    assert names(kin) == ["Berg"] and len(told["skipped"]) == 2


def test_an_import_and_a_sync_of_cards_without_uids_are_the_same_people(
    kin: Kin, folder: Path
) -> None:
    fill(folder, FOUR)
    kin("import", str(folder))
    told = sync(kin, folder)
    assert (told["new"], told["skipped"], told["same"]) == ([], [], 4)
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
    rests(four, folder)
    (folder / "1.vcf").rename(folder / "9.vcf")
    (folder / "9.vcf").write_bytes(edited((folder / "9.vcf").read_bytes(), "TITLE:x"))
    assert (told := sync(four, folder))["new"] == [] and told["unlinked"] == []


def test_two_cards_of_one_person_never_get_the_same_uid(kin: Kin, folder: Path) -> None:
    fill(folder, [card("Anna Berg", "EMAIL:a@x.example"), card("Annie B", "EMAIL:b@x.example")])
    sync(kin, folder)
    assert kin("merge", "anna-b", "annie-b").code == 0
    kin("edit", "anna-b", "--into", "chess")
    sync(kin, folder)
    told = sync(kin, folder)
    uids = [
        line
        for path in folder.iterdir()
        for line in path.read_text().splitlines()
        if line.startswith("UID")
    ]
    assert len(uids) == len({*uids}) == 2 and told["skipped"] == []


def test_after_an_undo_a_card_with_its_new_uid_is_still_theirs(four: Kin, folder: Path) -> None:
    four("edit", "anna", "--into", "chess")
    sync(four, folder)
    four("undo")
    told = sync(four, folder)
    assert (told["new"], told["unlinked"], told["skipped"], told["conflicts"]) == ([], [], [], [])
    everyone_is_who_they_were(four)
