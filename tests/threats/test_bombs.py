"""A file that is made to exhaust the memory is read within limits, or refused."""

import gzip
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pytest

from tests.terminal import fresh

MEGA = 1 << 20
MOST_MEMORY = 300 * MEGA  # of the whole process, as the system counts it
PATIENCE = 240.0  # seconds until kin counts as hanging: on a busy computer it takes long
BEGIN, END = b"BEGIN:VCARD\nVERSION:3.0\nFN:Maya\n", b"\nTEL:1\nEND:VCARD\n"


def flood(
    unit: bytes, size: int, head: bytes = b"", tail: bytes = b""
) -> Callable[[BinaryIO], object]:
    """Return a function that writes a head, `size` bytes of a repeated unit, and a tail."""
    piece = unit * (MEGA // len(unit) or 1)

    def write(file: BinaryIO) -> None:
        file.write(head)
        for _ in range(max(size // len(piece), 1)):
            file.write(piece)
        file.write(tail)

    return write


def tiny_cards(file: BinaryIO) -> None:
    """Write a hundred thousand people."""
    for number in range(100_000):
        file.write(b"BEGIN:VCARD\nFN:P%d\nEND:VCARD\n" % number)


def zipped(file: BinaryIO) -> None:
    """Write an archive of a few kilobytes that holds forty megabytes."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("people.csv", b"Name\n" + b"A\n" * (20 * MEGA))


AGENTS = BEGIN + b"AGENT:\nBEGIN:VCARD\nFN:Agent\n" * 1_000 + b"END:VCARD\n" * 1_001
LIGHT: dict[str, Callable[[BinaryIO], object]] = {
    "agents.vcf": lambda file: file.write(AGENTS),
    "deep.json": flood(b"[", 5 * MEGA, b'{"kin": 1, "people": '),
    "deep objects.json": flood(b'{"data":[', 5 * MEGA, b'{"version": "1", "account": '),
    "gzipped.csv": lambda file: file.write(gzip.compress(bytes(50 * MEGA), 1)),
    "zipped.csv": zipped,
    "photo.vcf": flood(b"\n " + b"A" * 74, 50 * MEGA, BEGIN + b"PHOTO;ENCODING=b:", END),
}
HEAVY: dict[str, Callable[[BinaryIO], object]] = {
    "open quote.csv": flood(b"x", 30 * MEGA, b'Name,Notes\nMaya,"'),
    "commas.csv": flood(b",", 20 * MEGA, b"Name,Notes\nMaya", b"\n"),
    "one line.vcf": flood(b"A", 100 * MEGA, BEGIN + b"NOTE:", END),
    "one line.txt": flood(b"A", 100 * MEGA),
    "one line.csv": flood(b"x", 100 * MEGA, b'Name,Notes\nMaya,"'),
    "one line.json": flood(b"x", 100 * MEGA, b'{"kin": 1, "people": [{"name": "', b'"}]}'),
    "soft breaks.vcf": flood(b"=\n", 50 * MEGA, BEGIN + b"NOTE;ENCODING=QUOTED-PRINTABLE:", END),
    "zeros.csv": flood(b"\0", 100 * MEGA),
    "friends.md": flood(b"- Maya\n", 50 * MEGA, b"### Activities:\n\n### Friends:\n"),
    "tiny cards.vcf": tiny_cards,
}


class Cost(NamedTuple):
    """The exit code of a process, its output, and its memory in bytes."""

    code: int
    output: str
    memory: int


# The system counts the memory of the parent for a new process: so a small process starts it.
MEASURE = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stderr=subprocess.STDOUT)
_, status, usage = os.wait4(process.pid, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss, file=sys.stderr)
"""


def cost_of(*typed: str) -> Cost:
    """Run a program, and measure it."""
    measured = subprocess.run(
        [sys.executable, "-c", MEASURE, *typed],
        env=fresh(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    code, memory = map(int, measured.stderr.split())
    return Cost(code, measured.stdout, memory * (1 if sys.platform == "darwin" else 1024))


@pytest.mark.parametrize(
    "name", [*LIGHT, *(pytest.param(each, marks=pytest.mark.long) for each in HEAVY)]
)
def test_a_bomb_stays_within_limits(name: str, tmp_path: Path) -> None:
    with (tmp_path / name).open("wb") as file:
        (LIGHT | HEAVY)[name](file)
    cost = cost_of(sys.executable, "-m", "kin", "import", str(tmp_path / name))
    assert cost.code in (0, 1, 2), cost
    assert "bug" not in cost.output and "Traceback" not in cost.output
    assert cost.memory < MOST_MEMORY, f"{cost.memory / MEGA:.0f} MB"
    assert cost.code or name in cost.output or "new" in cost.output
    (tmp_path / name).unlink()


def test_control_three_copies_of_a_file_in_memory_would_be_seen() -> None:
    program = "chunks = [b'x' * (1 << 20) for _ in range(320)]"
    assert cost_of(sys.executable, "-c", program).memory > MOST_MEMORY


WITHOUT_LIMITS = """
import sys
from kin.cli import main
from kin.formats.table import sniff
sniff.MAX_CELL_LENGTH = sniff.MAX_LINE_LENGTH = sniff.MAX_CELL_LINES = 1 << 40
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.long
def test_control_without_the_limits_a_bomb_fills_the_memory(tmp_path: Path) -> None:
    bomb = tmp_path / "one line.csv"
    with bomb.open("wb") as file:
        HEAVY[bomb.name](file)
    cost = cost_of(sys.executable, "-c", WITHOUT_LIMITS, "import", "--dry-run", str(bomb))
    assert cost.memory > MOST_MEMORY, f"{cost.memory / MEGA:.0f} MB"
