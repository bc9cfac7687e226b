"""Full-text search of notes, questions, facts, names, interests and how someone came to them.

A query is words, never search syntax: each word is quoted, and matches the beginning of a word.
"""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from kin.book import indexes
from kin.language.text import truncate
from kin.notes import queries as notes_queries
from kin.records import Hidden, PersonRef

_HIT_KINDS = {
    indexes.PERSON: "person",
    indexes.NICKNAME: "person",
    indexes.INTEREST_STORY: "interest",
    indexes.INTEREST: "interest",
    indexes.FACT: "fact",
    indexes.QUESTION: "question",
    indexes.NOTE: "note",
}
_TEXT_QUERIES = {
    indexes.PERSON: "SELECT p.id, p.handle, p.name, p.met_on, p.name || coalesce(char(10) || p.met_story, '') || "
    "coalesce(char(10) || p.met_at, '') || coalesce(char(10) || p.lives, '') FROM person p WHERE p.id = ? AND p.is_me = 0",
    indexes.NICKNAME: "SELECT p.id, p.handle, p.name, NULL, n.nickname FROM nickname n JOIN person p ON p.id = n.person_id WHERE n.id = ?",
    indexes.INTEREST_STORY: "SELECT p.id, p.handle, p.name, NULL, i.label || ': ' || pi.note FROM person_interest pi "
    "JOIN interest i ON i.id = pi.interest_id JOIN person p ON p.id = pi.person_id WHERE pi.id = ?",
    indexes.INTEREST: "SELECT p.id, p.handle, p.name, NULL, i.label FROM interest i JOIN person_interest pi ON pi.interest_id = i.id "
    "JOIN person p ON p.id = pi.person_id WHERE i.id = ? AND p.is_me = 0",
    indexes.FACT: "SELECT p.id, p.handle, p.name, NULL, f.text FROM fact f JOIN person p ON p.id = f.person_id WHERE f.id = ?",
    indexes.QUESTION: "SELECT p.id, p.handle, p.name, q.opened_on, q.text || coalesce(char(10) || q.answer, '') FROM question q "
    "JOIN question_person qp ON qp.question_id = q.id JOIN person p ON p.id = qp.person_id WHERE q.id = ?",
}


class SearchHit(NamedTuple):
    """A text that contains the words, with the people it is about.

    `kind` is person, interest, fact, question or note; `on` the day you met, or that of the question
    or note; `snippet` the text shortened for a screen.
    """

    kind: str
    people: tuple[PersonRef, ...]
    on: str | None
    text: str
    snippet: Hidden[str] = ""


def search_book(db: sqlite3.Connection, words: str, limit: int) -> tuple[SearchHit, ...]:
    """Return the texts that contain all the words: people and interests, then questions, then notes.

    Looks at the `limit` newest rows of each kind. Only if no word begins with the query is it searched
    for anywhere in a text, as in scripts without spaces between words.
    """
    match_query = " ".join(f'"{word}"*' for word in _split_query_words(words))
    hits = list(_search_index(db, match_query, limit)) if match_query else []
    if not hits:
        hits = list(_search_substring(db, words.strip(), limit))
    return tuple(dict.fromkeys(hits))


def _split_query_words(words: str) -> Iterable[str]:
    """Split a query as the index splits texts; words without a letter or digit are left out."""
    for word in words.split():
        cleaned = word.replace('"', " ").replace("\0", " ")
        if any(char.isalnum() for char in cleaned):
            yield cleaned


def _search_index(db: sqlite3.Connection, match_query: str, limit: int) -> Iterable[SearchHit]:
    for kind in _HIT_KINDS:
        rows = db.execute(
            "SELECT rowid FROM search WHERE search MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?",
            (match_query, kind * indexes.KIND_STRIDE, (kind + 1) * indexes.KIND_STRIDE - 1, limit),
        ).fetchall()
        yield from _load_hits(db, kind, [row[0] - kind * indexes.KIND_STRIDE for row in rows])


def _search_substring(db: sqlite3.Connection, words: str, limit: int) -> Iterable[SearchHit]:
    if not words or "\0" in words:  # no text contains NUL, and it would end the pattern
        return
    pattern = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    rows = db.execute(
        "SELECT id FROM search_source WHERE words LIKE ? ESCAPE '\\' ORDER BY id LIMIT ?",
        (pattern, limit),
    ).fetchall()
    for kind in _HIT_KINDS:
        ids = [
            row[0] - kind * indexes.KIND_STRIDE
            for row in rows
            if row[0] // indexes.KIND_STRIDE == kind
        ]
        yield from _load_hits(db, kind, ids)


def _load_hits(db: sqlite3.Connection, kind: int, ids: list[int]) -> list[SearchHit]:
    if kind == indexes.NOTE:
        notes = sorted(notes_queries.load_notes(db, ids), key=lambda note: note.on, reverse=True)
        return [
            SearchHit(
                _HIT_KINDS[kind],
                tuple(each.ref for each in note.people),
                note.on,
                note.text,
                note.body,
            )
            for note in notes
        ]
    people_by_text: dict[tuple[int, str | None, str], list[PersonRef]] = {}
    for row_id in ids:
        for person_id, handle, name, on, text in db.execute(_TEXT_QUERIES[kind], (row_id,)):
            people_by_text.setdefault((row_id, on, text), []).append(
                PersonRef(person_id, handle, name)
            )
    return [
        SearchHit(_HIT_KINDS[kind], tuple(people), on, text, truncate(text, 200))
        for (_, on, text), people in people_by_text.items()
    ]
