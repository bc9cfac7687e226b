"""The commands kin (the dashboard), today and upcoming, and what they show."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from kin import __version__
from kin.cli import console, options, wording
from kin.cli.context import Call, FirstRun
from kin.cli.layout import Line, Page, Span, Table, make_aside, make_field, make_fields, make_line
from kin.cli.options import Command, new_app
from kin.language.text import join_words

if TYPE_CHECKING:
    from kin.notes.queries import Note
    from kin.notes.questions import Question
    from kin.overview.dashboard import Agenda, Dashboard
    from kin.people.dates import PersonUpcomingDate

_LEAD_DAYS = 7  # time to write a card or find a present

app = new_app()


def dashboard(
    ctx: typer.Context,
    version: bool = typer.Option(False, "--version", help="Print the version.", is_eager=True),
) -> None:
    """Remember the people you meet, what they are into, and what you talked about.

    kin add Maya --both pottery --met "at the kiln"
    kin note "yesterday: coffee with Maya about #sourdough ?did the kiln survive"
    kin recall maya
    """
    if version:
        console.print_result(ctx.obj, {"version": __version__}, (make_line(f"kin {__version__}"),))
        raise typer.Exit
    if ctx.invoked_subcommand is not None:
        return
    call: Call = ctx.obj
    from kin.overview import dashboard as overview_dashboard

    try:
        with call.open_for_reading() as db:
            summary = overview_dashboard.load_dashboard(db, call.today)
    except FirstRun:
        if not console.wants_hints(call):
            raise
        _welcome_first_run(call)
        return
    if summary.is_empty and not call.as_json:
        _welcome_first_run(call)
    else:
        console.print_result(call, summary, render_dashboard(summary))


def _welcome_first_run(call: Call) -> None:
    """Show the welcome, and offer to add the first person."""
    console.print_welcome(call, render_welcome())
    if console.can_ask(call) and console.confirm(call, "\nShall we begin with someone you met?"):
        call.next_command = ["add", *(["--db", call.db] if call.db else [])]


def render_welcome() -> Page:
    """Greet someone who has no book yet."""
    return (
        make_line(Span("Welcome to kin.", "title")),
        make_line(
            "kin remembers the people you meet, what they are into, and what you talked about."
        ),
        make_line(),
        make_field("start", Span('kin add Maya --both pottery --met "at the kiln"', "command")),
        make_field("you", Span("kin me --into pottery", "command")),
        make_field(
            "try", Span("kin demo", "command"), Span("   a throwaway book to play with", "dim")
        ),
    )


def render_dashboard(dashboard: "Dashboard") -> Page:
    """Show what is on today, the last notes, and what to type next."""
    return (
        make_line(Span(wording.format_iso_day(dashboard.today.isoformat()), "title")),
        *make_fields("ask", (_format_question(each) for each in dashboard.questions)),
        *make_fields("dates", map(_format_upcoming_date, dashboard.dates)),
        *_render_suggestion(dashboard),
        *_render_notes(dashboard.notes),
        make_aside(""),
        make_aside(
            "", "", 'kin note "coffee with …"', "kin recall WHO", "kin add NAME", "kin --help"
        ),
    )


def _render_suggestion(dashboard: "Dashboard") -> Iterable[Line]:
    if dashboard.hello:
        yield make_field(
            "say hi to", Span(dashboard.hello.person.name, "name"), f"  {dashboard.hello.because}"
        )


def _render_notes(notes: Sequence["Note"]) -> Iterable[Line]:
    lines: list[tuple[str | Span, ...]] = []
    for note in notes:
        who = join_words([each.name for each in note.people])
        lines.append(
            (
                Span(f"{wording.format_iso_day(note.on, note.precision)}  ", "label"),
                Span(f"{who}  " if who else "", "name"),
                Span(wording.split_paragraphs(note)[0], "quote"),
            )
        )
    yield from make_fields("last", lines, rows=2)


@app.command(cls=Command)
def today(ctx: typer.Context, n: options.Limit = None) -> None:
    """This week’s birthdays and other dates, and questions whose time has come.

    kin today
    kin today --json
    """
    call: Call = ctx.obj
    from kin.overview import dashboard as overview_dashboard

    with call.open_for_reading() as db:
        agenda = overview_dashboard.load_today(db, call.today, _LEAD_DAYS)
    _print_agenda(call, agenda, n, "A quiet day. Nothing due.")


@app.command(cls=Command)
def upcoming(
    ctx: typer.Context,
    days: Annotated[
        int,
        typer.Option(
            "--days",
            metavar="N",
            parser=options.make_integer_parser(0, 366),
            help="How many days to look ahead.",
        ),
    ] = 60,
    n: options.Limit = None,
) -> None:
    """Dates and questions of the next two months.

    kin upcoming
    kin upcoming --days 14
    """
    call: Call = ctx.obj
    from kin.overview import dashboard as overview_dashboard

    with call.open_for_reading() as db:
        agenda = overview_dashboard.load_upcoming(db, call.today, days)
    _print_agenda(call, agenda, n, f"Nothing in the next {days} days.")


def _print_agenda(call: Call, agenda: "Agenda", n: int | None, empty_message: str) -> None:
    shown = agenda.limit_to(options.get_row_limit(call) // 2 if n is None else n)
    hidden = len(agenda.dates) + len(agenda.questions) - len(shown.dates) - len(shown.questions)
    console.print_result(
        call, shown, (*render_agenda(shown, empty_message), *wording.render_hidden_count(hidden))
    )


def render_agenda(agenda: "Agenda", empty_message: str) -> Page:
    """List dates and questions, or show `empty_message` where there are none."""
    cards = [
        *make_fields("dates", map(_format_upcoming_date, agenda.dates)),
        *make_fields("ask", (_format_question(each) for each in agenda.questions)),
    ]
    rows = [
        (
            Span(each.on, "label"),
            Span("date", "dim"),
            Span(each.person.handle, "name"),
            Span(each.label),
        )
        for each in agenda.dates
    ]
    rows += [
        (
            Span(each.on or "", "label"),
            Span("question", "dim"),
            Span(",".join(person.handle for person in each.people), "name"),
            Span(each.text),
        )
        for each in agenda.questions
    ]
    return (
        Table(
            ("on", "kind", "who", "text"), tuple(rows), tuple(cards or [make_line(empty_message)])
        ),
    )


def _format_upcoming_date(upcoming: "PersonUpcomingDate") -> tuple[str | Span, ...]:
    turns = f", turns {upcoming.age}" if upcoming.age and upcoming.kind == "birthday" else ""
    return (
        Span(upcoming.person.name, "name"),
        f"  {upcoming.label} {wording.format_coming_day(upcoming.on, upcoming.in_days)}{turns}",
    )


def _format_question(question: "Question") -> tuple[str | Span, ...]:
    return (
        Span(join_words([person.name for person in question.people]), "name"),
        f"  {question.text}",
        Span(f"  ({wording.format_iso_day(question.on)})" if question.on else "", "dim"),
    )
