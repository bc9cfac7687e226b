"""The command class, the options of every command, and the parameters that several commands share."""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from typer.core import TyperCommand, TyperOption

from kin.cli import console
from kin.errors import UsageError
from kin.language.text import truncate

if TYPE_CHECKING:
    from kin.cli.context import Call

T = TypeVar("T")
MAX_COUNT = 1_000_000  # more rows or steps than any book has, and within what SQLite can count


class Command(TyperCommand):
    """A command with the options that every command has."""

    def __init__(self, name: str | None, *, params: list[Any] | None = None, **rest: Any) -> None:
        super().__init__(name, params=[*(params or []), *make_common_options()], **rest)

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        """Write the paragraphs and examples of the help."""
        write_help(self.help or "", formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments and options, those of every command last."""
        write_options(self.get_params(ctx), ctx, formatter)

    def get_help_option(self, ctx: Any) -> Any:
        """Return --help, which prints through the console."""
        return print_help_on_console(super().get_help_option(ctx))


def new_app() -> typer.Typer:
    """Return the Typer app of one module of commands."""
    return typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


def make_common_options() -> list[TyperOption]:
    """Return the options that every command has; each sets the field `key` of the call."""

    def make_option(
        names: list[str], help: str, metavar: str | None = None, *, key: str
    ) -> TyperOption:
        def set_field(ctx: Any, _: Any, value: Any) -> Any:
            if value:
                setattr(ctx.find_root().obj, key, value)
            return value

        return TyperOption(
            param_decls=[*names, f"{_COMMON_PREFIX}{key}"],
            help=help,
            metavar=metavar,
            expose_value=False,
            callback=set_field,
            show_default=False,
            is_flag=None if metavar else True,
            default=None if metavar else False,
        )

    return [
        make_option(["--db"], "The book to use (else KIN_DB, else your own).", "PATH", key="db"),
        make_option(["--json"], "Print the result as JSON.", key="as_json"),
        make_option(["--plain"], "Print plain lines, as into a pipe.", key="plain"),
        make_option(["--quiet", "-q"], "Print only results and errors, no hints.", key="quiet"),
        make_option(["--no-input"], "Never ask; fail instead.", key="no_input"),
        make_option(["--yes", "-y"], "Say yes to every question.", key="yes"),
    ]


_COMMON_PREFIX = "common_"


def print_help_on_console(option: Any) -> Any:
    """Make --help print its text as every result is printed."""

    def print_help(ctx: Any, _: Any, wanted: bool) -> None:
        if wanted and not ctx.resilient_parsing:
            console.print_help(ctx.get_help())
            ctx.exit()

    option.callback = print_help
    return option


def write_help(help_text: str, formatter: Any) -> None:
    """Write paragraphs wrapped, and examples on a line each, which Click would join."""
    from textwrap import wrap

    for paragraph in help_text.split("\n\n"):
        formatter.write_paragraph()
        with formatter.indentation():
            if not paragraph.startswith("kin "):
                formatter.write_text(paragraph)
                continue
            for example in paragraph.splitlines():
                for row in wrap(example, formatter.width - 2, subsequent_indent="    "):
                    formatter.write(f"  {row}\n")


def write_options(parameters: Sequence[Any], ctx: Any, formatter: Any) -> None:
    """Write arguments, a command's own options, and last the options of every command."""
    sections: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": [], "Everywhere": []}
    for parameter in parameters:
        if parameter.param_type_name == "argument":
            heading = "Arguments"
        elif parameter.name == "help" or parameter.name.startswith(_COMMON_PREFIX):
            heading = "Everywhere"
        else:
            heading = "Options"
        if record := parameter.get_help_record(ctx):
            sections[heading].append(record)
    for heading, records in sections.items():
        if records:
            with formatter.section(heading):
                formatter.write_dl(records)


Who = Annotated[
    str,
    typer.Argument(
        metavar="WHO", help="A handle, name, nickname or first name.", show_default=False
    ),
]
# The shell splits a name into words, which are joined again: kin recall tom becker
WhoWords = Annotated[
    list[str],
    typer.Argument(
        metavar="WHO", help="A handle, name, nickname or first name.", show_default=False
    ),
]
Values = list[str] | None

Into = Annotated[
    Values,
    typer.Option(
        "--into",
        metavar="X",
        help="They are into X; repeat for more. “X -- story” keeps how they came to it.",
    ),
]
Both = Annotated[Values, typer.Option("--both", metavar="X", help="You are both into X.")]
From = Annotated[
    str | None,
    typer.Option("--from", metavar="WHO", help="Who got them into it."),
]
Differ = Annotated[Values, typer.Option("--differ", metavar="X", help="You see X differently.")]
Met = Annotated[
    str | None, typer.Option("--met", metavar="STORY", help="How you met, in your words.")
]
MetOn = Annotated[
    str | None,
    typer.Option("--on", "-o", metavar="DAY", help="The day: yesterday, 12 march, 2026-03-12 …"),
]
Place = Annotated[str | None, typer.Option("--at", metavar="PLACE", help="Where.")]
Through = Annotated[
    str | None, typer.Option("--through", metavar="WHO", help="Who brought you together.")
]
NoteText = Annotated[Values, typer.Option("--note", metavar="TEXT", help="What you talked about.")]
Questions = Annotated[
    Values, typer.Option("--ask", metavar="QUESTION", help="Something to ask next time.")
]
Nicknames = Annotated[Values, typer.Option("--nick", metavar="N", help="A nickname.")]
Birthday = Annotated[
    str | None, typer.Option("--birthday", metavar="D", help="12 march 1984, or 12 march.")
]
Dates = Annotated[
    Values,
    typer.Option("--date", metavar="LABEL=DAY", help="A yearly date: wedding=12 june 2019."),
]
Emails = Annotated[Values, typer.Option("--email", metavar="ADDRESS", help="An e-mail address.")]
Phones = Annotated[Values, typer.Option("--phone", metavar="NUMBER", help="A phone number.")]
Links = Annotated[Values, typer.Option("--link", metavar="URL", help="A page of theirs.")]
Lives = Annotated[str | None, typer.Option("--lives", metavar="PLACE", help="Where they live.")]
Groups = Annotated[
    Values, typer.Option("--group", metavar="G", help="A group: book club, family …")
]
Circle = Annotated[
    str | None,
    typer.Option(
        "--circle", metavar="C", help="inner, close, friend or wide; never shown as a rank."
    ),
]


def make_integer_parser(minimum: int, maximum: int = MAX_COUNT) -> Callable[[str | int], int]:
    """Return a parser of whole numbers that refuses other text and numbers out of bounds."""

    def parse(words: str | int) -> int:
        typed = str(words)
        # At most nine digits: Python refuses to read thousands of them.
        if re.fullmatch("-?[0-9]{1,9}", typed) and minimum <= int(typed) <= maximum:
            return int(typed)
        raise typer.BadParameter(
            f"“{truncate(typed, 40)}” is not a whole number from {minimum} to {maximum:,}"
        )

    return parse


COUNT_PARSER = make_integer_parser(0)
Limit = Annotated[
    int | None, typer.Option("-n", metavar="N", parser=COUNT_PARSER, help="At most N; 0 for all.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would happen; write nothing.")]


def join_argument(words: Values) -> str | None:
    """Return the words of an argument as one text, or None where there are none."""
    return " ".join(words) if words else None


def to_tuple(words: Values) -> tuple[str, ...]:
    """Return a repeated option's values."""
    return tuple(words or ())


def check_choice(word: str | None, choices: tuple[str, ...], option: str) -> str | None:
    """Return the word; raise UsageError where it is not one of the choices."""
    if word is not None and word not in choices:
        raise UsageError(f"{option} cannot be “{word}”.", f"One of: {', '.join(choices)}")
    return word


def parse_day_option(call: "Call", words: str | None, *, end: bool = False) -> str | None:
    """Return the day of an option as ISO text; with `end`, the last day of a month or a year."""
    if words is None:
        return None
    from kin.language import dates as language_dates

    parsed = language_dates.parse(words, now=call.now, date_order=call.settings.date_order)
    return (language_dates.find_last_date(parsed) if end else parsed.on).isoformat()


def limit_to_screen(
    call: "Call", items: Sequence[T], limit: int | None, rows_each: int = 1
) -> Sequence[T]:
    """Return the first `limit` items, or without a limit what fits on the screen; 0 means all."""
    limit_shown = get_row_limit(call) // rows_each if limit is None else limit
    return items[:limit_shown] if limit_shown else items


def get_row_limit(call: "Call") -> int:
    """Return how many rows a list may have without `-n`: a screenful on a terminal, else 0 for all."""
    rows = None if call.as_json or call.plain else console.get_screen_rows()
    return max(rows - 4, 6) if rows else 0
