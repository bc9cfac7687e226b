"""People: adding one, changing a card, listing all."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from kin.cli import clarify as doubts, console, options as o
from kin.cli.context import Call
from kin.cli.options import Command, new_app
from kin.constants import CIRCLES
from kin.errors import UsageError
from kin.language.text import command_line

if TYPE_CHECKING:
    from kin.people.card_changes import Said

app = new_app()


@app.command(cls=Command)
def add(
    ctx: typer.Context,
    words: Annotated[
        o.Many, typer.Argument(metavar="[NAME]", help="Who it is.", show_default=False)
    ] = None,
    into: o.Into = None,
    from_: o.From = None,
    share: o.Share = None,
    clash: o.Clash = None,
    met: o.Met = None,
    on: o.MetOn = None,
    at: o.Place = None,
    through: o.Through = None,
    note: o.NoteText = None,
    ask: o.Asks = None,
    nick: o.Nicknames = None,
    birthday: o.Birthday = None,
    day: o.Days = None,
    email: o.Emails = None,
    phone: o.Phones = None,
    link: o.Links = None,
    lives: o.Lives = None,
    group: o.Groups = None,
    circle: o.Circle = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Add a second person of the same name.")
    ] = False,
) -> None:
    """Remember somebody new. Without NAME, kin asks four questions.

    kin add Maya --share pottery --met "at the kiln, she was laughing"
    kin add "Tom Becker" --into "chess -- plays by post" --clash "cats" --on yesterday
    """
    call: Call = ctx.obj
    name = o.joined(words)
    told = _said(
        name=name,
        into=into,
        from_=from_,
        share=share,
        clash=clash,
        met=met,
        on=on,
        at=at,
        through=through,
        nick=nick,
        birthday=birthday,
        day=day,
        email=email,
        phone=phone,
        link=link,
        lives=lives,
        group=group,
        circle=circle,
    )
    shared = o.tuple_of(share)
    if name is None:
        told, shared = _four_questions(call, told, shared, anyway)
    notes, asks = o.tuple_of(note), o.tuple_of(ask)
    answers = doubts.settled(call, (*told.into, *told.clash))
    from kin.cli.pages import people as render
    from kin.notes import new_person as meeting

    with call.writing() as session:
        doubts.learn(call, session, answers)
        person = meeting.meet(
            session,
            answers.applied(told),
            answers.labels(shared),
            notes,
            asks,
            now=call.now,
            date_order=call.settings.date_order,
            anyway=anyway,
        )
    console.show(call, person, render.person_card(person, "is in your book"))
    doubts.tell(call, answers)
    note_it = command_line("kin note", f"coffee with {person.name.split()[0]} about …")
    console.hint(call, f"Next: {note_it}   {command_line('kin recall', person.handle)}")


def _said(
    *,
    name: str | None,
    into: o.Many,
    from_: str | None,
    share: o.Many,
    clash: o.Many,
    met: str | None,
    on: str | None,
    at: str | None,
    through: str | None,
    nick: o.Many,
    birthday: str | None,
    day: o.Many,
    email: o.Many,
    phone: o.Many,
    link: o.Many,
    lives: str | None,
    group: o.Many,
    circle: str | None,
    handle: str | None = None,
) -> "Said":
    from kin.people.card_changes import Said

    return Said(
        name=name,
        handle=handle,
        nicknames=o.tuple_of(nick),
        into=(*o.tuple_of(into), *o.tuple_of(share)),
        clash=o.tuple_of(clash),
        caught_from=from_,
        met=met,
        on=on,
        place=at,
        through=through,
        lives=lives,
        circle=o.one_of(circle, CIRCLES, "--circle"),
        groups=o.tuple_of(group),
        birthday=birthday,
        days=o.tuple_of(day),
        emails=o.tuple_of(email),
        phones=o.tuple_of(phone),
        links=o.tuple_of(link),
    )


def _four_questions(
    call: Call, told: "Said", shared: tuple[str, ...], anyway: bool
) -> "tuple[Said, tuple[str, ...]]":
    """Ask who, what lit them up, where you differ, how you met; never for phone, company or title."""
    if not console.can_ask(call):
        raise UsageError("Who is it?", "kin add NAME; on a terminal kin asks. See: kin add --help")
    name = console.ask("Who did you meet?")
    if not name:
        raise UsageError("Nobody was named.", "Nothing was written.")
    if not anyway:  # before the other answers are given in vain
        from kin.people.queries import refuse_double

        with call.reading(or_empty=True) as db:
            refuse_double(db, name)
    lit = _listed(console.ask("What lit them up? (a * behind what you love too; Enter skips)"))
    differ = _listed(console.ask("Where do you two differ?"))
    met = console.ask("How did you meet?")
    both = tuple(each.removesuffix("*").strip() for each in lit if each.endswith("*"))
    into = tuple(each.removesuffix("*").strip() for each in lit)
    told = replace(
        told,
        name=name,
        into=(*told.into, *into),
        clash=(*told.clash, *differ),
        met=told.met or met or None,
    )
    return told, (*shared, *both)


def _listed(words: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in words.split(",") if each.strip().strip("*"))


@app.command(cls=Command)
def edit(
    ctx: typer.Context,
    words: o.WhoWords,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="The full name.")
    ] = None,
    handle: Annotated[
        str | None, typer.Option("--handle", metavar="H", help="The short name you type.")
    ] = None,
    into: o.Into = None,
    from_: o.From = None,
    share: o.Share = None,
    clash: o.Clash = None,
    met: o.Met = None,
    on: o.MetOn = None,
    at: o.Place = None,
    through: o.Through = None,
    note: o.NoteText = None,
    ask: o.Asks = None,
    nick: o.Nicknames = None,
    birthday: o.Birthday = None,
    day: o.Days = None,
    email: o.Emails = None,
    phone: o.Phones = None,
    link: o.Links = None,
    lives: o.Lives = None,
    group: o.Groups = None,
    circle: o.Circle = None,
    not_into: Annotated[o.Many, typer.Option("--not-into", metavar="X", help="Not into X.")] = None,
    not_clash: Annotated[
        o.Many, typer.Option("--not-clash", metavar="X", help="No collision over X.")
    ] = None,
    not_nick: Annotated[
        o.Many, typer.Option("--not-nick", metavar="N", help="Not called N.")
    ] = None,
    not_group: Annotated[o.Many, typer.Option("--not-group", metavar="G", help="Not in G.")] = None,
    not_email: Annotated[
        o.Many, typer.Option("--not-email", metavar="ADDRESS", help="Drop an address.")
    ] = None,
    not_phone: Annotated[
        o.Many, typer.Option("--not-phone", metavar="NUMBER", help="Drop a number.")
    ] = None,
    not_link: Annotated[
        o.Many, typer.Option("--not-link", metavar="URL", help="Drop a page.")
    ] = None,
    not_day: Annotated[
        o.Many, typer.Option("--not-day", metavar="LABEL", help="Drop a day.")
    ] = None,
    not_birthday: Annotated[
        bool, typer.Option("--not-birthday", help="Drop the birthday.")
    ] = False,
    not_lives: Annotated[bool, typer.Option("--not-lives", help="Drop the town.")] = False,
    not_circle: Annotated[bool, typer.Option("--not-circle", help="Drop the circle.")] = False,
    not_met: Annotated[
        bool, typer.Option("--not-met", help="Drop the story of how you met.")
    ] = False,
    not_on: Annotated[bool, typer.Option("--not-on", help="Drop the day you met.")] = False,
    not_at: Annotated[bool, typer.Option("--not-at", help="Drop the place you met.")] = False,
    not_through: Annotated[
        bool, typer.Option("--not-through", help="Drop who brought you together.")
    ] = False,
) -> None:
    """Change anything on somebody's card: by flags, or without any as a text file in your editor.

    kin edit maya --into sourdough --not-into "trail running" --lives Lisbon
    kin edit maya
    """
    call: Call = ctx.obj
    who = " ".join(words)
    from kin.cli import editing
    from kin.cli.pages import people as render
    from kin.people.card_changes import Dropped, Said

    told = _said(
        name=name,
        handle=handle,
        into=into,
        from_=from_,
        share=share,
        clash=clash,
        met=met,
        on=on,
        at=at,
        through=through,
        nick=nick,
        birthday=birthday,
        day=day,
        email=email,
        phone=phone,
        link=link,
        lives=lives,
        group=group,
        circle=circle,
    )
    single = {
        "birthday": not_birthday,
        "lives": not_lives,
        "circle": not_circle,
        "met_story": not_met,
        "met_on": not_on,
        "met_at": not_at,
        "met_through": not_through,
    }
    off = Dropped(
        nicknames=o.tuple_of(not_nick),
        into=o.tuple_of(not_into),
        clash=o.tuple_of(not_clash),
        groups=o.tuple_of(not_group),
        days=o.tuple_of(not_day),
        contacts=(*o.tuple_of(not_email), *o.tuple_of(not_phone), *o.tuple_of(not_link)),
        fields=tuple(name for name, wanted in single.items() if wanted),
    )
    notes, asks = o.tuple_of(note), o.tuple_of(ask)
    changed, answers = True, doubts.NOTHING
    if told == Said() and off == Dropped() and not (notes or asks):
        person, changed = editing.whole_card(call, who)
    else:
        from kin.notes import new_person as meeting

        answers = doubts.settled(call, (*told.into, *told.clash))
        with call.writing() as session:
            doubts.learn(call, session, answers)
            person = meeting.change(
                session,
                who,
                answers.applied(told),
                off,
                answers.labels(o.tuple_of(share)),
                notes,
                asks,
                now=call.now,
                date_order=call.settings.date_order,
            )
    console.show(call, person, render.person_card(person, "changed" if changed else "as it was"))
    doubts.tell(call, answers)


@app.command("people", cls=Command)
def list_people(
    ctx: typer.Context,
    into: Annotated[o.Many, typer.Option("--into", metavar="X", help="Who are into X.")] = None,
    group: Annotated[o.Many, typer.Option("--group", metavar="G", help="Who belong to G.")] = None,
    lives: Annotated[
        str | None, typer.Option("--lives", metavar="PLACE", help="Who live in PLACE.")
    ] = None,
    met: Annotated[
        str | None,
        typer.Option(
            "--met",
            metavar="WORDS",
            help="Whom you met there, or so: the place or the story has WORDS.",
        ),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DAY", help="Whom you met since DAY.")
    ] = None,
    quiet_since: Annotated[
        str | None,
        typer.Option(
            "--quiet-since", metavar="DAY", help="With whom you have not talked since DAY."
        ),
    ] = None,
    sort: Annotated[
        str,
        typer.Option("--sort", metavar="name|recent", help="By name, or the last talked to first."),
    ] = "name",
    n: o.Limit = None,
) -> None:
    """Everybody, filtered: all that you ask for must hold.

    kin people --into pottery --lives Lisbon
    kin people --sort recent -n 10
    """
    call: Call = ctx.obj
    o.one_of(sort, ("name", "recent"), "--sort")
    from kin.cli.pages import people as render
    from kin.interests import common_ground
    from kin.people import listing, queries as people
    from kin.vocabulary import catalog as vocabulary

    wanted = listing.Filter(
        groups=tuple(vocabulary.group_key(each) for each in o.tuple_of(group)),
        lives=lives,
        met=met,
        since=o.day(call, since),
        quiet_since=o.day(call, quiet_since),
        recent_first=sort == "recent",
    )
    with call.reading() as db:
        senses = [common_ground.sense_of(db, each) for each in o.tuple_of(into)]
        wanted = wanted._replace(into=tuple(each or "" for each in senses))
        found = listing.people(db, wanted, call.today.isoformat())
        shown = o.first(call, found, n)
        persons = (
            people.cards(db, [each.id for each in shown], call.today.isoformat())
            if call.as_json
            else ()
        )
    page = render.people_list(shown, call.today, len(found) - len(shown))
    console.show(call, persons, page)
    if not found:
        console.hint(
            call,
            "Nobody fits. Everybody: kin people"
            if wanted != listing.Filter()
            else "Nobody here yet: kin add NAME",
        )
