"""What a server or a phone lost of a card without anybody's will, told from what somebody took away.

Its one rule: what may be such a loss is told, and changes nothing.
"""

from dataclasses import replace
from typing import NamedTuple

from kin import vocabulary
from kin.queries.threeway import Common


class Guarded(NamedTuple):
    """A card as its owner would say it, and what was put right."""

    said: Common
    remarks: tuple[str, ...]


def guarded(said: Common, base: Common | None) -> Guarded:
    """Put right what a program cut off: the end of a note, the marks of interests, or all of them."""
    if base is None:
        return Guarded(said, ())
    remarks = []
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


def _marked(said: Common, base: Common) -> Common:
    """Take for interests what only lost its mark as one, and stands among the categories now."""
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
