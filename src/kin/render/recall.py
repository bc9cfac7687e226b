"""The card to read before a catch-up: ten seconds, what matters first."""

from collections.abc import Iterable

from kin.queries.conversations import Note
from kin.queries.recall import Brief, CommonInterest
from kin.render import days
from kin.render.conversations import told_parts
from kin.render.page import Line, Page, Span, field, fields, line, separated
from kin.render.people import card_lines, met_lines
from kin.text import joined


def brief_card(brief: Brief) -> Page:
    """Show the card: threads, last words, common ground, sparks, questions; the rest below."""
    return (
        line(
            Span(brief.person.name, "name"), Span(f"  {brief.person.handle}", "dim"), _called(brief)
        ),
        line(Span(_since(brief), "dim")),
        *fields(
            "ask",
            (
                (each.text, Span(f"  {_ripe(each.due_on, each.opened_on, brief)}", "dim"))
                for each in brief.threads
            ),
        ),
        *_talks(brief),
        *_interests("share", brief.shared, brief),
        *_interests("collide", brief.collides, brief),
        *fields(
            "begin",
            ((each.text, Span(f"  {each.because}", "dim")) for each in brief.questions),
            rows=2,
        ),
        *_interests("theirs", brief.theirs, brief),
        *fields(
            "soon",
            (_near(each.kind, each.label, each.on, each.in_days, each.age) for each in brief.dates),
        ),
        *met_lines(brief.person.met, rows=3),
        *_people(brief),
        *card_lines(brief.person),
    )


def _called(brief: Brief) -> Span:
    return Span(
        "  " + ", ".join(f"“{each}”" for each in brief.person.nicknames)
        if brief.person.nicknames
        else "",
        "dim",
    )


def _since(brief: Brief) -> str:
    last = brief.person.last_talk
    return (
        f"You last talked {days.ago(last, brief.today)}." if last else "No conversation noted yet."
    )


def _ripe(due_on: str | None, opened_on: str, brief: Brief) -> str:
    if due_on is None:
        return f"asked {days.ago(opened_on, brief.today)}"
    if due_on <= brief.today.isoformat():
        return f"ripe since {days.named(due_on)}"
    return f"ripens {days.named(due_on)}"


def _talks(brief: Brief) -> Iterable[Line]:
    for number, note in enumerate(brief.talks):
        yield from fields("last" if number == 0 else "", _talk(note), rows=4 if number == 0 else 2)


def _talk(note: Note) -> list[tuple[str | Span, ...]]:
    where = f", at {note.place}" if note.place else ""
    first, *rest = told_parts(note)
    head = (
        Span(f"{days.named(note.on, note.precision)}{where}  ", "label"),
        Span(f"“{first}" + ("" if rest else "”"), "quote"),
    )
    return [head, *((Span(part + ("”" if part is rest[-1] else ""), "quote"),) for part in rest)]


def _interests(label: str, held: tuple[CommonInterest, ...], brief: Brief) -> Iterable[Line]:
    plain = [each for each in held if not each.note]
    told: list[tuple[str | Span, ...]] = [
        (_loved(each), f", {each.note}", Span(_mentioned(each, brief), "dim"))
        for each in held
        if each.note
    ]
    if plain:
        told.append(
            separated((_loved(each), Span(_mentioned(each, brief), "dim")) for each in plain)
        )
    yield from fields(label, told)


def _loved(each: CommonInterest) -> Span:
    return Span(each.label, "shared" if each.shared else "")


def _mentioned(each: CommonInterest, brief: Brief) -> str:
    return f" ({days.ago(each.last_mentioned, brief.today)})" if each.last_mentioned else ""


def _near(kind: str, label: str, on: str, in_days: int, age: int | None) -> tuple[str | Span, ...]:
    turns = f", turns {age}" if age and kind == "birthday" else ""
    return (f"{label} {days.ahead(on, in_days)}{turns}",)


def _people(brief: Brief) -> Iterable[Line]:
    if brief.common_people:
        yield field("both know", joined([each.name for each in brief.common_people]))
    ties = [
        f"{each.name} ({each.word})"
        if each.theirs
        else f"{each.name} ({brief.person.name}: {each.word})"
        for each in brief.ties
    ]
    if ties:
        yield field("ties", joined(ties))
