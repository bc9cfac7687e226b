"""Parsing dates as people write them, and formatting them."""

from datetime import date, datetime, timedelta, timezone

import pytest

from kin.errors import UnclearDateError
from kin.language.date_format import find_next_occurrence, format_day_echo, format_relative_date
from kin.language.dates import Day, Prefer, format_day, parse, parse_birthday

NOW = datetime(2026, 11, 23, 15, 30)  # a Monday
TODAY = NOW.date()


def read(phrase: str, now: datetime = NOW, prefer: Prefer = "past") -> str:
    """Return the day as 'YYYY-MM-DD', followed by its precision unless that is a day."""
    day = parse(phrase, now=now, prefer=prefer)
    return f"{day.on}" if day.precision == "day" else f"{day.on} {day.precision}"


UNDERSTOOD = {
    "2026-11-23": [
        *("today", "Today", "tonight", "this morning", "this afternoon", "this evening", "now"),
        *("0 days ago", "an hour ago", "half an hour ago", "20 minutes ago", "nov 23", "23 nov"),
        *("today at 17.30", "tonight at 8", "this morning at 9:30", "this monday", "just now"),
    ],
    "2026-11-22": [
        *("yesterday", "  YESTERDAY ", "yesterday.", "yesterday, noon", "yesterday at noon"),
        *("last night", "last night at 11", "a day ago", "1 day ago", "20 hours ago", "last sun"),
        *("yesterday morning", "yesterday evening at 7", "noon yesterday", "since yesterday"),
        *("yesterday 10 a.m.", "yesterday at 5 p.m.", "sunday last week", "sunday", "on sunday"),
        *("yesterday in the evening", "1d ago", "22nd nov", "yesterday\u00a0noon"),
    ],
    "2026-11-21": [
        *("day before yesterday", "the day before yesterday", "two days ago", "last saturday"),
        *("a couple of days ago", "a couple days ago", "couple of days ago", "2 days ago"),
    ],
    "2026-11-20": [
        *("a few days ago", "few days ago", "3 days ago", "3d ago", "friday", "fri", "last friday"),
        *("last friday evening", "friday at 5", "friday at midnight", "3 days ago at noon"),
        *("last week on friday", "this past friday", "3 days and 2 hours ago"),
    ],
    "2026-11-17": [
        *("tuesday", "tue", "tues", "Tue.", "last tue", "last tuesday", "tuesday last week"),
        *("tuesday of last week", "last week tuesday", "on tuesday", "since last tuesday"),
        *("tue 17:30", "tuesday, 5pm", "5pm on tuesday", "tue 17 nov", "Tue 17 Nov 2026"),
        *("Tuesday, November 17, 2026", "tuesday the 17th of november", "tue 17/11"),
        *("tue 2026-11-17", "tue, 17. november 2026", "17.11.", "17.11.26", "2026‑11‑17"),
    ],
    "2026-11-16": ["monday", "mon", "last monday", "monday last week", "a week ago today"],
    "2026-11-19": ["thu", "thur", "thurs", "thursday"],
    "2026-11-18": ["wed", "weds", "wednesday"],
    "2026-10-31": ["3 weeks and 2 days ago", "3 weeks, 2 days ago", "3 weeks 2 days ago"],
    "2025-09-20": ["1 year, 2 months and 3 days ago"],
    "2024-11-23": ["two years ago today"],
    "2026-11-27": ["friday this week"],
    "2026-11-24": ["tomorrow", "tomorrow morning", "in a day", "1 day from now"],
    "2026-11-26": ["in 3 days", "3 days from now", "3 days from today"],
    "2026-11-16 week": [
        *("last week", "a week ago", "week ago", "1 wk ago", "since last week", "2026-W47"),
        *("the week of Mon 16 Nov 2026", "week of 16 Nov 2026", "week of 16 nov", "2026w47"),
    ],
    "2026-11-09 week": [
        *("2 weeks ago", "2w ago", "a fortnight ago", "a couple of weeks ago", "2 weeks back"),
        *("the week before last", "couple weeks ago"),
    ],
    "2026-11-02 week": ["3 weeks ago", "a few weeks ago", "three weeks ago", "since 3 weeks ago"],
    "2026-11-30 week": ["in a week", "a week from now"],
    "2026-11-23 week": ["this week", "earlier this week"],
    "2026-10-23 month": ["last month", "a month ago", "1 month ago", "1 mo ago"],
    "2026-05-23 month": ["6 months ago", "half a year ago"],
    "2025-05-23 month": ["a year and a half ago", "18 months ago"],
    "2025-11-23 year": ["last year", "a year ago", "an year ago", "since last year"],
    "2014-11-23 year": ["12 years ago", "twelve years ago", "12 yrs ago", "12y ago"],
    "2026-03-12": [
        *("12 march", "march 12", "March 12th", "12th of March", "the 12th of march", "12 MAR"),
        *("mar. 12", "march the 12th", "12.3.", "12.3", "12-mar", "12. march", "12mar"),
        *("2026-03-12", "2026-3-12", "2026/03/12", "2026.03.12", "20260312", "12.3.2026"),
        *("12.03.26", "12 march 2026", "12 mar 26", "march 12, 2026", "12-Mar-2026", "12mar2026"),
        *("2026 march 12", "2026-mar-12", "12/mar/2026", "12 march '26", "12 march this year"),
        *("2026-03-12T14:05", "2026-03-12 14:05:00", "2026-03-12T14:05:00Z", "20260312T1405"),
        *("2026-03-12T23:59:59.123456+02:00", "2026-03-12 14:05:00 +0200", "2026-W11-4"),
        *("12 march 5pm", "12 march at 5", "12.3. at 5pm", "2026-03-12 at noon", "2026W114"),
        *("on 12 march", "since the 12th of march", "Thu, 12 Mar 2026 14:05:00 +0200"),
    ],
    "2025-12-24": ["24 december", "dec 24", "24.12.", "24/12", "12/24", "24 december last year"],
    "2025-11-24": ["24 nov", "nov 24"],
    "2024-02-29": ["29 february", "february 29", "29 feb 2024", "29.2.", "29/2", "thu 29 feb"],
    "2026-05-27": ["27/5", "5/27", "27/5/2026", "5/27/2026", "27-5-2026", "27/5/26", "since 27/5"],
    "2026-04-04": ["4/4", "4/4/2026", "04-04-2026"],
    "2022-02-07": ["7-Feb-22", "7 feb 2022", "7 feb '22"],
    "2024-05-27": ["27-05-24"],
    "1984-12-01": ["1.12.84", "1 dec 1984"],
    "2026-11-03": ["Tue 3/11/2026"],
    "1850-03-12": ["1850-03-12", "Tue 12 Mar 1850"],
    "2026-03-01 month": ["march", "mar", "last march", "this march", "in march", "back in march"],
    "2026-11-01 month": ["november", "nov", "november 2026"],
    "2025-12-01 month": ["december", "last december", "december last year", "in december"],
    "2025-11-01 month": ["last november", "last year in november"],
    "2024-03-01 month": [
        *("march 2024", "mar 2024", "March, 2024", "2024 march", "in march 2024", "march of 2024"),
        *("march '24", "march ’24", "mar-2024", "2024-03", "03/2024", "3.2024", "2024/3"),
    ],
    "2026-05-01 month": ["may", "May", "since may"],
    "2019-01-01 year": ["2019", "in 2019", "since 2019", "back in 2019", "the year 2019"],
    "1900-01-01 year": ["1900"],
    "2100-01-01 year": ["2100"],
}


