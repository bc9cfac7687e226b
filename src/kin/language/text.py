"""Text in every script: normalized keys, safe display, handles, checks of typed text, and formatting for messages."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import count

from kin.constants import LONGEST_HANDLE, LONGEST_LABEL
from kin.errors import UsageError

APOSTROPHES = "'’‘‛ʼʻʹʾʿ`´′＇׳՚ꞌ"
DASHES = "-‐‑‒–—―⁃−˗֊־⸗⸺⸻〜〰゠・﹘﹣－"

# Characters without a glyph: names that look the same must have the same key.
_INVISIBLE_CODES = [
    0xAD,
    0x34F,
    0x61C,
    0x115F,
    0x1160,
    0x180E,
    0x200B,
    0x200E,
    0x200F,
    0x3164,
    0xFEFF,
]
_INVISIBLE_CODES += [*range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10), 0xFFA0]
_INVISIBLE_CODES += [*range(0xE0000, 0xE01F0)]

# Latin letters that Unicode does not decompose, and that people type without the stroke.
_UNDECOMPOSED = {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe"}
_UNDECOMPOSED |= {"ð": "d", "þ": "th", "ŋ": "n", "ə": "e", "ɓ": "b", "ɗ": "d", "ƙ": "k"}

INVISIBLE = frozenset(map(chr, _INVISIBLE_CODES))

_BASE_LETTERS: dict[int, str | None] = {
    **dict.fromkeys(_INVISIBLE_CODES),
    **dict.fromkeys(map(ord, APOSTROPHES)),
    **{ord(letter): plain for letter, plain in _UNDECOMPOSED.items()},
}
# Accents of Latin, Greek and Cyrillic are dropped, and Hebrew and Arabic points and the Arabic tatweel, which most
# people leave out. Other vowel signs and the voicing marks of kana are letters.
_VOWEL_POINTS = [
    *range(0x591, 0x5BE),
    0x5BF,
    0x5C1,
    0x5C2,
    0x5C4,
    0x5C5,
    0x5C7,
    *range(0x610, 0x61B),
    0x640,
]
_VOWEL_POINTS += [
    *range(0x64B, 0x660),
    0x670,
    *range(0x6D6, 0x6DD),
    *range(0x6DF, 0x6E5),
    *range(0x6EA, 0x6EE),
]
_NORMALIZATION: dict[int, str | None] = {
    **_BASE_LETTERS,
    **dict.fromkeys(_VOWEL_POINTS),
    **dict.fromkeys(range(0x300, 0x370)),
    **dict.fromkeys(map(ord, DASHES), " "),
}


def normalize(text: str) -> str:
    """Return the key of a text: equal for spellings that people take for the same word.

    Case, accents and apostrophes do not count; dashes and runs of white space become one space.
    """
    if text.isascii():
        return " ".join(text.lower().translate(_NORMALIZATION).split())
    # Decomposing may produce a capital or an apostrophe (℡, ŉ), so repeat until it does not.
    while True:
        # ´ decomposes to a space and an accent, so apostrophes are removed before and after.
        parts = unicodedata.normalize("NFKD", text.translate(_NORMALIZATION).casefold())
        plain = parts.translate(_NORMALIZATION)
        text = unicodedata.normalize("NFC", " ".join(plain.split()))
        if parts.casefold() == parts:
            return text


# Scripts and emoji that need zero-width joiners.
_JOINING_SCRIPTS = (
    "\u0600-\u061b\u061d-\u0dff\u0f00-\u109f\u1780-\u180d\u180f-\u18af\ua840-\ua8ff\ufb50-\ufdff"
    "\ufe0f\ufe70-\ufefc\U00010a00-\U00011fff\u00a9\u00ae\u20e3\u2190-\u3163\U0001f000-\U0001faff"
)
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"


@cache  # compiled when needed: most text is harmless, and compiling takes longer than the queries of `recall`
def _compile_harmful() -> re.Pattern[str]:
    return re.compile(
        "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
        "\ufff9-\ufffb\ud800-\udfff\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
        f"|(?<![{_JOINING_SCRIPTS}])[\u200c\u200d]|[\u200c\u200d](?![{_JOINING_SCRIPTS}])"
        f"|(?<![{_HAN}])[\U000e0100-\U000e01ef]"
    )


_SHORT_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


def escape_control(text: str, newlines: bool = True) -> str:
    r"""Escape characters that could control a terminal or are invisible, as `\x1b` or `\u202e`.

    Line feeds and tabs stay unless `newlines` is False.
    """
    if text.isprintable():
        return text

    def escape(match: re.Match[str]) -> str:
        char = match[0]
        if newlines and char in "\n\t":
            return char
        return _SHORT_ESCAPES.get(char) or _escape_code_point(ord(char))

    return _compile_harmful().sub(escape, text)


def escape_json(text: str) -> str:
    r"""Escape characters that could control a terminal in JSON text, as `\u009b`, which means the same there.

    Line feeds stay: in JSON they only occur between values. A byte of a path that is not UTF-8 becomes the text `\xff`,
    because some JSON parsers refuse lone surrogates.
    """
    if text.isprintable():
        return text

    def escape(match: re.Match[str]) -> str:
        char = match[0]
        if char == "\n":
            return char
        if "\ud800" <= char <= "\udfff":
            code = ord(char)
            return f"\\\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\\\u{code:04x}"
        code_units = char.encode("utf-16-be")
        return "".join(f"\\u{code_units[at : at + 2].hex()}" for at in range(0, len(code_units), 2))

    return _compile_harmful().sub(escape, text)


def _escape_code_point(code: int) -> str:
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


_TITLES = (
    "mr mrs ms miss mx dr prof professor sir dame lady lord rev reverend fr father sr sra srta "
    "mme mlle herr frau don dona senor senora aunt auntie uncle grandma grandpa capt captain the"
)
_SUFFIXES = "jr sr ii iii iv phd md esq mba dds"


def slugify(name: str) -> str:
    """Return a name in lower-case letters, digits and single dashes, at most 40 characters; "" if nothing is left.

    Latin letters lose their accents; letters of other scripts stay.
    """
    plain = unicodedata.normalize("NFKD", name.translate(_BASE_LETTERS).casefold()).translate(
        _BASE_LETTERS
    )
    bare = unicodedata.normalize("NFC", re.sub("(?<=[a-z])[\u0300-\u036f]+", "", plain))
    spelled = "".join(char if _is_handle_char(char) else "-" for char in bare)
    words = (re.sub(r"\A\W+", "", word) for word in spelled.split("-"))
    return _shorten_handle("-".join(filter(None, words)), LONGEST_HANDLE)


def is_handle(text: str) -> bool:
    """Return whether a text can be a handle: lower-case letters, digits and single dashes."""
    return bool(text) and slugify(text) == text


def _is_handle_char(char: str) -> bool:
    return unicodedata.category(char) in {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd"}


def _shorten_handle(handle: str, max_length: int) -> str:
    # Do not separate a letter from its vowel signs.
    while max_length and unicodedata.category(
        handle[max_length : max_length + 1] or "-"
    ).startswith("M"):
        max_length -= 1
    return handle[:max_length].rstrip("-")


def propose_handles(name: str) -> Iterator[str]:
    """Yield handles for a name, shortest first, without end: tom-b, tom-becker, …, tom-2, …

    A first name alone is only proposed if it is the whole name. Otherwise `tom` would mean the first Tom, and the next
    Tom would be mistaken for him.
    """
    words = _slugify_words(name) or ["someone"]
    first, last = words[0], words[-1]
    options = [first]
    if len(words) > 1:
        initial = re.match(r"\w\W*", last)
        options = [f"{first}-{initial[0] if initial else last}", f"{first}-{last}", "-".join(words)]
    seen = dict.fromkeys(_shorten_handle(option, LONGEST_HANDLE) for option in options)
    yield from seen
    for number in count(2):
        option = f"{_shorten_handle(first, LONGEST_HANDLE - len(str(number)) - 1)}-{number}"
        if option not in seen:
            yield option


def _slugify_words(name: str) -> list[str]:
    words = [word for word in map(slugify, name.split()) if word]
    while len(words) > 1 and words[0] in _TITLES.split():
        del words[0]
    while len(words) > 1 and words[-1] in _SUFFIXES.split():
        del words[-1]
    return words


def format_command(command: str, *values: str, options: Sequence[str] = ()) -> str:
    """Return a command line that can be pasted into a shell and passes exactly these values.

    `command` is not quoted. Values that look like options come last, after `--`.
    """
    needs_dashes = any(value.startswith("-") for value in values)
    words = (*options, "--", *values) if needs_dashes else (*values, *options)
    return " ".join((command, *map(_quote_for_shell, words)))


def _quote_for_shell(word: str) -> str:
    import shlex

    if escape_control(word, newlines=False) != word:
        return "$'" + "".join(map(_quote_ansi_c, word)) + "'"
    # zsh expands a bare =word to the path of a program.
    return f"'{word}'" if word.startswith("=") and shlex.quote(word) == word else shlex.quote(word)


def _quote_ansi_c(char: str) -> str:
    r"""Quote a character inside `$'…'`; one that could control a terminal becomes its bytes in hex."""
    if char in "\\'":
        return f"\\{char}"
    if escape_control(char, newlines=False) == char:
        return char
    undecodable = "\udc80" <= char <= "\udcff"  # a byte of a path that is not UTF-8
    data = char.encode("utf-8", "surrogateescape" if undecodable else "surrogatepass")
    return "".join(f"\\x{byte:02x}" for byte in data)


def display_width(text: str) -> int:
    """Return the width of a text in terminal cells: two for wide characters, none for combining ones."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(map(_char_width, text))


