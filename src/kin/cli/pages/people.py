"""Cards and lists of people."""

from collections.abc import Iterable, Sequence
from datetime import date

from kin.cli.layout import Line, Page, Span, Table, aside, field, fields, line, separated
from kin.cli.pages import days
from kin.interests.queries import HeldInterest
from kin.people.listing import Line as Listed
from kin.people.merge_result import Merged
from kin.people.queries import Met, Person


def person_card(person: Person, verb: str) -> Page:
    """Show what the card of somebody says, after it was changed: `verb` is what was done."""
    return (
        line(
            Span(person.name, "name"), Span(f"  {person.handle}", "dim"), Span(f"  {verb}", "dim")
        ),
        *facts(person),
    )


def merged(done: Merged, told: str) -> Page:
    """Show the one card that two have become, and what of the other is kept as a remark."""
    return (
        *person_card(done.person, told),
        *fields("remark", ((each,) for each in done.remarks)),
    )


def facts(person: Person) -> Iterable[Line]:
    """Show all that stands on a card, a line each."""
    if person.nicknames:
        yield field("called", ", ".join(person.nicknames))
    yield from interest_lines("share", [each for each in person.interests if each.shared])
    yield from interest_lines(
        "into", [each for each in person.interests if each.stance == "into" and not each.shared]
    )
    yield from interest_lines(
        "collide", [each for each in person.interests if each.stance == "collides"]
    )
    yield from met_lines(person.met)
    yield from card_lines(person)


def card_lines(person: Person) -> Iterable[Line]:
    """Show the rest of a card: town, groups, days, ways to reach them."""
    if person.lives:
        yield field("lives", person.lives)
    if person.groups:
        yield field("groups", ", ".join(person.groups))
    if person.circle:
        yield field("circle", person.circle)
    if person.birthday:
        yield field("birthday", days.yearly(person.birthday))
    yield from fields("days", ((f"{label}: {days.yearly(day)}",) for label, day in person.days))
    yield from reach_lines(person)
    yield from remark_lines(person)


def remark_lines(person: Person, rows: int | None = None) -> Iterable[Line]:
    """Show words on somebody that are no conversation."""
    told = (part for each in person.remarks for part in each.text.split("\n") if part.strip())
    yield from fields("remarks", ((Span(part, "quote"),) for part in told), rows=rows)


def reach_lines(person: Person) -> Iterable[Line]:
    """Show the ways to reach somebody."""
    yield from fields(
        "reach", ((f"{each.label}: " if each.label else "", each.value) for each in person.contacts)
    )


def interest_lines(label: str, held: Sequence[HeldInterest]) -> Iterable[Line]:
    """Show interests in a line, those you share marked; stories get a line each."""
    if plain := [each for each in held if not each.note]:
        yield field(label, *separated((loved(each),) for each in plain))
    told = [each for each in held if each.note]
    yield from fields("" if plain else label, ((loved(each), f", {each.note}") for each in told))


def loved(each: HeldInterest) -> Span:
    """Show an interest by its label, in colour where it is shared."""
    told = f"{each.label} (you: {each.yours})" if each.via and each.yours else each.label
    return Span(told, "shared" if each.shared else "")


def met_lines(met: Met, rows: int | None = None) -> Iterable[Line]:
    """Show how you met."""
    parts = []
    if met.on:
        parts.append(days.named(met.on, met.precision or "day"))
    if met.at:
        parts.append(f"at {met.at}")
    if met.through_name:
        parts.append("through you" if met.through == "me" else f"through {met.through_name}")
    lines: list[tuple[str | Span, ...]] = [(", ".join(parts),)] if parts else []
    if met.story:
        lines += [(Span(part, "quote"),) for part in met.story.split("\n") if part.strip()]
    yield from fields("met", lines, rows=rows)


def people_list(listed: Sequence[Listed], today: date, hidden: int) -> Page:
    """List people: on a terminal with when you last talked, in a pipe with the day itself."""
    rows = tuple(
        (
            Span(each.name, "name"),
            Span(each.handle, "dim"),
            Span(", ".join(each.interests)),
            Span(each.last_talk or "", "dim"),
        )
        for each in listed
    )
    table = Table(("name", "handle", "into", "last talk"), rows)
    return (table, *more(hidden))


def more(hidden: int | bool, how: str = "-n 0 shows all") -> Page:
    """Say how many rows a screen had no room for; True where nobody has counted."""
    if not hidden:
        return ()
    return (aside(f"… and {'' if hidden is True else f'{hidden} '}more: {how}"),)
