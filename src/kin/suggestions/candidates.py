"""What the order of `kin reconnect` is computed from: rhythms, interests, questions, dates, showings.

Each is read in one pass over its table. Days are ordinals (date.toordinal) unless they are ISO text.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from functools import cache, cached_property
from itertools import chain
from typing import NamedTuple

from kin.constants import FAMILY_REASON, HOUSEHOLD_TIES, OWNER_ID, STANCES
from kin.interests import common_ground
from kin.interests.common_ground import TOO_COMMON_SHARE, Overlap
from kin.language import date_format
from kin.language.text import normalize
from kin.suggestions import scoring
from kin.suggestions.scoring import GapStatistics
from kin.suggestions.weights import (
    CURIOUS_AFTER,
    DATE_WITHIN,
    JUST_TALKED_WITHIN,
    LARGE_COMPANY,
    LARGE_GROUP,
    STANCE_WEIGHTS,
)

_MOST_QUERIED_PEOPLE = (
    200  # without a cached rhythm: above that, one pass over all notes is cheaper
)

_LARGE_COMPANY_OF_PEOPLE_SQL = (
    "SELECT np.person_id, np.day FROM note_person np WHERE np.person_id IN (SELECT value FROM json_each(:people)) "
    "AND np.day <= :today AND (SELECT count(*) FROM note_person o "
    "WHERE o.note_id = np.note_id AND o.person_id <> :me) > :company"
)
_LARGE_COMPANY_SQL = (
    "SELECT np.person_id, np.day FROM (SELECT note_id AS id FROM note_person WHERE person_id <> :me "
    "GROUP BY note_id HAVING count(*) > :company) large "
    "CROSS JOIN note_person np ON np.note_id = large.id WHERE np.day <= :today"
)


class Rhythm(NamedTuple):
    """When you talked with someone: the last day (ISO), on how many days, and the gaps in days."""

    last_day: str
    day_count: int
    gaps: list[int]


def load_rhythms(db: sqlite3.Connection, today: str) -> dict[int, Rhythm]:
    """Return, by person id, the rhythm of everyone you had talked with by an ISO day."""
    cached = db.execute(
        "SELECT person_id, last, days, gaps FROM rhythm WHERE last <= ?", (today,)
    ).fetchall()
    # One call for all of them is the fastest.
    gap_lists = json.loads(f"[{','.join([f'[{gaps}]' for *_, gaps in cached])}]")
    rhythms = {
        person: Rhythm(last, days, gaps)
        for (person, last, days, _), gaps in zip(cached, gap_lists, strict=True)
    }
    return {**rhythms, **dict(compute_uncached_rhythms(db, today))}


def list_cacheable_rhythms(db: sqlite3.Connection, today: str) -> tuple[tuple[int, Rhythm], ...]:
    """Return the rhythms to cache: those not cached yet, of people without a note in the future."""
    rows = db.execute(
        "SELECT DISTINCT np.person_id FROM note n CROSS JOIN note_person np "
        "ON np.note_id = n.id WHERE n.day > ?",
        (today,),
    ).fetchall()
    ids_with_future_notes = {person for (person,) in rows}
    return tuple(
        each for each in compute_uncached_rhythms(db, today) if each[0] not in ids_with_future_notes
    )


def compute_book_gaps(rhythms: Iterable[Rhythm]) -> GapStatistics:
    """Return the number and the median of the gaps of all rhythms together."""
    gap_counts = Counter(chain.from_iterable(each.gaps for each in rhythms))
    count, ordered = gap_counts.total(), sorted(gap_counts.items())
    middles = (
        (_find_nth_gap(ordered, (count - 1) // 2), _find_nth_gap(ordered, count // 2))
        if count
        else (0, 0)
    )
    return GapStatistics(count, sum(middles) / 2)


def _find_nth_gap(gap_counts: list[tuple[int, int]], position: int) -> int:
    for gap, count in gap_counts:
        position -= count
        if position < 0:
            return gap
    raise IndexError("there are fewer gaps")


def compute_uncached_rhythms(db: sqlite3.Connection, today: str) -> Iterator[tuple[int, Rhythm]]:
    """Yield the rhythm of everyone without a cached one that is valid on an ISO day.

    A note with large company counts as a talk, but makes no gap.
    """
    people = [
        person
        for (person,) in db.execute(
            "SELECT p.id FROM person p WHERE p.id <> :me "
            "AND NOT EXISTS (SELECT 1 FROM rhythm r WHERE r.person_id = p.id AND r.last <= :today) "
            "AND EXISTS (SELECT 1 FROM note_person np WHERE np.person_id = p.id AND np.day <= :today)",
            {"me": OWNER_ID, "today": today},
        )
    ]
    parameters: dict[str, int | str] = {
        "me": OWNER_ID,
        "company": LARGE_COMPANY,
        "today": today,
        "people": json.dumps(people),
    }
    company_notes = _count_large_company_notes(
        db,
        _LARGE_COMPANY_SQL if len(people) > _MOST_QUERIED_PEOPLE else _LARGE_COMPANY_OF_PEOPLE_SQL,
        parameters,
    )
    day_number = cache(parse_ordinal)
    for person, joined_days in db.execute(
        "SELECT person_id, group_concat(day) FROM note_person "
        "WHERE person_id IN (SELECT value FROM json_each(:people)) AND day <= :today GROUP BY person_id",
        parameters,
    ):
        days = sorted(dict.fromkeys(joined_days.split(",")))
        gap_days = days
        if person in company_notes:
            company_days = company_notes[person]
            gap_days = [
                day
                for day in days
                if day not in company_days or joined_days.count(day) > company_days[day]
            ]
        yield (
            person,
            Rhythm(days[-1], len(days), scoring.compute_gaps([*map(day_number, gap_days)])),
        )


def _count_large_company_notes(
    db: sqlite3.Connection, sql: str, parameters: dict[str, int | str]
) -> dict[int, Counter[str]]:
    """Count each person's notes in large company, by day."""
    counts_by_person: dict[int, Counter[str]] = {}
    for person, day in db.execute(sql, parameters):
        counts_by_person.setdefault(person, Counter())[day] += 1
    return counts_by_person


