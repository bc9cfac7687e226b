"""Who would be glad of a hello, and why; on request, with every term of the score."""

from collections.abc import Iterable, Sequence

from kin.cli.layout import Line, Page, Span, Table, aside, field, fields, line
from kin.cli.pages import days
from kin.cli.pages.score_breakdown import terms
from kin.suggestions.reconnect import Suggestion
from kin.suggestions.score_breakdown import Explained
from kin.suggestions.snooze import Resting, describe_snooze

_NO_SUGGESTION = "Nothing calls today."


_ALSO = 2  # further reasons on a terminal: more is an argument


def suggestions(found: Sequence[Suggestion | Explained]) -> Page:
    """Show people with the reason, what else there is, and something to begin with."""
    heads = ("who", "handle", "because", "begin with")
    told = any(isinstance(each, Explained) for each in found)
    rows = tuple(_row(each) for each in found)
    cards = [one for each in found for one in _card(each)]
    table = Table((*heads, "why") if told else heads, rows, tuple(cards))
    return (table,) if found else (table, aside(_NO_SUGGESTION))


def resting(found: Resting) -> Page:
    """Say that somebody is left in peace, or may be suggested again."""
    until = days.named(found.until) if found.until else None
    said = (
        describe_snooze(found.name, until) if found.rests else _describe_end_of_snooze(found.name)
    )
    return (line(said),)


def _row(each: Suggestion | Explained) -> tuple[Span, ...]:
    cells = [each.person.name, each.person.handle, each.because, each.question or ""]
    if isinstance(each, Explained):
        cells.append(" ".join(terms(each.why)))
    return tuple(map(Span, cells))


def _card(each: Suggestion | Explained) -> Iterable[Line]:
    yield line(Span(each.person.name, "name"), Span(f"  {each.person.handle}", "dim"))
    yield line("  ", Span(each.because, "quote"), indent=2)
    yield from fields("also", ((other.text,) for other in each.reasons[1 : 1 + _ALSO]))
    if each.question:
        yield field("begin", each.question, Span(f"  {each.question_because}", "dim"), rows=2)
    if isinstance(each, Explained):
        yield from fields("why", ((told,) for told in terms(each.why)))


def _describe_end_of_snooze(name: str) -> str:
    """Say that a rest is over."""
    return f"{name} may come up again."
