"""What a card becomes by what was said of it: the flags of `add` and `edit`, applied.

Pure: a card in, a card out. Writing it is services.people's.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from kin.config import DateOrder
from kin.errors import NotFoundError, UsageError
from kin.formats.card import Card, Loved, Way
from kin.language import dates, text
from kin.people.queries import Person
from kin.vocabulary import catalog as vocabulary

# `pottery -- her father had a kiln`: no interest's name has it inside.
_NOTE_SIGN = re.compile(r" (?:--|—) ")


@dataclass(frozen=True, slots=True)
class Said:
    """What the flags add to a card, in the words of the command line; `caught_from` goes with `into`."""

    name: str | None = None
    handle: str | None = None
    nicknames: tuple[str, ...] = ()
    into: tuple[str, ...] = ()
    clash: tuple[str, ...] = ()
    caught_from: str | None = None
    met: str | None = None
    on: str | None = None
    place: str | None = None
    through: str | None = None
    lives: str | None = None
    circle: str | None = None
    groups: tuple[str, ...] = ()
    birthday: str | None = None
    days: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dropped:
    """What the `--not-…` flags take off a card; `fields` are single-valued ones, by Card's names."""

    nicknames: tuple[str, ...] = ()
    into: tuple[str, ...] = ()
    clash: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


def card_of(held: Person) -> Card:
    """Return a card as it stands, in the shape in which it is edited."""
    return Card(
        name=held.name,
        handle=held.handle,
        nicknames=held.nicknames,
        into=tuple(
            Loved(each.label, each.note) for each in held.interests if each.stance == "into"
        ),
        collides=tuple(
            Loved(each.label, each.note) for each in held.interests if each.stance == "collides"
        ),
        met_on=held.met.on,
        met_precision=held.met.precision,
        met_at=held.met.at,
        met_story=held.met.story,
        met_through=held.met.through,
        lives=held.lives,
        circle=held.circle,
        groups=held.groups,
        birthday=held.birthday,
        days=held.days,
        contacts=tuple(Way(each.kind, each.value, each.label) for each in held.contacts),
        remarks=tuple(each.text for each in held.remarks),
    )


def said(card: Card, told: Said, *, now: datetime, date_order: DateOrder | None) -> Card:
    """Return the card with what was said: single fields replaced, lists added to."""
    met = dates.parse(told.on, now=now, date_order=date_order) if told.on else None
    if met and met.on > now.date():
        raise UsageError(f"You cannot have met on {dates.format_day(met)}: that is to come.")
    if told.handle == "":
        raise UsageError("The handle is empty.", "Nothing was written.")
    into, clash = [loved(each) for each in told.into], [loved(each) for each in told.clash]
    both = {vocabulary.key(each.label) for each in into} & {
        vocabulary.key(each.label) for each in clash
    }
    if both:
        label = next(each.label for each in clash if vocabulary.key(each.label) in both)
        raise UsageError(f"Is “{label}” shared ground, or where you differ?", "Say one of the two.")
    return replace(
        card,
        name=told.name if told.name is not None else card.name,
        handle=told.handle or card.handle,
        nicknames=(*card.nicknames, *told.nicknames),
        into=_with(_without(card.into, clash), into, card.into + card.collides),
        collides=_with(_without(card.collides, into), clash, card.into + card.collides),
        met_on=met.on.isoformat() if met else card.met_on,
        met_precision=met.precision if met else card.met_precision,
        met_at=told.place if told.place is not None else card.met_at,
        met_story=told.met if told.met is not None else card.met_story,
        met_through=told.through if told.through is not None else card.met_through,
        lives=told.lives if told.lives is not None else card.lives,
        circle=told.circle if told.circle is not None else card.circle,
        groups=(*card.groups, *told.groups),
        birthday=dates.birthday(told.birthday, now=now) if told.birthday else card.birthday,
        days=_days(card.days, told.days, now),
        contacts=(*card.contacts, *_ways(told)),
    )


def agreed(told: Said, off: Dropped) -> None:
    """Raise UsageError for what is said and taken away in one breath."""
    interests = {vocabulary.key(loved(each).label): each for each in (*told.into, *told.clash)}
    pairs = (
        (interests, [vocabulary.key(each) for each in (*off.into, *off.clash)]),
        ({text.fold(each): each for each in told.nicknames}, map(text.fold, off.nicknames)),
        ({text.fold(each): each for each in told.groups}, map(text.fold, off.groups)),
    )
    for said_, taken in pairs:
        for key in taken:
            if key in said_:
                raise UsageError(
                    f"“{said_[key]}” is both put on the card and taken off.", "Say one of the two."
                )


