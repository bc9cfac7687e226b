"""What holds for every book: who may be listed, what may not move anybody, and what each sentence rests on."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from sqlite3 import Connection, connect
from typing import Any

from hypothesis import given, settings, strategies as st

from kin.book import interest_index, session as store
from kin.language.text import clipped
from kin.suggestions import reconnect
from kin.suggestions.candidates import Standing
from kin.suggestions.ranking import Reckoned, in_order, may_be_shown, reckon
from kin.suggestions.reconnect import Suggestion, Wish
from kin.vocabulary import catalog as vocabulary

TODAY = date(2026, 11, 23)
ALL = Wish(most=0)
# With kinship among them, names that mean the same, and some that nobody shipped.
LABELS = ("climbing", "bouldering", "ice climbing", "chess", "birding", "bird watching", "Board Games", "Zwirbeln", "old maps of Graz")  # fmt: skip
NAMES = ("Maya Okafor", "Silas", "X", "山田 太郎", "Dr. Ana Ruiz", "Aunt Rosa", "J. R. Okonkwo")
THREADS = ("how was the exam", "did the kiln survive?", "試験はどうだった？", "so " * 80 + "long")


@dataclass(frozen=True)
class Talk:
    """A talk so many days ago, about something, with everybody there if it was a feast."""

    ago: int
    about: str | None = None
    feast: bool = False


@dataclass(frozen=True)
class Somebody:
    """All of somebody that the order may know; days count back from today, or on where they are negative."""

    into: tuple[str, ...] = ()
    collides: tuple[str, ...] = ()
    noted: bool = False
    talks: tuple[Talk, ...] = ()
    threads: tuple[tuple[str, int, int | None], ...] = ()
    born: int | None = None
    circle: str | None = None
    groups: tuple[int, ...] = ()
    lives_with: int | None = None
    family: bool = False
    shown: tuple[int, ...] = ()
    rest: int | None = None


days_ago = st.one_of(st.integers(-30, 12), st.integers(-30, 900))
talks = st.builds(Talk, days_ago, st.none() | st.sampled_from(LABELS), st.booleans())
threads = st.tuples(st.sampled_from(THREADS), st.integers(0, 300), st.none() | st.integers(-9, 99))


@st.composite
def somebody(draw: Callable[[Any], Any]) -> Somebody:
    held = draw(st.lists(st.sampled_from(LABELS), max_size=4, unique=True))
    split = draw(st.integers(0, len(held)))
    seldom = st.none() | st.none() | st.none()
    return Somebody(
        into=tuple(held[split:]),
        collides=tuple(held[:split]) if draw(st.booleans()) else (),
        noted=draw(st.booleans()),
        talks=tuple(draw(st.lists(talks, max_size=5))),
        threads=tuple(draw(st.lists(threads, max_size=2))),
        born=draw(seldom | st.integers(0, 9)),
        circle=draw(st.sampled_from([None, None, "inner", "close", "friend", "wide"])),
        groups=tuple(draw(st.sets(st.integers(1, 3), max_size=1))),
        lives_with=draw(seldom | st.integers(0, 6)),
        family=draw(st.booleans()) and draw(st.booleans()),
        shown=tuple(draw(st.sets(st.integers(0, 130), max_size=4))),
        rest=draw(seldom | st.sampled_from([-20, -1, 0, 5])),
    )


books = st.lists(somebody(), min_size=1, max_size=len(NAMES))
mine = st.lists(st.sampled_from(LABELS), max_size=4, unique=True)


@cache
def _empty(labels: tuple[str, ...]) -> bytes:
    """Return a book with nobody in it, and these interests."""
    with store.empty(TODAY) as db:
        for number, label in enumerate(labels, 1):
            db.execute(
                "INSERT INTO interest VALUES (?, ?, ?)", (number, vocabulary.key(label), label)
            )
        interest_index.settle(db)
        return db.serialize()


def made(
    people: Sequence[Somebody],
    loves: Sequence[str],
    order: Sequence[int] = (),
    labels: tuple[str, ...] = LABELS,
    called: dict[str, str] | None = None,
) -> Connection:
    """Make a book in memory, its rows put in by this order; `called` renames interests throughout."""
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
    db: Connection, who: Somebody, person: int, ids: dict[str, int], id_of: dict[int, int]
) -> None:
    for label in who.into:
        _hold(db, person, ids[label], "into", "since a rainy summer" if who.noted else None)
    for label in who.collides:
        _hold(db, person, ids[label], "collides", None)
    for talk in who.talks:
        log_talk(
            db, [*id_of.values()] if talk.feast else [person], talk.ago, ids.get(talk.about or "")
        )
    for text, opened, due in who.threads:
        (thread,) = db.execute(
            "INSERT INTO thread (text, opened_on, due_on) VALUES (?, ?, ?) RETURNING id",
            (text, ago(opened), None if due is None else ago(due)),
        ).fetchone()
        db.execute("INSERT INTO thread_person VALUES (?, ?)", (person, thread))
    if who.born is not None:
        on = f"--{TODAY + timedelta(days=who.born):%m-%d}"
        db.execute(
            "INSERT INTO occasion (person_id, kind, label, on_day) VALUES (?, 'birthday', 'birthday', ?)",
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
    if who.rest is not None:
        until = None if who.rest == 5 else ago(who.rest)
        db.execute("INSERT INTO rest VALUES (?, ?)", (person, until))


def ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


def show(db: Connection, person: int, day: str, question: str | None = None) -> None:
    db.execute("INSERT OR IGNORE INTO showing VALUES (?, ?, ?)", (person, day, question))


def log_talk(db: Connection, people: Sequence[int], days: int, about: int | None = None) -> None:
    (talk,) = db.execute(
        "INSERT INTO conversation (day, precision, text, told_from, noted_at) VALUES (?, 'day', ?, 0, '2026-11-23') RETURNING id",
        (ago(days), f"a long talk on {ago(days)}"),
    ).fetchone()
    db.executemany(
        "INSERT INTO conversation_person VALUES (?, ?, ?, '')",
        [(person, ago(days), talk) for person in people],
    )
    if about:
        db.execute("INSERT INTO conversation_topic VALUES (?, ?)", (about, talk))


def everybody(db: Connection, day: date = TODAY) -> dict[str, Reckoned]:
    """Reckon everybody who does not rest."""
    standing = Standing(db, day)
    return {each.handle: reckon(standing, each) for each in standing.people.values()}


def told(found: Sequence[Suggestion]) -> list[tuple[Any, ...]]:
    return [
        (each.person, each.because, each.interest, [one[:2] for one in each.reasons], each.question, each.question_because)
        for each in found
    ]  # fmt: skip


@settings(deadline=None)
@given(books, mine)
def test_who_is_listed_may_be_listed_and_for_a_reason(
    people: list[Somebody], loves: list[str]
) -> None:
    with closing(made(people, loves)) as db:
        for wish in (
            Wish(),
            ALL,
            Wish(most=1),
            Wish(most=5),
            Wish(warm_up=True),
            Wish(near="graz"),
        ):
            found = reconnect.today(db, TODAY, wish)
            assert wish.most == 0 or len(found) <= wish.most
            _may_be_listed(found, people, wish)
            _stands_alone(found, people)


def _may_be_listed(found: Sequence[Suggestion], people: Sequence[Somebody], wish: Wish) -> None:
    handles = [each.person.handle for each in found]
    assert len(set(handles)) == len(handles)
    for place, each in enumerate(found):
        who = people[int(each.person.handle[1:])]
        assert who.rest is None or (who.rest != 5 and who.rest >= 0), "they rest"
        silence = each.reckoned.time.silence
        due = [due for _, _, due in who.threads if due is not None]
        assert silence is None or silence >= 3 or any(0 <= day < silence for day in due)
        if each.reasons[0].kind == "luck":
            assert place == len(found) - 1 or wish.most > 3 or len(found) <= 3
            assert wish.most >= 3 and not any(1 <= day < 60 for day in who.shown)
            assert who.into or who.family
        else:
            assert each.reckoned.reason > 0 and each.reasons
    assert [each.reasons[0].kind for each in found].count("luck") <= 1


def _stands_alone(found: Sequence[Suggestion], people: Sequence[Somebody]) -> None:
    """Nobody's house or group, no interest that leads, and no collision is in a list twice."""
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
    assert [each.reasons[0].kind for each in found].count("collides") <= 1


