"""Adds people, changes their cards and ties, and keeps the index of their names.

`add`, `edit` with options and `edit` in an editor all build a `Card` and store it with `_write_card`.
"""

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, SQLModel, col, select

from kin.book import undo_log
from kin.book.models import (
    ContactRow,
    FactRow,
    GroupRow,
    InterestRow,
    InterestSourceRow,
    NameWordRow,
    NicknameRow,
    PersonGroupRow,
    PersonInterestRow,
    PersonRow,
    TieRow,
    UidRow,
    YearlyDateRow,
)
from kin.book.session import get_connection
from kin.config import DateOrder
from kin.constants import CIRCLES, LONGEST_CONTACT, LONGEST_NAME, OWNER_ID
from kin.errors import NotFoundError, UsageError
from kin.formats.editor_card import Card, CardInterest, Contact
from kin.interests import service as interests_service
from kin.language import dates as language_dates, text
from kin.language.person_names import list_name_words
from kin.language.text import new_uid
from kin.people import queries as people_queries
from kin.people.queries import Person, TiedPeople, build_name_index_rows, describe_tie
from kin.vocabulary import catalog

# `pottery -- her father had a kiln`: interest, then how someone came to it.
_NOTE_SEPARATOR = re.compile(r" (?:--|—) ")


@dataclass(frozen=True, slots=True)
class CardChanges:
    """What the options add to a card, as typed; `learned_from` is who got them into `into`."""

    name: str | None = None
    handle: str | None = None
    nicknames: tuple[str, ...] = ()
    into: tuple[str, ...] = ()
    differ: tuple[str, ...] = ()
    learned_from: str | None = None
    met: str | None = None
    on: str | None = None
    place: str | None = None
    through: str | None = None
    lives: str | None = None
    circle: str | None = None
    groups: tuple[str, ...] = ()
    birthday: str | None = None
    dates: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CardRemovals:
    """What the `--not-…` options remove from a card; `fields` are single-valued fields of `Card`."""

    nicknames: tuple[str, ...] = ()
    into: tuple[str, ...] = ()
    differ: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


def rebuild_name_index(db: sqlite3.Connection) -> None:
    """Replace the index of name words for everyone but the owner."""
    rows = sorted(build_name_index_rows(db))
    db.execute("DELETE FROM name_word WHERE person_id <> 1")
    db.executemany("INSERT INTO name_word (word, person_id) VALUES (?, ?)", rows)


def add_name_words(db: sqlite3.Connection, person_id: int) -> None:
    """Add the words of all names of a person to the index of names."""
    names = db.execute(
        "SELECT handle FROM person WHERE id = ?1 UNION ALL SELECT name FROM person WHERE id = ?1 "
        "UNION ALL SELECT nickname FROM nickname WHERE person_id = ?1",
        (person_id,),
    ).fetchall()
    words = {word for (name,) in names for word in list_name_words(name)}
    db.executemany(
        "INSERT OR IGNORE INTO name_word (word, person_id) VALUES (?, ?)",
        [(word, person_id) for word in sorted(words)],
    )


def add_person(session: Session, card: Card, *, today: date, anyway: bool = False) -> int:
    """Add a person and return their id.

    Raises AlreadyKnownError for a name that is in the book already, unless `anyway`.
    """
    card = replace(card, name=text.check_line(card.name, "name", LONGEST_NAME))
    if not anyway:
        people_queries.reject_duplicate_name(get_connection(session), card.name)
    handle = (
        _check_handle(session, card.handle)
        if card.handle
        else _choose_free_handle(session, card.name)
    )
    person = PersonRow(handle=handle, name=card.name, added_on=today.isoformat())
    session.add(person)
    session.flush()
    assert person.id is not None
    session.add(UidRow(person_id=person.id, uid=new_uid()))
    _write_card(session, person, replace(card, handle=handle))
    return person.id


