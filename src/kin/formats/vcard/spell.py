r"""Single lines of a card, spelled as its version wants them: escaped, encoded and folded.

Its one rule: what is spelled here is read back the same, and no fold parts a letter. Commas are
always escaped, since some programs cut a NOTE at a bare one.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

WIDTH = 75  # octets, without the end of the line (RFC 6350, section 3.2)
_ESCAPED = re.compile(r"([\\,;])")
_ENDS = re.compile("\r\n?")


class Form(NamedTuple):
    """How a card writes its lines."""

    version: str = "3.0"
    end: bytes = b"\r\n"


def clean(words: str) -> str:
    """Return words without NUL, and with LF for every end of a line."""
    return _ENDS.sub("\n", words).replace("\0", "")


def text(words: str) -> str:
    """Escape what would part or end a value; line feeds are seen to by `spelled`."""
    return _ESCAPED.sub(r"\\\1", words)


def address(uri: str) -> str:
    """Escape an address on the web, in which commas and semicolons stand bare."""
    return uri.replace("\\", "\\\\")


def parts(values: Iterable[str], separator: str) -> str:
    return separator.join(map(text, values))


def head(
    name: str,
    form: Form,
    *,
    types: Sequence[str] = (),
    params: Sequence[tuple[str, str]] = (),
    group: str = "",
) -> bytes:
    """Return what stands before the colon; types stand bare in 2.1."""
    words = [f"{group}.{name}" if group else name]
    if form.version == "2.1":
        words += types
    elif types:
        said = ",".join(types)
        words.append(f"TYPE={said.lower() if form.version == '4.0' else said}")
    return ";".join([*words, *(f"{key}={value}" for key, value in params)]).encode()


def spelled(head: bytes, value: str, form: Form) -> bytes:
    """Return the line of a value that is escaped: folded, or quoted-printable in 2.1."""
    value = clean(value)
    if form.version != "2.1":
        return _folded(head + b":" + value.replace("\n", "\\n").encode(), form.end)
    if value.isascii() and value.isprintable() and len(head) + len(value) < WIDTH:
        return head + b":" + value.encode() + form.end
    # 2.1 has no other way to fold: its readers disagree on the space behind a fold.
    head += b";CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:"
    return _quoted(head, value.replace("\n", "\r\n"), form.end)


def _folded(line: bytes, end: bytes) -> bytes:
    lines = []
    room = WIDTH
    while len(line) > room:
        at = room
        while line[at] & 0xC0 == 0x80:  # inside a letter of several bytes
            at -= 1
        lines.append(line[:at])
        line, room = line[at:], WIDTH - 1
    return (end + b" ").join([*lines, line]) + end


def _quoted(line: bytes, value: str, end: bytes) -> bytes:
    """Encode as quoted-printable (RFC 2045, section 6.7), with a soft break where a line is full."""
    lines = []
    last = len(value) - 1
    for at, letter in enumerate(value):
        plain = letter.isascii() and letter.isprintable() and letter != "="
        sign = letter.encode() if plain and (at < last or letter in ",;") else _code(letter)
        if len(line) + len(sign) >= WIDTH:
            lines.append(line)
            # Bare, a letter might be taken for a fold, a remark or the END of the card; a
            # separator must stay bare to be one.
            line, sign = b"", sign if letter in ",;" else _code(letter)
        line += sign
    return (b"=" + end).join([*lines, line]) + end


def _code(letter: str) -> bytes:
    return b"".join(b"=%02X" % byte for byte in letter.encode())
