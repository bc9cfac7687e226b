"""Reads questions to ask next time: those of one person, and those due in a span of days."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from kin.records import Hidden, PersonRef


class Question(NamedTuple):
    """A question to ask next time, open until it is answered; `on` is the day from which to ask it."""

    text: str
    people: tuple[PersonRef, ...]
    opened_on: str
    on: str | None
    answered_on: str | None
    answer: str | None


class OpenQuestion(NamedTuple):
    """An open question to one person."""

    text: str
    opened_on: str
    on: str | None
    id: Hidden[int] = 0


def list_open_questions(
    db: sqlite3.Connection, person_id: int, today: str
) -> tuple[OpenQuestion, ...]:
    """Return the open questions to one person: due ones first, then those without a day, then later ones."""
    rows = db.execute(
        "SELECT q.text, q.opened_on, q.on_day, q.id FROM question_person qp JOIN question q ON q.id = qp.question_id "
        "WHERE qp.person_id = ? AND q.answered_on IS NULL ORDER BY CASE WHEN q.on_day <= ? THEN 0 WHEN q.on_day IS NULL THEN 1 ELSE 2 END, q.on_day, q.opened_on, q.id",
        (person_id, today),
    )
    return tuple(OpenQuestion(*row) for row in rows)


def list_questions_due_between(
    db: sqlite3.Connection, since: str, until: str
) -> tuple[Question, ...]:
    """Return the open questions whose day is between two ISO days, both included, soonest first."""
    rows = db.execute(
        "SELECT id FROM question WHERE answered_on IS NULL AND on_day BETWEEN ? AND ? ORDER BY on_day, id",
        (since, until),
    ).fetchall()
    return load_questions(db, [row[0] for row in rows])


def load_questions(db: sqlite3.Connection, ids: Sequence[int]) -> tuple[Question, ...]:
    """Return the questions with these ids, in the same order."""
    return tuple(_load_question(db, each) for each in ids)


def _load_question(db: sqlite3.Connection, question_id: int) -> Question:
    text, opened_on, on, answered_on, answer = db.execute(
        "SELECT text, opened_on, on_day, answered_on, answer FROM question WHERE id = ?",
        (question_id,),
    ).fetchone()
    people = db.execute(
        "SELECT p.id, p.handle, p.name FROM question_person qp JOIN person p ON p.id = qp.person_id WHERE qp.question_id = ? ORDER BY p.name",
        (question_id,),
    )
    return Question(
        text, tuple(PersonRef(*row) for row in people), opened_on, on, answered_on, answer
    )
