"""vCards 2.1, 3.0 and 4.0: read from files, changed without touching other lines, and written."""

from kin.formats.vcard.lines import RawCard, split_cards
from kin.formats.vcard.patch import (
    Changes,
    Mention,
    RedactFunction,
    find_mentions,
    list_identifying_values,
    patch_card,
    redact_card,
)
from kin.formats.vcard.read import (
    NAMELESS_PREFIX,
    CardResult,
    Fields,
    Property,
    VcardError,
    extract_card,
    normalize_uid,
    read_cards,
    read_fields,
    read_file,
    read_files,
    read_properties,
)
from kin.formats.vcard.write import write_card

__all__ = [
    "NAMELESS_PREFIX",
    "CardResult",
    "Changes",
    "Fields",
    "Mention",
    "Property",
    "RawCard",
    "RedactFunction",
    "VcardError",
    "extract_card",
    "find_mentions",
    "list_identifying_values",
    "normalize_uid",
    "patch_card",
    "read_cards",
    "read_fields",
    "read_file",
    "read_files",
    "read_properties",
    "redact_card",
    "split_cards",
    "write_card",
]
