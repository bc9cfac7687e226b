"""kin on a real terminal: what it asks, what Ctrl-C and Ctrl-D do, colour, width and the pager."""

import json
import re
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest

from kin.cli.app import COMMANDS
from kin.language.text import display_width
from tests.conftest import Kin
from tests.make import grow
from tests.terminal import Seen, on_terminal, program

READS: tuple[list[str], ...] = (
    *([], ["recall", "maya"], ["interests"], ["interests", "pottery"]),
    *(["interests", "--with", "maya"], ["people"], ["notes"], ["today"], ["upcoming"]),
    *(["find", "coffee"], ["me"]),
)
RED = re.compile(r"\x1b\[(?:[0-9;]*;)?(?:31|41|91|101|[34]8;5;(?:1|9|124|160|196)|[34]8;2;)[;m]")

WHO, INTO, DIFFER, MET = (
    "Who did you meet",
    "What are they into",
    "Where do you",
    "How did you meet",
)
FOUR = (WHO, INTO, DIFFER, MET)


def rows(book: Path, sql: str) -> list[tuple[object, ...]]:
    """Return the rows of a query; none where there is no book, or an empty file."""
    if not book.exists() or not book.stat().st_size:
        return []
    with sqlite3.connect(book) as db:
        return db.execute(sql).fetchall()


def people(book: Path) -> list[str]:
    """Return all names except the owner's."""
    return [
        str(name) for (name,) in rows(book, "SELECT name FROM person WHERE is_me = 0 ORDER BY id")
    ]


@pytest.fixture
def crowd(book: Path) -> None:
    """Fill the book with more people than a screen has lines."""
    grow(book, people=40, notes=60, links=60, seed=2)


# What it asks.


def test_add_without_a_name_asks_four_questions(kin: Kin) -> None:
    seen = on_terminal(
        ["add"], [(WHO, "Ada Lind"), (INTO, "fado, chess*"), (DIFFER, "cats"), (MET, "on a train")]
    )
    assert seen.code == 0
    (ada,) = kin("people", "--json").json
    assert (ada["name"], ada["met"]["story"]) == ("Ada Lind", "on a train")
    assert [(each["label"], each["stance"], each["shared"]) for each in ada["interests"]] == [
        ("chess", "into", True),
        ("fado", "into", False),
        ("cats", "differ", False),
    ]


def test_only_the_first_question_needs_an_answer(book: Path) -> None:
    seen = on_terminal(["add"], [(WHO, "Ada"), (INTO, ""), (DIFFER, ""), (MET, "")])
    assert (seen.code, people(book)) == (0, ["Ada"])


def test_without_a_name_no_one_is_added(book: Path) -> None:
    seen = on_terminal(["add"], [(WHO, "")])
    assert (seen.code, people(book)) == (2, [])
    assert not any(later in seen.screen for later in (INTO, DIFFER, MET))


def test_it_never_asks_what_someone_could_be_useful_for(book: Path) -> None:
    seen = on_terminal(["add"], [(WHO, "Ada"), (INTO, ""), (DIFFER, ""), (MET, "")])
    asked = seen.screen.partition("Next:")[0]
    assert asked.count("?") == 4
    assert not re.search(r"phone|mail|company|employer|title|job|work", asked, re.IGNORECASE)


@pytest.mark.parametrize("key", ["^C", "^D"])
@pytest.mark.parametrize("at", range(4))
def test_a_key_at_any_question_writes_nothing(at: int, key: str, book: Path) -> None:
    answers = [*((question, "Ada") for question in FOUR[:at]), (FOUR[at], key)]
    seen = on_terminal(["add"], answers)
    assert (seen.code, people(book)) == (130, [])
    assert "Nothing was written" in seen.screen and "Traceback" not in seen.screen


def test_ctrl_c_at_a_question_leaves_the_book_as_it_was(toms: Kin, book: Path) -> None:
    before = book.read_bytes()
    assert on_terminal(["add"], [(WHO, "Ada"), (INTO, "^C")]).code == 130
    assert book.read_bytes() == before


