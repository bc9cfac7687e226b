"""kin's own JSON: a whole book in one file, without loss, for kin and for other programs.

What kin wrote reads back the same; other files are read strictly, or refused with the place of the error.
"""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Container, Iterator, Mapping
from typing import Any

from kin.book.forgotten import MARK, MOST_KEYS, SHORTEST_KEY, Mark
from kin.constants import ANSWERS, CIRCLES, CONTACT_KINDS, PRECISIONS, SAYINGS, STANCES, WAYS
from kin.errors import UsageError
from kin.formats.book import (
    Book,
    Given,
    Held,
    Introduction,
    Origin,
    Person,
    Remark,
    Rest,
    Shown,
    Talk,
    There,
    Thread,
    Tie,
    Word,
)
from kin.formats.card import Way
from kin.formats.json_record import Record, invalid_value_error, load_json
from kin.language.text import escaped

VERSION = 1

_HEX = re.compile("(?:[0-9a-f]{2})+")
_KIN_KEYS = re.compile(r'"kin"\s*:\s*\d|"noted_at"\s*:')

_to_json = json.JSONEncoder(ensure_ascii=False).encode
_Fields = dict[str, Any]  # JSON values by key


def recognise(data: bytes) -> bool:
    """Return whether this is kin's own JSON, or the beginning of it."""
    encoding = json.detect_encoding(data)
    text = data.decode(encoding, "ignore").lstrip("\ufeff \t\r\n")
    return text.startswith("{") and _KIN_KEYS.search(text) is not None


def read(data: bytes, name: str) -> Book:
    """Read a book; `name` is the file's name, for messages.

    Raises UsageError, with the place, for anything else.
    """
    text = _decode(data, name)
    del data  # a book may be large: do not hold it twice
    root = Record(load_json(text, name), name)
    version = root.get_number("kin")
    if version is None:
        raise UsageError(f"{name}: kin is missing.", 'A book of kin\'s begins with "kin": 1.')
    if version > VERSION:
        raise newer_version_error(name, version)
    handles = _collect_handles(root)
    talks = tuple(_parse_conversation(each, handles) for each in root.get_records("conversations"))
    return Book(
        tuple(_parse_person(each, handles) for each in root.get_records("people")),
        talks,
        tuple(_parse_thread(each, handles, len(talks)) for each in root.get_records("threads")),
        tuple(_parse_tie(each, handles) for each in root.get_records("ties")),
        tuple(_parse_introduction(each, handles) for each in root.get_records("introductions")),
        tuple(_parse_vocabulary_word(each) for each in root.get_records("vocabulary")),
        _parse_forgotten(root),
    )


def newer_version_error(place: str, version: int) -> UsageError:
    """Return the error for a file that a newer kin wrote."""
    return UsageError(
        f"{place}: was written by a newer kin, as version {version}; this one reads up to {VERSION}.",
        "Update kin, then read it again.",
    )


def _decode(data: bytes, name: str) -> str:
    encoding = json.detect_encoding(data)
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{name}:{line}: is not UTF-8 text.", "Is the file complete?") from None


def _collect_handles(root: Record) -> frozenset[str]:
    """Return the handles of all people; check that they are unique, and that at most one is the owner.

    `fitting.fitted` checks later whether they can be stored.
    """
    seen: set[str] = set()
    owners = 0
    for person in root.get_records("people"):
        handle = person.require_text("handle")
        if handle in seen:
            raise invalid_value_error(
                person.locate("handle"), handle, "is the handle of two people"
            )
        seen.add(handle)
        owners += person.get_flag("me")
        if owners > 1:
            raise UsageError(f"{person.locate('me')}: another person is already the owner.")
    return frozenset(seen)


def _parse_person(card: Record, handles: Container[str]) -> Person:
    """Read a person; `handles` are the handles of all people in the file."""
    met = card.get_record("met")
    return Person(
        handle=card.require_text("handle"),
        name=card.require_text("name"),
        added_on=card.require_day("added_on"),
        me=card.get_flag("me"),
        nicknames=card.get_texts("nicknames"),
        interests=tuple(_parse_interest(each, handles) for each in card.get_records("interests")),
        met_on=met.get_day("on"),
        met_precision=met.get_choice("precision", PRECISIONS),
        met_at=met.get_text("at"),
        met_story=met.get_text("story"),
        met_through=met.get_handle("through", handles),
        lives=card.get_text("lives"),
        circle=card.get_choice("circle", CIRCLES),
        groups=card.get_texts("groups"),
        birthday=card.get_yearly("birthday"),
        days=tuple(_parse_day(each) for each in card.get_records("days")),
        contacts=tuple(_parse_contact(each) for each in card.get_records("contacts")),
        remarks=tuple(
            Remark(each.require_text("text"), each.get_text("source"))
            for each in card.get_records("remarks")
        ),
        origins=tuple(parse_origin(each) for each in card.get_records("origins")),
        rest=Rest(card.get_record("rest").get_day("until")) if card.has("rest") else None,
        shown=tuple(parse_shown(each) for each in card.get_records("shown")),
        sent=tuple(
            Given(each.require_day("on"), each.require_text("text"))
            for each in card.get_records("sent")
        ),
        uid=card.get_text("uid") or None,
    )


