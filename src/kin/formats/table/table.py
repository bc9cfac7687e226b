"""Tables of people: the CSV of Google, Outlook, LinkedIn and kin, and any other.

Its one rule: every row becomes a person or is in `skipped` with the reason, and every column fills
a field or is named in a remark.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice

from kin.constants import DateOrder
from kin.errors import UsageError
from kin.formats import encodings
from kin.formats.incoming import Brought
from kin.formats.table import (
    columns as table_columns,
)
from kin.formats.table import (
    manner as table_manner,
)
from kin.formats.table import (
    roles as table_roles,
)
from kin.formats.table.columns import Column
from kin.formats.table.days import Reader
from kin.formats.table.lines import Lines
from kin.formats.table.manner import (
    KIN,
    LINKEDIN,
    Light,
    Manner,
)
from kin.formats.table.reading import Reading
from kin.formats.table.rows import (
    Broken,
    Row,
    rows,
)
from kin.formats.table.shape import (
    ONE_COLUMN,
    Shape,
    shape,
)
from kin.formats.table.survey import (
    left_out,
    survey,
    unkept,
)

# How files begin that somebody may take for a table.
_OTHERS = (
    (b"PK\x03\x04", "an Excel workbook or another archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"SQLite format 3", "a database"),
)
MOST_ROWS = 500_000  # lines; read row by row, more would take minutes to be of no use
_NO_TABLE = (b"{", b"[", b"<", b"BEGIN:")


def recognise(data: bytes) -> str | None:
    """Return what kind of table this is (`Google CSV`, …, `table`), None if it hardly is one."""
    start = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(_NO_TABLE) or any(data.startswith(mark) for mark, _ in _OTHERS):
        return None
    found = shape(Lines.of(data, encodings.codec(data)))
    if found.words > 1 or (found.words and (found.delimiter == ONE_COLUMN or found.alike)):
        return table_manner.of(found.header).kind
    columns = table_roles.by_content(found.header, found.sample, found.width)
    fields = {column.field for column in columns}
    return table_manner.TABLE if found.width > 1 and fields & {"email", "phone"} else None


def has_columns(data: bytes) -> bool:
    """Tell whether this is a table of people, and more than words below each other."""
    codec = encodings.codec(data)
    return bool(recognise(data)) and shape(Lines.of(data, codec)).delimiter != ONE_COLUMN


def read(
    data: bytes,
    name: str,
    *,
    encoding: str | None = None,
    mapping: Mapping[str, str] | None = None,
    categories_are_interests: bool = False,
    kind: str | None = None,
    today: date | None = None,
    date_order: DateOrder | None = None,
) -> Brought:
    """Read the people of a table; `name` is the file's, for the places in it.

    `mapping` is from headers to fields (`table_columns.FIELDS`), `kind` a word of `table_manner` where the
    header does not tell; `date_order` settles 3/4 where the file gives no evidence. Raises UsageError.
    """
    _refuse_others(data, name)
    codec = encodings.codec(data, encoding)
    found = shape(Lines.of(data, codec), tuple(mapping or ()))
    manner = table_manner.named(kind) if kind else table_manner.of(found.header)
    columns, told = _columns(found, manner, mapping or {})
    order, filled = survey(_rows(data, codec, found), columns, date_order)
    light = Light(manner, Reader(order, today), categories_are_interests)
    unsure = not codec.startswith("utf-8")
    kept = [each for each in columns if each.kept and (each.at in filled or manner is KIN)]
    reading = Reading(name, found.width, kept, light, check_signs=unsure)
    reading.run(_rows(data, codec, found))
    remarks = (*_about(found, manner, told), *unkept(columns, filled), *left_out(light.labels))
    shown = [column for column in columns if column.mapped or column.at in filled or not filled]
    return reading.brought(remarks, table_columns.shown(shown))


def _refuse_others(data: bytes, name: str) -> None:
    if data.count(b"\n") > MOST_ROWS:
        raise UsageError(
            f"{name} has more than {MOST_ROWS:,} lines.", "Part it; nobody knows so many people."
        )
    for mark, what in _OTHERS:
        if data.startswith(mark):
            raise UsageError(
                f"{name} is {what}, and no table of text.",
                "Save it as CSV (UTF-8), and import that.",
            )


def _columns(found: Shape, manner: Manner, mapping: Mapping[str, str]) -> tuple[list[Column], str]:
    """Return the columns, and what to say of how the name was found."""
    if found.words:
        columns = manner.columns(found.header)
    else:
        columns = table_roles.by_content(found.header, found.sample, found.width)
    columns = table_columns.mapped(columns, mapping)
    if found.sample or found.header:
        return table_roles.settled(columns, found.sample)
    return [Column(0, "column 1", "name")], ""


def _rows(data: bytes, codec: str, found: Shape) -> Iterator[Row | Broken]:
    lines = Lines.of(data, codec)
    for _ in range(found.start - 1):
        lines.take()
    entries = rows(lines, found.delimiter, found.width)
    for entry in islice(entries, bool(found.header), None):
        again = isinstance(entry, Row) and found.is_header(entry.cells)
        yield Broken(entry.line, "is the header again") if again else entry


def _about(found: Shape, manner: Manner, told: str) -> Iterator[str]:
    """Say what is odd about the table as a whole."""
    if not found.header and found.sample:
        yield "There is no header."
    if told:
        yield told
    if found.header and found.start > 2 and manner is not LINKEDIN:
        yield f"What stands before the header in line {found.start} was not read."
