"""Syncing: the book and a folder of cards, which the phone shares through other programs."""

from typing import TYPE_CHECKING, Annotated

import typer

from kin import paths
from kin.cli import console
from kin.cli import options as o
from kin.cli.app import Command, noun
from kin.cli.call import Call
from kin.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from kin.queries.synced import Synced
    from kin.vdir import Folder

app = noun()


@app.command(cls=Command)
def sync(
    ctx: typer.Context,
    folder: Annotated[
        str | None,
        typer.Argument(
            metavar="[FOLDER]",
            help="A folder of .vcf files; else your settings'.",
            show_default=False,
        ),
    ] = None,
    delete_remote: Annotated[
        bool,
        typer.Option("--delete-remote", help="Remove the cards of people you forgot there too."),
    ] = False,
    dry_run: o.DryRun = False,
) -> None:
    """Bring the book and a folder of cards together, field by field; conversations never leave.

    kin sync ~/contacts --dry-run
    kin sync ~/contacts
    """
    call: Call = ctx.obj
    from kin import vdir
    from kin.cli import programs
    from kin.render import syncing as render

    own = call.settings.sync
    named = folder or own.folder
    if named is None:
        raise UsageError(
            "Which folder?", "kin sync FOLDER, or folder under [sync] in the settings."
        )
    path = vdir.located(paths.home(named))
    is_own = own.folder is not None and path == paths.home(own.folder).resolve()
    if is_own and own.before and not dry_run:
        programs.run(own.before, "before")
    if dry_run:
        told = _planned(call, vdir.read(path), delete_remote)
    else:
        told = _synced(call, path, delete_remote)
    console.show(call, told, render.synced(told, dry_run))
    for each in told.doubles[:3]:
        console.hint(call, f"One person? kin merge {each.like} {each.handle}")
    if is_own and own.after and not dry_run:
        programs.run(own.after, "after")


def _planned(call: Call, folder: "Folder", delete_remote: bool) -> "Synced":
    from kin.queries import synced, syncing

    with call.reading(or_empty=True) as db:
        plan = syncing.plan(db, folder, call.today.isoformat(), sure=call.yes)
    removed = tuple(each.name for each in plan.forgotten) if delete_remote else ()
    return synced.outcome(plan, removed=removed)


def _synced(call: Call, path: "Path", delete_remote: bool) -> "Synced":
    from kin import partfiles, sentences, vdir
    from kin.services import sync as services

    if (
        delete_remote
    ):  # asked before the book is opened to write: no question waits in a transaction
        count = len(_planned(call, vdir.read(path), True).removed)
        if count:
            again = f"kin sync {path} --delete-remote --yes"
            delete_remote = console.confirms(call, sentences.really_remove(count), again)
    with call.writing(actor="sync") as session:
        partfiles.sweep(path)  # what a sync left there that was killed
        return services.sync(
            session, vdir.read(path), now=call.now, delete_remote=delete_remote, sure=call.yes
        )
