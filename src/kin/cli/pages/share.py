"""Who would love what you found, and to whom you sent it."""

from collections.abc import Iterable, Sequence

from kin.cli.layout import Line, Page, Span, Table, aside, line
from kin.cli.pages import days
from kin.suggestions.share import Answer, Lover, Sent

_FOR_NO_ONE = "As far as your book knows, nobody loves this yet; you may know better."

_SENT = "You sent it to {name} on {day}."


def lovers(found: Answer) -> Page:
    """Show people with the reason; who has it already stands aside."""
    had = tuple(aside(_told(each)) for each in found.sent)
    if not found.lovers:
        return (*had, aside(_FOR_NO_ONE))
    rows = tuple(
        (Span(each.person.name), Span(each.person.handle), Span(each.because))
        for each in found.lovers
    )
    cards = tuple(part for each in found.lovers for part in _card(each))
    return (Table(("who", "handle", "because"), rows, cards), *had)


def sent(told: Sequence[Sent]) -> Page:
    """Say what was written down."""
    return tuple(line(_told(each)) for each in told)


def _card(each: Lover) -> Iterable[Line]:
    yield line(Span(each.person.name, "name"), Span(f"  {each.person.handle}", "dim"))
    yield line("  ", Span(each.because, "quote"), indent=2)


def _told(each: Sent) -> str:
    return _SENT.format(name=f"{each.name} ({each.handle})", day=days.named(each.on))
