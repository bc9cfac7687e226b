"""kin's own CSV: it opens in any spreadsheet, has no formulas, and reads back the same."""

import csv
import io
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import example, given, strategies as st

from kin.formats import table
from kin.formats.editor_card import CardInterest, Contact
from kin.formats.records import ImportedPerson, ImportedTie
from kin.formats.table import write as table_write
from kin.formats.table.write import write_table
from kin.vocabulary.catalog import normalize_interest

TODAY = date(2026, 11, 23)
MAYA = ImportedPerson(
    name="Maya Okafor",
    source="",
    nicknames=("Mo", "O, Maya"),
    contacts=(
        Contact("email", "maya@example.org"),
        Contact("email", "maya@work.example", "work"),
        Contact("phone", "+44 7700 900111", "mobile"),
        Contact("link", "https://maya.example/kiln"),
    ),
    birthday="1984-03-12",
    dates=(("wedding", "2019-06-12"), ("name day", "--02-29")),
    lives="Lagos",
    circle="close",
    note="Likes rain.\n\n- and lists",
    into=(CardInterest("pottery", "her father had a kiln"), CardInterest("sourdough")),
    differ=(CardInterest("pineapple on pizza"),),
    groups=("book club", "family"),
    ties=(ImportedTie("partner", "Kim"),),
    met_on="2026-11-01",
    met_precision="month",
    met_at="PyCon",
    met_story="We stood in the rain:\n  she laughed",
    met_through="Tom Baker",
)


def read_back(people: list[ImportedPerson]) -> list[ImportedPerson]:
    """Return the people as they read back from kin's CSV, without their sources."""
    records = table.read_table(write_table(people), "kin.csv", today=TODAY)
    assert (records.kind, records.skipped, records.warnings) == ("kin CSV", (), ())
    return [replace(person, source="") for person in records.people]


def cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def test_the_file_is_utf8_with_a_byte_order_mark_crlf_and_one_row_for_each_person() -> None:
    data = write_table([MAYA, replace(MAYA, name="Zoë 李")])
    assert data.startswith(b'\xef\xbb\xbf"Name",')
    assert data.endswith(b"\r\n")
    header, maya, zoe = cells(data)
    assert header == list(table_write.HEADER)
    assert (maya[0], zoe[0]) == ("Maya Okafor", "Zoë 李")


def test_every_field_reads_back() -> None:
    assert read_back([MAYA]) == [MAYA]
    filled = {field.name for field in fields(MAYA) if getattr(MAYA, field.name) not in (None, ())}
    assert filled == {field.name for field in fields(MAYA)} - {"uid", "key", "raw", "unread_texts"}


def test_cells_are_readable() -> None:
    row = dict(zip(table_write.HEADER, cells(write_table([MAYA]))[1], strict=True))
    assert row["Into"] == "pottery -- her father had a kiln ::: sourdough"
    assert row["Email"] == "maya@example.org ::: work: maya@work.example"
    assert row["Link"] == "https://maya.example/kiln"
    assert row["Ties"] == "partner: Kim"
    assert row["Met on"] == "month of 2026-11-01"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_no_cell_can_be_a_formula(sign: str) -> None:
    person = ImportedPerson(f"{sign}cmd|' /C calc'!A0", "", note=f"{sign}1", lives=f"'{sign}1")
    assert not [
        cell for row in cells(write_table([person])) for cell in row if cell.startswith(sign)
    ]
    assert read_back([person]) == [person]


def test_an_apostrophe_of_the_text_stays() -> None:
    people = [
        ImportedPerson("'Aziza", ""),
        ImportedPerson("''=x", ""),
        ImportedPerson("'", "", note="'+"),
    ]
    assert read_back(people[:2]) == people[:2]


def test_no_people_are_a_header_without_rows() -> None:
    assert read_back([]) == []


WORDS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
        st.sampled_from(" :-'=+\",;\t\n\r|"),
    ),
    min_size=1,
    max_size=12,
).filter(lambda words: "\r\n" not in words)
LABELS = WORDS.filter(lambda words: bool(normalize_interest(words)))
NAMES = WORDS.filter(lambda words: any(map(str.isalnum, words)))
INTERESTS = st.builds(CardInterest, LABELS, st.none() | WORDS)
DATES = st.dates(date(1900, 1, 1), date(2026, 11, 22)).map(date.isoformat)
DAYS = DATES | DATES.map(lambda day: f"-{day[4:]}")


