"""`kin me`: your own card."""

from pathlib import Path

from tests.conftest import Kin


def _mine(kin: Kin) -> list[str]:
    return [each["label"] for each in kin("me", "--json").json["interests"]]


def test_you_are_in_the_book_from_the_start(kin: Kin) -> None:
    result = kin("me", "--json")
    assert result.code == 0
    assert (result.json["handle"], result.json["interests"]) == ("me", [])


def test_you_have_a_name_a_town_and_interests(kin: Kin) -> None:
    card = kin("me", "--name", "Ana Ruiz", "--lives", "Lisbon", "--into", "tea -- Nan’s", "--json")
    assert card.json == {
        "handle": "me",
        "name": "Ana Ruiz",
        "nicknames": [],
        "interests": [
            {
                "key": "tea",
                "label": "tea",
                "stance": "into",
                "shared": False,
                "via": None,
                "note": "Nan’s",
            }
        ],
        "facts": [],
        "dates": [],
        "met": {"on": None, "at": None, "story": None, "through": None},
        "lives": "Lisbon",
        "groups": [],
        "circle": None,
        "birthday": None,
        "last_note": None,
        "contacts": [],
    }
    assert kin("me", "--json").json == card.json


def test_what_you_are_into_grows_and_shrinks(met: Kin) -> None:
    met("me", "--into", "Board Games", "--not-into", "Chess")
    assert _mine(met) == ["Board Games", "pottery", "trail running"]


def test_the_same_interest_in_another_spelling_stays_one(met: Kin) -> None:
    met("me", "--into", "Trail-Running")
    assert _mine(met) == ["chess", "pottery", "trail running"]


def test_an_interest_you_do_not_have_cannot_be_removed(met: Kin, book: Path) -> None:
    before = book.read_bytes()
    assert met("me", "--not-into", "falconry", "--lives", "Rome").code == 3
    assert book.read_bytes() == before


def test_an_empty_town_removes_the_town(met: Kin) -> None:
    met("me", "--lives", "Lisbon")
    assert met("me", "--lives", "", "--json").json["lives"] is None


def test_an_empty_name_is_refused(met: Kin) -> None:
    assert met("me", "--name", " ").code == 2
    assert met("me", "--json").json["name"] == "Robin"


def test_you_are_not_in_lists_of_people(met: Kin) -> None:
    assert "me" not in [each["handle"] for each in met("people", "--json").json]
    assert [each["handle"] for each in met("interests", "chess", "--json").json[0]["people"]] == [
        "tom-b"
    ]


def test_your_name_in_a_note_is_not_someone_who_was_there(met: Kin) -> None:
    (note,) = met("note", "Robin walked alone", "--json").json["notes"]
    assert note["people"] == []


def test_your_card_is_shown_as_a_page(met: Kin) -> None:
    assert met("me").out == "Robin  me  you\n  into      chess · pottery · trail running\n"
