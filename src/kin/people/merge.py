"""Two cards of one person become one: everything of both is kept, and it is one step to undo.

Its one rule: where the two say otherwise, the one that stays wins, and what the other said stays as a remark.
"""

import sqlite3

from sqlmodel import Session

from kin.book import undo_log as journal
from kin.book.session import connection_of
from kin.constants import ME
from kin.errors import UsageError
from kin.formats.from_book import OWN
from kin.language.text import fold
from kin.people import queries as people
from kin.people.merge_result import Merged
from kin.people.service import reindex

# Every column that names a person, and what makes its row the same as one of the other's.
_LINKS = (
    ("conversation_person", "person_id"),
    ("thread_person", "person_id"),
    ("person_group", "person_id"),
    ("nickname", "person_id"),
    ("contact", "person_id"),
    ("remark", "person_id"),
    ("synced", "person_id"),
    ("showing", "person_id"),
    ("rest", "person_id"),
    ("sent", "person_id"),
    ("person", "met_through"),
    ("caught", "from_id"),
    ("tie", "a_id"),
    ("tie", "b_id"),
)
_SCALARS = {
    "lives": "lives",
    "circle": "circle",
    "met_at": "met at",
    "met_story": "how you met",
    "met_on": "met on",
}


def merge(session: Session, keep: str, other: str, today: str) -> Merged:
    """Take the card of `other` into that of `keep`; raise UsageError where there are not two people."""
    db = connection_of(session)
    one, two = people.find(db, keep), people.find(db, other)
    if one.id == two.id:
        raise UsageError(f"{one.name} is one person already.", "Name two: kin merge KEEP OTHER")
    if ME in (one.id, two.id):
        raise UsageError("You cannot be merged with somebody.", "kin edit changes a card.")
    said = [
        *_scalars(db, one.id, two.id),
        *_interests(db, one.id, two.id),
        *_days(db, one.id, two.id),
    ]
    _names(db, one, two)
    _introductions(db, one.id, two.id)
    _records(db, one.id, two.id)
    for table, column in _LINKS:
        db.execute(
            f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {column} = ?", (one.id, two.id)
        )
    db.execute("UPDATE person SET met_through = NULL WHERE id = met_through")
    db.execute("DELETE FROM person WHERE id = ?", (two.id,))  # what both had goes with the second
    for words in said:
        db.execute("INSERT OR IGNORE INTO remark (person_id, text) VALUES (?, ?)", (one.id, words))
    reindex(db, one.id)
    session.expire_all()
    journal.name(db, _describe_merge(two.name, one.name))
    return Merged(people.card(db, one.id, today), two.handle, tuple(said))


def _scalars(db: sqlite3.Connection, one: int, two: int) -> list[str]:
    """Fill what the first lacks; return what the second said otherwise."""
    columns = ", ".join((*_SCALARS, "met_precision", "met_through"))
    read = f"SELECT {columns} FROM person WHERE id = ?"
    held, new = (
        dict(
            zip(
                (*_SCALARS, "met_precision", "met_through"),
                db.execute(read, (each,)).fetchone(),
                strict=True,
            )
        )
        for each in (one, two)
    )
    otherwise = []
    for column, label in _SCALARS.items():
        if new[column] is None:
            continue
        if held[column] is None:
            db.execute(f"UPDATE person SET {column} = ? WHERE id = ?", (new[column], one))
            if column == "met_on":
                db.execute(
                    "UPDATE person SET met_precision = ? WHERE id = ?", (new["met_precision"], one)
                )
        elif fold(held[column]) != fold(new[column]):
            otherwise.append(f"{label}: {new[column]}")
    if held["met_through"] is None and new["met_through"] not in (None, one):
        db.execute("UPDATE person SET met_through = ? WHERE id = ?", (new["met_through"], one))
    return otherwise


