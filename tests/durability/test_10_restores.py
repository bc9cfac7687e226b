"""Acceptance 10: a restore that is ended at any moment leaves the book that was, or the one that is to be."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kin.book import backup_files as backups
from kin.cli import main
from tests.cli.test_restore import KEPT, dump, dump_of_backup
from tests.conftest import Kin
from tests.durability.processes import Say, begun

STEPS = ("open", "fsync", "link", "replace", "unlink")  # what a restore asks of the disk, itself
STALE = b"a journal of the damaged book"


def restores(number: int) -> Callable[[Say], None]:
    """Return the work of a restore that is killed before the step of that number, if it comes to it."""

    def work(say: Say) -> None:
        left = [number]

        def counted(asked: Callable[..., Any]) -> Callable[..., Any]:
            def step(*given: Any, **named: Any) -> Any:
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)
                left[0] -= 1
                return asked(*given, **named)

            return step

        for name in STEPS:
            setattr(os, name, counted(getattr(os, name)))
        assert main(["restore", KEPT, "--yes"]) == 0

    return work


def damaged(book: Path) -> None:
    """Put something in the place of the book that is none, and a journal beside it."""
    book.write_text("once upon a time")
    book.with_name("book.db-journal").write_bytes(STALE)


def torn(book: Path) -> None:
    """Put noise into the middle."""
    book.write_bytes(book.read_bytes()[:8192] + b"\x0d" * 90_000)


def gone(book: Path) -> None:
    """Take the book away, and leave a journal of it."""
    book.unlink()
    book.with_name("book.db-journal").write_bytes(STALE)


def without_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be a stick that has none."""

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
@pytest.mark.parametrize("lose", [damaged, torn, gone])
def test_a_restore_killed_at_any_step_leaves_the_old_or_the_new(
    lose: Callable[..., object], links: bool, met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert met("backup").code == 0
    then, folder = dump_of_backup(book), backups.folder_of(book)
    found = []
    for number in range(100):
        for path in (*folder.glob("*damaged*"), *book.parent.glob("*.db-journal")):
            path.unlink()
        lose(book)
        was = book.read_bytes() if book.exists() else b""
        with pytest.MonkeyPatch.context() as patch:
            if not links:
                without_links(patch)
            ended = begun(restores(number)).ended()
        told = met("people", "--json")
        found.append((told.code, "kin restore" in told.err))
        assert found[-1] == (5, True) or (told.code, len(told.json)) == (0, 5), (number, told)
        left = [book, *folder.glob("*-damaged.db")]
        assert not was or was in [path.read_bytes() for path in left if path.exists()], number
        assert met("restore", KEPT, "--yes").code == 0, number
        assert dump(book) == then, number
        met("doctor", "--fix")
        assert not list(book.parent.glob(".*")), number
        if ended.code == 0:
            break
        assert ended.code == -signal.SIGKILL, (number, ended)
    assert number > 5
    assert {code for code, _ in found} == {0, 5}
