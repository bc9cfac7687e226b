"""Who is in the book: finding one by any of their names, and telling what kin knows of them."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kin.constants import ME, MOST_NAME_WORDS
from kin.errors import AmbiguousError, KinError, NotFoundError
from kin.interests import queries as interests
from kin.interests.queries import HeldInterest
from kin.language.person_names import Known, matching, name_words
from kin.language.text import command_line, fold, joined
from kin.records import Hidden

_TOLD_APART = 8  # candidates in an error, which is one line


class AlreadyKnownError(KinError):
    """Somebody of this name is in the book."""


class Found(NamedTuple):
    """Somebody that was asked for."""

    id: int
    handle: str
    name: str


class Met(NamedTuple):
    """How you met; `through` is a handle."""

    on: str | None
    at: str | None
    story: str | None
    through: str | None
    precision: Hidden[str | None] = None
    through_name: Hidden[str | None] = None


class ContactWay(NamedTuple):
    """A way to reach somebody."""

    kind: str
    label: str | None
    value: str


class Remark(NamedTuple):
    """Words on somebody that are no conversation, such as a card's note, and where they came from."""

    text: str
    source: str | None


class Person(NamedTuple):
    """All that stands on somebody's card."""

    handle: str
    name: str
    nicknames: tuple[str, ...]
    interests: tuple[HeldInterest, ...]
    met: Met
    lives: str | None
    groups: tuple[str, ...]
    circle: str | None
    birthday: str | None
    last_talk: str | None
    contacts: tuple[ContactWay, ...]
    days: Hidden[tuple[tuple[str, str], ...]] = ()
    remarks: Hidden[tuple[Remark, ...]] = ()


def find(db: sqlite3.Connection, who: str) -> Found:
    """Find the one person that `who` names; raise NotFoundError or AmbiguousError otherwise."""
    if not who.strip():
        raise NotFoundError("Nobody is called by no name.", "Everybody: kin people")
    return one_of(db, who, match(db, who))


def match(db: sqlite3.Connection, who: str) -> tuple[Known, ...]:
    """Return everybody that `who` may name: one is found, several are ambiguous."""
    return matching(who, _known_by_words(db, who))


def one_of(db: sqlite3.Connection, who: str, matched: Sequence[Known]) -> Found:
    """Return the only match, or raise what is wrong with its words and candidates."""
    if len(matched) == 1:
        (row,) = _rows_of(db, "handle", [matched[0].handle])
        return Found(*row)
    if matched:
        told = apart(db, [known.handle for known in matched[:_TOLD_APART]])
        listed = "; ".join(told)
        more = len(matched) - len(told)
        handles = " or ".join(known.handle for known in matched[:3])
        raise AmbiguousError(
            f"“{who}” could be {listed}{f' … and {more:,} more' if more else ''}.",
            f"Add more of the name, or say the handle: {handles}"
            if more
            else f"Say which one by the handle: {handles}",
            tuple(known.handle for known in matched),
        )
    from kin.language.similarity import near  # for those only who typed what nobody is called

    close = near(who, everybody(db))
    meant = joined([f"{known.name} ({known.handle})" for known in close], "or")
    raise NotFoundError(
        f"Nobody in your book is called “{who}”.",
        f"Did you mean {meant}?" if close else f"Somebody new? {command_line('kin add', who)}",
        tuple(known.handle for known in close),
    )


def refuse_double(db: sqlite3.Connection, name: str) -> None:
    """Raise AlreadyKnownError where somebody in the book has this very name."""
    same = [known for known in match(db, name) if fold(known.name) == fold(name)]
    if same:
        (who, *_) = apart(db, [same[0].handle])
        raise AlreadyKnownError(
            f"{who} is already in your book.",
            f"Add a second one with --anyway, or change the card: {command_line('kin edit', same[0].handle)}",
            tuple(known.handle for known in same),
        )


def exists(db: sqlite3.Connection, person_id: int) -> bool:
    """Tell whether the person with this id is in the book."""
    return db.execute("SELECT 1 FROM person WHERE id = ?", (person_id,)).fetchone() is not None


def owner(db: sqlite3.Connection) -> Found:
    """Return the owner."""
    return Found(ME, *db.execute("SELECT handle, name FROM person WHERE id = ?", (ME,)).fetchone())


