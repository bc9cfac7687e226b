"""The command import: finding the files that were named, and what it shows."""

import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from io import BufferedReader, BytesIO, FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from kin import config
from kin.cli import console, options
from kin.cli.layout import Line, Page, Span, Table, make_field, make_line
from kin.cli.options import Command, new_app
from kin.errors import KinError, UsageError
from kin.language.text import format_command, format_count, join_words, truncate

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from kin.cli.context import Call
    from kin.formats.detect import File, Folder
    from kin.formats.records import Book, ImportedRecords
    from kin.transfer.import_plan import Double, ImportedPersonSummary, ImportIssue, ImportOutcome

MAX_FILE_SIZE = 1 << 30  # bytes of one file: no address book is larger
_READABLE_SUFFIXES = frozenset((".vcf", ".vcard", ".md", ".csv", ".tsv", ".json", ".txt"))
_LINK = "a symbolic link, which kin does not follow"
_NOT_REGULAR = "not a regular file"
_MAX_SHOWN = 5  # of each kind of line; --json has all
_MAX_PEOPLE = 3  # people that a dry run shows

app = new_app()

SkippedFiles = list[tuple[str, str]]


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
            help="vcard, csv, monica, friends, markdown or kin. Default: kin finds out.",
        ),
    ] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="E", help="If it is not UTF-8: cp1252 …")
    ] = None,
    mapping: Annotated[
        options.Values,
        typer.Option(
            "--map", metavar="X=Y", help="Read column X of a table as field Y: name, into …"
        ),
    ] = None,
    categories: Annotated[
        str,
        typer.Option(
            "--categories",
            metavar="AS",
            help="What to make of categories and labels: groups or interests.",
        ),
    ] = "groups",
    forgotten: Annotated[
        bool, typer.Option("--forgotten", help="Import people you forgot, too.")
    ] = False,
    dry_run: options.DryRun = False,
) -> None:
    """Import people from a phone, a spreadsheet or another program. No one is added twice.

    kin import contacts.vcf --dry-run
    kin import people.csv --map "Hobbies=into"
    """
    call: Call = ctx.obj
    from kin.formats import detect

    options.check_choice(kind, detect.KINDS, "--from")
    options.check_choice(categories, ("groups", "interests"), "--categories")
    inputs, skipped = find_input_files(files, kind)
    read_options = detect.ReadOptions(
        kind,
        encoding,
        _parse_mapping(options.to_tuple(mapping)),
        categories == "interests",
        call.today,
        call.settings.date_order,
    )
    books = [each for each in inputs if kind is None and _is_book_file(each)]
    others = [each for each in inputs if each not in books]
    sources = [source for each in books for source in _read_book_file(each)]
    sources += detect.read_files(others, read_options) if others else ()
    if not sources:
        raise UsageError("There is no file that kin can read.", "See: kin import --help")
    name = files[0] if len(files) == 1 else f"{len(files)} files"
    outcome = (
        _plan_import(call, sources, forgotten)
        if dry_run
        else _run_import(call, sources, name, forgotten)
    )
    outcome = outcome._replace(skipped=(*outcome.skipped, *_list_skipped(skipped)))
    from kin.transfer.import_plan import limit_doubles

    outcome = limit_doubles(outcome)
    console.print_result(call, outcome, render_import(outcome, dry_run))
    for each in outcome.doubles[:3]:
        console.print_hint(
            call,
            "Same person?",
            format_command("kin merge", each.like.handle, each.person.handle),
        )
    if not (
        outcome.new or outcome.updated or outcome.same or outcome.notes or _has_content(sources)
    ):
        if outcome.skipped:
            raise KinError(f"No one could be imported from {name}.")
        raise KinError(f"No people found in {name}.", "What kin can read: kin import --help")


def _parse_mapping(pairs: Sequence[str]) -> Mapping[str, str]:
    fields = {}
    for pair in pairs:
        column, equals, field = pair.rpartition("=")
        if not equals or not column or not field:
            raise UsageError(
                f"--map takes COLUMN=FIELD, but “{pair}” has no “=” between two words.",
                'For example: --map "First Name=first"',
            )
        fields[column] = field
    return fields


