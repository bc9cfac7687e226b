"""Carries out a sync plan: writes the cards first, then the book with the new base, in one transaction.

After a crash between the two, the next sync finds the same changes on both sides. In the other order it would take
what was not written for deleted.
"""

import sqlite3
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlmodel import Session

from kin.book import undo_log
from kin.book.atomic_write import fsync_directory
from kin.book.session import get_connection
from kin.formats.editor_card import Card, CardInterest
from kin.formats.export import VCARD_KIND
from kin.formats.records import Fact
from kin.language.text import format_count, join_words
from kin.people import queries as people_queries, service as people_service
from kin.people.service import build_card
from kin.transfer import import_apply
from kin.transfer.sync import plan as sync_plan, three_way_merge, vdir
from kin.transfer.sync.file_matching import SyncedRow
from kin.transfer.sync.plan import CardUpdate, SyncPlan, SyncResult, summarize_sync
from kin.transfer.sync.three_way_merge import SharedFields
from kin.transfer.sync.vdir import CardFile
from kin.vocabulary import catalog


class ShownCard(NamedTuple):
    """A card that the owner was shown and agreed to delete: file name and digest."""

    file: str
    digest: str


def sync_folder(
    session: Session,
    folder: vdir.CardFolder,
    *,
    now: datetime,
    cards_to_remove: Collection[ShownCard] | None = (),
    assume_yes: bool = False,
) -> SyncResult:
    """Sync a folder of cards with the book; return what changed on either side.

    `cards_to_remove` are the cards of forgotten people to delete; None means all that have their UID.
    """
    db = get_connection(session)
    plan = sync_plan.plan_sync(db, folder, now.date().isoformat(), assume_yes=assume_yes)
    written = _write_cards(db, folder, plan)
    removed = _remove_forgotten_cards(folder, plan, cards_to_remove)
    _unlink_missing(db, plan)
    _free_file_names(db, plan, written)
    for update in plan.updates:
        if update.file.name not in written.changed_files:
            _update_person(session, update, folder.path, now)
    ids = _add_new_people(session, plan, folder.path, now)
    for row in written.rows:
        _save_row(db, plan.folder, None, row)
        _save_origin(db, row, None)
    handles = dict(db.execute("SELECT id, handle FROM person").fetchall()) if ids else {}
    result = summarize_sync(
        plan,
        changed_files=written.changed_files,
        removed=removed,
        changed_since_shown=_list_changed_since_shown(folder, cards_to_remove or ()),
        handles=[handles[each] for each in ids],
    )
    undo_log.name_step(
        db, _describe_step(folder.path.name, result.book_changes, result.folder_changes)
    )
    return result


class _WriteResult(NamedTuple):
    """Rows of new cards, and the files that were left alone because they have changed in the meantime."""

    rows: tuple[SyncedRow, ...]
    changed_files: frozenset[str]


def _write_cards(db: sqlite3.Connection, folder: vdir.CardFolder, plan: SyncPlan) -> _WriteResult:
    """Write the cards that change, and the new ones. Each is read or made only now, to save memory."""
    rows: list[SyncedRow] = []
    changed_files: set[str] = set()
    edited = [update for update in plan.updates if update.edit is not None]
    for update in edited:
        data = vdir.load_card(folder.path, update.file)
        assert update.edit is not None
        if data is None or not vdir.write_card(
            folder.path, update.file.name, update.edit.apply(data), update.file.digest
        ):
            changed_files.add(update.file.name)
    for new_card in plan.new_cards:
        data, row = sync_plan.make_new_card(db, plan.people[new_card.person], new_card)
        if vdir.write_card(folder.path, new_card.file, data, None):
            rows.append(row)
        else:
            changed_files.add(new_card.file)
    if edited or plan.new_cards:
        fsync_directory(folder.path)
    return _WriteResult(tuple(rows), frozenset(changed_files))


def _remove_forgotten_cards(
    folder: vdir.CardFolder, plan: SyncPlan, cards_to_remove: Collection[ShownCard] | None
) -> tuple[str, ...]:
    """Delete the cards with the UID of a forgotten person, if they are as they were shown; return their names."""
    removed = [
        file.name
        for file, has_uid, _ in plan.forgotten
        if has_uid
        and (cards_to_remove is None or ShownCard(file.name, file.digest) in cards_to_remove)
        and vdir.remove_card(folder.path, file.name, file.digest)
    ]
    if removed:
        fsync_directory(folder.path)
    return tuple(removed)


def _list_changed_since_shown(
    folder: vdir.CardFolder, shown_cards: Collection[ShownCard]
) -> tuple[str, ...]:
    """Return the files that have changed since they were shown."""
    digests = {each.name: each.digest for each in folder.files}
    return tuple(
        each.file for each in shown_cards if digests.get(each.file, each.digest) != each.digest
    )


def _update_person(session: Session, update: CardUpdate, folder: Path, now: datetime) -> None:
    """Write to the book what has changed on one card, and the new base."""
    db = get_connection(session)
    if update.after is not None:
        current_card = build_card(
            people_queries.load_person(db, update.person, now.date().isoformat())
        )
        people_service.edit_person(
            session, update.person, _apply_fields_to_card(current_card, update.after)
        )
        session.flush()
        if update.after.note != update.before.note:
            _replace_card_note(db, update.person, update.after.note)
    _save_row(db, str(folder), update.previous_row, update.new_row)
    _save_origin(
        db,
        update.new_row,
        vdir.load_card(folder, CardFile(update.new_row.file, update.new_row.digest)),
    )


