"""Half-written files of a killed kin are found, and removed or named; those of a running kin or the owner stay."""

import fcntl
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from kin.book import atomic_write, backup_files
from tests.conftest import Kin, Result
from tests.durability.steps import kill_at, kill_at_each_step, list_hidden
from tests.terminal import beside, ended

NAME = b"Quillfeather"
PART = ".kin-0123456789abcdef.part"
OLD_BOOK = ".kin-2026-11-23.db.0a0a0a0a.part"
PAGE = "# Xavierine Quillfeather <!-- kin page 1 -->\n\n- Handle: xavierine-q\n"


@pytest.fixture
def known(met: Kin, book: Path) -> Kin:
    """Return kin with a person to forget in the book, in a private folder."""
    book.parent.chmod(0o700)
    assert met("add", "Xavierine Quillfeather", "--email", "xq@plumette.example").code == 0
    assert met("backup").code == 0
    return met


def find_name(folder: Path) -> list[str]:
    """Return the files below a folder that contain her name; links are not followed."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return sorted(str(path.relative_to(folder)) for path in files if NAME in path.read_bytes())


def list_checks(kin: Kin, *more: str) -> dict[str, str]:
    """Return the checks of doctor that are not fine, with their states."""
    result = kin("doctor", "--json", *more)
    assert result.err == "" and result.code in (0, 5)
    return {
        each["check"]: each["state"] for each in result.json["checks"] if each["state"] != "fine"
    }


# Planted as each writer of this version, and of the previous one, leaves them.

Plant = Callable[[Path, Path], Path]


def _export(folder: Path, book: Path) -> Path:
    (folder / PART).write_bytes(NAME)
    return folder / PART


def _book_copy(folder: Path, book: Path) -> Path:
    (folder / PART).touch()
    shutil.copy(book, folder / f"{PART}-book")
    return folder / f"{PART}-book"


def _book_copy_alone(folder: Path, book: Path) -> Path:
    shutil.copy(book, folder / f"{PART}-book")
    return folder / f"{PART}-book"


def _pages(folder: Path, book: Path) -> Path:
    (folder / PART / "people").mkdir(parents=True)
    (folder / PART / "people" / "xavierine-q.md").write_text(PAGE)
    return folder / PART


def _old_book_copy(folder: Path, book: Path) -> Path:
    shutil.copy(book, folder / OLD_BOOK)
    return folder / OLD_BOOK


def _old_hash(folder: Path, book: Path) -> Path:
    path = folder / f"{OLD_BOOK}-hash"
    path.write_text("0" * 64 + "  Quillfeather.db\n")
    return path


def _old_pages(folder: Path, book: Path) -> Path:
    path = folder / ".my people.0a0a0a0a.part"
    (path / "people").mkdir(parents=True)
    (path / "kept").mkdir()
    (path / "people" / "xavierine-q.md").write_text(PAGE)
    (path / "people" / "tom-b.md").touch()  # empty: it was being written
    (path / "kept" / "xavierine-q.json").write_text(
        '{"handle": "xavierine-q", "name": "Quillfeather"}'
    )
    return path


PLANTS: tuple[Plant, ...] = (
    _export, _book_copy, _book_copy_alone, _pages, _old_book_copy, _old_hash, _old_pages,
)  # fmt: skip


@pytest.mark.parametrize("plant", PLANTS)
def test_doctor_finds_and_removes_part_files_next_to_the_book(
    plant: Plant, known: Kin, book: Path
) -> None:
    planted = plant(book.parent, book)
    result = known("doctor").out
    assert list_checks(known) == {"unfinished": "advice"}
    assert str(planted) in result and "Leave them there" not in result
    assert list_checks(known, "--fix") == {"unfinished": "fixed"}
    assert list_hidden(book.parent) == []
    assert list_checks(known) == {}


@pytest.mark.parametrize("plant", PLANTS)
def test_forget_removes_part_files(plant: Plant, known: Kin, book: Path, tmp_path: Path) -> None:
    plant(book.parent, book)
    result = known("forget", "xavierine", "--yes")
    assert (result.code, result.out) == (0, "Xavierine Quillfeather is forgotten.\n")
    assert (find_name(tmp_path), list_hidden(tmp_path)) == ([], [])


@pytest.mark.parametrize("plant", PLANTS)
@pytest.mark.parametrize(
    "words",
    [("export", "--to", "{}/all.json"), ("backup", "--to", "{}/copy.db")],
    ids=["export", "backup"],
)
def test_elsewhere_the_next_command_that_writes_there_removes_them(
    words: tuple[str, ...], plant: Plant, known: Kin, book: Path, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    plant(stick, book)
    assert known(*(word.format(stick) for word in words)).code == 0
    assert list_hidden(stick) == []


def test_part_files_in_a_synced_folder_are_found(known: Kin, tmp_path: Path) -> None:
    cards = tmp_path / "cards"
    cards.mkdir()
    assert known("sync", str(cards)).code == 0
    (cards / PART).write_bytes(NAME)
    assert str(cards / PART) in known("doctor").out
    assert list_checks(known, "--fix") == {"unfinished": "fixed"}
    assert list_hidden(cards) == []
    (cards / PART).write_bytes(NAME)
    assert known("forget", "xavierine", "--yes").code == 0
    assert list_hidden(cards) == []
    (cards / PART).write_bytes(NAME)
    assert known("sync", str(cards)).code == 0
    assert list_hidden(cards) == []


# Files that are not certainly kin's are never removed.


def _other_program(folder: Path) -> Path:
    path = folder / ".film.mkv.0a0a0a0a.part"
    path.write_bytes(b"\x1aE\xdf\xa3 a film")
    return path


def _owners_old_folder(folder: Path) -> Path:
    path = folder / ".my people.0a0a0a0a.old"
    path.mkdir()
    (path / "diary.txt").write_text("dear diary")
    return path / "diary.txt"


def _owners_file_among_pages(folder: Path) -> Path:
    path = folder / ".my people.0b0b0b0b.part"
    (path / "people").mkdir(parents=True)
    (path / "people" / "tom-b.md").write_text(PAGE)
    (path / "people" / "diary.md").write_text("# Diary\n\ndear diary\n")
    return path / "people" / "diary.md"


def _owners_file_in_a_part_folder(folder: Path) -> Path:
    (folder / PART).mkdir()
    (folder / PART / "diary.txt").write_text("dear diary")
    return folder / PART / "diary.txt"


def _link(folder: Path) -> Path:
    (folder / "precious.txt").write_text("precious")
    (folder / PART).symlink_to(folder / "precious.txt")
    return folder / PART


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / PART)
    return folder / PART


def _without_dot(folder: Path) -> Path:
    (folder / "kin-0123456789abcdef.part").write_text("mine")
    return folder / "kin-0123456789abcdef.part"


@pytest.mark.parametrize(
    "plant",
    [
        _other_program,
        _owners_old_folder,
        _owners_file_among_pages,
        _owners_file_in_a_part_folder,
        _link,
        _pipe,
        _without_dot,
    ],
)
def test_files_that_may_not_be_kins_stay(
    plant: Callable[[Path], Path], known: Kin, book: Path, tmp_path: Path
) -> None:
    planted = plant(tmp_path)
    for words in (
        ("doctor", "--fix"), ("export", "--to", str(tmp_path / "all.json")),
        ("backup", "--to", str(tmp_path / "copy.db")), ("forget", "xavierine", "--yes"),
    ):  # fmt: skip
        assert known(*words).code == 0
    assert os.path.lexists(planted)
    assert (
        not (tmp_path / "precious.txt").exists()
        or (tmp_path / "precious.txt").read_text() == "precious"
    )


def test_hidden_folders_of_older_exports_are_named(known: Kin, tmp_path: Path) -> None:
    diary = _owners_old_folder(tmp_path)
    assert list_checks(known) == {"exports": "advice"}
    assert str(diary.parent) in known("doctor").out
    assert str(diary.parent) in known("forget", "xavierine", "--yes").out


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can change the owner of a file")
def test_another_users_part_file_stays(known: Kin, tmp_path: Path) -> None:
    (tmp_path / PART).write_text("theirs")
    os.chown(tmp_path / PART, 65534, 65534)
    assert known("export", "--to", str(tmp_path / "all.json")).code == 0
    assert (tmp_path / PART).exists()


def test_part_files_of_a_running_kin_stay(known: Kin, tmp_path: Path) -> None:
    with (
        atomic_write.create_part_file(tmp_path) as part,
        atomic_write.create_part_folder(tmp_path) as pages,
    ):
        (pages / "kin.md").write_text("half")
        (tmp_path / f"{part.path.name}-book").write_text("half")
        assert list_checks(known, "--fix") == {}
        assert known("export", "--to", str(tmp_path / "all.json")).code == 0
        output = known("forget", "xavierine", "--yes").out
        assert part.path.exists() and pages.exists()
        assert str(part.path) in output and "still writing it" in output
    assert list_hidden(tmp_path) == []


def test_control_without_locks_the_part_file_of_a_running_kin_is_removed(
    known: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with atomic_write.create_part_file(tmp_path) as part:
        monkeypatch.setattr(fcntl, "flock", lambda *_: None)
        assert known("export", "--to", str(tmp_path / "all.json")).code == 0
        assert not part.path.exists()


# Killed at every step.

KILLED: dict[str, tuple[str, ...]] = {
    "export": ("export", "--to", "{}/all.json", "--force"),
    "cards": ("export", "--to", "{}/all.vcf", "--force"),
    "markdown": ("export", "--format", "markdown", "--to", "{}/pages", "--force"),
    "backup": ("backup", "--to", "{}/{}.db"),
    "own backup": ("backup",),
}


@pytest.mark.parametrize("kind", KILLED)
def test_killed_at_any_step_nothing_is_left_after_forget(
    kind: str, known: Kin, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sync", lambda: None)  # faster: does not sync all disks of the machine
    place = book.parent
    words = tuple(word.format(place, "copy") for word in KILLED[kind])
    kills_with_leftovers = 0
    for _ in kill_at_each_step(
        *words, steps=("open", "fsync", "link", "replace", "rename", "unlink", "rmdir")
    ):
        leftovers = list_hidden(place)
        kills_with_leftovers += bool(leftovers)
        for name in ("copy.db", "copy.db.sha256"):
            (place / name).unlink(missing_ok=True)
        assert ("unfinished" in list_checks(known, "--fix")) == bool(leftovers)
        assert list_hidden(place) == []
    assert kills_with_leftovers > 1
    ended(beside(words, before=kill_at(kills_with_leftovers // 2 + 3)))
    for name in (
        "all.json",
        "all.vcf",
        "copy.db",
        "copy.db.sha256",
    ):  # complete files
        (place / name).unlink(missing_ok=True)
    shutil.rmtree(place / "pages", ignore_errors=True)
    assert known("forget", "xavierine", "--yes").code == 0
    assert (find_name(tmp_path), list_hidden(tmp_path)) == ([], [])


def test_after_a_killed_sync_the_next_one_leaves_nothing(known: Kin, tmp_path: Path) -> None:
    cards = tmp_path / "cards"
    cards.mkdir()
    kills_with_leftovers = 0
    for _ in kill_at_each_step("sync", str(cards), steps=("fsync", "link", "replace", "unlink")):
        kills_with_leftovers += bool(list_hidden(cards))
    assert kills_with_leftovers > 1
    assert known("sync", str(cards)).code == 0
    assert list_hidden(cards) == []


def test_control_without_removal_part_files_stay(
    known: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atomic_write, "remove_abandoned", lambda _: None)
    _export(tmp_path, tmp_path)
    known("forget", "xavierine", "--yes")
    assert find_name(tmp_path) == [PART]


# Copies near the book that the owner made: named, never removed.


def _renamed(book: Path) -> Path:
    folder = backup_files.get_backup_folder(book)
    return (folder / "2026-11-23-1-manual.db").rename(folder / "before the wedding.db")


def _moved_below(book: Path) -> Path:
    folder = backup_files.get_backup_folder(book)
    (folder / "old").mkdir()
    return (folder / "2026-11-23-1-manual.db").rename(folder / "old" / "2026-11-23-1-manual.db")


def _moved_above(book: Path) -> Path:
    folder = backup_files.get_backup_folder(book)
    return (folder / "2026-11-23-1-manual.db").rename(folder.parent / "2026-11-23-1-manual.db")


def _linked_in(book: Path) -> Path:
    """Move a backup to another folder, as if to another disk, and leave a link."""
    other = book.parent / "other disk"
    other.mkdir()
    folder = backup_files.get_backup_folder(book)
    (folder / "2026-11-23-1-manual.db").rename(other / "kept.db")
    (folder / "2026-11-23-1-manual.db").symlink_to(other / "kept.db")
    return folder / "2026-11-23-1-manual.db"


def _hard_linked(book: Path) -> Path:
    other = book.parent / "other disk"
    other.mkdir()
    path = backup_files.get_backup_folder(book) / "2026-11-23-1-manual.db"
    os.link(path, other / "kept.db")
    return path


@pytest.mark.parametrize("make", [_renamed, _moved_below, _moved_above, _linked_in, _hard_linked])
def test_backups_that_the_owner_moved_are_named(
    make: Callable[[Path], Path], known: Kin, book: Path, tmp_path: Path
) -> None:
    path = make(book)
    assert list_checks(known).get("copies") == "advice"
    assert str(path) in known("doctor").out
    assert list_checks(known, "--fix").get("copies") == "advice"
    assert str(path) in known("forget", "xavierine", "--dry-run").out
    result = known("forget", "xavierine", "--yes")
    assert result.code == 0 and str(path) in result.out
    assert find_name(tmp_path)  # which is why it is named


@pytest.mark.parametrize("name", ["book (conflicted copy).db", "book 2.db", "spare.db"])
def test_copies_next_to_the_book_are_named(name: str, known: Kin, book: Path) -> None:
    shutil.copy(book, book.with_name(name))
    result: Result = known("forget", "xavierine", "--yes")
    assert str(book.with_name(name)) in result.out
    assert book.with_name(name).exists()


def test_a_copy_made_next_to_the_book_is_named(known: Kin, book: Path) -> None:
    copy = book.with_name("safe.db")
    assert known("backup", "--to", str(copy)).code == 0
    result = known("forget", "xavierine", "--yes", "--json").json
    assert result["other_files"] == [{"path": str(copy), "kind": "copy"}]


def test_a_broken_link_to_a_backup_is_not_named(known: Kin, book: Path) -> None:
    folder = backup_files.get_backup_folder(book)
    (folder / "latest.db").symlink_to("2026-11-23-1-manual.db")
    assert list_checks(known) == {"copies": "advice"}
    assert known("forget", "xavierine", "--yes").out == "Xavierine Quillfeather is forgotten.\n"


def test_another_book_in_the_folder_is_not_named(known: Kin, book: Path) -> None:
    assert known("add", "Ada", "--db", str(book.with_name("work.db"))).code == 0
    assert known("backup", "--db", str(book.with_name("work.db"))).code == 0
    assert list_checks(known) == {}
    assert known("forget", "xavierine", "--yes").out == "Xavierine Quillfeather is forgotten.\n"


# Hard links to the book.


def test_a_hard_linked_book_is_reported(known: Kin, book: Path, tmp_path: Path) -> None:
    other = tmp_path / "people.db"
    os.link(book, other)
    assert known("backup", "--db", str(other)).code == 0
    assert list_checks(known) == {"second_name": "advice", "stray_backups": "advice"}
    result = known("doctor").out
    assert str(other) in result and "hard link" in result
    output = known("forget", "xavierine", "--yes").out
    assert str(other) in output and str(backup_files.get_backup_folder(other)) in output


def test_a_second_name_elsewhere_is_reported_without_its_path(
    known: Kin, book: Path, tmp_path: Path
) -> None:
    (tmp_path / "else").mkdir()
    os.link(book, tmp_path / "else" / "people.db")
    assert list_checks(known) == {"second_name": "advice"}
    assert "-samefile" in known("doctor").out
    assert "hard link" in known("forget", "xavierine", "--yes").out


def test_a_killed_backup_is_not_a_second_name(known: Kin, book: Path) -> None:
    assert ended(beside(["backup"], before=kill_at(0, ("fsync",)))) == -signal.SIGKILL
    assert "second_name" not in list_checks(known)