def _rows_of(
    db: sqlite3.Connection, column: str, values: Iterable[str | int]
) -> list[tuple[int, str, str]]:
    wanted = list(values)
    marks = ",".join("?" * len(wanted))
    return db.execute(
        f"SELECT id, handle, name FROM person WHERE {column} IN ({marks}) ORDER BY handle",
        wanted,
    ).fetchall()


def _known_by_words(db: sqlite3.Connection, who: str) -> list[Known]:
    """Fetch those who have, for every word of `who`, a name word that begins with it."""
    words = (name_words(who) or name_words(who.lstrip("@")))[:MOST_NAME_WORDS]
    if not words:
        return []
    # Each sub-select is one range of the index of name words.
    ranges = " INTERSECT ".join(
        "SELECT person_id FROM name_word WHERE word >= ? AND word < ?" for _ in words
    )
    bounds = [bound for word in words for bound in (word, word + "\U0010ffff")]
    ids = [row[0] for row in db.execute(ranges, bounds)]
    return known(db, ids)


def known_in_prose(db: sqlite3.Connection, words: Iterable[str]) -> list[Known]:
    """Fetch those with a name word among `words` (who.prose_words), the owner left out."""
    import json

    ids = [
        row[0]
        for row in db.execute(
            "SELECT DISTINCT person_id FROM name_word WHERE word IN (SELECT value FROM json_each(?)) AND person_id <> ?",
            (json.dumps(sorted(words)), ME),
        )
    ]
    return known(db, ids)


def everybody(db: sqlite3.Connection) -> list[Known]:
    """Fetch everybody's names: for near misses only, where nothing matched."""
    return _with_nicknames(
        db.execute(
            "SELECT p.handle, p.name, n.nickname FROM person p LEFT JOIN nickname n ON n.person_id = p.id "
            "WHERE p.is_me = 0 ORDER BY p.handle, n.id"
        ).fetchall()
    )


def known(db: sqlite3.Connection, ids: Sequence[int]) -> list[Known]:
    """Fetch the names of the people with these ids, by handle."""
    rows: list[tuple[str, str, str | None]] = []
    for some in _batches(ids):
        marks = ",".join("?" * len(some))
        rows += db.execute(
            "SELECT p.handle, p.name, n.nickname FROM person p LEFT JOIN nickname n ON n.person_id = p.id "
            f"WHERE p.id IN ({marks}) ORDER BY p.handle, n.id",
            some,
        ).fetchall()
    return _with_nicknames(rows)


def _with_nicknames(rows: Iterable[tuple[str, str, str | None]]) -> list[Known]:
    collected: dict[str, tuple[str, list[str]]] = {}
    for handle, name, nickname in rows:
        nicknames = collected.setdefault(handle, (name, []))[1]
        if nickname is not None:
            nicknames.append(nickname)
    return [Known(handle, name, tuple(nicks)) for handle, (name, nicks) in collected.items()]


def _batches(ids: Sequence[int], size: int = 500) -> Iterable[list[int]]:
    for start in range(0, len(ids), size):
        yield list(ids[start : start + size])


def apart(db: sqlite3.Connection, handles: Sequence[str]) -> tuple[str, ...]:
    """Say of each what tells them apart: `Tom Becker (tom-b, met at PyCon)`."""
    told = []
    for handle in handles:
        name, met_at, lives, story, met_on = db.execute(
            "SELECT name, met_at, lives, met_story, met_on FROM person WHERE handle = ?", (handle,)
        ).fetchone()
        group = db.execute(
            "SELECT g.label FROM person_group pg JOIN people_group g ON g.id = pg.group_id "
            "JOIN person p ON p.id = pg.person_id WHERE p.handle = ? ORDER BY g.label LIMIT 1",
            (handle,),
        ).fetchone()
        mark = (
            (met_at and f"met at {met_at}")
            or (lives and f"lives in {lives}")
            or (group and group[0])
            or (story and "met: " + " ".join(story.split())[:40])
            or (met_on and f"met {met_on}")
            or _first_interest(db, handle)
        )
        told.append(f"{name} ({handle}, {mark})" if mark else f"{name} ({handle})")
    return tuple(told)