@pytest.mark.parametrize(
    ("phrase", "meant"), [(phrase, meant) for meant, all_ in UNDERSTOOD.items() for phrase in all_]
)
def test_a_phrase_is_understood(phrase: str, meant: str) -> None:
    assert read(phrase) == meant


@pytest.mark.parametrize(
    ("now", "phrase", "meant"),
    [
        (datetime(2027, 3, 31, 9), "last month", "2027-02-28 month"),
        (datetime(2028, 3, 31, 9), "last month", "2028-02-29 month"),
        (datetime(2024, 2, 29, 12), "last year", "2023-02-28 year"),
        (datetime(2024, 2, 29, 12), "4 years ago", "2020-02-29 year"),
        (datetime(2024, 2, 29, 12), "29 february", "2024-02-29"),
        (datetime(2028, 2, 28, 23), "29 february", "2024-02-29"),
        (datetime(1903, 1, 1, 12), "29 february", "1896-02-29"),
        (datetime(2026, 1, 1, 0, 5), "yesterday", "2025-12-31"),
        (datetime(2026, 1, 1, 0, 5), "10 minutes ago", "2025-12-31"),
        (datetime(2026, 1, 1, 0, 5), "31 dec", "2025-12-31"),
        (datetime(2026, 1, 1, 0, 5), "1 jan", "2026-01-01"),
        (datetime(2026, 1, 1, 0, 5), "2 jan", "2025-01-02"),
        (datetime(2026, 1, 1, 0, 5), "january", "2026-01-01 month"),
        (datetime(2026, 1, 1, 0, 5), "monday last week", "2025-12-22"),
        (datetime(2026, 11, 25, 9), "last week", "2026-11-18 week"),
        (datetime(2026, 11, 25, 9), "this tuesday", "2026-11-24"),
        (datetime(2026, 11, 22, 9), "tuesday last week", "2026-11-10"),
        (datetime(2026, 11, 22, 9), "tuesday", "2026-11-17"),
    ],
)
def test_the_same_phrase_on_another_day(now: datetime, phrase: str, meant: str) -> None:
    assert read(phrase, now) == meant


