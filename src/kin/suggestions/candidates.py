"""How things stand with everybody: the compact aggregates that the order of reconnecting is made of.

One pass over each table, no row of text. Days are ordinals (date.toordinal).
"""

import json
import sqlite3
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from functools import cache, cached_property
from typing import NamedTuple

from kin.constants import FAMILY, HOUSEHOLD, ME, STANCES
from kin.interests import common_ground
from kin.interests.common_ground import Through
from kin.interests.limits import TOO_COMMON
from kin.language import date_format as saying
from kin.language.text import fold
from kin.suggestions import contact_frequency as rhythm, scoring as reckoning
from kin.suggestions.contact_frequency import Rhythm
from kin.suggestions.weights import CURIOUS_AFTER, DATE_WITHIN, DRAWER, LATELY, WEIGHT_OF


class Someone(NamedTuple):
    """A person, by what the order needs of them."""

    id: int
    handle: str
    name: str
    circle: str | None
    lives: str | None


class Held(NamedTuple):
    """An interest that is held: what it means, and how it meets yours."""

    interest: int
    sense: str
    label: str
    through: Through | None

    def kind(self, stance: str) -> str:
        """Tell what it is to the two of you: shared, collides, or theirs."""
        return "collides" if stance == "collides" else "shared" if self.through else "theirs"

    @property
    def via(self) -> str | None:
        """The broader interest through which it meets yours."""
        return common_ground.via(self.through, self.sense, self.label) if self.through else None


class OpenThread(NamedTuple):
    """An open thread: days to its day, or None, and its age in days."""

    id: int
    text: str
    due_in: int | None
    age: int


class NearDay(NamedTuple):
    """A day that comes."""

    kind: str
    label: str
    on: date
    in_days: int


