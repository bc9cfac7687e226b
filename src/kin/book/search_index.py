"""The full-text index: one FTS5 table over everything with words in it, kept by triggers.

A row's id says what it is: `kind * KIND + id of the row`, so that one kind is one range of ids.
"""

KIND = 1 << 40
PERSON, NICKNAME, INTEREST_NOTE, CONVERSATION, THREAD, INTEREST, REMARK = range(1, 8)

# kind, table, its columns with words. The words of a row are these, one to a line.
_SOURCES = (
    (PERSON, "person", ("name", "handle", "met_story", "met_at", "lives")),
    (NICKNAME, "nickname", ("nickname",)),
    (INTEREST_NOTE, "person_interest", ("note",)),
    (CONVERSATION, "conversation", ("text", "place")),
    (THREAD, "thread", ("text", "outcome")),
    (INTEREST, "interest", ("label",)),
    (REMARK, "remark", ("text",)),
)

_TABLE = """
CREATE VIRTUAL TABLE search USING fts5(
    words, content='search_source', content_rowid='id',
    tokenize='unicode61 remove_diacritics 2', prefix='2 3'
)
"""


def statements() -> tuple[str, ...]:
    """Return the SQL that makes the index and its triggers, in order."""
    triggers = [sql for kind, table, columns in _SOURCES for sql in _triggers(kind, table, columns)]
    return (_view(), _TABLE, *triggers)


def without() -> tuple[str, ...]:
    """Return the SQL that takes the index and its triggers away, as far as they are there."""
    triggers = [
        f"DROP TRIGGER IF EXISTS {table}_{what}"
        for _, table, _ in _SOURCES
        for what in ("found", "lost", "reworded")
    ]
    return (*triggers, "DROP TABLE IF EXISTS search", "DROP VIEW IF EXISTS search_source")


def with_remarks() -> tuple[str, ...]:
    """Return the SQL that takes remarks into an index that was made before there were any."""
    triggers = [
        sql
        for kind, table, columns in _SOURCES
        if kind == REMARK
        for sql in _triggers(kind, table, columns)
    ]
    return ("DROP VIEW search_source", _view(), *triggers)


def _view() -> str:
    parts = " UNION ALL ".join(
        f"SELECT {kind * KIND} + id AS id, {_words(columns)} AS words FROM {table}"
        for kind, table, columns in _SOURCES
    )
    return f"CREATE VIEW search_source AS {parts}"


def _words(columns: tuple[str, ...], row: str = "") -> str:
    return " || char(10) || ".join(f"coalesce({row}{column}, '')" for column in columns)


def _triggers(kind: int, table: str, columns: tuple[str, ...]) -> tuple[str, str, str]:
    new = f"INSERT INTO search(rowid, words) VALUES ({kind * KIND} + new.id, {_words(columns, 'new.')});"
    old = (
        "INSERT INTO search(search, rowid, words) "
        f"VALUES ('delete', {kind * KIND} + old.id, {_words(columns, 'old.')});"
    )
    watched = ", ".join(("id", *columns))
    return (
        f"CREATE TRIGGER {table}_found AFTER INSERT ON {table} BEGIN {new} END",
        f"CREATE TRIGGER {table}_lost AFTER DELETE ON {table} BEGIN {old} END",
        f"CREATE TRIGGER {table}_reworded AFTER UPDATE OF {watched} ON {table} BEGIN {old} {new} END",
    )
