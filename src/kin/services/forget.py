"""Forgetting somebody: every row, every name in the words that stay, and the history that could bring them back.

Its one rule: no byte of theirs is left. The caller finishes it (services.finishing); until then a mark says so.
"""

import sqlite3
from typing import Any, NamedTuple

from sqlmodel import Session

from kin import interest_index, vdir, vocabulary
from kin.formats import vcard_redact, vcard_who
from kin.queries import forget as told
from kin.queries import people, phone_card
from kin.queries.forget import Reach
from kin.redaction import Called, called, redacted
from kin.services import finishing
from kin.store import connection_of
from kin.who import name_words

# Every column in which words may speak of somebody else than its row's person, and its table's key.
_WORDS = (
    ("conversation", "text", "id"),
    ("conversation", "place", "id"),
    ("thread", "text", "id"),
    ("thread", "outcome", "id"),
    ("person", "met_story", "id"),
    ("person", "met_at", "id"),
    ("person", "lives", "id"),
    ("person_interest", "note", "id"),
    ("nickname", "nickname", "id"),
    ("occasion", "label", "id"),
    ("tie", "word", "id"),
    ("sent", "text", "id"),
    ("remark", "text", "id"),
    ("contact", "label", "id"),
)
# Labels with a key of their own.
_LABELS = (("interest", vocabulary.key), ("people_group", vocabulary.group_key))


class _Traces(NamedTuple):
    """How to find somebody: anywhere, and in each conversation that they were part of."""

    anywhere: Called
    talks: dict[int, Called]


def forget(session: Session, who: str, notes: str) -> Reach:
    """Take somebody out of the book, and say how far they reached; it cannot be undone.

    Notes that are shared with others are left as they are (`keep`), left without the name (`redact`), or
    go too (`delete`).
    """
    db = connection_of(session)
    found = told.reach(db, who)
    person = people.find(db, f"@{found.handle}").id
    traces = _traces(db, person)
    loved = _column(db, "SELECT interest_id FROM person_interest WHERE person_id = ?", person)
    for talk, with_others in told.talks(db, person):
        if not with_others or notes == "delete":
            db.execute("DELETE FROM conversation WHERE id = ?", (talk,))
    for thread in told.threads(db, person):
        db.execute("DELETE FROM thread WHERE id = ?", (thread,))
    _mask(db, person)
    db.execute("DELETE FROM person WHERE id = ?", (person,))  # all that is theirs goes with them
    if notes != "keep":
        _redact(db, traces)
    _sweep(db, loved)
    finishing.mark(db)
    return found


def _traces(db: sqlite3.Connection, person: int) -> _Traces:
    (name, handle) = db.execute(
        "SELECT name, handle FROM person WHERE id = ?", (person,)
    ).fetchone()
    nicknames = _column(db, "SELECT nickname FROM nickname WHERE person_id = ?", person)
    ways = _column(db, "SELECT value FROM contact WHERE person_id = ?", person)
    words = _column(
        db, "SELECT word FROM name_word WHERE person_id = ? AND length(word) > 1", person
    )
    others = "SELECT 1 FROM name_word WHERE word = ? AND person_id <> ?"
    own = [word for word in words if not db.execute(others, (word, person)).fetchone()]
    # As they stand in your words: somebody may have been called otherwise then.
    stood = dict(
        db.execute(
            "SELECT conversation_id, matched FROM conversation_person WHERE person_id = ? AND matched <> ''",
            (person,),
        ).fetchall()
    )
    once = [each for each in stood.values() if " " in each or each.startswith("@")]
    sure = [name, f"@{handle}", *once, *ways]
    company = (
        "SELECT word FROM name_word WHERE person_id IN "
        "(SELECT person_id FROM conversation_person WHERE conversation_id = ?1 AND person_id <> ?2)"
    )
    talks = {}
    for talk, _ in told.talks(db, person):
        also = {row[0] for row in db.execute(company, (talk, person))}
        names = [*sure, *(each for each in nicknames if not also & set(name_words(each)))]
        names += [stood[talk]] if talk in stood else []
        talks[talk] = called(names, [*own, handle, *(word for word in words if word not in also)])
    full = [each for each in nicknames if " " in each]
    return _Traces(called([*sure, *full], [*own, handle]), talks)


def _column(db: sqlite3.Connection, sql: str, person: int) -> list[Any]:
    return [row[0] for row in db.execute(sql, (person,))]


