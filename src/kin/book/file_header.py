"""The first bytes of a book's file: whose database it is, and how it is written (sqlite.org/fileformat2.html, 1.3)."""

APPLICATION_ID = 0x6B696E21  # "kin!" in the file's header, so that `file` and kin know a book
MAGIC = b"SQLite format 3\0"
SIZE = 100  # bytes
_WRITE_AND_READ_FORMAT, _VERSION, _APPLICATION = slice(18, 20), slice(60, 64), slice(68, 72)


def application(header: bytes) -> int:
    """Return the number of the program that the database belongs to, 0 for none."""
    return int.from_bytes(header[_APPLICATION], "big")


def version(header: bytes) -> int:
    """Return the schema's number."""
    return int.from_bytes(header[_VERSION], "big", signed=True)


def is_kins(header: bytes) -> bool:
    """Tell whether a file with this header is a book, of any version of kin."""
    return header.startswith(MAGIC) and application(header) == APPLICATION_ID


def is_write_ahead(header: bytes) -> bool:
    """Tell whether the database is in WAL mode, so that even a reader would create files next to it."""
    return header.startswith(MAGIC) and 2 in header[_WRITE_AND_READ_FORMAT]
