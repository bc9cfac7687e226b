"""Acceptance 12: a hundred undos revert a hundred commands, to the last row; a hundred redos repeat them."""

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
    phases=(Phase.explicit, Phase.generate),  # shrinking a list of commands takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@settings(WHOLE_RUNS, max_examples=12)
@given(st.lists(st.sampled_from(CHANGES), min_size=4, max_size=14))
def test_any_changes_can_be_undone_and_redone(
    book: Path, five_people: bytes, changes: list[tuple[str, ...]]
) -> None:
    _undo_and_redo(book, five_people, changes)


@pytest.mark.long
@settings(WHOLE_RUNS, max_examples=10)
@given(st.lists(st.sampled_from(CHANGES), min_size=100, max_size=100))
def test_a_hundred_steps_can_be_undone_and_redone(
    book: Path, five_people: bytes, changes: list[tuple[str, ...]]
) -> None:
    _undo_and_redo(book, five_people, changes)


def _undo_and_redo(book: Path, initial: bytes, changes: list[tuple[str, ...]]) -> None:
    """Make these changes, undo them all, and redo them all."""
    book.write_bytes(initial)
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
    "trigger", ["person_interest_undo_delete", "question_undo_update", "nickname_undo_insert"]
)
def test_control_an_unrecorded_change_is_not_undone(
    trigger: str, book: Path, five_people: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    # kin refuses a book without a trigger; not so here.
    monkeypatch.setattr(schema, "find_differences", lambda *_: schema.Differences((), ()))
    book.write_bytes(five_people)
    with closing(sqlite3.connect(book)) as db:
        db.execute(f"DROP TRIGGER {trigger}")
    incomplete = book.read_bytes()
    changes = [
        ("edit", "maya", "--not-into", "fado"),
        ("answered", "maya", "kiln"),
        ("edit", "zoe", "--nick", "Zo"),
    ]
    with pytest.raises(AssertionError):
        _undo_and_redo(book, incomplete, changes)
