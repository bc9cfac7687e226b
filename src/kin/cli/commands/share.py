"""Share: you found something; who would love it."""

from typing import TYPE_CHECKING, Annotated

import typer

from kin.cli import console, options as o
from kin.cli.context import Call
from kin.cli.options import Command, new_app
from kin.errors import UsageError
from kin.language.text import command_line

if TYPE_CHECKING:
    from kin.suggestions.share import Answer

app = new_app()

_COPIED = 60  # characters of a text that a hint repeats, so that one can copy the line


@app.command(cls=Command)
def share(
    ctx: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="TEXT|-",
            help="A title or a paragraph, or - for standard input.",
            show_default=False,
        ),
    ],
    n: Annotated[
        int | None,
        typer.Option("-n", metavar="N", parser=o.COUNT, help="At most N people (5); 0 for all."),
    ] = None,
    sent_to: Annotated[
        o.Many,
        typer.Option(
            "--sent-to", metavar="WHO", help="Write down that you sent it to them; repeat for more."
        ),
    ] = None,
) -> None:
    """You found something: who would love it, and why. kin sends nothing: that is yours to do.

    kin share "a night train to Lisbon, with a kiln on board"
    kin share "The Sound of Birds" --sent-to marek
    """
    call: Call = ctx.obj
    text = _text(words)
    if sent_to is None:
        _look(call, text, n)
    elif n is not None:
        raise UsageError(
            "-n is for the list; --sent-to writes down to whom it went.", "Leave one of them out."
        )
    else:
        _sent(call, text, sent_to)


def _text(words: list[str]) -> str:
    from kin.language.validation import storable
    from kin.suggestions.weights import LONGEST_FIND

    text = console.read_stdin() if words == ["-"] else " ".join(words)
    storable(text, "text")
    if not text.strip():
        raise UsageError("The text is empty.", 'For example: kin share "a night train to Lisbon"')
    if len(text) > LONGEST_FIND:
        raise UsageError(
            f"The text has {len(text):,} characters; kin reads up to {LONGEST_FIND:,}.",
            "The title or a paragraph of it is enough.",
        )
    return text


def _look(call: Call, text: str, n: int | None) -> None:
    from kin.cli.pages import share as render
    from kin.formats import hypertext
    from kin.interests.vocabulary import describe_ambiguity
    from kin.suggestions import share as queries
    from kin.suggestions.weights import FOR_A_FIND
    from kin.vocabulary import catalog as vocabulary

    with call.reading() as db:
        found = queries.share(db, hypertext.words(text), call.today, FOR_A_FIND if n is None else n)
    console.show(call, found.lovers, render.lovers(found))
    for word in found.unclear:
        console.hint(call, describe_ambiguity(word, vocabulary.clashes()[vocabulary.key(word)]))
    console.hint(call, _next(text, found))


def _next(text: str, found: "Answer") -> str:
    if not found.lovers:
        return "Somebody does? Write it down: kin edit WHO --into X"
    copied = text if len(text) <= _COPIED and text.isprintable() else "TEXT"
    to = ("--sent-to", found.lovers[0].person.handle)
    return f"Sent it? {command_line('kin share', copied, options=to)}"


def _sent(call: Call, text: str, to: list[str]) -> None:
    from kin.cli.pages import share as render
    from kin.suggestions import share_service as services

    with call.writing() as session:
        told = services.sent(session, text, to, call.today)
    console.show(call, told, render.sent(told))
