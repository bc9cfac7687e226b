"""Header words and columns: which field of a person a header names.

A mapping from the user (`--map`) comes first, then the columns of a known program, then the words
of `header_words.tsv`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from kin.errors import UsageError
from kin.language.text import join_words, normalize

# What `--map COLUMN=FIELD` takes.
FIELDS: tuple[str, ...] = (
    *("name", "first", "middle", "last", "nickname", "email", "phone", "link", "birthday"),
    *("lives", "note", "into", "group", "met on", "met at", "met story"),
)
NAME_FIELDS = ("name", "first", "last", "nickname")
ADDRESS_FIELDS = ("address", "street", "extra", "box", "city", "region", "postcode", "country")
DATE_FIELDS = frozenset(("birthday", "date", "met on"))
UNKNOWN, BUSINESS, MACHINE = "", "business", "machine"  # columns that are not kept
NOTE_LINE = "note line"  # kept in the note, on a line that begins with the header

_DISPLAY_NAMES = {
    "suffix": "name",
    NOTE_LINE: "note",
    **dict.fromkeys(ADDRESS_FIELDS, "address"),
}
_MAX_HEADER_LENGTH = 60  # characters; a longer text is a sentence
_LABELLED_FIELDS = {"email", "phone", "link", *ADDRESS_FIELDS}
_PERSONAL_FIELDS = {"note", "into", "nickname", "birthday"}  # `Personal notes` are notes
_PLACE_WORDS = {
    "home": "home private residencia huisadres ab personal privat privee domicile personnel personnelle casa particular domicilio privato "
    "abitazione prive thuis rumah domowy dom prywatny hem hemma hjem privatnummer".split(),
    "work": "work business werkadres uff office professional geschaftlich dienstlich arbeit buro bureau professionnel professionnelle travail "
    "trabajo oficina laboral lavoro ufficio trabalho escritorio werk zakelijk kerja pejabat kantor praca sluzbowy arbete jobb "
    "arbejde".split(),
    "mobile": "mobile cell mobil portable movil celular cellulare mobiel bimbit".split(),
    "other": "other weitere weiterer weiteres weiteren andere autre otro otra altro outro overig lain inny annan".split(),
    "": "primary main preferred default my your haupt".split(),
}
_FILLER_WORDS = set("the of a de del della di du des la op den der".split())
_NAME_WORDS = {"name", "names", "namen", "nom", "nome", "naam"}
_PARENTHESES = re.compile(r"[(\[].*?[)\]]")
_OR = re.compile(r"[/&,+]| and | or | und | et | y | e ")


class Meaning(NamedTuple):
    """A field, and its label: home or work, the word of a tie, or the name of a date."""

    field: str
    label: str = ""


# Portuguese and Spanish, or Portuguese and Brazilian, mean two things by these.
_AMBIGUOUS_WORDS = {
    "apelido": (Meaning("last"), Meaning("nickname")),
    "apelidos": (Meaning("last"), Meaning("nickname")),
    "aniversario": (Meaning("birthday"), Meaning("date", "anniversary")),
}
_SPANISH_WORDS = {"nombre", "apellido", "apellidos"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its index, its header and the field it fills ("" where kin has none).

    `label` is home or work, the word of a tie or the name of a date; `label_index` is the column
    that holds the label of each row. Columns with the same `address` are parts of one address.
    """

    index: int
    header: str
    field: str = UNKNOWN
    label: str = ""
    label_index: int | None = None
    address: str = ""
    is_mapped: bool = False  # by the user

    @property
    def is_kept(self) -> bool:
        return self.field not in (UNKNOWN, BUSINESS, MACHINE)


def normalize_header(header: str) -> str:
    """Fold a header to its letters and digits, so that `E-mail address` is `emailaddress`."""
    return "".join(char for char in normalize(header) if char.isalnum())


def read_header_words() -> list[tuple[Meaning, list[str]]]:
    """Read the known header words, grouped by their meaning."""
    lines = Path(__file__).with_name("header_words.tsv").read_text(encoding="utf-8").splitlines()
    entries = (line.split("\t") for line in lines if not line.startswith("#"))
    return [(Meaning(field, label), words.split()) for field, label, words in entries]


@cache
def _load_meanings() -> dict[str, Meaning]:
    return {word: meaning for meaning, words in read_header_words() for word in words}


@lru_cache(1024)  # the cell that labels a value is interpreted in every row
def interpret_header(header: str) -> Meaning | None:
    """Return the meaning of a header, None if not all of it is known."""
    if not 0 < len(header) <= _MAX_HEADER_LENGTH:
        return None
    without_parentheses = _PARENTHESES.sub(" ", header)
    return (
        _interpret_one(header)
        or _interpret_combination(without_parentheses)
        or _interpret_one(without_parentheses)
    )


