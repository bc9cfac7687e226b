"""Hostile handles, which get into a book by a file from someone else."""

import sqlite3
from pathlib import Path

# `{folder}` is a folder of the test's.
HOSTILE = (
    "box/v/x",
    "{folder}/home/me/x",
    "{folder}/box/v/thesis",
    "..",
    "../box",
    "../../../home/me/x/thesis",
    ".",
    "a\nb",
    "x" * 5000,
    "-rf",
    "--help",
    "$(touch pwned)",
    "`touch pwned`",
    "x;touch${{IFS}}pwned",
    "it's",
    'say "hi"',
    "~",
    "=ls",
    "{folder}/tmp",
)


def rename(book: Path, handle: str, other: str) -> None:
    """Give someone another handle in the file of the book itself."""
    with sqlite3.connect(book) as db:
        db.create_function("folded", 1, lambda words: words)
        db.execute("PRAGMA ignore_check_constraints = ON")
        changed = db.execute("UPDATE person SET handle = ? WHERE handle = ?", (other, handle))
        assert changed.rowcount == 1
    db.close()
