"""Exporting: everything goes out to plain files, any time."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from kin import paths
from kin.cli import console, options as o
from kin.cli.context import Call
from kin.cli.options import Command, new_app
from kin.errors import UsageError

if TYPE_CHECKING:
    from kin.formats.book import Book
    from kin.formats.export import Wish

app = new_app()


class Sent(NamedTuple):
    """What was written, and where; without a place, the `text` itself."""

    format: str
    to: str | None
    people: int
    conversations: int
    text: str | None = None


@app.command(cls=Command)
def export(
    ctx: typer.Context,
    who: Annotated[
        o.Many, typer.Argument(metavar="[WHO…]", help="Only these people.", show_default=False)
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="FILE",
            help="Where to: a file, or for markdown a folder; else to standard output.",
        ),
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="AS",
            help="json, markdown, vcard, csv, ics, friends or html; else by the file’s name, else json.",
        ),
    ] = None,
    with_talks: Annotated[
        bool, typer.Option("--with-talks", help="Conversations too, in the notes of vCards.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
) -> None:
    """Take everything out, into plain files. json and markdown lose nothing and come back by kin import.

    kin export --format markdown --to my-people
    kin export --format vcard maya tom-b > two.vcf
    """
    call: Call = ctx.obj
    from kin.formats import export as outgoing
    from kin.transfer import export as queries

    wanted = format or (outgoing.by_name(to) if to else None) or "json"
    o.one_of(wanted, tuple(outgoing.FORMATS), "--format")
    wish = outgoing.Wish(wanted, with_talks)
    if wanted == "markdown" and to is None:
        raise UsageError(
            "Markdown is a folder, with a page for each person.",
            "Say where to: kin export --format markdown --to my-people",
        )
    with call.reading(or_empty=call.as_json) as db:
        book = queries.whole(db)
        if who:
            book = queries.only(db, book, o.tuple_of(who))
    if to is None:
        _to_stdout(call, book, wish)
    else:
        _to_files(call, book, wish, paths.home(to), force)


def _one_file(call: Call, book: "Book", wish: "Wish") -> bytes:
    from kin.formats import export as outgoing
    from kin.transfer import export_vcards as leaving

    if wish.format == "vcard":
        return leaving.cards(book, wish)
    return outgoing.one_file(book, wish, call.now)


def _to_stdout(call: Call, book: "Book", wish: "Wish") -> None:
    data = _one_file(call, book, wish)
    if call.as_json and wish.format != "json":
        console.show(call, _sent(book, wish, None)._replace(text=data.decode()), ())
    else:
        console.deliver(data)


def _to_files(call: Call, book: "Book", wish: "Wish", path: Path, force: bool) -> None:
    from kin.book import (
        atomic_folder as outfolders,
        atomic_write as outfiles,
        file_checks as bookfile,
    )
    from kin.cli.pages.imports import sent

    if bookfile.located(path) == bookfile.located(call.book):
        raise UsageError("That is the book itself.", "Name another file: kin export --to FILE")
    bookfile.check_not_side_file(path)
    if wish.format == "markdown":
        from kin.formats.markdown import write as markdown_write
        from kin.formats.markdown.syntax import INDEX, add_written_files, list_written_files

        index = outfolders.Index(INDEX, list_written_files, add_written_files)
        outfolders.write(path, markdown_write.write(book), index, force=force)
        for folder in outfolders.left_by_older(path):
            console.warn(
                f"{folder} may be left of an export that was stopped. Move out what is yours, then remove it."
            )
    else:
        outfiles.write(path, _one_file(call, book, wish), force=force)
    call.wrote = True
    told = _sent(book, wish, path)
    console.show(call, told, sent(told.format, str(path), told.people, told.conversations))


def _sent(book: "Book", wish: "Wish", path: Path | None) -> Sent:
    people = sum(not person.me for person in book.people)
    return Sent(wish.format, str(path) if path else None, people, len(book.talks))
