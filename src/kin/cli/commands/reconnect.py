"""The command reconnect, and what it shows."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from kin.cli import console, options as cli_options, wording
from kin.cli.layout import Line, Page, Span, Table, make_aside, make_field, make_fields, make_line
from kin.cli.options import Command, new_app
from kin.errors import BookError, UsageError
from kin.language.text import add_quotes, format_command, format_count, join_words, truncate

if TYPE_CHECKING:
    from kin.cli.context import Call
    from kin.suggestions.candidates import Snooze
    from kin.suggestions.reconnect import (
        ExplainedSuggestion,
        InterestTerm,
        ReconnectOptions,
        ScoreBreakdown,
        Suggestion,
    )

_NO_SUGGESTION = "No one to suggest today."
_MAX_OTHER_REASONS = 2  # reasons after the first that a terminal shows
_QUESTION_WIDTH = 60  # cells of a question among the terms; the reasons have all of it
# The name of a rhythm with up to so many days from one note to the next.
_RHYTHMS = (
    (2, "nearly every day"),
    (10, "about once a week"),
    (20, "about every other week"),
    (45, "about once a month"),
    (135, "about once a season"),
    (270, "about twice a year"),
    (550, "about once a year"),
)

app = new_app()

About = Annotated[
    str | None,
    typer.Option("--about", "-a", metavar="X", help="Only about X, or an interest close to it."),
]
Near = Annotated[
    str | None, typer.Option("--near", metavar="PLACE", help="Only people who live there.")
]
Why = Annotated[bool, typer.Option("--why", help="Show every term of the order, in words.")]
WarmUp = Annotated[
    bool, typer.Option("--warm-up", help="Start with people who are easy to say hello to.")
]
Surprise = Annotated[bool, typer.Option("--surprise", help="One person, just because.")]
NotNow = Annotated[
    str | None, typer.Option("--not-now", metavar="WHO", help="Don’t suggest WHO for two weeks.")
]
SnoozeWho = Annotated[
    str | None, typer.Option("--snooze", metavar="WHO", help="Don’t suggest WHO until you say so.")
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="DAY", help="When the snooze ends, with --snooze.")
]
Again = Annotated[
    str | None, typer.Option("--again", metavar="WHO", help="End a snooze: suggest WHO again.")
]


@app.command(cls=Command)
def reconnect(
    ctx: typer.Context,
    n: Annotated[
        int | None,
        typer.Option(
            "-n",
            metavar="N",
            parser=cli_options.COUNT_PARSER,
            help="At most N people (3); 0 for all.",
        ),
    ] = None,
    about: About = None,
    near: Near = None,
    why: Why = False,
    warm_up: WarmUp = False,
    surprise: Surprise = False,
    not_now: NotNow = None,
    snooze: SnoozeWho = None,
    until: Until = None,
    again: Again = None,
) -> None:
    """Up to three people to say hello to today, and why.

    kin reconnect
    kin reconnect --not-now maya
    """
    call: Call = ctx.obj
    snooze_requests = [each for each in (not_now, snooze, again) if each is not None]
    wants_suggestions = n is not None or about or near or why or warm_up or surprise
    if until and snooze is None:
        raise UsageError(
            "--until goes with --snooze WHO.", "kin reconnect --snooze WHO --until DAY"
        )
    if len(snooze_requests) > 1 or (snooze_requests and wants_suggestions):
        raise UsageError(
            "--not-now, --snooze and --again cannot be combined, nor used to list suggestions.",
            "kin reconnect --about X · --not-now WHO · --snooze WHO --until DAY · --again WHO",
        )
    if surprise and (n is not None or about or warm_up):
        raise UsageError(
            "--surprise picks one person, whatever they are into.", "kin reconnect --surprise"
        )
    if snooze_requests:
        _change_snooze(call, not_now, snooze, again, until)
    else:
        from kin.suggestions.reconnect import DEFAULT_OPTIONS, ReconnectOptions

        _print_suggestions(
            call,
            ReconnectOptions(DEFAULT_OPTIONS.most if n is None else n, about, near, warm_up),
            surprise,
            why,
        )


def _print_suggestions(call: "Call", wanted: "ReconnectOptions", surprise: bool, why: bool) -> None:
    from kin.interests import common_ground
    from kin.suggestions import reconnect
    from kin.suggestions.reconnect import explain_suggestion

    with call.open_for_reading() as db:
        if surprise:
            suggestions = reconnect.suggest_at_random(db, call.today, wanted.near)
        else:
            suggestions = reconnect.suggest_people(db, call.today, wanted)
        shown = (
            tuple(explain_suggestion(each, common_ground.count_people(db)) for each in suggestions)
            if why
            else suggestions
        )
        unrecorded = reconnect.list_unrecorded_suggestions(db, suggestions, call.today)
    console.print_result(call, shown, render_suggestions(shown))
    if suggestions:
        console.print_hint(
            call,
            "Not now?",
            _format_reconnect_command("--not-now", suggestions[0].person.handle),
        )
    if unrecorded:
        _record_showings(call, unrecorded)


def _record_showings(call: "Call", suggestions: "Sequence[Suggestion]") -> None:
    """Record who was shown. The answer is on the screen by now, so a failure is only a hint."""
    from kin.suggestions import service as suggestions_service

    try:
        with call.open_for_writing(undoable=False) as session:
            suggestions_service.record_showings(session, suggestions, call.today)
    except BookError as error:
        console.print_report(call, f"kin could not record who it suggested: {error.message}")


def render_suggestions(suggestions: "Sequence[Suggestion | ExplainedSuggestion]") -> Page:
    """List people with the reason, further reasons, and an opener."""

    from kin.suggestions.reconnect import ExplainedSuggestion

    headers = ("name", "handle", "because", "opener")
    is_explained = any(isinstance(each, ExplainedSuggestion) for each in suggestions)
    rows = tuple(_render_suggestion_row(each) for each in suggestions)
    cards = [line for each in suggestions for line in _render_suggestion(each)]
    table = Table((*headers, "why") if is_explained else headers, rows, tuple(cards))
    return (table,) if suggestions else (table, make_aside(_NO_SUGGESTION))


def _render_suggestion_row(suggestion: "Suggestion | ExplainedSuggestion") -> tuple[Span, ...]:
    from kin.suggestions.reconnect import ExplainedSuggestion

    opener = suggestion.opener.text if suggestion.opener else ""
    cells = (
        Span(suggestion.person.name, "name"),
        Span(suggestion.person.handle, "dim"),
        Span(suggestion.because),
        Span(opener),
    )
    if isinstance(suggestion, ExplainedSuggestion):
        return (*cells, Span(" ".join(format_terms(suggestion.why))))
    return cells


def _render_suggestion(suggestion: "Suggestion | ExplainedSuggestion") -> Iterable[Line]:
    from kin.suggestions.reconnect import ExplainedSuggestion

    yield make_line(
        Span(suggestion.person.name, "name"), Span(f"  {suggestion.person.handle}", "dim")
    )
    yield make_line("  ", Span(suggestion.because, "quote"), indent=2)
    yield from make_fields(
        "also", ((reason.text,) for reason in suggestion.reasons[1 : 1 + _MAX_OTHER_REASONS])
    )
    if suggestion.opener:
        yield make_field(
            "opener",
            suggestion.opener.text,
            Span(f"  {suggestion.opener.because}", "dim"),
            rows=2,
        )
    if isinstance(suggestion, ExplainedSuggestion):
        yield from make_fields("why", ((term,) for term in format_terms(suggestion.why)))


def format_terms(why: "ScoreBreakdown") -> Iterable[str]:
    """Yield every term of the score as a sentence."""
    yield from map(" ".join, (_format_interest_term(each, why.people) for each in why.interests))
    if why.question_opened_days_ago is not None:
        yield _format_question_term(
            why.question_text, why.question_due_days_ago, why.question_opened_days_ago, why.question
        )
    if why.date_in_days is not None:
        yield _format_date_term(why.date_label, why.date_in_days, why.date)
    yield (
        f"Common ground {why.common_ground:.3f}, spark {why.spark:.3f}, question {why.question:.3f}, "
        f"date {why.date:.3f}; together, a reason of {why.reason:.3f}."
    )
    yield from _format_time_terms(why)
    yield _format_showings(why.shown_days_ago, why.back_off)
    yield (
        f"{why.reason:.3f} × (0.3 + 0.7 × {why.quiet:.3f}) × {why.back_off:.3f} = {why.score:.3f}; "
        f"luck {why.luck:+.3f}."
    )


def _format_interest_term(term: "InterestTerm", people: int) -> Iterable[str]:
    how = f"shared through {term.via}, which halves it" if term.via else term.kind
    yield f"{term.interest} ({how}) weighs {term.weight:.3f}."
    into = str(term.people_into) if term.people_into else "no one, which counts as 1,"
    yield f"Into {term.via or term.interest}: {into} of {people}, rarity {term.rarity:.3f}."
    if term.lag_days is None:
        when = "It never came up"
    elif term.lag_days == 0:
        when = "It came up last time"
    else:
        when = f"It came up {format_count(term.lag_days, 'day')} before your last note"
    yield f"{when}, liveliness {term.liveliness:.3f}."


def _format_question_term(
    text: str, due_days_ago: int | None, opened_days_ago: int, urgency: float
) -> str:
    when = (
        f"noted {_format_days_ago(opened_days_ago)}, for no special day"
        if due_days_ago is None
        else f"its day was {_format_days_ago(due_days_ago)}"
    )
    return f"The question {add_quotes(truncate(text, _QUESTION_WIDTH))}: {when}, urgency {urgency:.3f}."


def _format_date_term(label: str, in_days: int, nearness: float) -> str:
    when = {0: "today", 1: "tomorrow"}.get(in_days, f"in {in_days} days")
    return f"{label[:1].upper()}{label[1:]} {when}, nearness {nearness:.3f}."


def _format_time_terms(why: "ScoreBreakdown") -> Iterable[str]:
    """Yield the sentences on rhythm and silence; a rhythm takes two notes."""
    if why.silence_days is None:
        yield "No notes yet, which counts as 0.500."
        return
    begin = "You"
    if why.median_gap is None:
        yield f"Until there are more notes, kin assumes {why.usual_days:g} days from one to the next."
    else:
        name = next(
            (name for most, name in _RHYTHMS if why.rhythm_days <= most), "once every few years"
        )
        yield (
            f"You two usually talk {name}: every {why.rhythm_days:.1f} days, "
            f"the median of {format_count(why.gap_days, 'gap')} being {why.median_gap:g} days, pulled towards {why.usual_days:g}."
        )
        begin = "A while, for you two: you" if why.quiet else "You"
    yield f"{begin} last talked {_format_days_ago(why.silence_days)}, which counts as {why.quiet:.3f}."


def _format_showings(days_ago: Sequence[int], factor: float) -> str:
    if not days_ago:
        return "Not suggested recently."
    *others, last = days_ago
    return f"Suggested {join_words([*map(str, others), _format_days_ago(last)])}, which leaves {factor:.3f}."


def _format_days_ago(days: int) -> str:
    return ("today", "yesterday")[days] if days < 2 else f"{days} days ago"


def _change_snooze(
    call: "Call", not_now: str | None, snooze: str | None, again: str | None, until: str | None
) -> None:
    from kin.suggestions import service as suggestions_service

    with call.open_for_writing() as session:
        if not_now is not None:
            result = suggestions_service.snooze_briefly(session, not_now, call.today)
        elif snooze is not None:
            result = suggestions_service.snooze_person(
                session, snooze, until and _parse_future_day(call, until), call.today
            )
        else:
            result = suggestions_service.end_snooze(session, again or "")
    console.print_result(call, result, render_snooze(result))
    if result.snoozed:
        console.print_hint(
            call, "Changed your mind?", _format_reconnect_command("--again", result.handle)
        )


def _parse_future_day(call: "Call", text: str) -> str:
    """Return the ISO day that a text names; if it could be two, the coming one."""
    from kin.language import dates as language_dates

    order = call.settings.date_order
    return language_dates.parse(
        text, now=call.now, prefer="future", date_order=order
    ).on.isoformat()


def _format_reconnect_command(*options: str) -> str:
    return format_command("kin reconnect", options=options)


def render_snooze(snooze: "Snooze") -> Page:
    """Show that someone is snoozed, or no longer."""

    from kin.suggestions.candidates import describe_snooze

    until = wording.format_iso_day(snooze.until) if snooze.until else None
    if not snooze.snoozed:
        return (make_line(f"{snooze.name} may be suggested again."),)
    return (make_line(describe_snooze(snooze.name, until)),)
