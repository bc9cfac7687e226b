r"""The lines of vCards: files split into cards, cards unfolded into lines, values decoded, and lines formatted.

RFC 2426 (3.0) and RFC 6350 (4.0), and 2.1 as programs write it. Every physical line of a card belongs to one
`Line`, so that a card can be put together again byte for byte. Nothing here raises, whatever the bytes are.
"""

import binascii
import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import BinaryIO, Literal, NamedTuple

CHUNK = 1 << 18
# The largest photo that a phone puts into a card has about five million bytes.
MAX_PROPERTY_SIZE = 8 << 20
MAX_CARD_SIZE = 16 << 20
MAX_LINES = 200_000
# A broken transfer turns CR LF into CR CR LF, which is one line ending, not two.
_PHYSICAL_LINE = re.compile(rb"[^\r\n]*+(?:\r?\r?\n|\r)|[^\r\n]++")
_NEWLINE = re.compile(rb"\r\n?|\n")
_BOUNDARY = re.compile(rb"(?i)(?:\xef\xbb\xbf)?(BEGIN|END)[ \t]*:[ \t]*VCARD[ \t]*(?=[\r\n]|\Z)")
_AGENT = re.compile(rb"(?i)(?:[\w-]++\.)?AGENT(?:;[^:]*)?:[ \t]*(BEGIN:VCARD)?[ \t\r\n]*\Z")
_END_AND_BEGIN = re.compile(
    rb"(?i)(END[ \t]*:[ \t]*VCARD[ \t]*)((?:\xef\xbb\xbf)?BEGIN[ \t]*:.*)", re.DOTALL
)
_MAX_BOUNDARY_LENGTH = 300

Boundary = Literal["begin", "end", "agent", ""]

# agent: in the card of an AGENT of this card. nested: deeper still. boundary: BEGIN and END. comment: a
# line that begins with #. stray: neither a property nor a part of one.
LineKind = Literal["property", "agent", "nested", "boundary", "comment", "stray"]
_TOKEN = rb"(?:[A-Za-z0-9_-]++\.)*+[A-Za-z][A-Za-z0-9_+/-]*+"
# A line of a broken note that begins with a URL is not a property named http.
_HEAD = re.compile(rb"(?!(?i:https?|ftp)://)" + _TOKEN + rb"[ \t]*+[:;]")
_BARE_NAME = re.compile(rb"(?i)(?:FN|N|ORG|TITLE|TEL|EMAIL|ADR|URL|NOTE|BDAY|NICKNAME)[ \t]*\Z")
_NOTE = re.compile(rb"(?i)(?:[A-Za-z0-9_-]++\.)*+NOTE[ \t]*+[:;]")
_QUOTED_HEAD = re.compile(rb'(?:[^":]++|"[^"]*+")*+:')
_PARAM = re.compile(r'(?:[^;"]++|"[^"]*+"|")++')
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]+={0,2}[ \t]*\Z")
_MAX_HEAD_LENGTH = 4000
_ENCODINGS = {"quoted-printable": "q", "qp": "q", "q": "q", "base64": "b", "b": "b"}
_ENCODINGS |= {"8bit": "", "7bit": "", "8-bit": "", "7-bit": ""}
_CARET = {"^n": "\n", "^N": "\n", "^'": '"', "^^": "^"}  # RFC 6868

