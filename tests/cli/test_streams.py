"""What stands where: one line for an error, data on stdout, talk on stderr, the common options, help."""

import json
import re
from pathlib import Path

import pytest

from kin.cli.app import COMMANDS
from tests.cli.test_contract import SHAPES, TEXT, misfits
from tests.conftest import Kin

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
