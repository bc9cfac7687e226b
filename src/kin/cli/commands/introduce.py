"""The command introduce, and what it shows."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from kin.cli import console, options as cli_options, wording
from kin.cli.layout import Line, Page, Span, Table, make_aside, make_field, make_line
from kin.cli.options import Command, new_app
from kin.errors import UsageError
from kin.language.text import format_command, join_words

if TYPE_CHECKING:
    from kin.cli.context import Call
    from kin.suggestions.introduce import Pair

_NO_PAIRS = (
    "When two people you know love the same rare thing and haven’t met, you’ll find them here."
)
_KNOW_EACH_OTHER = "They may know each other already."
_NEITHER_ASKED = "Neither has been asked yet."
_ONE_YES = "{one} said yes; {other} hasn’t been asked yet."
_BOTH_YES = "Both said yes; introduce them."
_ONE_NO = "{one} would rather not, and that is that."
_INTRODUCED = "You introduced them on {day}."

app = new_app()


@app.command(cls=Command)
def introduce(
    ctx: typer.Context,
    who: Annotated[
        str | None,
        typer.Argument(metavar="[WHO]", help="Only pairs with WHO.", show_default=False),
    ] = None,
    other: Annotated[
        str | None,
        typer.Argument(
            metavar="[OTHER]", help="Only this pair, and what each said.", show_default=False
        ),
    ] = None,
    n: Annotated[
        int | None,
        typer.Option(
            "-n",
            metavar="N",
            parser=cli_options.COUNT_PARSER,
            help="At most N pairs (3); 0 for all.",
        ),
    ] = None,
    yes_from: Annotated[
        cli_options.Values,
        typer.Option("--yes-from", metavar="A", help="A would like to meet the other."),
    ] = None,
    no_from: Annotated[
        cli_options.Values, typer.Option("--no-from", metavar="A", help="A would rather not.")
    ] = None,
    made: Annotated[
        bool, typer.Option("--made", help="You introduced them; both had said yes.")
    ] = False,
) -> None:
    """Pairs who share something rare and haven’t met. Nothing is sent: you ask each of them.

    Record a yes from each side before you introduce them. After a no, the pair is never suggested
    again; a later --yes-from takes the no back.

    kin introduce maya
    kin introduce maya tom --yes-from maya
    """
    call: Call = ctx.obj
    names = tuple(each for each in (who, other) if each is not None)
    if not (yes_from or no_from or made):
        _print_pairs(call, names, n)
    elif n is not None:
        raise UsageError(
            "-n limits the list; an answer is about one pair.",
            "kin introduce A B --yes-from A",
        )
    else:
        _record_answers(call, names, yes_from, no_from, made)


def _print_pairs(call: "Call", names: tuple[str, ...], n: int | None) -> None:
    from kin.suggestions import introduce
    from kin.suggestions.weights import MOST_PAIRS

    limit = MOST_PAIRS if n is None else n
    with call.open_for_reading() as db:
        people = introduce.find_asked_people(db, names)
        if len(people) == 2:
            pairs: tuple[Pair, ...] = (introduce.load_pair(db, call.today, *people),)
        else:
            pairs = introduce.suggest_pairs(db, call.today, next(iter(people), None), limit)
    console.print_result(call, pairs, render_pairs(pairs, whole=len(people) == 2))
    if pairs:
        _hint_next_answer(call, pairs[0])


def _record_answers(
    call: "Call",
    names: tuple[str, ...],
    yes: cli_options.Values,
    no: cli_options.Values,
    made: bool,
) -> None:
    from kin.suggestions import service as suggestions_service

    with call.open_for_writing() as session:
        pair = suggestions_service.record_answers(
            session, names, cli_options.to_tuple(yes), cli_options.to_tuple(no), made, call.today
        )
    console.print_result(call, (pair,), render_pairs((pair,), whole=True))
    _hint_next_answer(call, pair)


def _hint_next_answer(call: "Call", pair: "Pair") -> None:
    """Print the command for the next answer."""
    one, other = pair.people

    def make_command(*options: str) -> str:
        return format_command("kin introduce", one.handle, other.handle, options=options)

    refused = [each for each in pair.people if each.answer == "no"]
    unasked = [each for each in pair.people if each.answer is None]
    if pair.made_on:
        return
    if refused:
        console.print_hint(call, "If that changes:", make_command("--yes-from", refused[0].handle))
    elif not unasked:
        console.print_hint(call, "Have they met?", make_command("--made"))
    elif len(unasked) == 1:
        (last,) = unasked
        console.print_hint(
            call, f"Once {last.name} says yes:", make_command("--yes-from", last.handle)
        )
    elif pair.interest and not pair.acquainted:
        console.print_hint(
            call,
            "Ask each of them first. One says yes:",
            make_command("--yes-from", one.handle),
        )


def render_pairs(pairs: "Sequence[Pair]", whole: bool = False) -> Page:
    """List pairs; `whole` also shows what else they share, and that neither has been asked yet."""
    if not pairs:
        return (make_aside(_NO_PAIRS),)
    headers = ("name", "handle", "other name", "other handle", "because", "answers")
    cards = tuple(part for each in pairs for part in _render_pair(each, whole))
    return (Table(headers, tuple(map(_render_pair_row, pairs)), cards),)


def _render_pair_row(pair: "Pair") -> tuple[Span, ...]:
    prefix = f"{_KNOW_EACH_OTHER} " if _may_be_friends(pair) else ""
    names = (
        span for side in pair.people for span in (Span(side.name, "name"), Span(side.handle, "dim"))
    )
    return (*names, Span(pair.because), Span(prefix + _describe_answers(pair)))


def _render_pair(pair: "Pair", whole: bool) -> Iterable[Line]:
    one, other = pair.people
    yield make_line(
        Span(one.name, "name"),
        Span(f"  {one.handle}", "dim"),
        "  and  ",
        Span(other.name, "name"),
        Span(f"  {other.handle}", "dim"),
    )
    yield make_line("  ", Span(pair.because, "quote"), indent=2)
    if whole and pair.also_shared:
        yield make_field("also", ", ".join(pair.also_shared))
    if whole and _may_be_friends(pair):
        yield make_field("but", _KNOW_EACH_OTHER)
    if whole or pair.made_on or any(side.answer for side in pair.people):
        yield make_field("answers", _describe_answers(pair))


def _describe_answers(pair: "Pair") -> str:
    """Return who has been asked, and what they said."""

    from kin.suggestions.introduce import distinguish_names

    if pair.made_on:
        return _INTRODUCED.format(day=wording.format_iso_day(pair.made_on))
    answers = dict(
        zip(distinguish_names(*pair.people), (side.answer for side in pair.people), strict=True)
    )
    no = [name for name, answer in answers.items() if answer == "no"]
    yes = [name for name, answer in answers.items() if answer == "yes"]
    if no:
        return _ONE_NO.format(one=join_words(no))
    if len(yes) == 2:
        return _BOTH_YES
    if not yes:
        return _NEITHER_ASKED
    (other,) = answers.keys() - set(yes)
    return _ONE_YES.format(one=yes[0], other=other)


def _may_be_friends(pair: "Pair") -> bool:
    return pair.acquainted and pair.made_on is None
