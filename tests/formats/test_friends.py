"""A friends.md comes in with every word, and goes out so that the original reads it."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from kin.errors import KinError
from kin.formats import friends
from kin.formats.card import Loved
from kin.formats.friends import read, recognise, write
from kin.formats.incoming import Brought, Incoming, Told

JOURNAL = """\
### Activities:
- 2018-11-01: **Ada Blum** and I went to _Lou's Diner_. Tom had to stay at home.
- 2018-01-04: Soup with **Ada Blum** and **Tomas van Rijn**. @food @Cold-Days
- 2017-12-31: Alone in _Bath_.

### Notes:
- 2018-06-15: **Ada Blum** has a new kiln. @pottery

### Friends:
- Ada Blum (a.k.a. The Captain a.k.a. Adi) [Bath] @pottery @science:outdoors
- Tomas van Rijn

### Locations:
- Bath
- Lou's Diner
"""


def brought(text: str) -> Brought:
    return read(text.encode(), "friends.md")


def friend(line: str, *below: str) -> Incoming:
    (person,) = brought("\n".join(["### Friends:", line, *below])).people
    return person


def entry(line: str, *below: str, people: str = "Ada Blum\n- Tomas van Rijn") -> Told:
    text = "\n".join(["### Activities:", line, *below, "", "### Friends:", f"- {people}"])
    (told,) = brought(text).talks
    return told


def remarks(text: str) -> list[tuple[str, str]]:
    return [(each.where, each.why) for each in brought(text).remarks]


def skipped(text: str) -> list[tuple[str, str]]:
    return [(each.where, each.why) for each in brought(text).skipped]


def test_people_come_with_nicknames_town_and_interests() -> None:
    ada, tomas = brought(JOURNAL).people
    assert ada == Incoming(
        name="Ada Blum",
        source="friends.md:10",
        key="Ada Blum",
        nicknames=("The Captain", "Adi"),
        lives="Bath",
        into=(Loved("pottery"), Loved("science:outdoors")),
    )
    assert tomas == Incoming("Tomas van Rijn", "friends.md:11", key="Tomas van Rijn")


def test_activities_and_notes_are_conversations_with_all_who_are_marked() -> None:
    diner, soup, alone, kiln = brought(JOURNAL).talks
    assert diner == Told(
        on="2018-11-01",
        text="Ada Blum and I went to Lou's Diner. Tom had to stay at home.",
        source="friends.md:2",
        people=("Ada Blum",),
        place="Lou's Diner",
    )
    assert soup.text == "Soup with Ada Blum and Tomas van Rijn. @food @Cold-Days"
    assert soup.people == ("Ada Blum", "Tomas van Rijn")
    assert soup.topics == ("food", "Cold-Days")
    assert (alone.people, alone.place) == ((), "Bath")
    assert (kiln.on, kiln.people, kiln.topics) == ("2018-06-15", ("Ada Blum",), ("pottery",))


def test_a_tidy_file_has_nothing_to_report() -> None:
    assert brought(JOURNAL).kind == "friends.md"
    assert not brought(JOURNAL).skipped + brought(JOURNAL).remarks


def test_the_order_of_the_sections_does_not_matter() -> None:
    sections = JOURNAL.strip().split("\n\n")
    turned = brought("\n\n".join(reversed(sections)))
    assert {told.text for told in turned.talks} == {told.text for told in brought(JOURNAL).talks}
    assert turned.talks[1].people == ("Ada Blum",)


@pytest.mark.parametrize(
    "data",
    [
        JOURNAL.encode(),
        b"\xef\xbb\xbf" + JOURNAL.encode(),
        JOURNAL.replace("\n", "\r\n").encode(),
        JOURNAL.encode("utf-16"),
        b"### Friends:",
    ],
)
def test_the_file_is_known_by_a_heading(data: bytes) -> None:
    assert recognise(data)


@pytest.mark.parametrize("data", [b"", b"# Notes\n- 2018-01-01: x", b"a ### Friends:", b"\xff\xfe"])
def test_other_files_are_not_taken_for_it(data: bytes) -> None:
    assert not recognise(data)


def test_old_encodings_are_read() -> None:
    for encoding in ("cp1252", "utf-16", "utf-8-sig"):
        (person,) = read("### Friends:\n- Zoë Šimek\n".encode(encoding), "f").people
        assert person.name == "Zoë Šimek"
    mixed = "### Friends:\n- Zoë\n".encode() + "- Šimek".encode("cp1252") + b" \x81\n"
    assert [each.name for each in read(mixed, "f").people] == ["Zoë", "Šimek \ufffd"]


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("- Ada Blum [Bath] @art met at the kiln", "met at the kiln"),
        ("- Ada Blum (my cousin) [Bath] @art", "(my cousin)"),
        ("- Ada Blum [Bath] @art [Rome]", "[Rome]"),
        ("- Ada Blum [Bath] (see below @art) ok", "(see below ) ok"),
        ("- Ada Blum @art [Bath] (a.k.a. Adi", "(a.k.a. Adi"),
        ("- Ada Blum [Bath] @art mail@example.org", "mail@example.org"),
        (f"- Ada Blum [{'B' * 201}] [Bath] @art", f"[{'B' * 201}]"),
        (f"- Ada Blum (a.k.a. A a.k.a. {'B' * 201}) [Bath] @art", f"(a.k.a. A a.k.a. {'B' * 201})"),
        (f"- Ada Blum @{'b' * 201} [Bath] @art", f"@{'b' * 201}"),
    ],
)
def test_what_the_original_drops_behind_a_name_is_kept_as_a_note(line: str, note: str) -> None:
    ada = friend(line)
    assert (ada.name, ada.lives, ada.into, ada.note) == ("Ada Blum", "Bath", (Loved("art"),), note)
    ((where, why),) = remarks(f"### Friends:\n{line}")
    assert where == "friends.md:2"
    assert note[:40] in why and "behind the name" in why


@pytest.mark.parametrize(
    ("line", "nicknames"),
    [
        ("- Ada (a.k.a. Adi)", ("Adi",)),
        ("- Ada [Bath] (a.k.a. Adi a.k.a. Captain Blum)", ("Adi", "Captain Blum")),
        ("- Ada @art (a.k.a. Adi (the Great) a.k.a. Adi)", ("Adi (the Great)", "Adi")),
        ("- Ada (a.k.a. Adi a.k.a. Adi)", ("Adi",)),
        ("- Ada", ()),
    ],
)
def test_nicknames_are_split(line: str, nicknames: tuple[str, ...]) -> None:
    assert friend(line).nicknames == nicknames
    assert friend(line).note is None


def test_lines_below_a_friend_are_a_note() -> None:
    ada = friend("- Ada Blum [Bath]", "  She has a kiln.", "  - and a dog", "", "we met in 2012.")
    assert ada.note == "She has a kiln.\n- and a dog\n\nwe met in 2012."
    text = "### Friends:\n- Ada Blum\n  has a dog"
    assert remarks(text) == [("friends.md:2", "“has a dog” stands below the name: kept as a note")]


def test_a_name_without_its_dash_is_a_friend_too() -> None:
    text = "### Friends:\nAda Blum\nTomas Rijn [Bath] @art\n- Zoë"
    assert [each.name for each in brought(text).people] == ["Ada Blum", "Tomas Rijn", "Zoë"]


def test_two_friends_of_one_name_stay_two_and_nobody_guesses() -> None:
    text = JOURNAL.replace("- Tomas van Rijn\n", "- Ada Blum [Rome]\n")
    first, second = brought(text).people
    assert (first.lives, second.lives) == ("Bath", "Rome")
    assert first.key != second.key
    assert brought(text).talks[0].people == ()
    assert "“Ada Blum” or “Ada Blum (friends.md:11)”" in remarks(text)[0][1]


@pytest.mark.parametrize("line", ["-", "- @art", "- (a.k.a. Adi)", f"- {'A' * 201}"])
def test_a_friend_without_a_name_is_reported(line: str) -> None:
    text = f"### Friends:\n{line}"
    assert not brought(text).people
    assert [where for where, _ in skipped(text)] == ["friends.md:2"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Ada Blum", "Ada Blum"),
        ("ada blum", "Ada Blum"),
        ("Ada", "Ada Blum"),
        ("The Captain", "Ada Blum"),
        ("Ada B", "Ada Blum"),
        ("Ada B.", "Ada Blum"),
        ("Tomas van", "Tomas van Rijn"),
        ("Zoe", "Zoë"),
    ],
)
def test_a_marked_name_finds_its_friend_as_it_does_in_friends(name: str, meant: str) -> None:
    people = "Ada Blum (a.k.a. The Captain)\n- Tomas van Rijn\n- Zoë"
    told = entry(f"- 2018-01-01: Tea with **{name}**.", people=people)
    assert told.people == (meant,)
    assert told.text == f"Tea with {name}."


def test_a_full_name_beats_a_first_name_and_two_first_names_are_nobody() -> None:
    assert entry("- 2018-01-01: **Ada**", people="Ada\n- Ada Blum").people == ("Ada",)
    told = entry("- 2018-01-01: **Ada**", people="Ada Blum\n- Ada Rijn")
    assert (told.text, told.people) == ("**Ada**", ())


def test_a_name_that_is_no_friend_stays_marked_and_is_reported() -> None:
    text = "### Activities:\n- 2018-01-01: **Pierre** and **Pierre** in _Bath_.\n"
    (told,) = brought(text).talks
    assert (told.text, told.people) == ("**Pierre** and **Pierre** in Bath.", ())
    why = "“Pierre” is not among the friends: the name stays in the text, and links nobody"
    assert remarks(text) == [("friends.md:2", why)]


def test_the_first_place_is_the_place_and_others_stay_marked() -> None:
    told = entry("- 2018-01-01: From _Bath_ to _Rome_ and back to _Bath_.")
    assert (told.place, told.text) == ("Bath", "From Bath to _Rome_ and back to Bath.")


@pytest.mark.parametrize(
    "words",
    ["a snake_case_name", "https://e.org/_x_/**Ada**", "2 ** 3 ** 4", "__init__", "_ x _", "****"],
)
def test_other_signs_are_only_words(words: str) -> None:
    told = entry(f"- 2018-01-01: {words}")
    assert (told.text, told.place, told.people) == (words, None, ())


def test_tags_are_topics_and_addresses_are_not() -> None:
    told = entry(
        "- 2018-01-01: @art:clay-work, me@example.org (@tea) https://e.org/@x @Tea @ नमस्ते@a"
    )
    assert told.topics == ("art:clay-work", "tea")


def test_lines_that_go_on_below_an_entry_belong_to_it() -> None:
    lines = ("  We cooked:", "    - soup with **Tomas**", "", "and _Bath_ was cold")
    told = entry("- 2018-01-01: Saw **Ada Blum**.", *lines)
    assert told.text == "Saw Ada Blum.\nWe cooked:\n  - soup with Tomas\n\nand Bath was cold"
    assert told.people == ("Ada Blum", "Tomas van Rijn")
    assert told.place == "Bath"
    text = "### Notes:\n- 2018-01-01: a\n  b"
    assert remarks(text) == [
        ("friends.md:2", "goes on below its line: all lines are kept together")
    ]


@pytest.mark.parametrize(
    ("day", "on", "precision"),
    [
        ("2018-03-12", "2018-03-12", "day"),
        ("12 March 2018", "2018-03-12", "day"),
        ("March 2018", "2018-03-01", "month"),
        ("2018", "2018-01-01", "year"),
        ("Mon 12 Mar 2018", "2018-03-12", "day"),
    ],
)
def test_a_day_that_needs_no_clock_is_read(day: str, on: str, precision: str) -> None:
    told = entry(f"- {day}: Tea.")
    assert (told.on, told.precision, told.text) == (on, precision, "Tea.")


ODD_DAYS = [
    "Last summer",
    "yesterday",
    "1000 days ago",
    "12 March",
    "2017-02-30",
    "01-02-2017",
    "2 days ago 2018",
]


@pytest.mark.parametrize("day", ODD_DAYS)
def test_an_odd_day_is_kept_as_a_note_of_those_in_it(day: str) -> None:
    text = f"### Notes:\n- {day}: Tea with **Ada Blum**.\n### Friends:\n- Ada Blum\n"
    (ada,) = brought(text).people
    assert not brought(text).talks
    assert ada.note == f"{day}: Tea with Ada Blum."
    ((where, why),) = remarks(text)
    assert where == "friends.md:2"
    assert why.endswith("has no day that kin knows: kept as a note of Ada Blum")


def test_an_odd_day_with_nobody_is_kept_under_the_year_beside_it() -> None:
    text = "### Notes:\n- Note to self: rest.\n- 2018-03-04: a\n- 2016-01-01: b\n- Once: c @sea"
    rest, _, _, once = brought(text).talks
    assert (rest.on, rest.precision, rest.text) == ("2018-01-01", "year", "Note to self: rest.")
    assert (once.on, once.precision, once.topics) == ("2016-01-01", "year", ("sea",))
    assert "kept under 2016" in remarks(text)[-1][1]


def test_an_odd_day_with_no_neighbour_is_reported_with_its_words() -> None:
    text = "### Notes:\n- Note to self: rest more."
    why = "“Note to self: rest more.” has no day that kin knows, and nobody is linked"
    assert skipped(text) == [("friends.md:2", why)]


def test_a_day_without_words_is_reported() -> None:
    text = "### Notes:\n- 2018-01-01\n- 2018-01-01:   \n- 2018-01-01: tea"
    assert [where for where, _ in skipped(text)] == ["friends.md:2", "friends.md:3"]
    assert len(brought(text).talks) == 1


def test_a_strange_heading_is_reported_and_its_lines_are_kept() -> None:
    text = "Hello\n### Garbage:\n- 2018-01-01: tea\n#x\n### friends\n- Ada\n"
    (told,) = [each for each in brought(text).talks if each.precision == "day"]
    assert (told.text, told.on) == ("tea\n#x", "2018-01-01")
    assert [each.name for each in brought(text).people] == ["Ada"]
    assert skipped(text) == [("friends.md:2", "“### Garbage:” is no heading that friends knows")]
    assert any("in no section" in why for where, why in remarks(text) if where == "friends.md:3")


def test_a_heading_of_another_level_ends_no_section() -> None:
    text = "# Journal\n\n### Friends:\n# family\n- Ada\n#### work\n- Tom\n"
    assert [each.name for each in brought(text).people] == ["Ada", "Tom"]
    assert [where for where, _ in skipped(text)] == ["friends.md:1", "friends.md:4", "friends.md:6"]


def test_places_by_themselves_and_their_other_names_are_reported() -> None:
    text = JOURNAL + "- Rome\n- New York (a.k.a. NYC a.k.a. NY)\n  a big town\n"
    assert skipped(text) == [
        ("friends.md:16", "“Rome” is a place where nobody lives and nothing happened"),
        ("friends.md:17", "“New York” is a place where nobody lives and nothing happened"),
        ("friends.md:17", "“NYC” and “NY”: other names of “New York” are not kept"),
        ("friends.md:17", "“a big town” stands below a place, and kin keeps no list of them"),
    ]


def test_a_hostile_file_is_refused_or_read_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "### Notes:\n- 2018-01-01: " + "a" * 100_000 + "\n- 2018-01-02: b\0c\n"
    (told,) = brought(text).talks
    assert told.text == "b\ufffdc"
    assert skipped(text) == [
        ("friends.md:2", "is a line of 100014 characters, and no text of a person")
    ]
    endless = "### Notes:\n- 2018-01-01: tea\n" + "a\n" * 60_000
    assert skipped(endless) == [
        ("friends.md:2", "is an entry of 120004 characters, and no text of a person")
    ]
    with pytest.raises(KinError, match=r"friends\.md has 33 MB and 0 lines"):
        read(b"x" * (33 * 2**20), "friends.md")
    with pytest.raises(KinError, match="has 2 MB and 2,100,000 lines"):
        read(b"\n" * 2_100_000, "friends.md")
    monkeypatch.setattr(friends, "MOST_ITEMS", 3)
    with pytest.raises(KinError, match="more than 3 entries"):
        brought("### Friends:" + "\n- A" * 4)


WRITTEN = """\
### Activities:
- 2018-11-01: **Ada Blum** at _Lou's Diner_, https://e.org/Ada @food
- 2018-03-01: (March 2018) two lines (with **Tomas van Rijn** at _Bath_) @trail-running
- 2017-01-01: nobody here

