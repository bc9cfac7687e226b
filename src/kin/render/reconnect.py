"""Who would be glad of a hello, and why; on request, with every term of the score."""

from collections.abc import Iterable, Sequence

from kin import sentences
from kin.queries.reconnect import Suggestion
from kin.queries.resting import Resting
from kin.queries.why import Explained, Why
from kin.render import days
from kin.render.page import Line, Page, Span, Table, field, fields, line

_ALSO = 2  # further reasons on a terminal: more is an argument


def suggestions(found: Sequence[Suggestion | Explained]) -> Page:
    """Show people with the reason, what else there is, and something to begin with."""
    heads = ("who", "handle", "because", "begin with")
    told = any(isinstance(each, Explained) for each in found)
    rows = tuple(_row(each) for each in found)
    cards = [one for each in found for one in _card(each)]
    nothing = [line(sentences.NOTHING_CALLS)]
    return (Table((*heads, "why") if told else heads, rows, tuple(cards or nothing)),)


def resting(found: Resting) -> Page:
    """Say that somebody is left in peace, or may be suggested again."""
    until = days.named(found.until) if found.until else None
    said = sentences.rests(found.name, until) if found.rests else sentences.is_back(found.name)
    return (line(said),)


def _row(each: Suggestion | Explained) -> tuple[Span, ...]:
    cells = [each.person.name, each.person.handle, each.because, each.question or ""]
    if isinstance(each, Explained):
        cells.append(" ".join(_terms(each.why)))
    return tuple(map(Span, cells))


def _card(each: Suggestion | Explained) -> Iterable[Line]:
    yield line(Span(each.person.name, "name"), Span(f"  {each.person.handle}", "dim"))
    yield line("  ", Span(each.because, "quote"), indent=2)
    yield from fields("also", ((other.text,) for other in each.reasons[1 : 1 + _ALSO]))
    if each.question:
        yield field("begin", each.question, Span(f"  {each.question_because}", "dim"), rows=2)
    if isinstance(each, Explained):
        yield from fields("why", ((told,) for told in _terms(each.why)))


def _terms(why: Why) -> Iterable[str]:
    """Say every term in words, in the order in which they are reckoned."""
    for each in why.interests:
        held = sentences.term(each.interest, each.kind, each.via, each.weight)
        spread = sentences.spread(each.people_into, why.people, each.rarity)
        yield f"{held} {spread} {sentences.alive(each.lag_days, each.liveliness)}"
    yield sentences.reason_of(why.common_ground, why.spark, why.thread, why.date, why.reason)
    if why.silence_days is None:
        yield sentences.NEVER_TALKED
    else:
        if why.median_gap is not None:
            yield sentences.own_rhythm(
                why.rhythm_days, why.gap_days, why.median_gap, why.usual_days
            )
        else:
            yield sentences.no_rhythm(why.usual_days)
        yield sentences.silence(why.silence_days, why.quiet)
    yield sentences.showings(len(why.shown_days_ago), why.back_off)
    yield sentences.score_of(why.reason, why.quiet, why.back_off, why.score, why.luck)
