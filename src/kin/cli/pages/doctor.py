"""How the book is, line by line: first what is wrong, in full; what is fine in few words."""

from kin.cli.layout import Line, Page, Span, field, line
from kin.safety.health import FINE, Finding, Health

_STYLE = {"wrong": "title", "advice": "", "mended": "shared", "fine": "dim"}


def health(found: Health) -> Page:
    """Show what was found."""
    told: list[Line] = [line(Span(found.book, "title"))]
    for each in sorted(found.checks, key=lambda each: list(_STYLE).index(each.state)):
        told += _finding(each)
    schema = f"schema {found.schema}, " if found.schema is not None else ""
    told.append(field("", Span(f"{schema}SQLite {found.sqlite}, kin {found.kin}", "dim")))
    return tuple(told)


def _finding(each: Finding) -> list[Line]:
    style = _STYLE[each.state]
    told = [field(each.state, Span(each.message, style))]
    if each.state != FINE:
        told += [field("", Span(name, "quote")) for name in each.files]
    if each.hint:
        told.append(field("", Span(each.hint, "dim")))
    return told
