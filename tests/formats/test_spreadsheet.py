"""A CSV of kin's own opens in any spreadsheet, does nothing there, and comes back as it was."""

import csv
import io
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import example, given, strategies as st

from kin.formats.card import Loved, Way
from kin.formats.incoming import Bond, Incoming
from kin.formats.table import table, write as spreadsheet
from kin.formats.table.write import write
from kin.vocabulary.catalog import key

TODAY = date(2026, 11, 23)
MAYA = Incoming(
    name="Maya Okafor",
    source="",
    nicknames=("Mo", "O, Maya"),
    contacts=(
        Way("email", "maya@example.org"),
        Way("email", "maya@work.example", "work"),
        Way("phone", "+44 7700 900111", "mobile"),
        Way("link", "https://maya.example/kiln"),
    ),
    birthday="1984-03-12",
    days=(("wedding", "2019-06-12"), ("name day", "--02-29")),
    lives="Lagos",
    circle="close",
    note="Likes rain.\n\n- and lists",
    into=(Loved("pottery", "her father had a kiln"), Loved("sourdough")),
    collides=(Loved("pineapple on pizza"),),
    groups=("book club", "family"),
    bonds=(Bond("partner", "Kim"),),
    met_on="2026-11-01",
    met_precision="month",
    met_at="PyCon",
    met_story="We stood in the rain:\n  she laughed",
    met_through="Tom Baker",
)


def back(people: list[Incoming]) -> list[Incoming]:
    """Return the people as they come back from a CSV of kin's own, without their places in it."""
    brought = table.read(write(people), "kin.csv", today=TODAY)
    assert (brought.kind, brought.skipped, brought.remarks) == ("kin CSV", (), ())
    return [replace(person, source="") for person in brought.people]


def cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def test_a_spreadsheet_finds_utf8_with_a_mark_crlf_and_one_row_for_each_person() -> None:
    data = write([MAYA, replace(MAYA, name="Zoë 李")])
    assert data.startswith(b'\xef\xbb\xbf"Name",')
    assert data.endswith(b"\r\n")
    header, maya, zoe = cells(data)
    assert header == list(spreadsheet.HEADER)
    assert (maya[0], zoe[0]) == ("Maya Okafor", "Zoë 李")


def test_every_field_comes_back() -> None:
    assert back([MAYA]) == [MAYA]
    said = {field.name for field in fields(MAYA) if getattr(MAYA, field.name) not in (None, ())}
    assert said == {field.name for field in fields(MAYA)} - {"uid", "key", "raw", "beside"}


def test_a_cell_shows_what_a_person_would_write() -> None:
    row = dict(zip(spreadsheet.HEADER, cells(write([MAYA]))[1], strict=True))
    assert row["Into"] == "pottery -- her father had a kiln ::: sourdough"
    assert row["Email"] == "maya@example.org ::: work: maya@work.example"
    assert row["Link"] == "https://maya.example/kiln"
    assert row["Ties"] == "partner: Kim"
    assert row["Met on"] == "month of 2026-11-01"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_no_cell_can_be_a_formula(sign: str) -> None:
    person = Incoming(f"{sign}cmd|' /C calc'!A0", "", note=f"{sign}1", lives=f"'{sign}1")
    assert not [cell for row in cells(write([person])) for cell in row if cell.startswith(sign)]
    assert back([person]) == [person]


def test_an_apostrophe_of_ones_own_stays() -> None:
    people = [Incoming("'Aziza", ""), Incoming("''=x", ""), Incoming("'", "", note="'+")]
    assert back(people[:2]) == people[:2]


def test_no_one_is_a_header_and_no_row() -> None:
    assert back([]) == []


WORDS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
        st.sampled_from(" :-'=+\",;\t\n\r|"),
    ),
    min_size=1,
    max_size=12,
).filter(lambda words: "\r\n" not in words)
LABELS = WORDS.filter(lambda words: bool(key(words)))
NAMES = WORDS.filter(lambda words: any(map(str.isalnum, words)))
LOVED = st.builds(Loved, LABELS, st.none() | WORDS)
DATES = st.dates(date(1900, 1, 1), date(2026, 11, 22)).map(date.isoformat)
DAYS = DATES | DATES.map(lambda day: f"-{day[4:]}")


