"""Finding words in notes, stories, threads, names and interests.

What a person types is words, never search syntax: each is quoted, and the last letters may lack.
"""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from kin.book import search_index as index
from kin.language.text import clipped
from kin.notes import queries as conversations
from kin.records import Hidden

_KINDS = {
    index.PERSON: "person",
    index.NICKNAME: "person",
    index.INTEREST_NOTE: "interest",
    index.INTEREST: "interest",
    index.REMARK: "person",
    index.THREAD: "thread",
    index.CONVERSATION: "talk",
}
_WORDS_OF = {
    index.PERSON: "SELECT p.id, p.handle, p.name, p.met_on, p.name || coalesce(char(10) || p.met_story, '') || "
    "coalesce(char(10) || p.met_at, '') || coalesce(char(10) || p.lives, '') FROM person p WHERE p.id = ? AND p.is_me = 0",
    index.NICKNAME: "SELECT p.id, p.handle, p.name, NULL, n.nickname FROM nickname n JOIN person p ON p.id = n.person_id WHERE n.id = ?",
    index.INTEREST_NOTE: "SELECT p.id, p.handle, p.name, NULL, i.label || ': ' || pi.note FROM person_interest pi "
    "JOIN interest i ON i.id = pi.interest_id JOIN person p ON p.id = pi.person_id WHERE pi.id = ?",
    index.INTEREST: "SELECT p.id, p.handle, p.name, NULL, i.label FROM interest i JOIN person_interest pi ON pi.interest_id = i.id "
    "JOIN person p ON p.id = pi.person_id WHERE i.id = ? AND p.is_me = 0",
    index.REMARK: "SELECT p.id, p.handle, p.name, NULL, r.text FROM remark r JOIN person p ON p.id = r.person_id WHERE r.id = ?",
    index.THREAD: "SELECT p.id, p.handle, p.name, t.opened_on, t.text || coalesce(char(10) || t.outcome, '') FROM thread t "
    "JOIN thread_person tp ON tp.thread_id = t.id JOIN person p ON p.id = tp.person_id WHERE t.id = ?",
}


class Hit(NamedTuple):
    """A place where the words stand: whose, when, and the text in full."""

    kind: str
    people: tuple[str, ...]
    names: tuple[str, ...]
    on: str | None
    text: str
    told: Hidden[str] = ""


def find(db: sqlite3.Connection, words: str, limit: int) -> tuple[Hit, ...]:
    """Find all the words: people and interests first, then threads, then conversations, newest first.

    Of each kind the `limit` newest rows are looked at; a text found by part of a word (in a script
    that does not part words by spaces, say) comes only where nothing is found by whole ones.
    """
    wanted = " ".join(f'"{word}"*' for word in _plain(words))
    hits = list(_by_index(db, wanted, limit)) if wanted else []
    if not hits:
        hits = list(_by_part(db, words.strip(), limit))
    return tuple(dict.fromkeys(hits))


def _plain(words: str) -> Iterable[str]:
    """Part the query as the index parts texts; what has no letter or digit finds nothing there."""
    for word in words.split():
        bare = word.replace('"', " ").replace("\0", " ")
        if any(sign.isalnum() for sign in bare):
            yield bare


def _by_index(db: sqlite3.Connection, wanted: str, limit: int) -> Iterable[Hit]:
    for kind in _KINDS:
        rows = db.execute(
            "SELECT rowid FROM search WHERE search MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?",
            (wanted, kind * index.KIND, (kind + 1) * index.KIND - 1, limit),
        ).fetchall()
        yield from _hits(db, kind, [row[0] - kind * index.KIND for row in rows])


def _by_part(db: sqlite3.Connection, words: str, limit: int) -> Iterable[Hit]:
    if not words or "\0" in words:  # which no text has, and which would end the pattern
        return
    pattern = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    rows = db.execute(
        "SELECT id FROM search_source WHERE words LIKE ? ESCAPE '\\' ORDER BY id LIMIT ?",
        (pattern, limit),
    ).fetchall()
    for kind in _KINDS:
        ids = [row[0] - kind * index.KIND for row in rows if row[0] // index.KIND == kind]
        yield from _hits(db, kind, ids)


def _hits(db: sqlite3.Connection, kind: int, ids: list[int]) -> list[Hit]:
    if kind == index.CONVERSATION:
        notes = sorted(conversations.told(db, ids), key=lambda note: note.on, reverse=True)
        return [
            Hit(
                "talk",
                tuple(each.handle for each in note.people),
                tuple(each.name for each in note.people),
                note.on,
                note.text,
                note.told,
            )
            for note in notes
        ]
    found: dict[tuple[int, str | None, str], tuple[list[str], list[str]]] = {}
    for row_id in ids:
        for _, handle, name, on, text in db.execute(_WORDS_OF[kind], (row_id,)):
            handles, names = found.setdefault((row_id, on, text), ([], []))
            handles.append(handle)
            names.append(name)
    return [
        Hit(_KINDS[kind], tuple(handles), tuple(names), on, text, clipped(text, 200))
        for (_, on, text), (handles, names) in found.items()
    ]
