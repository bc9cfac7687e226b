"""The card of a person as text for an editor: readable, and read back the same."""

import re
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, datetime

import pytest
from hypothesis import example, given, strategies as st

from kin.errors import UnclearDateError, UsageError
from kin.formats.editor_card import Card, CardError, CardInterest, Contact, format_card, parse_card
from kin.language import dates as language_dates

NOW = datetime(2026, 11, 18, 9, 0)

MAYA = Card(
    name="Maya Okafor",
    handle="maya",
    nicknames=("Mo", "O, Maya"),
    into=(CardInterest("pottery", "her father had a kiln"), CardInterest("sourdough")),
    differ=(CardInterest("pineapple on pizza"),),
    met_on="2026-11-17",
    met_precision="day",
    met_at="PyCon",
    met_story="We stood in the rain:\n\n  # she laughed",
    met_through="tom-b",
    lives="Lagos",
    circle="close",
    groups=("book club", "family"),
    birthday="1984-03-12",
    dates=(("wedding", "2019-06-12"), ("name day", "--02-29")),
    facts=("speaks fast when she is glad", 'two\nlines, "quoted"'),
    contacts=(
        Contact("email", "maya@example.org"),
        Contact("email", "maya@work.example", "work"),
        Contact("link", "https://maya.example/kiln"),
    ),
)

MAYA_WRITTEN = """\
# Maya Okafor. Change what you like, then save and close. To remove something, empty its field.
# circle: inner, close, friend or wide. into: one per line; after ' -- ', how they got into it.

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
differ:
  pineapple on pizza
dates:
  wedding: 12 June 2019
  name day: 29 February
email:
  maya@example.org
  work: maya@work.example
link:
  https://maya.example/kiln
phone:
facts:
  speaks fast when she is glad
  "two\\nlines, \\"quoted\\""
how you met:
  We stood in the rain:
  
    # she laughed
"""  # noqa: W293

BARE_WRITTEN = """\
# Tom. Change what you like, then save and close. To remove something, empty its field.
# circle: inner, close, friend or wide. into: one per line; after ' -- ', how they got into it.

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
differ:
dates:
email:
phone:
link:
facts:
how you met:
"""


def lines_of(card: Card) -> list[str]:
    return format_card(card).split("\n")


def read(text: str) -> Card:
    return parse_card(text, now=NOW)


def get_error(text: str) -> tuple[str, str]:
    with pytest.raises(CardError) as caught:
        read(text)
    return caught.value.message, caught.value.hint


def test_a_card_is_written_as_text() -> None:
    assert format_card(MAYA) == MAYA_WRITTEN


def test_an_empty_card_shows_every_field() -> None:
    assert format_card(Card("Tom")) == BARE_WRITTEN


@pytest.mark.parametrize("card", [MAYA, Card("Tom")])
def test_what_is_written_reads_back(card: Card) -> None:
    assert read(format_card(card)) == card


def test_no_field_is_about_usefulness() -> None:
    text = format_card(Card("Tom")).lower() + " ".join(field.name for field in fields(Card))
    assert not re.search(r"\b(company|employer|title|job|role|value)\b", text)


def written(card: Card, before: str = "  ") -> str:
    (line,) = [line for line in lines_of(card) if line.startswith(before)]
    return line


@pytest.mark.parametrize(
    ("item", "line"),
    [
        (CardInterest("tea"), "tea"),
        (CardInterest("a -- b"), r'"a -- b"'),
        (CardInterest("a --", "b"), r'"a --" -- b'),
        (CardInterest("a", "b -- c"), "a -- b -- c"),
        (CardInterest("--", "b"), "-- -- b"),
        (CardInterest('"Dune"'), r'"\"Dune\""'),
        (CardInterest('the film "Dune"'), 'the film "Dune"'),
        (CardInterest("two\nlines", " spaced "), r'"two\nlines" -- " spaced "'),
        (CardInterest("# a", "# b"), "# a -- # b"),
        (CardInterest("a\u2028b", "back\\slash"), r'"a\u2028b" -- back\slash'),
    ],
)
def test_an_interest_that_would_be_misread_is_quoted(item: CardInterest, line: str) -> None:
    card = Card("Tom", into=(item,))
    assert written(card) == f"  {line}"
    assert read(format_card(card)) == card