@pytest.mark.parametrize(
    ("phrase", "meant"),
    [
        ("tuesday", "2026-11-24"),
        ("monday", "2026-11-30"),
        ("next tuesday", "2026-11-24"),
        ("this friday", "2026-11-27"),
        ("this coming friday", "2026-11-27"),
        ("last tuesday", "2026-11-17"),
        ("tuesday next week", "2026-12-01"),
        ("next friday evening", "2026-11-27"),
        ("next week", "2026-11-30 week"),
        ("next month", "2026-12-23 month"),
        ("next year", "2027-11-23 year"),
        ("12 march", "2027-03-12"),
        ("23 nov", "2026-11-23"),
        ("22 nov", "2027-11-22"),
        ("29 feb", "2028-02-29"),
        ("27/5", "2027-05-27"),
        ("12.3.27", "2027-03-12"),
        ("november", "2026-11-01 month"),
        ("next november", "2027-11-01 month"),
        ("march", "2027-03-01 month"),
        ("march next year", "2027-03-01 month"),
        ("yesterday", "2026-11-22"),
    ],
)
def test_a_future_date_is_understood_if_preferred(phrase: str, meant: str) -> None:
    assert read(phrase, prefer="future") == meant


def test_a_zone_does_not_move_the_date() -> None:
    here = NOW.replace(tzinfo=timezone(timedelta(hours=13)))
    assert read("2026-03-12T23:30:00-11:00", here) == "2026-03-12"
    assert read("yesterday", here) == "2026-11-22"


