"""The map of interests, and who stands behind one."""

from collections.abc import Sequence
from datetime import date

from kin.cli.layout import Line, Page, Span, Table, aside, line
from kin.cli.pages import days
from kin.cli.pages.people import more
from kin.interests.overview import MapLine
from kin.interests.queries import Holder, Interest
from kin.language import sentences
from kin.vocabulary import catalog as vocabulary


def interest_map(lines: Sequence[MapLine], hidden: int, filtered: bool) -> Page:
    """Show who is into what: the shared first, each with its first few people."""
    if not lines and filtered:
        return (aside("None of your interests is like that. The whole map: kin interests"),)
    if not lines:
        return (aside("No interests here yet. Begin with yours: kin me --into pottery"),)
    rows = tuple(
        (
            Span(each.label, "shared" if each.shared else ""),
            Span("you" if each.yours else "", "dim"),
            Span(str(each.others + each.kin), "dim"),
            Span(
                ", ".join(each.names) + (" …" if each.others + each.kin > len(each.names) else "")
            ),
            Span(each.last or "", "dim"),
        )
        for each in lines
    )
    return (Table(("interest", "yours", "people", "who", "last"), rows), *more(hidden))


def who_shares(interest: Interest, today: date, hidden: int) -> Page:
    """Show who is into one interest, how they came to it, and when it last came up."""
    head = line(
        Span(interest.label, "title"),
        Span(
            f"  {sentences.your_part(interest.label, interest.yours_as, interest.caught, interest.rare)}",
            "dim",
        ),
    )
    if not interest.people:
        alone = aside(sentences.nobody_into(interest.label, interest.yours_as is not None))
        return (head, alone) if interest.caught else (alone,)
    rows = tuple(
        (
            Span(each.name, "name"),
            Span(each.handle, "dim"),
            Span("collides" if each.stance == "collides" else ""),
            Span(each.last_mentioned or "", "dim"),
            Span(each.note or "", "quote"),
            Span(each.via or ""),
            Span(each.caught_from or "", "dim"),
        )
        for each in interest.people
    )
    cards = (head, *(_card(each, interest, today) for each in interest.people))
    heads = ("name", "handle", "stance", "last", "note", "via", "from")
    return (Table(heads, rows, cards), *more(hidden))


def _card(each: Holder, interest: Interest, today: date) -> Line:
    last = each.last_mentioned
    parts = [
        (Span("sees it differently" if each.stance == "collides" else ""),),
        (Span(sentences.through(interest.yours_as, each.name, each.label) if each.via else ""),),
        (Span("" if each.via else _calls_it(each, interest), "dim"),),
        (Span(each.note or "", "quote"),),
        (Span(sentences.caught_from(_giver(each)) if each.caught_name else "", "dim"),),
        (Span(sentences.last_came_up(days.ago(last, today)) if last else "", "dim"),),
    ]
    told = [Span("  "), Span(each.name, "name"), Span(f"  {each.handle}", "dim")]
    for (span,) in parts:
        told += [Span("  "), span] if span.text else []
    return line(*told, indent=0)


def _calls_it(each: Holder, interest: Interest) -> str:
    same = vocabulary.key(each.label) == vocabulary.key(interest.label)
    return "" if same else sentences.calls_it(each.label)


def _giver(each: Holder) -> str:
    return "you" if each.caught_from == "me" else each.caught_name or ""


def common_ground(one: str, other: str, found: Sequence[Interest], today: date) -> Page:
    """Show what two people share, and through what."""
    if not found:
        return (aside(sentences.nothing_shared(one, other)),)
    rows = []
    cards = [line(Span(sentences.two_share(one, other), "title"))]
    for each in found:
        last = max((holder.last_mentioned or "" for holder in each.people), default="")
        notes = "; ".join(f"{holder.name}: {holder.note}" for holder in each.people if holder.note)
        theirs = each.people[-1]
        through = (
            sentences.held_by_two(one, each.yours_as or "", theirs.name, theirs.label)
            if theirs.via
            else ""
        )
        rows.append((Span(each.label), Span(last), Span(notes), Span(through)))
        told = [Span("  "), Span(each.label, "shared")]
        for span in (
            Span(through, "dim"),
            Span(notes, "quote"),
            Span(sentences.last_came_up(days.ago(last, today)) if last else "", "dim"),
        ):
            told += [Span("  "), span] if span.text else []
        cards.append(line(*told))
    return (Table(("interest", "last", "notes", "through"), tuple(rows), tuple(cards)),)
