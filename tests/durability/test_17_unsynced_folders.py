"""A folder that cannot be synced to disk is reported in one line, and the command succeeds."""

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

from kin.book import atomic_write, backup_files
from tests.conftest import Kin, Result
from tests.terminal import fresh

ERRNOS = (errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EIO, errno.EACCES, errno.EPERM)
WARNING = "could not be synced to the disk"


@contextmanager
def forbid_sync(number: int, at: str = "fsync") -> Iterator[None]:
    """Make it impossible to sync folders, or to open them, as on some network file systems."""
    fsync, open_file = os.fsync, os.open

    def no_sync(file: int) -> None:
        if stat.S_ISDIR(os.fstat(file).st_mode):
            raise OSError(number, os.strerror(number))
        fsync(file)

    def no_open(path: str | Path, flags: int, mode: int = 0o777, **more: int) -> int:
        if at == "open" and os.path.isdir(path) and not flags & os.O_NOFOLLOW:
            raise OSError(number, os.strerror(number), str(path))
        return open_file(path, flags, mode, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", no_sync)
        if at == "open":
            patch.setattr(os, "open", no_open)
        yield


def succeeds_with_warning(result: Result) -> bool:
    """Return whether a command succeeded, with one line that warns that a power cut may lose a name."""
    lines = [line for line in result.err.splitlines() if line.startswith("kin: ")]
    return result.code == 0 and len(lines) == 1 and WARNING in lines[0] and "bug" not in result.err


@pytest.mark.parametrize("number", ERRNOS, ids=errno.errorcode.get)
def test_every_command_that_writes_a_file_succeeds(
    number: int, met: Kin, book: Path, tmp_path: Path
) -> None:
    cards = tmp_path / "cards"
    cards.mkdir()
    with forbid_sync(number):
        assert succeeds_with_warning(met("export", "--to", str(tmp_path / "all.json")))
        assert succeeds_with_warning(met("export", "--to", str(tmp_path / "all.json"), "--force"))
        assert succeeds_with_warning(
            met("export", "--format", "markdown", "--to", str(tmp_path / "pages"))
        )
        assert succeeds_with_warning(
            met("export", "--format", "markdown", "--to", str(tmp_path / "pages"), "--force")
        )
        assert succeeds_with_warning(met("backup"))
        assert succeeds_with_warning(met("backup", "--to", str(tmp_path / "copy.db")))
        assert succeeds_with_warning(met("note", "tea with Maya"))
        assert succeeds_with_warning(met("sync", str(cards)))
        assert succeeds_with_warning(
            met("add", "Ada", "--db", str(tmp_path / "new" / "folder" / "new.db"))
        )
        assert succeeds_with_warning(met("restore", "2026-11-23-1-manual", "--yes"))
        book.write_text("once upon a time")
        assert succeeds_with_warning(met("restore", "2026-11-23-1-manual", "--yes"))
        assert succeeds_with_warning(met("forget", "grace", "--yes"))
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
def test_a_folder_that_cannot_be_opened_counts_as_unsynced(
    number: int, met: Kin, tmp_path: Path
) -> None:
    with forbid_sync(number, "open"):
        assert succeeds_with_warning(met("export", "--to", str(tmp_path / "all.json")))
        assert succeeds_with_warning(met("backup", "--to", str(tmp_path / "copy.db")))
        assert succeeds_with_warning(met("note", "tea with Maya"))
    assert (tmp_path / "all.json").exists() and (tmp_path / "copy.db").exists()


def test_a_sync_keeps_its_changes_to_the_book(met: Kin, tmp_path: Path) -> None:
    cards = tmp_path / "cards"
    cards.mkdir()
    (cards / "ada.vcf").write_text("BEGIN:VCARD\nVERSION:3.0\nUID:1\nFN:Ada Lovelace\nEND:VCARD\n")
    with forbid_sync(errno.EINVAL):
        assert succeeds_with_warning(met("sync", str(cards)))
    assert met("recall", "ada").code == 0
    assert met("sync", str(cards), "--json").json["same"] == 6


def test_json_stays_json(met: Kin, tmp_path: Path) -> None:
    with forbid_sync(errno.EINVAL):
        result = met("backup", "--json")
    assert result.json["people"] == 5 and succeeds_with_warning(result)


def test_a_read_does_not_warn(met: Kin) -> None:
    with forbid_sync(errno.EINVAL):
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
        result = met(*words)
        assert (
            result.code in (1, 5),
            result.err.count("\n"),
            "Input/output error" in result.err,
        ) == (
            True,
            1,
            True,
        )
    assert {path.name for path in tmp_path.iterdir()} == {"book.db", "backups"}
    assert list(backup_files.get_backup_folder(tmp_path / "book.db").iterdir()) == []


def test_control_if_folders_had_to_be_synced_commands_would_fail(
    met: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(folder: Path) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    with monkeypatch.context() as patch:
        patch.setattr(atomic_write, "fsync_directory", fail)
        result = met("export", "--to", str(tmp_path / "all.json"))
    assert result.code == 1 and (tmp_path / "all.json").exists()
    assert atomic_write.fsync_directory(tmp_path)


# SQLite syncs the folder of the book itself, and reports a failure where it cannot, although the change was made.

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
def test_sqlite_works_where_folders_cannot_be_synced(tmp_path: Path) -> None:
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
        result = run(*words)
        assert (result.returncode, WARNING in result.stderr) == (0, True), result.stderr
    assert run("people", "--json").stdout.count('"Ada"') == 1
    control = (
        "from pathlib import Path; from datetime import date; from kin.book import atomic_write, session\n"
        "atomic_write.fsync_directory = lambda _: True\n"
        f"with session.open_for_writing(Path({str(tmp_path / 'book.db')!r}), date(2026, 11, 23)) as changes:\n"
        "    session.get_connection(changes).execute(\"UPDATE person SET name = 'Eve' WHERE id = 2\")\n"
    )
    failed = subprocess.run(
        [sys.executable, "-c", control], capture_output=True, text=True, env=preloaded, check=False
    )
    assert failed.returncode == 1 and "disk I/O error" in failed.stderr
    assert (
        "Eve" in run("people", "--json").stdout
    )  # the change was made, although SQLite reported a failure
