"""The order of reconnecting: who has a reason, and how good it is, the best first.

Its one rule: what is quickly found bounds the score; the score itself, which asks when each interest
last came up, is reckoned only for those whose bound may still lead.
"""

from collections.abc import Callable, Iterable, Iterator
from heapq import heapify, heappop, heappush
from math import log
from typing import NamedTuple

from kin.interests import queries as interests
from kin.suggestions import scoring as r, weights as w
from kin.suggestions.candidates import Held, NearDay, OpenThread, Someone, Standing
from kin.suggestions.contact_frequency import Rhythm, ordinal


class Weighed(NamedTuple):
    """One interest of somebody, weighed. `kind` is shared, collides or theirs; `lag` in days."""

    held: Held
    kind: str
    holders: int
    rarity: float
    last_mentioned: str | None
    lag: int | None
    liveliness: float
    weight: float


class Time(NamedTuple):
    """What time does to a reason: all in days, `silence` None before the first talk; `left`: see back_off."""

    gaps: tuple[int, ...]
    usual: float
    rhythm: float
    silence: int | None
    quiet: float
    shown: tuple[int, ...]
    left: float


class Reckoned(NamedTuple):
    """Somebody with all that their score is made of; `talks` is on how many days you talked."""

    who: Someone
    interests: tuple[Weighed, ...]
    thread: tuple[OpenThread, float] | None
    date: NearDay | None
    ground: float
    spark: float
    ripeness: float
    nearness: float
    reason: float
    talks: int
    time: Time
    score: float
    jitter: float

    @property
    def order(self) -> float:
        """What they are ordered by."""
        return log(self.score) + self.jitter


_ROUGH, _CLOSER, _EXACT = range(3)
_ROUNDING = 1e-9  # what multiplying in another order may cost a bound


def in_order(
    standing: Standing, wanted: Callable[[Someone], bool], seed: str = ""
) -> Iterator[Reckoned]:
    """Return everybody who has a reason for a hello and may be shown today, the best first."""
    best: list[tuple[float, int, str, Someone, Reckoned | None]] = [
        (-bound, _ROUGH, each.handle, each, None)
        for each in may_be_shown(standing)
        if wanted(each) and (bound := _bound(standing, each, seed)) is not None
    ]
    heapify(best)
    while best:
        bound, step, handle, who, found = heappop(best)
        if found:
            yield found
        elif step == _ROUGH:
            heappush(best, (bound - _tempered(standing, who), _CLOSER, handle, who, None))
        elif (found := reckon(standing, who, seed)).score:
            heappush(best, (-found.order, _EXACT, handle, who, found))


def may_be_shown(standing: Standing) -> Iterator[Someone]:
    """Return all but those you have just talked to; a thread whose day came since brings them back."""
    for each in standing.people.values():
        if not lately(standing, each) or _ripened_since(standing, each):
            yield each


def lately(standing: Standing, who: Someone) -> bool:
    """Tell whether you have just talked to somebody."""
    return who.id in standing.just_talked


def _ripened_since(standing: Standing, who: Someone) -> bool:
    since = _last(standing.rhythms[who.id]) - standing.day
    threads = standing.threads.get(who.id, ())
    return any(each.due_in is not None and since < each.due_in <= 0 for each in threads)


def _bound(standing: Standing, who: Someone, seed: str) -> float | None:
    """Return what somebody's order cannot exceed: every interest as alive, all as quiet as can be."""
    left = standing.unsaid.get(who.id, 1.0)
    if who.id in standing.threads:
        left *= 1 - w.THREAD * _ripest(standing, who)[1]
    if who.id in standing.dates:
        left *= 1 - w.DATE * _nearest(standing, who)[1]
    if left == 1.0:
        return None
    return log(r.score(1 - left, 1.0, 1.0)) + r.jitter(standing.lot(who, seed)) + _ROUNDING


def _tempered(standing: Standing, who: Someone) -> float:
    """Return by what time lowers the bound of somebody's order."""
    time = _time(standing, who, standing.rhythms.get(who.id))
    return log(r.score(1.0, time.quiet, time.left) / r.score(1.0, 1.0, 1.0))


def _ripest(standing: Standing, who: Someone) -> tuple[OpenThread | None, float]:
    open_threads = standing.threads.get(who.id)
    if not open_threads:
        return None, 0.0
    found = [
        (-r.thread(each.due_in, each.age), each.text, -each.age, each) for each in open_threads
    ]
    ripe, *_, thread = min(found)
    return thread, -ripe


def _nearest(standing: Standing, who: Someone) -> tuple[NearDay | None, float]:
    days = standing.dates.get(who.id)
    if not days:
        return None, 0.0
    day = min(days, key=lambda each: (each.in_days, each.kind != "birthday", each.label))
    return day, r.nearness(day.in_days)


def reckon(standing: Standing, who: Someone, seed: str = "") -> Reckoned:
    """Reckon somebody's score with all its terms."""
    told = standing.rhythms.get(who.id)
    time = _time(standing, who, told)
    weighed = _weighed(standing, who, told, time.rhythm)
    thread, ripeness = _ripest(standing, who)
    day, near = _nearest(standing, who)
    ground = r.together(each.weight for each in weighed if each.kind != "collides")
    spark = r.together(each.weight for each in weighed if each.kind == "collides")
    why = r.reason(ground, spark, ripeness, near)
    return Reckoned(
        who=who,
        interests=weighed,
        thread=(thread, ripeness) if thread and ripeness else None,
        date=day,
        ground=ground,
        spark=spark,
        ripeness=ripeness,
        nearness=near,
        reason=why,
        talks=told.days if told else 0,
        time=time,
        score=r.score(why, time.quiet, time.left),
        jitter=r.jitter(standing.lot(who, seed)),
    )


def _time(standing: Standing, who: Someone, told: Rhythm | None) -> Time:
    own = tuple(sorted(told.gaps)) if told else ()
    usual = standing.usual(who.circle)
    rhythm = r.rhythm(own, usual)
    since = _last(told) if told else 0
    silence = standing.day - since if told else None
    # A showing on the day of the talk is answered by it.
    shown = tuple(standing.day - day for day, _ in standing.shown.get(who.id, ()) if day > since)
    return Time(own, usual, rhythm, silence, r.quiet(silence, rhythm), shown, r.back_off(shown))


def _last(told: Rhythm) -> int:
    return ordinal(told.last)


def _weighed(
    standing: Standing, who: Someone, told: Rhythm | None, usually: float
) -> tuple[Weighed, ...]:
    mentioned = interests.mentions_with(standing.db, who.id, standing.today.isoformat())
    weighed = []
    for held, kind in _held(standing, who):
        if kind == "collides" and not told:
            continue
        last = mentioned.get(held.sense)
        lag = _last(told) - ordinal(last) if told and last else None
        alive = r.liveliness(lag, usually)
        into, rare = standing.holders_of(held, kind), standing.rarity(held, kind)
        weight = standing.weight(held, kind, alive)
        weighed.append(Weighed(held, kind, into, rare, last, lag, alive, weight))
    return tuple(sorted(weighed, key=lambda each: (-each.weight, each.held.label)))


def _held(standing: Standing, who: Someone) -> Iterable[tuple[Held, str]]:
    """Return what somebody holds, and what it is to you two; two names of one interest weigh once."""
    found: dict[tuple[str, str], tuple[Held, str]] = {}
    for interest, stance in standing.links(who):
        held = standing.interests[interest]
        one = found.setdefault((held.sense, stance), (held, held.kind(stance)))
        if held.label < one[0].label:
            found[held.sense, stance] = (held, one[1])
    return found.values()