def edit_person(session: Session, person_id: int, card: Card) -> None:
    """Replace a person's card; what the new card does not have is removed."""
    person = session.get_one(PersonRow, person_id)
    name = text.check_line(card.name, "name", LONGEST_NAME)
    if person.is_me:
        handle = person.handle
    elif card.handle and card.handle != person.handle:
        handle = _check_handle(session, card.handle)
    else:
        handle = person.handle
    _write_card(session, person, replace(card, name=name, handle=handle))
    undo_log.name_step(
        get_connection(session), describe_card_change(None if person.is_me else name)
    )


def edit_owner(
    session: Session, changes: CardChanges, removals: CardRemovals, *, now: datetime
) -> Person:
    """Change your own card and return it."""
    reject_contradictions(changes, removals)
    before = apply_removals(load_card(session, OWNER_ID, now), removals)
    edit_person(session, OWNER_ID, apply_changes(before, changes, now=now, date_order=None))
    save_interest_source(session, OWNER_ID, changes)
    return people_queries.load_person(get_connection(session), OWNER_ID, now.date().isoformat())


def save_interest_source(session: Session, person_id: int, changes: CardChanges) -> None:
    """Store who got a person into the interests of `changes.into`, which are on their card."""
    if changes.learned_from is None:
        return
    if not changes.into:
        raise UsageError(
            "--from needs --into: what did they get into?", "--into sourdough --from tom"
        )
    source = people_queries.find_person(get_connection(session), changes.learned_from)
    if source.id == person_id:
        raise UsageError(f"{source.name} cannot have got into it through themselves.")
    keys = [catalog.normalize_interest(parse_interest(each).label) for each in changes.into]
    links_query = (
        select(PersonInterestRow.id)
        .join(InterestRow)
        .where(col(PersonInterestRow.person_id) == person_id, col(InterestRow.key).in_(keys))
    )
    for link in session.exec(links_query).all():
        session.merge(InterestSourceRow(link_id=link or 0, from_id=source.id))
    session.flush()


def load_card(session: Session, person_id: int, now: datetime) -> Card:
    """Return the editable card of the person with this id."""
    today = now.date().isoformat()
    return build_card(people_queries.load_person(get_connection(session), person_id, today))


def _is_handle_taken(session: Session, handle: str) -> bool:
    matches = get_connection(session).execute("SELECT 1 FROM person WHERE handle = ?", (handle,))
    return matches.fetchone() is not None


def _choose_free_handle(session: Session, name: str) -> str:
    return next(
        option for option in text.propose_handles(name) if not _is_handle_taken(session, option)
    )


def _check_handle(session: Session, handle: str) -> str:
    if not text.is_handle(handle):
        raise UsageError(
            f"“{handle}” is not a handle.",
            f"Use one word of lower-case letters, digits and dashes: {text.slugify(handle) or 'maya-o'}",
        )
    if _is_handle_taken(session, handle):
        raise UsageError(f"The handle {handle} is taken.", "Choose another. Nothing was written.")
    return handle


def _write_card(session: Session, person: PersonRow, card: Card) -> None:
    assert person.id is not None and card.handle is not None
    person.handle, person.name = card.handle, card.name
    person.met_on, person.met_precision = card.met_on, card.met_precision
    person.met_at = _check_optional_line(card.met_at, "place")
    person.met_story = _check_story(card.met_story)
    person.met_through = _find_introducer_id(session, person, card.met_through)
    person.lives = _check_optional_line(card.lives, "town")
    person.circle = _check_circle(card.circle)
    session.add(person)
    session.flush()
    _replace_nicknames(session, person.id, card.nicknames)
    _update_interests(session, person.id, card)
    _replace_groups(session, person.id, card.groups)
    _replace_dates(session, person.id, card)
    _replace_contacts(session, person.id, card.contacts)
    _update_facts(session, person.id, card.facts)
    _replace_name_words(session, person.id, (card.handle, card.name, *card.nicknames))


def _check_optional_line(words: str | None, what: str) -> str | None:
    return text.check_line(words, what) if words is not None else None


