"""Tables of people: the CSV of Google, Outlook, LinkedIn and kin, and any other.

Every row becomes a person or is skipped with the reason; every column fills a field or is named
in a remark.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice

from kin.constants import DateOrder
from kin.errors import UsageError
from kin.formats import encodings
from kin.formats.incoming import Brought
from kin.formats.table.dates import DateReader
from kin.formats.table.dialects import (
    DEFAULT_LABELS,
    KIN,
    LINKEDIN,
    OTHER,
    Dialect,
    detect_dialect,
    find_dialect,
)
from kin.formats.table.headers import (
    UNKNOWN,
    USEFUL,
    Column,
    apply_mapping,
    list_mapping,
    normalize_header,
)
from kin.formats.table.infer import infer_columns, resolve_name_columns
from kin.formats.table.people import PeopleReader, ReadingContext
from kin.formats.table.sniff import (
    NO_DELIMITER,
    BadRow,
    Lines,
    Row,
    Shape,
    read_rows,
    scan_rows,
    sniff,
)

# How files begin that a user may take for a table.
_OTHER_FORMATS = (
    (b"PK\x03\x04", "an Excel workbook or another archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"SQLite format 3", "a database"),
)
_OTHER_TEXT = (b"{", b"[", b"<", b"BEGIN:")
MAX_LINES = 500_000  # more would take minutes, and no one knows as many people


def recognise(data: bytes) -> str | None:
    """Return the kind of a table (`Google CSV`, …, `table`), None if it does not look like one."""
    start = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(_OTHER_TEXT) or any(data.startswith(mark) for mark, _ in _OTHER_FORMATS):
        return None
    shape = sniff(Lines.decode(data, encodings.codec(data)))
    is_list = shape.known_words and (shape.delimiter == NO_DELIMITER or shape.regular_rows)
    if shape.known_words > 1 or is_list:
        return detect_dialect(shape.header).kind
    fields = {c.field for c in infer_columns(shape.header, shape.sample, shape.width)}
    return OTHER.kind if shape.width > 1 and fields & {"email", "phone"} else None


def has_columns(data: bytes) -> bool:
    """Tell whether this is a table of people with several columns, and not a list of words."""
    codec = encodings.codec(data)
    return bool(recognise(data)) and sniff(Lines.decode(data, codec)).delimiter != NO_DELIMITER


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
    """Read the people of a table; `name` is the file's, for the sources of the people.

    `mapping` is from headers to `headers.FIELDS`, `kind` the name of a dialect where the header
    does not show it; `date_order` decides 3/4 where the file gives no evidence. Raises UsageError.
    """
    _refuse_other_formats(data, name)
    codec = encodings.codec(data, encoding)
    shape = sniff(Lines.decode(data, codec), tuple(mapping or ()))
    dialect = find_dialect(kind) if kind else detect_dialect(shape.header)
    columns, name_remark = _read_columns(shape, dialect, mapping or {})
    order, filled = scan_rows(_read_body(data, codec, shape), columns, date_order)
    context = ReadingContext(dialect, DateReader(order, today), categories_are_interests)
    reader = PeopleReader(
        name,
        shape.width,
        (c for c in columns if c.is_kept and (c.index in filled or dialect is KIN)),
        context,
        check_characters=not codec.startswith("utf-8"),
    )
    reader.read(_read_body(data, codec, shape))
    remarks = (
        *_describe_header(shape, dialect, name_remark),
        *_describe_unkept(columns, filled),
        *_describe_system_labels(context.system_labels),
    )
    shown = [c for c in columns if c.is_mapped or c.index in filled or not filled]
    return reader.build_result(remarks, list_mapping(shown))


def _refuse_other_formats(data: bytes, name: str) -> None:
    if data.count(b"\n") > MAX_LINES:
        raise UsageError(
            f"{name} has more than {MAX_LINES:,} lines.",
            "Split it into smaller files, and import those.",
        )
    for mark, description in _OTHER_FORMATS:
        if data.startswith(mark):
            raise UsageError(
                f"{name} is {description}, and no table of text.",
                "Save it as CSV (UTF-8), and import that.",
            )


def _read_columns(
    shape: Shape, dialect: Dialect, mapping: Mapping[str, str]
) -> tuple[list[Column], str]:
    """Return the columns, and a remark if the name column was inferred."""
    if shape.known_words:
        columns = dialect.read_columns(shape.header)
    else:
        columns = infer_columns(shape.header, shape.sample, shape.width)
    columns = apply_mapping(columns, mapping)
    if shape.sample or shape.header:
        return resolve_name_columns(columns, shape.sample)
    return [Column(0, "column 1", "name")], ""


def _read_body(data: bytes, codec: str, shape: Shape) -> Iterator[Row | BadRow]:
    """Yield the rows after the header."""
    lines = Lines.decode(data, codec)
    for _ in range(shape.start - 1):
        lines.read()
    entries = read_rows(lines, shape.delimiter, shape.width)
    for entry in islice(entries, bool(shape.header), None):
        is_repeated = isinstance(entry, Row) and shape.is_header(entry.cells)
        yield BadRow(entry.line, "is the header again") if is_repeated else entry


def _describe_header(shape: Shape, dialect: Dialect, name_remark: str) -> Iterator[str]:
    if not shape.header and shape.sample:
        yield "There is no header."
    if name_remark:
        yield name_remark
    # LinkedIn always writes a preamble.
    if shape.header and shape.start > 2 and dialect is not LINKEDIN:
        yield f"What stands before the header in line {shape.start} was not read."


def _describe_unkept(columns: Sequence[Column], filled: set[int]) -> Iterator[str]:
    """Name the columns that are not kept, and how to keep them."""
    useful, unknown = (
        list(dict.fromkeys(c.header for c in columns if c.field == field and c.index in filled))
        for field in (USEFUL, UNKNOWN)
    )
    if useful:
        yield f"Not kept: {', '.join(useful)}. kin has no field for what somebody may be useful for."
    if unknown:
        yield (
            f"Not kept: {', '.join(unknown)}. kin has no field of such a name; "
            f'say --map "{unknown[0]}=note" to keep it.'
        )


def _describe_system_labels(labels: Iterable[str]) -> Iterator[str]:
    unusual = sorted(label for label in labels if normalize_header(label) not in DEFAULT_LABELS)
    if unusual:
        yield f"Labels of the program's own are no groups: {', '.join(unusual)}."
