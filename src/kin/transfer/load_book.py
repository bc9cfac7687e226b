"""Loads a whole book that kin exported: all of it into an empty book, or into another book what that one lacks.

An empty book gets everything back: exporting it again gives the same file.
"""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import count
from typing import NamedTuple

from sqlmodel import Session

from kin.book import indexes, meta, undo_log
from kin.book.bulk_insert import BulkInserter
from kin.book.models import (
    InterestSourceRow,
    IntroductionRow,
    NoteInterestRow,
    NotePersonRow,
    NoteRow,
    PersonRow,
    QuestionPersonRow,
    QuestionRow,
    SentRow,
    ShowingRow,
    SnoozeRow,
    TieRow,
    UidRow,
    VocabularyRuleRow,
)
from kin.book.session import get_connection
from kin.constants import KIN_KIND, OWNER_ID
from kin.errors import KinError
from kin.formats import records
from kin.formats.export import convert_person, convert_sources
from kin.formats.records import Book, ImportedRecords, Note, Person, Question
from kin.language import text as language_text
from kin.language.dates import format_date
from kin.language.text import format_count, normalize
from kin.transfer import export, forgotten_records, import_apply, import_plan
from kin.transfer.import_apply import (
    ProgressCallback,
    add_card_rows,
    describe_import,
    get_person_columns,
)
from kin.transfer.import_plan import ImportIssue, ImportOutcome, ImportPlan
from kin.transfer.record_matching import fill_gaps
from kin.vocabulary import catalog

_MIN_SIMILARITY = (
    0.5  # share of words that two notes have in common, where nothing else matches them
)
_MAX_GROUP_SIZE = (
    100  # notes written in the same second about one day; larger groups match by order only
)


def is_empty_book(db: sqlite3.Connection) -> bool:
    """Return whether nothing has been written into the book yet."""
    sql = (
        "SELECT EXISTS (SELECT 1 FROM person WHERE id > ?1) OR EXISTS (SELECT 1 FROM note) "
        "OR EXISTS (SELECT 1 FROM person_interest WHERE person_id = ?1) OR EXISTS (SELECT 1 FROM vocabulary_rule) "
        # In a new book the owner has only the name “me”.
        "OR EXISTS (SELECT 1 FROM name_word WHERE person_id = ?1 AND word <> 'me')"
    )
    return not db.execute(sql, (OWNER_ID,)).fetchone()[0]


def find_only_book(sources: Sequence[ImportedRecords | Book]) -> Book | None:
    """Return the book if the sources are one book and nothing else."""
    with_content = [each for each in sources if isinstance(each, Book) or each.people or each.notes]
    return with_content[0] if len(with_content) == 1 and isinstance(with_content[0], Book) else None


def count_loaded_book(
    matched: ImportOutcome, sources: Sequence[ImportedRecords | Book]
) -> ImportOutcome:
    """Return the outcome of an import into an empty book; `matched` is what it would have been otherwise."""
    book = find_only_book(sources)
    if book is None:
        return matched
    records = [source for source in sources if isinstance(source, ImportedRecords)]
    return matched._replace(
        new=sum(not person.me for person in book.people),
        updated=0,
        same=0,
        notes=len(book.notes),
        doubles=(),
        double_count=0,
        skipped=tuple(
            ImportIssue(issue.where, issue.why) for source in records for issue in source.skipped
        ),
        warnings=tuple(
            [ImportIssue(issue.where, issue.why) for source in records for issue in source.warnings]
            + _warn_about_forgotten(book)
        ),
    )


def _warn_about_forgotten(book: Book) -> list[ImportIssue]:
    if not book.forgotten:
        return []
    cards = format_count(len(book.forgotten), "card")
    reason = f"{cards} of people forgotten in that book will not be read here"
    return [ImportIssue("forgotten", reason)]


class RewordedNote(NamedTuple):
    """A note of the book, by the id of its row, and its new text."""

    row_id: int
    text: str
    body_start: int


