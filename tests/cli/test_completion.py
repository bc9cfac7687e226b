"""What kin offers on TAB: the right candidates, harmless ones only, quickly, and without errors."""

import json
import os
import re
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryFile

import pytest
from hypothesis import given, strategies as st

from kin.cli.commands.help import INSTALL_COMMANDS
from kin.cli.completion import format_completions, split_line
from tests import parameters
from tests.conftest import Kin, Result
from tests.make import grow
from tests.terminal import beside, ended, on_terminal
from tests.threats.payloads import ESCAPES, MARKUP, RAW

SCRIPTS = parameters.TABLE.parent / "commands"
GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "completion.md"


def sent(words: Sequence[str]) -> bytes:
    """Return words as the scripts send them."""
    return b"".join(os.fsencode(word) + b"\0" for word in words)


def offers(*words: str) -> dict[str, str]:
    """Return what zsh is offered for the last of the words after `kin`, each with its help."""
    come, *lines = format_completions("zsh", sent(["kin", *words]), os.environ).splitlines()
    assert come == "offers"
    return dict(line.split("\t") for line in lines)


def in_bash(line: str, replaced: str) -> list[str]:
    """Return what bash gets for a line of which readline will replace the end."""
    return format_completions("bash", sent([line, replaced]), os.environ).splitlines()


def asked(*words: str) -> Result:
    """Ask in a process of its own, as a script does."""
    with TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as err:
        given.write(sent(["kin", *words]))
        given.seek(0)
        streams = {0: given.fileno(), 1: out.fileno(), 2: err.fileno()}
        code = ended(beside(["__complete", "zsh"], streams=streams))
        out.seek(0)
        err.seek(0)
        return Result(code, out.read().decode(), err.read().decode())


# What is offered


def test_a_command_is_offered_with_what_it_does() -> None:
    assert offers("reca") == {"recall": "Before you catch up: what to ask, what you last talked…"}
    assert list(offers("--db", "some.db", "tod")) == ["today"]
    assert list(offers("-y", "TI")) == ["tie"]


def test_options_are_those_of_the_command_and_of_every_command() -> None:
    assert list(offers("note", "--a")) == ["--at", "--about", "--ask", "--amend"]
    assert list(offers("note", "tea", "--with", "maya-o", "--js")) == ["--json"]
    assert list(offers("--ver")) == ["--version"]
    assert offers("find", "-n")["-n"] == "At most N; 0 for all."
    assert "-n" not in offers("tie", "-")


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (["recall", "to"], ["tom-b", "tom-k"]),
        (["recall", "TOM-B"], ["tom-b"]),
        (["recall", "Zoë"], ["zoe-o"]),
        (["recall", "tom k"], ["tom-k"]),
        (["recall", "@ma"], ["@maya-o"]),
        (["recall", "okafor"], ["maya-o"]),
        (["recall", "Mo"], ["maya-o"]),
        (["recall", "o’brien"], ["zoe-o"]),
        (["recall", "me"], ["me"]),
        (["recall", "nobody"], []),
        (["recall", "%"], []),
        (["recall", "maya-o", ""], []),
        (["tie", "maya-o", "gr"], ["grace-h"]),
        (["tie", "maya-o", "gr", "to"], []),
        (["notes", "--with", "gr"], ["grace-h"]),
        (["notes", "--with=gr"], ["--with=grace-h"]),
        (["notes", "-n", "5", "gr"], ["grace-h"]),
        (["notes", "-n5", "gr"], ["grace-h"]),
        (["reconnect", "--not-now", "zo"], ["zoe-o"]),
        (["interests", "p"], ["pineapple on pizza", "pottery"]),
        (["interests", "PINEAPPLE ON P"], ["pineapple on pizza"]),
        (["interests", "trail "], ["trail running"]),
        (["interests", "trail-r"], ["trail running"]),
        (["vocab", ""], ["same", "under", "apart", "show", "list"]),
        (["vocab", "same", "fado", "che"], ["chess"]),
        (["people", "--group", ""], ["book club"]),
        (["people", "--sort", "r"], ["recent"]),
        (["add", "Ana", "--circle", ""], ["inner", "close", "friend", "wide"]),
        (["note", "tea", "--by", "v"], ["visit", "video"]),
        (["note", "coffee with @gr"], ["coffee with @grace-h"]),
        (["note", "coffee", "with", "@gr"], ["@grace-h"]),
        (["note", "--", "@gr"], ["@grace-h"]),
        (["note", "coffee with gr"], []),
        (["completion", ""], ["bash", "zsh", "fish"]),
        (["help", "e"], ["environment", "exit-codes", "edit", "export"]),
        (["note", "tea", "-w", "gr"], ["grace-h"]),
        (["note", "tea", "-a", "che"], ["chess"]),
        (["find", "kil"], []),
        (["bogus", "ma"], []),
        (["recall", "--bogus=ma"], []),
    ],
    ids=lambda words: " ".join(words),
)
def test_values_are_of_the_kind_that_is_wanted(
    met: Kin, words: list[str], values: list[str]
) -> None:
    assert list(offers(*words)) == values


