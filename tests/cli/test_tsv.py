"""The columns of lists in a pipe are those of docs/reference/tsv.md, in the same order."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from kin.cli import console
from kin.cli.layout import Table
from tests.conftest import Kin

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "tsv.md"

# How each command of the page is typed on the book of `met`, so that it has something to list.
CALLS = {
    "kin people": ("people",),
    "kin notes": ("notes",),
    "kin find WORDS": ("find", "kiln"),
    "kin interests": ("interests",),
    "kin interests X": ("interests", "pottery"),
    "kin interests --with WHO": ("interests", "--with", "maya"),
    "kin reconnect": ("reconnect",),
    "kin reconnect --why": ("reconnect", "--why"),
    "kin share TEXT": ("share", "a kiln for pottery"),
    "kin introduce": ("introduce",),
    "kin today": ("today",),
    "kin upcoming": ("upcoming",),
    "kin vocab list": ("vocab", "list"),
    "kin history": ("history",),
    "kin restore": ("restore",),
    "kin forget WHO --dry-run": ("forget", "maya", "--dry-run"),
}


def read_columns() -> dict[str, list[str]]:
    """Return the columns that the page gives for each command."""
    rows = re.findall(r"^\| `(kin [^`]*)` \| (.*) \|$", REFERENCE.read_text("utf-8"), re.MULTILINE)
    return {command: re.findall(r"`([^`]+)`", columns) for command, columns in rows}


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> list[Table]:
    """Collect the tables that commands print."""
    printed: list[Table] = []
    print_result = console.print_result

    def record(call: Any, value: object, page: Sequence[Any]) -> None:
        printed.extend(block for block in page if isinstance(block, Table))
        print_result(call, value, tuple(page))

    monkeypatch.setattr(console, "print_result", record)
    return printed


def test_every_command_of_the_page_is_tried() -> None:
    assert list(read_columns()) == list(CALLS)


@pytest.mark.parametrize("command", CALLS)
def test_a_command_prints_the_columns_of_the_page(
    command: str, met: Kin, tables: list[Table]
) -> None:
    met("ask", "maya", "did it rain", "--on", "2026-11-23")
    met("vocab", "under", "chess", "strategy games")
    met("backup")
    columns = read_columns()[command]
    tables.clear()
    result = met(*CALLS[command])
    (table,) = tables
    assert result.code == 0
    assert list(table.headers) == columns
    rows = [line.split("\t") for line in result.out.splitlines() if "\t" in line]
    assert rows
    assert {len(row) for row in rows} == {len(columns)}


def test_no_other_command_prints_a_table(met: Kin, tables: list[Table], tmp_path: Path) -> None:
    for words in (
        (), ("recall", "maya"), ("recall", "maya", "--all"), ("me",), ("note", "tea with Maya"), ("edit", "maya", "--into", "tea"),
        ("ask", "maya", "why"), ("answered", "maya", "why"), ("tie", "maya", "grace", "--as", "cousin"), ("vocab", "show", "chess"),
        ("undo",), ("redo",), ("backup",), ("doctor",), ("export", "--to", str(tmp_path / "book.json")), ("completion", "bash"),
        ("reconnect", "--not-now", "maya"), ("share", "kiln", "--sent-to", "maya"), ("merge", "tom-b", "tom-k", "--dry-run"),
    ):  # fmt: skip
        assert met(*words).code == 0, words
        assert tables == [], words


def test_what_would_break_a_line_is_escaped(met: Kin) -> None:
    met("note", "tea\twith Maya\r\nand\nrain")
    assert met("notes", "-n", "1").out == "2026-11-23\tmaya-o\t\ttea\\twith Maya\\r\\nand\\nrain\n"
