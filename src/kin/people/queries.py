"""Finds people by any of their names, and reads what the book has on them: cards, lists and ties."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kin.constants import MOST_NAME_WORDS, OWNER_ID
from kin.errors import AmbiguousError, KinError, NotFoundError, UsageError
from kin.interests import queries as interests_queries
from kin.interests.queries import PersonInterest
from kin.language.person_names import PersonNames, list_name_words, match_people
from kin.language.text import (
    format_command,
    format_possessive,
    get_first_name,
    join_words,
    normalize,
)
from kin.records import Hidden, PersonRef as PersonRef

_MOST_DESCRIBED = 8  # candidates in an error message, which is one line


class AlreadyKnownError(KinError):
    """Someone with this name is in the book already."""


class FirstMeeting(NamedTuple):
    """How you met; `through` is the person who introduced you."""

    on: str | None
    at: str | None
    story: str | None
    through: PersonRef | None
    precision: Hidden[str | None] = None


class YearlyDate(NamedTuple):
    """A yearly date other than the birthday: `YYYY-MM-DD`, or `--MM-DD` without a year."""

    label: str
    on: str


class Contact(NamedTuple):
    """An email address, phone number or link."""

    kind: str
    label: str | None
    value: str


class Fact(NamedTuple):
    """A fact about a person, and the file it was imported from, if it was."""

    text: str
    source: str | None


class Person(NamedTuple):
    """A person's card; `birthday` is `YYYY-MM-DD` or `--MM-DD`, `last_note` an ISO day."""

    handle: str
    name: str
    nicknames: tuple[str, ...]
    interests: tuple[PersonInterest, ...]
    facts: tuple[str, ...]
    dates: tuple[YearlyDate, ...]
    met: FirstMeeting
    lives: str | None
    groups: tuple[str, ...]
    circle: str | None
    birthday: str | None
    last_note: str | None
    contacts: tuple[Contact, ...]


def find_person(db: sqlite3.Connection, who: str) -> PersonRef:
    """Return the one person called `who`; raise NotFoundError or AmbiguousError otherwise."""
    if not who.strip():
        raise NotFoundError("No name given.", "List everyone: kin people")
    return require_single_match(db, who, list_matching_people(db, who))


def list_matching_people(db: sqlite3.Connection, who: str) -> tuple[PersonNames, ...]:
    """Return everyone that `who` may mean."""
    return match_people(who, _load_names_by_prefixes(db, who))


def require_single_match(
    db: sqlite3.Connection, who: str, matches: Sequence[PersonNames]
) -> PersonRef:
    """Return the only match; raise AmbiguousError for several, NotFoundError with near misses for none."""
    if len(matches) == 1:
        (person,) = load_person_refs(db, [matches[0].handle])
        return person
    if matches:
        descriptions = describe_people(db, [known.handle for known in matches[:_MOST_DESCRIBED]])
        people_list = "; ".join(descriptions)
        more_count = len(matches) - len(descriptions)
        handles = " or ".join(known.handle for known in matches[:3])
        raise AmbiguousError(
            f"“{who}” could be {people_list}{f' … and {more_count:,} more' if more_count else ''}.",
            f"Add more of the name, or use the handle: {handles}"
            if more_count
            else f"Use the handle: {handles}",
            tuple(known.handle for known in matches),
        )
    from kin.language.person_names import find_similar_people

    near_matches = find_similar_people(who, load_all_names(db))
    suggestions = join_words([f"{known.name} ({known.handle})" for known in near_matches], "or")
    raise NotFoundError(
        f"No one in your book is called “{who}”.",
        f"Did you mean {suggestions}?"
        if near_matches
        else f"Someone new? {format_command('kin add', who)}",
        tuple(known.handle for known in near_matches),
    )


def reject_duplicate_name(db: sqlite3.Connection, name: str) -> None:
    """Raise AlreadyKnownError if someone in the book has exactly this name."""
    duplicates = [
        known
        for known in list_matching_people(db, name)
        if normalize(known.name) == normalize(name)
    ]
    if duplicates:
        (description, *_) = describe_people(db, [duplicates[0].handle])
        raise AlreadyKnownError(
            f"{description} is already in your book.",
            f"Add a second person with --anyway, or change the card: {format_command('kin edit', duplicates[0].handle)}",
            tuple(known.handle for known in duplicates),
        )


