"""The output contract: shapes of JSON, exit codes, streams, plain lines, help on a narrow screen."""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kin.cli.app import COMMANDS
from tests.conftest import Kin

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "json.md"


# The shapes. A list stands for many of its one element, `Maybe` for a value or null.


class Maybe(NamedTuple):
    """A value of this kind, or null."""

    kind: type


DAY, TEXT = Maybe(str), Maybe(str)

HELD = {"key": str, "label": str, "stance": str, "shared": bool, "via": TEXT, "note": TEXT}
PERSON = {
    "handle": str,
    "name": str,
    "nicknames": [str],
    "interests": [HELD],
    "met": {"on": DAY, "at": TEXT, "story": TEXT, "through": TEXT},
    "lives": TEXT,
    "groups": [str],
    "circle": TEXT,
    "birthday": DAY,
    "last_talk": DAY,
    "contacts": [{"kind": str, "label": TEXT, "value": str}],
}
NOTE = {
    "on": str,
    "precision": str,
    "text": str,
    "people": [{"handle": str, "name": str, "matched": str}],
    "unsure": [{"text": str, "candidates": [str]}],
    "topics": [str],
    "threads": [str],
    "place": TEXT,
    "by": TEXT,
}
COMMON = {**HELD, "last_mentioned": DAY}
RECALL = {
    "person": PERSON,
    "shared": [COMMON],
    "collides": [COMMON],
    "theirs": [COMMON],
    "threads": [{"text": str, "opened_on": str, "due_on": DAY}],
    "talks": [NOTE],
    "dates": [{"kind": str, "on": str, "in_days": int, "label": str}],
    "ties": [{"handle": str, "name": str, "word": str, "theirs": bool}],
    "common_people": [{"handle": str, "name": str}],
    "questions": [{"text": str, "because": str}],
}
HOLDER = {
    "handle": str,
    "name": str,
    "stance": str,
    "via": TEXT,
    "note": TEXT,
    "last_mentioned": DAY,
}
INTERESTS = [{"key": str, "label": str, "yours": bool, "people": [HOLDER]}]
AGENDA = {
    "dates": [{"person": str, "name": str, "kind": str, "on": str, "in_days": int, "label": str}],
    "threads": [{"text": str, "opened_on": str, "due_on": str, "people": [str]}],
}
SUGGESTION = {"handle": str, "name": str, "interest": str, "because": str}
DASHBOARD = {**AGENDA, "suggestion": SUGGESTION, "talks": [NOTE]}
THREAD = {
    "handle": str,
    "name": str,
    "text": str,
    "opened_on": str,
    "due_on": DAY,
    "heard_on": DAY,
    "outcome": TEXT,
}
TIE = {"handle": str, "name": str, "other": str, "other_name": str, "word": str}
HIT = {"kind": str, "people": [str], "names": [str], "on": DAY, "text": str}

# Each command, as it is typed on the book of `met`, and the shape of its answer.
SHAPES: dict[str, tuple[tuple[str, ...], Any]] = {
    "": ((), DASHBOARD),
    "add": (("add", "Ana Ruiz", "--share", "chess", "--nick", "An", "--phone", "1"), PERSON),
    "note": (("note", "Maya and Tom King at Blue Door: #tea ?how is it"), NOTE),
    "recall": (("recall", "maya"), RECALL),
    "interests": (("interests",), INTERESTS),
    "today": (("today",), AGENDA),
    "upcoming": (("upcoming",), AGENDA),
    "people": (("people",), [PERSON]),
    "talks": (("talks",), [NOTE]),
    "find": (("find", "kiln"), [HIT]),
    "me": (("me",), PERSON),
    "edit": (("edit", "maya", "--lives", "Porto"), PERSON),
    "ask": (("ask", "maya", "did it rain", "--due", "2027-01-01"), THREAD),
    "heard": (("heard", "maya", "kiln", "--so", "it did"), THREAD),
    "tie": (("tie", "maya", "grace", "--as", "cousin"), TIE),
    "demo": (("demo",), {"now": str, "book": TEXT, "steps": [{"command": str, "result": object}]}),
}


def _misfits(told: Any, shape: Any, at: str = "$") -> list[str]:
    """Tell where an answer is not of its shape: keys that lack or are too many, wrong kinds."""
    if isinstance(shape, dict):
        if not isinstance(told, dict) or set(told) != set(shape):
            return [f"{at}: {sorted(told) if isinstance(told, dict) else told!r}"]
        return [each for key in shape for each in _misfits(told[key], shape[key], f"{at}.{key}")]
    if isinstance(shape, list):
        if not isinstance(told, list):
            return [f"{at}: {told!r}"]
        return [each for one in told for each in _misfits(one, shape[0], f"{at}[]")]
    if isinstance(shape, Maybe):
        return [] if told is None else _misfits(told, shape.kind, at)
    fits = isinstance(told, shape) and (shape is not int or not isinstance(told, bool))
    return [] if fits and told != "" else [f"{at}: {told!r}"]


def _filled(told: Any, at: str = "$") -> set[str]:
    """Tell the lists in an answer that have something in them."""
    if isinstance(told, dict):
        return {each for key, value in told.items() for each in _filled(value, f"{at}.{key}")}
    if isinstance(told, list) and told:
        return {at}.union(*(_filled(one, f"{at}[]") for one in told))
    return set()


