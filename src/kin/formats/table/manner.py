"""The manner of a program that writes tables: its header, and how a cell of it parts into values.

Its one rule: ` ::: ` parts values everywhere, and other signs only where a program or people use them.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kin.errors import UsageError
from kin.formats.table import (
    columns as table_columns,
)
from kin.formats.table import (
    google as table_google,
)
from kin.formats.table import (
    linkedin as table_linkedin,
)
from kin.formats.table import (
    outlook as table_outlook,
)
from kin.formats.table import (
    write as spreadsheet,
)
from kin.formats.table.columns import Column
from kin.formats.table.days import Reader
from kin.formats.table.meaning import key
from kin.language.text import joined

TABLE = "table"
_LIST = re.compile(r"[,;\n]")
_PEOPLE = {"into": _LIST, "group": _LIST, "nickname": _LIST, "phone": re.compile(r"[;\n]| / ")}
_GOOGLE = {"into": _LIST}
_OUTLOOK = {"into": _LIST, "group": _LIST}
_ADDRESSES = re.compile(r"[;,\s]+")
_CHILDREN = re.compile(r"[,;&\n]| and | und | et | y | e | en | dan | och | i ")


@dataclass(frozen=True, slots=True)
class Manner:
    """How one program writes: `word` is what `--from` takes, `kind` what people read."""

    word: str
    kind: str
    columns: Callable[[Sequence[str]], list[Column]] = table_columns.plain
    marks: dict[str, re.Pattern[str]] = field(default_factory=dict)
    story: str = ""  # how people met, where the file is from such a place

    def values(self, column: Column, cell: str) -> list[str]:
        """Part a cell into its values, without those that are empty."""
        if self is KIN:
            return list(filter(None, spreadsheet.items(cell)))
        if ":::" not in cell:
            parts = self._parts(column, cell)
        else:
            parts = [part for whole in cell.split(":::") for part in self._parts(column, whole)]
        return [bare for part in parts if (bare := part.strip())]

    def _parts(self, column: Column, cell: str) -> list[str]:
        if column.field == "email":
            parts = _ADDRESSES.split(cell)
            return parts if all("@" in part for part in parts if part) else [cell]
        if column.field == "bond" and column.label == "child":
            return _CHILDREN.split(cell)
        mark = self.marks.get(column.field)
        return mark.split(cell) if mark else [cell]


KIN = Manner("kin", spreadsheet.KIND, spreadsheet.columns)
GOOGLE = Manner("google", table_google.NEW, table_google.columns, _GOOGLE)
OLD_GOOGLE = Manner("google-old", table_google.OLD, table_google.columns, _GOOGLE)
OUTLOOK = Manner("outlook", table_outlook.DESKTOP, marks=_OUTLOOK)
OUTLOOK_COM = Manner("outlook-com", table_outlook.ONLINE, marks=_OUTLOOK)
LINKEDIN = Manner("linkedin", table_linkedin.KIND, story=table_linkedin.STORY)
OTHER = Manner("table", TABLE, table_google.columns, _PEOPLE)
MANNERS = (KIN, GOOGLE, OLD_GOOGLE, OUTLOOK, OUTLOOK_COM, LINKEDIN, OTHER)


@dataclass(slots=True)
class Light:
    """In what light the rows of a file are read; `labels` gathers the system labels left out."""

    manner: Manner
    days: Reader
    interests: bool = False  # categories are interests
    labels: set[str] = field(default_factory=set)


def of(header: Sequence[str]) -> Manner:
    """Return the manner of the program that writes such a header."""
    kinds = (spreadsheet.kind, table_google.kind, table_outlook.kind, table_linkedin.kind)
    found = next(filter(None, (each(header) for each in kinds)), TABLE)
    return next(manner for manner in MANNERS if manner.kind == found)


def named(word: str) -> Manner:
    """Return the manner with that word or kind, or raise UsageError."""
    for manner in MANNERS:
        if key(word) in (key(manner.word), key(manner.kind)):
            return manner
    words = tuple(manner.word for manner in MANNERS)
    raise UsageError(f"“{word[:40]}” is no kind of table.", f"Say {joined(words, 'or')}.", words)
