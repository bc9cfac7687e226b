"""Conversations: the echo of a note, and lists of past ones."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from kin.cli.layout import Line, Page, Span, Table, field, fields, line, separated
from kin.cli.pages import days
from kin.language import date_format as saying
from kin.language.dates import Day
from kin.language.text import clipped, joined
from kin.notes.queries import Note, Unsure


def note_echo(note: Note, verb: str, now: datetime) -> Page:
    """Show how a note was understood: day, people, place, topics, threads, and what stayed unsure."""
    day = Day(date.fromisoformat(note.on), note.precision)  # type: ignore[arg-type]
    people = joined([f"{each.name} ({each.handle})" for each in note.people])
    lines = [
        line(
            Span(verb, "title"),
            f" {saying.spoken(day, now)}" + (f", with {people}" if people else "") + ".",
            indent=0,
        )
    ]
    if note.place:
        lines.append(field("at", note.place))
    if note.by:
        lines.append(field("by", note.by))
    if note.topics:
        lines.append(field("about", *separated((Span(topic),) for topic in note.topics)))
    lines += fields("ask", ((thread,) for thread in note.threads))
    lines += fields(
        "unsure",
        ((f"“{each.text}” could be {joined(_candidates(each), 'or')}",) for each in note.unsure),
    )
    lines += fields(
        "text",
        (
            (
                f"“{clipped(each, 60)}” stayed text",
                Span(", no day, interest or thread that kin can file", "dim"),
            )
            for each in note.left
        ),
    )
    return tuple(lines)


def _candidates(unsure: Unsure) -> list[str]:
    hidden = unsure.total - len(unsure.told)
    return [*unsure.told, *([f"one of {hidden} more"] if hidden > 0 else [])]


def talk_list(notes: Sequence[Note]) -> Page:
    """List conversations, newest first: who, where, and your words."""
    rows = tuple(
        (
            Span(each.on),
            Span(", ".join(person.handle for person in each.people)),
            Span(each.place or ""),
            Span(each.text),
        )
        for each in notes
    )
    cards = tuple(part for each in notes for part in talk_lines(each, with_people=True))
    return (Table(("on", "with", "at", "text"), rows, cards),)


def talk_lines(note: Note, with_people: bool, rows: int | None = None) -> Iterable[Line]:
    """Show one conversation: the day and who was there, then your words."""
    head = [Span(days.named(note.on, note.precision), "label")]
    if with_people and note.people:
        head.append(Span(f"  {joined([each.name for each in note.people])}", "name"))
    place = f"  at {note.place}" if note.place else ""
    yield line(*head, Span(place + (f"  by {note.by}" if note.by else ""), "dim"))
    for part in told_parts(note):
        yield line(Span("  "), Span(part, "quote"), indent=2, rows=rows)


def told_parts(note: Note) -> list[str]:
    """Return the paragraphs of a note, without the `DAY:` in front."""
    return [part for part in (note.told or note.text).split("\n") if part.strip()]
