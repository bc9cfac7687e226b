"""Dates in tables: read if they are clear, kept as text if they are not."""

from datetime import date

import pytest

from kin.formats.table import read_table
from tests.formats.test_table import read, read_one, warnings


def birthdays(*cells: str, **options: object) -> list[str | None]:
    text = "Name;Birthday\n" + "".join(f"P{at};{cell}\n" for at, cell in enumerate(cells))
    return [person.birthday for person in read(text, **options).people]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("1990-04-12", "1990-04-12"),
        ("19900412", "1990-04-12"),
        ("1990/04/12", "1990-04-12"),
        ("12.4.1990", "1990-04-12"),
        ("12.04.90", "1990-04-12"),
        ("1.2.30", "1930-02-01"),  # no one is born in 2030 yet
        ("13/4/1990", "1990-04-13"),
        ("4/13/1990", "1990-04-13"),
        ("5/5/1990", "1990-05-05"),
        ("12 March 1990", "1990-03-12"),
        ("March 12, 1990", "1990-03-12"),
        ("12-Mar-90", "1990-03-12"),
        ("1990-04-12T00:00:00Z", "1990-04-12"),
        ("4/13/1990 12:00:00 AM", "1990-04-13"),
        ("12. März 1990", "1990-03-12"),
        ("12 mars 1990", "1990-03-12"),
        ("12 de março de 1990", "1990-03-12"),
        ("3 maggio 1990", "1990-05-03"),
        ("3 de agosto de 1990", "1990-08-03"),
        ("1 maja 1990", "1990-05-01"),
        ("5 juli 1990", "1990-07-05"),
        ("9 ogos 1990", "1990-08-09"),
        ("1990年3月12日", "1990-03-12"),
        ("--03-12", "--03-12"),
        ("--0312", "--03-12"),
        ("12 March", "--03-12"),
        ("12.3.", "--03-12"),
        ("1604-03-12", "--03-12"),
        ("29 February", "--02-29"),
    ],
)
def test_a_birthday_is_read_in_many_formats(cell: str, day: str) -> None:
    assert birthdays(cell) == [day]


@pytest.mark.parametrize("cell", ["0/0/00", "0000-00-00", "00.00.0000", "-", "--", "1/1/4501"])
def test_an_empty_date_is_not_reported(cell: str) -> None:
    found = read(f"Name;Birthday\nJo;{cell}\n")
    assert (found.people[0].birthday, found.people[0].note, found.warnings) == (None, None, ())


def test_the_order_of_day_and_month_is_taken_from_the_file() -> None:
    assert birthdays("3/4/1990", "13/4/1990") == ["1990-04-03", "1990-04-13"]
    assert birthdays("3/4/1990", "4/13/1990") == ["1990-03-04", "1990-04-13"]
    assert birthdays("3/4/27", "13/4/1990") == ["1927-04-03", "1990-04-13"]


def test_any_column_of_dates_gives_evidence() -> None:
    text = "Name,Birthday,Anniversary,Met on\nJo,3/4/1990,,\nSam,,25/12/2001,\n"
    assert read(text).people[0].birthday == "1990-04-03"


@pytest.mark.parametrize(
    ("header", "day"),
    [
        ("Birthday (dd/mm/yyyy)", "1990-04-03"),
        ("Birthday (MM/DD/YYYY)", "1990-03-04"),
        ("Geburtstag [TT/MM/JJJJ]", "1990-04-03"),
    ],
)
def test_a_header_can_give_the_order(header: str, day: str) -> None:
    assert read_one(f"Name,{header}\nJo,3/4/1990\n").birthday == day


