"""The days of a contact of Monica's: birthday, first meeting, death, and what comes every year.

Its one rule: a day that Monica made up is none. From an age it makes 1 January, and for a day
without its year the year in which that was typed.
"""

from collections.abc import Iterator
from typing import NamedTuple

from kin.constants import LONGEST_LABEL
from kin.formats.monica.notes import (
    Line,
    said,
    sentence,
)
from kin.formats.monica.records import (
    Record,
    mapping,
    records,
    text,
)


class Days(NamedTuple):
    """Days as kin keeps them, and lines of a note for what it cannot."""

    birthday: str | None
    met_on: str | None
    met_precision: str | None
    yearly: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]


def days(contact: Record) -> Days:
    """Read all days that stand on a contact."""
    birthday, born = _birthday(contact)
    died, death = _death(contact)
    met_on, precision, met = _met(contact)
    yearly, told = _yearly(contact, birthday, died)
    told = [*born, *met, *death, *told, *_odd(contact)]
    return Days(birthday, met_on, precision, tuple(yearly.items()), tuple(told))


def _odd(contact: Record) -> Iterator[Line]:
    """Give the words that stand where a day should."""
    for name, head in (("birthdate", "Born"), ("first_met_date", "Met"), ("deceased_date", "Died")):
        words = text(mapping(contact.properties.get(name)).get("date"))
        if words and not _special(contact, name)[0]:
            yield "a day that is none", f"{head}: {words}"


def _special(contact: Record, name: str) -> tuple[str | None, str]:
    """Read a special date: the day, and what is known of it (`day`, `year` or `no year`)."""
    value = Record("", None, mapping(contact.properties.get(name)), {})
    sure = "year" if value.flag("is_age_based") else "day"
    return value.day("date"), "no year" if value.flag("is_year_unknown") else sure


def _birthday(contact: Record) -> tuple[str | None, list[Line]]:
    on, sure = _special(contact, "birthdate")
    if on and sure == "year":  # Monica makes up 1 January from an age
        return None, [("an age", f"Born about {on[:4]}.")]
    return (f"--{on[5:]}" if on and sure == "no year" else on), []


def _met(contact: Record) -> tuple[str | None, str | None, list[Line]]:
    on, sure = _special(contact, "first_met_date")
    if on and sure == "no year":
        return None, None, [("a day of meeting without its year", f"Met on {said(f'--{on[5:]}')}.")]
    return on, sure if on else None, []


def _death(contact: Record) -> tuple[str | None, list[Line]]:
    on, sure = _special(contact, "deceased_date")
    if on and sure == "year":
        return None, [("a death", f"Died in {on[:4]}.")]
    if on or not contact.flag("is_dead"):
        return (f"--{on[5:]}" if on and sure == "no year" else on), []
    return None, [("a death", "Has died.")]


def _yearly(
    contact: Record, birthday: str | None, died: str | None
) -> tuple[dict[str, str], list[Line]]:
    """Read the reminders: those of every year are days, all others are lines of the note."""
    yearly = {"died": died} if died else {}
    told: list[Line] = []
    own = {(on or "-")[-5:] for on in (birthday, died)}
    for reminder in _reminders(contact):
        on, title = reminder.day("initial_date"), reminder.line("title") or "reminder"
        more = reminder.text("description")
        if on and on[5:] in own and _made_by_monica(reminder, contact) and not more:
            continue
        if not on or not _comes_every_year(reminder) or len(title) > LONGEST_LABEL // 2:
            told.append(_reminder_line(reminder))
            continue
        yearly[title if yearly.get(title, on) == on else f"{title} ({said(on)})"] = on
        told += [("the words of a reminder", f"{title}: {more}")] if more else []
    return yearly, told


def _reminders(contact: Record) -> list[Record]:
    """Return the reminders of a contact, those of death and of meeting too, each once."""
    special = [contact.properties.get(f"{what}_reminder") for what in ("deceased", "first_met")]
    found = contact.records("reminder")
    uuids = {each.uuid for each in found}
    return found + [each for each in records(special) if each.uuid not in uuids]


def _made_by_monica(reminder: Record, contact: Record) -> bool:
    """Say whether this is the reminder that Monica keeps itself beside a birthday or a death."""
    of_death = mapping(contact.properties.get("deceased_reminder")).get("uuid")
    fixed = reminder.properties.get("delible") is not None and not reminder.flag("delible")
    return fixed or (bool(reminder.uuid) and reminder.uuid == text(of_death))


def _comes_every_year(reminder: Record) -> bool:
    each = reminder.text("frequency_number") in ("", "1")
    return reminder.text("frequency_type") == "year" and each and not reminder.flag("inactive")


def _reminder_line(reminder: Record) -> Line:
    """Say a reminder that does not come back every year, or is switched off."""
    on, unit = reminder.day("initial_date"), reminder.text("frequency_type")
    often = "" if unit in ("", "one_time", "once") else _often(reminder, unit)
    day = f"from {said(on)}" if often and on else f"on {said(on)}" if on else "without a day"
    off = ", switched off" if reminder.flag("inactive") else ""
    title = reminder.text("title") or "something"
    head = f"Reminder, {often}{day}{off}: {title}"
    return "a reminder", sentence(head, reminder.text("description"))


def _often(reminder: Record, unit: str) -> str:
    number = reminder.text("frequency_number") or "1"
    return f"every {unit}, " if number == "1" else f"every {number} {unit}s, "
