"""The command share, and what it shows."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from kin.cli import console, options, wording
from kin.cli.layout import Line, Page, Span, Table, make_aside, make_line
from kin.cli.options import Command, new_app
from kin.errors import UsageError
from kin.language.text import format_command

if TYPE_CHECKING:
    from kin.cli.context import Call
    from kin.suggestions.share import SentItem, ShareResult, ShareSuggestion

_FOR_NO_ONE = "As far as your book knows, no one loves this yet; you may know better."
_SENT = "You sent it to {name} on {day}."
_MAX_COPIED_LENGTH = (
    60  # characters of a text that a hint repeats, so that the command can be copied
)

app = new_app()


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
        typer.Option(
            "-n", metavar="N", parser=options.COUNT_PARSER, help="At most N people (5); 0 for all."
        ),
    ] = None,
    sent_to: Annotated[
        options.Values,
        typer.Option(
            "--sent-to", metavar="WHO", help="Record that you sent it to WHO; repeat for more."
        ),
    ] = None,
) -> None:
    """You found something: who would love it, and why. kin sends nothing; that is up to you.

    kin share "a night train to Lisbon, with a kiln on board"
    kin share "The Sound of Birds" --sent-to marek
    """
    call: Call = ctx.obj
    text = _read_text(words)
    if sent_to is None:
        _print_matches(call, text, n)
    elif n is not None:
        raise UsageError(
            "-n limits the list; --sent-to records who you sent it to.", "Leave one of them out."
        )
    else:
        _record_sent(call, text, sent_to)


def _read_text(words: list[str]) -> str:
    from kin.language.text import check_storable
    from kin.suggestions.weights import LONGEST_SHARED_TEXT

    text = console.read_stdin() if words == ["-"] else " ".join(words)
    check_storable(text, "text")
    if not text.strip():
        raise UsageError("The text is empty.", 'For example: kin share "a night train to Lisbon"')
    if len(text) > LONGEST_SHARED_TEXT:
        raise UsageError(
            f"The text has {len(text):,} characters; kin reads up to {LONGEST_SHARED_TEXT:,}.",
            "The title or one paragraph is enough.",
        )
    return text


def _print_matches(call: "Call", text: str, n: int | None) -> None:
    from kin.formats import html
    from kin.interests.queries import describe_ambiguity
    from kin.suggestions import share as suggestions_share
    from kin.suggestions.weights import MOST_SHARE_SUGGESTIONS
    from kin.vocabulary import catalog

    with call.open_for_reading() as db:
        result = suggestions_share.find_people_for_text(
            db, html.extract_text(text), call.today, MOST_SHARE_SUGGESTIONS if n is None else n
        )
    console.print_result(call, result.suggestions, render_share_suggestions(result))
    for word in result.ambiguous:
        console.print_report(
            call,
            describe_ambiguity(
                word, catalog.load_ambiguous_words()[catalog.normalize_interest(word)]
            ),
        )
    console.print_hint(call, *_suggest_next_command(text, result))


def _suggest_next_command(text: str, result: "ShareResult") -> tuple[str, str]:
    if not result.suggestions:
        return "Someone does? Add it:", "kin edit WHO --into X"
    copied = text if len(text) <= _MAX_COPIED_LENGTH and text.isprintable() else "TEXT"
    recipient = ("--sent-to", result.suggestions[0].person.handle)
    return "Sent it?", format_command("kin share", copied, options=recipient)


def render_share_suggestions(result: "ShareResult") -> Page:
    """List people with the reason, then those who already have it."""
    already_sent = tuple(make_aside(_format_sent(each)) for each in result.sent)
    if not result.suggestions:
        return (*already_sent, make_aside(_FOR_NO_ONE))
    rows = tuple(
        (Span(each.person.name, "name"), Span(each.person.handle, "dim"), Span(each.because))
        for each in result.suggestions
    )
    cards = tuple(part for each in result.suggestions for part in _render_share_suggestion(each))
    return (Table(("name", "handle", "because"), rows, cards), *already_sent)


def _render_share_suggestion(suggestion: "ShareSuggestion") -> Iterable[Line]:
    yield make_line(
        Span(suggestion.person.name, "name"), Span(f"  {suggestion.person.handle}", "dim")
    )
    yield make_line("  ", Span(suggestion.because, "quote"), indent=2)


def _record_sent(call: "Call", text: str, recipients: list[str]) -> None:
    from kin.suggestions import service as suggestions_service

    with call.open_for_writing() as session:
        result = suggestions_service.record_sent(session, text, recipients, call.today)
    console.print_result(call, result, render_sent(result))


def render_sent(sent_items: Sequence["SentItem"]) -> Page:
    """Show who it was sent to, and when."""
    return tuple(make_line(_format_sent(each)) for each in sent_items)


def _format_sent(sent_item: "SentItem") -> str:
    return _SENT.format(
        name=f"{sent_item.name} ({sent_item.handle})", day=wording.format_iso_day(sent_item.on)
    )
