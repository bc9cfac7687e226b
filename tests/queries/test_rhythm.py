"""Rhythms: what the book caches is what it would compute, whatever happens to the notes."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from sqlite3 import Connection, connect
from statistics import median
from typing import Any

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kin.book import session as book_session
from kin.suggestions import candidates
from kin.suggestions.service import cache_rhythms
from tests.conftest import Kin

TODAY = date(2026, 11, 23)
PEOPLE = st.integers(2, 8)
COMPANIES = st.one_of(st.sets(PEOPLE, min_size=1, max_size=2), st.sets(PEOPLE, min_size=5))
DAYS = st.integers(-3, 12).map(lambda ago: (TODAY - timedelta(days=ago)).isoformat())


def by_hand(db: Connection, today: str) -> dict[int, tuple[str, int, list[int]]]:
    """Return the rhythms computed note by note, straight from their definition."""
    there, day_of = defaultdict(set), {}
    for person, day, note in db.execute(
        "SELECT person_id, day, note_id FROM note_person WHERE person_id <> 1"
    ).fetchall():
        there[note].add(person)
        day_of[note] = day
    found = {}
    for person in {each for people in there.values() for each in people}:
        talks = [each for each in there if person in there[each] and day_of[each] <= today]
        days = sorted({day_of[each] for each in talks})
        few = sorted({day_of[each] for each in talks if len(there[each]) <= 5})
        numbers = [date.fromisoformat(each).toordinal() for each in few]
        if days:
            pairs = itertools.pairwise(numbers)
            found[person] = (days[-1], len(days), [two - one for one, two in pairs])
    return found


@settings(max_examples=60, stateful_step_count=40, deadline=None)
class Talking(RuleBasedStateMachine):
    """Notes come, go and change, and now and then the rhythms are cached."""

    @initialize()
    def an_empty_book(self) -> None:
        with book_session.open_empty_book(TODAY) as made:
            self.db = connect(":memory:", isolation_level=None)
            made.backup(self.db)
        self.db.execute("PRAGMA foreign_keys = ON")
        for person in range(2, 9):
            self.db.execute(
                "INSERT INTO person (id, handle, name, is_me, added_on) VALUES (?, ?, 'X', 0, '2020-01-01')",
                (person, f"p{person}"),
            )
        self.day = TODAY.isoformat()

    @rule(people=COMPANIES, day=DAYS, me=st.booleans())
    def talk(self, people: set[int], day: str, me: bool) -> None:
        (note,) = self.db.execute(
            "INSERT INTO note (day, precision, text, text_from, noted_at) VALUES (?, 'day', 'tea', 0, ?) RETURNING id",
            (day, day),
        ).fetchone()
        for person in people | ({1} if me else set()):
            self.db.execute("INSERT INTO note_person VALUES (?, ?, ?, '')", (person, day, note))

    @rule(at=st.integers(0, 50), day=DAYS)
    def a_note_moves_to_another_day(self, at: int, day: str) -> None:
        self._change_note("UPDATE note SET day = :day WHERE id = :note", at, day=day)

    @rule(at=st.integers(0, 50))
    def a_note_is_deleted(self, at: int) -> None:
        self._change_note("DELETE FROM note WHERE id = :note", at)

    @rule(at=st.integers(0, 50), person=PEOPLE)
    def someone_was_there_too(self, at: int, person: int) -> None:
        self._change_note(
            "INSERT OR IGNORE INTO note_person SELECT :person, day, id, '' FROM note WHERE id = :note",
            at,
            person=person,
        )

    @rule(at=st.integers(0, 50), person=PEOPLE)
    def someone_was_not_there(self, at: int, person: int) -> None:
        self._change_note(
            "DELETE FROM note_person WHERE person_id = :person AND note_id = :note",
            at,
            person=person,
        )

    @rule(at=st.integers(0, 50), person=PEOPLE)
    def it_was_someone_else(self, at: int, person: int) -> None:
        self._change_note(
            "UPDATE OR IGNORE note_person SET person_id = :person WHERE note_id = :note "
            "AND person_id = (SELECT max(person_id) FROM note_person WHERE note_id = :note)",
            at,
            person=person,
        )

    @rule(person=PEOPLE)
    def someone_is_forgotten_and_met_again(self, person: int) -> None:
        self.db.execute("DELETE FROM person WHERE id = ?", (person,))
        self.db.execute(
            "INSERT INTO person (id, handle, name, is_me, added_on) VALUES (?, ?, 'X', 0, '2020-01-01')",
            (person, f"p{person}"),
        )

    @rule()
    def rhythms_are_cached(self) -> None:
        cache_rhythms(self.db, self.day)

    @rule(days=st.integers(-2, 3))
    def another_day_comes(self, days: int) -> None:
        self.day = (TODAY + timedelta(days=days)).isoformat()

    def _change_note(self, sql: str, at: int, **values: object) -> None:
        notes = [each for (each,) in self.db.execute("SELECT id FROM note ORDER BY id")]
        if notes:
            self.db.execute(sql, {**values, "note": notes[at % len(notes)]})

    @invariant()
    def rhythms_are_as_computed_by_hand(self) -> None:
        assert {
            k: tuple(v) for k, v in candidates.load_rhythms(self.db, self.day).items()
        } == by_hand(self.db, self.day)

    def teardown(self) -> None:
        self.db.close()


TestTalking = Talking.TestCase


@pytest.mark.parametrize("gaps", [[], [[7]], [[1, 9], [4]], [[3, 3, 8, 20], [], [1, 400]]])
def test_the_gaps_of_the_book_are_those_of_everyone(gaps: list[list[int]]) -> None:
    rhythms = [candidates.Rhythm("2026-11-01", len(each) + 1, each) for each in gaps]
    every = [gap for each in gaps for gap in each]
    assert candidates.compute_book_gaps(rhythms) == (len(every), median(every) if every else 0)


def count_cached(book: Path) -> int:
    """Return how many rhythms are cached."""
    with closing(connect(book)) as db:
        return int(db.execute("SELECT count(*) FROM rhythm").fetchone()[0])


def test_a_cached_rhythm_is_never_out_of_date(kin: Kin, book: Path) -> None:
    kin("add", "Maya Okafor", "--into", "pottery")
    kin("add", "Tom Becker", "--into", "chess")
    for day in ("2026-08-01", "2026-08-11", "2026-08-31"):
        kin("note", f"{day}: tea with Maya and Tom")
    assert [*gaps(kin)] == [("maya-o", 2), ("tom-b", 2)]
    assert count_cached(book) == 2
    kin("note", "2026-09-10: tea with Maya")
    assert count_cached(book) == 1
    assert [*gaps(kin)] == [("maya-o", 3), ("tom-b", 2)]
    kin("undo")
    assert [*gaps(kin)] == [("maya-o", 2), ("tom-b", 2)]
    kin("redo")
    assert [*gaps(kin)] == [("maya-o", 3), ("tom-b", 2)]
    kin("add", "Maya Other")
    kin("note", "2026-10-10: tea with Maya Other")
    kin("merge", "maya-o", "maya-other", "--yes")
    assert [*gaps(kin)] == [("maya-o", 4), ("tom-b", 2)]


def gaps(kin: Kin) -> Iterator[tuple[str, int]]:
    """Yield how many gaps each rhythm has."""
    for each in sorted(kin("reconnect", "--why", "--json").json, key=handle):
        yield handle(each), each["why"]["gap_days"]


def handle(each: dict[str, Any]) -> str:
    return str(each["person"]["handle"])


def test_a_note_in_the_future_makes_no_rhythm_until_its_day(
    kin: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kin("add", "Maya Okafor", "--into", "pottery")
    kin("note", "2026-08-01: tea with Maya")
    kin("note", "2026-08-11: tea with Maya")
    with book_session.open_for_writing(book, TODAY) as session:
        db = book_session.get_connection(session)
        db.execute("UPDATE note SET day = '2026-12-01' WHERE day = '2026-08-11'")
    assert [*gaps(kin)] == [("maya-o", 0)]
    assert count_cached(book) == 0
    monkeypatch.setenv("KIN_NOW", "2026-12-09")
    assert [*gaps(kin)] == [("maya-o", 1)]
    assert count_cached(book) == 1
    monkeypatch.setenv("KIN_NOW", "2026-11-24")
    assert [*gaps(kin)] == [("maya-o", 0)]
