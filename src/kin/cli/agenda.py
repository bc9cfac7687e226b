"""Today and the time ahead: birthdays and other days, and threads that ripen."""

from typing import Annotated

import typer

from kin.cli import console
from kin.cli.app import Command, noun
from kin.cli.call import Call

app = noun()
LEAD = 7  # days: time to write a card or find a present


@app.command(cls=Command)
def today(ctx: typer.Context) -> None:
    """Birthdays and other days of this week, and threads that have ripened.

    kin today
    kin today --json
    """
    call: Call = ctx.obj
    from kin.queries import dashboard as queries
    from kin.render import agenda as render

    with call.reading() as db:
        found = queries.today(db, call.today, LEAD)
    console.show(call, found, render.agenda(found, "A quiet day. Nothing calls."))


@app.command(cls=Command)
def upcoming(
    ctx: typer.Context,
    days: Annotated[
        int, typer.Option("--days", metavar="N", min=0, max=366, help="How far to look.")
    ] = 60,
) -> None:
    """Days and threads of the next two months.

    kin upcoming
    kin upcoming --days 14
    """
    call: Call = ctx.obj
    from kin.queries import dashboard as queries
    from kin.render import agenda as render

    with call.reading() as db:
        found = queries.upcoming(db, call.today, days)
    console.show(call, found, render.agenda(found, f"Nothing in the next {days} days."))
