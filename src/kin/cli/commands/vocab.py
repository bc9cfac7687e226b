"""The vocabulary: teach kin which interests are kin."""

from typing import Annotated

import typer

from kin.cli import console, options as o
from kin.cli.context import Call
from kin.cli.options import Command, new_app
from kin.constants import SAYINGS
from kin.errors import UsageError

app = new_app()


@app.command(cls=Command)
def vocab(
    ctx: typer.Context,
    action: Annotated[
        str,
        typer.Argument(
            metavar="same|under|apart|show|list", help="What to do.", show_default=False
        ),
    ],
    words: Annotated[
        o.Many, typer.Argument(metavar="[X] [Y]", help="One interest, or two.", show_default=False)
    ] = None,
) -> None:
    """Teach kin which interests are kin: your word wins over the list that comes with it.

    X and Y are the same, or X is a kind of Y (under), or they are apart; show tells what X is called and
    kin to, list what you have said.

    kin vocab same "mud club" pottery
    kin vocab under highlining slacklining
    """
    call: Call = ctx.obj
    named = o.tuple_of(words)
    if action in SAYINGS:
        _say(call, action, named)
    elif action == "show" and named:
        _show(call, " ".join(named))
    elif action == "list" and not named:
        _list(call)
    else:
        raise UsageError(
            "Say what the vocabulary should learn or show.",
            "kin vocab same X Y · under NARROW BROAD · apart X Y · show X · list",
        )


def _say(call: Call, saying: str, named: tuple[str, ...]) -> None:
    from kin.cli.pages import vocab as render
    from kin.interests import vocabulary_service as services

    if len(named) != 2:
        raise UsageError(
            f"“{saying}” is said of two interests.", f'kin vocab {saying} "trail running" running'
        )
    with call.writing() as session:
        said = services.say(session, saying, *named, call.today)
    console.show(call, said, render.said(said))


def _show(call: Call, words: str) -> None:
    from kin.cli.pages import vocab as render
    from kin.interests import vocabulary as queries

    with call.reading() as db:
        entry = queries.entry(db, words)
    console.show(call, entry, render.entry(entry))


def _list(call: Call) -> None:
    from kin.cli.pages import vocab as render
    from kin.interests import vocabulary as queries

    with call.reading() as db:
        said = queries.said(db)
    console.show(call, said, render.said_list(said))
