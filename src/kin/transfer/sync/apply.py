"""A sync carried out: cards are written first, then the book learns, with what both were (the base), in one step.

A crash between the two leaves cards that say more than the base, which the next sync finds the same on both sides.
The other way round it would take what is missing for deleted.
"""

import sqlite3
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlmodel import Session

from kin.book import undo_log as journal
from kin.book.fsync import settle
from kin.book.session import connection_of
from kin.formats.book import Remark
from kin.formats.card import Card, Loved, Way
from kin.formats.from_book import CARDS
from kin.language.text import format_count, joined
from kin.people import queries as known, service as people
from kin.people.card_changes import card_of
from kin.transfer import import_apply as incoming
from kin.transfer.sync import card_fields as phone_card, plan as syncing, vdir
from kin.transfer.sync.file_matching import Row
from kin.transfer.sync.plan import Move, Plan
from kin.transfer.sync.result import Synced, outcome
from kin.transfer.sync.three_way_merge import Common
from kin.transfer.sync.vdir import File
from kin.vocabulary import catalog as vocabulary


class Shown(NamedTuple):
    """A card that its owner was shown and agreed to remove: the file's name and the hash of its bytes."""

    file: str
    digest: str


def sync(
    session: Session,
    folder: vdir.Folder,
    *,
    now: datetime,
    remove: Collection[Shown] | None = (),
    sure: bool = False,
) -> Synced:
    """Bring a folder of cards and the book together; return what either side learned.

    Of the cards of people who were forgotten, `remove` those that were shown; None: all that have their UID.
    """
    db = connection_of(session)
    plan = syncing.plan(db, folder, now.date().isoformat(), sure=sure)
    written = _write_cards(db, folder, plan)
    removed = _remove(folder, plan, remove)
    _let_go(db, plan)
    _make_way(db, plan, written)
    for move in plan.moves:
        if move.file.name not in written.late:
            _learn(session, move, folder.path, now)
    ids = _enter(session, plan, folder.path, now)
    for row in written.rows:
        _keep(db, plan.folder, None, row)
        _came_with(db, row, None)
    handles = dict(db.execute("SELECT id, handle FROM person").fetchall()) if ids else {}
    told = outcome(
        plan,
        late=written.late,
        removed=removed,
        changed=_changed(folder, remove or ()),
        handles=[handles[each] for each in ids],
    )
    journal.name(db, _describe_step(folder.path.name, told.learned, told.taught))
    return told


class _Written(NamedTuple):
    """Rows of new cards, and the files that changed in the meantime and were left."""

    rows: tuple[Row, ...]
    late: frozenset[str]


def _write_cards(db: sqlite3.Connection, folder: vdir.Folder, plan: Plan) -> _Written:
    """Write all cards that are to change, and the new ones; each is read or made only now."""
    rows: list[Row] = []
    late: set[str] = set()
    edited = [move for move in plan.moves if move.edit is not None]
    for move in edited:
        data = vdir.load(folder.path, move.file)
        assert move.edit is not None
        if data is None or not vdir.put(
            folder.path, move.file.name, move.edit.applied(data), move.file.digest
        ):
            late.add(move.file.name)
    for departure in plan.departures:
        data, row = syncing.sent(db, plan.people[departure.person], departure)
        if vdir.put(folder.path, departure.file, data, None):
            rows.append(row)
        else:
            late.add(departure.file)
    if edited or plan.departures:
        settle(folder.path)
    return _Written(tuple(rows), frozenset(late))


def _remove(folder: vdir.Folder, plan: Plan, remove: Collection[Shown] | None) -> tuple[str, ...]:
    """Remove cards that carry the UID of a person who was forgotten, as they were shown."""
    gone = [
        file.name
        for file, has_uid, _ in plan.forgotten
        if has_uid
        and (remove is None or Shown(file.name, file.digest) in remove)
        and vdir.remove(folder.path, file.name, file.digest)
    ]
    if gone:
        settle(folder.path)
    return tuple(gone)


def _changed(folder: vdir.Folder, remove: Collection[Shown]) -> tuple[str, ...]:
    """Return the files that were shown and are still there, but not as they were shown."""
    there = {each.name: each.digest for each in folder.files}
    return tuple(each.file for each in remove if there.get(each.file, each.digest) != each.digest)


def _learn(session: Session, move: Move, folder: Path, now: datetime) -> None:
    """Write what the book learns from one card, and what both sides are now."""
    db = connection_of(session)
    if move.after is not None:
        held = card_of(known.card(db, move.person, now.date().isoformat()))
        people.edit(session, move.person, _card(held, move.after))
        session.flush()
        if move.after.note != move.before.note:
            _note(db, move.person, move.after.note)
    _keep(db, str(folder), move.was, move.row)
    _came_with(db, move.row, vdir.load(folder, File(move.row.file, move.row.digest)))


def _card(held: Card, said: Common) -> Card:
    """Return a card of the book with what was said; stories of interests stay."""
    loved = {vocabulary.key(each.label): each for each in held.into}
    collides = {vocabulary.key(each.label) for each in held.collides}
    return replace(
        held,
        name=said.name,
        birthday=said.birthday,
        lives=said.lives,
        nicknames=said.nicknames,
        contacts=tuple(Way(*each) for each in _ways(said)),
        days=said.days,
        groups=said.groups,
        into=tuple(
            loved.get(vocabulary.key(label), Loved(label))
            for label in said.interests
            if vocabulary.key(label) not in collides
        ),
    )


