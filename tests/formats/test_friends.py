"""A friends.md is read without losing a word, and written so that `friends` reads it."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from kin.errors import KinError
from kin.formats import friends
from kin.formats.editor_card import CardInterest
from kin.formats.friends import is_friends_file, read_friends, write_friends
from kin.formats.records import ImportedNote, ImportedPerson, ImportedRecords

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


def read_text(text: str) -> ImportedRecords:
    return read_friends(text.encode(), "friends.md")


def friend(line: str, *below: str) -> ImportedPerson:
    (person,) = read_text("\n".join(["### Friends:", line, *below])).people
    return person


def entry(line: str, *below: str, people: str = "Ada Blum\n- Tomas van Rijn") -> ImportedNote:
    text = "\n".join(["### Activities:", line, *below, "", "### Friends:", f"- {people}"])
    (note,) = read_text(text).notes
    return note


def warnings(text: str) -> list[tuple[str, str]]:
    return [(each.where, each.why) for each in read_text(text).warnings]


def skipped(text: str) -> list[tuple[str, str]]:
    return [(each.where, each.why) for each in read_text(text).skipped]


def test_people_have_nicknames_a_town_and_interests() -> None:
    ada, tomas = read_text(JOURNAL).people
    assert ada == ImportedPerson(
        name="Ada Blum",
        source="friends.md:10",
        key="Ada Blum",
        nicknames=("The Captain", "Adi"),
        lives="Bath",
        into=(CardInterest("pottery"), CardInterest("science:outdoors")),
    )
    assert tomas == ImportedPerson("Tomas van Rijn", "friends.md:11", key="Tomas van Rijn")


def test_activities_and_notes_become_notes_with_everyone_who_is_marked() -> None:
    diner, soup, alone, kiln = read_text(JOURNAL).notes
    assert diner == ImportedNote(
        on="2018-11-01",
        text="Ada Blum and I went to Lou's Diner. Tom had to stay at home.",
        source="friends.md:2",
        people=("Ada Blum",),
        place="Lou's Diner",
    )
    assert soup.text == "Soup with Ada Blum and Tomas van Rijn. @food @Cold-Days"
    assert soup.people == ("Ada Blum", "Tomas van Rijn")
    assert soup.interests == ("food", "Cold-Days")
    assert (alone.people, alone.place) == ((), "Bath")
    assert (kiln.on, kiln.people, kiln.interests) == ("2018-06-15", ("Ada Blum",), ("pottery",))


def test_a_tidy_file_has_nothing_to_report() -> None:
    assert read_text(JOURNAL).kind == "friends.md"
    assert not read_text(JOURNAL).skipped + read_text(JOURNAL).warnings


def test_the_order_of_the_sections_does_not_matter() -> None:
    sections = JOURNAL.strip().split("\n\n")
    turned = read_text("\n\n".join(reversed(sections)))
    assert {note.text for note in turned.notes} == {note.text for note in read_text(JOURNAL).notes}
    assert turned.notes[1].people == ("Ada Blum",)


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
def test_the_file_is_recognized_by_a_heading(data: bytes) -> None:
    assert is_friends_file(data)


@pytest.mark.parametrize("data", [b"", b"# Notes\n- 2018-01-01: x", b"a ### Friends:", b"\xff\xfe"])
def test_other_files_are_not_recognized(data: bytes) -> None:
    assert not is_friends_file(data)


def test_old_encodings_are_read() -> None:
    for encoding in ("cp1252", "utf-16", "utf-8-sig"):
        (person,) = read_friends("### Friends:\n- Zoë Šimek\n".encode(encoding), "f").people
        assert person.name == "Zoë Šimek"
    mixed = "### Friends:\n- Zoë\n".encode() + "- Šimek".encode("cp1252") + b" \x81\n"
    assert [each.name for each in read_friends(mixed, "f").people] == ["Zoë", "Šimek \ufffd"]


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
def test_text_after_a_name_is_kept_as_a_fact(line: str, note: str) -> None:
    ada = friend(line)
    assert (ada.name, ada.lives, ada.into, ada.note) == (
        "Ada Blum",
        "Bath",
        (CardInterest("art"),),
        note,
    )
    ((where, why),) = warnings(f"### Friends:\n{line}")
    assert where == "friends.md:2"
    assert note[:40] in why and "after the name is kept as a fact" in why


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


def test_lines_below_a_friend_are_a_fact() -> None:
    ada = friend("- Ada Blum [Bath]", "  She has a kiln.", "  - and a dog", "", "we met in 2012.")
    assert ada.note == "She has a kiln.\n- and a dog\n\nwe met in 2012."
    text = "### Friends:\n- Ada Blum\n  has a dog"
    assert warnings(text) == [("friends.md:2", "“has a dog” below the name is kept as a fact")]


def test_a_name_without_a_dash_is_a_friend_too() -> None:
    text = "### Friends:\nAda Blum\nTomas Rijn [Bath] @art\n- Zoë"
    assert [each.name for each in read_text(text).people] == ["Ada Blum", "Tomas Rijn", "Zoë"]


def test_two_friends_with_the_same_name_stay_two_and_are_not_linked() -> None:
    text = JOURNAL.replace("- Tomas van Rijn\n", "- Ada Blum [Rome]\n")
    first, second = read_text(text).people
    assert (first.lives, second.lives) == ("Bath", "Rome")
    assert first.key != second.key
    assert read_text(text).notes[0].people == ()
    assert "“Ada Blum” or “Ada Blum (friends.md:11)”" in warnings(text)[0][1]


@pytest.mark.parametrize("line", ["-", "- @art", "- (a.k.a. Adi)", f"- {'A' * 201}"])
def test_a_friend_without_a_name_is_reported(line: str) -> None:
    text = f"### Friends:\n{line}"
    assert not read_text(text).people
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
def test_a_marked_name_finds_the_same_friend_as_in_friends(name: str, meant: str) -> None:
    people = "Ada Blum (a.k.a. The Captain)\n- Tomas van Rijn\n- Zoë"
    note = entry(f"- 2018-01-01: Tea with **{name}**.", people=people)
    assert note.people == (meant,)
    assert note.text == f"Tea with {name}."


def test_a_full_name_beats_a_first_name_and_a_shared_first_name_links_no_one() -> None:
    assert entry("- 2018-01-01: **Ada**", people="Ada\n- Ada Blum").people == ("Ada",)
    note = entry("- 2018-01-01: **Ada**", people="Ada Blum\n- Ada Rijn")
    assert (note.text, note.people) == ("**Ada**", ())


def test_an_unknown_name_stays_marked_and_is_reported() -> None:
    text = "### Activities:\n- 2018-01-01: **Pierre** and **Pierre** in _Bath_.\n"
    (note,) = read_text(text).notes
    assert (note.text, note.people) == ("**Pierre** and **Pierre** in Bath.", ())
    why = "“Pierre” is not one of the friends: the name stays in the text, and links no one"
    assert warnings(text) == [("friends.md:2", why)]


def test_the_first_place_is_the_place_and_others_stay_marked() -> None:
    note = entry("- 2018-01-01: From _Bath_ to _Rome_ and back to _Bath_.")
    assert (note.place, note.text) == ("Bath", "From Bath to _Rome_ and back to Bath.")


@pytest.mark.parametrize(
    "words",
    ["a snake_case_name", "https://e.org/_x_/**Ada**", "2 ** 3 ** 4", "__init__", "_ x _", "****"],
)
def test_other_signs_are_plain_text(words: str) -> None:
    note = entry(f"- 2018-01-01: {words}")
    assert (note.text, note.place, note.people) == (words, None, ())


def test_tags_are_interests_and_addresses_are_not() -> None:
    note = entry(
        "- 2018-01-01: @art:clay-work, me@example.org (@tea) https://e.org/@x @Tea @ नमस्ते@a"
    )
    assert note.interests == ("art:clay-work", "tea")


def test_lines_below_an_entry_belong_to_it() -> None:
    lines = ("  We cooked:", "    - soup with **Tomas**", "", "and _Bath_ was cold")
    note = entry("- 2018-01-01: Saw **Ada Blum**.", *lines)
    assert note.text == "Saw Ada Blum.\nWe cooked:\n  - soup with Tomas\n\nand Bath was cold"
    assert note.people == ("Ada Blum", "Tomas van Rijn")
    assert note.place == "Bath"
    text = "### Notes:\n- 2018-01-01: a\n  b"
    assert warnings(text) == [("friends.md:2", "has more lines below it: all are kept together")]


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
def test_a_day_that_does_not_depend_on_today_is_read(day: str, on: str, precision: str) -> None:
    note = entry(f"- {day}: Tea.")
    assert (note.on, note.precision, note.text) == (on, precision, "Tea.")


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
def test_an_entry_with_an_odd_day_is_kept_as_a_fact_about_its_people(day: str) -> None:
    text = f"### Notes:\n- {day}: Tea with **Ada Blum**.\n### Friends:\n- Ada Blum\n"
    (ada,) = read_text(text).people
    assert not read_text(text).notes
    assert ada.note == f"{day}: Tea with Ada Blum."
    ((where, why),) = warnings(text)
    assert where == "friends.md:2"
    assert why.endswith("has no day that kin recognizes: kept as a fact about Ada Blum")


def test_an_entry_with_an_odd_day_and_no_people_is_kept_under_the_year_of_its_neighbour() -> None:
    text = "### Notes:\n- Note to self: rest.\n- 2018-03-04: a\n- 2016-01-01: b\n- Once: c @sea"
    rest, _, _, once = read_text(text).notes
    assert (rest.on, rest.precision, rest.text) == ("2018-01-01", "year", "Note to self: rest.")
    assert (once.on, once.precision, once.interests) == ("2016-01-01", "year", ("sea",))
    assert "kept under 2016" in warnings(text)[-1][1]


def test_an_entry_with_an_odd_day_and_no_neighbour_is_reported_with_its_text() -> None:
    text = "### Notes:\n- Note to self: rest more."
    why = "“Note to self: rest more.” has no day that kin recognizes, and links no one"
    assert skipped(text) == [("friends.md:2", why)]


def test_a_day_without_text_is_reported() -> None:
    text = "### Notes:\n- 2018-01-01\n- 2018-01-01:   \n- 2018-01-01: tea"
    assert [where for where, _ in skipped(text)] == ["friends.md:2", "friends.md:3"]
    assert len(read_text(text).notes) == 1


def test_a_strange_heading_is_reported_and_its_lines_are_kept() -> None:
    text = "Hello\n### Garbage:\n- 2018-01-01: tea\n#x\n### friends\n- Ada\n"
    (note,) = [each for each in read_text(text).notes if each.precision == "day"]
    assert (note.text, note.on) == ("tea\n#x", "2018-01-01")
    assert [each.name for each in read_text(text).people] == ["Ada"]
    assert skipped(text) == [("friends.md:2", "“### Garbage:” is not a heading that friends knows")]
    assert any("in no section" in why for where, why in warnings(text) if where == "friends.md:3")


def test_a_heading_of_another_level_does_not_end_a_section() -> None:
    text = "# Journal\n\n### Friends:\n# family\n- Ada\n#### work\n- Tom\n"
    assert [each.name for each in read_text(text).people] == ["Ada", "Tom"]
    assert [where for where, _ in skipped(text)] == ["friends.md:1", "friends.md:4", "friends.md:6"]


def test_unused_places_and_other_names_of_places_are_reported() -> None:
    text = JOURNAL + "- Rome\n- New York (a.k.a. NYC a.k.a. NY)\n  a big town\n"
    assert skipped(text) == [
        ("friends.md:16", "“Rome” is a place where no one lives and nothing happened"),
        ("friends.md:17", "“New York” is a place where no one lives and nothing happened"),
        ("friends.md:17", "“NYC” and “NY”: other names of “New York” are not kept"),
        ("friends.md:17", "“a big town” is below a place, and kin has no list of places"),
    ]


def test_a_hostile_file_is_refused_or_partly_read(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "### Notes:\n- 2018-01-01: " + "a" * 100_000 + "\n- 2018-01-02: b\0c\n"
    (note,) = read_text(text).notes
    assert note.text == "b\ufffdc"
    assert skipped(text) == [("friends.md:2", "is a line of 100014 characters, which is too long")]
    endless = "### Notes:\n- 2018-01-01: tea\n" + "a\n" * 60_000
    assert skipped(endless) == [
        ("friends.md:2", "is an entry of 120004 characters, which is too long")
    ]
    with pytest.raises(KinError, match=r"friends\.md has 33 MB and 0 lines"):
        read_friends(b"x" * (33 * 2**20), "friends.md")
    with pytest.raises(KinError, match="has 2 MB and 2,100,000 lines"):
        read_friends(b"\n" * 2_100_000, "friends.md")
    monkeypatch.setattr(friends, "MAX_ITEMS", 3)
    with pytest.raises(KinError, match="more than 3 entries"):
        read_text("### Friends:" + "\n- A" * 4)


WRITTEN = """\
### Activities:
- 2018-11-01: **Ada Blum** at _Lou's Diner_, https://e.org/Ada @food
- 2018-03-01: (March 2018) two lines (with **Tomas van Rijn** at _Bath_) @trail-running
- 2017-01-01: no one here

