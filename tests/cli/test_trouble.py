"""Bad input and a bad environment: one clear line, the right exit code, and nothing lost."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from kin.cli import console
from tests.conftest import Kin, Result
from tests.make import grow
from tests.terminal import Words, apart, beside, ended, fresh

TABLES = "person name_word nickname interest person_interest note question contact tie".split()


def counts(book: Path) -> dict[str, int]:
    """Count the rows of each table."""
    with sqlite3.connect(book) as db:
        return {
            table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES
        }


def names(book: Path) -> list[str]:
    """Return all names except the owner's."""
    with sqlite3.connect(book) as db:
        return [name for (name,) in db.execute("SELECT name FROM person WHERE is_me = 0")]


def one_line(result: Result) -> bool:
    """Return whether there is one line of error, and nothing on stdout."""
    lines = result.err.splitlines()
    return len(lines) == 1 and lines[0].startswith("kin: ") and result.out == ""


# The words of a command.


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["recal", "maya"], "kin recall"),
        (["peple"], "kin people"),
        (["intrests"], "kin interests"),
        (["xyzzy"], "kin --help"),
        ([""], "kin --help"),
        (["add", "Ada", "--itno", "fado"], "--into"),
        (["people", "--liv", "Lisbon"], "--lives"),
        (["--jsn"], "--json"),
        (["recall"], "WHO"),
        (["ask", "maya"], "QUESTION"),
        (["find"], "WORDS"),
        (["tie", "maya"], "kin tie --help"),
        (["me", "maya"], "kin me --help"),
        (["people", "-n", "many"], "kin people --help"),
        (["people", "-n", "-1"], "kin people --help"),
        (["people", "-n"], "-n"),
        (["people", "--sort", "rank"], "name, recent"),
        (["note", "tea", "--by", "pigeon"], "visit, call, video, message, letter"),
        (["add", "Ada", "--circle", "best"], "inner, close, friend, wide"),
        (["note"], "kin note"),
        (["add"], "kin add NAME"),
        (["note", "tea", "--on", "32 may"], "32 may"),
        (["note", "tea", "--on", "03/04/2026"], "2026"),
    ],
)
def test_a_wrong_command_gets_a_line_that_says_what_to_type(
    words: Words, meant: str, kin: Kin
) -> None:
    result = kin(*words)
    assert (result.code, one_line(result), meant in result.err) == (2, True, True), result.err


def test_a_failing_command_writes_nothing(met: Kin, book: Path) -> None:
    failing: list[tuple[Words, int]] = [
        (["add", "Maya Okafor", "--into", "opera"], 1),
        (["add", "Ada", "--into", "opera", "--birthday", "32 may"], 2),
        (["add", "Ada", "--into", "opera", "--through", "nobody"], 3),
        (["add", "Ada", "--into", "opera", "--through", "tom"], 4),
        (["add", "Ada", "--note", "tea", "--ask", " "], 2),
        (["add", "Ada", "--both", "opera", "--into", "---"], 2),
        (["add", "A" * 3000], 2),
        (["add", " "], 2),
        (["edit", "maya", "--into", "opera", "--birthday", "32 may"], 2),
        (["edit", "maya", "--nick", "Em", "--handle", "tom-b"], 2),
        (["edit", "maya", "--nick", "Em", "--not-into", "opera"], 3),
        (["note", "tea #opera ?is it done", "--with", "nobody"], 3),
        (["note", "tea #opera ?is it done", "--with", "tom"], 4),
        (["note", "tea #opera", "--about", "---"], 2),
        (["note", "03/04/2026: tea #opera"], 2),
        (["note", "tea\0"], 2),
        (["note", " \n"], 2),
        (["ask", "maya", "is it done", "--on", "32 may"], 2),
        (["ask", "nobody", "is it done"], 3),
        (["answered", "maya", "nonsense"], 3),
        (["answered", "maya"], 4),
        (["tie", "maya", "nobody", "--as", "sister"], 3),
        (["tie", "maya", "maya", "--as", "sister"], 2),
        (["me", "--into", "opera", "--not-into", "nonsense"], 3),
    ]
    before = counts(book), book.read_bytes()
    for words, code in failing:
        result = met(*words)
        assert (words, result.code, one_line(result)) == (words, code, True), result.err
    assert (counts(book), book.read_bytes()) == before


def test_a_first_command_that_fails_leaves_a_welcome(kin: Kin) -> None:
    assert kin("add", "Ada", "--birthday", "32 may").code == 2
    assert (kin("people").code, kin("people", "--json").out) == (0, "[]\n")
    assert kin("add", "Ada").code == 0


