"""TAB in real shells, on a pty: what is offered arrives as one word, and nothing of the book ever runs.

`kin` on the PATH of these shells is an observer: it answers TAB as kin does, and of every other call
it only writes down the words that reached it.
"""

import os
import pty
import re
import select
import shutil
import signal
import sqlite3
import struct
import sys
import time
from collections.abc import Iterator
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ

import pytest

from kin.cli.commands.help import INSTALL_COMMANDS
from tests.conftest import Kin
from tests.terminal import PATIENCE, fresh, program

PROMPT = "@@ "
SHELLS = [
    pytest.param(
        name, marks=pytest.mark.skipif(not shutil.which(name), reason=f"{name} is not installed")
    )
    for name in INSTALL_COMMANDS
]
STARTED = {"bash": ("bash", "-i"), "zsh": ("zsh", "-d", "-i"), "fish": ("fish", "-i")}
SETTINGS = {
    "bash": (".bashrc", f"PS1='{PROMPT}'\n"),
    "zsh": (".zshrc", f"PS1='{PROMPT}'\n"),
    "fish": (
        ".config/fish/config.fish",
        f"function fish_prompt; printf '{PROMPT}'; end\nfunction fish_greeting; end\n",
    ),
}
ASKED_WHAT_IT_IS, A_TERMINAL = b"\x1b[c", b"\x1b[?62c"  # fish 4 waits for the answer

HOSTILE = {
    "substitution": "$(touch PWNED)",
    "without spaces": "$(touch${IFS}PWNED)",
    "backticks": "`touch PWNED`",
    "fish substitution": "(touch PWNED)",
    "process substitution": "<(touch PWNED)",
    "arithmetic": "a[$(touch PWNED)]",
    "glob qualifier": "*(e:touch PWNED:)",
    "semicolon": ";touch PWNED",
    "pipe": "|touch PWNED",
    "background": "&touch PWNED",
    "redirection": ">PWNED",
    "comment": "# PWNED",
    "newline": "x\ntouch PWNED\n",
    "carriage return": "x\rtouch PWNED\r",
    "tab": "x\ttouch PWNED",
    "end of paste": "\x1b[201~touch PWNED\r",
    "escape": "\x1b[2J",
    "single quote": "';touch PWNED;'",
    "double quote": '";touch PWNED;"',
    "one quote": "O'Brien",
    "backslash": "\\$(touch PWNED)\\",
    "ANSI quote": "$'\\x3btouch PWNED'",
    "variable": "${IFS}",
    "history": "!event",
    "home": "~root",
    "process": "%self",
    "equals": "=ls",
    "glob": "*",
    "braces": "{touch,PWNED}",
    "prompt": "%F{red}%(?.$(touch PWNED).)",
    "letters": "-rf",
    "option": "--option",
    "bidi": "\u202etouch PWNED",
    "binary": "\x01\x7f\x80\x9b\xff",
    "long": "$(touch PWNED)" * 720,
}
NEVER_OFFERED = {
    "newline", "carriage return", "tab", "end of paste", "escape", "bidi", "binary", "long",
}  # fmt: skip


