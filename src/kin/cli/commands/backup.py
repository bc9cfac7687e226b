"""The commands backup and restore, and what they show."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from kin import config
from kin.cli import console, options, wording
from kin.cli.layout import Line, Page, Span, Table, make_aside, make_field, make_line
from kin.cli.options import Command, new_app
from kin.errors import KinError
from kin.language.text import format_command, format_count, format_size, join_words

if TYPE_CHECKING:
    from kin.cli.context import Call
    from kin.safety.backups import BackupEntry, BookCounts, RestoreResult, SavedBackup

_REASONS = {
    "daily": "the day’s backup",
    "manual": "made by you",
    "damaged": "a damaged book, kept as it was",
    "migration": "before a change of kin’s schema",
    "import": "before an import",
    "merge": "before a merge",
    "restore": "before a restore",
}
_MAX_NAMES = 5  # people who are named before the others are counted

app = new_app()


@app.command(cls=Command)
def backup(
    ctx: typer.Context,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="F",
            help="A file, or a folder such as a USB stick. Default: a folder next to the book.",
        ),
    ] = None,
) -> None:
    """Make a verified copy of the book, with its SHA-256 next to it. kin makes one a day by itself.

    kin backup
    kin backup --to /media/stick/
    """
    call: Call = ctx.obj
    from kin.safety import backups

    call.finish_erasure()
    destination = config.expand_home(to) if to else None
    if to and destination and to.endswith("/") and not destination.is_dir():
        raise KinError(
            f"There is no folder {destination}.",
            "Create it, or plug in the drive. Nothing was written.",
        )
    result = backups.save_backup(call.book, destination, call.today)
    call.has_written = True
    console.print_result(call, result, render_saved_backup(result))


def render_saved_backup(backup: "SavedBackup") -> Page:
    """Show how much was backed up, and where to."""
    people, notes = format_count(backup.people, "person"), format_count(backup.notes, "note")
    return (make_line(f"Backed up {people} and {notes} to {backup.path}."),)


@app.command(cls=Command)
def restore(
    ctx: typer.Context,
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILE]",
            help="A name from the list, a day, or a file. Without it: the list.",
            show_default=False,
        ),
    ] = None,
    dry_run: options.DryRun = False,
) -> None:
    """Go back to a backup. The book as it is now is kept, so you can undo this too.

    kin restore
    kin restore 2026-11-23-1-daily --dry-run
    """
    call: Call = ctx.obj
    from kin.safety import backups

    choice = file or _choose_backup(call)
    if choice is None:
        return
    name, path = backups.find_backup(call.book, choice, config.expand_home(choice))
    if dry_run:
        preview = backups.restore_book(call.book, name, path, call.today, commit=False)
        console.print_result(call, preview, render_difference(preview))
        return
    agreed_preview = None
    if not call.yes:
        agreed_preview = backups.restore_book(call.book, name, path, call.today, commit=False)
        for message in _list_lines(render_difference(agreed_preview)):
            console.print_message(message)

    command = format_command("kin restore", choice, options=("--yes",))
    if not console.confirm_irreversible(call, f"Replace the book with {name}?", command):
        console.print_message("Nothing was restored.")
        return
    result = backups.restore_book(call.book, name, path, call.today, agreed_preview=agreed_preview)
    call.has_written = True
    console.print_result(call, result, render_restored_backup(result))
    if result.saved_as and not result.saved_as.endswith("damaged"):
        db_options = ("--db", call.db) if call.db else ()
        console.print_hint(
            call, "Undo it:", format_command("kin restore", result.saved_as, options=db_options)
        )


def _choose_backup(call: "Call") -> str | None:
    """List the backups, and return the name of the one chosen; None where no one can be asked."""
    from kin.safety import backups

    restorable = backups.list_restorable_backups(call.book)
    if not restorable or not console.can_ask(call):
        all_backups = backups.list_backups(call.book)
        console.print_result(call, all_backups, render_backup_list(all_backups))
        if restorable:
            console.print_hint(
                call, "Go back to one:", format_command("kin restore", restorable[0].name)
            )
        return None
    index = console.choose(
        "Backups, newest first:",
        [f"{each.name}  {_REASONS[each.why]}" for each in restorable],
    )
    return None if index is None else restorable[index].name


def render_backup_list(backups: Sequence["BackupEntry"]) -> Page:
    """List the backups: name, reason, size."""
    if not backups:
        return (make_aside("No backups yet.", "Make one:", "kin backup"),)
    rows = tuple(
        (
            Span(each.name, "name"),
            Span(_REASONS[each.why]),
            Span(format_size(each.size), "dim"),
        )
        for each in backups
    )
    return (Table(("backup", "why", "size"), rows),)


def render_difference(result: "RestoreResult") -> Page:
    """Show what a restore would change."""
    lines: list[Line] = [
        make_line(Span(result.name, "title")),
        make_field("now", _format_counts(result.now)),
        make_field("backup", _format_counts(result.then)),
    ]
    for label, people in (
        ("back", result.restored_people),
        ("gone", result.removed_people),
    ):
        if people:
            lines.append(make_field(label, _format_names([each.name for each in people])))
    return tuple(lines)


def _format_counts(counts: "BookCounts") -> str:
    last = f", the last on {wording.format_iso_day(counts.last_note)}" if counts.last_note else ""
    return f"{format_count(counts.people, 'person')}, {format_count(counts.notes, 'note')}{last}"


def _format_names(names: Sequence[str]) -> str:
    """Return a few names, and how many more there are."""
    more = len(names) - _MAX_NAMES
    shown = [*names[:_MAX_NAMES], f"{more:,} more"] if more > 0 else list(names)
    return join_words(shown)


def _list_lines(page: Page) -> list[str]:
    """Return the lines of a page as plain text, to print before a question."""
    return ["".join(span.text for span in block.spans) for block in page if isinstance(block, Line)]


def render_restored_backup(result: "RestoreResult") -> Page:
    """Show which backup is the book now, and under what name the previous book is kept."""
    people, notes = (
        format_count(result.then.people, "person"),
        format_count(result.then.notes, "note"),
    )
    lines = [make_line(f"Restored {result.name}: {people}, {notes}.")]
    if result.saved_as:
        lines.append(make_line(Span(f"The previous book is kept as {result.saved_as}.", "dim")))
    return tuple(lines)
