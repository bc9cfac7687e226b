"""Introductions: who is proposed to each other, who never is, and what they answer."""

import io
import os
import re
import sqlite3
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from kin.cli.app import run
from kin.vocabulary import catalog
from tests.conftest import TODAY, Kin, Result
from tests.terminal import on_terminal
from tests.test_architecture import modules_after

# Who is who: Maya and Tom King are both into pottery, Ana and Pat into chess, Ben's raku is a kind of
# pottery; no two of them have met.
PEOPLE = (
    ("me", "--name", "Robin", "--into", "pottery"),
    ("add", "Maya Okafor", "--into", "pottery -- her father had a kiln", "--into", "fado"),
    ("add", "Tom King", "--into", "pottery -- he wanted one bowl, and stayed"),
    ("add", "Tom Becker", "--into", "birding"),
    ("add", "Ana Ruiz", "--into", "chess", "--into", "sailing"),
    ("add", "Pat Ray", "--into", "chess"),
    ("add", "Grace Hopper", "--into", "sourdough"),
)
MAYA_AND_TOM = ["maya-o", "tom-k"]
ANA_AND_PAT = ["ana-r", "pat-r"]


@pytest.fixture(scope="session")
def _friends(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the bytes of that book, made by kin once for the whole run."""
    path = tmp_path_factory.mktemp("friends") / "book.db"
    environment = {"KIN_DB": str(path), "KIN_NOW": TODAY, "KIN_CONFIG": os.devnull}
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        for words in PEOPLE:
            assert run(list(words), environment) == 0, words
    return path.read_bytes()


@pytest.fixture
def friends(kin: Kin, book: Path, _friends: bytes) -> Kin:
    """Return kin with a book in which two pairs may meet."""
    book.touch(mode=0o600)
    book.write_bytes(_friends)
    return kin


def _handles(pair: Any) -> list[str]:
    return [each["handle"] for each in pair["people"]]


def _pairs(kin: Kin, *words: str) -> list[list[str]]:
    result = kin("introduce", *words, "--json")
    assert result.code == 0, result.err
    return [_handles(pair) for pair in result.json]


def _answers(result: Result) -> list[str | None]:
    (pair,) = result.json
    return [each["answer"] for each in pair["people"]]


def _ties(kin: Kin, who: str) -> list[tuple[str, str]]:
    return [(tie["handle"], tie["word"]) for tie in kin("recall", who, "--json").json["ties"]]


# Who is proposed


def test_two_who_love_the_same_rare_thing_come_with_how_each_got_into_it(friends: Kin) -> None:
    assert friends("introduce", "--json").json[0] == {
        "people": [
            {
                "handle": "maya-o",
                "name": "Maya Okafor",
                "note": "her father had a kiln",
                "answer": None,
            },
            {
                "handle": "tom-k",
                "name": "Tom King",
                "note": "he wanted one bowl, and stayed",
                "answer": None,
            },
        ],
        "interest": "pottery",
        "via": None,
        "because": "Maya and Tom are both into pottery, which is rare among the people you know."
        " Maya: “her father had a kiln”; Tom: “he wanted one bowl, and stayed”.",
        "made_on": None,
        "acquainted": False,
    }


def test_a_list_in_a_pipe_is_a_line_for_each_pair(friends: Kin) -> None:
    result = friends("introduce")
    assert result.out == (
        "Maya Okafor\tmaya-o\tTom King\ttom-k\tMaya and Tom are both into pottery, which is rare among"
        " the people you know. Maya: “her father had a kiln”; Tom: “he wanted one bowl, and stayed”."
        "\tNeither has been asked yet.\n"
        "Ana Ruiz\tana-r\tPat Ray\tpat-r\tAna and Pat are both into chess, which is rare among the"
        " people you know.\tNeither has been asked yet.\n"
    )
    assert result.err == (
        "Ask each of them first. One says yes: kin introduce maya-o tom-k --yes-from maya-o\n"
    )


def test_a_list_on_a_terminal_fits_it(friends: Kin) -> None:
    friends("introduce", "ana", "pat", "--yes-from", "ana")
    assert on_terminal(["introduce"]).rows == [
        "Ana Ruiz  ana-r  and  Pat Ray  pat-r",
        "  Ana and Pat are both into chess, which is rare among the people you know.",
        "  answers   Ana said yes; Pat hasn’t been asked yet.",
        "Maya Okafor  maya-o  and  Tom King  tom-k",
        "  Maya and Tom are both into pottery, which is rare among the people you know.",
        "  Maya: “her father had a kiln”; Tom: “he wanted one bowl, and stayed”.",
        "Once Pat Ray says yes: kin introduce ana-r pat-r --yes-from pat-r",
    ]


def test_one_broader_step_is_explained_and_the_same_interest_comes_first(friends: Kin) -> None:
    friends("add", "Kai Lind", "--into", "bouldering")
    friends("add", "Lea Sand", "--into", "climbing -- a wall in a church")
    friends("add", "Nils Berg", "--into", "tea")
    friends("add", "Olga Rose", "--into", "tea")
    result = friends("introduce", "-n", "0", "--json").json
    assert [_handles(each) for each in result][-1] == ["kai-l", "lea-s"]
    assert (result[-1]["interest"], result[-1]["via"]) == ("bouldering", "climbing")
    assert result[-1]["because"] == (
        "Kai is into bouldering, a kind of climbing, and Lea is into climbing, which is rare among the"
        " people you know. Lea: “a wall in a church”."
    )


def test_a_common_interest_introduces_no_one(friends: Kin) -> None:
    for name in ("Kai Lind", "Lea Sand", "Nils Berg", "Olga Rose"):
        friends("add", name, "--into", "chess")
    assert ANA_AND_PAT not in _pairs(friends, "-n", "0")
    # Nor does a broader term that has grown common: raku is rare still, pottery is not.
    for name in ("Ida Holm", "Jon Falk"):
        friends("add", name, "--into", "pottery")
    friends("add", "Ben Park", "--into", "raku")
    friends("vocab", "under", "raku", "pottery")
    assert _pairs(friends, "ben") == []
    (pair,) = friends("introduce", "ben", "maya", "--json").json
    assert pair["interest"] is None


def test_the_rarest_comes_first(friends: Kin) -> None:
    friends("add", "Ida Holm", "--into", "pottery -- by mistake")
    friends("add", "Nils Berg", "--into", "tea")
    friends("add", "Olga Rose", "--into", "tea")
    first, second, third = _pairs(friends)
    assert {first[0], second[0]} == {"ana-r", "nils-b"}
    assert third[0] in ("ida-h", "maya-o")


def test_people_with_a_note_on_their_interest_come_first(friends: Kin) -> None:
    assert _pairs(friends) == [MAYA_AND_TOM, ANA_AND_PAT]
    friends("edit", "maya", "--not-into", "pottery")
    friends("edit", "maya", "--into", "pottery")
    for who in ("ana", "pat"):
        friends("edit", who, "--not-into", "chess")
        friends("edit", who, "--into", "chess -- a long winter")
    assert _pairs(friends) == [ANA_AND_PAT, MAYA_AND_TOM]


def test_the_list_is_the_same_all_day_and_another_on_other_days(
    kin: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        kin("add", f"One{number} Of", "--into", f"craft {number}")
        kin("add", f"Two{number} Of", "--into", f"craft {number}")
    monkeypatch.setenv("KIN_NOW", "2026-11-23T08:00")
    morning = _pairs(kin)
    monkeypatch.setenv("KIN_NOW", "2026-11-23T22:00")
    assert len(morning) == 3
    assert _pairs(kin) == morning
    days = []
    for day in range(1, 9):
        monkeypatch.setenv("KIN_NOW", f"2026-12-{day:02}")
        days.append(_pairs(kin))
    assert len({str(each) for each in days}) > 4


def test_a_list_has_three_pairs_and_no_one_twice(kin: Kin) -> None:
    for number in range(10):
        kin("add", f"P{number} Name", "--into", f"a{number}", "--into", f"a{(number + 1) % 10}")
    assert len(_pairs(kin)) == 3
    assert len(_pairs(kin, "-n", "2")) == 2
    everyone = list(chain.from_iterable(_pairs(kin, "-n", "0")))
    assert len(everyone) == len(set(everyone)) >= 8
    assert [len({*pair, "p3-n"}) for pair in _pairs(kin, "p3-n")] == [2, 2]


def test_namesakes_are_told_apart(kin: Kin) -> None:
    kin("add", "Tom King", "--into", "pottery")
    kin("add", "Tom Becker", "--into", "pottery")
    (pair,) = kin("introduce", "--json").json
    assert pair["because"].startswith("Tom Becker and Tom King are both into pottery")
    kin("edit", "tom-b", "--name", "Tom King")
    (pair,) = kin("introduce", "--json").json
    assert pair["because"].startswith("Tom King (tom-b) and Tom King (tom-k) are both into pottery")


def test_two_names_of_one_interest_are_one(friends: Kin) -> None:
    friends("add", "Kai Lind", "--into", "D&D")
    friends("add", "Lea Sand", "--into", "Dungeons & Dragons")
    (pair,) = friends("introduce", "kai", "--json").json
    assert _handles(pair) == ["kai-l", "lea-s"]
    assert pair["via"] is None


def test_an_empty_list_is_a_warm_word_and_no_failure(kin: Kin) -> None:
    kin("add", "Maya", "--into", "pottery")
    result = kin("introduce")
    assert (result.code, result.out, result.err) == (
        0,
        "",
        "When two people you know love the same rare thing and haven’t met, you’ll find them here.\n",
    )
    assert kin("introduce", "--json").out == "[]\n"


# Who never is


@pytest.mark.parametrize(
    "words",
    [
        ("tie", "maya", "tom-k", "--as", "neighbour"),
        ("tie", "tom-k", "maya", "--as", "colleague at the kiln"),
        ("note", "dinner with @maya-o, @tom-k and @grace-h"),
        ("edit", "maya", "--through", "tom-k"),
        ("edit", "tom-k", "--through", "maya"),
        ("edit", "tom-k", "--into", "glazing", "--from", "maya"),
        ("reconnect", "--snooze", "maya"),
        ("reconnect", "--not-now", "tom-k"),
        ("edit", "tom-k", "--differ", "pottery"),
    ],
    ids=" ".join,
)
def test_people_who_may_know_each_other_or_are_snoozed_or_differ_are_no_pair(
    friends: Kin, words: Sequence[str]
) -> None:
    assert MAYA_AND_TOM in _pairs(friends)
    assert friends(*words).code == 0
    assert MAYA_AND_TOM not in _pairs(friends, "-n", "0")
    assert MAYA_AND_TOM not in _pairs(friends, "maya")


def test_a_household_or_family_through_others_is_no_pair(friends: Kin) -> None:
    friends("tie", "maya", "grace", "--as", "flatmate")
    assert MAYA_AND_TOM in _pairs(friends)
    friends("tie", "tom-k", "grace", "--as", "Partner")
    assert MAYA_AND_TOM not in _pairs(friends)


def test_members_of_a_group_are_no_pair_unless_the_group_is_large(friends: Kin) -> None:
    friends("edit", "ana", "--group", "book club")
    friends("edit", "pat", "--group", "Book Club")
    assert ANA_AND_PAT not in _pairs(friends)
    for number in range(11):
        friends("add", f"Member{number}", "--group", "book club")
    assert ANA_AND_PAT in _pairs(friends)


def test_a_friend_of_a_friend_is_still_a_pair(friends: Kin) -> None:
    friends("tie", "maya", "grace", "--as", "friend")
    friends("tie", "tom-k", "grace", "--as", "friend")
    friends("note", "tea with @maya-o and @grace-h")
    friends("note", "tea with @tom-k and @grace-h")
    assert MAYA_AND_TOM in _pairs(friends)


def test_you_are_never_one_of_the_two(friends: Kin) -> None:
    assert "me" not in chain.from_iterable(_pairs(friends, "-n", "0"))
    for words in (("me",), ("maya", "me"), ("maya", "--yes-from", "me")):
        assert friends("introduce", *words).code == 2


def test_an_employer_changes_nothing(friends: Kin) -> None:
    before = friends("introduce", "-n", "0").out
    friends("edit", "pat", "--link", "https://example.org/company/ceo", "--circle", "inner")
    assert friends("introduce", "-n", "0").out == before


# A given pair


def test_any_two_can_be_looked_at(friends: Kin) -> None:
    friends("edit", "tom-k", "--into", "fado")
    friends("tie", "maya", "tom-k", "--as", "neighbour")
    assert on_terminal(["introduce", "tom-k", "maya"]).rows == [
        "Maya Okafor  maya-o  and  Tom King  tom-k",
        "  Maya and Tom are both into pottery, which is rare among the people you know.",
        "  Maya: “her father had a kiln”; Tom: “he wanted one bowl, and stayed”.",
        "  also      fado",
        "  but       They may know each other already.",
        "  answers   Neither has been asked yet.",
    ]


def test_what_is_common_is_not_called_rare(friends: Kin) -> None:
    for name in ("Kai Lind", "Lea Sand", "Nils Berg", "Olga Rose"):
        friends("add", name, "--into", "chess")
    (pair,) = friends("introduce", "ana", "pat", "--json").json
    assert pair["because"] == "Ana and Pat are both into chess."


def test_two_who_share_nothing_are_reported_so(friends: Kin) -> None:
    result = friends("introduce", "maya", "grace", "--json")
    assert result.code == 0
    (pair,) = result.json
    assert (pair["interest"], pair["because"]) == (
        None,
        "Grace Hopper and Maya Okafor share no interest that you have noted yet.",
    )
    assert friends("introduce", "maya", "grace").err == ""


def test_a_name_in_two_words_is_one_person(friends: Kin) -> None:
    assert _pairs(friends, "Tom", "King") == [MAYA_AND_TOM]
    assert _pairs(friends, "Maya", "Okafor") == [MAYA_AND_TOM]
    assert friends("introduce", "tom").code == 4
    assert friends("introduce", "nobody").code == 3
    assert friends("introduce", "maya", "nobody").code == 3


# Answers


def test_a_yes_from_each_side_comes_before_you_connect_them(friends: Kin) -> None:
    one = friends("introduce", "maya", "tom-k", "--yes-from", "maya", "--json")
    assert _answers(one) == ["yes", None]
    result = friends("introduce", "maya", "tom-k", "--made", "--json")
    assert (result.code, result.out) == (1, "")
    assert result.error["message"] == "Tom King hasn’t said yes yet; nothing was saved."
    assert result.error["hint"] == "Once they do: kin introduce maya-o tom-k --yes-from tom-k"
    assert _ties(friends, "maya") == []
    both = friends("introduce", "maya", "tom-k", "--yes-from", "tom-k")
    assert both.out.endswith("\tBoth said yes; introduce them.\n")
    assert both.err == "Have they met? kin introduce maya-o tom-k --made\nUndo it: kin undo\n"
    made = friends("introduce", "maya", "tom-k", "--made")
    assert made.out.endswith("\tYou introduced them on Mon 23 Nov 2026.\n")
    assert _ties(friends, "maya") == [("tom-k", "introduced")]
    assert MAYA_AND_TOM not in _pairs(friends, "-n", "0")
    (pair,) = friends("introduce", "tom-k", "maya", "--json").json
    assert pair["made_on"] == "2026-11-23"


def test_an_introduction_made_twice_keeps_the_first_day(
    friends: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    yes = ("introduce", "maya", "tom-k", "--yes-from", "maya", "--yes-from", "tom-k", "--made")
    assert friends(*yes).code == 0
    monkeypatch.setenv("KIN_NOW", "2026-12-24")
    (pair,) = friends(*yes, "--json").json
    assert pair["made_on"] == "2026-11-23"
    assert _ties(friends, "tom-k") == [("maya-o", "introduced")]


def test_pairs_with_a_yes_come_first_with_what_is_missing(friends: Kin) -> None:
    friends("introduce", "ana", "pat", "--yes-from", "pat")
    first, *_ = friends("introduce").out.splitlines()
    assert first.endswith("\tPat said yes; Ana hasn’t been asked yet.")
    assert _pairs(friends) == [ANA_AND_PAT, MAYA_AND_TOM]
    friends("introduce", "maya", "tom-k", "--yes-from", "maya", "--yes-from", "tom-k")
    assert _pairs(friends) == [MAYA_AND_TOM, ANA_AND_PAT]


def test_a_waiting_pair_is_listed_whatever_else_is_noted(friends: Kin) -> None:
    friends("introduce", "maya", "grace", "--yes-from", "maya")
    friends("note", "dinner with @maya-o and @grace-h")
    assert _pairs(friends)[0] == ["grace-h", "maya-o"]
    friends("reconnect", "--not-now", "grace")
    assert ["grace-h", "maya-o"] not in _pairs(friends)


def test_a_no_is_never_proposed_again(friends: Kin, monkeypatch: pytest.MonkeyPatch) -> None:
    friends("introduce", "maya", "tom-k", "--yes-from", "maya")
    result = friends("introduce", "maya", "tom-k", "--no-from", "tom-k")
    assert result.out.endswith("\tTom would rather not, and that is that.\n")
    assert (
        result.err
        == "If that changes: kin introduce maya-o tom-k --yes-from tom-k\nUndo it: kin undo\n"
    )
    for day in ("2026-11-23", "2026-12-01", "2031-01-01"):
        monkeypatch.setenv("KIN_NOW", day)
        assert MAYA_AND_TOM not in _pairs(friends, "-n", "0")
        assert _pairs(friends, "maya") == []
    made = friends("introduce", "maya", "tom-k", "--made", "--json")
    assert (made.code, made.error["message"]) == (1, "Tom King said no; nothing was saved.")


def test_a_no_wins_over_an_earlier_yes_and_can_be_taken_back(friends: Kin) -> None:
    pair = ("introduce", "maya", "tom-k", "--json")
    friends(*pair, "--yes-from", "maya", "--yes-from", "tom-k")
    assert _answers(friends(*pair, "--no-from", "maya")) == ["no", "yes"]
    assert MAYA_AND_TOM not in _pairs(friends)
    assert _answers(friends(*pair, "--yes-from", "maya")) == ["yes", "yes"]
    assert _pairs(friends)[0] == MAYA_AND_TOM


def test_no_one_says_yes_and_no_at_once(friends: Kin, book: Path) -> None:
    before = book.read_bytes()
    result = friends("introduce", "maya", "tom-k", "--yes-from", "maya", "--no-from", "Maya Okafor")
    assert result.code == 2
    assert book.read_bytes() == before


# Which pair is meant


@pytest.mark.parametrize(
    "words",
    [
        ("maya", "tom-k", "--yes-from", "maya"),
        ("tom-k", "maya", "--yes-from", "maya"),
        ("tom-k", "--yes-from", "maya"),
        ("maya", "--yes-from", "maya"),
        ("--yes-from", "maya"),
    ],
    ids=" ".join,
)
def test_a_pair_can_be_named_briefly(friends: Kin, words: Sequence[str]) -> None:
    (pair,) = friends("introduce", *words, "--json").json
    assert (_handles(pair), [each["answer"] for each in pair["people"]]) == (
        MAYA_AND_TOM,
        ["yes", None],
    )


def test_with_several_possible_pairs_kin_asks_which(friends: Kin, book: Path) -> None:
    friends("add", "Lea Sand", "--into", "fado")
    before = book.read_bytes()
    result = friends("introduce", "--yes-from", "maya", "--json")
    assert result.code == 4
    assert sorted(result.error["candidates"]) == ["lea-s", "tom-k"]
    assert "Tom King (tom-k, into pottery)" in result.error["message"]
    assert book.read_bytes() == before


def test_made_applies_to_the_pair_that_said_yes(friends: Kin) -> None:
    assert friends("introduce", "--made").code == 3
    friends("introduce", "ana", "pat", "--yes-from", "ana")
    assert friends("introduce", "--made").code == 1
    friends("introduce", "maya", "tom-k", "--yes-from", "maya", "--yes-from", "tom-k")
    (pair,) = friends("introduce", "--made", "--json").json
    assert (_handles(pair), pair["made_on"]) == (MAYA_AND_TOM, "2026-11-23")


def test_a_settled_pair_is_not_waiting(friends: Kin) -> None:
    friends("introduce", "ana", "pat", "--yes-from", "ana", "--no-from", "pat")
    assert friends("introduce", "ana", "--made").code == 3
    assert friends("introduce", "--yes-from", "ana").code == 3
    yes = ("--yes-from", "maya", "--yes-from", "tom-k")
    assert friends("introduce", "maya", "tom-k", *yes, "--made").code == 0
    assert friends("introduce", "maya", "--made").code == 3


def test_made_with_several_waiting_pairs_is_ambiguous(friends: Kin) -> None:
    for one, other in (("maya", "tom-k"), ("ana", "pat")):
        friends("introduce", one, other, "--yes-from", one, "--yes-from", other)
    result = friends("introduce", "--made", "--json")
    assert result.code == 4
    assert result.error["candidates"] == ["maya-o tom-k", "ana-r pat-r"]
    assert friends("introduce", "pat", "--made").code == 0


def test_an_answer_is_about_two_people(friends: Kin, book: Path) -> None:
    before = book.read_bytes()
    assert friends("introduce", "maya", "tom-k", "--no-from", "grace").code == 2
    assert friends("introduce", "--yes-from", "grace").code == 3
    assert friends("introduce", "grace", "--made").code == 3
    assert friends("introduce", "maya", "nobody", "--yes-from", "maya").code == 3
    assert friends("introduce", "tom", "--yes-from", "maya").code == 4
    assert friends("introduce", "maya", "tom-k", "-n", "2", "--yes-from", "maya").code == 2
    assert book.read_bytes() == before


def test_forgetting_someone_deletes_their_answers(friends: Kin, book: Path) -> None:
    friends("introduce", "maya", "tom-k", "--yes-from", "maya")
    with sqlite3.connect(book) as db:
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("DELETE FROM person WHERE handle = 'tom-k'")
        assert db.execute("SELECT count(*) FROM introduction").fetchone() == (0,)
    db.close()
    assert MAYA_AND_TOM not in _pairs(friends)


# Promises

_ANSWERS = st.lists(
    st.tuples(
        st.sampled_from([("maya-o", "tom-k"), ("ana-r", "pat-r"), ("maya-o", "grace-h")]),
        st.booleans(),
        st.sampled_from(["yes", "no"]),
    ),
    min_size=1,
    max_size=4,
)


@given(answers=_ANSWERS)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_pair_with_a_no_never_appears(
    friends: Kin, book: Path, answers: list[tuple[tuple[str, str], bool, str]]
) -> None:
    kept = book.read_bytes()
    last: dict[tuple[str, str], str] = {}
    for pair, second, word in answers:
        assert friends("introduce", *pair, f"--{word}-from", pair[second]).code == 0
        last[pair[0] + pair[1], pair[second]] = word
    listed = {frozenset(each) for each in _pairs(friends, "-n", "0")}
    listed |= {frozenset(each) for who in ("maya", "pat") for each in _pairs(friends, who)}
    for pair, _, _ in answers:
        words = {word for (of, _), word in last.items() if of == pair[0] + pair[1]}
        assert "no" not in words or frozenset(pair) not in listed
        assert words != {"yes"} or frozenset(pair) in listed
    book.write_bytes(kept)


def test_a_list_opens_neither_the_shipped_table_nor_the_orm(
    friends: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not modules_after(["introduce"]) & {"sqlmodel", "sqlalchemy", "pydantic"}

    def refuse() -> None:
        raise AssertionError("a read opened the shipped table")

    monkeypatch.setattr(catalog, "load_catalog", refuse)
    assert MAYA_AND_TOM in _pairs(friends)


def test_it_never_calls_anyone_a_contact(friends: Kin) -> None:
    friends("introduce", "maya", "tom-k", "--no-from", "maya")
    result = [
        friends("introduce", *words)
        for words in ((), ("maya",), ("maya", "tom-k"), ("--help",), ("--made",), ("tom",))
    ]
    words = " ".join(each.out + each.err for each in result)
    assert not re.search(r"network|contact|should|overdue|score", words, re.IGNORECASE)
    assert "Nothing is sent" in " ".join(friends("introduce", "--help").out.split())


def test_names_and_stories_cannot_drive_the_terminal(kin: Kin) -> None:
    kin("add", "Eve\x1b[31m", "--into", "pottery -- \x1b]0;x\x07 and more")
    kin("add", "Bo", "--into", "pottery")
    result = kin("introduce")
    assert result.code == 0
    assert "\x1b" not in result.out and "\\x1b]0;x" in result.out


def test_each_interest_is_named_as_its_owner_calls_it(kin: Kin) -> None:
    kin("add", "Anna Weber", "--into", "Vogelbeobachtung")
    kin("add", "Chris Hale", "--into", "birding")
    for number in range(8):
        kin("add", f"Person {number}", "--into", f"craft {number}")
    (pair,) = kin("introduce", "--json").json
    assert pair["because"].startswith("Anna is into Vogelbeobachtung, and Chris calls it birding")
    assert "calls it birding" in on_terminal(["interests", "Vogelbeobachtung"]).screen
    assert "Chris Hale (birding)" in kin("interests").out


def test_that_two_may_know_each_other_is_always_shown(met: Kin) -> None:
    assert "They may know each other already." in met("introduce", "maya", "tom-b").out
    assert met("introduce", "maya", "tom-b", "--json").json[0]["acquainted"] is True


def test_a_broader_and_narrower_interest_of_one_person_is_nothing_shared(kin: Kin) -> None:
    kin("add", "Ann Lee", "--into", "climbing", "--into", "bouldering", "--into", "chess")
    kin("add", "Bob Ray", "--into", "chess")
    (pair,) = kin("introduce", "ann-l", "bob-r", "--json").json
    assert pair["interest"] == "chess" and "also" not in pair["because"]
    assert kin("introduce", "ann-l", "bob-r", "--yes-from", "ann-l").code == 0
    kin("edit", "ann", "--not-into", "chess")
    (pair,) = kin("introduce", "--json").json
    assert pair["interest"] is None
