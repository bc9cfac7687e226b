"""Who would be glad of a hello today, and why, in your own words.

Its one rule: nobody is suggested without a reason (luck's slot aside), and no reason is a use.
"""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from heapq import heapify, heappop
from itertools import islice
from typing import NamedTuple

from kin.constants import ME
from kin.interests import common_ground, queries as interests
from kin.language.text import fold, get_first_name
from kin.notes import questions as threads
from kin.records import Hidden
from kin.suggestions import openers as questions, weights as w
from kin.suggestions.candidates import Someone, Standing
from kin.suggestions.ranking import Reckoned, Weighed, in_order, lately, may_be_shown, reckon
from kin.suggestions.reasons import Reason, because, note_on, reasons
from kin.suggestions.scoring import lot

_EASY = "An easy one to begin with."

_FAMILY = "Family; that needs no reason."

_NO_REASON = "No reason at all."


_EASY_AMONG = 50  # of those talked to last: who is easy to write to is among them
_TALKS_OF_FRIENDS = 3  # days: before, a hello is no easy one
_REASONS = 4  # told of one person: more is no reason but a list
_ALL = 1 << 30


class Who(NamedTuple):
    """A person."""

    handle: str
    name: str


class Suggestion(NamedTuple):
    """Somebody who may be glad of a hello: what it rests on, and something to begin with."""

    person: Who
    because: str
    interest: str | None
    reasons: tuple[Reason, ...]
    question: str | None
    question_because: Hidden[str]
    question_key: Hidden[str | None]
    reckoned: Hidden[Reckoned]


class Wish(NamedTuple):
    """What is asked for: at most `most` (0: all), into `about`, living `near`, an easy one first."""

    most: int = w.AT_ONCE
    about: str | None = None
    near: str | None = None
    warm_up: bool = False


EVERY_DAY = Wish()


def today(
    db: sqlite3.Connection, day: date, wish: Wish = EVERY_DAY, seed: str = ""
) -> tuple[Suggestion, ...]:
    """Suggest people for a hello, the best first; the same all day."""
    return suggested(Standing(db, day), wish, seed)


def suggested(standing: Standing, wish: Wish = EVERY_DAY, seed: str = "") -> tuple[Suggestion, ...]:
    """Suggest people as things stand."""
    about = _senses(standing.db, wish.about) if wish.about is not None else None
    wanted = _filter(standing, wish.near, about)
    most = wish.most or _ALL
    chosen = _Day(standing, about)
    found = list(islice(_easy(standing, wanted, chosen, seed), int(wish.warm_up)))
    picked = _picked(standing, wanted, chosen, seed)
    lucky = int(about is None and w.AT_ONCE <= most < _ALL)
    found += islice(picked, most - len(found) - lucky)
    if lucky:
        found += islice(_lucky(standing, wanted, chosen, seed, w.LUCK_AFTER), 1)
    found += islice(picked, most - len(found))
    return tuple(found)


def not_yet_shown(
    db: sqlite3.Connection, found: tuple[Suggestion, ...], day: date
) -> tuple[Suggestion, ...]:
    """Return those of whom it is not written down yet that they were shown today."""
    held = "SELECT 1 FROM showing WHERE person_id = ? AND day = ?"
    return tuple(
        each
        for each in found
        if not db.execute(held, (each.reckoned.who.id, day.isoformat())).fetchone()
    )


def wander(db: sqlite3.Connection, day: date, near: str | None = None) -> tuple[Suggestion, ...]:
    """Suggest one person, for no reason at all."""
    standing = Standing(db, day)
    drawn = _lucky(standing, _filter(standing, near, None), _Day(standing, None), "wander", 0)
    return tuple(islice(drawn, 1))


def _senses(db: sqlite3.Connection, words: str) -> frozenset[str]:
    sense = interests.find(db, words)
    return frozenset((sense, *common_ground.narrower(db, sense), *common_ground.broader(db, sense)))


def _filter(
    standing: Standing, near: str | None, about: frozenset[str] | None
) -> Callable[[Someone], bool]:
    loving = (
        None
        if about is None
        else frozenset().union(*(standing.lovers.get(each, ()) for each in about))
    )

    def wanted(who: Someone) -> bool:
        if near is not None and fold(near) not in fold(who.lives or ""):
            return False
        return loving is None or who.id in loving

    return wanted


class _Day:
    """Who and what has its place in the day's list: nothing leads it twice, nobody's house is in it twice."""

    def __init__(self, standing: Standing, about: frozenset[str] | None) -> None:
        self._standing = standing
        self._about = about
        self._people: set[int] = set()
        self._groups: set[int] = set()
        self._senses: set[str] = set()
        self._threads: set[str] = set()
        self._collided = False

    def has_room(self, who: Someone) -> bool:
        """Tell whether nobody of their house or groups is in the list."""
        house = self._standing.households.get(who.id, set()) | {who.id}
        return not house & self._people and not self._groups & self._standing.groups.get(
            who.id, set()
        )

    def lead(self, found: tuple[Reason, ...]) -> Reason | None:
        """Return the first reason that may lead, None where all have led."""
        return next((each for each in found if self.may_lead(each)), None)

    def may_lead(self, each: Reason) -> bool:
        """Tell whether what a reason is about has not led yet, and is what was asked for."""
        if self._about is not None:
            kin = each.weighed is not None and each.weighed.held.sense in self._about
            return kin and each.kind != "collides"
        if each.kind == "thread":  # of several who were asked the same, one a day
            return each.text not in self._threads
        return not (each.senses & self._senses or (each.kind == "collides" and self._collided))

    def take(self, who: Someone, lead: Reason) -> None:
        """Give somebody a place."""
        self._people.add(who.id)
        self._groups |= self._standing.groups.get(who.id, set())
        self._senses |= lead.senses
        self._threads |= {lead.text} if lead.kind == "thread" else set()
        self._collided |= lead.kind == "collides"


