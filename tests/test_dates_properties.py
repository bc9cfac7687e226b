"""Properties of every date and every text: kin reads what it prints, and never crashes."""

from contextlib import suppress
from datetime import date, datetime, timedelta

from hypothesis import given, strategies as st

from kin.errors import UnclearDateError
from kin.language.date_format import find_next_occurrence, format_day_echo, format_relative_date
from kin.language.dates import Day, Precision, format_day, parse, parse_birthday

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
days = st.dates(FIRST_DAY, LAST_DAY)
nows = st.sampled_from(
    [
        datetime(2026, 11, 23, 15, 30),
        datetime(2027, 3, 31, 23, 59),
        datetime(2024, 2, 29, 12),
        datetime(2026, 1, 1, 0, 5),
    ]
)
WORDS = [
    *("today", "yesterday", "tue", "last", "next", "this", "week", "month", "year", "ago", "in"),
    *("on", "at", "since", "the", "of", "a", "few", "couple of", "3", "12", "2024", "31", "march"),
    *("feb", "may", "12th", "and", "days", "weeks", "hours", "noon", "5pm", "17:30", "before"),
    *("from", "now", "3/4", "27/5", "12.3.", "2026-03-12", "'24", "w12", "2026-W12", "T", "²", "٣"),
    *(",", ".", "-", "/", "--03-12", "99999999", "half", "fortnights", "29", "02", "9999", "0"),
]


def round_to_precision(on: date, precision: Precision) -> Day:
    """Return the day as kin stores it: a month or year as its first day."""
    first = {"month": on.replace(day=1), "year": on.replace(month=1, day=1)}
    return Day(first.get(precision, on), precision)


@given(days, nows, st.sampled_from(["day", "week", "month", "year"]))
def test_what_kin_prints_reads_back(on: date, now: datetime, precision: Precision) -> None:
    day = round_to_precision(on, precision)
    for printed in (
        format_day(day),
        format_day_echo(day, now).split(",")[0],
        format_day(day).upper(),
    ):
        assert parse(printed, now=now) == day
        assert parse(printed, now=now, prefer="future") == day
        assert parse(printed, now=now, date_order="mdy") == day


@given(st.dates(), nows)
def test_any_date_reads_back(on: date, now: datetime) -> None:
    assert parse(on.isoformat(), now=now) == Day(on)
    for precision in ("day", "week", "month", "year"):
        day = round_to_precision(on, precision)
        assert parse(format_day(day), now=now) == day


@given(days, nows)
def test_all_spellings_of_a_full_date_mean_the_same(on: date, now: datetime) -> None:
    month, year = f"{on:%B}", on.year
    for written in (
        *(f"{on.day} {month} {year}", f"{month} {on.day}, {year}", f"{year} {month} {on.day}"),
        *(f"{on:%Y%m%d}", f"{on:%d.%m.%Y}", f"{on.day}-{month[:3]}-{year}", f"{on:%Y/%m/%d}"),
        *(f"{on}T14:05", f"{on} 14:05:00Z", f"{on:%A}, {on.day} {month} {year} at noon"),
    ):
        assert parse(written, now=now) == Day(on)
    assert parse(f"{on:%G-W%V-%u}", now=now) == Day(on)
    assert parse(f"{on:%d/%m/%Y}", now=now, date_order="dmy") == Day(on)
    assert parse(f"{on:%m/%d/%Y}", now=now, date_order="mdy") == Day(on)


@given(st.integers(0, 365), nows)
def test_a_day_without_its_year_is_the_latest_up_to_today(back: int, now: datetime) -> None:
    on = now.date() - timedelta(days=back)
    if (on.month, on.day) == (now.month, now.day) and back:
        return
    assert parse(f"{on.day} {on:%B}", now=now) == Day(on)
    assert parse(f"{on.day}.{on.month}.", now=now) == Day(on)
    assert parse(f"{on:%B}", now=now) == round_to_precision(on, "month") or back > 330


@given(st.integers(0, 40_000), nows)
def test_days_ago_are_counted(back: int, now: datetime) -> None:
    assert parse(f"{back} days ago", now=now).on == now.date() - timedelta(days=back)
    assert parse(f"{back // 7} weeks and 1 day ago", now=now).on == now.date() - timedelta(
        days=back // 7 * 7 + 1
    )


@given(st.integers(1, 7), nows)
def test_a_bare_weekday_is_within_the_week_before_today(back: int, now: datetime) -> None:
    on = now.date() - timedelta(days=back)
    assert parse(f"{on:%A}", now=now) == parse(f"last {on:%a}", now=now) == Day(on)


@given(days, nows)
def test_a_relative_date_can_be_typed(on: date, now: datetime) -> None:
    near = abs((on - now.date()).days)
    said = format_relative_date(on, now.date())
    read = parse(said, now=now, prefer="past" if on <= now.date() else "future").on
    assert abs((read - on).days) <= (0 if near <= 13 else 31)


@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS)).map(" ".join)), nows)
def test_any_text_is_read_or_refused(text: str, now: datetime) -> None:
    for read in (parse, parse_birthday):
        with suppress(UnclearDateError):
            assert read(text, now=now)


@given(days, days)
def test_a_birthday_comes_within_a_year(born: date, today: date) -> None:
    on, age = find_next_occurrence(born.isoformat(), today)
    assert 0 <= (on - today).days <= 366
    assert age == on.year - born.year
    assert find_next_occurrence(f"--{born:%m-%d}", today) == (on, None)
    if born <= today:
        assert parse_birthday(born.isoformat(), now=datetime(2101, 1, 1)) == born.isoformat()
