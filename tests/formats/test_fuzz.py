"""Damaged files of every kind: each is read or refused with a message, and what is read can be written.

Inputs are made of good files by cutting, doubling, mixing and by what formats are tripped by; the
same seed gives the same inputs.
"""

import random
from datetime import date, datetime
from pathlib import Path

import pytest

from kin.book import session as book_session
from kin.errors import KinError
from kin.formats import detect
from kin.formats.export import convert_sources
from kin.formats.records import Book, ImportedRecords
from kin.transfer import imports
from tests.formats.seeds import SEEDS

TODAY = date(2026, 11, 23)
SHORT, LONG = 3_000, 120_000
WRITTEN = 60  # one of so many is written into a book too
TRIPS = [
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\x1b[2J", b"\r", b"\n", b"\r\n", b'"', b'""', b",", b";", b"\t", b"|",
    b":", b"=", b"=\n", b"=3D", b"\\", b"\\n", b"\n ", b"\n\t", b"BEGIN:VCARD\n", b"END:VCARD\n", b"AGENT:\n", b"ENCODING=b", b"VERSION:2.1\n",
    b"CHARSET=utf-16", b"{", b"}", b"[", b"]", b"[" * 3000, b"null", b"1e999", b"-1", b"9" * 5000, b"\\ud800", b"\\u0000", b"NaN", b"true",
    b"1604-02-29", b"0000-00-00", b"29 february", b"99999-01-01", b" ::: ", b"* ", b"sep=;\n", b"### Friends:\n", b"- **", b"_", b"@",
    b"(a.k.a. ", b"\xe2\x80\xae", b"\xe2\x80\xa8", b"a" * 70_000, b"\xc3", b"\x83\\", b"+\xef\xbc\x91", "☃́".encode() * 50,
]  # fmt: skip


def inputs(count: int, seed: int) -> list[tuple[str, bytes]]:
    """Return damaged files: the kind of the file that each was made from, and its bytes."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        kind, good = chance.choice(SEEDS)
        data = bytearray(good)
        for _ in range(chance.choice((1, 1, 2, 3, 8))):
            _damage(data, chance)
        made.append((kind, bytes(data)))
    return made


def _damage(data: bytearray, chance: random.Random) -> None:
    at, to = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    to = min(to, at + chance.choice((1, 8, 200)))
    way = chance.randrange(6)
    if way == 0:
        del data[at:to]
    elif way == 1:
        data[at:at] = data[at:to] * chance.choice((1, 2, 30))
    elif way == 2:
        data[at:to] = chance.choice(TRIPS)
    elif way == 3:
        data[at:at] = chance.choice(TRIPS)
    elif way == 4:
        data[at : at + 1] = bytes([chance.randrange(256)])
    else:
        _, other = chance.choice(SEEDS)
        start = chance.randrange(len(other))
        data[at:to] = other[start : start + chance.choice((20, 400))]


def read(kind: str, data: bytes, is_kind_given: bool) -> list[ImportedRecords | Book]:
    """Read a file by its content, or as the given kind."""
    manner = detect.ReadOptions(kind=kind if is_kind_given else None, today=TODAY)
    return list(detect.read_files([detect.create_file(f"some.{kind}", data)], manner))


def fuzzed(count: int, seed: int, folder: Path) -> tuple[int, int]:
    """Read damaged files and write some; return how many were read, and how many refused."""
    was_read = refused = 0
    for number, (kind, data) in enumerate(inputs(count, seed)):
        try:
            found = read(kind, data, is_kind_given=number % 2 == 0)
            for records in convert_sources(found):
                assert all(person.name.strip() for person in records.people), data
            was_read += 1
            if number % WRITTEN == 0:
                with book_session.open_for_writing(
                    folder / f"{seed}.db", TODAY, commit=False
                ) as session:
                    imports.run_import(
                        session, found, "it", now=datetime(2026, 11, 23), progress=lambda *_: None
                    )
        except KinError:
            refused += 1
    return was_read, refused


def test_every_seed_is_a_valid_file() -> None:
    for kind, data in SEEDS:
        *_, found = convert_sources(read(kind, data, is_kind_given=False))
        assert found.people, kind


def test_a_damaged_file_is_read_or_refused_with_a_message(tmp_path: Path) -> None:
    was_read, refused = fuzzed(SHORT, 1, tmp_path)
    assert was_read + refused == SHORT
    assert was_read > SHORT / 2 and refused  # some files are still readable, and some are not


@pytest.mark.long
@pytest.mark.parametrize("seed", [2, 3])
def test_a_hundred_thousand_damaged_files_are_read_or_refused(tmp_path: Path, seed: int) -> None:
    was_read, refused = fuzzed(LONG // 2, seed, tmp_path)
    assert was_read + refused == LONG // 2
    print(f"seed {seed}: {was_read:,} read, {refused:,} refused")
