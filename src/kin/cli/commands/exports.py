"""The command export, and what it shows."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from kin import config
from kin.cli import console, options as cli_options
from kin.cli.layout import Page, make_line
from kin.cli.options import Command, new_app
from kin.errors import UsageError
from kin.language.text import format_count

if TYPE_CHECKING:
    from kin.cli.context import Call
    from kin.formats.export import ExportOptions
    from kin.formats.records import Book

_FORMATS_WITH_NOTES = ("json", "markdown", "friends", "html")

app = new_app()


class ExportResult(NamedTuple):
    """What was exported; `to` is the path, and where that is None, `text` is the file itself."""

    format: str
    to: str | None
    people: int
    notes: int
    text: str | None = None


@app.command(cls=Command)
def export(
    ctx: typer.Context,
    who: Annotated[
        cli_options.Values,
        typer.Argument(metavar="[WHO…]", help="Only these people.", show_default=False),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="FILE",
            help="A file, or a folder for markdown. Default: standard output.",
        ),
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="AS",
            help="json, markdown, vcard, csv, ics, friends or html. Default: by the file’s name, else json.",
        ),
    ] = None,
    with_notes: Annotated[
        bool, typer.Option("--with-notes", help="Add your notes to vCards too.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite existing files.")] = False,
) -> None:
    """Write everything to plain files. json and markdown lose nothing and come back with kin import.

    kin export --format markdown --to my-people
    kin export --format vcard maya tom-b > two.vcf
    """
    call: Call = ctx.obj
    from kin.formats import export as formats_export
    from kin.transfer import export as transfer_export

    format_name = format or (formats_export.find_format_by_extension(to) if to else None) or "json"
    cli_options.check_choice(format_name, tuple(formats_export.EXTENSION_BY_FORMAT), "--format")
    options = formats_export.ExportOptions(format_name, with_notes)
    if format_name == "markdown" and to is None:
        raise UsageError(
            "Markdown needs a folder: it writes a page for each person.",
            "Name one: kin export --format markdown --to my-people",
        )
    with call.open_for_reading(or_empty=call.as_json) as db:
        book = transfer_export.read_book(db)
        if who:
            book = transfer_export.select_people(db, book, cli_options.to_tuple(who))
    if to is None:
        _export_to_stdout(call, book, options)
    else:
        _export_to_files(call, book, options, config.expand_home(to), force)


def _export_to_stdout(call: "Call", book: "Book", options: "ExportOptions") -> None:
    data = _format_file(call, book, options)
    if call.as_json and options.format != "json":
        console.print_result(
            call, _summarize_export(book, options, None)._replace(text=data.decode()), ()
        )
    else:
        console.print_bytes(data)


def _export_to_files(
    call: "Call", book: "Book", options: "ExportOptions", path: Path, force: bool
) -> None:
    from kin.book import atomic_folder, atomic_write, connection

    if connection.resolve_path(path) == connection.resolve_path(call.book):
        raise UsageError("That is the book itself.", "Name another file: kin export --to FILE")
    connection.check_not_side_file(path)
    if options.format == "markdown":
        from kin.formats.markdown import (
            INDEX_FILE,
            add_written_files,
            list_written_files,
            write as markdown_write,
        )

        index = atomic_folder.FolderIndex(INDEX_FILE, list_written_files, add_written_files)
        atomic_folder.write_folder(path, markdown_write.write_pages(book), index, force=force)
        for folder in atomic_folder.find_stopped_exports(path):
            console.print_warning(
                f"{folder} may be left over from a stopped export. Move out what is yours, then delete it."
            )
    else:
        atomic_write.write_file(path, _format_file(call, book, options), force=force)
    call.has_written = True
    result = _summarize_export(book, options, path)
    console.print_result(call, result, render_export(result))


def _format_file(call: "Call", book: "Book", options: "ExportOptions") -> bytes:
    from kin.formats import export as formats_export
    from kin.transfer import export as transfer_export

    if options.format == "vcard":
        return transfer_export.write_cards(book, options)
    return formats_export.export_book(book, options, call.now)


def _summarize_export(book: "Book", options: "ExportOptions", path: Path | None) -> ExportResult:
    people = sum(not person.me for person in book.people)
    return ExportResult(options.format, str(path) if path else None, people, len(book.notes))


def render_export(result: ExportResult) -> Page:
    """Show how much was exported, and where to."""
    people = format_count(result.people, "person")
    has_notes = result.notes and result.format in _FORMATS_WITH_NOTES
    notes = f" and {format_count(result.notes, 'note')}" if has_notes else ""
    return (make_line(f"Exported {people}{notes} to {result.to}."),)
