"""kin's own JSON: a whole book in one file that loses nothing, documented for other programs.

Its one rule: what is written reads back the same, and what kin did not write is read strictly or
refused with its place, `people[12].met.on`.
"""

import json
import re
from collections.abc import Container, Iterator

from kin.book.forgotten import (
    MARK,
    MOST_KEYS,
    SHORTEST_KEY,
    Mark,
)
from kin.constants import (
    ANSWERS,
    PRECISIONS,
    SAYINGS,
    WAYS,
)
from kin.errors import UsageError
from kin.formats import checked
from kin.formats.book import (
    Book,
    Introduction,
    Talk,
    There,
    Thread,
    Tie,
    Word,
)
from kin.formats.json_record import Record, loaded
from kin.formats.kin_json_cards import person
from kin.formats.kin_json_write import VERSION
from kin.formats.kin_json_write import write as write

_HEX = re.compile("(?:[0-9a-f]{2})+")
_OWN = re.compile(r'"kin"\s*:\s*\d|"noted_at"\s*:')


def recognise(data: bytes) -> bool:
    """Say whether this is kin's own JSON, or the beginning of it."""
    encoding = json.detect_encoding(data)
    text = data.decode(encoding, "ignore").lstrip("\ufeff \t\r\n")
    return text.startswith("{") and _OWN.search(text) is not None


def read(data: bytes, name: str) -> Book:
    """Return the book that is written there; `name` is the file's, for messages.

    Raises UsageError, with the place, for anything that is no book of kin's.
    """
    text = _text(data, name)
    del data  # once is enough: a book may be large
    whole = Record(loaded(text, name), name)
    version = whole.number("kin")
    if version is None:
        raise UsageError(f"{name}: kin is missing.", 'A book of kin\'s begins with "kin": 1.')
    if version > VERSION:
        raise newer(name, version)
    handles = _handles(whole)
    talks = tuple(_talk(each, handles) for each in whole.records("conversations"))
    return Book(
        tuple(person(each, handles) for each in whole.records("people")),
        talks,
        tuple(_thread(each, handles, len(talks)) for each in whole.records("threads")),
        tuple(_tie(each, handles) for each in whole.records("ties")),
        tuple(_introduction(each, handles) for each in whole.records("introductions")),
        tuple(_word(each) for each in whole.records("vocabulary")),
        _marks(whole),
    )


def newer(place: str, version: int) -> UsageError:
    """Return the refusal of a file that a newer kin has written."""
    return UsageError(
        f"{place}: was written by a newer kin, as version {version}; this one reads up to {VERSION}.",
        "Update kin, then read it again.",
    )


def _text(data: bytes, name: str) -> str:
    encoding = json.detect_encoding(data)
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{name}:{line}: is not UTF-8 text.", "Is the file whole?") from None


def _handles(whole: Record) -> frozenset[str]:
    """Return the handles of all people, which must differ; at most one person is the owner.

    Whether each is safe to keep is decided once all are known (`fitting.fitted`).
    """
    seen: set[str] = set()
    owners = 0
    for card in whole.records("people"):
        found = card.words("handle")
        if found in seen:
            raise checked.refused(card.place("handle"), found, "is the handle of two people")
        seen.add(found)
        owners += card.flag("me")
        if owners > 1:
            raise UsageError(f"{card.place('me')}: somebody else is the owner already.")
    return frozenset(seen)


def _talk(talk: Record, handles: Container[str]) -> Talk:
    text, told_from = talk.words("text"), talk.number("told_from") or 0
    if told_from > len(text):
        raise checked.refused(talk.place("told_from"), told_from, "lies behind the text's end")
    people = tuple(
        There(each.handle("handle", handles), each.maybe("matched") or "")
        for each in talk.records("people")
    )
    _different(talk, (each.handle for each in people))
    return Talk(
        on=talk.day("on"),
        text=text,
        noted_at=talk.words("noted_at"),
        precision=talk.maybe_one_of("precision", PRECISIONS) or "day",
        told_from=told_from,
        place=talk.maybe("place"),
        by=talk.maybe_one_of("by", WAYS),
        people=people,
        topics=talk.several("topics"),
    )


def _different(record: Record, handles: Iterator[str]) -> None:
    seen: set[str] = set()
    for handle in handles:
        if handle in seen:
            raise checked.refused(record.place("people"), handle, "stands there twice")
        seen.add(handle)


def _thread(thread: Record, handles: Container[str], talks: int) -> Thread:
    people = thread.several("people")
    for at, handle in enumerate(people):
        if handle not in handles:
            place = thread.place(f"people[{at}]")
            raise checked.refused(place, handle, "is nobody's handle in this file")
    _different(thread, iter(people))
    talk = thread.number("conversation")
    if talk is not None and talk >= talks:
        why = f"is no conversation; there are {talks:,}, counted from 0"
        raise checked.refused(thread.place("conversation"), talk, why)
    return Thread(
        text=thread.words("text"),
        opened_on=thread.day("opened_on"),
        due_on=thread.maybe_day("due_on"),
        heard_on=thread.maybe_day("heard_on"),
        outcome=thread.maybe("outcome"),
        people=people,
        talk=talk,
    )


def _tie(tie: Record, handles: Container[str]) -> Tie:
    a, b = tie.handle("handle", handles), tie.handle("other", handles)
    if a == b:
        raise checked.refused(tie.place("other"), b, "is tied to themselves")
    return Tie(a, b, tie.words("word"))


def _introduction(pair: Record, handles: Container[str]) -> Introduction:
    a, b = pair.handle("a", handles), pair.handle("b", handles)
    if a == b:
        raise checked.refused(pair.place("b"), b, "is introduced to themselves")
    return Introduction(
        a,
        b,
        pair.maybe_one_of("a_said", ANSWERS),
        pair.maybe_one_of("b_said", ANSWERS),
        pair.maybe_day("made_on"),
    )


def _marks(whole: Record) -> tuple[Mark, ...]:
    found = [
        Mark(_hex(each, "salt", SHORTEST_KEY), _hex(each, "mark", MARK))
        for each in whole.records("forgotten")
    ]
    if len({each.salt for each in found}) > MOST_KEYS:
        raise UsageError(
            f"{whole.place('forgotten')}: has more than {MOST_KEYS:,} different salts.",
            "A book has one of its own, and one of each book that it took over.",
        )
    return tuple(found)


def _hex(mark: Record, key: str, shortest: int) -> bytes:
    text = mark.words(key)
    if not _HEX.fullmatch(text) or not shortest <= len(text) // 2 <= MARK:
        why = f"is not {shortest} to {MARK} bytes in hexadecimal digits"
        if shortest == MARK:
            why = f"is not {MARK} bytes in hexadecimal digits"
        raise checked.refused(mark.place(key), text, why)
    return bytes.fromhex(text)


def _word(word: Record) -> Word:
    return Word(
        word.one_of("saying", SAYINGS), word.words("a"), word.words("b"), word.day("said_on")
    )
