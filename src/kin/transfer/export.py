"""Reads the whole book into records for export, and writes cards from them."""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from kin.book import meta
from kin.constants import OWNER_ID
from kin.formats import records, vcard
from kin.formats.editor_card import Contact
from kin.formats.export import (
    VCARD_KIND,
    ExportOptions,
    collect_note_texts,
    convert_book,
    get_card_uid,
)
from kin.formats.records import Book, ImportedPerson, Person
from kin.transfer.record_matching import fill_gaps, sanitize_record
from kin.transfer.sync import three_way_merge
from kin.transfer.sync.three_way_merge import SharedFields

_RECORD_HEAD_SIZE = 4096  # bytes of an imported record, which include the name on a card


def read_book(db: sqlite3.Connection) -> records.Book:
    """Return everything in the book that is not derived, each list in the order it was written. Reads each table once."""
    handles: dict[int, str] = dict(db.execute("SELECT id, handle FROM person").fetchall())
    note_rows = db.execute(
        "SELECT id, day, text, noted_at, precision, text_from, place, by FROM note ORDER BY id"
    ).fetchall()
    index_by_note_id = {row[0]: number for number, row in enumerate(note_rows)}
    return records.Book(
        people=tuple(person for _, person in read_people(db)),
        notes=tuple(_read_notes(db, note_rows, handles)),
        questions=tuple(_read_questions(db, handles, index_by_note_id)),
        ties=tuple(
            records.Tie(handles[a], handles[b], word)
            for a, b, word in db.execute("SELECT a_id, b_id, word FROM tie ORDER BY id")
        ),
        introductions=tuple(
            records.Introduction(handles[a], handles[b], *answers)
            for a, b, *answers in db.execute(
                "SELECT a_id, b_id, a_answer, b_answer, made_on FROM introduction ORDER BY a_id, b_id"
            )
        ),
        vocabulary=tuple(
            records.VocabularyRule(*row)
            for row in db.execute(
                "SELECT relation, a_label, b_label, added_on FROM vocabulary_rule ORDER BY id"
            )
        ),
        forgotten=meta.list_forgotten_marks(db),
    )


def select_people(db: sqlite3.Connection, book: records.Book, who: Iterable[str]) -> records.Book:
    """Return the part of a book with these people: them and the owner, their notes, questions and ties to each other."""
    from kin.people.queries import find_person

    wanted_handles = {find_person(db, each).handle for each in who}
    owner_handles = {person.handle for person in book.people if person.me}
    kept_handles = wanted_handles | owner_handles
    notes = [
        (old_index, replace(note, people=participants))
        for old_index, note in enumerate(book.notes)
        if wanted_handles & {each.handle for each in note.people}
        for participants in [tuple(each for each in note.people if each.handle in kept_handles)]
    ]
    new_index = {old_index: index for index, (old_index, _) in enumerate(notes)}
    return records.Book(
        people=tuple(
            _drop_references(person, kept_handles)
            for person in book.people
            if person.handle in kept_handles
        ),
        notes=tuple(note for _, note in notes),
        questions=tuple(
            replace(
                question,
                people=tuple(each for each in question.people if each in kept_handles),
                note_index=new_index.get(question.note_index)
                if question.note_index is not None
                else None,
            )
            for question in book.questions
            if wanted_handles & set(question.people)
        ),
        ties=tuple(tie for tie in book.ties if {tie.a, tie.b} <= kept_handles),
        introductions=tuple(
            each for each in book.introductions if {each.a, each.b} <= kept_handles
        ),
        vocabulary=book.vocabulary,
    )


def _drop_references(person: records.Person, kept_handles: set[str]) -> records.Person:
    """Return a person without references to people who are left out."""
    return replace(
        person,
        met_through=person.met_through if person.met_through in kept_handles else None,
        interests=tuple(
            each if each.learned_from in kept_handles else replace(each, learned_from=None)
            for each in person.interests
        ),
    )


