"""Reads interests: who is into what, what two people share, when it last came up, and the vocabulary."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from kin.constants import OWNER_ID
from kin.errors import NotFoundError
from kin.interests import common_ground
from kin.interests.common_ground import is_rare
from kin.language.text import add_quotes, format_command, join_words
from kin.records import Hidden, PersonRef
from kin.vocabulary import catalog


class PersonInterest(NamedTuple):
    """An interest on a person's card.

    `stance` is into or differ; `shared`: you are into it too; `via`: the broader interest through
    which it is shared, None if it is the same one; `note`: how they came to it; `your_label`: what you
    call it; `sense`: the key of its meaning, the same for all its names.
    """

    key: str
    label: str
    stance: str
    shared: bool
    via: str | None
    note: str | None
    your_label: Hidden[str | None] = None
    sense: Hidden[str] = ""


class InterestedPerson(NamedTuple):
    """A person with an interest on their card.

    `via` is the broader of their interest and the one asked for, None if they are the same;
    `learned_from` is who got them into it, `label` what they call it, `last_mentioned` the day of the
    last note with them that touched it.
    """

    handle: str
    name: str
    stance: str
    via: str | None
    note: str | None
    learned_from: PersonRef | None = None
    last_mentioned: Hidden[str | None] = None
    label: Hidden[str] = ""


class InterestMention(NamedTuple):
    """A person an interest came up with, and the day of the last note in which it did."""

    handle: str
    name: str
    on: str


class Interest(NamedTuple):
    """An interest, whether it is yours, who else has it, and who it came up with, newest first.

    `your_label` is what you call it, `learned_from_name` the name of who got you into it.
    """

    key: str
    label: str
    yours: bool
    people: tuple[InterestedPerson, ...]
    came_up_with: tuple[InterestMention, ...] = ()
    your_label: Hidden[str | None] = None
    learned_from_name: Hidden[str | None] = None
    rare: Hidden[bool] = False


class SharedInterests(NamedTuple):
    """What two other people share. Where they differ is not known: a stance is towards you."""

    shared: tuple[Interest, ...]

    def limit_to(self, limit: int) -> "SharedInterests":
        """Return at most `limit` interests; 0 is all."""
        return SharedInterests(self.shared[: limit or None])


class CommonGround(NamedTuple):
    """What you and someone share, where you differ, and what only they are into."""

    shared: tuple[Interest, ...]
    differ: tuple[Interest, ...]
    theirs: tuple[Interest, ...]

    def limit_to(self, limit: int) -> "CommonGround":
        """Return at most `limit` interests of each kind; 0 is all."""
        return CommonGround(*(interests[: limit or None] for interests in self))


def load_interests_by_person(
    db: sqlite3.Connection, ids: Sequence[int]
) -> dict[int, tuple[PersonInterest, ...]]:
    """Return the interests of each person: shared ones, then what they are into, then differences."""
    find_overlap = common_ground.make_overlap_finder(db)
    placeholders = ",".join("?" * len(ids))
    interests_by_person: dict[int, list[PersonInterest]] = {}
    for person_id, key, label, stance, note, sense in db.execute(
        "SELECT pi.person_id, i.key, i.label, pi.stance, pi.note, n.sense FROM person_interest pi "
        "JOIN interest i ON i.id = pi.interest_id JOIN interest_name n ON n.key = i.key "
        f"WHERE pi.person_id IN ({placeholders}) ORDER BY pi.stance DESC, i.label",
        tuple(ids),
    ):
        overlap = find_overlap(sense) if stance == "into" and person_id != OWNER_ID else None
        interests_by_person.setdefault(person_id, []).append(
            PersonInterest(
                key,
                label,
                stance,
                overlap is not None,
                common_ground.get_via_label(overlap, sense, label) if overlap else None,
                note,
                overlap.your_label if overlap else None,
                sense,
            )
        )
    return {
        person_id: tuple(sorted(each, key=lambda one: (not one.shared, one.via is not None)))
        for person_id, each in interests_by_person.items()
    }


def load_last_mentions_with_person(
    db: sqlite3.Connection, person_id: int, today: str
) -> dict[str, str]:
    """Return the day on which each sense last came up with this person."""
    return dict(
        db.execute(
            "SELECT n.sense, max(np.day) FROM note_person np "
            "CROSS JOIN note_interest ni ON ni.note_id = np.note_id "
            "JOIN interest i ON i.id = ni.interest_id JOIN interest_name n ON n.key = i.key "
            "WHERE np.person_id = ? AND np.day <= ? GROUP BY n.sense",
            (person_id, today),
        )
    )


def find_sense(db: sqlite3.Connection, words: str) -> str:
    """Return the sense that words name; raise NotFoundError with near misses if there is none."""
    sense = common_ground.lookup_sense(db, words)
    if sense is not None:
        return sense
    from difflib import get_close_matches

    labels = dict(db.execute("SELECT key, label FROM interest").fetchall())
    near_matches = tuple(
        labels[key]
        for key in get_close_matches(catalog.normalize_interest(words), labels, n=3, cutoff=0.7)
    )
    raise NotFoundError(
        f"No one in your book is into “{words}” yet.",
        f"Did you mean {' or '.join(near_matches)}?"
        if near_matches
        else "See what there is: kin interests",
        near_matches,
    )


def list_interest_ids(db: sqlite3.Connection, sense: str) -> tuple[int, ...]:
    """Return the ids of the interests with this sense."""
    rows = db.execute(
        "SELECT i.id FROM interest_name n JOIN interest i ON i.key = n.key WHERE n.sense = ?",
        (sense,),
    )
    return tuple(row[0] for row in rows)


def find_interest(db: sqlite3.Connection, words: str, today: str) -> Interest:
    """Return who is into an interest, then into a narrower or broader one; last mentioned first."""
    sense = find_sense(db, words)
    narrower = _drop_too_common(db, sense, common_ground.list_narrower_senses(db, sense))
    broader = tuple(
        each
        for each in common_ground.list_broader_senses(db, sense)
        if _drop_too_common(db, each, (each,))
    )
    links = list_interest_links(db, (sense, *narrower, *broader))
    label = _choose_sense_label(db, sense, links)
    last_mentions = load_last_mentions(db, (sense, *narrower, *broader), today)
    my_links = [each for each in links if each.person_id == OWNER_ID and each.stance == "into"]
    my_link = next(
        (each for each in my_links if each.sense == sense), my_links[0] if my_links else None
    )
    other_links = [
        each
        for each in links
        if each.person_id != OWNER_ID and (each.sense == sense or each.stance == "into")
    ]
    other_links.sort(key=lambda each: _link_sort_key(each, sense, last_mentions))
    people: dict[str, InterestedPerson] = {}
    for each in other_links:
        via = None if each.sense == sense else label if each.sense in narrower else each.label
        people.setdefault(each.handle, build_interested_person(each, via, last_mentions))
    return Interest(
        catalog.normalize_interest(label),
        label,
        any(each.sense == sense or each.sense in narrower for each in my_links),
        tuple(people.values()),
        _merge_mentions(load_mentions(db, (sense, *narrower), today), (sense, *narrower)),
        my_link.label if my_link else None,
        my_link.learned_from.name if my_link and my_link.learned_from else None,
        is_rare(common_ground.count_people_into(db, sense), common_ground.count_people(db)),
    )


def _drop_too_common(
    db: sqlite3.Connection, broader_sense: str, steps: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the steps through a broader interest, none if it is too common to mean anything."""
    if not steps or common_ground.is_too_common(
        common_ground.count_people_into(db, broader_sense), common_ground.count_people(db)
    ):
        return ()
    return steps