# A hostile list of eight million commas must not become eight million values.
MAX_PARTS = 2000
_ESCAPE = re.compile(r"\\([nN,;:\\\"'])")
_ALIASES = {"ansi": "cp1252", "x-sjis": "shift_jis", "x-mac-roman": "mac-roman", "utf8mb4": "utf-8"}
# Programs often write a superset under these names.
_SUPERSET_CHARSETS = {
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
}
_SUPERSET_CHARSETS |= {"big5": "cp950", "ascii": "cp1252", "iso8859-9": "cp1254"}
# Python's codecs also include punycode and escapes, which are not charsets of cards.
_CHARSET = re.compile(
    "ascii|utf-(?:8|8-sig|16|32)(?:-[bl]e)?|iso8859-[0-9]+|cp[0-9]+|koi8-[rtu]|mac-[a-z]+|big5.*"
    "|shift_jis.*|euc_.*|iso2022_.*|gb.*|hz|johab|tis-620|hp-roman8|ptcp154|kz1048"
)
_SHIFTED = re.compile("utf-16.*|utf-32.*|iso2022_.*|hz")  # their bytes are often valid UTF-8
_BREAK = re.compile("[\n\r\t]")
_C1 = re.compile("[\x80-\x9f]")

LINE_WIDTH = 75  # octets, without the line ending (RFC 6350, section 3.2)
_SPECIAL = re.compile(r"([\\,;])")
_LINE_ENDINGS = re.compile("\r\n?")


class RawCard(NamedTuple):
    """The physical lines of a card in a file; `line_number` counts from 1."""

    line_number: int
    lines: list[bytes]  # with their line endings
    is_complete: bool = True  # False if a part exceeded the limits and was skipped
    has_end: bool = True  # False if its END is missing


class StrayLines(NamedTuple):
    """Lines outside of any card: the number of the first one, its text, and how many there are."""

    line_number: int
    first: bytes
    lines: int


def split_cards(source: bytes | BinaryIO) -> Iterator[RawCard | StrayLines]:
    """Yield the cards of a file one by one, and the lines outside of them.

    Memory is bounded by the limits for one card, whatever the size of the file. An AGENT's card is a
    part of the card around it. Any other BEGIN ends a card whose END is missing. UTF-16 is converted
    to UTF-8; a byte order mark is not a part of a card.
    """
    splitter = _CardSplitter()
    for lines, may_have_boundary in _read_lines(
        _read_chunks(BytesIO(source) if isinstance(source, bytes) else source)
    ):
        start = 0
        for index in _find_boundaries(lines) if may_have_boundary else ():
            splitter.add_lines(lines[start:index])
            yield from splitter.add_boundary(lines[index])
            start = index + 1
        splitter.add_lines(lines[start:])
    yield from splitter.flush()


def detect_boundary(line: bytes) -> Boundary:
    """Return whether a physical line begins or ends a card, or is an AGENT line that begins one."""
    if len(line) > _MAX_BOUNDARY_LENGTH or b"card" not in line.lower():
        return ""
    if mark := _BOUNDARY.match(line):
        return "begin" if mark[1][:1] in b"Bb" else "end"
    agent = _AGENT.match(line)
    return "agent" if agent and agent[1] else ""


def starts_agent(line: bytes) -> bool:
    """Return whether the card of an AGENT follows this line."""
    return len(line) <= _MAX_BOUNDARY_LENGTH and _AGENT.match(line) is not None


def split_physical_lines(buffer: bytes) -> list[bytes]:
    """Split at every CR, LF and CR LF, and keep the line endings."""
    return (
        _PHYSICAL_LINE.findall(buffer) if b"\r\r\n" in buffer else buffer.splitlines(keepends=True)
    )


def detect_utf_16(first: bytes) -> str | None:
    """Return the codec of a text that begins with these bytes if it is UTF-16."""
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if first[:4].upper() == b"B\0E\0":
        return "utf-16-le"
    return "utf-16-be" if first[:4].upper() == b"\0B\0E" else None


def _find_boundaries(lines: list[bytes]) -> list[int]:
    """Return the indexes of the lines that may begin or end a card: a cheap filter, as few do."""
    return [at for at, line in enumerate(lines) if line.rstrip()[-5:].upper() == b"VCARD"]