def _interests(db: sqlite3.Connection, one: int, two: int) -> list[str]:
    """Take the second's interests over; of one that both hold, the second's story stays as a remark."""
    otherwise = []
    rows = db.execute(
        "SELECT pi.id, pi.interest_id, i.label, pi.stance, pi.note FROM person_interest pi "
        "JOIN interest i ON i.id = pi.interest_id WHERE pi.person_id = ? ORDER BY pi.id",
        (two,),
    ).fetchall()
    for link, interest, label, stance, note in rows:
        held = db.execute(
            "SELECT id, stance, note FROM person_interest WHERE person_id = ? AND interest_id = ?",
            (one, interest),
        ).fetchone()
        if held is None:
            db.execute("UPDATE person_interest SET person_id = ? WHERE id = ?", (one, link))
            continue
        if note is not None and held[2] is None:
            db.execute("UPDATE person_interest SET note = ? WHERE id = ?", (note, held[0]))
        elif note is not None and note != held[2]:
            otherwise.append(f"{label}: {note}")
        if stance != held[1]:
            otherwise.append(f"{label}: {'into it' if stance == 'into' else 'collides'}")
        caught = "INSERT OR IGNORE INTO caught (link_id, from_id) SELECT ?, from_id FROM caught WHERE link_id = ?"
        db.execute(caught, (held[0], link))
    return otherwise


def _days(db: sqlite3.Connection, one: int, two: int) -> list[str]:
    """Take the second's days over; of a day that both have, the second's stays as a remark."""
    otherwise = []
    rows = db.execute(
        "SELECT id, kind, label, on_day FROM occasion WHERE person_id = ?", (two,)
    ).fetchall()
    for row, kind, label, day in rows:
        held = db.execute(
            "SELECT id, on_day FROM occasion WHERE person_id = ? AND kind = ? AND label = ?",
            (one, kind, label),
        ).fetchone()
        if held is None:
            db.execute("UPDATE occasion SET person_id = ? WHERE id = ?", (one, row))
        elif held[1].startswith("--") and held[1][-5:] == day[-5:]:
            db.execute("UPDATE occasion SET on_day = ? WHERE id = ?", (day, held[0]))
        elif held[1] != day and not (day.startswith("--") and held[1][-5:] == day[-5:]):
            otherwise.append(f"{label}: {day}")
    return otherwise


def _names(db: sqlite3.Connection, one: people.Found, two: people.Found) -> None:
    """Let the second's names live on as nicknames, where they are others than the first's."""
    spelled = "coalesce(nullif(folded(nickname), ''), nickname)"
    twice = (
        f"DELETE FROM nickname WHERE person_id = ? AND {spelled} IN "
        f"(SELECT {spelled} FROM nickname WHERE person_id = ?)"
    )
    db.execute(twice, (two.id, one.id))
    called = "SELECT nickname FROM nickname WHERE person_id IN (?, ?)"
    held = [one.name, *(name for (name,) in db.execute(called, (one.id, two.id)))]
    if fold(two.name) not in map(fold, held):
        add = "INSERT OR IGNORE INTO nickname (person_id, nickname) VALUES (?, ?)"
        db.execute(add, (one.id, two.name))


def _records(db: sqlite3.Connection, one: int, two: int) -> None:
    """Take the second's records over, behind the first's: its card and UID stay the first's.

    The second's own UID stays as the key of a record, so that a card that went out is known again.
    """
    db.execute(
        "INSERT INTO origin (person_id, kind, key, raw) "
        "SELECT ?, kind, key, raw FROM origin WHERE person_id = ? ORDER BY id",
        (one, two),
    )
    db.execute(
        "INSERT INTO origin (person_id, kind, key) SELECT ?, ?, uid FROM uid WHERE person_id = ?",
        (one, OWN, two),
    )
    db.execute("DELETE FROM origin WHERE person_id = ?", (two,))


def _introductions(db: sqlite3.Connection, one: int, two: int) -> None:
    """Let the second's introductions be the first's; what the first said wins."""
    rows = db.execute(
        "SELECT a_id, b_id, a_said, b_said, made_on FROM introduction WHERE ? IN (a_id, b_id)",
        (two,),
    ).fetchall()
    for a, b, a_said, b_said, made_on in rows:
        other, said, other_said = (b, a_said, b_said) if a == two else (a, b_said, a_said)
        if other == one:
            continue
        pair = (one, other, said, other_said) if one < other else (other, one, other_said, said)
        db.execute(
            "INSERT OR IGNORE INTO introduction (a_id, b_id, a_said, b_said, made_on) VALUES (?, ?, ?, ?, ?)",
            (*pair, made_on),
        )


def _describe_merge(other: str, name: str) -> str:
    """Name the step that made one card of two."""
    return f"{other} and {name} as one card"