def several(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(values, max_size=3, unique=True).map(tuple)


def loved() -> st.SearchStrategy[tuple[Loved, ...]]:
    return st.lists(LOVED, max_size=3, unique_by=lambda each: each.label).map(tuple)


def ways(kind: str) -> st.SearchStrategy[list[Way]]:
    way = st.builds(Way, st.just(kind), WORDS, st.none() | WORDS)
    return st.lists(way, max_size=2, unique_by=lambda each: each.value)


@st.composite
def people(draw: st.DrawFn) -> Incoming:
    met = draw(st.none() | DATES)
    return Incoming(
        name=draw(NAMES),
        source="",
        nicknames=draw(several(WORDS)),
        contacts=tuple(way for kind in ("email", "phone", "link") for way in draw(ways(kind))),
        birthday=draw(st.none() | DAYS),
        days=draw(st.lists(st.tuples(WORDS, DAYS), max_size=2, unique=True).map(tuple)),
        lives=draw(st.none() | WORDS),
        circle=draw(st.sampled_from([None, "inner", "wide"])),
        note=draw(st.none() | WORDS),
        into=draw(loved()),
        collides=draw(loved()),
        groups=draw(several(WORDS)),
        bonds=draw(st.lists(st.builds(Bond, WORDS, WORDS), max_size=2, unique=True).map(tuple)),
        met_on=met,
        met_precision=draw(st.sampled_from(["day", "week", "month", "year"])) if met else None,
        met_at=draw(st.none() | WORDS),
        met_story=draw(st.none() | WORDS),
        met_through=draw(st.none() | WORDS),
    )


@given(st.lists(people(), max_size=3))
@example(
    [Incoming("a ::: b", "", nicknames=("x:::", "::: y", ":: "), into=(Loved("a -- b", "-- c"),))]
)
@example([Incoming("A", "", bonds=(Bond("a: b:", ": c: d"),), groups=("* mine", "a; b"))])
@example([Incoming("A", "", contacts=(Way("link", "a:: b", None), Way("link", "x", "tel:")))])
def test_whatever_is_said_of_somebody_comes_back(brought: list[Incoming]) -> None:
    assert back(brought) == brought
    rows = cells(write(brought))
    assert {len(row) for row in rows} == {len(spreadsheet.HEADER)}
    assert not [cell for row in rows for cell in row if cell.startswith(tuple("=+-@\t\r"))]


def test_it_comes_back_after_a_spreadsheet_has_saved_it_in_its_own_way() -> None:
    zoe = replace(MAYA, name="Zoë", birthday="1984-03-12", met_on="2026-10-31", met_precision="day")
    rows = cells(write([zoe, replace(MAYA, name="Sam", birthday="1990-04-13")]))
    day, met = spreadsheet.HEADER.index("Birthday"), spreadsheet.HEADER.index("Met on")
    rows[1][day], rows[1][met], rows[2][day] = "12/03/1984", "31/10/2026", "13/04/1990"
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)
    found = table.read(out.getvalue().encode("cp1252"), "kin.csv", today=TODAY)
    assert found.kind == "kin CSV"
    assert [replace(person, source="") for person in found.people] == [
        zoe,
        replace(MAYA, name="Sam", birthday="1990-04-13"),
    ]


def test_a_day_that_is_none_any_more_is_kept_as_text() -> None:
    rows = cells(write([MAYA]))
    rows[1][spreadsheet.HEADER.index("Days")] = "wedding: in June ::: name day: --02-29"
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    found = table.read(out.getvalue().encode(), "kin.csv", today=TODAY)
    assert found.people[0].days == (("name day", "--02-29"),)
    assert "Wedding: in June" in (found.people[0].note or "")
    assert len(found.remarks) == 1
