"""Merging: two cards of one person become one."""

from typing import Annotated

import typer

from kin.cli import console, options as o
from kin.cli.context import Call
from kin.cli.options import Command, new_app

app = new_app()


@app.command(cls=Command)
def merge(
    ctx: typer.Context,
    keep: Annotated[
        str, typer.Argument(metavar="KEEP", help="Whose card stays.", show_default=False)
    ],
    other: Annotated[
        str,
        typer.Argument(metavar="OTHER", help="The same person’s other card.", show_default=False),
    ],
    dry_run: o.DryRun = False,
) -> None:
    """Make one card of two of the same person: all notes, threads, ties and interests of both are kept.

    kin merge maya-o maya-2
    kin merge maya-o maya-2 --dry-run
    """
    call: Call = ctx.obj
    from kin.cli.pages import people as render
    from kin.people import merge as merging

    with call.writing(keep=not dry_run, before="merge") as session:
        merged = merging.merge(session, keep, other, call.today.isoformat())
    told = "would be one card" if dry_run else "is one card now"
    console.show(call, merged, render.merged(merged, told))