class InterestLink(NamedTuple):
    """One interest on one person's card."""

    person_id: int
    handle: str
    name: str
    sense: str
    label: str
    stance: str
    note: str | None
    learned_from: PersonRef | None


def list_interest_links(db: sqlite3.Connection, senses: Iterable[str]) -> list[InterestLink]:
    """Return who has these senses on their card, sorted by name."""
    rows = db.execute(
        "SELECT p.id, p.handle, p.name, n.sense, i.label, pi.stance, pi.note, f.id, f.handle, f.name "
        "FROM interest_name n JOIN interest i ON i.key = n.key JOIN person_interest pi ON pi.interest_id = i.id "
        "JOIN person p ON p.id = pi.person_id LEFT JOIN interest_source s ON s.link_id = pi.id "
        "LEFT JOIN person f ON f.id = s.from_id WHERE n.sense IN (SELECT value FROM json_each(?)) "
        "ORDER BY p.name, p.id, i.label",
        (json.dumps(sorted(senses)),),
    )
    return [_build_interest_link(row) for row in rows]


def _build_interest_link(row: tuple[Any, ...]) -> InterestLink:
    source_id, source_handle, source_name = row[7:]
    source = None if source_id is None else PersonRef(source_id, source_handle, source_name)
    return InterestLink._make((*row[:7], source))