class Shell:
    """An interactive shell in which kin's completion was installed with the documented line."""

    def __init__(self, name: str, home: Path, install: str) -> None:
        self.name, self.calls = name, home / "calls"
        self.screen, self.asked = "", 0
        settings, prompt = SETTINGS[name]
        (home / settings).parent.mkdir(parents=True, exist_ok=True)
        (home / settings).write_text(prompt)
        (home / ".config" / "fish" / "completions").mkdir(parents=True, exist_ok=True)
        for folder in (".local", ".cache"):  # else fish reads every manual page for its completions
            (home / folder / "fish" / "generated_completions").mkdir(parents=True, exist_ok=True)
        own = {
            **fresh(HOME=str(home), TERM="xterm-256color", LANG="C.UTF-8", HISTFILE=""),
            "PATH": f"{home / 'bin'}:{os.environ['PATH']}",
            "ZDOTDIR": str(home), "XDG_CONFIG_HOME": str(home / ".config"),
            "XDG_DATA_HOME": str(home / ".local"), "XDG_CACHE_HOME": str(home / ".cache"),
        }  # fmt: skip
        for unwanted in ("COLUMNS", "LINES", "PROMPT_COMMAND", "LC_ALL"):
            own.pop(unwanted, None)
        shell = shutil.which("bash" if name == "zsh" else name) or name
        assert os.spawnve(os.P_WAIT, shell, [name, "-c", install], own) == 0
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            ioctl(0, TIOCSWINSZ, struct.pack("HHHH", 100, 200, 0, 0))  # no list asks for more room
            os.chdir(home)
            os.execvpe(STARTED[name][0], STARTED[name], own)
        self._until(PROMPT, 0)

    def type(self, keys: str) -> list[list[str]]:
        """Type keys and send the line off; return the calls of kin that came of it, as words."""
        self.calls.write_bytes(b"")
        self.asked += 1
        before = len(self.screen)
        # Echoed as it is typed, with the quotes; only a shell that runs it says it without.
        os.write(self.terminal, f"{keys}; echo do''ne{self.asked}.\r".encode())
        self._until(PROMPT, self._until(f"done{self.asked}.", before))
        result = self.calls.read_text().split("\0")[:-1]
        calls = []
        while result:
            number = int(result[0])
            calls.append(result[1 : number + 1])
            result = result[number + 1 :]
        return calls

    def offers(self, title: str) -> bool:
        """Tell whether this hostile text may be offered, quoted."""
        return title not in NEVER_OFFERED and (self.name, title) != ("fish", "home")

    def _until(self, awaited: str, start: int) -> int:
        """Read the screen until these words stand on it; return where they end."""
        end = time.monotonic() + PATIENCE
        while awaited not in self.screen[start:]:
            ready, _, _ = select.select([self.terminal], [], [], max(end - time.monotonic(), 0))
            assert ready, f"never came: {awaited!r}; the screen says:\n{self.screen[-2000:]!r}"
            part = os.read(self.terminal, 65536)
            if ASKED_WHAT_IT_IS in part:
                os.write(self.terminal, A_TERMINAL)
            self.screen += part.decode(errors="replace")
        return self.screen.index(awaited, start) + len(awaited)

    def end(self) -> None:
        """Let the shell go."""
        os.kill(self.child, signal.SIGKILL)
        os.waitpid(self.child, 0)
        os.close(self.terminal)


@pytest.fixture
def home(tmp_path: Path, met: Kin) -> Path:
    """Return a home folder with the observer in it, and KIN_DB a book of five people."""
    (tmp_path / "bin").mkdir()
    program(
        tmp_path / "bin" / "kin",
        f'[ "$1" = __complete ] || [ ! -t 1 ] && exec "{sys.executable}" -m kin "$@"',
        f"printf '%s\\0' $# \"$@\" >> '{tmp_path / 'calls'}'",
    )
    return tmp_path


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest, home: Path) -> Iterator[Shell]:
    """Return each shell, with kin's completion installed."""
    begun = Shell(request.param, home, INSTALL_COMMANDS[request.param])
    yield begun
    begun.end()


def planted(book: Path, words: str) -> Path:
    """Make a book with one interest and one group: these words, as no door of kin's would let them in."""
    shutil.copy(book.parent / "book.db", book)
    with sqlite3.connect(book) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        for table in ("interest", "people_group"):
            db.execute(f"DELETE FROM {table}")
            db.execute(f"INSERT INTO {table} (key, label) VALUES ('x', ?)", (words,))
    db.close()
    return book


def test_tab_completes_and_enter_sends_one_word_each(shell: Shell, met: Kin) -> None:
    assert met("edit", "grace", "--into", "Café racing", "--group", "O’Brien's").code == 0
    for keys, words in (
        ("kin reca\tmay\t", ["recall", "maya-o"]),
        ("kin recall MAYA\t--js\t", ["recall", "maya-o", "--json"]),
        ("kin recall @may\t", ["recall", "@maya-o"]),
        ("kin recall to\t", ["recall", "tom-"]),
        ("kin interests tr\t", ["interests", "trail running"]),
        ("kin interests trail\\ r\t", ["interests", "trail running"]),
        ("kin interests 'trail r\t", ["interests", "trail running"]),
        ('kin interests "trail r\t', ["interests", "trail running"]),
        ("kin interests café\t", ["interests", "Café racing"]),
        ("kin people --into=tr\t", ["people", "--into=trail running"]),
        ("kin edit grace --not-group O\t", ["edit", "grace", "--not-group", "O’Brien's"]),
        ("kin people --gr\tb\t", ["people", "--group", "book club"]),
        ('kin note "coffee with @may\t', ["note", "coffee with @maya-o"]),
        ("kin note tea --by vis\t", ["note", "tea", "--by", "visit"]),
        ("kin vocab ap\tch\ttr\t", ["vocab", "apart", "chess", "trail running"]),
        ("kin completion z\t", ["completion", "zsh"]),
        ("kin --db boo\trecall gr\t", ["--db", "book.db", "recall", "grace-h"]),
    ):
        assert (keys, shell.type(keys)) == (keys, [words])


