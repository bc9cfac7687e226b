"""A card is written for people, and reads back as it was, whatever is in it."""

import re
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, datetime

import pytest
from hypothesis import example, given, strategies as st

from kin.errors import UnclearDateError, UsageError
from kin.formats.card import Card, CardError, Loved, Way, read, write
from kin.language import dates

NOW = datetime(2026, 11, 18, 9, 0)

MAYA = Card(
    name="Maya Okafor",
    handle="maya",
    nicknames=("Mo", "O, Maya"),
    into=(Loved("pottery", "her father had a kiln"), Loved("sourdough")),
    collides=(Loved("pineapple on pizza"),),
    met_on="2026-11-17",
    met_precision="day",
    met_at="PyCon",
    met_story="We stood in the rain:\n\n  # she laughed",
    met_through="tom-b",
    lives="Lagos",
    circle="close",
    groups=("book club", "family"),
    birthday="1984-03-12",
    days=(("wedding", "2019-06-12"), ("name day", "--02-29")),
    remarks=("speaks fast when she is glad", 'two\nlines, "quoted"'),
    contacts=(
        Way("email", "maya@example.org"),
        Way("email", "maya@work.example", "work"),
        Way("link", "https://maya.example/kiln"),
    ),
)

MAYA_WRITTEN = """\
# Maya Okafor. Change what you like, then save and close; an empty field is forgotten.
# circle: inner, close, friend or wide. into: one a line, and ' -- ' how they came to it.

name: Maya Okafor
handle: maya
nicknames: Mo, "O, Maya"
birthday: 12 March 1984
lives: Lagos
circle: close
groups: book club, family
met on: Tue 17 Nov 2026
met at: PyCon
met through: tom-b

into:
  pottery -- her father had a kiln
  sourdough
collides:
  pineapple on pizza
days:
  wedding: 12 June 2019
  name day: 29 February
email:
  maya@example.org
  work: maya@work.example
link:
  https://maya.example/kiln
phone:
remarks:
  speaks fast when she is glad
  "two\\nlines, \\"quoted\\""
how you met:
  We stood in the rain:
  
    # she laughed
"""  # noqa: W293

BARE_WRITTEN = """\
# Tom. Change what you like, then save and close; an empty field is forgotten.
# circle: inner, close, friend or wide. into: one a line, and ' -- ' how they came to it.

name: Tom
handle:
nicknames:
birthday:
lives:
circle:
groups:
met on:
met at:
met through:

into:
collides:
days:
email:
phone:
link:
remarks:
how you met:
"""


def lines_of(card: Card) -> list[str]:
    return write(card).split("\n")


def reading(text: str) -> Card:
    return read(text, now=NOW)


def refusal(text: str) -> tuple[str, str]:
    with pytest.raises(CardError) as caught:
        reading(text)
    return caught.value.message, caught.value.hint


def test_a_card_is_written_for_people() -> None:
    assert write(MAYA) == MAYA_WRITTEN


def test_an_empty_card_shows_all_that_can_be_said() -> None:
    assert write(Card("Tom")) == BARE_WRITTEN


@pytest.mark.parametrize("card", [MAYA, Card("Tom")])
def test_what_is_written_reads_back(card: Card) -> None:
    assert reading(write(card)) == card


def test_no_field_is_about_usefulness() -> None:
    said = write(Card("Tom")).lower() + " ".join(field.name for field in fields(Card))
    assert not re.search(r"\b(company|employer|title|job|role|value)\b", said)


def written(card: Card, before: str = "  ") -> str:
    (line,) = [line for line in lines_of(card) if line.startswith(before)]
    return line


@pytest.mark.parametrize(
    ("item", "line"),
    [
        (Loved("tea"), "tea"),
        (Loved("a -- b"), r'"a -- b"'),
        (Loved("a --", "b"), r'"a --" -- b'),
        (Loved("a", "b -- c"), "a -- b -- c"),
        (Loved("--", "b"), "-- -- b"),
        (Loved('"Dune"'), r'"\"Dune\""'),
        (Loved('the film "Dune"'), 'the film "Dune"'),
        (Loved("two\nlines", " spaced "), r'"two\nlines" -- " spaced "'),
        (Loved("# a", "# b"), "# a -- # b"),
        (Loved("a\u2028b", "back\\slash"), r'"a\u2028b" -- back\slash'),
    ],
)
def test_an_interest_that_looks_like_something_else_stands_in_quotes(
    item: Loved, line: str
) -> None:
    card = Card("Tom", into=(item,))
    assert written(card) == f"  {line}"
    assert reading(write(card)) == card


