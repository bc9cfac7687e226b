"""The rows of a table, read one by one: who comes of them, what is skipped, and what was odd.

Its one rule: a row becomes a person or is in `skipped`, with its line and the reason.
"""

from collections.abc import Iterable

from kin.formats import encodings
from kin.formats.incoming import Brought, Incoming, Skipped
from kin.formats.table.columns import Column
from kin.formats.table.manner import Light
from kin.formats.table.people import draft
from kin.formats.table.rows import (
    Broken,
    Row,
)


class Reading:
    """The reading of the rows of one file."""

    def __init__(
        self,
        name: str,
        width: int,
        columns: Iterable[Column],
        light: Light,
        *,
        check_signs: bool,
    ) -> None:
        self.people: list[Incoming] = []
        self.skipped: list[Skipped] = []
        self.remarks: list[Skipped] = []
        self._name, self._width, self._light = name, width, light
        # What somebody has mapped comes first, where two columns fill one field.
        self._columns = sorted(columns, key=lambda column: not column.mapped)
        self._check_signs = check_signs

    def run(self, entries: Iterable[Row | Broken]) -> None:
        """Read all rows; empty ones, or lines behind an open quote, are told together."""
        first = last = 0
        told = ""  # why those from the first to the last were skipped
        for row in entries:
            why = _of_a_kind(row)
            if why and why == told:
                last = row.line
                continue
            self._skip(first, last, told)
            first, last, told = row.line, row.line, why
            if isinstance(row, Broken) and not why:
                self._skip(row.line, row.line, row.why)
            elif isinstance(row, Row) and not why:
                self._read(row)
        self._skip(first, last, told)

    def brought(self, remarks: Iterable[str], mapping: tuple[tuple[str, str], ...]) -> Brought:
        """Return what the file brings; `remarks` are those on the file as a whole."""
        return Brought(
            kind=self._light.manner.kind,
            people=tuple(self.people),
            skipped=tuple(self.skipped),
            remarks=(*(Skipped(self._name, why) for why in remarks), *self.remarks),
            mapping=mapping,
        )

    def _skip(self, first: int, last: int, why: str) -> None:
        if why:
            why = f"{why} (up to line {last})" if last > first else why
            self.skipped.append(Skipped(f"{self._name}:{first}", why))

    def _read(self, row: Row) -> None:
        where = f"{self._name}:{row.line}"
        remarks = [row.remark] if row.remark else []
        found = draft(row.cells, self._columns, self._light)
        beyond = [cell.strip() for cell in row.cells[self._width :] if cell.strip()]
        if beyond:
            found.say("Beyond the last column", ", ".join(beyond))
            remarks.append("has more cells than the header; what they say is kept in the note")
        if self._check_signs and encodings.UNREADABLE in "".join(row.cells):
            remarks.append("has signs that cannot be read; say --encoding")
        person = found.person(where)
        if isinstance(person, str):
            self.skipped.append(Skipped(where, person))
        else:
            self.people.append(person)
            self.remarks += [Skipped(where, why) for why in (*remarks, *found.remarks)]


def _of_a_kind(row: Row | Broken) -> str:
    """Return why a row is skipped, if many that follow each other are for the same reason."""
    if isinstance(row, Broken):
        return row.why if row.alike else ""
    return "" if any(map(str.strip, row.cells)) else "is empty"
