"""Introduce: two of your people who love the same rare thing, and what each says to meeting."""

from typing import TYPE_CHECKING, Annotated

import typer

from kin.cli import console, options as o
from kin.cli.context import Call
from kin.cli.options import Command, new_app
from kin.errors import UsageError
from kin.language.text import command_line

if TYPE_CHECKING:
    from kin.suggestions.introduce import Pair

app = new_app()


@app.command(cls=Command)
def introduce(
    ctx: typer.Context,
    who: Annotated[
        str | None,
        typer.Argument(metavar="[WHO]", help="Only pairs with them.", show_default=False),
    ] = None,
    other: Annotated[
        str | None,
        typer.Argument(
            metavar="[OTHER]", help="How things stand with these two.", show_default=False
        ),
    ] = None,
    n: Annotated[
        int | None,
        typer.Option("-n", metavar="N", parser=o.COUNT, help="At most N pairs (3); 0 for all."),
    ] = None,
    yes_from: Annotated[
        o.Many, typer.Option("--yes-from", metavar="A", help="A would like to meet the other.")
    ] = None,
    no_from: Annotated[
        o.Many, typer.Option("--no-from", metavar="A", help="A would rather not.")
    ] = None,
    made: Annotated[
        bool, typer.Option("--made", help="You brought them together; both said yes before.")
    ] = False,
) -> None:
    """Pairs who share something rare and have yet to meet. Nothing is sent: you ask each of them.

    A yes from each side is written down before you connect them; whoever says no is never proposed
    to the other again. A later --yes-from takes a no back.

    kin introduce maya
    kin introduce maya tom --yes-from maya
    """
    call: Call = ctx.obj
    asked = tuple(each for each in (who, other) if each is not None)
    if not (yes_from or no_from or made):
        _look(call, asked, n)
    elif n is not None:
        raise UsageError(
            "-n is for the list; an answer is about one pair.",
            "kin introduce A B --yes-from A",
        )
    else:
        _answer(call, asked, yes_from, no_from, made)


def _look(call: Call, asked: tuple[str, ...], n: int | None) -> None:
    from kin.cli.pages import introduce as render
    from kin.suggestions import introduce
    from kin.suggestions.weights import TOGETHER_AT_ONCE

    most = TOGETHER_AT_ONCE if n is None else n
    with call.reading() as db:
        people = introduce.asked(db, asked)
        if len(people) == 2:
            found: tuple[Pair, ...] = (introduce.pair(db, call.today, *people),)
        else:
            found = introduce.pairs(db, call.today, next(iter(people), None), most)
    console.show(call, found, render.pairs(found, whole=len(people) == 2))
    if found:
        _what_next(call, found[0])


def _answer(call: Call, asked: tuple[str, ...], yes: o.Many, no: o.Many, made: bool) -> None:
    from kin.cli.pages import introduce as render
    from kin.suggestions import introduce_service as services

    with call.writing() as session:
        found = services.answer(session, asked, o.tuple_of(yes), o.tuple_of(no), made, call.today)
    console.show(call, (found,), render.pairs((found,), whole=True))
    _what_next(call, found)


def _what_next(call: Call, found: "Pair") -> None:
    """Say what to type once the one who has not answered has."""
    one, other = found.people

    def command(*options: str) -> str:
        return command_line("kin introduce", one.handle, other.handle, options=options)

    refused = [each for each in found.people if each.said == "no"]
    unasked = [each for each in found.people if each.said is None]
    if found.made_on:
        return
    if refused:
        console.hint(call, f"If that changes: {command('--yes-from', refused[0].handle)}")
    elif not unasked:
        console.hint(call, f"Have they met? {command('--made')}")
    elif len(unasked) == 1:
        (last,) = unasked
        console.hint(call, f"Once {last.name} says yes: {command('--yes-from', last.handle)}")
    elif found.interest and not found.acquainted:
        console.hint(
            call, f"Ask each of them first. One says yes: {command('--yes-from', one.handle)}"
        )
