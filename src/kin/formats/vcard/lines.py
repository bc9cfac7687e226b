"""The lines of one card: unfolded, each with its place, and parted into head and value.

Its one rule: every physical line belongs to one `Line`, so that a card can be put together again
byte for byte. Values stay bytes here; kin.formats.vcard.values reads them.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from kin.formats.vcard.split import (
    edge,
    opens_agent,
)

# agent: in the card of an AGENT of this card. nested: deeper still. edge: BEGIN and END. comment: a
# line that begins with #. stray: no property, and no part of one.
Kind = Literal["property", "agent", "nested", "edge", "comment", "stray"]

_TOKEN = rb"(?:[A-Za-z0-9_-]++\.)*+[A-Za-z][A-Za-z0-9_+/-]*+"
# A line of a broken note that begins with an address is no property called http.
_HEAD = re.compile(rb"(?!(?i:https?|ftp)://)" + _TOKEN + rb"[ \t]*+[:;]")
_BARE = re.compile(rb"(?i)(?:FN|N|ORG|TITLE|TEL|EMAIL|ADR|URL|NOTE|BDAY|NICKNAME)[ \t]*\Z")
_NOTE = re.compile(rb"(?i)(?:[A-Za-z0-9_-]++\.)*+NOTE[ \t]*+[:;]")
_QUOTED_HEAD = re.compile(rb'(?:[^":]++|"[^"]*+")*+:')
_PARAM = re.compile(r'(?:[^;"]++|"[^"]*+"|")++')
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]+={0,2}[ \t]*\Z")
_LONGEST_HEAD = 4000
_ENCODINGS = {"quoted-printable": "q", "qp": "q", "q": "q", "base64": "b", "b": "b"}
_ENCODINGS |= {"8bit": "", "7bit": "", "8-bit": "", "7-bit": ""}
_CARET = {"^n": "\n", "^N": "\n", "^'": '"', "^^": "^"}  # RFC 6868


class Line(NamedTuple):
    """A line unfolded, without its end: it took the physical lines from `at` to before `end`."""

    at: int
    end: int
    text: bytes
    kind: Kind


class Head(NamedTuple):
    """What stands before a value; the names of property and parameters are in capitals."""

    group: str
    name: str
    params: tuple[tuple[str, str], ...]
    types: tuple[str, ...]  # TYPE, and what stands bare in 2.1, in small letters
    encoding: str  # q for quoted-printable, b for base64, or ""
    charset: str | None

    def param(self, name: str) -> str | None:
        return next((value for key, value in self.params if key == name), None)


def unfolded(lines: Sequence[bytes]) -> list[Line]:
    """Put folded lines together; `lines` are one card's and begin with its BEGIN.

    A quoted-printable line goes on after a trailing `=`, base64 on lines that are not indented, a
    NOTE whose line feeds were not escaped on lines that are no property.
    """
    folder = _Folder()
    for at, line in enumerate(lines):
        folder.take(at, line.rstrip(b"\r\n"))
    folder.close(len(lines))
    return folder.done


def parted(text: bytes) -> tuple[Head, bytes]:
    """Part an unfolded line at its colon; one in a quoted parameter does not count."""
    colon = text.find(b":")
    if b'"' in text[: max(colon, 0)] and (head := _QUOTED_HEAD.match(text)):
        colon = head.end() - 1
    if colon < 0:
        colon = len(text)
    return (_head if colon < _LONGEST_HEAD else _head.__wrapped__)(text[:colon]), text[colon + 1 :]


def kept_head(text: bytes) -> bytes:
    """Return a line's head as spelled, without what belongs to the value that it had."""
    head = text[: len(text) - len(parted(text)[1])].removesuffix(b":").decode("latin-1")
    first, *rest = _PARAM.findall(head)
    kept = (each for each in rest if each.strip() and not _is_of_value(each))
    return ";".join([first, *kept]).encode("latin-1")


def _is_of_value(param: str) -> bool:
    return _param(param)[0] in (
        "ENCODING",
        "CHARSET",
        "VALUE",
        "X-APPLE-OMIT-YEAR",
        "CALSCALE",
        "MEDIATYPE",
    )


