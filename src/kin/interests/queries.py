"""Who is into what, what two people share and through what, and when it last came up."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kin.constants import ME
from kin.errors import NotFoundError
from kin.interests import common_ground
from kin.interests.limits import is_rare
from kin.records import Hidden
from kin.vocabulary import catalog as vocabulary


class HeldInterest(NamedTuple):
    """An interest as one person holds it.

    `stance` is into or collides; `shared`: you are into it too; `via`: the broader interest through
    which it is shared, None where it is the same one; `note`: how they came to it; `yours`: what you
    call it; `sense`: what it means, under whatever name.
    """

    key: str
    label: str
    stance: str
    shared: bool
    via: str | None
    note: str | None
    yours: Hidden[str | None] = None
    sense: Hidden[str] = ""


class Holder(NamedTuple):
    """Somebody who holds an interest; `via` is the broader term between theirs and the one asked for.

    `label` is what they call it; `caught_from` is the handle of whom they have it from.
    """

    handle: str
    name: str
    stance: str
    via: str | None
    note: str | None
    last_mentioned: str | None
    caught_from: str | None = None
    label: Hidden[str] = ""
    caught_name: Hidden[str | None] = None


class Interest(NamedTuple):
    """An interest, whether it is yours, and everybody else who holds it.

    `yours_as`: what you call it; `caught`: the name of whom you have it from.
    """

    key: str
    label: str
    yours: bool
    people: tuple[Holder, ...]
    yours_as: Hidden[str | None] = None
    caught: Hidden[str | None] = None
    rare: Hidden[bool] = False


def held(db: sqlite3.Connection, ids: Sequence[int]) -> dict[int, tuple[HeldInterest, ...]]:
    """Return what each of these people holds: shared first, then into, then collisions, by label."""
    meets = common_ground.meeting(db)
    marks = ",".join("?" * len(ids))
    collected: dict[int, list[HeldInterest]] = {}
    for person_id, key, label, stance, note, sense in db.execute(
        "SELECT pi.person_id, i.key, i.label, pi.stance, pi.note, n.sense FROM person_interest pi "
        "JOIN interest i ON i.id = pi.interest_id JOIN interest_name n ON n.key = i.key "
        f"WHERE pi.person_id IN ({marks}) ORDER BY pi.stance DESC, i.label",
        tuple(ids),
    ):
        found = meets(sense) if stance == "into" and person_id != ME else None
        collected.setdefault(person_id, []).append(
            HeldInterest(
                key,
                label,
                stance,
                found is not None,
                common_ground.via(found, sense, label) if found else None,
                note,
                found.yours if found else None,
                sense,
            )
        )
    return {
        person_id: tuple(sorted(each, key=lambda one: (not one.shared, one.via is not None)))
        for person_id, each in collected.items()
    }


def mentions_with(db: sqlite3.Connection, person_id: int, today: str) -> dict[str, str]:
    """Return, for each interest by sense, the day when it last came up with this person."""
    return dict(
        db.execute(
            "SELECT n.sense, max(cp.day) FROM conversation_person cp "
            "CROSS JOIN conversation_topic ct ON ct.conversation_id = cp.conversation_id "
            "JOIN interest i ON i.id = ct.interest_id JOIN interest_name n ON n.key = i.key "
            "WHERE cp.person_id = ? AND cp.day <= ? GROUP BY n.sense",
            (person_id, today),
        )
    )


def find(db: sqlite3.Connection, wanted: str) -> str:
    """Find the sense that words name; raise NotFoundError with near misses."""
    sense = common_ground.sense_of(db, wanted)
    if sense is not None:
        return sense
    from difflib import get_close_matches

    labels = dict(db.execute("SELECT key, label FROM interest").fetchall())
    close = tuple(
        labels[key] for key in get_close_matches(vocabulary.key(wanted), labels, n=3, cutoff=0.7)
    )
    raise NotFoundError(
        f"Nobody in your book is into “{wanted}” yet.",
        f"Did you mean {' or '.join(close)}?" if close else "See what there is: kin interests",
        close,
    )


def ids_of(db: sqlite3.Connection, sense: str) -> tuple[int, ...]:
    """Return the ids of the interests that mean this."""
    rows = db.execute(
        "SELECT i.id FROM interest_name n JOIN interest i ON i.key = n.key WHERE n.sense = ?",
        (sense,),
    )
    return tuple(row[0] for row in rows)


def who(db: sqlite3.Connection, wanted: str, today: str) -> Interest:
    """Tell who is into an interest: it itself, then one broader step away; the last mentioned first."""
    sense = find(db, wanted)
    narrow = _uncommon(db, sense, common_ground.narrower(db, sense))
    broad = tuple(each for each in common_ground.broader(db, sense) if _uncommon(db, each, (each,)))
    held_by = links(db, (sense, *narrow, *broad))
    label = _called(db, sense, held_by)
    mentioned = mentions(db, (sense, *narrow, *broad), today)
    mine = [each for each in held_by if each.person_id == ME and each.stance == "into"]
    own = next((each for each in mine if each.sense == sense), mine[0] if mine else None)
    others = [
        each
        for each in held_by
        if each.person_id != ME and (each.sense == sense or each.stance == "into")
    ]
    others.sort(key=lambda each: _order(each, sense, mentioned))
    people: dict[str, Holder] = {}
    for each in others:
        via = None if each.sense == sense else label if each.sense in narrow else each.label
        people.setdefault(each.handle, holder(each, via, mentioned))
    return Interest(
        vocabulary.key(label),
        label,
        any(each.sense == sense or each.sense in narrow for each in mine),
        tuple(people.values()),
        own.label if own else None,
        own.caught_name if own else None,
        is_rare(common_ground.holders(db, sense), common_ground.people(db)),
    )


def _uncommon(db: sqlite3.Connection, broad: str, steps: tuple[str, ...]) -> tuple[str, ...]:
    """Return the steps through a broader term, none where it is too common to say anything."""
    if not steps or common_ground.too_common(
        common_ground.holders(db, broad), common_ground.people(db)
    ):
        return ()
    return steps


class Link(NamedTuple):
    """One person holds one interest."""

    person_id: int
    handle: str
    name: str
    sense: str
    label: str
    stance: str
    note: str | None
    caught_from: str | None
    caught_name: str | None


def links(db: sqlite3.Connection, senses: Iterable[str]) -> list[Link]:
    """Tell who holds these senses, by name."""
    rows = db.execute(
        "SELECT p.id, p.handle, p.name, n.sense, i.label, pi.stance, pi.note, f.handle, f.name "
        "FROM interest_name n JOIN interest i ON i.key = n.key JOIN person_interest pi ON pi.interest_id = i.id "
        "JOIN person p ON p.id = pi.person_id LEFT JOIN caught c ON c.link_id = pi.id "
        "LEFT JOIN person f ON f.id = c.from_id WHERE n.sense IN (SELECT value FROM json_each(?)) "
        "ORDER BY p.name, p.id, i.label",
        (json.dumps(sorted(senses)),),
    )
    return [Link(*row) for row in rows]


def _called(db: sqlite3.Connection, sense: str, links: Iterable[Link]) -> str:
    """Return what to call a sense: as you do, else as most people's cards do, else as it was typed."""
    held = [each for each in links if each.sense == sense]
    mine = [each.label for each in held if each.person_id == ME]
    counted = Counter(mine or [each.label for each in held]).most_common(1)
    return counted[0][0] if counted else common_ground.labels(db, [sense])[sense]


