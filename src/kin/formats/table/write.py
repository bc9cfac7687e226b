"""People as a CSV that opens in a spreadsheet, and the spelling of its cells.

Its one rule: what a cell says comes back as it was, and no cell can be a formula. Several values are
joined with ` ::: `; a cell that begins like a formula has an apostrophe in front.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from kin.formats.card import Loved
from kin.formats.incoming import Incoming
from kin.formats.table.columns import (
    Column,
    plain,
)
from kin.formats.table.meaning import key

KIND = "kin CSV"
SEVERAL = " ::: "
HEADER = (
    *("Name", "Nicknames", "Birthday", "Lives in", "Circle", "Into", "Collides", "Groups"),
    *("Met on", "Met at", "How we met", "Met through", "Ties", "Days", "Email", "Phone", "Link"),
    "Note",
)
_OWN = {"name", "collides", "howwemet", "ties"}
_OWN_FIELDS = {"circle": "circle", "collides": "collides", "ties": "bond", "days": "day"}
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def write(people: Iterable[Incoming]) -> bytes:
    """Return the people as UTF-8 with a byte order mark and CRLF, as spreadsheets want it.

    A CSV has no room for uid, key and raw; a line break of CRLF inside a text becomes LF.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEADER)
    for person in people:
        writer.writerow(map(_defused, _cells(person)))
    return out.getvalue().encode("utf-8-sig")


def _cells(person: Incoming) -> Iterable[str]:
    """Return the cells of a person in the order of the header."""
    ways = {
        kind: [labelled(way.label, way.value) for way in person.contacts if way.kind == kind]
        for kind in ("email", "phone", "link")
    }
    met = person.met_on or ""
    if met and person.met_precision not in (None, "day"):
        met = f"{person.met_precision} of {met}"
    return (
        person.name,
        several(person.nicknames),
        person.birthday or "",
        person.lives or "",
        person.circle or "",
        several(loved(each) for each in person.into),
        several(loved(each) for each in person.collides),
        several(person.groups),
        met,
        person.met_at or "",
        person.met_story or "",
        person.met_through or "",
        several(labelled(bond.word, bond.name) for bond in person.bonds),
        several(labelled(label, day) for label, day in person.days),
        *map(several, ways.values()),
        person.note or "",
    )


def several(values: Iterable[str]) -> str:
    """Join values in a cell."""
    return SEVERAL.join(re.sub(":::+", r"\g<0>:", value) for value in values)


def items(cell: str) -> list[str]:
    """Part a cell into its values."""
    values = cell.split(SEVERAL) if cell else []
    return [re.sub("::::+", lambda run: run[0][1:], value) for value in values]


def labelled(label: str | None, value: str) -> str:
    """Write `label: value`, or the value alone; colons before a space that are no mark are doubled."""
    if label is None:
        return re.sub(":+(?= )", r"\g<0>\g<0>", value)
    return re.sub(r":+(?= |\Z)", r"\g<0>\g<0>", label) + ": " + value


def unlabelled(item: str) -> tuple[str | None, str]:
    """Read what `labelled` wrote: the first odd number of colons before a space has the mark."""
    for run in re.finditer(":+(?= )", item):
        if len(run[0]) % 2:
            label = re.sub(r"(:+)\1(?= |\Z)", r"\1", item[: run.end() - 1])
            return label, item[run.end() + 1 :]
    return None, re.sub(r"(:+)\1(?= )", r"\1", item)


def loved(each: Loved) -> str:
    """Write `pottery -- her father had a kiln`; dashes that are no mark are longer by one."""
    label = re.sub(r"(?<!\S)--+(?!\S)", r"\g<0>-", each.label)
    return label if each.note is None else f"{label} -- {each.note}"


def unloved(item: str) -> Loved:
    """Read what `loved` wrote."""
    label, _, note = item.partition(" -- ")
    label = re.sub(r"(?<!\S)---+(?!\S)", lambda run: run[0][1:], label)
    return Loved(label, note or None)


def _defused(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def kind(header: Sequence[str]) -> str | None:
    """Return the kind if the header is kin's own."""
    return KIND if set(map(key, header)) >= _OWN else None


def columns(header: Sequence[str]) -> list[Column]:
    """Read kin's own header, in which some words mean more than elsewhere."""
    return [
        Column(column.at, column.header, _OWN_FIELDS.get(key(column.header), column.field))
        for column in plain(header)
    ]


def undefused(cell: str) -> str:
    """Return a cell without the apostrophe that keeps it from being a formula."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
