"""Acceptance 12: what a hundred commands have done is undone by a hundred undos, to the last row; and done again."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from kin.book import schema
from kin.cli import main
from tests.cli.test_history import CHANGES, dump

WHOLE_RUNS = settings(
    deadline=None,
    phases=(Phase.explicit, Phase.generate),  # to shrink a run of commands takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@settings(WHOLE_RUNS, max_examples=12)
@given(st.lists(st.sampled_from(CHANGES), min_size=4, max_size=14))
def test_whatever_was_done_can_be_undone_and_done_again(
    book: Path, five_people: bytes, changes: list[tuple[str, ...]]
) -> None:
    _back_and_forth(book, five_people, changes)


@pytest.mark.long
@settings(WHOLE_RUNS, max_examples=10)
@given(st.lists(st.sampled_from(CHANGES), min_size=100, max_size=100))
def test_a_hundred_steps_can_be_undone_and_done_again(
    book: Path, five_people: bytes, changes: list[tuple[str, ...]]
) -> None:
    _back_and_forth(book, five_people, changes)


def _back_and_forth(book: Path, begun: bytes, changes: list[tuple[str, ...]]) -> None:
    """Do these changes, undo each, and do each again."""
    book.write_bytes(begun)
    states = [dump(book)]
    for words in changes:
        main(words)
        if (state := dump(book)) != states[-1]:
            states.append(state)
    for before in reversed(states[:-1]):
        assert main(["undo"]) == 0
        assert dump(book) == before
    for after in states[1:]:
        assert main(["redo"]) == 0
        assert dump(book) == after


@pytest.mark.parametrize(
    "trigger", ["person_interest_back_delete", "thread_back_update", "nickname_back_insert"]
)
def test_control_a_change_that_is_not_recorded_does_not_come_back(
    trigger: str, book: Path, five_people: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A book that lacks a trigger is refused before anything is lost; here it is not.
    monkeypatch.setattr(schema, "differences", lambda *_: schema.Differences((), ()))
    book.write_bytes(five_people)
    with closing(sqlite3.connect(book)) as db:
        db.execute(f"DROP TRIGGER {trigger}")
    forgetful = book.read_bytes()
    changes = [
        ("edit", "maya", "--not-into", "fado"),
        ("heard", "maya", "kiln"),
        ("edit", "zoe", "--nick", "Zo"),
    ]
    with pytest.raises(AssertionError):
        _back_and_forth(book, forgetful, changes)
