"""A Markdown export killed at any step: the owner's own files stay where they are, and the next export is whole."""

import os
import shutil
from pathlib import Path

import pytest

from kin.book import atomic_folder as outfolders
from tests.conftest import Kin
from tests.durability.steps import each_kill, hidden

NAMES = ("rename", "replace", "link", "unlink", "rmdir", "mkdir")
OWN = {
    "diary.txt": b"dear diary",
    ".hidden notes": b"mine",
    "people/photo.jpg": b"\xff\xd8",
    "people/own.md": b"# Own <!-- kin page 1 -->\n",
    "kept/letter.json": b"{}",
    "drafts/a.md": b"draft",
}


def export(kin: Kin, folder: Path, *more: str) -> int:
    """Export the book as Markdown."""
    return kin("export", "--format", "markdown", "--to", str(folder), *more).code


def files(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(autouse=True)
def _quick_sync(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test wait for all disks of the machine: no power is lost here."""
    monkeypatch.setattr(os, "sync", lambda: None)


@pytest.fixture
def mixed(met: Kin, tmp_path: Path) -> Path:
    """Return a folder with an export of yesterday's people, and files of the owner's among them."""
    folder = tmp_path / "my people"
    assert met("add", "Gone Tomorrow").code == 0
    assert met("add", "Zed Also", "--db", str(tmp_path / "book.db")).code == 0
    assert export(met, folder) == 0
    for name, data in OWN.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    assert met("forget", "gone", "--yes").code == 0
    assert met("add", "Ada New", "--into", "kites").code == 0
    return folder


def own_files(folder: Path) -> dict[str, bytes]:
    """Return the owner's files as they are now, by name."""
    found = files(folder) if folder.is_dir() else {}
    return {name: data for name, data in found.items() if name in OWN}


def test_the_owners_files_are_never_away(mixed: Path, met: Kin, tmp_path: Path) -> None:
    assert export(met, tmp_path / "clean") == 0
    wanted = {**files(tmp_path / "clean"), **OWN}
    was = tmp_path / "was"
    shutil.copytree(mixed, was)
    words = ("export", "--format", "markdown", "--to", str(mixed), "--force")
    states = set()
    for number in each_kill(*words, steps=NAMES):
        assert own_files(mixed) == OWN, number
        states.add(frozenset(files(mixed).items()))
        assert export(met, mixed, "--force") == 0, number
        assert files(mixed) == wanted, number
        shutil.rmtree(mixed)
        shutil.copytree(was, mixed)
    assert len(states) > 5
    assert files(mixed) == wanted
    assert not (mixed / "people" / "gone-t.md").exists()


def test_killed_twice_it_is_still_told_apart(mixed: Path, met: Kin, tmp_path: Path) -> None:
    assert export(met, tmp_path / "clean") == 0
    wanted = {**files(tmp_path / "clean"), **OWN}
    words = ("export", "--format", "markdown", "--to", str(mixed), "--force")
    for number in each_kill(*words, steps=NAMES):  # each goes on where the one before was killed
        assert own_files(mixed) == OWN, number
    assert files(mixed) == wanted
    assert [path.name for path in mixed.rglob(".*")] == [".hidden notes"]


@pytest.mark.parametrize("there", ["nothing", "an empty folder"])
def test_a_new_folder_is_whole_after_the_next_export(there: str, met: Kin, tmp_path: Path) -> None:
    assert export(met, tmp_path / "clean") == 0
    folder = tmp_path / "out"
    words = ("export", "--format", "markdown", "--to", str(folder), "--force")

    def begin() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        if there != "nothing":
            folder.mkdir()

    begin()
    for number in each_kill(*words, steps=NAMES):
        if there == "nothing":
            assert not folder.exists() or files(folder) == files(tmp_path / "clean")
        assert export(met, folder, "--force") == 0, number
        assert files(folder) == files(tmp_path / "clean"), number
        assert hidden(tmp_path) == [], number
        begin()


def test_an_interrupted_folder_comes_back_without_loss(
    mixed: Path, kin: Kin, tmp_path: Path
) -> None:
    words = ("export", "--format", "markdown", "--to", str(mixed), "--force")
    for number, _ in zip(each_kill(*words, steps=("replace", "link")), range(6), strict=False):
        told = kin("import", str(mixed), "--db", str(tmp_path / f"{number}.db"), "--json")
        names = {each["name"] for each in told.json["people"]}
        assert {"Maya Okafor", "Tom Becker", "Grace Hopper"} <= names


def test_another_kin_that_writes_there_is_waited_for_by_the_owner(mixed: Path, met: Kin) -> None:
    before = files(mixed)
    with outfolders._alone(mixed):
        told = met("export", "--format", "markdown", "--to", str(mixed), "--force")
    assert (told.code, "Another kin is writing" in told.err) == (1, True)
    assert files(mixed) == before


def test_what_fails_between_two_pages_is_said_as_it_is(
    mixed: Path, met: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kin.book import part_files as partfiles

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(partfiles, "place", full)  # the first new page
        told = met("export", "--format", "markdown", "--to", str(mixed), "--force")
    assert (told.code, told.err.count("\n")) == (1, 1)
    assert "No space left" in told.err and "Nothing" not in told.err and "--force" in told.err
    assert own_files(mixed) == OWN
    assert export(met, mixed, "--force") == 0
    assert own_files(mixed) == OWN


def test_what_an_older_kin_left_hidden_is_named_and_stays(met: Kin, tmp_path: Path) -> None:
    (tmp_path / ".out.0a0a0a0a.old").mkdir()
    (tmp_path / ".out.0a0a0a0a.old" / "diary.txt").write_text("dear diary")
    (tmp_path / ".other.0a0a0a0a.old").mkdir()
    told = met("export", "--format", "markdown", "--to", str(tmp_path / "out"))
    assert (told.code, told.err.count("\n")) == (0, 1)
    assert str(tmp_path / ".out.0a0a0a0a.old") in told.err
    assert (tmp_path / ".out.0a0a0a0a.old" / "diary.txt").read_text() == "dear diary"


def test_control_a_folder_that_is_swapped_hides_the_owners_files(
    mixed: Path, met: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    def swapped(path: Path, part: Path, *_: object) -> None:
        os.rename(path, path.with_name(f".{path.name}.0a0a0a0a.old"))

    monkeypatch.setattr(outfolders, "_put", swapped)
    export(met, mixed, "--force")
    assert own_files(mixed) != OWN