class Standing:
    """How things stand in one book on one day; each aggregate is read when it is first asked for."""

    def __init__(self, db: sqlite3.Connection, today: date) -> None:
        self.db = db
        self.today = today
        self.iso = today.isoformat()
        self.day = today.toordinal()
        self._lots: dict[tuple[str, str], float] = {}

    @cached_property
    def people(self) -> dict[int, Someone]:
        """Return everybody who may be suggested: not you, and nobody who rests or is let go."""
        rows = self.db.execute(
            "SELECT id, handle, name, circle, lives FROM person WHERE is_me = 0 AND id NOT IN "
            "(SELECT person_id FROM rest WHERE until IS NULL OR until > ?)",
            (self.iso,),
        ).fetchall()
        return {each.id: each for each in map(Someone._make, rows)}

    def lot(self, who: Someone, seed: str) -> float:
        """Draw somebody's lot of the day, the same all day: above 0, below 1."""
        drawn = self._lots.get((seed, who.handle))
        if drawn is None:
            drawn = self._lots[seed, who.handle] = reckoning.lot(seed, self.iso, who.handle)
        return drawn

    @cached_property
    def everybody(self) -> int:
        """Return how many people the book has."""
        return common_ground.people(self.db)

    @cached_property
    def rhythms(self) -> dict[int, Rhythm]:
        """Return how often you talk with each; who is not in it you never talked with."""
        return rhythm.of_each(self.db, self.iso)

    def usual(self, circle: str | None) -> float:
        """Return the rhythm assumed of somebody before there is one, in days."""
        return reckoning.usual(circle, lambda: self._of_the_book)

    @cached_property
    def _of_the_book(self) -> reckoning.Gaps:
        return rhythm.of_the_book(self.rhythms.values())

    @cached_property
    def just_talked(self) -> frozenset[int]:
        """Return to whom you have just talked."""
        since = (self.today - timedelta(days=LATELY)).isoformat()
        return frozenset(each for each, told in self.rhythms.items() if told.last > since)

    def is_unknown(self, who: Someone) -> bool:
        """Tell whether you met somebody often and know nothing that they love."""
        told = self.rhythms.get(who.id)
        return who.id not in self.unsaid and told is not None and told.days >= CURIOUS_AFTER

    @cached_property
    def interests(self) -> dict[int, Held]:
        """Return every interest of the book by its id."""
        reached = common_ground.reach(self.db)
        return {
            interest: Held(
                interest,
                sense,
                label,
                self._uncommon(reached.get(sense)),
            )
            for interest, (sense, label) in self._meant.items()
        }

    def _uncommon(self, found: Through | None) -> Through | None:
        if found and found.broad:
            held_by = self.holders.get(found.broad, 0)
            return None if common_ground.too_common(held_by, self.everybody) else found
        return found

    @cached_property
    def _meant(self) -> dict[int, tuple[str, str]]:
        rows = self.db.execute(
            "SELECT i.id, n.sense, i.label FROM interest i JOIN interest_name n ON n.key = i.key"
        )
        return {interest: (sense, label) for interest, sense, label in rows}

    @cached_property
    def lovers(self) -> dict[str, set[int]]:
        """Return who of the others is into each sense itself, by id; who rests is among them."""
        people: dict[str, set[int]] = {}
        for interest, stance, held_by in self._held_by:
            if stance == "into":
                people.setdefault(self._meant[interest][0], set()).update(held_by)
        return people

    @cached_property
    def holders(self) -> dict[str, int]:
        """Return how many others are into each sense; a narrower one counts for it."""
        counted = dict(self.lovers)
        for narrow, broad in self.db.execute("SELECT narrow, broad FROM interest_broader"):
            if narrow in self.lovers:
                counted[broad] = counted.get(broad, set()) | self.lovers[narrow]
        return {sense: len(held) for sense, held in counted.items()}

    def holders_of(self, held: Held, kind: str) -> int:
        """Count who is into an interest; where it is shared through a broader term, into that."""
        broad = held.through.broad if held.through and kind == "shared" else None
        return self.holders.get(broad or held.sense, 0)

    def rarity(self, held: Held, kind: str) -> float:
        """Return how rare an interest is among the people in the book."""
        return reckoning.rarity(self.holders_of(held, kind), self.everybody)

    def weight(self, held: Held, kind: str, alive: float) -> float:
        """Return what an interest weighs that is so alive between you."""
        via = kind == "shared" and held.via is not None
        return reckoning.atom(WEIGHT_OF[kind], self.rarity(held, kind), alive, via)

    @cached_property
    def unsaid(self) -> dict[int, float]:
        """Return what all interests of each leave unsaid at least, were each as alive as can be: Π(1 - a)."""
        left: dict[int, float] = {}
        for interest, stance, held_by in self._held_by:
            held = self.interests[interest]
            rest = 1 - self.weight(held, held.kind(stance), 1.0)
            for person in held_by:
                left[person] = left.get(person, 1.0) * rest
        return left

    @cached_property
    def loving(self) -> frozenset[int]:
        """Return all who are into anything."""
        return frozenset().union(*self.lovers.values())

    def links(self, who: Someone) -> list[tuple[int, str]]:
        """Return what somebody holds: interest and stance."""
        return self.db.execute(
            "SELECT interest_id, stance FROM person_interest WHERE person_id = ?", (who.id,)
        ).fetchall()

    @cached_property
    def _held_by(self) -> list[tuple[int, str, list[int]]]:
        rows = self.db.execute(
            "SELECT interest_id, json_group_array(person_id) FILTER (WHERE stance = 'into'), "
            "json_group_array(person_id) FILTER (WHERE stance = 'collides') "
            "FROM person_interest WHERE person_id <> ? GROUP BY interest_id",
            (ME,),
        ).fetchall()
        return [
            (interest, stance, json.loads(people))
            for interest, *held_by in rows
            for stance, people in zip(STANCES, held_by, strict=True)
        ]

    @cached_property
    def threads(self) -> dict[int, list[OpenThread]]:
        """Return the open threads with each."""
        collected: dict[int, list[OpenThread]] = {}
        day_number = cache(rhythm.ordinal)
        for person, thread, text, opened, due in self.db.execute(
            "SELECT tp.person_id, t.id, t.text, t.opened_on, t.due_on FROM thread t JOIN thread_person tp ON tp.thread_id = t.id "
            "WHERE t.heard_on IS NULL ORDER BY t.id"
        ):
            due_in = day_number(due) - self.day if due else None
            collected.setdefault(person, []).append(
                OpenThread(thread, text, due_in, self.day - day_number(opened))
            )
        return collected

    @cached_property
    def dates(self) -> dict[int, list[NearDay]]:
        """Return the days of each that come within the week."""
        collected: dict[int, list[NearDay]] = {}
        coming = [self.today + timedelta(days=ahead) for ahead in range(DATE_WITHIN)]
        named = {f"{day:%m-%d}" for day in coming}
        named |= {"02-29"} if "02-28" in named else set()
        for person, kind, label, stored in self.db.execute(
            "SELECT person_id, kind, label, on_day FROM occasion WHERE substr(on_day, -5) IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(named)),),
        ):
            on, _ = saying.next_occurrence(stored, self.today)
            if (on - self.today).days < DATE_WITHIN:
                collected.setdefault(person, []).append(
                    NearDay(kind, label, on, (on - self.today).days)
                )
        return collected

    @cached_property
    def shown(self) -> dict[int, list[tuple[int, str | None]]]:
        """Return on which days before today each was shown, and with what question; the newest first."""
        collected: dict[int, list[tuple[int, str | None]]] = {}
        for person, day, question in self.db.execute(
            "SELECT person_id, day, question FROM showing WHERE day < ? ORDER BY day DESC",
            (self.iso,),
        ):
            collected.setdefault(person, []).append((rhythm.ordinal(day), question))
        return collected

    @cached_property
    def groups(self) -> dict[int, set[int]]:
        """Return the groups of each; one with a third of the book in it is a drawer, and left out."""
        rows = self.db.execute("SELECT group_id, person_id FROM person_group").fetchall()
        members: dict[int, set[int]] = {}
        for group, person in rows:
            members.setdefault(group, set()).add(person)
        drawer = max(DRAWER, TOO_COMMON * self.everybody)
        collected: dict[int, set[int]] = {}
        for group, held in members.items():
            for person in held if len(held) <= drawer else ():
                collected.setdefault(person, set()).add(group)
        return collected

    @cached_property
    def households(self) -> dict[int, set[int]]:
        """Return with whom each lives, as ties tell it; whoever lives with one of a house is of it."""
        houses: dict[int, set[int]] = {}
        for a, b in self._tied(HOUSEHOLD):
            house = houses.get(a, {a}) | houses.get(b, {b})
            houses |= dict.fromkeys(house, house)
        return houses

    @cached_property
    def family(self) -> dict[int, set[int]]:
        """Return who is whose family, as ties tell it."""
        collected: dict[int, set[int]] = {}
        for a, b in self._tied(FAMILY):
            collected.setdefault(a, set()).add(b)
            collected.setdefault(b, set()).add(a)
        return collected

    def _tied(self, words: Collection[str]) -> Iterator[tuple[int, int]]:
        meant = _Meant(words)
        return ((a, b) for a, b, word in self._ties if meant[word])

    @cached_property
    def _ties(self) -> list[tuple[int, int, str]]:
        return self.db.execute("SELECT a_id, b_id, word FROM tie").fetchall()


class _Meant(dict[str, bool]):
    """Whether a tie is worded by one of some words, each wording folded once."""

    def __init__(self, words: Collection[str]) -> None:
        self._words = words

    def __missing__(self, word: str) -> bool:
        self[word] = found = fold(word).replace(" ", "") in self._words
        return found