def person_exists(db: sqlite3.Connection, person_id: int) -> bool:
    """Return whether the person with this id is in the book."""
    return db.execute("SELECT 1 FROM person WHERE id = ?", (person_id,)).fetchone() is not None


def load_owner(db: sqlite3.Connection) -> PersonRef:
    """Return the owner of the book."""
    return PersonRef(
        OWNER_ID,
        *db.execute("SELECT handle, name FROM person WHERE id = ?", (OWNER_ID,)).fetchone(),
    )


def load_person_refs(db: sqlite3.Connection, handles: Iterable[str]) -> tuple[PersonRef, ...]:
    """Return the people with these handles, sorted by handle."""
    rows = db.execute(
        "SELECT id, handle, name FROM person WHERE handle IN (SELECT value FROM json_each(?)) ORDER BY handle",
        (json.dumps(list(handles)),),
    )
    return tuple(PersonRef(*row) for row in rows)


def _load_names_by_prefixes(db: sqlite3.Connection, who: str) -> list[PersonNames]:
    """Return the people who have, for each word of `who`, a name word that begins with it."""
    words = (list_name_words(who) or list_name_words(who.lstrip("@")))[:MOST_NAME_WORDS]
    if not words:
        return []
    # Each SELECT reads one range of the index of name words.
    ranges = " INTERSECT ".join(
        "SELECT person_id FROM name_word WHERE word >= ? AND word < ?" for _ in words
    )
    bounds = [bound for word in words for bound in (word, word + "\U0010ffff")]
    ids = [row[0] for row in db.execute(ranges, bounds)]
    return load_names(db, ids)


def load_names_in_prose(db: sqlite3.Connection, words: Iterable[str]) -> list[PersonNames]:
    """Return the people, without the owner, who have one of `words` (from `list_prose_words`) in a name."""
    ids = [
        row[0]
        for row in db.execute(
            "SELECT DISTINCT person_id FROM name_word WHERE word IN (SELECT value FROM json_each(?)) AND person_id <> ?",
            (json.dumps(sorted(words)), OWNER_ID),
        )
    ]
    return load_names(db, ids)


def load_all_names(db: sqlite3.Connection) -> list[PersonNames]:
    """Return the names of everyone but the owner; slow, for near misses only."""
    return _group_nicknames(
        db.execute(
            "SELECT p.handle, p.name, n.nickname FROM person p LEFT JOIN nickname n ON n.person_id = p.id "
            "WHERE p.is_me = 0 ORDER BY p.handle, n.id"
        ).fetchall()
    )


def load_names(db: sqlite3.Connection, ids: Sequence[int]) -> list[PersonNames]:
    """Return the names of the people with these ids, sorted by handle."""
    rows: list[tuple[str, str, str | None]] = []
    for batch in _split_batches(ids):
        placeholders = ",".join("?" * len(batch))
        rows += db.execute(
            "SELECT p.handle, p.name, n.nickname FROM person p LEFT JOIN nickname n ON n.person_id = p.id "
            f"WHERE p.id IN ({placeholders}) ORDER BY p.handle, n.id",
            batch,
        ).fetchall()
    return _group_nicknames(rows)


def _group_nicknames(rows: Iterable[tuple[str, str, str | None]]) -> list[PersonNames]:
    names_by_handle: dict[str, tuple[str, list[str]]] = {}
    for handle, name, nickname in rows:
        nicknames = names_by_handle.setdefault(handle, (name, []))[1]
        if nickname is not None:
            nicknames.append(nickname)
    return [
        PersonNames(handle, name, tuple(nicks)) for handle, (name, nicks) in names_by_handle.items()
    ]


def _split_batches(ids: Sequence[int], size: int = 500) -> Iterable[list[int]]:
    for start in range(0, len(ids), size):
        yield list(ids[start : start + size])


def describe_people(db: sqlite3.Connection, handles: Sequence[str]) -> tuple[str, ...]:
    """Return each person with a detail that tells them apart: `Tom Becker (tom-b, met at PyCon)`."""
    descriptions = []
    for handle in handles:
        name, met_at, lives, story, met_on = db.execute(
            "SELECT name, met_at, lives, met_story, met_on FROM person WHERE handle = ?", (handle,)
        ).fetchone()
        group = db.execute(
            "SELECT g.label FROM person_group pg JOIN people_group g ON g.id = pg.group_id "
            "JOIN person p ON p.id = pg.person_id WHERE p.handle = ? ORDER BY g.label LIMIT 1",
            (handle,),
        ).fetchone()
        detail = (
            (met_at and f"met at {met_at}")
            or (lives and f"lives in {lives}")
            or (group and group[0])
            or (story and "met: " + " ".join(story.split())[:40])
            or (met_on and f"met {met_on}")
            or _load_first_interest(db, handle)
        )
        descriptions.append(f"{name} ({handle}, {detail})" if detail else f"{name} ({handle})")
    return tuple(descriptions)