@pytest.mark.parametrize(
    ("way", "line"),
    [
        (Way("link", "https://a.example/x: y"), r'"https://a.example/x: y"'),
        (Way("link", "https://a.example/x: y", "home"), "home: https://a.example/x: y"),
        (Way("link", "tel:123"), "tel:123"),
        (Way("link", "odd:"), '"odd:"'),
        (Way("phone", "123", "at: work"), '"at: work": 123'),
        (Way("phone", "123", "a:"), '"a:": 123'),
    ],
)
def test_a_label_of_a_contact_is_what_stands_before_colon_and_space(way: Way, line: str) -> None:
    card = Card("Tom", contacts=(way,))
    assert written(card) == f"  {line}"
    assert reading(write(card)) == card


@pytest.mark.parametrize(
    ("on", "precision", "line"),
    [
        ("2026-11-16", "week", "week of 16 Nov 2026"),
        ("2024-03-01", "month", "March 2024"),
        ("2024-03-17", "month", "month of Sun 17 Mar 2024"),
        ("2019-01-01", "year", "2019"),
        ("2019-06-02", "year", "year of Sun 2 Jun 2019"),
        ("2031-01-01", "day", "Wed 1 Jan 2031"),
        ("0900-01-01", "year", "the year 0900"),
    ],
)
def test_the_day_you_met_is_written_as_exactly_as_it_is_known(
    on: str, precision: str, line: str
) -> None:
    card = Card("Tom", met_on=on, met_precision=precision)
    assert written(card, "met on") == f"met on: {line}"
    assert reading(write(card)) == card


def test_the_day_you_met_may_be_said_as_people_say_it() -> None:
    card = reading("name: Tom\nmet on: last tue")
    assert (card.met_on, card.met_precision) == ("2026-11-17", "day")
    assert read("name: T\nmet on: 3/4/26", now=NOW, date_order="dmy").met_on == "2026-04-03"
    assert read("name: T\nbirthday: 3/4/84", now=NOW, date_order="mdy").birthday == "1984-03-04"


@pytest.mark.parametrize("said", ["1 May 2031", "2031-05-01", "may 1st 2031"])
def test_a_day_of_theirs_may_lie_ahead(said: str) -> None:
    assert reading(f"name: Tom\ndays:\n  retires: {said}").days == (("retires", "2031-05-01"),)


@pytest.mark.parametrize("said", ["--02-29", "29 February", "feb 29"])
def test_a_birthday_needs_no_year(said: str) -> None:
    assert reading(f"name: Tom\nbirthday: {said}").birthday == "--02-29"


@pytest.mark.parametrize(
    "story",
    [
        "one line",
        "#hash\n  deeper \n\n\n\ttab \n# end  ",
        "name: not a field\ninto:\n  neither",
        '"Hello," she said.',
        "a\x85b\u2028c\x0cd\n\x1c\ne",
        "\n\nleading",
        "trailing\n",
        "blank end\n  ",
        "  \n",
        "from\r\nWindows\r",
        " ",
        "   indented",
    ],
)
def test_a_story_is_kept_byte_for_byte(story: str) -> None:
    card = Card("Tom", met_story=story)
    assert reading(write(card)) == card


def test_a_story_stands_in_quotes_only_where_its_ends_would_be_lost() -> None:
    assert write(Card("T", met_story='a\n"b"\n')).endswith('how you met: "a\\n\\"b\\"\\n"\n')
    assert write(Card("T", met_story='"a"\nb ')).endswith('how you met:\n  "a"\n  b \n')


def test_a_story_survives_an_editor_that_strips_and_adds_blank_lines() -> None:
    text = "how you met:\n\n  one\n\n\n  two\n\n\nname: Tom\n"
    assert reading(text).met_story == "one\n\n\ntwo"