def test_the_questions_go_to_stderr_and_the_card_to_stdout(kin: Kin, tmp_path: Path) -> None:
    with (tmp_path / "out").open("wb") as out:
        answers = [(WHO, "Ada"), (INTO, ""), (DIFFER, ""), (MET, "")]
        seen = on_terminal(["add"], answers, stdout=out.fileno())
    assert (seen.code, (tmp_path / "out").read_text()) == (0, "Ada  ada  is in your book\n")


# Ambiguous names.


def test_an_ambiguous_name_is_asked_and_answered_by_number(toms: Kin) -> None:
    seen = on_terminal(["note", "tea with Tom"], [("Which one", "2")])
    assert seen.code == 0
    assert "Tom Becker (tom-b, met at PyCon)" in seen.screen
    assert "Tom King (tom-k, lives in Leeds)" in seen.screen
    (note,) = toms("notes", "-n", "1", "--json").json["notes"]
    assert [each["handle"] for each in note["people"]] == ["tom-k"]
    assert note["text"] == "tea with Tom"


def test_enter_means_none_and_the_note_is_kept(toms: Kin) -> None:
    assert on_terminal(["note", "tea with Tom"], [("Which one", "")]).code == 0
    (note,) = toms("notes", "-n", "1", "--json").json["notes"]
    assert (note["text"], note["people"]) == ("tea with Tom", [])


def test_nonsense_is_asked_again(toms: Kin) -> None:
    nonsense = ("3", "0", "-1", "tom", "²", "1.0", "99999999999999999999")
    answers = [("Which one", each) for each in (*nonsense, "1")]
    seen = on_terminal(["note", "tea with Tom"], answers)
    assert (seen.code, seen.screen.count("Type a number from 1 to 2")) == (0, len(nonsense))
    (note,) = toms("notes", "-n", "1", "--json").json["notes"]
    assert [each["handle"] for each in note["people"]] == ["tom-b"]


@pytest.mark.parametrize("key", ["^C", "^D"])
def test_ctrl_c_at_the_choice_writes_nothing(key: str, toms: Kin, book: Path) -> None:
    before = book.read_bytes()
    assert on_terminal(["note", "tea with Tom"], [("Which one", key)]).code == 130
    assert book.read_bytes() == before


@pytest.mark.parametrize("option", ["--no-input", "--json"])
def test_no_input_and_json_never_ask(option: str, toms: Kin) -> None:
    noted = on_terminal(["note", "tea with Tom", option])
    assert (noted.code, "Which one" in noted.screen) == (0, False)
    (note,) = toms("notes", "-n", "1", "--json").json["notes"]
    candidates = [[tom["handle"] for tom in each["candidates"]] for each in note["unsure"]]
    assert candidates in ([["tom-b", "tom-k"]], [])
    nameless = on_terminal(["add", option])
    assert (nameless.code, nameless.screen.startswith(("kin: ", "{"))) == (2, True)


@pytest.mark.parametrize("words", [["note"], ["edit", "tom-k"]])
def test_without_input_no_editor_is_opened(words: list[str], toms: Kin, tmp_path: Path) -> None:
    editor = program(tmp_path / "editor", f'touch "{tmp_path}/opened"')
    seen = on_terminal([*words, "--no-input"], environment={"EDITOR": editor})
    assert (seen.code, (tmp_path / "opened").exists()) == (2, False)


def test_json_on_a_terminal_is_json(toms: Kin) -> None:
    seen = on_terminal(["recall", "tom-k", "--json"])
    assert json.loads(seen.screen)["person"]["handle"] == "tom-k"


# Width.


def too_wide(seen: Seen, columns: int) -> list[str]:
    """Return the lines that are wider than the terminal."""
    return [row for row in seen.rows if display_width(row) > columns]


