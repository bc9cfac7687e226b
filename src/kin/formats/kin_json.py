"""kin's own JSON: a whole book in one file, without loss, for kin and for other programs.

What kin wrote reads back the same; other files are read strictly, or refused with the place of the error.
"""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Container, Iterator, Mapping
from datetime import date
from typing import Any, NoReturn

from kin.book.meta import MARK_SIZE, MOST_KEYS, SHORTEST_KEY, ForgottenMark
from kin.constants import (
    CHANNELS,
    CIRCLES,
    CONTACT_KINDS,
    INTRODUCTION_ANSWERS,
    PRECISIONS,
    RELATIONS,
    STANCES,
)
from kin.errors import UsageError
from kin.formats.editor_card import Contact
from kin.formats.records import (
    Book,
    Fact,
    Introduction,
    Note,
    Origin,
    Participant,
    Person,
    PersonInterest,
    Question,
    SentItem,
    Showing,
    Snooze,
    Tie,
    VocabularyRule,
)
from kin.language.text import escape_control, escape_json, is_handle, join_words, truncate

VERSION = 1
MAX_NUMBER_DIGITS = 18  # digits that SQLite can store
_TYPE_NAMES = {str: "a text", bool: "true or false", list: "a list", dict: "an object"}
_TYPE_NAMES |= {int: "a number", float: "a number", type(None): "null"}
LEAP_YEAR = "2000"  # has every day that a year can have
_BOOK_KEYS = (
    *("kin", "exported_on", "people", "notes", "questions", "ties", "introductions"),
    *("vocabulary", "forgotten"),
)
_HEX = re.compile("(?:[0-9a-f]{2})+")
_KIN_KEYS = re.compile(r'"kin"\s*:\s*\d|"noted_at"\s*:')

_to_json = json.JSONEncoder(ensure_ascii=False).encode
_Fields = dict[str, Any]  # JSON values by key


class _DuplicateKeys(dict[str, object]):
    """An object with a duplicate key; it is refused when it is read, where its place is known."""

    key: str


def load_json(text: str, name: str) -> object:
    """Parse JSON; `name` is the place for messages. Raises UsageError if it is not valid."""
    try:
        return json.loads(
            text,
            object_pairs_hook=_build_object,
            parse_int=_parse_int,
            parse_constant=_reject_constant,
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise UsageError(f"{name}: not valid JSON at {where}.", "Is the file complete?") from None
    except RecursionError:
        raise UsageError(
            f"{name}: is nested too deeply.", "Files that kin writes are not."
        ) from None
    except ValueError as error:
        raise UsageError(f"{name}: {error}.", "Files that kin writes do not have that.") from None


def _build_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) == len(pairs):
        return fields
    with_duplicate = _DuplicateKeys(fields)
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            with_duplicate.key = key
        seen.add(key)
    return with_duplicate


def _parse_int(digits: str) -> int:
    if len(digits) > MAX_NUMBER_DIGITS:
        raise ValueError(f"a number of {len(digits):,} digits is too long")
    return int(digits)


def _reject_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


