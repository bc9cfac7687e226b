"""A bug of kin's says where it is, and not a word of what it was about: on no stream, in no file, not even on request."""

import re
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_contract import SHAPES
from tests.conftest import Kin

SECRET = "sentinel-of-the-kiln"


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the one folder in which a file could be left."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def broken(*_: Any, **__: Any) -> None:
    """Fail with the secret in a local, in the message, in the cause, and in a note on the error."""
    secret = SECRET
    try:
        raise KeyError(secret)
    except KeyError as cause:
        error = RuntimeError(f"cannot file {secret}")
        error.add_note(secret)
        raise error from cause


@pytest.mark.parametrize("debug", ["", "1"])
@pytest.mark.parametrize("as_json", [(), ("--json",)])
@pytest.mark.parametrize("command", [name for name in SHAPES if name not in ("export", "demo")])
def test_a_bug_in_any_command_tells_nothing(
    command: str,
    as_json: tuple[str, ...],
    debug: str,
    met: Kin,
    desk: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words, _ = SHAPES[command]
    if command == "redo":
        met("undo")
    monkeypatch.setattr("kin.cli.console.show", broken)
    monkeypatch.setenv("KIN_DEBUG", debug)
    before = set(desk.rglob("*"))
    told = met(*words, *as_json)
    assert (told.code, SECRET in told.out + told.err) == (1, False)
    assert "RuntimeError" in told.err and "test_crash.py" in told.err
    assert bool(debug) == ("KeyError" in told.err)
    left = [each for each in set(desk.rglob("*")) - before if each.is_file()]
    assert [each for each in left if SECRET.encode() in each.read_bytes()] == []


@pytest.mark.parametrize("debug", ["", "1"])
def test_what_sql_was_given_is_hidden(
    debug: str, met: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "kin.language.validation.line", lambda *_: ""
    )  # the table itself refuses it then
    monkeypatch.setenv("KIN_DEBUG", debug)
    told = met("note", f"tea with Maya, {SECRET}", "--ask", SECRET, "--at", SECRET)
    assert (told.code, SECRET in told.out + told.err) == (1, False)
    assert "IntegrityError" in told.err


def test_a_trace_tells_the_places_where_it_is_asked_for(
    met: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kin.overview.recall.brief", broken)
    monkeypatch.setenv("KIN_DEBUG", "1")
    told = met("recall", "maya")
    assert re.search(r'File ".*recall\.py", line \d+, in recall', told.err)
    assert told.err.count("\nKeyError") == told.err.count("\nRuntimeError") == 1
    assert told.err.splitlines()[-1].startswith("kin: This is a bug in kin (RuntimeError at ")
