"""Tables of people: the CSV of Google, Outlook, LinkedIn and kin, and any other.

Every row becomes a person or is skipped with the reason; every column fills a field or is named
in a warning.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice

from kin.constants import DateOrder
from kin.errors import UsageError
from kin.formats.records import ImportedRecords
from kin.formats.table import sniff as table_sniff
from kin.formats.table.headers import (
    BUSINESS,
    UNKNOWN,
    Column,
    apply_mapping,
    list_mapping,
    normalize_header,
)
from kin.formats.table.infer import DateReader, infer_columns, resolve_name_columns
from kin.formats.table.people import PeopleReader, ReadingContext
from kin.formats.table.sniff import (
    DEFAULT_LABELS,
    KIN,
    LINKEDIN,
    NO_DELIMITER,
    OTHER,
    BadRow,
    Dialect,
    Lines,
    Row,
    Shape,
    detect_dialect,
    detect_shape,
    find_dialect,
    read_rows,
    scan_rows,
)

# How files begin that a user may take for a table.
_OTHER_FORMATS = (
    (b"PK\x03\x04", "an Excel workbook or another archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"SQLite format 3", "a database"),
)
_OTHER_TEXT = (b"{", b"[", b"<", b"BEGIN:")
MAX_LINES = 500_000  # more would take minutes, and no one knows that many people


def detect_table_kind(data: bytes) -> str | None:
    """Return the kind of a table (`Google CSV`, …, `table`), None if it does not look like one."""
    start = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(_OTHER_TEXT) or any(data.startswith(mark) for mark, _ in _OTHER_FORMATS):
        return None
    shape = detect_shape(Lines.decode(data, table_sniff.detect_codec(data)))
    is_list = shape.known_words and (shape.delimiter == NO_DELIMITER or shape.regular_rows)
    if shape.known_words > 1 or is_list:
        return detect_dialect(shape.header).kind
    fields = {c.field for c in infer_columns(shape.header, shape.sample, shape.width)}
    return OTHER.kind if shape.width > 1 and fields & {"email", "phone"} else None


def has_columns(data: bytes) -> bool:
    """Return whether this is a table of people with several columns rather than a list of words."""
    codec = table_sniff.detect_codec(data)
    return (
        bool(detect_table_kind(data))
        and detect_shape(Lines.decode(data, codec)).delimiter != NO_DELIMITER
    )


def read_table(
    data: bytes,
    name: str,
    *,
    encoding: str | None = None,
    mapping: Mapping[str, str] | None = None,
    categories_are_interests: bool = False,
    kind: str | None = None,
    today: date | None = None,
    date_order: DateOrder | None = None,
) -> ImportedRecords:
    """Read the people of a table; `name` is the file's name, for messages.

    `mapping` is from headers to `headers.FIELDS`. `kind` is the name of a dialect if the header does
    not show it. `date_order` decides 3/4 if the file gives no evidence. Raises UsageError for a file
    that is not a table, or has no column that can be a name.
    """
    _refuse_other_formats(data, name)
    codec = table_sniff.detect_codec(data, encoding)
    shape = detect_shape(Lines.decode(data, codec), tuple(mapping or ()))
    dialect = find_dialect(kind) if kind else detect_dialect(shape.header)
    columns, name_warning = _read_columns(shape, dialect, mapping or {})
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
    warnings = (
        *_describe_header(shape, dialect, name_warning),
        *_describe_unkept(columns, filled),
        *_describe_system_labels(context.system_labels),
    )
    shown_columns = [c for c in columns if c.is_mapped or c.index in filled or not filled]
    return reader.build_result(warnings, list_mapping(shown_columns))


def _refuse_other_formats(data: bytes, name: str) -> None:
    if data.count(b"\n") > MAX_LINES:
        raise UsageError(
            f"{name} has more than {MAX_LINES:,} lines.",
            "Split it into smaller files, then import those.",
        )
    for mark, description in _OTHER_FORMATS:
        if data.startswith(mark):
            raise UsageError(
                f"{name} is {description}, not a text table.",
                "Save it as CSV (UTF-8), then import that file.",
            )


def _read_columns(
    shape: Shape, dialect: Dialect, mapping: Mapping[str, str]
) -> tuple[list[Column], str]:
    """Return the columns, and a warning if the name column was inferred."""
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


def _describe_header(shape: Shape, dialect: Dialect, name_warning: str) -> Iterator[str]:
    if not shape.header and shape.sample:
        yield "The table has no header."
    if name_warning:
        yield name_warning
    # LinkedIn always writes a preamble.
    if shape.header and shape.start > 2 and dialect is not LINKEDIN:
        yield f"The lines above the header (line {shape.start}) were not read."


def _describe_unkept(columns: Sequence[Column], filled: set[int]) -> Iterator[str]:
    """Yield a warning for the columns that are not kept, with how to keep them."""
    business, unknown = (
        list(dict.fromkeys(c.header for c in columns if c.field == field and c.index in filled))
        for field in (BUSINESS, UNKNOWN)
    )
    if business:
        yield f"Skipped: {', '.join(business)} (kin doesn’t keep work or business details)."
    if unknown:
        yield (
            f"Skipped: {', '.join(unknown)}. kin has no such field; "
            f'to keep it, add --map "{unknown[0]}=note".'
        )


def _describe_system_labels(labels: Iterable[str]) -> Iterator[str]:
    unusual = sorted(label for label in labels if normalize_header(label) not in DEFAULT_LABELS)
    if unusual:
        yield f"Skipped labels that the program itself adds: {', '.join(unusual)}."
