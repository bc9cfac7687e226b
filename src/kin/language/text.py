"""Text as people type it: folded keys, harmless display, handles.

Owns what a letter and a word are, for every script. Its one rule: the text itself is
never changed; keys, labels and ranges stand beside it. Pure functions, no exception on any string.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import count

from kin.constants import LONGEST_HANDLE

_SPOKEN_TITLES = frozenset(
    "the dr prof mr mrs ms mx sir dame aunt uncle tante onkel tía tío herr frau".split()
)


APOSTROPHES = "'’‘‛ʼʻʹʾʿ`´′＇׳՚ꞌ"
DASHES = "-‐‑‒–—―⁃−˗֊־⸗⸺⸻〜〰゠・﹘﹣－"

# Characters without a glyph: two names that look the same must have the same key.
_INVISIBLE = [0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x180E, 0x200B, 0x200E, 0x200F, 0x3164, 0xFEFF]
_INVISIBLE += [*range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10), 0xFFA0]
_INVISIBLE += [*range(0xE0000, 0xE01F0)]

# Latin letters that Unicode does not decompose, and that are typed without their stroke.
_PLAIN = {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe"}
_PLAIN |= {"ð": "d", "þ": "th", "ŋ": "n", "ə": "e", "ɓ": "b", "ɗ": "d", "ƙ": "k"}

INVISIBLE = frozenset(map(chr, _INVISIBLE))

_LETTERS: dict[int, str | None] = {
    **dict.fromkeys(_INVISIBLE),
    **dict.fromkeys(map(ord, APOSTROPHES)),
    **{ord(letter): plain for letter, plain in _PLAIN.items()},
}
# Latin, Greek and Cyrillic accents go, Hebrew and Arabic points and the Arabic stretch as well, which most people
# leave out; other vowel signs and kana voicing are letters.
_POINTS = [
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
_POINTS += [
    *range(0x64B, 0x660),
    0x670,
    *range(0x6D6, 0x6DD),
    *range(0x6DF, 0x6E5),
    *range(0x6EA, 0x6EE),
]
_KEY: dict[int, str | None] = {
    **_LETTERS,
    **dict.fromkeys(_POINTS),
    **dict.fromkeys(range(0x300, 0x370)),
    **dict.fromkeys(map(ord, DASHES), " "),
}


def fold(text: str) -> str:
    """Give the key under which spellings that people take for the same word meet.

    Case, accents and apostrophes do not count; dashes and runs of white space are one space.
    """
    if text.isascii():
        return " ".join(text.lower().translate(_KEY).split())
    # Decomposing may make a capital or an apostrophe (℡, ŉ), so until it makes none.
    while True:
        # ´ decomposes to a space and an accent, so apostrophes are taken out before as well as after.
        parts = unicodedata.normalize("NFKD", text.translate(_KEY).casefold())
        plain = parts.translate(_KEY)
        text = unicodedata.normalize("NFC", " ".join(plain.split()))
        if parts.casefold() == parts:
            return text


# Scripts that need the joiners to be spelled, and emoji that are built with them.
_JOINED = (
    "\u0600-\u061b\u061d-\u0dff\u0f00-\u109f\u1780-\u180d\u180f-\u18af\ua840-\ua8ff\ufb50-\ufdff"
    "\ufe0f\ufe70-\ufefc\U00010a00-\U00011fff\u00a9\u00ae\u20e3\u2190-\u3163\U0001f000-\U0001faff"
)
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"


@cache  # compiled where it is needed: most words are harmless, and it takes longer than a recall's queries
def _harmful() -> re.Pattern[str]:
    return re.compile(
        "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
        "\ufff9-\ufffb\ud800-\udfff\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
        f"|(?<![{_JOINED}])[\u200c\u200d]|[\u200c\u200d](?![{_JOINED}])"
        f"|(?<![{_HAN}])[\U000e0100-\U000e01ef]"
    )


_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


def visible(text: str, newlines: bool = True) -> str:
    r"""Show what could drive a terminal or hide in a line, as `\x1b` or `\u202e`.

    Line feeds and tabs stay as they are, unless `newlines` is False.
    """
    if text.isprintable():
        return text

    def shown(match: re.Match[str]) -> str:
        char = match[0]
        if newlines and char in "\n\t":
            return char
        return _SHORT.get(char) or _escaped(ord(char))

    return _harmful().sub(shown, text)


def escaped(json: str) -> str:
    r"""Write what could drive a terminal as JSON's own `\u009b`: it means the same, and does nothing.

    Line feeds stay: in JSON they occur between values only. A byte of a path that is not UTF-8
    becomes the words `\xff`, which no JSON parser refuses, as the code of half a character.
    """
    if json.isprintable():
        return json

    def shown(match: re.Match[str]) -> str:
        char = match[0]
        if char == "\n":
            return char
        if "\ud800" <= char <= "\udfff":
            code = ord(char)
            return f"\\\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\\\u{code:04x}"
        code_units = char.encode("utf-16-be")
        return "".join(f"\\u{code_units[at : at + 2].hex()}" for at in range(0, len(code_units), 2))

    return _harmful().sub(shown, json)


def _escaped(code: int) -> str:
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


_TITLES = (
    "mr mrs ms miss mx dr prof professor sir dame lady lord rev reverend fr father sr sra srta "
    "mme mlle herr frau don dona senor senora aunt auntie uncle grandma grandpa capt captain the"
)
_SUFFIXES = "jr sr ii iii iv phd md esq mba dds"


def slug(name: str) -> str:
    """Spell a name in lower-case letters, digits and single dashes; at most 40 characters.

    Latin letters lose their accents, letters of other scripts stay; "" if nothing is left.
    """
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS).casefold()).translate(_LETTERS)
    bare = unicodedata.normalize("NFC", re.sub("(?<=[a-z])[\u0300-\u036f]+", "", plain))
    spelled = "".join(char if _in_handle(char) else "-" for char in bare)
    words = (re.sub(r"\A\W+", "", word) for word in spelled.split("-"))
    return _shortened("-".join(filter(None, words)), LONGEST_HANDLE)


def is_handle(text: str) -> bool:
    """Return whether this can be a person's handle: lower-case letters, digits and single dashes."""
    return bool(text) and slug(text) == text


