"""Where a person is named: in text on others, on their cards, in what you said of interests.

`kin mirror`, the dry run and `kin forget` all use the lists made here: `found` and `elsewhere` are what redaction
changes, `stays` is what it leaves.
"""

import sqlite3
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from kin.constants import ME
from kin.formats import vcard
from kin.language.person_names import name_words
from kin.privacy import name_patterns as naming
from kin.privacy.name_patterns import Names
from kin.privacy.redaction import Called, redacted
from kin.records import Hidden
from kin.transfer.sync import card_fields as phone_card

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
    """How to find a person: anywhere, in each conversation that they were part of, in each thread of one."""

    names: Names
    anywhere: Called
    talks: dict[int, Called]
    threads: dict[int, Called]

    def own(self, table: str) -> dict[int, Called]:
        """Return how they are called in the rows of a table where it is not as anywhere."""
        return {"conversation": self.talks, "thread": self.threads}.get(table, {})


class Trace(NamedTuple):
    """Words that name them: in which column and row they stand, and what is left without the name."""

    words: Words
    row: int
    text: str
    kept: str


class Who(NamedTuple):
    """A person."""

    handle: str
    name: str


class Named(NamedTuple):
    """Text that names a person: where it is, on whom, and what it says."""

    where: str
    of: tuple[Who, ...]
    text: str


class Change(NamedTuple):
    """Text that would lose a person's name, and what is left; `talk` is the conversation's id if it is one's."""

    where: str
    of: tuple[Who, ...]
    text: str
    after: str
    talk: Hidden[int | None] = None


def talks(db: sqlite3.Connection, person_id: int) -> list[tuple[int, int]]:
    """Return the conversations with somebody, and whether others were there."""
    return db.execute(_TALKS, (person_id,)).fetchall()


def of(db: sqlite3.Connection, person: int) -> Traces:
    """Return how to find a person; a word that is another's name too only in company without that other."""
    names = naming.names_of(db, person)
    found = {
        talk: naming.in_talk(names, talk, naming.of_others_there(db, talk, person))
        for talk, _ in talks(db, person)
    }
    opened = "SELECT id FROM thread WHERE conversation_id = ?"
    threads = {
        row[0]: theirs for talk, theirs in found.items() for row in db.execute(opened, (talk,))
    }
    return Traces(names, naming.anywhere(names), found, threads)


def found(db: sqlite3.Connection, traces: Traces) -> Iterator[Trace]:
    """Yield all text in the book's columns that names a person; a note without its `DAY:`."""

    @cache  # a place is the same in many rows
    def anywhere(text: str, label: bool) -> str:
        return redacted(text, traces.anywhere, label=label)

    for words in WORDS:
        start = "told_from" if (words.table, words.column) == ("conversation", "text") else "0"
        rows = db.execute(
            f"SELECT id, {words.column}, {start} FROM {words.table} WHERE {words.column} IS NOT NULL ORDER BY id"
        )
        label, own = words.column in _LABELS, traces.own(words.table)
        for row, text, begins in rows.fetchall():
            told, who = text[begins:], own.get(row)
            left = redacted(told, who, label=label) if who else anywhere(told, label)
            if left != told:
                yield Trace(words, row, text, text[:begins] + left)


def elsewhere(
    db: sqlite3.Connection, person: int, traces: Traces, *, with_shared: bool = False
) -> tuple[Change, ...]:
    """Return all text that is not the person's and would lose their name, on cards too.

    With `with_shared`, also that of conversations and questions that they share with others.
    """
    changes = []
    for trace in found(db, traces):
        of = whose(db, trace)
        is_shared = trace.words.table in ("conversation", "thread") and {*of} - {person, ME}
        if person not in of or (with_shared and is_shared):
            talk = trace.row if trace.words.table == "conversation" else None
            changes.append(
                Change(trace.words.called, people_of(db, of), trace.text, trace.kept, talk)
            )
    shown = {(each.of, each.text) for each in changes}
    for owner, text, after in on_cards(db, person, traces.anywhere):
        of_card = people_of(db, [owner])
        if (of_card, text) not in shown:
            shown.add((of_card, text))
            changes.append(Change("card", of_card, text, after))
    return tuple(changes)


