"""You: a person like all others, with interests of your own."""

from typing import Annotated

import typer

from kin.cli import clarify as doubts, console, options as o
from kin.cli.context import Call
from kin.cli.options import Command, new_app
from kin.constants import ME

app = new_app()


@app.command(cls=Command)
def me(
    ctx: typer.Context,
    into: Annotated[
        o.Many, typer.Option("--into", metavar="X", help="You are into X; repeat for more.")
    ] = None,
    from_: o.From = None,
    not_into: Annotated[
        o.Many, typer.Option("--not-into", metavar="X", help="You are not, or no longer.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="What you are called.")
    ] = None,
    lives: Annotated[
        str | None, typer.Option("--lives", metavar="TOWN", help="Where you live.")
    ] = None,
) -> None:
    """You: your interests, your name and town.

    kin me --into pottery --into "trail running"
    kin me --name "Ana Ruiz" --lives Lisbon
    """
    call: Call = ctx.obj
    from kin.cli.pages import people as render
    from kin.people import queries as people

    answers = doubts.settled(call, o.tuple_of(into))
    if into or from_ or not_into or name is not None or lives is not None:
        from kin.notes import new_person as meeting
        from kin.people.card_changes import Dropped, Said

        meant = answers.labels(o.tuple_of(into))
        said = Said(name=name, into=meant, caught_from=from_, lives=lives or None)
        off = Dropped(into=o.tuple_of(not_into), fields=("lives",) if lives == "" else ())
        with call.writing() as session:
            doubts.learn(call, session, answers)
            person = meeting.know_myself(session, said, off, now=call.now)
    else:
        with call.reading() as db:
            person = people.card(db, ME, call.today.isoformat())
    console.show(call, person, render.person_card(person, "you"))
    doubts.tell(call, answers)
