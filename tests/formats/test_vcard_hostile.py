"""A hostile file takes bounded memory and time, and is reported; no one in it is lost."""

import tracemalloc
from collections.abc import Iterator
from io import BytesIO, RawIOBase

import pytest

from kin.formats import vcard
from kin.formats.records import ImportedRecords

TOO_BIG = "the card is too big to be kept whole; kin reads what fits"
# A sixty-fourth of the real limits, so that files that exceed them are made quickly.
PROPERTY, CARD, LINES, PIECE = 1 << 17, 1 << 18, 3_125, 1 << 12
PEAK = 10 * CARD  # bytes, without the file itself


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, limit in [
        ("MAX_PROPERTY_SIZE", PROPERTY),
        ("MAX_CARD_SIZE", CARD),
        ("MAX_LINES", LINES),
        ("CHUNK", PIECE),
    ]:
        monkeypatch.setattr(f"kin.formats.vcard.lines.{name}", limit)


def framed(middle: bytes) -> bytes:
    return b"BEGIN:VCARD\nVERSION:3.0\nFN:Maya\n" + middle + b"\nTEL:1\nEND:VCARD\n"


def reasons(records: ImportedRecords) -> list[str]:
    return [each.why for each in (*records.skipped, *records.warnings)]


PHOTO = b"A" * 75
LONG = PROPERTY + 1000
FLOODS = {
    "a folded photo": b"PHOTO;ENCODING=b:" + b"\n ".join([PHOTO] * (LONG // 75)),
    "an unindented photo": b"PHOTO;ENCODING=BASE64:\n" + b"\n".join([PHOTO] * (LONG // 75)) + b"\n",
    "a photo in one line": b"PHOTO;ENCODING=b:" + b"A" * LONG,
    "an endless note": b"NOTE:" + b"A" * LONG,
    "an endless head": b"X" + b";A" * LONG + b":1",
    "an endless group": b"a." * LONG + b"X:1",
    "an endless quote": b'X;A="' + b"b" * LONG + b":1",
    "backslashes": b"NOTE:" + b"\\" * LONG,
    "commas": b"CATEGORIES:" + b"," * LONG,
    "escaped commas": b"NICKNAME:" + b"\\," * LONG,
    "semicolons": b"N:" + b";" * LONG,
    "soft breaks": b"NOTE;QUOTED-PRINTABLE:" + b"=\n" * 5_000 + b"\n",
    "junk": b"junk\n" * 5_000,
    "blank lines": b"\n" * 5_000,
    "folds": b"NOTE:a" + b"\n " * 5_000,
    "NULs": b"NOTE:" + b"\0" * LONG,
    "broken letters": b"NOTE:" + b"\xed\xa0\x80\xc3" * (LONG // 4),
}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS.keys())
def test_too_much_of_anything_is_left_out_and_reported(flood: bytes) -> None:
    data = framed(flood)
    tracemalloc.start()
    records = vcard.read_file(BytesIO(data), "people.vcf")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    (person,) = records.people
    assert (person.name, person.raw) == ("Maya", None)
    assert TOO_BIG in reasons(records)
    assert peak < PEAK


@pytest.mark.parametrize("name", ["a folded photo", "an unindented photo", "a photo in one line"])
def test_properties_after_a_huge_photo_are_read(name: str) -> None:
    (person,) = vcard.read_file(framed(FLOODS[name]), "people.vcf").people
    assert [contact.value for contact in person.contacts] == ["1"]


def test_a_photo_of_normal_size_is_kept() -> None:
    data = framed(b"PHOTO;ENCODING=b:" + b"\n ".join([PHOTO] * 1_000))
    records = vcard.read_file(data, "people.vcf")
    assert records.people[0].raw == data
    assert reasons(records) == []


class Endless(RawIOBase):
    """A stream that records how much of it was read at once."""

    def __init__(self, size: int) -> None:
        self.left, self.most = size, 0

    def read(self, size: int = -1) -> bytes:
        assert size > 0
        self.most = max(self.most, size)
        size = min(size, self.left)
        self.left -= size
        return b"A" * size


def test_a_stream_is_read_in_chunks() -> None:
    stream = Endless(4 << 20)
    tracemalloc.start()
    records = vcard.read_file(stream, "-")  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert reasons(records) == ["a line is outside of any card"]
    assert stream.most == PIECE
    assert peak < PEAK


def test_cards_can_be_read_one_by_one() -> None:
    def pieces() -> Iterator[bytes]:
        for number in range(700):
            yield f"BEGIN:VCARD\nFN:Maya {number}\nNOTE:{'x' * 1000}\nEND:VCARD\n".encode()

    data = BytesIO(b"".join(pieces()))
    tracemalloc.start()
    names = sum(found.person is not None for found in vcard.read_cards(data, "people.vcf"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert names == 700
    assert peak < PEAK


def test_a_thousand_bad_lines_of_one_card_give_a_few_reports() -> None:
    data = framed(b"BDAY:never\njunk\n" * 500)
    records = vcard.read_file(data, "people.vcf")
    assert reasons(records)[:2] == ["“junk” is not a line of a card"] * 2
    assert len(reasons(records)) == 21
    assert reasons(records)[-1] == "and 980 more lines cannot be read"


@pytest.mark.parametrize("closed", [True, False])
def test_nested_agents_do_no_harm(closed: bool) -> None:
    nested = b"AGENT:\nBEGIN:VCARD\nFN:Agent\n" * 700
    data = b"BEGIN:VCARD\nFN:Maya\n" + nested + (b"END:VCARD\n" * 701 if closed else b"")
    records = vcard.read_file(data + b"BEGIN:VCARD\nFN:Tom\nEND:VCARD\n", "people.vcf")
    assert [each.name for each in records.people] == ["Maya", "Tom"]
    assert [each.name for each in records.people[0].ties] == ["Agent"]
    assert len(records.warnings) == (not closed)


def test_agents_nested_in_values_do_no_harm() -> None:
    value = "FN:Agent"
    for _ in range(12):
        value = "AGENT:" + f"BEGIN:VCARD\nFN:A\n{value}\nEND:VCARD\n".replace("\\", "\\\\").replace(
            "\n", "\\n"
        )
    records = vcard.read_file(framed(value.encode()), "people.vcf")
    assert [each.name for each in records.people[0].ties] == ["A"]


def test_nul_and_escape_sequences_do_no_harm() -> None:
    data = framed(b"NOTE:a\0b\x1b]0;x\x07\nBDAY:\x1b[2J\n\x1b[31mjunk")
    records = vcard.read_file(data, "people.vcf")
    assert records.people[0].note == "ab\x1b]0;x\x07"
    assert reasons(records) == [
        "contains NUL characters, which are left out",
        "“\\x1b[31mjunk” is not a line of a card",
        "BDAY “\\x1b[2J” is not a date that kin can store",
    ]


def test_values_that_are_too_long_stay_only_in_the_raw_card() -> None:
    long = "x" * 300
    data = framed(f"NICKNAME:{long},Mo\nEMAIL:{'y' * 2001}\nEMAIL:{long}".encode())
    (person,) = vcard.read_file(data, "people.vcf").people
    assert person.nicknames == ("Mo",)
    assert [contact.value for contact in person.contacts] == [long, "1"]
    assert reasons(vcard.read_file(data, "people.vcf")) == [
        f"“{'x' * 39}…” has 300 characters; the raw card keeps it",
        f"“{'y' * 39}…” has 2,001 characters; the raw card keeps it",
    ]


def test_a_name_that_is_too_long_is_cut_and_reported() -> None:
    records = vcard.read_file(b"BEGIN:VCARD\nFN:" + b"Maya " * 100 + b"\nEND:VCARD\n", "people.vcf")
    assert records.people[0].name.startswith("Maya Maya")
    assert len(records.people[0].name) <= 200
    assert "has 499 characters" in reasons(records)[0]