class _CardSplitter:
    """The state of splitting a file: the current line, and the open card or stray lines."""

    def __init__(self) -> None:
        self.line_number = 0
        self.card: _CardBuilder | None = None
        self.stray: StrayLines | None = None

    def add_boundary(self, line: bytes) -> Iterator[RawCard | StrayLines]:
        self.line_number += 1
        end_and_begin = _END_AND_BEGIN.match(line) if line[:1] in b"eE" else None
        for part in end_and_begin.groups() if end_and_begin else (line,):
            # Inside a card an indented BEGIN continues a folded line.
            boundary = detect_boundary(part if self.card else part.lstrip(b" \t"))
            if boundary == "begin" and not (self.card and starts_agent(self.card.last_nonblank)):
                yield from self.flush()
                self.card = _CardBuilder(self.line_number, part.lstrip(codecs.BOM_UTF8 + b" \t"))
            elif self.card is None:
                self._add_stray([part], self.line_number)
            elif self.card.add(part, boundary):
                yield from self.flush(has_end=True)

    def add_lines(self, lines: Sequence[bytes]) -> None:
        """Add lines that neither begin nor end a card."""
        if self.card is None:
            self._add_stray(lines, self.line_number + 1)
        elif self.card.is_full:
            self.card.skip(lines)
        else:
            for line in lines:
                self.card.add(line)
        self.line_number += len(lines)

    def flush(self, *, has_end: bool = False) -> Iterator[RawCard | StrayLines]:
        if self.card:
            yield RawCard(self.card.line_number, self.card.lines, self.card.is_complete, has_end)
        if self.stray:
            yield self.stray
        self.card = self.stray = None

    def _add_stray(self, lines: Sequence[bytes], line_number: int) -> None:
        nonblank = [number for number, line in enumerate(lines, line_number) if not line.isspace()]
        if nonblank:
            stray = self.stray or StrayLines(nonblank[0], lines[nonblank[0] - line_number][:200], 0)
            self.stray = stray._replace(lines=stray.lines + len(nonblank))


class _CardBuilder:
    """A card whose END is not read yet, with its size."""

    def __init__(self, line_number: int, head: bytes) -> None:
        self.line_number, self.lines = line_number, [head]
        self.is_complete, self.is_full = True, False
        self.last_nonblank = head  # kept or skipped
        self.depth, self.size, self.property_size = 1, 0, 0

    def add(self, line: bytes, boundary: Boundary = "") -> bool:
        """Add a line unless it exceeds the limits; return whether the card ends with it."""
        size = len(line)
        # An indented line, or one without a colon, belongs to the property above.
        is_continuation = line[:1] in b" \t" or b":" not in line
        self.property_size = self.property_size + size if is_continuation else size
        if self.is_full or (is_continuation and self.property_size > MAX_PROPERTY_SIZE):
            self.skip((line,))
        else:
            self.lines.append(line)
            self.size += size
            # `_read_lines` truncates a longer line.
            self.is_complete = self.is_complete and size <= MAX_PROPERTY_SIZE
            self.is_full = self.size >= MAX_CARD_SIZE or len(self.lines) >= MAX_LINES
            self.last_nonblank = self.last_nonblank if line.isspace() else line
        if boundary:
            self.depth += -1 if boundary == "end" else 1
        return self.depth == 0

    def skip(self, lines: Sequence[bytes]) -> None:
        """Skip lines that exceed the limits."""
        if lines:
            self.is_complete = False
            self.last_nonblank = self.last_nonblank if lines[-1].isspace() else lines[-1]


def _read_chunks(stream: BinaryIO) -> Iterator[bytes]:
    """Read a stream in chunks; UTF-16 is converted to UTF-8."""
    first = stream.read(CHUNK)
    rest = iter(lambda: stream.read(CHUNK), b"")
    if codec := detect_utf_16(first):
        decoder = codecs.getincrementaldecoder(codec)("replace")
        yield decoder.decode(first).encode()
        yield from (decoder.decode(piece).encode() for piece in rest)
    else:
        yield first.removeprefix(codecs.BOM_UTF8)
        yield from rest


