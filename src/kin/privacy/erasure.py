"""Forgetting a person: every row, every name in text that stays, and the history that could bring them back.

No byte of theirs is left. The caller finishes it (services.finishing); until then a mark says so.
"""

import sqlite3
from typing import Any

from sqlmodel import Session

from kin.book import forgotten, interest_index
from kin.book.session import connection_of
from kin.constants import INSTEAD, LONGEST_LABEL, LONGEST_THREAD
from kin.formats import vcard
from kin.people import name_index as naming
from kin.privacy import (
    erasure_cleanup as finishing,
    erasure_preview as told,
    known_cards,
    mentions as traces,
)
from kin.privacy.erasure_preview import Reach
from kin.privacy.mentions import Traces, Words
from kin.privacy.redaction import Called, redacted
from kin.transfer.sync import card_fields as phone_card
from kin.vocabulary import catalog as vocabulary

# Labels with a key of their own.
_LABELS = (("interest", vocabulary.key), ("people_group", vocabulary.group_key))

# Short texts, which the schema limits.
_LONGEST = {
    ("person", "met_at"): LONGEST_LABEL,
    ("person", "lives"): LONGEST_LABEL,
    ("nickname", "nickname"): LONGEST_LABEL,
    ("occasion", "label"): LONGEST_LABEL,
    ("contact", "label"): LONGEST_LABEL,
    ("tie", "word"): LONGEST_LABEL,
    ("conversation", "place"): LONGEST_LABEL,
    ("thread", "text"): LONGEST_THREAD,
}
_ROOM_FOR_NUMBER = 6  # characters of the number that tells two labels apart


def forget(session: Session, shown: Reach, notes: str, *, asked: bool) -> Reach:
    """Take the person who was shown out of the book, and return how far they reached; it cannot be undone.

    Notes that are shared with others are left as they are (`keep`), left without the name (`redact`), or
    go too (`delete`). Raises ChangedMeanwhileError if it is another person now or, if the owner was `asked`, if more
    would go than was shown.
    """
    db = connection_of(session)
    found = told.shown_still(db, shown, notes, asked=asked)
    person = found.id
    names = traces.of(db, person)
    loved = _column(db, "SELECT interest_id FROM person_interest WHERE person_id = ?", person)
    for thread in told.threads(db, person, notes):
        db.execute("DELETE FROM thread WHERE id = ?", (thread,))
    for talk in told.gone(db, person, notes):
        db.execute("DELETE FROM conversation WHERE id = ?", (talk,))
    forgotten.remember(db, known_cards.identity(db, person))
    finishing.mark(db)  # while the folders with their cards are still known
    db.execute("DELETE FROM person WHERE id = ?", (person,))  # all that is theirs goes with them
    if notes != "keep":
        _redact(db, names)
    _uncall(db, names.anywhere)
    _sweep(db, loved)
    return found


def _column(db: sqlite3.Connection, sql: str, person: int) -> list[Any]:
    return [row[0] for row in db.execute(sql, (person,))]


def _redact(db: sqlite3.Connection, names: Traces) -> None:
    keys = dict(_LABELS)
    for words, row, _, kept in list(traces.found(db, names)):
        if words.table in keys:
            _relabel(db, words.table, row, kept, keys[words.table](kept))
        elif words.table == "vocabulary_word":
            db.execute("DELETE FROM vocabulary_word WHERE id = ?", (row,))
        elif words.table == "nickname" and kept.casefold() == INSTEAD:
            db.execute("DELETE FROM nickname WHERE id = ?", (row,))
        else:
            _reword(db, words, row, kept)
    naming.index_anew(db)
    _redact_cards(db, names.anywhere)


def _reword(db: sqlite3.Connection, words: Words, row: int, kept: str) -> None:
    """Set the words of a row; where another row says just that already, this one goes, a day is numbered."""
    longest = _LONGEST.get((words.table, words.column))
    if longest is not None:  # “someone” may be longer than the name it replaces
        kept = kept[: longest - _ROOM_FOR_NUMBER]
    told = f"UPDATE OR IGNORE {words.table} SET {words.column} = ? WHERE id = ?"
    number = 1
    while not db.execute(told, (f"{kept} {number}" if number > 1 else kept, row)).rowcount:
        if words.table != "occasion":
            db.execute(f"DELETE FROM {words.table} WHERE id = ?", (row,))
            return
        number += 1


def _uncall(db: sqlite3.Connection, names: Called) -> None:
    """Keep of nobody else that a conversation called them so: who was merged with another may have been."""
    rows = db.execute("SELECT DISTINCT matched FROM conversation_person").fetchall()
    theirs = [(called,) for (called,) in rows if redacted(called, names) != called]
    db.executemany("UPDATE conversation_person SET matched = '' WHERE matched = ?", theirs)


def _redact_cards(db: sqlite3.Connection, names: Called) -> None:
    """Take the name out of cards of others, as they came and as they were synced last."""

    def instead(words: str, label: bool = False) -> str:
        return redacted(words, names, label=label)

    for row, raw in db.execute("SELECT id, raw FROM origin WHERE raw IS NOT NULL").fetchall():
        if (kept := vcard.redact_card(raw, instead)) != raw:
            db.execute("UPDATE origin SET raw = ? WHERE id = ?", (kept, row))
    for folder, file, uid, base in db.execute(
        "SELECT folder, file, uid, base FROM synced"
    ).fetchall():
        if (kept := phone_card.redacted(base, uid, instead)) != base:
            db.execute(
                "UPDATE synced SET base = ? WHERE folder = ? AND file = ?", (kept, folder, file)
            )


def _relabel(db: sqlite3.Connection, table: str, row: int, label: str, key: str) -> None:
    """Rename an interest or a group; where two come to the same name, the later one is numbered."""
    label, number = label[: LONGEST_LABEL - _ROOM_FOR_NUMBER], 1
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