class NoteMatches(NamedTuple):
    """The notes of a file: those with a new text, those that are new, and what conflicts with the book."""

    reworded: tuple[RewordedNote, ...]
    new: tuple[Note, ...]
    conflicts: tuple[tuple[Note, str], ...]


def match_notes(
    db: sqlite3.Connection, current_notes: Sequence[Note], imported_notes: Iterable[Note]
) -> NoteMatches:
    """Match the notes of a file with those of the book; `current_notes` are in the order of their rows."""
    row_ids = [row[0] for row in db.execute("SELECT id FROM note ORDER BY id")]
    unmatched = _UnmatchedNotes(list(zip(row_ids, current_notes, strict=True)))
    pairs = [(each, unmatched.take_match((each.on, each.text), each)) for each in imported_notes]
    missing = [each for each, book_row in pairs if book_row is None]
    moved_rows = {
        id(each): unmatched.take_match((each.noted_at, each.text), each) for each in missing
    }
    missing = [each for each in missing if moved_rows[id(each)] is None]
    reworded = dict(_match_reworded(unmatched, missing))
    conflicts = []
    for each, book_row in pairs:
        matched_row = book_row or moved_rows.get(id(each)) or reworded.get(id(each))
        if matched_row is not None:
            conflicts += [(each, reason) for reason in _list_conflicts(matched_row[1], each)]
    return NoteMatches(
        tuple(
            RewordedNote(book_row[0], each.text, _find_body_start(book_row[1], each))
            for each in missing
            if (book_row := reworded.get(id(each))) is not None
        ),
        tuple(each for each in missing if id(each) not in reworded),
        tuple(conflicts),
    )


NumberedNote = tuple[int, Note]


class _UnmatchedNotes:
    """The notes of the book that no note of the file has matched yet."""

    def __init__(self, rows: Sequence[NumberedNote]) -> None:
        self._rows_by_key: defaultdict[tuple[str, str], list[NumberedNote]] = defaultdict(list)
        self._taken: set[int] = set()
        for row in rows:
            note = row[1]
            for key in {(note.on, note.text), (note.noted_at, note.text)}:
                self._rows_by_key[key].append(row)
            self._rows_by_key[note.noted_at, f"\0{note.on}"].append(row)

    def take_match(self, key: tuple[str, str], note: Note) -> NumberedNote | None:
        """Return a note with that key, an identical one if possible; for the day and text, even one that has matched."""
        rows = self._rows_by_key.get(key, [])
        free = [row for row in rows if row[0] not in self._taken]
        identical = (row for row in free if not any(_list_conflicts(row[1], note)))
        match = next(identical, None) or next(iter(free), None)
        if match is None and key[0] == note.on:
            match = next(iter(rows), None)  # the same text on one day is one note
        if match is not None:
            self._taken.add(match[0])
        return match

    def find_noted_together(self, note: Note) -> list[NumberedNote]:
        """Return the unmatched notes of the same day that were written at the same time."""
        rows = self._rows_by_key.get((note.noted_at, f"\0{note.on}"), [])
        return [row for row in rows if row[0] not in self._taken]


def _match_reworded(
    unmatched: _UnmatchedNotes, missing: Iterable[Note]
) -> Iterator[tuple[int, NumberedNote]]:
    """Match notes whose text differs from the book: yield the id() of the note, and the row."""
    groups: defaultdict[tuple[str, str], list[Note]] = defaultdict(list)
    for each in missing:
        if _is_storable(each):
            groups[each.noted_at, each.on].append(each)
    for (noted_at, on), notes in groups.items():
        rows = unmatched.find_noted_together(notes[0])
        is_stamped = noted_at != f"{on}T00:00:00+00:00"  # notes without a time are given this one
        if is_stamped and len(rows) == len(notes) and all(map(_may_be_same_note, notes, rows)):
            yield from ((id(each), row) for each, row in zip(notes, rows, strict=True))
        elif max(len(rows), len(notes)) <= _MAX_GROUP_SIZE:
            yield from _match_similar(notes, rows, is_stamped)


