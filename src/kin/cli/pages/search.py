"""What was found, and where."""

from collections.abc import Sequence

from kin.cli.layout import Page, Span, Table, aside, line
from kin.cli.pages import days
from kin.language.text import joined
from kin.notes.search import Hit


def hits(found: Sequence[Hit], words: str) -> Page:
    """Show each place where the words stand: whose it is, when, and the text."""
    if not found:
        return (aside(f"Nothing has “{words}” in it."),)
    rows = tuple(
        (Span(each.kind, "dim"), Span(each.on or ""), Span(",".join(each.people)), Span(each.text))
        for each in found
    )
    cards = tuple(
        line(
            "  ",
            Span(joined(each.names), "name"),
            Span(f"  {days.named(each.on)}" if each.on else f"  {each.kind}", "label"),
            Span("  "),
            Span(" ".join(each.told.split()), "quote"),
            indent=2,
            rows=3,
        )
        for each in found
    )
    return (Table(("kind", "on", "who", "text"), rows, cards),)
