"""`kin notes`, and amending the last note."""

from pathlib import Path
from typing import Any

from tests.conftest import Kin


def _texts(kin: Kin, *words: str) -> list[str]:
    return [each["text"] for each in kin("notes", *words, "--json").json["notes"]]


# Amending


def _newest(kin: Kin) -> Any:
    return kin("notes", "-n", "1", "--json").json["notes"][0]


def test_amend_adds_flags_to_the_last_note_and_its_text_stays(met: Kin) -> None:
    met("note", "lunch with Tom")
    (note,) = met(
        *("note", "--amend", "--with", "tom-k", "--about", "chess", "--ask", "how is Ben"),
        *("--at", "Blue Door", "--by", "visit", "--json"),
    ).json["notes"]
    assert note == {
        "on": "2026-11-23",
        "precision": "day",
        "text": "lunch with Tom",
        "people": [{"handle": "tom-k", "name": "Tom King", "matched": "tom-k"}],
        "unsure": [],
        "interests": [{"key": "chess", "label": "chess"}],
        "questions": [
            {
                "text": "how is Ben",
                "people": [{"handle": "tom-k", "name": "Tom King"}],
                "on": None,
            }
        ],
        "place": "Blue Door",
        "by": "visit",
        "new_names": [],
    }
    assert {**_newest(met), "new_names": []} == note
    assert [each["text"] for each in met("recall", "tom-k", "--json").json["questions"]] == [
        "how is Ben"
    ]


def test_amend_moves_a_note_to_another_day(met: Kin) -> None:
    met("note", "tea with Grace")
    met("note", "--amend", "--on", "2026-11-10")
    assert met("recall", "grace", "--json").json["person"]["last_note"] == "2026-11-10"


def test_amend_makes_a_day_more_exact(kin: Kin) -> None:
    kin("add", "Maya")
    kin("note", "march 2026: tea")
    (note,) = kin("note", "--amend", "--on", "2026-03-01", "--json").json["notes"]
    assert (note["on"], note["precision"]) == ("2026-03-01", "day")


def test_a_dry_run_of_amend_writes_nothing(met: Kin, book: Path) -> None:
    before = book.read_bytes()
    (note,) = met("note", "--amend", "--with", "grace", "--dry-run", "--json").json["notes"]
    assert [each["handle"] for each in note["people"]] == ["grace-h", "maya-o"]
    assert book.read_bytes() == before


def test_amend_needs_a_flag_and_no_text_and_a_note(kin: Kin) -> None:
    kin("add", "Maya")
    assert kin("note", "--amend", "--with", "maya").code == 3
    kin("note", "tea")
    assert kin("note", "--amend").code == 2
    assert kin("note", "other words", "--amend", "--with", "maya").code == 2
    assert _texts(kin) == ["tea"]


# Listing


def test_notes_come_newest_first(met: Kin) -> None:
    met("note", "2020-01-01: an old one, noted late")
    assert [each["on"] for each in met("notes", "--json").json["notes"]] == [
        "2026-11-20",
        "2026-10-01",
        "2020-01-01",
    ]


def test_notes_are_filtered(met: Kin) -> None:
    met("note", "2026-10-15: Maya alone at the Café Zola")
    fado, kiln, alone = "2026-11-20", "2026-10-01", "2026-10-15"
    asked = {
        ("maya",): [fado, alone, kiln],
        ("tom-b",): [kiln],
        ("--with", "maya", "--with", "tom-b"): [kiln],
        ("maya", "--with", "Tom Becker"): [kiln],
        ("grace",): [],
        ("--about", "Pottery"): [kiln],
        ("--about", "chess"): [],
        ("--at", "blue door"): [kiln],
        ("--at", "cafe zola"): [alone],
        ("--since", "2026-10-15"): [fado, alone],
        ("--until", "2026-10-15"): [alone, kiln],
        ("--since", "2026-10-02", "--until", "2026-11-19"): [alone],
        ("maya", "--until", "2026-10-15", "-n", "1"): [alone],
        ("-n", "0"): [fado, alone, kiln],
    }
    found = {
        words: [each["on"] for each in met("notes", *words, "--json").json["notes"]]
        for words in asked
    }
    assert found == asked


def test_until_a_month_or_a_year_includes_its_end(met: Kin) -> None:
    assert [
        each["on"] for each in met("notes", "--until", "november 2026", "--json").json["notes"]
    ] == [
        "2026-11-20",
        "2026-10-01",
    ]
    assert len(met("notes", "--until", "2026", "--json").json["notes"]) == 2


def test_a_filter_with_something_unknown_is_refused(met: Kin) -> None:
    assert met("notes", "nobody").code == 3
    assert met("notes", "tom").code == 4
    assert met("notes", "--with", "nobody").code == 3
    assert met("notes", "--about", "falconry").code == 3
    assert met("notes", "--since", "3/4").code == 2
    assert met("notes", "--until", "whenever").code == 2


def test_a_note_in_a_pipe_is_a_line_with_tabs(met: Kin) -> None:
    met("note", "two\nlines\tand a tab with Maya", "--at", "Rome")
    assert met("notes", "-n", "1", "--plain").out == (
        "2026-11-23\tmaya-o\tRome\ttwo\\nlines\\tand a tab with Maya\n"
    )


def test_an_empty_list_of_notes_comes_with_a_hint(met: Kin) -> None:
    result = met("notes", "--since", "2026-11-22")
    assert (result.code, result.out, result.err) == (0, "", "No notes match.\n")
