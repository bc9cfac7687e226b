"""What a record adds to a card: empty fields are filled, lists grow, and what is there already stays.

Its one rule: nothing that the book holds is changed; what a record says otherwise is told.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple, TypeVar

from kin.formats.book import Held, Origin, Person, Remark
from kin.formats.card import Way
from kin.formats.incoming import Incoming
from kin.language.text import fold
from kin.transfer.record_matching import same_way
from kin.vocabulary import catalog as vocabulary

T = TypeVar("T")


class Filled(NamedTuple):
    """A card with what a record added, and what it says otherwise: field and value, kept as it was."""

    person: Person
    otherwise: tuple[tuple[str, str], ...]


def filled(person: Person, found: Incoming, kind: str, key: str) -> Filled:
    """Return a card with what a record adds."""
    otherwise: list[tuple[str, str]] = []
    if fold(found.name) != fold(person.name):
        otherwise.append(("name", found.name))
    met = (person.met_on, person.met_precision)
    if person.met_on is None and found.met_on is not None:
        met = (found.met_on, found.met_precision or "day")

    def one(field: str, held: str | None, said: str | None) -> str | None:
        if held is not None and said is not None and fold(held) != fold(said):
            otherwise.append((field, said))
        return held if held is not None else said

    return Filled(
        replace(
            person,
            lives=one("lives", person.lives, found.lives),
            circle=one("circle", person.circle, found.circle),
            met_at=one("met at", person.met_at, found.met_at),
            met_story=one("how you met", person.met_story, found.met_story),
            met_on=met[0],
            met_precision=met[1],
            birthday=_birthday(person, found, otherwise),
            nicknames=_more(person.nicknames, _nicknames(person, found), fold),
            contacts=_contacts(person, found),
            days=_more(person.days, found.days, lambda each: fold(each[0])),
            groups=_more(person.groups, found.groups, vocabulary.group_key),
            interests=_more(person.interests, _interests(found), _interest_key),
            remarks=_more(person.remarks, _remarks(person, found, kind), lambda each: each.text),
            origins=_origins(person, found, kind, key),
        ),
        tuple(otherwise),
    )


def _birthday(person: Person, found: Incoming, otherwise: list[tuple[str, str]]) -> str | None:
    held, said = person.birthday, found.birthday
    if held is None or said is None or held == said:
        return held or said
    if held[-5:] == said[-5:] and "--" in (held[:2], said[:2]):
        return max(held, said, key=len)  # the same day, of which one side knows the year
    otherwise.append(("birthday", said))
    return held


def _nicknames(person: Person, found: Incoming) -> Iterable[str]:
    return (each for each in found.nicknames if fold(each) != fold(person.name))


def _contacts(person: Person, found: Incoming) -> tuple[Way, ...]:
    held = list(person.contacts)
    for way in found.contacts:
        if not any(same_way(way, other) for other in held):
            held.append(way)
    return tuple(held)


def _interests(found: Incoming) -> Iterable[Held]:
    yield from (Held(each.label, "into", each.note) for each in found.into)
    yield from (Held(each.label, "collides", each.note) for each in found.collides)


def _interest_key(held: Held) -> str:
    return vocabulary.key(held.label)


def _remarks(person: Person, found: Incoming, kind: str) -> Iterable[Remark]:
    # A card has but one note: all remarks at once, and behind them what is new.
    lines = found.in_lines()
    held = "\n\n".join(each.text for each in person.remarks if each.text not in lines)
    note = (found.note or "").removeprefix(held) if held else found.note
    if note and held and note != found.note:
        note = note.removeprefix("\n\n") if note.startswith("\n\n") else found.note
    beside = [Remark(each) for each in found.beside]
    return [Remark(note, kind), *beside] if note and note.strip() else beside


def _origins(person: Person, found: Incoming, kind: str, key: str) -> tuple[Origin, ...]:
    """Keep the record; one that came again takes the place of what it was before."""
    new = Origin(kind, key, found.raw)
    if any((each.kind, each.key) == (kind, key) for each in person.origins):
        return tuple(
            new if (each.kind, each.key) == (kind, key) else each for each in person.origins
        )
    return (*person.origins, new)


def _more(held: tuple[T, ...], new: Iterable[T], sign: Callable[[T], str]) -> tuple[T, ...]:
    seen = {sign(each) for each in held}
    kept = list(held)
    for each in new:
        if sign(each) not in seen:
            seen.add(sign(each))
            kept.append(each)
    return tuple(kept)
