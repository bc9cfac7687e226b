"""The command recall: the card to read before a catch-up, or everything kin has on someone."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from kin.cli import console, options, wording
from kin.cli.layout import Line, Page, Span, join_spans, make_field, make_fields, make_line
from kin.cli.options import Command, new_app
from kin.language import date_format
from kin.language.text import get_first_name, join_words

if TYPE_CHECKING:
    from kin.cli.context import Call
    from kin.notes.queries import Note
    from kin.notes.questions import OpenQuestion
    from kin.overview.recall import Recall, RecallInterest
    from kin.people.dates import UpcomingDate
    from kin.people.queries import Person, PersonTie
    from kin.privacy.mentions import TextMention
    from kin.privacy.report import DataReport, ReportedIntroduction, ReportedQuestion

app = new_app()

LineParts = tuple[str | Span, ...]


@app.command(cls=Command)
def recall(
    ctx: typer.Context,
    who: options.WhoWords,
    everything: Annotated[
        bool, typer.Option("--all", help="Everything kin has on someone, as they would read it.")
    ] = False,
) -> None:
    """Before you catch up: what to ask, what you last talked about, what you share.

    kin recall maya
    kin recall "Tom B" --json
    kin recall maya --all
    """
    call: Call = ctx.obj
    if everything:
        _print_report(call, " ".join(who))
        return
    from kin.overview import recall as overview_recall

    with call.open_for_reading() as db:
        result = overview_recall.recall(db, " ".join(who), call.today)
    console.print_result(call, result, render_recall(result))


def _print_report(call: "Call", who: str) -> None:
    from kin.privacy.report import build_report

    with call.open_for_reading() as db:
        report = build_report(db, who, call.today)
    console.print_result(call, report, render_report(report))


def render_recall(recall: "Recall") -> Page:
    """Show questions, last notes, common ground, differences and openers, then the rest of the card."""
    person = recall.person
    nicknames = ", ".join(f"“{each}”" for each in person.nicknames)
    openers = [each for each in recall.openers if not each.is_question]  # questions come first
    return (
        make_line(Span(person.name, "name"), Span(f"  {person.handle}  {nicknames}", "dim")),
        make_line(Span(_format_summary(recall), "dim")),
        *make_fields(
            "ask",
            (
                (each.text, Span(f"  {_format_question_age(each, recall)}", "dim"))
                for each in recall.questions
            ),
        ),
        *_render_notes(recall),
        *_render_interests("both", recall.shared, recall),
        *_render_interests("differ", recall.differ, recall),
        *make_fields(
            "openers", ((each.text, Span(f"  {each.because}", "dim")) for each in openers), rows=1
        ),
        *_render_interests("theirs", recall.theirs, recall),
        *make_fields("soon", map(_format_coming_date, recall.dates)),
        *wording.render_meeting(person.met, rows=2),
        *wording.render_facts(person, rows=2),
        *_render_people(recall),
        *_render_rest(recall),
    )


def _format_summary(recall: "Recall") -> str:
    last = recall.person.last_note
    last_talked = (
        f"You last talked {wording.format_relative_day(last, recall.today)}"
        if last
        else "No notes yet"
    )
    return " · ".join(
        [
            last_talked,
            *filter(None, [recall.person.lives]),
            *recall.person.groups,
            *_format_snooze(recall),
        ]
    )


def _format_snooze(recall: "Recall") -> Iterable[str]:
    if recall.snooze:
        yield (
            f"snoozed until {wording.format_iso_day(recall.snooze.until)}"
            if recall.snooze.until
            else "snoozed"
        )


def _format_question_age(question: "OpenQuestion", recall: "Recall") -> str:
    if question.on is None:
        return f"noted {wording.format_relative_day(question.opened_on, recall.today)}"
    if question.on <= recall.today.isoformat():
        return f"since {wording.format_iso_day(question.on)}"
    return f"from {wording.format_iso_day(question.on)}"


def _render_notes(recall: "Recall") -> Iterable[Line]:
    """Show the last note in up to three rows, and one row of each note before it."""
    for number, note in enumerate(recall.notes):
        yield from make_fields(
            "" if number else "last", _format_note(note), rows=1 if number else 3
        )


def _format_note(note: "Note") -> list[LineParts]:
    where = f", at {note.place}" if note.place else ""
    head = Span(f"{wording.format_iso_day(note.on, note.precision)}{where}  ", "label")
    parts = wording.split_paragraphs(note)
    quoted = [Span(part, "quote") for part in ("“" + "\n".join(parts) + "”").split("\n")]
    return [(head, quoted[0]), *((part,) for part in quoted[1:])]


def _render_interests(
    label: str, interests: tuple["RecallInterest", ...], recall: "Recall"
) -> Iterable[Line]:
    """Show each interest with a story on a line of its own, and the others on one line."""
    with_story: list[LineParts] = [
        (_format_interest(each), f", {each.note}", _format_last_mention(each, recall))
        for each in interests
        if each.note
    ]
    without_story = [
        (_format_interest(each), _format_last_mention(each, recall))
        for each in interests
        if not each.note
    ]
    yield from make_fields(
        label, [*with_story, join_spans(without_story)] if without_story else with_story
    )


def _format_interest(interest: "RecallInterest") -> Span:
    return Span(interest.label, "shared" if interest.shared else "")


def _format_last_mention(interest: "RecallInterest", recall: "Recall") -> Span:
    """Return which interest of yours it is shared through, and when it last came up."""
    last = interest.last_came_up
    parts = [f"you: {interest.your_label}"] if interest.via and interest.your_label else []
    parts += [wording.format_relative_day(last, recall.today)] if last else []
    return Span(f" ({', '.join(parts)})" if parts else "", "dim")


def _format_coming_date(coming_date: "UpcomingDate") -> LineParts:
    turns = (
        f", turns {coming_date.age}" if coming_date.age and coming_date.kind == "birthday" else ""
    )
    return (
        f"{coming_date.label} {wording.format_coming_day(coming_date.on, coming_date.in_days)}{turns}",
    )


def _render_people(recall: "Recall") -> Iterable[Line]:
    if recall.common_people:
        yield make_field("in common", join_words([each.name for each in recall.common_people]))
    if recall.ties:
        yield make_field(
            "ties", join_words([_format_tie(each, recall.person) for each in recall.ties])
        )


def _format_tie(tie: "PersonTie", person: "Person") -> str:
    from kin.people.queries import describe_tie

    one = None if person.handle == "me" else get_first_name(person.name)
    other = None if tie.handle == "me" else tie.name
    return describe_tie(*((other, one) if tie.theirs else (one, other)), tie.word)


def _render_rest(recall: "Recall") -> Iterable[Line]:
    """Show the other dates, and the contacts. The circle is not a rank, and is not shown."""
    coming_labels = {each.label for each in recall.dates}
    birthday = [("birthday", recall.person.birthday)] if recall.person.birthday else []
    later_dates = [
        (label, day)
        for label, day in (*birthday, *recall.person.dates)
        if label not in coming_labels
    ]
    yield from make_fields(
        "dates", ((f"{label} {date_format.format_yearly_date(day)}",) for label, day in later_dates)
    )
    yield from wording.render_contacts(recall.person)


def render_report(report: "DataReport") -> Page:
    """Show everything kin has on someone, as they would read it."""
    person = report.person
    lines: list[Line] = [
        make_line(Span(_format_report_heading(person.name, report.owner), "title")),
        make_line(
            Span(
                f"In the book since {wording.format_iso_day(report.added_on)}, as {person.handle}.",
                "dim",
            )
        ),
        *wording.render_card(person),
        *make_fields("ask", map(_format_reported_question, report.questions)),
        *make_fields("ties", ((f"{each.name} ({each.word})",) for each in report.ties)),
        *make_fields(
            "through",
            (
                (f"{each.name}: {each.interest}" if each.interest else each.name,)
                for each in report.through_them
            ),
        ),
        *make_fields("introduce", map(_format_introduction, report.introductions)),
        *make_fields(
            "sent",
            (
                (f"{wording.format_iso_day(each.on)}  ", Span(each.text, "quote"))
                for each in report.sent
            ),
        ),
    ]
    if report.snoozed:
        from kin.suggestions.candidates import describe_snooze

        until = wording.format_iso_day(report.snoozed_until) if report.snoozed_until else None
        lines.append(make_field("snoozed", describe_snooze(person.name, until)))
    if report.shown_on:
        lines.append(
            make_field("shown", ", ".join(wording.format_iso_day(each) for each in report.shown_on))
        )
    for each in report.records:
        lines += [
            make_line(),
            make_line(Span(_format_record_heading(each.kind, each.key), "title")),
        ]
        lines += [make_line(part) for part in (each.card or "").splitlines()]
    for heading, notes in (("Notes", report.notes), ("Mentioned in", report.named_in)):
        if notes:
            lines += [make_line(), make_line(Span(heading, "title"))]
            lines += [
                part for note in notes for part in wording.render_note(note, with_people=True)
            ]
    if report.named_elsewhere:
        lines += [] if report.named_in else [make_line(), make_line(Span("Mentioned in", "title"))]
        lines += [part for each in report.named_elsewhere for part in _render_mention(each)]
    return tuple(lines)


def _format_report_heading(name: str, owner: str) -> str:
    """Return the heading of a report, addressed to the person it is about."""
    who = "the owner of this book has" if owner == "You" else f"{owner} has"
    return f"{name}, this is everything {who} written down about you."


def _format_reported_question(question: "ReportedQuestion") -> tuple[str | Span, ...]:
    answered = (
        f", answered {wording.format_iso_day(question.answered_on)}" if question.answered_on else ""
    )
    answer = f": {question.answer}" if question.answer else ""
    return (
        question.text,
        Span(f"  noted {wording.format_iso_day(question.opened_on)}{answered}{answer}", "dim"),
    )


def _format_introduction(introduction: "ReportedIntroduction") -> tuple[str | Span, ...]:
    if introduction.made_on:
        return (f"{introduction.name}, introduced {wording.format_iso_day(introduction.made_on)}",)
    answers = [f"they: {introduction.their_answer}"] if introduction.their_answer else []
    answers += (
        [f"{introduction.name}: {introduction.other_answer}"] if introduction.other_answer else []
    )
    return (f"{introduction.name} ({', '.join(answers)})" if answers else introduction.name,)


def _format_record_heading(kind: str, key: str | None) -> str:
    """Return the heading of a record that they were imported or synced from."""
    if kind == "kin":
        return f"UID: {key}"
    return f"From {kind}" + (f" ({key})" if key else "")


def _render_mention(mention: "TextMention") -> Iterator[Line]:
    """Show where they are mentioned, then the text."""
    names = join_words([person.name for person in mention.people])
    yield make_line(Span(mention.where, "label"), *([Span(f"  {names}", "name")] if names else []))
    for part in mention.text.splitlines():
        yield make_line(Span("  "), Span(part, "quote"), indent=2)
