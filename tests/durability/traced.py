"""A writer under strace: `python -m tests.durability.traced BOOK WRITES SYNCHRONOUS`, and what it asked of the disk.

Its one rule: what is acknowledged is written to standard output behind the commit, so that the trace has it
in its place.
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
_SPELT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


class Asked(NamedTuple):
    """One thing that was asked of the disk: by its call, of which path or open file, with what."""

    call: str
    path: str
    file: int
    data: bytes
    number: int  # an offset, a length
    makes: bool  # the file, if it is not there


def missing() -> str:
    """Tell why nothing can be traced here; nothing if it can."""
    if not shutil.which("strace"):
        return "strace is not installed (apt-get install strace)"
    tried = subprocess.run(
        ["strace", "-o", os.devnull, "true"], capture_output=True, text=True, check=False
    )
    return "" if tried.returncode == 0 else f"strace cannot trace here: {tried.stderr.strip()}"


def trace(folder: Path, times: int, synchronous: str = "EXTRA") -> list[Asked]:
    """Let somebody write so often into a book in `folder`, and return all that was asked of the disk."""
    log = folder / "trace"
    book = folder / "new" / "folder" / "book.db"
    own = [sys.executable, "-m", "tests.durability.traced", str(book), str(times), synchronous]
    how = ["strace", "-f", "-y", "-xx", "-s", "1000000", "-o", str(log), "-e", f"trace={_CALLS}"]
    subprocess.run([*how, *own], cwd=Path(__file__).parents[2], check=True, capture_output=True)
    return list(_asked(log, folder))


def _asked(log: Path, folder: Path) -> Iterator[Asked]:
    for line in log.open():
        found = _LINE.match(line.rstrip("\n"))
        if not found:
            assert "unfinished" not in line, line  # two threads at once: nobody has them here
            continue
        call, told, result = found[1], found[2], int(found[3])
        words = [bytes.fromhex(each.replace("\\x", "")) for each in _SPELT.findall(told)]
        if call in ("write", "pwrite64"):
            offset = int(told.rsplit(", ", 1)[1]) if call == "pwrite64" else 0
            yield Asked(call, "", int(told.partition("<")[0]), words[0][:result], offset, False)
        elif call in ("fsync", "fdatasync", "ftruncate"):
            length = int(told.rsplit(", ", 1)[1]) if call == "ftruncate" else 0
            yield Asked(call, "", int(told.partition("<")[0]), b"", length, False)
        else:
            path = os.fsdecode(words[0])
            file = result if call == "openat" else -1
            yield Asked(call, path, file, b"", 0, "O_CREAT" in told)


def _main(book: Path, times: int, synchronous: str) -> None:
    small: dict[str, str] = {}
    for number in range(times):
        with protections.settings(synchronous=synchronous, **small):
            if not number:
                writes.begin(book)
            writes.write(book, str(number), "x" * 8000 * (number % 3))
        os.write(1, f"{number}\n".encode())
        small = protections.SMALL if number % 2 else {}


if __name__ == "__main__":
    _main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