def _match_similar(
    notes: Iterable[Note], rows: list[NumberedNote], is_stamped: bool
) -> Iterator[tuple[int, NumberedNote]]:
    for each in notes:
        fitting = [row for row in rows if _may_be_same_note(each, row)]
        if not fitting:
            continue
        similarities = [_measure_similarity(row[1], each) for row in fitting]
        if (is_stamped and len(fitting) == 1) or max(similarities) >= _MIN_SIMILARITY:
            best = fitting[similarities.index(max(similarities))]
            rows.remove(best)
            yield id(each), best


def _may_be_same_note(note: Note, row: NumberedNote) -> bool:
    """Return whether two notes may be one: they share a person, or one of them has no people."""
    note_people, row_people = _list_handles(note), _list_handles(row[1])
    return bool(note_people & row_people) or not (note_people and row_people)


def _list_handles(note: Note) -> set[str]:
    return {each.handle for each in note.people}


def _measure_similarity(one: Note, other: Note) -> float:
    first, second = _split_words(one.text), _split_words(other.text)
    return len(first & second) / (len(first | second) or 1)


def _split_words(text: str) -> set[str]:
    return set(re.findall(r"\w+", normalize(text)))


def _is_storable(note: Note) -> bool:
    try:
        language_text.check_storable(note.text, "note")
    except KinError:
        return False
    return True


def _find_body_start(current: Note, imported: Note) -> int:
    """Return where the body of the imported text begins: after the leading day if that is still there, else 0."""
    start = current.body_start
    return (
        start if imported.text[:start] == current.text[:start] and len(imported.text) > start else 0
    )


def _list_conflicts(current: Note, imported: Note) -> Iterator[str]:
    """Yield what a file has otherwise for a note, apart from the text."""
    day = f"the note of {format_date(date.fromisoformat(current.on))}"
    if (current.on, current.precision) != (imported.on, imported.precision):
        yield _describe_kept_value(day, "day", _format_day(imported.on, imported.precision))
    for field in ("place", "by"):
        current_value, imported_value = getattr(current, field), getattr(imported, field)
        if imported_value is not None and imported_value != current_value:
            yield _describe_kept_value(day, field, imported_value)
    if new_people := _list_handles(imported) - _list_handles(current):
        yield _describe_kept_value(day, "with", ", ".join(sorted(new_people)))
    current_interests = {normalize(each) for each in current.interests}
    if new_interests := [
        each for each in imported.interests if normalize(each) not in current_interests
    ]:
        yield _describe_kept_value(day, "about", ", ".join(new_interests))


def _describe_kept_value(what: str, field: str, value: str) -> str:
    return f"{what} keeps the value in the book; the file has {field}: {value}"


def _format_day(on: str, precision: str) -> str:
    return on if precision == "day" else f"{on}, known to the {precision}"


class QuestionUpdate(NamedTuple):
    """A question of the book, by the id of its row, and what becomes of it."""

    row_id: int
    after: Question


class BookMergePlan(NamedTuple):
    """All that an import would do: the plan, and the changes to notes and questions of the book."""

    plan: ImportPlan
    book: Book | None = None
    reworded_notes: tuple[RewordedNote, ...] = ()
    question_updates: tuple[QuestionUpdate, ...] = ()
    new_questions: tuple[Question, ...] = ()


