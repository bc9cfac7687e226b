"""Writes an import plan: new people, additions to known people, notes and ties. It never changes what the book has."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, select

from kin.book import undo_log
from kin.book.bulk_insert import BulkInserter
from kin.book.models import (
    ContactRow,
    FactRow,
    NameWordRow,
    NicknameRow,
    NoteInterestRow,
    NotePersonRow,
    NoteRow,
    OriginRow,
    PersonGroupRow,
    PersonInterestRow,
    PersonRow,
    QuestionPersonRow,
    QuestionRow,
    TieRow,
    YearlyDateRow,
)
from kin.book.session import get_connection
from kin.formats.records import Person as Card
from kin.language.person_names import list_name_words
from kin.language.text import format_count, join_words
from kin.transfer.import_plan import ImportPlan, PlannedNote, PlannedPerson

ProgressCallback = Callable[[int, int], None]  # called with how many of how many are written


def write_plan(
    session: Session, plan: ImportPlan, name: str, *, now: datetime, progress: ProgressCallback
) -> list[int]:
    """Write the plan, and name the undo step; return the ids of the people of its entries."""
    rows = BulkInserter(session)
    total = len(plan.entries) + len(plan.notes)
    ids = []
    for number, entry in enumerate(plan.entries):
        ids.append(_write_person(session, rows, entry))
        progress(number, total)
    rows.write()
    _write_met_through(session, plan, ids)
    for one, other, word in plan.ties:
        rows.add_with_id(TieRow, a_id=ids[one], b_id=ids[other], word=word)
    stamp = now.astimezone().isoformat(timespec="seconds")
    for number, note in enumerate(plan.notes, len(plan.entries)):
        _write_note(rows, note, ids, stamp)
        progress(number, total)
    rows.write()
    changed = sum(entry.before != entry.after for entry in plan.entries)
    undo_log.name_step(get_connection(session), describe_import(name, changed, len(plan.notes)))
    return ids


def _write_person(session: Session, rows: BulkInserter, entry: PlannedPerson) -> int:
    """Write a new person, or what is new about a known one; return the id."""
    after = entry.after
    if entry.person_id is None:
        person_id = rows.add_with_id(
            PersonRow, is_me=0, met_through=None, **get_person_columns(after)
        )
        add_card_rows(rows, person_id, None, after)
        return person_id
    if entry.before is not None and entry.before != after:
        person = session.get_one(PersonRow, entry.person_id)
        for field, value in get_person_columns(after).items():
            setattr(person, field, value)
        session.add(person)
        add_card_rows(rows, entry.person_id, entry.before, after)
    return entry.person_id


def get_person_columns(card: Card) -> dict[str, str | None]:
    """Return the columns of the table `person` for a card."""
    return {
        "handle": card.handle,
        "name": card.name,
        "met_on": card.met_on,
        "met_precision": card.met_precision,
        "met_at": card.met_at,
        "met_story": card.met_story,
        "lives": card.lives,
        "circle": card.circle,
        "added_on": card.added_on,
    }


def add_card_rows(rows: BulkInserter, person: int, before: Card | None, after: Card) -> None:
    """Add rows for what a card has more than before; `before` is None for a new person."""
    if before is None:
        rows.add_uid(person, after.uid)
    previous = before or Card(after.handle, after.name, after.added_on)
    for nickname in after.nicknames[len(previous.nicknames) :]:
        rows.add_with_id(NicknameRow, person_id=person, nickname=nickname)
    for interest in after.interests[len(previous.interests) :]:
        rows.add_with_id(
            PersonInterestRow,
            person_id=person,
            interest_id=rows.get_interest_id(interest.label),
            stance=interest.stance,
            note=interest.note,
        )
    for label in after.groups[len(previous.groups) :]:
        rows.add(PersonGroupRow, person_id=person, group_id=rows.get_group_id(label))
    for label, day in after.dates[len(previous.dates) :]:
        rows.add_with_id(YearlyDateRow, person_id=person, kind="date", label=label, on_day=day)
    for contact in after.contacts[len(previous.contacts) :]:
        rows.add_with_id(
            ContactRow,
            person_id=person,
            kind=contact.kind,
            label=contact.label,
            value=contact.value,
        )
    for fact in after.facts[len(previous.facts) :]:
        rows.add_with_id(FactRow, person_id=person, text=fact.text, source=fact.source)
    _write_birthday(rows, person, previous, after)
    _write_origins(rows, person, previous, after)
    words = _collect_name_words(after) - (_collect_name_words(before) if before else set())
    for word in sorted(words):
        rows.add(NameWordRow, word=word, person_id=person)


def _collect_name_words(card: Card) -> set[str]:
    return {
        word for name in (card.handle, card.name, *card.nicknames) for word in list_name_words(name)
    }


def _write_birthday(rows: BulkInserter, person: int, previous: Card, after: Card) -> None:
    if after.birthday == previous.birthday:
        return
    if previous.birthday is not None:
        rows.update_rows(
            YearlyDateRow, {"person_id": person, "kind": "birthday"}, {"on_day": after.birthday}
        )
    else:
        rows.add_with_id(
            YearlyDateRow,
            person_id=person,
            kind="birthday",
            label="birthday",
            on_day=after.birthday,
        )


def _write_origins(rows: BulkInserter, person: int, previous: Card, after: Card) -> None:
    """Write new records, and replace those that have changed since the last import."""
    for number, origin in enumerate(after.origins):
        if number >= len(previous.origins):
            rows.add_with_id(
                OriginRow, person_id=person, kind=origin.kind, key=origin.key, raw=origin.raw
            )
        elif origin != previous.origins[number]:
            where = {"person_id": person, "kind": origin.kind, "key": origin.key}
            rows.update_rows(OriginRow, where, {"raw": origin.raw})


def _write_met_through(session: Session, plan: ImportPlan, ids: list[int]) -> None:
    """Write who introduced each person, if that is one person of the book."""
    by_handle = {
        entry.after.handle: number for entry, number in zip(plan.entries, ids, strict=True)
    }
    for entry, number in zip(plan.entries, ids, strict=True):
        through = entry.after.met_through
        if entry.before != entry.after and through in by_handle:
            person = session.exec(select(PersonRow).where(col(PersonRow.id) == number)).one()
            person.met_through = by_handle[through]
            session.add(person)
    session.flush()


def _write_note(rows: BulkInserter, note: PlannedNote, ids: list[int], stamp: str) -> None:
    imported = note.imported
    note_id = rows.add_with_id(
        NoteRow,
        day=imported.on,
        precision=imported.precision,
        text=imported.text,
        text_from=0,
        place=imported.place,
        by=imported.by,
        noted_at=stamp,
    )
    participants = {ids[person]: matched for person, matched in note.people}
    for person, matched in participants.items():
        rows.add(
            NotePersonRow,
            person_id=person,
            day=imported.on,
            note_id=note_id,
            matched=matched,
        )
    for interest_id in dict.fromkeys(rows.get_interest_id(label) for label in imported.interests):
        rows.add(NoteInterestRow, interest_id=interest_id, note_id=note_id)
    for text in imported.questions:
        question_id = rows.add_with_id(
            QuestionRow,
            text=text,
            opened_on=imported.on,
            on_day=None,
            answered_on=None,
            answer=None,
            note_id=note_id,
        )
        for person in participants:
            rows.add(QuestionPersonRow, person_id=person, question_id=question_id)


def describe_import(name: str, people: int, notes: int, questions: int = 0) -> str:
    """Return the label of the undo step of an import."""
    counts = [
        format_count(number, noun)
        for number, noun in ((people, "person"), (notes, "note"), (questions, "question"))
        if number
    ]
    return f"import of {name}" + (f": {join_words(counts)}" if counts else "")
