"""Reads notes from the book, and the records of a note."""

import sqlite3
from collections.abc import Sequence
from typing import Any, NamedTuple

from kin.errors import NotFoundError
from kin.records import Hidden, PersonRef


class NotePerson(NamedTuple):
    """Someone who was there, and the words that named them in the note or in an option."""

    id: Hidden[int]
    handle: str
    name: str
    matched: str

    @property
    def ref(self) -> PersonRef:
        """The person without the words."""
        return PersonRef(self.id, self.handle, self.name)


class UnsureName(NamedTuple):
    """Words of a note that may mean several people.

    `candidates` are the first of them, `descriptions` tell the first few apart, `total` counts all.
    """

    kind: str
    text: str
    candidates: tuple[PersonRef, ...]
    descriptions: Hidden[tuple[str, ...]] = ()
    total: Hidden[int] = 0


class NoteInterest(NamedTuple):
    """An interest that a note touched."""

    key: str
    label: str


class NoteQuestion(NamedTuple):
    """A question that a note opened; `on` is the day from which to ask it."""

    text: str
    people: tuple[PersonRef, ...]
    on: str | None


class Note(NamedTuple):
    """A note in the book: a conversation, with your words as you typed them.

    `body_start` is the index in `text` after the `DAY:` at its start, 0 without one.
    """

    on: str
    precision: str
    text: str
    people: tuple[NotePerson, ...]
    unsure: tuple[UnsureName, ...]
    interests: tuple[NoteInterest, ...]
    questions: tuple[NoteQuestion, ...]
    place: str | None
    by: str | None
    body_start: Hidden[int] = 0

    @property
    def body(self) -> str:
        """The text without the `DAY:` at its start, to be shown after the day."""
        return self.text[self.body_start :].strip()


class NoteList(NamedTuple):
    """The answer of `kin notes`."""

    notes: tuple[Note, ...]


class NoteFilter(NamedTuple):
    """Which notes to list; everything that is set must hold.

    `people` are ids of people who were all there, `about` ids of interests, one of them touched by
    the note; `since` and `until` are ISO days.
    """

    people: tuple[int, ...] = ()
    about: tuple[int, ...] | None = None
    place: str | None = None
    since: str | None = None
    until: str | None = None
    limit: int | None = None


def list_notes(db: sqlite3.Connection, criteria: NoteFilter) -> tuple[Note, ...]:
    """Return the notes that match, newest first."""
    sql, values = _build_note_query(criteria)
    return load_notes(db, [row[0] for row in db.execute(sql, values)])


def _build_note_query(criteria: NoteFilter) -> tuple[str, list[str | int]]:
    first = criteria.people[:1]
    source = "note_person np JOIN note n ON n.id = np.note_id" if first else "note n"
    day = "np.day" if first else "n.day"
    conditions, values = (["np.person_id = ?"], [*first]) if first else ([], [])
    parameters: list[str | int] = [*values]
    for other in criteria.people[1:]:
        conditions.append(
            "EXISTS (SELECT 1 FROM note_person o WHERE o.note_id = n.id AND o.person_id = ?)"
        )
        parameters.append(other)
    if criteria.about is not None:
        placeholders = ",".join("?" * len(criteria.about))
        conditions.append(
            f"EXISTS (SELECT 1 FROM note_interest ni WHERE ni.interest_id IN ({placeholders}) AND ni.note_id = n.id)"
        )
        parameters += criteria.about
    if criteria.place is not None:
        conditions.append("instr(folded(n.place), folded(?))")
        parameters.append(criteria.place)
    for operator, limit in ((">=", criteria.since), ("<=", criteria.until)):
        if limit is not None:
            conditions.append(f"{day} {operator} ?")
            parameters.append(limit)
    where = f"WHERE {' AND '.join(conditions)} " if conditions else ""
    limit = "LIMIT ?" if criteria.limit else ""
    parameters += [criteria.limit] if criteria.limit else []
    order = "np.day DESC, np.note_id DESC" if first else "n.day DESC, n.id DESC"
    return f"SELECT n.id FROM {source} {where}ORDER BY {order} {limit}", parameters