def _choose_sense_label(db: sqlite3.Connection, sense: str, links: Iterable[InterestLink]) -> str:
    """Return what to call a sense: what you call it, else what most cards do, else what was typed."""
    matching_links = [each for each in links if each.sense == sense]
    my_labels = [each.label for each in matching_links if each.person_id == OWNER_ID]
    most_common = Counter(my_labels or [each.label for each in matching_links]).most_common(1)
    return most_common[0][0] if most_common else common_ground.load_sense_labels(db, [sense])[sense]


def _link_sort_key(
    link: InterestLink, sense: str, last_mentions: dict[tuple[str, int], str]
) -> tuple[bool, bool, int, str]:
    last_mentioned = last_mentions.get((link.sense, link.person_id))
    return link.sense != sense, link.stance != "into", _newest_first_key(last_mentioned), link.name


def build_interested_person(
    link: InterestLink, via: str | None, last_mentions: dict[tuple[str, int], str]
) -> InterestedPerson:
    """Return the person of a link, whose interest is related through `via`."""
    return InterestedPerson(
        link.handle,
        link.name,
        link.stance,
        via,
        link.note,
        link.learned_from,
        last_mentions.get((link.sense, link.person_id)),
        link.label,
    )


def load_last_mentions(
    db: sqlite3.Connection, senses: Iterable[str], today: str
) -> dict[tuple[str, int], str]:
    """Return the day on which each of these senses last came up with each person, by (sense, person id)."""
    rows = db.execute(
        "SELECT n.sense, np.person_id, max(np.day) FROM interest_name n JOIN interest i ON i.key = n.key "
        "CROSS JOIN note_interest ni ON ni.interest_id = i.id "
        "CROSS JOIN note_person np ON np.note_id = ni.note_id "
        "WHERE n.sense IN (SELECT value FROM json_each(?)) AND np.day <= ? GROUP BY 1, 2",
        (json.dumps(sorted(senses)), today),
    )
    return {(sense, person): day for sense, person, day in rows}


def load_mentions(
    db: sqlite3.Connection, senses: Iterable[str], today: str
) -> dict[str, list[InterestMention]]:
    """Return the people each of these senses came up with, whether they are into it or not."""
    rows = db.execute(
        "SELECT n.sense, p.handle, p.name, max(np.day) FROM interest_name n JOIN interest i ON i.key = n.key "
        "CROSS JOIN note_interest ni ON ni.interest_id = i.id "
        "CROSS JOIN note_person np ON np.note_id = ni.note_id JOIN person p ON p.id = np.person_id "
        "WHERE n.sense IN (SELECT value FROM json_each(?)) AND np.day <= ? AND p.is_me = 0 GROUP BY n.sense, p.id",
        (json.dumps(sorted(senses)), today),
    )
    mentions: dict[str, list[InterestMention]] = {}
    for sense, handle, name, day in rows:
        mentions.setdefault(sense, []).append(InterestMention(handle, name, day))
    return mentions


def _merge_mentions(
    mentions: dict[str, list[InterestMention]], senses: Iterable[str]
) -> tuple[InterestMention, ...]:
    """Return the last mention with each person of any of these senses, newest first."""
    last_by_handle: dict[str, InterestMention] = {}
    for each in (mention for sense in senses for mention in mentions.get(sense, ())):
        last = last_by_handle.get(each.handle)
        if last is None or last.on < each.on:
            last_by_handle[each.handle] = each
    return tuple(
        sorted(last_by_handle.values(), key=lambda each: (_newest_first_key(each.on), each.name))
    )


def _newest_first_key(day: str | None) -> int:
    return -int(day.replace("-", "")) if day else 0


