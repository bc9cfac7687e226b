"""The commands add, edit, people, me, merge and tie, and what they show."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from kin.cli import console, editor, options, prompts
from kin.cli.layout import Page, make_line
from kin.cli.options import Command, new_app
from kin.constants import CIRCLES, OWNER_ID
from kin.errors import KinError, UsageError
from kin.formats import editor_card
from kin.language.text import format_command, format_possessive

if TYPE_CHECKING:
    import sqlite3

    from kin.cli.context import Call
    from kin.people import queries as people_queries
    from kin.people.queries import TiedPeople
    from kin.people.service import CardChanges

app = new_app()


@app.command(cls=Command)
def add(
    ctx: typer.Context,
    words: Annotated[
        options.Values, typer.Argument(metavar="[NAME]", help="Who it is.", show_default=False)
    ] = None,
    into: options.Into = None,
    from_: options.From = None,
    both: options.Both = None,
    differ: options.Differ = None,
    met: options.Met = None,
    on: options.MetOn = None,
    at: options.Place = None,
    through: options.Through = None,
    note: options.NoteText = None,
    ask: options.Questions = None,
    nick: options.Nicknames = None,
    birthday: options.Birthday = None,
    dates: options.Dates = None,
    email: options.Emails = None,
    phone: options.Phones = None,
    link: options.Links = None,
    lives: options.Lives = None,
    group: options.Groups = None,
    circle: options.Circle = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Add a second person with the same name.")
    ] = False,
) -> None:
    """Add someone new. Without NAME, kin asks four questions.

    kin add Maya --both pottery --met "at the kiln, she was laughing"
    kin add "Tom Becker" --into "chess -- plays by post" --differ "cats" --on yesterday
    """
    call: Call = ctx.obj
    name = options.join_argument(words)
    changes = _make_card_changes(
        name=name,
        into=into,
        from_=from_,
        both=both,
        differ=differ,
        met=met,
        on=on,
        at=at,
        through=through,
        nick=nick,
        birthday=birthday,
        dates=dates,
        email=email,
        phone=phone,
        link=link,
        lives=lives,
        group=group,
        circle=circle,
    )
    shared = options.to_tuple(both)
    if name is None:
        changes, shared = _ask_four_questions(call, changes, shared, anyway)
    notes, asks = options.to_tuple(note), options.to_tuple(ask)
    answers = prompts.ask_about_interests(call, (*changes.into, *changes.differ))
    from kin.cli import wording
    from kin.notes import service as notes_service

    with call.open_for_writing() as session:
        prompts.save_answers(call, session, answers)
        person = notes_service.add_person_with_notes(
            session,
            answers.apply_to(changes),
            answers.resolve_labels(shared),
            notes,
            asks,
            now=call.now,
            date_order=call.settings.date_order,
            anyway=anyway,
        )
    console.print_result(call, person, wording.render_person_card(person, "is in your book"))
    prompts.report_unasked(call, answers)
    note_command = format_command("kin note", f"coffee with {person.name.split()[0]} about …")
    console.print_hint(call, "Next:", note_command, format_command("kin recall", person.handle))


def _ask_four_questions(
    call: "Call", changes: "CardChanges", shared: tuple[str, ...], anyway: bool
) -> "tuple[CardChanges, tuple[str, ...]]":
    """Ask who it is, what they are into, where you differ and how you met; never for a company or title."""
    if not console.can_ask(call):
        raise UsageError("Who did you meet?", "kin add NAME. On a terminal, kin add asks.")
    name = console.ask("Who did you meet?")
    if not name:
        raise UsageError("No name given.", "Nothing was written.")
    if not anyway:  # before asking the other questions
        from kin.people.queries import reject_duplicate_name

        with call.open_for_reading(or_empty=True) as db:
            reject_duplicate_name(db, name)
    liked = _split_list(
        console.ask(
            "What are they into? (commas between; * after what you love too; Enter to skip)"
        )
    )
    differ = _split_list(console.ask("Where do you two differ?"))
    met = console.ask("How did you meet?")
    both = tuple(each.removesuffix("*").strip() for each in liked if each.endswith("*"))
    into = tuple(each.removesuffix("*").strip() for each in liked)
    changes = replace(
        changes,
        name=name,
        into=(*changes.into, *into),
        differ=(*changes.differ, *differ),
        met=changes.met or met or None,
    )
    return changes, (*shared, *both)


def _split_list(words: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in words.split(",") if each.strip().strip("*"))


@app.command(cls=Command)
def edit(
    ctx: typer.Context,
    words: options.WhoWords,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="Their full name.")
    ] = None,
    handle: Annotated[
        str | None, typer.Option("--handle", metavar="H", help="The short name that you type.")
    ] = None,
    into: options.Into = None,
    from_: options.From = None,
    both: options.Both = None,
    differ: options.Differ = None,
    met: options.Met = None,
    on: options.MetOn = None,
    at: options.Place = None,
    through: options.Through = None,
    note: options.NoteText = None,
    ask: options.Questions = None,
    nick: options.Nicknames = None,
    birthday: options.Birthday = None,
    dates: options.Dates = None,
    email: options.Emails = None,
    phone: options.Phones = None,
    link: options.Links = None,
    lives: options.Lives = None,
    group: options.Groups = None,
    circle: options.Circle = None,
    not_into: Annotated[
        options.Values, typer.Option("--not-into", metavar="X", help="Not into X.")
    ] = None,
    not_differ: Annotated[
        options.Values, typer.Option("--not-differ", metavar="X", help="You don’t differ on X.")
    ] = None,
    not_nick: Annotated[
        options.Values, typer.Option("--not-nick", metavar="N", help="Not called N.")
    ] = None,
    not_group: Annotated[
        options.Values, typer.Option("--not-group", metavar="G", help="Not in G.")
    ] = None,
    not_email: Annotated[
        options.Values,
        typer.Option("--not-email", metavar="ADDRESS", help="Remove an e-mail address."),
    ] = None,
    not_phone: Annotated[
        options.Values, typer.Option("--not-phone", metavar="NUMBER", help="Remove a phone number.")
    ] = None,
    not_link: Annotated[
        options.Values, typer.Option("--not-link", metavar="URL", help="Remove a web page.")
    ] = None,
    not_dates: Annotated[
        options.Values, typer.Option("--not-date", metavar="LABEL", help="Remove a date.")
    ] = None,
    not_birthday: Annotated[
        bool, typer.Option("--not-birthday", help="Remove the birthday.")
    ] = False,
    not_lives: Annotated[bool, typer.Option("--not-lives", help="Remove the town.")] = False,
    not_circle: Annotated[bool, typer.Option("--not-circle", help="Remove the circle.")] = False,
    not_met: Annotated[
        bool, typer.Option("--not-met", help="Remove the story of how you met.")
    ] = False,
    not_on: Annotated[bool, typer.Option("--not-on", help="Remove the day you met.")] = False,
    not_at: Annotated[
        bool, typer.Option("--not-at", help="Remove the place where you met.")
    ] = False,
    not_through: Annotated[
        bool, typer.Option("--not-through", help="Remove who introduced you.")
    ] = False,
) -> None:
    """Change a card: with flags, or without any as text in your editor.

    kin edit maya --into sourdough --not-into "trail running" --lives Lisbon
    kin edit maya
    """
    call: Call = ctx.obj
    who = " ".join(words)
    from kin.cli import wording
    from kin.people.service import CardChanges, CardRemovals

    changes = _make_card_changes(
        name=name,
        handle=handle,
        into=into,
        from_=from_,
        both=both,
        differ=differ,
        met=met,
        on=on,
        at=at,
        through=through,
        nick=nick,
        birthday=birthday,
        dates=dates,
        email=email,
        phone=phone,
        link=link,
        lives=lives,
        group=group,
        circle=circle,
    )
    cleared = {
        "birthday": not_birthday,
        "lives": not_lives,
        "circle": not_circle,
        "met_story": not_met,
        "met_on": not_on,
        "met_at": not_at,
        "met_through": not_through,
    }
    removals = CardRemovals(
        nicknames=options.to_tuple(not_nick),
        into=options.to_tuple(not_into),
        differ=options.to_tuple(not_differ),
        groups=options.to_tuple(not_group),
        dates=options.to_tuple(not_dates),
        contacts=(
            *options.to_tuple(not_email),
            *options.to_tuple(not_phone),
            *options.to_tuple(not_link),
        ),
        fields=tuple(name for name, wanted in cleared.items() if wanted),
    )
    notes, asks = options.to_tuple(note), options.to_tuple(ask)
    is_changed, answers = True, prompts.NO_ANSWERS
    if changes == CardChanges() and removals == CardRemovals() and not (notes or asks):
        person, is_changed = _edit_card_in_editor(call, who)
    else:
        from kin.notes import service as notes_service

        answers = prompts.ask_about_interests(call, (*changes.into, *changes.differ))
        with call.open_for_writing() as session:
            prompts.save_answers(call, session, answers)
            person = notes_service.edit_person_with_notes(
                session,
                who,
                answers.apply_to(changes),
                removals,
                answers.resolve_labels(options.to_tuple(both)),
                notes,
                asks,
                now=call.now,
                date_order=call.settings.date_order,
            )
    console.print_result(
        call, person, wording.render_person_card(person, "changed" if is_changed else "unchanged")
    )
    prompts.report_unasked(call, answers)


def _make_card_changes(
    *,
    name: str | None,
    into: options.Values,
    from_: str | None,
    both: options.Values,
    differ: options.Values,
    met: str | None,
    on: str | None,
    at: str | None,
    through: str | None,
    nick: options.Values,
    birthday: str | None,
    dates: options.Values,
    email: options.Values,
    phone: options.Values,
    link: options.Values,
    lives: str | None,
    group: options.Values,
    circle: str | None,
    handle: str | None = None,
) -> "CardChanges":
    from kin.people.service import CardChanges

    return CardChanges(
        name=name,
        handle=handle,
        nicknames=options.to_tuple(nick),
        into=(*options.to_tuple(into), *options.to_tuple(both)),
        differ=options.to_tuple(differ),
        learned_from=from_,
        met=met,
        on=on,
        place=at,
        through=through,
        lives=lives,
        circle=options.check_choice(circle, CIRCLES, "--circle"),
        groups=options.to_tuple(group),
        birthday=birthday,
        dates=options.to_tuple(dates),
        emails=options.to_tuple(email),
        phones=options.to_tuple(phone),
        links=options.to_tuple(link),
    )


def _edit_card_in_editor(call: "Call", who: str) -> "tuple[people_queries.Person, bool]":
    """Open a card as text in the editor and save it; return the person, and whether anything changed.

    The text is kept in a file if it does not parse. The book is not locked while the editor is open;
    changes that another kin wrote in the meantime are not overwritten.
    """

    from kin.people import queries as people_queries

    if not console.may_edit(call):
        flags = format_command("kin edit", who, options=("--into", "sourdough"))
        raise UsageError("What should change?", f"Use flags: {flags}")
    from kin.people.service import build_card

    with call.open_for_reading() as db:
        person_ref = people_queries.find_person(db, who)
        before = build_card(people_queries.load_person(db, person_ref.id, call.today.isoformat()))
    text, draft = editor.edit_text(call.environment, "card", editor_card.format_card(before))
    try:
        after = editor_card.parse_card(text, now=call.now, date_order=call.settings.date_order)
        person = _save_card(call, person_ref, before, after)
    except KinError as error:
        hint = error.hint.rstrip(".")
        draft_hint = draft.describe_location()
        error.hint = f"{hint}. {draft_hint}" if hint else draft_hint
        raise
    except BaseException:
        console.print_message(draft.describe_location())
        raise
    draft.remove()
    return person, after != before


def _save_card(
    call: "Call",
    person_ref: "people_queries.PersonRef",
    before: editor_card.Card,
    after: editor_card.Card,
) -> "people_queries.Person":
    from kin.book.session import get_connection
    from kin.people import queries as people_queries, service as people_service

    today = call.today.isoformat()
    if after == before:
        with call.open_for_reading() as db:
            _check_still_exists(db, person_ref)
            return people_queries.load_person(db, person_ref.id, today)
    with call.open_for_writing() as session:
        _check_unchanged(get_connection(session), person_ref, before, today)
        people_service.edit_person(session, person_ref.id, after)
        return people_queries.load_person(get_connection(session), person_ref.id, today)


def _check_still_exists(db: "sqlite3.Connection", person_ref: "people_queries.PersonRef") -> None:
    from kin.people import queries as people_queries

    if not people_queries.person_exists(db, person_ref.id):
        raise KinError(
            f"{person_ref.name} was removed from your book by another kin in the meantime.",
            "Nothing was written.",
        )


def _check_unchanged(
    db: "sqlite3.Connection",
    person_ref: "people_queries.PersonRef",
    before: editor_card.Card,
    today: str,
) -> None:
    """Raise KinError if the card, or its handle, has changed since the editor opened."""

    from kin.people import queries as people_queries
    from kin.people.service import build_card

    _check_still_exists(db, person_ref)
    if build_card(people_queries.load_person(db, person_ref.id, today)) != before:
        raise KinError(
            f"{format_possessive(person_ref.name)} card was changed by another kin in the meantime.",
            "Nothing was written.",
        )


@app.command("people", cls=Command)
def list_people(
    ctx: typer.Context,
    into: Annotated[
        options.Values, typer.Option("--into", metavar="X", help="Into X; repeat to combine.")
    ] = None,
    group: Annotated[
        options.Values, typer.Option("--group", metavar="G", help="In group G; repeat to combine.")
    ] = None,
    lives: Annotated[
        str | None, typer.Option("--lives", metavar="PLACE", help="Living in PLACE.")
    ] = None,
    met: Annotated[
        str | None,
        typer.Option(
            "--met",
            metavar="WORDS",
            help="How or where you met contains WORDS.",
        ),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DAY", help="Met on DAY or later.")
    ] = None,
    quiet_since: Annotated[
        str | None,
        typer.Option("--quiet-since", metavar="DAY", help="Not talked to since DAY."),
    ] = None,
    sort: Annotated[
        str,
        typer.Option(
            "--sort", metavar="name|recent", help="By name, or the most recently talked to first."
        ),
    ] = "name",
    n: options.Limit = None,
) -> None:
    """List people. Filters combine.

    kin people --into pottery --lives Lisbon
    kin people --sort recent -n 10
    """

    from kin.people import queries as people_queries

    call: Call = ctx.obj
    options.check_choice(sort, ("name", "recent"), "--sort")
    from kin.cli import wording
    from kin.interests import common_ground
    from kin.vocabulary import catalog

    people_filter = people_queries.PeopleFilter(
        groups=tuple(catalog.normalize_group(each) for each in options.to_tuple(group)),
        lives=lives,
        met=met,
        since=options.parse_day_option(call, since),
        quiet_since=options.parse_day_option(call, quiet_since),
        recent_first=sort == "recent",
    )
    with call.open_for_reading() as db:
        senses = [common_ground.lookup_sense(db, each) for each in options.to_tuple(into)]
        people_filter = people_filter._replace(into=tuple(each or "" for each in senses))
        matches = people_queries.list_people(db, people_filter, call.today.isoformat())
        shown = options.limit_to_screen(call, matches, n)
        persons = (
            people_queries.load_people(db, [each.id for each in shown], call.today.isoformat())
            if call.as_json
            else ()
        )
    page = wording.render_people(shown, len(matches) - len(shown))
    console.print_result(call, persons, page)
    if not matches:
        if people_filter == people_queries.PeopleFilter():
            console.print_report(call, "No one here yet.", "Add someone:", "kin add NAME")
        else:
            console.print_report(call, "No one matches.", "List everyone:", "kin people")


@app.command(cls=Command)
def me(
    ctx: typer.Context,
    into: Annotated[
        options.Values, typer.Option("--into", metavar="X", help="You are into X; repeat for more.")
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="WHO", help="Who got you into it.")
    ] = None,
    not_into: Annotated[
        options.Values, typer.Option("--not-into", metavar="X", help="You are no longer into X.")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="Your name.")] = None,
    lives: Annotated[
        str | None, typer.Option("--lives", metavar="TOWN", help="Where you live.")
    ] = None,
) -> None:
    """Your own card: interests, name and town.

    kin me --into pottery --into "trail running"
    kin me --name "Ana Ruiz" --lives Lisbon
    """

    from kin.people import queries as people_queries

    call: Call = ctx.obj
    from kin.cli import wording

    answers = prompts.ask_about_interests(call, options.to_tuple(into))
    if into or from_ or not_into or name is not None or lives is not None:
        from kin.people import service as people_service
        from kin.people.service import CardChanges, CardRemovals

        labels = answers.resolve_labels(options.to_tuple(into))
        changes = CardChanges(name=name, into=labels, learned_from=from_, lives=lives or None)
        removals = CardRemovals(
            into=options.to_tuple(not_into), fields=("lives",) if lives == "" else ()
        )
        with call.open_for_writing() as session:
            prompts.save_answers(call, session, answers)
            person = people_service.edit_owner(session, changes, removals, now=call.now)
    else:
        with call.open_for_reading() as db:
            person = people_queries.load_person(db, OWNER_ID, call.today.isoformat())
    console.print_result(call, person, wording.render_person_card(person, "you"))
    prompts.report_unasked(call, answers)


@app.command(cls=Command)
def merge(
    ctx: typer.Context,
    keep: Annotated[
        str, typer.Argument(metavar="KEEP", help="The person whose card stays.", show_default=False)
    ],
    other: Annotated[
        str,
        typer.Argument(metavar="OTHER", help="The other card of that person.", show_default=False),
    ],
    dry_run: options.DryRun = False,
) -> None:
    """Merge two cards of the same person. All notes, questions, ties and interests of both are kept.

    kin merge maya-o maya-2
    kin merge maya-o maya-2 --dry-run
    """
    call: Call = ctx.obj
    from kin.cli import wording
    from kin.people import merge as people_merge

    with call.open_for_writing(commit=not dry_run, backup_reason="merge") as session:
        merged = people_merge.merge_people(session, keep, other, call.today.isoformat())
    status = "would be one card" if dry_run else "is one card now"
    console.print_result(call, merged, wording.render_person_card(merged.person, status))


@app.command(cls=Command)
def tie(
    ctx: typer.Context,
    a: Annotated[str, typer.Argument(metavar="A", help="One person.", show_default=False)],
    b: Annotated[str, typer.Argument(metavar="B", help="Another person.", show_default=False)],
    word: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="WORD",
            help="What A is to B: partner, sister, neighbour …",
            show_default=False,
        ),
    ],
) -> None:
    """Record how two people know each other: A is B’s WORD.

    kin tie maya tom --as sister
    kin tie ben ana --as "flat mate"
    """
    call: Call = ctx.obj
    from kin.people import service as people_service

    with call.open_for_writing() as session:
        result = people_service.add_tie(session, a, b, word)
    console.print_result(call, result, render_tie(result))


def render_tie(tie: "TiedPeople") -> Page:
    """Show how two people know each other."""
    person, other = tie.person, tie.other
    possessive = "your" if other.handle == "me" else format_possessive(other.name)
    subject = "You are" if person.handle == "me" else f"{person.name} ({person.handle}) is"
    return (make_line(f"{subject} {possessive} {tie.word}."),)
