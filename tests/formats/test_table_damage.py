"""Damaged, hostile and odd tables: a row is skipped only with a report, and never its neighbours."""

import csv
import io
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given, strategies as st

from kin.errors import KinError
from kin.formats.records import FileIssue, ImportedRecords
from kin.formats.table import detect_table_kind, read_table
from tests.formats.test_table import read, read_one, warnings


def list_people(found: ImportedRecords) -> list[str]:
    """Return the people of a file, with their line numbers."""
    return [f"{person.source.rpartition(':')[2]} {person.name}" for person in found.people]


def skips(found: ImportedRecords) -> list[str]:
    return [f"{each.where} {each.why}" for each in found.skipped]


def test_a_row_is_identified_by_its_first_line() -> None:
    found = read('Name,Notes\nJo,"one\ntwo\n\nthree"\n\n,x\nSam,\n')
    assert list_people(found) == ["2 Jo", "8 Sam"]
    assert skips(found) == ["p.csv:7 has no name"]
    assert found.people[0].note == "one\ntwo\n\nthree"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_line_endings_are_read(end: str) -> None:
    found = read(end.join(("Name,Notes", f'Jo,"a{end}b"', "Sam,c", "")))
    assert list_people(found) == ["2 Jo", "4 Sam"]
    assert found.people[0].note == "a\nb"


def test_rows_can_be_short_long_or_empty() -> None:
    found = read("Name,Email\nJo\nSam,s@x.example,likes a, b\n\n,\n , \nAnn,\n,\n")
    assert list_people(found) == ["2 Jo", "3 Sam", "7 Ann"]
    assert found.people[1].note == "Beyond the last column: likes a, b"
    assert warnings(found) == [
        "p.csv:3 has more cells than the header; the extra ones are kept as text"
    ]
    assert skips(found) == [
        "p.csv:5 is empty (up to line 6)",
        "p.csv:8 is empty",
    ]


def test_a_repeated_header_is_not_a_person() -> None:
    found = read("Name,Email\nJo,\nName,Email\nSam,\n")
    assert list_people(found) == ["2 Jo", "4 Sam"]
    assert skips(found) == ["p.csv:3 is the header again"]


def test_an_unclosed_quote_swallows_nothing() -> None:
    found = read('Name,Email\n"Jo,j@x.example\nSam,s@x.example\nAnn,a@x.example\n')
    assert list_people(found) == ["2 Jo", "3 Sam", "4 Ann"]
    assert warnings(found) == ["p.csv:2 has a quote that is never closed"]


def test_a_quote_that_opens_a_cell_shows_that_the_one_before_was_not_closed() -> None:
    found = read('Name,Email\n"Jo,j@x.example\n"Sam","s@x.example"\nAnn,a@x.example\n')
    assert list_people(found) == ["2 Jo", "3 Sam", "4 Ann"]
    found = read('Name,Email,Notes\n"Jo,j@x.example,"chess, go"\nSam,,\n')
    assert list_people(found) == ["2 Jo", "3 Sam"]
    assert found.people[0].note == "chess, go"


def test_rows_after_an_open_quote_are_skipped_until_a_complete_row() -> None:
    found = read('Name,Email,Notes\nJo,,"line one\nline two\nline three\nSam,,c\nand, so\n')
    assert list_people(found) == ["2 Jo", "5 Sam", "6 and"]
    assert skips(found) == [
        "p.csv:3 may belong to the quote of line 2, which is never closed (up to line 4)"
    ]


def test_quotes_that_are_not_doubled_are_read() -> None:
    found = read('Name,Notes\n"Jo "Bob" Doe","said "hi" twice"\n"Ann" , "b"\nB "x" C,"y""z"\n')
    assert [(person.name, person.note) for person in found.people] == [
        ('Jo "Bob" Doe', 'said "hi" twice'),
        ("Ann", "b"),
        ('B "x" C', 'y"z'),
    ]
    assert read_one('Name,Notes\nJo,"one\nsaid "hi" and left"\n').note == 'one\nsaid "hi" and left'


def test_many_open_quotes_affect_only_their_rows() -> None:
    found = read("Name,Email\n" + 'x,""y\n' * 3000 + "Jo,\n")
    assert len(found.people) == 3001
    assert len(found.warnings) == 3000


def test_a_row_with_nul_is_skipped_with_a_hint() -> None:
    why = "contains NUL characters; if the file is UTF-16, add --encoding utf-16-le"
    found = read("Name,Email\nA\0,x@y.example\nJo,j@x.example\n")
    assert (list_people(found), found.skipped) == (["3 Jo"], (FileIssue("p.csv:2", why),))
    unmarked = "Name\nJö\n".encode("utf-16-le")
    assert [each.why for each in read(unmarked).skipped] == [why, why, why]
    assert list_people(read(unmarked, encoding="utf-16-le")) == ["2 Jö"]