def _list_shared_interests(
    db: sqlite3.Connection, one: int, other: int, today: str
) -> tuple[Interest, ...]:
    """Return the interests that two people share, last mentioned first; the owner may be `one`."""
    find_overlap = common_ground.make_overlap_finder(db, one, with_owner=OWNER_ID in (one, other))
    my_senses = common_ground.load_senses_into(db, OWNER_ID)
    links = [each for each in _list_links_of_people(db, one, other) if each.stance == "into"]
    last_mentions = {
        (sense, person): day
        for person in (one, other)
        for sense, day in load_last_mentions_with_person(db, person, today).items()
    }
    interests = []
    for each in (link for link in links if link.person_id == other):
        overlap = find_overlap(each.sense)
        if overlap is None:
            continue
        via = common_ground.get_via_label(overlap, each.sense, each.label)
        matching_link = next(
            link for link in links if link.person_id == one and link.label == overlap.your_label
        )
        people = tuple(
            build_interested_person(link, via, last_mentions)
            for link in (matching_link, each)
            if link.person_id != OWNER_ID
        )
        is_yours = each.sense in my_senses or matching_link.sense in my_senses
        label = via or (overlap.your_label if one == OWNER_ID else each.label)
        interests.append(
            Interest(
                catalog.normalize_interest(label),
                label,
                is_yours,
                people,
                _list_mentions_with(db, (matching_link.sense, each.sense), today),
                overlap.your_label,
            )
        )
    return tuple(sorted(interests, key=_common_interest_sort_key))


def find_common_ground(
    db: sqlite3.Connection, one: PersonRef, other: PersonRef, today: str
) -> CommonGround | SharedInterests:
    """Return the common ground of two people; if one is the owner, also where they differ."""
    shared = _list_shared_interests(db, one.id, other.id, today)
    if OWNER_ID not in (one.id, other.id):
        return SharedInterests(shared)
    person = other if one.id == OWNER_ID else one
    my_senses = common_ground.load_senses_into(db, OWNER_ID)
    last_mentions = {
        (sense, person.id): day
        for sense, day in load_last_mentions_with_person(db, person.id, today).items()
    }
    find_overlap = common_ground.make_overlap_finder(db)
    differ, theirs = [], []
    for link in _list_links_of_people(db, person.id):
        interest = Interest(
            catalog.normalize_interest(link.label),
            link.label,
            link.sense in my_senses,
            (build_interested_person(link, None, last_mentions),),
            _list_mentions_with(db, (link.sense,), today),
        )
        if link.stance == "differ":
            differ.append(interest)
        elif find_overlap(link.sense) is None:
            theirs.append(interest)
    return CommonGround(
        shared,
        tuple(sorted(differ, key=_common_interest_sort_key)),
        tuple(sorted(theirs, key=_common_interest_sort_key)),
    )


def _list_mentions_with(
    db: sqlite3.Connection, senses: Sequence[str], today: str
) -> tuple[InterestMention, ...]:
    return _merge_mentions(load_mentions(db, senses, today), senses)


def _common_interest_sort_key(interest: Interest) -> tuple[bool, int]:
    """Sort the same interest before related ones, last mentioned first."""
    newest_key = min(_newest_first_key(each.last_mentioned) for each in interest.people)
    return any(each.via for each in interest.people), newest_key


def _list_links_of_people(db: sqlite3.Connection, *ids: int) -> list[InterestLink]:
    placeholders = ",".join("?" * len(ids))
    rows = db.execute(
        "SELECT p.id, p.handle, p.name, n.sense, i.label, pi.stance, pi.note, f.id, f.handle, f.name "
        "FROM person_interest pi JOIN person p ON p.id = pi.person_id JOIN interest i ON i.id = pi.interest_id "
        "JOIN interest_name n ON n.key = i.key LEFT JOIN interest_source s ON s.link_id = pi.id "
        f"LEFT JOIN person f ON f.id = s.from_id WHERE pi.person_id IN ({placeholders}) ORDER BY i.label",
        ids,
    )
    return [_build_interest_link(row) for row in rows]


class InterestSummary(NamedTuple):
    """An interest on the map: how many others have it, and how many a narrower or broader one.

    `names` are the first few people, `last_mentioned` the day on which it last came up. `people` are
    (id, what they call it), `related_people` (id, what they call theirs, the broader of the two).
    """

    key: str
    label: str
    yours: bool
    other_count: int
    related_count: int
    rare: bool
    names: tuple[str, ...] = ()
    last_mentioned: str | None = None
    sense: Hidden[str] = ""
    people: Hidden[tuple[tuple[int, str], ...]] = ()
    related_people: Hidden[tuple[tuple[int, str, str], ...]] = ()

    @property
    def shared(self) -> bool:
        """Whether you have it in common with someone."""
        return self.yours and self.other_count + self.related_count > 0


