"""What the cells tell of columns that their headers do not: names, addresses, numbers.

Its one rule: what is told by cells alone is said in a remark, so that nothing is guessed silently.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from kin.errors import UsageError
from kin.formats.table.columns import (
    NAMING,
    UNKNOWN,
    Column,
)
from kin.language.text import fold

MOST = 0.6  # of the cells that are not empty; some rows are odd in every table
_CONTENTS = (
    ("email", re.compile(r"\S+@\S+\.\S+|.*<\S+@\S+>")),
    ("link", re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)),
    ("phone", re.compile(r"(?!\d{1,4}[./-]\d{1,2}[./-]\d{1,4}$)\+?[\d\s()./-]{6,}")),
)
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff .,'’()\"-]){0,59}")
_LONGEST_NAME = 5  # words; more are a sentence
_TAKEN = "“{}” was taken for the name by what stands in it; if it is not, say --map COLUMN=name."

Rows = Sequence[Sequence[str]]


def content(cells: Sequence[str]) -> str:
    """Return email, link or phone if that is what most of the cells are, else ""."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    for field, pattern in _CONTENTS:
        if filled and sum(bool(pattern.fullmatch(cell)) for cell in filled) >= MOST * len(filled):
            return field
    return ""


def has_unknown_header(first: Sequence[str], body: Rows) -> bool:
    """Tell whether the first row cannot be one, since addresses or numbers stand only below it."""
    return any(
        cell.strip() and content(_below(at, body)) and not content([cell])
        for at, cell in enumerate(first)
    )


def by_content(header: Sequence[str], sample: Rows, width: int) -> list[Column]:
    """Return the columns of a table whose header is missing or has no word that kin knows."""
    names = header or [f"column {at + 1}" for at in range(width)]
    return [
        Column(at, name, content(_below(at, sample)) or UNKNOWN) for at, name in enumerate(names)
    ]


def settled(columns: list[Column], sample: Rows) -> tuple[list[Column], str]:
    """Tell full names from first and last ones, find the name if no header says it, and say so.

    Raises UsageError if nothing can be a name.
    """
    columns = _parts_told(columns, sample)
    if any(column.field in NAMING for column in columns):
        return columns, ""
    lower = len(columns) == 1
    for column in columns:
        if column.field == UNKNOWN and _are_names(_below(column.at, sample), lower):
            columns[column.at] = replace(column, field="name")
            return columns, _TAKEN.format(column.header)
    headers = tuple(column.header for column in columns if column.header)
    raise UsageError(
        "No column of this table is a name.", "Say which: --map COLUMN=name", headers[:20]
    )


def _below(at: int, sample: Rows) -> list[str]:
    return [cells[at] for cells in sample if at < len(cells)]


def _parts_told(columns: list[Column], sample: Rows) -> list[Column]:
    """Read `Vorname;Name` and `Nome;Cognome` by whether the name has the other part in it."""
    fields = [column.field for column in columns]
    part = [each for each in ("first", "last") if each in fields]
    if "name" not in fields or len(part) != 1 or columns[fields.index("name")].mapped:
        return columns
    name, known = fields.index("name"), fields.index(part[0])
    pairs = [
        (fold(cells[name]), fold(cells[known]))
        for cells in sample
        if max(name, known) < len(cells) and cells[name].strip() and cells[known].strip()
    ]
    whole = sum(f" {said} " in f" {full} " for full, said in pairs)
    if whole * 2 >= len(pairs) and pairs:
        return columns
    other = "last" if part[0] == "first" else "first"
    return [replace(column, field=other) if column.at == name else column for column in columns]


def _are_names(cells: Sequence[str], lower: bool) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    fitting = sum(
        bool(_NAME.fullmatch(cell))
        and len(cell.split()) <= _LONGEST_NAME
        and (lower or not cell[0].islower())
        for cell in filled
    )
    return bool(filled) and fitting >= MOST * len(filled)
