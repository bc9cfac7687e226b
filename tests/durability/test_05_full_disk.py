"""Acceptance 5: on a full disk, a command fails with a plain error, leaves no incomplete file, and loses nothing."""

import os
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from kin.book import atomic_write, schema
from kin.cli.app import COMMANDS
from kin.errors import KinError
from tests.conftest import Result
from tests.durability import protections, writes
from tests.durability.processes import Report, start
from tests.older import old_book, one_schema_ahead
from tests.terminal import apart
from tests.test_migrations import read_rows, read_version

PAGE = 4096
SIZE = 6 << 20


class Outcome(NamedTuple):
    """The result of a command on a disk that is nearly full."""

    failed: bool
    faults: list[str]


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the folder of a disk of a few megabytes, where the book is."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700", "none", str(folder)]
    made = subprocess.run(mount, capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip(f"no small disk can be mounted here: {made.stderr.strip()}")
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
    """Fill the disk except for this many pages."""
    disk = os.statvfs(folder)
    with (folder / "filler").open("wb") as filler:
        os.posix_fallocate(filler.fileno(), 0, disk.f_bavail * disk.f_frsize - pages * PAGE)


def check_error(result: Result) -> list[str]:
    """Return what is wrong with the error of a failed command: it must be plain, and not a bug."""
    is_plain = result.code in (1, 5) and result.err.startswith("kin: ") and "bug" not in result.err
    return [] if is_plain else [f"{result}"]


def clear(folder: Path) -> None:
    """Delete everything on the disk."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def create_book(folder: Path) -> Path:
    """Create a book with a few notes on the disk."""
    book = folder / "book.db"
    writes.create_book(book)
    for number in range(3):
        writes.write(book, str(number))
    return book


def find_lost(book: Path, tags: list[str]) -> list[str]:
    """Return what is lost or damaged, once there is free space again."""
    content = writes.read_content(book)
    return content.faults + [f"{tag} is lost" for tag in content.find_lost(tags)]


def write_notes(folder: Path, pages: int, _: Path) -> Outcome:
    """Write notes until the disk is full."""
    book = create_book(folder)
    fill(folder, pages)

    def work(report: Report) -> None:
        for number in range(3, 200):
            writes.write(book, str(number), "x" * 5000)
            report(str(number))

    result = start(work).wait()
    acknowledged = [line for line in result.lines if not line.startswith("!")]
    is_full = result.code == 1 and "full" in result.lines[-1]
    (folder / "filler").unlink()
    tags = ["0", "1", "2", *acknowledged]
    faults = find_lost(book, tags) + [
        f"{tag} in part" for tag in set(writes.read_content(book).tags) - set(tags)
    ]
    return Outcome(is_full, faults + ([] if is_full else [str(result)]))


def run_first(folder: Path, pages: int, _: Path) -> Outcome:
    """Create a book where there is no space for one."""
    fill(folder, pages)
    result = apart("add", "Ada")
    (folder / "filler").unlink()
    if result.code == 0:
        return Outcome(False, find_lost(folder / "book.db", []))
    again = apart("add", "Ada")
    return Outcome(True, check_error(result) + ([] if again.code == 0 else [f"and then {again}"]))


def import_people(folder: Path, pages: int, contacts: Path) -> Outcome:
    """Import many people: all of them, or none."""
    book = create_book(folder)
    fill(folder, pages)
    result = apart("import", str(contacts))
    (folder / "filler").unlink()
    count = len(writes.query(book, "SELECT 1 FROM person WHERE name LIKE 'Ada Number%'"))
    faults = find_lost(book, ["0", "1", "2"])
    faults += [] if count == (0 if result.code else 400) else [f"{count} are there"]
    return Outcome(result.code != 0, faults + (check_error(result) if result.code else []))


def export_book(folder: Path, pages: int, _: Path) -> Outcome:
    """Export the book: a complete file, or none."""
    book = create_book(folder)
    for number in range(3, 6):
        writes.write(book, str(number), "long note " * 3000)
    fill(folder, pages)
    result = apart("export", "--to", str(folder / "out.json"))
    (folder / "filler").unlink()
    faults = find_lost(book, [str(number) for number in range(6)]) + check_file(
        result, folder / "out.json"
    )
    return Outcome(result.code != 0, faults)


def back_up(folder: Path, pages: int, _: Path) -> Outcome:
    """Make a backup: a complete one, or none."""
    book = create_book(folder)
    fill(folder, pages)
    result = apart("backup", "--to", str(folder / "copy.db"))
    (folder / "filler").unlink()
    faults = find_lost(book, ["0", "1", "2"]) + check_file(result, folder / "copy.db")
    faults += [] if result.code else find_lost(folder / "copy.db", ["0", "1", "2"])
    return Outcome(result.code != 0, faults)


def check_file(result: Result, path: Path) -> list[str]:
    """Return what is wrong with a written file: it must exist if the command succeeded, and no part file may be left."""
    faults = check_error(result) if result.code else []
    faults += [f"{part} is left" for part in path.parent.glob(".*")]
    return faults + ([] if path.exists() == (result.code == 0) else [f"{path}: {result}"])


@one_schema_ahead()
def migrate(folder: Path, pages: int, _: Path) -> Outcome:
    """Upgrade an older book to the newest schema."""
    book, old = folder / "book.db", old_book()
    shutil.copy(old, book)
    fill(folder, pages)
    result = apart("people")
    (folder / "filler").unlink()
    faults = check_error(result) if result.code else []
    after = read_rows(book)
    faults += [
        f"{table} has changed" for table, before in read_rows(old).items() if after[table] != before
    ]
    faults += writes.check_integrity(book)
    faults += (
        []
        if read_version(book)
        == (schema.NEWEST_VERSION - 1 if result.code else schema.NEWEST_VERSION)
        else ["the version does not match"]
    )
    return Outcome(result.code != 0, faults)


def restore_after(damage: Callable[[Path], object]) -> Callable[[Path, int, Path], Outcome]:
    """Return a restore after damage to the book: it succeeds, or leaves the damaged book as it was."""

    def work(folder: Path, pages: int, contacts: Path) -> Outcome:
        book, stick = create_book(folder), contacts.with_name("stick.db")
        stick.unlink(missing_ok=True)
        contacts.with_name("stick.db.sha256").unlink(missing_ok=True)
        assert apart("backup", "--to", str(stick)).code == 0
        damage(book)
        before = book.read_bytes() if book.exists() else None
        fill(folder, pages)
        result = apart("restore", str(stick), "--yes")
        (folder / "filler").unlink()
        left = [str(path) for path in folder.glob(".*")]
        if result.code == 0:
            return Outcome(False, left + find_lost(book, ["0", "1", "2"]))
        after = book.read_bytes() if book.exists() else None
        faults = left + check_error(result) + ([] if after == before else ["it has changed"])
        faults += [f"{path} is left" for path in folder.rglob("*damaged*")]
        again = apart("restore", str(stick), "--yes")
        return Outcome(
            True,
            faults + ([] if again.code == 0 else [f"and then {again}"]) + find_lost(book, ["0"]),
        )

    return work


@one_schema_ahead()
def restore_older_schema(folder: Path, pages: int, _: Path) -> Outcome:
    """Restore a copy with an older schema: it succeeds, or leaves the book as it was."""
    book = create_book(folder)
    before = writes.query(book, "SELECT * FROM note")
    fill(folder, pages)
    result = apart("restore", str(old_book()), "--yes")
    (folder / "filler").unlink()
    faults = writes.check_integrity(book) + [f"{path} is left" for path in folder.glob(".*")]
    faults += check_error(result) if result.code else []
    if (writes.query(book, "SELECT * FROM note") == before) != bool(result.code):
        faults.append("it has changed")
    faults += [] if read_version(book) == schema.NEWEST_VERSION else ["it is older"]
    return Outcome(result.code != 0, faults)


def forget(folder: Path, pages: int, _: Path) -> Outcome:
    """Forget a person: completely, or not at all."""
    book = create_book(folder)
    assert apart("add", "Zoe Oddname", "--into", "kites").code == 0
    fill(folder, pages)
    result = apart("forget", "zoe", "--yes")
    (folder / "filler").unlink()
    remaining = writes.query(book, "SELECT 1 FROM person WHERE name = 'Zoe Oddname'")
    faults = find_lost(book, ["0", "1", "2"]) + (check_error(result) if result.code else [])
    faults += ["she is still there"] if result.code == 0 and remaining else []
    again = apart("forget", "zoe", "--yes") if remaining else result
    return Outcome(
        result.code != 0, faults + ([] if again.code == 0 or not remaining else [f"{again}"])
    )


# What is done, and about how many free pages are enough for it.
KINDS: dict[str, tuple[Callable[[Path, int, Path], Outcome], int]] = {
    "notes": (write_notes, 150),
    "first run": (run_first, 80),
    "import": (import_people, 60),
    "export": (export_book, 30),
    "migration": (migrate, 60),
    "restore of a damaged book": (restore_after(lambda book: book.write_text("tale")), 110),
    "restore of a truncated book": (restore_after(lambda book: os.truncate(book, 20_000)), 110),
    "restore of a missing book": (restore_after(Path.unlink), 110),
    "restore of an emptied book": (restore_after(lambda book: os.truncate(book, 0)), 110),
    "restore": (restore_after(lambda book: None), 110),
    "restore of an older schema": (restore_older_schema, 160),
    "forget": (forget, 40),
    **({"backup": (back_up, 110)} if "backup" in COMMANDS else {}),
}


def run_on_full_disks(
    small: Path, contacts: Path, kind: str, times: int, most: int = 1000
) -> tuple[int, list[str]]:
    """Run a command this many times with too little space; return how often it failed, and all faults."""
    work, enough = KINDS[kind]
    enough = min(enough, most)
    chance = random.Random(kind)
    outcomes = []
    for _ in range(times):
        clear(small)
        outcomes.append(work(small, chance.randrange(enough), contacts))
    return sum(each.failed for each in outcomes), [
        fault for each in outcomes for fault in each.faults
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_on_a_full_disk_nothing_is_lost(kind: str, small: Path, contacts: Path) -> None:
    failed, faults = run_on_full_disks(small, contacts, kind, 1, most=20)
    assert (faults, failed > 0) == ([], True)


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_on_many_full_disks_nothing_is_lost(kind: str, small: Path, contacts: Path) -> None:
    failed, faults = run_on_full_disks(small, contacts, kind, 20)
    print(kind, failed)
    assert faults == []
    assert failed >= 12


@pytest.mark.long
def test_control_a_file_written_in_place_is_left_incomplete(
    small: Path, contacts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_in_place(path: Path, data: bytes, _: bool) -> None:
        try:
            path.write_bytes(data)
        except OSError as error:
            raise KinError(f"Cannot write {path}.") from error

    monkeypatch.setattr(atomic_write, "_write_atomically", write_in_place)
    _, faults = run_on_full_disks(small, contacts, "export", 8)
    assert faults


@pytest.mark.long
def test_control_without_a_journal_a_full_disk_damages_the_book(
    small: Path, contacts: Path
) -> None:
    with protections.use_settings(journal_mode="OFF"):
        _, faults = run_on_full_disks(small, contacts, "notes", 8)
    assert faults


@pytest.mark.parametrize("pages", [0, 20, 120])
def test_on_a_full_disk_forget_succeeds_or_fails_and_says_which(small: Path, pages: int) -> None:
    book = create_book(small)
    assert apart("add", "Xavierine Quillfeather", "--met", "x" * 200_000).code == 0
    assert apart("backup").code == 0
    fill(small, pages)
    result = apart("forget", "xavierine", "--yes")
    (small / "filler").unlink()
    is_gone = apart("recall", "xavierine").code == 3
    assert is_gone or ("othing was written" in result.err and result.code == 5), result
    assert not (is_gone and "othing was written" in result.err), result
    if is_gone:
        assert apart("doctor", "--fix").code in (0, 5)
        data = b"".join(path.read_bytes() for path in small.rglob("*") if path.is_file())
        assert b"Quillfeather" not in data and b"x" * 1000 not in data
    assert find_lost(book, ["0", "1", "2"]) == []
