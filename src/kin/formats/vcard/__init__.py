"""vCards 2.1, 3.0 and 4.0: read from files, changed without touching other lines, and written."""

from kin.formats.vcard.lines import RawCard, split_cards
from kin.formats.vcard.patch import (
    Changes,
    Mention,
    Redact,
    find_mentions,
    identifying_values,
    patch_card,
    redact_card,
)
from kin.formats.vcard.people import NAMELESS_PREFIX, CardResult, read_cards, read_file, read_files
from kin.formats.vcard.read import (
    Fields,
    Property,
    VcardError,
    extract_card,
    normalize_uid,
    read_fields,
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
    "Redact",
    "VcardError",
    "extract_card",
    "find_mentions",
    "identifying_values",
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
