"""Times `kin reconnect` on a large book against a small one: python tests/bench/reconnect.py

Prints the ranking in process (goal: ≤ 0.3 s for 10,000 people), before and after the rhythms are cached, and
the whole command, both as the first of a day, which records who was shown, and again (goal: ≤ 3 times
the time of the small book).
"""

import compileall
import gc
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from kin.book import session
from kin.suggestions import reconnect
from make import TODAY, grow  # type: ignore[import-not-found]

ROUNDS = 11
LARGE, SMALL = (10_000, 200_000, 50_000), (150, 1_000, 600)


def main() -> None:
    """Measure and print."""
    for package in ("kin", "typer", "sqlmodel", "sqlalchemy", "pydantic", "rich", "dateutil"):
        spec = find_spec(package)
        assert spec and spec.origin
        compileall.compile_dir(Path(spec.origin).parent, quiet=2)
    gc.disable()  # as kin.__main__ does
    with tempfile.TemporaryDirectory() as folder:
        books = {}
        for people, notes, links in (SMALL, LARGE):
            books[people] = Path(folder) / f"{people}.db"
            grow(books[people], people, notes, links, seed=1)
            _fill(books[people], people)
        small, large = books.values()
        print(
            f"medians of {ROUNDS}: {SMALL[0]} people, {LARGE[0]} people, and how many times as long"
        )
        _print_times("in process, not cached", _times(_ranked, small, large))
        _print_times("first of the day", _times(_first, small, large))
        _print_times("again", _times(_again, small, large))
        _print_times("in process, cached", _times(_ranked, small, large))


def _fill(book: Path, people: int) -> None:
    """Add what a generated book lacks: parties, ties, questions with a date, and showings of a year."""
    chance = random.Random(2)
    with sqlite3.connect(book) as db:
        for number in range(people // 50):
            day = (TODAY - timedelta(days=chance.randrange(2000))).isoformat()
            (talk,) = db.execute(
                "INSERT INTO note (day, precision, text, text_from, noted_at) VALUES (?, 'day', 'a party', 0, ?) RETURNING id",
                (day, day),
            ).fetchone()
            guests = chance.sample(range(2, people + 2), 12)
            db.executemany(
                "INSERT INTO note_person VALUES (?, ?, ?, '')",
                [(guest, day, talk) for guest in guests],
            )
            db.executemany(
                "INSERT OR IGNORE INTO tie (a_id, b_id, word) VALUES (?, ?, ?)",
                [
                    (guests[0], guest, chance.choice(("partner", "sister", "friend")))
                    for guest in guests[1:]
                ],
            )
            (question,) = db.execute(
                "INSERT INTO question (text, opened_on, on_day) VALUES (?, ?, ?) RETURNING id",
                (f"how was it {number}", day, day),
            ).fetchone()
            db.execute("INSERT INTO question_person VALUES (?, ?)", (guests[0], question))
        for days in range(1, 366):
            day = (TODAY - timedelta(days=days)).isoformat()
            shown = chance.sample(range(2, people + 2), 3)
            db.executemany(
                "INSERT INTO showing VALUES (?, ?, 'since.0')", [(each, day) for each in shown]
            )
    db.close()


def _ranked(book: Path) -> float:
    with session.open_for_reading(book, TODAY) as db:
        start = time.perf_counter()
        found = reconnect.suggest_people(db, TODAY)
        taken = time.perf_counter() - start
    assert len(found) == 3
    return taken


def _first(book: Path) -> float:
    with sqlite3.connect(book) as db:
        db.execute("DELETE FROM showing WHERE day = ?", (TODAY.isoformat(),))
    db.close()
    return _again(book)


def _again(book: Path) -> float:
    environment = {**os.environ, "KIN_DB": str(book), "KIN_NOW": TODAY.isoformat(), "KIN_CONFIG": os.devnull}  # fmt: skip
    start = time.perf_counter()
    words = [sys.executable, "-m", "kin", "reconnect"]
    subprocess.run(words, env=environment, capture_output=True, check=True)
    return time.perf_counter() - start


def _times(timed: Callable[[Path], float], small: Path, large: Path) -> list[tuple[float, float]]:
    return [(timed(small), timed(large)) for _ in range(ROUNDS)]


def _print_times(label: str, times: list[tuple[float, float]]) -> None:
    small, large = (statistics.median(each) for each in zip(*times, strict=True))
    ratio = statistics.median(two / one for one, two in times)
    print(f"{label:22} {small * 1000:7.0f} ms  {large * 1000:7.0f} ms  {ratio:6.2f}")


if __name__ == "__main__":
    main()