def _redact(db: sqlite3.Connection, traces: _Traces) -> None:
    opened = "SELECT id FROM thread WHERE conversation_id = ?"
    threads = {
        row[0]: names for talk, names in traces.talks.items() for row in db.execute(opened, (talk,))
    }
    theirs = {"conversation": traces.talks, "thread": threads}
    for table, column, key in _WORDS:
        start = "told_from" if (table, column) == ("conversation", "text") else "0"
        rows = db.execute(
            f"SELECT {key}, {column}, {start} FROM {table} WHERE {column} IS NOT NULL"
        )
        for row, text, begins in rows.fetchall():
            who = theirs.get(table, {}).get(row, traces.anywhere)
            kept = text[:begins] + redacted(text[begins:], who)
            if kept != text:
                db.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (kept, row))
    for table, key_of in _LABELS:
        for row, label in db.execute(f"SELECT id, label FROM {table}").fetchall():
            if (kept := redacted(label, traces.anywhere)) != label:
                _relabel(db, table, row, kept, key_of(kept))
    _redact_cards(db, traces.anywhere)
    for row, a, b in db.execute("SELECT id, a_label, b_label FROM vocabulary_word").fetchall():
        if (redacted(a, traces.anywhere), redacted(b, traces.anywhere)) != (a, b):
            db.execute("DELETE FROM vocabulary_word WHERE id = ?", (row,))


def _mask(db: sqlite3.Connection, person: int) -> None:
    """Keep of cards in synced folders no more than what tells them again, should they come back."""
    rows = db.execute("SELECT folder, file, uid FROM synced WHERE person_id = ?", (person,))
    for folder, file, uid in rows.fetchall():
        db.execute("DELETE FROM synced WHERE folder = ? AND file = ?", (folder, file))
        db.execute(
            "INSERT OR IGNORE INTO synced (folder, file, person_id, uid, digest, base) VALUES (?, ?, NULL, ?, '', x'')",
            (folder, vdir.masked(file), vdir.masked(vcard_who.key(uid)) if uid else None),
        )


def _redact_cards(db: sqlite3.Connection, traces: Called) -> None:
    """Take the name out of cards of others, as they came and as they were synced last."""

    def instead(words: str) -> str:
        return redacted(words, traces)

    for row, raw in db.execute("SELECT id, raw FROM origin WHERE raw IS NOT NULL").fetchall():
        if (kept := vcard_redact.redacted(raw, instead)) != raw:
            db.execute("UPDATE origin SET raw = ? WHERE id = ?", (kept, row))
    for folder, file, uid, base in db.execute(
        "SELECT folder, file, uid, base FROM synced WHERE person_id IS NOT NULL"
    ).fetchall():
        if (kept := phone_card.redacted(base, uid, instead)) != base:
            db.execute(
                "UPDATE synced SET base = ? WHERE folder = ? AND file = ?", (kept, folder, file)
            )


def _relabel(db: sqlite3.Connection, table: str, row: int, label: str, key: str) -> None:
    """Rename an interest or a group; where two come to the same name, the later one is numbered."""
    number = 1
    while db.execute(
        f"SELECT 1 FROM {table} WHERE key = ? AND id <> ?",
        (f"{key}{number if number > 1 else ''}", row),
    ).fetchone():
        number += 1
    tail = str(number) if number > 1 else ""
    db.execute(
        f"UPDATE {table} SET label = ?, key = ? WHERE id = ?",
        (f"{label} {tail}".rstrip(), key + tail, row),
    )


def _sweep(db: sqlite3.Connection, loved: list[int]) -> None:
    """Let go of what nobody holds any more, of the history, and of the words in the index."""
    nobodys = (
        "SELECT id, key FROM interest WHERE id NOT IN (SELECT interest_id FROM person_interest) "
        "AND id NOT IN (SELECT interest_id FROM conversation_topic)"
    )
    for interest, key in db.execute(nobodys).fetchall():
        db.execute("DELETE FROM interest WHERE id = ?", (interest,))
        if interest in loved:  # what you said of a word that was theirs alone
            db.execute("DELETE FROM vocabulary_word WHERE a_key = ?1 OR b_key = ?1", (key,))
    db.execute("DELETE FROM people_group WHERE id NOT IN (SELECT group_id FROM person_group)")
    interest_index.settle(db)
    db.execute("DELETE FROM change")
    db.execute("DELETE FROM step")
    db.execute("INSERT INTO search(search) VALUES ('rebuild')")
