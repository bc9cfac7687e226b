"""Find: you remember the gardening, not the name."""

from typing import Annotated

import typer

from kin.cli import console, options as o
from kin.cli.context import Call
from kin.cli.options import Command, new_app
from kin.errors import UsageError

app = new_app()
EVERYTHING = 1 << 40


@app.command(cls=Command)
def find(
    ctx: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="WORDS", help="All of them stand in what is found.", show_default=False
        ),
    ],
    n: o.Limit = None,
) -> None:
    """Full text: notes, stories, threads, names, interests.

    kin find gardening
    kin find "kiln survive" --json
    """
    call: Call = ctx.obj
    from kin.cli.pages import search as render
    from kin.cli.pages.people import more
    from kin.notes import search as queries

    wanted = " ".join(words).strip()
    if not wanted:
        raise UsageError("What is it you remember?", "kin find gardening")
    with call.reading() as db:
        found = queries.find(db, wanted, _of_each_kind(call, n))
    shown = o.first(call, found, n, rows_each=2)
    hidden = len(found) > len(shown)
    console.show(call, shown, (*render.hits(shown, wanted), *more(hidden)))


def _of_each_kind(call: Call, n: int | None) -> int:
    """Return how many to look for of each kind: all in a pipe, on a terminal one more than fit."""
    most = o.room(call) if n is None else n
    return most + 1 if most else EVERYTHING