@pytest.mark.parametrize("columns", [80, 40])
def test_no_line_is_wider_than_the_terminal(columns: int, met: Kin) -> None:
    met("add", "小林 さくら", "--into", "陶芸とお茶の時間", "--met", "長い" * 40, "--lives", "京都")
    met("add", "Wolfeschlegelsteinhausenbergerdorff Huber", "--into", "x" * 90, "--met", "y" * 200)
    met("add", "Emma 👩‍👩‍👧‍👦", "--into", "e\u0301tudes", "--met", "🎹 " * 50)
    met(
        "note",
        "2026-11-22: 小林 さくら brought 抹茶 "
        + "とても" * 30
        + " https://example.org/"
        + "z" * 80,
    )
    people = [["recall", "小林"], ["recall", "wolfeschlegel"], ["recall", "emma"]]
    for words in (*READS, *people):
        seen = on_terminal(words, columns=columns)
        assert (words, seen.code, too_wide(seen, columns)) == (words, 0, [])


@pytest.mark.parametrize("columns", [80, 40])
def test_no_help_is_wider_than_the_terminal(columns: int) -> None:
    for words in ([], *([name] for name in COMMANDS)):
        seen = on_terminal([*words, "--help"], columns=columns)
        assert (words, seen.code, too_wide(seen, columns)) == (words, 0, [])


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("columns", [80, 40])
def test_no_list_of_many_is_wider_than_the_terminal(columns: int) -> None:
    for words in ([], ["people", "-n", "0"], ["interests", "-n", "0"], ["notes", "-n", "0"]):
        seen = on_terminal(words, columns=columns)
        assert (words, seen.code, too_wide(seen, columns)) == (words, 0, [])


def test_columns_in_the_environment_count(met: Kin) -> None:
    seen = on_terminal(["recall", "maya"], environment={"COLUMNS": "40"})
    assert too_wide(seen, 40) == []


def test_an_ordinary_recall_fits_the_screen(met: Kin) -> None:
    for who in ("maya", "tom-b", "tom-k", "zoe", "grace"):
        assert len(on_terminal(["recall", who]).rows) <= 23  # and the prompt below


# Colour.


@pytest.mark.parametrize(
    ("option", "environment"),
    [([], {"NO_COLOR": "1"}), ([], {"TERM": "dumb"}), (["--plain"], {})],
    ids=["NO_COLOR", "TERM=dumb", "--plain"],
)
def test_no_escape_sequence_where_none_is_wanted(
    option: list[str], environment: dict[str, str], met: Kin
) -> None:
    for words in (*READS, ["--help"], ["add", "Ada"], ["note", "tea with Maya"], ["recall", "x"]):
        seen = on_terminal([*words, *option], environment=environment)
        assert (words, "\x1b" in seen.screen) == (words, False)


def test_nothing_is_red(met: Kin) -> None:
    met("note", "2020-01-01: long ago with Grace ?what became of the boat")
    written = (
        ["add", "Ada"],
        ["note", "tea with Maya"],
        ["answered", "maya", "kiln", "--answer", "well"],
    )
    wrong = (["recall", "nobody"], ["recall", "tom"], ["nonsense"], ["add", "Maya Okafor"])
    for words in (*READS, ["recall", "grace"], ["--help"], *written, *wrong):
        assert not RED.search(on_terminal(words).screen), words


# The pager.


@pytest.mark.usefixtures("crowd")
def test_the_pager_runs_only_for_what_is_taller_than_the_screen(tmp_path: Path) -> None:
    pager = program(tmp_path / "pager", f'touch "{tmp_path}/paged"', "cat")
    paged = tmp_path / "paged"
    on_terminal(["people", "-n", "5"], environment={"PAGER": pager})
    assert not paged.exists()
    on_terminal(["people", "-n", "0"], rows=60, environment={"PAGER": pager})
    assert not paged.exists()
    seen = on_terminal(["people", "-n", "0"], environment={"PAGER": pager})
    assert (paged.exists(), len(seen.rows)) == (True, 41)


