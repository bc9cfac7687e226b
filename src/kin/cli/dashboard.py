"""`kin` alone: the day at a glance, or a welcome."""

import typer

from kin import __version__
from kin.cli import console
from kin.cli.call import Call
from kin.render.page import line


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
    from kin.queries import dashboard as queries
    from kin.render import agenda

    with call.reading() as db:
        found = queries.dashboard(db, call.today)
    console.show(call, found, agenda.welcome() if found.is_empty else agenda.dashboard_page(found))