class Record:
    """A JSON object that knows its place; the path is only built for an error.

    A `get_` method returns None (or an empty value) for a missing key, a `require_` method raises UsageError.
    """

    __slots__ = ("_fields", "_key", "_parent")

    def __init__(self, value: object, parent: "Record | str", key: str = "") -> None:
        """Take the value at `key` of `parent`; for the outermost object, `parent` is the file's name."""
        self._parent, self._key = parent, key
        if type(value) is not dict:
            if isinstance(value, _DuplicateKeys):
                raise invalid_value_error(self.locate(), value.key, "is a duplicate key")
            raise self._type_error(value, "", dict)
        self._fields = value

    def locate(self, key: str = "") -> str:
        """Return the place of this object, or of its key: `book.json: people[12].met.on`."""
        path = f".{key}" if key and key[0] not in ".[" else key
        if isinstance(self._parent, str):
            return f"{self._parent}: {path.removeprefix('.')}".removesuffix(": ")
        return self._parent.locate(self._key + path)

    def refuse_unknown_keys(self, known: Container[str], hint: str) -> None:
        """Raise UsageError for the first key that is not known, so that its value is not lost silently."""
        unknown_keys = (key for key in self._fields if key not in known)
        if (key := next(unknown_keys, None)) is not None:
            raise invalid_value_error(self.locate(), key, "is a key that kin does not know", hint)

    def has(self, key: str) -> bool:
        """Return whether the key has a value."""
        return self._fields.get(key) is not None

    def get_text(self, key: str) -> str | None:
        """Return a text, or None."""
        value = self._fields.get(key)
        if value is None:
            return None
        if type(value) is not str:
            raise self._type_error(value, key, str)
        if value.isascii() and "\0" not in value:
            return value
        return check_text(value, self.locate(key))

    def require_text(self, key: str) -> str:
        """Return a text that is not empty."""
        value = self.get_text(key)
        if value is None:
            raise UsageError(f"{self.locate(key)}: is missing.", "Is the file complete?")
        return value or check_not_empty(value, self.locate(key))

    def require_day(self, key: str) -> str:
        """Return a day, YYYY-MM-DD."""
        return check_day(self.require_text(key), self.locate(key))

    def get_day(self, key: str) -> str | None:
        """Return a day, YYYY-MM-DD, or None."""
        value = self.get_text(key)
        return None if value is None else check_day(value, self.locate(key))

    def require_yearly_date(self, key: str) -> str:
        """Return a day with or without its year: YYYY-MM-DD or --MM-DD."""
        return check_yearly_date(self.require_text(key), self.locate(key))

    def get_yearly_date(self, key: str) -> str | None:
        """Return a day with or without its year, or None."""
        return None if self._fields.get(key) is None else self.require_yearly_date(key)

    def require_choice(self, key: str, known: tuple[str, ...]) -> str:
        """Return one of the known words."""
        return check_choice(self.require_text(key), known, self.locate(key))

    def get_choice(self, key: str, known: tuple[str, ...]) -> str | None:
        """Return one of the known words, or None."""
        value = self.get_text(key)
        if value is None or value in known:
            return value
        return check_choice(value, known, self.locate(key))

    def require_handle(self, key: str, known: Container[str]) -> str:
        """Return one of the known handles."""
        value = self.require_text(key)
        if value not in known:
            raise invalid_value_error(self.locate(key), value, "is not a handle in this file")
        return value

    def get_handle(self, key: str, known: Container[str]) -> str | None:
        """Return one of the known handles, or None."""
        return None if self._fields.get(key) is None else self.require_handle(key, known)

    def get_flag(self, key: str) -> bool:
        """Return true or false; a missing value is false."""
        value = self._fields.get(key)
        if value is not None and type(value) is not bool:
            raise self._type_error(value, key, bool)
        return value is True

    def get_number(self, key: str) -> int | None:
        """Return an integer that is not negative, or None."""
        value = self._fields.get(key)
        if value is not None and type(value) is not int:
            raise self._type_error(value, key, int)
        if value is not None and value < 0:
            raise invalid_value_error(self.locate(key), value, "is negative")
        return value

    def get_texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, none of them empty."""
        texts = []
        for at, value in enumerate(self._get_list(key)):
            if type(value) is not str:
                raise self._type_error(value, f"{key}[{at}]", str)
            if not value or not value.isascii() or "\0" in value:
                check_not_empty(value, self.locate(f"{key}[{at}]"))
            texts.append(value)
        return tuple(texts)

    def get_record(self, key: str) -> "Record":
        """Return the object at the key, or an empty one."""
        value = self._fields.get(key)
        return Record({} if value is None else value, self, f".{key}")

    def get_records(self, key: str) -> "Iterator[Record]":
        """Yield the objects of a list."""
        for at, value in enumerate(self._get_list(key)):
            yield Record(value, self, f".{key}[{at}]")

    def _get_list(self, key: str) -> list[object]:
        value = self._fields.get(key)
        if value is None:
            return []
        if type(value) is not list:
            raise self._type_error(value, key, list)
        return value

    def _type_error(self, value: object, key: str, wanted: type) -> UsageError:
        kind = _TYPE_NAMES.get(type(value), "something else")
        return UsageError(f"{self.locate(key)}: should be {_TYPE_NAMES[wanted]}, but is {kind}.")


def invalid_value_error(place: str, value: object, why: str, hint: str = "") -> UsageError:
    """Return the error for a value: its place, the value shortened, and what is wrong."""
    excerpt = truncate(escape_control(str(value), newlines=False), 40)
    return UsageError(f"{place}: “{excerpt}” {why}.", hint)


def check_text(text: str, place: str) -> str:
    """Return the text; refuse NUL and lone surrogates, which a book cannot store."""
    if "\0" in text:
        raise invalid_value_error(place, text, "contains a NUL character", "Remove it.")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise invalid_value_error(
                place, text, "contains half of a surrogate pair", "Remove it."
            ) from None
    return text


def check_not_empty(text: str, place: str) -> str:
    """Return the text; refuse an empty one too."""
    if not text:
        raise UsageError(f"{place}: is empty.", "Write something there.")
    return check_text(text, place)


def check_handle(text: str, place: str) -> str:
    """Return the handle; refuse one that could not be typed."""
    if not is_handle(text):
        raise invalid_value_error(
            place, text, "is not a handle", "A handle is one word, such as maya-o."
        )
    return text


def check_day(text: str, place: str) -> str:
    """Return the day, YYYY-MM-DD; refuse one that is not in the calendar."""
    try:
        parsed = date.fromisoformat(text)
    except ValueError:
        parsed = None
    if parsed is None or parsed.isoformat() != text:
        raise invalid_value_error(place, text, "is not a day", "Write it as 2026-11-17.")
    return text


def check_yearly_date(text: str, place: str) -> str:
    """Return the day, YYYY-MM-DD or --MM-DD; refuse one that is not in the calendar."""
    if text.startswith("--"):
        check_day(LEAP_YEAR + text[1:], place)
    else:
        check_day(text, place)
    return text


def check_choice(text: str, known: tuple[str, ...], place: str) -> str:
    """Return the text; refuse one that is not a known word."""
    if text not in known:
        raise invalid_value_error(
            place, text, "is not a known value", f"Use {join_words(known, 'or')}."
        )
    return text


def is_kin_json(data: bytes) -> bool:
    """Return whether this is kin's own JSON, or the beginning of it."""
    encoding = json.detect_encoding(data)
    text = data.decode(encoding, "ignore").lstrip("\ufeff \t\r\n")
    return text.startswith("{") and _KIN_KEYS.search(text) is not None