class InterestFilter(NamedTuple):
    """Which part of the map to list."""

    mine: bool = False
    shared: bool = False
    rare: bool = False


class _InterestHoldings(NamedTuple):
    """Who is into what, read in one pass: for each sense the people, and what they call it."""

    people_by_sense: dict[str, dict[int, str]]
    label_counts: dict[str, Counter[str]]
    broader_steps: list[tuple[str, str]]
    people_count: int


def list_interests(db: sqlite3.Connection, criteria: InterestFilter) -> tuple[InterestSummary, ...]:
    """Return the map of interests without names; `add_people_names` adds them to what is shown."""
    holdings = _load_holdings(db)
    related_by_sense = _find_related_people(holdings)
    summaries = [
        _summarize_interest(sense, holdings, related_by_sense.get(sense, {}))
        for sense in holdings.people_by_sense
    ]
    matching = [summary for summary in summaries if _matches_filter(summary, criteria)]
    return tuple(sorted(matching, key=lambda line: _summary_sort_key(line, criteria)))


def _load_holdings(db: sqlite3.Connection) -> _InterestHoldings:
    senses_and_labels = {
        interest: (sense, label)
        for interest, sense, label in db.execute(
            "SELECT i.id, n.sense, i.label FROM interest i JOIN interest_name n ON n.key = i.key"
        )
    }
    people_by_sense: dict[str, dict[int, str]] = {}
    label_counts: dict[str, Counter[str]] = {}
    for person, interest in db.execute(
        "SELECT person_id, interest_id FROM person_interest WHERE stance = 'into'"
    ):
        sense, label = senses_and_labels[interest]
        people_by_sense.setdefault(sense, {})[person] = label
        label_counts.setdefault(sense, Counter())[label] += 1
    broader_steps = db.execute(
        "SELECT narrow, broad FROM interest_broader ORDER BY 1, 2"
    ).fetchall()
    return _InterestHoldings(
        people_by_sense, label_counts, broader_steps, common_ground.count_people(db)
    )


def _find_related_people(holdings: _InterestHoldings) -> dict[str, dict[int, tuple[str, str]]]:
    """Return for each sense who has a narrower or broader one, and which, unless it is too common."""
    senses_by_broader: dict[str, set[str]] = {}
    for narrow, broad in holdings.broader_steps:
        if narrow in holdings.people_by_sense and not catalog.is_ambiguous(broad):
            senses_by_broader.setdefault(broad, {broad}).add(narrow)
    related_by_sense: dict[str, dict[int, tuple[str, str]]] = {}
    for broad, senses in senses_by_broader.items():
        holders = {
            each
            for sense in senses
            for each in holdings.people_by_sense.get(sense, ())
            if each != OWNER_ID
        }
        if broad not in holdings.people_by_sense or common_ground.is_too_common(
            len(holders), holdings.people_count
        ):
            continue
        broader_label = _choose_summary_label(broad, holdings)
        for narrow in sorted(senses - {broad}):
            for person, label in holdings.people_by_sense[narrow].items():
                related_by_sense.setdefault(broad, {}).setdefault(person, (label, broader_label))
            for person, label in holdings.people_by_sense[broad].items():
                related_by_sense.setdefault(narrow, {}).setdefault(person, (label, label))
    return related_by_sense


def _choose_summary_label(sense: str, holdings: _InterestHoldings) -> str:
    my_label = holdings.people_by_sense[sense].get(OWNER_ID)
    return my_label or holdings.label_counts[sense].most_common(1)[0][0]


def _summarize_interest(
    sense: str, holdings: _InterestHoldings, related: dict[int, tuple[str, str]]
) -> InterestSummary:
    labels_by_person = holdings.people_by_sense[sense]
    other_people = tuple(
        sorted(
            (each, their_label)
            for each, their_label in labels_by_person.items()
            if each != OWNER_ID
        )
    )
    related_people = tuple(
        (each, *related[each])
        for each in sorted(related)
        if each not in labels_by_person and each != OWNER_ID
    )
    label = _choose_summary_label(sense, holdings)
    return InterestSummary(
        catalog.normalize_interest(label),
        label,
        OWNER_ID in labels_by_person,
        len(other_people),
        len(related_people),
        is_rare(len(other_people) + len(related_people), holdings.people_count),
        sense=sense,
        people=other_people,
        related_people=related_people,
    )