def _check_story(words: str | None) -> str | None:
    if words is not None and not words.strip():
        raise UsageError("The story is empty.", "To remove it, use --not-met. Nothing was written.")
    return text.check_storable(words, "story") if words is not None else None


def _check_circle(word: str | None) -> str | None:
    if word is not None and word not in CIRCLES:
        raise UsageError(f"“{word}” is not a circle.", f"Choose one: {', '.join(CIRCLES)}")
    return word


def _find_introducer_id(session: Session, person: PersonRow, who: str | None) -> int | None:
    if who is None:
        return None
    introducer = people_queries.find_person(get_connection(session), who)
    if introducer.id == person.id:
        raise UsageError(f"You cannot have met {introducer.name} through themselves.")
    return introducer.id


def _replace_nicknames(session: Session, person_id: int, nicknames: Iterable[str]) -> None:
    rows = (
        NicknameRow(person_id=person_id, nickname=text.check_line(each, "nickname"))
        for each in _deduplicate_words(nicknames)
    )
    _replace_rows(session, NicknameRow, person_id, rows)


def _update_interests(session: Session, person_id: int, card: Card) -> None:
    """Set a person's interests; rows that stay are kept, and with them what refers to them."""
    wanted_by_key = {catalog.normalize_interest(each.label): (each, "into") for each in card.into}
    wanted_by_key |= {
        catalog.normalize_interest(each.label): (each, "differ") for each in card.differ
    }
    existing = session.exec(
        select(PersonInterestRow).where(col(PersonInterestRow.person_id) == person_id)
    ).all()
    existing_by_id = {row.interest_id: row for row in existing}
    kept_ids = set()
    for card_interest, stance in wanted_by_key.values():
        interest = interests_service.get_or_create_interest(session, card_interest.label)
        assert interest.id is not None
        row = existing_by_id.get(interest.id) or PersonInterestRow(
            person_id=person_id, interest_id=interest.id
        )
        row.stance = stance
        row.note = (
            text.check_storable(card_interest.note, "interest") if card_interest.note else None
        )
        session.add(row)
        kept_ids.add(interest.id)
    for row in existing:
        if row.interest_id not in kept_ids:
            session.delete(row)
    session.flush()


def _replace_groups(session: Session, person_id: int, labels: Iterable[str]) -> None:
    ids = []
    for label in _deduplicate_words(labels):
        label = text.check_line(label, "group")
        key = catalog.normalize_group(label)
        group = session.exec(select(GroupRow).where(col(GroupRow.key) == key)).first() or GroupRow(
            key=key, label=label
        )
        session.add(group)
        session.flush()
        assert group.id is not None
        ids.append(group.id)
    _replace_rows(
        session,
        PersonGroupRow,
        person_id,
        (PersonGroupRow(person_id=person_id, group_id=each) for each in dict.fromkeys(ids)),
    )


def _replace_dates(session: Session, person_id: int, card: Card) -> None:
    labels = [label for label, _ in card.dates]
    if len(set(labels)) < len(labels):
        duplicate = next(label for label in labels if labels.count(label) > 1)
        raise UsageError(
            f"The date “{duplicate}” is listed twice.", "Give one of them another label."
        )
    rows = [
        YearlyDateRow(
            person_id=person_id, kind="date", label=text.check_line(label, "date"), on_day=day
        )
        for label, day in card.dates
    ]
    if card.birthday:
        rows.append(
            YearlyDateRow(
                person_id=person_id, kind="birthday", label="birthday", on_day=card.birthday
            )
        )
    _replace_rows(session, YearlyDateRow, person_id, rows)


def _replace_contacts(session: Session, person_id: int, contacts: Iterable[Contact]) -> None:
    labels_by_value = {
        (
            contact.kind,
            text.check_line(contact.value, contact.kind, LONGEST_CONTACT),
        ): contact.label
        for contact in contacts
    }
    rows = [
        ContactRow(person_id=person_id, kind=kind, label=label, value=value)
        for (kind, value), label in labels_by_value.items()
    ]
    _replace_rows(session, ContactRow, person_id, rows)


