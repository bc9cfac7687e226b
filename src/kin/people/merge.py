"""Merges two cards of the same person into one.

Where the two differ, the card that stays wins, and what the other had is kept as a fact.
"""

import sqlite3
from typing import NamedTuple

from sqlmodel import Session

from kin.book import undo_log
from kin.book.session import get_connection
from kin.constants import KIN_KIND, OWNER_ID
from kin.errors import UsageError
from kin.language.text import normalize
from kin.people import queries as people_queries
from kin.people.queries import Person
from kin.people.service import add_name_words
from kin.records import PersonRef


class MergeResult(NamedTuple):
    """The merged card, the person whose card went into it, and the facts that came from their card."""

    person: Person
    merged: PersonRef
    facts: tuple[str, ...]


# Every column that refers to a person; rows that both people have are deleted with the other card.
_PERSON_COLUMNS = (
    ("note_person", "person_id"),
    ("question_person", "person_id"),
    ("person_group", "person_id"),
    ("nickname", "person_id"),
    ("contact", "person_id"),
    ("fact", "person_id"),
    ("synced_card", "person_id"),
    ("showing", "person_id"),
    ("snooze", "person_id"),
    ("sent", "person_id"),
    ("person", "met_through"),
    ("interest_source", "from_id"),
    ("tie", "a_id"),
    ("tie", "b_id"),
)
_FIELD_LABELS = {
    "lives": "lives",
    "circle": "circle",
    "met_at": "met at",
    "met_story": "how you met",
    "met_on": "met on",
}


def merge_people(session: Session, keep: str, other: str, today: str) -> MergeResult:
    """Merge the card of `other` into that of `keep`; raise UsageError unless they are two cards, not yours."""
    db = get_connection(session)
    target, source = people_queries.find_person(db, keep), people_queries.find_person(db, other)
    if target.id == source.id:
        raise UsageError("Those are the same card.", "Name two cards: kin merge KEEP OTHER")
    if OWNER_ID in (target.id, source.id):
        raise UsageError("You can't merge your own card.", "Change a card instead: kin edit WHO")
    facts = [
        *_merge_fields(db, target.id, source.id),
        *_merge_interests(db, target.id, source.id),
        *_merge_dates(db, target.id, source.id),
    ]
    _merge_names(db, target, source)
    _merge_introductions(db, target.id, source.id)
    _merge_origins(db, target.id, source.id)
    for table, column in _PERSON_COLUMNS:
        db.execute(
            f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {column} = ?", (target.id, source.id)
        )
    db.execute("UPDATE person SET met_through = NULL WHERE id = met_through")
    db.execute("DELETE FROM person WHERE id = ?", (source.id,))
    for fact in facts:
        db.execute("INSERT OR IGNORE INTO fact (person_id, text) VALUES (?, ?)", (target.id, fact))
    add_name_words(db, target.id)
    session.expire_all()
    undo_log.name_step(db, _describe_merge(source.name, target.name))
    return MergeResult(people_queries.load_person(db, target.id, today), source, tuple(facts))


def _merge_fields(db: sqlite3.Connection, target_id: int, source_id: int) -> list[str]:
    """Fill the empty fields of the target; return where the source differs."""
    columns = ", ".join((*_FIELD_LABELS, "met_precision", "met_through"))
    fields_query = f"SELECT {columns} FROM person WHERE id = ?"
    target_fields, source_fields = (
        dict(
            zip(
                (*_FIELD_LABELS, "met_precision", "met_through"),
                db.execute(fields_query, (each,)).fetchone(),
                strict=True,
            )
        )
        for each in (target_id, source_id)
    )
    differences = []
    for column, label in _FIELD_LABELS.items():
        if source_fields[column] is None:
            continue
        if target_fields[column] is None:
            db.execute(
                f"UPDATE person SET {column} = ? WHERE id = ?", (source_fields[column], target_id)
            )
            if column == "met_on":
                db.execute(
                    "UPDATE person SET met_precision = ? WHERE id = ?",
                    (source_fields["met_precision"], target_id),
                )
        elif normalize(target_fields[column]) != normalize(source_fields[column]):
            differences.append(f"{label}: {source_fields[column]}")
    if target_fields["met_through"] is None and source_fields["met_through"] not in (
        None,
        target_id,
    ):
        db.execute(
            "UPDATE person SET met_through = ? WHERE id = ?",
            (source_fields["met_through"], target_id),
        )
    return differences


