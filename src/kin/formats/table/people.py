"""A row of a table becomes a person.

Its one rule: what a cell says goes into its field, or stands in the note under its header; where
that is not what one would expect, a remark tells.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from kin.constants import (
    CIRCLES,
    LONGEST_LABEL,
)
from kin.errors import UnclearDateError
from kin.formats.card import Loved, Way
from kin.formats.incoming import Bond, Incoming
from kin.formats.table import (
    google as table_google,
)
from kin.formats.table import (
    write as spreadsheet,
)
from kin.formats.table.addresses import Addresses
from kin.formats.table.columns import (
    ADDRESS,
    DAYS,
    Column,
)
from kin.formats.table.manner import (
    KIN,
    Light,
)
from kin.formats.table.meaning import meaning
from kin.formats.table.names import (
    refusal,
    whole_name,
)
from kin.vocabulary import catalog as vocabulary

_WAYS = frozenset(("email", "phone", "link"))
_LOVED = frozenset(("into", "collides"))
_SEVERAL = _WAYS | _LOVED | {"nickname", "group", "bond"}
_LABELLED = _WAYS | {"bond", "day"}  # in a CSV of kin's own
_LONGEST_WAY = 2000  # characters: an address of the web may be that long
_FIGURE = re.compile(r"\d")
_PARTS = frozenset(("name", "first", "middle", "last", "suffix", "met story"))  # of any length


class Draft:
    """A person in the making: `take` the cells, then `person`; `remarks` tells what was odd."""

    def __init__(self, light: Light) -> None:
        self.remarks: list[str] = []
        self._light = light
        self._said: dict[str, str] = {}
        self._nicknames: dict[str, None] = {}
        self._ways: dict[tuple[str, str], Way] = {}
        self._loved: dict[str, dict[str, Loved]] = {"into": {}, "collides": {}}
        self._groups: dict[str, None] = {}
        self._bonds: dict[Bond, None] = {}
        self._days: dict[tuple[str, str], None] = {}
        self._notes: list[str] = []
        self._lines: list[str] = []
        self._addresses = Addresses()

    def take(self, column: Column, cell: str, label: str = "") -> None:
        """Put a cell where it belongs; `label` is what the cell beside it calls it."""
        kin = self._light.manner is KIN
        label = (table_google.label(label) if label else "") or column.label
        field = column.field
        if not _is_short(label):
            self.say(label, cell)
        elif field in _SEVERAL or (field == "day" and kin):
            for value in self._light.manner.values(column, cell):
                self._take_value(column, value, label)
        elif field in DAYS:
            self._take_day(column, cell, label)
        elif field in ADDRESS:
            self._addresses.add(column.which or label, label, field, cell)
        elif field == "note":
            self._notes.append(cell)
        elif field == "said" and _is_interest(label):
            self.take(replace(column, field="into"), cell)
        elif field == "said":
            self.say(label or column.header, cell)
        else:
            self._take_one(column, cell if kin or field == "met story" else " ".join(cell.split()))

    def say(self, header: str, words: str) -> None:
        """Keep as a line of the note what no field holds."""
        self._lines.append(f"{header}: {words}")

    def _take_one(self, column: Column, words: str) -> None:
        field = column.field
        fits = words in CIRCLES if field == "circle" else field in _PARTS or _is_short(words)
        if not fits or self._said.setdefault(field, words) != words:
            self.say(column.header, words)

    def _take_day(self, column: Column, cell: str, label: str) -> None:
        days = self._light.days
        try:
            if column.field == "met on":
                if met := days.met(cell):
                    self._take_one(column, met.on.isoformat())
                    self._said.setdefault("precision", met.precision)
                    self._said.setdefault("story", self._light.manner.story)
            elif column.field == "birthday":
                if birthday := days.birthday(cell):
                    self._take_one(column, birthday)
            elif day := days.yearly(cell):
                self._days[label or "day", day] = None
        except UnclearDateError as error:
            header = label.capitalize() or column.header
            self.say(header, cell)
            self.remarks.append(f"{header}: {error.message} It is kept in the note.")

    def _take_value(self, column: Column, value: str, label: str) -> None:
        field, kin = column.field, self._light.manner is KIN
        named: str | None = label or None
        if kin and field in _LABELLED:
            named, value = spreadsheet.unlabelled(value)
        if not value:
            return
        if not (
            _is_short(value) or field in _LOVED or (field in _WAYS and len(value) <= _LONGEST_WAY)
        ):
            self.say(column.header, value)
        elif field in _WAYS:
            self._take_way(column, value, named or None)
        elif field == "nickname":
            self._nicknames[value] = None
        elif field == "day":
            self._take_day(column, value, named or "")
        elif field == "bond":
            self._bonds[Bond(named or "tie", value)] = None
        elif field == "group" and not self._light.interests:
            self._take_group(column, value)
        else:
            self._take_loved(column, value)

    def _take_way(self, column: Column, value: str, label: str | None) -> None:
        field = column.field
        fits = "@" in value if field == "email" else field == "link" or _FIGURE.search(value)
        if fits or self._light.manner is KIN:
            self._ways.setdefault((field, value), Way(field, value, label))
        else:
            self.say(column.header, value)

    def _take_group(self, column: Column, value: str) -> None:
        if value.startswith(table_google.SYSTEM) and self._light.manner is not KIN:
            self._light.labels.add(value)
        else:
            self._groups[value] = None

    def _take_loved(self, column: Column, value: str) -> None:
        loved = spreadsheet.unloved(value) if self._light.manner is KIN else Loved(value)
        if column.field == "group" and value.startswith(table_google.SYSTEM):
            self._light.labels.add(value)
        elif not (_is_short(loved.label) and vocabulary.key(loved.label)):
            self.say(column.header, value)
        else:
            stance = "collides" if column.field == "collides" else "into"
            self._loved[stance].setdefault(loved.label, loved)

    def person(self, source: str) -> Incoming | str:
        """Return the person, or why there is none."""
        said = self._said
        name, other = whole_name(said)
        nicknames = [*self._nicknames, *filter(None, {other} - self._nicknames.keys())]
        name = name or (nicknames.pop(0) if nicknames else "")
        if why := refusal(name):
            return why
        lives = said.get("lives") or self._addresses.lives()
        lines = "\n".join([*self._addresses.lines(lives), *self._lines])
        return Incoming(
            name=name,
            source=source,
            nicknames=tuple(nicknames),
            contacts=tuple(self._ways.values()),
            birthday=said.get("birthday"),
            days=tuple(self._days),
            lives=lives,
            circle=said.get("circle"),
            note="\n\n".join(filter(None, (*self._notes, lines))) or None,
            into=tuple(self._loved["into"].values()),
            collides=tuple(self._loved["collides"].values()),
            groups=tuple(self._groups),
            bonds=tuple(self._bonds),
            met_on=said.get("met on"),
            met_precision=said.get("precision"),
            met_at=said.get("met at"),
            met_story=said.get("met story") or said.get("story") or None,
            met_through=said.get("met through"),
        )


def _is_short(words: str) -> bool:
    return len(words) <= LONGEST_LABEL


def _is_interest(label: str) -> bool:
    found = meaning(label) if label else None
    return bool(found and found.field == "into")


def draft(cells: Sequence[str], columns: Sequence[Column], light: Light) -> Draft:
    """Return what the cells of a row say of a person."""
    kin, result = light.manner is KIN, Draft(light)
    for column in columns:
        cell = cells[column.at] if column.at < len(cells) else ""
        if cell and (kin or (cell := cell.strip())):
            at = column.label_at
            label = cells[at].strip() if at is not None and at < len(cells) else ""
            result.take(column, spreadsheet.undefused(cell) if kin else cell, label)
    return result
