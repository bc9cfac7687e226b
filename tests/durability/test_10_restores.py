"""Acceptance 10: a restore that is killed at any moment leaves the old book or the restored one."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kin.book import backup_files
from kin.cli import main
from tests.cli.test_restore import KEPT, dump, dump_of_backup
from tests.conftest import Kin
from tests.durability.processes import Report, start

STEPS = (
    "open",
    "fsync",
    "link",
    "replace",
    "unlink",
)  # the system calls that a restore makes itself
STALE = b"a journal of the damaged book"


def make_killed_restore(number: int) -> Callable[[Report], None]:
    """Return the work of a restore that is killed before the step of this number, if it gets there."""

    def work(report: Report) -> None:
        remaining = [number]

        def count_calls(function: Callable[..., Any]) -> Callable[..., Any]:
            def step(*args: Any, **kwargs: Any) -> Any:
                if not remaining[0]:
                    os.kill(os.getpid(), signal.SIGKILL)
                remaining[0] -= 1
                return function(*args, **kwargs)

            return step

        for name in STEPS:
            setattr(os, name, count_calls(getattr(os, name)))
        assert main(["restore", KEPT, "--yes"]) == 0

    return work


def overwrite(book: Path) -> None:
    """Replace the book with text, and leave a journal next to it."""
    book.write_text("once upon a time")
    book.with_name("book.db-journal").write_bytes(STALE)


def damage(book: Path) -> None:
    """Damage the middle of the book."""
    book.write_bytes(book.read_bytes()[:8192] + b"\x0d" * 90_000)


def delete(book: Path) -> None:
    """Delete the book, and leave its journal."""
    book.unlink()
    book.with_name("book.db-journal").write_bytes(STALE)


def forbid_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make hard links impossible, as on a memory stick."""

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
@pytest.mark.parametrize("lose", [overwrite, damage, delete])
def test_a_restore_killed_at_any_step_leaves_the_old_or_the_new(
    lose: Callable[..., object], links: bool, met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert met("backup").code == 0
    expected, folder = dump_of_backup(book), backup_files.get_backup_folder(book)
    found = []
    for number in range(100):
        for path in (*folder.glob("*damaged*"), *book.parent.glob("*.db-journal")):
            path.unlink()
        lose(book)
        before = book.read_bytes() if book.exists() else b""
        with pytest.MonkeyPatch.context() as patch:
            if not links:
                forbid_links(patch)
            exited = start(make_killed_restore(number)).wait()
        result = met("people", "--json")
        found.append((result.code, "kin restore" in result.err))
        assert found[-1] == (5, True) or (result.code, len(result.json)) == (0, 5), (number, result)
        left = [book, *folder.glob("*-damaged.db")]
        assert not before or before in [path.read_bytes() for path in left if path.exists()], number
        assert met("restore", KEPT, "--yes").code == 0, number
        assert dump(book) == expected, number
        met("doctor", "--fix")
        assert not list(book.parent.glob(".*")), number
        if exited.code == 0:
            break
        assert exited.code == -signal.SIGKILL, (number, exited)
    assert number > 5
    assert {code for code, _ in found} == {0, 5}