def plan_merge(
    db: sqlite3.Connection,
    sources: Sequence[ImportedRecords | Book],
    today: str,
    *,
    forgotten_too: bool = False,
) -> BookMergePlan:
    """Match sources with the book; a whole book that kin exported also by its notes and questions.

    People who were forgotten are left out, unless `forgotten_too` is set.
    """
    if forgotten_too:
        return _plan_sources(db, sources, today)
    sources, skipped = forgotten_records.filter_forgotten(db, sources)
    merge_plan = _plan_sources(db, sources, today)
    outcome = merge_plan.plan.outcome
    outcome = outcome._replace(skipped=(*outcome.skipped, *skipped))
    return merge_plan._replace(plan=merge_plan.plan._replace(outcome=outcome))


def _plan_sources(
    db: sqlite3.Connection, sources: Sequence[ImportedRecords | Book], today: str
) -> BookMergePlan:
    book = find_only_book(sources)
    if book is None:
        return BookMergePlan(_match_sources(db, sources, today))
    if is_empty_book(db):
        matched = _match_sources(db, sources, today)
        return BookMergePlan(
            matched._replace(outcome=count_loaded_book(matched.outcome, sources)), book
        )
    current_book = export.read_book(db)
    note_matches = match_notes(db, current_book.notes, book.notes)
    remaining_book = replace(book, notes=note_matches.new)
    remaining_sources = [remaining_book if each is book else each for each in sources]
    matched = _match_sources(db, remaining_sources, today)
    known_people = _match_people(current_book, book, matched)
    question_matches = _match_questions(
        db, current_book, book, {handle: person.handle for handle, person in known_people.items()}
    )
    warnings = (
        *_list_differences(known_people, book.people),
        *(ImportIssue(f"kin: {each.on}", reason) for each, reason in note_matches.conflicts),
        *question_matches.warnings,
    )
    outcome = matched.outcome._replace(
        warnings=(*matched.outcome.warnings, *warnings),
        reworded=len(note_matches.reworded),
        answered=sum(each.after.answered_on is not None for each in question_matches.updates),
    )
    matched = matched._replace(outcome=outcome)
    return BookMergePlan(
        matched, book, note_matches.reworded, question_matches.updates, question_matches.new
    )


def _match_sources(
    db: sqlite3.Connection, sources: Sequence[ImportedRecords | Book], today: str
) -> import_plan.ImportPlan:
    return import_plan.plan_import(
        db, convert_sources(sources), today, max_doubles=import_plan.MAX_DOUBLES_EACH
    )


def _match_people(current_book: Book, book: Book, matched: ImportPlan) -> dict[str, Person]:
    """Return the people who were in the book before, by their handles in the file."""
    entries = {handle: matched.entries[number] for handle, number in matched.by_key.items()}
    known = {handle: each.before for handle, each in entries.items() if each.before is not None}
    owner = next(person for person in current_book.people if person.me)
    return known | {person.handle: owner for person in book.people if person.me}


def _list_differences(
    known_people: dict[str, Person], imported_people: Iterable[Person]
) -> Iterator[ImportIssue]:
    """Yield what a file has otherwise and `fill_gaps` does not report: meeting, dates, interests, the owner's card."""
    for imported in imported_people:
        current = known_people.get(imported.handle)
        if current is None:
            continue
        pairs = [
            *_compare_meeting(current, imported),
            *_compare_dates(current, imported),
            *_compare_interests(current, imported),
        ]
        if imported.me:
            pairs += _compare_owner(current, imported)
        for field, value in pairs:
            yield ImportIssue(imported.handle, _describe_kept_value(current.name, field, value))


def _compare_meeting(current: Person, imported: Person) -> Iterator[tuple[str, str]]:
    for field, current_value, imported_value in (
        ("met on", current.met_on, imported.met_on),
        ("met through", current.met_through, imported.met_through),
    ):
        if (
            current_value is not None
            and imported_value is not None
            and current_value != imported_value
        ):
            yield field, imported_value


def _compare_dates(current: Person, imported: Person) -> Iterator[tuple[str, str]]:
    for label, day in imported.dates:
        current_days = {on for name, on in current.dates if name.casefold() == label.casefold()}
        if current_days and day not in current_days:
            yield label, day


