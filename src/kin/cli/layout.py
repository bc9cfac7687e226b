"""A page: lines and tables of styled spans, which the console fits to a terminal or a pipe.

Words from outside stand in spans as they are; the console alone makes them harmless.
"""

from collections.abc import Iterable
from typing import NamedTuple

LABEL_WIDTH = 10  # cells of the column of labels on a card


class Span(NamedTuple):
    """Words in one style: title, name, label, quote, shared, dim, or none."""

    text: str
    style: str = ""


class Line(NamedTuple):
    """One line; where it is too long for a terminal it goes on under `indent`, at most `rows` rows.

    An `aside` is no result: in a pipe it goes to stderr.
    """

    spans: tuple[Span, ...] = ()
    indent: int = 0
    rows: int | None = None
    aside: bool = False


class Table(NamedTuple):
    """Rows of cells; in a pipe each row is a line with tabs, without the heads.

    On a terminal the rows stand in columns, or, where there are `cards`, those stand instead.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[Span, ...], ...]
    cards: tuple[Line, ...] = ()


Page = tuple[Line | Table, ...]


def line(*words: str | Span, indent: int = 0, rows: int | None = None) -> Line:
    """Make a line of spans and plain words."""
    return Line(
        tuple(each if isinstance(each, Span) else Span(each) for each in words), indent, rows
    )


def aside(words: str) -> Line:
    """Make a line that is talk beside the result."""
    return Line((Span(words, "dim"),), aside=True)


def field(label: str, *words: str | Span, rows: int | None = None) -> Line:
    """Make a labelled line of a card; an empty label continues the one above."""
    return line(
        Span(f"  {label:<{LABEL_WIDTH}}", "label"), *words, indent=LABEL_WIDTH + 2, rows=rows
    )


def fields(
    label: str, lines: Iterable[tuple[str | Span, ...]], rows: int | None = None
) -> Iterable[Line]:
    """Make labelled lines of which only the first bears the label."""
    for number, words in enumerate(lines):
        yield field(label if number == 0 else "", *words, rows=rows)


def separated(items: Iterable[tuple[Span, ...]], sign: str = " · ") -> tuple[Span, ...]:
    """Join groups of spans with a sign between."""
    joined: list[Span] = []
    for item in items:
        joined += [Span(sign, "dim"), *item] if joined else item
    return tuple(joined)