def test_characters_that_cannot_be_read_are_reported() -> None:
    found = read(b"Name,City\nA\x81b,c\nJo,d\n")
    assert warnings(found) == ["p.csv:2 has characters that cannot be read; add --encoding"]
    assert warnings(read("Name\nA\ufffdb\n")) == []


def test_a_cell_or_line_that_is_too_long_is_skipped_with_its_row() -> None:
    text = (
        f'Name,Notes\nJo,x\nSam,"{"y" * 1_000_001}"\nAnn,{"z" * 4_000_000}\nBob,"{"q" * 200_000}"\n'
    )
    found = read(text)
    assert list_people(found) == ["2 Jo", "5 Bob"]
    assert skips(found) == [
        "p.csv:3 has a cell of more than 1,000,000 characters",
        "p.csv:4 is longer than 4,000,000 characters",
    ]


def test_a_row_with_too_many_cells_is_skipped_and_is_not_a_header() -> None:
    found = read(f"Name,Email\nJo,{',' * 5000}\nSam,\n")
    assert (list_people(found), skips(found)) == (["3 Sam"], ["p.csv:2 has more than 5,000 cells"])
    assert list_people(read("Name," * 6000 + "\nJo Doe\nSam\n")) == ["2 Jo Doe", "3 Sam"]


def test_an_endless_line_is_never_held_in_memory() -> None:
    data = b"Name,Email\nJo,j@x.example\n" + b"a," * 15_000_000 + b"\nSam,\n"
    tracemalloc.start()
    found = read_table(data, "p.csv")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert list_people(found) == ["2 Jo", "4 Sam"]
    assert peak < len(data)


def test_a_name_that_is_too_long_is_skipped() -> None:
    found = read(f"Name\n{'x' * 201}\n---\nJo\n")
    assert list_people(found) == ["4 Jo"]
    assert skips(found) == [
        "p.csv:2 has a name of 201 characters; kin keeps up to 200",
        "p.csv:3 has no name",
    ]


def test_an_empty_table_has_no_people() -> None:
    for text in ("", "\n\n", "Name,Email\n", "\ufeff"):
        assert (read(text).people, read(text).skipped) == ((), ())


CELLS = st.text(st.sampled_from("ab \"',;\t|\nZö李\r"), max_size=8)


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_every_valid_row_is_a_person_or_skipped(
    cells: list[list[str]], sign: str, end: str, encoding: str
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=sign, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(["Name", "Email", "How we met"])
    writer.writerows(cells)
    found = read_table(out.getvalue().encode(encoding), "p.csv")
    names = [" ".join(row[0].split()) for row in cells]
    assert [person.name for person in found.people] == [
        name for name in names if any(map(str.isalnum, name))
    ]
    nameless = [
        row for row in cells if any(map(str.strip, row)) and not any(map(str.isalnum, row[0]))
    ]
    assert [each.why for each in found.skipped].count("has no name") == len(nameless)
    stories = [
        row[2].strip().replace("\r\n", "\n") for row in cells if any(map(str.isalnum, row[0]))
    ]
    assert [person.met_story or "" for person in found.people] == stories


PIECES = [
    *(*'",;\t|\n\r\0', "\r\n", " ::: ", "* mine", "é", "\ufeff", "'=", "sep=;", "0/0/00"),
    *("Name", "First Name", "Email", "Birthday", "Labels", "Met on", "Ties", "Differ"),
    *("E-mail 1 - Value", "E-mail 1 - Label", "Address 1 - City", "Jo Doe", "jo@x.example"),
    "3/4/90",
]
SOUP = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@given(
    st.binary(max_size=200) | SOUP.map(str.encode) | SOUP.map(lambda text: text.encode("utf-16")),
    st.sampled_from([None, "google", "outlook", "linkedin", "kin"]),
    st.sampled_from([None, "utf-16-le", "shift_jis"]),
)
def test_any_file_is_read_or_refused(data: bytes, kind: str | None, encoding: str | None) -> None:
    detect_table_kind(data)
    with suppress(KinError):
        found = read_table(data, "p.csv", kind=kind, encoding=encoding)
        assert all(any(map(str.isalnum, person.name)) for person in found.people)


def test_a_table_with_too_many_lines_is_refused_at_once() -> None:
    with pytest.raises(KinError, match="more than 500,000 lines"):
        read_table(b"Name,Email\n" + b"a,b\n" * 500_000, "p.csv")
