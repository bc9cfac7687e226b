"""Interests as words: what they are called, what they are kin to, and what you said of them."""

from collections.abc import Sequence

from kin.cli.layout import Page, Span, Table, aside, field, line
from kin.interests.vocabulary import Entry, Said, describe_ambiguity, describe_saying


def said(told: Said) -> Page:
    """Show what was taken in."""
    shown = line(describe_saying(told.saying, told.a, told.b))
    if told.instead is None:
        return (shown,)
    return (shown, aside(_describe_replaced(*told.instead)))


def said_list(told: Sequence[Said]) -> Page:
    """List what you said of interests."""
    if not told:
        return (aside("You have said nothing of two interests yet: kin vocab same X Y"),)
    rows = tuple(
        (Span(each.saying), Span(each.a), Span(each.b), Span(each.said_on, "dim")) for each in told
    )
    cards = tuple(line(describe_saying(each.saying, each.a, each.b)) for each in told)
    return (Table(("saying", "x", "y", "on"), rows, cards),)


def entry(found: Entry) -> Page:
    """Show one interest with its names and its kin; what you said yourself is marked."""
    lists = (
        ("also", [each.label for each in found.names]),
        ("under", [_marked(each.label, each.source) for each in found.broader]),
        ("over", [_marked(each.label, each.source) for each in found.narrower]),
        (
            "you said",
            [describe_saying(each.saying, each.a, each.b).rstrip(".") for each in found.said],
        ),
        ("may be", found.senses),
    )
    shown = tuple(
        field(label, ("; " if label == "you said" else ", ").join(words))
        for label, words in lists
        if words
    )
    told = (aside(describe_ambiguity(found.label, found.senses)),) if found.senses else ()
    return (line(Span(found.label, "title")), *shown, *told)


def _marked(label: str, source: str) -> str:
    return f"{label} (your word)" if source == "own" else label


def _describe_replaced(saying: str, a: str, b: str) -> str:
    """Say which earlier word of the owner gives way."""
    return f"It takes the place of what you said before: {describe_saying(saying, a, b)}"