@pytest.mark.usefixtures("crowd")
def test_plain_and_json_and_pipes_are_not_paged(kin: Kin, tmp_path: Path) -> None:
    pager = program(tmp_path / "pager", f'touch "{tmp_path}/paged"', "cat")
    for words in (["people", "--plain"], ["people", "--json"]):
        assert on_terminal(words, environment={"PAGER": pager}).code == 0
    with (tmp_path / "out").open("wb") as out:
        on_terminal(["people"], environment={"PAGER": pager}, stdout=out.fileno())
    assert len((tmp_path / "out").read_text().splitlines()) == 40
    assert not (tmp_path / "paged").exists()


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("pager", ["", "no-such-pager-here", "/etc", "cat 'unclosed"])
def test_without_a_pager_the_answer_is_shown_plainly(pager: str) -> None:
    seen = on_terminal(["people", "-n", "0"], environment={"PAGER": pager})
    assert (seen.code, "bug" in seen.screen, len(seen.rows)) == (0, False, 41)


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize(
    "lines",
    [
        ("exit 1",),
        ("exec 0<&-", "exit 3"),
        ("cat > /dev/null", "exit 255"),
        ("read line", "exit 2"),
        ("kill -9 $$",),
        ("kill -15 $$",),
        ("exec no-such-program-here",),
    ],
)
def test_a_pager_that_fails_does_not_swallow_the_answer(
    lines: tuple[str, ...], tmp_path: Path
) -> None:
    pager = program(tmp_path / "pager", *lines)
    plainly = on_terminal(["people", "-n", "0"], environment={"PAGER": ""})
    seen = on_terminal(["people", "-n", "0"], environment={"PAGER": pager}, columns=80)
    assert (seen.code, "bug" in seen.screen) == (0, False)
    assert seen.rows[-41:] == plainly.rows
    assert "kin: Your pager " in seen.screen


@pytest.mark.usefixtures("crowd")
def test_a_pager_that_cannot_be_run_does_not_swallow_the_answer(tmp_path: Path) -> None:
    pager = tmp_path / "pager"
    pager.write_bytes(b"\x7fELF and nothing more")
    pager.chmod(0o755)
    seen = on_terminal(["people", "-n", "0"], environment={"PAGER": str(pager)})
    assert (seen.code, "bug" in seen.screen) == (0, False)
    assert "Cannot start your pager" in seen.screen and len(seen.rows) >= 42


@pytest.mark.usefixtures("crowd")
def test_a_pager_that_shows_nothing_but_succeeds_is_trusted() -> None:
    seen = on_terminal(["people", "-n", "0"], environment={"PAGER": "true"})
    assert (seen.code, seen.rows) == (0, [""])


@pytest.mark.usefixtures("crowd")
def test_control_without_its_exit_code_the_answer_is_swallowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = subprocess.run

    def believed(*words: Any, **how: Any) -> Any:
        run(*words, **how)
        return subprocess.CompletedProcess(words, 0)

    monkeypatch.setattr(subprocess, "run", believed)
    assert on_terminal(["people", "-n", "0"], environment={"PAGER": "false"}).rows == [""]


# A screen of any size.


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        ("0", "0"),
        ("1", "1"),
        ("2", "-3"),
        ("-5", "²"),
        ("wide", "9" * 20),
        ("²", "tall"),
        ("9" * 20, "9" * 5000),
        ("9" * 5000, "2"),
    ],
)
def test_the_size_of_the_screen_may_be_anything(columns: str, rows: str) -> None:
    for words in (["people"], ["notes"], ["--help"], ["edit", "--help"]):
        seen = on_terminal(words, environment={"COLUMNS": columns, "LINES": rows})
        assert (words, seen.code, "bug" in seen.screen) == (words, 0, False)
        assert len(seen.rows) > 1