def read_book(data: bytes, name: str) -> Book:
    """Read a book; `name` is the file's name, for messages.

    Raises UsageError, with the place of the error, if the file is not a book, a newer kin wrote it, or it has
    a key that kin does not know at its top level.
    """
    text = _decode(data, name)
    del data  # a book may be large: do not hold it twice
    root = Record(load_json(text, name), name)
    version = root.get_number("kin")
    if version is None:
        raise UsageError(
            f"{name}: the key “kin” is missing.", 'A book of kin begins with "kin": 1.'
        )
    if version > VERSION:
        raise newer_version_error(name, version)
    root.refuse_unknown_keys(
        _BOOK_KEYS, f"A book of kin has the keys {join_words(_BOOK_KEYS, 'and')}."
    )
    handles = _collect_handles(root)
    notes = tuple(_parse_note(each, handles) for each in root.get_records("notes"))
    return Book(
        tuple(_parse_person(each, handles) for each in root.get_records("people")),
        notes,
        tuple(_parse_question(each, handles, len(notes)) for each in root.get_records("questions")),
        tuple(_parse_tie(each, handles) for each in root.get_records("ties")),
        tuple(_parse_introduction(each, handles) for each in root.get_records("introductions")),
        tuple(_parse_vocabulary_rule(each) for each in root.get_records("vocabulary")),
        _parse_forgotten_marks(root),
    )


def newer_version_error(place: str, version: int) -> UsageError:
    """Return the error for a file that a newer kin wrote."""
    return UsageError(
        f"{place}: was written by a newer kin (version {version}); this one reads up to version {VERSION}.",
        "Update kin, then try again.",
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

    `fitting.fit_book` checks later whether they can be stored.
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
        birthday=card.get_yearly_date("birthday"),
        dates=tuple(_parse_date(each) for each in card.get_records("dates")),
        contacts=tuple(_parse_contact(each) for each in card.get_records("contacts")),
        facts=tuple(
            Fact(each.require_text("text"), each.get_text("source"))
            for each in card.get_records("facts")
        ),
        origins=tuple(parse_origin(each) for each in card.get_records("origins")),
        snooze=Snooze(card.get_record("snooze").get_day("until")) if card.has("snooze") else None,
        showings=tuple(parse_showing(each) for each in card.get_records("shown")),
        sent=tuple(
            SentItem(each.require_day("on"), each.require_text("text"))
            for each in card.get_records("sent")
        ),
        uid=card.get_text("uid") or None,
    )


