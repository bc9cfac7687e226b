"""What a book of kin's own says anew of what the book has: conversations in other words, threads heard.

Its one rule: words of a conversation change, for nobody but the owner can have changed them, and what was
open can close; all that the book says otherwise is kept, and told.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from kin.formats.book import Book, Person, Thread
from kin.formats.from_book import as_brought
from kin.formats.incoming import Brought
from kin.transfer import (
    export,
    forgotten_records as left_out,
    import_plan as importing,
    load_plan as restored,
    note_matching as retold_talks,
)
from kin.transfer.import_plan import Place, Plan
from kin.transfer.note_matching import Reworded, describe_kept_value
from kin.vocabulary import catalog as vocabulary


class Ending(NamedTuple):
    """A thread of the book by its row, and as it is to stand."""

    number: int
    after: Thread


class Retold(NamedTuple):
    """All that an import would do: the plan, and what becomes of what the book has."""

    plan: Plan
    book: Book | None = None
    talks: tuple[Reworded, ...] = ()
    endings: tuple[Ending, ...] = ()
    threads: tuple[Thread, ...] = ()


def plan(
    db: sqlite3.Connection,
    found: Sequence[Brought | Book],
    today: str,
    *,
    forgotten_too: bool = False,
) -> Retold:
    """Match all that files bring with the book; a whole book of kin's own also with what it told once.

    People who were forgotten are left out, unless they are to come in with `forgotten_too`.
    """
    if forgotten_too:
        return _plan(db, found, today)
    found, skipped = left_out.without_forgotten(db, found)
    planned = _plan(db, found, today)
    outcome = planned.plan.outcome
    outcome = outcome._replace(skipped=(*outcome.skipped, *skipped))
    return planned._replace(plan=planned.plan._replace(outcome=outcome))


def _plan(db: sqlite3.Connection, found: Sequence[Brought | Book], today: str) -> Retold:
    book = restored.only_book(found)
    if book is None:
        return Retold(_matched(db, found, today))
    if restored.is_empty(db):
        matched = _matched(db, found, today)
        return Retold(matched._replace(outcome=restored.outcome(matched.outcome, found)), book)
    held = export.whole(db)
    talks = retold_talks.known(db, held.talks, book.talks)
    rest = replace(book, talks=talks.new)
    others = [rest if each is book else each for each in found]
    matched = _matched(db, others, today)
    people = _people(held, book, matched)
    threads = _threads(db, held, book, {handle: one.handle for handle, one in people.items()})
    told = (
        *_facts(people, book.people),
        *(Place(f"kin: {each.on}", why) for each, why in talks.otherwise),
        *threads.told,
    )
    outcome = matched.outcome._replace(
        remarks=(*matched.outcome.remarks, *told),
        changed=len(talks.reworded),
        heard=sum(each.after.heard_on is not None for each in threads.endings),
    )
    matched = matched._replace(outcome=outcome)
    return Retold(matched, book, talks.reworded, threads.endings, threads.new)


def _matched(db: sqlite3.Connection, found: Sequence[Brought | Book], today: str) -> importing.Plan:
    return importing.plan(db, as_brought(found), today, likely=importing.LISTED)


def _people(held: Book, book: Book, matched: Plan) -> dict[str, Person]:
    """Return, by the handles of the file, those who were in the book before."""
    entries = {handle: matched.entries[number] for handle, number in matched.by_key.items()}
    known = {handle: each.before for handle, each in entries.items() if each.before is not None}
    owner = next(person for person in held.people if person.me)
    return known | {person.handle: owner for person in book.people if person.me}


def _facts(known: dict[str, Person], people: Iterable[Person]) -> Iterator[Place]:
    """Tell what a file says otherwise and filling does not tell: days, meeting, interests, the owner's own."""
    for said in people:
        held = known.get(said.handle)
        if held is None:
            continue
        pairs = [*_meeting(held, said), *_days(held, said), *_interests(held, said)]
        if said.me:
            pairs += _own(held, said)
        for field, value in pairs:
            yield Place(said.handle, describe_kept_value(held.name, field, value))


