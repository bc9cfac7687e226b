"""Plans an import: which people are new, which are known, and what each record adds. It writes nothing.

Every record that is not imported as it is gets a line in `skipped` or `warnings`.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from kin.constants import KIN_KIND, OWNER_ID
from kin.errors import KinError
from kin.formats.export import VCARD_KIND
from kin.formats.records import (
    Fact,
    FileIssue,
    ImportedNote,
    ImportedPerson,
    ImportedRecords,
    Person,
)
from kin.language import text
from kin.records import PersonRef
from kin.transfer import export
from kin.transfer.record_matching import (
    MAX_DOUBLES,
    PersonIndex,
    fill_gaps,
    make_record_keys,
    sanitize_record,
)

MAX_DOUBLES_EACH = 2  # possible duplicates that an import reports for one new person
_MAX_DOUBLES_LISTED = 100  # in all
_MAX_HANDLE_TRIES = 8  # after more tries, the generator of handles is kept for the next namesake


class PlannedPerson(NamedTuple):
    """A person before the import (None if new) and after it."""

    person_id: int | None
    before: Person | None
    after: Person


class PlannedNote(NamedTuple):
    """A note to be written; `people` are the numbers of entries with the words that named them."""

    imported: ImportedNote
    people: tuple[tuple[int, str], ...]


class ImportedPersonSummary(NamedTuple):
    """A person of a file, for the JSON of an import."""

    name: str
    nicknames: tuple[str, ...]
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    birthday: str | None
    note: str | None
    interests: tuple[str, ...]
    groups: tuple[str, ...]
    source: str


class ImportIssue(NamedTuple):
    """A place in a file, and what happened to it."""

    where: str
    why: str


class Double(NamedTuple):
    """Two people who may be one, for `kin merge`."""

    person: PersonRef
    like: PersonRef


class ColumnMapping(NamedTuple):
    """Which field a column was read as."""

    column: str
    field: str


class ImportOutcome(NamedTuple):
    """What an import did, or would do; `double_count` counts all doubles, listed or not."""

    kind: str
    people: tuple[ImportedPersonSummary, ...]
    notes: int
    new: int
    updated: int
    same: int
    doubles: tuple[Double, ...]
    double_count: int
    skipped: tuple[ImportIssue, ...]
    warnings: tuple[ImportIssue, ...]
    mapping: tuple[ColumnMapping, ...]
    reworded: int = 0  # notes with a new text, from kin's own files
    answered: int = 0  # questions that were open, from kin's own files


class ImportPlan(NamedTuple):
    """All that an import would write; `by_key` maps the keys of records to the numbers of entries."""

    entries: tuple[PlannedPerson, ...]
    by_key: dict[str, int]
    notes: tuple[PlannedNote, ...]
    ties: tuple[tuple[int, int, str], ...]
    outcome: ImportOutcome


def plan_import(
    db: sqlite3.Connection,
    sources: Sequence[ImportedRecords],
    today: str,
    *,
    max_doubles: int = MAX_DOUBLES,
    as_new: bool = False,
    whole_records: bool = True,
) -> ImportPlan:
    """Match the records of files with the people of the book, and with each other.

    `max_doubles` limits the doubles of each new person. With `as_new` every record becomes a new person: the caller
    knows that no one is in the book. Without `whole_records` only the beginning of earlier records is read.
    """
    return _ImportPlanner(db, today, max_doubles, as_new, whole_records).make_plan(sources)


def limit_doubles(outcome: ImportOutcome) -> ImportOutcome:
    """Return the outcome with a list of doubles of reasonable length; `double_count` counts them all."""
    return outcome._replace(doubles=outcome.doubles[:_MAX_DOUBLES_LISTED])


class _ImportPlanner:
    """The state while a plan is made. Entries are known by their number; those of the book come first."""

    def __init__(
        self,
        db: sqlite3.Connection,
        today: str,
        max_doubles: int,
        as_new: bool,
        whole_records: bool,
    ) -> None:
        self._db = db
        self._today = today
        self._max_doubles = max_doubles
        self._as_new = as_new
        self._entries: list[PlannedPerson] = []
        self._index = PersonIndex(compare_birthdays=True)
        self._handles = {row[0] for row in db.execute("SELECT handle FROM person")}
        self._handle_options: dict[str, Iterator[str]] = {}
        self._skipped: list[ImportIssue] = []
        self._warnings: list[ImportIssue] = []
        self._doubles: list[tuple[int, int]] = []
        for person_id, person in export.read_people(db, whole_records=whole_records):
            if person_id != OWNER_ID:
                self._index.add_person(len(self._entries), person)
                self._entries.append(PlannedPerson(person_id, person, person))

    def make_plan(self, sources: Sequence[ImportedRecords]) -> ImportPlan:
        """Match the people of each source, then their ties and notes."""
        summaries: list[ImportedPersonSummary] = []
        touched: set[int] = set()
        notes: list[PlannedNote] = []
        ties: list[tuple[int, int, str]] = []
        by_key: dict[str, int] = {}
        for source in sources:
            self._skipped += [ImportIssue(*_get_where_and_why(each)) for each in source.skipped]
            self._warnings += [ImportIssue(*_get_where_and_why(each)) for each in source.warnings]
            by_key = {}
            self._index.find_shared_contacts(source.people)
            for record, key in zip(source.people, make_record_keys(source.people), strict=True):
                clean = self._sanitize(record)
                if clean is not None:
                    number = self._add_record(clean, get_source_kind(source.kind), key)
                    touched.add(number)
                    summaries.append(_summarize_person(clean))
                    by_key.setdefault(record.key or "", number)
            ties += self._list_new_ties(source.people, by_key)
            notes += self._list_new_notes(source.notes, by_key)
        return ImportPlan(
            tuple(self._entries),
            by_key,
            tuple(notes),
            tuple(dict.fromkeys(ties)),
            self._summarize(sources, summaries, touched, len(notes)),
        )

    def _summarize(
        self,
        sources: Sequence[ImportedRecords],
        summaries: list[ImportedPersonSummary],
        touched: set[int],
        note_count: int,
    ) -> ImportOutcome:
        entries = [self._entries[number] for number in touched]
        new = sum(each.person_id is None for each in entries)
        updated = sum(each.person_id is not None and each.before != each.after for each in entries)
        return ImportOutcome(
            kind=text.join_words(list(dict.fromkeys(each.kind for each in sources if each.kind))),
            people=tuple(summaries),
            notes=note_count,
            new=new,
            updated=updated,
            same=len(touched) - new - updated,
            doubles=tuple(self._make_double(*pair) for pair in self._doubles),
            double_count=len(self._doubles),
            skipped=tuple(self._skipped),
            warnings=tuple(self._warnings),
            mapping=tuple(ColumnMapping(*pair) for each in sources for pair in each.mapping),
        )

    def _sanitize(self, record: ImportedPerson) -> ImportedPerson | None:
        clean, messages = sanitize_record(record)
        self._warnings += [ImportIssue(record.source, reason) for reason in messages]
        if clean is None:
            self._skipped.append(ImportIssue(record.source, "it has no valid name"))
        return clean

    def _add_record(self, record: ImportedPerson, kind: str, key: str) -> int:
        number = None if self._as_new else self._index.find_same_person(record, kind, key)
        if number is None:
            number = self._add_new_person(record, kind)
        entry = self._entries[number]
        result = fill_gaps(entry.after, record, kind, key)
        after = (
            replace(result.person, origins=entry.after.origins)
            if kind == KIN_KIND
            else result.person
        )
        self._entries[number] = entry._replace(after=after)
        self._index.add_person(number, after, record)
        kept_source = "the first value" if entry.person_id is None else "the value in the book"
        self._warnings += [
            ImportIssue(
                record.source,
                f"{entry.after.name} keeps {kept_source}; the file has {field}: {value}",
            )
            for field, value in result.conflicts
        ]
        return number

    def _add_new_person(self, record: ImportedPerson, kind: str) -> int:
        """Add an entry for a new person, and note possible doubles."""
        number = len(self._entries)
        possible_doubles = self._index.find_doubles(record, kind, self._max_doubles)
        self._doubles += [(number, other) for other in possible_doubles]
        if (other := self._index.find_by_uid(record)) is not None:
            name = self._entries[other].after.name
            reason = f"has the UID of {name}, but another name and birthday: added as a new person"
            self._warnings.append(ImportIssue(record.source, reason))
        self._entries.append(PlannedPerson(None, None, self._make_person(record, kind)))
        return number

    def _make_person(self, record: ImportedPerson, kind: str) -> Person:
        # Each of ten thousand namesakes would try the handles of all before: so they share a generator.
        options = self._handle_options.get(record.name) or text.propose_handles(record.name)
        free_handles = (each for each in enumerate(options) if each[1] not in self._handles)
        tries, handle = next(free_handles)
        if tries > _MAX_HANDLE_TRIES:
            self._handle_options[record.name] = options
        self._handles.add(handle)
        return Person(
            handle, record.name, self._today, uid=record.uid if kind == KIN_KIND else None
        )

    def _list_new_ties(
        self, people: Iterable[ImportedPerson], by_key: dict[str, int]
    ) -> tuple[tuple[int, int, str], ...]:
        """Return the ties of a file; one to a name that no one or several people have becomes a fact."""
        existing = {
            (a, b, word)
            for a, b, word in self._db.execute(
                "SELECT a.handle, b.handle, t.word FROM tie t JOIN person a ON a.id = t.a_id JOIN person b ON b.id = t.b_id"
            )
        }
        new_ties: dict[tuple[int, int, str], None] = {}
        for each in people:
            person_number = (
                by_key.get(each.key)
                if each.key is not None
                else self._index.find_by_name(each.name)
            )
            if person_number is None:
                continue
            for imported_tie in each.ties:
                other_number = (
                    by_key.get(imported_tie.key) if imported_tie.key is not None else None
                )
                other_number = (
                    other_number
                    if other_number is not None
                    else self._index.find_by_name(imported_tie.name)
                )
                if other_number is None:
                    self._add_fact(person_number, imported_tie.describe())
                elif (
                    other_number != person_number
                    and self._get_tie_key(other_number, person_number, imported_tie.word)
                    not in existing
                ):
                    new_ties[other_number, person_number, imported_tie.word] = None
        return tuple(new_ties)

    def _get_tie_key(self, a: int, b: int, word: str) -> tuple[str, str, str]:
        return (self._entries[a].after.handle, self._entries[b].after.handle, word)

    def _add_fact(self, number: int, text: str) -> None:
        entry = self._entries[number]
        if not any(each.text == text for each in entry.after.facts):
            after = replace(entry.after, facts=(*entry.after.facts, Fact(text)))
            self._entries[number] = entry._replace(after=after)

    def _list_new_notes(
        self, imported_notes: Iterable[ImportedNote], by_key: dict[str, int]
    ) -> tuple[PlannedNote, ...]:
        """Return the notes that the book does not have yet: the same text on the same day is the same note."""
        existing_texts: defaultdict[str, set[str]] = defaultdict(set)
        for day in {each.on for each in imported_notes}:
            for (stored_text,) in self._db.execute("SELECT text FROM note WHERE day = ?", (day,)):
                existing_texts[day].add(stored_text)
        new_notes = []
        for each in imported_notes:
            try:
                text.check_storable(each.text, "note")
            except KinError as error:
                self._skipped.append(ImportIssue(each.source, error.message))
                continue
            if each.text in existing_texts[each.on]:
                continue
            existing_texts[each.on].add(each.text)
            people: dict[int, str] = {}
            for name in each.people:
                number = by_key.get(name)
                number = number if number is not None else self._index.find_by_name(name)
                if number is None:
                    self._warnings.append(
                        ImportIssue(
                            each.source,
                            f"no one in the book is called “{name}”; the name stays text",
                        )
                    )
                else:
                    people.setdefault(
                        number, self._entries[number].after.name if name in by_key else name
                    )
            new_notes.append(PlannedNote(each, tuple(people.items())))
        return tuple(new_notes)

    def _make_double(self, new: int, other: int) -> Double:
        return Double(self._make_person_ref(new), self._make_person_ref(other))

    def _make_person_ref(self, number: int) -> PersonRef:
        entry = self._entries[number]
        id = entry.person_id or 0  # a new person has no id yet
        return PersonRef(id, entry.after.handle, entry.after.name)


def get_source_kind(kind: str) -> str:
    """Return the kind that the book stores for a kind of file: all versions of vCard are one."""
    return VCARD_KIND if kind.startswith(VCARD_KIND) else kind


def _get_where_and_why(issue: FileIssue) -> tuple[str, str]:
    return issue.where, issue.why


def _summarize_person(record: ImportedPerson) -> ImportedPersonSummary:
    contacts = record.contacts
    return ImportedPersonSummary(
        record.name,
        record.nicknames,
        tuple(contact.value for contact in contacts if contact.kind == "email"),
        tuple(contact.value for contact in contacts if contact.kind == "phone"),
        record.birthday,
        record.note,
        tuple(each.label for each in record.into),
        record.groups,
        record.source,
    )
