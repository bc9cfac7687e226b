"""Days in tables: read where they can be read in one way, kept as text where they cannot."""

from datetime import date

import pytest

from kin.formats.table.table import read
from tests.formats.test_table import brought, one, remarks


def birthdays(*cells: str, **options: object) -> list[str | None]:
    text = "Name;Birthday\n" + "".join(f"P{at};{cell}\n" for at, cell in enumerate(cells))
    return [person.birthday for person in brought(text, **options).people]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("1990-04-12", "1990-04-12"),
        ("19900412", "1990-04-12"),
        ("1990/04/12", "1990-04-12"),
        ("12.4.1990", "1990-04-12"),
        ("12.04.90", "1990-04-12"),
        ("1.2.30", "1930-02-01"),  # nobody is born in 2030 yet
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
def test_a_birthday_is_read_in_the_forms_of_programs_and_people(cell: str, day: str) -> None:
    assert birthdays(cell) == [day]


@pytest.mark.parametrize("cell", ["0/0/00", "0000-00-00", "00.00.0000", "-", "--", "1/1/4501"])
def test_an_empty_day_is_none_and_no_news(cell: str) -> None:
    found = brought(f"Name;Birthday\nJo;{cell}\n")
    assert (found.people[0].birthday, found.people[0].note, found.remarks) == (None, None, ())


def test_the_order_of_day_and_month_is_that_of_the_file() -> None:
    assert birthdays("3/4/1990", "13/4/1990") == ["1990-04-03", "1990-04-13"]
    assert birthdays("3/4/1990", "4/13/1990") == ["1990-03-04", "1990-04-13"]
    assert birthdays("3/4/27", "13/4/1990") == ["1927-04-03", "1990-04-13"]


def test_any_column_of_days_gives_evidence() -> None:
    text = "Name,Birthday,Anniversary,Met on\nJo,3/4/1990,,\nSam,,25/12/2001,\n"
    assert brought(text).people[0].birthday == "1990-04-03"


@pytest.mark.parametrize(
    ("header", "day"),
    [
        ("Birthday (dd/mm/yyyy)", "1990-04-03"),
        ("Birthday (MM/DD/YYYY)", "1990-03-04"),
        ("Geburtstag [TT/MM/JJJJ]", "1990-04-03"),
    ],
)
def test_a_header_may_say_the_order_itself(header: str, day: str) -> None:
    assert one(f"Name,{header}\nJo,3/4/1990\n").birthday == day


def test_without_evidence_or_with_evidence_for_both_a_day_is_kept_as_text_and_said() -> None:
    assert birthdays("3/4/1990", "5/6/1991") == [None, None]
    found = brought("Name,Birthday\nJo,3/4/1990\nSam,13/4/1990\nAnn,4/13/1990\nBob,7/7/1990\n")
    assert [person.birthday for person in found.people] == [
        *(None, "1990-04-13", "1990-04-13", "1990-07-07"),
    ]
    assert found.people[0].note == "Birthday: 3/4/1990"
    assert remarks(found) == [
        "p.csv:2 Birthday: “3/4/1990” can be 1990-04-03 (3 Apr 1990) or 1990-03-04 (4 Mar 1990). "
        "It is kept in the note."
    ]


def test_what_the_owner_has_settled_counts_where_the_file_gives_no_evidence() -> None:
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
def test_what_is_no_birthday_is_kept_as_text_and_said(cell: str, why: str) -> None:
    found = brought(f"Name;Birthday\nJo;{cell}\n")
    assert (found.people[0].birthday, found.people[0].note) == (None, f"Birthday: {cell}")
    assert why in found.remarks[0].why


def test_without_a_clock_a_year_of_two_figures_is_unclear() -> None:
    text = (
        "Name,Birthday,Met on\nA,12.4.90,\nB,12.4.1990,\nC,12 March,\nD,,7-Feb-22\nE,,12 Mar 2024\n"
    )
    found = read(text.encode(), "p.csv")
    assert [person.birthday for person in found.people] == [
        None,
        "1990-04-12",
        "--03-12",
        None,
        None,
    ]
    assert [person.met_on for person in found.people] == [None, None, None, None, "2024-03-12"]
    assert [each.where for each in found.remarks] == ["p.csv:2", "p.csv:5"]


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
def test_the_day_of_meeting_is_as_exact_as_it_is_said(cell: str, met: tuple[str, str]) -> None:
    person = one(f"Name,Met on\nJo,{cell}\n")
    assert (person.met_on, person.met_precision) == met


@pytest.mark.parametrize("cell", ["last year", "12 March", "2 weeks ago", "2027-01-01", "PyCon"])
def test_a_day_of_meeting_that_hangs_on_today_or_lies_ahead_stays_text(cell: str) -> None:
    found = brought(f"Name,Met on\nJo,{cell}\n")
    assert found.people[0].met_on is None
    assert found.people[0].note == f"Met on: {cell}"
    assert len(found.remarks) == 1


def test_an_anniversary_may_lie_ahead() -> None:
    assert one("Name,Wedding\nJo,2027-05-06\n").days == (("wedding", "2027-05-06"),)


def test_two_birthdays_are_one_and_a_line_of_the_note() -> None:
    person = one("Name,Birthday,Geburtstag\nJo,1990-04-12,1991-04-12\n")
    assert (person.birthday, person.note) == ("1990-04-12", "Geburtstag: 1991-04-12")
    assert one("Name,Birthday,Geburtstag\nJo,,1991-04-12\n").birthday == "1991-04-12"


def test_a_day_of_today_is_behind_us() -> None:
    assert read(b"Name,Birthday\nJo,2026-11-23\n", "p", today=date(2026, 11, 23)).people[0].birthday
