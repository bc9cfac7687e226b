"""Syncing: the book and a folder of cards, which the phone shares through other programs."""

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from kin import paths
from kin.cli import console, options as o
from kin.cli.context import Call
from kin.cli.options import Command, new_app
from kin.errors import UsageError
from kin.language.text import format_count, joined

_MOST_FILES = 5  # files that a question names on its own line


if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kin.transfer.sync.apply import Shown
    from kin.transfer.sync.plan import Plan
    from kin.transfer.sync.result import Synced

app = new_app()


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
    from kin.cli import hooks as programs
    from kin.cli.pages import sync as render
    from kin.transfer.sync import vdir

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
        plan = _planned(call, path)
        files = tuple(each.file for each in _removable(plan)) if delete_remote else ()
        told = _outcome(plan, files)
    else:
        told = _synced(call, path, _agreed(call, path) if delete_remote else ())
    console.show(call, told, render.synced(told, dry_run))
    for each in told.doubles[:3]:
        both = f"{shlex.quote(each.like)} {shlex.quote(each.handle)}"
        console.hint(call, f"One person? kin merge {both}")
    if is_own and own.after and not dry_run:
        programs.run(own.after, "after")


def _planned(call: Call, path: "Path") -> "Plan":
    from kin.transfer.sync import plan as syncing, vdir

    with call.reading(or_empty=True) as db:
        return syncing.plan(db, vdir.read(path), call.today.isoformat(), sure=call.yes)


def _outcome(plan: "Plan", removed: "Sequence[str]") -> "Synced":
    from kin.transfer.sync import result as synced

    return synced.outcome(plan, removed=removed)


def _removable(plan: "Plan") -> "tuple[Shown, ...]":
    """Return the cards that carry the UID of a person who was forgotten."""
    from kin.transfer.sync.apply import Shown

    return tuple(Shown(file.name, file.digest) for file, has_uid, _ in plan.forgotten if has_uid)


def _agreed(call: Call, path: "Path") -> "tuple[Shown, ...] | None":
    """Ask which cards are to be removed; None: all, without a question (--yes).

    It is asked before the book is opened to write: no question waits in a transaction. What is carried out
    afterwards is what was shown.
    """

    if call.yes:
        return None
    plan = _planned(call, path)
    shown = _removable(plan)
    if not shown:
        return ()
    files = [f"{each.file.name} ({each.name})" for each in plan.forgotten if each.has_uid]
    if not call.as_json:
        for file in files:
            console.talk(f"  {file}")
    again = f"kin sync {shlex.quote(str(path))} --delete-remote --yes"
    if call.db:
        again += f" --db {shlex.quote(call.db)}"
    asked = _ask_to_remove(str(path), files)
    return shown if console.confirms(call, asked, again) else ()


def _synced(call: Call, path: "Path", remove: "tuple[Shown, ...] | None") -> "Synced":
    from kin.book import part_files as partfiles, synced_folders
    from kin.book.session import connection_of
    from kin.transfer.sync import apply as services, vdir

    with call.reading(or_empty=True) as db:
        is_known = str(path) in synced_folders.list_folders(db)
    if (
        not is_known
    ):  # on the disk before the first card is: a sync that is killed leaves files there
        with call.writing(step=False) as session:
            synced_folders.note_folder(connection_of(session), str(path))
    with call.writing(actor="sync") as session:
        partfiles.sweep(path)  # what a sync that was killed left there
        result = services.sync(session, vdir.read(path), now=call.now, remove=remove, sure=call.yes)
        synced_folders.drop_folder_note(connection_of(session), str(path))
        return result


def _ask_to_remove(folder: str, files: Sequence[str]) -> str:
    """Ask before cards are removed from the phone, naming each file."""
    count = format_count(len(files), "card")
    named = joined(files) if len(files) <= _MOST_FILES else "the files above"
    return f"Remove {count} of people you forgot from {folder}: {named}?"
