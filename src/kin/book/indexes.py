"""The two indexes of a book: full-text search, and the interests with their names and broader interests.

Both can be rebuilt at any time. The interest index stores what a book needs of the vocabulary, so that reads never
open the shipped table.
"""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from kin.vocabulary import catalog
from kin.vocabulary.taxonomy import BroaderLink, Taxonomy, VocabularyRule, build_taxonomy

KIND_STRIDE = 1 << 40
PERSON, NICKNAME, INTEREST_STORY, NOTE, QUESTION, INTEREST, FACT = range(1, 8)

# Kind, table, columns. The indexed text of a row is these columns, one per line.
_SOURCES = (
    (PERSON, "person", ("name", "handle", "met_story", "met_at", "lives")),
    (NICKNAME, "nickname", ("nickname",)),
    (INTEREST_STORY, "person_interest", ("note",)),
    (NOTE, "note", ("text", "place")),
    (QUESTION, "question", ("text", "answer")),
    (INTEREST, "interest", ("label",)),
    (FACT, "fact", ("text",)),
)

_SEARCH_TABLE = """
CREATE VIRTUAL TABLE search USING fts5(
    words, content='search_source', content_rowid='id',
    tokenize='unicode61 remove_diacritics 2', prefix='2 3'
)
"""


def build_search_index() -> tuple[str, ...]:
    """Return the SQL that creates the search index and its triggers, in order."""
    triggers = [
        sql
        for kind, table, columns in _SOURCES
        for sql in _build_search_triggers(kind, table, columns)
    ]
    return (_build_view(), _SEARCH_TABLE, *triggers)


def build_search_index_removal() -> tuple[str, ...]:
    """Return the SQL that drops the search index and its triggers, as far as they exist."""
    triggers = [
        f"DROP TRIGGER IF EXISTS {table}_search_{event}"
        for _, table, _ in _SOURCES
        for event in ("insert", "delete", "update")
    ]
    return (*triggers, "DROP TABLE IF EXISTS search", "DROP VIEW IF EXISTS search_source")


def _build_view() -> str:
    parts = " UNION ALL ".join(
        f"SELECT {kind * KIND_STRIDE} + id AS id, {_build_words_expression(columns)} AS words FROM {table}"
        for kind, table, columns in _SOURCES
    )
    return f"CREATE VIEW search_source AS {parts}"


def _build_words_expression(columns: tuple[str, ...], row: str = "") -> str:
    return " || char(10) || ".join(f"coalesce({row}{column}, '')" for column in columns)


def _build_search_triggers(kind: int, table: str, columns: tuple[str, ...]) -> tuple[str, str, str]:
    add_sql = f"INSERT INTO search(rowid, words) VALUES ({kind * KIND_STRIDE} + new.id, {_build_words_expression(columns, 'new.')});"
    delete_sql = (
        "INSERT INTO search(search, rowid, words) "
        f"VALUES ('delete', {kind * KIND_STRIDE} + old.id, {_build_words_expression(columns, 'old.')});"
    )
    watched = ", ".join(("id", *columns))
    return (
        f"CREATE TRIGGER {table}_search_insert AFTER INSERT ON {table} BEGIN {add_sql} END",
        f"CREATE TRIGGER {table}_search_delete AFTER DELETE ON {table} BEGIN {delete_sql} END",
        f"CREATE TRIGGER {table}_search_update AFTER UPDATE OF {watched} ON {table} BEGIN {delete_sql} {add_sql} END",
    )


class _IndexRows(NamedTuple):
    """The rows of the interest index: names as (key, label, sense, source), and the links to broader interests."""

    names: list[tuple[str, str, str, str]]
    broader: list[BroaderLink]


def add_interests(db: sqlite3.Connection, *labels: str) -> None:
    """Add new interests to the index. The shipped table is read only for names that the book does not have yet."""
    update_sql = "UPDATE interest_name SET label = ?, source = 'typed' WHERE key = ?"
    new_labels = [
        label
        for label in labels
        if not db.execute(update_sql, (label, catalog.normalize_interest(label))).rowcount
    ]
    if new_labels:
        index_rows = _build_index_rows(new_labels, build_taxonomy(read_vocabulary_rules(db)))
        db.executemany("INSERT OR IGNORE INTO interest_name VALUES (?, ?, ?, ?)", index_rows.names)
        db.executemany(
            "INSERT OR IGNORE INTO interest_broader VALUES (?, ?, ?)", index_rows.broader
        )


def rebuild_interest_index(db: sqlite3.Connection) -> None:
    """Rebuild the interest index after the table or the owner's rules have changed; rows that stay are not touched."""
    index_rows = build_interest_index(db)
    _replace_rows(db, "interest_name", {row[0]: row for row in reversed(index_rows.names)}.values())
    _replace_rows(db, "interest_broader", index_rows.broader)


def build_interest_index(db: sqlite3.Connection) -> _IndexRows:
    """Return the rows that the interest index should have."""
    rules = read_vocabulary_rules(db)
    labels = [row[0] for row in db.execute("SELECT label FROM interest ORDER BY id")]
    labels += [label for rule in rules for label in (rule.a, rule.b)]
    return _build_index_rows(labels, build_taxonomy(rules))


def read_vocabulary_rules(db: sqlite3.Connection) -> list[VocabularyRule]:
    """Return the owner's rules, oldest first."""
    rows = db.execute("SELECT relation, a_label, b_label FROM vocabulary_rule ORDER BY id")
    return [VocabularyRule(*row) for row in rows]


def _replace_rows(db: sqlite3.Connection, table: str, rows: Iterable[tuple[str, ...]]) -> None:
    """Make the rows of a table equal to these; its first two columns identify a row."""
    existing = set(db.execute(f"SELECT * FROM {table}"))
    wanted = set(map(tuple, rows))
    key, other = ("key", "label") if table == "interest_name" else ("narrow", "broad")
    removed = [(row[0], row[1]) for row in existing - wanted]
    db.executemany(f"DELETE FROM {table} WHERE {key} = ? AND {other} = ?", removed)
    for row in sorted(wanted - existing):
        db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)


def _build_index_rows(labels: Iterable[str], taxonomy: Taxonomy) -> _IndexRows:
    """Return the rows for these labels and for everything above them. Of two labels with one key, the first counts."""
    typed = [
        (catalog.normalize_interest(label), label, taxonomy.find_sense(label), "typed")
        for label in labels
    ]
    chain = _collect_broader(taxonomy, {sense for _, _, sense, _ in typed})
    reached = {sense for _, _, sense, _ in typed} | {each.broad for each in chain}
    shipped = [
        (key, label, sense, "shipped")
        for sense in sorted(reached)
        for key, label in taxonomy.find_names(sense)
    ]
    return _IndexRows(typed + shipped, sorted(chain))


def _collect_broader(taxonomy: Taxonomy, level: set[str]) -> set[BroaderLink]:
    """Return the links of these senses to broader ones, at every step up."""
    chain: set[BroaderLink] = set()
    seen: set[str] = set()
    while level:
        seen |= level
        steps = {step for sense in level for step in taxonomy.find_broader(sense)}
        chain |= steps
        level = {step.broad for step in steps} - seen
    return chain
