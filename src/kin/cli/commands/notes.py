"""Conversations: noting one, and looking back."""

from typing import TYPE_CHECKING, Annotated

import typer

from kin.cli import clarify as doubts, console, editor, options as o
from kin.cli.context import Call
from kin.cli.options import Command, new_app
from kin.constants import WAYS
from kin.errors import UsageError
from kin.language.text import command_line

if TYPE_CHECKING:
    from kin.notes.parser import Beside
    from kin.notes.queries import Note

app = new_app()

With = Annotated[
    o.Many, typer.Option("--with", metavar="WHO", help="Who was there; repeat for more.")
]
About = Annotated[o.Many, typer.Option("--about", metavar="X", help="What it was about.")]


@app.command(cls=Command)
def note(
    ctx: typer.Context,
    words: Annotated[
        o.Many,
        typer.Argument(
            metavar="[TEXT|-]",
            help="The note, or - for standard input; without it your editor opens.",
            show_default=False,
        ),
    ] = None,
    with_: With = None,
    on: o.MetOn = None,
    at: o.Place = None,
    about: About = None,
    ask: o.Asks = None,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="WAY", help="visit, call, video, message or letter."),
    ] = None,
    amend: Annotated[
        bool, typer.Option("--amend", help="Add the flags to the last note; its text stays.")
    ] = False,
    dry_run: o.DryRun = False,
) -> None:
    """A conversation, in one line of prose: names, #interests, ?threads, and a DAY: in front.

    kin note "yesterday: coffee with Maya and Tom at Blue Door about #sourdough ?did the kiln survive"
    kin note "long walk" --with maya --about "trail running" --ask "how was the exam"
    """
    call: Call = ctx.obj
    from kin.cli.pages import notes as render
    from kin.notes.parser import Beside

    said = Beside(
        people=o.tuple_of(with_),
        on=on,
        place=at,
        about=o.tuple_of(about),
        threads=o.tuple_of(ask),
        by=o.one_of(by, WAYS, "--by"),
    )
    text = o.joined(words)
    verb = "Read as" if dry_run else "Noted for"
    if amend:
        kept = _amended(call, text, said, keep=not dry_run)
        console.show(
            call, kept, render.note_echo(kept, verb.replace("Noted", "Now noted"), call.now)
        )
        return
    prose, draft = _prose(call, text)
    answers = doubts.NOTHING
    try:
        if dry_run:
            kept = _read(call, prose, said)
        else:
            said, answers = _settled(call, prose, said)
            kept = _kept(call, prose, said, answers)
    except BaseException:
        if draft:
            console.talk(draft.whereabouts())
        raise
    if draft and not dry_run:
        draft.remove()
    console.show(call, kept, render.note_echo(kept, verb, call.now))
    _what_next(call, kept, dry_run)
    doubts.tell(call, answers)
    if dry_run and draft:
        console.talk(draft.whereabouts())


def _prose(call: Call, words: str | None) -> "tuple[str, editor.Draft | None]":
    if words == "-":
        return console.read_stdin(), None
    if words is not None:
        return words, None
    if not console.can_ask(call):
        raise UsageError(
            "What did you talk about?", 'kin note "coffee with Maya", or - to read standard input.'
        )
    text, draft = editor.edit(call.environment, "note", "")
    if not text.strip():
        draft.remove()
        raise UsageError("The note is empty.", "Nothing was written.")
    return text.removesuffix("\n"), draft  # the last line end is the editor's, not the owner's


def _read(call: Call, prose: str, said: "Beside") -> "Note":
    from kin.language.validation import storable
    from kin.notes import parser as reading

    storable(prose, "note")
    with call.reading(or_empty=True) as db:
        return reading.read(db, prose, said, now=call.now, date_order=call.settings.date_order)


def _settled(call: Call, prose: str, said: "Beside") -> "tuple[Beside, doubts.Answers]":
    """Ask who and what is meant, where that is unsure and somebody is there to answer."""
    from kin.language.text import fold
    from kin.notes import parser as reading

    heard = (
        _read(call, prose, said) if console.can_ask(call) or "#" in prose or said.about else None
    )
    choices = dict(said.choices)
    for unsure in heard.unsure if heard and console.can_ask(call) else ():
        with call.reading() as db:
            shown = [reading.chosen(db, each) for each in unsure.candidates[: len(unsure.told)]]
        number = console.choose(f"Who is “{unsure.text}”?", unsure.told)
        if number is not None:
            choices[fold(unsure.text)] = shown[number]
    answers = doubts.settled(call, heard.topics if heard else ())
    return said._replace(choices=choices, meant=answers.meant), answers


def _kept(call: Call, prose: str, said: "Beside", answers: doubts.Answers) -> "Note":
    from kin.notes import service as conversations

    with call.writing() as session:
        doubts.learn(call, session, answers)
        return conversations.note(
            session, prose, said, now=call.now, date_order=call.settings.date_order
        )


def _amended(call: Call, words: str | None, said: "Beside", keep: bool) -> "Note":
    if words is not None or not any(said):
        raise UsageError("--amend adds flags to the last note.", "kin note --amend --with tom-b")
    from kin.notes import service as conversations

    with call.writing(keep=keep) as session:
        return conversations.amend(session, said, now=call.now, date_order=call.settings.date_order)


def _what_next(call: Call, kept: "Note", dry_run: bool) -> None:
    for unsure in () if dry_run else kept.unsure:
        amend = command_line("kin note", options=("--amend", "--with", unsure.candidates[0]))
        console.hint(call, f"Say who “{unsure.text}” is: {amend}")
    for stranger in kept.strangers:
        if stranger.startswith("@"):
            console.hint(call, f"Nobody has the handle {stranger}; it stayed text.")
        else:
            console.hint(call, f"Add {stranger}? {command_line('kin add', stranger)}")
    if not (dry_run or kept.people or kept.unsure or kept.strangers):
        console.hint(call, "Nobody is named in it. Say who was there: kin note --amend --with WHO")


@app.command(cls=Command)
def talks(
    ctx: typer.Context,
    words: Annotated[
        o.Many, typer.Argument(metavar="[WHO]", help="With whom.", show_default=False)
    ] = None,
    with_: With = None,
    about: Annotated[
        str | None, typer.Option("--about", metavar="X", help="Conversations that touched X.")
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="PLACE", help="Conversations there.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DAY", help="From that day on.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DAY", help="Up to that day.")
    ] = None,
    n: o.Limit = None,
) -> None:
    """Conversations, newest first.

    kin talks maya --since "last month"
    kin talks --about pottery -n 5
    """
    call: Call = ctx.obj
    from kin.cli.pages import notes as render
    from kin.interests import queries as interests
    from kin.notes import queries
    from kin.people import queries as people

    if n is None:
        n = o.room(call) // 3  # a screenful: a line for the day, two for the words
    who = o.joined(words)
    since, until = o.day(call, since), o.day(call, until, end=True)
    with call.reading() as db:
        there = tuple(
            people.find(db, each).id for each in (*([who] if who else []), *o.tuple_of(with_))
        )
        topic = interests.ids_of(db, interests.find(db, about)) if about else None
        wanted = queries.Filter(tuple(dict.fromkeys(there)), topic, at, since, until, n or None)
        found = queries.talks(db, wanted)
    console.show(call, found, render.talk_list(found))
    if not found:
        console.hint(
            call,
            "No conversation fits."
            if wanted != queries.Filter(limit=wanted.limit)
            else 'None noted yet: kin note "coffee with …"',
        )