def _read_lines(pieces: Iterable[bytes]) -> Iterator[tuple[list[bytes], bool]]:
    """Yield physical lines, and whether a card may begin or end among them.

    A line longer than MAX_PROPERTY_SIZE is truncated to one byte more than that.
    """
    remainder = b""
    is_truncating = False
    for piece in pieces:
        if is_truncating:
            newline = _NEWLINE.search(piece)
            if newline is None:
                continue
            piece, is_truncating = piece[newline.end() :], False
        buffer = remainder + piece
        lines, remainder = split_physical_lines(buffer), b""
        # The last line may continue in the next chunk, and its CR may be half of a CR LF.
        if lines and not lines[-1].endswith(b"\n"):
            remainder = lines.pop()
        yield lines, b"card" in buffer.lower()
        if len(remainder) > MAX_PROPERTY_SIZE:
            yield [remainder[: MAX_PROPERTY_SIZE + 1]], False
            remainder, is_truncating = b"", True
    if remainder:
        yield [remainder], True


class Line(NamedTuple):
    """An unfolded line without its line ending, from the physical lines `start` to before `end`."""

    start: int
    end: int
    text: bytes
    kind: LineKind


class Head(NamedTuple):
    """The part of a line before its value; names of properties and parameters are in capitals."""

    group: str
    name: str
    params: tuple[tuple[str, str], ...]
    types: tuple[str, ...]  # the values of TYPE, and bare ones in 2.1, in small letters
    encoding: str  # q for quoted-printable, b for base64, or ""
    charset: str | None

    def get_param(self, name: str) -> str | None:
        return next((value for key, value in self.params if key == name), None)


def unfold_lines(lines: Sequence[bytes]) -> list[Line]:
    """Join folded lines; `lines` are those of one card and begin with its BEGIN.

    A quoted-printable line continues after a trailing `=`, base64 on lines that are not indented, and
    a NOTE with unescaped line feeds on lines that are not properties.
    """
    unfolder = _Unfolder()
    for at, line in enumerate(lines):
        unfolder.add_line(at, line.rstrip(b"\r\n"))
    unfolder.finish(len(lines))
    return unfolder.lines


def parse_line(text: bytes) -> tuple[Head, bytes]:
    """Split an unfolded line into head and value, at the first colon outside of a quoted parameter."""
    colon = text.find(b":")
    if b'"' in text[: max(colon, 0)] and (head := _QUOTED_HEAD.match(text)):
        colon = head.end() - 1
    if colon < 0:
        colon = len(text)
    # The cache must not hold heads of megabytes.
    parse = _parse_head_cached if colon < _MAX_HEAD_LENGTH else _parse_head
    return parse(text[:colon]), text[colon + 1 :]


def strip_value_params(text: bytes) -> bytes:
    """Return the head of a line as it is written, without the parameters that describe its value."""
    head = text[: len(text) - len(parse_line(text)[1])].removesuffix(b":").decode("latin-1")
    first, *rest = _PARAM.findall(head)
    kept_params = (each for each in rest if each.strip() and not _describes_value(each))
    return ";".join([first, *kept_params]).encode("latin-1")


def _describes_value(param: str) -> bool:
    return _parse_param(param)[0] in (
        "ENCODING",
        "CHARSET",
        "VALUE",
        "X-APPLE-OMIT-YEAR",
        "CALSCALE",
        "MEDIATYPE",
    )


def _parse_head(head: bytes) -> Head:
    """Parse `item1.TEL;TYPE="home,voice";PREF=1`, `TEL;HOME` and `NOTE;QUOTED-PRINTABLE` alike."""
    try:
        text = head.decode()
    except UnicodeDecodeError:
        text = head.decode("latin-1")
    first, *rest = _PARAM.findall(text) if '"' in text else text.split(";")
    group, _, name = first.strip().rpartition(".")
    params = tuple(_parse_param(each) for each in rest if each.strip())
    types = [value for key, value in params if key == "TYPE"]
    encodings = [_ENCODINGS.get(value.lower(), "") for key, value in params if key == "ENCODING"]
    words = (word.strip(' "\\').lower() for value in types for word in value.split(","))
    charset = next((value for key, value in params if key == "CHARSET"), None)
    distinct = tuple(dict.fromkeys(filter(None, words)))
    return Head(group, name.upper(), params, distinct, "".join(encodings)[:1], charset)