def _interpret_one(header: str) -> Meaning | None:
    key = normalize_header(header)
    without_digits = "".join(char for char in key if not char.isdecimal())
    return (
        _load_meanings().get(key)
        or _load_meanings().get(without_digits)
        or _interpret_with_place(header)
        or _interpret_tie(header)
    )


def _interpret_with_place(header: str) -> Meaning | None:
    """Interpret a header with a word for home or work: `Home Phone 2`, `Telefon (privat)`."""
    words = [
        word for word in re.findall(r"[^\W\d_]+", normalize(header)) if word not in _FILLER_WORDS
    ]
    for place, place_words in _PLACE_WORDS.items():
        other_words = [word for word in words if word not in place_words]
        meaning = (
            _load_meanings().get("".join(other_words)) if len(other_words) < len(words) else None
        )
        if meaning and meaning.field in _LABELLED_FIELDS:
            label = " ".join(filter(None, (place, meaning.label)))
            return Meaning(meaning.field, "" if label == "other" else label)
        if meaning and meaning.field in _PERSONAL_FIELDS and place in ("home", ""):
            return meaning
    return None


def _interpret_tie(header: str) -> Meaning | None:
    """Interpret `Spouse's name` and `Names of children`."""
    words = [word for word in normalize(header).split() if word not in _FILLER_WORDS]
    rest = "".join(word for word in words if word not in _NAME_WORDS)
    meaning = _load_meanings().get(rest) or _load_meanings().get(rest.removesuffix("s"))
    return meaning if meaning and meaning.field == "tie" and len(words) > 1 else None


def _interpret_combination(header: str) -> Meaning | None:
    """Interpret `Hobbies & interests`, two words for one field, and `Last, First`, a name."""
    meanings = [_interpret_one(part) for part in _OR.split(header)]
    known = [meaning for meaning in meanings if meaning]
    if len(known) < 2 or len(known) < len(meanings):
        return None
    fields = {meaning.field for meaning in known}
    if fields <= {"first", "middle", "last"} and len(fields) > 1:
        return Meaning("name")
    return known[0] if len(fields) == 1 else None


def read_columns(header: Sequence[str]) -> list[Column]:
    """Interpret the header of a table that no known program wrote."""
    meanings = [interpret_header(words) for words in header]
    fields = {meaning.field for meaning in meanings if meaning}
    is_spanish = bool(_SPANISH_WORDS & set(map(normalize_header, header)))
    for index, words in enumerate(header):
        if pair := _AMBIGUOUS_WORDS.get(normalize_header(words)):
            first, second = pair
            is_second = first.field in fields or (is_spanish and first.field == "birthday")
            meanings[index] = second if is_second else first
    return [
        Column(index, words, *(meaning or Meaning(UNKNOWN)))
        for index, (words, meaning) in enumerate(zip(header, meanings, strict=True))
    ]


def apply_mapping(columns: Sequence[Column], mapping: Mapping[str, str]) -> list[Column]:
    """Return the columns with the fields of the mapping; raise UsageError for an unknown column or field."""
    result = list(columns)
    for name, field_name in mapping.items():
        field = _find_field(field_name)
        matches = [column for column in columns if _has_name(column, name)]
        if not matches:
            raise _unknown_column_error(name, columns)
        for column in matches:
            result[column.index] = Column(column.index, column.header, field, is_mapped=True)
    return result


def _find_field(name: str) -> str:
    fields = {normalize_header(field): field for field in FIELDS}
    key = normalize_header(name)
    if field := fields.get(key):
        return field
    candidates = tuple(fields[match] for match in get_close_matches(key, fields, 3)) or FIELDS
    raise UsageError(
        f"“{name[:40]}” is not a field that a column can fill.",
        f"Use {join_words(FIELDS, 'or')}.",
        candidates,
    )


def _has_name(column: Column, name: str) -> bool:
    number = f"column {column.index + 1}"
    return (
        normalize(name) in (normalize(column.header), number)
        or normalize_header(name) == normalize_header(column.header) != ""
    )


def _unknown_column_error(name: str, columns: Sequence[Column]) -> UsageError:
    headers = tuple(dict.fromkeys(column.header for column in columns if column.header))
    matches = get_close_matches(normalize(name), map(normalize, headers), 3)
    similar_headers = tuple(
        sorted(
            (header for header in headers if normalize(header) in matches),
            key=lambda header: matches.index(normalize(header)),
        )
    )
    hint = (
        f"Did you mean {join_words(similar_headers, 'or')}?"
        if similar_headers
        else f"Its columns: {join_words(headers)}."
    )
    return UsageError(f"There is no column “{name[:40]}”.", hint, similar_headers or headers)


def list_mapping(columns: Sequence[Column]) -> tuple[tuple[str, str], ...]:
    """Return the header and the displayed field of every column that is kept, in their order."""
    return tuple((column.header, _display_field(column)) for column in columns if column.is_kept)


def _display_field(column: Column) -> str:
    if column.field == "city" and column.label != "work":
        return "lives"
    return _DISPLAY_NAMES.get(column.field, column.field)