@pytest.mark.parametrize(
    ("contact", "line"),
    [
        (Contact("link", "https://a.example/x: y"), r'"https://a.example/x: y"'),
        (Contact("link", "https://a.example/x: y", "home"), "home: https://a.example/x: y"),
        (Contact("link", "tel:123"), "tel:123"),
        (Contact("link", "odd:"), '"odd:"'),
        (Contact("phone", "123", "at: work"), '"at: work": 123'),
        (Contact("phone", "123", "a:"), '"a:": 123'),
    ],
)
def test_the_label_of_a_contact_ends_at_a_colon_and_a_space(contact: Contact, line: str) -> None:
    card = Card("Tom", contacts=(contact,))
    assert written(card) == f"  {line}"
    assert read(format_card(card)) == card


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
def test_the_day_you_met_is_written_with_its_precision(on: str, precision: str, line: str) -> None:
    card = Card("Tom", met_on=on, met_precision=precision)
    assert written(card, "met on") == f"met on: {line}"
    assert read(format_card(card)) == card


def test_the_day_you_met_can_be_relative() -> None:
    card = read("name: Tom\nmet on: last tue")
    assert (card.met_on, card.met_precision) == ("2026-11-17", "day")
    assert parse_card("name: T\nmet on: 3/4/26", now=NOW, date_order="dmy").met_on == "2026-04-03"
    assert (
        parse_card("name: T\nbirthday: 3/4/84", now=NOW, date_order="mdy").birthday == "1984-03-04"
    )


@pytest.mark.parametrize("text", ["1 May 2031", "2031-05-01", "may 1st 2031"])
def test_a_date_can_be_in_the_future(text: str) -> None:
    assert read(f"name: Tom\ndates:\n  retires: {text}").dates == (("retires", "2031-05-01"),)


@pytest.mark.parametrize("text", ["--02-29", "29 February", "feb 29"])
def test_a_birthday_needs_no_year(text: str) -> None:
    assert read(f"name: Tom\nbirthday: {text}").birthday == "--02-29"


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
    assert read(format_card(card)) == card


def test_a_story_is_quoted_only_if_its_ends_would_be_lost() -> None:
    assert format_card(Card("T", met_story='a\n"b"\n')).endswith('how you met: "a\\n\\"b\\"\\n"\n')
    assert format_card(Card("T", met_story='"a"\nb ')).endswith('how you met:\n  "a"\n  b \n')


def test_a_story_survives_an_editor_that_strips_and_adds_blank_lines() -> None:
    text = "how you met:\n\n  one\n\n\n  two\n\n\nname: Tom\n"
    assert read(text).met_story == "one\n\n\ntwo"


def test_a_story_keeps_its_own_carriage_return() -> None:
    assert read("name: Tom\nhow you met:\n  a\r\n  b").met_story == "a\r\nb"


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
def test_changes_that_editors_make_do_no_harm(mangled: Callable[[str], str]) -> None:
    read_back = read(mangled(MAYA_WRITTEN))
    by_kind = tuple(sorted(read_back.contacts, key=lambda contact: contact.kind))
    assert replace(read_back, contacts=by_kind) == MAYA