def _parse_interest(interest: Record, handles: Container[str]) -> PersonInterest:
    return PersonInterest(
        interest.require_text("label"),
        interest.get_choice("stance", STANCES) or "into",
        interest.get_text("note"),
        interest.get_handle("learned_from", handles),
    )


def _parse_date(date: Record) -> tuple[str, str]:
    return date.get_text("label") or "", date.require_yearly_date("on")


def _parse_contact(contact: Record) -> Contact:
    return Contact(
        contact.require_choice("kind", CONTACT_KINDS),
        contact.require_text("value"),
        contact.get_text("label"),
    )


def parse_showing(record: Record) -> Showing:
    """Read when a person was suggested."""
    return Showing(record.require_day("on"), record.get_text("opener"))


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


def _parse_note(note: Record, handles: Container[str]) -> Note:
    text, body_start = note.require_text("text"), note.get_number("text_from") or 0
    if body_start > len(text):
        raise invalid_value_error(
            note.locate("text_from"), body_start, "is after the end of the text"
        )
    people = tuple(
        Participant(each.require_handle("handle", handles), each.get_text("matched") or "")
        for each in note.get_records("people")
    )
    _check_distinct(note, (each.handle for each in people))
    return Note(
        on=note.require_day("on"),
        text=text,
        noted_at=note.require_text("noted_at"),
        precision=note.get_choice("precision", PRECISIONS) or "day",
        body_start=body_start,
        place=note.get_text("place"),
        by=note.get_choice("by", CHANNELS),
        people=people,
        interests=note.get_texts("interests"),
    )


def _check_distinct(record: Record, handles: Iterator[str]) -> None:
    seen: set[str] = set()
    for handle in handles:
        if handle in seen:
            raise invalid_value_error(record.locate("people"), handle, "is listed twice")
        seen.add(handle)


def _parse_question(question: Record, handles: Container[str], note_count: int) -> Question:
    people = question.get_texts("people")
    for at, handle in enumerate(people):
        if handle not in handles:
            place = question.locate(f"people[{at}]")
            raise invalid_value_error(place, handle, "is not a handle in this file")
    _check_distinct(question, iter(people))
    note_index = question.get_number("note")
    if note_index is not None and note_index >= note_count:
        why = f"is not the number of a note; there are {note_count:,}, counted from 0"
        raise invalid_value_error(question.locate("note"), note_index, why)
    return Question(
        text=question.require_text("text"),
        opened_on=question.require_day("opened_on"),
        on=question.get_day("on"),
        answered_on=question.get_day("answered_on"),
        answer=question.get_text("answer"),
        people=people,
        note_index=note_index,
    )


def _parse_tie(tie: Record, handles: Container[str]) -> Tie:
    a, b = tie.require_handle("handle", handles), tie.require_handle("other", handles)
    if a == b:
        raise invalid_value_error(tie.locate("other"), b, "cannot be tied to themselves")
    return Tie(a, b, tie.require_text("word"))


def _parse_introduction(pair: Record, handles: Container[str]) -> Introduction:
    a, b = pair.require_handle("a", handles), pair.require_handle("b", handles)
    if a == b:
        raise invalid_value_error(pair.locate("b"), b, "cannot be introduced to themselves")
    return Introduction(
        a,
        b,
        pair.get_choice("a_answer", INTRODUCTION_ANSWERS),
        pair.get_choice("b_answer", INTRODUCTION_ANSWERS),
        pair.get_day("made_on"),
    )


def _parse_forgotten_marks(root: Record) -> tuple[ForgottenMark, ...]:
    marks = [
        ForgottenMark(_parse_hex(each, "salt", SHORTEST_KEY), _parse_hex(each, "mark", MARK_SIZE))
        for each in root.get_records("forgotten")
    ]
    if len({each.salt for each in marks}) > MOST_KEYS:
        raise UsageError(
            f"{root.locate('forgotten')}: has more than {MOST_KEYS:,} different salts.",
            "A book has its own, and one for each book that was imported into it.",
        )
    return tuple(marks)