def _is_book_file(file: "File | Folder") -> bool:
    """Return whether a file is a book of kin’s, by its SQLite header."""

    from kin.book import atomic_write
    from kin.formats.detect import File

    return isinstance(file, File) and atomic_write.is_kin_book(file.head)


def _read_book_file(file: "File | Folder") -> "Iterator[ImportedRecords | Book]":
    from kin.formats import detect
    from kin.transfer import foreign_book

    assert isinstance(file, detect.File)
    with file.open() as stream:
        data = stream.read()
    book, issues = foreign_book.read_foreign_book(data, file.name)
    yield from detect.fit_and_report(book, file.name, issues)


def _has_content(sources: "Sequence[ImportedRecords | Book]") -> bool:
    """Return whether files hold a book, or notes, which may all be in this book already."""
    from kin.formats.records import ImportedRecords

    return any(not isinstance(each, ImportedRecords) or each.notes for each in sources)


def _list_skipped(skipped: Sequence[tuple[str, str]]) -> "tuple[ImportIssue, ...]":
    from kin.transfer.import_plan import ImportIssue

    return tuple(ImportIssue(*each) for each in skipped)


def _plan_import(
    call: "Call", sources: "Sequence[ImportedRecords | Book]", forgotten: bool
) -> "ImportOutcome":
    from kin.transfer import imports as transfer_imports, load_book

    with call.open_for_reading(or_empty=True) as db:
        today = call.today.isoformat()
        outcomes = [
            load_book.plan_merge(db, batch, today, forgotten_too=forgotten).plan.outcome
            for batch in transfer_imports.split_into_batches(sources)
        ]
        return transfer_imports.sum_outcomes(outcomes)


def _run_import(
    call: "Call", sources: "Sequence[ImportedRecords | Book]", name: str, forgotten: bool
) -> "ImportOutcome":
    from kin.transfer import imports as transfer_imports

    transaction = call.open_for_writing(backup_reason="import")
    with console.show_progress(call, "Importing") as progress, transaction as session:
        return transfer_imports.run_import(
            session, sources, name, now=call.now, progress=progress, forgotten_too=forgotten
        )


def find_input_files(
    names: Sequence[str], kind: str | None = None
) -> "tuple[list[File | Folder], SkippedFiles]":
    """Find the files to read: those named, those of a folder named, or standard input for `-`.

    Returns them, and the names of those that were skipped, with the reason; reading a Markdown folder
    later may add to these. `kind` is what the owner says the files are. No file stays open.
    """

    from kin.formats.detect import HEAD_SIZE, File, Folder

    files: list[File | Folder] = []
    skipped: SkippedFiles = []
    for each in names:
        path = config.expand_home(each)
        if each == "-":
            data = _read_stdin()
            files.append(File("standard input", data[:HEAD_SIZE], partial(BytesIO, data)))
        elif not os.path.isdir(path):
            files.append(_make_file(path.name, path, 0))
        elif kind == "markdown" or (kind is None and _is_kin_markdown(path)):
            files.append(Folder(path.name, _read_markdown_folder(path, skipped)))
        else:
            files += _find_files(path, skipped)
    return files, skipped


def _is_kin_markdown(folder: Path) -> bool:
    """Return whether a folder is an export of kin’s in Markdown, by its index page."""

    from kin.formats.detect import HEAD_SIZE
    from kin.formats.markdown import INDEX_FILE, read as markdown_read

    index = folder / INDEX_FILE
    if not os.path.isfile(index) or index.is_symlink():
        return False
    with _open_regular_file(index, os.O_NOFOLLOW) as stream:
        return markdown_read.is_kin_markdown(stream.read(HEAD_SIZE))