def _load_first_interest(db: sqlite3.Connection, handle: str) -> str | None:
    row = db.execute(
        "SELECT 'into ' || i.label FROM person p JOIN person_interest pi ON pi.person_id = p.id "
        "JOIN interest i ON i.id = pi.interest_id WHERE p.handle = ? AND pi.stance = 'into' LIMIT 1",
        (handle,),
    ).fetchone()
    return str(row[0]) if row else None


def load_last_note_days(db: sqlite3.Connection, ids: Sequence[int], today: str) -> dict[int, str]:
    """Return the day of the last note with each person, up to today."""
    days_by_id: dict[int, str] = {}
    for batch in _split_batches(ids):
        placeholders = ",".join("?" * len(batch))
        days_by_id |= dict(
            db.execute(
                "SELECT id, (SELECT max(day) FROM note_person WHERE person_id = person.id AND day <= ?) AS last "
                f"FROM person WHERE id IN ({placeholders}) AND last IS NOT NULL",
                (today, *batch),
            )
        )
    return days_by_id


def load_person(db: sqlite3.Connection, person_id: int, today: str) -> Person:
    """Return the card of one person."""
    (person,) = load_people(db, [person_id], today)
    return person


def load_people(db: sqlite3.Connection, ids: Sequence[int], today: str) -> tuple[Person, ...]:
    """Return the cards of the people with these ids, in the same order."""
    return tuple(
        person for batch in _split_batches(ids) for person in _load_people_batch(db, batch, today)
    )


def _load_people_batch(db: sqlite3.Connection, ids: list[int], today: str) -> Iterable[Person]:
    placeholders = ",".join("?" * len(ids))
    rows = {
        row[0]: row[1:]
        for row in db.execute(
            "SELECT p.id, p.handle, p.name, p.met_on, p.met_at, p.met_story, p.met_precision, t.id, t.handle, t.name, p.lives, p.circle "
            f"FROM person p LEFT JOIN person t ON t.id = p.met_through WHERE p.id IN ({placeholders})",
            ids,
        )
    }
    nicknames = _group_rows_by_person(
        db, "SELECT person_id, nickname FROM nickname WHERE person_id IN ({}) ORDER BY id", ids
    )
    groups = _group_rows_by_person(
        db,
        "SELECT pg.person_id, g.label FROM person_group pg JOIN people_group g ON g.id = pg.group_id "
        "WHERE pg.person_id IN ({}) ORDER BY g.label",
        ids,
    )
    contacts = _group_rows_by_person(
        db,
        "SELECT person_id, kind, label, value FROM contact WHERE person_id IN ({}) ORDER BY kind, id",
        ids,
    )
    dates = _group_rows_by_person(
        db,
        "SELECT person_id, kind, label, on_day FROM yearly_date WHERE person_id IN ({}) ORDER BY id",
        ids,
    )
    facts = _group_rows_by_person(
        db,
        "SELECT person_id, text FROM fact WHERE person_id IN ({}) ORDER BY id",
        ids,
    )
    interests_by_person = interests_queries.load_interests_by_person(db, ids)
    last_note_days = load_last_note_days(db, ids, today)
    for person_id in ids:
        handle, name, on, at, story, precision, *through, lives, circle = rows[person_id]
        introducer = PersonRef(*through) if through[0] is not None else None
        person_dates = dates.get(person_id, [])
        yield Person(
            handle=handle,
            name=name,
            nicknames=tuple(nickname for (nickname,) in nicknames.get(person_id, [])),
            interests=interests_by_person.get(person_id, ()),
            facts=tuple(fact for (fact,) in facts.get(person_id, [])),
            dates=tuple(
                YearlyDate(label, day) for kind, label, day in person_dates if kind != "birthday"
            ),
            met=FirstMeeting(on, at, story, introducer, precision),
            lives=lives,
            groups=tuple(label for (label,) in groups.get(person_id, [])),
            circle=circle,
            birthday=next((day for kind, _, day in person_dates if kind == "birthday"), None),
            last_note=last_note_days.get(person_id),
            contacts=tuple(Contact(*contact) for contact in contacts.get(person_id, [])),
        )