def _first_interest(db: sqlite3.Connection, handle: str) -> str | None:
    row = db.execute(
        "SELECT 'into ' || i.label FROM person p JOIN person_interest pi ON pi.person_id = p.id "
        "JOIN interest i ON i.id = pi.interest_id WHERE p.handle = ? AND pi.stance = 'into' LIMIT 1",
        (handle,),
    ).fetchone()
    return str(row[0]) if row else None


def last_talks(db: sqlite3.Connection, ids: Sequence[int], today: str) -> dict[int, str]:
    """Return the day of the last conversation with each, future ones aside."""
    found: dict[int, str] = {}
    for some in _batches(ids):
        marks = ",".join("?" * len(some))
        found |= dict(
            db.execute(
                "SELECT id, (SELECT max(day) FROM conversation_person WHERE person_id = person.id AND day <= ?) AS last "
                f"FROM person WHERE id IN ({marks}) AND last IS NOT NULL",
                (today, *some),
            )
        )
    return found


def card(db: sqlite3.Connection, person_id: int, today: str) -> Person:
    """Tell all that stands on one card."""
    (person,) = cards(db, [person_id], today)
    return person


def cards(db: sqlite3.Connection, ids: Sequence[int], today: str) -> tuple[Person, ...]:
    """Tell the cards of these people, in the order asked."""
    return tuple(person for some in _batches(ids) for person in _cards(db, some, today))


def _cards(db: sqlite3.Connection, ids: list[int], today: str) -> Iterable[Person]:
    marks = ",".join("?" * len(ids))
    rows = {
        row[0]: row[1:]
        for row in db.execute(
            "SELECT p.id, p.handle, p.name, p.met_on, p.met_at, p.met_story, t.handle, p.met_precision, t.name, p.lives, p.circle "
            f"FROM person p LEFT JOIN person t ON t.id = p.met_through WHERE p.id IN ({marks})",
            ids,
        )
    }
    nicknames = _many(
        db, "SELECT person_id, nickname FROM nickname WHERE person_id IN ({}) ORDER BY id", ids
    )
    groups = _many(
        db,
        "SELECT pg.person_id, g.label FROM person_group pg JOIN people_group g ON g.id = pg.group_id "
        "WHERE pg.person_id IN ({}) ORDER BY g.label",
        ids,
    )
    contacts = _many(
        db,
        "SELECT person_id, kind, label, value FROM contact WHERE person_id IN ({}) ORDER BY kind, id",
        ids,
    )
    days = _many(
        db,
        "SELECT person_id, kind, label, on_day FROM occasion WHERE person_id IN ({}) ORDER BY id",
        ids,
    )
    remarks = _many(
        db,
        "SELECT person_id, text, source FROM remark WHERE person_id IN ({}) ORDER BY id",
        ids,
    )
    held = interests.held(db, ids)
    talks = last_talks(db, ids, today)
    for person_id in ids:
        handle, name, on, at, story, through, precision, through_name, lives, circle = rows[
            person_id
        ]
        marked = days.get(person_id, [])
        yield Person(
            handle=handle,
            name=name,
            nicknames=tuple(nickname for (nickname,) in nicknames.get(person_id, [])),
            interests=held.get(person_id, ()),
            met=Met(on, at, story, through, precision, through_name),
            lives=lives,
            groups=tuple(label for (label,) in groups.get(person_id, [])),
            circle=circle,
            birthday=next((day for kind, _, day in marked if kind == "birthday"), None),
            last_talk=talks.get(person_id),
            contacts=tuple(ContactWay(*way) for way in contacts.get(person_id, [])),
            days=tuple((label, day) for kind, label, day in marked if kind != "birthday"),
            remarks=tuple(Remark(*each) for each in remarks.get(person_id, [])),
        )


def _many(db: sqlite3.Connection, sql: str, ids: list[int]) -> dict[int, list[tuple[str, ...]]]:
    collected: dict[int, list[tuple[str, ...]]] = {}
    for person_id, *values in db.execute(sql.format(",".join("?" * len(ids))), ids):
        collected.setdefault(person_id, []).append(tuple(values))
    return collected
