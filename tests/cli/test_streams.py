"""What stands where: one line for an error, data on stdout, talk on stderr, the common options, help."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kin.cli.app import COMMANDS
from tests.cli.test_contract import SHAPES, TEXT, misfits
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
    (("heard", "zoe"), 3),
    (("recall", "tom"), 4),
    (("note", "tea", "--with", "tom"), 4),
    (("heard", "maya"), 4),
]


def test_an_error_is_one_line_on_stderr_and_an_exit_code(met: Kin) -> None:
    for words, code in FAILING:
        told = met(*words)
        assert (told.code, told.out) == (code, ""), words
        assert told.err.startswith("kin: ") and told.err.count("\n") == 1, words
        assert told.err.endswith("\n"), words


def test_an_error_is_json_on_stderr_where_json_is_wanted(met: Kin) -> None:
    shape = {"code": int, "message": str, "hint": TEXT, "candidates": [str]}
    for words, code in FAILING:
        told = met(*words, "--json")
        assert (told.code, told.out) == (code, ""), words
        assert set(json.loads(told.err)) == {"error"}
        assert misfits(told.error, shape) == [], words
        assert told.error["code"] == code


def test_a_sick_book_is_exit_code_5(kin: Kin, book: Path) -> None:
    book.write_bytes(b"Dear diary, " * 100)
    for words in (("people",), ("add", "Maya"), ("people", "--json")):
        assert kin(*words).code == 5
    assert kin("people", "--json").error["code"] == 5
    assert book.read_bytes() == b"Dear diary, " * 100


def test_a_clock_that_is_none_is_refused(kin: Kin, monkeypatch: pytest.MonkeyPatch) -> None:
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
        ("talks", "--at", "\udcff"),
        ("talks", "--about", "\udcff"),
        ("tie", "maya", "\udcff", "--as", "x"),
        ("heard", "maya", "\udcff"),
        ("edit", "maya", "--not-into", "\udcff"),
        ("note", "tea", "--on", "\udcff"),
    ],
)
def test_a_byte_that_is_no_text_is_no_bug_of_kin(met: Kin, words: tuple[str, ...]) -> None:
    told = met(*words)
    assert "bug" not in told.err
    assert told.code in (0, 2, 3)


# Streams


@pytest.mark.parametrize("command", SHAPES)
def test_stdout_has_no_colour_in_a_pipe_and_none_with_plain(met: Kin, command: str) -> None:
    words, _ = SHAPES[command]
    told = met(*words, "--plain")
    assert told.code == (command == "redo")  # there is nothing to redo
    assert "\x1b" not in told.out + told.err


@pytest.mark.parametrize(
    ("words", "columns"),
    [
        (("people",), 4),
        (("talks",), 4),
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


def test_hints_stand_on_stderr_and_not_at_all_with_json(met: Kin) -> None:
    assert met("add", "Ana Ruiz").err.startswith("Next: ")
    assert met("add", "Ben Ode", "--json").err == ""
    assert met("note", "tea with Priya Shah").err == (
        "Add Priya Shah? kin add 'Priya Shah'\nUndo it: kin undo\n"
    )
    assert met("note", "tea with Priya Shah", "--json").err == ""
    assert met("people", "--into", "falconry", "--json").err == ""


def test_no_name_and_no_note_can_drive_the_terminal(kin: Kin) -> None:
    kin("add", "Ev\x1b[31mil\u202e Eve", "--met", "bell \x07\x9b2J", "--into", "[bold]tea[/bold]")
    kin("note", "\x1b]0;owned\x07 and \u2066 with Eve", "--with", "ev")
    for words in ((), ("people",), ("recall", "ev"), ("talks",), ("find", "owned"), ("me",)):
        told = kin(*words)
        assert told.code == 0
        assert (
            re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", told.out) is None
        )
    shown = kin("people").out
    assert "Ev\\x1b[31mil\\u202e Eve" in shown and "[bold]tea[/bold]" in shown


def test_json_gives_words_back_as_they_are(kin: Kin) -> None:
    name = "Ev\x1b[31mil Zoë 陶芸"
    assert kin("add", name, "--json").json["name"] == name
    assert "Zoë 陶芸" in kin("people", "--json").out


# Streams that take nothing


LEFT_OUT = ("redo", "demo")  # there is nothing to redo, and the demo is all commands in turn
ANSWERS: dict[str, tuple[str, ...]] = {
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
    "add note edit ask heard tie backup forget merge import undo".split()
)  # and what they wrote stays


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
@pytest.mark.parametrize("command", ANSWERS)
def test_an_answer_that_cannot_be_written_is_an_error(
    command: str, place: str, met: Kin, book: Path, tmp_path: Path
) -> None:
    met("edit", "tom-k", "--lives", "York")  # to be undone
    whole = book.read_bytes()
    code, out, err = with_streams(ANSWERS[command], tmp_path)
    assert code == 0 and "Cannot write" not in err
    book.write_bytes(whole)
    lost = with_streams(ANSWERS[command], tmp_path, out=place)
    if not out:
        return
    assert lost[0] == 1, lost
    (line, *more) = lost[2].splitlines()
    why = "No space left on device" if place else "standard output is closed"
    assert f"Cannot write the answer: {why}." in line
    assert ("What you asked for was done." in line) == (command in WRITES)
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
        assert with_streams(ANSWERS[command], tmp_path, err=place)[0] == 0, command


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
def test_python_does_not_try_again_at_its_end(
    words: tuple[str, ...], streams: str, met: Kin
) -> None:
    told = shell(f"-m kin {' '.join(words)}", streams)
    assert told.returncode == 1, told.stderr
    assert re.fullmatch(rb"kin: Cannot write the answer: [^\n]+\n", told.stderr)


@pytest.mark.parametrize("streams", [">/dev/full 2>/dev/full", ">&- 2>&-", "<&- >/dev/full"])
def test_completion_ends_in_an_exit_code_whatever_is_closed(streams: str, met: Kin) -> None:
    told = shell("-m kin __complete fish", streams)
    assert told.returncode == 1
    assert b"Traceback" not in told.stderr and b"Exception ignored" not in told.stderr


def test_control_a_program_that_does_not_look_is_told_by_python() -> None:
    told = shell("-c 'print(1)'", ">/dev/full")
    assert (told.returncode, b"Exception ignored" in told.stderr) == (120, True)


def test_control_an_answer_that_is_dropped_is_seen(
    met: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kin.cli.console.show", lambda *_: None)
    assert with_streams(("people",), tmp_path, out="/dev/full")[0] == 0


def test_a_reader_that_has_seen_enough_is_no_error(met: Kin, tmp_path: Path) -> None:
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
    told = subprocess.run(
        ["sh", "-c", f"'{sys.executable}' -m kin edit maya {stream}>&-"],
        env=fresh(EDITOR=str(editor)),
        capture_output=True,
        check=False,
    )
    assert told.returncode == int(stream == "1"), told.stderr
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
        told = apart(*words, "--json")
        for said in (told.out, told.err):
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


def test_common_options_stand_on_either_side(met: Kin) -> None:
    assert met("--json", "people").json == met("people", "--json").json
    assert met("--plain", "people").out == met("people", "--plain").out


def test_the_version_is_told(kin: Kin) -> None:
    told = kin("--version")
    assert re.fullmatch(r"kin \d+\.\d+\.\d+\S*\n", told.out)
    assert f"kin {kin('--version', '--json').json['version']}\n" == told.out


# Help


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_has_two_examples(kin: Kin, command: str) -> None:
    told = kin(command, "--help")
    assert (told.code, told.err) == (0, "")
    examples = [line for line in told.out.splitlines() if line.startswith(f"  kin {command}")]
    assert len(examples) == 2


def test_the_help_names_every_command(kin: Kin) -> None:
    told = kin("--help").out
    assert re.findall(r"(?m)^  ([a-z]+)  +\S", told) == list(COMMANDS)
    assert kin("-h").out == told


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_the_help_fits_a_screen_of_40_columns(
    kin: Kin, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    told = kin(*([command] if command else []), "--help").out
    assert "Usage: kin" in told
    assert [line for line in told.splitlines() if len(line) > 40] == []


def test_every_option_has_words_in_the_help(kin: Kin) -> None:
    for command in ("", *COMMANDS):
        told = kin(*([command] if command else []), "--help").out
        bare = re.findall(r"(?m)^  (?:-\w, )?--[\w-]+(?: [^\s]+)?\n(?!   )", told)
        assert bare == [], command