@pytest.mark.parametrize("shell", SHELLS[:2], indirect=True)  # fish chooses by rules of its own
def test_what_is_typed_stays_where_several_fit_that_begin_otherwise(shell: Shell, met: Kin) -> None:
    assert met("edit", "grace", "--into", "Café racing", "--into", "cafe crawls").code == 0
    for typed in ("caf", "CAF", "'cafe'"):
        words = ["interests", typed.strip("'")]
        assert (typed, shell.type(f"kin interests {typed}\t")) == (typed, [words])


def test_where_nothing_fits_tab_says_nothing(shell: Shell, home: Path) -> None:
    (home / "text.db").write_text("no book")
    for keys, words in (
        ("kin recall zzz\t", ["recall", "zzz"]),
        ("kin --db nowhere.db recall m\t", ["--db", "nowhere.db", "recall", "m"]),
        ("kin --db text.db recall m\t", ["--db", "text.db", "recall", "m"]),
        ("kin find \t", ["find"]),
        ("kin bogus \t", ["bogus"]),
    ):
        assert (keys, shell.type(keys)) == (keys, [words])
    assert "Traceback" not in shell.screen
    assert "kin:" not in shell.screen


def test_no_interest_and_no_group_ever_runs(shell: Shell, home: Path) -> None:
    for number, (title, words) in enumerate(HOSTILE.items()):
        book = planted(home / f"b{number}.db", words).name
        offered = [words] if shell.offers(title) else []
        result = [["--db", book, "people", "--into", *offered, "--group", *offered]]
        typed = shell.type(f"kin --db {book} people --into \t--group \t")
        assert (title, typed, list(home.rglob("PWNED*"))) == (title, result, [])


def test_nothing_in_a_list_ever_runs(shell: Shell, home: Path, book: Path) -> None:
    with sqlite3.connect(book) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        for number, words in enumerate(HOSTILE.values(), 100):
            db.execute(
                "INSERT INTO person (id, handle, name, is_me, added_on) VALUES (?, ?, ?, 0, '2026-11-23')",
                (number, f"eve-{number}", words),
            )
            db.execute("INSERT INTO nickname (person_id, nickname) VALUES (?, ?)", (number, words))
            db.execute("INSERT INTO interest (key, label) VALUES (?, ?)", (f"x{number}", words))
    db.close()
    assert shell.type("kin recall \t\t\x15kin recall eve-10\t\t\x15true") == []
    assert shell.type("kin interests \t\t\x15true") == []
    assert "(touch PWNED)" in shell.screen
    assert shell.type("kin recall eve-100\t") == [["recall", "eve-100"]]
    assert list(home.rglob("PWNED*")) == []


def test_a_hostile_path_of_a_book_never_runs(shell: Shell, home: Path) -> None:
    folder = home / "books"
    folder.mkdir()
    for name in ("$(touch PWNED)", "`touch PWNED`", "';touch PWNED;'", "a;touch PWNED"):
        book = folder / name
        shutil.copy(home / "book.db", book)
        typed = re.sub(r"([^\w/.-])", r"\\\1", str(book))
        for keys in ("kin --db books/\trecall may\t", f"kin --db {typed} recall may\t"):
            (result,) = shell.type(keys)
            assert (keys, result[0], Path(home, result[1])) == (keys, "--db", book)
            assert (keys, result[2:]) == (keys, ["recall", "maya-o"])
        assert list(home.rglob("PWNED")) == []
        book.unlink()


STOCK = """
import typer
app = typer.Typer()
@app.command()
def main(who: str = typer.Argument(autocompletion=lambda: [NAME])) -> None: ...
app(prog_name="stock")
"""


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "keys", "hostile"),
    [("bash", "stock \t", "$(>PWNED)"), ("zsh", "stock \t\x15true", "\\$(>PWNED)")],
    ids=["bash on ENTER", "zsh on TAB"],
)
def test_the_completion_that_typer_brings_would_run_it(
    home: Path, name: str, keys: str, hostile: str
) -> None:
    if not shutil.which(name):
        pytest.skip(f"{name} is not installed")
    (home / "stock.py").write_text(f"NAME = {hostile!r}\n{STOCK}")
    program(home / "bin" / "stock", f'exec "{sys.executable}" "{home / "stock.py"}" "$@"')
    settings, _ = SETTINGS[name]
    learnt = (
        f"_STOCK_COMPLETE=source_{name} stock >> ~/stock.sh; echo '. ~/stock.sh' >> ~/{settings}"
    )
    shell = Shell(name, home, f"{INSTALL_COMMANDS[name]}; {learnt}")
    shell.type(keys)
    shell.end()
    assert (home / "PWNED").exists()
