"""Words that may be other words: clashes of sense, slips, kinds of kinds, and what you said of them."""

import pytest

from tests.conftest import Kin
from tests.terminal import on_terminal

MAY_BE = "“bass” may be bass guitar, double bass or bass fishing: until you say which,"


# A word that is several things


@pytest.fixture
def basses(kin: Kin) -> Kin:
    """Return kin with two who are into bass, whichever it is."""
    kin("add", "Bo Lind", "--into", "bass")
    kin("add", "Cy Young", "--into", "bass")
    return kin


@pytest.mark.parametrize(
    "words",
    [
        ("add", "Di Moss", "--into", "bass"),
        ("edit", "bo", "--into", "bass"),
        ("edit", "cy", "--clash", "Bass"),
        ("me", "--into", "bass"),
        ("note", "tea with Bo about #bass"),
    ],
)
def test_a_word_that_is_several_things_is_said_each_time_it_is_written(
    basses: Kin, words: tuple[str, ...]
) -> None:
    assert " ".join(basses(*words).err.split()).casefold().startswith(MAY_BE.casefold())


@pytest.mark.parametrize(
    "words",
    [
        ("add", "Di Moss", "--into", "bass"),
        ("edit", "cy", "--into", "bass"),
        ("me", "--into", "bass"),
    ],
)
def test_a_word_that_is_several_things_is_asked_each_time_on_a_terminal(
    basses: Kin, words: tuple[str, ...]
) -> None:
    seen = on_terminal([*words], [("Which one", "3")])
    assert "Which “bass” is it?" in seen.screen and "bass fishing" in seen.screen
    assert basses("interests", "bass fishing").code == 0


def test_two_senses_of_one_word_bring_nobody_together(basses: Kin) -> None:
    assert basses("introduce", "--json").json == []
    assert "share no interest" in basses("introduce", "bo", "cy").out
    assert basses("interests", "--with", "bo", "--with", "cy", "--json").json == []
    basses("me", "--into", "bass")
    assert basses("interests", "--with", "bo", "--with", "cy", "--json").json == []


def test_of_what_you_share_yourself_you_know_what_you_mean(basses: Kin) -> None:
    basses("edit", "bo", "--share", "bass")
    assert [each["label"] for each in basses("recall", "bo", "--json").json["shared"]] == ["bass"]
    for two in (("bo",), ("bo", "me"), ("me", "bo")):
        words = [word for who in two for word in ("--with", who)]
        assert [each["label"] for each in basses("interests", *words, "--json").json] == ["bass"]


def test_a_kind_of_a_word_with_two_senses_brings_nobody_together(basses: Kin) -> None:
    basses("add", "Di Moss", "--into", "slap bass")
    basses("vocab", "under", "slap bass", "bass")
    assert basses("introduce", "--json").json == []
    assert basses("interests", "--with", "bo", "--with", "di", "--json").json == []
    assert basses("share", "slap bass", "--json").json[0]["person"]["handle"] == "di-m"
    assert len(basses("share", "slap bass", "--json").json) == 1


def test_a_find_is_for_nobody_while_the_word_may_be_two_things(basses: Kin) -> None:
    told = basses("share", "bass")
    assert "bo-l" not in told.out and MAY_BE in told.err
    basses("vocab", "same", "bass", "bass fishing")
    assert {each["person"]["handle"] for each in basses("share", "bass", "--json").json} == {
        "bo-l",
        "cy-y",
    }


@pytest.mark.parametrize(
    "said",
    [
        [("same", "bass", "bass guitar")],
        [("same", "double bass", "bass")],
        [("under", "bass", "music")],
        [("apart", "bass", each) for each in ("bass guitar", "double bass", "bass fishing")],
    ],
)
def test_a_word_is_settled_by_what_the_owner_says(basses: Kin, said: list[tuple[str, ...]]) -> None:
    for words in said:
        basses("vocab", *words)
    assert basses("edit", "bo", "--into", "bass").err == ""
    assert len(basses("introduce", "--json").json) == 1


def test_a_sense_that_is_said_to_be_another_thing_is_offered_no_more(basses: Kin) -> None:
    basses("vocab", "apart", "bass", "bass guitar")
    assert "may be double bass or bass fishing" in basses("edit", "bo", "--into", "bass").err


