"""A report of a bug says where it is, and never quotes the book: on no stream, in no file, not even with KIN_DEBUG."""

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
@pytest.mark.parametrize(
    "command", [name for name in SHAPES if name not in ("export", "demo", "help")]
)
def test_a_bug_in_any_command_reveals_nothing(
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
    monkeypatch.setattr("kin.cli.console.print_result", broken)
    monkeypatch.setenv("KIN_DEBUG", debug)
    before = set(desk.rglob("*"))
    result = met(*words, *as_json)
    assert (result.code, SECRET in result.out + result.err) == (1, False)
    assert "RuntimeError" in result.err and "test_crash.py" in result.err
    assert bool(debug) == ("KeyError" in result.err)
    left = [each for each in set(desk.rglob("*")) - before if each.is_file()]
    assert [each for each in left if SECRET.encode() in each.read_bytes()] == []


@pytest.mark.parametrize("debug", ["", "1"])
def test_what_sql_was_given_is_hidden(
    debug: str, met: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "kin.language.text.check_line", lambda *_: ""
    )  # the table itself refuses it then
    monkeypatch.setenv("KIN_DEBUG", debug)
    result = met("note", f"tea with Maya, {SECRET}", "--ask", SECRET, "--at", SECRET)
    assert (result.code, SECRET in result.out + result.err) == (1, False)
    assert "IntegrityError" in result.err


def test_a_trace_shows_the_places_with_kin_debug(met: Kin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kin.overview.recall.recall", broken)
    monkeypatch.setenv("KIN_DEBUG", "1")
    result = met("recall", "maya")
    assert re.search(r'File ".*recall\.py", line \d+, in recall', result.err)
    assert result.err.count("\nKeyError") == result.err.count("\nRuntimeError") == 1
    assert result.err.splitlines()[-1].startswith("kin: This is a bug in kin (RuntimeError at ")
