"""Errors, streams, colour, hints, the common options and help."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kin.cli.app import COMMANDS
from kin.cli.help_topics import list_topics
from tests.cli.test_contract import SHAPES, TEXT, find_misfits
from tests.conftest import Kin
from tests.terminal import apart, beside, ended, fresh

# Errors

FAILING: list[tuple[tuple[str, ...], int]] = [
    (("add", "Maya Okafor"), 1),
    (("nonsense",), 2),
    (("recall",), 2),
    (("recall", "--nonsense", "maya"), 2),
    (("people", "-n", "many"), 2),
    (("people", "--since", "3/4"), 2),
    (("note", ""), 2),
    (("note", "tea", "--by", "fax"), 2),
    (("add", "Pat", "--birthday", "soon"), 2),
    (("tie", "maya", "maya", "--as", "self"), 2),
    (("edit", "maya", "--not-into", "falconry"), 3),
    (("recall", "nobody"), 3),
    (("interests", "falconry"), 3),
    (("answered", "zoe"), 3),
    (("recall", "tom"), 4),
    (("note", "tea", "--with", "tom"), 4),
    (("answered", "maya"), 4),
]


def test_an_error_is_one_line_on_stderr_and_an_exit_code(met: Kin) -> None:
    for words, code in FAILING:
        result = met(*words)
        assert (result.code, result.out) == (code, ""), words
        assert result.err.startswith("kin: ") and result.err.count("\n") == 1, words
        assert result.err.endswith("\n"), words


def test_an_error_is_json_on_stderr_where_json_is_wanted(met: Kin) -> None:
    shape = {"code": int, "message": str, "hint": TEXT, "candidates": [str]}
    for words, code in FAILING:
        result = met(*words, "--json")
        assert (result.code, result.out) == (code, ""), words
        assert set(json.loads(result.err)) == {"error"}
        assert find_misfits(result.error, shape) == [], words
        assert result.error["code"] == code


def test_a_book_in_trouble_is_exit_code_5(kin: Kin, book: Path) -> None:
    book.write_bytes(b"Dear diary, " * 100)
    for words in (("people",), ("add", "Maya"), ("people", "--json")):
        assert kin(*words).code == 5
    assert kin("people", "--json").error["code"] == 5
    assert book.read_bytes() == b"Dear diary, " * 100


def test_a_wrong_kin_now_is_refused(kin: Kin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIN_NOW", "noonish")
    assert kin("add", "Maya").code == 2
    assert kin("today", "--json").error["code"] == 2


@pytest.mark.parametrize(
    "words",
    [
        ("find", "\udcff"),
        ("recall", "\udcff"),
        ("interests", "\udcff"),
        ("people", "--lives", "\udcff"),
        ("people", "--met", "\udcff"),
        ("people", "--into", "\udcff"),
        ("people", "--group", "\udcff"),
        ("notes", "--at", "\udcff"),
        ("notes", "--about", "\udcff"),
        ("tie", "maya", "\udcff", "--as", "x"),
        ("answered", "maya", "\udcff"),
        ("edit", "maya", "--not-into", "\udcff"),
        ("note", "tea", "--on", "\udcff"),
    ],
)
def test_a_byte_that_is_not_text_is_not_a_bug(met: Kin, words: tuple[str, ...]) -> None:
    result = met(*words)
    assert "bug" not in result.err
    assert result.code in (0, 2, 3)


# Streams


@pytest.mark.parametrize("command", SHAPES)
def test_stdout_has_no_colour_in_a_pipe_and_none_with_plain(met: Kin, command: str) -> None:
    words, _ = SHAPES[command]
    result = met(*words, "--plain")
    assert result.code == (command == "redo")  # there is nothing to redo
    assert "\x1b" not in result.out + result.err


@pytest.mark.parametrize(
    ("words", "columns"),
    [
        (("people",), 4),
        (("notes",), 4),
        (("find", "kiln"), 4),
        (("interests",), 5),
        (("interests", "pottery"), 7),
        (("interests", "--with", "maya"), 4),
        (("upcoming",), 4),
    ],
)
def test_a_list_in_a_pipe_is_rows_of_as_many_cells(
    met: Kin, words: tuple[str, ...], columns: int
) -> None:
    rows = met(*words, "--plain").out.splitlines()
    assert rows
    assert [row.count("\t") + 1 for row in rows] == [columns] * len(rows)
    assert met(*words).out.splitlines() == rows


def test_hints_go_to_stderr_and_are_left_out_with_json(met: Kin) -> None:
    assert met("add", "Ana Ruiz").err.startswith("Next:\n  kin note ")
    assert met("add", "Ben Ode", "--json").err == ""
    assert met("note", "tea with Priya Shah").err == (
        "Add Priya Shah? kin add 'Priya Shah'\nUndo it: kin undo\n"
    )
    assert met("note", "tea with Priya Shah", "--json").err == ""
    assert met("people", "--into", "falconry", "--json").err == ""


def test_in_a_pipe_there_are_no_hints(met: Kin, kin_in_pipe: Kin) -> None:
    for words in (
        ("add", "Ana Ruiz"),
        ("note", "tea with Priya Shah"),
        ("note", "coffee"),
        ("reconnect",),
        ("share", "a kiln for pottery"),
        ("people", "-n", "1"),
        ("undo",),
    ):
        result = kin_in_pipe(*words)
        assert (result.code, result.out != "", result.err) == (0, True, ""), words


def test_in_a_pipe_an_empty_list_is_reported_without_a_hint(met: Kin, kin_in_pipe: Kin) -> None:
    result = kin_in_pipe("people", "--into", "falconry")
    assert (result.code, result.out, result.err) == (0, "", "No one matches.\n")
    assert kin_in_pipe("vocab", "list").err == "You haven’t taught kin anything yet.\n"


def test_in_a_pipe_the_dashboard_is_without_hints(met: Kin, kin_in_pipe: Kin) -> None:
    result = kin_in_pipe()
    assert (result.code, result.err) == (0, "")
    assert "kin " not in result.out and result.out.endswith("\n") and "\n\n" not in result.out


def test_in_a_pipe_what_is_unclear_is_reported_without_a_hint(met: Kin, kin_in_pipe: Kin) -> None:
    met("me", "--into", "pottary")
    assert kin_in_pipe("edit", "grace", "--into", "potery").err.count("separate.\n") == 1
    assert kin_in_pipe("note", "tea with @nobody").err == "There is no @nobody; kept as text.\n"


def test_in_a_pipe_a_missing_book_is_reported_in_one_line(kin_in_pipe: Kin, book: Path) -> None:
    for words in ((), ("people",), ("people", "--plain")):
        result = kin_in_pipe(*words)
        assert (result.code, result.out) == (0, "")
        assert result.err == f"There is no book at {book} yet.\n"


@pytest.mark.parametrize("option", ["-q", "--quiet", "--plain"])
def test_quiet_and_plain_leave_hints_out(option: str, met: Kin) -> None:
    for words in (("add", "Ana"), ("note", "tea with Priya Shah"), ("reconnect",), ("undo",)):
        result = met(*words, option)
        assert (result.code, result.out != "", result.err) == (0, True, ""), words


def test_quiet_keeps_errors(met: Kin) -> None:
    assert met("-q", "recall", "falcon").err.startswith("kin: ")
    assert met("people", "--into", "falconry", "-q").err == "No one matches.\n"
    assert met("interests", "--rare", "--into", "-q").code == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_the_common_options_last(command: str, kin: Kin) -> None:
    *_, everywhere = kin(command, "--help").out.split("\n\n")
    heading, *lines = everywhere.splitlines()
    assert heading == "Everywhere:"
    assert [line.split("  ")[1] for line in lines] == [
        "--db PATH",
        "--json",
        "--plain",
        "-q, --quiet",
        "--no-input",
        "-y, --yes",
        "-h, --help",
    ]


def test_short_options_are_the_long_ones(met: Kin) -> None:
    for short, long in ((("notes", "-w", "maya"), ("notes", "--with", "maya")),
                        (("notes", "-a", "fado", "-n", "1"), ("notes", "--about", "fado", "-n", "1")),
                        (("interests", "-w", "maya"), ("interests", "--with", "maya")),
                        (("reconnect", "-a", "chess"), ("reconnect", "--about", "chess")),
                        (("note", "tea", "-w", "maya", "-o", "yesterday", "-a", "chess", "--dry-run"),
                         ("note", "tea", "--with", "maya", "--on", "yesterday", "--about", "chess", "--dry-run"))):  # fmt: skip
        assert met(*short, "--json").json == met(*long, "--json").json != []
    assert met("ask", "maya", "how is it", "-o", "1 december", "--json").code == 0
    assert met("add", "Ada", "-o", "yesterday", "--json").json["met"]["on"] == "2026-11-22"


# Colour


COLOR = "\x1b["


def test_force_color_gives_colour_in_a_pipe(met: Kin, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = met("people").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    colored = met("people").out
    assert COLOR in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain
    assert COLOR in met("recall", "maya").out


@pytest.mark.parametrize(
    ("environment", "options"),
    [
        ({"NO_COLOR": "1"}, ()),
        ({"TERM": "dumb"}, ()),
        ({"FORCE_COLOR": ""}, ()),
        ({}, ("--plain",)),
        ({}, ("--json",)),
    ],
)
def test_what_wins_over_force_color(
    environment: dict[str, str],
    options: tuple[str, ...],
    met: Kin,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in ({"FORCE_COLOR": "1"} | environment).items():
        monkeypatch.setenv(name, value)
    for words in ((), ("people",), ("recall", "maya")):
        assert "\x1b" not in met(*words, *options).out


def test_an_empty_no_color_does_not_count(met: Kin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "yes")
    monkeypatch.setenv("NO_COLOR", "")
    assert COLOR in met("people").out


def test_with_force_color_names_still_cannot_control_the_terminal(
    kin: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    kin("add", "Ev\x1b[31mil Eve", "--met", "bell \x07\x9b2J")
    for words in (("people",), ("recall", "ev")):
        out = re.sub(r"\x1b\[[0-9;]*m", "", kin(*words).out)
        assert "Ev\\x1b[31mil Eve" in out
        assert re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", out) is None


def test_no_name_and_no_note_can_control_the_terminal(kin: Kin) -> None:
    kin("add", "Ev\x1b[31mil\u202e Eve", "--met", "bell \x07\x9b2J", "--into", "[bold]tea[/bold]")
    kin("note", "\x1b]0;owned\x07 and \u2066 with Eve", "--with", "ev")
    for words in ((), ("people",), ("recall", "ev"), ("notes",), ("find", "owned"), ("me",)):
        result = kin(*words)
        assert result.code == 0
        assert (
            re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", result.out) is None
        )
    shown = kin("people").out
    assert "Ev\\x1b[31mil\\u202e Eve" in shown and "[bold]tea[/bold]" in shown


def test_json_gives_text_unchanged(kin: Kin) -> None:
    name = "Ev\x1b[31mil Zoë 陶芸"
    assert kin("add", name, "--json").json["name"] == name
    assert "Zoë 陶芸" in kin("people", "--json").out


# Streams that cannot be written


LEFT_OUT = ("redo", "demo")  # there is nothing to redo, and the demo runs other commands
RESULTS: dict[str, tuple[str, ...]] = {
    **{command: words for command, (words, _) in SHAPES.items() if command not in LEFT_OUT},
    "help": ("--help",),
    "help of a command": ("recall", "--help"),
    "version": ("--version",),
    "json": ("people", "--json"),
    "plain": ("people", "--plain"),
    "export as kin": ("export",),
    "export as vcard": ("export", "--format", "vcard"),
    "export as html": ("export", "--format", "html"),
    "export in json": ("export", "--format", "csv", "--json"),
}
WRITES = (
    "add note edit ask answered tie backup forget merge import undo".split()
)  # and what they wrote is kept


def with_streams(
    words: tuple[str, ...], folder: Path, out: str | None = None, err: str | None = None
) -> tuple[int, str, str]:
    """Run kin with its streams in files, or in `out` and `err`: a path, or "" for a closed one."""
    places = {1: out, 2: err}
    files = {
        number: None if place == "" else os.open(place or folder / str(number), FLAGS, 0o600)
        for number, place in places.items()
    }
    code = ended(beside(words, streams=files))
    for file in files.values():
        if file is not None:
            os.close(file)
    said = [
        "" if place is not None else (folder / str(number)).read_text()
        for number, place in places.items()
    ]
    return code, said[0], said[1]


FLAGS = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


@pytest.mark.parametrize("place", ["/dev/full", ""])
@pytest.mark.parametrize("command", RESULTS)
def test_a_result_that_cannot_be_written_is_an_error(
    command: str, place: str, met: Kin, book: Path, tmp_path: Path
) -> None:
    met("edit", "tom-k", "--lives", "York")  # to be undone
    whole = book.read_bytes()
    code, out, err = with_streams(RESULTS[command], tmp_path)
    assert code == 0 and "Cannot write" not in err
    book.write_bytes(whole)
    lost = with_streams(RESULTS[command], tmp_path, out=place)
    if not out:
        return
    assert lost[0] == 1, lost
    (line, *more) = lost[2].splitlines()
    why = "No space left on device" if place else "standard output is closed"
    assert f"Cannot write the result: {why}." in line
    assert ("The change was made." in line) == (command in WRITES)
    assert "bug" not in lost[2] and "Traceback" not in lost[2]
    assert more == []


@pytest.mark.parametrize("place", ["/dev/full", ""])
def test_errors_that_cannot_be_written_do_not_change_the_exit_code(
    place: str, met: Kin, book: Path, tmp_path: Path
) -> None:
    for words, code in FAILING:
        assert with_streams(words, tmp_path, err=place)[0] == code, words
    for words in (("recall", "nobody", "--json"), ("recall", "tom", "--json")):
        assert with_streams(words, tmp_path, err=place)[0] in (3, 4), words
    for command in ("people", "doctor", "add", "note", "share", "undo", "import", "forget"):
        assert with_streams(RESULTS[command], tmp_path, err=place)[0] == 0, command


@pytest.mark.parametrize("both", ["/dev/full", ""])
def test_nothing_can_be_written_at_all(both: str, met: Kin, tmp_path: Path) -> None:
    assert with_streams(("people",), tmp_path, out=both, err=both) == (1, "", "")
    assert with_streams(("recall", "nobody"), tmp_path, out=both, err=both) == (3, "", "")


PROCESSES: tuple[tuple[str, ...], ...] = (
    ("export",),
    ("export", "--format", "vcard"),
    ("--help",),
    ("__complete", "fish"),
)


def shell(program: str, streams: str) -> subprocess.CompletedProcess[bytes]:
    """Run a Python program in an interpreter of its own, with redirections."""
    return subprocess.run(
        ["sh", "-c", f"'{sys.executable}' {program} {streams}"],
        input=b"kin\0re\0",
        env=fresh(PYTHONUNBUFFERED=""),
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("streams", [">/dev/full", ">&-", "1</dev/null"])
@pytest.mark.parametrize("words", PROCESSES)
def test_python_does_not_try_again_at_exit(words: tuple[str, ...], streams: str, met: Kin) -> None:
    result = shell(f"-m kin {' '.join(words)}", streams)
    assert result.returncode == 1, result.stderr
    assert re.fullmatch(rb"kin: Cannot write the result: [^\n]+\n", result.stderr)


@pytest.mark.parametrize("streams", [">/dev/full 2>/dev/full", ">&- 2>&-", "<&- >/dev/full"])
def test_completion_ends_in_an_exit_code_whatever_is_closed(streams: str, met: Kin) -> None:
    result = shell("-m kin __complete fish", streams)
    assert result.returncode == 1
    assert b"Traceback" not in result.stderr and b"Exception ignored" not in result.stderr


def test_control_python_reports_a_program_that_does_not_check() -> None:
    result = shell("-c 'print(1)'", ">/dev/full")
    assert (result.returncode, b"Exception ignored" in result.stderr) == (120, True)


def test_control_a_result_that_is_dropped_is_noticed(
    met: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kin.cli.console.print_result", lambda *_: None)
    assert with_streams(("people",), tmp_path, out="/dev/full")[0] == 0


def test_a_reader_that_stops_early_is_not_an_error(met: Kin, tmp_path: Path) -> None:
    for words in (("people",), ("export",), ("--help",), ("people", "--json")):
        reader, writer = os.pipe()
        os.close(reader)
        with (tmp_path / "err").open("w+b") as err:
            code = ended(beside(words, streams={1: writer, 2: err.fileno()}))
        os.close(writer)
        assert (code, (tmp_path / "err").read_bytes()) == (0, b""), words


@pytest.mark.parametrize("stream", ["1", "2", "0"])
def test_a_program_that_kin_starts_does_not_print_into_a_file(
    stream: str, met: Kin, book: Path, tmp_path: Path
) -> None:
    editor = tmp_path / "editor"
    editor.write_text(
        '#!/bin/sh\necho talk; echo talk >&2; sed -i "s/^lives:.*/lives: Faro/" "$1"\n'
    )
    editor.chmod(0o755)
    result = subprocess.run(
        ["sh", "-c", f"'{sys.executable}' -m kin edit maya {stream}>&-"],
        env=fresh(EDITOR=str(editor)),
        capture_output=True,
        check=False,
    )
    assert result.returncode == int(stream == "1"), result.stderr
    assert met("recall", "maya", "--json").json["person"]["lives"] == "Faro"
    assert met("doctor").code == 0


# JSON for programs in any language


def strict(words: str) -> object:
    """Read JSON as a strict parser does: without half characters."""
    read = json.loads(words)
    json.dumps(read, ensure_ascii=False).encode()  # half a character cannot be written
    return read


@pytest.mark.parametrize("name", [b"b\xff.db", b"\xc3(.db", b"\xed\xa0\x80.db", b"a\xffb \xfe.db"])
def test_json_with_a_path_that_is_not_utf_8_is_valid(
    name: bytes, met: Kin, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    other = os.fsencode(tmp_path) + b"/" + name
    os.rename(book, other)
    monkeypatch.setenv("KIN_DB", os.fsdecode(other))
    monkeypatch.chdir(tmp_path)
    for words in (("doctor",), ("backup",), ("restore",), ("restore", "x"), ("recall", "nobody")):
        result = apart(*words, "--json")
        for said in (result.out, result.err):
            assert not said or strict(said), words
    monkeypatch.setenv("KIN_DB", os.fsdecode(other) + "/nowhere")
    (read,) = strict(apart("people", "--json").err).values()  # type: ignore[attr-defined]
    assert name.decode("utf-8", "backslashreplace") in read["message"]


def test_control_the_strict_parser_sees_half_a_character() -> None:
    with pytest.raises(UnicodeEncodeError):
        strict(json.dumps("b\udcff.db"))


# Common options


def test_the_book_is_named_before_or_after_the_command(met: Kin, tmp_path: Path) -> None:
    other = str(tmp_path / "other.db")
    assert met("--db", other, "add", "Ana").code == 0
    assert met("add", "Ben", "--db", other).code == 0
    for words in (("--db", other, "people", "--json"), ("people", "--json", "--db", other)):
        assert [each["handle"] for each in met(*words).json] == ["ana", "ben"]
    assert len(met("people", "--json").json) == 5


def test_common_options_may_come_before_or_after_the_command(met: Kin) -> None:
    assert met("--json", "people").json == met("people", "--json").json
    assert met("--plain", "people").out == met("people", "--plain").out


def test_the_version_is_printed(kin: Kin) -> None:
    result = kin("--version")
    assert re.fullmatch(r"kin \d+\.\d+\.\d+\S*\n", result.out)
    assert f"kin {kin('--version', '--json').json['version']}\n" == result.out


# Help


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_has_examples(kin: Kin, command: str) -> None:
    result = kin(command, "--help")
    assert (result.code, result.err) == (0, "")
    examples = [line for line in result.out.splitlines() if line.startswith(f"  kin {command}")]
    assert len(examples) >= 2


def test_the_help_names_every_command(kin: Kin) -> None:
    result = kin("--help").out
    topics = [topic.name for topic in list_topics()]
    assert re.findall(r"(?m)^  ([a-z][a-z-]*)  +\S", result) == [*COMMANDS, *topics]
    assert kin("-h").out == result


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_the_help_fits_a_screen_of_40_columns(
    kin: Kin, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    result = kin(*([command] if command else []), "--help").out
    assert "Usage: kin" in result
    assert [line for line in result.splitlines() if len(line) > 40] == []


def test_every_option_has_words_in_the_help(kin: Kin) -> None:
    for command in ("", *COMMANDS):
        result = kin(*([command] if command else []), "--help").out
        bare = re.findall(r"(?m)^  (?:-\w, )?--[\w-]+(?: [^\s]+)?\n(?!   )", result)
        assert bare == [], command