def parse_ordinal(day: str) -> int:
    """Return the ordinal of an ISO day."""
    return date.fromisoformat(day).toordinal()


class Candidate(NamedTuple):
    """A person who may be suggested."""

    id: int
    handle: str
    name: str
    circle: str | None
    lives: str | None


class CandidateInterest(NamedTuple):
    """An interest in the book: its meaning, and how it overlaps with one of yours."""

    id: int
    sense: str
    label: str
    overlap: Overlap | None

    def get_kind(self, stance: str) -> str:
        """Return what it is to the two of you: shared, differ or theirs."""
        return "differ" if stance == "differ" else "shared" if self.overlap else "theirs"

    @property
    def via(self) -> str | None:
        """The broader interest through which you share it, if it is not the very same one."""
        return (
            common_ground.get_via_label(self.overlap, self.sense, self.label)
            if self.overlap
            else None
        )


class OpenQuestion(NamedTuple):
    """An open question: the days until its date (None without one), and its age in days."""

    id: int
    text: str
    due_in: int | None
    age_days: int


class CandidateDate(NamedTuple):
    """A birthday or another yearly date, and when it comes next."""

    kind: str
    label: str
    on: date
    in_days: int


class Candidates:
    """Everyone who may be suggested from one book on one day; each part is read when first needed."""

    def __init__(self, db: sqlite3.Connection, today: date) -> None:
        self.db = db
        self.today = today
        self.today_iso = today.isoformat()
        self.today_ordinal = today.toordinal()
        self._daily_randoms: dict[tuple[str, str], float] = {}

    @cached_property
    def people(self) -> dict[int, Candidate]:
        """Everyone who may be suggested, by id: neither you nor anyone snoozed."""
        rows = self.db.execute(
            "SELECT id, handle, name, circle, lives FROM person WHERE is_me = 0 AND id NOT IN "
            "(SELECT person_id FROM snooze WHERE until IS NULL OR until > ?)",
            (self.today_iso,),
        ).fetchall()
        return {each.id: each for each in map(Candidate._make, rows)}

    def draw_daily_random(self, candidate: Candidate, seed: str) -> float:
        """Return a person's random number for the day, between 0 and 1, the same all day."""
        value = self._daily_randoms.get((seed, candidate.handle))
        if value is None:
            value = self._daily_randoms[seed, candidate.handle] = scoring.draw_stable_random(
                seed, self.today_iso, candidate.handle
            )
        return value

    @cached_property
    def people_count(self) -> int:
        """How many people the book has, without you."""
        return common_ground.count_people(self.db)

    @cached_property
    def rhythms(self) -> dict[int, Rhythm]:
        """The rhythms by person id; people you never talked with are not in it."""
        return load_rhythms(self.db, self.today_iso)

    def get_assumed_rhythm(self, circle: str | None) -> float:
        """Return the rhythm to assume for a circle before there is one, in days."""
        return scoring.compute_assumed_rhythm(circle, lambda: self._book_gaps)

    @cached_property
    def _book_gaps(self) -> scoring.GapStatistics:
        return compute_book_gaps(self.rhythms.values())

    @cached_property
    def just_talked_ids(self) -> frozenset[int]:
        """The ids of people you talked with in the last few days."""
        since = (self.today - timedelta(days=JUST_TALKED_WITHIN)).isoformat()
        return frozenset(
            each for each, contact_rhythm in self.rhythms.items() if contact_rhythm.last_day > since
        )

    def has_unknown_interests(self, candidate: Candidate) -> bool:
        """Return whether you have met someone often and noted none of their interests."""
        contact_rhythm = self.rhythms.get(candidate.id)
        return (
            candidate.id not in self.remainders
            and contact_rhythm is not None
            and contact_rhythm.day_count >= CURIOUS_AFTER
        )

    @cached_property
    def interests(self) -> dict[int, CandidateInterest]:
        """Every interest in the book, by id."""
        overlaps = common_ground.find_overlaps(self.db)
        return {
            interest_id: CandidateInterest(
                interest_id,
                sense,
                label,
                self._drop_too_common(overlaps.get(sense)),
            )
            for interest_id, (sense, label) in self._senses_and_labels.items()
        }

    def _drop_too_common(self, overlap: Overlap | None) -> Overlap | None:
        if overlap and overlap.broader_sense:
            people_into = self.people_into_counts.get(overlap.broader_sense, 0)
            return None if common_ground.is_too_common(people_into, self.people_count) else overlap
        return overlap

    @cached_property
    def _senses_and_labels(self) -> dict[int, tuple[str, str]]:
        rows = self.db.execute(
            "SELECT i.id, n.sense, i.label FROM interest i JOIN interest_name n ON n.key = i.key"
        )
        return {interest_id: (sense, label) for interest_id, sense, label in rows}

    @cached_property
    def ids_into(self) -> dict[str, set[int]]:
        """The ids of the others who are into each sense itself, snoozed people included."""
        ids_by_sense: dict[str, set[int]] = {}
        for interest_id, stance, person_ids in self._person_ids_by_interest:
            if stance == "into":
                ids_by_sense.setdefault(self._senses_and_labels[interest_id][0], set()).update(
                    person_ids
                )
        return ids_by_sense

    @cached_property
    def people_into_counts(self) -> dict[str, int]:
        """How many others are into each sense or a narrower one."""
        ids_by_sense = dict(self.ids_into)
        for narrow, broad in self.db.execute("SELECT narrow, broad FROM interest_broader"):
            if narrow in self.ids_into:
                ids_by_sense[broad] = ids_by_sense.get(broad, set()) | self.ids_into[narrow]
        return {sense: len(person_ids) for sense, person_ids in ids_by_sense.items()}

    def count_people_into(self, interest: CandidateInterest, kind: str) -> int:
        """Count who is into an interest, or into the broader one through which it is shared."""
        broader_sense = (
            interest.overlap.broader_sense if interest.overlap and kind == "shared" else None
        )
        return self.people_into_counts.get(broader_sense or interest.sense, 0)

    def get_rarity(self, interest: CandidateInterest, kind: str) -> float:
        """Return how rare an interest is among the people in the book."""
        return scoring.compute_rarity(self.count_people_into(interest, kind), self.people_count)

    def get_weight(self, interest: CandidateInterest, kind: str, liveliness: float) -> float:
        """Return the weight of an interest, given how alive it is between the two of you."""
        via = kind == "shared" and interest.via is not None
        return scoring.compute_interest_weight(
            STANCE_WEIGHTS[kind], self.get_rarity(interest, kind), liveliness, via
        )

    @cached_property
    def remainders(self) -> dict[int, float]:
        """Π(1 - weight) over each person's interests by id, each taken as alive as can be."""
        remainders: dict[int, float] = {}
        for interest_id, stance, person_ids in self._person_ids_by_interest:
            interest = self.interests[interest_id]
            remainder = 1 - self.get_weight(interest, interest.get_kind(stance), 1.0)
            for person in person_ids:
                remainders[person] = remainders.get(person, 1.0) * remainder
        return remainders

    @cached_property
    def ids_into_anything(self) -> frozenset[int]:
        """The ids of everyone who is into anything."""
        return frozenset().union(*self.ids_into.values())

    def list_interest_stances(self, candidate: Candidate) -> list[tuple[int, str]]:
        """Return the interest ids of a person, each with the stance."""
        return self.db.execute(
            "SELECT interest_id, stance FROM person_interest WHERE person_id = ?", (candidate.id,)
        ).fetchall()

    @cached_property
    def _person_ids_by_interest(self) -> list[tuple[int, str, list[int]]]:
        rows = self.db.execute(
            "SELECT interest_id, json_group_array(person_id) FILTER (WHERE stance = 'into'), "
            "json_group_array(person_id) FILTER (WHERE stance = 'differ') "
            "FROM person_interest WHERE person_id <> ? GROUP BY interest_id",
            (OWNER_ID,),
        ).fetchall()
        return [
            (interest_id, stance, json.loads(ids_json))
            for interest_id, *id_lists in rows
            for stance, ids_json in zip(STANCES, id_lists, strict=True)
        ]

    @cached_property
    def open_questions(self) -> dict[int, list[OpenQuestion]]:
        """The open questions by person id."""
        questions_by_person: dict[int, list[OpenQuestion]] = {}
        day_number = cache(parse_ordinal)
        for person, question_id, text, opened_on, on_day in self.db.execute(
            "SELECT qp.person_id, q.id, q.text, q.opened_on, q.on_day FROM question q "
            "JOIN question_person qp ON qp.question_id = q.id WHERE q.answered_on IS NULL ORDER BY q.id"
        ):
            due_in = day_number(on_day) - self.today_ordinal if on_day else None
            questions_by_person.setdefault(person, []).append(
                OpenQuestion(question_id, text, due_in, self.today_ordinal - day_number(opened_on))
            )
        return questions_by_person

    @cached_property
    def upcoming_dates(self) -> dict[int, list[CandidateDate]]:
        """The dates of the coming week by person id."""
        dates_by_person: dict[int, list[CandidateDate]] = {}
        days = [self.today + timedelta(days=ahead) for ahead in range(DATE_WITHIN)]
        month_days = {f"{day:%m-%d}" for day in days}
        month_days |= {"02-29"} if "02-28" in month_days else set()
        for person, kind, label, stored_date in self.db.execute(
            "SELECT person_id, kind, label, on_day FROM yearly_date WHERE substr(on_day, -5) IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(month_days)),),
        ):
            on, _ = date_format.find_next_occurrence(stored_date, self.today)
            if (on - self.today).days < DATE_WITHIN:
                dates_by_person.setdefault(person, []).append(
                    CandidateDate(kind, label, on, (on - self.today).days)
                )
        return dates_by_person

    @cached_property
    def showings(self) -> dict[int, list[tuple[int, str | None]]]:
        """The days before today on which each was shown, with the opener's key; newest first."""
        showings_by_person: dict[int, list[tuple[int, str | None]]] = {}
        for person, day, opener_key in self.db.execute(
            "SELECT person_id, day, opener FROM showing WHERE day < ? ORDER BY day DESC",
            (self.today_iso,),
        ):
            showings_by_person.setdefault(person, []).append((parse_ordinal(day), opener_key))
        return showings_by_person

    @cached_property
    def groups(self) -> dict[int, set[int]]:
        """The groups by person id, without those so large that they are a mere label."""
        rows = self.db.execute("SELECT group_id, person_id FROM person_group").fetchall()
        members: dict[int, set[int]] = {}
        for group, person in rows:
            members.setdefault(group, set()).add(person)
        large_group = max(LARGE_GROUP, TOO_COMMON_SHARE * self.people_count)
        groups_by_person: dict[int, set[int]] = {}
        for group, person_ids in members.items():
            for person in person_ids if len(person_ids) <= large_group else ():
                groups_by_person.setdefault(person, set()).add(group)
        return groups_by_person

    @cached_property
    def households(self) -> dict[int, set[int]]:
        """Who lives together according to their ties, by person id; directly or through others."""
        households: dict[int, set[int]] = {}
        for a, b in self._iter_tied_pairs(HOUSEHOLD_TIES):
            household = households.get(a, {a}) | households.get(b, {b})
            households |= dict.fromkeys(household, household)
        return households

    @cached_property
    def family(self) -> dict[int, set[int]]:
        """Each person's family according to their ties, by person id."""
        family_by_person: dict[int, set[int]] = {}
        for a, b in self._iter_tied_pairs(FAMILY_REASON):
            family_by_person.setdefault(a, set()).add(b)
            family_by_person.setdefault(b, set()).add(a)
        return family_by_person

    def _iter_tied_pairs(self, words: Collection[str]) -> Iterator[tuple[int, int]]:
        matcher = _TieWordMatcher(words)
        return ((a, b) for a, b, word in self._tie_rows if matcher[word])

    @cached_property
    def _tie_rows(self) -> list[tuple[int, int, str]]:
        return self.db.execute("SELECT a_id, b_id, word FROM tie").fetchall()


class _TieWordMatcher(dict[str, bool]):
    """Maps the word of a tie to whether it is one of `words`; each word is normalized once."""

    def __init__(self, words: Collection[str]) -> None:
        self._words = words

    def __missing__(self, word: str) -> bool:
        self[word] = matches = normalize(word).replace(" ", "") in self._words
        return matches


class Snooze(NamedTuple):
    """Someone who is not suggested: until a day (ISO), or without one until you say so."""

    handle: str
    name: str
    until: str | None
    snoozed: bool = True


def lookup_snooze(db: sqlite3.Connection, person_id: int, today: str) -> Snooze | None:
    """Return the snooze of a person that is in force on an ISO day, if there is one."""
    row = db.execute(
        "SELECT p.handle, p.name, s.until FROM snooze s JOIN person p ON p.id = s.person_id "
        "WHERE s.person_id = ? AND (s.until IS NULL OR s.until > ?)",
        (person_id, today),
    ).fetchone()
    return Snooze(*row) if row else None


def describe_snooze(name: str, until: str | None) -> str:
    """Say until when someone is not suggested."""
    return f"kin won’t suggest {name} until {until or 'you say so'}."