def _merge_interests(db: sqlite3.Connection, target_id: int, source_id: int) -> list[str]:
    """Move the source's interests to the target; return where both have one and differ on it."""
    differences = []
    rows = db.execute(
        "SELECT pi.id, pi.interest_id, i.label, pi.stance, pi.note FROM person_interest pi "
        "JOIN interest i ON i.id = pi.interest_id WHERE pi.person_id = ? ORDER BY pi.id",
        (source_id,),
    ).fetchall()
    for link_id, interest_id, label, stance, note in rows:
        existing = db.execute(
            "SELECT id, stance, note FROM person_interest WHERE person_id = ? AND interest_id = ?",
            (target_id, interest_id),
        ).fetchone()
        if existing is None:
            db.execute(
                "UPDATE person_interest SET person_id = ? WHERE id = ?", (target_id, link_id)
            )
            continue
        if note is not None and existing[2] is None:
            db.execute("UPDATE person_interest SET note = ? WHERE id = ?", (note, existing[0]))
        elif note is not None and note != existing[2]:
            differences.append(f"{label}: {note}")
        if stance != existing[1]:
            differences.append(f"{label}: {'into it' if stance == 'into' else 'differ'}")
        copy_source_sql = "INSERT OR IGNORE INTO interest_source (link_id, from_id) SELECT ?, from_id FROM interest_source WHERE link_id = ?"
        db.execute(copy_source_sql, (existing[0], link_id))
    return differences


def _merge_dates(db: sqlite3.Connection, target_id: int, source_id: int) -> list[str]:
    """Move the source's dates to the target; return those that both have on different days."""
    differences = []
    rows = db.execute(
        "SELECT id, kind, label, on_day FROM yearly_date WHERE person_id = ?", (source_id,)
    ).fetchall()
    for row, kind, label, day in rows:
        existing = db.execute(
            "SELECT id, on_day FROM yearly_date WHERE person_id = ? AND kind = ? AND label = ?",
            (target_id, kind, label),
        ).fetchone()
        if existing is None:
            db.execute("UPDATE yearly_date SET person_id = ? WHERE id = ?", (target_id, row))
        elif existing[1].startswith("--") and existing[1][-5:] == day[-5:]:
            db.execute("UPDATE yearly_date SET on_day = ? WHERE id = ?", (day, existing[0]))
        elif existing[1] != day and not (day.startswith("--") and existing[1][-5:] == day[-5:]):
            differences.append(f"{label}: {day}")
    return differences


def _merge_names(db: sqlite3.Connection, target: PersonRef, source: PersonRef) -> None:
    """Keep the source's names as nicknames of the target, unless the target has them."""
    normalized_sql = "coalesce(nullif(folded(nickname), ''), nickname)"
    delete_duplicates_sql = (
        f"DELETE FROM nickname WHERE person_id = ? AND {normalized_sql} IN "
        f"(SELECT {normalized_sql} FROM nickname WHERE person_id = ?)"
    )
    db.execute(delete_duplicates_sql, (source.id, target.id))
    names_query = "SELECT nickname FROM nickname WHERE person_id IN (?, ?)"
    current_names = [
        target.name,
        *(name for (name,) in db.execute(names_query, (target.id, source.id))),
    ]
    if normalize(source.name) not in map(normalize, current_names):
        insert_sql = "INSERT OR IGNORE INTO nickname (person_id, nickname) VALUES (?, ?)"
        db.execute(insert_sql, (target.id, source.name))


def _merge_origins(db: sqlite3.Connection, target_id: int, source_id: int) -> None:
    """Append the source's imported records to the target's, which keeps its own UID.

    The source's UID is kept as the key of a record, so that an exported card is recognized later.
    """
    db.execute(
        "INSERT INTO origin (person_id, kind, key, raw) "
        "SELECT ?, kind, key, raw FROM origin WHERE person_id = ? ORDER BY id",
        (target_id, source_id),
    )
    db.execute(
        "INSERT INTO origin (person_id, kind, key) SELECT ?, ?, uid FROM uid WHERE person_id = ?",
        (target_id, KIN_KIND, source_id),
    )
    db.execute("DELETE FROM origin WHERE person_id = ?", (source_id,))


def _merge_introductions(db: sqlite3.Connection, target_id: int, source_id: int) -> None:
    """Move the source's introductions to the target, unless the target has one with the same person."""
    rows = db.execute(
        "SELECT a_id, b_id, a_answer, b_answer, made_on FROM introduction WHERE ? IN (a_id, b_id)",
        (source_id,),
    ).fetchall()
    for a, b, a_answer, b_answer, made_on in rows:
        other, answer, other_answer = (
            (b, a_answer, b_answer) if a == source_id else (a, b_answer, a_answer)
        )
        if other == target_id:
            continue
        pair = (
            (target_id, other, answer, other_answer)
            if target_id < other
            else (other, target_id, other_answer, answer)
        )
        db.execute(
            "INSERT OR IGNORE INTO introduction (a_id, b_id, a_answer, b_answer, made_on) VALUES (?, ?, ?, ?, ?)",
            (*pair, made_on),
        )


def _describe_merge(other: str, name: str) -> str:
    return f"{other} and {name} as one card"