def _group_rows_by_person(
    db: sqlite3.Connection, sql: str, ids: list[int]
) -> dict[int, list[tuple[str, ...]]]:
    rows_by_person: dict[int, list[tuple[str, ...]]] = {}
    for person_id, *values in db.execute(sql.format(",".join("?" * len(ids))), ids):
        rows_by_person.setdefault(person_id, []).append(tuple(values))
    return rows_by_person


def list_facts(db: sqlite3.Connection, person_id: int) -> tuple[Fact, ...]:
    """Return the facts about a person, with their sources."""
    rows = db.execute("SELECT text, source FROM fact WHERE person_id = ? ORDER BY id", (person_id,))
    return tuple(Fact(*row) for row in rows)


MOST_CONDITIONS = 200  # interests and groups in one query, below SQLite's limit


class PeopleFilter(NamedTuple):
    """Which people to list; everything that is set must hold.

    `into` are senses, `groups` keys, days ISO.
    """

    into: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    lives: str | None = None
    met: str | None = None
    since: str | None = None
    quiet_since: str | None = None
    recent_first: bool = False
    limit: int | None = None


class PersonSummary(NamedTuple):
    """A person in a list, with up to four interests, shared ones first."""

    id: int
    handle: str
    name: str
    interests: tuple[str, ...]
    last_note: str | None


def list_people(
    db: sqlite3.Connection, criteria: PeopleFilter, today: str
) -> tuple[PersonSummary, ...]:
    """Return the people that match, by name or by their last note, newest first."""
    if (condition_count := len(criteria.into) + len(criteria.groups)) > MOST_CONDITIONS:
        raise UsageError(
            f"{condition_count:,} interests and groups are too many: kin takes up to {MOST_CONDITIONS}.",
            "For example: kin people --into pottery --into chess",
        )
    conditions, values = _build_conditions(criteria)
    sql = (
        "SELECT p.id, p.handle, p.name, (SELECT max(day) FROM note_person np WHERE np.person_id = p.id AND np.day <= ?) AS last "
        f"FROM person p WHERE p.is_me = 0 {conditions}"
    )
    parameters: list[str | int] = [today, *values]
    if criteria.quiet_since is not None:
        sql = f"SELECT * FROM ({sql}) WHERE last IS NULL OR last < ?"
        parameters.append(criteria.quiet_since)
    rows = db.execute(sql, parameters).fetchall()
    rows.sort(key=lambda row: (row[2].casefold(), row[1]))
    if criteria.recent_first:
        rows.sort(key=lambda row: row[3] or "", reverse=True)
    rows = rows[: criteria.limit] if criteria.limit else rows
    interests_by_person = _load_top_interests(db, [row[0] for row in rows])
    return tuple(
        PersonSummary(row[0], row[1], row[2], interests_by_person.get(row[0], ()), row[3])
        for row in rows
    )


def _build_conditions(criteria: PeopleFilter) -> tuple[str, list[str]]:
    conditions: list[str] = []
    values: list[str] = []
    for sense in criteria.into:  # a kind of an interest counts too
        conditions.append(
            "p.id IN (SELECT pi.person_id FROM interest_name n JOIN interest i ON i.key = n.key JOIN person_interest pi ON pi.interest_id = i.id "
            "WHERE n.sense IN (SELECT ? UNION SELECT narrow FROM interest_broader WHERE broad = ?) AND pi.stance = 'into')"
        )
        values += [sense, sense]
    for key in criteria.groups:
        conditions.append(
            "p.id IN (SELECT pg.person_id FROM person_group pg JOIN people_group g ON g.id = pg.group_id WHERE g.key = ?)"
        )
        values.append(key)
    if criteria.lives is not None:
        conditions.append("instr(folded(p.lives), folded(?))")
        values.append(criteria.lives)
    if criteria.met is not None:
        conditions.append(
            "instr(folded(coalesce(p.met_at, '') || ' ' || coalesce(p.met_story, '')), folded(?))"
        )
        values.append(criteria.met)
    if criteria.since is not None:
        conditions.append("coalesce(p.met_on, p.added_on) >= ?")
        values.append(criteria.since)
    return "".join(f"AND {part} " for part in conditions), values