_parse_head_cached = lru_cache(maxsize=2000)(_parse_head)


def _parse_param(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        word = key.strip()
        return ("ENCODING" if word.lower() in _ENCODINGS else "TYPE"), word
    if "^" in value:
        value = re.sub(r"\^[nN'^]", lambda match: _CARET[match[0]], value)
    return key.strip().upper(), value.strip().strip('"')


class _Unfolder:
    """The state of unfolding a card: the lines so far, and the one that may continue."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.parts: list[bytes] = []
        self.kind: LineKind = "boundary"
        self.start = self.depth = self.blank_count = 0
        self.has_soft_break = False  # the last part ends with the = of quoted-printable
        self.encoding: str | None = None  # not determined yet

    def add_line(self, at: int, line: bytes) -> None:
        if not line:
            self.has_soft_break = False
            self.blank_count += 1
            return
        boundary = detect_boundary(line)
        if boundary or not self._add_continuation(line):
            self._start_line(at, line, boundary)
        self.blank_count = 0
        self.has_soft_break = line.rstrip(b" \t").endswith(b"=") and self._find_encoding() == "q"

    def finish(self, end: int) -> None:
        if self.parts:
            text = self.parts[0] if len(self.parts) == 1 else b"".join(self.parts)
            self.lines.append(Line(self.start, end, text, self.kind))

    def _add_continuation(self, line: bytes) -> bool:
        """Add a line to the one above if it continues it; return whether it does."""
        if self.has_soft_break and not starts_agent(line):
            self.parts[-1] = self.parts[-1].rstrip(b" \t")[:-1]
            self.parts.append(line)
        elif line[:1] in (b" ", b"\t"):
            self.parts.append(line[1:])
        elif _HEAD.match(line) or line[:1] == b"#":
            return False
        elif self.kind == "property" and _NOTE.match(self.parts[0]):
            self.parts.append(b"\n" * (self.blank_count + 1) + line)
        elif _BARE_NAME.match(line):
            return False
        elif self.kind == "stray":
            self.parts.append(b"\n" + line)
        elif _BASE64_LINE.match(line) and self._find_encoding() == "b":
            self.parts.append(line)
        else:
            return False
        return True

    def _start_line(self, at: int, line: bytes, boundary: str) -> None:
        self.finish(at)
        depth = self.depth + (boundary == "begin")
        self.depth = depth - (boundary == "end") + (boundary == "agent")
        self.start, self.parts, self.encoding = at, [line], None
        if depth > 1:
            self.kind = "agent" if depth == 2 else "nested"
        elif boundary in ("begin", "end"):
            self.kind = "boundary"
        elif line[:1] == b"#":
            self.kind = "comment"
        else:
            self.kind = "property" if _HEAD.match(line) or _BARE_NAME.match(line) else "stray"

    def _find_encoding(self) -> str:
        if self.encoding is None:
            text = b"".join(self.parts[:50])[:_MAX_HEAD_LENGTH]
            head = parse_line(text)[0] if self.kind in ("property", "agent", "nested") else None
            if head is None or b":" not in text:
                return head.encoding if head else ""
            self.encoding = head.encoding
        return self.encoding


@dataclass(slots=True)
class TextDecoder:
    """Decodes the bytes of one card: as UTF-8, else by the charset of the property or of the card.

    Then `default_charset` is tried, and in the end cp1252, which sets `has_guessed_charset`. `found_nul`
    is set if NULs were removed. Bytes are decoded before a value is split or unescaped, because a byte of
    Shift_JIS may look like a backslash.
    """

    declared_charsets: tuple[str, ...] = ()  # by any property of the card
    default_charset: str | None = None
    has_guessed_charset: bool = False
    found_nul: bool = False

    def decode(self, data: bytes, charset: str | None = None) -> str:
        """Return the text without NUL, and with LF for every line ending."""
        name = charset or self.default_charset
        own_codec = find_codec(name) if name else ""
        text = None if own_codec and _SHIFTED.fullmatch(own_codec) else _decode_utf_8(data)
        if text is None:
            text = self._decode_fallback(data, own_codec)
        if "\0" in text:
            self.found_nul = True
            text = text.replace("\0", "")
        return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text

    def _decode_fallback(self, data: bytes, own_codec: str) -> str:
        declared = map(find_codec, self.declared_charsets)
        for name in filter(None, (own_codec, *declared, self.default_charset)):
            if (text := _decode_charset(data, name)) is not None:
                return text
        if (text := _decode_utf_8(data)) is not None:
            return text
        self.has_guessed_charset = True
        return _decode_charset(data, "cp1252") or data.decode("latin-1")


@lru_cache(maxsize=200)
def find_codec(charset: str) -> str:
    """Return Python's codec for a charset, or "" if it is unknown."""
    name = _ALIASES.get(charset.strip().lower(), charset.strip())
    try:
        codec = codecs.lookup(name[:40]).name
    except (LookupError, ValueError):  # ValueError: a NUL in the name
        return ""
    return codec if _CHARSET.fullmatch(codec) else ""


def decode_value(head: Head, data: bytes, decoder: TextDecoder) -> str:
    """Return a value that is a single text, decoded and unescaped."""
    return unescape_text(decoder.decode(decode_transfer_encoding(head, data), head.charset))


def decode_values(head: Head, data: bytes, separator: str, decoder: TextDecoder) -> list[str]:
    """Return the parts of a value; a separator after a backslash does not count."""
    if head.encoding == "q":
        # After decoding, an encoded separator would look like one that separates values.
        pieces = data.split(separator.encode(), MAX_PARTS)
        parts = [decoder.decode(binascii.a2b_qp(piece), head.charset) for piece in pieces]
    else:
        parts = decoder.decode(decode_transfer_encoding(head, data), head.charset).split(
            separator, MAX_PARTS
        )
    return [unescape_text(part) for part in _join_escaped(parts, separator)]


def to_one_line(text: str) -> str:
    """Return a text stripped, with line breaks and tabs as single spaces."""
    return " ".join(text.split()) if _BREAK.search(text) else text.strip()


def unescape_text(text: str) -> str:
    r"""Resolve `\n`, `\,`, `\;`, `\:`, `\"`, `\'` and `\\`, from left to right; other escapes stay."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], text)


def decode_transfer_encoding(head: Head, data: bytes) -> bytes:
    """Decode quoted-printable or base64; invalid base64 is returned as it is."""
    if head.encoding == "q":
        return binascii.a2b_qp(data)
    if head.encoding == "b":
        try:
            return binascii.a2b_base64(b"".join(data.split()), strict_mode=True)
        except binascii.Error:
            return data
    return data


def _join_escaped(parts: list[str], separator: str) -> list[str]:
    """Join parts that were split at an escaped separator."""
    if not any(part.endswith("\\") for part in parts):
        return parts
    joined: list[str] = []
    pending: list[str] = []
    for part in parts:
        pending.append(part)
        if (len(part) - len(part.rstrip("\\"))) % 2 == 0:
            joined.append(separator.join(pending))
            pending = []
    return [*joined, separator.join(pending)] if pending else joined


def _decode_utf_8(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        if b"\xed" not in data:
            return None
    try:
        # Java's UTF-8 (CESU-8), from old phones: an emoji is two surrogates of three bytes each.
        surrogates = data.decode(errors="surrogatepass").encode("utf-16", "surrogatepass")
        return surrogates.decode("utf-16")
    except UnicodeDecodeError:
        return None


def _decode_charset(data: bytes, name: str) -> str | None:
    """Decode with a charset, or with the superset that its name often means; None if both fail."""
    for each in filter(None, (name, _SUPERSET_CHARSETS.get(name))):
        try:
            text = data.decode(each)
        except (UnicodeError, LookupError):
            continue
        if each == "iso8859-1" and _C1.search(text):
            return _decode_charset(data, "cp1252") or text
        return text
    return None


class LineFormat(NamedTuple):
    """The version and the line ending of a card."""

    version: str = "3.0"
    line_end: bytes = b"\r\n"


def normalize_newlines(text: str) -> str:
    """Return a text without NUL, and with LF for every line ending."""
    return _LINE_ENDINGS.sub("\n", text).replace("\0", "")


def escape_text(text: str) -> str:
    """Escape backslashes and separators; `format_line` escapes line feeds.

    Commas are always escaped, because some programs truncate a NOTE at a bare one.
    """
    return _SPECIAL.sub(r"\\\1", text)


def escape_uri(uri: str) -> str:
    """Escape a URI, in which commas and semicolons are not escaped."""
    return uri.replace("\\", "\\\\")


def join_values(values: Iterable[str], separator: str) -> str:
    """Return escaped values, joined by the separator."""
    return separator.join(map(escape_text, values))


def format_head(
    name: str,
    line_format: LineFormat,
    *,
    types: Sequence[str] = (),
    params: Sequence[tuple[str, str]] = (),
    group: str = "",
) -> bytes:
    """Return the part of a line before the colon; 2.1 writes types without TYPE=."""
    words = [f"{group}.{name}" if group else name]
    if line_format.version == "2.1":
        words += types
    elif types:
        type_list = ",".join(types)
        words.append(f"TYPE={type_list.lower() if line_format.version == '4.0' else type_list}")
    return ";".join([*words, *(f"{key}={value}" for key, value in params)]).encode()


def format_line(head: bytes, value: str, line_format: LineFormat) -> bytes:
    """Return the line of an escaped value: folded, or quoted-printable in 2.1."""
    value = normalize_newlines(value)
    if line_format.version != "2.1":
        return _fold(head + b":" + value.replace("\n", "\\n").encode(), line_format.line_end)
    if value.isascii() and value.isprintable() and len(head) + len(value) < LINE_WIDTH:
        return head + b":" + value.encode() + line_format.line_end
    # 2.1 has no other safe way to fold: its readers disagree on the space after a fold.
    head += b";CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:"
    return _encode_quoted_printable(head, value.replace("\n", "\r\n"), line_format.line_end)


def _fold(line: bytes, end: bytes) -> bytes:
    lines = []
    room = LINE_WIDTH
    while len(line) > room:
        at = room
        while line[at] & 0xC0 == 0x80:  # inside a character of several bytes
            at -= 1
        lines.append(line[:at])
        line, room = line[at:], LINE_WIDTH - 1
    return (end + b" ").join([*lines, line]) + end


def _encode_quoted_printable(line: bytes, value: str, end: bytes) -> bytes:
    """Encode as quoted-printable (RFC 2045, section 6.7), with a soft break when a line is full."""
    lines = []
    last = len(value) - 1
    for at, char in enumerate(value):
        is_plain = char.isascii() and char.isprintable() and char != "="
        can_stay = is_plain and (at < last or char in ",;")
        encoded = char.encode() if can_stay else _encode_character(char)
        if len(line) + len(encoded) >= LINE_WIDTH:
            lines.append(line)
            # At the start of a line a plain character could be read as a fold, a comment or the END
            # of the card; an encoded separator would not separate values.
            line, encoded = b"", encoded if char in ",;" else _encode_character(char)
        line += encoded
    return (b"=" + end).join([*lines, line]) + end


def _encode_character(char: str) -> bytes:
    return b"".join(b"=%02X" % byte for byte in char.encode())
