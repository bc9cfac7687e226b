"""Ties: how two people know each other."""

from typing import Annotated

import typer

from kin.cli import console
from kin.cli.context import Call
from kin.cli.options import Command, new_app

app = new_app()


@app.command(cls=Command)
def tie(
    ctx: typer.Context,
    a: Annotated[str, typer.Argument(metavar="A", help="One of them.", show_default=False)],
    b: Annotated[str, typer.Argument(metavar="B", help="The other.", show_default=False)],
    word: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="WORD",
            help="What A is to B: partner, sister, neighbour …",
            show_default=False,
        ),
    ],
) -> None:
    """How two people know each other: A is B’s WORD.

    kin tie maya tom --as sister
    kin tie ben ana --as "flat mate"
    """
    call: Call = ctx.obj
    from kin.cli.pages import questions as render
    from kin.people import ties_service as ties

    with call.writing() as session:
        made = ties.tie(session, a, b, word)
    console.show(call, made, render.tied(made))
