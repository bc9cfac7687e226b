"""A book read from a file, made to fit the limits of the database.

Handles that could not be typed are replaced, texts that are too long are shortened, and duplicate and empty
entries are dropped. Every change is reported; text that would be lost becomes a fact about the person.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from itertools import islice
from typing import Any, TypeVar

from kin.constants import LONGEST_CONTACT, LONGEST_LABEL, LONGEST_NAME, LONGEST_QUESTION
from kin.formats.records import Book, Fact, FileIssue, Person
from kin.language.text import escape_control, is_handle, propose_handles, slugify, truncate
from kin.vocabulary import catalog

T = TypeVar("T")
_HANDLES_TRIED = 1000  # for one name, before a handle is made from a number alone
_HANDLE_SHOWN = 40


def fit_book(book: Book, name: str) -> tuple[Book, tuple[FileIssue, ...]]:
    """Return the book within the limits, and a report of what changed; `name` is the file's name."""
    issues: list[FileIssue] = []
    book = _replace_unsafe_handles(book, name, issues)

    def shorten(text: str | None, what: str, longest: int = LONGEST_LABEL) -> str | None:
        if text is not None and len(text) > longest:
            issues.append(FileIssue(f"{name}: {what}", f"it was cut to {longest:,} characters"))
            return text[:longest]
        return text

    def keep_first(items: tuple[T, ...], key: Callable[[T], Hashable], what: str) -> tuple[T, ...]:
        """Keep the first item of each key; drop items whose key is None."""
        kept = _deduplicate(items, key)
        if len(kept) < len(items):
            why = f"{what} that is empty or a duplicate is left out"
            issues.append(FileIssue(f"{name}: {_join_texts(set(items) - set(kept)) or what}", why))
        return kept

    return (
        replace(
            book,
            people=_sort_owner_first(
                tuple(_fit_person(each, name, issues) for each in book.people)
            ),
            notes=tuple(
                replace(note, interests=interests, place=place)
                if (interests, place) != (note.interests, note.place)
                else note
                for note in book.notes
                for interests in [
                    keep_first(
                        _shorten_all(note.interests, shorten, "an interest"),
                        _make_interest_key,
                        "an interest",
                    )
                ]
                for place in [shorten(note.place, "a place")]
            ),
            questions=tuple(
                replace(each, text=shorten(each.text, "a question", LONGEST_QUESTION) or each.text)
                for each in book.questions
            ),
            ties=keep_first(
                tuple(
                    replace(tie, word=shorten(tie.word, "a tie") or tie.word) for tie in book.ties
                ),
                lambda tie: tie,
                "a tie",
            ),
            introductions=keep_first(
                book.introductions, lambda pair: frozenset((pair.a, pair.b)), "an introduction"
            ),
            vocabulary=keep_first(
                book.vocabulary,
                lambda rule: _make_pair_key(_make_interest_key(rule.a), _make_interest_key(rule.b)),
                "a vocabulary rule",
            ),
        ),
        tuple(issues),
    )


def _shorten_all(
    texts: tuple[str, ...], shorten: Callable[[str | None, str], str | None], what: str
) -> tuple[str, ...]:
    return tuple(shorten(each, what) or each for each in texts)


def _replace_unsafe_handles(book: Book, name: str, issues: list[FileIssue]) -> Book:
    """Replace every handle that could not be typed: it may be a path, a pattern or shell syntax."""
    safe_handle_by_handle: dict[str, str] = {}
    taken = {person.handle for person in book.people}
    for person in book.people:
        if not is_handle(person.handle):
            options = (
                slugify(person.handle),
                *islice(propose_handles(person.name), _HANDLES_TRIED),
            )
            free_options = (each for each in options if each and each not in taken)
            safe_handle = next(free_options, None) or f"p-{len(taken)}"
            taken.add(safe_handle)
            safe_handle_by_handle[person.handle] = safe_handle
            shown_handle = truncate(escape_control(person.handle, newlines=False), _HANDLE_SHOWN)
            issues.append(
                FileIssue(
                    f"{name}: {shown_handle}",
                    f"it is not a valid handle; {safe_handle} is used instead",
                )
            )
    if not safe_handle_by_handle:
        return book

    def get_safe_handle(handle: str) -> str:
        return safe_handle_by_handle.get(handle, handle)

    def get_optional_safe_handle(handle: str | None) -> str | None:
        return None if handle is None else get_safe_handle(handle)

    return replace(
        book,
        people=tuple(
            replace(
                each,
                handle=get_safe_handle(each.handle),
                met_through=get_optional_safe_handle(each.met_through),
                interests=tuple(
                    replace(interest, learned_from=get_optional_safe_handle(interest.learned_from))
                    for interest in each.interests
                ),
            )
            for each in book.people
        ),
        notes=tuple(
            replace(
                note,
                people=tuple(
                    replace(participant, handle=get_safe_handle(participant.handle))
                    for participant in note.people
                ),
            )
            for note in book.notes
        ),
        questions=tuple(
            replace(question, people=tuple(map(get_safe_handle, question.people)))
            for question in book.questions
        ),
        ties=tuple(
            replace(tie, a=get_safe_handle(tie.a), b=get_safe_handle(tie.b)) for tie in book.ties
        ),
        introductions=tuple(
            replace(pair, a=get_safe_handle(pair.a), b=get_safe_handle(pair.b))
            for pair in book.introductions
        ),
    )