def _compare_interests(current: Person, imported: Person) -> Iterator[tuple[str, str]]:
    current_by_key = {catalog.normalize_interest(each.label): each for each in current.interests}
    for each in imported.interests:
        current_interest = current_by_key.get(catalog.normalize_interest(each.label))
        if current_interest is None:
            continue
        if current_interest.stance != each.stance:
            yield each.label, each.stance
        if each.note is not None and current_interest.note != each.note:
            yield each.label, each.note


def _compare_owner(current: Person, imported: Person) -> Iterator[tuple[str, str]]:
    for field in ("name", "lives", "birthday"):
        current_value, imported_value = getattr(current, field), getattr(imported, field)
        if imported_value is not None and current_value != imported_value:
            yield field, imported_value


class _QuestionMatches(NamedTuple):
    updates: tuple[QuestionUpdate, ...]
    new: tuple[Question, ...]
    warnings: tuple[ImportIssue, ...]


def _match_questions(
    db: sqlite3.Connection, current_book: Book, imported_book: Book, handles: dict[str, str]
) -> _QuestionMatches:
    """Match questions by their text, their day and their people."""
    row_ids = [row[0] for row in db.execute("SELECT id FROM question ORDER BY id")]
    by_words: defaultdict[tuple[str, str], list[tuple[int, Question]]] = defaultdict(list)
    for row_id, question in zip(row_ids, current_book.questions, strict=True):
        by_words[question.text, question.opened_on].append((row_id, question))
    updates: dict[int, Question] = {}
    new: list[Question] = []
    warnings: list[ImportIssue] = []
    for imported in imported_book.questions:
        people = {handles.get(each, "") for each in imported.people}
        matches = [
            each
            for each in by_words[imported.text, imported.opened_on]
            if people & set(each[1].people) or not (people or each[1].people)
        ]
        if not matches:
            new.append(imported)
            continue
        if any(_get_state(each) == _get_state(imported) for _, each in matches):
            continue
        open_matches = (
            each for each in matches if each[0] not in updates and each[1].answered_on is None
        )
        row_id, current = next(open_matches, matches[0])
        after, conflicts = _merge_question(updates.get(row_id, current), imported)
        if after != current:
            updates[row_id] = after
        warnings += [ImportIssue(imported.opened_on, reason) for reason in conflicts]
    return _QuestionMatches(
        tuple(QuestionUpdate(*each) for each in updates.items()),
        tuple(new),
        tuple(dict.fromkeys(warnings)),
    )


def _get_state(question: Question) -> tuple[str | None, ...]:
    return question.on, question.answered_on, question.answer


def _merge_question(current: Question, imported: Question) -> tuple[Question, list[str]]:
    """Return the question of the book with what the file adds, and what conflicts."""
    conflicts: list[str] = []

    def merge_field(field: str, value: str | None, new: str | None) -> str | None:
        if value is not None and new is not None and value != new:
            conflicts.append(_describe_kept_value(f"“{current.text}”", field, new))
        return value if value is not None else new

    after = replace(
        current,
        on=merge_field("on", current.on, imported.on),
        answered_on=merge_field("answered", current.answered_on, imported.answered_on),
        answer=merge_field("answer", current.answer, imported.answer),
    )
    if current.answered_on is not None and imported.answered_on is None:
        conflicts.append(f"“{current.text}” stays answered, as in the book; the file has it open")
    return after, conflicts