def test_a_story_keeps_a_carriage_return_that_is_its_own() -> None:
    assert reading("name: Tom\nhow you met:\n  a\r\n  b").met_story == "a\r\nb"


@pytest.mark.parametrize(
    "mangled",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n  ", "\n\t"),
        lambda text: re.sub(r"^(\w[\w ]*:)", lambda name: name[0].upper(), text, flags=re.M),
        lambda text: re.sub(r"(Okafor|a kiln|into:|Lagos)$", r"\1 \t ", text, flags=re.M),
        lambda text: "\n\n".join(re.split(r"\n(?=\w)", text)),
        lambda text: "\n".join(re.split(r"\n(?=\w)", text)[::-1]),
        lambda text: text.rstrip(),
    ],
    ids=[
        "crlf",
        "bom",
        "tabs",
        "capitals",
        "trailing",
        "blank lines",
        "reversed",
        "no last newline",
    ],
)
def test_an_editor_may_leave_its_traces(mangled: Callable[[str], str]) -> None:
    read_back = reading(mangled(MAYA_WRITTEN))
    by_kind = tuple(sorted(read_back.contacts, key=lambda way: way.kind))
    assert replace(read_back, contacts=by_kind) == MAYA


def test_missing_and_empty_fields_are_nothing() -> None:
    assert reading("name: Tom") == reading(BARE_WRITTEN) == Card("Tom")
    assert reading("name: Tom\ngroups: , family,\ninto:\n  tea -- ") == Card(
        "Tom", groups=("family",), into=(Loved("tea"),)
    )


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            "name: Tom\n\nemployer: ACME",
            "line 3: “employer” is no field of a card.",
            "indent it if it belongs to what is above",
        ),
        (
            "name: Tom\nnicknmes: T",
            "line 2: “nicknmes” is no field of a card.",
            "did you mean 'nicknames:'?",
        ),
        (
            "name: Tom\nhow you met:\n  in the rain\nand then",
            "line 4: “and then” is no field of a card.",
            "indent it if it belongs to what is above",
        ),
        ("# Tom\n  tea", "line 2: “tea” stands below no field.", "begin with 'name:'"),
        (
            "name: Tom\nnicknames:\n  T",
            "line 3: “T” stands below 'nicknames:'.",
            "write it behind the colon",
        ),
        (
            "name: Tom\nhow you met: by chance\n  in the rain",
            "line 3: “in the rain” stands below 'how you met:'.",
            "write it behind the colon",
        ),
        (
            "name: Tom\ninto: tea, kites",
            "line 2: “into: tea, kites” has words behind the colon.",
            "indent them below, one a line",
        ),
        ("name: Tom\nName: Tim", "line 2: “Name: Tim” is here twice.", "see line 1"),
        ("handle: tom", "line 1: the name is empty.", "write it behind 'name:'"),
        ("lives: Rome\nname:", "line 2: the name is empty.", "write it behind 'name:'"),
        (
            "name: Tom\ncircle: bestie",
            "line 2: “bestie” is no circle.",
            "say inner, close, friend or wide",
        ),
        (
            "name: Tom\ndays:\n  12 June 2019",
            "line 3: “12 June 2019” has no day.",
            "write it as 'wedding: 12 June 2019'",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str, message: str, hint: str) -> None:
    assert refusal(text) == (message, hint[:1].upper() + hint[1:])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('name: "Tom', 'line 1: “"Tom” has a quote that is not closed rightly.'),
        ('name: "Tom" B', 'line 1: “"Tom" B” goes on behind its closing quote.'),
        ('name: T\ngroups: "a" b', 'line 2: “"a" b” goes on behind its closing quote.'),
        ('name: T\ninto:\n  "a"-- b', 'line 3: “"a"-- b” goes on behind its closing quote.'),
        ("name: T\nphone:\n  work:", "line 3: “work:” is only half there."),
        ('name: T\nphone:\n  work: ""', 'line 3: “work: ""” is only half there.'),
        ("name: T\nphone:\n  : 123", "line 3: “: 123” is only half there."),
        ('name: T\ninto:\n  ""', 'line 3: “""” is only half there.'),
    ],
)
def test_half_a_quote_and_half_an_item_are_refused(text: str, message: str) -> None:
    assert refusal(text)[0] == message


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("name: T\nmet on: 03/04/2026", lambda: dates.parse("03/04/2026", now=NOW)),
        ("name: T\nmet on: month of 2019", lambda: dates.parse("month of 2019", now=NOW)),
        ("name: T\nbirthday: march 1984", lambda: dates.birthday("march 1984", now=NOW)),
        ("name: T\ndays:\n  x: sometime", lambda: dates.birthday("sometime", now=NOW)),
    ],
)
def test_an_unclear_day_is_refused_in_its_own_words(text: str, day: Callable[[], object]) -> None:
    with pytest.raises(UnclearDateError) as unclear:
        day()
    with pytest.raises(CardError) as caught:
        reading(text)
    at = len(text.split("\n"))
    assert caught.value.message == f"line {at}: {unclear.value.message}"
    assert caught.value.hint == unclear.value.hint
    assert caught.value.candidates == unclear.value.candidates


