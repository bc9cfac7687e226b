"""Reconnect: who would be glad of a hello today, and who is left in peace."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from kin.cli import console, options as o
from kin.cli.context import Call
from kin.cli.options import Command, new_app
from kin.errors import BookError, UsageError
from kin.language.text import command_line

if TYPE_CHECKING:
    from kin.suggestions.reconnect import Suggestion, Wish

app = new_app()

About = Annotated[
    str | None, typer.Option("--about", metavar="X", help="Only over X, or over what is kin to it.")
]
Near = Annotated[
    str | None, typer.Option("--near", metavar="PLACE", help="Only people who live there.")
]
Why = Annotated[bool, typer.Option("--why", help="With every term of the order, in words.")]
WarmUp = Annotated[
    bool, typer.Option("--warm-up", help="Begin with somebody to whom a hello comes easily.")
]
Wander = Annotated[bool, typer.Option("--wander", help="One person, for no reason at all.")]
NotNow = Annotated[
    str | None, typer.Option("--not-now", metavar="WHO", help="Leave them in peace for two weeks.")
]
LetRest = Annotated[
    str | None, typer.Option("--let-rest", metavar="WHO", help="Leave them in peace.")
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="DAY", help="How long, with --let-rest.")
]
Again = Annotated[str | None, typer.Option("--again", metavar="WHO", help="Take a rest back.")]


@app.command(cls=Command)
def reconnect(
    ctx: typer.Context,
    n: Annotated[
        int | None,
        typer.Option("-n", metavar="N", parser=o.COUNT, help="At most N people (3); 0 for all."),
    ] = None,
    about: About = None,
    near: Near = None,
    why: Why = False,
    warm_up: WarmUp = False,
    wander: Wander = False,
    not_now: NotNow = None,
    let_rest: LetRest = None,
    until: Until = None,
    again: Again = None,
) -> None:
    """Up to three people worth a hello today, and why: in your own words, and the same all day.

    kin reconnect
    kin reconnect --not-now maya
    """
    call: Call = ctx.obj
    rests = [each for each in (not_now, let_rest, again) if each is not None]
    looks = n is not None or about or near or why or warm_up or wander
    if len(rests) > 1 or (rests and looks) or (until and let_rest is None):
        raise UsageError(
            "Look who may be glad of a hello, or leave one person in peace.",
            "kin reconnect --about X · --not-now WHO · --let-rest WHO --until DAY · --again WHO",
        )
    if wander and (n is not None or about or warm_up):
        raise UsageError("--wander is one person, for no reason at all.", "kin reconnect --wander")
    if rests:
        _rest(call, not_now, let_rest, again, until)
    else:
        from kin.suggestions.reconnect import EVERY_DAY, Wish

        _suggest(call, Wish(EVERY_DAY.most if n is None else n, about, near, warm_up), wander, why)


def _suggest(call: Call, wish: "Wish", wander: bool, why: bool) -> None:
    from kin.cli.pages import reconnect as render
    from kin.interests import common_ground
    from kin.suggestions import reconnect
    from kin.suggestions.score_breakdown import explained

    with call.reading() as db:
        if wander:
            found = reconnect.wander(db, call.today, wish.near)
        else:
            found = reconnect.today(db, call.today, wish)
        told = tuple(explained(each, common_ground.people(db)) for each in found) if why else found
        fresh = reconnect.not_yet_shown(db, found, call.today)
    console.show(call, told, render.suggestions(told))
    if found:
        console.hint(call, f"Not now? {_command('--not-now', found[0].person.handle)}")
    if fresh:
        _remember(call, fresh)


def _command(*options: str) -> str:
    return command_line("kin reconnect", options=options)


def _remember(call: Call, found: "Sequence[Suggestion]") -> None:
    """Write down who was shown, after the answer is on the screen, which trouble shall not undo."""
    from kin.suggestions import reconnect_service as services

    try:
        with call.writing(step=False) as session:
            services.shown(session, found, call.today)
    except BookError as error:
        console.hint(call, f"That they were suggested is not written down: {error.message}")


def _ahead(call: Call, words: str) -> str:
    """Return the ISO day that words name, of two the one that is still to come."""
    from kin.language import dates

    order = call.settings.date_order
    return dates.parse(words, now=call.now, prefer="future", date_order=order).on.isoformat()


def _rest(
    call: Call, not_now: str | None, let_rest: str | None, again: str | None, until: str | None
) -> None:
    from kin.cli.pages import reconnect as render
    from kin.suggestions import reconnect_service as services

    with call.writing() as session:
        if not_now is not None:
            told = services.not_now(session, not_now, call.today)
        elif let_rest is not None:
            told = services.let_rest(session, let_rest, until and _ahead(call, until), call.today)
        else:
            told = services.again(session, again or "")
    console.show(call, told, render.resting(told))
    if told.rests:
        console.hint(call, f"Take it back: {_command('--again', told.handle)}")
