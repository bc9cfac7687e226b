"""Whether the book is well."""

from typing import Annotated

import typer

from kin.cli import console
from kin.cli.context import Call
from kin.cli.options import Command, new_app

app = new_app()


@app.command(cls=Command)
def doctor(
    ctx: typer.Context,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what can be mended safely.")] = False,
) -> None:
    """Check the book: permissions, damage, indexes, backups, disk space, other copies. Exit 5 if something is wrong.

    kin doctor
    kin doctor --fix
    """
    call: Call = ctx.obj
    from kin.cli.pages import doctor as render
    from kin.safety import health as services

    found = services.examine_and_mend(call.book, call.today) if fix else services.examine(call.book)
    call.wrote = fix
    console.show(call, found, render.health(found))
    if not services.is_well(found):
        raise typer.Exit(5)