@settings(deadline=None)
@given(books, mine)
def test_each_because_names_what_it_rests_on(people: list[Somebody], loves: list[str]) -> None:
    with closing(made(people, loves)) as db:
        for wish in (ALL, Wish(), Wish(most=7)):
            for each in reconnect.today(db, TODAY, wish):
                _rests_on_something(each)


def _rests_on_something(each: Suggestion) -> None:
    lead = each.reasons[0]
    assert each.because.startswith(lead.text.rstrip(".")) or "easy" in each.because
    if each.interest:
        assert each.interest in each.because
    elif lead.kind == "thread":
        assert each.reckoned.thread and clipped(each.reckoned.thread[0].text, 90) in each.because
    elif lead.kind == "date":
        assert each.because.startswith("Birthday ")
    else:
        assert each.because.startswith(("Family;", "No reason at all"))
    assert not any(word in each.because for word in (" days", "overdue", "should"))
    assert (each.question is None) == (not each.question_because)


@settings(deadline=None)
@given(books, mine, st.permutations(range(len(NAMES))), st.permutations(LABELS))
def test_the_order_of_rows_changes_nothing(
    people: list[Somebody], loves: list[str], order: list[int], labels: list[str]
) -> None:
    with closing(made(people, loves)) as db, closing(made(people, loves[::-1], order, tuple(labels[:1] + [one for one in LABELS if one != labels[0]]))) as other:  # fmt: skip
        for wish in (ALL, Wish()):
            one, two = (reconnect.today(each, TODAY, wish) for each in (db, other))
            assert told(one) == told(two)


