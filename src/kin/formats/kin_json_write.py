"""A whole book written as kin's own JSON.

Its one rule: every key is always there, an unknown value is null, and each field has its line, so
that what changed between two exports can be seen.
"""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from typing import Any

from kin.book.forgotten import Mark
from kin.formats.book import (
    Book,
    Introduction,
    Origin,
    Person,
    Shown,
    Talk,
    Thread,
    Tie,
    Word,
)
from kin.language.text import escaped

VERSION = 1

_encode = json.JSONEncoder(ensure_ascii=False).encode
_Fields = dict[str, Any]  # what JSON can hold, by the key under which it stands


def write(book: Book, *, exported_on: str) -> bytes:
    """Return the book as JSON in UTF-8; `exported_on` is the day, YYYY-MM-DD."""
    return b"".join(piece.encode() for piece in _pieces(book, exported_on))


def _pieces(book: Book, exported_on: str) -> Iterator[str]:
    yield f'{{\n "kin": {VERSION},\n "exported_on": {_encode(exported_on)}'
    lists: dict[str, Iterator[_Fields]] = {
        "people": map(_person, book.people),
        "conversations": map(_talk, book.talks),
        "threads": map(_thread, book.threads),
        "ties": map(_tie, book.ties),
        "introductions": map(_introduction, book.introductions),
        "vocabulary": map(_word, book.vocabulary),
        "forgotten": map(_mark, book.forgotten),
    }
    for key, items in lists.items():
        yield f',\n "{key}": ['
        comma = ""
        for item in items:
            yield f"{comma}\n  {_object(item)}"
            comma = ","
        yield "\n ]" if comma else "]"
    yield "\n}\n"


def _object(fields: Mapping[str, Any]) -> str:
    lines = ",\n".join(f'   "{key}": {_value(value)}' for key, value in fields.items())
    return f"{{\n{lines}\n  }}"


def _value(value: Any) -> str:
    """Return a value on one line, or with a line for each object of a list."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        lines = ",\n".join(f"    {escaped(_encode(each))}" for each in value)
        return f"[\n{lines}\n   ]"
    return escaped(_encode(value))


def _person(person: Person) -> _Fields:
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
                "label": held.label,
                "stance": held.stance,
                "note": held.note,
                "caught_from": held.caught_from,
            }
            for held in person.interests
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
        "shown": [shown(each) for each in person.shown],
        "origins": [origin(each) for each in person.origins],
    }


def shown(one: Shown) -> _Fields:
    """Return when somebody was suggested, and with which question."""
    return {"on": one.day, "question": one.question}


def origin(one: Origin) -> _Fields:
    """Return the record that somebody came with: as text if its bytes are, else in base64."""
    fields: _Fields = {"kind": one.kind, "key": one.key}
    if one.raw is None:
        return fields | {"raw": None}
    try:
        text = one.raw.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        return fields | {"raw_base64": b64encode(one.raw).decode()}
    return fields | {"raw": text}


def _talk(talk: Talk) -> _Fields:
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


def _thread(thread: Thread) -> _Fields:
    return {
        "text": thread.text,
        "people": thread.people,
        "opened_on": thread.opened_on,
        "due_on": thread.due_on,
        "heard_on": thread.heard_on,
        "outcome": thread.outcome,
        "conversation": thread.talk,
    }


def _tie(tie: Tie) -> _Fields:
    return {"handle": tie.a, "other": tie.b, "word": tie.word}


def _introduction(pair: Introduction) -> _Fields:
    return {
        "a": pair.a,
        "b": pair.b,
        "a_said": pair.a_said,
        "b_said": pair.b_said,
        "made_on": pair.made_on,
    }


def _mark(mark: Mark) -> _Fields:
    return {"salt": mark.salt.hex(), "mark": mark.mark.hex()}


def _word(word: Word) -> _Fields:
    return {"saying": word.saying, "a": word.a, "b": word.b, "said_on": word.said_on}
