"""The architecture: the layers, what each kind of command imports, and who reads the clock."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Kin

SOURCE = Path(__file__).parent.parent / "src" / "kin"
ORM = {"sqlmodel", "sqlalchemy", "pydantic"}
READS: tuple[list[str], ...] = (
    ["recall", "maya"],
    ["interests"],
    ["interests", "pottery"],
    ["interests", "--with", "maya"],
    ["people"],
    ["people", "--json"],
    ["notes"],
    ["find", "kiln"],
    ["today"],
    ["upcoming"],
    ["me"],
    [],
    ["note", "coffee with Maya", "--dry-run"],
)


def modules_after(words: list[str]) -> set[str]:
    """Return the modules that a command imports, in a new interpreter."""
    program = (
        "import sys, json, kin.__main__\n"
        "sys.argv = ['kin', *json.loads(sys.argv[1])]\n"
        "try: kin.__main__.main()\n"
        "except SystemExit: pass\n"
        "print(json.dumps(sorted(sys.modules)), file=sys.__stderr__)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, json.dumps(words)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ,
    )
    return set(json.loads(result.stderr.splitlines()[-1]))


def test_imports_follow_the_layers() -> None:
    from importlinter.cli import lint_imports

    pyproject = SOURCE.parent.parent / "pyproject.toml"
    assert lint_imports(config_filename=str(pyproject), no_cache=True) == 0


@pytest.mark.parametrize(
    "words",
    [["--version"], ["--help"], ["recall", "--help"], ["recall"], ["bogus"], ["note", "--bogus"]],
    ids=" ".join,
)
def test_help_and_usage_errors_import_neither_orm_nor_tables(words: list[str]) -> None:
    found = modules_after(words)
    assert not found & (ORM | {"rich.table", "rich", "sqlite3", "dateutil"})


@pytest.mark.parametrize("words", READS, ids=" ".join)
def test_a_read_never_imports_the_orm(words: list[str], met: Kin) -> None:
    found = modules_after(words)
    assert "kin.cli.app" in found
    assert "sqlite3" in found
    assert not found & (
        ORM | {"dateutil.parser", "rich.table", "importlib.metadata", "kin.book.verified_copy"}
    )


def test_a_write_does_not_import_another_date_parser(met: Kin) -> None:
    found = modules_after(["note", "yesterday: coffee with Maya"])
    assert "sqlmodel" in found
    assert "dateutil.parser" not in found


def test_only_the_context_reads_the_clock() -> None:
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in ("now", "today", "utcnow"):
                owner = node.value.id if isinstance(node.value, ast.Name) else ""
                if owner in ("datetime", "date"):
                    assert path.name == "context.py", f"{path.name}:{node.lineno}"


@pytest.mark.parametrize(
    "words", [["undo"], ["note", "coffee with Maya"], ["answered", "maya", "concert"]]
)
def test_a_change_loads_no_format_of_other_programs(words: list[str], met: Kin) -> None:
    found = modules_after(words)
    assert not {
        name for name in found if name.startswith(("kin.formats.vcard", "kin.formats.table"))
    }