def load_into_empty_book(session: Session, book: records.Book, name: str) -> None:
    """Write a whole book into an empty one."""
    rows = BulkInserter(session)
    renamed_people = _free_owner_handle(get_connection(session), book.people)
    ids = {
        person.handle: _load_person(session, rows, renamed)
        for person, renamed in zip(book.people, renamed_people, strict=True)
    }
    rows.write()
    for person in book.people:
        _load_details(session, rows, person, ids)
    note_ids = [_load_note(rows, note, ids) for note in book.notes]
    for question in book.questions:
        _load_question(
            rows,
            question,
            ids,
            note_ids[question.note_index] if question.note_index is not None else None,
        )
    for tie in book.ties:
        rows.add_with_id(TieRow, a_id=ids[tie.a], b_id=ids[tie.b], word=tie.word)
    for each in book.introductions:
        _load_introduction(rows, each, ids)
    for rule in book.vocabulary:
        _load_vocabulary_rule(rows, rule)
    rows.write()
    db = get_connection(session)
    meta.add_forgotten_marks(db, book.forgotten)
    indexes.rebuild_interest_index(db)
    undo_log.name_step(db, describe_import(name, len(book.people) - 1, len(book.notes)))


def merge_into_book(
    session: Session,
    book: records.Book,
    merge_plan: BookMergePlan,
    name: str,
    *,
    now: datetime,
    progress: ProgressCallback,
) -> None:
    """Write what the book lacks, and the changes to its notes and questions."""
    db, plan = get_connection(session), merge_plan.plan
    entry_ids = import_apply.write_plan(session, plan, name, now=now, progress=progress)
    ids = {handle: entry_ids[row_id] for handle, row_id in plan.by_key.items()}
    ids |= {person.handle: OWNER_ID for person in book.people if person.me}
    rows = BulkInserter(session)
    _fill_owner(db, rows, book)
    for note in merge_plan.reworded_notes:
        rows.update_rows(
            NoteRow, {"id": note.row_id}, {"text": note.text, "text_from": note.body_start}
        )
    for row_id, after in merge_plan.question_updates:
        state = {"on_day": after.on, "answered_on": after.answered_on, "answer": after.answer}
        rows.update_rows(QuestionRow, {"id": row_id}, state)
    for question in merge_plan.new_questions:
        _load_question(rows, question, ids, None)
    known_pairs = {
        frozenset(pair) for pair in db.execute("SELECT a_key, b_key FROM vocabulary_rule")
    }
    for rule in book.vocabulary:
        if (
            frozenset((catalog.normalize_interest(rule.a), catalog.normalize_interest(rule.b)))
            not in known_pairs
        ):
            _load_vocabulary_rule(rows, rule)
    rows.write()
    indexes.rebuild_interest_index(db)
    people = sum(entry.before != entry.after for entry in plan.entries)
    note_count, question_count = (
        len(plan.notes) + len(merge_plan.reworded_notes),
        len(merge_plan.question_updates) + len(merge_plan.new_questions),
    )
    undo_log.name_step(db, describe_import(name, people, note_count, question_count))


def _fill_owner(db: sqlite3.Connection, rows: BulkInserter, book: records.Book) -> None:
    """Fill gaps on the owner's card."""
    current = next(card for number, card in export.read_people(db) if number == OWNER_ID)
    for person in book.people:
        if person.me:
            after = fill_gaps(current, convert_person(person, ()), KIN_KIND, "").person
            add_card_rows(
                rows,
                OWNER_ID,
                current,
                replace(after, origins=current.origins, birthday=current.birthday),
            )


def _free_owner_handle(
    db: sqlite3.Connection, people: tuple[records.Person, ...]
) -> tuple[records.Person, ...]:
    """Return the people; if none of them is the owner, anyone with the owner's handle gets another."""
    (owner_handle,) = db.execute("SELECT handle FROM person WHERE is_me = 1").fetchone()
    taken_handles = {person.handle for person in people}
    if owner_handle not in taken_handles or any(person.me for person in people):
        return people
    free_handle = next(
        option for number in count(2) if (option := f"{owner_handle}-{number}") not in taken_handles
    )
    return tuple(
        replace(person, handle=free_handle) if person.handle == owner_handle else person
        for person in people
    )