def test_a_handle_comes_with_the_name_and_the_nicknames(met: Kin) -> None:
    assert offers("recall", "m") == {"maya-o": "Maya Okafor, Mo", "me": "Robin"}


def test_accents_count_on_neither_side(met: Kin) -> None:
    met("edit", "grace", "--into", "Café racing", "--group", "Él club")
    assert list(offers("interests", "cafe r")) == ["Café racing"]
    assert list(offers("interests", "CAFÉ")) == ["Café racing"]
    assert list(offers("people", "--group", "el")) == ["Él club"]


def test_a_plural_that_is_half_typed_is_found(kin: Kin) -> None:
    kin("add", "Ada", "--into", "pies and dies", "--into", "board games", "--into", "(un)boxing")
    assert list(offers("interests", "pies an")) == ["pies and dies"]
    assert list(offers("interests", "board games")) == ["board games"]
    assert list(offers("interests", "(u")) == ["(un)boxing"]


def test_for_a_path_the_shell_is_asked(met: Kin) -> None:
    for words in (["--db", ""], ["people", "--db", "bo"], ["--db=bo"], ["demo", "--keep", ""]):
        assert format_completions("zsh", sent(["kin", *words]), os.environ) == "files\n"


def test_the_book_that_is_typed_is_the_book_that_is_asked(met: Kin, tmp_path: Path) -> None:
    other = tmp_path / "other's book.db"
    met("add", "Ada Lovelace", "--db", str(other))
    for words in (["--db", str(other), "recall"], [f"--db={other}", "recall"]):
        assert list(offers(*words, "")) == ["ada-l", "me"]
    assert list(offers("recall", "--db", "~/other's book.db", "")) == ["ada-l", "me"]


# bash sends its line as it is typed


@pytest.mark.parametrize(
    ("line", "replaced", "result"),
    [
        ("kin recall gr", "gr", ["offers", "grace-h"]),
        ("kin people --into=tr", "tr", ["offers", "trail running"]),
        ("kin people --into='tr", "tr", ["single", "trail running"]),
        ('kin interests "trail r', "trail r", ["double", "trail running"]),
        ("kin interests trail\\ r", "trail\\ r", ["offers", "trail running"]),
        ("kin interests 'trail 'r", "'trail 'r", ["offers", "trail running"]),
        ("kin recall @gr", "@gr", ["offers", "@grace-h"]),
        ("kin recall @gr", "gr", ["offers", "grace-h"]),
        ("kin people --db 'no book' --into tr", "tr", ["offers"]),
        ("kin recall gr", "something else", ["offers"]),
    ],
)
def test_bash_gets_what_it_will_insert(
    met: Kin, line: str, replaced: str, result: list[str]
) -> None:
    assert [each.split("\t")[0] for each in in_bash(line, replaced)] == result


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))))
def test_a_line_is_split_as_a_shell_splits_it(words: list[str]) -> None:
    line = shlex.join(words) + " "
    assert split_line(line) == (tuple(words), "", "")
    typed = '"' + re.sub(r'(["\\$`])', r"\\\1", "".join(words))
    assert split_line(f"kin {typed}") == (("kin",), "".join(words), '"')