@lru_cache(maxsize=2000)
def _head(head: bytes) -> Head:
    """Read `item1.TEL;TYPE="home,voice";PREF=1`, `TEL;HOME` and `NOTE;QUOTED-PRINTABLE` alike."""
    try:
        text = head.decode()
    except UnicodeDecodeError:
        text = head.decode("latin-1")
    first, *rest = _PARAM.findall(text) if '"' in text else text.split(";")
    group, _, name = first.strip().rpartition(".")
    params = tuple(_param(each) for each in rest if each.strip())
    types = [value for key, value in params if key == "TYPE"]
    encodings = [_ENCODINGS.get(value.lower(), "") for key, value in params if key == "ENCODING"]
    words = (word.strip(' "\\').lower() for value in types for word in value.split(","))
    charset = next((value for key, value in params if key == "CHARSET"), None)
    known = tuple(dict.fromkeys(filter(None, words)))
    return Head(group, name.upper(), params, known, "".join(encodings)[:1], charset)


def _param(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        word = key.strip()
        return ("ENCODING" if word.lower() in _ENCODINGS else "TYPE"), word
    if "^" in value:
        value = re.sub(r"\^[nN'^]", lambda sign: _CARET[sign[0]], value)
    return key.strip().upper(), value.strip().strip('"')


class _Folder:
    """The line that is being put together, and whether it asks for more."""

    def __init__(self) -> None:
        self.done: list[Line] = []
        self.parts: list[bytes] = []
        self.kind: Kind = "edge"
        self.at = self.depth = self.blanks = 0
        self.soft = False  # the last part ends in the = of quoted-printable
        self.encoding: str | None = None  # not asked for yet

    def take(self, at: int, line: bytes) -> None:
        if not line:
            self.soft = False
            self.blanks += 1
            return
        mark = edge(line)
        if mark or not self._joined(line):
            self._open(at, line, mark)
        self.blanks = 0
        self.soft = line.rstrip(b" \t").endswith(b"=") and self._encoding() == "q"

    def close(self, end: int) -> None:
        if self.parts:
            text = self.parts[0] if len(self.parts) == 1 else b"".join(self.parts)
            self.done.append(Line(self.at, end, text, self.kind))

    def _joined(self, line: bytes) -> bool:
        """Take in a line that belongs to the one above; tell whether it does."""
        if self.soft and not opens_agent(line):
            self.parts[-1] = self.parts[-1].rstrip(b" \t")[:-1]
            self.parts.append(line)
        elif line[:1] in (b" ", b"\t"):
            self.parts.append(line[1:])
        elif _HEAD.match(line) or line[:1] == b"#":
            return False
        elif self.kind == "property" and _NOTE.match(self.parts[0]):
            self.parts.append(b"\n" * (self.blanks + 1) + line)
        elif _BARE.match(line):
            return False
        elif self.kind == "stray":
            self.parts.append(b"\n" + line)
        elif _BASE64_LINE.match(line) and self._encoding() == "b":
            self.parts.append(line)
        else:
            return False
        return True

    def _open(self, at: int, line: bytes, mark: str) -> None:
        self.close(at)
        inside = self.depth + (mark == "begin")
        self.depth = inside - (mark == "end") + (mark == "agent")
        self.at, self.parts, self.encoding = at, [line], None
        if inside > 1:
            self.kind = "agent" if inside == 2 else "nested"
        elif mark in ("begin", "end"):
            self.kind = "edge"
        elif line[:1] == b"#":
            self.kind = "comment"
        else:
            self.kind = "property" if _HEAD.match(line) or _BARE.match(line) else "stray"

    def _encoding(self) -> str:
        if self.encoding is None:
            text = b"".join(self.parts[:50])[:_LONGEST_HEAD]
            head = parted(text)[0] if self.kind in ("property", "agent", "nested") else None
            if head is None or b":" not in text:
                return head.encoding if head else ""
            self.encoding = head.encoding
        return self.encoding
