"""Text from outside is shown on the terminal but never controls it: every command, both streams, every format.

What is data stays data: into a pipe `kin export` writes a name byte for byte where its format wants it (in all
but json, which has escapes of its own); on a terminal every format is shown harmless.
"""

import re
import sqlite3
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from kin.cli import app
from kin.cli.app import COMMANDS
from tests.cli.test_contract import SHAPES
from tests.conftest import Kin, Result
from tests.terminal import on_terminal
from tests.threats.payloads import ESCAPES, MARKUP, OWN_STYLE, RAW

Words = tuple[str, ...]

# While a file is read in: kin's own bar, in its own words, from hiding the cursor to wiping the line.
BAR = re.compile(r"(?s)\x1b\[\?25l\r\x1b\[2KImporting .*?\x1b\[\?25h\r\x1b\[1A\x1b\[2K")

# Several in one, so that every command meets every payload in seconds; each alone in the long run.
TOGETHER = [" ".join(list(ESCAPES.values())[at::2]) for at in range(2)]
ALONE = [pytest.param(evil, marks=pytest.mark.long, id=name) for name, evil in ESCAPES.items()]

# Typed at the hostile book, besides what tests.cli.test_contract types for each command: all that makes a
# command print text of the book, of a file or of its own arguments. E is the payload.
MORE: tuple[Words, ...] = (
    ("E",),
    ("add", "Maya E Ash"),
    ("add", "New E", "--into", "cats E", "--differ", "dogs E", "--note", "E with Tom #E ?E"),
    ("add", "New", "--on", "E"),
    ("add", "New", "--birthday", "E"),
    ("add", "New", "--circle", "E"),
    ("add", "New", "--through", "nobody E"),
    ("add", "New", "--date", "E"),
    ("note", "Maya E and Tom and Big Stranger E at Blue E: #topic E ?why E", "--dry-run"),
    ("note", "Big Stranger E, @nobodyE and tom: #fadoE", "--about", "E x", "--ask", "E"),
    ("note", "tea", "--with", "nobody E"),
    ("note", "tea", "--with", "tom"),
    ("note", "tea", "--on", "E"),
    ("note", "tea", "--by", "E"),
    ("note", "E: tea"),
    ("note", "03/04/2026 E: tea"),
    ("note", "--amend", "--at", "E x", "--with", "tom-b"),
    ("recall", "nobody E"),
    ("recall", "tom"),
    ("recall", "tom-b"),
    ("interests", "fado E"),
    ("interests", "nothing E"),
    ("interests", "--with", "maya-o"),
    ("interests", "--with", "tom-b", "--with", "tom-k"),
    ("interests", "--mine"),
    ("interests", "--both"),
    ("interests", "--rare"),
    ("reconnect", "--why", "-n", "0"),
    ("reconnect", "--surprise"),
    ("reconnect", "--about", "fado E"),
    ("reconnect", "--about", "nothing E"),
    ("reconnect", "--near", "y E y"),
    ("reconnect", "--near", "E"),
    ("reconnect", "--not-now", "maya-o"),
    ("reconnect", "--snooze", "maya-o", "--until", "E"),
    ("reconnect", "--again", "nobody E"),
    ("share", "an evening of fado E"),
    ("share", "fado E", "--sent-to", "tom-k"),
    ("share", "E"),
    ("introduce", "tom-b"),
    ("introduce", "tom-b", "tom-k"),
    ("introduce", "tom-b", "tom-k", "--yes-from", "tom-b"),
    ("introduce", "tom-b", "nobody E"),
    ("people", "--into", "fado E"),
    ("people", "--group", "g E g"),
    ("people", "--lives", "y E y", "--sort", "recent"),
    ("people", "--sort", "E"),
    ("people", "--since", "E"),
    ("people", "-n", "E"),
    ("notes", "maya-o"),
    ("notes", "--about", "fado E"),
    ("notes", "--about", "E x"),
    ("notes", "--at", "E"),
    ("find", "E"),
    ("find", "E nothing"),
    ("me", "--not-into", "nothing E"),
    ("me", "--into", "new E", "--name", "E me"),
    ("edit", "maya-o", "--name", "E Maya", "--met", "E"),
    ("edit", "maya-o", "--not-nick", "E"),
    ("edit", "maya-o", "--not-date", "E"),
    ("edit", "maya-o", "--handle", "E"),
    ("edit", "maya-o", "--not-into", "E"),
    ("ask", "maya-o", "how E", "--on", "E"),
    ("ask", "maya-o", "how is E"),
    ("answered", "maya-o"),
    ("answered", "maya-o", "nothing E"),
    ("answered", "maya-o", "how E", "--answer", "E"),
    ("tie", "maya-o", "tom-k", "--as", "E x"),
    ("tie", "maya-o", "nobody E", "--as", "E x"),
    ("vocab", "show", "fado E"),
    ("vocab", "list"),
    ("vocab", "same", "fado E", "E x"),
    ("vocab", "under", "E y", "E x"),
    ("vocab", "E"),
    ("merge", "tom-b", "tom-k", "--dry-run"),
    ("merge", "tom-b", "nobody E"),
    ("import", "FOLDER"),
    ("import", "FOLDER", "--dry-run"),
    ("import", "FOLDER", "--map", "E"),
    ("import", "FOLDER", "--from", "E"),
    ("import", "FOLDER", "--encoding", "E"),
    ("import", "FOLDER/no E.vcf"),
    ("import", "FOLDER/.broken/E.json"),
    ("import", "FOLDER/a E.csv", "--map", "Name=E"),
    ("export", "nobody E"),
    ("export", "--format", "E"),
    ("export", "--to", "FOLDER/a E.csv"),
    ("export", "--to", "FOLDER/none E/b.vcf"),
    ("export", "--to", "FOLDER/new E.vcf", "--force"),
    *(("export", "--format", each) for each in ("json", "vcard", "csv", "ics", "friends", "html")),
    ("undo", "E"),
    ("history", "-n", "0"),
    ("recall", "nobody E", "--all"),
    ("recall", "tom-b", "--all"),
    ("forget", "maya-o", "--dry-run"),
    ("forget", "maya-o"),
    ("forget", "nobody E"),
    ("forget", "maya-o", "--notes", "E"),
    ("completion", "E"),
    ("help", "E"),
    ("demo", "--keep", "FOLDER/a E.csv"),
    ("people", "--db", "FOLDER/a E.csv"),
    ("people", "--db", "FOLDER/none E/book.db"),
    *((command, "--E") for command in COMMANDS),
    *((command, "a E", "b E", "c E", "d E", "--help E") for command in COMMANDS),
)


