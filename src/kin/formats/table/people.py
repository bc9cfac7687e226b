"""The people of a table: each row becomes a person, or is skipped with its line and the reason.

A cell fills its field, or is kept in the note under its header, with a warning where that may not
be what the user expects.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from kin.constants import CIRCLES, LONGEST_CONTACT, LONGEST_LABEL, LONGEST_NAME
from kin.errors import UnclearDateError
from kin.formats.editor_card import CardInterest, Contact
from kin.formats.records import FileIssue, ImportedPerson, ImportedRecords, ImportedTie
from kin.formats.table import sniff as table_sniff, write as table_write
from kin.formats.table.headers import (
    ADDRESS_FIELDS,
    DATE_FIELDS,
    NOTE_LINE,
    Column,
    interpret_header,
)
from kin.formats.table.infer import DateReader
from kin.formats.table.sniff import KIN, SYSTEM_LABEL_PREFIX, BadRow, Dialect, Row, normalize_label
from kin.language.text import normalize
from kin.vocabulary import catalog

_CONTACT_FIELDS = frozenset(("email", "phone", "link"))
_INTEREST_FIELDS = frozenset(("into", "differ"))
_MULTIPLE_VALUES = _CONTACT_FIELDS | _INTEREST_FIELDS | {"nickname", "group", "tie"}
_KIN_LABELLED = _CONTACT_FIELDS | {"tie", "date"}  # `label: value` in kin's own CSV
_DIGIT = re.compile(r"\d")
_NAME_PARTS = ("first", "middle", "last", "suffix")
_ANY_LENGTH = frozenset(("name", *_NAME_PARTS, "met story"))
_ADDRESS_ORDER = ("street", "extra", "box", "city", "region", "postcode", "country")
# In East Asian names the family name comes first, without a space after it.
_EAST_ASIAN = re.compile("[\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]+")


def combine_name(parts: Mapping[str, str]) -> tuple[str, str]:
    """Return the full name, and the name from its parts if that adds words; "" where missing."""
    values = [parts[part] for part in _NAME_PARTS if part in parts]
    combined = " ".join(values)
    if values and "middle" not in parts and all(map(_EAST_ASIAN.fullmatch, values)):
        combined = "".join(parts.get(part, "") for part in ("last", "first"))
    name = parts.get("name", "")
    if not name:
        return combined, ""
    added = set(normalize(combined).split()) - set(normalize(name).split())
    return name, combined if added else ""


def find_name_problem(name: str) -> str:
    """Return why this cannot be the name of a person, "" if it can."""
    if not any(map(str.isalnum, name)):
        return "has no name"
    if len(name) > LONGEST_NAME:
        return f"has a name of {len(name):,} characters; kin keeps up to {LONGEST_NAME}"
    return ""


class Addresses:
    """The addresses of one person, in parts or as one text."""

    def __init__(self) -> None:
        self._parts: dict[str, dict[str, list[str]]] = {}  # by address, then by part
        self._labels: dict[str, str] = {}

    def add(self, address: str, label: str, part: str, cell: str) -> None:
        """Add a part to an address: `city`, …, or `address` for all of it."""
        parts = self._parts.setdefault(address, {part: [] for part in ADDRESS_FIELDS})
        lines = (line.strip(" ,") for line in cell.splitlines())
        parts[part] += [line for line in lines if line and line not in parts[part]]
        self._labels[address] = label

    def find_home(self) -> str | None:
        """Return the town of the home, else its full address; a work address is never a home."""
        for home_label in ("home", ""):
            for address, label in self._labels.items():
                if label != home_label:
                    continue
                parts = self._parts[address]
                towns = (parts[part] for part in ("city", "region", "country"))
                home = ", ".join(next(filter(None, towns), [])) or self._format(address)
                if home and len(home) <= LONGEST_LABEL:
                    return home
        return None

    def format_lines(self, lives: str | None) -> list[str]:
        """Return a line for each address that says more than where the person lives."""
        texts = {address: self._format(address) for address in self._parts}
        return [
            f"{f'{self._labels[address]} address'.strip().capitalize()}: {text}"
            for address, text in texts.items()
            if text and text != lives
        ]

    def _format(self, address: str) -> str:
        parts = self._parts[address]
        full = ", ".join(parts["address"])
        values = [value for part in _ADDRESS_ORDER for value in parts[part]]
        added = (value for value in values if not full or normalize(value) not in normalize(full))
        return ", ".join(filter(None, (full, *added)))


@dataclass(slots=True)
class ReadingContext:
    """How the rows of a file are read; `system_labels` collects the labels that are left out."""

    dialect: Dialect
    dates: DateReader
    categories_are_interests: bool = False
    system_labels: set[str] = field(default_factory=set)

    @property
    def is_kin(self) -> bool:
        return self.dialect is KIN


class PersonBuilder:
    """Collects the cells of one row; `warnings` says what is odd about them."""

    def __init__(self, context: ReadingContext) -> None:
        self.warnings: list[str] = []
        self._context = context
        self._values: dict[str, str] = {}  # of the fields with a single value
        self._nicknames: dict[str, None] = {}
        self._contacts: dict[tuple[str, str], Contact] = {}
        self._interests: dict[str, dict[str, CardInterest]] = {"into": {}, "differ": {}}
        self._groups: dict[str, None] = {}
        self._ties: dict[ImportedTie, None] = {}
        self._dates: dict[tuple[str, str], None] = {}
        self._notes: list[str] = []
        self._lines: list[str] = []
        self._addresses = Addresses()

    def add_cell(self, column: Column, cell: str, label: str = "") -> None:
        """Add a cell to its field; `label` is the cell that labels it."""
        is_kin = self._context.is_kin
        label = (normalize_label(label) if label else "") or column.label
        field = column.field
        if not _is_short(label):
            self.add_line(label, cell)
        elif field in _MULTIPLE_VALUES or (field == "date" and is_kin):
            for value in self._context.dialect.split_cell(column, cell):
                self._add_value(column, value, label)
        elif field in DATE_FIELDS:
            self._add_date(column, cell, label)
        elif field in ADDRESS_FIELDS:
            self._addresses.add(column.address or label, label, field, cell)
        elif field == "note":
            self._notes.append(cell)
        elif field == NOTE_LINE and _is_interest_label(label):
            self.add_cell(replace(column, field="into"), cell)
        elif field == NOTE_LINE:
            self.add_line(label or column.header, cell)
        else:
            keep_spaces = is_kin or field == "met story"
            self._set_value(column, cell if keep_spaces else " ".join(cell.split()))

    def add_line(self, header: str, text: str) -> None:
        """Keep what fits no field as a line of the note."""
        self._lines.append(f"{header}: {text}")

    def _set_value(self, column: Column, value: str) -> None:
        field = column.field
        fits = value in CIRCLES if field == "circle" else field in _ANY_LENGTH or _is_short(value)
        if not fits or self._values.setdefault(field, value) != value:
            self.add_line(column.header, value)

    def _add_date(self, column: Column, cell: str, label: str) -> None:
        dates = self._context.dates
        try:
            if column.field == "met on":
                if met_on := dates.read_met_on(cell):
                    self._set_value(column, met_on.on.isoformat())
                    self._values.setdefault("met precision", met_on.precision)
                    self._values.setdefault("dialect story", self._context.dialect.met_story)
            elif column.field == "birthday":
                if birthday := dates.read_birthday(cell):
                    self._set_value(column, birthday)
            elif day := dates.read_yearly_date(cell):
                self._dates[label or "date", day] = None
        except UnclearDateError as error:
            header = label.capitalize() or column.header
            self.add_line(header, cell)
            self.warnings.append(f"{header}: {error.message} It is kept as text.")

    def _add_value(self, column: Column, value: str, default_label: str) -> None:
        field = column.field
        label: str | None = default_label or None
        if self._context.is_kin and field in _KIN_LABELLED:
            label, value = table_write.parse_labelled(value)
        if not value:
            return
        fits_contact = field in _CONTACT_FIELDS and len(value) <= LONGEST_CONTACT
        if not (_is_short(value) or field in _INTEREST_FIELDS or fits_contact):
            self.add_line(column.header, value)
        elif field in _CONTACT_FIELDS:
            self._add_contact(column, value, label or None)
        elif field == "nickname":
            self._nicknames[value] = None
        elif field == "date":
            self._add_date(column, value, label or "")
        elif field == "tie":
            self._ties[ImportedTie(label or "tie", value)] = None
        elif field == "group" and not self._context.categories_are_interests:
            self._add_group(value)
        else:
            self._add_interest(column, value)

    def _add_contact(self, column: Column, value: str, label: str | None) -> None:
        field = column.field
        fits = "@" in value if field == "email" else field == "link" or _DIGIT.search(value)
        if fits or self._context.is_kin:
            self._contacts.setdefault((field, value), Contact(field, value, label))
        else:
            self.add_line(column.header, value)

    def _add_group(self, value: str) -> None:
        if value.startswith(SYSTEM_LABEL_PREFIX) and not self._context.is_kin:
            self._context.system_labels.add(value)
        else:
            self._groups[value] = None

    def _add_interest(self, column: Column, value: str) -> None:
        interest = (
            table_write.parse_interest(value) if self._context.is_kin else CardInterest(value)
        )
        if column.field == "group" and value.startswith(SYSTEM_LABEL_PREFIX):
            self._context.system_labels.add(value)
        elif not (_is_short(interest.label) and catalog.normalize_interest(interest.label)):
            self.add_line(column.header, value)
        else:
            stance = "differ" if column.field == "differ" else "into"
            self._interests[stance].setdefault(interest.label, interest)

    def build_person(self, source: str) -> ImportedPerson | str:
        """Return the person, or why the row is not a person."""
        values = self._values
        name, other_name = combine_name(values)
        nicknames = [*self._nicknames, *filter(None, {other_name} - self._nicknames.keys())]
        name = name or (nicknames.pop(0) if nicknames else "")
        if problem := find_name_problem(name):
            return problem
        lives = values.get("lives") or self._addresses.find_home()
        lines = "\n".join([*self._addresses.format_lines(lives), *self._lines])
        return ImportedPerson(
            name=name,
            source=source,
            nicknames=tuple(nicknames),
            contacts=tuple(self._contacts.values()),
            birthday=values.get("birthday"),
            dates=tuple(self._dates),
            lives=lives,
            circle=values.get("circle"),
            note="\n\n".join(filter(None, (*self._notes, lines))) or None,
            into=tuple(self._interests["into"].values()),
            differ=tuple(self._interests["differ"].values()),
            groups=tuple(self._groups),
            ties=tuple(self._ties),
            met_on=values.get("met on"),
            met_precision=values.get("met precision"),
            met_at=values.get("met at"),
            met_story=values.get("met story") or values.get("dialect story") or None,
            met_through=values.get("met through"),
        )


def _is_short(text: str) -> bool:
    return len(text) <= LONGEST_LABEL


def _is_interest_label(label: str) -> bool:
    meaning = interpret_header(label) if label else None
    return bool(meaning and meaning.field == "into")


class PeopleReader:
    """Reads the people from the rows of one file."""

    def __init__(
        self,
        name: str,
        width: int,
        columns: Iterable[Column],
        context: ReadingContext,
        *,
        check_characters: bool,
    ) -> None:
        self._people: list[ImportedPerson] = []
        self._skipped: list[FileIssue] = []
        self._warnings: list[FileIssue] = []
        self._name, self._width, self._context = name, width, context
        # Columns that the user mapped come first where two columns fill one field.
        self._columns = sorted(columns, key=lambda column: not column.is_mapped)
        self._check_characters = check_characters

    def read(self, entries: Iterable[Row | BadRow]) -> None:
        """Read all rows; rows in sequence with the same recurring reason are reported as one."""
        first = last = 0
        reason = ""  # why the rows from the first to the last line are skipped
        for entry in entries:
            why = _find_recurring_reason(entry)
            if why and why == reason:
                last = entry.line
                continue
            self._skip(first, last, reason)
            first, last, reason = entry.line, entry.line, why
            if why:
                continue
            if isinstance(entry, BadRow):
                self._skip(entry.line, entry.line, entry.why)
            else:
                self._read_row(entry)
        self._skip(first, last, reason)

    def build_result(
        self, warnings: Iterable[str], mapping: tuple[tuple[str, str], ...]
    ) -> ImportedRecords:
        """Return what was read; `warnings` are those about the file as a whole."""
        return ImportedRecords(
            kind=self._context.dialect.kind,
            people=tuple(self._people),
            skipped=tuple(self._skipped),
            warnings=(*(FileIssue(self._name, why) for why in warnings), *self._warnings),
            mapping=mapping,
        )

    def _skip(self, first: int, last: int, why: str) -> None:
        if why:
            why = f"{why} (up to line {last})" if last > first else why
            self._skipped.append(FileIssue(f"{self._name}:{first}", why))

    def _read_row(self, row: Row) -> None:
        source = f"{self._name}:{row.line}"
        warnings = [row.warning] if row.warning else []
        builder = PersonBuilder(self._context)
        for column in self._columns:
            cell = _get_cell(row, column.index)
            if cell and (self._context.is_kin or (cell := cell.strip())):
                cell = table_write.unescape_formula(cell) if self._context.is_kin else cell
                builder.add_cell(column, cell, _get_cell(row, column.label_index).strip())
        surplus = [cell.strip() for cell in row.cells[self._width :] if cell.strip()]
        if surplus:
            builder.add_line("Beyond the last column", ", ".join(surplus))
            warnings.append("has more cells than the header; the extra ones are kept as text")
        if self._check_characters and table_sniff.REPLACEMENT_CHARACTER in "".join(row.cells):
            warnings.append("has characters that cannot be read; add --encoding")
        person = builder.build_person(source)
        if isinstance(person, str):
            self._skipped.append(FileIssue(source, person))
        else:
            self._people.append(person)
            self._warnings += [FileIssue(source, why) for why in (*warnings, *builder.warnings)]


def _get_cell(row: Row, index: int | None) -> str:
    return row.cells[index] if index is not None and index < len(row.cells) else ""


def _find_recurring_reason(entry: Row | BadRow) -> str:
    """Return why a row is skipped, if many rows in sequence may be for the same reason."""
    if isinstance(entry, BadRow):
        return entry.why if entry.is_recurring else ""
    return "" if any(map(str.strip, entry.cells)) else "is empty"
