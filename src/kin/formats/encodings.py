"""Bytes into text: which encoding a file has.

Its one rule: no statistics. A byte order mark says it, then UTF-8 where the bytes are that, then
whoever brings the file, then cp1252.
"""

import codecs

from kin.errors import UsageError

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LAST = "cp1252"
UNREADABLE = "\ufffd"  # stands for bytes that the encoding does not have
_STEP = 1 << 20  # bytes looked at in one go: a large file is never decoded twice as a whole
# Python calls these encodings of text, but no file of people is written in them.
_ODD = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"}


def decode(data: bytes, encoding: str | None = None) -> str:
    """Read the bytes as text, without a byte order mark; U+FFFD stands for what cannot be read.

    `encoding` is what somebody said; an unknown one raises UsageError.
    """
    return data.decode(codec(data, encoding), errors="replace")


def codec(data: bytes, encoding: str | None = None) -> str:
    """Return the name of the codec that reads these bytes."""
    named = _known(encoding) if encoding else None
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    # NUL and escape stand in no UTF-8 file of people, but in every one of UTF-16 or ISO-2022.
    if named and (b"\0" in data or b"\x1b" in data):
        return named
    return "utf-8" if _is_utf8(data) else named or LAST


def _known(encoding: str) -> str:
    """Return the name Python has for an encoding of text."""
    try:
        name = codecs.lookup(encoding).name
        if name not in _ODD:
            b"a".decode(name, errors="replace")  # raises for codecs that are none of text
            return name
    except (LookupError, ValueError):
        pass
    raise UsageError(
        f"“{encoding[:40]}” is no encoding that kin knows.",
        "Say --encoding cp1252, utf-16-le, shift_jis or another that Python knows.",
    )


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _STEP):
            decoder.decode(data[start : start + _STEP], start + _STEP >= len(data))
    except UnicodeDecodeError:
        return False
    return True