def _load_top_interests(
    db: sqlite3.Connection, ids: list[int], most: int = 4
) -> dict[int, tuple[str, ...]]:
    my_interest_ids = {
        row[0]
        for row in db.execute(
            "SELECT interest_id FROM person_interest WHERE person_id = 1 AND stance = 'into'"
        )
    }
    labels = dict(db.execute("SELECT id, label FROM interest").fetchall())
    ids_by_person: dict[int, list[int]] = {}
    wanted_ids = set(ids)
    for person_id, interest_id in _load_interest_links(db, ids):
        if person_id in wanted_ids:
            ids_by_person.setdefault(person_id, []).append(interest_id)
    return {
        person: tuple(
            labels[each]
            for each in sorted(
                interest_ids, key=lambda i: (i not in my_interest_ids, labels[i].casefold())
            )[:most]
        )
        for person, interest_ids in ids_by_person.items()
    }


def _load_interest_links(db: sqlite3.Connection, ids: list[int]) -> list[tuple[int, int]]:
    if len(ids) > 500:  # one pass over all links is cheaper than many lookups
        return db.execute(
            "SELECT person_id, interest_id FROM person_interest WHERE stance = 'into'"
        ).fetchall()
    placeholders = ",".join("?" * len(ids))
    return db.execute(
        f"SELECT person_id, interest_id FROM person_interest WHERE stance = 'into' AND person_id IN ({placeholders})",
        ids,
    ).fetchall()


INTRODUCED_TIE = "introduced"  # the word of the tie between two people you introduced


class TiedPeople(NamedTuple):
    """A tie between two people: `person` is `other`'s `word`."""

    person: PersonRef
    other: PersonRef
    word: str


class PersonTie(NamedTuple):
    """A tie of one person: the other is their `word` if `theirs`, else they are the other's."""

    handle: str
    name: str
    word: str
    theirs: bool


def list_ties(db: sqlite3.Connection, person_id: int) -> tuple[PersonTie, ...]:
    """Return the ties of one person, sorted by the other's name."""
    rows = db.execute(
        "SELECT p.handle, p.name, t.word, 1 FROM tie t JOIN person p ON p.id = t.a_id WHERE t.b_id = ? "
        "UNION ALL SELECT p.handle, p.name, t.word, 0 FROM tie t JOIN person p ON p.id = t.b_id WHERE t.a_id = ? "
        "ORDER BY 2, 3",
        (person_id, person_id),
    )
    return tuple(PersonTie(handle, name, word, bool(theirs)) for handle, name, word, theirs in rows)


def list_acquaintance_ids(db: sqlite3.Connection, person_id: int) -> set[int]:
    """Return the ids of people someone knows: by ties, shared notes, how you met, or interests learned."""
    rows = db.execute(
        "SELECT b_id FROM tie WHERE a_id = :who UNION SELECT a_id FROM tie WHERE b_id = :who "
        "UNION SELECT met_through FROM person WHERE id = :who UNION SELECT id FROM person WHERE met_through = :who "
        "UNION SELECT s.from_id FROM person_interest pi JOIN interest_source s ON s.link_id = pi.id WHERE pi.person_id = :who "
        "UNION SELECT pi.person_id FROM interest_source s JOIN person_interest pi ON pi.id = s.link_id WHERE s.from_id = :who "
        "UNION SELECT o.person_id FROM note_person m CROSS JOIN note_person o "
        "ON o.note_id = m.note_id WHERE m.person_id = :who",
        {"who": person_id},
    )
    return {row[0] for row in rows}


def describe_tie(name: str | None, other: str | None, word: str) -> str:
    """Return a tie as a sentence without its full stop; a name that is None is you."""
    if name is None:
        return f"you are {format_possessive(other or '')} {word}"
    if word == INTRODUCED_TIE:
        return (
            f"you introduced {get_first_name(name)} and {other}"
            if other
            else f"{name} introduced you"
        )
    return f"{name} is {format_possessive(other) if other else 'your'} {word}"


def build_name_index_rows(db: sqlite3.Connection) -> set[tuple[str, int]]:
    """Return (word, person id) for each word in the names of everyone but the owner."""
    names = db.execute(
        "SELECT id, name FROM person UNION ALL SELECT id, handle FROM person "
        "UNION ALL SELECT person_id, nickname FROM nickname"
    ).fetchall()
    return {
        (word, person)
        for person, name in names
        for word in list_name_words(name)
        if person != OWNER_ID
    }
