"""Properties of every book: who may be listed, what may not change the order, what each sentence builds on."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from sqlite3 import Connection, connect
from typing import Any

from hypothesis import given, settings, strategies as st

from kin.book import indexes, session
from kin.language.text import truncate
from kin.suggestions import reconnect
from kin.suggestions.candidates import Candidates
from kin.suggestions.ranking import Score, iter_eligible, rank_candidates, score_candidate
from kin.suggestions.reconnect import ReconnectOptions, Suggestion
from kin.vocabulary import catalog

TODAY = date(2026, 11, 23)
ALL = ReconnectOptions(most=0)
# Some are related, some are names of the same interest, and some are not in the vocabulary.
LABELS = ("climbing", "bouldering", "ice climbing", "chess", "birding", "bird watching", "Board Games", "Zwirbeln", "old maps of Graz")  # fmt: skip
NAMES = ("Maya Okafor", "Silas", "X", "山田 太郎", "Dr. Ana Ruiz", "Aunt Rosa", "J. R. Okonkwo")
QUESTIONS = ("how was the exam", "did the kiln survive?", "試験はどうだった？", "so " * 80 + "long")


@dataclass(frozen=True)
class Talk:
    """A talk so many days ago, about something, with everyone there if it was a party."""

    ago: int
    about: str | None = None
    party: bool = False


@dataclass(frozen=True)
class Someone:
    """All that the order may know of a person; days count back from today, negative ones forward."""

    into: tuple[str, ...] = ()
    differ: tuple[str, ...] = ()
    noted: bool = False
    talks: tuple[Talk, ...] = ()
    questions: tuple[tuple[str, int, int | None], ...] = ()
    born: int | None = None
    circle: str | None = None
    groups: tuple[int, ...] = ()
    lives_with: int | None = None
    family: bool = False
    shown: tuple[int, ...] = ()
    snoozed: int | None = None


days_ago = st.one_of(st.integers(-30, 12), st.integers(-30, 900))
talks = st.builds(Talk, days_ago, st.none() | st.sampled_from(LABELS), st.booleans())
questions = st.tuples(
    st.sampled_from(QUESTIONS), st.integers(0, 300), st.none() | st.integers(-9, 99)
)


@st.composite
def someone(draw: Callable[[Any], Any]) -> Someone:
    held = draw(st.lists(st.sampled_from(LABELS), max_size=4, unique=True))
    split = draw(st.integers(0, len(held)))
    seldom = st.none() | st.none() | st.none()
    return Someone(
        into=tuple(held[split:]),
        differ=tuple(held[:split]) if draw(st.booleans()) else (),
        noted=draw(st.booleans()),
        talks=tuple(draw(st.lists(talks, max_size=5))),
        questions=tuple(draw(st.lists(questions, max_size=2))),
        born=draw(seldom | st.integers(0, 9)),
        circle=draw(st.sampled_from([None, None, "inner", "close", "friend", "wide"])),
        groups=tuple(draw(st.sets(st.integers(1, 3), max_size=1))),
        lives_with=draw(seldom | st.integers(0, 6)),
        family=draw(st.booleans()) and draw(st.booleans()),
        shown=tuple(draw(st.sets(st.integers(0, 130), max_size=4))),
        snoozed=draw(seldom | st.sampled_from([-20, -1, 0, 5])),
    )


books = st.lists(someone(), min_size=1, max_size=len(NAMES))
mine = st.lists(st.sampled_from(LABELS), max_size=4, unique=True)


@cache
def _empty(labels: tuple[str, ...]) -> bytes:
    """Return a book with no one in it, and these interests."""
    with session.open_empty_book(TODAY) as db:
        for number, label in enumerate(labels, 1):
            db.execute(
                "INSERT INTO interest VALUES (?, ?, ?)",
                (number, catalog.normalize_interest(label), label),
            )
        indexes.rebuild_interest_index(db)
        return db.serialize()


def made(
    people: Sequence[Someone],
    loves: Sequence[str],
    order: Sequence[int] = (),
    labels: tuple[str, ...] = LABELS,
    called: dict[str, str] | None = None,
) -> Connection:
    """Make a book in memory with its rows added in this order; `called` renames interests throughout."""
    named = {label: (called or {}).get(label, label) for label in LABELS}
    ids = {label: labels.index(named[label]) + 1 for label in LABELS}
    db = connect(":memory:", isolation_level=None)
    db.deserialize(_empty(labels))
    db.create_function("folded", 1, lambda words: words)
    for label in loves:
        _hold(db, 1, ids[label], "into", None)
    rows = [number for number in order if number < len(people)] or list(range(len(people)))
    id_of = {number: place + 2 for place, number in enumerate(rows)}
    for number in rows:
        db.execute(
            "INSERT INTO person (id, handle, name, is_me, circle, lives, added_on) VALUES (?, ?, ?, 0, ?, 'Graz', '2020-01-01')",
            (id_of[number], f"p{number}", NAMES[number], people[number].circle),
        )
    for number in rows:
        _put(db, people[number], id_of[number], ids, id_of)
    return db


def _hold(db: Connection, person: int, interest: int, stance: str, note: str | None) -> None:
    db.execute(
        "INSERT INTO person_interest (person_id, interest_id, stance, note) VALUES (?, ?, ?, ?)",
        (person, interest, stance, note),
    )


def _put(
    db: Connection, who: Someone, person: int, ids: dict[str, int], id_of: dict[int, int]
) -> None:
    for label in who.into:
        _hold(db, person, ids[label], "into", "since a rainy summer" if who.noted else None)
    for label in who.differ:
        _hold(db, person, ids[label], "differ", None)
    for talk in who.talks:
        log_talk(
            db, [*id_of.values()] if talk.party else [person], talk.ago, ids.get(talk.about or "")
        )
    for text, opened, due in who.questions:
        (question,) = db.execute(
            "INSERT INTO question (text, opened_on, on_day) VALUES (?, ?, ?) RETURNING id",
            (text, ago(opened), None if due is None else ago(due)),
        ).fetchone()
        db.execute("INSERT INTO question_person VALUES (?, ?)", (person, question))
    if who.born is not None:
        on = f"--{TODAY + timedelta(days=who.born):%m-%d}"
        db.execute(
            "INSERT INTO yearly_date (person_id, kind, label, on_day) VALUES (?, 'birthday', 'birthday', ?)",
            (person, on),
        )
    for group in who.groups:
        db.execute(
            "INSERT OR IGNORE INTO people_group VALUES (?, ?, ?)", (group, f"g{group}", f"g{group}")
        )
        db.execute("INSERT INTO person_group VALUES (?, ?)", (person, group))
    if who.family:
        db.execute("INSERT INTO tie (a_id, b_id, word) VALUES (?, 1, 'Half-Sister')", (person,))
    other = id_of.get(who.lives_with) if who.lives_with is not None else None
    if other and other != person:
        db.execute("INSERT INTO tie (a_id, b_id, word) VALUES (?, ?, 'flat mate')", (person, other))
    for shown in who.shown:
        show(db, person, ago(shown))
    if who.snoozed is not None:
        until = None if who.snoozed == 5 else ago(who.snoozed)
        db.execute("INSERT INTO snooze VALUES (?, ?)", (person, until))


def ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


def show(db: Connection, person: int, day: str, opener: str | None = None) -> None:
    db.execute("INSERT OR IGNORE INTO showing VALUES (?, ?, ?)", (person, day, opener))


def log_talk(db: Connection, people: Sequence[int], days: int, about: int | None = None) -> None:
    (talk,) = db.execute(
        "INSERT INTO note (day, precision, text, text_from, noted_at) VALUES (?, 'day', ?, 0, '2026-11-23') RETURNING id",
        (ago(days), f"a long talk on {ago(days)}"),
    ).fetchone()
    db.executemany(
        "INSERT INTO note_person VALUES (?, ?, ?, '')",
        [(person, ago(days), talk) for person in people],
    )
    if about:
        db.execute("INSERT INTO note_interest VALUES (?, ?)", (about, talk))


def score_everyone(db: Connection, day: date = TODAY) -> dict[str, Score]:
    """Score everyone who is not snoozed."""
    candidates = Candidates(db, day)
    return {each.handle: score_candidate(candidates, each) for each in candidates.people.values()}


def summarize(found: Sequence[Suggestion]) -> list[tuple[Any, ...]]:
    return [
        (each.person.handle, each.because, each.interest, [one[:2] for one in each.reasons], each.opener and each.opener[:2])
        for each in found
    ]  # fmt: skip


@settings(deadline=None)
@given(books, mine)
def test_everyone_listed_may_be_listed_and_has_a_reason(
    people: list[Someone], loves: list[str]
) -> None:
    with closing(made(people, loves)) as db:
        for options in (
            ReconnectOptions(),
            ALL,
            ReconnectOptions(most=1),
            ReconnectOptions(most=5),
            ReconnectOptions(warm_up=True),
            ReconnectOptions(near="graz"),
        ):
            found = reconnect.suggest_people(db, TODAY, options)
            assert options.most == 0 or len(found) <= options.most
            _may_be_listed(found, people, options)
            _appears_once(found, people)


def _may_be_listed(
    found: Sequence[Suggestion], people: Sequence[Someone], options: ReconnectOptions
) -> None:
    handles = [each.person.handle for each in found]
    assert len(set(handles)) == len(handles)
    for place, each in enumerate(found):
        who = people[int(each.person.handle[1:])]
        assert who.snoozed is None or (who.snoozed != 5 and who.snoozed >= 0), "they are snoozed"
        silence = each.score.time.silence
        due = [due for _, _, due in who.questions if due is not None]
        assert silence is None or silence >= 3 or any(0 <= day < silence for day in due)
        if each.reasons[0].kind == "luck":
            assert place == len(found) - 1 or options.most > 3 or len(found) <= 3
            assert options.most >= 3 and not any(1 <= day < 60 for day in who.shown)
            assert who.into or who.family
        else:
            assert each.score.reason > 0 and each.reasons
    assert [each.reasons[0].kind for each in found].count("luck") <= 1


def _appears_once(found: Sequence[Suggestion], people: Sequence[Someone]) -> None:
    """Check that no household, group, leading interest or difference is in a list twice."""
    listed = {int(each.person.handle[1:]) for each in found}
    homes = {number: {number} for number in range(len(people))}
    for number, who in enumerate(people):
        if who.lives_with in homes:
            home = homes[number] | homes[who.lives_with]
            homes |= dict.fromkeys(home, home)
    assert all(len(homes[number] & listed) == 1 for number in listed)
    groups = [group for number in listed for group in people[number].groups]
    assert len(groups) == len(set(groups))
    leading = [each.interest for each in found if each.interest]
    assert len(leading) == len(set(leading))
    assert [each.reasons[0].kind for each in found].count("differ") <= 1


@settings(deadline=None)
@given(books, mine)
def test_each_because_names_what_it_builds_on(people: list[Someone], loves: list[str]) -> None:
    with closing(made(people, loves)) as db:
        for options in (ALL, ReconnectOptions(), ReconnectOptions(most=7)):
            for each in reconnect.suggest_people(db, TODAY, options):
                _builds_on_something(each)


def _builds_on_something(each: Suggestion) -> None:
    lead = each.reasons[0]
    assert each.because.startswith(lead.text.rstrip(".")) or "easy" in each.because
    if each.interest:
        assert each.interest in each.because
    elif lead.kind == "question":
        assert each.score.question
        quoted = truncate(each.score.question[0].text, 90)
        assert quoted[:1].upper() + quoted[1:] in each.because
    elif lead.kind == "date":
        assert each.because.startswith("Birthday ")
    else:
        assert each.because.startswith(("Family.", "Just because."))
    assert not any(word in each.because for word in (" days", "overdue", "should"))
    assert each.opener is None or each.opener.because


@settings(deadline=None)
@given(books, mine, st.permutations(range(len(NAMES))), st.permutations(LABELS))
def test_the_order_of_rows_changes_nothing(
    people: list[Someone], loves: list[str], order: list[int], labels: list[str]
) -> None:
    with closing(made(people, loves)) as db, closing(made(people, loves[::-1], order, tuple(labels[:1] + [one for one in LABELS if one != labels[0]]))) as other:  # fmt: skip
        for options in (ALL, ReconnectOptions()):
            one, two = (reconnect.suggest_people(each, TODAY, options) for each in (db, other))
            assert summarize(one) == summarize(two)


RENAMED = {
    "Zwirbeln": "Aardvarks",
    "old maps of Graz": "Zzz of old",
}  # before and after all others


@settings(deadline=None)
@given(books, mine)
def test_renaming_an_interest_throughout_moves_no_one(
    people: list[Someone], loves: list[str]
) -> None:
    labels = tuple(RENAMED.get(label, label) for label in LABELS)
    with closing(made(people, loves)) as db, closing(made(people, loves, labels=labels, called=RENAMED)) as other:  # fmt: skip
        one, two = (
            {who: (each.value, each.noise) for who, each in score_everyone(book).items()}
            for book in (db, other)
        )
        assert one == two


@settings(deadline=None)
@given(books, mine, st.integers(0, 6), st.integers(1, 200))
def test_a_showing_without_a_talk_never_raises_anyone(
    people: list[Someone], loves: list[str], number: int, days: int
) -> None:
    who = f"p{number % len(people)}"
    with closing(made(people, loves)) as db:
        before = score_everyone(db)
        (person,) = db.execute("SELECT id FROM person WHERE handle = ?", (who,)).fetchone()
        show(db, person, ago(days))
        after = score_everyone(db)
        assert all(after[each].value <= before[each].value for each in before)
        others = set(before) - {who}
        assert all(after[each].value == before[each].value for each in others)


@settings(deadline=None)
@given(books, mine, st.integers(0, 6))
def test_a_talk_takes_a_person_off_the_list_for_three_days(
    people: list[Someone], loves: list[str], number: int
) -> None:
    number %= len(people)
    who = replace(people[number], talks=(*people[number].talks, Talk(0)), questions=())
    with closing(made([*people[:number], who, *people[number + 1 :]], loves)) as db:
        for ahead in range(3):
            day = TODAY + timedelta(days=ahead)
            for options in (ALL, ReconnectOptions(), ReconnectOptions(warm_up=True)):
                found = reconnect.suggest_people(db, day, options)
                assert f"p{number}" not in [each.person.handle for each in found]
            assert f"p{number}" not in [
                each.person.handle for each in reconnect.suggest_at_random(db, day)
            ]


@settings(deadline=None)
@given(books, mine, st.integers(1, 400))
def test_more_silence_is_never_less_quiet(
    people: list[Someone], loves: list[str], days: int
) -> None:
    past = [
        replace(who, talks=tuple(each for each in who.talks if each.ago >= 0)) for who in people
    ]
    with closing(made(past, loves)) as db:
        now, later = score_everyone(db), score_everyone(db, TODAY + timedelta(days=days))
        assert all(later[who].time.quiet >= now[who].time.quiet for who in now)


@settings(deadline=None)
@given(books, mine)
def test_the_order_with_bounds_is_the_order_of_all_scores(
    people: list[Someone], loves: list[str]
) -> None:
    with closing(made(people, loves)) as db:
        candidates = Candidates(db, TODAY)
        found = [each.candidate.handle for each in rank_candidates(candidates, lambda _: True)]
        scores = [score_candidate(candidates, each) for each in iter_eligible(candidates)]
        with_reason = [each for each in scores if each.reason]
        with_reason.sort(key=lambda each: (-each.rank_value, each.candidate.handle))
        assert found == [each.candidate.handle for each in with_reason]


@settings(deadline=None)
@given(books, mine)
def test_the_list_of_a_day_stays_the_same_whatever_was_shown(
    people: list[Someone], loves: list[str]
) -> None:
    with closing(made(people, loves)) as db:
        before = summarize(reconnect.suggest_people(db, TODAY))
        for (person,) in db.execute("SELECT id FROM person WHERE is_me = 0").fetchall():
            show(db, person, TODAY.isoformat(), "since.0")
        assert summarize(reconnect.suggest_people(db, TODAY)) == before


@settings(max_examples=30, deadline=None)
@given(someone(), mine)
def test_no_opener_comes_twice_within_five_showings(who: Someone, loves: list[str]) -> None:
    asked: list[str] = []
    with closing(made([replace(who, snoozed=None, shown=())], loves)) as db:
        for ahead in range(12):
            day = TODAY + timedelta(days=ahead)
            for each in reconnect.suggest_people(db, day):
                key = each.opener.key if each.opener else None
                assert key is None or key not in asked[-5:]
                asked.append(key or "")
                show(db, each.score.candidate.id, day.isoformat(), key)


READ = {
    "person": {"id", "handle", "name", "is_me", "circle", "lives"},
    "person_interest": {"person_id", "interest_id", "stance", "note"},
    "interest": {"id", "key", "label"},
    "interest_name": {"key", "sense"},
    "interest_broader": {"narrow", "broad"},
    "note": {"id", "day", "precision", "text", "text_from", "place", "by"},
    "note_person": {"person_id", "day", "note_id", "matched"},
    "note_interest": {"note_id", "interest_id"},
    "question": {"id", "text", "opened_on", "on_day", "answered_on", "note_id"},
    "question_person": {"person_id", "question_id"},
    "yearly_date": {"person_id", "kind", "label", "on_day"},
    "person_group": {"person_id", "group_id"},
    "tie": {"a_id", "b_id", "word"},
    "showing": {"person_id", "day", "opener"},
    "snooze": {"person_id", "until"},
    "rhythm": {"person_id", "last", "days", "gaps"},
}
USE = {"employer", "company", "organisation", "organization", "org", "title", "role", "job", "value", "tier", "stage", "score", "rank", "priority"}  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(books, mine)
def test_nothing_else_is_ever_read(people: list[Someone], loves: list[str]) -> None:
    seen: set[tuple[str, str]] = set()

    def watched(_: int, table: str | None, column: str | None, *__: str | None) -> int:
        seen.add((table or "", column or ""))
        return 0

    with closing(made(people, loves)) as db:
        db.set_authorizer(watched)
        reconnect.suggest_people(db, TODAY, ReconnectOptions(warm_up=True))
    tables = set(_columns())
    assert {(table, column) for table, column in seen if table in tables and column} <= {
        (table, column) for table, columns in READ.items() for column in columns
    }


def test_no_column_of_the_book_says_what_someone_is_good_for() -> None:
    columns = {column for columns in _columns().values() for column in columns}
    assert {"stance", "met_story", "circle"} <= columns
    assert {column for column in columns if set(column.split("_")) & USE} - {"value"} == set()


def _columns() -> dict[str, list[str]]:
    with session.open_empty_book(TODAY) as db:
        return {table: list(_of(db, table)) for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'").fetchall()}  # fmt: skip


def _of(db: Connection, table: str) -> Iterator[str]:
    return (row[1] for row in db.execute(f"PRAGMA table_info('{table}')").fetchall())
