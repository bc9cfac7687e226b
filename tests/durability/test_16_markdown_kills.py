"""A Markdown export killed at any step: the owner's files stay in place, and the next export is complete."""

import os
import shutil
from pathlib import Path

import pytest

from kin.book import atomic_folder
from tests.conftest import Kin
from tests.durability.steps import kill_at_each_step, list_hidden

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


def read_files(folder: Path) -> dict[str, bytes]:
    """Return the content of all files below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(autouse=True)
def _quick_sync(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not sync all disks of the machine: there is no power cut here."""
    monkeypatch.setattr(os, "sync", lambda: None)


@pytest.fixture
def mixed(met: Kin, tmp_path: Path) -> Path:
    """Return a folder with an earlier export, and files of the owner among its pages."""
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


def read_own_files(folder: Path) -> dict[str, bytes]:
    """Return the content of the owner's files that exist, by name."""
    contents = read_files(folder) if folder.is_dir() else {}
    return {name: data for name, data in contents.items() if name in OWN}


def test_the_owners_files_are_always_in_place(mixed: Path, met: Kin, tmp_path: Path) -> None:
    assert export(met, tmp_path / "clean") == 0
    wanted = {**read_files(tmp_path / "clean"), **OWN}
    original = tmp_path / "original"
    shutil.copytree(mixed, original)
    words = ("export", "--format", "markdown", "--to", str(mixed), "--force")
    states = set()
    for number in kill_at_each_step(*words, steps=NAMES):
        assert read_own_files(mixed) == OWN, number
        states.add(frozenset(read_files(mixed).items()))
        assert export(met, mixed, "--force") == 0, number
        assert read_files(mixed) == wanted, number
        shutil.rmtree(mixed)
        shutil.copytree(original, mixed)
    assert len(states) > 5
    assert read_files(mixed) == wanted
    assert not (mixed / "people" / "gone-t.md").exists()


def test_after_several_kills_the_files_can_still_be_told_apart(
    mixed: Path, met: Kin, tmp_path: Path
) -> None:
    assert export(met, tmp_path / "clean") == 0
    wanted = {**read_files(tmp_path / "clean"), **OWN}
    words = ("export", "--format", "markdown", "--to", str(mixed), "--force")
    for number in kill_at_each_step(
        *words, steps=NAMES
    ):  # each run continues after the previous kill
        assert read_own_files(mixed) == OWN, number
    assert read_files(mixed) == wanted
    assert [path.name for path in mixed.rglob(".*")] == [".hidden notes"]


@pytest.mark.parametrize("existing", ["nothing", "an empty folder"])
def test_a_new_folder_is_complete_after_the_next_export(
    existing: str, met: Kin, tmp_path: Path
) -> None:
    assert export(met, tmp_path / "clean") == 0
    folder = tmp_path / "out"
    words = ("export", "--format", "markdown", "--to", str(folder), "--force")

    def reset() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        if existing != "nothing":
            folder.mkdir()

    reset()
    for number in kill_at_each_step(*words, steps=NAMES):
        if existing == "nothing":
            assert not folder.exists() or read_files(folder) == read_files(tmp_path / "clean")
        assert export(met, folder, "--force") == 0, number
        assert read_files(folder) == read_files(tmp_path / "clean"), number
        assert list_hidden(tmp_path) == [], number
        reset()


def test_an_interrupted_folder_can_be_imported_without_loss(
    mixed: Path, kin: Kin, tmp_path: Path
) -> None:
    words = ("export", "--format", "markdown", "--to", str(mixed), "--force")
    for number, _ in zip(
        kill_at_each_step(*words, steps=("replace", "link")), range(6), strict=False
    ):
        result = kin("import", str(mixed), "--db", str(tmp_path / f"{number}.db"), "--json")
        names = {each["name"] for each in result.json["people"]}
        assert {"Maya Okafor", "Tom Becker", "Grace Hopper"} <= names


def test_a_folder_that_another_kin_writes_to_is_refused(mixed: Path, met: Kin) -> None:
    before = read_files(mixed)
    with atomic_folder._lock_folder(mixed):
        result = met("export", "--format", "markdown", "--to", str(mixed), "--force")
    assert (result.code, "Another kin is writing" in result.err) == (1, True)
    assert read_files(mixed) == before


def test_a_failure_between_two_pages_is_reported_correctly(
    mixed: Path, met: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kin.book import atomic_write

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(atomic_write, "move_into_place", fail)  # the first new page
        result = met("export", "--format", "markdown", "--to", str(mixed), "--force")
    assert (result.code, result.err.count("\n")) == (1, 1)
    assert "No space left" in result.err and "Nothing" not in result.err and "--force" in result.err
    assert read_own_files(mixed) == OWN
    assert export(met, mixed, "--force") == 0
    assert read_own_files(mixed) == OWN


def test_hidden_files_of_an_older_version_are_named_and_stay(met: Kin, tmp_path: Path) -> None:
    (tmp_path / ".out.0a0a0a0a.old").mkdir()
    (tmp_path / ".out.0a0a0a0a.old" / "diary.txt").write_text("dear diary")
    (tmp_path / ".other.0a0a0a0a.old").mkdir()
    result = met("export", "--format", "markdown", "--to", str(tmp_path / "out"))
    assert (result.code, result.err.count("\n")) == (0, 1)
    assert str(tmp_path / ".out.0a0a0a0a.old") in result.err
    assert (tmp_path / ".out.0a0a0a0a.old" / "diary.txt").read_text() == "dear diary"


def test_control_replacing_the_whole_folder_hides_the_owners_files(
    mixed: Path, met: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replace_folder(path: Path, part: Path, *_: object) -> None:
        os.rename(path, path.with_name(f".{path.name}.0a0a0a0a.old"))

    monkeypatch.setattr(atomic_folder, "_move_files_into_place", replace_folder)
    export(met, mixed, "--force")
    assert read_own_files(mixed) != OWN