def _parse_interest(interest: Record, handles: Container[str]) -> Held:
    return Held(
        interest.require_text("label"),
        interest.get_choice("stance", STANCES) or "into",
        interest.get_text("note"),
        interest.get_handle("caught_from", handles),
    )


def _parse_day(day: Record) -> tuple[str, str]:
    return day.get_text("label") or "", day.require_yearly("on")


def _parse_contact(way: Record) -> Way:
    return Way(
        way.require_choice("kind", CONTACT_KINDS), way.require_text("value"), way.get_text("label")
    )


def parse_shown(record: Record) -> Shown:
    """Read when a person was suggested."""
    return Shown(record.require_day("on"), record.get_text("question"))


def parse_origin(record: Record) -> Origin:
    """Read the record that a person was imported from."""
    text, encoded = record.get_text("raw"), record.get_text("raw_base64")
    if encoded is None:
        return Origin(
            record.require_text("kind"),
            record.get_text("key"),
            None if text is None else text.encode(),
        )
    if text is not None:
        raise UsageError(f"{record.locate('raw')}: is also given in base64.", "Keep one of them.")
    try:
        raw = b64decode(encoded, validate=True)
    except ValueError:
        raise UsageError(f"{record.locate('raw_base64')}: is not base64.") from None
    return Origin(record.require_text("kind"), record.get_text("key"), raw)


def _parse_conversation(talk: Record, handles: Container[str]) -> Talk:
    text, told_from = talk.require_text("text"), talk.get_number("told_from") or 0
    if told_from > len(text):
        raise invalid_value_error(
            talk.locate("told_from"), told_from, "is after the end of the text"
        )
    people = tuple(
        There(each.require_handle("handle", handles), each.get_text("matched") or "")
        for each in talk.get_records("people")
    )
    _check_distinct(talk, (each.handle for each in people))
    return Talk(
        on=talk.require_day("on"),
        text=text,
        noted_at=talk.require_text("noted_at"),
        precision=talk.get_choice("precision", PRECISIONS) or "day",
        told_from=told_from,
        place=talk.get_text("place"),
        by=talk.get_choice("by", WAYS),
        people=people,
        topics=talk.get_texts("topics"),
    )


def _check_distinct(record: Record, handles: Iterator[str]) -> None:
    seen: set[str] = set()
    for handle in handles:
        if handle in seen:
            raise invalid_value_error(record.locate("people"), handle, "is listed twice")
        seen.add(handle)


def _parse_thread(thread: Record, handles: Container[str], talks: int) -> Thread:
    people = thread.get_texts("people")
    for at, handle in enumerate(people):
        if handle not in handles:
            place = thread.locate(f"people[{at}]")
            raise invalid_value_error(place, handle, "is not a handle in this file")
    _check_distinct(thread, iter(people))
    talk = thread.get_number("conversation")
    if talk is not None and talk >= talks:
        why = f"is not a conversation; there are {talks:,}, counted from 0"
        raise invalid_value_error(thread.locate("conversation"), talk, why)
    return Thread(
        text=thread.require_text("text"),
        opened_on=thread.require_day("opened_on"),
        due_on=thread.get_day("due_on"),
        heard_on=thread.get_day("heard_on"),
        outcome=thread.get_text("outcome"),
        people=people,
        talk=talk,
    )


def _parse_tie(tie: Record, handles: Container[str]) -> Tie:
    a, b = tie.require_handle("handle", handles), tie.require_handle("other", handles)
    if a == b:
        raise invalid_value_error(tie.locate("other"), b, "is tied to themselves")
    return Tie(a, b, tie.require_text("word"))


def _parse_introduction(pair: Record, handles: Container[str]) -> Introduction:
    a, b = pair.require_handle("a", handles), pair.require_handle("b", handles)
    if a == b:
        raise invalid_value_error(pair.locate("b"), b, "is introduced to themselves")
    return Introduction(
        a,
        b,
        pair.get_choice("a_said", ANSWERS),
        pair.get_choice("b_said", ANSWERS),
        pair.get_day("made_on"),
    )


def _parse_forgotten(root: Record) -> tuple[Mark, ...]:
    marks = [
        Mark(_parse_hex(each, "salt", SHORTEST_KEY), _parse_hex(each, "mark", MARK))
        for each in root.get_records("forgotten")
    ]
    if len({each.salt for each in marks}) > MOST_KEYS:
        raise UsageError(
            f"{root.locate('forgotten')}: has more than {MOST_KEYS:,} different salts.",
            "A book has one of its own, and one of each book that it took over.",
        )
    return tuple(marks)


def _parse_hex(mark: Record, key: str, shortest: int) -> bytes:
    text = mark.require_text(key)
    if not _HEX.fullmatch(text) or not shortest <= len(text) // 2 <= MARK:
        why = f"is not {shortest} to {MARK} bytes in hexadecimal digits"
        if shortest == MARK:
            why = f"is not {MARK} bytes in hexadecimal digits"
        raise invalid_value_error(mark.locate(key), text, why)
    return bytes.fromhex(text)