def _update_facts(session: Session, person_id: int, facts: Iterable[str]) -> None:
    """Set a person's facts; a changed fact keeps its row, and with it the file it was imported from."""
    unmatched = dict.fromkeys(text.check_storable(each, "fact") for each in facts if each.strip())
    removed_rows = []
    for row in session.exec(select(FactRow).where(col(FactRow.person_id) == person_id)).all():
        if row.text in unmatched:
            del unmatched[row.text]
        else:
            removed_rows.append(row)
    new_facts = list(unmatched)
    for row, fact in zip(removed_rows, new_facts, strict=False):
        row.text = fact
        session.add(row)
    for row in removed_rows[len(new_facts) :]:
        session.delete(row)
    session.add_all(
        FactRow(person_id=person_id, text=each) for each in new_facts[len(removed_rows) :]
    )
    session.flush()


def _replace_name_words(session: Session, person_id: int, names: Iterable[str]) -> None:
    words = {word for name in names for word in list_name_words(name)}
    _replace_rows(
        session,
        NameWordRow,
        person_id,
        (NameWordRow(word=word, person_id=person_id) for word in sorted(words)),
    )


def _replace_rows(
    session: Session, table: type[SQLModel], person_id: int, rows: Iterable[SQLModel]
) -> None:
    """Replace a person's rows in one table, unless they are the same."""
    new_rows = list(rows)
    exists_sql = f"SELECT 1 FROM {table.__tablename__} WHERE person_id = ? LIMIT 1"
    if get_connection(session).execute(exists_sql, (person_id,)).fetchone():
        existing = session.exec(select(table).where(col(table.person_id) == person_id)).all()  # type: ignore[attr-defined]
        if sorted(map(_list_comparable_values, existing)) == sorted(
            map(_list_comparable_values, new_rows)
        ):
            return
        for row in existing:
            session.delete(row)
        session.flush()
    session.add_all(new_rows)
    session.flush()


def _list_comparable_values(row: SQLModel) -> list[str]:
    # Sorted: the order of a loaded row's columns is undefined.
    return sorted(map(repr, row.model_dump(exclude={"id"}).items()))


def _deduplicate_words(words: Iterable[str]) -> Iterable[str]:
    return {text.normalize(word) or word: word for word in words}.values()


def describe_card_change(name: str | None) -> str:
    """Return the name of the undo step that changed a card; without a name, your own."""
    return f"card of {name}" if name else "your own card"


def build_card(person: Person) -> Card:
    """Return the editable card of a person."""
    return Card(
        name=person.name,
        handle=person.handle,
        nicknames=person.nicknames,
        into=tuple(
            CardInterest(each.label, each.note)
            for each in person.interests
            if each.stance == "into"
        ),
        differ=tuple(
            CardInterest(each.label, each.note)
            for each in person.interests
            if each.stance == "differ"
        ),
        met_on=person.met.on,
        met_precision=person.met.precision,
        met_at=person.met.at,
        met_story=person.met.story,
        met_through=person.met.through.handle if person.met.through else None,
        lives=person.lives,
        circle=person.circle,
        groups=person.groups,
        birthday=person.birthday,
        dates=person.dates,
        contacts=tuple(Contact(each.kind, each.value, each.label) for each in person.contacts),
        facts=person.facts,
    )