### Notes:

### Friends:
- Ada Blum (a.k.a. The Captain a.k.a. Adi) [Bath] @pottery @rock-and-roll
- Tomas van Rijn

### Locations:
- Bath
- Lou's Diner
"""


def test_a_book_is_written_as_the_original_reads_it() -> None:
    ada = Incoming(
        "Ada Blum",
        "",
        key="ada",
        nicknames=("The Captain", "Adi"),
        lives="Bath",
        into=(Loved("pottery"), Loved("rock & roll"), Loved("C++")),
    )
    talks = [
        Told("2017-01-01", "nobody here", "", ("stranger",)),
        Told(
            "2018-11-01",
            "Ada Blum at Lou's Diner, https://e.org/Ada @food",
            "",
            ("ada",),
            place="Lou's Diner",
            topics=("food",),
        ),
        Told(
            "2018-03-01",
            "two\n  lines",
            "",
            ("Tomas van Rijn",),
            precision="month",
            place="Bath",
            topics=("trail running",),
        ),
    ]
    tomas = Incoming("Tomas van Rijn", "", key="tom")
    assert write([tomas, ada], talks).decode() == WRITTEN


def test_what_the_format_cannot_say_of_a_name_is_left_out() -> None:
    people = [Incoming("Ada (Adi) [x] @y", ""), Incoming("Ada Adi x y", ""), Incoming("()", "")]
    talks = [Told("2018-01-01", "hello", "", ("Ada (Adi) [x] @y", "Ada Adi x y"))]
    back = read(write(people, talks), "f")
    assert [each.name for each in back.people] == ["Ada Adi x y", "Ada Adi x y 2"]
    assert back.talks[0].people == ("Ada Adi x y", "Ada Adi x y 2")


def test_a_journal_goes_out_as_it_came_in() -> None:
    came = brought(JOURNAL)
    back = read(write(came.people, came.talks), "friends.md")
    assert [bare(each) for each in back.people] == [bare(each) for each in came.people]
    assert {replace(each, source="") for each in back.talks} == {
        replace(each, source="") for each in came.talks
    }


def bare(person: Incoming) -> Incoming:
    return replace(person, source="")


words = st.text("abcdefgXYZéß王1'", min_size=1, max_size=6)
names = st.lists(words, min_size=1, max_size=3).map(" ".join)
tags = st.builds(
    "{}{}{}".format, st.sampled_from("aé1"), st.sampled_from(":-"), st.text("bc7", min_size=1)
)
days = st.dates().map(lambda day: day.isoformat())


@st.composite
def people_said(draw: st.DrawFn) -> list[Incoming]:
    """Draw people that friends.md can say; the key of each is the name, as it is there."""
    drawn = draw(st.lists(names, unique=True, max_size=4))
    return [
        Incoming(
            name,
            "",
            key=name,
            nicknames=tuple(draw(st.lists(names, unique=True, max_size=2))),
            lives=draw(st.none() | names),
            into=tuple(map(Loved, draw(st.lists(tags, unique_by=plain, max_size=2)))),
        )
        for name in sorted(drawn)
    ]


def plain(tag: str) -> str:
    return re.sub("s?([:-]|$)", "", tag)


@st.composite
def talks_said(draw: st.DrawFn, people: list[Incoming]) -> list[Told]:
    """Draw talks that friends.md can say: one line that names all who were there in full."""
    told = []
    for on in draw(st.lists(days, max_size=3)):
        linked = draw(st.permutations([each.name for each in people]))[:2]
        place = draw(st.none() | words.filter(lambda word: word[0].isalnum()))
        place = None if place in linked else place
        topics = tuple(draw(st.lists(tags, unique_by=plain, max_size=2)))
        said = [draw(words), *linked, *([place] if place else []), *(f"@{tag}" for tag in topics)]
        told.append(Told(on, " | ".join(said), "", tuple(linked), place=place, topics=topics))
    return told


@given(st.data())
def test_what_the_format_can_say_it_keeps(data: st.DataObject) -> None:
    people = data.draw(people_said())
    talks = data.draw(talks_said(people))
    back = read(write(people, talks), "friends.md")
    assert [bare(each) for each in back.people] == people
    expected = sorted(talks, key=lambda each: each.on, reverse=True)
    assert [replace(each, source="", people=tuple(sorted(each.people))) for each in back.talks] == [
        replace(each, people=tuple(sorted(each.people))) for each in expected
    ]


anything = st.text("ab *_@()[].:-#\n\r\0\u2028王é", max_size=30)


@given(
    st.lists(
        st.builds(Incoming, anything, st.just(""), nicknames=st.tuples(anything), lives=anything)
    ),
    st.lists(st.builds(Told, days, anything, st.just(""), st.tuples(anything), place=anything)),
)
def test_whatever_is_written_is_read_and_says_the_same_when_written_again(
    people: list[Incoming], talks: list[Told]
) -> None:
    once = read(write(people, talks), "friends.md")
    again = read(write(once.people, once.talks), "friends.md")
    assert [each.name for each in again.people] == [each.name for each in once.people]
    assert [each.on for each in again.talks] == [each.on for each in once.talks]


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_do_worse_than_be_reported(data: bytes) -> None:
    recognise(data)
    for told in read(b"### Friends:\n- Ada\n### Notes:\n" + data, "friends.md").talks:
        assert told.text and "\0" not in told.text
        told.text.encode()
