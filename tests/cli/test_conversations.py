"""A note in one line of prose, how it is read, and the conversations of the past."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st

from tests.conftest import Kin


def _people(kin: Kin, prose: str, *flags: str) -> list[str]:
    """Return the handles that kin reads in a note, which is not kept."""
    read = kin("note", prose, "--dry-run", "--json", *flags)
    assert read.code == 0, read.err
    return [each["handle"] for each in read.json["people"]]


def _texts(kin: Kin, *words: str) -> list[str]:
    return [each["text"] for each in kin("talks", *words, "--json").json]


# What is kept


def test_words_that_the_shell_has_parted_are_one_note(kin: Kin) -> None:
    kin("add", "Maya", "Okafor")
    told = kin("note", "coffee", "with", "Maya", "--json").json
    assert told["text"] == "coffee with Maya"
    assert kin("recall", "maya", "okafor", "--json").json["talks"] == [told]


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
def test_a_note_is_kept_as_it_was_typed(kin: Kin, prose: str) -> None:
    assert kin("note", prose, "--json").json["text"] == prose
    assert _texts(kin) == [prose]


def test_standard_input_is_kept_to_the_last_byte(kin: Kin) -> None:
    kin("add", "Maya")
    assert kin("note", "-", stdin="a walk\r\nand rain\n\n").code == 0
    assert _texts(kin) == ["a walk\r\nand rain\n\n"]


def test_a_note_of_a_megabyte_is_kept_whole(kin: Kin) -> None:
    kin("add", "Maya")
    prose = f"{'~' * 99}\n" * 10_000 + "a walk with Maya ☕\n"
    assert len(prose.encode()) > 1_000_000
    told = kin("note", "-", "--json", stdin=prose)
    assert [each["handle"] for each in told.json["people"]] == ["maya"]
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
def test_any_text_is_kept_and_comes_back_the_same(kin: Kin, words: str) -> None:
    prose = f"memo\n{words}"
    told = kin("note", "-", "--json", stdin=prose)
    assert told.code == 0, told.err
    assert told.json["text"] == prose
    assert _texts(kin, "-n", "1") == [prose]


@pytest.mark.parametrize("stdin", [b"caf\xe9", b"\xed\xb3\xbf", b"a\0b"])
def test_bytes_that_are_no_text_are_refused_and_nothing_is_written(
    kin: Kin, book: Path, stdin: bytes
) -> None:
    kin("add", "Maya")
    before = book.read_bytes()
    told = kin("note", "-", stdin=stdin)
    assert (told.code, told.out) == (2, "")
    assert book.read_bytes() == before


@pytest.mark.parametrize("prose", ["", "  \n\t", "a\0b", "a\udcffb"])
def test_a_note_that_cannot_be_kept_is_refused(kin: Kin, book: Path, prose: str) -> None:
    kin("add", "Maya")
    before = book.read_bytes()
    told = kin("note", prose)
    assert (told.code, told.out) == (2, "")
    assert book.read_bytes() == before


def test_a_note_without_words_asks_for_them(kin: Kin) -> None:
    kin("add", "Maya")
    assert kin("note").code == 2
    assert kin("note", "--no-input").code == 2
    assert kin("note", "-").code == 2


def test_the_first_thing_that_is_typed_may_be_a_note(kin: Kin, book: Path) -> None:
    told = kin("note", "coffee with Maya")
    assert told.code == 0
    assert told.out == "Noted for Mon 23 Nov 2026, today.\n"
    assert book.exists()
    assert _texts(kin) == ["coffee with Maya"]


def test_how_a_note_is_read_is_shown_before_there_is_a_book(kin: Kin, book: Path) -> None:
    told = kin("note", "coffee with Maya", "--dry-run")
    assert (told.code, told.out) == (0, "Read as Mon 23 Nov 2026, today.\n")
    assert not book.exists()


@pytest.mark.parametrize(
    "prose",
    [
        'Maya draws faces like #"--" and #"..."',
        "Maya sang #" + "la" * 200,
        "Maya and I ?" + "why " * 700,
        "we ate at B" + "a" * 300,
    ],
    ids=["a topic of signs", "an endless topic", "an endless thread", "an endless place"],
)
def test_what_kin_cannot_file_stays_text_and_the_note_is_kept(met: Kin, prose: str) -> None:
    told = met("note", prose)
    assert told.code == 0, told.err
    assert _texts(met, "-n", "1") == [prose]


# When it was


def test_a_day_in_front_is_the_day_of_the_conversation(met: Kin) -> None:
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
    read = {prose: met("note", prose, "--dry-run", "--json").json for prose in asked}
    assert {prose: (note["on"], note["precision"]) for prose, note in read.items()} == asked
    assert [note["text"] for note in read.values()] == list(asked)


def test_what_stands_before_a_colon_and_is_no_day_is_said(kin: Kin) -> None:
    kin("add", "Maya")
    assert kin("note", "2026-13-45: Maya sang").out == (
        "Noted for Mon 23 Nov 2026, today, with Maya (maya).\n"
        "  text      “2026-13-45:” stayed text, no day, interest or thread that kin can file\n"
    )


def test_a_day_with_two_readings_is_refused_with_both(met: Kin, book: Path) -> None:
    before = book.read_bytes()
    told = met("note", "3/4: coffee with Maya", "--json")
    assert (told.code, told.out) == (2, "")
    assert sorted(told.error["candidates"]) == ["2026-03-04", "2026-04-03"]
    plain = met("note", "3/4: coffee with Maya")
    assert "2026-03-04" in plain.err and "2026-04-03" in plain.err
    assert book.read_bytes() == before


def test_the_settings_may_say_how_a_slashed_day_is_read(kin: Kin, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('date_order = "dmy"\n', encoding="utf-8")
    assert kin("note", "3/4: tea", "--json").json["on"] == "2026-04-03"


def test_the_flag_says_the_day_and_beats_the_front(kin: Kin) -> None:
    assert kin("note", "yesterday: tea", "--on", "2026-01-02", "--json").json["on"] == "2026-01-02"
    assert kin("note", "tea", "--on", "whenever").code == 2


# What it was about


def test_topics_and_threads_are_read_from_the_prose(met: Kin) -> None:
    read = met(
        "note",
        'Maya on #sourdough, #"board games" and #Sourdough ?did the kiln survive\nand ?how is Ben? so',
        "--json",
    ).json
    assert read["topics"] == ["sourdough", "board games"]
    assert read["threads"] == ["did the kiln survive", "how is Ben?"]


@pytest.mark.parametrize(
    "prose",
    [
        "C# and F#, issue#5, https://x.example/#top",
        r"\#not a topic",
        "we are #1",
        "# heading",
        "https://x.example/?q=tea",
        "really?",
        r"\?not a thread",
        "what?! no",
    ],
)
def test_a_mark_inside_a_word_or_behind_a_backslash_is_text(kin: Kin, prose: str) -> None:
    read = kin("note", prose, "--json").json
    assert (read["topics"], read["threads"], read["text"]) == ([], [], prose)


def test_flags_say_what_prose_could_have_said(met: Kin) -> None:
    told = met(
        *("note", "a long walk", "--with", "maya", "--with", "Tom King", "--on", "yesterday"),
        *("--at", "the river", "--about", "trail running", "--about", "tea"),
        *("--ask", "how was the exam", "--by", "visit", "--json"),
    )
    assert told.json == {
        "on": "2026-11-22",
        "precision": "day",
        "text": "a long walk",
        "people": [
            {"handle": "maya-o", "name": "Maya Okafor", "matched": "maya"},
            {"handle": "tom-k", "name": "Tom King", "matched": "Tom King"},
        ],
        "unsure": [],
        "topics": ["trail running", "tea"],
        "threads": ["how was the exam"],
        "place": "the river",
        "by": "visit",
    }
    (kept,) = met("talks", "maya", "--with", "tom-k", "--json").json
    assert {**kept, "topics": sorted(kept["topics"])} == {
        **told.json,
        "topics": sorted(told.json["topics"]),
    }


def test_a_note_is_echoed_as_it_was_understood(met: Kin) -> None:
    told = met("note", "yesterday: coffee with Maya at Blue Door about #tea ?how is Ben")
    assert told.out == (
        "Noted for Sun 22 Nov 2026, yesterday, with Maya Okafor (maya-o).\n"
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
def test_a_flag_that_is_not_clear_is_refused_and_nothing_is_written(
    met: Kin, book: Path, flags: tuple[str, ...], code: int
) -> None:
    before = book.read_bytes()
    told = met("note", "a long walk", *flags)
    assert (told.code, told.out) == (code, "")
    assert book.read_bytes() == before


def test_a_dry_run_shows_how_a_note_is_read_and_writes_nothing(met: Kin, book: Path) -> None:
    before = book.read_bytes()
    told = met("note", "yesterday: Maya and Priya on #tea ?how is Ben", "--dry-run")
    assert told.out == (
        "Read as Sun 22 Nov 2026, yesterday, with Maya Okafor (maya-o).\n"
        "  about     tea\n"
        "  ask       how is Ben\n"
    )
    assert book.read_bytes() == before


def test_a_dry_run_and_the_note_itself_tell_the_same(met: Kin) -> None:
    words = (
        "note",
        "Zoë, Tom and @maya-o at Blue Door: #tea ?how is Ben",
        "--by",
        "call",
        "--json",
    )
    assert met(*words, "--dry-run").json == met(*words).json


# Who was there


def test_people_are_found_by_the_names_one_writes(met: Kin) -> None:
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
def test_what_only_looks_like_a_name_is_nobody(met: Kin, prose: str) -> None:
    assert _people(met, prose) == []


def test_a_name_of_two_people_is_unsure_and_the_note_is_kept(met: Kin) -> None:
    told = met("note", "lunch with Tom", "--json")
    assert told.json["people"] == []
    assert told.json["unsure"] == [{"text": "Tom", "candidates": ["tom-b", "tom-k"]}]
    assert _texts(met, "-n", "1") == ["lunch with Tom"]


def test_an_unsure_name_is_a_question_with_what_tells_the_two_apart(met: Kin) -> None:
    told = met("note", "lunch with Tom")
    assert told.out == (
        "Noted for Mon 23 Nov 2026, today.\n"
        "  unsure    “Tom” could be Tom Becker (tom-b, met at PyCon)"
        " or Tom King (tom-k, lives in Leeds)\n"
    )
    assert told.err == "Say who “Tom” is: kin note --amend --with tom-b\nUndo it: kin undo\n"


def test_an_unsure_name_is_settled_by_the_full_name_elsewhere(met: Kin) -> None:
    assert _people(met, "lunch with Tom; Tom King paid") == ["tom-k"]


def test_an_unsure_name_is_settled_by_who_were_together_before(met: Kin) -> None:
    assert sorted(_people(met, "Maya and Tom baked")) == ["maya-o", "tom-b"]


def test_an_unsure_name_is_settled_by_a_flag_or_a_handle(met: Kin) -> None:
    assert _people(met, "lunch with Tom", "--with", "tom-k") == ["tom-k"]
    assert _people(met, "@tom-k and then Tom left") == ["tom-k"]
    read = met("note", "lunch with Tom", "--with", "tom-k", "--dry-run", "--json").json
    assert read["unsure"] == []


def test_what_was_together_with_both_stays_unsure(met: Kin) -> None:
    met("note", "Maya with Tom King")
    read = met("note", "Maya and Tom baked", "--json").json
    assert [each["handle"] for each in read["people"]] == ["maya-o"]
    assert read["unsure"] == [{"text": "Tom", "candidates": ["tom-b", "tom-k"]}]


def test_a_stranger_is_offered_and_never_made(met: Kin) -> None:
    told = met("note", "coffee with Maya and Priya Shah")
    assert told.err == "Add Priya Shah? kin add 'Priya Shah'\nUndo it: kin undo\n"
    assert "Priya" not in told.out
    assert len(met("people", "--json").json) == 5


def test_a_handle_that_nobody_has_stays_text_and_that_is_said(met: Kin) -> None:
    told = met("note", "@nobody and Maya")
    assert told.err == "Nobody has the handle @nobody; it stayed text.\nUndo it: kin undo\n"
    assert _texts(met, "-n", "1") == ["@nobody and Maya"]


def test_a_note_that_names_nobody_says_how_to_say_who(met: Kin) -> None:
    told = met("note", "it rained")
    assert (
        told.err
        == "Nobody is named in it. Say who was there: kin note --amend --with WHO\nUndo it: kin undo\n"
    )


def test_a_place_that_is_none_is_refused_when_a_note_is_amended_too(met: Kin) -> None:
    for place in (" ", "x" * 201, "a\0b"):
        assert met("note", "--amend", "--with", "zoe", "--at", place).code == 2
    assert met("note", "--amend", "--with", "zoe", "--at", " Blue Door ", "--json").code == 0
    assert met("talks", "-n", "1", "--json").json[0]["place"] == "Blue Door"