def dropped(card: Card, off: Dropped) -> Card:
    """Return the card without what was named; raise NotFoundError for what is not on it."""
    contacts = {way.value: way for way in card.contacts}
    for value in off.contacts:
        del contacts[_one(value, contacts, "address or number")]
    days = dict(card.days)
    for label in off.days:
        del days[_one(label, days, "day")]
    cleared: dict[str, None] = dict.fromkeys(off.fields)
    if "met_on" in cleared:
        cleared["met_precision"] = None
    return replace(
        card,
        nicknames=_minus(card.nicknames, off.nicknames, "nickname"),
        into=_unloved(card.into, off.into, card.collides, "--not-clash"),
        collides=_unloved(card.collides, off.clash, card.into, "--not-into"),
        groups=_minus(card.groups, off.groups, "group"),
        days=tuple(days.items()),
        contacts=tuple(contacts.values()),
        **cleared,  # type: ignore[arg-type]  # names of Card's optional fields, each set to None
    )


def loved(words: str) -> Loved:
    """Read an interest and, behind the first ` -- `, how somebody came to it."""
    label, note = (*_NOTE_SIGN.split(words, maxsplit=1), "")[:2]
    if not vocabulary.key(label):
        raise UsageError(
            f"“{words}” is no interest that kin could find again.",
            "Use at least one letter or digit.",
        )
    return Loved(label.strip(), note.strip() or None)


def _with(
    held: Iterable[Loved], new: Iterable[Loved], before: Iterable[Loved]
) -> tuple[Loved, ...]:
    """Add interests; one that was on the card keeps its spelling, and its story if no new one is told."""
    known = {vocabulary.key(each.label): each for each in before}
    kept = {vocabulary.key(each.label): each for each in held}
    for each in new:
        old = known.get(vocabulary.key(each.label))
        kept[vocabulary.key(each.label)] = replace(old, note=each.note or old.note) if old else each
    return tuple(kept.values())


def _without(held: Iterable[Loved], taken: Iterable[Loved]) -> tuple[Loved, ...]:
    keys = {vocabulary.key(each.label) for each in taken}
    return tuple(each for each in held if vocabulary.key(each.label) not in keys)


def _unloved(
    held: tuple[Loved, ...], labels: Iterable[str], others: tuple[Loved, ...], flag: str
) -> tuple[Loved, ...]:
    """Take interests off; one of the other stance is not meant, and the flag for it is named."""
    for label in labels:
        left = _without(held, [Loved(label)])
        if len(left) == len(held):
            if len(_without(others, [Loved(label)])) < len(others):
                stands = "where you differ" if flag == "--not-clash" else "what they are into"
                raise NotFoundError(f"“{label}” is {stands}.", f"Take it off: {flag} “{label}”")
            raise NotFoundError(f"“{label}” is not on this card.", "See what is: kin recall WHO")
        held = left
    return held


def _minus(held: Iterable[str], taken: Iterable[str], what: str) -> tuple[str, ...]:
    kept = list(held)
    for word in taken:
        kept.remove(_one(word, kept, what))
    return tuple(kept)


def _one(word: str, held: Iterable[str], what: str) -> str:
    for each in held:
        if text.fold(each) == text.fold(word):
            return each
    raise NotFoundError(f"There is no {what} “{word}” on this card.", "See what is: kin edit WHO")


def _days(
    held: tuple[tuple[str, str], ...], told: Iterable[str], now: datetime
) -> tuple[tuple[str, str], ...]:
    days = dict(held)
    for words in told:
        label, sign, day = words.rpartition("=")
        if not sign or not label.strip():
            raise UsageError(
                f"“{words}” is no day with a name.", 'Say it so: --day "wedding=12 june 2019"'
            )
        days[label.strip()] = dates.birthday(day, now=now)
    return tuple(days.items())


def _ways(told: Said) -> tuple[Way, ...]:
    kinds = (("email", told.emails), ("phone", told.phones), ("link", told.links))
    return tuple(Way(kind, value) for kind, values in kinds for value in values)
