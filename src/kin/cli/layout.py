"""Pages: lines and tables of styled text, which the console fits to a terminal or a pipe.

Text goes into spans unchanged; the console escapes control characters when it prints.
"""

from collections.abc import Iterable
from typing import NamedTuple

LABEL_WIDTH = 10  # cells: the column of labels on a card


class Span(NamedTuple):
    """Text in one style: title, name, label, quote, shared, dim, hint, command, or none.

    A command is never broken across lines. In a pipe, hints and commands of an aside are left out.
    """

    text: str
    style: str = ""


class Line(NamedTuple):
    """One line; where it is too long for a terminal, it continues under `indent`, at most `rows` rows.

    An `aside` is not part of the result: in a pipe it goes to stderr.
    """

    spans: tuple[Span, ...] = ()
    indent: int = 0
    rows: int | None = None
    aside: bool = False


class Table(NamedTuple):
    """Rows of cells; in a pipe each row is a line with tabs, without the headers.

    A terminal shows the `cards`, where there are any, else the rows in columns; on a narrow one the
    `optional` columns are left out, the first named first.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[Span, ...], ...]
    cards: tuple[Line, ...] = ()
    optional: tuple[str, ...] = ()


Page = tuple[Line | Table, ...]


def make_line(*words: str | Span, indent: int = 0, rows: int | None = None) -> Line:
    """Return a line of spans and plain text."""
    return Line(
        tuple(each if isinstance(each, Span) else Span(each) for each in words), indent, rows
    )


def make_aside(message: str, hint: str = "", *commands: str) -> Line:
    """Return a line that is not part of the result; a pipe gets it without the hint and its commands."""
    spans = [Span(message, "dim")] if message else []
    if hint:
        spans.append(Span(f" {hint}" if message else hint, "hint"))
    for command in commands:
        spans += [Span(" " if len(commands) == 1 else "   ", "hint"), Span(command, "command")]
    return Line(tuple(spans), aside=True)


def make_field(label: str, *words: str | Span, rows: int | None = None) -> Line:
    """Return a line of a card with a label; an empty label continues the line above."""
    return make_line(
        Span(f"  {label:<{LABEL_WIDTH}}", "label"), *words, indent=LABEL_WIDTH + 2, rows=rows
    )


def make_fields(
    label: str, lines: Iterable[tuple[str | Span, ...]], rows: int | None = None
) -> Iterable[Line]:
    """Return lines of a card, with the label on the first."""
    for number, words in enumerate(lines):
        yield make_field(label if number == 0 else "", *words, rows=rows)


def join_spans(items: Iterable[tuple[Span, ...]], separator: str = " · ") -> tuple[Span, ...]:
    """Return the spans of all items, with a separator between the items."""
    joined: list[Span] = []
    for item in items:
        joined += [Span(separator, "dim"), *item] if joined else item
    return tuple(joined)