def _picked(
    standing: Standing, wanted: Callable[[Someone], bool], chosen: _Day, seed: str
) -> Iterator[Suggestion]:
    for found in in_order(standing, wanted, seed):
        told = reasons(found)
        lead = chosen.lead(told) if chosen.has_room(found.who) else None
        if lead:
            chosen.take(found.who, lead)
            yield _suggestion(standing, found, lead, told)


def _easy(
    standing: Standing, wanted: Callable[[Someone], bool], chosen: _Day, seed: str
) -> Iterator[Suggestion]:
    """Suggest somebody to whom a hello comes easily: lately in touch, and with common ground."""
    known = [
        (met.last, each)
        for each in may_be_shown(standing)
        if (met := standing.rhythms.get(each.id))
        and met.days >= _TALKS_OF_FRIENDS
        and not lately(standing, each)
        and wanted(each)
    ]
    known.sort(key=lambda each: each[1].handle)
    known.sort(key=lambda each: each[0], reverse=True)
    reckoned = [reckon(standing, each, seed) for _, each in known[:_EASY_AMONG]]
    for found in sorted(reckoned, key=_least_easy):
        told = reasons(found)
        shared = chosen.lead(tuple(each for each in told if each.kind == "shared"))
        if shared:
            chosen.take(found.who, shared)
            suggestion = _suggestion(standing, found, shared, told)
            yield suggestion._replace(because=f"{_EASY} {suggestion.because}")


def _least_easy(found: Reckoned) -> tuple[float, str]:
    return -found.ground * (1 - found.time.quiet) * found.time.left, found.who.handle


def _lucky(
    standing: Standing, wanted: Callable[[Someone], bool], chosen: _Day, seed: str, unshown: int
) -> Iterator[Suggestion]:
    """Draw somebody with any interest who has not been shown for so many days; family needs none."""
    family = standing.family.get(ME, set())
    drawn = [
        (standing.lot(each, seed), each)
        for each in standing.people.values()
        if wanted(each)
        and not lately(standing, each)
        and _unshown(standing, each, unshown)
        and (not unshown or each.id in family or each.id in standing.loving)
    ]
    heapify(drawn)
    while drawn:
        _, who = heappop(drawn)
        if chosen.has_room(who):
            found = reckon(standing, who, seed)
            if unshown and (found.date or found.thread):
                continue  # that would be a reason
            lead = _drawn(standing, found, chosen, who.id in family)
            if lead.weighed or who.id in family or not unshown:
                chosen.take(who, lead)
                yield _suggestion(standing, found, lead, (lead,))


def _unshown(standing: Standing, who: Someone, days: int) -> bool:
    """Tell whether somebody has not been shown for so many days: the newest showing comes first."""
    shown = standing.shown.get(who.id)
    return not shown or standing.day - shown[0][0] >= days


def _drawn(standing: Standing, found: Reckoned, chosen: _Day, family: bool) -> Reason:
    """Draw something that somebody loves and that leads nobody else today, best of what you spoke of."""
    name, handle, day = found.who.name, found.who.handle, standing.today.isoformat()
    drawn = sorted(
        (each for each in found.interests if each.kind != "collides"),
        key=lambda each: (not each.last_mentioned, lot(day, handle, each.held.sense)),
    )
    told = [
        Reason("luck", _describe_luck(each.held.label, name, bool(each.last_mentioned)), 0.0, each)
        for each in drawn
    ]
    nothing = Reason("luck", _FAMILY if family else _NO_REASON)
    return chosen.lead(tuple(told)) or nothing


def _suggestion(
    standing: Standing, found: Reckoned, lead: Reason, told: tuple[Reason, ...]
) -> Suggestion:
    others = tuple(each for each in told if each is not lead)
    said = because(standing.db, lead, others, found, standing.today)
    question = next(iter(_questions(standing, found, lead)), None)
    return Suggestion(
        Who(found.who.handle, found.who.name),
        said,
        lead.label,
        (lead, *others)[:_REASONS],
        question.text if question else None,
        question.because if question else "",
        question.key if question else None,
        found,
    )


def _questions(standing: Standing, found: Reckoned, lead: Reason) -> tuple[questions.Question, ...]:
    weighed = sorted(found.interests, key=lambda each: each is not lead.weighed)
    loved = {each: _loved(standing, found, each) for each in weighed}
    basis = questions.Basis(
        found.who.id,
        found.who.handle,
        found.who.name,
        _ripe(standing, found),
        [told for each, told in loved.items() if each.kind != "collides"],
        next((each.held.label for each in weighed if each.kind == "shared"), None),
        [told for each, told in loved.items() if each.kind == "collides"],
        headline=loved[lead.weighed] if lead.weighed else None,
    )
    return questions.questions(standing.db, basis, standing.today)


def _loved(standing: Standing, found: Reckoned, each: Weighed) -> questions.Loved:
    note = note_on(standing.db, found.who.id, each.held.sense)
    return questions.Loved(each.held.label, each.held.sense, note, each.last_mentioned)


def _ripe(standing: Standing, found: Reckoned) -> list[threads.Thread]:
    """Return the thread that is the ripest, if any is: the one that the reason tells of."""
    ripest = found.thread[0].id if found.thread else None
    open_threads = threads.open_with(standing.db, found.who.id, standing.today.isoformat())
    return [each for each in open_threads if each.id == ripest]


def _describe_luck(label: str, name: str, talked: bool) -> str:
    """Say that luck has drawn somebody, and what they love."""
    told = f"you once talked about {label}" if talked else f"{get_first_name(name)} is into {label}"
    return f"No reason at all: {told}."