def read_people(
    db: sqlite3.Connection, *, whole_records: bool = True
) -> Iterable[tuple[int, records.Person]]:
    """Yield everyone in the book, each with their id.

    Without `whole_records` only the beginning of each imported record is read: the rest may be a photo.
    """
    handles: dict[int, str] = dict(db.execute("SELECT id, handle FROM person").fetchall())
    nicknames = _group_by_id(db, "SELECT person_id, nickname FROM nickname ORDER BY id")
    interests = _group_by_id(
        db,
        "SELECT pi.person_id, i.label, pi.stance, pi.note, c.from_id FROM person_interest pi "
        "JOIN interest i ON i.id = pi.interest_id LEFT JOIN interest_source c ON c.link_id = pi.id ORDER BY pi.id",
    )
    groups = _group_by_id(
        db,
        "SELECT pg.person_id, g.label FROM person_group pg JOIN people_group g ON g.id = pg.group_id ORDER BY g.key",
    )
    dates = _group_by_id(db, "SELECT person_id, kind, label, on_day FROM yearly_date ORDER BY id")
    contacts = _group_by_id(db, "SELECT person_id, kind, value, label FROM contact ORDER BY id")
    facts = _group_by_id(db, "SELECT person_id, text, source FROM fact ORDER BY id")
    raw = "raw" if whole_records else f"substr(raw, 1, {_RECORD_HEAD_SIZE})"
    origins = _group_by_id(db, f"SELECT person_id, kind, key, {raw} FROM origin ORDER BY id")
    uids = dict(db.execute("SELECT person_id, uid FROM uid").fetchall())
    snoozes = dict(db.execute("SELECT person_id, until FROM snooze").fetchall())
    showings = _group_by_id(
        db, "SELECT person_id, day, opener FROM showing ORDER BY person_id, day"
    )
    sent_items = _group_by_id(db, "SELECT person_id, day, text FROM sent ORDER BY id")
    for (
        id,
        handle,
        name,
        added_on,
        met_on,
        met_precision,
        met_at,
        met_story,
        met_through,
        lives,
        circle,
    ) in db.execute(
        "SELECT id, handle, name, added_on, met_on, met_precision, met_at, met_story, met_through, lives, circle "
        "FROM person ORDER BY id"
    ).fetchall():
        person_dates = dates.get(id, ())
        yield (
            id,
            records.Person(
                handle=handle,
                name=name,
                added_on=added_on,
                me=id == OWNER_ID,
                nicknames=tuple(each for (each,) in nicknames.get(id, ())),
                interests=tuple(
                    records.PersonInterest(label, stance, note, handles.get(source_id))
                    for label, stance, note, source_id in interests.get(id, ())
                ),
                met_on=met_on,
                met_precision=met_precision,
                met_at=met_at,
                met_story=met_story,
                met_through=handles.get(met_through),
                lives=lives,
                circle=circle,
                groups=tuple(each for (each,) in groups.get(id, ())),
                birthday=next((day for kind, _, day in person_dates if kind == "birthday"), None),
                dates=tuple(
                    (label, day) for kind, label, day in person_dates if kind != "birthday"
                ),
                contacts=tuple(Contact(*each) for each in contacts.get(id, ())),
                facts=tuple(records.Fact(*each) for each in facts.get(id, ())),
                origins=tuple(records.Origin(*each) for each in origins.get(id, ())),
                snooze=records.Snooze(snoozes[id]) if id in snoozes else None,
                showings=tuple(records.Showing(*each) for each in showings.get(id, ())),
                sent=tuple(records.SentItem(*each) for each in sent_items.get(id, ())),
                uid=uids.get(id),
            ),
        )