def _ways(said: Common) -> list[tuple[str, str, str | None]]:
    return [(way.kind, way.value, way.label) for way in said.contacts]


def _note(db: sqlite3.Connection, person: int, note: str | None) -> None:
    """Put a card's note in the place of the one the book had; words of other origin stay."""
    db.execute("DELETE FROM remark WHERE person_id = ? AND source = ?", (person, CARDS))
    if note is None:
        return
    remark = Remark(note, CARDS)
    same = "UPDATE remark SET source = ? WHERE person_id = ? AND text = ?"
    if not db.execute(same, (remark.source, person, remark.text)).rowcount:
        db.execute(
            "INSERT INTO remark (person_id, text, source) VALUES (?, ?, ?)",
            (person, remark.text, remark.source),
        )


def _make_way(db: sqlite3.Connection, plan: Plan, written: _Written) -> None:
    """Free the names that cards have now: of who had one, and has no card any more, the memory stays.

    A card that went on to another name gives its own up first, so that two may change names.
    """
    moves = [move for move in plan.moves if move.file.name not in written.late]
    taken = [row.file for row in written.rows]
    taken += [file.name for file, _ in plan.came]
    for move in moves:
        if move.was is None or move.was.file != move.file.name:
            taken.append(move.file.name)
        if move.was is not None and move.was.file != move.file.name:
            db.execute(
                "DELETE FROM synced WHERE folder = ? AND file = ?", (plan.folder, move.was.file)
            )
    for name in taken:
        db.execute(
            # No card's name begins with a dot: such files are not read.
            "UPDATE OR REPLACE synced SET file = '.gone-' || person_id || '-' || file "
            "WHERE folder = ? AND file = ?",
            (plan.folder, name),
        )


def _keep(db: sqlite3.Connection, folder: str, was: Row | None, row: Row) -> None:
    """Keep what a file and its person agreed on."""
    if was == row:
        return
    values = (row.person, row.uid, row.digest, row.base, folder, row.file)
    if was is not None and was.file == row.file:
        db.execute(
            "UPDATE synced SET person_id = ?, uid = ?, digest = ?, base = ? WHERE folder = ? AND file = ?",
            values,
        )
    else:
        db.execute(
            "INSERT INTO synced (person_id, uid, digest, base, folder, file) VALUES (?, ?, ?, ?, ?, ?)",
            values,
        )


def _came_with(db: sqlite3.Connection, row: Row, data: bytes | None) -> None:
    """Keep the card of somebody who has that UID, as the record they came with."""
    if row.uid is None:
        return
    of = "person_id = ? AND kind = ? AND key = ?"
    (number,) = db.execute(
        f"SELECT count(*) FROM origin WHERE {of}", (row.person, CARDS, row.uid)
    ).fetchone()
    if not number:
        db.execute(
            "INSERT INTO origin (person_id, kind, key, raw) VALUES (?, ?, ?, ?)",
            (row.person, CARDS, row.uid, data),
        )
    elif data is not None:
        db.execute(
            f"UPDATE origin SET raw = ? WHERE {of} AND raw IS NOT ?",
            (data, row.person, CARDS, row.uid, data),
        )


def _let_go(db: sqlite3.Connection, plan: Plan) -> None:
    """Unlink those whose file is gone; what both were is kept, in case it comes back."""
    for row in plan.unlinked:
        db.execute(
            "UPDATE synced SET digest = '' WHERE folder = ? AND file = ?", (plan.folder, row.file)
        )
    for row in plan.stale:
        db.execute(
            "DELETE FROM synced WHERE folder = ? AND file = ? AND person_id = ? AND digest = ?",
            (plan.folder, row.file, row.person, row.digest),
        )


def _enter(session: Session, plan: Plan, folder: Path, now: datetime) -> list[int]:
    """Let new people in as an import does, each with the card they came with; return their ids."""
    if plan.entering is None:
        return []
    ids = incoming.write(session, plan.entering, plan.folder, now=now, progress=lambda *_: None)
    new = [
        number
        for entry, number in zip(plan.entering.entries, ids, strict=True)
        if entry.person_id is None
    ]
    db = connection_of(session)
    for number, (file, card) in zip(new, plan.came, strict=True):
        base = phone_card.base_of(card.said, card.uid)
        _keep(db, plan.folder, None, Row(file.name, number, card.uid, file.digest, base))
        if (data := vdir.load(folder, file)) is not None:
            db.execute(
                "UPDATE origin SET raw = ? WHERE person_id = ? AND kind = ?",
                (phone_card.raw(data), number, CARDS),
            )
    return new


def _describe_step(folder: str, learned: int, taught: int) -> str:
    """Name the step that brought the book and a folder of cards together."""
    told = []
    if learned:
        told.append(f"{format_count(learned, 'card')} taken in")
    if taught:
        told.append(f"{format_count(taught, 'card')} written there")
    return f"sync of {folder}" + (f": {joined(told)}" if told else "")
