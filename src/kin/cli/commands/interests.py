"""Interests: the map, and who shares one."""

from typing import Annotated

import typer

from kin.cli import console, options as o
from kin.cli.context import Call
from kin.cli.options import Command, new_app
from kin.errors import UsageError

app = new_app()


@app.command(cls=Command)
def interests(
    ctx: typer.Context,
    words: Annotated[
        o.Many, typer.Argument(metavar="[X]", help="One interest.", show_default=False)
    ] = None,
    with_: Annotated[
        o.Many,
        typer.Option("--with", metavar="WHO", help="Common ground with WHO; twice: of those two."),
    ] = None,
    mine: Annotated[bool, typer.Option("--mine", help="Only what you are into.")] = False,
    shared: Annotated[
        bool, typer.Option("--shared", help="Only what you share with somebody.")
    ] = False,
    rare: Annotated[
        bool,
        typer.Option("--rare", help="Only what hardly anybody else is into, the rarest first."),
    ] = False,
    n: o.Limit = None,
) -> None:
    """Who is into what: your map, or who shares one interest.

    kin interests pottery
    kin interests --with maya
    """
    call: Call = ctx.obj
    x = o.joined(words)
    if sum((x is not None, bool(with_), mine or shared or rare)) > 1 or len(with_ or ()) > 2:
        raise UsageError(
            "Ask for one interest, for a part of the map, or for the common ground of two.",
            "kin interests pottery · kin interests --shared · kin interests --with maya --with tom",
        )
    if x is not None:
        _who(call, x, n)
    elif with_:
        _common(call, with_, n)
    else:
        _map(call, (mine, shared, rare), n)


def _who(call: Call, x: str, n: int | None) -> None:
    from kin.cli.pages import interests as render
    from kin.interests import queries

    with call.reading() as db:
        found = queries.who(db, x, call.today.isoformat())
    shown = o.first(call, found.people, n)
    page = render.who_shares(
        found._replace(people=tuple(shown)), call.today, len(found.people) - len(shown)
    )
    console.show(call, (found._replace(people=tuple(shown)),), page)


def _common(call: Call, with_: list[str], n: int | None) -> None:
    from kin.cli.pages import interests as render
    from kin.interests import queries
    from kin.people import queries as people

    with call.reading() as db:
        found = [people.find(db, who) for who in with_]
        one, other = found if len(found) == 2 else (people.owner(db), found[0])
        if one.id == other.id:
            raise UsageError(f"That is {one.name} twice.", "kin interests --with maya --with tom")
        ground = queries.common(db, one.id, other.id, call.today.isoformat())
    shown = ground[:n] if n else ground
    console.show(call, shown, render.common_ground(one.name, other.name, shown, call.today))


def _map(call: Call, wanted: tuple[bool, bool, bool], n: int | None) -> None:
    from kin.cli.pages import interests as render
    from kin.interests import overview as queries

    today = call.today.isoformat()
    with call.reading() as db:
        lines = queries.overview(db, queries.Filter(*wanted))
        shown = o.first(call, lines, n)
        told = queries.everybody(db, shown, today) if call.as_json else ()
        shown = () if call.as_json else queries.named(db, shown, today)
    page = render.interest_map(shown, len(lines) - len(shown), any(wanted))
    console.show(call, told, page)
