"""A writer under strace (`python -m tests.durability.traced BOOK WRITES SYNCHRONOUS`), and its system calls.

Every acknowledged write is printed to standard output after the commit, so that it is in the trace, in order.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.durability import protections, writes

_CALLS = "openat,pwrite64,write,fsync,fdatasync,unlink,unlinkat,ftruncate,rename,renameat,renameat2,link,linkat,mkdir,mkdirat"
_LINE = re.compile(r"(?:\d+ +)?(\w+)\((.*)\) += (\d+)(?:<[^>]*>)?$")
_ESCAPED_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


class SystemCall(NamedTuple):
    """A system call that changes the disk."""

    name: str
    path: str
    descriptor: int
    data: bytes
    offset: int  # or the new length
    creates: bool  # the file, if it does not exist


def explain_missing_strace() -> str:
    """Return why strace cannot be used here, or an empty text."""
    if not shutil.which("strace"):
        return "strace is not installed (apt-get install strace)"
    trial = subprocess.run(
        ["strace", "-o", os.devnull, "true"], capture_output=True, text=True, check=False
    )
    return "" if trial.returncode == 0 else f"strace cannot trace here: {trial.stderr.strip()}"


def trace(folder: Path, times: int, synchronous: str = "EXTRA") -> list[SystemCall]:
    """Write this many times into a book in `folder`, and return the system calls."""
    log = folder / "trace"
    book = folder / "new" / "folder" / "book.db"
    command = [sys.executable, "-m", "tests.durability.traced", str(book), str(times), synchronous]
    strace = ["strace", "-f", "-y", "-xx", "-s", "1000000", "-o", str(log), "-e", f"trace={_CALLS}"]
    subprocess.run(
        [*strace, *command], cwd=Path(__file__).parents[2], check=True, capture_output=True
    )
    return list(_parse_calls(log))


def _parse_calls(log: Path) -> Iterator[SystemCall]:
    for line in log.open():
        match = _LINE.match(line.rstrip("\n"))
        if not match:
            assert "unfinished" not in line, line  # by threads, which kin does not have
            continue
        name, arguments, result = match[1], match[2], int(match[3])
        words = [
            bytes.fromhex(each.replace("\\x", "")) for each in _ESCAPED_TEXT.findall(arguments)
        ]
        if name in ("write", "pwrite64"):
            offset = int(arguments.rsplit(", ", 1)[1]) if name == "pwrite64" else 0
            yield SystemCall(
                name, "", int(arguments.partition("<")[0]), words[0][:result], offset, False
            )
        elif name in ("fsync", "fdatasync", "ftruncate"):
            length = int(arguments.rsplit(", ", 1)[1]) if name == "ftruncate" else 0
            yield SystemCall(name, "", int(arguments.partition("<")[0]), b"", length, False)
        else:
            path = os.fsdecode(words[0])
            file = result if name == "openat" else -1
            yield SystemCall(name, path, file, b"", 0, "O_CREAT" in arguments)


def _main(book: Path, times: int, synchronous: str) -> None:
    small: dict[str, str] = {}
    for number in range(times):
        with protections.use_settings(synchronous=synchronous, **small):
            if not number:
                writes.create_book(book)
            writes.write(book, str(number), "x" * 8000 * (number % 3))
        os.write(1, f"{number}\n".encode())
        small = protections.SMALL if number % 2 else {}


if __name__ == "__main__":
    _main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
