"""`kin` alone: the day at a glance, or a welcome."""

import typer

from kin import __version__
from kin.cli import console
from kin.cli.context import Call, Welcome
from kin.cli.layout import line


def dashboard(
    ctx: typer.Context,
    version: bool = typer.Option(False, "--version", help="Print the version.", is_eager=True),
) -> None:
    """Remember the people you meet, what lights them up, and what you talked about.

    kin add Maya --share pottery --met "at the kiln"
    kin note "yesterday: coffee with Maya about #sourdough ?did the kiln survive"
    kin recall maya
    """
    if version:
        console.show(ctx.obj, {"version": __version__}, (line(f"kin {__version__}"),))
        raise typer.Exit
    if ctx.invoked_subcommand is not None:
        return
    call: Call = ctx.obj
    from kin.cli.pages import dates as agenda
    from kin.overview import dashboard as queries

    try:
        with call.reading() as db:
            found = queries.dashboard(db, call.today)
    except Welcome:
        _begin(call)
        return
    if found.is_empty and not call.as_json:
        _begin(call)
    else:
        console.show(call, found, agenda.dashboard_page(found))


def _begin(call: Call) -> None:
    """Welcome somebody to an empty book, and offer to begin it."""
    from kin.cli.pages import dates as agenda

    console.greet(call, agenda.welcome())
    if console.can_ask(call) and console.agrees(call, "\nShall we begin with somebody you met?"):
        call.next_command = ["add", *(["--db", call.db] if call.db else [])]
