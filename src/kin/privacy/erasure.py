"""Forgets a person: previews what is deleted, deletes it, redacts the name, and cleans the file and the backups.

`forget` runs in a transaction and marks the erasure as unfinished; `finish_erasure` does the rest and removes the mark.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from sqlmodel import Session

from kin.book import backup_files, connection, indexes, meta, nearby_files, verified_copy
from kin.book.nearby_files import OtherFile
from kin.book.session import get_connection
from kin.constants import LONGEST_LABEL, LONGEST_QUESTION, OWNER_ID, REDACTED_NAME
from kin.errors import BookError, KinError, UsageError
from kin.formats import vcard
from kin.language.text import format_command
from kin.people import queries as people_queries, service as people_service
from kin.privacy import mentions
from kin.privacy.mentions import PersonMatchers, TextChange, TextColumn, TextMention
from kin.privacy.redaction import NameMatcher, redact
from kin.records import Hidden, PersonRef
from kin.transfer.sync import three_way_merge
from kin.vocabulary import catalog

NOTE_CHOICES = ("keep", "redact", "delete")  # what becomes of notes that are shared with others


# Tables of labels, each with the function that makes its key.
_LABEL_KEYS = (
    ("interest", catalog.normalize_interest),
    ("people_group", catalog.normalize_group),
)

# Columns whose length the schema limits.
_MAX_LENGTHS = {
    ("person", "met_at"): LONGEST_LABEL,
    ("person", "lives"): LONGEST_LABEL,
    ("nickname", "nickname"): LONGEST_LABEL,
    ("yearly_date", "label"): LONGEST_LABEL,
    ("contact", "label"): LONGEST_LABEL,
    ("tie", "word"): LONGEST_LABEL,
    ("note", "place"): LONGEST_LABEL,
    ("question", "text"): LONGEST_QUESTION,
}
_NUMBER_ROOM = 6  # characters for a number that keeps two labels apart


class CardMention(NamedTuple):
    """A person whose card in a synced folder names the person who is forgotten."""

    handle: str
    name: str
    folder: str


DeletedRow = tuple[object, ...]


class ErasurePreview(NamedTuple):
    """What forgetting a person deletes and changes, and what it leaves.

    Deleted: the counts, with `notes_alone` (no one else was there) and `questions` (theirs alone, or asked in a note
    that is deleted). Changed: `notes_shared`, and `changes`, all text that loses the name. Left as it is: `unchanged`
    places with the full name or handle, and `still_named`, the people whose own name or handle is such a place;
    `synced_folders` with a card of the person, and `on_cards`, the cards of others there that name the person;
    `other_backups` of books that no longer exist; `other_files` near the book. `id` and `rows` identify what the owner
    agreed to.
    """

    handle: str
    name: str
    notes_alone: int
    notes_shared: int
    questions: int
    interests: int
    ties: int
    dates: int
    contacts: int
    changes: tuple[TextChange, ...]
    unchanged: tuple[TextMention, ...]
    still_named: tuple[PersonRef, ...]
    synced_folders: tuple[str, ...]
    on_cards: tuple[CardMention, ...]
    other_backups: tuple[str, ...]
    other_files: tuple[OtherFile, ...]
    id: Hidden[int]
    rows: Hidden[frozenset[DeletedRow]]


class ChangedMeanwhileError(KinError):
    """The book has changed since the owner was shown what would be forgotten."""


# Questions for this person alone, apart from the owner.
_QUESTIONS_SQL = (
    "SELECT mine.question_id FROM question_person mine WHERE mine.person_id = ? AND NOT EXISTS "
    f"(SELECT 1 FROM question_person other WHERE other.question_id = mine.question_id AND {mentions.OTHERS_SQL})"
)


def preview_erasure(db: sqlite3.Connection, who: str, notes: str = "redact") -> ErasurePreview:
    """Return what forgetting the person called `who` would do; raise UsageError for the owner."""
    return _preview_person(db, PersonRef(*people_queries.find_person(db, who)), notes)


def recheck_preview(
    db: sqlite3.Connection, agreed_preview: ErasurePreview, notes: str, *, was_asked: bool
) -> ErasurePreview:
    """Return the preview as it is now.

    Raises ChangedMeanwhileError if another command has renamed or removed the person or, where the owner was asked,
    if more would be deleted or changed than the owner was shown.
    """
    row = db.execute(
        "SELECT id, handle, name FROM person WHERE id = ?", (agreed_preview.id,)
    ).fetchone()
    if row is None or (row[1], row[2]) != (agreed_preview.handle, agreed_preview.name):
        raise ChangedMeanwhileError(
            f"{agreed_preview.name} ({agreed_preview.handle}) was renamed or removed by another command. Nothing was forgotten.",
            f"Try again: {format_command('kin forget', row[1])}" if row else "See: kin people",
        )
    preview = _preview_person(db, PersonRef(*row), notes)
    has_more = preview.rows - agreed_preview.rows or {*preview.changes} - {*agreed_preview.changes}
    if was_asked and has_more:
        raise ChangedMeanwhileError(
            f"The book has more about {agreed_preview.name} than you were shown. Nothing was forgotten.",
            f"Try again: {format_command('kin forget', preview.handle)}",
        )
    return preview


def _preview_person(db: sqlite3.Connection, person: PersonRef, notes: str) -> ErasurePreview:
    if person.id == OWNER_ID:
        (path,) = db.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()
        raise UsageError("That’s you: a book needs its owner.", f"To start over, delete {path}.")
    matchers = mentions.build_matchers(db, person.id)
    shared_flags = [bool(with_others) for _, with_others in mentions.list_notes(db, person.id)]
    unchanged = mentions.find_unchanged_mentions(db, person.id, matchers.names)
    rows = frozenset(_list_deleted_rows(db, person.id, notes))
    counts = {
        table: sum(row[0] == table for row in rows) for table in ("question", *_DELETED_ROWS_SQL)
    }
    return ErasurePreview(
        person.handle,
        person.name,
        notes_alone=shared_flags.count(False),
        notes_shared=shared_flags.count(True),
        questions=counts["question"],
        interests=counts["person_interest"],
        ties=counts["tie"],
        dates=counts["yearly_date"],
        contacts=counts["contact"],
        changes=()
        if notes == "keep"
        else mentions.find_text_changes(db, person.id, matchers, with_shared=notes == "redact"),
        unchanged=unchanged,
        still_named=_list_people_still_named(unchanged, people_queries.load_owner(db).handle),
        synced_folders=mentions.list_card_folders(db, person.id),
        on_cards=tuple(_find_card_mentions(db, person.id, matchers)),
        other_backups=(),
        other_files=(),
        id=person.id,
        rows=rows,
    )


# What is deleted with a person: enough of each row to tell whether it is the one that was shown.
_DELETED_ROWS_SQL = {
    "person_interest": "SELECT id, interest_id, stance, note FROM person_interest WHERE person_id = ?",
    "tie": "SELECT id, a_id, b_id, word FROM tie WHERE a_id = ?1 OR b_id = ?1",
    "yearly_date": "SELECT id, label, on_day FROM yearly_date WHERE person_id = ?",
    "contact": "SELECT id, kind, label, value FROM contact WHERE person_id = ?",
    "nickname": "SELECT id, nickname FROM nickname WHERE person_id = ?",
    "fact": "SELECT id, text FROM fact WHERE person_id = ?",
    "sent": "SELECT id, day, text FROM sent WHERE person_id = ?",
    "introduction": "SELECT a_id, b_id FROM introduction WHERE a_id = ?1 OR b_id = ?1",
    "person_group": "SELECT group_id FROM person_group WHERE person_id = ?",
    "person": "SELECT lives, met_at, met_story FROM person WHERE id = ?",
    "origin": "SELECT id, key FROM origin WHERE person_id = ?",
    "synced_card": "SELECT folder, file FROM synced_card WHERE person_id = ?",
    "note_person": "SELECT n.id, n.text FROM note_person p JOIN note n ON n.id = p.note_id WHERE p.person_id = ?",
}


def _list_deleted_rows(db: sqlite3.Connection, person: int, notes: str) -> Iterator[DeletedRow]:
    """Yield the rows that are deleted or lose the name, each after its table."""
    for table, sql in _DELETED_ROWS_SQL.items():
        yield from ((table, *row) for row in db.execute(sql, (person,)))
    for note_id in _list_deleted_notes(db, person, notes):
        yield "note", note_id
    for question_id in _list_deleted_questions(db, person, notes):
        row = db.execute(
            "SELECT text, answer FROM question WHERE id = ?", (question_id,)
        ).fetchone()
        yield "question", question_id, *row


def _list_people_still_named(
    unchanged: tuple[TextMention, ...], owner: str
) -> tuple[PersonRef, ...]:
    """Return the people, apart from the owner, whose own name or handle names the person."""
    naming_people = (each.people[0] for each in unchanged if each.where in ("name", "handle"))
    return tuple(dict.fromkeys(person for person in naming_people if person.handle != owner))


def _find_card_mentions(
    db: sqlite3.Connection, person: int, matchers: mentions.PersonMatchers
) -> Iterator[CardMention]:
    def redact_text(words: str, label: bool = False) -> str:
        return redact(words, matchers.anywhere, label=label)

    rows = db.execute(
        "SELECT p.handle, p.name, s.folder, s.base, s.uid FROM synced_card s JOIN person p ON p.id = s.person_id "
        "WHERE s.person_id <> ? AND s.digest <> '' ORDER BY s.folder, p.name",
        (person,),
    )
    for handle, name, folder, base, uid in rows.fetchall():
        if three_way_merge.redact_base(base, uid, redact_text) != base:
            yield CardMention(handle, name, folder)


def _list_deleted_notes(db: sqlite3.Connection, person_id: int, notes: str) -> list[int]:
    """Return the notes that are deleted: those with no one else or, with `delete`, all."""
    return [
        note_id
        for note_id, has_others in mentions.list_notes(db, person_id)
        if not has_others or notes == "delete"
    ]


def _list_deleted_questions(db: sqlite3.Connection, person_id: int, notes: str) -> list[int]:
    """Return the questions that are deleted: for the person alone, or asked in a note that is deleted."""
    question_ids = {row[0] for row in db.execute(_QUESTIONS_SQL, (person_id,))}
    for note_id in _list_deleted_notes(db, person_id, notes):
        opened_rows = db.execute("SELECT id FROM question WHERE note_id = ?", (note_id,))
        question_ids |= {row[0] for row in opened_rows}
    return sorted(question_ids)


def forget(
    session: Session, agreed_preview: ErasurePreview, notes: str, *, was_asked: bool
) -> ErasurePreview:
    """Delete the person of the preview, and return the preview as it is now. This cannot be undone.

    `notes` says what becomes of notes that others are in too: `keep` leaves their text, `redact` replaces the name,
    `delete` deletes them. Raises ChangedMeanwhileError as `recheck_preview` does. `finish_erasure` must follow.
    """
    db = get_connection(session)
    preview = recheck_preview(db, agreed_preview, notes, was_asked=was_asked)
    person = preview.id
    matchers = mentions.build_matchers(db, person)
    interest_ids = _fetch_values(
        db, "SELECT interest_id FROM person_interest WHERE person_id = ?", person
    )
    for question_id in _list_deleted_questions(db, person, notes):
        db.execute("DELETE FROM question WHERE id = ?", (question_id,))
    for note_id in _list_deleted_notes(db, person, notes):
        db.execute("DELETE FROM note WHERE id = ?", (note_id,))
    meta.add_forgotten_card(db, mentions.find_card_identity(db, person))
    _mark_unfinished(db)  # while the synced folders are still known
    db.execute("DELETE FROM person WHERE id = ?", (person,))  # the schema cascades
    if notes != "keep":
        _redact_book(db, matchers)
    _clear_matched_names(db, matchers.anywhere)
    _delete_orphans(db, interest_ids)
    return preview


def _fetch_values(db: sqlite3.Connection, sql: str, person: int) -> list[Any]:
    return [row[0] for row in db.execute(sql, (person,))]


def _redact_book(db: sqlite3.Connection, matchers: PersonMatchers) -> None:
    keys = dict(_LABEL_KEYS)
    for column, row_id, _, redacted_text in list(mentions.find_mentions(db, matchers)):
        if column.table in keys:
            _rename_label(
                db, column.table, row_id, redacted_text, keys[column.table](redacted_text)
            )
        elif column.table == "vocabulary_rule":
            db.execute("DELETE FROM vocabulary_rule WHERE id = ?", (row_id,))
        elif column.table == "nickname" and redacted_text.casefold() == REDACTED_NAME:
            db.execute("DELETE FROM nickname WHERE id = ?", (row_id,))
        else:
            _update_text(db, column, row_id, redacted_text)
    people_service.rebuild_name_index(db)
    _redact_cards(db, matchers.anywhere)


def _update_text(db: sqlite3.Connection, column: TextColumn, row_id: int, text: str) -> None:
    """Set the text of a row. Where another row has that text already, the row is deleted, or a date numbered."""
    max_length = _MAX_LENGTHS.get((column.table, column.column))
    if max_length is not None:  # “someone” may be longer than the name
        text = text[: max_length - _NUMBER_ROOM]
    update_sql = f"UPDATE OR IGNORE {column.table} SET {column.column} = ? WHERE id = ?"
    number = 1
    while not db.execute(update_sql, (f"{text} {number}" if number > 1 else text, row_id)).rowcount:
        if column.table != "yearly_date":
            db.execute(f"DELETE FROM {column.table} WHERE id = ?", (row_id,))
            return
        number += 1


def _clear_matched_names(db: sqlite3.Connection, matcher: NameMatcher) -> None:
    """Clear the name from what notes called others by it: a person who was merged with this one, perhaps."""
    rows = db.execute("SELECT DISTINCT matched FROM note_person").fetchall()
    redacted_values = [(matched,) for (matched,) in rows if redact(matched, matcher) != matched]
    db.executemany("UPDATE note_person SET matched = '' WHERE matched = ?", redacted_values)


def _redact_cards(db: sqlite3.Connection, matcher: NameMatcher) -> None:
    """Redact the cards of others, as they were imported and as they were last synced."""

    def redact_text(words: str, label: bool = False) -> str:
        return redact(words, matcher, label=label)

    for row_id, raw in db.execute("SELECT id, raw FROM origin WHERE raw IS NOT NULL").fetchall():
        if (redacted_bytes := vcard.redact_card(raw, redact_text)) != raw:
            db.execute("UPDATE origin SET raw = ? WHERE id = ?", (redacted_bytes, row_id))
    for folder, file, uid, base in db.execute(
        "SELECT folder, file, uid, base FROM synced_card"
    ).fetchall():
        if (redacted_bytes := three_way_merge.redact_base(base, uid, redact_text)) != base:
            db.execute(
                "UPDATE synced_card SET base = ? WHERE folder = ? AND file = ?",
                (redacted_bytes, folder, file),
            )


def _rename_label(db: sqlite3.Connection, table: str, row_id: int, label: str, key: str) -> None:
    """Rename an interest or a group, with a number if another has the new name already."""
    label, number = label[: LONGEST_LABEL - _NUMBER_ROOM], 1
    while db.execute(
        f"SELECT 1 FROM {table} WHERE key = ? AND id <> ?",
        (f"{key}{number if number > 1 else ''}", row_id),
    ).fetchone():
        number += 1
    suffix = str(number) if number > 1 else ""
    db.execute(
        f"UPDATE {table} SET label = ?, key = ? WHERE id = ?",
        (f"{label} {suffix}".rstrip(), key + suffix, row_id),
    )


def _delete_orphans(db: sqlite3.Connection, interest_ids: list[int]) -> None:
    """Delete interests and groups without people, and the history; rebuild the indexes."""
    orphans_sql = (
        "SELECT id, key FROM interest WHERE id NOT IN (SELECT interest_id FROM person_interest) "
        "AND id NOT IN (SELECT interest_id FROM note_interest)"
    )
    for interest_id, key in db.execute(orphans_sql).fetchall():
        db.execute("DELETE FROM interest WHERE id = ?", (interest_id,))
        if interest_id in interest_ids:  # an interest that was theirs alone
            db.execute("DELETE FROM vocabulary_rule WHERE a_key = ?1 OR b_key = ?1", (key,))
    db.execute("DELETE FROM people_group WHERE id NOT IN (SELECT group_id FROM person_group)")
    indexes.rebuild_interest_index(db)
    db.execute("DELETE FROM change")
    db.execute("DELETE FROM step")
    db.execute("INSERT INTO search(search) VALUES ('rebuild')")


def _mark_unfinished(db: sqlite3.Connection) -> None:
    """Record, in the same transaction, that file and backups are still to be cleaned."""
    folders = json.dumps(meta.list_synced_folders(db))
    meta.mark_erasure_unfinished(db, folders)


def finish_erasure(book: Path, today: date) -> BookError | None:
    """Delete the old backups, compact the book, and back it up; return the error if a step failed.

    The backups are deleted even where there is no space for a new one: no backup is better than one with the name.
    """
    path = connection.resolve_path(book)
    has_backups = backup_files.get_backup_folder(path).is_dir()
    steps = (*([_remove_backups] if has_backups else []), connection.compact, _remove_part_files)
    obstacles = [obstacle for obstacle in (_run_step(step, path) for step in steps) if obstacle]
    if not obstacles and (obstacle := _run_step(_remove_mark, path)):
        obstacles = [obstacle]
    if obstacles:
        return BookError(
            *_describe_unfinished(obstacles, str(backup_files.get_backup_folder(path)))
        )
    try:
        if has_backups:
            verified_copy.make_backup(path, today, backup_files.DAILY)
    except BookError as error:
        return BookError(*_describe_no_fresh_backup(error.message))
    return None


def list_other_files(book: Path) -> tuple[OtherFile, ...]:
    """Return the files near the book that may hold data of forgotten people, and that kin does not delete."""
    path = connection.resolve_path(book)
    folders: tuple[str, ...] = ()
    owner_uid: str | None = None
    # The files can be listed even if another program has locked the book.
    with suppress(BookError), connection.open_any_version(path) as db:
        folders = _list_synced_folders(db)
        owner_uid = nearby_files.read_owner_uid(db)
    return tuple(nearby_files.find_other_files(path, folders, owner_uid))


def _list_synced_folders(db: sqlite3.Connection) -> tuple[str, ...]:
    marked_folders = json.loads(meta.read_unfinished_erasure(db) or "[]")
    return tuple(dict.fromkeys((*meta.list_synced_folders(db), *marked_folders)))


def _remove_part_files(path: Path) -> None:
    with connection.open_any_version(path) as db:
        folders = _list_synced_folders(db)
    try:
        nearby_files.remove_part_files(path, folders)
    except OSError as error:
        raise BookError(f"Cannot look through {path.parent}: {error.strerror}.") from error


def _run_step(step: Callable[[Path], None], path: Path) -> str | None:
    """Run a step; return the message if it fails."""
    try:
        step(path)
    except BookError as error:
        return error.message
    return None


def _remove_backups(path: Path) -> None:
    with backup_files.lock_backup_folder(path):  # waits for a backup that is being made
        backup_files.delete_all_backups(path)


def _remove_mark(path: Path) -> None:
    with connection.open_for_maintenance(path) as db:
        meta.clear_unfinished_erasure(db)


def _describe_unfinished(obstacles: Sequence[str], folder: str) -> tuple[str, str]:
    return (
        f"The person is out of the book, but traces may be left in its file or in {folder}: {' '.join(obstacles)}",
        "Fix that (free some disk space, perhaps), then: kin doctor --fix",
    )


def _describe_no_fresh_backup(reason: str) -> tuple[str, str]:
    return (
        f"The person is forgotten, but no new backup could be made: {reason}",
        "Fix that (free some disk space, perhaps), then: kin backup",
    )
