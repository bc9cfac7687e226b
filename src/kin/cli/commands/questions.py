"""Threads: what you want to hear the end of."""

from typing import Annotated

import typer

from kin.cli import console, options as o
from kin.cli.context import Call
from kin.cli.options import Command, new_app

app = new_app()


@app.command(cls=Command)
def ask(
    ctx: typer.Context,
    who: o.Who,
    thread: Annotated[
        str, typer.Argument(metavar="THREAD", help="What you want to hear.", show_default=False)
    ],
    due: Annotated[
        str | None,
        typer.Option("--due", metavar="DAY", help="From when it is ripe: next friday, 12 may …"),
    ] = None,
) -> None:
    """Open a thread: something to ask next time.

    kin ask maya "did the kiln survive"
    kin ask tom "how did the marathon go" --due "12 april"
    """
    call: Call = ctx.obj
    from kin.cli.pages import questions as render
    from kin.notes import questions_service as threads

    with call.writing() as session:
        opened = threads.ask(
            session, who, thread, due, now=call.now, date_order=call.settings.date_order
        )
    console.show(call, opened, render.opened(opened))


@app.command(cls=Command)
def heard(
    ctx: typer.Context,
    who: o.Who,
    thread: Annotated[
        str | None,
        typer.Argument(
            metavar="[THREAD]", help="Words of it, where several are open.", show_default=False
        ),
    ] = None,
    so: Annotated[str | None, typer.Option("--so", metavar="TEXT", help="What came of it.")] = None,
) -> None:
    """Close a thread, with what came of it.

    kin heard maya kiln --so "it survived; the glaze did not"
    kin heard tom
    """
    call: Call = ctx.obj
    from kin.cli.pages import questions as render
    from kin.notes import questions_service as threads

    with call.writing() as session:
        closed = threads.heard(session, who, thread, so, now=call.now)
    console.show(call, closed, render.closed(closed))