def load_notes(db: sqlite3.Connection, ids: Sequence[int]) -> tuple[Note, ...]:
    """Return the notes with these ids, in the same order."""
    return tuple(
        note
        for start in range(0, len(ids), 500)
        for note in _load_note_batch(db, ids[start : start + 500])
    )


def _load_note_batch(db: sqlite3.Connection, ids: Sequence[int]) -> list[Note]:
    placeholders = ",".join("?" * len(ids))
    rows = {
        row[0]: row[1:]
        for row in db.execute(
            f"SELECT id, day, precision, text, text_from, place, by FROM note WHERE id IN ({placeholders})",
            tuple(ids),
        )
    }
    people = _group_rows_by_note(
        db,
        "SELECT np.note_id, p.id, p.handle, p.name, np.matched FROM note_person np "
        f"JOIN person p ON p.id = np.person_id WHERE np.note_id IN ({placeholders}) ORDER BY p.name",
        ids,
    )
    interests = _group_rows_by_note(
        db,
        "SELECT ni.note_id, i.key, i.label FROM note_interest ni "
        f"JOIN interest i ON i.id = ni.interest_id WHERE ni.note_id IN ({placeholders}) ORDER BY i.label",
        ids,
    )
    questions = _load_note_questions(db, ids)
    notes = []
    for note_id in ids:
        day, precision, words, body_start, place, by = rows[note_id]
        notes.append(
            Note(
                on=day,
                precision=precision,
                text=words,
                people=tuple(NotePerson(*each) for each in people.get(note_id, [])),
                unsure=(),
                interests=tuple(NoteInterest(*each) for each in interests.get(note_id, [])),
                questions=tuple(questions.get(note_id, [])),
                place=place,
                by=by,
                body_start=body_start,
            )
        )
    return notes


def _load_note_questions(
    db: sqlite3.Connection, ids: Sequence[int]
) -> dict[int, list[NoteQuestion]]:
    placeholders = ",".join("?" * len(ids))
    questions: dict[int, tuple[int, str, str | None, list[PersonRef]]] = {}
    for question_id, note_id, text, on, person_id, handle, name in db.execute(
        "SELECT q.id, q.note_id, q.text, q.on_day, p.id, p.handle, p.name FROM question q "
        "LEFT JOIN question_person qp ON qp.question_id = q.id LEFT JOIN person p ON p.id = qp.person_id "
        f"WHERE q.note_id IN ({placeholders}) ORDER BY q.id, p.name",
        tuple(ids),
    ):
        people = questions.setdefault(question_id, (note_id, text, on, []))[3]
        if person_id is not None:
            people.append(PersonRef(person_id, handle, name))
    questions_by_note: dict[int, list[NoteQuestion]] = {}
    for note_id, text, on, people in questions.values():
        questions_by_note.setdefault(note_id, []).append(NoteQuestion(text, tuple(people), on))
    return questions_by_note


def _group_rows_by_note(
    db: sqlite3.Connection, sql: str, ids: Sequence[int]
) -> dict[int, list[tuple[Any, ...]]]:
    rows_by_note: dict[int, list[tuple[Any, ...]]] = {}
    for note_id, *values in db.execute(sql, tuple(ids)):
        rows_by_note.setdefault(note_id, []).append(tuple(values))
    return rows_by_note


def find_newest_note_id(db: sqlite3.Connection) -> int:
    """Return the id of the note that was added last; raise NotFoundError if there is none."""
    row = db.execute("SELECT max(id) FROM note").fetchone()
    if row[0] is None:
        raise NotFoundError("You have no notes yet.", 'Add one: kin note "coffee with Maya"')
    return int(row[0])
