"""Times one TAB (a whole process of kin) against `import sqlmodel`: python tests/bench/completion.py

Prints the medians, and the median ratio within a round (goal: ≤ 0.2), for a book of 10,000 people.
Everything is compiled first. Ratios are more reliable than times on a busy machine.
"""

import compileall
import os
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from make import grow  # type: ignore[import-not-found]

ROUNDS = 31
TABS = {
    "a command": ("re",),
    "an option": ("edit", "--"),
    "a handle": ("recall", "ma"),
    "everyone": ("recall", ""),
    "by another name": ("recall", "okaf"),
    "an interest": ("interests", "t"),
    "a group": ("people", "--group", ""),
    "no such book": ("--db", "/nowhere/book.db", "recall", "ma"),
}


def main(people: int = 10_000) -> None:
    """Measure and print."""
    for package in ("kin", "sqlmodel", "sqlalchemy", "pydantic"):
        spec = find_spec(package)
        assert spec and spec.origin
        compileall.compile_dir(Path(spec.origin).parent, quiet=2)
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "book.db"
        grow(book, people, notes=1000, links=20_000, seed=1)
        environment = {**os.environ, "KIN_DB": str(book)}
        sqlmodel: list[float] = []
        bare: list[float] = []
        tabs: dict[str, list[float]] = {label: [] for label in TABS}
        for _ in range(ROUNDS):
            sqlmodel.append(_seconds(["-c", "import sqlmodel"], b"", environment))
            bare.append(_seconds(["-c", "pass"], b"", environment))
            for label, words in TABS.items():
                typed = b"".join(word.encode() + b"\0" for word in ("kin", *words))
                tabs[label].append(_seconds(["-m", "kin", "__complete", "zsh"], typed, environment))
    print(f"{people} people; medians of {ROUNDS} rounds, and of the ratios to import sqlmodel")
    for label, seconds in {"import sqlmodel": sqlmodel, "bare Python": bare, **tabs}.items():
        ratio = statistics.median(one / whole for one, whole in zip(seconds, sqlmodel, strict=True))
        print(f"{label:16} {statistics.median(seconds) * 1000:7.0f} ms   {ratio:5.2f}")


def _seconds(words: list[str], typed: bytes, environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, *words], input=typed, env=environment, capture_output=True, check=True
    )
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