def _char_width(char: str) -> int:
    if unicodedata.east_asian_width(char) in "WF" and not unicodedata.combining(char):
        return 2
    is_zero_width = unicodedata.category(char) in {"Mn", "Me", "Mc", "Cf", "Cc", "Zl", "Zp"}
    return 0 if is_zero_width or "\u1160" <= char <= "\u11ff" else 1


def truncate(text: str, width: int) -> str:
    """Return a text as one line of at most `width` cells, cut between words and ending in "…"."""
    line = " ".join(text.split())
    if display_width(line) <= width:
        return line
    end, remaining = 0, width - 1
    while end < len(line) and (remaining := remaining - _char_width(line[end])) >= 0:
        end += 1
    cut = line[:end]
    if not line[end : end + 1].isspace():
        boundary = cut.rfind(" ")
        # Scripts without spaces and very long words are cut at the end of the line.
        cut = cut[:boundary] if boundary >= end // 2 else cut
    return cut.rstrip(" ,;:-–—\u200d") + "…" if width > 0 else ""


def join_words(words: Sequence[str], last: str = "and") -> str:
    """Join words as in a sentence: "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def replace_marks_with_letters(text: str) -> str:
    r"""Return a text of the same length in which `\w` matches whole words of every script.

    Vowel signs, joiners, and invisible characters inside a word are replaced with letters.
    """
    if text.isascii():
        return text
    marks = {ord(char): "x" for char in set(text) if _is_mark(char)}
    outline = text.translate(marks)
    if INVISIBLE.isdisjoint(outline):
        return outline
    return _compile_invisible_inside().sub(lambda match: "x" * len(match[0]), outline)


@cache  # compiled only if a text has such characters
def _compile_invisible_inside() -> re.Pattern[str]:
    letter = rf"[\w{APOSTROPHES}]"
    return re.compile(rf"(?<={letter})[{''.join(sorted(INVISIBLE))}]+(?={letter})")


def remove_invisible(text: str) -> str:
    """Return a text without the characters that have no glyph."""
    if text.isascii() or INVISIBLE.isdisjoint(text):
        return text
    return "".join(char for char in text if char not in INVISIBLE)


def _is_mark(char: str) -> bool:
    # Variation selectors follow emoji, and would join them to the next word.
    if "\ufe00" <= char <= "\ufe0f":
        return False
    return char in "\u200c\u200d" or unicodedata.category(char) in {"Mn", "Mc"}


def format_size(number: int) -> str:
    """Return the size of a file in bytes, KB, MB or GB."""
    for unit, each in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if number >= each:
            return f"{number / each:.1f} {unit}"
    return f"{number} bytes"


def format_possessive(name: str) -> str:
    """Return the possessive of a name: Maya’s, Silas’."""
    return f"{name}’" if name.casefold().endswith(("s", "ß")) else f"{name}’s"


_SPOKEN_TITLES = frozenset(
    "the dr prof mr mrs ms mx sir dame aunt uncle tante onkel tía tío herr frau".split()
)


def get_first_name(name: str) -> str:
    """Return the first name of a full name; the whole name if it has only a title or an initial before the surname."""
    words = name.split()
    while len(words) > 1 and words[0].casefold().rstrip(".") in _SPOKEN_TITLES:
        words = words[1:]
    titled = len(words) == 1 and words[0] != name.strip()
    # Aunt Rosa and J. Okafor, not “Aunt” or “J.”.
    return " ".join(name.split()) if titled or words[0].endswith(".") else words[0]


def add_quotes(words: str) -> str:
    """Return a text in typographic quotation marks."""
    return f"“{words}”"


def format_count(number: int, noun: str) -> str:
    """Return a number with its noun: 1 day, 2 days, 3 people."""
    if noun == "person" and number != 1:
        return f"{number:,} people"
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def check_storable(text: str, field_name: str) -> str:
    """Return the text unchanged; raise UsageError for NUL and lone surrogates, which no file can store."""
    if "\0" in text:
        raise UsageError(
            f"The {field_name} has a NUL character in it.", "Remove it; nothing was written."
        )
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UsageError(f"The {field_name} is not UTF-8 text.", "Nothing was written.") from None
    return text


def check_line(text: str, field_name: str, longest: int = LONGEST_LABEL) -> str:
    """Return a short text, stripped; raise UsageError if it is empty, or has more than `longest` characters."""
    text = check_storable(text, field_name).strip()
    if not normalize(text):  # without a visible character, no one could find it
        raise UsageError(f"The {field_name} is empty.", "Nothing was written.")
    if len(text) > longest:
        raise UsageError(
            f"The {field_name} has {len(text):,} characters; kin keeps up to {longest}.",
            "Put a longer story into --met or a note. Nothing was written.",
        )
    return text


def new_uid() -> str:
    """Return a new, globally unique UID."""
    from uuid import uuid4  # not for reads

    return f"urn:uuid:{uuid4()}"
