r"""Values of a card: bytes to letters, lists to their parts, and escapes to what they stand for.

Its one rule: letters are made before anything is split or unescaped, because a byte of Shift_JIS
may look like a backslash. Nothing here raises, whatever the bytes are.
"""

import binascii
import codecs
import re
from dataclasses import dataclass
from functools import lru_cache

from kin.formats.vcard.lines import Head

# A hostile list of eight million commas must not become eight million values.
MOST_PARTS = 2000
_ESCAPE = re.compile(r"\\([nN,;:\\\"'])")
_ALIASES = {"ansi": "cp1252", "x-sjis": "shift_jis", "x-mac-roman": "mac-roman", "utf8mb4": "utf-8"}
# What programs write under these names is often the wider set.
_WIDER = {"shift_jis": "cp932", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949"}
_WIDER |= {"big5": "cp950", "ascii": "cp1252", "iso8859-9": "cp1254"}
# Python's table of codecs also holds punycode and escapes, which are no charsets of anybody's.
_CHARSET = re.compile(
    "ascii|utf-(?:8|8-sig|16|32)(?:-[bl]e)?|iso8859-[0-9]+|cp[0-9]+|koi8-[rtu]|mac-[a-z]+|big5.*"
    "|shift_jis.*|euc_.*|iso2022_.*|gb.*|hz|johab|tis-620|hp-roman8|ptcp154|kz1048"
)
_SHIFTED = re.compile("utf-16.*|utf-32.*|iso2022_.*|hz")  # its bytes pass for UTF-8
_BREAK = re.compile("[\n\r\t]")
_C1 = re.compile("[\x80-\x9f]")


@dataclass(slots=True)
class Letters:
    """How one card's bytes are read: UTF-8, else as the property or the card says, else `given`.

    The last resort is cp1252: then `guessed` is set. `nul` tells that NULs were left out.
    """

    declared: tuple[str, ...] = ()  # by any property of the card
    given: str | None = None
    guessed: bool = False
    nul: bool = False

    def text(self, data: bytes, charset: str | None = None) -> str:
        """Return the letters, without NUL, and with LF for every end of a line."""
        own = codec(charset or self.given) if charset or self.given else ""
        read = None if own and _SHIFTED.fullmatch(own) else _utf_8(data)
        if read is None:
            read = self._otherwise(data, own)
        if "\0" in read:
            self.nul = True
            read = read.replace("\0", "")
        return read.replace("\r\n", "\n").replace("\r", "\n") if "\r" in read else read

    def _otherwise(self, data: bytes, own: str) -> str:
        for name in filter(None, (own, *map(codec, self.declared), self.given)):
            if (read := _decoded(data, name)) is not None:
                return read
        if (read := _utf_8(data)) is not None:
            return read
        self.guessed = True
        return _decoded(data, "cp1252") or data.decode("latin-1")


@lru_cache(maxsize=200)
def codec(charset: str) -> str:
    """Return Python's name of a charset, or "" for one that is unknown."""
    name = _ALIASES.get(charset.strip().lower(), charset.strip())
    try:
        found = codecs.lookup(name[:40]).name
    except (LookupError, ValueError):  # ValueError: a NUL in the name
        return ""
    return found if _CHARSET.fullmatch(found) else ""


def value(head: Head, data: bytes, letters: Letters) -> str:
    """Return a value that is one text: decoded, and then unescaped."""
    return unescaped(letters.text(plain(head, data), head.charset))


def values(head: Head, data: bytes, separator: str, letters: Letters) -> list[str]:
    """Return the parts of a value; a separator with a backslash before it is no separator."""
    if head.encoding == "q":
        # Decoded first, a separator of the data could not be told from one of the card.
        pieces = data.split(separator.encode(), MOST_PARTS)
        parts = [letters.text(binascii.a2b_qp(piece), head.charset) for piece in pieces]
    else:
        parts = letters.text(plain(head, data), head.charset).split(separator, MOST_PARTS)
    return [unescaped(part) for part in _rejoined(parts, separator)]


def one_line(text: str) -> str:
    """Return a text as a field of one line has it: stripped, its breaks and tabs as spaces."""
    return " ".join(text.split()) if _BREAK.search(text) else text.strip()


def unescaped(text: str) -> str:
    r"""Resolve `\n`, `\,`, `\;`, `\:`, `\"`, `\'` and `\\`, from left to right; other signs stay."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda sign: "\n" if sign[1] in "nN" else sign[1], text)


def plain(head: Head, data: bytes) -> bytes:
    """Undo quoted-printable or base64; what is no base64 stays as it is."""
    if head.encoding == "q":
        return binascii.a2b_qp(data)
    if head.encoding == "b":
        try:
            return binascii.a2b_base64(b"".join(data.split()), strict_mode=True)
        except binascii.Error:
            return data
    return data


def _rejoined(parts: list[str], separator: str) -> list[str]:
    """Put parts together again between which the separator was escaped."""
    if not any(part.endswith("\\") for part in parts):
        return parts
    found: list[str] = []
    held: list[str] = []
    for part in parts:
        held.append(part)
        if (len(part) - len(part.rstrip("\\"))) % 2 == 0:
            found.append(separator.join(held))
            held = []
    return [*found, separator.join(held)] if held else found


def _utf_8(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        if b"\xed" not in data:
            return None
    try:
        # Java's UTF-8, of old phones: an emoji is two halves of three bytes each.
        halves = data.decode(errors="surrogatepass").encode("utf-16", "surrogatepass")
        return halves.decode("utf-16")
    except UnicodeDecodeError:
        return None


def _decoded(data: bytes, name: str) -> str | None:
    """Return the letters in a charset, or in what is mostly meant by its name; None if in neither."""
    for each in filter(None, (name, _WIDER.get(name))):
        try:
            read = data.decode(each)
        except (UnicodeError, LookupError):
            continue
        if each == "iso8859-1" and _C1.search(read):
            return _decoded(data, "cp1252") or read
        return read
    return None
