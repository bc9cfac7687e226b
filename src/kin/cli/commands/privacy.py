"""The command forget, and what it shows."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from kin.cli import console, options
from kin.cli.layout import Line, Page, Span, Table, make_line
from kin.cli.options import Command, new_app
from kin.language.text import (
    display_width,
    format_command,
    format_count,
    format_possessive,
    join_words,
    truncate,
)

if TYPE_CHECKING:
    from kin.cli.context import Call
    from kin.privacy.erasure import ErasurePreview
    from kin.privacy.mentions import TextChange

_MAX_CHANGES = 20  # changes that a terminal shows; a pipe and JSON have all
_EXCERPT_WIDTH = 34  # cells of the text before and after, so that both fit on one line
_LEAD_WIDTH = 12  # cells that are shown before a change
_NAME_PLACES = ("name", "handle")  # of people whose line shows the command that changes both
_INTERRUPTED = "Stopped while someone was being forgotten. Finish it: kin doctor --fix"

app = new_app()


@app.command(cls=Command)
def forget(
    ctx: typer.Context,
    who: Annotated[
        list[str], typer.Argument(metavar="WHO", help="Who to forget.", show_default=False)
    ],
    notes: Annotated[
        str,
        typer.Option(
            "--notes",
            metavar="keep|redact|delete",
            help="For notes shared with others: keep them, redact the name (the default), or delete them.",
        ),
    ] = "redact",
    dry_run: options.DryRun = False,
) -> None:
    """Erase someone for good, kin’s backups included. This can’t be undone.

    kin forget maya --dry-run
    kin forget maya --notes delete
    """
    call: Call = ctx.obj
    from kin.privacy import erasure

    options.check_choice(notes, erasure.NOTE_CHOICES, "--notes")
    name = " ".join(who)
    if not dry_run:
        call.finish_erasure()
    with call.open_for_reading() as db:
        current_preview = erasure.preview_erasure(db, name, notes)
    files_before = erasure.list_other_files(call.book)
    preview = current_preview._replace(
        other_backups=_find_stray_backups(call), other_files=files_before
    )
    if dry_run:
        console.print_result(call, preview, render_preview(preview, notes))
        return
    is_asked = not (call.yes or call.as_json)
    if is_asked:
        for message in _list_warnings(preview, notes):
            console.print_message(message)
    if not console.confirm_irreversible(
        call,
        f"Forget {preview.name}?",
        format_command("kin forget", preview.handle, options=("--yes",)),
    ):
        console.print_message("Nothing was forgotten.")
        return
    with call.open_for_writing(undoable=False) as session:
        current_preview = erasure.forget(session, preview, notes, was_asked=is_asked)
        preview = current_preview._replace(other_backups=preview.other_backups)
        call.interrupted_message = _INTERRUPTED
    problem = erasure.finish_erasure(call.book, call.today)
    call.interrupted_message = None
    # A deleted backup may still exist under its other name.
    linked = (each for each in files_before if each.kind == "linked backup")
    remaining_files = tuple(dict.fromkeys((*erasure.list_other_files(call.book), *linked)))
    preview = preview._replace(other_files=remaining_files)
    console.print_result(call, preview, render_forgotten(preview))
    if problem:
        raise problem


def _find_stray_backups(call: "Call") -> tuple[str, ...]:
    """Return the folders with backups of books that no longer exist."""
    from kin.book import connection, nearby_files
    from kin.errors import BookError

    book = connection.resolve_path(call.book)
    try:
        return tuple(map(str, nearby_files.find_stray_backups(book)))
    except (OSError, BookError):
        return ()  # a folder that cannot be read is listed among the other files


def render_preview(preview: "ErasurePreview", notes: str) -> Page:
    """Show what would be erased, and what would change in other text."""
    lines: list[Line | Table] = [make_line(words) for words in _list_deletions(preview, notes)]
    if preview.changes:
        rows = [
            (
                Span(each.where),
                Span(", ".join(person.name for person in each.people)),
                Span(each.text),
                Span(each.after),
            )
            for each in preview.changes
        ]
        change_lines = tuple(make_line(words) for words in _format_changes(preview.changes))
        lines += [make_line(_head_changes(len(rows)))]
        lines += [Table(("where", "people", "text", "after"), tuple(rows), change_lines)]
    return (*lines, *(make_line(words) for words in _list_remaining_places(preview)))


def _list_warnings(preview: "ErasurePreview", notes: str) -> tuple[str, ...]:
    """Return what will be erased, what will change in other text, and what stays."""
    changes: list[str] = []
    if preview.changes:
        changes = [_head_changes(len(preview.changes)), *_format_changes(preview.changes)]
    return (*_list_deletions(preview, notes), *changes, *_list_remaining_places(preview))


def render_forgotten(preview: "ErasurePreview") -> Page:
    """Show that someone is forgotten, and what is left for the owner to do."""
    return tuple(
        make_line(words)
        for words in (f"{preview.name} is forgotten.", *_list_remaining_places(preview))
    )


def _list_deletions(preview: "ErasurePreview", notes: str) -> list[str]:
    """Return how much will be erased, what stays, and what becomes of undo and backups."""
    counts = [
        (preview.notes_alone, f"{format_count(preview.notes_alone, 'note')} with no one else"),
        (preview.questions, format_count(preview.questions, "question")),
        (preview.interests, format_count(preview.interests, "interest")),
        (preview.ties, format_count(preview.ties, "tie")),
        (preview.dates, format_count(preview.dates, "date")),
        (preview.contacts, format_count(preview.contacts, "contact detail")),
    ]
    shared_notes = f"{format_count(preview.notes_shared, 'note')} with others"
    if notes == "delete":
        counts.append((preview.notes_shared, shared_notes))
    erased = join_words([words for number, words in counts if number])
    lines = [f"This erases {preview.name}{f': {erased}' if erased else ''}."]
    if preview.notes_shared and notes != "delete":
        stay = "stays" if preview.notes_shared == 1 else "stay"
        how = "with the name" if notes == "keep" else "without the name"
        lines.append(f"{shared_notes} {stay}, {how}.")
    return [
        *lines,
        "It can’t be undone, and it clears the undo history.",
        "Old backups are deleted, and one new backup is made. Copies elsewhere are up to you, and so is what a "
        "failed editor kept of your typing (kin-… in the folder for temporary files).",
    ]


def _head_changes(number: int) -> str:
    """Return the heading of the changes in text about other people."""
    return f"Changed in {format_count(number, 'other place')}:"


def _format_changes(changes: Sequence["TextChange"]) -> Iterator[str]:
    """Yield a line for each change, up to a maximum, then how many more there are."""
    for each in changes[:_MAX_CHANGES]:
        before, after = _cut_excerpts(each.text, each.after)
        yield "  " + _format_change(
            each.where, [person.name for person in each.people], before, after
        )
    more = len(changes) - _MAX_CHANGES
    if more > 0:
        yield f"  … and {more:,} more: see --dry-run in a pipe, or with --json"


def _format_change(where: str, whose: Sequence[str], before: str, after: str) -> str:
    place = f"{where} of {join_words(whose)}" if whose else where
    return f"{place}: {before} → {after or '(removed)'}"


def _cut_excerpts(before: str, after: str) -> tuple[str, str]:
    """Return the two texts around the first place where they differ."""
    pairs = enumerate(zip(before, after, strict=False))
    first_difference = next((at for at, (one, other) in pairs if one != other), 0)
    start = before.rfind(" ", 0, first_difference) + 1
    while start and display_width(before[start:first_difference]) < _LEAD_WIDTH:
        start = before.rfind(" ", 0, start - 1) + 1
    cut = "…" if start else ""
    return cut + truncate(before[start:], _EXCERPT_WIDTH), (
        cut + truncate(after[start:], _EXCERPT_WIDTH) if after else ""
    )


def _list_remaining_places(preview: "ErasurePreview") -> list[str]:
    """Return the places that still name them, each with what to do."""
    remaining = [
        each
        for each in preview.unchanged
        if not {*each.people} & {*preview.still_named} or each.where not in _NAME_PLACES
    ]
    return [
        *(_describe_name_kept(each.name, each.handle) for each in preview.still_named),
        *(
            _format_place_kept(each.where, [person.name for person in each.people], each.text)
            for each in remaining
        ),
        *map(_describe_card_kept, preview.synced_folders),
        *(_describe_card_naming_them(each.name, each.folder) for each in preview.on_cards),
        *map(_describe_backups_kept, preview.other_backups),
        *(_describe_file_kept(each.path, each.kind) for each in preview.other_files),
    ]


def _describe_name_kept(name: str, handle: str) -> str:
    """Return that the name of someone else contains the forgotten name, and how to change it."""
    rename = format_command("kin edit", handle, options=("--name", "NAME", "--handle", "HANDLE"))
    return f"{name} ({handle}) has that name too: {rename}"


def _format_place_kept(where: str, whose: Sequence[str], text: str) -> str:
    place = f"{where} of {join_words(whose)}" if whose else where
    return f"stays: {place}: {text}"


def _describe_card_kept(folder: str) -> str:
    remove = format_command("kin sync", folder, options=("--delete-remote",))
    return f"Their card stays in {folder}: {remove}"


def _describe_card_naming_them(name: str, folder: str) -> str:
    return f"{format_possessive(name)} card in {folder} names them too: remove that there, or the next sync brings it back."


def _describe_backups_kept(folder: str) -> str:
    return f"{folder} has backups of a book that no longer exists; if that was this book under another name, delete them."


def _describe_file_kept(path: str, kind: str) -> str:
    """Return why a file that kin leaves alone may still name them, and what to do."""
    remove = f"delete it: {format_command('rm', path)}"
    return {
        "backup": f"{path} is a copy of a book, under a name that kin does not use; {remove}",
        "linked backup": f"{path} had a hard link in another folder, which still has their data; delete that too.",
        "link": f"{path} is a link to a copy of a book; delete both.",
        "copy": f"{path} is a copy that you made with kin backup; {remove}",
        "conflict": f"{path} looks like another copy of this book. Look at it with kin people --db, copy what only it has, then {remove}",
        "second name": f"The book has a hard link besides {path}; delete one of them, and its backups.",
        "export": f"{path} may be left over from a stopped export. Move out what is yours, then delete it.",
        "part": f"{path} is half written: kin is still writing it, or it cannot be deleted. When kin is done: kin doctor --fix",
        "closed": f"{path} cannot be read; check what is there.",
    }[kind]
