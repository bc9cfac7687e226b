"""Undo, redo, and what was done: one command is one step."""

from typing import Annotated

import typer

from kin.cli import console, options as o
from kin.cli.context import Call
from kin.cli.options import Command, new_app

app = new_app()

Count = Annotated[
    int,
    typer.Argument(
        metavar="[N]",
        parser=o.whole_number(1),
        help="How many steps.",
        show_default=False,
    ),
]


@app.command(cls=Command)
def undo(ctx: typer.Context, n: Count = 1) -> None:
    """Take the last change back, or the last N. One command is one step, an import too.

    kin undo
    kin undo 3
    """
    call: Call = ctx.obj
    from kin.cli.pages import history as render
    from kin.safety import history

    with call.rewriting() as db:
        played = history.undo(db, n)
    console.show(call, played, render.undone(played))
    console.hint(call, "Bring it back: kin redo")


@app.command(cls=Command)
def redo(ctx: typer.Context, n: Count = 1) -> None:
    """Bring back what was undone last, or the last N. A new change ends it.

    kin redo
    kin redo 2
    """
    call: Call = ctx.obj
    from kin.cli.pages import history as render
    from kin.safety import history

    with call.rewriting() as db:
        played = history.redo(db, n)
    console.show(call, played, render.redone(played))
    console.hint(call, "Take it back: kin undo")


@app.command(cls=Command)
def history(ctx: typer.Context, n: o.Limit = None) -> None:
    """What was done, the newest first: what kin undo would take back.

    kin history -n 5
    kin history --json
    """
    call: Call = ctx.obj
    from kin.cli.pages import history as render
    from kin.safety import history as queries

    with call.reading() as db:
        steps = queries.steps(db, o.room(call) if n is None else n)
    console.show(call, steps, render.history(steps))