RENAMED = {
    "Zwirbeln": "Aardvarks",
    "old maps of Graz": "Zzz of old",
}  # before and behind all others


@settings(deadline=None)
@given(books, mine)
def test_renaming_an_interest_throughout_moves_nobody(
    people: list[Somebody], loves: list[str]
) -> None:
    labels = tuple(RENAMED.get(label, label) for label in LABELS)
    with closing(made(people, loves)) as db, closing(made(people, loves, labels=labels, called=RENAMED)) as other:  # fmt: skip
        one, two = (
            {who: (each.score, each.jitter) for who, each in everybody(book).items()}
            for book in (db, other)
        )
        assert one == two


@settings(deadline=None)
@given(books, mine, st.integers(0, 6), st.integers(1, 200))
def test_a_showing_that_was_not_taken_up_never_lifts_anybody(
    people: list[Somebody], loves: list[str], number: int, days: int
) -> None:
    who = f"p{number % len(people)}"
    with closing(made(people, loves)) as db:
        before = everybody(db)
        (person,) = db.execute("SELECT id FROM person WHERE handle = ?", (who,)).fetchone()
        show(db, person, ago(days))
        after = everybody(db)
        assert all(after[each].score <= before[each].score for each in before)
        others = set(before) - {who}
        assert all(after[each].score == before[each].score for each in others)


@settings(deadline=None)
@given(books, mine, st.integers(0, 6))
def test_a_talk_takes_them_off_the_list_for_three_days(
    people: list[Somebody], loves: list[str], number: int
) -> None:
    number %= len(people)
    who = replace(people[number], talks=(*people[number].talks, Talk(0)), threads=())
    with closing(made([*people[:number], who, *people[number + 1 :]], loves)) as db:
        for ahead in range(3):
            day = TODAY + timedelta(days=ahead)
            for wish in (ALL, Wish(), Wish(warm_up=True)):
                found = reconnect.today(db, day, wish)
                assert f"p{number}" not in [each.person.handle for each in found]
            assert f"p{number}" not in [each.person.handle for each in reconnect.wander(db, day)]


@settings(deadline=None)
@given(books, mine, st.integers(1, 400))
def test_more_silence_is_never_less_quiet(
    people: list[Somebody], loves: list[str], days: int
) -> None:
    past = [
        replace(who, talks=tuple(each for each in who.talks if each.ago >= 0)) for who in people
    ]
    with closing(made(past, loves)) as db:
        now, later = everybody(db), everybody(db, TODAY + timedelta(days=days))
        assert all(later[who].time.quiet >= now[who].time.quiet for who in now)


