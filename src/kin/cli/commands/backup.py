"""Backing the book up, and going back to a backup."""

from typing import Annotated

import typer

from kin import paths
from kin.cli import console, options as o
from kin.cli.context import Call
from kin.cli.options import Command, new_app
from kin.errors import KinError
from kin.language.text import command_line

app = new_app()


@app.command(cls=Command)
def backup(
    ctx: typer.Context,
    to: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="F", help="A file or folder, on a stick say; else beside the book."
        ),
    ] = None,
) -> None:
    """Make a verified copy of the book, with its SHA-256 beside it. kin makes one a day by itself.

    kin backup
    kin backup --to /media/stick/
    """
    call: Call = ctx.obj
    from kin.cli.pages import backup as render
    from kin.safety import backups as services

    call.finish()
    place = paths.home(to) if to else None
    if to and place and to.endswith("/") and not place.is_dir():
        raise KinError(
            f"There is no folder {place}.", "Make it, or plug it in; nothing was written."
        )
    made = services.save(call.book, place, call.today)
    call.wrote = True
    console.show(call, made, render.saved(made))


@app.command(cls=Command)
def restore(
    ctx: typer.Context,
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILE]",
            help="A name of the list, a day, or a file; without it, the list.",
            show_default=False,
        ),
    ] = None,
    dry_run: o.DryRun = False,
) -> None:
    """Go back to a backup. The book as it is now is kept, so that this can be undone too.

    kin restore
    kin restore 2026-11-23-1-daily --dry-run
    """
    call: Call = ctx.obj
    from kin.cli.pages import backup as render
    from kin.safety import backups as services

    chosen = file or _chosen(call)
    if chosen is None:
        return
    name, path = services.find(call.book, chosen, paths.home(chosen))
    if dry_run:
        tried = services.restore(call.book, name, path, call.today, keep=False)
        console.show(call, tried, render.difference(tried))
        return
    shown = None
    if not call.yes:
        shown = services.restore(call.book, name, path, call.today, keep=False)
        for words in render.words(render.difference(shown)):
            console.talk(words)

    instead = command_line("kin restore", chosen, options=("--yes",))
    if not console.confirms(call, _ask_to_restore(name), instead):
        console.talk("Nothing was restored.")
        return
    done = services.restore(call.book, name, path, call.today, shown=shown)
    call.wrote = True
    console.show(call, done, render.restored(done))
    if done.kept_as and not done.kept_as.endswith("damaged"):
        book = ("--db", call.db) if call.db else ()
        console.hint(call, f"Undo it: {command_line('kin restore', done.kept_as, options=book)}")


def _chosen(call: Call) -> str | None:
    """List the backups; return the one that a person chooses, None where nobody is there to choose."""
    from kin.cli.pages import backup as render
    from kin.safety import backups as services

    found = services.sound(call.book)
    if not found or not console.can_ask(call):
        listed = services.kept(call.book)
        console.show(call, listed, render.listed(listed))
        if found:
            console.hint(call, f"Go back to one: {command_line('kin restore', found[0].name)}")
        return None
    at = console.choose("Backups, the newest first:", [render.option(each) for each in found])
    return None if at is None else found[at].name


def _ask_to_restore(name: str) -> str:
    """Ask before another state takes the book's place."""
    return f"Put {name} in the place of the book?"
