"""What was done, and what was taken back."""

from collections.abc import Sequence

from kin.book.undo_log import YOU
from kin.cli.layout import Page, Span, Table, aside, line
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
    return tuple(line(_describe_undone(each.what)) for each in steps)


def redone(steps: Sequence[Step]) -> Page:
    """Say what was brought back."""
    return tuple(line(_describe_redone(each.what)) for each in steps)


def _describe_undone(what: str) -> str:
    """Say what was taken back."""
    return f"Undone: {what}."


def _describe_redone(what: str) -> str:
    """Say what was brought back."""
    return f"Done again: {what}."
