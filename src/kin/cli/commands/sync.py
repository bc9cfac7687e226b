"""The command sync, and what it shows."""

import os
import shlex
import subprocess
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from kin import config
from kin.cli import console, options
from kin.cli.layout import Line, Page, Span, make_field, make_line
from kin.cli.options import Command, new_app
from kin.errors import KinError, UsageError
from kin.language.text import (
    add_quotes,
    format_command,
    format_count,
    format_possessive,
    join_words,
)

if TYPE_CHECKING:
    from pathlib import Path

    from kin.cli.context import Call
    from kin.transfer.sync.apply import ShownCard
    from kin.transfer.sync.plan import SyncPlan, SyncResult

_MAX_SHOWN = 5  # of each on a terminal; --json has all
_MOST_FILES = 5  # files that a question names

app = new_app()


@app.command(cls=Command)
def sync(
    ctx: typer.Context,
    folder: Annotated[
        str | None,
        typer.Argument(
            metavar="[FOLDER]",
            help="A folder of .vcf files. Default: the one in your settings.",
            show_default=False,
        ),
    ] = None,
    delete_remote: Annotated[
        bool,
        typer.Option("--delete-remote", help="Also delete the cards of people you forgot."),
    ] = False,
    dry_run: options.DryRun = False,
) -> None:
    """Two-way sync with a folder of vCards, field by field. Notes never leave your book.

    kin sync ~/contacts --dry-run
    kin sync ~/contacts
    """
    call: Call = ctx.obj
    from kin.transfer.sync import vdir

    sync_settings = call.settings.sync
    folder_name = folder or sync_settings.folder
    if folder_name is None:
        raise UsageError(
            "Which folder?", "kin sync FOLDER, or set folder under [sync] in the settings."
        )
    path = vdir.resolve_folder(config.expand_home(folder_name))
    is_configured = (
        sync_settings.folder is not None
        and path == config.expand_home(sync_settings.folder).resolve()
    )
    if is_configured and sync_settings.before and not dry_run:
        run_hook(sync_settings.before, "before")
    if dry_run:
        plan = _plan_sync(call, path)
        files = tuple(each.file for each in _list_removable_cards(plan)) if delete_remote else ()
        result = _summarize_plan(plan, files)
    else:
        result = _run_sync(call, path, _ask_which_to_remove(call, path) if delete_remote else ())
    console.print_result(call, result, render_sync(result, dry_run))
    for each in result.doubles[:3]:
        merge = format_command("kin merge", each.like.handle, each.person.handle)
        console.print_hint(call, "Same person?", merge)
    if is_configured and sync_settings.after and not dry_run:
        run_hook(sync_settings.after, "after")


