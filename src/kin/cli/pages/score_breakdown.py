"""Every term of a score in words, in the order in which they are reckoned: what `--why` says.

Its one rule: a score can be reckoned by hand from these words and docs/explanation/reconnect.md; here
alone, and only because it was asked for, are days counted.
"""

from collections.abc import Iterable, Sequence

from kin.language.text import add_quotes, clipped, format_count, joined
from kin.suggestions.score_breakdown import Term, Why

_THREAD = 60  # cells of a thread among the terms: it stands in the reasons as well

# Up to so many days between two conversations, a rhythm goes by this name.
_RHYTHMS = (
    (2, "nearly every day"),
    (10, "about once a week"),
    (20, "about every other week"),
    (45, "about once a month"),
    (135, "about once a season"),
    (270, "about twice a year"),
    (550, "about once a year"),
)


def terms(why: Why) -> Iterable[str]:
    """Say every term."""
    yield from map(" ".join, (_interest(each, why.people) for each in why.interests))
    if why.thread_opened_days_ago is not None:
        yield _thread(
            why.thread_text, why.thread_due_days_ago, why.thread_opened_days_ago, why.thread
        )
    if why.date_in_days is not None:
        yield _date(why.date_label, why.date_in_days, why.date)
    yield (
        f"Common ground {why.common_ground:.3f}, spark {why.spark:.3f}, thread {why.thread:.3f}, "
        f"date {why.date:.3f}: together a reason of {why.reason:.3f}."
    )
    yield from _time(why)
    yield _showings(why.shown_days_ago, why.back_off)
    yield (
        f"{why.reason:.3f} × (0.3 + 0.7 × {why.quiet:.3f}) × {why.back_off:.3f} = {why.score:.3f}; "
        f"luck {why.luck:+.3f}."
    )


def _interest(each: Term, people: int) -> Iterable[str]:
    how = f"shared through {each.via}, which halves it" if each.via else each.kind
    yield f"{each.interest} ({how}) weighs {each.weight:.3f}."
    into = str(each.people_into) if each.people_into else "nobody, which counts as 1,"
    yield f"Into {each.via or each.interest}: {into} of {people}, rarity {each.rarity:.3f}."
    if each.lag_days is None:
        when = "It never came up"
    elif each.lag_days == 0:
        when = "It came up last time"
    else:
        when = f"It came up {format_count(each.lag_days, 'day')} before your last conversation"
    yield f"{when}, liveliness {each.liveliness:.3f}."


def _thread(text: str, due: int | None, opened: int, ripeness: float) -> str:
    when = f"opened {_ago(opened)}, with no day" if due is None else f"its day was {_ago(due)}"
    return f"The thread {add_quotes(clipped(text, _THREAD))}: {when}, ripeness {ripeness:.3f}."


def _date(label: str, in_days: int, nearness: float) -> str:
    when = {0: "today", 1: "tomorrow"}.get(in_days, f"in {in_days} days")
    return f"{label[:1].upper()}{label[1:]} {when}, nearness {nearness:.3f}."


def _time(why: Why) -> Iterable[str]:
    """Say what time does: nothing is called quiet before a talk, nor a rhythm before the second."""
    if why.silence_days is None:
        yield "No conversation yet: that counts as 0.500."
        return
    begin = "The"
    if why.median_gap is None:
        yield f"Until there are more conversations, {why.usual_days:g} days are taken to lie between two."
    else:
        name = next(
            (name for most, name in _RHYTHMS if why.rhythm_days <= most), "once in some years"
        )
        yield (
            f"You two usually talk {name}: every {why.rhythm_days:.1f} days, from {format_count(why.gap_days, 'gap')} "
            f"with a median of {why.median_gap:g} days, drawn to {why.usual_days:g}."
        )
        begin = "A while, for you two: the" if why.quiet else "The"
    yield f"{begin} last conversation was {_ago(why.silence_days)}, which counts as {why.quiet:.3f}."


def _showings(days_ago: Sequence[int], left: float) -> str:
    if not days_ago:
        return "Not suggested since."
    *others, last = days_ago
    return f"Suggested {joined([*map(str, others), _ago(last)])}, which leaves {left:.3f}."


def _ago(days: int) -> str:
    return ("today", "yesterday")[days] if days < 2 else f"{days} days ago"
