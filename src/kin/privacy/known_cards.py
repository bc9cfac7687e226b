"""By what the cards of a person are recognized, and which folders have one: now and in the undo history."""

import json
import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from kin.book.forgotten import Identity
from kin.formats.vcard import normalize_uid

_NAMELESS = "name:"  # how the key of a record begins that has no UID


class _Record(NamedTuple):
    """What one row, or the image of one, says of a card."""

    uid: str | None = None
    digest: str | None = None
    folder: str | None = None


def identity(db: sqlite3.Connection, person: int) -> Identity:
    """Return the UIDs of a person's cards, and the digests of those that have none.

    What is somebody else's as well is left out.
    """
    records = [*_rows(db, person), *_images(db, person)]
    others = [*_others(db, person)]
    uids = {each.uid for each in records if each.uid} - {each.uid for each in others}
    digests = {each.digest for each in records if each.digest and each.uid is None}
    digests -= {each.digest for each in others}
    return Identity(
        frozenset(each for each in uids if each), frozenset(each for each in digests if each)
    )


def folders(db: sqlite3.Connection, person: int) -> tuple[str, ...]:
    """Return the folders that have a card of a person, as far as the book and its history know."""
    here = dict(
        db.execute(
            "SELECT folder, max(digest <> '') FROM synced WHERE person_id = ? GROUP BY folder",
            (person,),
        ).fetchall()
    )
    known = {each.folder for each in _images(db, person) if each.folder and each.digest}
    return tuple(sorted({*(each for each in here if here[each]), *(known - here.keys())}))


def _rows(db: sqlite3.Connection, person: int) -> Iterator[_Record]:
    for (uid,) in db.execute("SELECT uid FROM uid WHERE person_id = ?", (person,)).fetchall():
        yield _Record(normalize_uid(uid))
    found = db.execute("SELECT key, raw FROM origin WHERE person_id = ?", (person,))
    for of_record, raw in found.fetchall():
        yield _of_origin(of_record, raw)
    synced = db.execute("SELECT uid, digest FROM synced WHERE person_id = ?", (person,))
    for uid, digest in synced.fetchall():
        yield _Record(normalize_uid(uid) if uid else None, digest)


def _others(db: sqlite3.Connection, person: int) -> Iterator[_Record]:
    for (uid,) in db.execute("SELECT uid FROM uid WHERE person_id <> ?", (person,)):
        yield _Record(normalize_uid(uid))
    for of_record, raw in db.execute(
        "SELECT key, iif(key LIKE 'name:%', raw, NULL) FROM origin WHERE person_id <> ?", (person,)
    ):
        yield _of_origin(of_record, raw)
    for uid, digest in db.execute("SELECT uid, digest FROM synced WHERE person_id <> ?", (person,)):
        yield _Record(normalize_uid(uid) if uid else None, digest)


def _images(db: sqlite3.Connection, person: int) -> Iterator[_Record]:
    """Yield what steps, done or undone, wrote down of rows that are no longer as they were."""
    numbers = _numbers(db, person)
    found = db.execute(
        "SELECT of_table, image FROM change WHERE of_table IN ('uid', 'origin', 'synced') AND image IS NOT NULL"
    )
    for table, image in found:
        row = json.loads(image)
        if row["person_id"] not in numbers:
            continue
        if table == "uid":
            yield _Record(normalize_uid(row["uid"]))
        elif table == "origin":
            yield _of_origin(row["key"], _bytes(row["raw"]))
        else:
            uid = row["uid"]
            yield _Record(normalize_uid(uid) if uid else None, row["digest"], row["folder"])


def _numbers(db: sqlite3.Connection, person: int) -> set[int]:
    """Return the numbers of a person's rows: their own, and those of people who were merged into them."""
    numbers = {person}
    uids = {each.uid for each in _rows(db, person)}
    found = db.execute(
        "SELECT json_extract(image, '$.person_id'), json_extract(image, '$.uid') FROM change "
        "WHERE of_table = 'uid' AND image IS NOT NULL"
    ).fetchall()
    for number, uid in found:
        alive = db.execute("SELECT 1 FROM person WHERE id = ?", (number,)).fetchone()
        if normalize_uid(uid) in uids and alive is None:
            numbers.add(number)
    return numbers


def _of_origin(of_record: str | None, raw: bytes | None) -> _Record:
    if of_record is not None and not of_record.startswith(_NAMELESS):
        return _Record(normalize_uid(of_record))
    return _Record(None, sha256(raw).hexdigest() if raw else None)


def _bytes(value: Any) -> bytes | None:
    return bytes.fromhex(value["hex"]) if isinstance(value, dict) else None
