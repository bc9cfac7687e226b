"""You found something: who would love it, which words say so, and who you sent it to."""

import io
import os
import re
import sqlite3
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st

from kin.cli.app import run
from kin.suggestions.share import load_everyday_words
from kin.suggestions.weights import LONGEST_SHARED_TEXT
from kin.vocabulary import catalog
from tests.conftest import TODAY, Kin
from tests.terminal import on_terminal
from tests.test_architecture import modules_after

PEOPLE = (
    ("me", "--name", "Robin", "--into", "pottery"),
    ("add", "Maya Okafor", "--into", "pottery -- her father had a kiln", "--into", "fado"),
    ("add", "Tom King", "--into", "pottery", "--into", "chess"),
    ("add", "Ana Ruiz", "--into", "trail running -- a missed bus", "--into", "film photography"),
    ("add", "Pat Ray", "--into", "climbing", "--into", "science fiction"),
    ("add", "Kai Lind", "--into", "bouldering", "--into", "D&D", "--into", "C++"),
    ("add", "Grace Hopper", "--into", "sailing", "--into", "go", "--into", "reading"),
    ("add", "Yuki Mori", "--into", "書道", "--into", "茶", "--into", "guitar"),
    ("note", "2026-10-01: coffee with @tom-k, all about glazes #pottery"),
)


