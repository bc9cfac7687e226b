"""Importing: people and conversations from other programs, matched before anything is written."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from kin.cli import console, options as o
from kin.cli.context import Call
from kin.cli.options import Command, new_app
from kin.errors import KinError, UsageError
from kin.language.text import command_line

if TYPE_CHECKING:
    from kin.formats.book import Book
    from kin.formats.detect import File, Folder
    from kin.formats.incoming import Brought
    from kin.transfer.import_plan import Outcome, Place

app = new_app()


@app.command("import", cls=Command)
def import_(
    ctx: typer.Context,
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE|DIR|-…", help="What to read.", show_default=False),
    ],
    kind: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="KIND",
            help="vcard, csv, monica, friends, markdown or kin; else it is recognised.",
        ),
    ] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="E", help="Where it is not UTF-8: cp1252 …")
    ] = None,
    mapping: Annotated[
        o.Many,
        typer.Option("--map", metavar="X=Y", help="Column X of a table is field Y: name, into …"),
    ] = None,
    categories: Annotated[
        str,
        typer.Option(
            "--categories",
            metavar="AS",
            help="What categories and labels are: groups or interests.",
        ),
    ] = "groups",
    forgotten: Annotated[
        bool, typer.Option("--forgotten", help="Also take in people you forgot.")
    ] = False,
    dry_run: o.DryRun = False,
) -> None:
    """Bring people in from a phone, a spreadsheet or another program. Nobody is entered twice.

    kin import contacts.vcf --dry-run
    kin import people.csv --map "Hobbies=into"
    """
    call: Call = ctx.obj
    from kin.cli import input_files as opened
    from kin.formats import detect as recognise

    o.one_of(kind, recognise.KINDS, "--from")
    o.one_of(categories, ("groups", "interests"), "--categories")
    found, passed = opened.given(files, kind)
    manner = recognise.Manner(
        kind,
        encoding,
        _mapping(o.tuple_of(mapping)),
        categories == "interests",
        call.today,
        call.settings.date_order,
    )
    books = [each for each in found if kind is None and _is_book(each)]
    others = [each for each in found if each not in books]
    brought = [part for each in books for part in _people_of_book(each)]
    brought += recognise.read(others, manner) if others else ()
    if not brought:
        raise UsageError("There is no file in it that kin could read.", "See: kin import --help")
    name = files[0] if len(files) == 1 else f"{len(files)} files"
    told = (
        _planned(call, brought, forgotten) if dry_run else _taken_in(call, brought, name, forgotten)
    )
    told = told._replace(skipped=(*told.skipped, *_places(passed)))
    from kin.cli.pages import imports as render
    from kin.transfer.import_plan import listed

    told = listed(told)
    console.show(call, told, render.outcome(told, dry_run))
    for each in told.doubles[:3]:
        console.hint(call, f"One person? {command_line('kin merge', each.like, each.handle)}")
    if not (told.new or told.updated or told.same or told.talks or _has_somebody(brought)):
        why = "nobody in it could be read" if told.skipped else "it holds nobody"
        raise KinError(
            f"Nothing came in from {name}: {why}.",
            "kin import --help lists what is read." if not told.skipped else "",
        )


def _is_book(file: "File | Folder") -> bool:
    """Return whether a file is a kin book itself: SQLite, with kin's mark in its header."""
    from kin.book import file_checks as bookfile
    from kin.formats.detect import File

    return isinstance(file, File) and bookfile.is_kins(file.head)


def _people_of_book(file: "File | Folder") -> "Iterator[Brought | Book]":
    from kin.formats import detect as recognise
    from kin.transfer import foreign_book

    assert isinstance(file, recognise.File)
    with file.open() as stream:
        data = stream.read()
    book, told = foreign_book.read(data, file.name)
    yield from recognise.whole(book, file.name, told)


def _has_somebody(brought: "Sequence[Brought | Book]") -> bool:
    """Tell whether files hold a book, or conversations, which may be in this one already."""
    from kin.formats.incoming import Brought

    return any(not isinstance(each, Brought) or each.talks for each in brought)


def _mapping(pairs: Sequence[str]) -> Mapping[str, str]:
    told = {}
    for pair in pairs:
        column, sign, field = pair.rpartition("=")
        if not sign or not column or not field:
            raise UsageError(
                f"--map says which field a column is: “{pair}” has no =.",
                '--map "First Name=first"',
            )
        told[column] = field
    return told


def _places(passed: Sequence[tuple[str, str]]) -> "tuple[Place, ...]":
    from kin.transfer.import_plan import Place

    return tuple(Place(*each) for each in passed)


def _planned(call: Call, brought: "Sequence[Brought | Book]", forgotten: bool) -> "Outcome":
    from kin.transfer import batches as portions, merge_book as retold

    with call.reading(or_empty=True) as db:
        today = call.today.isoformat()
        each = [
            retold.plan(db, part, today, forgotten_too=forgotten).plan.outcome
            for part in portions.portions(brought)
        ]
        return portions.summed(each)


def _taken_in(
    call: Call, brought: "Sequence[Brought | Book]", name: str, forgotten: bool
) -> "Outcome":
    from kin.transfer import imports as importing

    door = call.writing(before="import")
    with console.progress(call, "Reading in") as progress, door as session:
        return importing.take_in(
            session, brought, name, now=call.now, progress=progress, forgotten_too=forgotten
        )