REFUSED = [
    *("", " ", "\n", ",", ".", "''", "30 february", "30 feb 2024", "31 april", "may 32", "32 may"),
    *("feb 30", "29 feb 2023", "29 february 1900", "2026-02-30", "2026-13-01", "2026-00-10"),
    *("2026-05-00", "0000-01-01", "2025-W53", "2026-W54", "2026-W00", "2026-W12-8", "20261301"),
    *("20260500", "12032026", "01121984", "13/13", "13/13/2026", "31/2", "2/30", "0/5", "5/0"),
    *("31/4", "29/2/2023", "32.1.", "12.13.", "3.14", "0.5", "31.4.2026", "29.2.2023", "0 march"),
    *("12", "7", "0", "123", "1899", "2101", "3000", "123456", "99999999", "202603", "-3", "+3"),
    *("12th", "the 12th", "tuesday the 17th", "friday 13", "1.2.3", "10.0.0.1", "3 4 2026"),
    *("yesteday", "tuseday", "febuary", "febuary 3", "marhc", "marhc 12", "3 weaks ago", "toady"),
    *("12st march", "12rd march", "22th march", "21th of march", "march 12nd", "12 march 202"),
    *("12 march 20266", "12 march 0000", "12 march 1730", "march 12 0930", "12 of", "the march"),
    *("march on", "on march", "on 2019", "at 2019", "on last week", "in monday", "in 12 march"),
    *("in last week", "in 3 days ago", "in 2 months ago", "since in 3 days", "on on monday"),
    *("since on monday", "since since monday", "on", "in", "since", "at", "the", "at 5pm", "at 5"),
    *("noon", "midnight", "5pm", "17:30", "at noon", "since noon", "5 yesterday", "monday 5"),
    *("yesterday 25:00", "yesterday at 25", "yesterday 13pm", "yesterday 0pm", "yesterday 12:60"),
    *("yesterday 17:30pm", "last week at 5pm", "march at noon", "march 5pm", "2024 17:30"),
    *("this morning evening", "tonight morning", "now at 5", "3 hours ago at noon", "today 12"),
    *("monday foo", "yesterday coffee", "coffee with maya", "may I come", "march on rome", "maya"),
    *(
        "sat down",
        "second",
        "last",
        "ago",
        "days ago",
        "3 weeks",
        "a",
        "few",
        "a couple of",
        "week",
    ),
    *("several days ago", "long ago", "the other day", "recently", "never", "christmas", "easter"),
    *("new year's day", "last weekend", "weekend", "last summer", "early march", "end of march"),
    *("mon-fri", "monday or tuesday", "12-14 march", "march 12-14", "2019-2020", "27-5", "9-9"),
    *("next tuesday", "next week", "next march", "tuesday next week", "12 march next year"),
    *("tuesday week", "tuesday 2 weeks ago", "tuesday before last", "a week ago tuesday"),
    *("mon 17 nov 2026", "tue 17 nov 2025", "sat 29 feb", "tuesday march", "tuesday 2024"),
    *("2026-03-12T25:00", "2026-03-12T24:00", "2026-03-12T14:60", "2026-03-12T", "2026-03-12x14"),
    *("2026-03-12 foo", "2026-03T14:00", "2026-071", "--03-12", "27/5-2026", "w12", "week 12"),
    *("999999 years ago", "999999 weeks ago", "999999999999 days ago", "in 999999 years"),
    *("3m ago", "2 days and 3 days ago", "3 weeks and ago", "-3 days ago", "1.5 days ago"),
    *("3 days before yesterday", "after monday", "until friday", "mar-12", "mar12", "'24 march"),
    *("yesterday yesterday", "yesterday!", "yesterday?", '"yesterday"', "last last tuesday"),
    *("last today", "the monday", "mondays", "every monday", "march march", "12 march march"),
    *("about 3 weeks ago", "3 or 4 days ago", "3-4 days ago", "over a year ago", "past week"),
    *("² days ago", "٣ days ago", "１２ march", "ſun", "İ", "yesterday\x00", "yester\x00day", "🎂"),
    *(
        "\x1b[31mtoday",
        "yesterday\u200b",
        "\udc80",
        "gestern",
        "hier",
        "null",
        "nan",
        "1e3",
        "0x10",
    ),
    *("yesterday " * 100_000, "1" * 1_000_000, "a " * 40, "3 days " * 11 + "ago", "(" * 79),
]


@pytest.mark.parametrize("phrase", REFUSED, ids=lambda phrase: ascii(phrase[:40]))
def test_a_phrase_is_refused_with_a_hint(phrase: str) -> None:
    with pytest.raises(UnclearDateError) as error:
        parse(phrase, now=NOW)
    assert error.value.hint
    assert error.value.message.isprintable()
    assert len(error.value.message) < 200