def test_control_without_bounds_help_does_not_fit_one_column(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kin.cli.console.get_screen_size", lambda: (1, 1))
    assert "bug in kin" in on_terminal(["edit", "--help"]).screen


@pytest.mark.usefixtures("crowd")
def test_the_pager_may_have_arguments(tmp_path: Path) -> None:
    pager = program(tmp_path / "my pager", f'echo "$@" > "{tmp_path}/paged"', "cat")
    on_terminal(["people", "-n", "0"], environment={"PAGER": f"'{pager}' -x 'a b'"})
    assert (tmp_path / "paged").read_text() == "-x a b\n"


@pytest.mark.usefixtures("crowd")
def test_ctrl_c_in_the_pager_is_the_pagers(tmp_path: Path) -> None:
    shows = ("cat >/dev/null", "trap 'printf STILL >/dev/tty' INT", "printf PAGING >/dev/tty")
    stays = ("until read line </dev/tty; do :; done", "printf DONE")
    pager = program(tmp_path / "pager", *shows, *stays)
    answers = [("PAGING", "^C"), ("STILL", "q")]
    seen = on_terminal(["people", "-n", "0"], answers, environment={"PAGER": pager})
    assert (seen.code, seen.screen.endswith("DONE")) == (0, True)


# Hints.


def test_a_command_in_a_hint_is_never_broken(met: Kin) -> None:
    for words, command in (
        (["add", "Wolfeschlegelsteinhausen Huber"], "  kin note 'coffee with Wolfeschlegelsteinhausen about …'"),
        (["note", "tea with Priya Shah-Raman"], "  kin add 'Priya Shah-Raman'"),
        (["reconnect", "--not-now", "grace"], "  kin reconnect --again grace-h"),
        (["doctor"], "            Make one: kin backup"),
    ):  # fmt: skip
        seen = on_terminal(words, columns=34)
        assert (words, seen.code, command in seen.rows) == (words, 0, True), seen.screen


def test_on_a_wide_terminal_a_hint_is_one_line(met: Kin) -> None:
    seen = on_terminal(["note", "tea with Priya Shah"])
    assert seen.rows[-2:] == ["Add Priya Shah? kin add 'Priya Shah'", "Undo it: kin undo"]


def test_several_commands_get_a_line_each(kin: Kin) -> None:
    seen = on_terminal(["add", "Ada"], columns=200)
    assert seen.rows[-4:] == [
        "Next:",
        "  kin note 'coffee with Ada about …'",
        "  kin recall ada",
        "Undo it: kin undo",
    ]


@pytest.mark.parametrize("columns", [30, 45, 80])
def test_the_commands_of_the_dashboard_and_the_welcome_stay_whole(
    columns: int, met: Kin, book: Path
) -> None:
    screen = "\n".join(on_terminal([], columns=columns).rows)
    for command in ('kin note "coffee with …"', "kin recall WHO", "kin add NAME", "kin --help"):
        assert command in screen
    book.unlink()
    screen = "\n".join(on_terminal(["people"], columns=columns).rows)
    assert 'kin add Maya --both pottery --met "at the kiln"' in screen


def test_quiet_shows_the_result_alone(met: Kin) -> None:
    loud, quiet = on_terminal(["reconnect"]), on_terminal(["reconnect", "-q"])
    assert loud.rows[: len(quiet.rows)] == quiet.rows
    assert loud.rows[len(quiet.rows) :][0].startswith("Not now? kin reconnect --not-now ")


def test_with_the_result_in_a_pipe_the_terminal_gets_no_hints(met: Kin, tmp_path: Path) -> None:
    with (tmp_path / "out").open("wb") as out:
        seen = on_terminal(["note", "tea with Priya Shah"], stdout=out.fileno())
    assert (seen.code, seen.screen) == (0, "")


# Narrow tables.


def test_a_narrow_table_leaves_out_columns_and_does_not_squeeze_them(met: Kin) -> None:
    assert on_terminal(["people"]).rows[0].split() == ["name", "handle", "into", "last", "note"]
    seen = on_terminal(["people"], columns=40)
    assert seen.rows[0].split() == ["name", "handle", "into"]
    assert any(row.startswith("Maya Okafor") and "  maya-o " in row for row in seen.rows)
    assert too_wide(seen, 40) == []
