"""The commands note, notes and find, and what they show."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from kin.cli import console, editor, options, prompts, wording
from kin.cli.layout import (
    Page,
    Span,
    Table,
    join_spans,
    make_aside,
    make_field,
    make_fields,
    make_line,
)
from kin.cli.options import Command, new_app
from kin.constants import CHANNELS
from kin.errors import UsageError
from kin.language import date_format
from kin.language.dates import Day
from kin.language.text import format_command, join_words, truncate

if TYPE_CHECKING:
    from kin.cli.context import Call
    from kin.notes.parser import NoteOptions, ParsedNote
    from kin.notes.queries import Note, UnsureName
    from kin.notes.search import SearchHit

_NO_LIMIT = 1 << 40

app = new_app()

With = Annotated[
    options.Values,
    typer.Option("--with", "-w", metavar="WHO", help="Who was there; repeat for more."),
]
About = Annotated[
    options.Values, typer.Option("--about", "-a", metavar="X", help="What it was about.")
]


@app.command(cls=Command)
def note(
    ctx: typer.Context,
    words: Annotated[
        options.Values,
        typer.Argument(
            metavar="[TEXT|-]",
            help="The note, or - for standard input. Without it, your editor opens.",
            show_default=False,
        ),
    ] = None,
    with_: With = None,
    on: options.MetOn = None,
    at: options.Place = None,
    about: About = None,
    ask: options.Questions = None,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="CHANNEL", help="visit, call, video, message or letter."),
    ] = None,
    amend: Annotated[
        bool,
        typer.Option("--amend", help="Add the flags to the last note; its text stays the same."),
    ] = False,
    dry_run: options.DryRun = False,
) -> None:
    """Note a conversation in one line: names, #interests, ?questions, and a DAY: in front.

    kin note "yesterday: coffee with Maya and Tom at Blue Door about #sourdough ?did the kiln survive"
    kin note "long walk" --with maya --about "trail running" --ask "how was the exam"
    """
    call: Call = ctx.obj
    from kin.notes.parser import NoteOptions, ParsedNotes

    note_options = NoteOptions(
        people=options.to_tuple(with_),
        on=on,
        place=at,
        about=options.to_tuple(about),
        questions=options.to_tuple(ask),
        by=options.check_choice(by, CHANNELS, "--by"),
    )
    text = options.join_argument(words)
    if amend:
        verb = "Would change:" if dry_run else "Changed:"
        result = _amend_last_note(call, text, note_options, commit=not dry_run)
        console.print_result(call, ParsedNotes((result,)), render_note_echo(result, verb, call.now))
        return
    verb = "Would note:" if dry_run else "Noted:"
    prose, draft = _read_prose(call, text)
    answers = prompts.NO_ANSWERS
    try:
        if dry_run:
            result = _parse_note(call, prose, note_options)
        else:
            note_options, answers = _resolve_unclear(call, prose, note_options)
            result = _save_note(call, prose, note_options, answers)
    except BaseException:
        if draft:
            console.print_message(draft.describe_location())
        raise
    if draft and not dry_run:
        draft.remove()
    console.print_result(call, ParsedNotes((result,)), render_note_echo(result, verb, call.now))
    _print_note_hints(call, result, dry_run)
    prompts.report_unasked(call, answers)
    if dry_run and draft:
        console.print_message(draft.describe_location())


def _read_prose(call: "Call", words: str | None) -> "tuple[str, editor.Draft | None]":
    if words == "-":
        return console.read_stdin(), None
    if words is not None:
        return words, None
    if not console.can_ask(call):
        raise UsageError(
            "What did you talk about?", 'kin note "coffee with Maya", or - to read standard input.'
        )
    text, draft = editor.edit_text(call.environment, "note", "")
    if not text.strip():
        draft.remove()
        raise UsageError("The note is empty.", "Nothing was written.")
    return text.removesuffix("\n"), draft  # the editor adds the last line end


def _parse_note(call: "Call", prose: str, note_options: "NoteOptions") -> "ParsedNote":
    from kin.language.text import check_storable
    from kin.notes import parser

    check_storable(prose, "note")
    with call.open_for_reading(or_empty=True) as db:
        return parser.parse_note(
            db, prose, note_options, now=call.now, date_order=call.settings.date_order
        )


def _resolve_unclear(
    call: "Call", prose: str, note_options: "NoteOptions"
) -> "tuple[NoteOptions, prompts.Answers]":
    """Ask who and what is meant where that is unsure, if there is a terminal to ask on."""
    from kin.language.text import normalize

    parsed_note = (
        _parse_note(call, prose, note_options)
        if console.can_ask(call) or "#" in prose or note_options.about
        else None
    )
    choices = dict(note_options.choices)
    for unsure in parsed_note.unsure if parsed_note and console.can_ask(call) else ():
        index = console.choose(f"Who is “{unsure.text}”?", unsure.descriptions)
        if index is not None:
            choices[normalize(unsure.text)] = unsure.candidates[index]
    labels = [each.label for each in parsed_note.interests] if parsed_note else []
    answers = prompts.ask_about_interests(call, labels)
    return note_options._replace(choices=choices, interest_meanings=answers.meanings), answers


def _save_note(
    call: "Call", prose: str, note_options: "NoteOptions", answers: prompts.Answers
) -> "ParsedNote":
    from kin.notes import service as notes_service

    with call.open_for_writing() as session:
        prompts.save_answers(call, session, answers)
        return notes_service.add_note(
            session, prose, note_options, now=call.now, date_order=call.settings.date_order
        )


def _amend_last_note(
    call: "Call", words: str | None, note_options: "NoteOptions", commit: bool
) -> "ParsedNote":
    if words is not None or not any(note_options):
        raise UsageError("--amend adds flags to the last note.", "kin note --amend --with tom-b")
    from kin.notes import service as notes_service

    with call.open_for_writing(commit=commit) as session:
        return notes_service.amend_last_note(
            session, note_options, now=call.now, date_order=call.settings.date_order
        )


def _print_note_hints(call: "Call", result: "ParsedNote", dry_run: bool) -> None:
    for unsure in () if dry_run else result.unsure:
        amend = format_command(
            "kin note", options=("--amend", "--with", unsure.candidates[0].handle)
        )
        console.print_hint(call, f"Say who “{unsure.text}” is:", amend)
    for stranger in result.new_names:
        if stranger.startswith("@"):
            console.print_report(call, f"There is no {stranger}; kept as text.")
        else:
            console.print_hint(call, f"Add {stranger}?", format_command("kin add", stranger))
    if not (dry_run or result.people or result.unsure or result.new_names):
        console.print_hint(call, "Who were you with?", "kin note --amend --with WHO")


def render_note_echo(note: "ParsedNote", verb: str, now: datetime) -> Page:
    """Show how a note was understood: day, people, place, interests, questions, and what is unsure."""
    day = Day(date.fromisoformat(note.on), note.precision)  # type: ignore[arg-type]
    people = join_words([f"{each.name} ({each.handle})" for each in note.people])
    lines = [
        make_line(
            Span(verb, "title"),
            f" {date_format.format_day_echo(day, now)}"
            + (f", with {people}" if people else "")
            + ".",
            indent=0,
        )
    ]
    if note.place:
        lines.append(make_field("at", note.place))
    if note.by:
        lines.append(make_field("by", note.by))
    if note.interests:
        lines.append(
            make_field("about", *join_spans((Span(each.label),) for each in note.interests))
        )
    lines += make_fields("ask", ((each.text,) for each in note.questions))
    lines += make_fields(
        "unsure",
        (
            (f"“{each.text}” could be {join_words(_format_candidates(each), 'or')}",)
            for each in note.unsure
        ),
    )
    lines += make_fields(
        "text",
        (
            (
                f"“{truncate(each, 60)}” was kept as text",
                Span(": not a day, interest or question that kin knows", "dim"),
            )
            for each in note.unparsed
        ),
    )
    return tuple(lines)


def _format_candidates(unsure: "UnsureName") -> list[str]:
    hidden = unsure.total - len(unsure.descriptions)
    return [*unsure.descriptions, *([f"one of {hidden} more"] if hidden > 0 else [])]


@app.command("notes", cls=Command)
def list_notes(
    ctx: typer.Context,
    words: Annotated[
        options.Values, typer.Argument(metavar="[WHO]", help="Notes with WHO.", show_default=False)
    ] = None,
    with_: With = None,
    about: Annotated[
        str | None, typer.Option("--about", "-a", metavar="X", help="Notes about X.")
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="PLACE", help="Notes from PLACE.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DAY", help="From that day on.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DAY", help="Up to that day.")
    ] = None,
    n: options.Limit = None,
) -> None:
    """Your notes, newest first.

    kin notes maya --since "last month"
    kin notes --about pottery -n 5
    """
    call: Call = ctx.obj
    from kin.interests import queries as interests_queries
    from kin.notes import queries as notes_queries
    from kin.people import queries as people_queries

    if n is None:
        n = options.get_row_limit(call) // 3  # a screenful: one line for the day, two for the words
    who = options.join_argument(words)
    since, until = (
        options.parse_day_option(call, since),
        options.parse_day_option(call, until, end=True),
    )
    with call.open_for_reading() as db:
        person_ids = tuple(
            people_queries.find_person(db, each).id
            for each in (*([who] if who else []), *options.to_tuple(with_))
        )
        interest_ids = (
            interests_queries.list_interest_ids(db, interests_queries.find_sense(db, about))
            if about
            else None
        )
        note_filter = notes_queries.NoteFilter(
            tuple(dict.fromkeys(person_ids)), interest_ids, at, since, until, n or None
        )
        notes = notes_queries.list_notes(db, note_filter)
    console.print_result(call, notes_queries.NoteList(notes), render_note_list(notes))
    if not notes:
        if note_filter == notes_queries.NoteFilter(limit=note_filter.limit):
            console.print_report(call, "No notes yet.", "Write one:", 'kin note "coffee with …"')
        else:
            console.print_report(call, "No notes match.")


def render_note_list(notes: Sequence["Note"]) -> Page:
    """List notes: day, people, place, and your words."""
    rows = tuple(
        (
            Span(each.on, "label"),
            Span(", ".join(person.handle for person in each.people), "name"),
            Span(each.place or "", "dim"),
            Span(each.text),
        )
        for each in notes
    )
    cards = tuple(part for each in notes for part in wording.render_note(each, with_people=True))
    return (Table(("on", "with", "at", "text"), rows, cards),)


@app.command(cls=Command)
def find(
    ctx: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(metavar="WORDS", help="Results contain all the words.", show_default=False),
    ],
    n: options.Limit = None,
) -> None:
    """Search everything: notes, stories, questions, names, interests.

    kin find gardening
    kin find "kiln survive" --json
    """
    call: Call = ctx.obj
    from kin.notes import search

    query = " ".join(words).strip()
    if not query:
        raise UsageError("What are you looking for?", "kin find gardening")
    with call.open_for_reading() as db:
        hits = search.search_book(db, query, _get_limit_per_kind(call, n))
    shown = options.limit_to_screen(call, hits, n, rows_each=2)
    hidden = len(hits) > len(shown)
    console.print_result(
        call, shown, (*render_hits(shown, query), *wording.render_hidden_count(hidden))
    )


def _get_limit_per_kind(call: "Call", n: int | None) -> int:
    """Return how many results of each kind to load: all in a pipe, one more than fit on a terminal."""
    limit = options.get_row_limit(call) if n is None else n
    return limit + 1 if limit else _NO_LIMIT


def render_hits(hits: Sequence["SearchHit"], query: str) -> Page:
    """List search results: kind, day, people, and the text."""
    if not hits:
        return (make_aside(f"No matches for “{query}”."),)
    rows = tuple(
        (
            Span(each.kind, "dim"),
            Span(each.on or ""),
            Span(",".join(person.handle for person in each.people)),
            Span(each.text),
        )
        for each in hits
    )
    cards = tuple(
        make_line(
            "  ",
            Span(join_words([person.name for person in each.people]), "name"),
            Span(f"  {wording.format_iso_day(each.on)}" if each.on else f"  {each.kind}", "label"),
            Span("  "),
            Span(" ".join(each.snippet.split()), "quote"),
            indent=2,
            rows=3,
        )
        for each in hits
    )
    return (Table(("kind", "on", "who", "text"), rows, cards),)
