"""The commands ask and answered, and what they show."""

from typing import TYPE_CHECKING, Annotated

import typer

from kin.cli import console, options, wording
from kin.cli.layout import Page, Span, make_line
from kin.cli.options import Command, new_app

if TYPE_CHECKING:
    from kin.cli.context import Call
    from kin.notes.questions import Question
    from kin.records import PersonRef

app = new_app()


@app.command(cls=Command)
def ask(
    ctx: typer.Context,
    who: options.Who,
    question: Annotated[
        str, typer.Argument(metavar="QUESTION", help="What to ask.", show_default=False)
    ],
    on: Annotated[
        str | None,
        typer.Option(
            "--on", "-o", metavar="DAY", help="When to bring it up: next friday, 12 may …"
        ),
    ] = None,
) -> None:
    """Note something to ask next time.

    kin ask maya "did the kiln survive"
    kin ask tom "how did the marathon go" --on "12 april"
    """
    call: Call = ctx.obj
    from kin.notes import service as notes_service

    with call.open_for_writing() as session:
        person, result = notes_service.ask_question(
            session, who, question, on, now=call.now, date_order=call.settings.date_order
        )
    console.print_result(call, (result,), render_opened_question(person, result))


def render_opened_question(person: "PersonRef", question: "Question") -> Page:
    """Show who to ask what, and from which day on."""
    ask_from = f", from {wording.format_iso_day(question.on)}" if question.on else ""
    return (
        make_line(
            f"To ask {person.name} ({person.handle}){ask_from}: ", Span(question.text, "quote")
        ),
    )


@app.command(cls=Command)
def answered(
    ctx: typer.Context,
    who: options.Who,
    words: Annotated[
        str | None,
        typer.Argument(
            metavar="[WORDS]",
            help="Words of the question, if several are open.",
            show_default=False,
        ),
    ] = None,
    answer: Annotated[
        str | None, typer.Option("--answer", metavar="TEXT", help="The answer, in your words.")
    ] = None,
) -> None:
    """Close a question, with the answer if you like.

    kin answered maya kiln --answer "it survived; the glaze did not"
    kin answered tom
    """
    call: Call = ctx.obj
    from kin.notes import service as notes_service

    with call.open_for_writing() as session:
        person, result = notes_service.answer_question(session, who, words, answer, now=call.now)
    console.print_result(call, (result,), render_answered_question(person, result))


def render_answered_question(person: "PersonRef", question: "Question") -> Page:
    """Show who answered what, with the answer."""
    answer = (": ", Span(question.answer, "quote")) if question.answer else ()
    return (
        make_line(
            f"Answered by {person.name} ({person.handle}): ",
            Span(question.text, "quote"),
            *answer,
        ),
    )
