"""The map of interests, and who stands behind one."""

from collections.abc import Sequence
from datetime import date

from kin.queries.interests import Interest, MapLine
from kin.render import days
from kin.render.page import Page, Span, Table, aside, line
from kin.render.people import more


def interest_map(lines: Sequence[MapLine], hidden: int, filtered: bool) -> Page:
    """Show who is into what: the shared first, each with its first few people."""
    if not lines and filtered:
        return (aside("None of your interests is like that. The whole map: kin interests"),)
    if not lines:
        return (aside("No interests here yet. Begin with yours: kin me --into pottery"),)
    rows = tuple(
        (
            Span(each.label, "shared" if each.yours and each.others else ""),
            Span("you" if each.yours else "", "dim"),
            Span(str(each.others), "dim"),
            Span(", ".join(each.names) + (" …" if each.others > len(each.names) else "")),
        )
        for each in lines
    )
    return (
        Table(("interest", "yours", "people", "who"), rows),
        *more(hidden),
    )


def who_shares(interest: Interest, today: date, hidden: int) -> Page:
    """Show who is into one interest, how they came to it, and when it last came up."""
    head = line(
        Span(interest.label, "title"),
        Span("  you are into it too" if interest.yours else "", "dim"),
    )
    if not interest.people:
        return (aside(f"Nobody in your book is into {interest.label} yet."),)
    rows = tuple(
        (
            Span(each.name, "name"),
            Span(each.handle, "dim"),
            Span("collides" if each.stance == "collides" else ""),
            Span(each.last_mentioned or "", "dim"),
            Span(each.note or "", "quote"),
        )
        for each in interest.people
    )
    cards = [head]
    for each in interest.people:
        cards.append(
            line(
                "  ",
                Span(each.name, "name"),
                Span(f"  {each.handle}", "dim"),
                "  sees it differently" if each.stance == "collides" else "",
                f"  {each.note}" if each.note else "",
                Span(
                    f"  last came up {days.ago(each.last_mentioned, today)}"
                    if each.last_mentioned
                    else "",
                    "dim",
                ),
                indent=0,
            )
        )
    return (
        Table(("name", "handle", "stance", "last", "note"), rows, tuple(cards)),
        *more(hidden),
    )


def common_ground(one: str, other: str, found: Sequence[Interest], today: date) -> Page:
    """Show what two people share."""
    if not found:
        return (aside(f"{one} and {other} share no interest that is written down yet."),)
    rows = []
    cards = [line(Span(f"{one} and {other} share", "title"))]
    for each in found:
        last = max((holder.last_mentioned or "" for holder in each.people), default="")
        notes = [f"{holder.name}: {holder.note}" for holder in each.people if holder.note]
        rows.append((Span(each.label), Span(last), Span("; ".join(notes))))
        cards.append(
            line(
                "  ",
                Span(each.label, "shared"),
                Span("  " + "; ".join(notes) if notes else "", "quote"),
                Span(f"  last came up {days.ago(last, today)}" if last else "", "dim"),
            )
        )
    return (Table(("interest", "last", "notes"), tuple(rows), tuple(cards)),)
