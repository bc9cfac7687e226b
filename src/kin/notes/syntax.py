"""Finds the marks in a note: the day before a colon, #interests, ?questions and @handles."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kin.language.text import normalize, replace_marks_with_letters

_DAY_PREFIX = re.compile(r"([^\n\r]{1,59}?):(?=\s|\Z)")


def split_day(text: str) -> tuple[str, str] | None:
    """Split "yesterday: coffee" at its first colon before a space; None if there is none.

    Looks at the first 60 characters only. The caller decides whether the first part is a day.
    """
    match = _DAY_PREFIX.match(text)
    if match is None or not match[1].strip():
        return None
    return match[1].strip(), text[match.end() :].removeprefix(" ")


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks in a note; handles as (start, end, handle).

    `spans` are the sorted ranges that contain no names: addresses, interests, handles.
    """

    interests: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    handles: tuple[tuple[int, int, str], ...] = ()
    spans: tuple[tuple[int, int], ...] = ()


def parse_marks(text: str) -> Marks:
    r"""Return the marks of a note; `\#`, `\?`, `\@` and an unclosed quote are plain text."""
    outline = replace_marks_with_letters(text)
    spans = [_trim_address(outline, match) for match in _ADDRESS.finditer(outline)]
    interests: dict[str, str] = {}
    handles: list[tuple[int, int, str]] = []
    address_spans, end = tuple(spans), 0
    for match in _MARK_SIGN.finditer(outline):
        start = match.start()
        if start < end or _is_inside(start, address_spans):
            continue
        if outline[start] == "#":
            end, label = _parse_interest_mark(text, outline, start)
            if label:
                interests.setdefault(normalize(label) or label, label)
        else:
            end = _find_handle_end(outline, start)
            if end > start:
                handles.append((start, end, text[start + 1 : end]))
        if end > start:
            spans.append((start, end))
    spans.sort()
    questions = tuple(
        text[start:end].strip() for start, end in _iter_question_spans(outline, spans)
    )
    return Marks(tuple(interests.values()), questions, tuple(handles), tuple(spans))


# Repetitions are bounded, so that a megabyte of letters takes one pass.
_URL_CHAR = r"[^\s<>\"“”「」、。，]"
_ADDRESS = re.compile(
    rf"(?<![\w])(?:[a-z][a-z0-9+.-]{{1,20}}://{_URL_CHAR}+|www\.{_URL_CHAR}+)"
    r"|(?<![\w.+-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
    r"|(?<![\w.-])(?:[\w-]{1,63}\.){1,8}"
    rf"(?:(?:com|org|net|edu|gov|io|dev|app)(?![\w.-]*\w)(?:/{_URL_CHAR}*)?|(?-i:[a-z]{{2,12}})/{_URL_CHAR}*)",
    re.IGNORECASE,
)
_BEFORE_SIGN = r"\s(\[{<「『（【〈《\"'“‘«‹„,;、。，；！？…—–"
_MARK_SIGN = re.compile(rf"(?<![^{_BEFORE_SIGN}])[#@](?=\S)")
_CLOSING_QUOTES = {'"': '"', "“": "”“", "”": "”", "„": "“”", "«": "»", "‹": "›", "'": "'", "‘": "’"}
_LABEL_LIMIT = 120
_WORD_LABEL = re.compile(r"#([^\W_]+(?:(?:[-_'’&]|\+{1,2})[^\W_]+)*\+*)")
_EMOJI_LABEL = re.compile(
    "#((?:[©®\u2190-\u2bff\u3030-\u3299\U0001f000-\U0001faff][\ufe0fx\u20e3]*)+)"
)
_HANDLE = re.compile(r"@([^\W_][\w.-]*)")
_CLOCK_TIME = re.compile(r"\d+(?:[.-]\d+)*(?:am|pm|h|uhr)?", re.IGNORECASE)


def _is_inside(position: int, spans: Sequence[tuple[int, int]]) -> bool:
    index = bisect_right(spans, (position, len(spans) and 1 << 62)) - 1
    return index >= 0 and spans[index][0] <= position < spans[index][1]


def _trim_address(outline: str, match: re.Match[str]) -> tuple[int, int]:
    # A full stop or bracket after an address belongs to the sentence.
    trimmed = match[0].rstrip(".,;:!?'’»" if "(" in match[0] else ".,;:!?'’»)]}")
    return match.start(), match.start() + len(trimmed)


def _parse_interest_mark(text: str, outline: str, start: int) -> tuple[int, str]:
    closing = _CLOSING_QUOTES.get(outline[start + 1])
    if closing:
        return _parse_quoted_interest(text, outline, start, closing)
    match = _WORD_LABEL.match(outline, start) or _EMOJI_LABEL.match(outline, start)
    if match is None or not re.search(r"[^\W\d_]|[^\w&'’+-]", match[1]):
        return start, ""
    return match.end(), text[match.start(1) : match.end(1)]


def _parse_quoted_interest(text: str, outline: str, start: int, closing: str) -> tuple[int, str]:
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


def _find_handle_end(outline: str, start: int) -> int:
    match = _HANDLE.match(outline, start)
    handle = match[1].rstrip(".-") if match else ""
    if not handle or _CLOCK_TIME.fullmatch(handle):
        return start
    return start + 1 + len(handle)


_QUESTION_START = re.compile(r"(?<![^\s(\[{（「])\?(?=[\"'“‘«„]?[#@]?[^\W_])")
_QUESTION_STOP = re.compile(
    r"[\n\r\v\f\x85\u2028\u2029]|[。！？।॥؟۔]|(?<=\s)\?(?=[\"'“‘«„]?[#@]?[^\W_])"
    r"|[.!?]+[\"'”’»)\]]*(?=\s|\Z)|[(\[{（「)\]}）」]"
)
_ABBREVIATION = re.compile(
    r"(?<!\w)(?:mr|mrs|ms|dr|prof|st|vs|no|nr|rev|sr|jr|approx|e\.g|i\.e|[a-hj-z])\Z", re.IGNORECASE
)


def find_question_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return the ranges of the words of questions, without the `?` before them."""
    return tuple(_iter_question_spans(replace_marks_with_letters(text), parse_marks(text).spans))


def _iter_question_spans(
    outline: str, spans: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    end = 0
    while match := _QUESTION_START.search(outline, end):
        start = match.end()
        end = start
        if _is_inside(match.start(), spans):
            continue
        bracketed = match.start() > 0 and not outline[match.start() - 1].isspace()
        end, words_end = _find_question_end(outline, start, bracketed)
        yield start, words_end


def _find_question_end(outline: str, start: int, bracketed: bool) -> tuple[int, int]:
    """Return the end of a question, and the end of its words, which a closing full stop is not part of."""
    depth = 0
    for stop in _QUESTION_STOP.finditer(outline, start):
        sign, position = stop[0], stop.start()
        if sign in "([{（「)]}）」":
            depth += 1 if sign in "([{（「" else -1
            if bracketed and depth < 0:
                return position, position
            continue
        if sign.isspace() or (sign == "?" and outline[position - 1].isspace()):
            return position, position
        if sign[0] == "." and not _ends_sentence(outline, position, stop.end()):
            continue
        return stop.end(), position if sign == "." else stop.end()
    return len(outline), len(outline)


def _ends_sentence(outline: str, dot: int, after: int) -> bool:
    next_char = outline[after : after + 20].lstrip()[:1]
    if next_char.islower():
        return False
    return not (next_char and _ABBREVIATION.search(outline, max(0, dot - 10), dot))
