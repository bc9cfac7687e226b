"""Days and threads that come: today, the time ahead, and the dashboard."""

from collections.abc import Iterable, Sequence

from kin.cli.layout import Line, Page, Span, Table, field, fields, line
from kin.cli.pages import days
from kin.cli.pages.notes import told_parts
from kin.language.text import joined
from kin.notes.queries import Note
from kin.notes.questions import RipeThread
from kin.overview.dashboard import Agenda, Dashboard
from kin.people.dates import Upcoming


def agenda(found: Agenda, nothing: str) -> Page:
    """Show the days and threads of a time; `nothing` is said where there are none."""
    cards = [
        *fields("days", map(_day, found.dates)),
        *fields("ask", (_thread(each) for each in found.threads)),
    ]
    rows = [
        (Span(each.on), Span("date"), Span(each.person), Span(each.label)) for each in found.dates
    ]
    rows += [
        (Span(each.due_on), Span("thread"), Span(",".join(each.people)), Span(each.text))
        for each in found.threads
    ]
    return (Table(("on", "kind", "who", "what"), tuple(rows), tuple(cards or [line(nothing)])),)


def dashboard_page(found: Dashboard) -> Page:
    """Show the day at a glance, and what to type next."""
    return (
        line(Span(days.named(found.today.isoformat()), "title")),
        *fields("ask", (_thread(each) for each in found.threads)),
        *fields("soon", map(_day, found.dates)),
        *_suggestion(found),
        *_talks(found.talks),
        line(),
        line(
            Span('  kin note "coffee with …"   kin recall WHO   kin add NAME   kin --help', "dim")
        ),
    )


def welcome() -> Page:
    """Greet somebody who has no book yet."""
    return (
        line(Span("Welcome to kin.", "title")),
        line("kin remembers the people you meet, what lights them up, and what you talked about."),
        line(),
        field("begin", Span('kin add Maya --share pottery --met "at the kiln"', "name")),
        field("you", Span("kin me --into pottery", "name")),
        field("try", Span("kin demo", "name"), Span("   a throw-away book to play with", "dim")),
    )


def _day(each: Upcoming) -> tuple[str | Span, ...]:
    turns = f", turns {each.age}" if each.age and each.kind == "birthday" else ""
    return (Span(each.name, "name"), f"  {each.label} {days.ahead(each.on, each.in_days)}{turns}")


def _thread(each: RipeThread) -> tuple[str | Span, ...]:
    return (
        Span(joined(each.names), "name"),
        f"  {each.text}",
        Span(f"  ({days.named(each.due_on)})", "dim"),
    )


def _suggestion(found: Dashboard) -> Iterable[Line]:
    if found.suggestion:
        yield field("a hello", Span(found.suggestion.name, "name"), f"  {found.suggestion.because}")


def _talks(notes: Sequence[Note]) -> Iterable[Line]:
    lines: list[tuple[str | Span, ...]] = []
    for note in notes:
        who = joined([each.name for each in note.people])
        lines.append(
            (
                Span(f"{days.named(note.on, note.precision)}  ", "label"),
                Span(f"{who}  " if who else "", "name"),
                Span(told_parts(note)[0], "quote"),
            )
        )
    yield from fields("last", lines, rows=2)
