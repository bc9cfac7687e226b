"""What a card lost without anyone deleting it: values that kin cannot read, and what a program cut off.

Such a loss is reported, and changes nothing in the book.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from kin.constants import CONTACT_KINDS
from kin.language.text import add_quotes, clipped, fold, visible
from kin.transfer.sync import list_merge as uniting
from kin.transfer.sync.card_fields import Card
from kin.transfer.sync.three_way_merge import SINGLE, Common
from kin.vocabulary import catalog as vocabulary

# Fields by the word for one of their values.
_CALLED = {"lives": "town", "contacts": "address", "days": "day", "nicknames": "nickname"}
_CALLED |= {"groups": "group", "interests": "interest"}


class Guarded(NamedTuple):
    """A card as its owner would say it, and what was put right."""

    said: Common
    remarks: tuple[str, ...]


def guarded(card: Card, base: Common | None, book: Common) -> Guarded:
    """Put right what a card lost: `base` is what it said before, if that is known, `book` what the book says."""
    said, remarks = _readable(card, base, book)
    if base is None:
        return Guarded(said, tuple(remarks))
    if card.has_stray_lines and (with_lost := _with_all_of(said, base)) != said:
        said = with_lost
        remarks.append(
            "a line of it cannot be read, so nothing that is missing there was taken away"
        )
    note, whole = said.note or "", base.note or ""
    if note and note != whole and whole.startswith(note.rstrip()):
        said = replace(said, note=base.note)
        if note.strip() != whole.strip():
            remarks.append("its note was cut short there; the book keeps the whole of it")
    said = _marked(said, base)
    if base.interests and not said.interests:
        said = replace(said, interests=base.interests)
        remarks.append("its interests were dropped there; the book keeps them")
    return Guarded(said, tuple(remarks))


def _readable(card: Card, base: Common | None, book: Common) -> tuple[Common, list[str]]:
    """Return a card with the earlier values of what cannot be read: they were not deleted."""
    said, fields = _without_unreadable(card), card.unreadable_fields
    remarks: list[str] = []
    values = dict(reversed(card.unreadable))  # the first of each field
    for field in SINGLE:
        if field not in fields and not (field == "name" and not card.is_named):
            continue
        before = getattr(base or Common(book.name), field)
        if getattr(said, field) == before:
            continue
        if field == "name" and not card.is_named:
            if base is not None:
                remarks.append(_describe_missing_name(book.name))
        elif kept := getattr(book, field):
            remarks.append(
                _describe_unreadable_value(_CALLED.get(field, field), values[field], kept)
            )
        said = replace(said, **{field: before})
    if not card.is_named:
        nicknames = tuple(each for each in said.nicknames if fold(each) != fold(said.name))
        said = replace(said, nicknames=nicknames)
    if base is None:
        return said, remarks
    for field, same in uniting.SAME.items():
        was, now = getattr(base, field), getattr(said, field)
        kinds = fields & {*CONTACT_KINDS} if field == "contacts" else fields & {field}
        lost = [
            each
            for each in was
            if not uniting.within(each, now, same) and (field != "contacts" or each.kind in kinds)
        ]
        if kinds and lost:
            both: dict[str, Any] = {field: (*now, *lost)}
            said = replace(said, **both)
            value = next(value for name, value in card.unreadable if name in kinds)
            if kept := [each for each in lost if uniting.within(each, getattr(book, field), same)]:
                remarks.append(
                    _describe_unreadable_value(_CALLED.get(field, field), value, _words(kept))
                )
    return said, remarks


def _with_all_of(said: Common, base: Common) -> Common:
    """Return what a card says with all that it said before and does not say now."""
    kept: dict[str, Any] = {
        field: getattr(said, field) or getattr(base, field) for field in SINGLE if field != "name"
    }
    for field, same in uniting.SAME.items():
        now = getattr(said, field)
        lost = [each for each in getattr(base, field) if not uniting.within(each, now, same)]
        kept[field] = (*now, *lost)
    return replace(said, **kept)


def _without_unreadable(card: Card) -> Common:
    """Return what a card says without values that were read only after something was taken out of them."""
    common, spoiled = card.said, {*card.unreadable}
    if not card.is_named:  # it goes by a nickname, perhaps, which is one nevertheless
        common = replace(common, nicknames=card.incoming.nicknames)
    return replace(
        common,
        lives=None if ("lives", common.lives) in spoiled else common.lives,
        birthday=None if ("birthday", common.birthday) in spoiled else common.birthday,
        note=None if "note" in card.unreadable_fields else common.note,
        nicknames=tuple(each for each in common.nicknames if ("nicknames", each) not in spoiled),
        groups=tuple(each for each in common.groups if ("groups", each) not in spoiled),
        interests=tuple(each for each in common.interests if ("interests", each) not in spoiled),
        contacts=tuple(each for each in common.contacts if (each.kind, each.value) not in spoiled),
        days=tuple(
            each for each in common.days if ("days", f"{each[0]}: {each[1]}") not in spoiled
        ),
    )


def _words(values: Sequence[object]) -> str:
    return ", ".join(
        each if isinstance(each, str) else str(getattr(each, "value", None) or each[0])  # type: ignore[index]
        for each in values
    )


def _marked(said: Common, base: Common) -> Common:
    """Take for interests what only lost its mark as one, and is among the categories now."""
    known = {vocabulary.key(each) for each in base.interests}
    groups = {vocabulary.group_key(each) for each in base.groups}
    there = {vocabulary.key(each) for each in said.interests}
    lost = tuple(
        each
        for each in said.groups
        if vocabulary.key(each) in known - there and vocabulary.group_key(each) not in groups
    )
    if not lost:
        return said
    return replace(
        said,
        groups=tuple(each for each in said.groups if each not in lost),
        interests=(*said.interests, *lost),
    )


def _describe_unreadable_value(field: str, value: str, kept: str) -> str:
    """Say that a value of a card cannot be read, and that it does not count as deleted."""
    shown = clipped(visible(value[:200], newlines=False), 40)
    return f"the {field} {add_quotes(shown)} cannot be read; the book keeps {add_quotes(clipped(kept, 60))}"


def _describe_missing_name(name: str) -> str:
    """Say that a card lost its name, and its person did not."""
    return f"the card has no name (FN) now; the book keeps {add_quotes(name)}"
