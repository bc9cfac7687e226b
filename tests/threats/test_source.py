"""What the source never does: write to the terminal without the console, run a shell, unpickle, use the network."""

import ast
import io
import sys
import tomllib
from functools import cache
from pathlib import Path
from threading import current_thread, main_thread

import pytest

import kin
from kin.cli import main
from tests.cli.test_contract import SHAPES
from tests.conftest import Kin

SOURCE = Path(kin.__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))

# The console writes and asks. `completion` answers a shell on TAB: no terminal reads that, and no
# candidate has control characters (tests/cli/test_completion_shells.py).
WRITES = {"cli/console.py", "cli/completion.py"}
# Python has no other way to exchange two files in one step: see kin/transfer/sync/vdir.py.
CALLS_THE_SYSTEM = {"transfer/sync/vdir.py": {"ctypes"}}
READS_STDIN = {"cli/console.py", "cli/commands/imports.py", "cli/completion.py"}
LOUD_CALLS = {"print", "input", "breakpoint", "help", "exit", "quit"}
LOUD_NAMES = {"stdout", "stderr", "__stdout__", "__stderr__", "echo", "secho", "echo_via_pager"}
LOUD_NAMES |= {
    "prompt",
    "getpass",
    "Console",
    "print_exc",
    "print_exception",
    "print_stack",
    "ttyname",
    "ctermid",
}
LOUD_MODULES = {"logging", "warnings", "getpass", "curses", "readline", "pprint", "faulthandler"}
RUNS_WORDS = {"eval", "exec", "compile", "__import__"}
UNSAFE_MODULES = {
    "pickle",
    "marshal",
    "shelve",
    "dill",
    "yaml",
    "ctypes",
    "code",
    "codeop",
    "pty",
    "commands",
}
UNSAFE_NAMES = {
    "system",
    "popen",
    "getoutput",
    "getstatusoutput",
    "mktemp",
    "loads_pickle",
    "spawnl",
    "spawnv",
}
NETWORK = {
    "socket",
    "ssl",
    "http",
    "ftplib",
    "smtplib",
    "imaplib",
    "poplib",
    "telnetlib",
    "xmlrpc",
    "asyncio",
}
NETWORK |= {
    "requests",
    "httpx",
    "aiohttp",
    "urllib3",
    "webbrowser",
    "socketserver",
    "select",
    "selectors",
}
NETWORK |= {"urllib.request", "urllib.error", "urllib.robotparser"}


@cache
def nodes() -> list[tuple[str, ast.AST]]:
    """Return every node of every module of kin's, with the module's place."""
    return [
        (path.relative_to(SOURCE).as_posix(), node)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    ]


def name_of(node: ast.AST) -> str:
    """Return the last word of a name: `stdout` of `sys.stdout`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def imported(node: ast.AST) -> set[str]:
    """Return the modules that a node imports, and what holds them."""
    if isinstance(node, ast.Import):
        named = {each.name for each in node.names}
    elif isinstance(node, ast.ImportFrom) and not node.level:
        named = {node.module or "", *(f"{node.module}.{each.name}" for each in node.names)}
    else:
        return set()
    return named | {name.partition(".")[0] for name in named}


def first_number(node: ast.Call) -> int | None:
    """Return the number that a call is given first: that of a file."""
    given = node.args[0] if node.args else None
    known = isinstance(given, ast.Constant) and type(given.value) is int
    return given.value if known else None  # type: ignore[union-attr]


def test_only_the_console_writes_to_the_terminal() -> None:
    loud = []
    for place, node in nodes():
        if place in WRITES:
            continue
        calls = isinstance(node, ast.Call) and (
            (isinstance(node.func, ast.Name) and node.func.id in LOUD_CALLS)
            or (
                name_of(node.func) in ("write", "open", "fdopen")
                and first_number(node) in (0, 1, 2)
            )
        )
        named = isinstance(node, ast.Attribute | ast.Name) and name_of(node) in LOUD_NAMES
        brought = imported(node) & LOUD_MODULES
        brings = {each for each in imported(node) if each.rpartition(".")[2] in LOUD_NAMES}
        tty = isinstance(node, ast.Constant) and node.value in (
            "/dev/tty",
            "/dev/stdout",
            "/dev/stderr",
            "CONOUT$",
        )
        if calls or named or brought or brings or tty:
            loud.append((place, getattr(node, "lineno", 0)))
    assert loud == []


def test_only_the_console_import_and_completion_read_standard_input() -> None:
    reads = {
        place for place, node in nodes() if isinstance(node, ast.Attribute) and node.attr == "stdin"
    }
    assert reads <= READS_STDIN


def test_all_output_is_written_by_the_console(met: Kin, monkeypatch: pytest.MonkeyPatch) -> None:
    speakers = set()

    class Heard(io.TextIOWrapper):
        """A stream that knows who of kin's speaks."""

        def write(self, words: str) -> int:
            frame = sys._getframe(1)
            while frame and not frame.f_code.co_filename.startswith(str(SOURCE)):
                frame = frame.f_back  # type: ignore[assignment]
            # Rich draws the progress bar of the console in a thread of its own.
            if words and current_thread() is main_thread():
                speakers.add(Path(frame.f_code.co_filename).name if frame else None)
            return len(words)

    failing = (("recall", "nobody"), ("bogus",), ("people", "-n", "x"), ("add", "Maya Okafor"))
    calls = [words for words, _ in SHAPES.values() if words != ("demo",)]
    for terminal in (False, True):
        for words in (*calls, *failing, *((*words, "--json") for words in (*calls, *failing))):
            out, err = Heard(io.BytesIO()), Heard(io.BytesIO())
            for stream in (out, err):
                monkeypatch.setattr(stream, "isatty", lambda: terminal)  # noqa: B023
            with monkeypatch.context() as patched:
                patched.setattr(sys, "stdout", out)
                patched.setattr(sys, "stderr", err)
                patched.setenv("LINES", "9999")
                main([*words, "--no-input"])
    assert speakers == {"console.py"}


def test_nothing_runs_a_shell_or_words_or_unpickles() -> None:
    unsafe = []
    for place, node in nodes():
        calls = isinstance(node, ast.Call) and (
            (isinstance(node.func, ast.Name) and node.func.id in RUNS_WORDS)
            or any(each.arg == "shell" for each in node.keywords)
            or name_of(node.func) == "enable_load_extension"
        )
        named = isinstance(node, ast.Attribute | ast.Name) and name_of(node) in UNSAFE_NAMES
        brought = imported(node) & UNSAFE_MODULES - CALLS_THE_SYSTEM.get(place, set())
        if calls or named or brought:
            unsafe.append((place, getattr(node, "lineno", 0)))
    assert unsafe == []


def test_nothing_imports_the_network() -> None:
    assert [(place, imported(node)) for place, node in nodes() if imported(node) & NETWORK] == []


def test_the_linter_watches_too() -> None:
    result = tomllib.loads((SOURCE.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    lint = result["tool"]["ruff"]["lint"]
    assert {"S", "T20"} <= set(lint["select"])
    assert not {
        each for each in lint["ignore"] if each.startswith(("S1", "S2", "S3", "S4", "S5", "S6"))
    } - {"S101"}
    own = {
        place: rules for place, rules in lint["per-file-ignores"].items() if place.startswith("src")
    }
    assert {rule for rules in own.values() for rule in rules} <= {"F403", "S608", "T20"}
    assert [place for place, rules in own.items() if "T20" in rules] == ["src/kin/cli/console.py"]
