"""Columns inferred from their cells where the header does not name them.

What is inferred from cells alone is reported as a warning.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import lru_cache

from kin.constants import DateOrder
from kin.errors import UnclearDateError, UsageError
from kin.formats.table.headers import NAME_FIELDS, UNKNOWN, Column
from kin.language import dates as language_dates
from kin.language.text import normalize

# `0/0/00` and other values that mean "none"; 4501 is Outlook's last date, year 1 that of .NET.
_EMPTY = re.compile(r"[0\s./:-]*|(?:1/1/4501|4501-01-01|0?1/0?1/0001|0001-01-01)\b.*", re.DOTALL)
_TIME = re.compile(
    r"[T ]+\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[ap]\.?m\.?)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?\s*$",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"\s*(\d\d?)([/-])(\d\d?)(?:\2(?:\d{4}|\d\d))?\s*")
_HEADER_ORDERS: dict[DateOrder, re.Pattern[str]] = {
    "dmy": re.compile(r"\b(?:d|dd|tt|jj|gg)[/. -]mm?\b", re.IGNORECASE),
    "mdy": re.compile(r"\bmm?[/. -](?:d|dd|tt|jj|gg)\b", re.IGNORECASE),
}
_YEAR = re.compile("[0-9]{4}")
_SPAN = re.compile(r"(week|month|year) of (\d{4}-\d\d-\d\d)")
_PARTICLES = {"de", "del", "di", "den", "el", "le", "der", "of"}
_MONTH_NAMES = """januar janvier janv enero ene gennaio genn gen janeiro januari stycznia styczen sty jänner janar
februar fevrier fevr fev febrero febbraio febb fevereiro februari lutego luty lut pebruari
marz mars marzo março maart marca marzec mac maret marts märz mrt
avril avr abril abr aprile kwietnia kwiecien kwi
mai mayo maggio mag maio mei maja maj kolovoza
juni juin junio giugno giu junho czerwca czerwiec cze
juli juillet juil julio luglio lug julho lipca lipiec lip julai
août aout agosto ago augustus agustus augusti sierpnia sierpien sie ogos agu agt
settembre sett septembre septiembre setembro set september wrzesnia wrzesien wrz
oktober okt octobre octubre ottobre ott outubro out pazdziernika pazdziernik paz
novembre noviembre novembro listopada listopad lis nopember
dezember dez decembre dicembre dic diciembre dezembro des desember disember grudnia grudzien gru december"""
_ENGLISH_MONTHS = {
    normalize(word): month
    for month, words in zip(language_dates.MONTHS, _MONTH_NAMES.splitlines(), strict=True)
    for word in words.split()
}

MAJORITY = 0.6  # of the cells that are not empty; every table has some odd rows
_PATTERNS = (
    ("email", re.compile(r"\S+@\S+\.\S+|.*<\S+@\S+>")),
    ("link", re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)),
    ("phone", re.compile(r"(?!\d{1,4}[./-]\d{1,2}[./-]\d{1,4}$)\+?[\d\s()./-]{6,}")),
)
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff .,'’()\"-]){0,59}")
_MAX_NAME_WORDS = 5  # more are a sentence
_INFERRED_NAME = (
    "“{}” was taken for the name because of its content; if it is not, add --map COLUMN=name."
)

Rows = Sequence[Sequence[str]]


def is_empty_date(cell: str) -> bool:
    """Return whether a cell holds no date, as `0/0/00` does."""
    return bool(_EMPTY.fullmatch(cell))


class DateOrderEvidence:
    """Evidence in a file for the order of its dates: a number above 12 is not a month."""

    def __init__(self) -> None:
        self._orders: set[DateOrder] = set()

    def add_cells(self, cells: Iterable[str]) -> None:
        """Take the dates of some cells into account."""
        for cell in cells:
            if match := _NUMBERS.fullmatch(_TIME.sub("", cell)):
                first, second = int(match[1]), int(match[3])
                if 12 < first < 32 and second < 13:
                    self._orders.add("dmy")
                elif 12 < second < 32 and first < 13:
                    self._orders.add("mdy")

    def add_header(self, header: str) -> None:
        """Take a header into account that names the order, such as `Birthday (dd/mm/yyyy)`."""
        for order, pattern in _HEADER_ORDERS.items():
            if pattern.search(header):
                self._orders.add(order)

    def resolve(self, default: DateOrder | None) -> DateOrder | None:
        """Return the order: the default without evidence, None if there is evidence for both."""
        if not self._orders:
            return default
        return next(iter(self._orders)) if len(self._orders) == 1 else None


@dataclass(frozen=True, slots=True)
class DateReader:
    """Reads the dates of one file; without `today` a year of two digits is unclear."""

    order: DateOrder | None = None
    today: date | None = None

    def read_birthday(self, cell: str) -> str | None:
        """Read a birthday as YYYY-MM-DD or --MM-DD, None if the cell is empty."""
        return self._read_yearly_date(cell, _YEAR.search(cell) is not None and self.today is None)

    def read_yearly_date(self, cell: str) -> str | None:
        """Read a date that recurs every year; it may be in the future."""
        return self._read_yearly_date(cell, _YEAR.search(cell) is not None)

    def read_met_on(self, cell: str) -> language_dates.Day | None:
        """Read the day, week, month or year of a first meeting, None if the cell is empty."""
        if is_empty_date(cell):
            return None
        span = _SPAN.fullmatch(cell)
        text = span[2] if span else _translate_date(cell)
        if not re.search(r"\d{4}|\d\D+'?\d\d$", text):
            raise UnclearDateError(f"“{cell[:40]}” has no year.")
        try:
            day = language_dates.parse(
                text, now=self._choose_now(text, False), date_order=self.order
            )
        except UnclearDateError as error:
            day = language_dates.Day(self._choose_past_reading(error))
        if self.today and day.on > self.today:
            raise UnclearDateError(f"“{cell[:40]}” is in the future.")
        return language_dates.Day(day.on, span[1]) if span else day  # type: ignore[arg-type]

    def _read_yearly_date(self, cell: str, may_be_future: bool) -> str | None:
        if is_empty_date(cell):
            return None
        text = _translate_date(cell)
        now = self._choose_now(text, may_be_future)
        try:
            day = _parse_birthday(text, now, self.order)
        except UnclearDateError as error:
            day = self._choose_past_reading(error).isoformat()
        # Apple and others write 1604 where the year is unknown.
        return f"-{day[4:]}" if day.startswith("1604") else day

    def _choose_now(self, text: str, may_be_future: bool) -> datetime:
        """Return the time to read by; a date with its full year does not need one."""
        if self.today and not may_be_future:
            return datetime.combine(self.today, time(12))
        if not may_be_future and not _YEAR.search(text) and _has_short_year(text):
            raise UnclearDateError(f"“{text[:40]}” has a year of two digits.")
        return datetime.max

    def _choose_past_reading(self, error: UnclearDateError) -> date:
        """Return the only reading that is not in the future, or raise the error again."""
        past = [day for day in error.readings if self.today and day <= self.today]
        if len(past) != 1:
            raise error
        return past[0]


@lru_cache(4096)  # dates recur in a large file
def _parse_birthday(text: str, now: datetime, order: DateOrder | None) -> str:
    return language_dates.parse_birthday(text, now=now, date_order=order)


def _has_short_year(text: str) -> bool:
    numbers = len(re.findall("[0-9]+", text))
    return not text.startswith("--") and numbers > (1 if re.search("[A-Za-z]{3}", text) else 2)


def _translate_date(cell: str) -> str:
    """Return the date without its time and with its month in English, for `kin.language.dates`."""
    text = _TIME.sub("", cell).strip()
    text = re.sub(r"^(?:0000|1604)-(?=\d\d-\d\d$)", "--", text)
    text = re.sub(r"^(\d{4})年(\d\d?)月(\d\d?)日?$", r"\1-\2-\3", text)
    if text.isascii() and not re.search("[A-Za-z]", text):
        return text
    parts = re.split(r"([^\W\d_]+)", text)
    translated = (
        _ENGLISH_MONTHS.get(normalize(part), part)
        for part in parts
        if normalize(part) not in _PARTICLES
    )
    return " ".join("".join(translated).split())


def infer_field(cells: Sequence[str]) -> str:
    """Return email, link or phone if most of the cells are that, else ""."""
    filled = _strip_cells(cells)
    for field, pattern in _PATTERNS:
        matches = sum(bool(pattern.fullmatch(cell)) for cell in filled)
        if filled and matches >= MAJORITY * len(filled):
            return field
    return ""


def is_unknown_header(first: Sequence[str], body: Rows) -> bool:
    """Return whether the first row is a header: addresses or numbers occur only below it."""
    return any(
        cell.strip() and infer_field(_get_column_cells(index, body)) and not infer_field([cell])
        for index, cell in enumerate(first)
    )


def infer_columns(header: Sequence[str], sample: Rows, width: int) -> list[Column]:
    """Return the columns of a table without a header, or with no header word that is known."""
    names = header or [f"column {index + 1}" for index in range(width)]
    return [
        Column(index, name, infer_field(_get_column_cells(index, sample)) or UNKNOWN)
        for index, name in enumerate(names)
    ]


def resolve_name_columns(columns: list[Column], sample: Rows) -> tuple[list[Column], str]:
    """Distinguish full names from first and last ones, and find the name if no header names it.

    Returns the columns and a warning, "" if nothing was inferred. Raises UsageError if no column
    can be a name.
    """
    columns = _resolve_name_parts(columns, sample)
    if any(column.field in NAME_FIELDS for column in columns):
        return columns, ""
    allow_lower = len(columns) == 1
    for column in columns:
        if column.field == UNKNOWN and _are_names(
            _get_column_cells(column.index, sample), allow_lower
        ):
            columns[column.index] = replace(column, field="name")
            return columns, _INFERRED_NAME.format(column.header)
    headers = tuple(column.header for column in columns if column.header)
    raise UsageError(
        "No column of this table is a name.", "Say which one is: --map COLUMN=name", headers[:20]
    )


def _get_column_cells(index: int, sample: Rows) -> list[str]:
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
        (normalize(cells[name_index]), normalize(cells[part_index]))
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
