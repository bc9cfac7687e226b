"""Times `kin import` of many cards against few: python tests/bench/importing.py

Prints cards per second in process (goal: ≥ 1,000), the cost of a card among 10,000 relative to one among
1,000, and the peak memory of each run, which is a process of its own.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 3
FEW, MANY = 1_000, 10_000
NOTES = 50_000


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for cards in (FEW, MANY):
            files[cards] = Path(folder) / f"{cards}.vcf"
            files[cards].write_text("".join(map(_card, range(cards))), newline="")
        runs: dict[int, list[tuple[float, int]]] = {FEW: [], MANY: []}
        for number in range(ROUNDS):
            for cards, file in files.items():
                runs[cards].append(_run(file, Path(folder) / f"{cards}-{number}.db"))
        each = {
            cards: statistics.median(s for s, _ in figures) / cards
            for cards, figures in runs.items()
        }
        for cards, figures in runs.items():
            print(
                f"{cards:,} cards: {1 / each[cards]:,.0f} per second, {max(mb for _, mb in figures)} MB"
            )
        print(f"a card among {MANY:,} costs {each[MANY] / each[FEW]:.2f} of one among {FEW:,}")
        friends = Path(folder) / "friends.md"
        friends.write_text("### Activities:\n" + "".join(map(_activity, range(NOTES))))
        seconds, memory = _run(friends, Path(folder) / "friends.db")
        print(f"{NOTES:,} notes: {NOTES / seconds:,.0f} per second, {memory} MB")


def _card(number: int) -> str:
    return (
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u{number}\r\nFN:Maya Okafor{number}\r\nN:Okafor{number};Maya;;;\r\n"
        f"EMAIL;TYPE=HOME:maya{number}@example.org\r\nTEL;TYPE=CELL:+49 170 {1_000_000 + number}\r\n"
        f"BDAY:19{50 + number % 50}-0{1 + number % 9}-11\r\nNOTE:met at the kiln\\, number {number}\r\n"
        "CATEGORIES:friends,pottery\r\nORG:Acme\r\nTITLE:Boss\r\nEND:VCARD\r\n"
    )


def _activity(number: int) -> str:
    day = f"20{10 + number % 16}-{1 + number % 12:02d}-{1 + number % 28:02d}"
    return f"- {day}: **Maya Okafor{number % 2000}** talked of bread, number {number}. @pottery\n"


def _run(file: Path, book: Path) -> tuple[float, int]:
    """Return how long an import took in process, in seconds, and its peak memory in megabytes."""
    words = [sys.executable, __file__, str(file), str(book)]
    seconds, memory = subprocess.run(
        words, capture_output=True, text=True, check=True
    ).stderr.split()[-2:]
    return float(seconds), int(memory)


def _import(file: str, book: str) -> None:
    from kin.cli.app import run
    from kin.transfer import imports

    assert imports  # so that the import of SQLModel is not timed
    began = time.perf_counter()
    code = run(["import", file], {"KIN_DB": book, "KIN_CONFIG": "/dev/null"})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\n{time.perf_counter() - began} {peak}", file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    _import(*sys.argv[1:]) if sys.argv[1:] else main()
