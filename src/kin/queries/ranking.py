"""The order of reconnecting: who has a reason, and how good it is, the best first.

Its one rule: a bound that is quickly found comes first, and the exact score, which asks when each
interest last came up, only for those whose bound may still lead.
"""

from collections.abc import Callable, Iterator
from datetime import date
from heapq import heappop, heappush
from math import log
from typing import NamedTuple

from kin import reckoning as r
from kin import weights as w
from kin.queries import interests
from kin.queries.standing import Held, NearDay, OpenThread, Someone, Standing


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


class Reckoned(NamedTuple):
    """Somebody with all that their score is made of; days are counts, `silence` None before a talk."""

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
    gaps: tuple[int, ...]
    usual: float
    rhythm: float
    silence: int | None
    quiet: float
    shown: tuple[int, ...]
    back_off: float
    score: float
    jitter: float

    @property
    def order(self) -> float:
        """What they are ordered by."""
        return log(self.score) + self.jitter


def in_order(
    standing: Standing, wanted: Callable[[Someone], bool], seed: str = ""
) -> Iterator[Reckoned]:
    """Return everybody who has a reason for a hello and may be shown today, the best first."""
    bounds = sorted(
        (
            (_bound(standing, each, seed), each.handle, each.id)
            for each in may_be_shown(standing)
            if wanted(each)
        ),
        reverse=True,
    )
    exact: list[tuple[float, str, int, Reckoned]] = []
    for number, (bound, handle, person) in enumerate([*bounds, (float("-inf"), "", 0)]):
        while exact and -exact[0][0] >= bound:
            yield heappop(exact)[3]
        if bound == float("-inf"):
            break
        found = reckon(standing, standing.people[person], seed)
        heappush(exact, (-found.order, handle, number, found))
    while exact:
        yield heappop(exact)[3]


def may_be_shown(standing: Standing) -> Iterator[Someone]:
    """Return all but those you have just talked to; a thread that ripened on its day brings them back."""
    today = standing.today.toordinal()
    for each in standing.people.values():
        days = standing.talked.get(each.id)
        lately = days and today - days[-1] < w.LATELY
        threads = standing.threads.get(each.id, ())
        if not lately or any(one.due_in is not None and one.due_in <= 0 for one in threads):
            yield each


def _bound(standing: Standing, who: Someone, seed: str) -> float:
    """Return what somebody's order cannot exceed: every interest as alive, all as quiet as can be."""
    met = who.id in standing.talked
    best = standing.best
    parts = [
        best[interest, stance]
        for interest, stance in standing.links.get(who.id, ())
        if met or stance == "into"
    ]
    found = r.together(
        (*parts, w.THREAD * _ripest(standing, who)[1], w.DATE * _nearest(standing, who)[1])
    )
    if not found:
        return float("-inf")
    highest = r.score(found, 1.0 if met else w.QUIET_UNMET, 1.0)
    return log(highest) + _jitter(standing, who, seed)


def _jitter(standing: Standing, who: Someone, seed: str) -> float:
    return r.jitter(seed, standing.today.isoformat(), who.handle)


def _ripest(standing: Standing, who: Someone) -> tuple[OpenThread | None, float]:
    found = [(r.thread(each.due_in, each.age), each) for each in standing.threads.get(who.id, ())]
    ripe, thread = max(found, key=lambda pair: (pair[0], -pair[1].id), default=(0.0, None))
    return thread, ripe


def _nearest(standing: Standing, who: Someone) -> tuple[NearDay | None, float]:
    found = [(r.nearness(each.in_days), each) for each in standing.dates.get(who.id, ())]
    near, day = max(
        found, key=lambda pair: (pair[0], pair[1].kind == "birthday"), default=(0.0, None)
    )
    return day, near


def reckon(standing: Standing, who: Someone, seed: str = "") -> Reckoned:
    """Reckon somebody's score with all its terms."""
    days = standing.talked.get(who.id, [])
    own = r.gaps(standing.alone.get(who.id, []))
    usual = r.usual(who.circle, standing.book_gaps if who.circle is None else ())
    usually = r.rhythm(own, usual)
    silence = standing.today.toordinal() - days[-1] if days else None
    weighed = _weighed(standing, who, usually)
    thread, ripeness = _ripest(standing, who)
    day, near = _nearest(standing, who)
    ground = r.together(each.weight for each in weighed if each.kind != "collides")
    spark = r.together(each.weight for each in weighed if each.kind == "collides")
    why = r.reason(ground, spark, ripeness, near)
    quietness = r.quiet(silence, usually)
    shown = _unanswered(standing, who, days)
    left = r.back_off(shown)
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
        talks=len(days),
        gaps=tuple(sorted(own)),
        usual=usual,
        rhythm=usually,
        silence=silence,
        quiet=quietness,
        shown=shown,
        back_off=left,
        score=r.score(why, quietness, left),
        jitter=_jitter(standing, who, seed),
    )


def _unanswered(standing: Standing, who: Someone, days: list[int]) -> tuple[int, ...]:
    """Return the ages of the showings since the last talk, in days."""
    today, since = standing.today.toordinal(), days[-1] if days else 0
    return tuple(today - day for day, _ in standing.shown.get(who.id, ()) if day > since)


def _weighed(standing: Standing, who: Someone, usually: float) -> tuple[Weighed, ...]:
    days = standing.talked.get(who.id, [])
    mentioned = interests.mentions_with(standing.db, who.id, standing.today.isoformat())
    weighed = []
    for interest, stance in standing.links.get(who.id, ()):
        held = standing.interests[interest]
        kind = held.kind(stance)
        if kind == "collides" and not days:
            continue
        last = mentioned.get(held.sense)
        lag = days[-1] - date.fromisoformat(last).toordinal() if last else None
        alive = r.liveliness(lag, usually)
        rare = standing.rarity(held, kind)
        weighed.append(
            Weighed(
                held,
                kind,
                standing.holders_of(held, kind),
                rare,
                last,
                lag,
                alive,
                standing.weight(held, kind, alive),
            )
        )
    return tuple(sorted(weighed, key=lambda each: (-each.weight, each.held.label)))