def _matches_filter(summary: InterestSummary, criteria: InterestFilter) -> bool:
    if criteria.mine and not summary.yours:
        return False
    if criteria.shared and not summary.shared:
        return False
    return not criteria.rare or (summary.rare and summary.other_count > 0)


def _summary_sort_key(summary: InterestSummary, criteria: InterestFilter) -> tuple[bool, int, str]:
    count = summary.other_count + summary.related_count
    return not summary.shared, count if criteria.rare else -count, summary.label.casefold()


def add_people_names(
    db: sqlite3.Connection, summaries: Sequence[InterestSummary], today: str, most: int = 4
) -> tuple[InterestSummary, ...]:
    """Add the first few names to each interest, and the day on which it last came up."""
    person_ids = {each for summary in summaries for each, _ in summary.people[:most]}
    person_ids |= {each for summary in summaries for each, *_ in summary.related_people[:most]}
    names = _load_person_names(db, person_ids)
    return tuple(
        summary._replace(
            names=(
                *(
                    names[each]
                    if catalog.normalize_interest(their_label) == summary.key
                    else f"{names[each]} ({their_label})"
                    for each, their_label in summary.people[:most]
                ),
                *(f"{names[each]} ({label})" for each, label, _ in summary.related_people[:most]),
            )[:most],
            last_mentioned=_find_last_mention(db, summary.sense, today),
        )
        for summary in summaries
    )


def _find_last_mention(db: sqlite3.Connection, sense: str, today: str) -> str | None:
    (day,) = db.execute(
        "SELECT max(note.day) FROM interest_name n JOIN interest i ON i.key = n.key "
        "CROSS JOIN note_interest ni ON ni.interest_id = i.id "
        "CROSS JOIN note ON note.id = ni.note_id WHERE n.sense = ? AND note.day <= ?",
        (sense, today),
    ).fetchone()
    return None if day is None else str(day)


def _load_person_names(db: sqlite3.Connection, ids: Iterable[int]) -> dict[int, str]:
    rows = db.execute(
        "SELECT id, name FROM person WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(ids)),),
    )
    return dict(rows.fetchall())


def list_interests_with_people(
    db: sqlite3.Connection, summaries: Sequence[InterestSummary], today: str
) -> tuple[Interest, ...]:
    """Return these interests with all their people, for JSON."""
    taxonomy_steps = db.execute(
        "SELECT narrow, broad FROM interest_broader ORDER BY 1, 2"
    ).fetchall()
    every = list_interest_links(
        db,
        {summary.sense for summary in summaries}.union(*taxonomy_steps),
    )
    last_mentions = load_last_mentions(db, {each.sense for each in every}, today)
    links_by_sense: dict[str, list[InterestLink]] = {}
    links_by_person: dict[int, dict[str, InterestLink]] = {}
    for each in every:
        links_by_sense.setdefault(each.sense, []).append(each)
        links_by_person.setdefault(each.person_id, {})[each.label] = each
    narrower_by_sense: dict[str, list[str]] = {}
    for narrow, broad in taxonomy_steps:
        narrower_by_sense.setdefault(broad, []).append(narrow)
    mentions = load_mentions(
        db,
        {summary.sense for summary in summaries} | {narrow for narrow, _ in taxonomy_steps},
        today,
    )
    interests = []
    for summary in summaries:
        people: dict[str, InterestedPerson] = {}
        for each in links_by_sense.get(summary.sense, []):
            if each.person_id != OWNER_ID:
                people.setdefault(each.handle, build_interested_person(each, None, last_mentions))
        for person, label, via in summary.related_people:
            link = links_by_person[person][label]
            people.setdefault(link.handle, build_interested_person(link, via, last_mentions))
        senses = (summary.sense, *narrower_by_sense.get(summary.sense, ()))
        interests.append(
            Interest(
                summary.key,
                summary.label,
                summary.yours,
                tuple(people.values()),
                _merge_mentions(mentions, senses),
            )
        )
    return tuple(interests)


class InterestName(NamedTuple):
    """A name of an interest; `source` is `typed` by you or `shipped` with kin."""

    label: str
    source: str


class RelatedInterest(NamedTuple):
    """A broader or narrower interest; `source` is `shipped` with kin, or `own` for a rule of yours."""

    label: str
    source: str