def _parse_hex(mark: Record, key: str, shortest: int) -> bytes:
    text = mark.require_text(key)
    if not _HEX.fullmatch(text) or not shortest <= len(text) // 2 <= MARK_SIZE:
        why = f"is not {shortest} to {MARK_SIZE} bytes in hexadecimal digits"
        if shortest == MARK_SIZE:
            why = f"is not {MARK_SIZE} bytes in hexadecimal digits"
        raise invalid_value_error(mark.locate(key), text, why)
    return bytes.fromhex(text)


def _parse_vocabulary_rule(rule: Record) -> VocabularyRule:
    return VocabularyRule(
        rule.require_choice("relation", RELATIONS),
        rule.require_text("a"),
        rule.require_text("b"),
        rule.require_day("added_on"),
    )


def write_book(book: Book, *, exported_on: str) -> bytes:
    """Return the book as JSON in UTF-8; `exported_on` is the day, YYYY-MM-DD.

    Every key is always present, an unknown value is null, and each field has its own line, so that two
    exports can be compared line by line.
    """
    return b"".join(piece.encode() for piece in _format_book(book, exported_on))


def _format_book(book: Book, exported_on: str) -> Iterator[str]:
    yield f'{{\n "kin": {VERSION},\n "exported_on": {_to_json(exported_on)}'
    lists: dict[str, Iterator[_Fields]] = {
        "people": map(_encode_person, book.people),
        "notes": map(_encode_note, book.notes),
        "questions": map(_encode_question, book.questions),
        "ties": map(_encode_tie, book.ties),
        "introductions": map(_encode_introduction, book.introductions),
        "vocabulary": map(_encode_vocabulary_rule, book.vocabulary),
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
        lines = ",\n".join(f"    {escape_json(_to_json(each))}" for each in value)
        return f"[\n{lines}\n   ]"
    return escape_json(_to_json(value))


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
                "learned_from": interest.learned_from,
            }
            for interest in person.interests
        ],
        "met": met | {"story": person.met_story, "through": person.met_through},
        "lives": person.lives,
        "groups": person.groups,
        "circle": person.circle,
        "birthday": person.birthday,
        "dates": [{"label": label, "on": on} for label, on in person.dates],
        "contacts": [
            {"kind": contact.kind, "label": contact.label, "value": contact.value}
            for contact in person.contacts
        ],
        "facts": [{"text": each.text, "source": each.source} for each in person.facts],
        "snooze": {"until": person.snooze.until} if person.snooze else None,
        "sent": [{"on": each.day, "text": each.text} for each in person.sent],
        "shown": [encode_showing(each) for each in person.showings],
        "origins": [encode_origin(each) for each in person.origins],
    }


def encode_showing(showing: Showing) -> _Fields:
    """Return when a person was suggested, and with which opener."""
    return {"on": showing.day, "opener": showing.opener}


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


def _encode_note(note: Note) -> _Fields:
    return {
        "on": note.on,
        "precision": note.precision,
        "text": note.text,
        "text_from": note.body_start,
        "people": [{"handle": each.handle, "matched": each.matched} for each in note.people],
        "interests": note.interests,
        "place": note.place,
        "by": note.by,
        "noted_at": note.noted_at,
    }


def _encode_question(question: Question) -> _Fields:
    return {
        "text": question.text,
        "people": question.people,
        "opened_on": question.opened_on,
        "on": question.on,
        "answered_on": question.answered_on,
        "answer": question.answer,
        "note": question.note_index,
    }


def _encode_tie(tie: Tie) -> _Fields:
    return {"handle": tie.a, "other": tie.b, "word": tie.word}


def _encode_introduction(pair: Introduction) -> _Fields:
    return {
        "a": pair.a,
        "b": pair.b,
        "a_answer": pair.a_answer,
        "b_answer": pair.b_answer,
        "made_on": pair.made_on,
    }


def _encode_mark(mark: ForgottenMark) -> _Fields:
    return {"salt": mark.salt.hex(), "mark": mark.mark.hex()}


def _encode_vocabulary_rule(rule: VocabularyRule) -> _Fields:
    return {"relation": rule.relation, "a": rule.a, "b": rule.b, "added_on": rule.added_on}