@pytest.mark.parametrize(
    ("phrase", "dmy", "mdy"),
    [
        ("3/4", date(2026, 4, 3), date(2026, 3, 4)),
        ("03/04/2026", date(2026, 4, 3), date(2026, 3, 4)),
        ("12-03-2026", date(2026, 3, 12), date(2026, 12, 3)),
        ("11/12/13", date(2013, 12, 11), date(2013, 11, 12)),
        ("12/5 13:00", date(2026, 5, 12), date(2025, 12, 5)),
    ],
)
def test_two_readings_are_named_unless_an_order_is_configured(
    phrase: str, dmy: date, mdy: date
) -> None:
    with pytest.raises(UnclearDateError) as error:
        parse(phrase, now=NOW)
    assert error.value.readings == (dmy, mdy)
    assert dmy.isoformat() in error.value.message
    assert mdy.isoformat() in error.value.message
    assert parse(phrase, now=NOW, date_order="dmy") == Day(dmy)
    assert parse(phrase, now=NOW, date_order="mdy") == Day(mdy)


@pytest.mark.parametrize(
    ("phrase", "readings"),
    [
        ("24-05-12", ["2012-05-24", "2024-05-12"]),
        ("12.12.26", ["1926-12-12", "2026-12-12"]),
        ("this tuesday", ["2026-11-17", "2026-11-24"]),
    ],
)
def test_other_ambiguous_dates_have_readings_too(phrase: str, readings: list[str]) -> None:
    with pytest.raises(UnclearDateError) as error:
        parse(phrase, now=NOW)
    assert [reading.isoformat() for reading in error.value.readings] == readings


def test_the_date_order_does_not_change_a_dotted_date_or_the_only_reading() -> None:
    assert parse("3.4.2026", now=NOW, date_order="mdy") == Day(date(2026, 4, 3))
    assert parse("27/5", now=NOW, date_order="mdy") == Day(date(2026, 5, 27))


@pytest.mark.parametrize(
    ("phrase", "hint"),
    [
        ("yesteday", "Did you mean 'yesterday'?"),
        ("last tuseday", "Did you mean 'last tuesday'?"),
        ("febuary 3", "Did you mean 'february 3'?"),
        ("3 weeks", "Add 'ago', as in '3 weeks ago'"),
        ("3m ago", "Say '3 months ago'"),
        ("next week", "Say tomorrow, in 3 days, or the date itself"),
        ("the 12th", "Add the month, as in '12 march'"),
    ],
)
def test_an_error_says_what_to_type_next(phrase: str, hint: str) -> None:
    with pytest.raises(UnclearDateError) as error:
        parse(phrase, now=NOW)
    assert error.value.hint == hint


@pytest.mark.parametrize(
    ("phrase", "echo", "listed"),
    [
        ("today", "Mon 23 Nov 2026, today", "Mon 23 Nov 2026"),
        ("yesterday", "Sun 22 Nov 2026, yesterday", "Sun 22 Nov 2026"),
        ("tomorrow", "Tue 24 Nov 2026, tomorrow", "Tue 24 Nov 2026"),
        ("last tue", "Tue 17 Nov 2026, 6 days ago", "Tue 17 Nov 2026"),
        ("12 march", "Thu 12 Mar 2026", "Thu 12 Mar 2026"),
        ("last week", "the week of Mon 16 Nov 2026", "week of 16 Nov 2026"),
        ("march 2024", "March 2024", "March 2024"),
        ("2024", "2024", "2024"),
        ("200 years ago", "the year 1826", "the year 1826"),
    ],
)
def test_how_a_day_is_formatted_in_an_echo_and_in_a_list(
    phrase: str, echo: str, listed: str
) -> None:
    day = parse(phrase, now=NOW)
    assert (format_day_echo(day, NOW), format_day(day)) == (echo, listed)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2026-11-23", "today"),
        ("2026-11-22", "yesterday"),
        ("2026-11-20", "3 days ago"),
        ("2026-11-10", "13 days ago"),
        ("2026-11-09", "2 weeks ago"),
        ("2026-10-12", "6 weeks ago"),
        ("2026-03-12", "in March"),
        ("2025-12-01", "in December"),
        ("2025-11-30", "in November 2025"),
        ("2024-03-12", "in March 2024"),
        ("2026-11-24", "tomorrow"),
        ("2026-11-26", "in 3 days"),
        ("2026-12-14", "in 3 weeks"),
        ("2027-03-12", "in March"),
        ("2028-03-12", "in March 2028"),
    ],
)
def test_a_relative_date_is_rough(on: str, expected: str) -> None:
    assert format_relative_date(date.fromisoformat(on), TODAY) == expected