def several(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(values, max_size=3, unique=True).map(tuple)


def interests() -> st.SearchStrategy[tuple[CardInterest, ...]]:
    return st.lists(INTERESTS, max_size=3, unique_by=lambda each: each.label).map(tuple)


def contacts(kind: str) -> st.SearchStrategy[list[Contact]]:
    contact = st.builds(Contact, st.just(kind), WORDS, st.none() | WORDS)
    return st.lists(contact, max_size=2, unique_by=lambda each: each.value)


@st.composite
def people(draw: st.DrawFn) -> ImportedPerson:
    met = draw(st.none() | DATES)
    return ImportedPerson(
        name=draw(NAMES),
        source="",
        nicknames=draw(several(WORDS)),
        contacts=tuple(
            contact for kind in ("email", "phone", "link") for contact in draw(contacts(kind))
        ),
        birthday=draw(st.none() | DAYS),
        dates=draw(st.lists(st.tuples(WORDS, DAYS), max_size=2, unique=True).map(tuple)),
        lives=draw(st.none() | WORDS),
        circle=draw(st.sampled_from([None, "inner", "wide"])),
        note=draw(st.none() | WORDS),
        into=draw(interests()),
        differ=draw(interests()),
        groups=draw(several(WORDS)),
        ties=draw(
            st.lists(st.builds(ImportedTie, WORDS, WORDS), max_size=2, unique=True).map(tuple)
        ),
        met_on=met,
        met_precision=draw(st.sampled_from(["day", "week", "month", "year"])) if met else None,
        met_at=draw(st.none() | WORDS),
        met_story=draw(st.none() | WORDS),
        met_through=draw(st.none() | WORDS),
    )


@given(st.lists(people(), max_size=3))
@example(
    [
        ImportedPerson(
            "a ::: b",
            "",
            nicknames=("x:::", "::: y", ":: "),
            into=(CardInterest("a -- b", "-- c"),),
        )
    ]
)
@example(
    [ImportedPerson("A", "", ties=(ImportedTie("a: b:", ": c: d"),), groups=("* mine", "a; b"))]
)
@example(
    [
        ImportedPerson(
            "A", "", contacts=(Contact("link", "a:: b", None), Contact("link", "x", "tel:"))
        )
    ]
)
def test_any_people_read_back_the_same(records: list[ImportedPerson]) -> None:
    assert read_back(records) == records
    rows = cells(write_table(records))
    assert {len(row) for row in rows} == {len(table_write.HEADER)}
    assert not [cell for row in rows for cell in row if cell.startswith(tuple("=+-@\t\r"))]


def test_a_file_saved_by_a_spreadsheet_reads_back() -> None:
    zoe = replace(MAYA, name="Zoë", birthday="1984-03-12", met_on="2026-10-31", met_precision="day")
    rows = cells(write_table([zoe, replace(MAYA, name="Sam", birthday="1990-04-13")]))
    day, met = table_write.HEADER.index("Birthday"), table_write.HEADER.index("Met on")
    rows[1][day], rows[1][met], rows[2][day] = "12/03/1984", "31/10/2026", "13/04/1990"
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)
    found = table.read_table(out.getvalue().encode("cp1252"), "kin.csv", today=TODAY)
    assert found.kind == "kin CSV"
    assert [replace(person, source="") for person in found.people] == [
        zoe,
        replace(MAYA, name="Sam", birthday="1990-04-13"),
    ]


def test_a_date_that_became_invalid_is_kept_as_text() -> None:
    rows = cells(write_table([MAYA]))
    rows[1][table_write.HEADER.index("Dates")] = "wedding: in June ::: name day: --02-29"
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    found = table.read_table(out.getvalue().encode(), "kin.csv", today=TODAY)
    assert found.people[0].dates == (("name day", "--02-29"),)
    assert "Wedding: in June" in (found.people[0].note or "")
    assert len(found.warnings) == 1
