"""Days as cards write them: `1984-03-12`, `19840312`, `--0312`, 1604 for a year that is unknown.

Its one rule: a day without a year is never given one, and what is no day is None, not a guess.
"""

import re
from datetime import date, datetime

from kin.errors import UnclearDateError
from kin.language import dates

# Apple writes the year that it leaves out as this one, which is a leap year.
NO_YEAR = 1604
_WRITTEN = re.compile(
    r"(?:(?P<year>[0-9]{4})-?|--)(?P<month>[0-9]{2})-?(?P<day>[0-9]{2})(?![0-9])(?:[T ].*|Z)?",
    re.ASCII | re.DOTALL,
)
_YEAR = re.compile("[0-9]{4}", re.ASCII)
_LONGEST = 60


def read(text: str, omitted: str | None = None) -> str | None:
    """Return YYYY-MM-DD, or --MM-DD; None for what is no whole day.

    `omitted` is X-APPLE-OMIT-YEAR: that year stands for none. A day in words counts if it is plain.
    """
    text = text.strip()
    said = _WRITTEN.fullmatch(text)
    if said is None:
        return _in_words(text)
    year = int(said["year"] or 0)
    if year in (0, NO_YEAR) or said["year"] == omitted:
        year = 0
    try:
        on = date(year or NO_YEAR, int(said["month"]), int(said["day"]))
    except ValueError:
        return None
    return on.isoformat() if year else f"--{on:%m-%d}"


def _in_words(text: str) -> str | None:
    # Without a year in it, the words would need a clock.
    if not _YEAR.search(text) or len(text) > _LONGEST:
        return None
    try:
        return dates.birthday(text, now=datetime.max)
    except UnclearDateError:
        return None


def written(day: str, version: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return a day as a card of this version has it, and the parameters that it needs.

    RFC 6350, section 4.3.1 for 4.0; before, there was no way but Apple's to leave out a year.
    """
    if version == "4.0":
        return "--" + day[2:].replace("-", "") if day[0] == "-" else day.replace("-", ""), ()
    if day[0] == "-":
        return f"{NO_YEAR}{day[1:]}", (("X-APPLE-OMIT-YEAR", f"{NO_YEAR}"),)
    return day, ()