def _meeting(held: Person, said: Person) -> Iterator[tuple[str, str]]:
    for field, has, says in (
        ("met on", held.met_on, said.met_on),
        ("met through", held.met_through, said.met_through),
    ):
        if has is not None and says is not None and has != says:
            yield field, says


def _days(held: Person, said: Person) -> Iterator[tuple[str, str]]:
    for label, day in said.days:
        here = {on for name, on in held.days if name.casefold() == label.casefold()}
        if here and day not in here:
            yield label, day


def _interests(held: Person, said: Person) -> Iterator[tuple[str, str]]:
    here = {vocabulary.key(each.label): each for each in held.interests}
    for each in said.interests:
        has = here.get(vocabulary.key(each.label))
        if has is None:
            continue
        if has.stance != each.stance:
            yield each.label, _describe_stance(each.stance)
        if each.note is not None and has.note != each.note:
            yield each.label, each.note


def _own(held: Person, said: Person) -> Iterator[tuple[str, str]]:
    """The owner's own page is filled without a word; here is what it says otherwise."""
    for field in ("name", "lives", "birthday"):
        has, says = getattr(held, field), getattr(said, field)
        if says is not None and has != says:
            yield field, says


class _Threads(NamedTuple):
    endings: tuple[Ending, ...]
    new: tuple[Thread, ...]
    told: tuple[Place, ...]


def _threads(db: sqlite3.Connection, held: Book, book: Book, handles: dict[str, str]) -> _Threads:
    """Match threads by their words, their day and whom they are about."""
    numbers = [row[0] for row in db.execute("SELECT id FROM thread ORDER BY id")]
    by_words: defaultdict[tuple[str, str], list[tuple[int, Thread]]] = defaultdict(list)
    for number, thread in zip(numbers, held.threads, strict=True):
        by_words[thread.text, thread.opened_on].append((number, thread))
    endings: dict[int, Thread] = {}
    new: list[Thread] = []
    told: list[Place] = []
    for said in book.threads:
        about = {handles.get(each, "") for each in said.people}
        here = [
            each
            for each in by_words[said.text, said.opened_on]
            if about & set(each[1].people) or not (about or each[1].people)
        ]
        if not here:
            new.append(said)
            continue
        if any(_state(each) == _state(said) for _, each in here):
            continue
        free = (each for each in here if each[0] not in endings and each[1].heard_on is None)
        number, has = next(free, here[0])
        after, otherwise = _ended(endings.get(number, has), said)
        if after != has:
            endings[number] = after
        told += [Place(said.opened_on, why) for why in otherwise]
    return _Threads(
        tuple(Ending(*each) for each in endings.items()), tuple(new), tuple(dict.fromkeys(told))
    )


def _state(thread: Thread) -> tuple[str | None, ...]:
    return thread.due_on, thread.heard_on, thread.outcome


def _ended(held: Thread, said: Thread) -> tuple[Thread, list[str]]:
    """Return a thread with what is new of it, and tell what is said otherwise."""
    otherwise: list[str] = []

    def one(field: str, has: str | None, says: str | None) -> str | None:
        if has is not None and says is not None and has != says:
            otherwise.append(describe_kept_value(f"“{held.text}”", field, says))
        return has if has is not None else says

    after = replace(
        held,
        due_on=one("ask from", held.due_on, said.due_on),
        heard_on=one("heard", held.heard_on, said.heard_on),
        outcome=one("outcome", held.outcome, said.outcome),
    )
    if held.heard_on is not None and said.heard_on is None:
        otherwise.append(_describe_answered_question(held.text))
    return after, otherwise


def _describe_answered_question(thread: str) -> str:
    """Say that a thread stays closed, which a file has open."""
    return f"“{thread}” stays heard, as the book has it; the file has it open"


def _describe_stance(stance: str) -> str:
    """Say how somebody and the owner see an interest, as pages do."""
    return "you see it otherwise" if stance == "collides" else "you share it"
