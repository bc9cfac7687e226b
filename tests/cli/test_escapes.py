"""Words from outside are shown on the terminal, and not obeyed."""

import re
from pathlib import Path

import pytest

from tests.cli.test_terminal import rows
from tests.conftest import Kin
from tests.terminal import on_terminal

# What is shown, and not obeyed.

PAYLOADS = {
    "clear": "\x1b[2J",
    "title": "\x1b]0;owned\x07",
    "link": "\x1b]8;;https://evil.example\x1b\\here\x1b]8;;\x1b\\",
    "clipboard": "\x1b]52;c;ZXZpbA==\x07",
    "alternate screen": "\x1b[?1049h",
    "reset": "\x1bc",
    "device control": "\x1bP$qm\x1b\\",
    "C1 control sequence": "\x9b2J",
    "C1 command": "\x9d0;owned\x9c",
    "bell": "a\x07b",
    "backspace": "Eve\x08\x08\x08Ada",
    "carriage return": "Eve\rAda",
    "form feed": "a\x0b\x0cb",
    "delete": "a\x7fb",
    "next line": "a\x85b",
    "bidi override": "\u202eadA\u202c",
    "bidi isolate": "\u2067adA\u2069",
    "zero width": "A\u200bd\u2060a",
    "line separator": "a\u2028b\u2029c",
    "tags": "a\U000e0041b",
    "red": "[red]Ada[/red]",
    "closing": "[/]",
    "markup link": "[link=https://evil.example]Ada[/link]",
    "emoji": ":skull:",
}
RAW = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
OWN_STYLE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def hostile(kin: Kin, book: Path) -> Kin:
    """Return kin with somebody for each payload, who has it in every field."""
    for number, evil in enumerate(PAYLOADS.values()):
        fields = (
            "--met",
            evil,
            "--at",
            f"x{evil}x",
            "--lives",
            f"y{evil}y",
            "--group",
            f"g{evil}g",
        )
        more = ("--into", f"fado{evil}{number} -- story {evil}", "--clash", f"c{evil}{number}")
        called = ("--nick", f"n{evil}n", "--email", f"e{evil}e", "--day", f"d{evil}d=1 december")
        told = kin("add", f"Ada{number} {evil} Ash", *fields, *more, *called)
        assert told.code == 0, told.err
        assert kin("note", f"yesterday: Ada{number} {evil} at Blue {evil} ?why {evil}").code == 0
        assert kin("ask", f"ada{number}", f"how {evil}", "--due", "today").code == 0
    return kin


def test_hostile_words_are_stored_as_typed_and_shown_harmless(hostile: Kin, book: Path) -> None:
    kept = {text for (text,) in rows(book, "SELECT text FROM conversation")}
    cards = [["recall", f"ada{number}"] for number in range(len(PAYLOADS))]
    lists: tuple[list[str], ...] = (
        ["people"],
        ["talks", "-n", "0"],
        ["interests"],
        ["find", "ada"],
        ["today"],
        [],
    )
    for words in (*lists, *cards):
        told = hostile(*words)
        assert (words, told.code, RAW.findall(told.out + told.err)) == (words, 0, [])
        seen = on_terminal(words)
        assert (words, RAW.findall(OWN_STYLE.sub("", seen.screen))) == (words, [])
    for number, evil in enumerate(PAYLOADS.values()):
        assert f"yesterday: Ada{number} {evil} at Blue {evil} ?why {evil}" in kept
    for markup in ("[red]Ada[/red]", "[/]", "[link=https://evil.example]Ada[/link]", ":skull:"):
        number = list(PAYLOADS.values()).index(markup)
        assert f"story {markup}" in hostile("recall", f"ada{number}").out
        assert f"Ada{number} {markup} Ash" in on_terminal(["recall", f"ada{number}"]).screen


def test_hostile_words_in_a_command_are_shown_harmless(toms: Kin, tmp_path: Path) -> None:
    for evil in PAYLOADS.values():
        for words in (
            ["recall", evil],
            [f"x{evil}"],
            ["people", f"--{evil}"],
            ["add", "Ada", "--on", evil],
            ["note", f"tea with Tom {evil}", "--dry-run"],
            ["note", "tea", "--with", f"tom{evil}"],
            ["note", "tea", "--by", evil],
            ["heard", "tom-b", evil],
            ["interests", f"x{evil}"],
            ["people", "-n", evil],
            ["tie", "tom-b", evil, "--as", evil],
            ["people", "--db", f"{tmp_path}/{evil.replace('/', '')}"],
        ):
            told = toms(*words)
            assert (words, RAW.findall(told.out + told.err)) == (words, [])


def test_hostile_words_on_a_terminal_are_shown_harmless(toms: Kin) -> None:
    for evil in PAYLOADS.values():
        seen = on_terminal(["recall", evil, "--json"]), on_terminal([f"x{evil}"])
        assert RAW.findall("".join(each.screen for each in seen)) == []


def test_hostile_candidates_are_asked_harmless(kin: Kin) -> None:
    for number, evil in enumerate(PAYLOADS.values()):
        kin("add", f"Tom {evil} X{number}", "--at", evil, "--anyway")
    seen = on_terminal(["note", "tea with Tom"], [("Which one", "1")])
    assert (seen.code, RAW.findall(OWN_STYLE.sub("", seen.screen))) == (0, [])