def _in_handle(char: str) -> bool:
    return unicodedata.category(char) in {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd"}


def _shortened(handle: str, room: int) -> str:
    # A letter and its vowel signs go together.
    while room and unicodedata.category(handle[room : room + 1] or "-").startswith("M"):
        room -= 1
    return handle[:room].rstrip("-")


def handle_options(name: str) -> Iterator[str]:
    """Propose handles for a name, the shortest first, without end: tom-b, tom-becker, …, tom-2, …

    A first name alone is a handle only where it is the whole name: else the next Tom would be
    mistaken for the first, who has taken the word that means both.
    """
    words = _name_slugs(name) or ["someone"]
    first, last = words[0], words[-1]
    options = [first]
    if len(words) > 1:
        initial = re.match(r"\w\W*", last)
        options = [f"{first}-{initial[0] if initial else last}", f"{first}-{last}", "-".join(words)]
    seen = dict.fromkeys(_shortened(option, LONGEST_HANDLE) for option in options)
    yield from seen
    for number in count(2):
        option = f"{_shortened(first, LONGEST_HANDLE - len(str(number)) - 1)}-{number}"
        if option not in seen:
            yield option


def _name_slugs(name: str) -> list[str]:
    words = [word for word in map(slug, name.split()) if word]
    while len(words) > 1 and words[0] in _TITLES.split():
        del words[0]
    while len(words) > 1 and words[-1] in _SUFFIXES.split():
        del words[-1]
    return words


def command_line(command: str, *values: str, options: Sequence[str] = ()) -> str:
    """Spell a command for pasting into a shell, where it gives the program these very words.

    `command` is written as it is. Values that look like options come last, after `--`.
    """
    after_dashes = any(value.startswith("-") for value in values)
    words = (*options, "--", *values) if after_dashes else (*values, *options)
    return " ".join((command, *map(_quoted_for_shell, words)))


def _quoted_for_shell(word: str) -> str:
    import shlex

    if visible(word, newlines=False) != word:
        return "$'" + "".join(map(_ansi_c_quoted, word)) + "'"
    # zsh takes a bare =word for the path of a program.
    return f"'{word}'" if word.startswith("=") and shlex.quote(word) == word else shlex.quote(word)


def _ansi_c_quoted(char: str) -> str:
    r"""Spell a character inside `$'…'`: one that a terminal may not be sent, as its bytes in hex."""
    if char in "\\'":
        return f"\\{char}"
    if visible(char, newlines=False) == char:
        return char
    undecodable = "\udc80" <= char <= "\udcff"  # a byte of a path that is not UTF-8
    data = char.encode("utf-8", "surrogateescape" if undecodable else "surrogatepass")
    return "".join(f"\\x{byte:02x}" for byte in data)


def cells(text: str) -> int:
    """Count the terminal cells that a text takes: wide characters two, combining ones none."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(map(_cell, text))


def _cell(char: str) -> int:
    if unicodedata.east_asian_width(char) in "WF" and not unicodedata.combining(char):
        return 2
    without = unicodedata.category(char) in {"Mn", "Me", "Mc", "Cf", "Cc", "Zl", "Zp"}
    return 0 if without or "\u1160" <= char <= "\u11ff" else 1


def clipped(text: str, width: int) -> str:
    """Put a text on one line of at most `width` cells, cut between words and ended by "…"."""
    line = " ".join(text.split())
    if cells(line) <= width:
        return line
    end, room = 0, width - 1
    while end < len(line) and (room := room - _cell(line[end])) >= 0:
        end += 1
    kept = line[:end]
    if not line[end : end + 1].isspace():
        boundary = kept.rfind(" ")
        # Scripts without spaces, and very long words, are cut where the line ends.
        kept = kept[:boundary] if boundary >= end // 2 else kept
    return kept.rstrip(" ,;:-–—\u200d") + "…" if width > 0 else ""


def joined(words: Sequence[str], last: str = "and") -> str:
    """Join words as a sentence does: "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def shape(text: str) -> str:
    r"""Return a text of the same length in which `\w` matches whole words of every script.

    Vowel signs and joiners become letters, and so do invisible characters inside a word.
    """
    if text.isascii():
        return text
    marks = {ord(char): "x" for char in set(text) if _is_mark(char)}
    outline = text.translate(marks)
    if INVISIBLE.isdisjoint(outline):
        return outline
    return _invisible_inside().sub(lambda found: "x" * len(found[0]), outline)


@cache  # compiled only where such characters are written
def _invisible_inside() -> re.Pattern[str]:
    letter = rf"[\w{APOSTROPHES}]"
    return re.compile(rf"(?<={letter})[{''.join(sorted(INVISIBLE))}]+(?={letter})")


def without_invisible(text: str) -> str:
    """Return a text without the characters that have no glyph."""
    if text.isascii() or INVISIBLE.isdisjoint(text):
        return text
    return "".join(char for char in text if char not in INVISIBLE)


def _is_mark(char: str) -> bool:
    # Variation selectors follow emoji and would glue them to the next word.
    if "\ufe00" <= char <= "\ufe0f":
        return False
    return char in "\u200c\u200d" or unicodedata.category(char) in {"Mn", "Mc"}


def format_size(number: int) -> str:
    """Say how large a file is."""
    for unit, each in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if number >= each:
            return f"{number / each:.1f} {unit}"
    return f"{number} bytes"


def format_possessive(name: str) -> str:
    """Return the possessive of a name: Maya’s, Silas’."""
    return f"{name}’" if name.casefold().endswith(("s", "ß")) else f"{name}’s"


def get_first_name(name: str) -> str:
    """Return what one calls somebody: the first name, or all of it where there is but a title or an initial."""
    words = name.split()
    while len(words) > 1 and words[0].casefold().rstrip(".") in _SPOKEN_TITLES:
        words = words[1:]
    titled = len(words) == 1 and words[0] != name.strip()
    # “Aunt” and “J.” are nobody's name: Aunt Rosa and J. Okafor are called as they stand.
    return " ".join(name.split()) if titled or words[0].endswith(".") else words[0]


def add_quotes(words: str) -> str:
    """Return somebody's words in quotation marks."""
    return f"“{words}”"


def format_count(number: int, noun: str) -> str:
    """Say how many: 1 day, 2 days, 3 people."""
    if noun == "person" and number != 1:
        return f"{number:,} people"
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
