"""The map of interests, and who stands behind one."""

from collections.abc import Sequence
from datetime import date

from kin.cli.layout import Line, Page, Span, Table, aside, line
from kin.cli.pages import days
from kin.cli.pages.people import more
from kin.interests.common_ground import describe_nothing_shared
from kin.interests.overview import MapLine
from kin.interests.queries import Holder, Interest
from kin.language.text import get_first_name, joined
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
            f"  {_describe_your_part(interest.label, interest.yours_as, interest.caught, interest.rare)}",
            "dim",
        ),
    )
    if not interest.people:
        alone = aside(_describe_no_one(interest.label, interest.yours_as is not None))
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
        (Span(_describe_related(interest.yours_as, each.name, each.label) if each.via else ""),),
        (Span("" if each.via else _calls_it(each, interest), "dim"),),
        (Span(each.note or "", "quote"),),
        (Span(_describe_source(_giver(each)) if each.caught_name else "", "dim"),),
        (Span(_describe_last_mention(days.ago(last, today)) if last else "", "dim"),),
    ]
    told = [Span("  "), Span(each.name, "name"), Span(f"  {each.handle}", "dim")]
    for (span,) in parts:
        told += [Span("  "), span] if span.text else []
    return line(*told, indent=0)


def _calls_it(each: Holder, interest: Interest) -> str:
    same = vocabulary.key(each.label) == vocabulary.key(interest.label)
    return "" if same else _describe_other_name(each.label)


def _giver(each: Holder) -> str:
    return "you" if each.caught_from == "me" else each.caught_name or ""


def common_ground(one: str, other: str, found: Sequence[Interest], today: date) -> Page:
    """Show what two people share, and through what."""
    if not found:
        return (aside(describe_nothing_shared(one, other)),)
    rows = []
    cards = [line(Span(_head_common_ground(one, other), "title"))]
    for each in found:
        last = max((holder.last_mentioned or "" for holder in each.people), default="")
        notes = "; ".join(f"{holder.name}: {holder.note}" for holder in each.people if holder.note)
        theirs = each.people[-1]
        through = (
            _describe_both_names(one, each.yours_as or "", theirs.name, theirs.label)
            if theirs.via
            else ""
        )
        rows.append((Span(each.label), Span(last), Span(notes), Span(through)))
        told = [Span("  "), Span(each.label, "shared")]
        for span in (
            Span(through, "dim"),
            Span(notes, "quote"),
            Span(_describe_last_mention(days.ago(last, today)) if last else "", "dim"),
        ):
            told += [Span("  "), span] if span.text else []
        cards.append(line(*told))
    return (Table(("interest", "last", "notes", "through"), tuple(rows), tuple(cards)),)


def _describe_other_name(label: str) -> str:
    """Say by what other name somebody has an interest."""
    return f"calls it {label}"


def _describe_your_part(label: str, yours: str | None, caught: str | None, rare: bool) -> str:
    """Say how an interest stands to you."""
    parts = []
    if yours is not None:
        same = yours.casefold() == label.casefold()
        parts.append("you are into it too" if same else f"you are into {yours}")
    if caught:
        parts.append(f"you caught it from {caught}")
    if rare:
        parts.append("a rare one among the people you know")
    return ", ".join(parts)


def _describe_no_one(label: str, yours: bool) -> str:
    """Say that nobody, or nobody else, is into it."""
    return f"Nobody{' else' if yours else ''} in your book is into {label} yet."


def _describe_related(yours: str | None, name: str, theirs: str) -> str:
    """Say that somebody is into a kin of what was asked for: “you: bouldering, Maya: climbing”."""
    return (
        _describe_both_names("you", yours, name, theirs)
        if yours
        else f"{get_first_name(name)}: {theirs}"
    )


def _describe_both_names(one: str, ones: str, other: str, others: str) -> str:
    """Say through what two people share something: what each of them calls it."""
    return f"{get_first_name(one)}: {ones}, {get_first_name(other)}: {others}"


def _describe_source(name: str) -> str:
    """Say from whom somebody has an interest."""
    return f"caught it from {name}"


def _describe_last_mention(when: str) -> str:
    """Say when an interest last came up."""
    return f"last came up {when}"


def _head_common_ground(one: str, other: str) -> str:
    """Head the list of what two people share."""
    return f"{joined([one, other])} share"
