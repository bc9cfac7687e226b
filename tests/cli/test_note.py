"""`kin note`: what is stored, and what kin reads in one line of prose."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st

from tests.conftest import Kin

UNSURE_TOM = {
    "kind": "person",
    "text": "Tom",
    "candidates": [
        {"handle": "tom-b", "name": "Tom Becker"},
        {"handle": "tom-k", "name": "Tom King"},
    ],
}


def _people(kin: Kin, prose: str, *flags: str) -> list[str]:
    """Return the handles that kin reads in a note, which is not saved."""
    result = kin("note", prose, "--dry-run", "--json", *flags)
    assert result.code == 0, result.err
    return [each["handle"] for each in result.json["notes"][0]["people"]]


def _note(kin: Kin, *words: str, stdin: str = "") -> Any:
    """Save a note and return it as JSON."""
    result = kin("note", *words, "--json", stdin=stdin)
    assert result.code == 0, result.err
    (note,) = result.json["notes"]
    return note


def _texts(kin: Kin, *words: str) -> list[str]:
    return [each["text"] for each in kin("notes", *words, "--json").json["notes"]]


# What is stored


def test_words_split_by_the_shell_are_one_note(kin: Kin) -> None:
    kin("add", "Maya", "Okafor")
    note = _note(kin, "coffee", "with", "Maya")
    assert (note["text"], note.pop("new_names")) == ("coffee with Maya", [])
    assert kin("recall", "maya", "okafor", "--json").json["notes"] == [note]


@pytest.mark.parametrize(
    "prose",
    [
        "coffee  with Maya \t and\n\n  cake ",
        "Zoë, Zoe\u0308, ﬀ, 陶芸, שלום, 👩🏽‍🚀 and \u202eevil\u202c",
        "bell \x07, escape \x1b[31m, delete \x7f and \x85",
        "windows\r\nand old mac\rand unix\n",
        "\ufeffa mark of order in front",
        '`rm -rf`; \'"$HOME" \\# \\? %s {}',
    ],
)
def test_a_note_is_stored_as_typed(kin: Kin, prose: str) -> None:
    assert _note(kin, prose)["text"] == prose
    assert _texts(kin) == [prose]


def test_standard_input_is_stored_to_the_last_byte(kin: Kin) -> None:
    kin("add", "Maya")
    assert kin("note", "-", stdin="a walk\r\nand rain\n\n").code == 0
    assert _texts(kin) == ["a walk\r\nand rain\n\n"]


def test_a_note_of_a_megabyte_is_stored_whole(kin: Kin) -> None:
    kin("add", "Maya")
    prose = f"{'~' * 99}\n" * 10_000 + "a walk with Maya ☕\n"
    assert len(prose.encode()) > 1_000_000
    assert [each["handle"] for each in _note(kin, "-", stdin=prose)["people"]] == ["maya"]
    assert _texts(kin, "maya") == [prose]


@settings(
    max_examples=20,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80))
@example("?")
@example("#")
@example('#"')
@example("@")
def test_any_text_comes_back_unchanged(kin: Kin, words: str) -> None:
    prose = f"memo\n{words}"
    assert _note(kin, "-", stdin=prose)["text"] == prose
    assert _texts(kin, "-n", "1") == [prose]


@pytest.mark.parametrize("stdin", [b"caf\xe9", b"\xed\xb3\xbf", b"a\0b"])
def test_bytes_that_are_not_text_are_refused_and_nothing_is_written(
    kin: Kin, book: Path, stdin: bytes
) -> None:
    kin("add", "Maya")
    before = book.read_bytes()
    result = kin("note", "-", stdin=stdin)
    assert (result.code, result.out) == (2, "")
    assert book.read_bytes() == before


@pytest.mark.parametrize("prose", ["", "  \n\t", "a\0b", "a\udcffb"])
def test_a_note_that_cannot_be_stored_is_refused(kin: Kin, book: Path, prose: str) -> None:
    kin("add", "Maya")
    before = book.read_bytes()
    result = kin("note", prose)
    assert (result.code, result.out) == (2, "")
    assert book.read_bytes() == before


def test_a_note_without_words_asks_for_them(kin: Kin) -> None:
    kin("add", "Maya")
    assert kin("note").code == 2
    assert kin("note", "--no-input").code == 2
    assert kin("note", "-").code == 2


def test_the_first_command_may_be_a_note(kin: Kin, book: Path) -> None:
    result = kin("note", "coffee with Maya")
    assert result.code == 0
    assert result.out == "Noted: Mon 23 Nov 2026, today.\n"
    assert book.exists()
    assert _texts(kin) == ["coffee with Maya"]


def test_a_dry_run_works_before_there_is_a_book(kin: Kin, book: Path) -> None:
    result = kin("note", "coffee with Maya", "--dry-run")
    assert (result.code, result.out) == (0, "Would note: Mon 23 Nov 2026, today.\n")
    assert not book.exists()


@pytest.mark.parametrize(
    "prose",
    [
        'Maya draws faces like #"--" and #"..."',
        "Maya sang #" + "la" * 200,
        "Maya and I ?" + "why " * 700,
        "we ate at B" + "a" * 300,
    ],
    ids=["an interest of signs", "an endless interest", "an endless question", "an endless place"],
)
def test_a_note_with_marks_that_cannot_be_stored_is_saved_as_text(met: Kin, prose: str) -> None:
    result = met("note", prose)
    assert result.code == 0, result.err
    assert _texts(met, "-n", "1") == [prose]


# When it was


def test_a_day_before_a_colon_is_the_day_of_the_note(met: Kin) -> None:
    asked = {
        "yesterday: tea": ("2026-11-22", "day"),
        "Last Tue: tea": ("2026-11-17", "day"),
        "3 weeks ago: tea": ("2026-11-02", "week"),
        "12 march: tea": ("2026-03-12", "day"),
        "2026-03-12: tea": ("2026-03-12", "day"),
        "march 2024: tea": ("2024-03-01", "month"),
        "tea with Maya": ("2026-11-23", "day"),
        "Idea: tea": ("2026-11-23", "day"),
        "yesterday at 10:30: tea": ("2026-11-22", "day"),
        "may 32: tea": ("2026-11-23", "day"),
    }
    read = {prose: met("note", prose, "--dry-run", "--json").json["notes"][0] for prose in asked}
    assert {prose: (note["on"], note["precision"]) for prose, note in read.items()} == asked
    assert [note["text"] for note in read.values()] == list(asked)


def test_words_before_a_colon_that_are_not_a_day_are_reported(kin: Kin) -> None:
    kin("add", "Maya")
    assert kin("note", "2026-13-45: Maya sang").out == (
        "Noted: Mon 23 Nov 2026, today, with Maya (maya).\n"
        "  text      “2026-13-45:” was kept as text: not a day, interest or question that kin knows\n"
    )


def test_an_ambiguous_day_is_refused_with_both_readings(met: Kin, book: Path) -> None:
    before = book.read_bytes()
    result = met("note", "3/4: coffee with Maya", "--json")
    assert (result.code, result.out) == (2, "")
    assert sorted(result.error["candidates"]) == ["2026-03-04", "2026-04-03"]
    plain = met("note", "3/4: coffee with Maya")
    assert "2026-03-04" in plain.err and "2026-04-03" in plain.err
    assert book.read_bytes() == before


def test_the_settings_decide_how_a_day_with_slashes_is_read(kin: Kin, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('date_order = "dmy"\n', encoding="utf-8")
    assert _note(kin, "3/4: tea")["on"] == "2026-04-03"


def test_the_day_of_the_flag_wins_over_that_of_the_text(kin: Kin) -> None:
    assert _note(kin, "yesterday: tea", "--on", "2026-01-02")["on"] == "2026-01-02"
    assert kin("note", "tea", "--on", "whenever").code == 2


# What it was about


def test_interests_and_questions_are_read_from_the_prose(met: Kin) -> None:
    note = _note(
        met,
        'Maya on #sourdough, #"board games" and #Sourdough ?did the kiln survive\nand ?how is Ben? so',
    )
    assert note["interests"] == [
        {"key": "sourdough", "label": "sourdough"},
        {"key": "boardgame", "label": "board games"},
    ]
    maya = {"handle": "maya-o", "name": "Maya Okafor"}
    assert note["questions"] == [
        {"text": "did the kiln survive", "people": [maya], "on": None},
        {"text": "how is Ben?", "people": [maya], "on": None},
    ]


@pytest.mark.parametrize(
    "prose",
    [
        "C# and F#, issue#5, https://x.example/#top",
        r"\#not an interest",
        "we are #1",
        "# heading",
        "https://x.example/?q=tea",
        "really?",
        r"\?not a question",
        "what?! no",
    ],
)
def test_a_mark_inside_a_word_or_after_a_backslash_is_text(kin: Kin, prose: str) -> None:
    note = _note(kin, prose)
    assert (note["interests"], note["questions"], note["text"]) == ([], [], prose)


def test_flags_give_what_the_prose_does_not(met: Kin) -> None:
    note = _note(
        met,
        *("a long walk", "--with", "maya", "--with", "Tom King", "--on", "yesterday"),
        *("--at", "the river", "--about", "trail running", "--about", "tea"),
        *("--ask", "how was the exam", "--by", "visit"),
    )
    assert note == {
        "on": "2026-11-22",
        "precision": "day",
        "text": "a long walk",
        "people": [
            {"handle": "maya-o", "name": "Maya Okafor", "matched": "maya"},
            {"handle": "tom-k", "name": "Tom King", "matched": "Tom King"},
        ],
        "unsure": [],
        "interests": [
            {"key": "trailrunning", "label": "trail running"},
            {"key": "tea", "label": "tea"},
        ],
        "questions": [
            {
                "text": "how was the exam",
                "people": [
                    {"handle": "maya-o", "name": "Maya Okafor"},
                    {"handle": "tom-k", "name": "Tom King"},
                ],
                "on": None,
            }
        ],
        "place": "the river",
        "by": "visit",
        "new_names": [],
    }
    (stored,) = met("notes", "maya", "--with", "tom-k", "--json").json["notes"]
    note["interests"].reverse()  # by label in the book
    assert {**stored, "new_names": []} == note


def test_the_echo_shows_how_a_note_was_understood(met: Kin) -> None:
    result = met("note", "yesterday: coffee with Maya at Blue Door about #tea ?how is Ben")
    assert result.out == (
        "Noted: Sun 22 Nov 2026, yesterday, with Maya Okafor (maya-o).\n"
        "  at        Blue Door\n"
        "  about     tea\n"
        "  ask       how is Ben\n"
    )


@pytest.mark.parametrize(
    ("flags", "code"),
    [
        (("--with", "nobody"), 3),
        (("--with", "tom"), 4),
        (("--by", "fax"), 2),
        (("--on", "3/4"), 2),
        (("--about", "…"), 2),
        (("--ask", " "), 2),
    ],
)
def test_an_unclear_flag_is_refused_and_nothing_is_written(
    met: Kin, book: Path, flags: tuple[str, ...], code: int
) -> None:
    before = book.read_bytes()
    result = met("note", "a long walk", *flags)
    assert (result.code, result.out) == (code, "")
    assert book.read_bytes() == before


def test_a_dry_run_shows_how_a_note_is_read_and_writes_nothing(met: Kin, book: Path) -> None:
    before = book.read_bytes()
    result = met("note", "yesterday: Maya and Priya on #tea ?how is Ben", "--dry-run")
    assert result.out == (
        "Would note: Sun 22 Nov 2026, yesterday, with Maya Okafor (maya-o).\n"
        "  about     tea\n"
        "  ask       how is Ben\n"
    )
    assert book.read_bytes() == before


def test_a_dry_run_gives_the_same_json_as_the_note(met: Kin) -> None:
    words = (
        "note",
        "Zoë, Tom and @maya-o at Blue Door: #tea ?how is Ben",
        "--by",
        "call",
        "--json",
    )
    assert met(*words, "--dry-run").json == met(*words).json


# Who was there


def test_people_are_found_by_the_names_people_write(met: Kin) -> None:
    asked = {
        "coffee with Maya Okafor": ["maya-o"],
        "coffee with Maya": ["maya-o"],
        "coffee with maya": ["maya-o"],
        "coffee with Mo": ["maya-o"],
        "Maya's new kiln": ["maya-o"],
        "Maya’s new kiln": ["maya-o"],
        "zoe's bread": ["zoe-o"],
        "Zoë and ZOË O'BRIEN": ["zoe-o"],
        "lunch with Tom B": ["tom-b"],
        "lunch with Tom K.": ["tom-k"],
        "a call with Grace": ["grace-h"],
        "@grace-h sailed": ["grace-h"],
        "Maya, Zoe and Grace": ["grace-h", "maya-o", "zoe-o"],
    }
    assert {prose: sorted(_people(met, prose)) for prose in asked} == asked


@pytest.mark.parametrize(
    "prose",
    [
        "saw Grace Kelly in a film",
        "by the grace of it",
        "mail to maya@example.org",
        "see https://maya.example/Grace and www.zoe.example",
        "the mayan calendar, Mayaland",
        "they went on and on",
    ],
)
def test_what_only_looks_like_a_name_is_no_one(met: Kin, prose: str) -> None:
    assert _people(met, prose) == []


def test_a_name_of_two_people_is_unsure_and_the_note_is_kept(met: Kin) -> None:
    note = _note(met, "lunch with Tom")
    assert note["people"] == []
    assert note["unsure"] == [UNSURE_TOM]
    assert _texts(met, "-n", "1") == ["lunch with Tom"]


def test_an_unsure_name_is_shown_with_what_tells_the_two_apart(met: Kin) -> None:
    result = met("note", "lunch with Tom")
    assert result.out == (
        "Noted: Mon 23 Nov 2026, today.\n"
        "  unsure    “Tom” could be Tom Becker (tom-b, met at PyCon)"
        " or Tom King (tom-k, lives in Leeds)\n"
    )
    assert result.err == "Say who “Tom” is: kin note --amend --with tom-b\nUndo it: kin undo\n"


def test_the_full_name_elsewhere_settles_an_unsure_name(met: Kin) -> None:
    assert _people(met, "lunch with Tom; Tom King paid") == ["tom-k"]


def test_earlier_notes_with_the_same_company_settle_an_unsure_name(met: Kin) -> None:
    assert sorted(_people(met, "Maya and Tom baked")) == ["maya-o", "tom-b"]


def test_a_flag_or_a_handle_settles_an_unsure_name(met: Kin) -> None:
    assert _people(met, "lunch with Tom", "--with", "tom-k") == ["tom-k"]
    assert _people(met, "@tom-k and then Tom left") == ["tom-k"]
    assert _note(met, "lunch with Tom", "--with", "tom-k", "--dry-run")["unsure"] == []


def test_a_name_stays_unsure_if_both_were_in_earlier_notes(met: Kin) -> None:
    met("note", "Maya with Tom King")
    note = _note(met, "Maya and Tom baked")
    assert [each["handle"] for each in note["people"]] == ["maya-o"]
    assert note["unsure"] == [UNSURE_TOM]


def test_an_unknown_name_is_offered_and_never_added(met: Kin) -> None:
    result = met("note", "coffee with Maya and Priya Shah")
    assert result.err == "Add Priya Shah? kin add 'Priya Shah'\nUndo it: kin undo\n"
    assert _note(met, "coffee with Maya and Priya Shah")["new_names"] == ["Priya Shah"]
    assert "Priya" not in result.out
    assert len(met("people", "--json").json) == 5


def test_an_unknown_handle_stays_text_and_is_reported(met: Kin) -> None:
    result = met("note", "@nobody and Maya")
    assert result.err == "There is no @nobody; kept as text.\nUndo it: kin undo\n"
    assert _texts(met, "-n", "1") == ["@nobody and Maya"]


def test_a_note_without_people_asks_who_was_there(met: Kin) -> None:
    result = met("note", "it rained")
    assert result.err == "Who were you with? kin note --amend --with WHO\nUndo it: kin undo\n"


def test_an_invalid_place_is_refused_when_a_note_is_amended_too(met: Kin) -> None:
    for place in (" ", "x" * 201, "a\0b"):
        assert met("note", "--amend", "--with", "zoe", "--at", place).code == 2
    assert met("note", "--amend", "--with", "zoe", "--at", " Blue Door ", "--json").code == 0
    assert met("notes", "-n", "1", "--json").json["notes"][0]["place"] == "Blue Door"