def _load_person(session: Session, rows: BulkInserter, person: records.Person) -> int:
    if person.me:
        owner = session.get_one(PersonRow, OWNER_ID)
        for field, value in get_person_columns(person).items():
            setattr(owner, field, value)
        session.add(owner)
        session.flush()
        person_id = OWNER_ID
        add_card_rows(rows, person_id, records.Person("me", "", person.added_on), person)
        if person.uid is not None:
            rows.update_rows(UidRow, {"person_id": OWNER_ID}, {"uid": person.uid})
    else:
        person_id = rows.add_with_id(
            PersonRow, is_me=0, met_through=None, **get_person_columns(person)
        )
        add_card_rows(rows, person_id, None, person)
    return person_id


def _load_details(
    session: Session, rows: BulkInserter, person: records.Person, ids: dict[str, int]
) -> None:
    """Write what refers to other people, and snooze, suggestions and sent items."""
    person_id = ids[person.handle]
    if person.met_through is not None:
        rows.update_rows(PersonRow, {"id": person_id}, {"met_through": ids[person.met_through]})
    for interest in person.interests:
        if interest.learned_from is not None:
            (link_id,) = (
                get_connection(session)
                .execute(
                    "SELECT id FROM person_interest WHERE person_id = ? AND interest_id = ?",
                    (person_id, rows.get_interest_id(interest.label)),
                )
                .fetchone()
            )
            rows.add(InterestSourceRow, link_id=link_id, from_id=ids[interest.learned_from])
    if person.snooze is not None:
        rows.add(SnoozeRow, person_id=person_id, until=person.snooze.until)
    for showing in person.showings:
        rows.add(ShowingRow, person_id=person_id, day=showing.day, opener=showing.opener)
    for sent_item in person.sent:
        rows.add_with_id(SentRow, person_id=person_id, day=sent_item.day, text=sent_item.text)


def _load_note(rows: BulkInserter, note: records.Note, ids: dict[str, int]) -> int:
    note_id = rows.add_with_id(
        NoteRow,
        day=note.on,
        precision=note.precision,
        text=note.text,
        text_from=note.body_start,
        place=note.place,
        by=note.by,
        noted_at=note.noted_at,
    )
    for participant in note.people:
        rows.add(
            NotePersonRow,
            person_id=ids[participant.handle],
            day=note.on,
            note_id=note_id,
            matched=participant.matched,
        )
    for label in note.interests:
        rows.add(NoteInterestRow, interest_id=rows.get_interest_id(label), note_id=note_id)
    return note_id


def _load_question(
    rows: BulkInserter, question: records.Question, ids: dict[str, int], note_id: int | None
) -> None:
    question_id = rows.add_with_id(
        QuestionRow,
        text=question.text,
        opened_on=question.opened_on,
        on_day=question.on,
        answered_on=question.answered_on,
        answer=question.answer,
        note_id=note_id,
    )
    for handle in question.people:
        rows.add(QuestionPersonRow, person_id=ids[handle], question_id=question_id)


def _load_introduction(
    rows: BulkInserter, introduction: records.Introduction, ids: dict[str, int]
) -> None:
    """Write an introduction, the lower id first, as the schema requires."""
    (a, a_answer), (b, b_answer) = sorted(
        [
            (ids[introduction.a], introduction.a_answer),
            (ids[introduction.b], introduction.b_answer),
        ],
        key=lambda side: side[0],
    )
    rows.add(
        IntroductionRow,
        a_id=a,
        b_id=b,
        a_answer=a_answer,
        b_answer=b_answer,
        made_on=introduction.made_on,
    )


def _load_vocabulary_rule(rows: BulkInserter, rule: records.VocabularyRule) -> None:
    rows.add_with_id(
        VocabularyRuleRow,
        relation=rule.relation,
        a_key=catalog.normalize_interest(rule.a),
        a_label=rule.a,
        b_key=catalog.normalize_interest(rule.b),
        b_label=rule.b,
        added_on=rule.added_on,
    )