def test_a_word_with_several_senses_is_shown_before_anybody_has_it(kin: Kin) -> None:
    kin("add", "Bo Lind")
    told = kin("vocab", "show", "bass")
    assert told.code == 0
    assert "may be    bass guitar, double bass, bass fishing" in told.out
    assert "Write “bass guitar” instead" in told.err
    assert kin("vocab", "show", "bass", "--json").json == {
        "key": "bass",
        "label": "bass",
        "names": [],
        "broader": [],
        "narrower": [],
        "said": [],
        "senses": ["bass guitar", "double bass", "bass fishing"],
    }
    assert kin("vocab", "show", "bouldering").code == 3


def test_a_word_with_several_senses_is_shown_with_them_until_one_is_said(basses: Kin) -> None:
    senses = ["bass guitar", "double bass", "bass fishing"]
    assert basses("vocab", "show", "bass", "--json").json["senses"] == senses
    basses("vocab", "same", "bass", "bass fishing")
    assert basses("vocab", "show", "bass", "--json").json["senses"] == []


def test_two_sayings_of_one_interest_stand_in_one_sentence(kin: Kin) -> None:
    kin("vocab", "same", "alphaa", "betaa")
    kin("vocab", "apart", "alphaa", "gammaa")
    told = " ".join(kin("vocab", "show", "alphaa").out.split())
    assert told.endswith("“alphaa” means the same as “betaa”; “alphaa” stands apart from “gammaa”")


# What you said, all of it


def test_a_word_that_undoes_another_of_yours_is_refused_with_the_way_out(kin: Kin) -> None:
    kin("vocab", "same", "alphaa", "betaa")
    kin("vocab", "same", "betaa", "gammaa")
    told = kin("vocab", "apart", "alphaa", "gammaa")
    assert told.code == 2
    assert told.err == (
        "kin: That “alphaa” stands apart from “gammaa” cannot be while “alphaa” means the same as “betaa”, "
        "as you said. First take it back: kin vocab apart alphaa betaa\n"
    )
    assert [each["saying"] for each in kin("vocab", "list", "--json").json] == ["same", "same"]
    assert kin("vocab", "apart", "alphaa", "betaa").code == 0
    assert kin("vocab", "show", "alphaa", "--json").json["names"] == []
    assert kin("vocab", "show", "betaa", "--json").json["names"] != []


@pytest.mark.parametrize(
    "said",
    [
        ("apart a3 c3", "same a3 b3", "same b3 c3"),
        ("under a3 c3", "same a3 b3", "same b3 c3"),
        ("same a3 b3", "same b3 c3", "under a3 c3"),
        ("same a3 b3", "under a3 c3", "apart b3 c3"),
        ("same a3 b3", "apart b3 c3", "under a3 c3"),
        ("under a3 b3", "under b3 c3", "under c3 a3"),
        ("under a3 b3", "under b3 c3", "same a3 c3"),
        ("same a3 b3", "under a3 c3", "under c3 b3"),
        ("under bebop music", "under music bebopish", "under bebopish bebop"),
    ],
)
def test_what_cannot_stand_with_the_rest_is_refused_and_the_rest_stays(
    kin: Kin, said: tuple[str, ...]
) -> None:
    *before, last = [each.split() for each in said]
    for words in before:
        assert kin("vocab", *words).code == 0
    told = kin("vocab", *last)
    assert told.code == 2 and "kin vocab " in told.err
    listed = [
        [each["saying"], each["a"], each["b"]] for each in kin("vocab", "list", "--json").json
    ]
    assert listed == before


def test_a_ring_through_the_shipped_table_is_refused(kin: Kin) -> None:
    told = kin("vocab", "under", "outdoors", "trekking")
    assert told.code == 2
    assert "“outdoors” is a kind of “trekking”" in told.err
    assert "kin vocab apart trekking hiking" in told.err


def test_what_gives_way_to_a_new_word_on_the_same_two_is_said(kin: Kin) -> None:
    kin("vocab", "under", "alphaa", "betaa")
    told = kin("vocab", "under", "betaa", "alphaa")
    assert told.out == "“betaa” is a kind of “alphaa”.\n"
    assert "what you said before: “alphaa” is a kind of “betaa”." in told.err
    assert len(kin("vocab", "list", "--json").json) == 1


# A slip, and a kind of what is there


def _sayings(kin: Kin) -> list[tuple[str, str, str]]:
    said = kin("vocab", "list", "--json").json
    return [(each["saying"], each["a"], each["b"]) for each in said]


