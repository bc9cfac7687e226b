"""One copy of a book: whole and proven under its name, or nothing."""

import hashlib
import os
import resource
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kin.book import connection as opening, migrations, verified_copy as snapshot
from kin.cli import main
from kin.errors import BookError, KinError
from tests.conftest import Kin
from tests.make import grow
from tests.terminal import beside, ended


def copied(book: Path, to: Path) -> snapshot.Made:
    """Make a copy of the book."""
    with opening.as_it_is(book) as db:
        return snapshot.make(db, to)


def rows(path: Path) -> list[str]:
    """Return all that is in a book."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        return list(db.iterdump())


def test_a_copy_holds_what_the_book_held(met: Kin, book: Path, tmp_path: Path) -> None:
    made = copied(book, tmp_path / "copy.db")
    assert rows(made.path) == rows(book)
    assert snapshot.proven(made.path, migrations.NEWEST) == made.facts
    assert dict(made.facts.counts)["person"] == 6


def test_its_hash_lies_beside_it_as_sha256sum_reads_it(
    met: Kin, book: Path, tmp_path: Path
) -> None:
    made = copied(book, tmp_path / "copy.db")
    digest = hashlib.sha256(made.path.read_bytes()).hexdigest()
    assert (tmp_path / "copy.db.sha256").read_text() == f"{digest}  copy.db\n"
    assert made.sha256 == digest


def test_nothing_else_is_left(met: Kin, book: Path, tmp_path: Path) -> None:
    copied(book, tmp_path / "copy.db")
    assert sorted(os.listdir(tmp_path)) == ["book.db", "copy.db", "copy.db.sha256"]


@pytest.mark.parametrize("taken", ["copy.db", "copy.db.sha256"])
def test_nothing_is_overwritten(taken: str, met: Kin, book: Path, tmp_path: Path) -> None:
    (tmp_path / taken).write_text("mine")
    with pytest.raises(KinError, match="already"):
        copied(book, tmp_path / "copy.db")
    assert (tmp_path / taken).read_text() == "mine"
    assert sorted(os.listdir(tmp_path)) == ["book.db", taken]


def test_a_link_is_not_followed(met: Kin, book: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.db").symlink_to(tmp_path / "elsewhere.db")
    with pytest.raises(KinError, match="already"):
        copied(book, tmp_path / "copy.db")
    assert not (tmp_path / "elsewhere.db").exists()


def test_a_stick_without_links_will_do(
    met: Kin, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    copied(book, tmp_path / "copy.db")
    assert snapshot.proven(tmp_path / "copy.db", migrations.NEWEST)
    with pytest.raises(KinError, match="already"):
        copied(book, tmp_path / "copy.db")


# A full disk.


@pytest.mark.parametrize("room", [0, 1, 4096, 100_000, 300_000])
def test_a_full_disk_leaves_nothing_under_the_name(
    room: int, met: Kin, book: Path, tmp_path: Path
) -> None:
    def fill() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    target = tmp_path / "stick"
    target.mkdir()
    assert ended(beside(["backup", "--to", str(target / "copy.db")], before=fill)) == 5
    assert list(target.iterdir()) == []
    assert ended(beside(["backup", "--to", str(target / "copy.db")])) == 0


@pytest.mark.parametrize("step", ["_copied", "_verify", "_on_disk", "_put_in_place"])
def test_whichever_step_fails_nothing_is_left(
    step: str, met: Kin, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshot, step, fail)
    with pytest.raises(BookError, match="No space left"):
        copied(book, tmp_path / "copy.db")
    assert os.listdir(tmp_path) == ["book.db"]


def test_a_copy_that_lacks_a_row_is_not_kept(
    met: Kin, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = snapshot._copied

    def lose_a_row(source: sqlite3.Connection, part: Path) -> snapshot.Facts:
        facts = whole(source, part)
        with closing(sqlite3.connect(part)) as db, db:
            db.execute("DELETE FROM nickname")
        return facts

    monkeypatch.setattr(snapshot, "_copied", lose_a_row)
    with pytest.raises(snapshot.UnsoundError):
        copied(book, tmp_path / "copy.db")
    assert os.listdir(tmp_path) == ["book.db"]


# What is no copy of a book.


def _other_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA application_id = 7")


def _newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")


def _hanging(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO tie (id, a_id, b_id, word) VALUES (99, 1, 999, 'x')")


def _torn(path: Path) -> None:
    held = bytearray(path.read_bytes())
    held[8192:40960] = os.urandom(32768)
    path.write_bytes(held)


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


SPOILED: tuple[Callable[[Path], object], ...] = (
    _other_program,
    _newer,
    _hanging,
    _torn,
    _cut,
    lambda path: path.write_bytes(b""),
    lambda path: path.write_text("once upon a time"),
    lambda path: os.truncate(path, 100),
)


@pytest.mark.parametrize("spoil", SPOILED)
@pytest.mark.parametrize("hashed", [True, False], ids=["its hash there", "without a hash"])
def test_a_spoiled_copy_is_refused_and_not_touched(
    hashed: bool, spoil: Callable[[Path], object], met: Kin, book: Path, tmp_path: Path
) -> None:
    copy = copied(book, tmp_path / "copy.db").path
    spoil(copy)
    if not hashed:
        (tmp_path / "copy.db.sha256").unlink()
    before = copy.read_bytes()
    with pytest.raises(BookError):
        snapshot.proven(copy, migrations.NEWEST)
    assert copy.read_bytes() == before


def test_one_letter_that_changed_is_found_by_its_hash(met: Kin, book: Path, tmp_path: Path) -> None:
    copy = copied(book, tmp_path / "copy.db").path
    copy.write_bytes(copy.read_bytes().replace(b"Blue Door", b"Blue Boor"))
    with pytest.raises(snapshot.UnsoundError, match="SHA-256"):
        snapshot.proven(copy, migrations.NEWEST)


# Others at work.


def under_three_writers(
    book: Path, kept: Path, make: Callable[[Path, Path], object]
) -> list[tuple[Path, snapshot.Facts | None]]:
    """Make fifteen copies while others write; return each, and what is in it if it is proven."""
    grow(book, people=60, notes=200, links=100, seed=5)
    kept.mkdir()
    stop = kept / "stop"

    def write() -> None:
        while not stop.exists():
            assert main(["note", "tea and a long talk " * 50]) == 0
        os._exit(0)

    writers = [beside(before=write) for _ in range(3)]
    found: list[tuple[Path, snapshot.Facts | None]] = []
    try:
        for number in range(15):
            make(book, kept / f"{number}.db")
    finally:
        stop.touch()
    assert list(map(ended, writers)) == [0, 0, 0]
    for number in range(15):
        try:
            found.append((path := kept / f"{number}.db", snapshot.proven(path, migrations.NEWEST)))
        except BookError:
            found.append((path, None))
    return found


def test_fifteen_copies_under_three_writers_are_all_good(book: Path, tmp_path: Path) -> None:
    made: list[snapshot.Made] = []
    found = under_three_writers(
        book, tmp_path / "kept", lambda book, to: made.append(copied(book, to))
    )
    assert found == [(each.path, each.facts) for each in made]
    assert len({each.sha256 for each in made}) > 5  # the book did change under them


@pytest.mark.long
def test_control_plain_copies_of_the_file_are_found_bad(book: Path, tmp_path: Path) -> None:
    found = under_three_writers(book, tmp_path / "kept", as_from_a_slow_disk)
    bad = sum(facts is None for _, facts in found)
    print(bad, "bad of 15")
    assert bad > 5


def as_from_a_slow_disk(book: Path, to: Path) -> None:
    """Copy the file as cp does, in two halves, between which somebody has written."""
    with book.open("rb", buffering=0) as file:
        half = file.read(book.stat().st_size // 2)
        while os.pread(file.fileno(), 4, 24) == half[24:28]:  # how often the file was changed
            pass
        to.write_bytes(half + file.read())