### Notes:

### Friends:
- Ada Blum (a.k.a. The Captain a.k.a. Adi) [Bath] @pottery @rock-and-roll
- Tomas van Rijn

### Locations:
- Bath
- Lou's Diner
"""


def test_a_book_is_written_in_the_format_of_friends() -> None:
    ada = ImportedPerson(
        "Ada Blum",
        "",
        key="ada",
        nicknames=("The Captain", "Adi"),
        lives="Bath",
        into=(CardInterest("pottery"), CardInterest("rock & roll"), CardInterest("C++")),
    )
    notes = [
        ImportedNote("2017-01-01", "no one here", "", ("stranger",)),
        ImportedNote(
            "2018-11-01",
            "Ada Blum at Lou's Diner, https://e.org/Ada @food",
            "",
            ("ada",),
            place="Lou's Diner",
            interests=("food",),
        ),
        ImportedNote(
            "2018-03-01",
            "two\n  lines",
            "",
            ("Tomas van Rijn",),
            precision="month",
            place="Bath",
            interests=("trail running",),
        ),
    ]
    tomas = ImportedPerson("Tomas van Rijn", "", key="tom")
    assert write_friends([tomas, ada], notes).decode() == WRITTEN


def test_characters_that_would_end_a_name_are_left_out() -> None:
    people = [
        ImportedPerson("Ada (Adi) [x] @y", ""),
        ImportedPerson("Ada Adi x y", ""),
        ImportedPerson("()", ""),
    ]
    notes = [ImportedNote("2018-01-01", "hello", "", ("Ada (Adi) [x] @y", "Ada Adi x y"))]
    back = read_friends(write_friends(people, notes), "f")
    assert [each.name for each in back.people] == ["Ada Adi x y", "Ada Adi x y 2"]
    assert back.notes[0].people == ("Ada Adi x y", "Ada Adi x y 2")


def test_a_journal_is_written_as_it_was_read() -> None:
    came = read_text(JOURNAL)
    back = read_friends(write_friends(came.people, came.notes), "friends.md")
    assert [bare(each) for each in back.people] == [bare(each) for each in came.people]
    assert {replace(each, source="") for each in back.notes} == {
        replace(each, source="") for each in came.notes
    }


def bare(person: ImportedPerson) -> ImportedPerson:
    return replace(person, source="")


words = st.text("abcdefgXYZéß王1'", min_size=1, max_size=6)
names = st.lists(words, min_size=1, max_size=3).map(" ".join)
tags = st.builds(
    "{}{}{}".format, st.sampled_from("aé1"), st.sampled_from(":-"), st.text("bc7", min_size=1)
)
days = st.dates().map(lambda day: day.isoformat())


@st.composite
def expressible_people(draw: st.DrawFn) -> list[ImportedPerson]:
    """Draw people that friends.md can express; the key of each is the name, as in the file."""
    drawn = draw(st.lists(names, unique=True, max_size=4))
    return [
        ImportedPerson(
            name,
            "",
            key=name,
            nicknames=tuple(draw(st.lists(names, unique=True, max_size=2))),
            lives=draw(st.none() | names),
            into=tuple(map(CardInterest, draw(st.lists(tags, unique_by=plain, max_size=2)))),
        )
        for name in sorted(drawn)
    ]


def plain(tag: str) -> str:
    return re.sub("s?([:-]|$)", "", tag)


@st.composite
def expressible_notes(draw: st.DrawFn, people: list[ImportedPerson]) -> list[ImportedNote]:
    """Draw notes that friends.md can express: one line with the full names of everyone who was there."""
    drawn = []
    for on in draw(st.lists(days, max_size=3)):
        linked = draw(st.permutations([each.name for each in people]))[:2]
        place = draw(st.none() | words.filter(lambda word: word[0].isalnum()))
        place = None if place in linked else place
        interests = tuple(draw(st.lists(tags, unique_by=plain, max_size=2)))
        parts = [
            draw(words),
            *linked,
            *([place] if place else []),
            *(f"@{tag}" for tag in interests),
        ]
        drawn.append(
            ImportedNote(on, " | ".join(parts), "", tuple(linked), place=place, interests=interests)
        )
    return drawn


@given(st.data())
def test_what_the_format_can_express_reads_back_the_same(data: st.DataObject) -> None:
    people = data.draw(expressible_people())
    notes = data.draw(expressible_notes(people))
    back = read_friends(write_friends(people, notes), "friends.md")
    assert [bare(each) for each in back.people] == people
    expected = sorted(notes, key=lambda each: each.on, reverse=True)
    assert [replace(each, source="", people=tuple(sorted(each.people))) for each in back.notes] == [
        replace(each, people=tuple(sorted(each.people))) for each in expected
    ]


anything = st.text("ab *_@()[].:-#\n\r\0\u2028王é", max_size=30)


@given(
    st.lists(
        st.builds(
            ImportedPerson, anything, st.just(""), nicknames=st.tuples(anything), lives=anything
        )
    ),
    st.lists(
        st.builds(ImportedNote, days, anything, st.just(""), st.tuples(anything), place=anything)
    ),
)
def test_anything_that_is_written_is_stable_when_it_is_written_again(
    people: list[ImportedPerson], notes: list[ImportedNote]
) -> None:
    once = read_friends(write_friends(people, notes), "friends.md")
    again = read_friends(write_friends(once.people, once.notes), "friends.md")
    assert [each.name for each in again.people] == [each.name for each in once.people]
    assert [each.on for each in again.notes] == [each.on for each in once.notes]


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_reported(data: bytes) -> None:
    is_friends_file(data)
    for note in read_friends(b"### Friends:\n- Ada\n### Notes:\n" + data, "friends.md").notes:
        assert note.text and "\0" not in note.text
        note.text.encode()
