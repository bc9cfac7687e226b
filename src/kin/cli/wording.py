"""Parts of pages that several commands print: cards, lists of people, notes, and days in words."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from kin.cli.layout import (
    Line,
    Page,
    Span,
    Table,
    join_spans,
    make_aside,
    make_field,
    make_fields,
    make_line,
)
from kin.language import date_format
from kin.language.dates import Day, format_day
from kin.language.text import join_words

if TYPE_CHECKING:
    from kin.interests.queries import PersonInterest
    from kin.notes.queries import Note
    from kin.people.queries import FirstMeeting, Person, PersonSummary


def format_iso_day(on: str, precision: str = "day") -> str:
    """Return a day in full: `Tue 17 Nov 2026`, `March 2024`."""
    return format_day(Day(date.fromisoformat(on), precision))  # type: ignore[arg-type]


def format_relative_day(on: str, today: date, precision: str = "day") -> str:
    """Return roughly how long ago a day was: `yesterday`, `in March`."""
    return date_format.format_relative_date(date.fromisoformat(on), today, precision)  # type: ignore[arg-type]


def format_coming_day(on: str, in_days: int) -> str:
    """Return a day to come: `today`, `tomorrow`, `Thu 26 Nov, in 3 days`."""
    if in_days < 2:
        return ("today", "tomorrow")[in_days]
    day = date.fromisoformat(on)
    text = f"{day:%a} {day.day} {day:%b}"
    return f"{text}, in {in_days} days" if in_days < 14 else text


def render_person_card(person: "Person", status: str) -> Page:
    """Return a card after a change; `status` says what was done."""
    return (
        make_line(
            Span(person.name, "name"), Span(f"  {person.handle}", "dim"), Span(f"  {status}", "dim")
        ),
        *render_card(person),
    )


def render_card(person: "Person") -> Iterable[Line]:
    """Yield everything on a card."""
    if person.nicknames:
        yield make_field("called", ", ".join(person.nicknames))
    yield from render_interests("both", [each for each in person.interests if each.shared])
    yield from render_interests(
        "into", [each for each in person.interests if each.stance == "into" and not each.shared]
    )
    yield from render_interests(
        "differ", [each for each in person.interests if each.stance == "differ"]
    )
    yield from render_meeting(person.met)
    yield from render_card_rest(person)


def render_card_rest(person: "Person") -> Iterable[Line]:
    """Yield the rest of a card: town, groups, circle, dates, contacts and facts."""
    if person.lives:
        yield make_field("lives", person.lives)
    if person.groups:
        yield make_field("groups", ", ".join(person.groups))
    if person.circle:
        yield make_field("circle", person.circle)
    if person.birthday:
        yield make_field("birthday", date_format.format_yearly_date(person.birthday))
    yield from make_fields(
        "dates",
        ((f"{label}: {date_format.format_yearly_date(day)}",) for label, day in person.dates),
    )
    yield from render_contacts(person)
    yield from render_facts(person)


def render_facts(person: "Person", rows: int | None = None) -> Iterable[Line]:
    """Yield the facts on a card."""
    paragraphs = (part for each in person.facts for part in each.split("\n") if part.strip())
    yield from make_fields("facts", ((Span(part, "quote"),) for part in paragraphs), rows=rows)


def render_contacts(person: "Person") -> Iterable[Line]:
    """Yield e-mail addresses, phone numbers and links."""
    yield from make_fields(
        "contact",
        ((f"{each.label}: " if each.label else "", each.value) for each in person.contacts),
    )


def render_interests(label: str, interests: Sequence["PersonInterest"]) -> Iterable[Line]:
    """Yield interests on one line, and those with a story on a line each."""
    if without_story := [each for each in interests if not each.note]:
        yield make_field(label, *join_spans((format_interest(each),) for each in without_story))
    with_story = [each for each in interests if each.note]
    yield from make_fields(
        "" if without_story else label,
        ((format_interest(each), f", {each.note}") for each in with_story),
    )


def format_interest(interest: "PersonInterest") -> Span:
    """Return an interest's label, in colour where it is shared."""
    text = (
        f"{interest.label} (you: {interest.your_label})"
        if interest.via and interest.your_label
        else interest.label
    )
    return Span(text, "shared" if interest.shared else "")


def render_meeting(met: "FirstMeeting", rows: int | None = None) -> Iterable[Line]:
    """Yield how you met: the day, the place, through someone, and the story."""
    parts = []
    if met.on:
        parts.append(format_iso_day(met.on, met.precision or "day"))
    if met.at:
        parts.append(f"at {met.at}")
    if met.through:
        parts.append("through you" if met.through.handle == "me" else f"through {met.through.name}")
    lines: list[tuple[str | Span, ...]] = [(", ".join(parts),)] if parts else []
    if met.story:
        lines += [(Span(part, "quote"),) for part in met.story.split("\n") if part.strip()]
    yield from make_fields("met", lines, rows=rows)


def render_people(people: Sequence["PersonSummary"], hidden: int) -> Page:
    """Return people with their interests and the day of the last note."""
    rows = tuple(
        (
            Span(each.name, "name"),
            Span(each.handle, "dim"),
            Span(", ".join(each.interests)),
            Span(each.last_note or "", "dim"),
        )
        for each in people
    )
    table = Table(("name", "handle", "into", "last note"), rows, optional=("last note",))
    return (table, *render_hidden_count(hidden))


def render_hidden_count(hidden: int | bool, how: str = "-n 0 shows all") -> Page:
    """Return a line with how many rows are not shown; True where they were not counted."""
    if not hidden:
        return ()
    return (make_aside("", f"… and {'' if hidden is True else f'{hidden} '}more: {how}"),)


def render_note(note: "Note", with_people: bool, rows: int | None = None) -> Iterable[Line]:
    """Yield one note: the day and who was there, then the text."""
    head = [Span(format_iso_day(note.on, note.precision), "label")]
    if with_people and note.people:
        head.append(Span(f"  {join_words([each.name for each in note.people])}", "name"))
    place = f"  at {note.place}" if note.place else ""
    yield make_line(*head, Span(place + (f"  by {note.by}" if note.by else ""), "dim"))
    for part in split_paragraphs(note):
        yield make_line(Span("  "), Span(part, "quote"), indent=2, rows=rows)


def split_paragraphs(note: "Note") -> list[str]:
    """Return the paragraphs of a note, without the `DAY:` in front."""
    return [part for part in (note.body or note.text).split("\n") if part.strip()]
