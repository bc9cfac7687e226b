"""Find: you remember the gardening, not the name."""

from typing import Annotated

import typer

from kin.cli import console
from kin.cli import options as o
from kin.cli.app import Command, noun
from kin.cli.call import Call
from kin.errors import UsageError

app = noun()
MOST = 20  # of each kind, where -n does not say otherwise: a page to look through


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
    from kin.queries import search as queries
    from kin.render import search as render
    from kin.render.people import more

    wanted = " ".join(words).strip()
    if not wanted:
        raise UsageError("What is it you remember?", "kin find gardening")
    with call.reading() as db:
        found = queries.find(db, wanted, MOST if n is None else n or 1_000_000)
    shown = o.first(call, found, n, rows_each=2)
    console.show(
        call, shown, (*render.hits(shown, wanted), *more(len(found) - len(shown), "-n 0 shows all"))
    )