def _read_notes(
    db: sqlite3.Connection, rows: list[tuple[Any, ...]], handles: dict[int, str]
) -> Iterable[records.Note]:
    participants = _group_by_id(
        db,
        "SELECT note_id, person_id, matched FROM note_person ORDER BY note_id, person_id",
    )
    interests = _group_by_id(
        db,
        "SELECT ni.note_id, i.label FROM note_interest ni JOIN interest i ON i.id = ni.interest_id "
        "ORDER BY ni.note_id, i.key",
    )
    for id, day, text, noted_at, precision, text_from, place, by in rows:
        yield records.Note(
            day,
            text,
            noted_at,
            precision,
            text_from,
            place,
            by,
            people=tuple(
                records.Participant(handles[person], matched)
                for person, matched in participants.get(id, ())
            ),
            interests=tuple(label for (label,) in interests.get(id, ())),
        )


def _read_questions(
    db: sqlite3.Connection, handles: dict[int, str], index_by_note_id: dict[int, int]
) -> Iterable[records.Question]:
    people_by_question = _group_by_id(
        db, "SELECT question_id, person_id FROM question_person ORDER BY question_id, person_id"
    )
    for id, note_id, text, opened_on, on_day, answered_on, answer in db.execute(
        "SELECT id, note_id, text, opened_on, on_day, answered_on, answer FROM question ORDER BY id"
    ).fetchall():
        question_people = tuple(handles[person] for (person,) in people_by_question.get(id, ()))
        note_index = index_by_note_id[note_id] if note_id is not None else None
        yield records.Question(
            text, opened_on, on_day, answered_on, answer, question_people, note_index
        )


def _group_by_id(db: sqlite3.Connection, sql: str) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = {}
    for key, *values in db.execute(sql):
        groups.setdefault(key, []).append(values)
    return groups


def write_cards(book: Book, options: ExportOptions) -> bytes:
    """Return the bytes of one vCard file with everyone except the owner."""
    notes = collect_note_texts(book) if options.with_notes else {}
    people = [person for person in book.people if not person.me]
    return b"".join(
        _write_card(person, record, notes.get(person.handle, ()))
        for person, record in zip(people, convert_book(book).people, strict=True)
    )


def _write_card(person: Person, record: ImportedPerson, notes: list[str] | tuple[()]) -> bytes:
    raw = next((each.raw for each in person.origins if each.kind == VCARD_KIND and each.raw), None)
    if raw is not None:
        try:
            return _update_imported_card(person, vcard.extract_card(raw), notes)
        except vcard.VcardError:
            pass  # too big to be patched: a new card has at least what the book has
    note = _format_card_note([each.text for each in person.facts], notes)
    return vcard.write_card(replace(record, uid=get_card_uid(person), note=note))


def _update_imported_card(person: Person, raw: bytes, notes: list[str] | tuple[()]) -> bytes:
    """Return an imported card, changed where the book has changed since the import."""
    imported = next((each.person for each in vcard.read_cards(raw, "") if each.person), None)
    clean = sanitize_record(imported)[0] if imported else None
    if clean is None:
        raise vcard.VcardError("The card has no person.", "Write a new one.")
    # A card without a name is named after its place in the file.
    nameless = all(each.name.startswith(vcard.NAMELESS_PREFIX) for each in (clean, person))
    empty_person = Person(person.handle, person.name if nameless else clean.name, person.added_on)
    person_before = fill_gaps(empty_person, clean, VCARD_KIND, "").person
    # What other lines of the card say is not repeated in its NOTE.
    lines = clean.collect_texts_outside_note()
    texts = [each.text for each in person.facts if each.text not in lines]
    seen_fields = three_way_merge.get_person_fields(person_before)
    wanted_fields = replace(_get_shared_fields(person), note=_format_card_note(texts, notes))
    return three_way_merge.apply_wanted_fields(raw, seen_fields, wanted_fields)


def _get_shared_fields(person: Person) -> SharedFields:
    into = tuple(each for each in person.interests if each.stance == "into")
    return three_way_merge.get_person_fields(replace(person, interests=into))


def _format_card_note(texts: list[str], notes: list[str] | tuple[()]) -> str | None:
    """Return the NOTE of a card: the facts, then the notes that are not part of them."""
    facts = "\n\n".join(texts)
    new_notes = "\n".join(each for each in notes if each not in facts)
    return "\n\n".join(filter(None, (facts, new_notes))) or None
