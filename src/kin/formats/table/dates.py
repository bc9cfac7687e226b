"""Dates in the cells of a table: as numbers in the order of any country, or with a month name.

The order of day and month comes from evidence in the whole file, or from the user's setting;
without either, a date that can be read in two ways is not read.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache

from kin.constants import DateOrder
from kin.errors import UnclearDateError
from kin.language import dates
from kin.language.text import fold

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
    fold(word): month
    for month, words in zip(dates.MONTHS, _MONTH_NAMES.splitlines(), strict=True)
    for word in words.split()
}


def is_empty_date(cell: str) -> bool:
    """Tell whether a cell holds no date, as `0/0/00` does."""
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
        return self._read_yearly(cell, _YEAR.search(cell) is not None and self.today is None)

    def read_yearly(self, cell: str) -> str | None:
        """Read a date that recurs every year; it may be in the future."""
        return self._read_yearly(cell, _YEAR.search(cell) is not None)

    def read_met_on(self, cell: str) -> dates.Day | None:
        """Read the day, week, month or year of a first meeting, None if the cell is empty."""
        if is_empty_date(cell):
            return None
        span = _SPAN.fullmatch(cell)
        text = span[2] if span else _translate_date(cell)
        if not re.search(r"\d{4}|\d\D+'?\d\d$", text):
            raise UnclearDateError(f"“{cell[:40]}” has no year.")
        try:
            day = dates.parse(text, now=self._now(text, False), date_order=self.order)
        except UnclearDateError as error:
            day = dates.Day(self._only_past_reading(error))
        if self.today and day.on > self.today:
            raise UnclearDateError(f"“{cell[:40]}” is still to come.")
        return dates.Day(day.on, span[1]) if span else day  # type: ignore[arg-type]

    def _read_yearly(self, cell: str, may_be_future: bool) -> str | None:
        if is_empty_date(cell):
            return None
        text = _translate_date(cell)
        now = self._now(text, may_be_future)
        try:
            day = _parse_birthday(text, now, self.order)
        except UnclearDateError as error:
            day = self._only_past_reading(error).isoformat()
        # Apple and others write 1604 where the year is unknown.
        return f"-{day[4:]}" if day.startswith("1604") else day

    def _now(self, text: str, may_be_future: bool) -> datetime:
        """Return the time to read by; a date with its full year does not need one."""
        if self.today and not may_be_future:
            return datetime.combine(self.today, time(12))
        if not may_be_future and not _YEAR.search(text) and _has_short_year(text):
            raise UnclearDateError(f"“{text[:40]}” has a year of two figures.")
        return datetime.max

    def _only_past_reading(self, error: UnclearDateError) -> date:
        """Return the only reading that is not in the future, or raise the error again."""
        past = [day for day in error.readings if self.today and day <= self.today]
        if len(past) != 1:
            raise error
        return past[0]


@lru_cache(4096)  # dates recur in a large file
def _parse_birthday(text: str, now: datetime, order: DateOrder | None) -> str:
    return dates.birthday(text, now=now, date_order=order)


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
        _ENGLISH_MONTHS.get(fold(part), part) for part in parts if fold(part) not in _PARTICLES
    )
    return " ".join("".join(translated).split())
