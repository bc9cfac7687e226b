"""What of a book read from a file no book of kin's could keep: said twice, or an interest without a letter.

Its one rule: what cannot stand where it stood becomes a remark on somebody, or is told to be left out.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from kin import vocabulary
from kin.formats.book import Book, Person, Remark
from kin.formats.incoming import Skipped

T = TypeVar("T")


def fitted(book: Book, name: str) -> tuple[Book, tuple[Skipped, ...]]:
    """Return the book as it can be kept, and what became of the rest; `name` is the file's."""
    told: list[Skipped] = []

    def once(several: tuple[T, ...], sign: Callable[[T], Hashable], what: str) -> tuple[T, ...]:
        """Keep the first of each sign; what has none, None, goes."""
        kept = _firsts(several, sign)
        if len(kept) < len(several):
            why = f"{what} that stands there twice, or names nothing, is left out"
            told.append(Skipped(f"{name}: {_shown(set(several) - set(kept)) or what}", why))
        return kept

    return (
        replace(
            book,
            people=_handled(tuple(_person(each, name, told) for each in book.people)),
            talks=tuple(
                replace(talk, topics=topics) if topics != talk.topics else talk
                for talk in book.talks
                for topics in [once(talk.topics, _key, "a topic")]
            ),
            ties=once(book.ties, lambda tie: tie, "a tie"),
            introductions=once(
                book.introductions, lambda pair: frozenset((pair.a, pair.b)), "an introduction"
            ),
            vocabulary=once(
                book.vocabulary, lambda word: _two(_key(word.a), _key(word.b)), "a word"
            ),
        ),
        tuple(told),
    )


def _person(person: Person, name: str, told: list[Skipped]) -> Person:
    """Return somebody's card as it can be kept."""
    where = f"{name}: {person.handle}"
    kept = {field: _firsts(getattr(person, field), sign) for field, sign in _SIGNS}
    changed: dict[str, Any] = {
        field: each for field, each in kept.items() if each != getattr(person, field)
    }
    words: list[str] = []
    for field, each in changed.items():
        left = [one for one in getattr(person, field) if one not in each]
        words += [_SAID[field](one) for one in left if field in _SAID]
        told.append(
            Skipped(
                where,
                f"of {field}, what stands there twice is kept once"
                + ("; the rest as text" if left else ""),
            )
        )
    if not changed:
        return person
    remarks = changed.get("remarks", person.remarks)
    changed["remarks"] = _firsts((*remarks, *map(Remark, filter(None, words))), _of("text"))
    return replace(person, **changed)


def _handled(people: tuple[Person, ...]) -> tuple[Person, ...]:
    """Return the people; the owner stands first, as in every book."""
    return tuple(sorted(people, key=lambda person: not person.me))


def _firsts(several: Iterable[T], sign: Callable[[T], Hashable]) -> tuple[T, ...]:
    kept: dict[Hashable, T] = {}
    for each in several:
        kept.setdefault(sign(each), each)
    kept.pop(None, None)
    return tuple(kept.values())


def _key(label: str) -> str | None:
    return vocabulary.key(label) or None


def _two(a: str | None, b: str | None) -> tuple[str, str] | None:
    return (a, b) if a and b and a != b else None


def _of(*fields: str) -> Callable[[object], Hashable]:
    return lambda each: tuple(getattr(each, field) for field in fields)


def _shown(several: Iterable[object]) -> str:
    return ", ".join(each for each in several if isinstance(each, str))


# By what a book tells the entries of each list.
_SIGNS: tuple[tuple[str, Callable[..., Hashable]], ...] = (
    ("nicknames", lambda each: each),
    ("interests", lambda each: _key(each.label)),
    ("groups", lambda each: vocabulary.group_key(each) or None),
    ("days", lambda each: each[0]),
    ("contacts", _of("kind", "value")),
    ("remarks", _of("text")),
    ("shown", _of("day")),
    ("sent", _of("text")),
)
# How what goes is written down among the remarks.
_SAID: dict[str, Callable[..., str]] = {
    "interests": lambda each: " — ".join(filter(None, (each.label, each.note))),
    "groups": lambda each: str(each),
    "days": lambda each: f"{each[0]}: {each[1]}",
    "contacts": lambda each: f"{each.label}: {each.value}" if each.label else "",
    "sent": lambda each: f"{each.day}: {each.text}",
}
