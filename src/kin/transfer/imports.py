"""Imports files: their people and notes, in one transaction and as one undo step."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce
from typing import Any

from sqlmodel import Session

from kin.book import meta, undo_log
from kin.book.session import get_connection
from kin.formats.records import Book, ImportedRecords
from kin.language.text import join_words
from kin.transfer import forgotten_records, import_apply, load_book
from kin.transfer.import_apply import ProgressCallback, describe_import
from kin.transfer.import_plan import ImportOutcome

Batch = tuple[ImportedRecords | Book, ...]


def split_into_batches(sources: Sequence[ImportedRecords | Book]) -> tuple[Batch, ...]:
    """Split sources into batches: each book with its report, each source with notes, then all others together."""
    books: list[Batch] = []
    with_notes: list[Batch] = []
    without_notes: list[ImportedRecords | Book] = []
    for source in sources:
        if isinstance(source, Book):
            book_report = (
                ()
                if not without_notes or _has_content(without_notes[-1])
                else (without_notes.pop(),)
            )
            books.append((*book_report, source))
        elif source.notes:
            with_notes.append((source,))
        else:
            without_notes.append(source)
    return (*books, *with_notes, *([tuple(without_notes)] if without_notes else ()))


def _has_content(source: ImportedRecords | Book) -> bool:
    return isinstance(source, Book) or bool(source.people or source.notes or source.mapping)


def sum_outcomes(outcomes: Sequence[ImportOutcome]) -> ImportOutcome:
    """Return the outcome of several batches as that of one import."""
    return reduce(_add_outcomes, outcomes)


def _add_outcomes(one: ImportOutcome, other: ImportOutcome) -> ImportOutcome:
    kinds = dict.fromkeys(each for each in (one.kind, other.kind) if each)
    pairs: Iterable[tuple[Any, Any]] = zip(one[1:], other[1:], strict=True)
    return ImportOutcome(
        join_words(list(kinds)), *(left_value + right_value for left_value, right_value in pairs)
    )


def run_import(
    session: Session,
    sources: Sequence[ImportedRecords | Book],
    name: str,
    *,
    now: datetime,
    progress: ProgressCallback,
    forgotten_too: bool = False,
) -> ImportOutcome:
    """Match the records of files with the book, and write what is new; `name` is for the history.

    A whole book that kin exported is restored in full into an empty book. With `forgotten_too` people who were
    forgotten are imported too, and are no longer on the list.
    """
    outcomes = [
        _import_batch(session, batch, name, now, progress, forgotten_too)
        for batch in split_into_batches(sources)
    ]
    if forgotten_too:
        db = get_connection(session)
        for identity in forgotten_records.list_identities(sources):
            meta.remove_forgotten_card(db, identity)
    outcome = sum_outcomes(outcomes)
    if len(outcomes) > 1:
        people = outcome.new + outcome.updated
        undo_log.name_step(get_connection(session), describe_import(name, people, outcome.notes))
    return outcome


def _import_batch(
    session: Session,
    batch: Sequence[ImportedRecords | Book],
    name: str,
    now: datetime,
    progress: ProgressCallback,
    forgotten_too: bool,
) -> ImportOutcome:
    db = get_connection(session)
    merge_plan = load_book.plan_merge(
        db, batch, now.date().isoformat(), forgotten_too=forgotten_too
    )
    if merge_plan.book is None:
        import_apply.write_plan(session, merge_plan.plan, name, now=now, progress=progress)
    elif load_book.is_empty_book(db):
        load_book.load_into_empty_book(session, merge_plan.book, name)
    else:
        load_book.merge_into_book(
            session, merge_plan.book, merge_plan, name, now=now, progress=progress
        )
    return merge_plan.plan.outcome
