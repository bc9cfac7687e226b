"""$EDITOR is a program and its words, never a line for a shell; what it leaves is its owner's alone.

What else may go wrong in an editor, and that nothing is lost by it, stands in tests/cli/test_editor.py.
"""

import stat
import tempfile
from pathlib import Path

import pytest

from tests.conftest import Kin
from tests.terminal import on_terminal, program


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which kin works and puts its temporary files."""
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("variable", ["EDITOR", "VISUAL"])
@pytest.mark.parametrize(
    "line",
    [
        "touch pwned; vi",
        "true; touch pwned",
        "true && touch pwned",
        "true | touch pwned",
        "true & touch pwned",
        "true > pwned",
        "true $(touch pwned)",
        "true `touch pwned`",
        "true ${IFS}pwned",
        "true <(touch pwned)",
        "true\ntouch pwned",
        "A=1 touch pwned",
        "~/touch pwned",
    ],
)
def test_no_shell_reads_the_line(line: str, variable: str, met: Kin, desk: Path) -> None:
    seen = on_terminal(["edit", "maya"], environment={variable: line})
    assert "bug" not in seen.screen
    assert not (desk / "pwned").exists()


@pytest.mark.parametrize("words", [["edit", "maya"], ["note"]])
@pytest.mark.parametrize("end", ["exit 1", "kill -9 $$", "kill -15 $$"])
def test_what_a_failed_editor_leaves_is_the_owners_alone(
    words: list[str], end: str, met: Kin, desk: Path, tmp_path: Path
) -> None:
    editor = program(tmp_path / "editor", "umask 0", 'echo "# my own words" >> "$1"', end)
    seen = on_terminal(words, environment={"EDITOR": editor})
    (folder,) = desk.iterdir()
    (file,) = folder.iterdir()
    assert (seen.code, str(file) in "".join(seen.rows)) == (1, True)
    assert file.read_text().endswith("# my own words\n")
    assert [stat.S_IMODE(each.stat().st_mode) for each in (folder, file)] == [0o700, 0o600]
