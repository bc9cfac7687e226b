"""The commands undo, redo and history, and what they show. One command is one step."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from kin.cli import console, options
from kin.cli.layout import Page, Span, Table, make_aside, make_line
from kin.cli.options import Command, new_app

if TYPE_CHECKING:
    from kin.cli.context import Call
    from kin.safety.history import Step

app = new_app()

Count = Annotated[
    int,
    typer.Argument(
        metavar="[N]",
        parser=options.make_integer_parser(1),
        help="How many steps.",
        show_default=False,
    ),
]


@app.command(cls=Command)
def undo(ctx: typer.Context, n: Count = 1) -> None:
    """Take back the last change, or the last N. One command is one step, even an import.

    kin undo
    kin undo 3
    """
    call: Call = ctx.obj
    from kin.safety import history

    with call.open_for_maintenance() as db:
        steps = history.undo(db, n)
    console.print_result(call, steps, tuple(make_line(f"Undone: {each.what}.") for each in steps))
    console.print_hint(call, "Bring it back:", "kin redo")


@app.command(cls=Command)
def redo(ctx: typer.Context, n: Count = 1) -> None:
    """Bring back the last undone change, or the last N. Any new change clears them.

    kin redo
    kin redo 2
    """
    call: Call = ctx.obj
    from kin.safety import history

    with call.open_for_maintenance() as db:
        steps = history.redo(db, n)
    console.print_result(call, steps, tuple(make_line(f"Redone: {each.what}.") for each in steps))
    console.print_hint(call, "Take it back:", "kin undo")


@app.command(cls=Command)
def history(ctx: typer.Context, n: options.Limit = None) -> None:
    """Recent changes, newest first: what kin undo would take back.

    kin history -n 5
    kin history --json
    """
    call: Call = ctx.obj
    from kin.safety import history

    with call.open_for_reading() as db:
        steps = history.list_steps(db, options.get_row_limit(call) if n is None else n)
    console.print_result(call, steps, render_history(steps))


def render_history(steps: Sequence["Step"]) -> Page:
    """List steps: day, what was done, who did it unless it was you, and whether it is undone."""

    from kin.book.undo_log import OWNER_ACTOR

    if not steps:
        return (make_aside("No changes to undo yet."),)
    rows = tuple(
        (
            Span(each.on, "dim"),
            Span(each.what, "dim" if each.undone else ""),
            Span("" if each.actor == OWNER_ACTOR else each.actor, "dim"),
            Span("undone" if each.undone else "", "dim"),
        )
        for each in steps
    )
    return (Table(("on", "what", "by", "undone"), rows),)
