"""kin's own JSON: whatever a book holds comes back the same, and what is none is refused with its place."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from kin.errors import KinError
from kin.formats.book import Book
from kin.formats.kin_json import read, recognise, write
from tests.conftest import Kin
from tests.formats.books import BOOKS


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(BOOKS)
def test_a_book_comes_back_the_same(book: Book) -> None:
    data = write(book, exported_on="2026-11-23")
    assert recognise(data)
    assert read(data, "book.json") == book
    assert write(read(data, "book.json"), exported_on="2026-11-23") == data


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b'{"kin": 99, "people": []}', b'{"kin": 1, "people": [{"name": 3}]}', b"\xff\xfe", b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_book_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(KinError):
        read(data, "book.json")


@settings(max_examples=200, deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["kin", "people", "name", "handle", "threads", "ties", "talk"]), inner)))  # fmt: skip
def test_no_json_is_a_bug(value: object) -> None:
    try:
        read(json.dumps(value).encode(), "book.json")
    except KinError:
        return


def test_a_book_of_its_owner_alone_comes_in_twice(kin: Kin, tmp_path: Path) -> None:
    file, other = tmp_path / "me.json", str(tmp_path / "other.db")
    kin("me", "--name", "Robin", "--lives", "Leeds")
    kin("export", "--to", str(file))
    assert kin("import", str(file), "--db", other).code == 0
    whole = kin("export", "--db", other).out
    assert kin("import", str(file), "--db", other).code == 0
    assert kin("export", "--db", other).out == whole
