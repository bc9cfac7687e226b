"""Facebook's list of friends: names as their owners write them, and the day of a click."""

import json
from datetime import date

import pytest

from kin.errors import UsageError
from kin.formats.card import Way
from kin.formats.facebook import read, recognise
from kin.formats.incoming import Skipped

TODAY = date(2026, 11, 23)


def download(*friends: object, key: str = "friends_v2") -> bytes:
    return json.dumps({key: list(friends)}, indent=2).encode()


def garbled(name: str) -> str:
    """Return UTF-8 read as Latin-1, as Facebook writes it."""
    return name.encode().decode("latin-1")


@pytest.mark.parametrize("name", ["Tobias Løye", "Zoë 李", "Łukasz", "Ana 🌱"])
def test_names_are_mended(name: str) -> None:
    (person,) = read(download({"name": garbled(name), "timestamp": 1690000000}), "f.json").people
    assert person.name == name


@pytest.mark.parametrize("name", ["Zoë", "Jo Doe", "李", "Ã", "Ångström"])
def test_a_name_that_is_right_is_left_alone(name: str) -> None:
    (person,) = read(download({"name": name}), "f.json").people
    assert person.name == name


def test_the_day_is_that_of_becoming_friends_there_and_no_more_is_claimed() -> None:
    brought = read(
        download({"name": "Avery Stone", "timestamp": 1700000000}), "f.json", today=TODAY
    )
    (person,) = brought.people
    assert (person.met_on, person.met_precision) == ("2023-11-14", "day")
    assert person.met_story == "Became friends on Facebook."
    assert person.met_at is None
    assert (brought.kind, person.source) == ("Facebook friends", "f.json: friend 1")


def test_the_older_key_is_read_and_the_newer_wins() -> None:
    assert read(download({"name": "Jo"}, key="friends"), "f.json").people[0].name == "Jo"
    both = json.dumps({"friends": [{"name": "Old"}], "friends_v2": [{"name": "New"}]})
    assert [person.name for person in read(both.encode(), "f.json").people] == ["New"]


def test_a_way_to_reach_somebody_is_kept_and_so_is_what_is_not_understood() -> None:
    friends = (
        {"name": "Zoe", "contact_info": "zoe@example.com", "marketplace": "x"},
        {"name": "Tom", "contact_info": "+44 7700 900111"},
    )
    zoe, tom = read(download(*friends), "f.json").people
    assert zoe.contacts == (Way("email", "zoe@example.com"),)
    assert zoe.note == "marketplace: x"
    assert tom.contacts == (Way("phone", "+44 7700 900111"),)


@pytest.mark.parametrize("stamp", [10**15, -5, "yesterday", 1e400, 4_000_000_000])
def test_a_day_that_is_none_stays_as_text_and_is_said(stamp: object) -> None:
    brought = read(download({"name": "Jo", "timestamp": stamp}), "f.json", today=TODAY)
    assert brought.people[0].met_on is None
    assert "since" in (brought.people[0].note or "")
    assert brought.remarks[0].where == "f.json: friend 1"


def test_what_is_nobody_is_skipped_with_the_reason() -> None:
    friends = ({"timestamp": 1}, "Jo", {"name": "x" * 201}, {"name": "A\0"}, {"name": "\ud800 B"})
    brought = read(download(*friends, {"name": "Sam"}), "f.json")
    assert [person.name for person in brought.people] == ["Sam"]
    assert brought.skipped == (
        Skipped("f.json: friend 1", "has no name"),
        Skipped("f.json: friend 2", "is no friend, but something else"),
        Skipped("f.json: friend 3", "has a name of 201 characters; kin keeps up to 200"),
        Skipped("f.json: friend 4", "has signs that no book can keep"),
        Skipped("f.json: friend 5", "has signs that no book can keep"),
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b'{"friends": 3}',
        b"[" * 100_000,
        b'{"friends_v2": [' + b"9" * 5000 + b"]}",
    ],
    ids=["empty", "cut", "a list", "no list", "deep", "long number"],
)
def test_another_file_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(UsageError, match=r"f\.json"):
        read(data, "f.json")


def test_it_is_known_by_its_first_words() -> None:
    assert recognise(download({"name": "Jo"})) == "Facebook friends"
    assert recognise(download({"timestamp": 1, "name": "Jo"}, key="friends")) == "Facebook friends"
    assert recognise(b'{"account": {"data": []}}') is None
    assert recognise(b"Name,Email\nfriends_v2,x") is None
