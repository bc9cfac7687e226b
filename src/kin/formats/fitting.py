"""A book read from a file, made to fit what a book of kin's can hold, as if it had been typed.

Handles that could not be typed are replaced, texts that are too long are shortened, and what is there twice or
names nothing is dropped. Whatever changes is reported; what would be lost becomes a remark on the person.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from itertools import islice
from typing import Any, TypeVar

from kin.constants import LONGEST_CONTACT, LONGEST_LABEL, LONGEST_NAME, LONGEST_THREAD
from kin.formats.book import Book, Person, Remark
from kin.formats.incoming import Skipped
from kin.language.text import clipped, handle_options, is_handle, slug, visible
from kin.vocabulary import catalog as vocabulary

T = TypeVar("T")
_HANDLES_TRIED = 1000  # of one name, before a handle is made of a number alone
_HANDLE_SHOWN = 40


def fitted(book: Book, name: str) -> tuple[Book, tuple[Skipped, ...]]:
    """Return the book as it can be kept, and what became of the rest; `name` is the file's."""
    told: list[Skipped] = []
    book = _with_safe_handles(book, name, told)

    def short(text: str | None, what: str, longest: int = LONGEST_LABEL) -> str | None:
        if text is not None and len(text) > longest:
            told.append(Skipped(f"{name}: {what}", f"it was cut to {longest:,} characters"))
            return text[:longest]
        return text

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
            people=_owner_first(tuple(_person(each, name, told) for each in book.people)),
            talks=tuple(
                replace(talk, topics=topics, place=place)
                if (topics, place) != (talk.topics, talk.place)
                else talk
                for talk in book.talks
                for topics in [once(_shortened(talk.topics, short, "a topic"), _key, "a topic")]
                for place in [short(talk.place, "a place")]
            ),
            threads=tuple(
                replace(each, text=short(each.text, "a question", LONGEST_THREAD) or each.text)
                for each in book.threads
            ),
            ties=once(
                tuple(replace(tie, word=short(tie.word, "a tie") or tie.word) for tie in book.ties),
                lambda tie: tie,
                "a tie",
            ),
            introductions=once(
                book.introductions, lambda pair: frozenset((pair.a, pair.b)), "an introduction"
            ),
            vocabulary=once(
                book.vocabulary, lambda word: _two(_key(word.a), _key(word.b)), "a word"
            ),
        ),
        tuple(told),
    )


def _shortened(
    texts: tuple[str, ...], short: Callable[[str | None, str], str | None], what: str
) -> tuple[str, ...]:
    return tuple(short(each, what) or each for each in texts)


def _with_safe_handles(book: Book, name: str, told: list[Skipped]) -> Book:
    """Replace every handle that could not be typed: it may be a path, a pattern or a piece of shell."""
    renamed: dict[str, str] = {}
    taken = {person.handle for person in book.people}
    for person in book.people:
        if not is_handle(person.handle):
            options = (slug(person.handle), *islice(handle_options(person.name), _HANDLES_TRIED))
            free = (each for each in options if each and each not in taken)
            safe = next(free, None) or f"p-{len(taken)}"
            taken.add(safe)
            renamed[person.handle] = safe
            shown = clipped(visible(person.handle, newlines=False), _HANDLE_SHOWN)
            told.append(Skipped(f"{name}: {shown}", f"it cannot be a handle; {safe} is used"))
    if not renamed:
        return book

    def of(handle: str) -> str:
        return renamed.get(handle, handle)

    def maybe(handle: str | None) -> str | None:
        return None if handle is None else of(handle)

    return replace(
        book,
        people=tuple(
            replace(
                each,
                handle=of(each.handle),
                met_through=maybe(each.met_through),
                interests=tuple(
                    replace(held, caught_from=maybe(held.caught_from)) for held in each.interests
                ),
            )
            for each in book.people
        ),
        talks=tuple(
            replace(
                talk,
                people=tuple(replace(there, handle=of(there.handle)) for there in talk.people),
            )
            for talk in book.talks
        ),
        threads=tuple(
            replace(thread, people=tuple(map(of, thread.people))) for thread in book.threads
        ),
        ties=tuple(replace(tie, a=of(tie.a), b=of(tie.b)) for tie in book.ties),
        introductions=tuple(
            replace(pair, a=of(pair.a), b=of(pair.b)) for pair in book.introductions
        ),
    )


def _short_texts(person: Person, where: str, told: list[Skipped]) -> Person:
    """Cut what is longer than can be typed; the whole text is kept as a remark."""
    whole: list[str] = []

    def short(text: str | None, what: str, longest: int = LONGEST_LABEL) -> str | None:
        if text is None or len(text) <= longest:
            return text
        told.append(
            Skipped(where, f"{what} was cut to {longest:,} characters; all of it is a remark")
        )
        whole.append(text)
        return text[:longest]

    def sure(text: str, what: str, longest: int = LONGEST_LABEL) -> str:
        return short(text, what, longest) or text

    changed = replace(
        person,
        name=sure(person.name, "the name", LONGEST_NAME),
        nicknames=tuple(sure(each, "a nickname") for each in person.nicknames),
        interests=tuple(
            replace(each, label=sure(each.label, "an interest")) for each in person.interests
        ),
        met_at=short(person.met_at, "the place"),
        lives=short(person.lives, "the town"),
        groups=tuple(sure(each, "a group") for each in person.groups),
        days=tuple((sure(label, "a day"), on) for label, on in person.days),
        contacts=tuple(
            replace(
                each,
                value=sure(each.value, f"the {each.kind}", LONGEST_CONTACT),
                label=short(each.label, "a label"),
            )
            for each in person.contacts
        ),
    )
    if not whole:
        return person
    return replace(changed, remarks=(*person.remarks, *map(Remark, whole)))


def _person(person: Person, name: str, told: list[Skipped]) -> Person:
    """Return a person's card as the book can keep it."""
    where = f"{name}: {person.handle}"
    person = _short_texts(person, where, told)
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


def _owner_first(people: tuple[Person, ...]) -> tuple[Person, ...]:
    """Return the people with the owner first, as in every book."""
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
