"""What suggestions write to the book: showings, snoozes, answers to introductions, finds you sent."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import chain

from sqlmodel import Session, col, select

from kin.book import undo_log
from kin.book.models import IntroductionRow, PersonRow, SentRow, ShowingRow, SnoozeRow
from kin.book.session import get_connection
from kin.constants import OWNER_ID
from kin.errors import AmbiguousError, KinError, NotFoundError, UsageError
from kin.language.text import check_storable, format_command, join_words
from kin.people import queries as people_queries, service as people_service
from kin.people.queries import INTRODUCED_TIE, PersonRef
from kin.suggestions import candidates, introduce, share
from kin.suggestions.candidates import Snooze
from kin.suggestions.introduce import Pair
from kin.suggestions.reconnect import Suggestion
from kin.suggestions.share import SentItem
from kin.suggestions.weights import NOT_NOW_DAYS

_MOST_DESCRIBED = 8  # people named in one error

# Showings and rhythms


def cache_rhythms(db: sqlite3.Connection, today: str) -> None:
    """Store the rhythms that are not cached yet; triggers delete a rhythm when its notes change."""
    db.execute("DELETE FROM rhythm WHERE last > ?", (today,))
    db.executemany(
        "INSERT INTO rhythm (person_id, last, days, gaps) VALUES (?, ?, ?, ?)",
        [
            (
                person,
                contact_rhythm.last_day,
                contact_rhythm.day_count,
                ",".join(map(str, contact_rhythm.gaps)),
            )
            for person, contact_rhythm in candidates.list_cacheable_rhythms(db, today)
        ],
    )


def record_showings(session: Session, suggestions: Iterable[Suggestion], today: date) -> None:
    """Record who was suggested, once a day, and cache the rhythms; a showing counts from the next day."""
    day = today.isoformat()
    shown_ids = set(
        session.exec(select(ShowingRow.person_id).where(col(ShowingRow.day) == day)).all()
    )
    for each in suggestions:
        person_id = each.score.candidate.id
        if person_id not in shown_ids:
            session.add(
                ShowingRow(
                    person_id=person_id, day=day, opener=each.opener.key if each.opener else None
                )
            )
    cache_rhythms(get_connection(session), day)


# Snoozes


def snooze_briefly(session: Session, who: str, today: date) -> Snooze:
    """Snooze someone for NOT_NOW_DAYS; a longer snooze stays as it is."""
    person = _find_other_person(session, who)
    until = (today + timedelta(days=NOT_NOW_DAYS)).isoformat()
    existing = session.get(SnoozeRow, person.id)
    if existing is not None and (existing.until is None or existing.until > until):
        return Snooze(person.handle, person.name, existing.until)
    return _save_snooze(session, person, until)


def snooze_person(session: Session, who: str, until: str | None, today: date) -> Snooze:
    """Snooze someone until an ISO day, or without one until you say so."""
    person = _find_other_person(session, who)
    if until is not None and until <= today.isoformat():
        raise UsageError("--until needs a day after today.", "For example: --until 'next month'")
    return _save_snooze(session, person, until)


def end_snooze(session: Session, who: str) -> Snooze:
    """End a snooze."""
    person = people_queries.find_person(get_connection(session), who)
    existing = session.get(SnoozeRow, person.id)
    if existing is not None:
        session.delete(existing)
    undo_log.name_step(get_connection(session), f"end of the snooze of {person.name}")
    return Snooze(person.handle, person.name, None, snoozed=False)


def _find_other_person(session: Session, who: str) -> people_queries.PersonRef:
    person = people_queries.find_person(get_connection(session), who)
    if person.id == OWNER_ID:
        raise UsageError(
            "That’s you, and kin never suggests you.",
            "Name someone else: kin reconnect --not-now maya",
        )
    return person


def _save_snooze(session: Session, person: people_queries.PersonRef, until: str | None) -> Snooze:
    session.merge(SnoozeRow(person_id=person.id, until=until))
    undo_log.name_step(get_connection(session), f"snooze of {person.name}")
    return Snooze(person.handle, person.name, until)


# Introductions


class NotAgreedError(KinError):
    """Someone has not agreed to an introduction."""


def record_answers(
    session: Session,
    names: Sequence[str],
    yes: Iterable[str],
    no: Iterable[str],
    made: bool,
    today: date,
) -> Pair:
    """Record who said yes and who said no, and with `made` that you introduced the two.

    `names` may name both people, one, or no one; whoever answers is one of the pair too.
    """
    db = get_connection(session)
    answers_by_person = _collect_answers(db, yes, no)
    asked_people = tuple(
        dict.fromkeys((*introduce.find_asked_people(db, names), *answers_by_person))
    )
    one, other = sorted(_find_asked_pair(session, asked_people, today, made))
    introduction = session.get(IntroductionRow, (one.id, other.id)) or IntroductionRow(
        a_id=one.id, b_id=other.id
    )
    introduction.a_answer = answers_by_person.get(one, introduction.a_answer)
    introduction.b_answer = answers_by_person.get(other, introduction.b_answer)
    session.add(introduction)
    if made:
        _record_introduction(session, introduction, one, other, today)
    session.flush()
    undo_log.name_step(db, f"introduction of {one.name} and {other.name}")
    return introduce.load_pair(db, today, one, other)


def _collect_answers(
    db: sqlite3.Connection, yes: Iterable[str], no: Iterable[str]
) -> dict[PersonRef, str]:
    """Return the answer of each person; refuse a yes and a no from the same one."""
    answers_by_person: dict[PersonRef, str] = {}
    for answer, names in (("yes", yes), ("no", no)):
        for person in chain.from_iterable(introduce.find_asked_people(db, [who]) for who in names):
            if answers_by_person.setdefault(person, answer) != answer:
                raise UsageError(
                    f"{person.name} can’t say both yes and no; nothing was saved.",
                    "Leave one of the two out.",
                )
    return answers_by_person


def _record_introduction(
    session: Session, introduction: IntroductionRow, one: PersonRef, other: PersonRef, today: date
) -> None:
    for person, answer in ((one, introduction.a_answer), (other, introduction.b_answer)):
        if answer != "yes":
            condition, status = (
                ("If that changes", "said no")
                if answer
                else ("Once they do", "hasn’t said yes yet")
            )
            raise NotAgreedError(
                f"{person.name} {status}; nothing was saved.",
                f"{condition}: {_format_introduce_command(one.handle, other.handle, yes_from=person.handle)}",
            )
    introduction.made_on = introduction.made_on or today.isoformat()
    people_service.add_tie(session, one.handle, other.handle, INTRODUCED_TIE)


def _format_introduce_command(*handles: str, yes_from: str | None = None) -> str:
    options = () if yes_from is None else ("--yes-from", yes_from)
    return format_command("kin introduce", *handles, options=options)


def _find_asked_pair(
    session: Session, asked_people: tuple[PersonRef, ...], today: date, made: bool
) -> tuple[PersonRef, PersonRef]:
    """Return the two people meant: both named, or the only open pair of the one named."""
    if len(asked_people) == 2:
        return asked_people[0], asked_people[1]
    if len(asked_people) > 2:
        raise UsageError(
            f"An introduction is between two people, not {join_words([each.name for each in asked_people])}.",
            "Name two: kin introduce A B --yes-from A",
        )
    open_pairs = _list_open_pairs(session, asked_people, today, made)
    if len(open_pairs) == 1:
        return open_pairs[0]
    if not open_pairs:
        of_person = f" of {asked_people[0].name}" if asked_people else ""
        raise NotFoundError(
            f"No introduction{of_person} is waiting for an answer.",
            "Name both: kin introduce A B --yes-from A",
        )
    raise _make_ambiguous_pair_error(session, open_pairs, asked_people)


def _list_open_pairs(
    session: Session, asked_people: tuple[PersonRef, ...], today: date, made: bool
) -> list[tuple[PersonRef, PersonRef]]:
    """Return the pairs that may be meant; with `made`, preferably those where both said yes."""
    db = get_connection(session)
    waiting = {
        ids: answers
        for ids, answers in introduce.load_answers(db).items()
        if answers.is_open and all(each.id in ids for each in asked_people)
    }
    if made:
        pair_ids = [ids for ids, answers in waiting.items() if answers.is_agreed] or list(waiting)
    else:
        proposed = (
            introduce.suggest_pairs(db, today, asked_people[0], most=0) if asked_people else ()
        )
        pair_ids = list(dict.fromkeys([*waiting, *(pair.ids for pair in proposed)]))
    return [
        (_load_person_ref(session, one), _load_person_ref(session, other))
        for one, other in pair_ids
    ]


def _load_person_ref(session: Session, person_id: int) -> PersonRef:
    person = session.get_one(PersonRow, person_id)
    return PersonRef(person_id, person.handle, person.name)


def _make_ambiguous_pair_error(
    session: Session,
    open_pairs: Sequence[tuple[PersonRef, PersonRef]],
    asked_people: tuple[PersonRef, ...],
) -> AmbiguousError:
    """Return the error that lists the pairs to choose from."""
    if not asked_people:
        handle_pairs = [" ".join(each.handle for each in pair) for pair in open_pairs]
        return AmbiguousError(
            "Several introductions are waiting for you.",
            f"Name one: {_format_introduce_command(*(each.handle for each in open_pairs[0]))}",
            tuple(handle_pairs),
        )
    others = [next(each for each in pair if each not in asked_people) for pair in open_pairs]
    descriptions = people_queries.describe_people(
        get_connection(session), [each.handle for each in others[:_MOST_DESCRIBED]]
    )
    more_count = len(others) - len(descriptions)
    more = [f"{more_count} more"] if more_count else []
    return AmbiguousError(
        f"{asked_people[0].name} could meet {join_words([*descriptions, *more], 'or')}.",
        f"Name both: {_format_introduce_command(asked_people[0].handle, others[0].handle)}",
        tuple(each.handle for each in others),
    )


# Finds


def record_sent(
    session: Session, text: str, to: Iterable[str], today: date
) -> tuple[SentItem, ...]:
    """Record who you sent a text to; people who have it already keep their day."""
    db = get_connection(session)
    check_storable(text, "text")
    items_by_handle = {each.handle: each for each in share.list_recipients(db, text)}
    sent_items: dict[str, SentItem] = {}
    for person in (people_queries.find_person(db, who) for who in to):
        if person.id == OWNER_ID:
            raise UsageError("You have it already.", "Name someone you sent it to: --sent-to maya")
        new_item = SentItem(person.handle, person.name, today.isoformat())
        item = sent_items[person.handle] = items_by_handle.setdefault(person.handle, new_item)
        if item is new_item:
            session.add(SentRow(person_id=person.id, day=new_item.on, text=text))
    names = join_words([each.name for each in sent_items.values()])
    undo_log.name_step(db, f"something sent to {names}")
    return tuple(sent_items.values())
