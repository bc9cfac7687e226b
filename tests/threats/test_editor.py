"""$EDITOR is a program and its arguments, never a line for a shell; only the owner can read what it leaves.

A handle in a book may come from a file that someone else wrote: it never becomes part of a path. Other failures of an
editor are tested in tests/cli/test_editor.py.
"""

import os
import shutil
import stat
import tempfile
from pathlib import Path

import pytest

from kin.cli import editor
from tests.conftest import Kin
from tests.terminal import Seen, on_terminal, program
from tests.threats.handles import HOSTILE, rename

Tree = dict[str, bytes | str]


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
def test_only_the_owner_can_read_what_a_failed_editor_leaves(
    words: list[str], end: str, met: Kin, desk: Path, tmp_path: Path
) -> None:
    editor = program(tmp_path / "editor", "umask 0", 'echo "# my own words" >> "$1"', end)
    seen = on_terminal(words, environment={"EDITOR": editor})
    (folder,) = desk.iterdir()
    (file,) = folder.iterdir()
    assert (seen.code, str(file) in "".join(seen.rows)) == (1, True)
    assert file.read_text().endswith("# my own words\n")
    assert [stat.S_IMODE(each.stat().st_mode) for each in (folder, file)] == [0o700, 0o600]


# A handle is never part of a path.


@pytest.fixture
def surroundings(tmp_path: Path, desk: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with the temporary one in it, and with files where hostile handles lead."""
    around = tmp_path / "around"
    for below in ("box/v", "home/me/x", "tmp/box/v/x", "home/me/tmp"):
        (around / below).mkdir(parents=True)
        (around / below / "thesis").write_text("two years of work")
    monkeypatch.setattr(tempfile, "tempdir", str(around / "tmp"))
    monkeypatch.chdir(around)
    return around


def tree(folder: Path) -> Tree:
    """Return everything below a folder: the bytes of files, and where links lead."""
    return {
        str(each.relative_to(folder)): os.readlink(each)
        if each.is_symlink()
        else each.read_bytes()
        if each.is_file()
        else "folder"
        for each in folder.rglob("*")
    }


def edit(around: Path, words: list[str], *lines: str) -> tuple[Seen, Tree, Tree]:
    """Run a command that opens an editor; return what was seen, and the files before and after."""
    opened = program(around.parent / "editor", *lines)
    before = tree(around)
    seen = on_terminal(words, environment={"EDITOR": opened, "HOME": str(around / "home/me")})
    return seen, before, tree(around)


@pytest.mark.parametrize("handle", HOSTILE)
@pytest.mark.parametrize("change", ["exit 0", "sed -i 's/^lives:.*/lives: Lagos/' \"$1\""])
def test_a_hostile_handle_leads_the_editor_nowhere(
    handle: str, change: str, met: Kin, book: Path, surroundings: Path
) -> None:
    rename(book, "maya-o", handle.format(folder=surroundings))
    seen, before, after = edit(
        surroundings, ["edit", "Maya Okafor"], f'printf "%s" "$1" > {book.parent}/given', change
    )
    assert "bug" not in seen.screen and "Traceback" not in seen.screen
    assert after == before
    given = (book.parent / "given").read_text()
    assert Path(given).name == "card.txt"
    assert Path(given).parent.parent == surroundings / "tmp"


@pytest.mark.parametrize("handle", HOSTILE)
def test_a_hostile_handle_in_a_note_leads_the_editor_nowhere(
    handle: str, met: Kin, book: Path, surroundings: Path
) -> None:
    rename(book, "maya-o", handle.format(folder=surroundings))
    seen, before, after = edit(surroundings, ["note"], 'echo "tea with Maya Okafor" > "$1"')
    assert (seen.code, after == before) == (0, True)


def test_control_a_file_named_by_the_handle_takes_a_folder_with_it(
    met: Kin, book: Path, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle = f"{surroundings}/home/me/x/y"
    rename(book, "maya-o", handle)
    monkeypatch.setattr(editor, "get_draft_path", lambda folder, _: folder / f"{handle}.txt")
    monkeypatch.setattr(editor.Draft, "remove", lambda self: shutil.rmtree(self.path.parent))
    _, before, after = edit(surroundings, ["edit", "Maya Okafor"], "exit 0")
    assert set(before) - set(after) == {"home/me/x", "home/me/x/thesis"}


@pytest.mark.parametrize("words", [["edit", "maya"], ["note"]])
@pytest.mark.parametrize(
    "instead",
    [
        'ln -s "$PWD/box" "$folder"',
        'mv home "$folder"',
        'mv box/v "$folder"; echo mine > "$1"',
        "exit 0",
    ],
)
def test_only_the_folder_that_was_made_is_removed(
    words: list[str], instead: str, met: Kin, surroundings: Path
) -> None:
    seen, before, after = edit(
        surroundings, words, 'folder=$(dirname "$1")', 'rm -r "$folder"', instead
    )
    assert "bug" not in seen.screen and "Traceback" not in seen.screen
    kept = sorted(str(each) for each in after.values() if each == b"two years of work")
    assert len(kept) == sum(each == b"two years of work" for each in before.values())


def test_control_whatever_has_the_folders_name_is_removed(
    met: Kin, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editor.Draft, "remove", lambda self: shutil.rmtree(self.path.parent))
    lines = ('folder=$(dirname "$1")', 'rm -r "$folder"', 'mv home "$folder"', ': > "$1"')
    _, before, after = edit(surroundings, ["note"], *lines)
    assert "home/me/x/thesis" in before
    assert not [name for name in after if name.endswith("me/x/thesis")]


def test_the_process_list_names_no_one(met: Kin, surroundings: Path) -> None:
    edit(surroundings, ["edit", "maya"], f'echo "$0" "$@" > {surroundings.parent}/typed')
    typed = (surroundings.parent / "typed").read_text().casefold()
    assert "maya" not in typed.replace(str(surroundings.parent).casefold(), "")
