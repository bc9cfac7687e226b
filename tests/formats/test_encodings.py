"""Which encoding a file has is said by its mark, by being UTF-8, or by somebody; never by odds."""

import codecs

import pytest
from hypothesis import given, strategies as st

from kin.errors import UsageError
from kin.formats.encodings import codec, decode

TEXT = "Zoë, Łukasz, 李"


@pytest.mark.parametrize(
    ("mark", "name"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_mark_says_it_and_is_no_text(mark: bytes, name: str) -> None:
    assert decode(mark + TEXT.encode(name)) == TEXT
    assert decode(mark + TEXT.encode(name), "cp1252") == TEXT


def test_utf8_comes_before_what_somebody_says() -> None:
    assert decode(TEXT.encode()) == TEXT
    assert decode(TEXT.encode(), "cp1250") == TEXT


def test_what_is_no_utf8_is_what_somebody_says_or_else_cp1252() -> None:
    assert decode("Łódź".encode("cp1250"), "cp1250") == "Łódź"
    assert decode("Jürgen Groß – “ja”".encode("cp1252")) == "Jürgen Groß – “ja”"
    assert decode("山田".encode("shift_jis"), "Shift-JIS") == "山田"


@pytest.mark.parametrize("name", ["utf-16-le", "iso2022_jp"])
def test_nul_and_escape_let_the_word_of_somebody_count_even_where_the_bytes_are_ascii(
    name: str,
) -> None:
    data = "山田 Taro".encode(name) if name == "iso2022_jp" else "Taro".encode(name)
    assert data.isascii()
    assert decode(data, name) == ("山田 Taro" if name == "iso2022_jp" else "Taro")


def test_a_byte_that_cp1252_has_not_stands_as_unreadable() -> None:
    assert decode(b"A\x81B") == "A\ufffdB"


def test_a_long_file_is_utf8_to_its_last_byte_or_not_at_all() -> None:
    long = "é".encode() * 1_000_000
    assert codec(long) == "utf-8"
    assert codec(b"a" + long) == "utf-8"  # a letter lies over every step
    assert codec(long + b"\xc3") == "cp1252"


@pytest.mark.parametrize(
    "word", ["nonsense", "hex", "rot13", "idna", "undefined", "a\0b", "\ud800"]
)
def test_an_encoding_that_is_none_of_text_is_refused(word: str) -> None:
    with pytest.raises(UsageError, match="no encoding that kin knows"):
        decode(b"x", word)


@given(st.binary(), st.sampled_from([None, "cp1252", "utf-16-le", "utf-7", "shift_jis", "gb18030"]))
def test_no_bytes_are_too_odd(data: bytes, name: str | None) -> None:
    assert isinstance(decode(data, name), str)
