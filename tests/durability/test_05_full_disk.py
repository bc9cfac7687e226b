"""Acceptance 5: on a full disk a command fails in words, leaves nothing under the final name, and loses nothing."""

import os
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from kin.book import atomic_write as outfiles, migrations
from kin.cli.app import COMMANDS
from kin.errors import KinError
from tests.conftest import Result
from tests.durability import protections, writes
from tests.durability.processes import Say, begun
from tests.older import old_book, one_schema_ahead
from tests.terminal import apart
from tests.test_migrations import rows, version

PAGE = 4096
SIZE = 6 << 20


class Found(NamedTuple):
    """What came of one command on a disk that was nearly full."""

    failed: bool
    faults: list[str]


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the folder of a disk of a few megabytes, on which the book is."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700", "none", str(folder)]
    made = subprocess.run(mount, capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip(f"no small disk can be made here: {made.stderr.strip()}")
    monkeypatch.setenv("KIN_DB", str(folder / "book.db"))
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture(scope="session")
def contacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a table of people to import."""
    path = tmp_path_factory.mktemp("contacts") / "people.csv"
    lines = [f"Ada Number{n},kites and stones,Lisbon" for n in range(400)]
    path.write_text("\n".join(("Name,Interests,City", *lines)))
    return path


def fill(folder: Path, pages: int) -> None:
    """Leave so many pages of the disk free."""
    disk = os.statvfs(folder)
    with (folder / "filler").open("wb") as filler:
        os.posix_fallocate(filler.fileno(), 0, disk.f_bavail * disk.f_frsize - pages * PAGE)


def in_words(told: Result) -> list[str]:
    """Tell what is wrong with how a command failed: it must say so, and be no bug."""
    good = told.code in (1, 5) and told.err.startswith("kin: ") and "bug" not in told.err
    return [] if good else [f"{told}"]


def clear(folder: Path) -> None:
    """Take everything off the disk."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def begin(folder: Path) -> Path:
    """Put a book on the disk in which there is something to lose."""
    book = folder / "book.db"
    writes.begin(book)
    for number in range(3):
        writes.write(book, str(number))
    return book


def kept(book: Path, tags: list[str]) -> list[str]:
    """Tell what is lost or not sound, once there is room again."""
    held = writes.held(book)
    return held.wrong + [f"{tag} is lost" for tag in held.loses(tags)]


def notes(folder: Path, pages: int, _: Path) -> Found:
    """Write until the disk is full."""
    book = begin(folder)
    fill(folder, pages)

    def work(say: Say) -> None:
        for number in range(3, 200):
            writes.write(book, str(number), "x" * 5000)
            say(str(number))

    told = begun(work).ended()
    said = [line for line in told.lines if not line.startswith("!")]
    full = told.code == 1 and "full" in told.lines[-1]
    (folder / "filler").unlink()
    tags = ["0", "1", "2", *said]
    faults = kept(book, tags) + [
        f"{tag} by half" for tag in set(writes.held(book).tags) - set(tags)
    ]
    return Found(full, faults + ([] if full else [str(told)]))


def first_run(folder: Path, pages: int, _: Path) -> Found:
    """Make a book where there is no room for one."""
    fill(folder, pages)
    told = apart("add", "Ada")
    (folder / "filler").unlink()
    if told.code == 0:
        return Found(False, kept(folder / "book.db", []))
    again = apart("add", "Ada")
    return Found(True, in_words(told) + ([] if again.code == 0 else [f"and then {again}"]))


def imported(folder: Path, pages: int, contacts: Path) -> Found:
    """Bring many people in: all of them, or none."""
    book = begin(folder)
    fill(folder, pages)
    told = apart("import", str(contacts))
    (folder / "filler").unlink()
    there = len(writes.rows(book, "SELECT 1 FROM person WHERE name LIKE 'Ada Number%'"))
    faults = kept(book, ["0", "1", "2"])
    faults += [] if there == (0 if told.code else 400) else [f"{there} are there"]
    return Found(told.code != 0, faults + (in_words(told) if told.code else []))


def exported(folder: Path, pages: int, _: Path) -> Found:
    """Take everything out: a whole file, or none."""
    book = begin(folder)
    for number in range(3, 6):
        writes.write(book, str(number), "long talk " * 3000)
    fill(folder, pages)
    told = apart("export", "--to", str(folder / "out.json"))
    (folder / "filler").unlink()
    faults = kept(book, [str(number) for number in range(6)]) + left(told, folder / "out.json")
    return Found(told.code != 0, faults)


def backed_up(folder: Path, pages: int, _: Path) -> Found:
    """Make a copy of the book: a whole one, or none."""
    book = begin(folder)
    fill(folder, pages)
    told = apart("backup", "--to", str(folder / "copy.db"))
    (folder / "filler").unlink()
    faults = kept(book, ["0", "1", "2"]) + left(told, folder / "copy.db")
    faults += [] if told.code else kept(folder / "copy.db", ["0", "1", "2"])
    return Found(told.code != 0, faults)


def left(told: Result, path: Path) -> list[str]:
    """Tell what is wrong with a file that was to be written: it is there if that is said, and no part of one."""
    faults = in_words(told) if told.code else []
    faults += [f"{part} is left" for part in path.parent.glob(".*")]
    return faults + ([] if path.exists() == (told.code == 0) else [f"{path}: {told}"])


@one_schema_ahead()
def migrated(folder: Path, pages: int, _: Path) -> Found:
    """Take a book of the first release to the newest schema."""
    book, old = folder / "book.db", old_book()
    shutil.copy(old, book)
    fill(folder, pages)
    told = apart("people")
    (folder / "filler").unlink()
    faults = in_words(told) if told.code else []
    after = rows(book)
    faults += [f"{table} is another" for table, held in rows(old).items() if after[table] != held]
    faults += writes.unsound(book)
    faults += (
        []
        if version(book) == (migrations.NEWEST - 1 if told.code else migrations.NEWEST)
        else ["by half"]
    )
    return Found(told.code != 0, faults)


def restored_in_place_of(damage: Callable[[Path], object]) -> Callable[[Path, int, Path], Found]:
    """Return the going back to a backup from elsewhere: all of it, or what was there is there."""

    def work(folder: Path, pages: int, contacts: Path) -> Found:
        book, stick = begin(folder), contacts.with_name("stick.db")
        stick.unlink(missing_ok=True)
        contacts.with_name("stick.db.sha256").unlink(missing_ok=True)
        assert apart("backup", "--to", str(stick)).code == 0
        damage(book)
        was = book.read_bytes() if book.exists() else None
        fill(folder, pages)
        told = apart("restore", str(stick), "--yes")
        (folder / "filler").unlink()
        left = [str(path) for path in folder.glob(".*")]
        if told.code == 0:
            return Found(False, left + kept(book, ["0", "1", "2"]))
        now = book.read_bytes() if book.exists() else None
        faults = left + in_words(told) + ([] if now == was else ["it is another"])
        faults += [f"{path} is left" for path in folder.rglob("*damaged*")]
        again = apart("restore", str(stick), "--yes")
        return Found(
            True, faults + ([] if again.code == 0 else [f"and then {again}"]) + kept(book, ["0"])
        )

    return work


@one_schema_ahead()
def restored_from_the_first_release(folder: Path, pages: int, _: Path) -> Found:
    """Go back to a copy of an older schema: all of it, or the book is as it was."""
    book = begin(folder)
    was = writes.rows(book, "SELECT * FROM conversation")
    fill(folder, pages)
    told = apart("restore", str(old_book()), "--yes")
    (folder / "filler").unlink()
    faults = writes.unsound(book) + [f"{path} is left" for path in folder.glob(".*")]
    faults += in_words(told) if told.code else []
    if (writes.rows(book, "SELECT * FROM conversation") == was) != bool(told.code):
        faults.append("it is another")
    faults += [] if version(book) == migrations.NEWEST else ["it is older"]
    return Found(told.code != 0, faults)


def forgotten(folder: Path, pages: int, _: Path) -> Found:
    """Forget somebody: all of them, or nothing of them."""
    book = begin(folder)
    assert apart("add", "Zoe Oddname", "--into", "kites").code == 0
    fill(folder, pages)
    told = apart("forget", "zoe", "--yes")
    (folder / "filler").unlink()
    there = writes.rows(book, "SELECT 1 FROM person WHERE name = 'Zoe Oddname'")
    faults = kept(book, ["0", "1", "2"]) + (in_words(told) if told.code else [])
    faults += ["she is there"] if told.code == 0 and there else []
    again = apart("forget", "zoe", "--yes") if there else told
    return Found(told.code != 0, faults + ([] if again.code == 0 or not there else [f"{again}"]))


# What is done, and how many free pages are enough for it, about.
KINDS: dict[str, tuple[Callable[[Path, int, Path], Found], int]] = {
    "notes": (notes, 150),
    "first run": (first_run, 80),
    "import": (imported, 60),
    "export": (exported, 30),
    "migration": (migrated, 60),
    "restore of a damaged book": (restored_in_place_of(lambda book: book.write_text("tale")), 110),
    "restore of a torn book": (restored_in_place_of(lambda book: os.truncate(book, 20_000)), 110),
    "restore of a lost book": (restored_in_place_of(Path.unlink), 110),
    "restore of an emptied book": (restored_in_place_of(lambda book: os.truncate(book, 0)), 110),
    "restore": (restored_in_place_of(lambda book: None), 110),
    "restore of an older schema": (restored_from_the_first_release, 160),
    "forget": (forgotten, 40),
    **({"backup": (backed_up, 110)} if "backup" in COMMANDS else {}),
}


def on_full_disks(
    small: Path, contacts: Path, kind: str, times: int, most: int = 1000
) -> tuple[int, list[str]]:
    """Do it so often with less room than it needs; return how often it failed, and all faults."""
    work, enough = KINDS[kind]
    enough = min(enough, most)
    chance = random.Random(kind)
    found = []
    for _ in range(times):
        clear(small)
        found.append(work(small, chance.randrange(enough), contacts))
    return sum(each.failed for each in found), [fault for each in found for fault in each.faults]


@pytest.mark.parametrize("kind", KINDS)
def test_on_a_full_disk_nothing_is_lost(kind: str, small: Path, contacts: Path) -> None:
    failed, faults = on_full_disks(small, contacts, kind, 1, most=20)
    assert (faults, failed > 0) == ([], True)


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_on_many_full_disks_nothing_is_lost(kind: str, small: Path, contacts: Path) -> None:
    failed, faults = on_full_disks(small, contacts, kind, 20)
    print(kind, failed)
    assert faults == []
    assert failed >= 12


@pytest.mark.long
def test_control_a_file_that_is_written_in_its_place_is_left_by_half(
    small: Path, contacts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_its_place(path: Path, data: bytes, _: bool) -> None:
        try:
            path.write_bytes(data)
        except OSError as error:
            raise KinError(f"Cannot write {path}.") from error

    monkeypatch.setattr(outfiles, "_put", in_its_place)
    _, faults = on_full_disks(small, contacts, "export", 8)
    assert faults


@pytest.mark.long
def test_control_without_a_journal_a_full_disk_damages_the_book(
    small: Path, contacts: Path
) -> None:
    with protections.settings(journal_mode="OFF"):
        _, faults = on_full_disks(small, contacts, "notes", 8)
    assert faults


@pytest.mark.parametrize("pages", [0, 20, 120])
def test_somebody_is_forgotten_on_a_full_disk_or_is_not_and_it_says_which(
    small: Path, pages: int
) -> None:
    book = begin(small)
    assert apart("add", "Xavierine Quillfeather", "--met", "x" * 200_000).code == 0
    assert apart("backup").code == 0
    fill(small, pages)
    told = apart("forget", "xavierine", "--yes")
    (small / "filler").unlink()
    gone = apart("recall", "xavierine").code == 3
    assert gone or ("othing was written" in told.err and told.code == 5), told
    assert not (gone and "othing was written" in told.err), told
    if gone:
        assert apart("doctor", "--fix").code in (0, 5)
        held = b"".join(path.read_bytes() for path in small.rglob("*") if path.is_file())
        assert b"Quillfeather" not in held and b"x" * 1000 not in held
    assert kept(book, ["0", "1", "2"]) == []