@settings(deadline=None)
@given(books, mine)
def test_the_quick_order_is_the_order_of_all_scores(
    people: list[Somebody], loves: list[str]
) -> None:
    with closing(made(people, loves)) as db:
        standing = Standing(db, TODAY)
        found = [each.who.handle for each in in_order(standing, lambda _: True)]
        scores = [reckon(standing, each) for each in may_be_shown(standing)]
        with_reason = [each for each in scores if each.reason]
        with_reason.sort(key=lambda each: (-each.order, each.who.handle))
        assert found == [each.who.handle for each in with_reason]


@settings(deadline=None)
@given(books, mine)
def test_the_answer_of_a_day_stands_whatever_was_shown(
    people: list[Somebody], loves: list[str]
) -> None:
    with closing(made(people, loves)) as db:
        before = told(reconnect.today(db, TODAY))
        for (person,) in db.execute("SELECT id FROM person WHERE is_me = 0").fetchall():
            show(db, person, TODAY.isoformat(), "since.0")
        assert told(reconnect.today(db, TODAY)) == before


@settings(max_examples=30, deadline=None)
@given(somebody(), mine)
def test_no_question_comes_twice_within_five_showings(who: Somebody, loves: list[str]) -> None:
    asked: list[str] = []
    with closing(made([replace(who, rest=None, shown=())], loves)) as db:
        for ahead in range(12):
            day = TODAY + timedelta(days=ahead)
            for each in reconnect.today(db, day):
                assert each.question_key is None or each.question_key not in asked[-5:]
                asked.append(each.question_key or "")
                show(db, each.reckoned.who.id, day.isoformat(), each.question_key)


READ = {
    "person": {"id", "handle", "name", "is_me", "circle", "lives"},
    "person_interest": {"person_id", "interest_id", "stance", "note"},
    "interest": {"id", "key", "label"},
    "interest_name": {"key", "sense"},
    "interest_broader": {"narrow", "broad"},
    "conversation": {"id", "day", "precision", "text", "told_from", "place", "by"},
    "conversation_person": {"person_id", "day", "conversation_id", "matched"},
    "conversation_topic": {"conversation_id", "interest_id"},
    "thread": {"id", "text", "opened_on", "due_on", "heard_on", "conversation_id"},
    "thread_person": {"person_id", "thread_id"},
    "occasion": {"person_id", "kind", "label", "on_day"},
    "person_group": {"person_id", "group_id"},
    "tie": {"a_id", "b_id", "word"},
    "showing": {"person_id", "day", "question"},
    "rest": {"person_id", "until"},
    "rhythm": {"person_id", "last", "days", "gaps"},
}
USE = {"employer", "company", "organisation", "organization", "org", "title", "role", "job", "value", "tier", "stage", "score", "rank", "priority"}  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(books, mine)
def test_nothing_else_is_ever_read(people: list[Somebody], loves: list[str]) -> None:
    seen: set[tuple[str, str]] = set()

    def watched(_: int, table: str | None, column: str | None, *__: str | None) -> int:
        seen.add((table or "", column or ""))
        return 0

    with closing(made(people, loves)) as db:
        db.set_authorizer(watched)
        reconnect.today(db, TODAY, Wish(warm_up=True))
    tables = set(_columns())
    assert {(table, column) for table, column in seen if table in tables and column} <= {
        (table, column) for table, columns in READ.items() for column in columns
    }


def test_no_column_of_the_book_says_what_anybody_is_good_for() -> None:
    columns = {column for columns in _columns().values() for column in columns}
    assert {"stance", "met_story", "circle"} <= columns
    assert {column for column in columns if set(column.split("_")) & USE} - {"value"} == set()


def _columns() -> dict[str, list[str]]:
    with store.empty(TODAY) as db:
        return {table: list(_of(db, table)) for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'").fetchall()}  # fmt: skip


def _of(db: Connection, table: str) -> Iterator[str]:
    return (row[1] for row in db.execute(f"PRAGMA table_info('{table}')").fetchall())
