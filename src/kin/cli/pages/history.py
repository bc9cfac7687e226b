"""What was done, and what was taken back."""

from collections.abc import Sequence

from kin.book.undo_log import YOU
from kin.cli.layout import Page, Span, Table, aside, line
from kin.language import sentences
from kin.safety.history import Step


def history(steps: Sequence[Step]) -> Page:
    """List the steps."""
    if not steps:
        return (aside("Nothing was done yet that could be undone."),)
    rows = tuple(
        (
            Span(each.on, "dim"),
            Span(each.what, "dim" if each.undone else ""),
            Span("" if each.actor == YOU else each.actor, "dim"),
            Span("undone" if each.undone else "", "dim"),
        )
        for each in steps
    )
    return (Table(("on", "what", "by", ""), rows),)


def undone(steps: Sequence[Step]) -> Page:
    """Say what was taken back."""
    return tuple(line(sentences.undone(each.what)) for each in steps)


def redone(steps: Sequence[Step]) -> Page:
    """Say what was brought back."""
    return tuple(line(sentences.redone(each.what)) for each in steps)