def test_missing_and_empty_fields_are_the_same() -> None:
    assert read("name: Tom") == read(BARE_WRITTEN) == Card("Tom")
    assert read("name: Tom\ngroups: , family,\ninto:\n  tea -- ") == Card(
        "Tom", groups=("family",), into=(CardInterest("tea"),)
    )


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            "name: Tom\n\nemployer: ACME",
            "line 3: “employer” is not a field of a card.",
            "indent it if it belongs to the field above",
        ),
        (
            "name: Tom\nnicknmes: T",
            "line 2: “nicknmes” is not a field of a card.",
            "did you mean 'nicknames:'?",
        ),
        (
            "name: Tom\nhow you met:\n  in the rain\nand then",
            "line 4: “and then” is not a field of a card.",
            "indent it if it belongs to the field above",
        ),
        ("# Tom\n  tea", "line 2: “tea” is above the first field.", "begin with 'name:'"),
        (
            "name: Tom\nnicknames:\n  T",
            "line 3: “T” is below 'nicknames:'.",
            "write it after the colon",
        ),
        (
            "name: Tom\nhow you met: by chance\n  in the rain",
            "line 3: “in the rain” is below 'how you met:'.",
            "write it after the colon",
        ),
        (
            "name: Tom\ninto: tea, kites",
            "line 2: “into: tea, kites” has text after the colon.",
            "write each item below, indented, on a line of its own",
        ),
        ("name: Tom\nName: Tim", "line 2: “Name: Tim” is a duplicate field.", "see line 1"),
        ("handle: tom", "line 1: the name is empty.", "write it after 'name:'"),
        ("lives: Rome\nname:", "line 2: the name is empty.", "write it after 'name:'"),
        (
            "name: Tom\ncircle: bestie",
            "line 2: “bestie” is not a circle.",
            "use inner, close, friend or wide",
        ),
        (
            "name: Tom\ndates:\n  12 June 2019",
            "line 3: “12 June 2019” has no date.",
            "write it as 'wedding: 12 June 2019'",
        ),
    ],
)
def test_a_line_that_cannot_be_read_is_refused_with_its_number(
    text: str, message: str, hint: str
) -> None:
    assert get_error(text) == (message, hint[:1].upper() + hint[1:])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('name: "Tom', 'line 1: “"Tom” has a quote that is not closed.'),
        ('name: "Tom" B', 'line 1: “"Tom" B” has text after its closing quote.'),
        ('name: T\ngroups: "a" b', 'line 2: “"a" b” has text after its closing quote.'),
        ('name: T\ninto:\n  "a"-- b', 'line 3: “"a"-- b” has text after its closing quote.'),
        ("name: T\nphone:\n  work:", "line 3: “work:” has only one of its two parts."),
        ('name: T\nphone:\n  work: ""', 'line 3: “work: ""” has only one of its two parts.'),
        ("name: T\nphone:\n  : 123", "line 3: “: 123” has only one of its two parts."),
        ('name: T\ninto:\n  ""', 'line 3: “""” has only one of its two parts.'),
    ],
)
def test_unclosed_quotes_and_incomplete_items_are_refused(text: str, message: str) -> None:
    assert get_error(text)[0] == message


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("name: T\nmet on: 03/04/2026", lambda: language_dates.parse("03/04/2026", now=NOW)),
        ("name: T\nmet on: month of 2019", lambda: language_dates.parse("month of 2019", now=NOW)),
        (
            "name: T\nbirthday: march 1984",
            lambda: language_dates.parse_birthday("march 1984", now=NOW),
        ),
        (
            "name: T\ndates:\n  x: sometime",
            lambda: language_dates.parse_birthday("sometime", now=NOW),
        ),
    ],
)
def test_an_unclear_day_is_refused_with_the_message_of_the_date_parser(
    text: str, day: Callable[[], object]
) -> None:
    with pytest.raises(UnclearDateError) as unclear:
        day()
    with pytest.raises(CardError) as caught:
        read(text)
    at = len(text.split("\n"))
    assert caught.value.message == f"line {at}: {unclear.value.message}"
    assert caught.value.hint == unclear.value.hint
    assert caught.value.candidates == unclear.value.candidates


def test_a_card_that_cannot_be_read_is_a_usage_error() -> None:
    assert issubclass(CardError, UsageError)
    assert get_error("name: T\nx\x1b[2J: y")[0] == "line 2: “x\\x1b[2J” is not a field of a card."


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
INTERESTS = st.lists(st.builds(CardInterest, WORDS, st.none() | WORDS), max_size=3).map(tuple)
MET = st.none() | st.tuples(st.dates().map(str), st.sampled_from(["day", "week", "month", "year"]))


@st.composite
def cards(draw: st.DrawFn) -> Card:
    """Draw any card; its contacts are grouped by kind, in any order of kinds."""
    met = draw(MET) or (None, None)
    kinds = draw(st.permutations(["email", "phone", "link"]))
    contacts = draw(st.lists(st.builds(Contact, st.sampled_from(kinds), WORDS, st.none() | WORDS)))
    one = st.none() | WORDS
    several = st.lists(WORDS, max_size=3).map(tuple)
    return Card(
        name=draw(WORDS),
        handle=draw(one),
        nicknames=draw(several),
        into=draw(INTERESTS),
        differ=draw(INTERESTS),
        met_on=met[0],
        met_precision=met[1],
        met_at=draw(one),
        met_story=draw(st.none() | STORIES),
        met_through=draw(one),
        lives=draw(one),
        circle=draw(st.sampled_from([None, "inner", "close", "friend", "wide"])),
        groups=draw(several),
        birthday=draw(st.none() | DAYS),
        dates=tuple(draw(st.lists(st.tuples(WORDS, DAYS), max_size=3))),
        contacts=tuple(sorted(contacts, key=lambda contact: kinds.index(contact.kind))),
        facts=draw(
            st.lists(st.none() | STORIES, max_size=3).map(lambda all: tuple(filter(None, all)))
        ),
    )


@given(card=cards(), now=st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)))
@example(card=Card("\ufeff# T", dates=(("a", "9999-12-31"), ("b", "0001-01-01"))), now=NOW)
def test_any_card_reads_back_the_same(card: Card, now: datetime) -> None:
    text = format_card(card)
    assert parse_card(text, now=now) == card
    assert parse_card(text, now=now, date_order="mdy") == card
    assert parse_card(text.replace("\n", "\r\n"), now=now) == card


@given(STORIES | st.lists(st.sampled_from([*MAYA_WRITTEN.split("\n"), "x"])).map("\n".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        card = read(text)
    except CardError as error:
        assert error.message.startswith("line ")  # noqa: PT017
    else:
        assert read(format_card(card)) == card