@pytest.mark.parametrize("words", [["note", "tea with Ada"], ["note", "-"]])
def test_a_note_is_kept_even_where_there_was_no_book(words: Words, kin: Kin) -> None:
    result = kin(*words, stdin="tea with Ada")
    kept = [each["text"] for each in kin("notes", "--json").json["notes"]]
    assert (result.code, kept) == (0, ["tea with Ada"])


def test_a_dry_run_makes_no_book(kin: Kin, book: Path) -> None:
    assert kin("note", "tea with Ada", "--dry-run").code == 0
    assert not book.exists()


def test_an_argument_that_is_not_utf_8_is_refused(met: Kin, book: Path) -> None:
    wrong = "caf\udce9"  # as the shell hands on b"caf\xe9"
    before = counts(book)
    for words in (
        *(["add", wrong], ["add", "Ada", "--into", wrong], ["add", "Ada", "--met", wrong]),
        *(["add", "Ada", "--email", wrong], ["add", "Ada", "--date", f"{wrong}=1 may"]),
        *(["note", wrong], ["note", "tea", "--at", wrong], ["note", "tea", "--about", wrong]),
        *(["edit", "maya", "--handle", wrong], ["edit", "maya", "--not-nick", wrong]),
        *(["me", "--name", wrong], ["ask", "maya", wrong], ["answered", "zoe", "--answer", wrong]),
        *(["tie", "maya", "tom-b", "--as", wrong], [wrong], ["people", f"--{wrong}"]),
        *(["recall", wrong], ["find", wrong], ["people", "--met", wrong], ["notes", "--at", wrong]),
    ):
        result = met(*words)
        assert (words, result.code in (2, 3), one_line(result)) == (words, True, True), result.err
        assert "bug" not in result.err
    assert counts(book) == before


@pytest.mark.parametrize("given", [b"caf\xe9", b"", b" \n", b"tea\0"])
def test_what_comes_in_and_cannot_be_kept_is_refused(given: bytes, kin: Kin) -> None:
    result = kin("note", "-", stdin=given)
    assert (result.code, one_line(result)) == (2, True)


# The environment.


@pytest.mark.parametrize("pinned", ["tomorrow", "2026-13-01", "2026-11-23T25:00", "23/11/2026"])
def test_a_wrong_kin_now_is_reported(
    pinned: str, kin: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIN_NOW", pinned)
    for words in ([], ["add", "Ada"], ["people"], ["note", "tea"], ["today"]):
        result = kin(*words)
        assert (result.code, one_line(result), "KIN_NOW" in result.err) == (2, True, True), (
            result.err
        )
    assert kin("--help").code == 0


@pytest.mark.parametrize("pinned", ["0001-01-01", "9999-12-31", "2026-11-23T10:00:00+02:00"])
def test_the_first_day_and_the_last_are_days(
    pinned: str, kin: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIN_NOW", pinned)
    kin("add", "Ada", "--birthday", "1 january")
    for words in ([], ["note", "yesterday: tea with Ada"], ["recall", "ada"], ["upcoming"]):
        result = kin(*words)
        assert (words, "bug" in result.err) == (words, False), result.err


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (b"date_order = ", "Cannot read"),
        (b"date_order = 'ymd'", "date_order"),
        (b"date_order = 1", "date_order"),
        (b"colour = 'red'", "colour"),
        (b"date_order = 'dmy'\n[more]", "more"),
        (b"\xff\xfe", "Cannot read"),
    ],
)
def test_broken_settings_are_reported(settings: bytes, says: str, kin: Kin, tmp_path: Path) -> None:
    kin("add", "Ada")
    (tmp_path / "config.toml").write_bytes(settings)
    for words in (["add", "Eva"], ["note", "tea with Ada"], ["notes", "--since", "yesterday"]):
        result = kin(*words)
        assert (result.code, one_line(result), says in result.err) == (2, True, True), result.err
    assert [each["name"] for each in kin("people", "--json").json] == ["Ada"]


