"""Pairs who may like each other: why, what each said, and what is missing."""

from collections.abc import Iterable, Sequence

from kin.cli.layout import Line, Page, Span, Table, aside, field, line
from kin.cli.pages import days
from kin.language import sentences
from kin.language.text import joined
from kin.suggestions.introduce import Pair, apart


def pairs(found: Sequence[Pair], whole: bool = False) -> Page:
    """List pairs; only the whole of one also says that nobody asked them yet, and what else they share."""
    if not found:
        return (aside(sentences.NOBODY_TO_MEET),)
    heads = ("one", "handle", "other", "handle", "because", "said")
    cards = tuple(part for each in found for part in _card(each, whole))
    return (Table(heads, tuple(map(_row, found)), cards),)


def _row(each: Pair) -> tuple[Span, ...]:
    named = [word for side in each.people for word in (side.name, side.handle)]
    known = f"{sentences.KNOW_EACH_OTHER} " if _may_be_friends(each) else ""
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
        yield field("note", sentences.KNOW_EACH_OTHER)
    if whole or each.made_on or any(side.said for side in each.people):
        yield field("said", _said(each))


def _said(each: Pair) -> str:
    """Say how far an introduction is."""
    if each.made_on:
        return sentences.INTRODUCED.format(day=days.named(each.made_on))
    called = dict(zip(apart(*each.people), (side.said for side in each.people), strict=True))
    no = [name for name, answer in called.items() if answer == "no"]
    yes = [name for name, answer in called.items() if answer == "yes"]
    if no:
        return sentences.ONE_NO.format(one=joined(no))
    if len(yes) == 2:
        return sentences.BOTH_YES
    if not yes:
        return sentences.NEITHER_ASKED
    (other,) = called.keys() - set(yes)
    return sentences.ONE_YES.format(one=yes[0], other=other)
