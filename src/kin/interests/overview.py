"""The map of interests: all of them at a glance, the shared first, each with who is into it."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kin.constants import ME
from kin.interests import common_ground
from kin.interests.limits import is_rare
from kin.interests.queries import Holder, Interest, Link, holder, links, mentions
from kin.records import Hidden
from kin.vocabulary import catalog as vocabulary


class MapLine(NamedTuple):
    """An interest on the map: how many others hold it, how many more are one broader step away.

    `names` are the first few, `last` is when it last came up; `people` are ids with what they call it,
    `near` ids with what they call theirs and the broader of the two terms.
    """

    key: str
    label: str
    yours: bool
    others: int
    kin: int
    rare: bool
    names: tuple[str, ...] = ()
    last: str | None = None
    sense: Hidden[str] = ""
    people: Hidden[tuple[tuple[int, str], ...]] = ()
    near: Hidden[tuple[tuple[int, str, str], ...]] = ()

    @property
    def shared(self) -> bool:
        """Whether you have it in common with somebody."""
        return self.yours and self.others + self.kin > 0


class Filter(NamedTuple):
    """Which part of the map is wanted."""

    mine: bool = False
    shared: bool = False
    rare: bool = False


class _Held(NamedTuple):
    """All who hold interests, read in one pass: by sense the people, and what they call it."""

    people: dict[str, dict[int, str]]
    labels: dict[str, Counter[str]]
    steps: list[tuple[str, str]]
    everybody: int


def overview(db: sqlite3.Connection, wanted: Filter) -> tuple[MapLine, ...]:
    """Draw the map, without names: `named` gives them to the lines that are shown."""
    held = _held(db)
    near = _near(held)
    lines = [_line(sense, held, near.get(sense, {})) for sense in held.people]
    kept = [line for line in lines if _wanted(line, wanted)]
    return tuple(sorted(kept, key=lambda line: _order(line, wanted)))


def _held(db: sqlite3.Connection) -> _Held:
    meant = {
        interest: (sense, label)
        for interest, sense, label in db.execute(
            "SELECT i.id, n.sense, i.label FROM interest i JOIN interest_name n ON n.key = i.key"
        )
    }
    people: dict[str, dict[int, str]] = {}
    labels: dict[str, Counter[str]] = {}
    for person, interest in db.execute(
        "SELECT person_id, interest_id FROM person_interest WHERE stance = 'into'"
    ):
        sense, label = meant[interest]
        people.setdefault(sense, {})[person] = label
        labels.setdefault(sense, Counter())[label] += 1
    steps = db.execute("SELECT narrow, broad FROM interest_broader ORDER BY 1, 2").fetchall()
    return _Held(people, labels, steps, common_ground.people(db))


def _near(held: _Held) -> dict[str, dict[int, tuple[str, str]]]:
    """Return for each sense who is one broader step away, and through what; too common terms aside."""
    narrower: dict[str, set[str]] = {}
    for narrow, broad in held.steps:
        if narrow in held.people and not vocabulary.is_unclear(broad):
            narrower.setdefault(broad, {broad}).add(narrow)
    near: dict[str, dict[int, tuple[str, str]]] = {}
    for broad, senses in narrower.items():
        holders = {each for sense in senses for each in held.people.get(sense, ()) if each != ME}
        if broad not in held.people or common_ground.too_common(len(holders), held.everybody):
            continue
        called = _called(broad, held)
        for narrow in sorted(senses - {broad}):
            for person, label in held.people[narrow].items():
                near.setdefault(broad, {}).setdefault(person, (label, called))
            for person, label in held.people[broad].items():
                near.setdefault(narrow, {}).setdefault(person, (label, label))
    return near


def _called(sense: str, held: _Held) -> str:
    mine = held.people[sense].get(ME)
    return mine or held.labels[sense].most_common(1)[0][0]


def _line(sense: str, held: _Held, near: dict[int, tuple[str, str]]) -> MapLine:
    direct = held.people[sense]
    others = tuple(sorted((each, called) for each, called in direct.items() if each != ME))
    kin = tuple((each, *near[each]) for each in sorted(near) if each not in direct and each != ME)
    label = _called(sense, held)
    return MapLine(
        vocabulary.key(label),
        label,
        ME in direct,
        len(others),
        len(kin),
        is_rare(len(others) + len(kin), held.everybody),
        sense=sense,
        people=others,
        near=kin,
    )


def _wanted(line: MapLine, wanted: Filter) -> bool:
    if wanted.mine and not line.yours:
        return False
    if wanted.shared and not line.shared:
        return False
    return not wanted.rare or (line.rare and line.others > 0)


def _order(line: MapLine, wanted: Filter) -> tuple[bool, int, str]:
    count = line.others + line.kin
    return not line.shared, count if wanted.rare else -count, line.label.casefold()


def named(
    db: sqlite3.Connection, lines: Sequence[MapLine], today: str, most: int = 4
) -> tuple[MapLine, ...]:
    """Give the lines that are shown their first few names, and when each last came up."""
    wanted = {each for line in lines for each, _ in line.people[:most]}
    wanted |= {each for line in lines for each, *_ in line.near[:most]}
    known = _names(db, wanted)
    return tuple(
        line._replace(
            names=(
                *(
                    known[each]
                    if vocabulary.key(called) == line.key
                    else f"{known[each]} ({called})"
                    for each, called in line.people[:most]
                ),
                *(f"{known[each]} ({label})" for each, label, _ in line.near[:most]),
            )[:most],
            last=_last(db, line.sense, today),
        )
        for line in lines
    )


def _last(db: sqlite3.Connection, sense: str, today: str) -> str | None:
    (day,) = db.execute(
        "SELECT max(c.day) FROM interest_name n JOIN interest i ON i.key = n.key "
        "CROSS JOIN conversation_topic ct ON ct.interest_id = i.id "
        "CROSS JOIN conversation c ON c.id = ct.conversation_id WHERE n.sense = ? AND c.day <= ?",
        (sense, today),
    ).fetchone()
    return None if day is None else str(day)


def _names(db: sqlite3.Connection, ids: Iterable[int]) -> dict[int, str]:
    rows = db.execute(
        "SELECT id, name FROM person WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(ids)),),
    )
    return dict(rows.fetchall())


def everybody(db: sqlite3.Connection, lines: Sequence[MapLine], today: str) -> tuple[Interest, ...]:
    """Tell the whole of these lines with all their people, for programs."""
    every = links(db, {line.sense for line in lines} | _steps(db))
    mentioned = mentions(db, {each.sense for each in every}, today)
    by_sense: dict[str, list[Link]] = {}
    by_person: dict[int, dict[str, Link]] = {}
    for each in every:
        by_sense.setdefault(each.sense, []).append(each)
        by_person.setdefault(each.person_id, {})[each.label] = each
    told = []
    for line in lines:
        people: dict[str, Holder] = {}
        for each in by_sense.get(line.sense, []):
            if each.person_id != ME:
                people.setdefault(each.handle, holder(each, None, mentioned))
        for person, label, via in line.near:
            link = by_person[person][label]
            people.setdefault(link.handle, holder(link, via, mentioned))
        told.append(Interest(line.key, line.label, line.yours, tuple(people.values())))
    return tuple(told)


def _steps(db: sqlite3.Connection) -> set[str]:
    rows = db.execute("SELECT narrow, broad FROM interest_broader")
    return {sense for step in rows for sense in step}
