"""A raw card in another version: kin's fields spelled anew, and the lines that kin does not know carried over.

Its one rule: what the new version has no legal place for is left out, never bent; docs/guides/leave.md says what.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from kin.formats.card import Loved
from kin.formats.incoming import Incoming
from kin.formats.vcard.fields import (
    called,
    fields_of,
    reading,
)
from kin.formats.vcard.life import READERS as LIFE
from kin.formats.vcard.lines import (
    Head,
    parted,
)
from kin.formats.vcard.raw import opened
from kin.formats.vcard.reading import Reading
from kin.formats.vcard.spell import (
    Form,
    spelled,
)
from kin.formats.vcard.values import plain
from kin.formats.vcard.who import READERS as WHO
from kin.formats.vcard.write import (
    Kept,
    write,
)

_CARRIED = frozenset(("N", "ADR", "ORG", "KIND", "MEMBER"))  # read, but not all of it is kept
_LEFT = frozenset(("PRODID", "AGENT", "X-KIN-CHARSET"))
_ONLY_3 = frozenset(("LABEL", "MAILER", "CLASS", "NAME", "PROFILE", "SORT-STRING"))
_SERVANTS = frozenset(("X-ABLABEL", "X-ABADR", "X-ABORDER"))
_NAME = re.compile(r"[A-Za-z0-9-]+")
_BARE_COMMA = re.compile(r"(?<!\\),")
_DATA = re.compile(r"data:([\w.+-]+)/([\w.+-]+);base64,(.*)", re.DOTALL | re.IGNORECASE)
_KINDS = {"PHOTO": "image", "LOGO": "image", "SOUND": "audio"}
_OF_VALUE = frozenset(("ENCODING", "CHARSET", "TYPE", "VALUE", "X-APPLE-OMIT-YEAR"))


class _Line(NamedTuple):
    """A line that is carried over."""

    head: Head
    spelled: bytes


def converted(raw: bytes, version: Literal["3.0", "4.0"], uid: str) -> bytes:
    """Return the card in a version, as UTF-8; the same bytes where it has that version already."""
    card = opened(raw)
    read = reading(card.lines)
    if read.version == version:
        return raw
    found = fields_of(read)
    form, unread = Form(version), {each.at for each in read.unread}
    lines = [
        _Line(head, carried)
        for at, line in enumerate(card.lines)
        if line.kind == "property"
        for head, data in [parted(line.text)]
        if at in unread or _is_unknown(head)
        if (carried := _carried(head, data, read, form)) is not None
    ]
    groups = {each.head.group.lower() for each in lines if each.head.name not in _SERVANTS}
    lines = [
        each
        for each in lines
        if each.head.name not in _SERVANTS or each.head.group.lower() in groups
    ]
    person = Incoming(
        name=called(read) or "nameless",
        source="",
        nicknames=found.nicknames,
        contacts=found.contacts,
        birthday=found.birthday,
        days=found.days,
        lives=found.lives,
        note=found.note,
        into=tuple(map(Loved, found.interests)),
        groups=found.groups,
        bonds=found.bonds,
        uid=found.uid or uid,
    )
    kept = Kept(
        tuple(each.spelled for each in lines),
        frozenset(each.head.name for each in lines),
        frozenset(groups),
    )
    return write(person, version=version, kept=kept)


def _is_unknown(head: Head) -> bool:
    is_read = head.name in WHO or head.name in LIFE or head.name.startswith("X-MESSAGING/")
    return head.name in _CARRIED or not is_read


def _carried(head: Head, data: bytes, read: Reading, form: Form) -> bytes | None:
    """Return a line in the new version, None where that has no place for it."""
    is_4 = form.version == "4.0"
    if head.name in _LEFT or (is_4 and head.name in _ONLY_3) or not _NAME.fullmatch(head.name):
        return None
    if head.group and not _NAME.fullmatch(head.group):
        return None
    params, value = list(_params(head, is_4)), ""
    types = [each for each in head.types if _NAME.fullmatch(each)]
    if head.encoding == "b":
        value = b"".join(data.split()).decode("ascii", "replace")
        kind = types.pop(0) if types else ("jpeg" if head.name in _KINDS else "octet-stream")
        if is_4:
            value = f"data:{_KINDS.get(head.name, 'application')}/{kind};base64,{value}"
        else:
            params += [("ENCODING", "b"), ("TYPE", kind.upper())]
    else:
        value = read.letters.text(plain(head, data), head.charset)
        if inline := None if is_4 else _DATA.fullmatch(value):
            value = inline[3]
            params = [("ENCODING", "b"), ("TYPE", inline[2].upper())]
        elif read.version == "2.1":
            value = _BARE_COMMA.sub(r"\\,", value)
    if is_4 and "pref" in types:
        types.remove("pref")
        params.append(("PREF", "1"))
    if is_4 and head.name == "BDAY":
        params.append(("VALUE", "text"))
    params += [("TYPE", each) for each in types]
    name = f"{head.group}.{head.name}" if head.group else head.name
    said = "".join(f";{key}={_quoted(each)}" for key, each in params)
    return spelled(f"{name}{said}".encode(), value, form)


def _params(head: Head, is_4: bool) -> Iterator[tuple[str, str]]:
    for key, value in head.params:
        if _NAME.fullmatch(key) and key not in _OF_VALUE and '"' not in value:
            yield key, " ".join(value.split())
    kind = (head.param("VALUE") or "").lower().replace("url", "uri")
    if kind in ("uri", "text", "date") and not (is_4 and head.name == "BDAY"):
        yield "VALUE", kind


def _quoted(value: str) -> str:
    return value if _NAME.fullmatch(value) else f'"{value}"'
