"""The CSV that kin exports for spreadsheets, and the format of its cells.

Cells are read back unchanged, and none is a formula: a cell that begins like one gets an
apostrophe. Several values are joined with ` ::: `.
"""

import csv
import io
import re
from collections.abc import Iterable

from kin.formats.editor_card import CardInterest
from kin.formats.records import ImportedPerson

SEPARATOR = " ::: "
HEADER = (
    *("Name", "Nicknames", "Birthday", "Lives in", "Circle", "Into", "Differ", "Groups"),
    *("Met on", "Met at", "How we met", "Met through", "Ties", "Dates", "Email", "Phone", "Link"),
    "Note",
)
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def write_table(people: Iterable[ImportedPerson]) -> bytes:
    """Return the people as UTF-8 with a byte order mark and CRLF, as spreadsheets expect it.

    The fields uid, key and raw are left out; a CRLF inside a text becomes LF.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEADER)
    for person in people:
        writer.writerow(map(_escape_formula, _format_cells(person)))
    return out.getvalue().encode("utf-8-sig")


def _format_cells(person: ImportedPerson) -> Iterable[str]:
    """Return the cells of a person in the order of the header."""
    contacts = {
        kind: [
            format_labelled(contact.label, contact.value)
            for contact in person.contacts
            if contact.kind == kind
        ]
        for kind in ("email", "phone", "link")
    }
    met_on = person.met_on or ""
    if met_on and person.met_precision not in (None, "day"):
        met_on = f"{person.met_precision} of {met_on}"
    return (
        person.name,
        join_values(person.nicknames),
        person.birthday or "",
        person.lives or "",
        person.circle or "",
        join_values(map(format_interest, person.into)),
        join_values(map(format_interest, person.differ)),
        join_values(person.groups),
        met_on,
        person.met_at or "",
        person.met_story or "",
        person.met_through or "",
        join_values(format_labelled(tie.word, tie.name) for tie in person.ties),
        join_values(format_labelled(label, day) for label, day in person.dates),
        *map(join_values, contacts.values()),
        person.note or "",
    )


def join_values(values: Iterable[str]) -> str:
    """Join values to a cell; a run of three or more colons in a value gets one more."""
    return SEPARATOR.join(re.sub(":::+", r"\g<0>:", value) for value in values)


def split_values(cell: str) -> list[str]:
    """Split a cell that `join_values` wrote."""
    values = cell.split(SEPARATOR) if cell else []
    return [re.sub("::::+", lambda run: run[0][1:], value) for value in values]


def format_labelled(label: str | None, value: str) -> str:
    """Write `label: value`, or the value alone; other colons before a space are doubled."""
    if label is None:
        return re.sub(":+(?= )", r"\g<0>\g<0>", value)
    return re.sub(r":+(?= |\Z)", r"\g<0>\g<0>", label) + ": " + value


def parse_labelled(item: str) -> tuple[str | None, str]:
    """Parse what `format_labelled` wrote: the first odd run of colons before a space ends the label."""
    for run in re.finditer(":+(?= )", item):
        if len(run[0]) % 2:
            label = re.sub(r"(:+)\1(?= |\Z)", r"\1", item[: run.end() - 1])
            return label, item[run.end() + 1 :]
    return None, re.sub(r"(:+)\1(?= )", r"\1", item)


def format_interest(interest: CardInterest) -> str:
    """Write `pottery -- her father had a kiln`; other runs of dashes get one more."""
    label = re.sub(r"(?<!\S)--+(?!\S)", r"\g<0>-", interest.label)
    return label if interest.note is None else f"{label} -- {interest.note}"


def parse_interest(item: str) -> CardInterest:
    """Parse what `format_interest` wrote."""
    label, _, note = item.partition(" -- ")
    label = re.sub(r"(?<!\S)---+(?!\S)", lambda run: run[0][1:], label)
    return CardInterest(label, note or None)


def _escape_formula(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unescape_formula(cell: str) -> str:
    """Return a cell without the apostrophe that keeps it from being a formula."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