# Harmless


def test_nothing_that_controls_a_terminal_is_ever_offered(kin: Kin, book: Path) -> None:
    evil = [*ESCAPES.values(), *MARKUP.values(), "a\tb", "a\nb", "a\u0301" * 5000, "\u202e" * 5000]
    kin("add", "Ada", "--group", "choir", "--into", "chess")
    with closing(sqlite3.connect(book)) as db, db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        for number, text in enumerate(evil, 10):
            who = (number, f"ada-{number}", f"Ada {text}")
            db.execute("INSERT INTO person VALUES (?, ?, ?, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-23')", who)  # fmt: skip
            db.execute("INSERT INTO nickname (person_id, nickname) VALUES (?, ?)", (number, text))
            for table in ("interest", "people_group"):
                db.execute(
                    f"INSERT INTO {table} (key, label) VALUES (?, ?)", (f"a{number}", f"a{text}")
                )
    for words in (["recall", "ada-"], ["interests", ""], ["people", "--group", "a"]):
        result = format_completions("zsh", sent(["kin", *words]), os.environ)
        assert RAW.findall(result.replace("\t", "")) == []
        for line in result.splitlines()[1:]:
            value, help = line.split("\t")
            assert value and len(value) <= 200 and len(help) <= 400
    assert set(offers("interests", "a")) == {f"a{markup}" for markup in MARKUP.values()}
    assert len(offers("recall", "ada-")) == len(evil)


@given(
    st.sampled_from(["bash", "zsh", "fish", ""]),
    st.lists(st.sampled_from(["recall", "note", "--db", "--", "-n", "-", "--into=", "", "\ud800", "'", "\x1b", "@"]) | st.text(), max_size=6),
)  # fmt: skip
def test_whatever_is_typed_there_is_a_result(shell: str, words: list[str]) -> None:
    typed = "\0".join(words).encode("utf-8", "surrogatepass")
    result = format_completions(shell, typed, {"KIN_DB": os.devnull})
    assert result == "" or result.endswith("\n")
    assert RAW.findall(result.replace("\t", "")) == []


# Without errors


def broken(book: Path, how: str) -> None:
    """Bring the book into a state in which kin would report an error."""
    if how == "missing":
        book.unlink()
    elif how == "a folder":
        book.unlink()
        book.mkdir()
    elif how == "empty":
        book.write_bytes(b"")
    elif how == "text":
        book.write_text("no book")
    elif how == "cut off":
        book.write_bytes(book.read_bytes()[:5000])
    elif how == "overwritten":
        found = book.read_bytes()
        book.write_bytes(found[:4096] + b"\xa5" * (len(found) - 4096))
    else:
        change = {
            "newer": "PRAGMA user_version = 99",
            "older": "PRAGMA user_version = 0",
            "another program's": "PRAGMA application_id = 7",
            "no text": "UPDATE person SET name = CAST(x'ff' AS TEXT)",
        }[how]
        with closing(sqlite3.connect(book)) as db, db:
            db.execute(change)


@pytest.mark.parametrize(
    "how",
    ["missing", "a folder", "empty", "text", "cut off", "overwritten", "newer", "older", "another program's", "no text"],
)  # fmt: skip
def test_where_the_book_is_in_trouble_nothing_is_reported(met: Kin, book: Path, how: str) -> None:
    broken(book, how)
    before = book.read_bytes() if book.is_file() else None
    for words in (["recall", ""], ["recall", "zzz"], ["interests", ""], ["people", "--group", ""]):
        result = asked(*words)
        assert (result.code, result.err) == (0, "")
        assert result.out == "offers\n" or how in ("cut off", "overwritten", "no text")
    assert (book.read_bytes() if book.is_file() else None) == before
    assert list(book.parent.glob("book.db*")) == ([] if how == "missing" else [book])


