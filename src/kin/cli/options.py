"""The command class, the options that every command has, and the parameters that several share."""

import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperCommand, TyperOption

from kin.cli import console
from kin.cli.context import Call
from kin.errors import UsageError
from kin.language.text import clipped

T = TypeVar("T")
MOST = 1_000_000  # more rows or steps than any book has, and far from what SQLite can count to


class Command(TyperCommand):
    """A command with the options that every command has."""

    def __init__(self, name: str | None, *, params: list[Any] | None = None, **rest: Any) -> None:
        super().__init__(name, params=[*(params or []), *common_options()], **rest)

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        """Write the help and its examples."""
        write_help(self.help or "", formatter)

    def get_help_option(self, ctx: Any) -> Any:
        """Return --help, which prints as every answer is printed."""
        return help_on_console(super().get_help_option(ctx))


def new_app() -> typer.Typer:
    """Return the Typer app of one new_app's file."""
    return typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


def common_options() -> list[TyperOption]:
    """Return the options that every command has."""

    def option(
        names: list[str], help: str, metavar: str | None = None, key: str = ""
    ) -> TyperOption:
        def keep(ctx: Any, _: Any, value: Any) -> Any:
            if value:
                setattr(ctx.find_root().obj, key, value)
            return value

        return TyperOption(
            param_decls=[*names, f"common_{key}"],
            help=help,
            metavar=metavar,
            expose_value=False,
            callback=keep,
            show_default=False,
            is_flag=None if metavar else True,
            default=None if metavar else False,
        )

    return [
        option(["--json"], "Print the result as JSON.", key="as_json"),
        option(["--plain"], "Print plain lines, as into a pipe.", key="plain"),
        option(["--db"], "The book to use (else KIN_DB, else your own).", "PATH", key="db"),
        option(["--no-input"], "Never ask; fail instead.", key="no_input"),
        option(["--yes", "-y"], "Say yes to every question.", key="yes"),
    ]


def help_on_console(option: Any) -> Any:
    """Make --help print its text the way every result is printed."""

    def show(ctx: Any, _: Any, wanted: bool) -> None:
        if wanted and not ctx.resilient_parsing:
            console.show_help(ctx.get_help())
            ctx.exit()

    option.callback = show
    return option


def write_help(help_text: str, formatter: Any) -> None:
    """Write paragraphs wrapped, and examples a line each: click would run them together."""
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


Who = Annotated[
    str,
    typer.Argument(
        metavar="WHO", help="A handle, name, nickname or first name.", show_default=False
    ),
]
# Words that the shell has parted are one name again: kin recall tom becker.
WhoWords = Annotated[
    list[str],
    typer.Argument(
        metavar="WHO", help="A handle, name, nickname or first name.", show_default=False
    ),
]
Many = list[str] | None

Into = Annotated[
    Many,
    typer.Option(
        "--into",
        metavar="X",
        help="They are into X; repeat for more. “X -- story” keeps how they came to it.",
    ),
]
Share = Annotated[Many, typer.Option("--share", metavar="X", help="You are both into X.")]
From = Annotated[
    str | None,
    typer.Option("--from", metavar="WHO", help="From whom the --into was caught."),
]
Clash = Annotated[Many, typer.Option("--clash", metavar="X", help="You see X differently.")]
Met = Annotated[
    str | None, typer.Option("--met", metavar="STORY", help="How you met, in your words.")
]
MetOn = Annotated[
    str | None,
    typer.Option("--on", metavar="DAY", help="The day: yesterday, 12 march, 2026-03-12 …"),
]
Place = Annotated[str | None, typer.Option("--at", metavar="PLACE", help="Where.")]
Through = Annotated[
    str | None, typer.Option("--through", metavar="WHO", help="Who brought you together.")
]
NoteText = Annotated[Many, typer.Option("--note", metavar="TEXT", help="What you talked about.")]
Asks = Annotated[Many, typer.Option("--ask", metavar="THREAD", help="Something to ask next time.")]
Nicknames = Annotated[Many, typer.Option("--nick", metavar="N", help="A nickname.")]
Birthday = Annotated[
    str | None, typer.Option("--birthday", metavar="D", help="12 march 1984, or 12 march.")
]
Days = Annotated[
    Many,
    typer.Option(
        "--day", metavar="LABEL=DAY", help="Another day that comes back: wedding=12 june 2019."
    ),
]
Emails = Annotated[Many, typer.Option("--email", metavar="ADDRESS", help="An e-mail address.")]
Phones = Annotated[Many, typer.Option("--phone", metavar="NUMBER", help="A phone number.")]
Links = Annotated[Many, typer.Option("--link", metavar="URL", help="A page of theirs.")]
Lives = Annotated[str | None, typer.Option("--lives", metavar="PLACE", help="Where they live.")]
Groups = Annotated[Many, typer.Option("--group", metavar="G", help="A group: book club, family …")]
Circle = Annotated[
    str | None,
    typer.Option(
        "--circle", metavar="C", help="inner, close, friend or wide; never shown as a rank."
    ),
]


def whole_number(least: int, most: int = MOST) -> Callable[[str | int], int]:
    """Return a parser of whole numbers that refuses other words, and numbers out of bounds."""

    def parse(words: str | int) -> int:
        typed = str(words)
        # At most nine digits: Python refuses to read thousands of them.
        if re.fullmatch("-?[0-9]{1,9}", typed) and least <= int(typed) <= most:
            return int(typed)
        raise typer.BadParameter(
            f"“{clipped(typed, 40)}” is not a whole number from {least} to {most:,}"
        )

    return parse


COUNT = whole_number(0)
Limit = Annotated[
    int | None, typer.Option("-n", metavar="N", parser=COUNT, help="At most N; 0 for all.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would happen; write nothing.")]


def joined(words: Many) -> str | None:
    """Return an argument's words as one, or None where there is none."""
    return " ".join(words) if words else None


def tuple_of(words: Many) -> tuple[str, ...]:
    """Return a repeated option's values."""
    return tuple(words or ())


def one_of(word: str | None, known: tuple[str, ...], option: str) -> str | None:
    """Return the word if it is one of the known ones; refuse it otherwise."""
    if word is not None and word not in known:
        raise UsageError(f"{option} cannot be “{word}”.", f"One of: {', '.join(known)}")
    return word


def day(call: Call, words: str | None, *, end: bool = False) -> str | None:
    """Return the ISO day that an option names; with `end` the last one of a month, say."""
    if words is None:
        return None
    from kin.language import dates

    meant = dates.parse(words, now=call.now, date_order=call.settings.date_order)
    return (dates.find_last_date(meant) if end else meant.on).isoformat()


def first(call: Call, found: Sequence[T], limit: int | None, rows_each: int = 1) -> Sequence[T]:
    """Return what of a list is shown: `-n` of it, or on a terminal a screenful; 0 is all."""
    most = room(call) // rows_each if limit is None else limit
    return found[:most] if most else found


def room(call: Call) -> int:
    """Return how many rows a list may take where `-n` does not say: a screenful, or 0 for all."""
    rows = None if call.as_json or call.plain else console.screen_rows()
    return max(rows - 4, 6) if rows else 0
