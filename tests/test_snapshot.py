"""Copies of a book: complete and verified, or none."""

import hashlib
import os
import resource
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kin.book import connection, schema, verified_copy
from kin.cli import main
from kin.errors import BookError, KinError
from tests.conftest import Kin
from tests.make import grow
from tests.terminal import beside, ended


def copy_book(book: Path, to: Path) -> verified_copy.VerifiedCopy:
    """Make a copy of the book."""
    with connection.open_any_version(book) as db:
        return verified_copy.make_copy(db, to)


def rows(path: Path) -> list[str]:
    """Return the content of a book as SQL."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        return list(db.iterdump())


def test_a_copy_has_the_content_of_the_book(met: Kin, book: Path, tmp_path: Path) -> None:
    made = copy_book(book, tmp_path / "copy.db")
    assert rows(made.path) == rows(book)
    assert verified_copy.verify_copy(made.path, schema.NEWEST_VERSION) == made.fingerprint
    assert dict(made.fingerprint.counts)["person"] == 6


def test_the_hash_file_has_the_format_of_sha256sum(met: Kin, book: Path, tmp_path: Path) -> None:
    made = copy_book(book, tmp_path / "copy.db")
    digest = hashlib.sha256(made.path.read_bytes()).hexdigest()
    assert (tmp_path / "copy.db.sha256").read_text() == f"{digest}  copy.db\n"
    assert made.sha256 == digest


def test_no_other_file_is_left(met: Kin, book: Path, tmp_path: Path) -> None:
    copy_book(book, tmp_path / "copy.db")
    assert sorted(os.listdir(tmp_path)) == ["book.db", "copy.db", "copy.db.sha256"]


@pytest.mark.parametrize("taken", ["copy.db", "copy.db.sha256"])
def test_nothing_is_overwritten(taken: str, met: Kin, book: Path, tmp_path: Path) -> None:
    (tmp_path / taken).write_text("mine")
    with pytest.raises(KinError, match="already exists"):
        copy_book(book, tmp_path / "copy.db")
    assert (tmp_path / taken).read_text() == "mine"
    assert sorted(os.listdir(tmp_path)) == ["book.db", taken]


def test_a_link_is_not_followed(met: Kin, book: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.db").symlink_to(tmp_path / "elsewhere.db")
    with pytest.raises(KinError, match="already exists"):
        copy_book(book, tmp_path / "copy.db")
    assert not (tmp_path / "elsewhere.db").exists()


def test_a_file_system_without_links_is_enough(
    met: Kin, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    copy_book(book, tmp_path / "copy.db")
    assert verified_copy.verify_copy(tmp_path / "copy.db", schema.NEWEST_VERSION)
    with pytest.raises(KinError, match="already exists"):
        copy_book(book, tmp_path / "copy.db")


# A full disk.


@pytest.mark.parametrize("room", [0, 1, 4096, 100_000, 300_000])
def test_a_full_disk_leaves_no_file_under_the_name(
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


@pytest.mark.parametrize("step", ["_copy_pages", "_check_copy", "_sync_and_hash", "_publish_copy"])
def test_whichever_step_fails_no_file_is_left(
    step: str, met: Kin, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(verified_copy, step, fail)
    with pytest.raises(BookError, match="No space left"):
        copy_book(book, tmp_path / "copy.db")
    assert os.listdir(tmp_path) == ["book.db"]


def test_a_copy_that_lacks_a_row_is_not_kept(
    met: Kin, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_pages = verified_copy._copy_pages

    def lose_a_row(source: sqlite3.Connection, part: Path) -> verified_copy.BookFingerprint:
        fingerprint = copy_pages(source, part)
        with closing(sqlite3.connect(part)) as db, db:
            db.execute("DELETE FROM nickname")
        return fingerprint

    monkeypatch.setattr(verified_copy, "_copy_pages", lose_a_row)
    with pytest.raises(verified_copy.DamagedCopyError):
        copy_book(book, tmp_path / "copy.db")
    assert os.listdir(tmp_path) == ["book.db"]


# Files that are not a copy of a book.


def _other_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA application_id = 7")


def _newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")


def _with_missing_reference(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO tie (id, a_id, b_id, word) VALUES (99, 1, 999, 'x')")


def _damaged(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[8192:40960] = os.urandom(32768)
    path.write_bytes(data)


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


SPOILED: tuple[Callable[[Path], object], ...] = (
    _other_program,
    _newer,
    _with_missing_reference,
    _damaged,
    _cut,
    lambda path: path.write_bytes(b""),
    lambda path: path.write_text("once upon a time"),
    lambda path: os.truncate(path, 100),
)


@pytest.mark.parametrize("spoil", SPOILED)
@pytest.mark.parametrize("hashed", [True, False], ids=["with a hash", "without a hash"])
def test_a_spoiled_copy_is_refused_and_not_changed(
    hashed: bool, spoil: Callable[[Path], object], met: Kin, book: Path, tmp_path: Path
) -> None:
    copy = copy_book(book, tmp_path / "copy.db").path
    spoil(copy)
    if not hashed:
        (tmp_path / "copy.db.sha256").unlink()
    before = copy.read_bytes()
    with pytest.raises(BookError):
        verified_copy.verify_copy(copy, schema.NEWEST_VERSION)
    assert copy.read_bytes() == before


def test_one_changed_letter_is_detected_by_the_hash(met: Kin, book: Path, tmp_path: Path) -> None:
    copy = copy_book(book, tmp_path / "copy.db").path
    copy.write_bytes(copy.read_bytes().replace(b"Blue Door", b"Blue Boor"))
    with pytest.raises(verified_copy.DamagedCopyError, match="SHA-256"):
        verified_copy.verify_copy(copy, schema.NEWEST_VERSION)


# Copies while others write.


def copy_during_writes(
    book: Path, kept: Path, make: Callable[[Path, Path], object]
) -> list[tuple[Path, verified_copy.BookFingerprint | None]]:
    """Make fifteen copies while three processes write; return each path, with the fingerprint if it is intact."""
    grow(book, people=60, notes=200, links=100, seed=5)
    kept.mkdir()
    stop = kept / "stop"

    def write() -> None:
        while not stop.exists():
            assert main(["note", "tea and a long talk " * 50]) == 0
        os._exit(0)

    writers = [beside(before=write) for _ in range(3)]
    copies: list[tuple[Path, verified_copy.BookFingerprint | None]] = []
    try:
        for number in range(15):
            make(book, kept / f"{number}.db")
    finally:
        stop.touch()
    assert list(map(ended, writers)) == [0, 0, 0]
    for number in range(15):
        try:
            copies.append(
                (
                    path := kept / f"{number}.db",
                    verified_copy.verify_copy(path, schema.NEWEST_VERSION),
                )
            )
        except BookError:
            copies.append((path, None))
    return copies


def test_fifteen_copies_during_writes_are_all_intact(book: Path, tmp_path: Path) -> None:
    made: list[verified_copy.VerifiedCopy] = []
    copies = copy_during_writes(
        book, tmp_path / "kept", lambda book, to: made.append(copy_book(book, to))
    )
    assert copies == [(each.path, each.fingerprint) for each in made]
    assert len({each.sha256 for each in made}) > 5  # the book did change meanwhile


@pytest.mark.long
def test_control_plain_file_copies_are_damaged(book: Path, tmp_path: Path) -> None:
    copies = copy_during_writes(book, tmp_path / "kept", copy_in_two_halves)
    damaged = sum(fingerprint is None for _, fingerprint in copies)
    print(damaged, "damaged of 15")
    assert damaged > 5


def copy_in_two_halves(book: Path, to: Path) -> None:
    """Copy the file as cp does, but in two halves, with a write between them."""
    with book.open("rb", buffering=0) as file:
        half = file.read(book.stat().st_size // 2)
        while os.pread(file.fileno(), 4, 24) == half[24:28]:  # the change counter of the file
            pass
        to.write_bytes(half + file.read())
