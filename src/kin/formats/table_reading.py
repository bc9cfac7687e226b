"""The rows of a table, read one by one: who comes of them, what is skipped, and what was odd.

Its one rule: a row becomes a person or is in `skipped`, with its line and the reason.
"""

from collections.abc import Iterable

from kin.formats import encodings
from kin.formats.incoming import Brought, Incoming, Skipped
from kin.formats.table_columns import Column
from kin.formats.table_manner import Light
from kin.formats.table_people import draft
from kin.formats.table_rows import Broken, Row


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
        """Read all rows; empty ones that follow each other are told together."""
        first = last = 0  # of the empty rows that follow each other
        for row in entries:
            if isinstance(row, Row) and not any(map(str.strip, row.cells)):
                first, last = first or row.line, row.line
                continue
            self._tell_empty(first, last)
            first = 0
            if isinstance(row, Broken):
                self.skipped.append(Skipped(f"{self._name}:{row.line}", row.why))
            else:
                self._read(row)
        self._tell_empty(first, last)

    def brought(self, remarks: Iterable[str], mapping: tuple[tuple[str, str], ...]) -> Brought:
        """Return what the file brings; `remarks` are those on the file as a whole."""
        return Brought(
            kind=self._light.manner.kind,
            people=tuple(self.people),
            skipped=tuple(self.skipped),
            remarks=(*(Skipped(self._name, why) for why in remarks), *self.remarks),
            mapping=mapping,
        )

    def _tell_empty(self, first: int, last: int) -> None:
        if first:
            why = f"is empty, and so is all up to line {last}" if last > first else "is empty"
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