def evil_in(words: Words, evil: str, folder: Path) -> Words:
    """Return the words of a command with the payload in its place."""
    named = (each.replace("FOLDER/", f"{folder}/") for each in words)
    result = (str(folder) if each == "FOLDER" else each for each in named)
    return tuple(each.replace("E", evil.replace("/", "")) for each in result)


def fill(kin: Kin, evil: str, folder: Path) -> None:
    """Make a book that has the payload in every field, and a folder with files that have it."""
    card = ("--met", evil, "--at", f"x {evil} x", "--lives", f"y {evil} y", "--group", f"g {evil} g",
            "--into", f"fado {evil} -- story {evil}", "--differ", f"c {evil}", "--nick", f"n {evil} n",
            "--email", f"e {evil}", "--phone", f"p {evil}", "--link", f"l {evil}", "--date", f"d {evil}=1 december",
            "--birthday", "24 november", "--on", "yesterday")  # fmt: skip
    short = (
        "--into",
        f"fado {evil} -- for {evil}",
        "--group",
        f"g {evil} g",
        "--lives",
        f"y {evil} y",
    )
    result: tuple[Words, ...] = (
        ("me", "--name", f"Robin {evil}", "--into", f"fado {evil}", "--into", "chess", "--lives", f"y {evil} y"),
        ("add", f"Maya {evil} Ash", *card, "--anyway"),
        ("edit", f"Maya {evil} Ash", "--handle", "maya-o"),
        ("add", f"Tom {evil} Oak", *short, "--met", evil, "--anyway"),
        ("edit", f"Tom {evil} Oak", "--handle", "tom-b", "--from", "maya-o", "--into", f"fado {evil}"),
        ("add", f"Tom {evil} Elm", *short, "--through", "maya-o", "--anyway"),
        ("edit", f"Tom {evil} Elm", "--handle", "tom-k"),
        ("add", f"Grace {evil}", *short),
        ("edit", f"Grace {evil}", "--handle", "grace-h"),
        ("note", f"yesterday: Maya {evil} at Blue {evil} #pottery ?why {evil} kiln", "--with", "maya-o", "--with",
         "tom-b", "--about", f"fado {evil}"),
        ("note", f"2026-09-01: Tom {evil} and Grace {evil}", "--with", "grace-h", "--about", f"fado {evil}"),
        ("ask", "maya-o", f"how {evil}", "--on", "today"),
        ("ask", "tom-k", f"how {evil}"),
        ("tie", "maya-o", "tom-b", "--as", f"w {evil}"),
        ("vocab", "same", f"fado {evil}", f"zzz {evil}"),
        ("vocab", "under", f"fado {evil}", f"music {evil}"),
        ("share", f"fado {evil}", "--sent-to", "maya-o"),
        ("introduce", "tom-b", "tom-k", "--yes-from", "tom-b"),
        ("reconnect",),
    )  # fmt: skip
    for words in result:
        said = kin(*words)
        assert said.code == 0, (words, said.err)
    plain = evil.replace("/", "")
    folder.mkdir()
    (folder / f"a {plain}.csv").write_text(
        f'Name,Notes,Groups,X{evil}\n"Ann {evil}","{evil}",{evil},{evil}\n{evil}\n'
    )
    card_lines = f"FN:Ann {evil}\nNOTE:{evil}\nBDAY:{evil}\nX-{evil}:{evil}\nCATEGORIES:{evil}\n{evil}".replace(
        "\r", ""
    )
    (folder / f"b {plain}.vcf").write_text(
        f"BEGIN:VCARD\n{card_lines}\nEND:VCARD\n{evil}\nBEGIN:VCARD\nFN:Maya {evil} Ash\n"
    )
    (folder / ".broken").mkdir()
    (folder / ".broken" / f"{plain}.json").write_text(f'{{"kin": 1, "people": [{{"{evil}": 1}}]')


