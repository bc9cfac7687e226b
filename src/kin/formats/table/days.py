"""Days in the cells of a table: in figures of any country, or with the month in its language.

Its one rule: the order of day and month is what a whole file gives evidence for, or what the owner
has settled; without either, a day that can be read in two ways is not read.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache

from kin.constants import DateOrder
from kin.errors import UnclearDateError
from kin.language import dates
from kin.language.day import (
    MONTHS,
    Day,
)
from kin.language.text import fold

# `0/0/00` and what else stands for "none"; 4501 is Outlook's last day, year 1 that of .NET.
_EMPTY = re.compile(r"[0\s./:-]*|(?:1/1/4501|4501-01-01|0?1/0?1/0001|0001-01-01)\b.*", re.DOTALL)
_CLOCK = re.compile(
    r"[T ]+\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[ap]\.?m\.?)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?\s*$",
    re.IGNORECASE,
)
_FIGURES = re.compile(r"\s*(\d\d?)([/-])(\d\d?)(?:\2(?:\d{4}|\d\d))?\s*")
_SAID: dict[DateOrder, re.Pattern[str]] = {
    "dmy": re.compile(r"\b(?:d|dd|tt|jj|gg)[/. -]mm?\b", re.IGNORECASE),
    "mdy": re.compile(r"\bmm?[/. -](?:d|dd|tt|jj|gg)\b", re.IGNORECASE),
}
_YEAR = re.compile("[0-9]{4}")
_SPAN = re.compile(r"(week|month|year) of (\d{4}-\d\d-\d\d)")
_PARTICLES = {"de", "del", "di", "den", "el", "le", "der", "of"}
_MONTH_WORDS = """januar janvier janv enero ene gennaio genn gen janeiro januari stycznia styczen sty jänner janar
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
_MONTH_OF = {
    fold(word): month
    for month, words in zip(MONTHS, _MONTH_WORDS.splitlines(), strict=True)
    for word in words.split()
}


def is_empty(cell: str) -> bool:
    """Tell whether a cell holds no day, as `0/0/00` does."""
    return bool(_EMPTY.fullmatch(cell))


class Evidence:
    """What the days of a file tell about their order: a figure above 12 is no month."""

    def __init__(self) -> None:
        self._seen: set[DateOrder] = set()

    def add(self, cells: Iterable[str]) -> None:
        """Look at some cells."""
        for cell in cells:
            if found := _FIGURES.fullmatch(_CLOCK.sub("", cell)):
                first, second = int(found[1]), int(found[3])
                if 12 < first < 32 and second < 13:
                    self._seen.add("dmy")
                elif 12 < second < 32 and first < 13:
                    self._seen.add("mdy")

    def hear(self, header: str) -> None:
        """Listen to a header that says the order, as `Birthday (dd/mm/yyyy)` does."""
        for order, pattern in _SAID.items():
            if pattern.search(header):
                self._seen.add(order)

    def order(self, settled: DateOrder | None) -> DateOrder | None:
        """Return the order; None if there is no evidence and nothing settled, or both orders."""
        if not self._seen:
            return settled
        return next(iter(self._seen)) if len(self._seen) == 1 else None


@dataclass(frozen=True, slots=True)
class Reader:
    """How the days of one file are read; without `today` a year of two figures is unclear."""

    order: DateOrder | None = None
    today: date | None = None

    def birthday(self, cell: str) -> str | None:
        """Read a day of birth as YYYY-MM-DD or --MM-DD, None if there is none."""
        return self._yearly(cell, _YEAR.search(cell) is not None and self.today is None)

    def yearly(self, cell: str) -> str | None:
        """Read a day that comes back every year, which may lie ahead."""
        return self._yearly(cell, _YEAR.search(cell) is not None)

    def met(self, cell: str) -> Day | None:
        """Read the day, month or year when people met, None if there is none."""
        if is_empty(cell):
            return None
        span = _SPAN.fullmatch(cell)
        words = span[2] if span else _english(cell)
        if not re.search(r"\d{4}|\d\D+'?\d\d$", words):
            raise UnclearDateError(f"“{cell[:40]}” has no year.")
        try:
            day = dates.parse(words, now=self._now(words, False), date_order=self.order)
        except UnclearDateError as error:
            day = Day(self._only(error))
        if self.today and day.on > self.today:
            raise UnclearDateError(f"“{cell[:40]}” is still to come.")
        return Day(day.on, span[1]) if span else day  # type: ignore[arg-type]

    def _yearly(self, cell: str, timeless: bool) -> str | None:
        if is_empty(cell):
            return None
        words = _english(cell)
        now = self._now(words, timeless)
        try:
            day = _birthday(words, now, self.order)
        except UnclearDateError as error:
            day = self._only(error).isoformat()
        # Apple and others write 1604 where the year is unknown.
        return f"-{day[4:]}" if day.startswith("1604") else day

    def _now(self, words: str, timeless: bool) -> datetime:
        """Return the clock to read by; with its year written out a day needs none."""
        if self.today and not timeless:
            return datetime.combine(self.today, time(12))
        if not timeless and not _YEAR.search(words) and _has_short_year(words):
            raise UnclearDateError(f"“{words[:40]}” has a year of two figures.")
        return datetime.max

    def _only(self, error: UnclearDateError) -> date:
        """Return the one reading that lies behind us, or raise the error again."""
        behind = [day for day in error.readings if self.today and day <= self.today]
        if len(behind) != 1:
            raise error
        return behind[0]


@lru_cache(4096)  # a day comes up again and again in a large file
def _birthday(words: str, now: datetime, order: DateOrder | None) -> str:
    return dates.birthday(words, now=now, date_order=order)


def _has_short_year(words: str) -> bool:
    figures = len(re.findall("[0-9]+", words))
    return not words.startswith("--") and figures > (1 if re.search("[A-Za-z]{3}", words) else 2)


def _english(cell: str) -> str:
    """Return the day without its time, its month in English, as `kin.language.dates` reads it."""
    words = _CLOCK.sub("", cell).strip()
    words = re.sub(r"^(?:0000|1604)-(?=\d\d-\d\d$)", "--", words)
    words = re.sub(r"^(\d{4})年(\d\d?)月(\d\d?)日?$", r"\1-\2-\3", words)
    if words.isascii() and not re.search("[A-Za-z]", words):
        return words
    parts = re.split(r"([^\W\d_]+)", words)
    kept = (_MONTH_OF.get(fold(part), part) for part in parts if fold(part) not in _PARTICLES)
    return " ".join("".join(kept).split())