def apply_changes(
    card: Card, changes: CardChanges, *, now: datetime, date_order: DateOrder | None
) -> Card:
    """Return the card with the changes: single fields replaced, lists extended."""
    met = language_dates.parse(changes.on, now=now, date_order=date_order) if changes.on else None
    if met and met.on > now.date():
        raise UsageError(
            f"You cannot have met on {language_dates.format_day(met)}: that day is in the future."
        )
    if changes.handle == "":
        raise UsageError("The handle is empty.", "Nothing was written.")
    into, differ = (
        [parse_interest(each) for each in changes.into],
        [parse_interest(each) for each in changes.differ],
    )
    contradictory = {catalog.normalize_interest(each.label) for each in into} & {
        catalog.normalize_interest(each.label) for each in differ
    }
    if contradictory:
        label = next(
            each.label for each in differ if catalog.normalize_interest(each.label) in contradictory
        )
        raise UsageError(
            f"Do you share “{label}”, or differ on it?",
            "Use only one of --into/--both and --differ.",
        )
    return replace(
        card,
        name=changes.name if changes.name is not None else card.name,
        handle=changes.handle or card.handle,
        nicknames=(*card.nicknames, *changes.nicknames),
        into=_add_interests(_exclude_interests(card.into, differ), into, card.into + card.differ),
        differ=_add_interests(
            _exclude_interests(card.differ, into), differ, card.into + card.differ
        ),
        met_on=met.on.isoformat() if met else card.met_on,
        met_precision=met.precision if met else card.met_precision,
        met_at=changes.place if changes.place is not None else card.met_at,
        met_story=changes.met if changes.met is not None else card.met_story,
        met_through=changes.through if changes.through is not None else card.met_through,
        lives=changes.lives if changes.lives is not None else card.lives,
        circle=changes.circle if changes.circle is not None else card.circle,
        groups=(*card.groups, *changes.groups),
        birthday=language_dates.parse_birthday(changes.birthday, now=now)
        if changes.birthday
        else card.birthday,
        dates=_add_dates(card.dates, changes.dates, now),
        contacts=(*card.contacts, *_build_contacts(changes)),
    )


def reject_contradictions(changes: CardChanges, removals: CardRemovals) -> None:
    """Raise UsageError if something is both added and removed."""
    interests = {
        catalog.normalize_interest(parse_interest(each).label): each
        for each in (*changes.into, *changes.differ)
    }
    pairs = (
        (
            interests,
            [catalog.normalize_interest(each) for each in (*removals.into, *removals.differ)],
        ),
        (
            {text.normalize(each): each for each in changes.nicknames},
            map(text.normalize, removals.nicknames),
        ),
        (
            {text.normalize(each): each for each in changes.groups},
            map(text.normalize, removals.groups),
        ),
    )
    for added, removed in pairs:
        for key in removed:
            if key in added:
                raise UsageError(
                    f"“{added[key]}” is both added and removed.", "Use only one of the two options."
                )


def apply_removals(card: Card, removals: CardRemovals) -> Card:
    """Return the card without the removals; raise NotFoundError for what is not on it."""
    contacts = {contact.value: contact for contact in card.contacts}
    for value in removals.contacts:
        del contacts[_find_listed(value, contacts, "address, number or link")]
    dates_by_label = dict(card.dates)
    for label in removals.dates:
        del dates_by_label[_find_listed(label, dates_by_label, "date")]
    cleared: dict[str, None] = dict.fromkeys(removals.fields)
    if "met_on" in cleared:
        cleared["met_precision"] = None
    return replace(
        card,
        nicknames=_remove_words(card.nicknames, removals.nicknames, "nickname"),
        into=_remove_interests(card.into, removals.into, card.differ, "--not-differ"),
        differ=_remove_interests(card.differ, removals.differ, card.into, "--not-into"),
        groups=_remove_words(card.groups, removals.groups, "group"),
        dates=tuple(dates_by_label.items()),
        contacts=tuple(contacts.values()),
        **cleared,  # type: ignore[arg-type]  # names of Card's optional fields, each set to None
    )


def parse_interest(words: str) -> CardInterest:
    """Split an interest from how someone came to it, at the first ` -- `."""
    label, note = (*_NOTE_SEPARATOR.split(words, maxsplit=1), "")[:2]
    if not catalog.normalize_interest(label):
        raise UsageError(f"“{words}” is not an interest.", "Use at least one letter or digit.")
    return CardInterest(label.strip(), note.strip() or None)