@pytest.fixture(autouse=True)
def one_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Build the parser of the command line once for thousands of commands."""
    monkeypatch.setattr(app, "_build_root_command", cache(app._build_root_command))


@pytest.fixture(params=[*TOGETHER, *ALONE])
def evil(request: pytest.FixtureRequest) -> str:
    """Return a payload."""
    return str(request.param)


@pytest.fixture
def typed(kin: Kin, evil: str, book: Path, tmp_path: Path) -> Callable[..., Result]:
    """Return a kin that types the payload, each time at the hostile book as it was."""
    fill(kin, evil, tmp_path / "given")
    held = book.read_bytes()

    def call(words: Words, *more: str) -> Result:
        book.write_bytes(held)
        return kin(*evil_in(words, evil, tmp_path / "given"), *more)

    return call


CALLS = (*(words for words, _ in SHAPES.values() if words != ("demo",)), *MORE)


def test_every_command_is_among_them() -> None:
    assert {words[0] for words in CALLS if words} >= set(COMMANDS)
    assert set(SHAPES) >= {"", *COMMANDS}


def test_in_a_pipe_nothing_is_obeyed(typed: Callable[..., Result]) -> None:
    done = 0
    for words in CALLS:
        result = typed(words)
        assert "bug" not in result.err, (words, result.err)
        data = words[:1] == ("export",) and "json" not in words and result.code == 0
        assert (words, RAW.findall(result.err), RAW.findall("" if data else result.out)) == (
            words,
            [],
            [],
        )
        done += result.code == 0
    assert done > len(CALLS) / 3  # most of them are no usage errors


def test_as_json_nothing_is_obeyed(typed: Callable[..., Result]) -> None:
    for words in CALLS:
        result = typed(words, "--json")
        assert (words, RAW.findall(result.out), RAW.findall(result.err)) == (words, [], [])


def test_on_a_terminal_nothing_is_obeyed(
    typed: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    be_terminal(monkeypatch)
    for words in CALLS:
        result = typed(words, "--no-input")
        assert "bug" not in result.err, (words, result.err)
        for said in (result.out, result.err):
            assert (words, RAW.findall(OWN_STYLE.sub("", BAR.sub("", said)))) == (words, [])


def be_terminal(monkeypatch: pytest.MonkeyPatch, columns: int = 80) -> None:
    """Let both streams be a terminal that is so high that no pager opens."""
    for name, value in (("COLUMNS", str(columns)), ("LINES", "9999"), ("TERM", "xterm-256color")):
        monkeypatch.setenv(name, value)
    for stream in (sys.stdout, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True)


def test_the_demo_and_help_print_nothing_raw(kin: Kin) -> None:
    for words in (("demo",), ("--help",), *((command, "--help") for command in COMMANDS)):
        result = kin(*words)
        assert (words, result.code, RAW.findall(result.out + result.err)) == (words, 0, [])


@pytest.mark.parametrize("half", [0, 1])
def test_markup_is_shown_as_it_was_typed(
    half: int, kin: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    markup = " ".join(list(MARKUP.values())[half::2])
    fill(kin, markup, tmp_path / "given")
    be_terminal(monkeypatch, columns=900)
    for words in (
        *((), ("people",), ("notes",), ("find", "fado"), ("interests",), ("interests", "--mine")),
        *(
            ("recall", "maya-o"),
            ("recall", "maya-o", "--all"),
            ("history",),
            ("today",),
            ("upcoming",),
        ),
        *(("me",), ("vocab", "list"), ("share", f"fado {markup}"), ("reconnect",)),
        *(("introduce", "tom-b", "tom-k"), ("recall", f"x {markup}"), ("recall", "tom")),
        ("people", "--sort", markup),
    ):
        result = kin(*words, "--no-input")
        assert "bug" not in result.err
        screen = re.sub(r"\s+", " ", OWN_STYLE.sub("", result.out + result.err))
        assert (words, markup in screen) == (words, True), screen


def test_hostile_words_are_stored_as_typed(kin: Kin, book: Path) -> None:
    kin("add", "Ada")
    texts = [f"Ada said {evil} twice {evil}" for evil in (*ESCAPES.values(), *MARKUP.values())]
    for text in texts:
        assert kin("note", text).code == 0
    with sqlite3.connect(book) as db:
        assert [text for (text,) in db.execute("SELECT text FROM note ORDER BY id")] == texts


def test_hostile_words_on_a_real_terminal_are_shown_harmless(kin: Kin, tmp_path: Path) -> None:
    fill(kin, TOGETHER[0], tmp_path / "given")
    for words in (["recall", "maya-o"], ["people"], ["export", "--format", "vcard"], ["E\x1bx"]):
        seen = on_terminal(words)
        assert (words, RAW.findall(OWN_STYLE.sub("", seen.screen))) == (words, [])


def test_hostile_candidates_are_asked_harmless(kin: Kin) -> None:
    for number, evil in enumerate(ESCAPES.values()):
        kin("add", f"Tom {evil} X{number}", "--at", evil, "--anyway")
    seen = on_terminal(["note", "tea with Tom"], [("Which one", "1")])
    assert (seen.code, RAW.findall(OWN_STYLE.sub("", seen.screen))) == (0, [])
