"""The marks inside a note: a day in front, #topics, ?threads and @handles, and where they stand."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kin.language.text import fold, shape

_DAY = re.compile(r"([^\n\r]{1,59}?):(?=\s|\Z)")


def split_day(text: str) -> tuple[str, str] | None:
    """Split "yesterday: coffee" at its first colon before a space; None if there is none.

    Looks at the first 60 characters. Whether the first part is a day is for the caller to say.
    """
    match = _DAY.match(text)
    if match is None or not match[1].strip():
        return None
    return match[1].strip(), text[match.end() :].removeprefix(" ")


@dataclass(frozen=True, slots=True)
class Marks:
    """What is marked in a note: `#topics`, `?threads`, `@handles`, as (start, end, handle).

    `spans` are the sorted ranges in which no name is looked for: addresses, topics, handles.
    """

    topics: tuple[str, ...] = ()
    threads: tuple[str, ...] = ()
    handles: tuple[tuple[int, int, str], ...] = ()
    spans: tuple[tuple[int, int], ...] = ()


def read_marks(text: str) -> Marks:
    r"""Read the marks of a note; `\#`, `\?` and `\@` are plain text, and so is what is unclosed."""
    outline = shape(text)
    spans = [_address(outline, match) for match in _ADDRESS.finditer(outline)]
    topics: dict[str, str] = {}
    handles: list[tuple[int, int, str]] = []
    taken, end = tuple(spans), 0
    for match in _SIGN.finditer(outline):
        start = match.start()
        if start < end or _inside(start, taken):
            continue
        if outline[start] == "#":
            end, label = _topic(text, outline, start)
            if label:
                topics.setdefault(fold(label) or label, label)
        else:
            end = _handle_end(outline, start)
            if end > start:
                handles.append((start, end, text[start + 1 : end]))
        if end > start:
            spans.append((start, end))
    spans.sort()
    threads = tuple(text[start:end].strip() for start, end in _threads(outline, spans))
    return Marks(tuple(topics.values()), threads, tuple(handles), tuple(spans))


# Each repetition is bounded, so that a megabyte of letters is read in one pass.
_TAIL = r"[^\s<>\"“”「」、。，]"
_ADDRESS = re.compile(
    rf"(?<![\w])(?:[a-z][a-z0-9+.-]{{1,20}}://{_TAIL}+|www\.{_TAIL}+)"
    r"|(?<![\w.+-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
    r"|(?<![\w.-])(?:[\w-]{1,63}\.){1,8}"
    rf"(?:(?:com|org|net|edu|gov|io|dev|app)(?![\w.-]*\w)(?:/{_TAIL}*)?|(?-i:[a-z]{{2,12}})/{_TAIL}*)",
    re.IGNORECASE,
)
_OPENING = r"\s(\[{<「『（【〈《\"'“‘«‹„,;、。，；！？…—–"
_SIGN = re.compile(rf"(?<![^{_OPENING}])[#@](?=\S)")
_QUOTES = {'"': '"', "“": "”“", "”": "”", "„": "“”", "«": "»", "‹": "›", "'": "'", "‘": "’"}
_LABEL_LIMIT = 120
_WORD = re.compile(r"#([^\W_]+(?:(?:[-_'’&]|\+{1,2})[^\W_]+)*\+*)")
_EMOJI = re.compile("#((?:[©®\u2190-\u2bff\u3030-\u3299\U0001f000-\U0001faff][\ufe0fx\u20e3]*)+)")
_HANDLE = re.compile(r"@([^\W_][\w.-]*)")
_CLOCK = re.compile(r"\d+(?:[.-]\d+)*(?:am|pm|h|uhr)?", re.IGNORECASE)


def _inside(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    before = bisect_right(spans, (place, len(spans) and 1 << 62)) - 1
    return before >= 0 and spans[before][0] <= place < spans[before][1]


def _address(outline: str, match: re.Match[str]) -> tuple[int, int]:
    # The full stop or bracket after an address belongs to the sentence.
    bare = match[0].rstrip(".,;:!?'’»" if "(" in match[0] else ".,;:!?'’»)]}")
    return match.start(), match.start() + len(bare)


def _topic(text: str, outline: str, start: int) -> tuple[int, str]:
    closing = _QUOTES.get(outline[start + 1])
    if closing:
        return _quoted_topic(text, outline, start, closing)
    match = _WORD.match(outline, start) or _EMOJI.match(outline, start)
    if match is None or not re.search(r"[^\W\d_]|[^\w&'’+-]", match[1]):
        return start, ""
    return match.end(), text[match.start(1) : match.end(1)]


def _quoted_topic(text: str, outline: str, start: int, closing: str) -> tuple[int, str]:
    for end in range(start + 2, min(start + 2 + _LABEL_LIMIT, len(text))):
        char = outline[end]
        if char in "\n\r\v\f\x85\u2028\u2029":
            break
        # A single quote inside a word is an apostrophe.
        inner = char in "'’" and re.match(r"\w", outline[end + 1 : end + 2])
        if char in closing and not inner:
            label = text[start + 2 : end].strip()
            return (end + 1, label) if label else (start, "")
    return start, ""


def _handle_end(outline: str, start: int) -> int:
    match = _HANDLE.match(outline, start)
    handle = match[1].rstrip(".-") if match else ""
    if not handle or _CLOCK.fullmatch(handle):
        return start
    return start + 1 + len(handle)


_THREAD = re.compile(r"(?<![^\s(\[{（「])\?(?=[\"'“‘«„]?[#@]?[^\W_])")
_STOP = re.compile(
    r"[\n\r\v\f\x85\u2028\u2029]|[。！？।॥؟۔]|(?<=\s)\?(?=[\"'“‘«„]?[#@]?[^\W_])"
    r"|[.!?]+[\"'”’»)\]]*(?=\s|\Z)|[(\[{（「)\]}）」]"
)
_ABBREVIATION = re.compile(
    r"(?<!\w)(?:mr|mrs|ms|dr|prof|st|vs|no|nr|rev|sr|jr|approx|e\.g|i\.e|[a-hj-z])\Z", re.IGNORECASE
)


def thread_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Find the ranges in which the words of threads stand, without their question mark."""
    return tuple(_threads(shape(text), read_marks(text).spans))


def _threads(outline: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    end = 0
    while match := _THREAD.search(outline, end):
        start = match.end()
        end = start
        if _inside(match.start(), spans):
            continue
        bracketed = match.start() > 0 and not outline[match.start() - 1].isspace()
        end, kept = _thread_end(outline, start, bracketed)
        yield start, kept


def _thread_end(outline: str, start: int, bracketed: bool) -> tuple[int, int]:
    """Find where a thread ends, and where its words do: a closing full stop is not theirs."""
    depth = 0
    for stop in _STOP.finditer(outline, start):
        sign, where = stop[0], stop.start()
        if sign in "([{（「)]}）」":
            depth += 1 if sign in "([{（「" else -1
            if bracketed and depth < 0:
                return where, where
            continue
        if sign.isspace() or (sign == "?" and outline[where - 1].isspace()):
            return where, where
        if sign[0] == "." and not _ends_sentence(outline, where, stop.end()):
            continue
        return stop.end(), where if sign == "." else stop.end()
    return len(outline), len(outline)


def _ends_sentence(outline: str, dot: int, after: int) -> bool:
    following = outline[after : after + 20].lstrip()[:1]
    if following.islower():
        return False
    return not (following and _ABBREVIATION.search(outline, max(0, dot - 10), dot))