def _parse_vocabulary_word(word: Record) -> Word:
    return Word(
        word.require_choice("saying", SAYINGS),
        word.require_text("a"),
        word.require_text("b"),
        word.require_day("said_on"),
    )


def write(book: Book, *, exported_on: str) -> bytes:
    """Return the book as JSON in UTF-8; `exported_on` is the day, YYYY-MM-DD.

    Every key is always present, an unknown value is null, and each field has its own line, so that two
    exports can be compared line by line.
    """
    return b"".join(piece.encode() for piece in _format_book(book, exported_on))


def _format_book(book: Book, exported_on: str) -> Iterator[str]:
    yield f'{{\n "kin": {VERSION},\n "exported_on": {_to_json(exported_on)}'
    lists: dict[str, Iterator[_Fields]] = {
        "people": map(_encode_person, book.people),
        "conversations": map(_encode_conversation, book.talks),
        "threads": map(_encode_thread, book.threads),
        "ties": map(_encode_tie, book.ties),
        "introductions": map(_encode_introduction, book.introductions),
        "vocabulary": map(_encode_vocabulary_word, book.vocabulary),
        "forgotten": map(_encode_mark, book.forgotten),
    }
    for key, items in lists.items():
        yield f',\n "{key}": ['
        comma = ""
        for item in items:
            yield f"{comma}\n  {_format_object(item)}"
            comma = ","
        yield "\n ]" if comma else "]"
    yield "\n}\n"


def _format_object(fields: Mapping[str, Any]) -> str:
    lines = ",\n".join(f'   "{key}": {_format_value(value)}' for key, value in fields.items())
    return f"{{\n{lines}\n  }}"


def _format_value(value: Any) -> str:
    """Return a value on one line, except a list of objects, with a line for each."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        lines = ",\n".join(f"    {escaped(_to_json(each))}" for each in value)
        return f"[\n{lines}\n   ]"
    return escaped(_to_json(value))


def _encode_person(person: Person) -> _Fields:
    met = {"on": person.met_on, "precision": person.met_precision, "at": person.met_at}
    return {
        "handle": person.handle,
        "name": person.name,
        "uid": person.uid,
        "me": person.me,
        "added_on": person.added_on,
        "nicknames": person.nicknames,
        "interests": [
            {
                "label": interest.label,
                "stance": interest.stance,
                "note": interest.note,
                "caught_from": interest.caught_from,
            }
            for interest in person.interests
        ],
        "met": met | {"story": person.met_story, "through": person.met_through},
        "lives": person.lives,
        "groups": person.groups,
        "circle": person.circle,
        "birthday": person.birthday,
        "days": [{"label": label, "on": on} for label, on in person.days],
        "contacts": [
            {"kind": way.kind, "label": way.label, "value": way.value} for way in person.contacts
        ],
        "remarks": [{"text": each.text, "source": each.source} for each in person.remarks],
        "rest": {"until": person.rest.until} if person.rest else None,
        "sent": [{"on": each.day, "text": each.text} for each in person.sent],
        "shown": [encode_shown(each) for each in person.shown],
        "origins": [encode_origin(each) for each in person.origins],
    }


def encode_shown(shown: Shown) -> _Fields:
    """Return when a person was suggested, and with which question."""
    return {"on": shown.day, "question": shown.question}


def encode_origin(origin: Origin) -> _Fields:
    """Return the record that a person was imported from: as text if it is valid text, else in base64."""
    fields: _Fields = {"kind": origin.kind, "key": origin.key}
    if origin.raw is None:
        return fields | {"raw": None}
    try:
        text = origin.raw.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        return fields | {"raw_base64": b64encode(origin.raw).decode()}
    return fields | {"raw": text}


def _encode_conversation(talk: Talk) -> _Fields:
    return {
        "on": talk.on,
        "precision": talk.precision,
        "text": talk.text,
        "told_from": talk.told_from,
        "people": [{"handle": each.handle, "matched": each.matched} for each in talk.people],
        "topics": talk.topics,
        "place": talk.place,
        "by": talk.by,
        "noted_at": talk.noted_at,
    }


def _encode_thread(thread: Thread) -> _Fields:
    return {
        "text": thread.text,
        "people": thread.people,
        "opened_on": thread.opened_on,
        "due_on": thread.due_on,
        "heard_on": thread.heard_on,
        "outcome": thread.outcome,
        "conversation": thread.talk,
    }


def _encode_tie(tie: Tie) -> _Fields:
    return {"handle": tie.a, "other": tie.b, "word": tie.word}


def _encode_introduction(pair: Introduction) -> _Fields:
    return {
        "a": pair.a,
        "b": pair.b,
        "a_said": pair.a_said,
        "b_said": pair.b_said,
        "made_on": pair.made_on,
    }


def _encode_mark(mark: Mark) -> _Fields:
    return {"salt": mark.salt.hex(), "mark": mark.mark.hex()}


def _encode_vocabulary_word(word: Word) -> _Fields:
    return {"saying": word.saying, "a": word.a, "b": word.b, "said_on": word.said_on}