def run_hook(command: str, setting: str) -> None:
    """Run the program of a setting and show its output; raise KinError where it fails."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise UsageError(
            f"[sync] {setting} in the settings: {error}.", "Close the quote."
        ) from None
    if not words:
        return
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb") as output:
        try:
            with console.leave_interrupts_to_child():
                program = subprocess.Popen(  # noqa: S603
                    words, stdin=subprocess.DEVNULL, stdout=write_end, stderr=write_end
                )
                os.close(write_end)
                for line in output:
                    console.print_message(line.decode(errors="replace").rstrip("\r\n"))
                code = program.wait()
        except OSError as error:
            os.close(write_end)
            raise KinError(
                f"Cannot start {words[0]}: {error.strerror}.",
                f"See [sync] {setting} in the settings.",
            ) from error
    if code:
        raise KinError(
            f"{words[0]} ended with code {code}.", f"See [sync] {setting} in the settings."
        )


def _plan_sync(call: "Call", path: "Path") -> "SyncPlan":
    from kin.transfer.sync import plan as sync_plan, vdir

    with call.open_for_reading(or_empty=True) as db:
        return sync_plan.plan_sync(
            db, vdir.list_cards(path), call.today.isoformat(), assume_yes=call.yes
        )


def _summarize_plan(plan: "SyncPlan", removed: Sequence[str]) -> "SyncResult":
    from kin.transfer.sync import plan as sync_plan

    return sync_plan.summarize_sync(plan, removed=removed)


def _list_removable_cards(plan: "SyncPlan") -> "tuple[ShownCard, ...]":
    """Return the cards with the UID of someone forgotten."""
    from kin.transfer.sync.apply import ShownCard

    return tuple(
        ShownCard(file.name, file.digest) for file, has_uid, _ in plan.forgotten if has_uid
    )


def _ask_which_to_remove(call: "Call", path: "Path") -> "tuple[ShownCard, ...] | None":
    """Show which cards would be deleted, and ask; return those, or None for all (with --yes).

    This comes before the book is opened for writing, so that no transaction waits for an answer.
    Only the cards that were shown are deleted.
    """
    if call.yes:
        return None
    plan = _plan_sync(call, path)
    removable = _list_removable_cards(plan)
    if not removable:
        return ()
    files = [f"{each.file.name} ({each.name})" for each in plan.forgotten if each.has_uid]
    if not call.as_json:
        for file in files:
            console.print_message(f"  {file}")
    command = f"kin sync {shlex.quote(str(path))} --delete-remote --yes"
    if call.db:
        command += f" --db {shlex.quote(call.db)}"
    question = _ask_to_remove(str(path), files)
    return removable if console.confirm_irreversible(call, question, command) else ()


def _ask_to_remove(folder: str, files: Sequence[str]) -> str:
    """Return the question before cards are deleted; it names the files, unless they are many."""
    count = format_count(len(files), "card")
    named = join_words(files) if len(files) <= _MOST_FILES else "the files above"
    return f"Delete {count} of people you forgot from {folder}: {named}?"


def _run_sync(
    call: "Call", path: "Path", cards_to_remove: "tuple[ShownCard, ...] | None"
) -> "SyncResult":
    from kin.book import atomic_write, meta
    from kin.book.session import get_connection
    from kin.transfer.sync import apply as sync_apply, vdir

    with call.open_for_reading(or_empty=True) as db:
        is_known = str(path) in meta.list_synced_folders(db)
    # The folder is recorded before the first card is written: a sync that is killed leaves files there.
    if not is_known:
        with call.open_for_writing(undoable=False) as session:
            meta.add_synced_folder(get_connection(session), str(path))
    with call.open_for_writing(actor="sync") as session:
        atomic_write.remove_abandoned(path)  # of a sync that was killed
        result = sync_apply.sync_folder(
            session,
            vdir.list_cards(path),
            now=call.now,
            cards_to_remove=cards_to_remove,
            assume_yes=call.yes,
        )
        meta.remove_synced_folder(get_connection(session), str(path))
        return result


def render_sync(result: "SyncResult", dry_run: bool) -> Page:
    """Show what changed on either side, what both changed, and what was skipped and why."""
    new_in_book = [each for each in result.new if each.to == "book"]
    new_in_folder = [each for each in result.new if each.to == "folder"]
    counts = (
        (len(new_in_book), "new in the book"),
        (len(new_in_folder), "new in the folder"),
        (result.pulled, "updated in the book"),
        (result.pushed, "updated in the folder"),
        (result.merged, "changed on both sides"),
        (result.same, "unchanged"),
    )
    page: list[Line] = [make_line(_format_summary(result.folder, counts, dry_run))]
    page += _render_some("new", [f"{each.name} ({each.handle})" for each in new_in_book])
    page += _render_some("sent", [f"{each.name} ({each.handle})" for each in new_in_folder])
    page += [
        make_field(
            "conflict", _format_conflict(each.person.name, each.field, each.value, each.lost)
        )
        for each in result.kept
    ]
    page += _render_some("gone", [_format_gone_card(each.name) for each in result.unlinked])
    page += _render_some(
        "forgotten",
        [_format_forgotten_card(each, each in result.removable) for each in result.left_alone],
    )
    removed = [_format_removed_card(each, dry_run) for each in result.removed]
    page += _render_some("removed", removed, limit=len(removed))
    page += _render_some(
        "same?",
        [
            f"{each.person.name} ({each.person.handle}) may be {each.like.name} ({each.like.handle})"
            for each in result.doubles
        ],
    )
    page += _render_some("skipped", [f"{each.where}: {each.why}" for each in result.skipped])
    page += _render_some("warning", [f"{each.where}: {each.why}" for each in result.warnings])
    return tuple(page)


def _render_some(label: str, items: Sequence[str], limit: int = _MAX_SHOWN) -> list[Line]:
    lines = [make_field("" if at else label, words) for at, words in enumerate(items[:limit])]
    if len(items) > limit:
        more = f"… and {len(items) - limit:,} more: --json has them all"
        lines.append(make_field("", Span(more, "dim")))
    return lines


def _format_summary(folder: str, counts: Sequence[tuple[int, str]], dry_run: bool) -> str:
    parts = [f"{number:,} {what}" for number, what in counts if number]
    summary = f"{folder}: {join_words(parts) if parts else 'no cards on either side'}."
    return f"{summary} Dry run: nothing was written." if dry_run else summary


def _format_gone_card(name: str) -> str:
    return f"{format_possessive(name)} card was deleted there; {name} stays in the book"


def _format_conflict(name: str, field: str, kept: str | None, lost: str | None) -> str:
    """Return which value of a field won, and which one the book had."""
    there = (
        f"is now {add_quotes(kept)}, from the folder" if kept else "was removed, as in the folder"
    )
    had = f"the book had {add_quotes(lost)}" if lost else "the book had removed it"
    return f"{name}: {field} {there}; {had}"


def _format_forgotten_card(file: str, has_uid: bool) -> str:
    """Return that a file is the card of someone forgotten, and how to remove it."""

    from kin.transfer.forgotten_records import describe_forgotten_card

    how = "--delete-remote removes it" if has_uid else "It has no UID, so delete it yourself"
    return f"{file}: {describe_forgotten_card()}. {how}"


def _format_removed_card(file: str, dry_run: bool) -> str:
    return (
        f"{file}, the card of someone you forgot, {'would be' if dry_run else 'was'} deleted there"
    )