def _apply_fields_to_card(card: Card, fields: SharedFields) -> Card:
    """Return a card of the book with the shared fields changed; the stories of interests stay."""
    interests = {catalog.normalize_interest(each.label): each for each in card.into}
    differing_keys = {catalog.normalize_interest(each.label) for each in card.differ}
    return replace(
        card,
        name=fields.name,
        birthday=fields.birthday,
        lives=fields.lives,
        nicknames=fields.nicknames,
        contacts=tuple(fields.contacts),
        dates=fields.dates,
        groups=fields.groups,
        into=tuple(
            interests.get(catalog.normalize_interest(label), CardInterest(label))
            for label in fields.interests
            if catalog.normalize_interest(label) not in differing_keys
        ),
    )


def _replace_card_note(db: sqlite3.Connection, person: int, note: str | None) -> None:
    """Replace the fact that came from a card's note; other facts stay."""
    db.execute("DELETE FROM fact WHERE person_id = ? AND source = ?", (person, VCARD_KIND))
    if note is None:
        return
    fact = Fact(note, VCARD_KIND)
    update_sql = "UPDATE fact SET source = ? WHERE person_id = ? AND text = ?"
    if not db.execute(update_sql, (fact.source, person, fact.text)).rowcount:
        db.execute(
            "INSERT INTO fact (person_id, text, source) VALUES (?, ?, ?)",
            (person, fact.text, fact.source),
        )


def _free_file_names(db: sqlite3.Connection, plan: SyncPlan, written: _WriteResult) -> None:
    """Free the file names that cards have now; a row that loses its name keeps what it knows under another.

    First the rows of renamed files are deleted, so that two files may exchange their names.
    """
    updates = [update for update in plan.updates if update.file.name not in written.changed_files]
    taken_names = [row.file for row in written.rows]
    taken_names += [file.name for file, _ in plan.new_person_cards]
    for update in updates:
        if update.previous_row is None or update.previous_row.file != update.file.name:
            taken_names.append(update.file.name)
        if update.previous_row is not None and update.previous_row.file != update.file.name:
            db.execute(
                "DELETE FROM synced_card WHERE folder = ? AND file = ?",
                (plan.folder, update.previous_row.file),
            )
    for name in taken_names:
        db.execute(
            # Cards never have a name that begins with a dot: such files are not read.
            "UPDATE OR REPLACE synced_card SET file = '.gone-' || person_id || '-' || file "
            "WHERE folder = ? AND file = ?",
            (plan.folder, name),
        )


def _save_row(
    db: sqlite3.Connection, folder: str, previous: SyncedRow | None, row: SyncedRow
) -> None:
    """Write the row of a file."""
    if previous == row:
        return
    values = (row.person, row.uid, row.digest, row.base, folder, row.file)
    if previous is not None and previous.file == row.file:
        db.execute(
            "UPDATE synced_card SET person_id = ?, uid = ?, digest = ?, base = ? WHERE folder = ? AND file = ?",
            values,
        )
    else:
        db.execute(
            "INSERT INTO synced_card (person_id, uid, digest, base, folder, file) VALUES (?, ?, ?, ?, ?, ?)",
            values,
        )


def _save_origin(db: sqlite3.Connection, row: SyncedRow, data: bytes | None) -> None:
    """Write the card of a person with that UID as an imported record."""
    if row.uid is None:
        return
    where_sql = "person_id = ? AND kind = ? AND key = ?"
    (row_count,) = db.execute(
        f"SELECT count(*) FROM origin WHERE {where_sql}", (row.person, VCARD_KIND, row.uid)
    ).fetchone()
    if not row_count:
        db.execute(
            "INSERT INTO origin (person_id, kind, key, raw) VALUES (?, ?, ?, ?)",
            (row.person, VCARD_KIND, row.uid, data),
        )
    elif data is not None:
        db.execute(
            f"UPDATE origin SET raw = ? WHERE {where_sql} AND raw IS NOT ?",
            (data, row.person, VCARD_KIND, row.uid, data),
        )


def _unlink_missing(db: sqlite3.Connection, plan: SyncPlan) -> None:
    """Unlink the people whose file is gone; their base stays, in case the file comes back."""
    for row in plan.unlinked_rows:
        db.execute(
            "UPDATE synced_card SET digest = '' WHERE folder = ? AND file = ?",
            (plan.folder, row.file),
        )
    for row in plan.stale_rows:
        db.execute(
            "DELETE FROM synced_card WHERE folder = ? AND file = ? AND person_id = ? AND digest = ?",
            (plan.folder, row.file, row.person, row.digest),
        )


def _add_new_people(session: Session, plan: SyncPlan, folder: Path, now: datetime) -> list[int]:
    """Add new people as an import does, each with their card; return their ids."""
    if plan.import_plan is None:
        return []
    ids = import_apply.write_plan(
        session, plan.import_plan, plan.folder, now=now, progress=lambda *_: None
    )
    new_ids = [
        person_id
        for entry, person_id in zip(plan.import_plan.entries, ids, strict=True)
        if entry.person_id is None
    ]
    db = get_connection(session)
    for person_id, (file, card) in zip(new_ids, plan.new_person_cards, strict=True):
        base = three_way_merge.write_base(card.fields, card.uid)
        _save_row(
            db, plan.folder, None, SyncedRow(file.name, person_id, card.uid, file.digest, base)
        )
        if (data := vdir.load_card(folder, file)) is not None:
            db.execute(
                "UPDATE origin SET raw = ? WHERE person_id = ? AND kind = ?",
                (three_way_merge.extract_raw_card(data), person_id, VCARD_KIND),
            )
    return new_ids


def _describe_step(folder: str, read_count: int, written_count: int) -> str:
    counts = []
    if read_count:
        counts.append(f"{format_count(read_count, 'card')} read in")
    if written_count:
        counts.append(f"{format_count(written_count, 'card')} written")
    return f"sync of {folder}" + (f": {join_words(counts)}" if counts else "")
