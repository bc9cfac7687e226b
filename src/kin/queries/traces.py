"""Where somebody is named: in words on others, on their cards, in what you said of interests.

Its one rule: words are theirs when redaction would change them; the mirror shows these, and forgetting takes
the name out of them.
"""

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from kin.formats import vcard_redact
from kin.queries import naming, phone_card
from kin.queries.kinship import ME
from kin.redaction import Called, is_called_by, redacted
from kin.text import fold

# Whom a conversation or a thread is left with, you aside.
OTHERS = f"other.person_id NOT IN (mine.person_id, {ME})"
_TALKS = (
    "SELECT mine.conversation_id, EXISTS (SELECT 1 FROM conversation_person other "
    f"WHERE other.conversation_id = mine.conversation_id AND {OTHERS}) "
    "FROM conversation_person mine WHERE mine.person_id = ?"
)


class Words(NamedTuple):
    """A column in which words may speak of somebody else than its row's person.

    `called` is what the mirror calls it; `whose` asks for the people of a row.
    """

    table: str
    column: str
    called: str
    whose: str


_LABELS = ("lives", "place", "met_at", "label", "a_label", "b_label")
_OF_ROW = "SELECT person_id FROM {} WHERE id = ?"
_OF_TALK = "SELECT person_id FROM conversation_person WHERE conversation_id = ?"
_OF_THREAD = "SELECT person_id FROM thread_person WHERE thread_id = ?"
WORDS = (
    Words("conversation", "text", "conversation", _OF_TALK),
    Words("conversation", "place", "conversation", _OF_TALK),
    Words("thread", "text", "thread", _OF_THREAD),
    Words("thread", "outcome", "outcome", _OF_THREAD),
    Words("person", "met_story", "met", "SELECT ?"),
    Words("person", "met_at", "met at", "SELECT ?"),
    Words("person", "lives", "lives", "SELECT ?"),
    Words("person_interest", "note", "interest", _OF_ROW.format("person_interest")),
    Words("nickname", "nickname", "nickname", _OF_ROW.format("nickname")),
    Words("occasion", "label", "day", _OF_ROW.format("occasion")),
    Words("tie", "word", "tie", "SELECT a_id FROM tie WHERE id = ?1 UNION SELECT b_id FROM tie WHERE id = ?1"),
    Words("sent", "text", "sent", _OF_ROW.format("sent")),
    Words("remark", "text", "remark", _OF_ROW.format("remark")),
    Words("contact", "label", "way", _OF_ROW.format("contact")),
    Words("interest", "label", "interest", "SELECT person_id FROM person_interest WHERE interest_id = ?"),
    Words("people_group", "label", "group", "SELECT person_id FROM person_group WHERE group_id = ?"),
    Words("vocabulary_word", "a_label", "vocab", "SELECT 1 WHERE ? < 0"),
    Words("vocabulary_word", "b_label", "vocab", "SELECT 1 WHERE ? < 0"),
)  # fmt: skip


class Traces(NamedTuple):
    """How to find somebody: anywhere, in each conversation that they were part of, in each thread of one."""

    anywhere: Called
    talks: dict[int, Called]
    threads: dict[int, Called]

    def of(self, table: str, row: int) -> Called:
        """Return how they are called in the words of a row."""
        own = {"conversation": self.talks, "thread": self.threads}.get(table, {})
        return own.get(row, self.anywhere)


class Trace(NamedTuple):
    """Words that name them: in which column and row they stand, and what is left without the name."""

    words: Words
    row: int
    text: str
    kept: str


class Who(NamedTuple):
    """Somebody."""

    handle: str
    name: str


def talks(db: sqlite3.Connection, person_id: int) -> list[tuple[int, int]]:
    """Return the conversations with somebody, and whether others were there."""
    return db.execute(_TALKS, (person_id,)).fetchall()


def of(db: sqlite3.Connection, person: int) -> Traces:
    """Tell how somebody is to be found; a word that is another's name too only in company without that other."""
    names = naming.names_of(db, person)
    found = {
        talk: naming.in_talk(names, talk, naming.of_others_there(db, talk, person))
        for talk, _ in talks(db, person)
    }
    opened = "SELECT id FROM thread WHERE conversation_id = ?"
    threads = {
        row[0]: theirs for talk, theirs in found.items() for row in db.execute(opened, (talk,))
    }
    return Traces(naming.anywhere(names), found, threads)


def found(db: sqlite3.Connection, traces: Traces) -> Iterator[Trace]:
    """Yield all words in the book's columns that name them; a note without its `DAY:`."""
    for words in WORDS:
        start = "told_from" if (words.table, words.column) == ("conversation", "text") else "0"
        rows = db.execute(
            f"SELECT id, {words.column}, {start} FROM {words.table} WHERE {words.column} IS NOT NULL ORDER BY id"
        )
        for row, text, begins in rows.fetchall():
            kept = text[:begins] + redacted(
                text[begins:], traces.of(words.table, row), label=words.column in _LABELS
            )
            if kept != text:
                yield Trace(words, row, text, kept)


def on_cards(db: sqlite3.Connection, person: int, names: Called) -> Iterator[tuple[int, str]]:
    """Yield whose cards from elsewhere name them, and the words that do."""
    seen: list[str] = []

    def instead(words: str) -> str:
        if (kept := redacted(words, names)) != words:
            seen.append(words)
        return kept

    for owner, raw in db.execute(
        "SELECT person_id, raw FROM origin WHERE raw IS NOT NULL AND person_id <> ?", (person,)
    ).fetchall():
        vcard_redact.redacted(raw, instead)
        yield from ((owner, words) for words in dict.fromkeys(seen))
        seen.clear()
    for owner, base, uid in db.execute(
        "SELECT person_id, base, uid FROM synced WHERE person_id <> ?", (person,)
    ).fetchall():
        phone_card.redacted(base, uid, instead)
        yield from ((owner, words) for words in dict.fromkeys(seen))
        seen.clear()


def whose(db: sqlite3.Connection, trace: Trace) -> list[int]:
    """Return the people whose words, thread or conversation it is."""
    return [row[0] for row in db.execute(trace.words.whose, (trace.row,))]


def still_named(db: sqlite3.Connection, person: int) -> tuple[Who, ...]:
    """Tell whose name or handle holds the name of somebody, which forgetting them does not change."""
    (name,) = db.execute("SELECT name FROM person WHERE id = ?", (person,)).fetchone()
    plain = fold(name)
    rows = db.execute(
        "SELECT handle, name FROM person WHERE id NOT IN (?, ?) ORDER BY name", (person, ME)
    )
    return tuple(
        Who(handle, other)
        for handle, other in rows.fetchall()
        if is_called_by(other, name)
        or (" " in plain and plain in fold(handle) and fold(other) != plain)
    )