def _read_markdown_folder(folder: Path, skipped: SkippedFiles) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the files that kin wrote to a Markdown folder; skip all others."""

    from kin.formats.markdown import read as markdown_read

    remaining = MAX_FILE_SIZE
    for path in _list_markdown_paths(folder, skipped):
        name = path.relative_to(folder).as_posix()
        reason = _explain_unreadable(path)
        if not reason and not _is_markdown_page(name):
            reason = "not one of kin’s pages"
        if not reason:
            try:
                with _open_regular_file(path, os.O_NOFOLLOW) as stream:
                    limit = min(remaining, markdown_read.MAX_PAGE_SIZE)
                    data = stream.read(limit + 1)
                reason = "too large for a page" if len(data) > limit else ""
            except KinError as error:
                reason = error.message
        if reason:
            skipped.append((name, reason))
        else:
            remaining -= len(data)
            yield name, data


def _list_markdown_paths(folder: Path, skipped: SkippedFiles) -> Iterator[Path]:
    """Yield the paths in a folder and in the subfolders that kin writes, without hidden files."""

    from kin.formats.markdown import KEPT_FOLDER, PEOPLE_FOLDER

    for path in _list_entries(folder):
        if path.name not in (PEOPLE_FOLDER, KEPT_FOLDER) or path.is_symlink() or not path.is_dir():
            yield path
            continue
        try:
            yield from _list_entries(path)
        except KinError as error:
            skipped.append((path.name, error.message))


def _is_markdown_page(name: str) -> bool:
    from kin.formats.markdown import INDEX_FILE, KEPT_FOLDER, PEOPLE_FOLDER

    subfolder, _, file = name.rpartition("/")
    return (
        name == INDEX_FILE
        or {PEOPLE_FOLDER: ".md", KEPT_FOLDER: ".json"}.get(subfolder, "/")
        == file[file.rfind(".") :]
    )


def _list_entries(folder: Path) -> list[Path]:
    try:
        return sorted(each for each in folder.iterdir() if not each.name.startswith("."))
    except OSError as error:
        raise _make_read_error(str(folder), error) from error


def _find_files(folder: Path, skipped: SkippedFiles) -> "Iterator[File]":
    """Yield the files in a folder, at any depth, that kin may be able to read; hidden ones are left out."""

    def skip_unreadable(error: OSError) -> None:
        where = os.path.relpath(error.filename, folder) if error.filename else "."
        skipped.append((where, _make_read_error(where, error).message))

    for current, folders, names in os.walk(folder, onerror=skip_unreadable, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for path in sorted(Path(current, name) for name in names):
            if path.name.startswith(".") or path.suffix.casefold() not in _READABLE_SUFFIXES:
                continue
            name = str(path.relative_to(folder))
            if not (reason := _explain_unreadable(path)):
                try:
                    yield _make_file(name, path, os.O_NOFOLLOW)._replace(is_from_folder=True)
                except KinError as error:
                    reason = error.message
            if reason:
                skipped.append((name, reason))


def _explain_unreadable(path: Path) -> str:
    """Return why a path cannot be read as a file, or "" where it can."""
    try:
        mode = path.lstat().st_mode
    except OSError as error:
        return _make_read_error(path.name, error).message
    if stat.S_ISREG(mode):
        return ""
    return _LINK if stat.S_ISLNK(mode) else _NOT_REGULAR


def _make_file(name: str, path: Path, flags: int) -> "File":
    from kin.formats.detect import HEAD_SIZE, File

    with _open_regular_file(path, flags) as stream:
        head = stream.read(HEAD_SIZE)
        if len(head) < HEAD_SIZE:  # all of it
            return File(name, head, partial(BytesIO, head))
        identity = _read_file_identity(stream.fileno())
    return File(name, head, partial(_open_regular_file, path, flags, identity))


def _open_regular_file(
    path: Path, flags: int, expected_identity: tuple[int, ...] | None = None
) -> BinaryIO:
    """Open a regular file for reading; with `expected_identity` only if it is still that very file."""
    try:
        # Non-blocking: opening a named pipe would wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | flags)
    except FileNotFoundError:
        raise KinError(f"There is no file {path}.", "Name a file or a folder.") from None
    except OSError as error:
        raise _make_read_error(str(path), error) from error
    problem = None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        problem = KinError(f"{path} is not a regular file.", "Name a file or a folder.")
    elif status.st_size > MAX_FILE_SIZE:
        problem = KinError(
            f"{path} is larger than 1 GB.", "Split it into smaller files. Nothing was written."
        )
    elif expected_identity and _read_file_identity(descriptor) != expected_identity:
        problem = KinError(f"{path} changed while kin read it.", "Nothing was written.")
    if problem:
        os.close(descriptor)
        raise problem
    return BufferedReader(_InputStream(descriptor, str(path)))


def _read_file_identity(descriptor: int) -> tuple[int, ...]:
    status = os.fstat(descriptor)
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


class _InputStream(FileIO):
    """A file that raises a KinError where reading fails."""

    def __init__(self, descriptor: int, path: str) -> None:
        super().__init__(descriptor, "rb")
        self._path = path

    def readinto(self, buffer: "WriteableBuffer") -> int:
        try:
            return super().readinto(buffer)
        except OSError as error:
            raise _make_read_error(self._path, error) from error

    def readall(self) -> bytes:
        try:
            return super().readall()
        except OSError as error:
            raise _make_read_error(self._path, error) from error


def _make_read_error(name: str, error: OSError) -> KinError:
    return KinError(f"Cannot read {name}: {error.strerror}.", "Nothing was written.")


def _read_stdin() -> bytes:
    if sys.stdin is None:
        raise UsageError("Standard input is closed.", "Nothing was written.")
    try:
        return sys.stdin.buffer.read(MAX_FILE_SIZE)
    except OSError as error:
        raise _make_read_error("standard input", error) from error


def render_import(outcome: "ImportOutcome", dry_run: bool) -> Page:
    """Show how many were imported, who may be there twice, and what was skipped and where."""
    page: list[Line | Table] = [
        make_line(
            Span(f"Read as {outcome.kind}:", "title"),
            f" {_format_counts(outcome)}.",
            " Dry run: nothing was written." if dry_run else "",
        )
    ]
    if dry_run:
        page += _render_mapping(outcome)
        page += [_render_person(each) for each in outcome.people[:_MAX_PEOPLE]]
    page += _render_some(
        "same?", map(_format_double, outcome.doubles), outcome.double_count, len(outcome.doubles)
    )
    page += _render_some("skipped", map(_format_issue, outcome.skipped), len(outcome.skipped))
    page += _render_some("warning", map(_format_issue, outcome.warnings), len(outcome.warnings))
    return tuple(page)


def _format_counts(outcome: "ImportOutcome") -> str:
    """Return how many people are new, updated and unchanged, and what changed besides."""
    counts = ((outcome.new, "new"), (outcome.updated, "updated"), (outcome.same, "unchanged"))
    people = [f"{number:,} {what}" for number, what in counts if number]
    others = (
        (outcome.notes, format_count(outcome.notes, "new note")),
        (outcome.reworded, f"{format_count(outcome.reworded, 'note')} reworded"),
        (outcome.answered, f"{format_count(outcome.answered, 'question')} answered"),
    )
    return ", ".join(
        [
            join_words(people) if people else "no people",
            *(text for number, text in others if number),
        ]
    )


def _render_mapping(outcome: "ImportOutcome") -> Iterable[Line]:
    if outcome.mapping:
        yield make_field(
            "columns", join_words([f"{each.column} → {each.field}" for each in outcome.mapping])
        )


def _render_person(person: "ImportedPersonSummary") -> Line:
    parts = (
        *person.nicknames,
        *person.emails,
        *person.phones,
        *((person.birthday,) if person.birthday else ()),
        *person.interests,
        *person.groups,
        *((f"“{truncate(person.note, 60)}”",) if person.note else ()),
    )
    return make_field(
        "", Span(person.name, "name"), Span(f"  {' · '.join(parts)}" if parts else "")
    )


def _format_double(double: "Double") -> str:
    person, like = double.person, double.like
    return f"{person.name} ({person.handle}) may be {like.name} ({like.handle})"


def _format_issue(issue: "ImportIssue") -> str:
    return f"{issue.where}: {issue.why}"


def _render_some(
    label: str, items: Iterable[str], count: int, listed_count: int | None = None
) -> Sequence[Line]:
    shown = [words for words, _ in zip(items, range(_MAX_SHOWN), strict=False)]
    lines = [make_field("" if number else label, words) for number, words in enumerate(shown)]
    if count > _MAX_SHOWN:
        scope = "them all" if listed_count in (None, count) else f"the first {listed_count}"
        lines.append(
            make_field("", Span(f"… and {count - _MAX_SHOWN:,} more: --json has {scope}", "dim"))
        )
    return lines