@pytest.mark.parametrize(
    "written",
    [
        (("add", "Ann", "--into", "cellar jazz"), ("add", "Ben", "--into", "jazz")),
        (("add", "Ann", "--into", "jazz"), ("add", "Ben", "--into", "cellar jazz")),
        (("add", "Ann", "--into", "jazz"), ("add", "Ben", "--into", "cellar jazz"), ("edit", "ann", "--into", "cellar jazz")),
        (("me", "--into", "cellar jazz", "--into", "jazz"),),
        (("add", "Ann", "--into", "cellar jazz"), ("note", "tea with Ann about #jazz")),
    ],
)  # fmt: skip
def test_a_kind_of_what_is_there_is_said_whichever_was_written_first(
    kin: Kin, written: tuple[tuple[str, ...], ...]
) -> None:
    *before, last = written
    for words in before:
        kin(*words)
    assert (
        "“cellar jazz” stands for itself; if it is a kind of “jazz”: kin vocab under 'cellar jazz' jazz; "
        "if not: kin vocab apart 'cellar jazz' jazz" in kin(*last).err
    )


@pytest.mark.parametrize(("answer", "saying"), [("y", "under"), ("n", "apart")])
def test_a_kind_of_what_is_there_is_asked_once_and_the_answer_kept(
    kin: Kin, answer: str, saying: str
) -> None:
    kin("add", "Ann", "--into", "cellar jazz")
    asked = "Is “cellar jazz” a kind of your “jazz”?"
    seen = on_terminal(["add", "Ben", "--into", "jazz"], [(asked, answer)])
    assert seen.code == 0 and asked in seen.screen
    assert _sayings(kin) == [(saying, "cellar jazz", "jazz")]
    for words in (("edit", "ben", "--into", "cellar jazz"), ("edit", "ann", "--into", "jazz")):
        assert "cellar jazz" not in kin(*words).err


@pytest.mark.parametrize("saying", ["same", "under", "apart"])
def test_what_you_said_of_two_yourself_is_not_asked(kin: Kin, saying: str) -> None:
    kin("vocab", saying, "cellar jazz", "jazz")
    assert "cellar jazz" not in kin("add", "Ann", "--into", "cellar jazz", "--into", "jazz").err


def test_not_all_kinds_of_a_word_are_asked_at_once(kin: Kin) -> None:
    for each in ("attic", "barn", "cellar", "desert", "nordic"):
        kin("add", each.title(), "--into", f"{each} jazz")
    assert kin("add", "Ben", "--into", "jazz").err.count("is a kind of “jazz”") == 3


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("photograhpy", "photography"),
        ("gardning", "gardening"),
        ("knittting", "knitting"),
        ("swiming", "swimming"),
        ("table tenis", "table tennis"),
        ("baord games", "board games"),
    ],
)
def test_a_slip_of_a_word_that_kin_knows_is_said_before_anybody_has_it(
    kin: Kin, slip: str, meant: str
) -> None:
    told = f"“{slip}” is kept apart from “{meant}”; if they are one: kin vocab same"
    assert told in kin("add", "Ann", "--into", slip).err


@pytest.mark.parametrize(
    "label",
    "banking|booking|hurling|croquet|training|wandering|drilling|knotting|slimming|swinging|ice dancing|line drawing"
    "|sheet music|indian music|comic collecting|speed dating|trap music|water games|air travel".split(
        "|"
    ),
)
def test_a_word_that_is_only_near_to_one_that_kin_knows_is_taken_as_it_is(
    kin: Kin, label: str
) -> None:
    assert "kept apart" not in kin("add", "Ann", "--into", label).err


@pytest.mark.parametrize(("answer", "held"), [("y", "photography"), ("n", "photograhpy")])
def test_a_slip_is_asked_and_the_answer_kept(kin: Kin, answer: str, held: str) -> None:
    asked = "Is “photograhpy” meant to be “photography”?"
    seen = on_terminal(["add", "Ann", "--into", "photograhpy"], [(asked, answer)])
    assert asked in seen.screen
    assert [each["label"] for each in kin("interests", "--json").json] == [held]
    told = kin("add", "Ben", "--into", "photograhpy").err
    assert ("kept apart" in told) == (answer == "y")


def test_a_slip_in_the_book_is_mended_when_the_right_word_is_written(kin: Kin) -> None:
    kin("add", "Ann", "--into", "photograhpy")
    asked = "Is “photograhpy” your “photography”?"
    assert asked in on_terminal(["add", "Ben", "--into", "photography"], [(asked, "y")]).screen
    assert _sayings(kin) == [("same", "photograhpy", "photography")]
    assert len(kin("introduce", "--json").json) == 1
