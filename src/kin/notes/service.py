"""Saves notes, byte for byte, with links to people and interests; asks and answers questions."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from kin.book import undo_log
from kin.book.models import NoteInterestRow, NotePersonRow, NoteRow, QuestionPersonRow, QuestionRow
from kin.book.session import get_connection
from kin.config import DateOrder
from kin.constants import LONGEST_QUESTION
from kin.errors import AmbiguousError, NotFoundError
from kin.formats.editor_card import Card
from kin.interests import service as interests_service
from kin.language import dates as language_dates, text
from kin.language.dates import format_date
from kin.language.text import get_first_name, join_words
from kin.notes import parser, queries as notes_queries, questions as notes_questions
from kin.notes.parser import NoteOptions, ParsedNote
from kin.notes.queries import Note, NotePerson
from kin.notes.questions import OpenQuestion, Question
from kin.people import queries as people_queries, service as people_service
from kin.people.service import CardChanges, CardRemovals, describe_card_change
from kin.records import PersonRef


def add_person_with_notes(
    session: Session,
    changes: CardChanges,
    shared: Sequence[str],
    notes: Sequence[str],
    questions: Sequence[str],
    *,
    now: datetime,
    date_order: DateOrder | None = None,
    anyway: bool = False,
) -> people_queries.Person:
    """Add a person, with their first notes and questions; return the person.

    `shared` are interests that go on your own card too.
    """
    card = people_service.apply_changes(
        Card(name=changes.name or ""), changes, now=now, date_order=date_order
    )
    person_id = people_service.add_person(session, card, today=now.date(), anyway=anyway)
    people_service.save_interest_source(session, person_id, changes)
    place = changes.place if notes else None
    on = changes.on if notes else None
    person = _add_notes_and_questions(
        session,
        person_id,
        shared,
        notes,
        questions,
        now=now,
        date_order=date_order,
        on=on,
        place=place,
    )
    undo_log.name_step(get_connection(session), _describe_added(person.name))
    return person


def edit_person_with_notes(
    session: Session,
    who: str,
    changes: CardChanges,
    removals: CardRemovals,
    shared: Sequence[str],
    notes: Sequence[str],
    questions: Sequence[str],
    *,
    now: datetime,
    date_order: DateOrder | None = None,
) -> people_queries.Person:
    """Change a card, add notes and questions, and return the person."""
    person_id = people_queries.find_person(get_connection(session), who).id
    people_service.reject_contradictions(changes, removals)
    before = people_service.apply_removals(
        people_service.load_card(session, person_id, now), removals
    )
    people_service.edit_person(
        session,
        person_id,
        people_service.apply_changes(before, changes, now=now, date_order=date_order),
    )
    people_service.save_interest_source(session, person_id, changes)
    person = _add_notes_and_questions(
        session, person_id, shared, notes, questions, now=now, date_order=date_order
    )
    undo_log.name_step(get_connection(session), describe_card_change(person.name))
    return person


def _add_notes_and_questions(
    session: Session,
    person_id: int,
    shared: Sequence[str],
    notes: Sequence[str],
    questions: Sequence[str],
    *,
    now: datetime,
    date_order: DateOrder | None,
    on: str | None = None,
    place: str | None = None,
) -> people_queries.Person:
    """Add shared interests to your card, and notes and questions to a person; return the person."""
    today = now.date().isoformat()
    if shared:
        people_service.edit_owner(
            session,
            CardChanges(into=tuple(people_service.parse_interest(each).label for each in shared)),
            CardRemovals(),
            now=now,
        )
    handle = people_queries.load_person(get_connection(session), person_id, today).handle
    for note in notes:
        options = NoteOptions(people=(handle,), on=on, place=place)
        add_note(session, note, options, now=now, date_order=date_order)
    for question in questions:
        add_question(session, question, [person_id], today)
    return people_queries.load_person(get_connection(session), person_id, today)


def _describe_added(name: str) -> str:
    return f"{name}, new in the book"


def add_note(
    session: Session,
    prose: str,
    options: NoteOptions,
    *,
    now: datetime,
    date_order: DateOrder | None = None,
) -> ParsedNote:
    """Parse a note, save it, and return what kin understood."""
    text.check_storable(prose, "note")
    return save_note(
        session,
        parser.parse_note(get_connection(session), prose, options, now=now, date_order=date_order),
        now,
    )


def save_note(session: Session, note: ParsedNote, now: datetime) -> ParsedNote:
    """Save a parsed note and return it."""
    row = NoteRow(
        day=note.on,
        precision=note.precision,
        text=note.text,
        text_from=note.body_start,
        place=text.check_line(note.place, "place") if note.place else None,
        by=note.by,
        noted_at=now.astimezone().isoformat(timespec="seconds"),
    )
    session.add(row)
    session.flush()
    _link_note(session, row, note, now.date())
    _name_undo_step(session, note)
    return note


def amend_last_note(
    session: Session, options: NoteOptions, *, now: datetime, date_order: DateOrder | None = None
) -> ParsedNote:
    """Add people, interests, questions, a place or a channel to the last note; its text stays."""
    db = get_connection(session)
    row = session.get_one(NoteRow, notes_queries.find_newest_note_id(db))
    body = row.text[row.text_from :] or row.text
    parsed_note = parser.parse_note(
        db, body, options._replace(on=options.on or row.day), now=now, date_order=date_order
    )
    if options.on:
        row.day, row.precision = parsed_note.on, parsed_note.precision
    row.place = text.check_line(options.place, "place") if options.place else row.place
    row.by = options.by or row.by
    session.add(row)
    session.flush()
    session.expire_all()
    assert row.id is not None
    (before,) = notes_queries.load_notes(get_connection(session), [row.id])
    present_handles = {each.handle for each in before.people}
    previous_questions = {each.text for each in before.questions}
    additions = parsed_note._replace(
        people=tuple(each for each in parsed_note.people if each.handle not in present_handles),
        questions=tuple(
            each for each in parsed_note.questions if each.text not in previous_questions
        ),
    )
    _link_note(session, row, additions, now.date())
    (after,) = notes_queries.load_notes(get_connection(session), [row.id])
    _name_undo_step(session, after, amended=True)
    return parsed_note._replace(
        on=after.on,
        precision=after.precision,
        text=after.text,
        people=after.people,
        interests=after.interests,
        questions=after.questions,
        place=after.place,
        by=after.by,
        body_start=after.body_start,
        unparsed=(),
    )


def _name_undo_step(session: Session, note: Note | ParsedNote, amended: bool = False) -> None:
    names, day = [each.name for each in note.people], format_date(date.fromisoformat(note.on))
    undo_log.name_step(get_connection(session), _describe_note(names, day, amended))


def _link_note(session: Session, row: NoteRow, note: ParsedNote, today: date) -> None:
    """Link a note to its people and interests and open its questions, adding what is missing."""
    assert row.id is not None
    new_people = [_build_note_person(row, each) for each in note.people]
    session.add_all(new_people)
    linked_query = select(NoteInterestRow.interest_id).where(col(NoteInterestRow.note_id) == row.id)
    interest_ids = {
        interests_service.get_or_create_interest(session, each.label).id or 0
        for each in note.interests
    }
    session.add_all(
        NoteInterestRow(interest_id=interest_id, note_id=row.id)
        for interest_id in sorted(interest_ids - set(session.exec(linked_query).all()))
    )
    question_ids = session.exec(
        select(QuestionRow.id).where(col(QuestionRow.note_id) == row.id)
    ).all()
    session.add_all(
        QuestionPersonRow(person_id=each.person_id, question_id=question_id)
        for question_id in question_ids
        for each in new_people
        if question_id
    )
    session.flush()
    people_query = select(NotePersonRow.person_id).where(col(NotePersonRow.note_id) == row.id)
    person_ids = session.exec(people_query).all()
    for question in note.questions:
        add_question(
            session, question.text, person_ids, min(row.day, today.isoformat()), note_id=row.id
        )


def _build_note_person(row: NoteRow, person: NotePerson) -> NotePersonRow:
    assert row.id is not None
    return NotePersonRow(person_id=person.id, day=row.day, note_id=row.id, matched=person.matched)


def _describe_note(names: Sequence[str], day: str, amended: bool = False) -> str:
    """Return the name of an undo step: `note with Maya, 17 Nov`."""
    what = "addition to the note" if amended else "note"
    people = f" with {join_words([get_first_name(name) for name in names])}" if names else ""
    return f"{what}{people}, {day}"


def add_question(
    session: Session,
    words: str,
    person_ids: Iterable[int],
    opened_on: str,
    *,
    on: str | None = None,
    note_id: int | None = None,
) -> QuestionRow:
    """Open a question to these people; `opened_on` and `on` are ISO days."""
    question = QuestionRow(
        text=text.check_line(words, "question", LONGEST_QUESTION),
        opened_on=opened_on,
        on_day=on,
        note_id=note_id,
    )
    session.add(question)
    session.flush()
    assert question.id is not None
    session.add_all(
        QuestionPersonRow(person_id=each, question_id=question.id)
        for each in dict.fromkeys(person_ids)
    )
    session.flush()
    return question


def ask_question(
    session: Session,
    who: str,
    words: str,
    day: str | None,
    *,
    now: datetime,
    date_order: DateOrder | None = None,
) -> tuple[PersonRef, Question]:
    """Open a question to one person, to be asked from `day` on; return both."""
    person = people_queries.find_person(get_connection(session), who)
    on = (
        language_dates.parse(day, now=now, prefer="future", date_order=date_order).on.isoformat()
        if day
        else None
    )
    question = add_question(session, words, [person.id], now.date().isoformat(), on=on)
    undo_log.name_step(get_connection(session), _describe_asked(person.name, question.text))
    return person, _load_question(session, question)


def answer_question(
    session: Session, who: str, words: str | None, answer: str | None, *, now: datetime
) -> tuple[PersonRef, Question]:
    """Close a question to one person, the only open one or the one with these words; return both."""
    db = get_connection(session)
    person = people_queries.find_person(db, who)
    chosen_question = _choose_open_question(
        person, notes_questions.list_open_questions(db, person.id, now.date().isoformat()), words
    )
    question = session.get_one(QuestionRow, chosen_question.id)
    question.answered_on = now.date().isoformat()
    question.answer = text.check_storable(answer, "answer") if answer else None
    session.add(question)
    session.flush()
    undo_log.name_step(get_connection(session), _describe_answered(person.name, question.text))
    return person, _load_question(session, question)


def _load_question(session: Session, row: QuestionRow) -> Question:
    assert row.id is not None
    (question,) = notes_questions.load_questions(get_connection(session), [row.id])
    return question


def _choose_open_question(
    person: PersonRef, questions: tuple[OpenQuestion, ...], words: str | None
) -> OpenQuestion:
    matches = [
        each
        for each in questions
        if words is None or text.normalize(words) in text.normalize(each.text)
    ]
    exact_matches = [
        each
        for each in matches
        if words is not None and text.normalize(words) == text.normalize(each.text)
    ]
    matches = exact_matches[:1] or matches
    if len(matches) == 1:
        return matches[0]
    candidates = tuple(each.text for each in matches or questions)
    question_list = "; ".join(f"“{text.truncate(each, 60)}”" for each in candidates[:8])
    if matches:
        raise AmbiguousError(
            f"{person.name} has several open questions: {question_list}.",
            f"Choose one by a word of it: {text.format_command('kin answered', person.handle, 'WORD')}",
            candidates,
        )
    raise NotFoundError(
        f"{person.name} has no open question" + (f" with “{words}” in it." if words else "."),
        f"Open: {question_list}"
        if questions
        else f"Ask one: {text.format_command('kin ask', person.handle, 'how was the trip')}",
        candidates,
    )


def _describe_asked(name: str, question: str) -> str:
    return f"question for {get_first_name(name)}: {question}"


def _describe_answered(name: str, question: str) -> str:
    return f"answer from {get_first_name(name)}: {question}"
