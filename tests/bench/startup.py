"""Times the everyday commands against `import sqlmodel`: python tests/bench/startup.py [--quick]

Prints medians and ratios (goal: reads ≤ 0.25, writes ≤ 1.0), and instruction counts if valgrind is
installed (not with --quick). Everything is compiled first. Ratios are more reliable than times on a busy
machine.
"""

import compileall
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from make import grow  # type: ignore[import-not-found]

ROUNDS = 11
READS = {
    "recall": ("recall", "@{handle}"),
    "interests": ("interests",),
    "interests X": ("interests", "pottery"),
    "find": ("find", "kiln"),
    "people": ("people",),
    "today": ("today",),
    "kin": (),
}
BARE = {"--version": ("--version",), "--help": ("--help",), "usage error": ("recall",)}
WRITES = {
    "note": ("note", "yesterday: coffee with {name} about #pottery"),
    "add": ("add", "Nobody Known", "--into", "pottery", "--anyway"),
}


def main(people: int = 1000, notes: int = 20_000, links: int = 5_000) -> None:
    """Measure and print."""
    for package in ("kin", "typer", "sqlmodel", "sqlalchemy", "pydantic", "rich", "dateutil"):
        spec = find_spec(package)
        assert spec and spec.origin
        compileall.compile_dir(Path(spec.origin).parent, quiet=2)
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "book.db"
        grow(book, people, notes, links, seed=1)
        environment = {
            **os.environ,
            "KIN_DB": str(book),
            "KIN_NOW": "2026-11-23",
            "KIN_CONFIG": os.devnull,
        }
        handle, name = _choose_person(book)
        runs = {"bare Python": ["-c", "pass"], "import sqlmodel": ["-c", "import sqlmodel"]}
        for words in (READS, BARE, WRITES):
            for label, command in words.items():
                runs[label] = [
                    "-m",
                    "kin",
                    *(word.format(handle=handle, name=name) for word in command),
                ]
        medians = _medians(runs, environment)
        print(
            f"{people} people, {notes} notes, {links} links; medians of {ROUNDS}, and ratios to import sqlmodel"
        )
        for label, seconds in medians.items():
            counted = _instructions(runs[label], environment)
            print(
                f"{label:16} {seconds * 1000:7.0f} ms   {seconds / medians['import sqlmodel']:5.2f}   {counted}"
            )


def _choose_person(book: Path) -> tuple[str, str]:
    import sqlite3

    with sqlite3.connect(book) as db:
        handle, name = db.execute(
            "SELECT handle, name FROM person JOIN note_person ON person_id = id GROUP BY id ORDER BY count(*) DESC LIMIT 1"
        ).fetchone()
    return handle, name


def _medians(runs: dict[str, list[str]], environment: dict[str, str]) -> dict[str, float]:
    times: dict[str, list[float]] = {label: [] for label in runs}
    for _ in range(ROUNDS):
        for label, words in runs.items():
            start = time.perf_counter()
            subprocess.run(
                [sys.executable, *words], env=environment, capture_output=True, check=False
            )
            times[label].append(time.perf_counter() - start)
    return {label: statistics.median(each) for label, each in times.items()}


def _instructions(words: list[str], environment: dict[str, str]) -> str:
    if not shutil.which("valgrind") or "--quick" in sys.argv:
        return ""
    result = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", sys.executable, *words],
        env={**environment, "PYTHONHASHSEED": "0"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    collected = [line for line in result.stderr.splitlines() if "Collected" in line]
    return f"{int(collected[0].split(':')[1]) / 1e6:,.0f} M instructions" if collected else ""


if __name__ == "__main__":
    main()
