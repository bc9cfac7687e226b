"""Pairs who may like each other: why, what each said, and what is missing."""

from collections.abc import Iterable, Sequence

from kin.cli.layout import Line, Page, Span, Table, aside, field, line
from kin.cli.pages import days
from kin.language.text import joined
from kin.suggestions.introduce import Pair, apart

_NO_PAIRS = "When two people you know love the same rare thing and have yet to meet, you will find them here."

_KNOW_EACH_OTHER = "They may know each other already."

_NEITHER_ASKED = "Neither has been asked yet."

_ONE_YES = "{one} said yes; {other} is yet to be asked."

_BOTH_YES = "Both said yes; bring them together."

_ONE_NO = "{one} would rather not, and that is that."

_INTRODUCED = "You brought them together on {day}."


def pairs(found: Sequence[Pair], whole: bool = False) -> Page:
    """List pairs; only the whole of one also says that nobody asked them yet, and what else they share."""
    if not found:
        return (aside(_NO_PAIRS),)
    heads = ("one", "handle", "other", "handle", "because", "said")
    cards = tuple(part for each in found for part in _card(each, whole))
    return (Table(heads, tuple(map(_row, found)), cards),)


def _row(each: Pair) -> tuple[Span, ...]:
    named = [word for side in each.people for word in (side.name, side.handle)]
    known = f"{_KNOW_EACH_OTHER} " if _may_be_friends(each) else ""
    return tuple(map(Span, (*named, each.because, known + _said(each))))


def _may_be_friends(each: Pair) -> bool:
    return each.acquainted and each.made_on is None


def _card(each: Pair, whole: bool) -> Iterable[Line]:
    one, other = each.people
    yield line(
        Span(one.name, "name"),
        Span(f"  {one.handle}", "dim"),
        "  and  ",
        Span(other.name, "name"),
        Span(f"  {other.handle}", "dim"),
    )
    yield line("  ", Span(each.because, "quote"), indent=2)
    if whole and each.also:
        yield field("also", ", ".join(each.also))
    if whole and _may_be_friends(each):
        yield field("note", _KNOW_EACH_OTHER)
    if whole or each.made_on or any(side.said for side in each.people):
        yield field("said", _said(each))


def _said(each: Pair) -> str:
    """Say how far an introduction is."""
    if each.made_on:
        return _INTRODUCED.format(day=days.named(each.made_on))
    called = dict(zip(apart(*each.people), (side.said for side in each.people), strict=True))
    no = [name for name, answer in called.items() if answer == "no"]
    yes = [name for name, answer in called.items() if answer == "yes"]
    if no:
        return _ONE_NO.format(one=joined(no))
    if len(yes) == 2:
        return _BOTH_YES
    if not yes:
        return _NEITHER_ASKED
    (other,) = called.keys() - set(yes)
    return _ONE_YES.format(one=yes[0], other=other)