class OwnerRule(NamedTuple):
    """A rule of yours about two interests: `a` is the `same` as `b`, `under` it, or `apart` from it.

    `replaced` is your earlier rule about the two, as (relation, a, b).
    """

    relation: str
    a: str
    b: str
    added_on: str
    replaced: Hidden[tuple[str, str, str] | None] = None


class VocabularyEntry(NamedTuple):
    """An interest in the vocabulary; `senses` are what an ambiguous word may mean."""

    key: str
    label: str
    names: tuple[InterestName, ...]
    broader: tuple[RelatedInterest, ...]
    narrower: tuple[RelatedInterest, ...]
    rules: tuple[OwnerRule, ...]
    senses: tuple[str, ...] = ()


def find_vocabulary_entry(db: sqlite3.Connection, words: str) -> VocabularyEntry:
    """Return what the vocabulary has on an interest; raise NotFoundError if the book does not have it.

    An ambiguous word is found even if no one has it.
    """
    key = catalog.normalize_interest(words)
    if key in catalog.load_ambiguous_words() and common_ground.lookup_sense(db, words) is None:
        return VocabularyEntry(
            key, words.strip(), (), (), (), (), catalog.load_ambiguous_words()[key]
        )
    sense = find_sense(db, words)
    names = db.execute(
        "SELECT key, label, source FROM interest_name WHERE sense = ? ORDER BY source DESC, label",
        (sense,),
    ).fetchall()
    broader = db.execute(
        "SELECT broad, source FROM interest_broader WHERE narrow = ?", (sense,)
    ).fetchall()
    narrower = db.execute(
        "SELECT narrow, source FROM interest_broader WHERE broad = ?", (sense,)
    ).fetchall()
    labels_by_sense = common_ground.load_sense_labels(
        db, [sense, *(row[0] for row in broader + narrower)]
    )
    keys = {key for key, _, _ in names}
    return VocabularyEntry(
        catalog.normalize_interest(labels_by_sense[sense]),
        labels_by_sense[sense],
        tuple(
            InterestName(label, source)
            for _, label, source in names
            if label != labels_by_sense[sense]
        ),
        tuple(sorted(RelatedInterest(labels_by_sense[each], source) for each, source in broader)),
        tuple(sorted(RelatedInterest(labels_by_sense[each], source) for each, source in narrower)),
        tuple(
            each
            for each in list_owner_rules(db)
            if keys & {catalog.normalize_interest(each.a), catalog.normalize_interest(each.b)}
        ),
        list_meanings(db, sense.removesuffix(catalog.AMBIGUOUS_MARK))
        if catalog.is_ambiguous(sense)
        else (),
    )


def list_meanings(db: sqlite3.Connection, key: str) -> tuple[str, ...]:
    """Return what an ambiguous word may mean, without what you set it apart from."""
    rows = db.execute(
        "SELECT b_key FROM vocabulary_rule WHERE a_key = :key AND relation = 'apart' "
        "UNION SELECT a_key FROM vocabulary_rule WHERE b_key = :key AND relation = 'apart'",
        {"key": key},
    )
    separated_keys = {row[0] for row in rows}
    labels = catalog.load_ambiguous_words().get(key, ())
    return tuple(each for each in labels if catalog.normalize_interest(each) not in separated_keys)


def list_owner_rules(db: sqlite3.Connection) -> tuple[OwnerRule, ...]:
    """Return your rules about interests, in the order in which you made them."""
    rows = db.execute(
        "SELECT relation, a_label, b_label, added_on FROM vocabulary_rule ORDER BY id"
    )
    return tuple(OwnerRule(*row) for row in rows)


def describe_rule(relation: str, a: str, b: str) -> str:
    """Return a rule about two interests as a sentence."""
    verbs = {"same": "means the same as", "under": "is a kind of", "apart": "is separate from"}
    return f"{add_quotes(a)} {verbs[relation]} {add_quotes(b)}."


def describe_ambiguity(label: str, senses: Sequence[str]) -> str:
    """Return what an ambiguous word may mean, and how to say which."""
    return (
        f"Which {label}: {join_words(senses, 'or')}? Until you say, kin won’t match anyone on it. "
        f"Write {add_quotes(senses[0])} instead, or settle it: {format_command('kin vocab', 'same', label, senses[0])}"
    )
