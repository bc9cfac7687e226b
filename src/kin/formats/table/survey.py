"""What a whole table tells before its rows are read, and what of it is kept nowhere.

Its one rule: what is not kept is named once, with the way to keep it.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from typing import NamedTuple

from kin.constants import DateOrder
from kin.formats.table.columns import (
    DAYS,
    UNKNOWN,
    USEFUL,
    Column,
)
from kin.formats.table.days import Evidence
from kin.formats.table.google import EVERYBODY
from kin.formats.table.meaning import key
from kin.formats.table.rows import (
    Broken,
    Row,
)


class Survey(NamedTuple):
    """The order of the days of a file, and which of its columns say something."""

    order: DateOrder | None
    filled: set[int]


def survey(
    entries: Iterable[Row | Broken], columns: Sequence[Column], settled: DateOrder | None
) -> Survey:
    """Go through the rows once; `settled` is the order where they give no evidence."""
    evidence, days = Evidence(), [column.at for column in columns if column.field in DAYS]
    for column in columns:
        if column.field in DAYS:
            evidence.hear(column.header)
    filled: set[int] = set()
    for row in entries:
        if isinstance(row, Row):
            cells, width = row.cells, len(row.cells)
            evidence.add(cells[at] for at in days if at < width)
            new = set(compress(range(min(width, len(columns))), cells)) - filled
            filled.update(at for at in new if not _says_nothing(cells[at]))
    return Survey(evidence.order(settled), filled)


def _says_nothing(cell: str) -> bool:
    # Outlook writes Unspecified for everybody's gender.
    return cell.strip() in ("", "Unspecified")


def unkept(columns: Sequence[Column], filled: set[int]) -> Iterator[str]:
    """Say which columns are kept nowhere, and how to keep them."""
    useful, unknown = (
        list(dict.fromkeys(c.header for c in columns if c.field == field and c.at in filled))
        for field in (USEFUL, UNKNOWN)
    )
    if useful:
        yield f"Not kept: {', '.join(useful)}. kin has no field for what somebody may be useful for."
    if unknown:
        yield (
            f"Not kept: {', '.join(unknown)}. kin has no field of such a name; "
            f'say --map "{unknown[0]}=note" to keep it.'
        )


def left_out(labels: Iterable[str]) -> Iterator[str]:
    """Say which labels of a program's own became no groups."""
    told = sorted(label for label in labels if key(label) not in EVERYBODY)
    if told:
        yield f"Labels of the program's own are no groups: {', '.join(told)}."
