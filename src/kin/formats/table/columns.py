"""The columns of a table: which field of a person each one fills.

Its one rule: whoever brings the file has the last word (`--map`), then the program that wrote it,
then the words that people use.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from kin.errors import UsageError
from kin.formats.table.meaning import (
    Meaning,
    key,
    meaning,
)
from kin.language.text import (
    fold,
    joined,
)

# What `--map COLUMN=FIELD` takes.
FIELDS: tuple[str, ...] = (
    *("name", "first", "middle", "last", "nickname", "email", "phone", "link", "birthday"),
    *("lives", "note", "into", "group", "met on", "met at", "met story"),
)
NAMING = ("name", "first", "last", "nickname")
ADDRESS = ("address", "street", "extra", "box", "city", "region", "postcode", "country")
DAYS = frozenset(("birthday", "day", "met on"))
UNKNOWN, USEFUL, MACHINE = "", "useful", "machine"  # columns that are kept nowhere
_SHOWN = {"suffix": "name", "said": "note", "bond": "tie", **dict.fromkeys(ADDRESS, "address")}
# Portuguese and Spanish, or Portuguese and Brazilian, mean two things by these.
_TWO_MEANINGS = {
    "apelido": (Meaning("last"), Meaning("nickname")),
    "apelidos": (Meaning("last"), Meaning("nickname")),
    "aniversario": (Meaning("birthday"), Meaning("day", "anniversary")),
}
_SPANISH = {"nombre", "apellido", "apellidos"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: where it stands, and the field it fills ("" where kin has none).

    `label` is home or work, the word of a tie or what a day is called; `label_at` the column whose
    cell says so. `which` keeps the parts of one address together.
    """

    at: int
    header: str
    field: str = UNKNOWN
    label: str = ""
    label_at: int | None = None
    which: str = ""
    mapped: bool = False  # by whoever brings the file

    @property
    def kept(self) -> bool:
        return self.field not in (UNKNOWN, USEFUL, MACHINE)


def plain(header: Sequence[str]) -> list[Column]:
    """Read the words above the columns as anybody may have written them."""
    said = [meaning(words) for words in header]
    fields = {found.field for found in said if found}
    spanish = bool(_SPANISH & set(map(key, header)))
    for at, words in enumerate(header):
        if both := _TWO_MEANINGS.get(key(words)):
            said[at] = both[both[0].field in fields or (spanish and both[0].field == "birthday")]
    return [
        Column(at, words, *(found or Meaning(UNKNOWN)))
        for at, (words, found) in enumerate(zip(header, said, strict=True))
    ]


def mapped(columns: Sequence[Column], mapping: Mapping[str, str]) -> list[Column]:
    """Give the named columns the fields that were asked for, or raise UsageError."""
    result = list(columns)
    for asked, wanted in mapping.items():
        field = _field(wanted)
        named = [column for column in columns if _is_called(column, asked)]
        if not named:
            raise _no_column(asked, columns)
        for column in named:
            result[column.at] = Column(column.at, column.header, field, mapped=True)
    return result


def _field(wanted: str) -> str:
    known = {key(field): field for field in FIELDS}
    if found := known.get(key(wanted)):
        return found
    near = get_close_matches(key(wanted), known, 3)
    candidates = tuple(known[each] for each in near) or FIELDS
    raise UsageError(
        f"“{wanted[:40]}” is no field that a column can fill.",
        f"Say {joined(FIELDS, 'or')}.",
        candidates,
    )


def _is_called(column: Column, asked: str) -> bool:
    number = f"column {column.at + 1}"
    return fold(asked) in (fold(column.header), number) or key(asked) == key(column.header) != ""


def _no_column(asked: str, columns: Sequence[Column]) -> UsageError:
    headers = tuple(dict.fromkeys(column.header for column in columns if column.header))
    near = get_close_matches(fold(asked), map(fold, headers), 3)
    meant = tuple(
        sorted((h for h in headers if fold(h) in near), key=lambda h: near.index(fold(h)))
    )
    hint = f"Did you mean {joined(meant, 'or')}?" if meant else f"Its columns: {joined(headers)}."
    return UsageError(f"There is no column “{asked[:40]}”.", hint, meant or headers)


def shown(columns: Sequence[Column]) -> tuple[tuple[str, str], ...]:
    """Return the header and the field of every column that is kept, in their order."""
    return tuple((column.header, _shown(column)) for column in columns if column.kept)


def _shown(column: Column) -> str:
    if column.field == "city" and column.label != "work":
        return "lives"
    return _SHOWN.get(column.field, column.field)
