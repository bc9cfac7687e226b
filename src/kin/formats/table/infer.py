"""Columns inferred from their cells where the header does not name them.

What is inferred from cells alone is reported in a remark.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from kin.errors import UsageError
from kin.formats.table.headers import NAME_FIELDS, UNKNOWN, Column
from kin.language.text import fold

MAJORITY = 0.6  # of the cells that are not empty; every table has some odd rows
_PATTERNS = (
    ("email", re.compile(r"\S+@\S+\.\S+|.*<\S+@\S+>")),
    ("link", re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)),
    ("phone", re.compile(r"(?!\d{1,4}[./-]\d{1,2}[./-]\d{1,4}$)\+?[\d\s()./-]{6,}")),
)
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff .,'’()\"-]){0,59}")
_MAX_NAME_WORDS = 5  # more are a sentence
_INFERRED_NAME = (
    "“{}” was taken for the name by what stands in it; if it is not, say --map COLUMN=name."
)

Rows = Sequence[Sequence[str]]


def infer_field(cells: Sequence[str]) -> str:
    """Return email, link or phone if most of the cells are that, else ""."""
    filled = _strip_cells(cells)
    for field, pattern in _PATTERNS:
        matches = sum(bool(pattern.fullmatch(cell)) for cell in filled)
        if filled and matches >= MAJORITY * len(filled):
            return field
    return ""


def is_unknown_header(first: Sequence[str], body: Rows) -> bool:
    """Tell whether the first row is a header: addresses or numbers occur only below it."""
    return any(
        cell.strip() and infer_field(_column_cells(index, body)) and not infer_field([cell])
        for index, cell in enumerate(first)
    )


def infer_columns(header: Sequence[str], sample: Rows, width: int) -> list[Column]:
    """Return the columns of a table without a header, or with no header word that is known."""
    names = header or [f"column {index + 1}" for index in range(width)]
    return [
        Column(index, name, infer_field(_column_cells(index, sample)) or UNKNOWN)
        for index, name in enumerate(names)
    ]


def resolve_name_columns(columns: list[Column], sample: Rows) -> tuple[list[Column], str]:
    """Tell full names from first and last ones, and find the name if no header says it.

    Returns the columns and a remark, "" if nothing was inferred. Raises UsageError if no column
    can be a name.
    """
    columns = _resolve_name_parts(columns, sample)
    if any(column.field in NAME_FIELDS for column in columns):
        return columns, ""
    allow_lower = len(columns) == 1
    for column in columns:
        if column.field == UNKNOWN and _are_names(_column_cells(column.index, sample), allow_lower):
            columns[column.index] = replace(column, field="name")
            return columns, _INFERRED_NAME.format(column.header)
    headers = tuple(column.header for column in columns if column.header)
    raise UsageError(
        "No column of this table is a name.", "Say which: --map COLUMN=name", headers[:20]
    )


def _column_cells(index: int, sample: Rows) -> list[str]:
    return [cells[index] for cells in sample if index < len(cells)]


def _strip_cells(cells: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in cells if cell.strip()]


def _resolve_name_parts(columns: list[Column], sample: Rows) -> list[Column]:
    """Read `Vorname;Name` and `Nome;Cognome` by whether the name contains the other part."""
    fields = [column.field for column in columns]
    parts = [part for part in ("first", "last") if part in fields]
    if "name" not in fields or len(parts) != 1 or columns[fields.index("name")].is_mapped:
        return columns
    name_index, part_index = fields.index("name"), fields.index(parts[0])
    pairs = [
        (fold(cells[name_index]), fold(cells[part_index]))
        for cells in sample
        if max(name_index, part_index) < len(cells)
        and cells[name_index].strip()
        and cells[part_index].strip()
    ]
    full_names = sum(f" {part} " in f" {name} " for name, part in pairs)
    if full_names * 2 >= len(pairs) and pairs:
        return columns
    other = "last" if parts[0] == "first" else "first"
    return [
        replace(column, field=other) if column.index == name_index else column for column in columns
    ]


def _are_names(cells: Sequence[str], allow_lower: bool) -> bool:
    filled = _strip_cells(cells)
    matches = sum(
        bool(_NAME.fullmatch(cell))
        and len(cell.split()) <= _MAX_NAME_WORDS
        and (allow_lower or not cell[0].islower())
        for cell in filled
    )
    return bool(filled) and matches >= MAJORITY * len(filled)
