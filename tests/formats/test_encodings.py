"""The encoding of a file: by byte order mark, by being UTF-8, or by choice of the user; never guessed."""

import codecs

import pytest
from hypothesis import given, strategies as st

from kin.errors import UsageError
from kin.formats.table.sniff import decode, detect_codec

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
def test_a_byte_order_mark_decides_and_is_not_part_of_the_text(mark: bytes, name: str) -> None:
    assert decode(mark + TEXT.encode(name)) == TEXT
    assert decode(mark + TEXT.encode(name), "cp1252") == TEXT


def test_utf8_comes_before_the_encoding_of_the_user() -> None:
    assert decode(TEXT.encode()) == TEXT
    assert decode(TEXT.encode(), "cp1250") == TEXT


def test_text_that_is_not_utf8_is_in_the_encoding_of_the_user_or_else_cp1252() -> None:
    assert decode("Łódź".encode("cp1250"), "cp1250") == "Łódź"
    assert decode("Jürgen Groß – “ja”".encode("cp1252")) == "Jürgen Groß – “ja”"
    assert decode("山田".encode("shift_jis"), "Shift-JIS") == "山田"


@pytest.mark.parametrize("name", ["utf-16-le", "iso2022_jp"])
def test_nul_and_escape_make_ascii_bytes_follow_the_encoding_of_the_user(
    name: str,
) -> None:
    data = "山田 Taro".encode(name) if name == "iso2022_jp" else "Taro".encode(name)
    assert data.isascii()
    assert decode(data, name) == ("山田 Taro" if name == "iso2022_jp" else "Taro")


def test_a_byte_that_cp1252_does_not_have_becomes_a_replacement_character() -> None:
    assert decode(b"A\x81B") == "A\ufffdB"


def test_a_long_file_is_checked_to_its_last_byte() -> None:
    long = "é".encode() * 1_000_000
    assert detect_codec(long) == "utf-8"
    assert detect_codec(b"a" + long) == "utf-8"  # a character spans every chunk boundary
    assert detect_codec(long + b"\xc3") == "cp1252"


@pytest.mark.parametrize(
    "word", ["nonsense", "hex", "rot13", "idna", "undefined", "a\0b", "\ud800"]
)
def test_an_encoding_that_is_not_for_text_is_refused(word: str) -> None:
    with pytest.raises(UsageError, match="kin does not know the encoding"):
        decode(b"x", word)


@given(st.binary(), st.sampled_from([None, "cp1252", "utf-16-le", "utf-7", "shift_jis", "gb18030"]))
def test_any_bytes_can_be_decoded(data: bytes, name: str | None) -> None:
    assert isinstance(decode(data, name), str)