@pytest.fixture(scope="session")
def _friends(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the bytes of a book with these people in it, made by kin once for the whole run."""
    path = tmp_path_factory.mktemp("share") / "book.db"
    environment = {"KIN_DB": str(path), "KIN_NOW": TODAY, "KIN_CONFIG": os.devnull}
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        for words in PEOPLE:
            assert run(list(words), environment) == 0, words
    return path.read_bytes()


@pytest.fixture
def friends(kin: Kin, book: Path, _friends: bytes) -> Kin:
    """Return kin with a book of these people."""
    book.touch(mode=0o600)
    book.write_bytes(_friends)
    return kin


def _share(kin: Kin, *words: str) -> Any:
    result = kin("share", "--json", *words)
    assert (result.code, result.err) == (0, ""), result.err
    return result.json


def _who(kin: Kin, *words: str) -> list[str]:
    return [each["person"]["handle"] for each in _share(kin, *words)]


def _words(kin: Kin, text: str) -> dict[str, list[str]]:
    return {each["person"]["handle"]: each["words"] for each in _share(kin, text)}


def _sent(book: Path) -> list[tuple[str, str, str]]:
    with sqlite3.connect(book) as db:
        return db.execute(
            "SELECT p.handle, s.day, s.text FROM sent s JOIN person p ON p.id = s.person_id ORDER BY s.id"
        ).fetchall()


# Who would love it, and why


def test_a_find_leads_to_people_who_love_it_and_quotes_your_notes(friends: Kin) -> None:
    assert _share(friends, "A short history of the Kiln, and of Pottery") == [
        {
            "person": {"handle": "tom-k", "name": "Tom King"},
            "because": "Tom is into pottery. “coffee with @tom-k, all about glazes #pottery”",
            "interest": "pottery",
            "via": None,
            "words": ["Pottery"],
        },
        {
            "person": {"handle": "maya-o", "name": "Maya Okafor"},
            "because": "Maya is into pottery. “her father had a kiln”",
            "interest": "pottery",
            "via": None,
            "words": ["Pottery"],
        },
    ]


def test_a_list_in_a_pipe_is_a_line_for_each_person(friends: Kin) -> None:
    result = friends("share", "an evening of fado and pottery")
    assert result.out == (
        "Maya Okafor\tmaya-o\tMaya is into fado and pottery. “her father had a kiln”\n"
        "Tom King\ttom-k\tTom is into pottery. “coffee with @tom-k, all about glazes #pottery”\n"
    )
    assert result.err == "Sent it? kin share 'an evening of fado and pottery' --sent-to maya-o\n"


def test_a_list_on_a_terminal_fits_it(friends: Kin) -> None:
    friends("share", "raku and pottery", "--sent-to", "tom-k")
    assert on_terminal(["share", "raku", "and", "pottery"]).rows == [
        "Maya Okafor  maya-o",
        "  Maya is into pottery. “her father had a kiln”",
        "You sent it to Tom King (tom-k) on Mon 23 Nov 2026.",
        "Sent it? kin share 'raku and pottery' --sent-to maya-o",
    ]


def test_one_broader_step_either_way_is_explained(friends: Kin) -> None:
    direct, via = _share(friends, "the new bouldering hall in town")
    assert (direct["person"]["handle"], direct["via"]) == ("kai-l", None)
    assert via == {
        "person": {"handle": "pat-r", "name": "Pat Ray"},
        "because": "Pat is into climbing, and “bouldering” is one kind.",
        "interest": "climbing",
        "via": "climbing",
        "words": ["bouldering"],
    }
    direct, via = _share(friends, "climbing in the old days")
    assert (direct["person"]["handle"], direct["via"]) == ("pat-r", None)
    assert via == {
        "person": {"handle": "kai-l", "name": "Kai Lind"},
        "because": "Kai is into bouldering, and this mentions “climbing”.",
        "interest": "bouldering",
        "via": "climbing",
        "words": ["climbing"],
    }


def test_a_common_broader_term_leads_to_no_one(friends: Kin) -> None:
    for number in range(8):
        friends("add", f"Climber{number} Of", "--into", "climbing")
    assert _who(friends, "bouldering at night") == ["kai-l"]
    assert "kai-l" not in _who(friends, "climbing at night", "-n", "0")
    assert len(_who(friends, "climbing at night", "-n", "0")) == 9


def test_the_rare_comes_before_the_common_and_two_before_one(friends: Kin) -> None:
    assert _who(friends, "pottery and chess in the village") == ["tom-k", "maya-o"]
    assert _who(friends, "pottery, or an evening of fado, say") == ["maya-o", "tom-k"]
    assert _who(friends, "fado or pottery or sailing, you say")[-1] == "tom-k"


def test_at_most_five_people_are_named(friends: Kin) -> None:
    for number in range(7):
        friends("add", f"Potter{number} Of", "--into", "pottery")
    assert len(_who(friends, "pottery")) == 5
    assert len(_who(friends, "pottery", "-n", "2")) == 2
    assert len(_who(friends, "pottery", "-n", "0")) == 9
    assert _who(friends, "pottery") == _who(friends, "pottery")


def test_you_and_people_who_are_snoozed_or_differ_are_left_out(friends: Kin) -> None:
    friends("reconnect", "--snooze", "maya")
    friends("edit", "grace", "--differ", "pottery")
    assert _who(friends, "pottery") == ["tom-k"]


def test_other_names_of_an_interest_lead_to_it(friends: Kin) -> None:
    assert _words(friends, "Töpfern für alle, eine Anleitung") == {
        "maya-o": ["Töpfern"],
        "tom-k": ["Töpfern"],
    }
    assert _who(friends, "a ghost story for Dungeons and Dragons players") == ["kai-l"]
    assert "pat-r" in _who(friends, "the best sci-fi of the year so far")


def test_no_one_found_is_a_warm_word_and_no_failure(friends: Kin) -> None:
    result = friends("share", "a treatise on falconry")
    assert (result.code, result.out, result.err) == (
        0,
        "",
        "As far as your book knows, no one loves this yet; you may know better.\n"
        "Someone does? Add it: kin edit WHO --into X\n",
    )
    assert friends("share", "a treatise on falconry", "--json").out == "[]\n"


# The words of the text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "a business up and running",
            "let us go for it now",
            "it goes without saying that it rains",
        ),
        *(
            "a good reading of the room is half the work",
            "on home ground, on the run, in the field",
        ),
        *("we left by hand. Ball games came later", "the tea, party and all that followed"),
        "on the way to tea\n\nparty of the first part",
        *("set a place for me at the table", "he played out the day, ending in a tavern"),
    ],
)
def test_everyday_words_mean_no_interest(friends: Kin, text: str) -> None:
    for number, label in enumerate(
        ("running", "handball", "tea party", "setas", "tavern ending", "work")
    ):
        friends("add", f"Lover{number} Of", "--into", label)
    assert _who(friends, text, "-n", "0") == []


@pytest.mark.parametrize(
    ("text", "handle"),
    [
        ("go", "grace-h"),
        ("the game of go, then", "grace-h"),
        ("a long letter about #go and other things", "grace-h"),
        ("trail running for people who hate running", "ana-r"),
        ("Trail\nrunning for people who hate it", "ana-r"),
        ("an evening of role-playing with friends", "pat-r"),
        ("all of #TrailRunning in one place", "ana-r"),
        ("all of #trail_running in one place", "ana-r"),
    ],
)
def test_everyday_words_count_in_a_short_text_a_tag_or_a_phrase(
    friends: Kin, text: str, handle: str
) -> None:
    friends("vocab", "same", "go", "game of go")
    friends("edit", "pat", "--into", "role-playing")
    friends("vocab", "same", "role-playing", "LARP")
    assert handle in _who(friends, text, "-n", "0")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("“Pottery”: a life", {"maya-o": ["Pottery"], "tom-k": ["Pottery"]}),
        ("climbing/bouldering/other sports", {"kai-l": ["bouldering"], "pat-r": ["climbing"]}),
        ("https://example.org/film-photography.html", {"ana-r": ["film-photography"]}),
        ("FILM  PHOTOGRAPHY,now", {"ana-r": ["FILM PHOTOGRAPHY"]}),
        ("learn C++ in a day or two", {"kai-l": ["C++"]}),
        ("a night of D&D, with crisps", {"kai-l": ["D&D"]}),
        ("a sailor’s tale of sailing’s end", {"grace-h": ["sailing’s"]}),
        ("l'amour de l'escalade, un livre", {"pat-r": ["escalade"], "kai-l": ["escalade"]}),
        ("一日書道教室のお知らせ", {"yuki-m": ["書道"]}),
        ("🎸 for beginners and others", {"yuki-m": ["🎸"]}),
        ("pottery pottery POTTERY", {"maya-o": ["pottery"], "tom-k": ["pottery"]}),
    ],
)
def test_the_words_that_name_an_interest_are_given_as_in_the_text(
    friends: Kin, text: str, words: dict[str, list[str]]
) -> None:
    found = _words(friends, text)
    assert {handle: found.get(handle) for handle in words} == words


def test_a_word_inside_a_longer_name_is_not_the_shorter_one(friends: Kin) -> None:
    friends("add", "Lea Sand", "--into", "photography")
    friends("add", "Ben Park", "--into", "bass")
    friends("add", "Ida Holm", "--into", "bass fishing")
    assert _who(friends, "bass fishing") == ["ida-h"]
    ana, *others = _share(friends, "film photography")
    assert (ana["person"]["handle"], ana["via"]) == ("ana-r", None)
    assert all(each["via"] for each in others)


def test_making_lanterns_is_lantern_making(friends: Kin) -> None:
    friends("add", "Lea Sand", "--into", "lantern making")
    assert _words(friends, "notes on making lanterns in a flat") == {"lea-s": ["making lanterns"]}


def test_a_word_counts_once_for_each_person(friends: Kin) -> None:
    friends("add", "Ben Park", "--into", "bouldering", "--into", "climbing")
    assert _who(friends, "bouldering at night, by torchlight") == ["kai-l", "ben-p", "pat-r"]
    assert _who(friends, "bouldering and climbing, by torchlight")[0] == "ben-p"


def test_a_character_in_a_run_without_spaces_is_not_a_word(friends: Kin) -> None:
    assert _who(friends, "茶色の猫がいます") == []
    assert _who(friends, "茶") == ["yuki-m"]


def test_a_name_with_signs_is_found_with_them(friends: Kin) -> None:
    friends("add", "Lea Sand", "--into", "AC/DC")
    friends("add", "Ben Park", "--into", "Dr. Who")
    assert _who(friends, "the night AC/DC played here in town") == ["lea-s"]
    assert _who(friends, "all of Dr. Who in one very long evening") == [
        "ben-p",
        "pat-r",  # into science fiction
    ]


def test_every_word_with_several_senses_is_an_everyday_word() -> None:
    several = {
        key for key in catalog.load_catalog().ambiguous_words if key.isalpha() and key.isascii()
    }
    phrases = {"jiujitsu", "swordfighting", "tabletopgame", "tabletopgaming"}
    everyday_words = load_everyday_words()
    assert several - everyday_words == phrases
    assert {catalog.normalize_interest(word) for word in everyday_words} == everyday_words


# Input


def test_words_without_quotes_are_one_text(friends: Kin) -> None:
    assert _share(friends, "trail", "running") == _share(friends, "trail running")


def test_a_text_may_come_on_standard_input(friends: Kin) -> None:
    result = friends("share", "-", "--json", stdin="On trail running\nand other joys\n")
    assert [each["person"]["handle"] for each in result.json] == ["ana-r"]
    assert friends("share", "-", stdin=b"\xff\xfe").code == 2


@pytest.mark.parametrize("words", [[], [""], ["  "], ["-"]], ids=str)
def test_nothing_to_share_is_a_usage_error(friends: Kin, words: Sequence[str]) -> None:
    result = friends("share", *words)
    assert (result.code, result.out) == (2, "")


def test_a_hint_does_not_repeat_long_or_strange_text(friends: Kin) -> None:
    long = "pottery " * 20
    assert friends("share", long).err == "Sent it? kin share TEXT --sent-to tom-k\n"
    result = friends("share", "-", stdin="pottery\x1b]0;x\x07\n")
    assert result.err == "Sent it? kin share TEXT --sent-to tom-k\n"
    assert friends("share", "pottery’s $(end)").err.startswith(
        "Sent it? kin share 'pottery’s $(end)'"
    )


# Who it went to


def test_people_who_have_it_already_are_reported_apart(
    friends: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = friends("share", "The Kiln Book: pottery", "--sent-to", "maya", "--sent-to", "grace")
    assert result.out == (
        "You sent it to Maya Okafor (maya-o) on Mon 23 Nov 2026.\n"
        "You sent it to Grace Hopper (grace-h) on Mon 23 Nov 2026.\n"
    )
    monkeypatch.setenv("KIN_NOW", "2027-02-01")
    assert _who(friends, "the kiln  book: POTTERY\n") == ["tom-k"]
    result = friends("share", "The Kiln Book: pottery")
    assert result.out.startswith("Tom King\t")
    assert result.err.startswith(
        "You sent it to Grace Hopper (grace-h) on Mon 23 Nov 2026.\n"
        "You sent it to Maya Okafor (maya-o) on Mon 23 Nov 2026.\n"
    )
    assert set(_who(friends, "Another story of pottery, and of kilns")) == {"maya-o", "tom-k"}


def test_a_find_sent_twice_keeps_the_first_day(
    friends: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    friends("share", "A find", "--sent-to", "grace")
    monkeypatch.setenv("KIN_NOW", "2027-02-01")
    result = friends(
        "share", "a find ", "--sent-to", "grace", "--sent-to", "Grace Hopper", "--json"
    )
    assert result.json == [{"handle": "grace-h", "name": "Grace Hopper", "on": "2026-11-23"}]
    assert _sent(book) == [("grace-h", "2026-11-23", "A find")]


def test_looking_records_nothing(friends: Kin, book: Path) -> None:
    before = book.read_bytes()
    for words in (("pottery",), ("pottery", "--json"), ("falconry",), ("pottery", "-n", "0")):
        friends("share", *words)
    assert book.read_bytes() == before


def test_an_unknown_name_records_nothing(friends: Kin, book: Path) -> None:
    before = book.read_bytes()
    assert friends("share", "x", "--sent-to", "maya", "--sent-to", "nobody").code == 3
    assert friends("share", "x", "--sent-to", "maya", "--sent-to", "me").code == 2
    assert friends("share", "x", "--sent-to", "maya", "-n", "3").code == 2
    assert friends("share", " ", "--sent-to", "maya").code == 2
    friends("add", "Maya Bloom")
    assert friends("share", "x", "--sent-to", "maya").code == 4
    assert _sent(book) == []
    assert before != b""


# Promises


_PIECES = st.sampled_from(
    [*("pottery", "#go", "running", "D&D", "C++", "書道", "l’escalade", "film", "photography", "making", "cheese"),
     *(" ", "\n\n", ". ", "-", "/", "#", '#"', "“", "'", "\x1b[31m", "(a+)+$", "[", "\\", "*", "🎸", "\u200d", "\u0301", "%s", "{x}")]
)  # fmt: skip


@given(text=st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=30).map("".join)))
@example(text="#")
@example(text="''’’``")
@example(text="\ufe0f\u20e3#\U0001f3fb👨\u200d🍳\u200d")
@example(text="ŉ℡½ﷺ İ ß")
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_text_is_a_bug(friends: Kin, text: str) -> None:
    try:
        given = text.encode()
    except UnicodeEncodeError:
        return
    result = friends("share", "-", "--json", stdin=given)
    assert result.code in (0, 2), result.err
    assert "bug" not in result.err
    if result.code:
        assert not text.strip() or "\0" in text
    else:
        assert all(each["words"] and each["because"] for each in result.json)


@pytest.mark.parametrize(
    "text",
    ["x" * 1_000_000, "a b " * 250_000, "(a+)+$[\\" * 125_000, "#" * 1_000_000, "\x1b[31m\x07" * 160_000, "書" * 330_000],
    ids=["a word", "letters", "signs", "hashes", "escapes", "one script"],
)  # fmt: skip
def test_a_megabyte_is_read_in_one_pass(friends: Kin, text: str) -> None:
    result = friends("share", "-", "--json", stdin=text + " pottery")
    assert [each["person"]["handle"] for each in result.json] == ["tom-k", "maya-o"]


def test_a_text_that_cannot_be_stored_is_refused(friends: Kin, book: Path) -> None:
    before = book.read_bytes()
    for text in ("pottery\0", "x" * (LONGEST_SHARED_TEXT + 1)):
        result = friends("share", "-", "--sent-to", "maya", stdin=text)
        assert (result.code, result.out) == (2, "")
    assert friends("share", "pottery\0").code == 2
    assert book.read_bytes() == before


def test_control_characters_in_a_text_are_escaped(friends: Kin) -> None:
    result = friends("share", "\x1b[31m pottery\x1b[0m \u202e", "--json")
    assert [each["words"] for each in result.json] == [["pottery"], ["pottery"]]
    assert "\x1b" not in result.out + result.err


def test_it_opens_neither_the_shipped_table_nor_the_orm(
    friends: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not modules_after(["share", "pottery"]) & {"sqlmodel", "sqlalchemy", "pydantic"}

    def refuse() -> None:
        raise AssertionError("a read opened the shipped table")

    monkeypatch.setattr(catalog, "load_catalog", refuse)
    assert _who(friends, "pottery and running and 書道") == ["yuki-m", "tom-k", "maya-o"]


def test_an_employer_changes_nothing(friends: Kin) -> None:
    before = friends("share", "pottery and chess").out
    friends("edit", "tom-k", "--link", "https://example.org/company/ceo", "--circle", "wide")
    assert friends("share", "pottery and chess").out == before


def test_it_says_that_nothing_is_sent(friends: Kin) -> None:
    result = " ".join(friends("share", "--help").out.split())
    assert "kin sends nothing" in result
    assert not re.search(r"network|contact|should|overdue|score", result, re.IGNORECASE)


def test_only_the_readable_text_of_a_web_page_counts(friends: Kin) -> None:
    page = "<html><script>bouldering()</script><p title='chess'>Nothing <b>but</b> climb<!-- x -->ing &amp; more</p>"
    result = friends("share", "-", "--json", stdin=page).json
    assert [each["words"] for each in result] == [["climbing"], ["climbing"]]
    assert friends("share", "2 < 3, and bouldering > all", "--json").json