def test_a_locked_book_is_not_waited_for(met: Kin, book: Path) -> None:
    with closing(sqlite3.connect(book, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert asked("recall", "") == Result(0, "offers\n", "")
    assert "maya-o" in asked("recall", "").out


def test_an_unknown_home_and_an_endless_path_are_not_a_book(met: Kin) -> None:
    for path in ("~nobody-here/x.db", "x" * 5000, "", "/dev/null", "\udcff"):
        assert asked("--db", path, "recall", "zzz") == Result(0, "offers\n", "")


# Quickly


@pytest.mark.parametrize("words", [["re"], ["recall", "m"], ["recall", "oka"], ["interests", ""]])
def test_tab_imports_neither_the_orm_nor_typer_nor_rich(met: Kin, words: list[str]) -> None:
    program = (
        "import sys, json, kin.__main__\n"
        "sys.argv = ['kin', '__complete', 'zsh']\n"
        "try: kin.__main__.main()\n"
        "except SystemExit: pass\n"
        "print(json.dumps(sorted(sys.modules)), file=sys.__stderr__)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        input=sent(["kin", *words]),
        capture_output=True,
        check=True,
    )
    assert len(result.stdout.splitlines()) > 1
    found = set(json.loads(result.stderr))
    assert not found & {
        "sqlmodel", "sqlalchemy", "pydantic", "rich", "typer", "dateutil", "kin.cli.app", "kin.cli.console",
    }  # fmt: skip


def test_of_many_people_a_few_are_offered_with_the_same_common_beginning(tmp_path: Path) -> None:
    book = tmp_path / "crowd.db"
    grow(book, people=3000, notes=0, links=10, seed=5)
    with closing(sqlite3.connect(book)) as db:
        everyone = [handle for (handle,) in db.execute("SELECT handle FROM person")]
    for typed in ("", "m", "ma"):
        result = list(offers("--db", str(book), "recall", typed))
        begun = [handle for handle in everyone if handle.startswith(typed)]
        assert len(result) == min(len(begun), 200)
        alike = [os.path.commonprefix(each) for each in (result, begun)]  # noqa: RUF071 - of letters
        assert alike[0] == alike[1]


# The table and the scripts


def test_the_table_is_what_the_commands_take() -> None:
    assert parameters.TABLE.read_text(encoding="utf-8") == parameters.table(), (
        "run: python -m tests.parameters"
    )


@pytest.mark.parametrize("shell", INSTALL_COMMANDS)
def test_a_script_is_printed_as_it_is_and_says_how_to_install_it(kin: Kin, shell: str) -> None:
    script = (SCRIPTS / f"completion.{shell}").read_text(encoding="utf-8")
    result = kin("completion", shell)
    assert (result.code, result.out, result.err) == (0, script, "")
    assert kin("completion", shell, "--json").json == {"shell": shell, "script": script}
    assert INSTALL_COMMANDS[shell] in script
    assert INSTALL_COMMANDS[shell] in GUIDE.read_text(encoding="utf-8")


@pytest.mark.parametrize("shell", INSTALL_COMMANDS)
def test_on_a_terminal_a_script_comes_with_how_to_install_it(shell: str) -> None:
    seen = on_terminal(["completion", shell], rows=100)
    script = (SCRIPTS / f"completion.{shell}").read_text(encoding="utf-8")
    hint = f"To install it, once: {INSTALL_COMMANDS[shell]}"
    assert (seen.code, seen.rows) == (0, [*script.splitlines(), hint])


@pytest.mark.parametrize("shell", INSTALL_COMMANDS)
def test_a_script_evaluates_nothing(shell: str) -> None:
    script = (SCRIPTS / f"completion.{shell}").read_text(encoding="utf-8")
    commands = "".join(line for line in script.splitlines() if not line.startswith("#"))
    assert re.findall(r"\beval\b|\bsource\b|\$\{\(e|compgen|_arguments|_describe", commands) == []


def test_another_shell_is_refused(kin: Kin) -> None:
    result = kin("completion", "tcsh")
    assert result.code == 2
    assert result.err == "kin: SHELL cannot be “tcsh”. One of: bash, zsh, fish\n"
