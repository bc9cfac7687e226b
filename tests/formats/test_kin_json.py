"""kin's own JSON: any book reads back the same, and an invalid file is refused with the place of the error."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from kin.errors import KinError
from kin.formats.kin_json import is_kin_json, read_book, write_book
from kin.formats.records import Book
from tests.conftest import Kin
from tests.formats.books import BOOKS


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(BOOKS)
def test_any_book_reads_back_the_same(book: Book) -> None:
    data = write_book(book, exported_on="2026-11-23")
    assert is_kin_json(data)
    assert read_book(data, "book.json") == book
    assert write_book(read_book(data, "book.json"), exported_on="2026-11-23") == data


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b'{"kin": 99, "people": []}', b'{"kin": 1, "people": [{"name": 3}]}', b"\xff\xfe", b"[" * 100_000],
)  # fmt: skip
def test_a_file_that_is_not_a_book_is_refused_with_a_message(data: bytes) -> None:
    with pytest.raises(KinError):
        read_book(data, "book.json")


def test_an_unknown_key_is_refused_so_that_nothing_is_lost_silently() -> None:
    with pytest.raises(KinError) as refused:
        read_book(b'{"kin": 1, "people": [], "conversations": [{"text": "tea"}]}', "book.json")
    assert refused.value.message == "book.json: “conversations” is a key that kin does not know."
    assert refused.value.hint == (
        "A book of kin has the keys kin, exported_on, people, notes, questions, ties, introductions, "
        "vocabulary and forgotten."
    )


def test_a_newer_version_is_refused_before_its_keys() -> None:
    with pytest.raises(KinError, match="newer kin"):
        read_book(b'{"kin": 2, "stories": []}', "book.json")


@settings(max_examples=200, deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["kin", "people", "name", "handle", "questions", "ties", "note"]), inner)))  # fmt: skip
def test_any_json_is_read_or_refused(value: object) -> None:
    try:
        read_book(json.dumps(value).encode(), "book.json")
    except KinError:
        return


def test_a_book_with_only_its_owner_can_be_imported_twice(kin: Kin, tmp_path: Path) -> None:
    file, other = tmp_path / "me.json", str(tmp_path / "other.db")
    kin("me", "--name", "Robin", "--lives", "Leeds")
    kin("export", "--to", str(file))
    assert kin("import", str(file), "--db", other).code == 0
    whole = kin("export", "--db", other).out
    assert kin("import", str(file), "--db", other).code == 0
    assert kin("export", "--db", other).out == whole