def _listed(shape: Any, at: str = "$") -> set[str]:
    """Tell the lists that a shape has."""
    if isinstance(shape, dict):
        return {each for key, value in shape.items() for each in _listed(value, f"{at}.{key}")}
    return {at} | _listed(shape[0], f"{at}[]") if isinstance(shape, list) else set()


def _keys(told: Any) -> set[str]:
    """Tell all keys of an answer, at any depth."""
    if isinstance(told, dict):
        return set(told).union(*map(_keys, told.values()))
    return set().union(*map(_keys, told)) if isinstance(told, list) else set()


def test_every_command_has_a_shape() -> None:
    assert set(SHAPES) == {"", *COMMANDS}


@pytest.mark.parametrize("command", SHAPES)
def test_the_json_of_every_command_has_its_shape(met: Kin, command: str) -> None:
    words, shape = SHAPES[command]
    told = met(*words, "--json")
    assert (told.code, told.err) == (0, "")
    assert told.out.endswith("\n") and told.out.count("\n") == 1
    assert _misfits(told.json, shape) == []


@pytest.mark.parametrize(
    ("shape", "calls"),
    [
        (RECALL, [("recall", "maya"), ("recall", "tom-b")]),
        (NOTE, [("note", "Maya, Tom: #tea ?why", "--dry-run"), ("note", "Tom #tea", "--dry-run")]),
        (DASHBOARD, [()]),
        (AGENDA, [("upcoming",)]),
        ([PERSON], [("people",)]),
        ([HIT], [("find", "kiln")]),
        (INTERESTS, [("interests",), ("interests", "pottery"), ("interests", "--with", "maya")]),
    ],
    ids=["recall", "note", "dashboard", "agenda", "people", "find", "interests"],
)
def test_no_list_in_a_shape_is_only_ever_seen_empty(
    met: Kin, shape: Any, calls: list[tuple[str, ...]]
) -> None:
    met("ask", "maya", "is it ripe", "--due", "2026-11-23")
    told = [met(*words, "--json").json for words in calls]
    assert [_misfits(each, shape) for each in told] == [[] for _ in told]
    seen = set().union(*map(_filled, told))
    unsure_is_settled = {at for at in _listed(shape) if ".talks[].unsure" in at}
    assert _listed(shape) - seen <= unsure_is_settled


@pytest.mark.parametrize(
    "words",
    [
        ("people",),
        ("talks",),
        ("interests",),
        ("interests", "--mine"),
        ("find", "kiln"),
        ("people", "--into", "x"),
    ],
)
@pytest.mark.parametrize("begun", [False, True], ids=["no book", "an empty book"])
def test_an_empty_list_is_no_failure(kin: Kin, begun: bool, words: tuple[str, ...]) -> None:
    if begun:
        kin("me", "--name", "Robin")
    told = kin(*words, "--json")
    assert (told.code, told.out, told.err) == (0, "[]\n", "")


def test_reading_makes_no_book(kin: Kin, book: Path) -> None:
    for words in ((), ("people",), ("talks",), ("today",), ("upcoming",), ("me",), ("find", "x")):
        assert kin(*words, "--json").code == 0
        assert kin(*words).code == 0
    assert not book.exists()


# Documented


def _section(command: str) -> str:
    text = REFERENCE.read_text(encoding="utf-8")
    found = re.search(rf"(?ms)^## `kin ?{command}`$(.*?)(?=^## |\Z)", text)
    assert found, f"kin {command} is not in json.md"
    return found[1]


def test_every_key_of_every_command_is_documented(met: Kin) -> None:
    for command, (words, _) in SHAPES.items():
        told = met(*words, "--json").json
        first = told[0] if isinstance(told, list) else told
        named = set(re.findall(r"`(\w+)`", _section(command)))
        assert set(first) <= named, f"kin {command}"


def test_every_key_at_any_depth_is_documented(met: Kin) -> None:
    named = set(re.findall(r"`(\w+)`", REFERENCE.read_text(encoding="utf-8")))
    for words, _ in SHAPES.values():
        if "demo" not in words:
            assert _keys(met(*words, "--json").json) <= named, words


# Promises


def test_nothing_asks_what_somebody_is_good_for(met: Kin) -> None:
    useful = re.compile("company|employer|title|job|org|salary|worth|value|tier|stage|score|rank")
    for command in ("", *COMMANDS):
        told = met(*([command] if command else []), "--help").out
        options = re.findall(r"--[a-z-]+", told)
        assert "--json" in options
        assert [each for each in options if useful.search(each)] == []
    for words, _ in SHAPES.values():
        # The one `value` is that of a contact: what stands behind the kind of an address.
        keys = _keys(met(*words, "--json").json) - {"value"}
        assert [each for each in keys if useful.search(each)] == []


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
        assert _misfits(told.error, shape) == [], words
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
    assert told.code == 0
    assert "\x1b" not in told.out + told.err


@pytest.mark.parametrize(
    ("words", "columns"),
    [
        (("people",), 4),
        (("talks",), 4),
        (("find", "kiln"), 4),
        (("interests",), 4),
        (("interests", "pottery"), 5),
        (("interests", "--with", "maya"), 3),
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
    assert met("note", "tea with Priya Shah").err == "Add Priya Shah? kin add 'Priya Shah'\n"
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