def test_without_clear_evidence_a_date_is_kept_as_text_and_reported() -> None:
    assert birthdays("3/4/1990", "5/6/1991") == [None, None]
    found = read("Name,Birthday\nJo,3/4/1990\nSam,13/4/1990\nAnn,4/13/1990\nBob,7/7/1990\n")
    assert [person.birthday for person in found.people] == [
        *(None, "1990-04-13", "1990-04-13", "1990-07-07"),
    ]
    assert found.people[0].note == "Birthday: 3/4/1990"
    assert warnings(found) == [
        "p.csv:2 Birthday: “3/4/1990” can be 1990-04-03 (3 Apr 1990) or 1990-03-04 (4 Mar 1990). "
        "It is kept as text."
    ]


def test_the_setting_of_the_owner_counts_if_the_file_gives_no_evidence() -> None:
    assert birthdays("3/4/1990", date_order="mdy") == ["1990-03-04"]
    assert birthdays("3/4/1990", "13/4/1990", date_order="mdy")[0] == "1990-04-03"


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("2030-01-01", "still to come"),
        ("31/02/1990", "not in the calendar"),
        ("spring 1990", "not a birthday"),
        ("March 1990", "not a birthday"),
        ("3 weeks ago", "not a birthday"),
        ("x" * 500, "not a"),
    ],
)
def test_an_invalid_birthday_is_kept_as_text_and_reported(cell: str, why: str) -> None:
    found = read(f"Name;Birthday\nJo;{cell}\n")
    assert (found.people[0].birthday, found.people[0].note) == (None, f"Birthday: {cell}")
    assert why in found.warnings[0].why


def test_a_year_of_two_digits_is_unclear_without_today() -> None:
    text = (
        "Name,Birthday,Met on\nA,12.4.90,\nB,12.4.1990,\nC,12 March,\nD,,7-Feb-22\nE,,12 Mar 2024\n"
    )
    found = read_table(text.encode(), "p.csv")
    assert [person.birthday for person in found.people] == [
        None,
        "1990-04-12",
        "--03-12",
        None,
        None,
    ]
    assert [person.met_on for person in found.people] == [None, None, None, None, "2024-03-12"]
    assert [each.where for each in found.warnings] == ["p.csv:2", "p.csv:5"]


@pytest.mark.parametrize(
    ("cell", "met"),
    [
        ("2024-03-12", ("2024-03-12", "day")),
        ("7-Feb-22", ("2022-02-07", "day")),
        ("12 Mar 2024", ("2024-03-12", "day")),
        ("March 2024", ("2024-03-01", "month")),
        ("2024-03", ("2024-03-01", "month")),
        ("2019", ("2019-01-01", "year")),
    ],
)
def test_the_day_you_met_has_the_precision_of_the_cell(cell: str, met: tuple[str, str]) -> None:
    person = read_one(f"Name,Met on\nJo,{cell}\n")
    assert (person.met_on, person.met_precision) == met


@pytest.mark.parametrize("cell", ["last year", "12 March", "2 weeks ago", "2027-01-01", "PyCon"])
def test_a_first_meeting_that_is_relative_or_in_the_future_is_kept_as_text(cell: str) -> None:
    found = read(f"Name,Met on\nJo,{cell}\n")
    assert found.people[0].met_on is None
    assert found.people[0].note == f"Met on: {cell}"
    assert len(found.warnings) == 1


def test_an_anniversary_can_be_in_the_future() -> None:
    assert read_one("Name,Wedding\nJo,2027-05-06\n").dates == (("wedding", "2027-05-06"),)


def test_a_second_birthday_is_a_line_of_the_note() -> None:
    person = read_one("Name,Birthday,Geburtstag\nJo,1990-04-12,1991-04-12\n")
    assert (person.birthday, person.note) == ("1990-04-12", "Geburtstag: 1991-04-12")
    assert read_one("Name,Birthday,Geburtstag\nJo,,1991-04-12\n").birthday == "1991-04-12"


def test_today_is_not_in_the_future() -> None:
    assert (
        read_table(b"Name,Birthday\nJo,2026-11-23\n", "p", today=date(2026, 11, 23))
        .people[0]
        .birthday
    )