def _shorten_texts(person: Person, where: str, issues: list[FileIssue]) -> Person:
    """Shorten the texts that are too long, and keep each whole text as a fact."""
    full_texts: list[str] = []

    def shorten(text: str | None, what: str, longest: int = LONGEST_LABEL) -> str | None:
        if text is None or len(text) <= longest:
            return text
        issues.append(
            FileIssue(
                where, f"{what} was cut to {longest:,} characters; the whole text is kept as a fact"
            )
        )
        full_texts.append(text)
        return text[:longest]

    def shorten_required(text: str, what: str, longest: int = LONGEST_LABEL) -> str:
        return shorten(text, what, longest) or text

    shortened = replace(
        person,
        name=shorten_required(person.name, "the name", LONGEST_NAME),
        nicknames=tuple(shorten_required(each, "a nickname") for each in person.nicknames),
        interests=tuple(
            replace(each, label=shorten_required(each.label, "an interest"))
            for each in person.interests
        ),
        met_at=shorten(person.met_at, "the place"),
        lives=shorten(person.lives, "the town"),
        groups=tuple(shorten_required(each, "a group") for each in person.groups),
        dates=tuple((shorten_required(label, "a date"), on) for label, on in person.dates),
        contacts=tuple(
            replace(
                each,
                value=shorten_required(each.value, f"the {each.kind}", LONGEST_CONTACT),
                label=shorten(each.label, "a label"),
            )
            for each in person.contacts
        ),
    )
    if not full_texts:
        return person
    return replace(shortened, facts=(*person.facts, *map(Fact, full_texts)))


def _fit_person(person: Person, name: str, issues: list[FileIssue]) -> Person:
    """Return a person within the limits of the database."""
    where = f"{name}: {person.handle}"
    person = _shorten_texts(person, where, issues)
    unique_by_field = {
        field: _deduplicate(getattr(person, field), key) for field, key in _KEY_FUNCTIONS
    }
    changes: dict[str, Any] = {
        field: each for field, each in unique_by_field.items() if each != getattr(person, field)
    }
    dropped_texts: list[str] = []
    for field, each in changes.items():
        dropped = [item for item in getattr(person, field) if item not in each]
        dropped_texts += [
            _FORMAT_FUNCTIONS[field](item) for item in dropped if field in _FORMAT_FUNCTIONS
        ]
        issues.append(
            FileIssue(
                where,
                f"duplicate {_FIELD_NAMES.get(field, field)} are left out"
                + ("; their text is kept as facts" if dropped else ""),
            )
        )
    if not changes:
        return person
    facts = changes.get("facts", person.facts)
    changes["facts"] = _deduplicate(
        (*facts, *map(Fact, filter(None, dropped_texts))), _make_key_function("text")
    )
    return replace(person, **changes)


def _sort_owner_first(people: tuple[Person, ...]) -> tuple[Person, ...]:
    """Return the people with the owner first, as in every book."""
    return tuple(sorted(people, key=lambda person: not person.me))


def _deduplicate(items: Iterable[T], key: Callable[[T], Hashable]) -> tuple[T, ...]:
    first_by_key: dict[Hashable, T] = {}
    for each in items:
        first_by_key.setdefault(key(each), each)
    first_by_key.pop(None, None)
    return tuple(first_by_key.values())


def _make_interest_key(label: str) -> str | None:
    return catalog.normalize_interest(label) or None


def _make_pair_key(a: str | None, b: str | None) -> tuple[str, str] | None:
    return (a, b) if a and b and a != b else None


def _make_key_function(*fields: str) -> Callable[[object], Hashable]:
    return lambda each: tuple(getattr(each, field) for field in fields)


def _join_texts(items: Iterable[object]) -> str:
    return ", ".join(each for each in items if isinstance(each, str))


# The keys by which the database distinguishes the entries of each list.
_KEY_FUNCTIONS: tuple[tuple[str, Callable[..., Hashable]], ...] = (
    ("nicknames", lambda each: each),
    ("interests", lambda each: _make_interest_key(each.label)),
    ("groups", lambda each: catalog.normalize_group(each) or None),
    ("dates", lambda each: each[0]),
    ("contacts", _make_key_function("kind", "value")),
    ("facts", _make_key_function("text")),
    ("showings", _make_key_function("day")),
    ("sent", _make_key_function("text")),
)
# The texts that are kept as facts when an entry is dropped.
_FORMAT_FUNCTIONS: dict[str, Callable[..., str]] = {
    "interests": lambda each: " — ".join(filter(None, (each.label, each.note))),
    "groups": lambda each: str(each),
    "dates": lambda each: f"{each[0]}: {each[1]}",
    "contacts": lambda each: f"{each.label}: {each.value}" if each.label else "",
    "sent": lambda each: f"{each.day}: {each.text}",
}
# Names for the report, where the field has another.
_FIELD_NAMES = {"showings": "days of suggestions", "sent": "sent items"}
