"""Recall: the card to read before a catch-up."""

import typer

from kin.cli import console, options as o
from kin.cli.context import Call
from kin.cli.options import Command, new_app

app = new_app()


@app.command(cls=Command)
def recall(ctx: typer.Context, who: o.WhoWords) -> None:
    """Read before a catch-up: what to ask, what you last talked of, what you share.

    kin recall maya
    kin recall "Tom B" --json
    """
    call: Call = ctx.obj
    from kin.cli.pages import recall as render
    from kin.overview import recall as queries

    with call.reading() as db:
        brief = queries.brief(db, " ".join(who), call.today)
    console.show(call, brief, render.brief_card(brief))
