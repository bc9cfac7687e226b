"""Forgetting a person, and showing all that kin holds on them."""

from typing import Annotated

import typer

from kin.cli import console, options as o
from kin.cli.context import Call
from kin.cli.options import Command, new_app
from kin.language.text import command_line

app = new_app()

Who = Annotated[list[str], typer.Argument(metavar="WHO", help="Whom.", show_default=False)]


@app.command(cls=Command)
def mirror(ctx: typer.Context, who: Who) -> None:
    """All that kin holds on somebody, as they would read it.

    kin mirror maya
    kin mirror maya --json
    """
    call: Call = ctx.obj
    from kin.cli.pages import privacy as render
    from kin.privacy import report as queries

    with call.reading() as db:
        held = queries.mirror(db, " ".join(who), call.today)
    console.show(call, held, render.mirror(held))


@app.command(cls=Command)
def forget(
    ctx: typer.Context,
    who: Who,
    notes: Annotated[
        str,
        typer.Option(
            "--notes",
            metavar="keep|redact|delete",
            help="What becomes of notes that are shared with others: without the name they stay (redact).",
        ),
    ] = "redact",
    dry_run: o.DryRun = False,
) -> None:
    """Forget a person: nothing of theirs is left in the book or in kin's own backups. It cannot be undone.

    kin forget maya --dry-run
    kin forget maya --notes delete
    """
    call: Call = ctx.obj
    from kin.cli.pages import privacy as render
    from kin.privacy import erasure_preview as queries

    o.one_of(notes, queries.NOTES, "--notes")
    name = " ".join(who)
    if not dry_run:
        call.finish()
    with call.reading() as db:
        found = queries.reach(db, name, notes)
    from kin.privacy import erasure_cleanup as finishing

    before = finishing.other_files(call.book)
    reach = found._replace(other_backups=_strays(call), other_files=before)
    if dry_run:
        console.show(call, reach, render.reach(reach, notes))
        return
    asked = not (call.yes or call.as_json)
    if asked:
        for words in render.warnings(reach, notes):
            console.talk(words)
    if not console.confirms(
        call,
        _ask_to_forget(reach.name),
        command_line("kin forget", reach.handle, options=("--yes",)),
    ):
        console.talk("Nothing was forgotten.")
        return
    from kin.privacy import erasure as services

    with call.writing(step=False) as session:
        found = services.forget(session, reach, notes, asked=asked)
        reach = found._replace(other_backups=reach.other_backups)
        call.halfway = _describe_interrupted_erasure()
    hindered = finishing.finish(call.book, call.today)
    call.halfway = None
    # A backup that is gone may still be there under its other name.
    linked = (each for each in before if each.kind == "linked backup")
    left = tuple(dict.fromkeys((*finishing.other_files(call.book), *linked)))
    reach = reach._replace(other_files=left)
    console.show(call, reach, render.forgotten(reach))
    if hindered:
        raise hindered


def _strays(call: Call) -> tuple[str, ...]:
    """Return the folders of backups that no forgetting reaches."""
    from kin.book import file_checks as bookfile, nearby_files
    from kin.errors import BookError

    book = bookfile.located(call.book)
    try:
        return tuple(map(str, nearby_files.stray_backups(book)))
    except (OSError, BookError):
        return ()  # that the folder cannot be looked into is among the other files


def _ask_to_forget(name: str) -> str:
    """Ask before somebody is forgotten."""
    return f"Forget {name}?"


def _describe_interrupted_erasure() -> str:
    """Say that a forgetting was stopped when it may be in the book already."""
    return "Stopped while somebody was being forgotten. What is left to do: kin doctor --fix"
