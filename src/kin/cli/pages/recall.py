"""The card to read before a catch-up: ten seconds, what matters first."""

from collections.abc import Iterable

from kin.cli.layout import Line, Page, Span, field, fields, line, separated
from kin.cli.pages import days
from kin.cli.pages.notes import told_parts
from kin.cli.pages.people import met_lines, reach_lines, remark_lines
from kin.language.text import get_first_name, joined
from kin.notes.queries import Note
from kin.notes.questions import Thread
from kin.overview.recall import Brief, CommonInterest
from kin.people.dates import NearDate
from kin.people.queries import Person
from kin.people.ties import TieTo, describe_tie

Words = tuple[str | Span, ...]


def brief_card(brief: Brief) -> Page:
    """Show the card: threads, last words, common ground, sparks, questions; the rest below."""
    person = brief.person
    called = ", ".join(f"“{each}”" for each in person.nicknames)
    fresh = [each for each in brief.questions if not each.thread]  # the threads stand above
    return (
        line(Span(person.name, "name"), Span(f"  {person.handle}  {called}", "dim")),
        line(Span(_at_a_glance(brief), "dim")),
        *fields(
            "ask", ((each.text, Span(f"  {_ripe(each, brief)}", "dim")) for each in brief.threads)
        ),
        *_talks(brief),
        *_interests("share", brief.shared, brief),
        *_interests("collide", brief.collides, brief),
        *fields("begin", ((each.text, Span(f"  {each.because}", "dim")) for each in fresh), rows=1),
        *_interests("theirs", brief.theirs, brief),
        *fields("soon", map(_near, brief.dates)),
        *met_lines(person.met, rows=2),
        *remark_lines(person, rows=2),
        *_people(brief),
        *_rest(brief),
    )


def _at_a_glance(brief: Brief) -> str:
    last = brief.person.last_talk
    talked = (
        f"You last talked {days.ago(last, brief.today)}" if last else "No conversation noted yet"
    )
    return " · ".join(
        [talked, *filter(None, [brief.person.lives]), *brief.person.groups, *_resting(brief)]
    )


def _resting(brief: Brief) -> Iterable[str]:
    if brief.rest:
        yield f"rests until {days.named(brief.rest.until)}" if brief.rest.until else "rests"


def _ripe(thread: Thread, brief: Brief) -> str:
    if thread.due_on is None:
        return f"asked {days.ago(thread.opened_on, brief.today)}"
    if thread.due_on <= brief.today.isoformat():
        return f"ripe since {days.named(thread.due_on)}"
    return f"ripens {days.named(thread.due_on)}"


def _talks(brief: Brief) -> Iterable[Line]:
    """Show the last conversation in some rows, and a row of each before it."""
    for number, note in enumerate(brief.talks):
        yield from fields("" if number else "last", _talk(note), rows=1 if number else 3)


def _talk(note: Note) -> list[Words]:
    where = f", at {note.place}" if note.place else ""
    head = Span(f"{days.named(note.on, note.precision)}{where}  ", "label")
    parts = told_parts(note)
    quoted = [Span(part, "quote") for part in ("“" + "\n".join(parts) + "”").split("\n")]
    return [(head, quoted[0]), *((part,) for part in quoted[1:])]


def _interests(label: str, held: tuple[CommonInterest, ...], brief: Brief) -> Iterable[Line]:
    """Show interests with a story a line each, and the others in one."""
    told: list[Words] = [
        (_loved(each), f", {each.note}", _mentioned(each, brief)) for each in held if each.note
    ]
    plain = [(_loved(each), _mentioned(each, brief)) for each in held if not each.note]
    yield from fields(label, [*told, separated(plain)] if plain else told)


def _loved(each: CommonInterest) -> Span:
    return Span(each.label, "shared" if each.shared else "")


def _mentioned(each: CommonInterest, brief: Brief) -> Span:
    """Say through what it is shared, and when it last came up."""
    last = each.last_mentioned
    told = [f"you: {each.yours}"] if each.via and each.yours else []
    told += [days.ago(last, brief.today)] if last else []
    return Span(f" ({', '.join(told)})" if told else "", "dim")


def _near(each: NearDate) -> Words:
    turns = f", turns {each.age}" if each.age and each.kind == "birthday" else ""
    return (f"{each.label} {days.ahead(each.on, each.in_days)}{turns}",)


def _people(brief: Brief) -> Iterable[Line]:
    if brief.common_people:
        yield field("both know", joined([each.name for each in brief.common_people]))
    if brief.ties:
        yield field("ties", joined([_tie(each, brief.person) for each in brief.ties]))


def _tie(each: TieTo, person: Person) -> str:
    one = None if person.handle == "me" else get_first_name(person.name)
    other = None if each.handle == "me" else each.name
    return describe_tie(*((other, one) if each.theirs else (one, other)), each.word)


def _rest(brief: Brief) -> Iterable[Line]:
    """Show what is left of the card. The circle is a rhythm, no rank to be shown."""
    soon = {each.label for each in brief.dates}
    birthday = [("birthday", brief.person.birthday)] if brief.person.birthday else []
    later = [(label, day) for label, day in (*birthday, *brief.person.days) if label not in soon]
    yield from fields("days", ((f"{label} {days.yearly(day)}",) for label, day in later))
    yield from reach_lines(brief.person)