def _order(
    each: Link, sense: str, mentioned: dict[tuple[str, int], str]
) -> tuple[bool, bool, int, str]:
    last = mentioned.get((each.sense, each.person_id))
    return each.sense != sense, each.stance != "into", _newest_first(last), each.name


def holder(each: Link, via: str | None, mentioned: dict[tuple[str, int], str]) -> Holder:
    """Return a holder of an interest that is reached through `via`."""
    return Holder(
        each.handle,
        each.name,
        each.stance,
        via,
        each.note,
        mentioned.get((each.sense, each.person_id)),
        each.caught_from,
        each.label,
        each.caught_name,
    )


def mentions(
    db: sqlite3.Connection, senses: Iterable[str], today: str
) -> dict[tuple[str, int], str]:
    """Return when each of these senses last came up with each person."""
    rows = db.execute(
        "SELECT n.sense, cp.person_id, max(cp.day) FROM interest_name n JOIN interest i ON i.key = n.key "
        "CROSS JOIN conversation_topic ct ON ct.interest_id = i.id "
        "CROSS JOIN conversation_person cp ON cp.conversation_id = ct.conversation_id "
        "WHERE n.sense IN (SELECT value FROM json_each(?)) AND cp.day <= ? GROUP BY 1, 2",
        (json.dumps(sorted(senses)), today),
    )
    return {(sense, person): day for sense, person, day in rows}


def _newest_first(day: str | None) -> int:
    return -int(day.replace("-", "")) if day else 0


def common(db: sqlite3.Connection, one: int, other: int, today: str) -> tuple[Interest, ...]:
    """Tell the common ground of two people, the last mentioned first; the owner may be one of them."""
    meets = common_ground.meeting(db, one, with_you=ME in (one, other))
    mine = common_ground.loves(db, ME)
    held_by = [each for each in _links_of(db, one, other) if each.stance == "into"]
    mentioned = {
        (sense, person): day
        for person in (one, other)
        for sense, day in mentions_with(db, person, today).items()
    }
    found = []
    for each in (link for link in held_by if link.person_id == other):
        through = meets(each.sense)
        if through is None:
            continue
        via = common_ground.via(through, each.sense, each.label)
        theirs = next(
            link for link in held_by if link.person_id == one and link.label == through.yours
        )
        holders = tuple(
            holder(link, via, mentioned) for link in (theirs, each) if link.person_id != ME
        )
        yours = each.sense in mine or theirs.sense in mine
        label = via or (through.yours if one == ME else each.label)
        found.append(Interest(vocabulary.key(label), label, yours, holders, through.yours))
    return tuple(sorted(found, key=_latest))


def _latest(ground: Interest) -> tuple[bool, int]:
    """Order common ground: the same interest before kin ones, the last mentioned first."""
    last = min(_newest_first(each.last_mentioned) for each in ground.people)
    return any(each.via for each in ground.people), last


def _links_of(db: sqlite3.Connection, *ids: int) -> list[Link]:
    marks = ",".join("?" * len(ids))
    rows = db.execute(
        "SELECT p.id, p.handle, p.name, n.sense, i.label, pi.stance, pi.note, f.handle, f.name "
        "FROM person_interest pi JOIN person p ON p.id = pi.person_id JOIN interest i ON i.id = pi.interest_id "
        "JOIN interest_name n ON n.key = i.key LEFT JOIN caught c ON c.link_id = pi.id "
        f"LEFT JOIN person f ON f.id = c.from_id WHERE pi.person_id IN ({marks}) ORDER BY i.label",
        ids,
    )
    return [Link(*row) for row in rows]