def on_cards(db: sqlite3.Connection, person: int, names: Called) -> Iterator[tuple[int, str, str]]:
    """Yield whose cards from elsewhere name a person, the text that does, and what is left of it."""
    seen: dict[str, str] = {}

    def instead(words: str, label: bool = False) -> str:
        if (kept := redacted(words, names, label=label)) != words:
            seen[words] = kept
        return kept

    for owner, raw in db.execute(
        "SELECT person_id, raw FROM origin WHERE raw IS NOT NULL AND person_id <> ?", (person,)
    ).fetchall():
        for line in vcard.find_mentions(raw, instead):
            yield owner, line.text, line.after
    for owner, base, uid in db.execute(
        "SELECT person_id, base, uid FROM synced WHERE person_id <> ?", (person,)
    ).fetchall():
        seen.clear()
        phone_card.redacted(base, uid, instead)
        yield from ((owner, text, after) for text, after in seen.items())


def stays(db: sqlite3.Connection, person: int, names: Names) -> tuple[Named, ...]:
    """Return the places that hold a person's full name or handle and that forgetting leaves as they are.

    They are other people's names and handles, their addresses, and what files and other programs call them.
    """
    full = naming.full_name(names)
    found: dict[tuple[tuple[Who, ...], str], Named] = {}

    def note(where: str, owner: int | None, text: str) -> None:
        of = people_of(db, [owner]) if owner else ()
        found.setdefault((of, text), Named(where, of, text))

    words = _name_words(db)
    for owner, text, handle in db.execute(
        "SELECT id, name, handle FROM person WHERE id <> ? ORDER BY name", (person,)
    ).fetchall():
        if naming.is_made_of(text, names):
            note("name", owner, text)
        if full.is_in(handle, words.get(owner, ()), with_handle=False):
            note("handle", owner, handle)
    for where, sql in _LEFT:
        for owner, text in db.execute(sql, (person,)).fetchall():
            if full.is_in(text, words.get(owner, ())):
                note(where, owner, text)
    for owner, raw in db.execute(
        "SELECT person_id, raw FROM origin WHERE raw IS NOT NULL AND person_id <> ?", (person,)
    ).fetchall():
        for text in vcard.identifying_values(raw):
            if full.is_in(text, words.get(owner, ())):
                note("card", owner, text)
    return tuple(found.values())


# Text that is an address or a name of something, so that another word in it would break it.
_LEFT = (
    ("contact", "SELECT person_id, value FROM contact WHERE person_id <> ?"),
    ("file", "SELECT person_id, file FROM synced WHERE person_id <> ? AND digest <> ''"),
    ("uid", "SELECT person_id, uid FROM synced WHERE person_id <> ? AND digest <> '' AND uid IS NOT NULL"),
    ("uid", "SELECT person_id, uid FROM uid WHERE person_id <> ?"),
    ("key", "SELECT person_id, key FROM origin WHERE person_id <> ? AND key IS NOT NULL"),
    ("folder", "SELECT DISTINCT NULL, folder FROM synced WHERE folder <> '' AND ? > 0 ORDER BY folder"),
)  # fmt: skip


def _name_words(db: sqlite3.Connection) -> dict[int, set[str]]:
    """Return the folded words of everyone's own names."""
    rows = db.execute(
        "SELECT id, name FROM person UNION ALL SELECT person_id, nickname FROM nickname"
    ).fetchall()
    collected: dict[int, set[str]] = {}
    for owner, name in rows:
        collected.setdefault(owner, set()).update(name_words(name))
    return collected


def whose(db: sqlite3.Connection, trace: Trace) -> list[int]:
    """Return the people whose text, thread or conversation it is."""
    return [row[0] for row in db.execute(trace.words.whose, (trace.row,))]


def people_of(db: sqlite3.Connection, ids: list[int]) -> tuple[Who, ...]:
    """Return the people with these ids."""
    asked = "SELECT handle, name FROM person WHERE id = ?"
    return tuple(Who(*db.execute(asked, (each,)).fetchone()) for each in ids)
