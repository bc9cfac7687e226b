"""Damaged, hostile and odd tables: a row is lost only with a word, and never its neighbours."""

import csv
import io
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given, strategies as st

from kin.errors import KinError
from kin.formats.incoming import Brought, Skipped
from kin.formats.table.table import read, recognise
from tests.formats.test_table import brought, one, remarks


def told(found: Brought) -> list[str]:
    """Return who came of a file, with the lines they stand on."""
    return [f"{person.source.rpartition(':')[2]} {person.name}" for person in found.people]


def skips(found: Brought) -> list[str]:
    return [f"{each.where} {each.why}" for each in found.skipped]


def test_a_row_is_named_by_its_first_line_whatever_breaks_inside_it() -> None:
    found = brought('Name,Notes\nJo,"one\ntwo\n\nthree"\n\n,x\nSam,\n')
    assert told(found) == ["2 Jo", "8 Sam"]
    assert skips(found) == ["p.csv:7 has no name"]
    assert found.people[0].note == "one\ntwo\n\nthree"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_on_any_machine(end: str) -> None:
    found = brought(end.join(("Name,Notes", f'Jo,"a{end}b"', "Sam,c", "")))
    assert told(found) == ["2 Jo", "4 Sam"]
    assert found.people[0].note == "a\nb"


def test_rows_may_be_short_long_or_empty() -> None:
    found = brought("Name,Email\nJo\nSam,s@x.example,likes a, b\n\n,\n , \nAnn,\n,\n")
    assert told(found) == ["2 Jo", "3 Sam", "7 Ann"]
    assert found.people[1].note == "Beyond the last column: likes a, b"
    assert remarks(found) == [
        "p.csv:3 has more cells than the header; what they say is kept in the note"
    ]
    assert skips(found) == [
        "p.csv:5 is empty (up to line 6)",
        "p.csv:8 is empty",
    ]


def test_a_header_that_comes_again_is_nobody() -> None:
    found = brought("Name,Email\nJo,\nName,Email\nSam,\n")
    assert told(found) == ["2 Jo", "4 Sam"]
    assert skips(found) == ["p.csv:3 is the header again"]


def test_a_quote_that_is_never_closed_swallows_nothing() -> None:
    found = brought('Name,Email\n"Jo,j@x.example\nSam,s@x.example\nAnn,a@x.example\n')
    assert told(found) == ["2 Jo", "3 Sam", "4 Ann"]
    assert remarks(found) == ["p.csv:2 has a quote that is never closed"]


def test_a_quote_that_opens_a_cell_tells_that_the_one_before_was_forgotten() -> None:
    found = brought('Name,Email\n"Jo,j@x.example\n"Sam","s@x.example"\nAnn,a@x.example\n')
    assert told(found) == ["2 Jo", "3 Sam", "4 Ann"]
    found = brought('Name,Email,Notes\n"Jo,j@x.example,"chess, go"\nSam,,\n')
    assert told(found) == ["2 Jo", "3 Sam"]
    assert found.people[0].note == "chess, go"


def test_what_follows_an_open_quote_is_nobody_until_a_whole_row_comes() -> None:
    found = brought('Name,Email,Notes\nJo,,"line one\nline two\nline three\nSam,,c\nand, so\n')
    assert told(found) == ["2 Jo", "5 Sam", "6 and"]
    assert skips(found) == [
        "p.csv:3 may belong to the quote of line 2, never closed (up to line 4)"
    ]


def test_quotes_that_are_not_doubled_are_read_as_they_are_meant() -> None:
    found = brought('Name,Notes\n"Jo "Bob" Doe","said "hi" twice"\n"Ann" , "b"\nB "x" C,"y""z"\n')
    assert [(person.name, person.note) for person in found.people] == [
        ('Jo "Bob" Doe', 'said "hi" twice'),
        ("Ann", "b"),
        ('B "x" C', 'y"z'),
    ]
    assert one('Name,Notes\nJo,"one\nsaid "hi" and left"\n').note == 'one\nsaid "hi" and left'


def test_many_open_quotes_cost_no_more_than_their_rows() -> None:
    found = brought("Name,Email\n" + 'x,""y\n' * 3000 + "Jo,\n")
    assert len(found.people) == 3001
    assert len(found.remarks) == 3000


