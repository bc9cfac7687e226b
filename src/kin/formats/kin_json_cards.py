"""Somebody's card in kin's own JSON, read strictly.

Its one rule: what a card says of other people is said of people in the same file.
"""

from base64 import b64decode
from collections.abc import Container

from kin.constants import (
    CIRCLES,
    CONTACT_KINDS,
    PRECISIONS,
    STANCES,
)
from kin.errors import UsageError
from kin.formats.book import Given, Held, Origin, Person, Remark, Rest, Shown
from kin.formats.card import Way
from kin.formats.json_record import Record


def person(card: Record, handles: Container[str]) -> Person:
    """Read a person; `handles` are those of all people."""
    met = card.record("met")
    return Person(
        handle=card.words("handle"),
        name=card.words("name"),
        added_on=card.day("added_on"),
        me=card.flag("me"),
        nicknames=card.several("nicknames"),
        interests=tuple(_held(each, handles) for each in card.records("interests")),
        met_on=met.maybe_day("on"),
        met_precision=met.maybe_one_of("precision", PRECISIONS),
        met_at=met.maybe("at"),
        met_story=met.maybe("story"),
        met_through=met.maybe_handle("through", handles),
        lives=card.maybe("lives"),
        circle=card.maybe_one_of("circle", CIRCLES),
        groups=card.several("groups"),
        birthday=card.maybe_yearly("birthday"),
        days=tuple(_day(each) for each in card.records("days")),
        contacts=tuple(_way(each) for each in card.records("contacts")),
        remarks=tuple(
            Remark(each.words("text"), each.maybe("source")) for each in card.records("remarks")
        ),
        origins=tuple(origin(each) for each in card.records("origins")),
        rest=Rest(card.record("rest").maybe_day("until")) if card.has("rest") else None,
        shown=tuple(shown(each) for each in card.records("shown")),
        sent=tuple(Given(each.day("on"), each.words("text")) for each in card.records("sent")),
        uid=card.maybe("uid") or None,
    )


def _held(held: Record, handles: Container[str]) -> Held:
    return Held(
        held.words("label"),
        held.maybe_one_of("stance", STANCES) or "into",
        held.maybe("note"),
        held.maybe_handle("caught_from", handles),
    )


def _day(day: Record) -> tuple[str, str]:
    return day.maybe("label") or "", day.yearly("on")


def _way(way: Record) -> Way:
    return Way(way.one_of("kind", CONTACT_KINDS), way.words("value"), way.maybe("label"))


def shown(one: Record) -> Shown:
    """Read when somebody was suggested."""
    return Shown(one.day("on"), one.maybe("question"))


def origin(one: Record) -> Origin:
    """Read the record that somebody came with."""
    text, encoded = one.maybe("raw"), one.maybe("raw_base64")
    if encoded is None:
        return Origin(one.words("kind"), one.maybe("key"), None if text is None else text.encode())
    if text is not None:
        raise UsageError(f"{one.place('raw')}: stands there in base64 too.", "Keep one of them.")
    try:
        raw = b64decode(encoded, validate=True)
    except ValueError:
        raise UsageError(f"{one.place('raw_base64')}: is not base64.") from None
    return Origin(one.words("kind"), one.maybe("key"), raw)