def test_a_less_precise_day_is_rougher() -> None:
    assert format_relative_date(date(2026, 11, 23), TODAY, "week") == "this week"
    assert format_relative_date(date(2026, 11, 22), TODAY, "week") == "last week"
    assert format_relative_date(date(2026, 11, 9), TODAY, "week") == "2 weeks ago"
    assert format_relative_date(date(2026, 3, 9), TODAY, "week") == "in March"
    assert format_relative_date(date(2026, 11, 1), TODAY, "month") == "this month"
    assert format_relative_date(date(2026, 10, 31), TODAY, "month") == "last month"
    assert format_relative_date(date(2026, 3, 1), TODAY, "month") == "in March"
    assert format_relative_date(date(2026, 1, 1), TODAY, "year") == "this year"
    assert format_relative_date(date(2025, 1, 1), TODAY, "year") == "last year"
    assert format_relative_date(date(2019, 1, 1), TODAY, "year") == "in 2019"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("12 march 1984", "1984-03-12"),
        ("March 12, 1984", "1984-03-12"),
        ("1984-03-12", "1984-03-12"),
        ("12.3.1984", "1984-03-12"),
        ("12.3.84", "1984-03-12"),
        ("Mon 12 march 1984", "1984-03-12"),
        ("12 march", "--03-12"),
        ("the 12th of march", "--03-12"),
        ("--03-12", "--03-12"),
        ("--0312", "--03-12"),
        ("27/5", "--05-27"),
        ("29 feb", "--02-29"),
        ("24 december", "--12-24"),
    ],
)
def test_a_birthday_is_read_with_or_without_its_year(typed: str, stored: str) -> None:
    assert parse_birthday(typed, now=NOW) == stored


@pytest.mark.parametrize(
    "typed",
    [
        *("", "march", "march 1984", "1984", "yesterday", "12 march last year", "3/4", "30 feb"),
        *("12 march 2030", "tuesday", "--02-30", "--13-01", "3 years ago", "week of 12 march"),
        *("29 feb 1983", "12 march 1984 at 5pm", "on 12 march", "12.3.30", "me", "x" * 200),
    ],
)
def test_anything_else_is_not_a_birthday(typed: str) -> None:
    with pytest.raises(UnclearDateError):
        parse_birthday(typed, now=NOW)


@pytest.mark.parametrize(
    ("stored", "today", "on", "age"),
    [
        ("1984-03-12", "2026-11-23", "2027-03-12", 43),
        ("1984-11-23", "2026-11-23", "2026-11-23", 42),
        ("1984-11-22", "2026-11-23", "2027-11-22", 43),
        ("--12-24", "2026-11-23", "2026-12-24", None),
        ("--01-01", "2026-12-31", "2027-01-01", None),
        ("1984-02-29", "2027-02-28", "2027-02-28", 43),
        ("1984-02-29", "2027-03-01", "2028-02-29", 44),
        ("--02-29", "2028-02-28", "2028-02-29", None),
        ("--02-29", "1999-03-01", "2000-02-29", None),
    ],
)
def test_the_next_birthday_and_the_age_on_it(
    stored: str, today: str, on: str, age: int | None
) -> None:
    found = find_next_occurrence(stored, date.fromisoformat(today))
    assert found == (date.fromisoformat(on), age)
