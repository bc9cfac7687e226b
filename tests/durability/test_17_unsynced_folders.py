"""A folder that cannot be synced is reported, in one line, and what was asked is done."""

import errno
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kin.book import backup_files as backups, fsync as disk
from tests.conftest import Kin, Result
from tests.terminal import fresh

ERRNOS = (errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EIO, errno.EACCES, errno.EPERM)
SAYS = "could not be synced to the disk"


@contextmanager
def unsynced(number: int, at: str = "fsync") -> Iterator[None]:
    """Let the system refuse to open folders, or to sync them, as some network file systems do."""
    fsync, opened = os.fsync, os.open

    def no_sync(file: int) -> None:
        if stat.S_ISDIR(os.fstat(file).st_mode):
            raise OSError(number, os.strerror(number))
        fsync(file)

    def no_open(path: str | Path, flags: int, mode: int = 0o777, **more: int) -> int:
        if at == "open" and os.path.isdir(path) and not flags & os.O_NOFOLLOW:
            raise OSError(number, os.strerror(number), str(path))
        return opened(path, flags, mode, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", no_sync)
        if at == "open":
            patch.setattr(os, "open", no_open)
        yield


def is_done(told: Result) -> bool:
    """Tell whether a command did what was asked, and said in one line that a power cut may lose a name."""
    lines = [line for line in told.err.splitlines() if line.startswith("kin: ")]
    return told.code == 0 and len(lines) == 1 and SAYS in lines[0] and "bug" not in told.err


@pytest.mark.parametrize("number", ERRNOS, ids=errno.errorcode.get)
def test_every_command_that_writes_a_file_is_done(
    number: int, met: Kin, book: Path, tmp_path: Path
) -> None:
    cards = tmp_path / "cards"
    cards.mkdir()
    with unsynced(number):
        assert is_done(met("export", "--to", str(tmp_path / "all.json")))
        assert is_done(met("export", "--to", str(tmp_path / "all.json"), "--force"))
        assert is_done(met("export", "--format", "markdown", "--to", str(tmp_path / "pages")))
        assert is_done(
            met("export", "--format", "markdown", "--to", str(tmp_path / "pages"), "--force")
        )
        assert is_done(met("backup"))
        assert is_done(met("backup", "--to", str(tmp_path / "copy.db")))
        assert is_done(met("note", "tea with Maya"))
        assert is_done(met("sync", str(cards)))
        assert is_done(met("add", "Ada", "--db", str(tmp_path / "new" / "folder" / "new.db")))
        assert is_done(met("restore", "2026-11-23-1-hand", "--yes"))
        book.write_text("once upon a time")
        assert is_done(met("restore", "2026-11-23-1-hand", "--yes"))
        assert is_done(met("forget", "grace", "--yes"))
    assert len(list(cards.iterdir())) == 5
    assert [
        each["name"]
        for each in met(
            "people", "--json", "--db", str(tmp_path / "new" / "folder" / "new.db")
        ).json
    ] == ["Ada"]
    assert (tmp_path / "pages" / "kin.md").exists() and (tmp_path / "copy.db.sha256").exists()
    assert len(met("people", "--json").json) == 4


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EIO], ids=errno.errorcode.get)
def test_a_folder_that_cannot_be_opened_is_one_that_cannot_be_synced(
    number: int, met: Kin, tmp_path: Path
) -> None:
    with unsynced(number, "open"):
        assert is_done(met("export", "--to", str(tmp_path / "all.json")))
        assert is_done(met("backup", "--to", str(tmp_path / "copy.db")))
        assert is_done(met("note", "tea with Maya"))
    assert (tmp_path / "all.json").exists() and (tmp_path / "copy.db").exists()


def test_a_sync_does_not_take_back_what_the_book_learned(met: Kin, tmp_path: Path) -> None:
    cards = tmp_path / "cards"
    cards.mkdir()
    (cards / "ada.vcf").write_text("BEGIN:VCARD\nVERSION:3.0\nUID:1\nFN:Ada Lovelace\nEND:VCARD\n")
    with unsynced(errno.EINVAL):
        assert is_done(met("sync", str(cards)))
    assert met("recall", "ada").code == 0
    assert met("sync", str(cards), "--json").json["same"] == 6


def test_json_stays_json(met: Kin, tmp_path: Path) -> None:
    with unsynced(errno.EINVAL):
        told = met("backup", "--json")
    assert told.json["people"] == 5 and is_done(told)


def test_reading_says_nothing(met: Kin) -> None:
    with unsynced(errno.EINVAL):
        assert met("people").err == ""


def test_a_file_that_cannot_be_synced_is_a_failure(
    met: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(file: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", refuse)
    for words in (
        ("export", "--to", str(tmp_path / "all.json")),
        ("backup", "--to", str(tmp_path / "copy.db")),
        ("backup",),
    ):
        told = met(*words)
        assert (told.code in (1, 5), told.err.count("\n"), "Input/output error" in told.err) == (
            True,
            1,
            True,
        )
    assert {path.name for path in tmp_path.iterdir()} == {"book.db", "backups"}
    assert list(backups.folder_of(tmp_path / "book.db").iterdir()) == []


def test_control_where_a_folder_must_be_synced_it_is_said_to_have_failed(
    met: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def must(folder: Path) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr("kin.book.atomic_write.settle", must)
    told = met("export", "--to", str(tmp_path / "all.json"))
    assert told.code == 1 and (tmp_path / "all.json").exists()
    assert disk.settle(tmp_path)


# SQLite syncs the book's folder itself, and calls a change that was made a failure where it cannot.

SHIM = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <sys/stat.h>
static int is_folder(int file) { struct stat it; return !fstat(file, &it) && S_ISDIR(it.st_mode); }
int fsync(int file) {
    if (is_folder(file)) { errno = EINVAL; return -1; }
    return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(file);
}
int fdatasync(int file) {
    if (is_folder(file)) { errno = EINVAL; return -1; }
    return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(file);
}
"""


@pytest.mark.skipif(
    not (sys.platform == "linux" and shutil.which("cc")), reason="needs a C compiler"
)
def test_sqlite_too_works_where_folders_cannot_be_synced(tmp_path: Path) -> None:
    (tmp_path / "shim.c").write_text(SHIM)
    shim = tmp_path / "shim.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", shim, tmp_path / "shim.c", "-ldl"], check=True)
    preloaded = fresh(LD_PRELOAD=str(shim))

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "kin", *words],
            capture_output=True,
            text=True,
            env=preloaded,
            check=False,
        )

    for words in (("add", "Ada"), ("note", "tea with Ada")):
        told = run(*words)
        assert (told.returncode, SAYS in told.stderr) == (0, True), told.stderr
    assert run("people", "--json").stdout.count('"Ada"') == 1
    control = (
        "from pathlib import Path; from datetime import date; from kin.book import fsync as disk, session as store\n"
        "disk.settle = lambda _: True\n"
        f"with store.writing(Path({str(tmp_path / 'book.db')!r}), date(2026, 11, 23)) as session:\n"
        "    store.connection_of(session).execute(\"UPDATE person SET name = 'Eve' WHERE id = 2\")\n"
    )
    failed = subprocess.run(
        [sys.executable, "-c", control], capture_output=True, text=True, env=preloaded, check=False
    )
    assert failed.returncode == 1 and "disk I/O error" in failed.stderr
    assert "Eve" in run("people", "--json").stdout  # it was made, and called a failure