def test_a_row_with_nul_is_skipped_and_says_what_may_be_meant() -> None:
    why = "has NUL characters in it; if the file is UTF-16, say --encoding utf-16-le"
    found = brought("Name,Email\nA\0,x@y.example\nJo,j@x.example\n")
    assert (told(found), found.skipped) == (["3 Jo"], (Skipped("p.csv:2", why),))
    unmarked = "Name\nJö\n".encode("utf-16-le")
    assert [each.why for each in brought(unmarked).skipped] == [why, why, why]
    assert told(brought(unmarked, encoding="utf-16-le")) == ["2 Jö"]


def test_signs_that_cannot_be_read_are_said() -> None:
    found = brought(b"Name,City\nA\x81b,c\nJo,d\n")
    assert remarks(found) == ["p.csv:2 has signs that cannot be read; say --encoding"]
    assert remarks(brought("Name\nA\ufffdb\n")) == []


def test_a_cell_or_a_line_without_end_costs_its_row() -> None:
    text = (
        f'Name,Notes\nJo,x\nSam,"{"y" * 1_000_001}"\nAnn,{"z" * 4_000_000}\nBob,"{"q" * 200_000}"\n'
    )
    found = brought(text)
    assert told(found) == ["2 Jo", "5 Bob"]
    assert skips(found) == [
        "p.csv:3 has a cell of more than 1,000,000 characters",
        "p.csv:4 is longer than 4,000,000 characters",
    ]


def test_a_row_of_too_many_cells_costs_itself_and_no_header_has_as_many() -> None:
    found = brought(f"Name,Email\nJo,{',' * 5000}\nSam,\n")
    assert (told(found), skips(found)) == (["3 Sam"], ["p.csv:2 has more than 5,000 cells"])
    assert told(brought("Name," * 6000 + "\nJo Doe\nSam\n")) == ["2 Jo Doe", "3 Sam"]


def test_an_endless_line_is_never_held_as_a_whole() -> None:
    data = b"Name,Email\nJo,j@x.example\n" + b"a," * 15_000_000 + b"\nSam,\n"
    tracemalloc.start()
    found = read(data, "p.csv")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert told(found) == ["2 Jo", "4 Sam"]
    assert peak < len(data)


def test_a_name_without_end_is_nobodys() -> None:
    found = brought(f"Name\n{'x' * 201}\n---\nJo\n")
    assert told(found) == ["4 Jo"]
    assert skips(found) == [
        "p.csv:2 has a name of 201 characters; kin keeps up to 200",
        "p.csv:3 has no name",
    ]


def test_a_table_of_nothing_brings_nobody() -> None:
    for text in ("", "\n\n", "Name,Email\n", "\ufeff"):
        assert (brought(text).people, brought(text).skipped) == ((), ())


CELLS = st.text(st.sampled_from("ab \"',;\t|\nZö李\r"), max_size=8)


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_every_row_that_is_written_rightly_is_a_person_or_skipped(
    cells: list[list[str]], sign: str, end: str, encoding: str
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=sign, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(["Name", "Email", "How we met"])
    writer.writerows(cells)
    found = read(out.getvalue().encode(encoding), "p.csv")
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
    *("Name", "First Name", "Email", "Birthday", "Labels", "Met on", "Ties", "Collides"),
    *("E-mail 1 - Value", "E-mail 1 - Label", "Address 1 - City", "Jo Doe", "jo@x.example"),
    "3/4/90",
]
SOUP = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@given(
    st.binary(max_size=200) | SOUP.map(str.encode) | SOUP.map(lambda text: text.encode("utf-16")),
    st.sampled_from([None, "google", "outlook", "linkedin", "kin"]),
    st.sampled_from([None, "utf-16-le", "shift_jis"]),
)
def test_no_file_is_too_odd(data: bytes, kind: str | None, encoding: str | None) -> None:
    recognise(data)
    with suppress(KinError):
        found = read(data, "p.csv", kind=kind, encoding=encoding)
        assert all(any(map(str.isalnum, person.name)) for person in found.people)


def test_a_table_of_more_lines_than_anybody_knows_people_is_refused_at_once() -> None:
    with pytest.raises(KinError, match="more than 500,000 lines"):
        read(b"Name,Email\n" + b"a,b\n" * 500_000, "p.csv")
