"""Today and the time ahead: birthdays and other days, and threads that ripen."""

from typing import TYPE_CHECKING, Annotated

import typer

from kin.cli import console, options as o
from kin.cli.context import Call
from kin.cli.options import Command, new_app

if TYPE_CHECKING:
    from kin.overview.dashboard import Agenda

app = new_app()
LEAD = 7  # days: time to write a card or find a present


@app.command(cls=Command)
def today(ctx: typer.Context, n: o.Limit = None) -> None:
    """Birthdays and other days of this week, and threads that have ripened.

    kin today
    kin today --json
    """
    call: Call = ctx.obj
    from kin.overview import dashboard as queries

    with call.reading() as db:
        found = queries.today(db, call.today, LEAD)
    _show(call, found, n, "A quiet day. Nothing calls.")


@app.command(cls=Command)
def upcoming(
    ctx: typer.Context,
    days: Annotated[
        int,
        typer.Option(
            "--days",
            metavar="N",
            parser=o.whole_number(0, 366),
            help="How far to look.",
        ),
    ] = 60,
    n: o.Limit = None,
) -> None:
    """Days and threads of the next two months.

    kin upcoming
    kin upcoming --days 14
    """
    call: Call = ctx.obj
    from kin.overview import dashboard as queries

    with call.reading() as db:
        found = queries.upcoming(db, call.today, days)
    _show(call, found, n, f"Nothing in the next {days} days.")


def _show(call: Call, found: "Agenda", n: int | None, nothing: str) -> None:
    from kin.cli.pages import dates as render
    from kin.cli.pages.people import more

    shown = found.first(o.room(call) // 2 if n is None else n)
    hidden = len(found.dates) + len(found.threads) - len(shown.dates) - len(shown.threads)
    console.show(call, shown, (*render.agenda(shown, nothing), *more(hidden)))