def _add_interests(
    current: Iterable[CardInterest], new: Iterable[CardInterest], before: Iterable[CardInterest]
) -> tuple[CardInterest, ...]:
    """Add interests; one that was on the card keeps its spelling, and its story without a new one."""
    previous = {catalog.normalize_interest(each.label): each for each in before}
    result = {catalog.normalize_interest(each.label): each for each in current}
    for each in new:
        old = previous.get(catalog.normalize_interest(each.label))
        result[catalog.normalize_interest(each.label)] = (
            replace(old, note=each.note or old.note) if old else each
        )
    return tuple(result.values())


def _exclude_interests(
    interests: Iterable[CardInterest], removed: Iterable[CardInterest]
) -> tuple[CardInterest, ...]:
    keys = {catalog.normalize_interest(each.label) for each in removed}
    return tuple(each for each in interests if catalog.normalize_interest(each.label) not in keys)


def _remove_interests(
    interests: tuple[CardInterest, ...],
    labels: Iterable[str],
    others: tuple[CardInterest, ...],
    flag: str,
) -> tuple[CardInterest, ...]:
    """Remove interests; for one of the other stance, raise NotFoundError that names `flag`."""
    for label in labels:
        remaining = _exclude_interests(interests, [CardInterest(label)])
        if len(remaining) == len(interests):
            if len(_exclude_interests(others, [CardInterest(label)])) < len(others):
                other_list = "where you differ" if flag == "--not-differ" else "what they are into"
                raise NotFoundError(f"“{label}” is {other_list}.", f'Remove it: {flag} "{label}"')
            raise NotFoundError(f"“{label}” is not on this card.", "See the card: kin recall WHO")
        interests = remaining
    return interests


def _remove_words(current: Iterable[str], removed: Iterable[str], what: str) -> tuple[str, ...]:
    remaining = list(current)
    for word in removed:
        remaining.remove(_find_listed(word, remaining, what))
    return tuple(remaining)


def _find_listed(word: str, current: Iterable[str], what: str) -> str:
    for each in current:
        if text.normalize(each) == text.normalize(word):
            return each
    raise NotFoundError(f"There is no {what} “{word}” on this card.", "See the card: kin edit WHO")


def _add_dates(
    current: tuple[tuple[str, str], ...], texts: Iterable[str], now: datetime
) -> tuple[tuple[str, str], ...]:
    dates_by_label = dict(current)
    for words in texts:
        label, separator, day = words.rpartition("=")
        if not separator or not label.strip():
            raise UsageError(
                f"“{words}” is not LABEL=DAY.", 'For example: --date "wedding=12 june 2019"'
            )
        dates_by_label[label.strip()] = language_dates.parse_birthday(day, now=now)
    return tuple(dates_by_label.items())


def _build_contacts(changes: CardChanges) -> tuple[Contact, ...]:
    values_by_kind = (("email", changes.emails), ("phone", changes.phones), ("link", changes.links))
    return tuple(Contact(kind, value) for kind, values in values_by_kind for value in values)


def add_tie(session: Session, one: str, other: str, word: str) -> TiedPeople:
    """Store that `one` is `other`'s `word`, once; return the tie."""
    db = get_connection(session)
    a, b = people_queries.find_person(db, one), people_queries.find_person(db, other)
    if a.id == b.id:
        raise UsageError(
            "A tie needs two different people.", "For example: kin tie maya tom --as sister"
        )
    word = text.check_line(word, "tie")
    existing_query = select(TieRow).where(
        col(TieRow.a_id) == a.id, col(TieRow.b_id) == b.id, col(TieRow.word) == word
    )
    if session.exec(existing_query).first() is None:
        session.add(TieRow(a_id=a.id, b_id=b.id, word=word))
        session.flush()
    name, other_name = (None if each.id == OWNER_ID else each.name for each in (a, b))
    undo_log.name_step(db, describe_tie(name, other_name, word))
    return TiedPeople(a, b, word)
