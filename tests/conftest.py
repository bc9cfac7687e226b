"""What all tests share: kin with a book of its own, on a fixed day, without a network."""

import gc
import io
import json
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kin.cli import app, console, main
from kin.cli.app import run

TODAY = "2026-11-23"  # a Monday
TROUBLE = 5  # the exit code of a book that cannot be used


@dataclass(frozen=True)
class Result:
    """The exit code of a call of kin, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The JSON on stdout."""
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        """The error on stderr, from its JSON."""
        return json.loads(self.err)["error"]


Kin = Callable[..., Result]


@pytest.fixture(scope="session", autouse=True)
def _parser_kept() -> Iterator[None]:
    """Build the parser of the command line once, not for each of ten thousand commands."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "_build_root_command", cache(app._build_root_command))
        yield


@pytest.fixture(autouse=True)
def _own_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test its own book, settings and day, so that no real book is near."""
    monkeypatch.setenv("KIN_DB", str(tmp_path / "book.db"))
    monkeypatch.setenv("KIN_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("KIN_NOW", TODAY)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("VISUAL", "EDITOR", "PAGER", "NO_COLOR", "FORCE_COLOR", "KIN_DEBUG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection: kin never uses the network."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("kin used the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Return the path of this test's book."""
    return tmp_path / "book.db"


def _make_kin(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, with_hints: bool
) -> Kin:
    def call(*words: str, stdin: str | bytes = b"") -> Result:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        with monkeypatch.context() as patch:
            if with_hints:
                patch.setattr(console, "is_read_by_person", lambda: True)
            code = main(words)
        if code == TROUBLE:
            # As if the process had ended: an error that is kept also keeps a lock on the book.
            gc.collect(1)
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return call


@pytest.fixture
def kin(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Kin:
    """Return kin as a person calls it: with hints, though its output is captured."""
    return _make_kin(capsys, monkeypatch, with_hints=True)


@pytest.fixture
def kin_in_pipe(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Kin:
    """Return kin as a script calls it: words in, exit code and both streams out."""
    return _make_kin(capsys, monkeypatch, with_hints=False)


# Tables that no command shows: history, showings, and what is derived.
UNTOLD = ("step", "change", "search", "sqlite_", "showing", "rhythm")

FIVE_PEOPLE = (
    ("me", "--name", "Robin", "--into", "pottery", "--into", "trail running", "--into", "chess"),
    ("add", "Maya Okafor", "--both", "pottery -- her father had a kiln", "--into", "fado", "--differ", "pineapple on pizza",
     "--met", "at the open kiln", "--on", "2026-03-01", "--at", "Kiln House", "--birthday", "26 november 1984",
     "--lives", "Lisbon", "--group", "book club", "--email", "maya@example.org", "--nick", "Mo"),
    ("add", "Tom Becker", "--both", "chess", "--at", "PyCon", "--into", "birding"),
    ("add", "Tom King", "--lives", "Leeds", "--into", "pottery"),
    ("add", "Zoë O’Brien", "--into", "sourdough", "--through", "maya"),
    ("add", "Grace Hopper", "--into", "sailing"),
    ("note", "2026-10-01: coffee with Maya and Tom Becker at Blue Door about #pottery ?did the kiln survive"),
    ("note", "2026-11-20: Maya rang, a #fado evening is planned", "--by", "call"),
    ("ask", "maya", "how was the concert", "--on", "2026-11-30"),
    ("tie", "zoe", "maya", "--as", "flat mate"),
)  # fmt: skip


@pytest.fixture(scope="session")
def five_people(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the bytes of a book with five people in it, made by kin once for the whole run."""
    path = tmp_path_factory.mktemp("five") / "book.db"
    environment = {"KIN_DB": str(path), "KIN_NOW": TODAY, "KIN_CONFIG": os.devnull}
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        for words in FIVE_PEOPLE:
            assert run(list(words), environment) == 0, words
    return path.read_bytes()


@pytest.fixture
def met(kin: Kin, book: Path, five_people: bytes) -> Kin:
    """Return kin with a book of five people and a few notes."""
    book.touch(mode=0o600)
    book.write_bytes(five_people)
    return kin