def test_a_card_that_cannot_be_read_is_a_slip_of_the_owner() -> None:
    assert issubclass(CardError, UsageError)
    assert refusal("name: T\nx\x1b[2J: y")[0] == "line 2: “x\\x1b[2J” is no field of a card."


NASTY = '\n\r\t\x0b\x0c\x1c\x85\u2028\u2029\u00a0\u3000\ufeff\u200b\x1b#:,-" \\abñ👩‍👩‍👧'
TEXT = st.text(
    st.one_of(
        st.sampled_from(NASTY), st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    ),
    min_size=1,
    max_size=12,
)
MARKS = st.lists(
    st.sampled_from(["--", " -- ", ": ", ":", '"', "\\", "a", " ", ",", "#", "\n", "\\n", "name"]),
    min_size=1,
    max_size=6,
).map("".join)
STORIES = st.one_of(TEXT, MARKS)
WORDS = STORIES.map(str.strip).filter(bool)
DAYS = st.dates().map(str) | st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(
    lambda day: f"--{day:%m-%d}"
)
LOVED = st.lists(st.builds(Loved, WORDS, st.none() | WORDS), max_size=3).map(tuple)
MET = st.none() | st.tuples(st.dates().map(str), st.sampled_from(["day", "week", "month", "year"]))


@st.composite
def cards(draw: st.DrawFn) -> Card:
    """Draw any card; its contacts stand together by kind, in any order of kinds."""
    met = draw(MET) or (None, None)
    kinds = draw(st.permutations(["email", "phone", "link"]))
    ways = draw(st.lists(st.builds(Way, st.sampled_from(kinds), WORDS, st.none() | WORDS)))
    one = st.none() | WORDS
    several = st.lists(WORDS, max_size=3).map(tuple)
    return Card(
        name=draw(WORDS),
        handle=draw(one),
        nicknames=draw(several),
        into=draw(LOVED),
        collides=draw(LOVED),
        met_on=met[0],
        met_precision=met[1],
        met_at=draw(one),
        met_story=draw(st.none() | STORIES),
        met_through=draw(one),
        lives=draw(one),
        circle=draw(st.sampled_from([None, "inner", "close", "friend", "wide"])),
        groups=draw(several),
        birthday=draw(st.none() | DAYS),
        days=tuple(draw(st.lists(st.tuples(WORDS, DAYS), max_size=3))),
        contacts=tuple(sorted(ways, key=lambda way: kinds.index(way.kind))),
        remarks=draw(
            st.lists(st.none() | STORIES, max_size=3).map(lambda all: tuple(filter(None, all)))
        ),
    )


@given(card=cards(), now=st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)))
@example(card=Card("\ufeff# T", days=(("a", "9999-12-31"), ("b", "0001-01-01"))), now=NOW)
def test_any_card_reads_back_as_it_was(card: Card, now: datetime) -> None:
    text = write(card)
    assert read(text, now=now) == card
    assert read(text, now=now, date_order="mdy") == card
    assert read(text.replace("\n", "\r\n"), now=now) == card


@given(STORIES | st.lists(st.sampled_from([*MAYA_WRITTEN.split("\n"), "x"])).map("\n".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        card = reading(text)
    except CardError as error:
        assert error.message.startswith("line ")  # noqa: PT017
    else:
        assert reading(write(card)) == card