def test_a_bug_says_where_but_not_its_message(met: Kin, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        try:
            raise ValueError("other secret words")
        except ValueError as error:
            raise RuntimeError("secret words") from error

    monkeypatch.setattr("kin.overview.recall.recall", broken)
    result = met("recall", "maya")
    assert (result.code, one_line(result)) == (1, True)
    assert re.search(r"bug in kin \(RuntimeError at \w+\.py:\d+\)", result.err)
    as_json = met("recall", "maya", "--json")
    assert (as_json.code, as_json.error["code"]) == (1, 1)
    assert "secret" not in result.err + as_json.err


def test_a_bug_in_a_write_writes_nothing(
    met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret words")

    before = counts(book)
    monkeypatch.setattr("kin.people.queries.load_person", broken)
    result = met("add", "Ada", "--into", "opera", "--note", "secret tea")
    assert (result.code, one_line(result), "secret" in result.err) == (1, True, False)
    assert counts(book) == before


# Streams that close, and keys that come at the wrong moment.


def test_a_reader_may_stop_early(book: Path) -> None:
    grow(book, people=2000, notes=10, links=10, seed=1)
    for words in ("people", "people --json"):
        line = f'"{sys.executable}" -m kin {words} | head -c 20; echo "${{PIPESTATUS[0]}}" >&2'
        shell = subprocess.run(["bash", "-c", line], env=fresh(), capture_output=True, check=True)
        assert (words, len(shell.stdout), shell.stderr) == (words, 20, b"0\n")


@pytest.mark.parametrize("streams", [(1,), (1, 2), (2,)])
def test_a_change_is_kept_when_no_one_reads_the_result(
    streams: tuple[int, ...], kin: Kin, book: Path
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    code = ended(beside(["add", "Ada"], streams=dict.fromkeys(streams, writer)))
    os.close(writer)
    assert (code, names(book)) == (0, ["Ada"])


@pytest.mark.parametrize("stream", [0, 1, 2])
def test_a_change_is_kept_when_a_stream_is_closed(stream: int, book: Path) -> None:
    shell = subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -m kin add Ada {stream}<&-'],
        env=fresh(),
        capture_output=True,
        check=False,
    )
    lost = stream == 1  # the result is lost, and kin says so
    assert (names(book), shell.returncode) == (["Ada"], int(lost)), shell.stderr
    assert (b"The change was made" in shell.stderr) == lost
    assert b"Traceback" not in shell.stderr and b"othing was written" not in shell.stderr


def test_a_full_disk_for_stdout_is_reported_and_the_change_is_kept(kin: Kin, book: Path) -> None:
    with open("/dev/full", "wb") as full, (book.parent / "err").open("w+b") as err:
        code = ended(beside(["add", "Ada"], streams={1: full.fileno(), 2: err.fileno()}))
    said = (book.parent / "err").read_text()
    assert names(book) == ["Ada"]
    assert ("bug" in said, "othing was written" in said, code) == (False, False, 1)


def test_an_error_does_not_go_to_stdout_when_stderr_is_closed(book: Path) -> None:
    line = f'"{sys.executable}" -m kin recall nobody --db /nowhere/book.db --json 2>&-'
    shell = subprocess.run(["sh", "-c", line], env=fresh(), capture_output=True, check=False)
    assert (shell.returncode, shell.stdout) == (3, b"")


def test_a_closed_stdin_is_not_a_bug(book: Path) -> None:
    def close() -> None:
        sys.stdin = None  # as Python has it where 0 is closed

    result = apart("note", "-", before=close)
    assert (result.code, "bug" in result.err) == (2, False), result.err


def test_ctrl_c_before_kin_has_begun_shows_no_trace(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("raise KeyboardInterrupt\n")  # the key, as typer is read
    path = f"{tmp_path}{os.pathsep}{fresh()['PYTHONPATH']}"
    started = subprocess.run(
        [sys.executable, "-m", "kin", "people"],
        env=fresh(PYTHONPATH=path),
        capture_output=True,
        check=False,
    )
    assert (started.returncode, b"Traceback" in started.stderr) == (130, False)


def test_ctrl_c_in_the_middle_of_a_write_leaves_nothing(
    met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kin.people import queries as people_queries

    original = people_queries.load_person

    def interrupted(*given: object) -> object:
        os.kill(os.getpid(), signal.SIGINT)
        return original(*given)  # type: ignore[arg-type]

    before = counts(book)
    monkeypatch.setattr(people_queries, "load_person", interrupted)
    result = apart("add", "Ada", "--into", "opera")
    assert (result.code, counts(book) == before) == (130, True)
    assert result.err.strip() in ("", "Nothing was written.")


def test_ctrl_c_after_a_change_does_not_deny_it(
    kin: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(console, "print_result", interrupted)
    result = kin("add", "Ada")
    assert (result.code, names(book)) == (130, ["Ada"])
    assert "othing was written" not in result.err


@pytest.mark.parametrize("share", range(12))
def test_ctrl_c_at_any_moment_leaves_all_or_nothing(share: int, kin: Kin, book: Path) -> None:
    kin("add", "Maya")
    result = apart(
        "add", "Ada", "--into", "opera", before=lambda: interrupt_after(800 + share * 700)
    )
    with sqlite3.connect(book) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        (interests,) = db.execute("SELECT count(*) FROM person_interest").fetchone()
    added = "Ada" in names(book)
    assert (interests, result.code in (0, 130)) == (int(added), True), result.err
    assert "Traceback" not in result.err and "bug" not in result.err


def interrupt_after(calls: int) -> None:
    """Press Ctrl-C when so many Python functions have been called from now on."""
    left = calls

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            sys.setprofile(None)
            os.kill(os.getpid(), signal.SIGINT)

    sys.setprofile(count)
