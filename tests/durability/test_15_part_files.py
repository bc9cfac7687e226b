"""What a killed kin leaves half written is found, removed or named, and never a living kin's or the owner's."""

import fcntl
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from kin.book import backup_files as backups, part_files as partfiles
from tests.conftest import Kin, Result
from tests.durability.steps import each_kill, hidden, killed_at
from tests.terminal import beside, ended

NAME = b"Quillfeather"
PART = ".kin-0123456789abcdef.part"
OLD_BOOK = ".kin-2026-11-23.db.0a0a0a0a.part"
PAGE = "# Xavierine Quillfeather <!-- kin page 1 -->\n\n- Handle: xavierine-q\n"


@pytest.fixture
def known(met: Kin, book: Path) -> Kin:
    """Return kin with someone in the book who is to be forgotten, in a folder that is the owner's alone."""
    book.parent.chmod(0o700)
    assert met("add", "Xavierine Quillfeather", "--email", "xq@plumette.example").code == 0
    assert met("backup").code == 0
    return met


def holding(folder: Path) -> list[str]:
    """Return the files below a folder in which her name is, links not followed."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return sorted(str(path.relative_to(folder)) for path in files if NAME in path.read_bytes())


def checks(kin: Kin, *more: str) -> dict[str, str]:
    """Return what the doctor says that is not fine."""
    told = kin("doctor", "--json", *more)
    assert told.err == "" and told.code in (0, 5)
    return {each["check"]: each["state"] for each in told.json["checks"] if each["state"] != "fine"}


# Planted: as each writer of this kin, and of the one before, leaves it.

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
    (path / "people" / "tom-b.md").touch()  # it was just begun
    (path / "kept" / "xavierine-q.json").write_text(
        '{"handle": "xavierine-q", "name": "Quillfeather"}'
    )
    return path


PLANTS: tuple[Plant, ...] = (
    _export, _book_copy, _book_copy_alone, _pages, _old_book_copy, _old_hash, _old_pages,
)  # fmt: skip


@pytest.mark.parametrize("plant", PLANTS)
def test_the_doctor_finds_and_removes_it_in_the_books_folder(
    plant: Plant, known: Kin, book: Path
) -> None:
    left = plant(book.parent, book)
    told = known("doctor").out
    assert checks(known) == {"unfinished": "advice"}
    assert str(left) in told and "Leave them there" not in told
    assert checks(known, "--fix") == {"unfinished": "mended"}
    assert hidden(book.parent) == []
    assert checks(known) == {}


@pytest.mark.parametrize("plant", PLANTS)
def test_forgetting_removes_it(plant: Plant, known: Kin, book: Path, tmp_path: Path) -> None:
    plant(book.parent, book)
    said = known("forget", "xavierine", "--yes")
    assert (said.code, said.out) == (0, "Xavierine Quillfeather is forgotten.\n")
    assert (holding(tmp_path), hidden(tmp_path)) == ([], [])


@pytest.mark.parametrize("plant", PLANTS)
@pytest.mark.parametrize(
    "words",
    [("export", "--to", "{}/all.json"), ("backup", "--to", "{}/copy.db")],
    ids=["export", "backup"],
)
def test_elsewhere_the_next_kin_that_writes_there_removes_it(
    words: tuple[str, ...], plant: Plant, known: Kin, book: Path, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    plant(stick, book)
    assert known(*(word.format(stick) for word in words)).code == 0
    assert hidden(stick) == []


def test_a_synced_folder_is_known(known: Kin, tmp_path: Path) -> None:
    cards = tmp_path / "cards"
    cards.mkdir()
    assert known("sync", str(cards)).code == 0
    (cards / PART).write_bytes(NAME)
    assert str(cards / PART) in known("doctor").out
    assert checks(known, "--fix") == {"unfinished": "mended"}
    assert hidden(cards) == []
    (cards / PART).write_bytes(NAME)
    assert known("forget", "xavierine", "--yes").code == 0
    assert hidden(cards) == []
    (cards / PART).write_bytes(NAME)
    assert known("sync", str(cards)).code == 0
    assert hidden(cards) == []


# What is not certainly kin's is never removed.


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


def _visible(folder: Path) -> Path:
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
        _visible,
    ],
)
def test_what_may_be_anothers_stays(
    plant: Callable[[Path], Path], known: Kin, book: Path, tmp_path: Path
) -> None:
    theirs = plant(tmp_path)
    for words in (
        ("doctor", "--fix"), ("export", "--to", str(tmp_path / "all.json")),
        ("backup", "--to", str(tmp_path / "copy.db")), ("forget", "xavierine", "--yes"),
    ):  # fmt: skip
        assert known(*words).code == 0
    assert os.path.lexists(theirs)
    assert (
        not (tmp_path / "precious.txt").exists()
        or (tmp_path / "precious.txt").read_text() == "precious"
    )


def test_hidden_folders_of_older_exports_are_named(known: Kin, tmp_path: Path) -> None:
    diary = _owners_old_folder(tmp_path)
    assert checks(known) == {"exports": "advice"}
    assert str(diary.parent) in known("doctor").out
    assert str(diary.parent) in known("forget", "xavierine", "--yes").out


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
def test_another_users_part_file_stays(known: Kin, tmp_path: Path) -> None:
    (tmp_path / PART).write_text("theirs")
    os.chown(tmp_path / PART, 65534, 65534)
    assert known("export", "--to", str(tmp_path / "all.json")).code == 0
    assert (tmp_path / PART).exists()


def test_what_a_running_kin_writes_stays(known: Kin, tmp_path: Path) -> None:
    with partfiles.part_file(tmp_path) as part, partfiles.part_folder(tmp_path) as pages:
        (pages / "kin.md").write_text("half")
        (tmp_path / f"{part.path.name}-book").write_text("half")
        assert checks(known, "--fix") == {}
        assert known("export", "--to", str(tmp_path / "all.json")).code == 0
        said = known("forget", "xavierine", "--yes").out
        assert part.path.exists() and pages.exists()
        assert str(part.path) in said and "still at work" in said
    assert hidden(tmp_path) == []


def test_control_without_locks_a_running_kins_part_file_is_taken(
    known: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with partfiles.part_file(tmp_path) as part:
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
def test_killed_at_any_step_nothing_is_left_after_forgetting(
    kind: str, known: Kin, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sync", lambda: None)  # not to wait for all disks of the machine
    place = book.parent
    words = tuple(word.format(place, "copy") for word in KILLED[kind])
    left = 0
    for _ in each_kill(
        *words, steps=("open", "fsync", "link", "replace", "rename", "unlink", "rmdir")
    ):
        left_now = hidden(place)
        left += bool(left_now)
        for name in ("copy.db", "copy.db.sha256"):
            (place / name).unlink(missing_ok=True)
        assert ("unfinished" in checks(known, "--fix")) == bool(left_now)
        assert hidden(place) == []
    assert left > 1
    ended(beside(words, before=killed_at(left // 2 + 3)))
    for name in (
        "all.json",
        "all.vcf",
        "copy.db",
        "copy.db.sha256",
    ):  # what was asked for and is whole
        (place / name).unlink(missing_ok=True)
    shutil.rmtree(place / "pages", ignore_errors=True)
    assert known("forget", "xavierine", "--yes").code == 0
    assert (holding(tmp_path), hidden(tmp_path)) == ([], [])


def test_a_killed_sync_leaves_nothing_after_the_next(known: Kin, tmp_path: Path) -> None:
    cards = tmp_path / "cards"
    cards.mkdir()
    left = 0
    for _ in each_kill("sync", str(cards), steps=("fsync", "link", "replace", "unlink")):
        left += bool(hidden(cards))
    assert left > 1
    assert known("sync", str(cards)).code == 0
    assert hidden(cards) == []


def test_control_when_nobody_sweeps_it_stays(
    known: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partfiles, "sweep", lambda _: None)
    _export(tmp_path, tmp_path)
    known("forget", "xavierine", "--yes")
    assert holding(tmp_path) == [PART]


# Copies near the book that are the owner's: named, never removed.


def _renamed(book: Path) -> Path:
    folder = backups.folder_of(book)
    return (folder / "2026-11-23-1-hand.db").rename(folder / "before the wedding.db")


def _moved_below(book: Path) -> Path:
    folder = backups.folder_of(book)
    (folder / "old").mkdir()
    return (folder / "2026-11-23-1-hand.db").rename(folder / "old" / "2026-11-23-1-hand.db")


def _moved_above(book: Path) -> Path:
    folder = backups.folder_of(book)
    return (folder / "2026-11-23-1-hand.db").rename(folder.parent / "2026-11-23-1-hand.db")


def _linked_in(book: Path) -> Path:
    """Move a backup to another disk, so to say, and leave a link."""
    other = book.parent / "other disk"
    other.mkdir()
    folder = backups.folder_of(book)
    (folder / "2026-11-23-1-hand.db").rename(other / "kept.db")
    (folder / "2026-11-23-1-hand.db").symlink_to(other / "kept.db")
    return folder / "2026-11-23-1-hand.db"


def _hard_linked(book: Path) -> Path:
    other = book.parent / "other disk"
    other.mkdir()
    path = backups.folder_of(book) / "2026-11-23-1-hand.db"
    os.link(path, other / "kept.db")
    return path


@pytest.mark.parametrize("make", [_renamed, _moved_below, _moved_above, _linked_in, _hard_linked])
def test_backups_that_the_owner_moved_are_named(
    make: Callable[[Path], Path], known: Kin, book: Path, tmp_path: Path
) -> None:
    path = make(book)
    assert checks(known).get("copies") == "advice"
    assert str(path) in known("doctor").out
    assert checks(known, "--fix").get("copies") == "advice"
    assert str(path) in known("forget", "xavierine", "--dry-run").out
    said = known("forget", "xavierine", "--yes")
    assert said.code == 0 and str(path) in said.out
    assert holding(tmp_path)  # that is why


@pytest.mark.parametrize("name", ["book (conflicted copy).db", "book 2.db", "spare.db"])
def test_copies_next_to_the_book_are_named(name: str, known: Kin, book: Path) -> None:
    shutil.copy(book, book.with_name(name))
    told: Result = known("forget", "xavierine", "--yes")
    assert str(book.with_name(name)) in told.out
    assert book.with_name(name).exists()


def test_a_copy_made_next_to_the_book_is_named(known: Kin, book: Path) -> None:
    copy = book.with_name("safe.db")
    assert known("backup", "--to", str(copy)).code == 0
    told = known("forget", "xavierine", "--yes", "--json").json
    assert told["other_files"] == [{"path": str(copy), "kind": "copy"}]


def test_a_link_to_a_backup_that_is_gone_is_not_named(known: Kin, book: Path) -> None:
    folder = backups.folder_of(book)
    (folder / "latest.db").symlink_to("2026-11-23-1-hand.db")
    assert checks(known) == {"copies": "advice"}
    assert known("forget", "xavierine", "--yes").out == "Xavierine Quillfeather is forgotten.\n"


def test_a_second_book_in_the_folder_is_not_its_business(known: Kin, book: Path) -> None:
    assert known("add", "Ada", "--db", str(book.with_name("work.db"))).code == 0
    assert known("backup", "--db", str(book.with_name("work.db"))).code == 0
    assert checks(known) == {}
    assert known("forget", "xavierine", "--yes").out == "Xavierine Quillfeather is forgotten.\n"


# The book under a second name.


def test_a_hard_linked_book_is_said(known: Kin, book: Path, tmp_path: Path) -> None:
    other = tmp_path / "people.db"
    os.link(book, other)
    assert known("backup", "--db", str(other)).code == 0
    assert checks(known) == {"second_name": "advice", "strays": "advice"}
    told = known("doctor").out
    assert str(other) in told and "hard link" in told
    said = known("forget", "xavierine", "--yes").out
    assert str(other) in said and str(backups.folder_of(other)) in said


def test_a_second_name_elsewhere_is_said_without_its_place(
    known: Kin, book: Path, tmp_path: Path
) -> None:
    (tmp_path / "else").mkdir()
    os.link(book, tmp_path / "else" / "people.db")
    assert checks(known) == {"second_name": "advice"}
    assert "-samefile" in known("doctor").out
    assert "another name" in known("forget", "xavierine", "--yes").out


def test_a_killed_export_is_no_second_name(known: Kin, book: Path) -> None:
    assert ended(beside(["backup"], before=killed_at(0, ("fsync",)))) == -signal.SIGKILL
    assert "second_name" not in checks(known)
