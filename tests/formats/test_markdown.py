"""kin's Markdown: a folder that is pleasant to read, and from which a whole book reads back the same."""

import random
import re
import unicodedata
from datetime import date
from pathlib import PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from kin.errors import KinError
from kin.formats.editor_card import Contact
from kin.formats.markdown import (
    assign_file_stems,
    list_written_files,
    read as markdown_read,
    write as markdown_write,
)
from kin.formats.records import (
    Book,
    Fact,
    FileIssue,
    Note,
    Participant,
    Person,
    PersonInterest,
    Question,
    Tie,
)
from tests.formats.books import BOOKS, EXAMPLE_BOOK, FILLED

TODAY = date(2026, 11, 23)
MAYA = """\
# Maya Okafor <!-- kin page 1 -->

- Handle: maya-o
- Also called: Mo, `"O, Maya"`
- Lives: Lagos
- Birthday: 12 March 1984
- Circle: close
- Groups: pottery class, book club
- Snoozed: until 3 December 2026
- In kin since: 8 June 2024

## How you met

- On: Sat 8 June 2024
- At: Kiln House
- Through: [Tom Becker](tom-b.md)

> We both reached for the last bag of porcelain.
>
> She let me have it, and then stayed to see what I would ruin.

## Interests

- pottery — her father had a kiln, and she was never allowed near it
- pineapple on pizza · you see it differently
- sourdough · from [Tom Becker](tom-b.md)
- fado — one night in Lisbon, in the rain: she cried, and so did the waiter

## Dates

- wedding: 12 June 2019
- name day: 29 February

## How to reach them

- email: maya@example.org
- phone (studio): +44 20 7946 0958
- link: https://maya.example/kiln

## Who they know

- [Tom Becker](tom-b.md)’s sister-in-law <!-- tie 1 -->

## Questions

- [ ] how was the first firing <!-- question 2, note 2 -->
  - since 1 November 2026
  - on 3 December 2026
  - with [Maya Okafor](maya-o.md)

## What you sent

- 2 October 2026: the film about the last salt-glaze kiln

## Facts

From vcard:

> Allergic to walnuts.

> Has a cat called Glaze.

## Notes

### November 2026 · letter

With [Maya](maya-o.md)
About pottery, `"cats, and what they think"`

> Letter from Maya: the kiln is in, the cat is not impressed.

<!-- note 2, noted 2026-11-03T21:40:00+00:00 -->

## On other pages

- Sun 4 October 2026: “bread with Tom and Maya at Blue Door. Her loaf sang, his…”: [Tom Becker](tom-b.md)
"""


def read(files: dict[str, bytes]) -> markdown_read.Pages:
    return markdown_read.read_pages(files.items(), today=TODAY)


def write(book: Book = EXAMPLE_BOOK) -> dict[str, bytes]:
    return dict(markdown_write.write_pages(book))


def edited(*changes: tuple[str, str], page: str = "people/maya-o.md") -> markdown_read.Pages:
    """Return what is read after a page was changed by hand."""
    files = write()
    text = files[page].decode()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    return read(files | {page: text.encode()})


def person(found: markdown_read.Pages, handle: str = "maya-o") -> Person:
    return next(each for each in found.book.people if each.handle == handle)


def test_a_page_is_pleasant_to_read() -> None:
    assert write()["people/maya-o.md"].decode() == MAYA


def test_the_index_links_to_everyone() -> None:
    text = write()["kin.md"].decode()
    assert text.startswith("# Robin Hale’s people <!-- kin folder 1 -->\n")
    assert "- [Tom Becker](people/tom-b.md)\n" in text
    assert "- porcelain is a kind of pottery · since 2 November 2026\n" in text
    assert "> A stranger on the train hummed fado.\n" in text


def test_the_raw_record_is_in_a_file_of_its_own() -> None:
    assert list(write()) == ["people/me.md", "people/tom-b.md", "people/maya-o.md", "kept/maya-o.json", "kin.md"]  # fmt: skip
    assert "BEGIN:VCARD" in write()["kept/maya-o.json"].decode()


def test_a_note_is_written_once() -> None:
    whole = b"".join(write().values()).decode()
    assert whole.count("Her loaf sang, his did not.") == 1


def test_the_example_book_reads_back_the_same() -> None:
    assert read(write()) == markdown_read.Pages(EXAMPLE_BOOK, (), ())


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(BOOKS)
def test_any_folder_reads_back_the_same(book: Book) -> None:
    files = write(book)
    assert markdown_read.is_kin_markdown(files["kin.md"])
    assert read(files) == markdown_read.Pages(book, (), ())


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(FILLED, FILLED)
def test_a_folder_that_an_editor_saved_with_crlf_reads_back_the_same(
    words: str, story: str
) -> None:
    robin = Person(
        "a", words, "2026-11-17", met_story=story, interests=(PersonInterest(words, note=story),)
    )
    talk = Note("2026-11-17", story, "2026-11-17T08:00:00+00:00", people=(Participant("a", words),))
    book = Book((robin,), (talk,))
    files = {path: data.replace(b"\n", b"\r\n") for path, data in write(book).items()}
    assert read(files) == markdown_read.Pages(book, (), ())


@pytest.mark.long
@settings(max_examples=5000, deadline=None, suppress_health_check=list(HealthCheck))
@given(BOOKS)
def test_thousands_of_folders_read_back_the_same(book: Book) -> None:
    assert read(write(book)) == markdown_read.Pages(book, (), ())


def test_an_interest_is_added_and_a_name_corrected_by_hand() -> None:
    found = edited(
        ("# Maya Okafor ", "# Maya Okafor-Hale "),
        ("## Dates", "- trail running -- since the divorce\n* tea\n\n## Dates"),
        ("- Circle: close", "- circle:   Inner"),
        ("- Birthday: 12 March 1984", "- Birthday: 13 Mar 1984"),
    )
    maya = person(found)
    assert (maya.name, maya.circle, maya.birthday) == ("Maya Okafor-Hale", "inner", "1984-03-13")
    assert maya.interests[-2:] == (
        PersonInterest("trail running", note="since the divorce"),
        PersonInterest("tea"),
    )
    assert (found.skipped, found.warnings) == ((), ())


def test_a_note_is_written_by_hand() -> None:
    found = edited(("## Notes\n", "## Notes\n\n### 20 November 2026 · at Café Lisboa\n\nShe laughed.\n\nI did too.\n"))  # fmt: skip
    assert found.book.notes[3:] == (
        Note(
            "2026-11-20",
            "She laughed.\n\nI did too.",
            "2026-11-20T00:00:00+00:00",
            place="Café Lisboa",
            people=(Participant("maya-o", "Maya Okafor"),),
        ),
    )
    assert (
        found.book.notes[:3] == EXAMPLE_BOOK.notes
        and found.book.questions == EXAMPLE_BOOK.questions
    )


def test_a_question_is_opened_and_another_closed_by_hand() -> None:
    found = edited(
        ("- [ ] how was", "- [x] how was"),
        ("  - on 3 December 2026", "  - answered 2026-11-22\n  - answer: green, and whole"),
        (
            "## What you sent",
            "- [ ] is the cat well\n  - since 22 November 2026\n\n## What you sent",
        ),
    )
    assert found.book.questions[1].answered_on == "2026-11-22"
    assert found.book.questions[1].answer == "green, and whole"
    assert found.book.questions[3] == Question("is the cat well", "2026-11-22", people=("maya-o",))


def test_lines_that_are_not_understood_are_kept_as_facts_and_reported() -> None:
    found = edited(
        ("- Circle: close", "- Circle: buddies\n- Shoe size: 38"),
        ("## Dates", "She hums when she works.\n\n## Ideas for June\n\n- a kiln of her own\n\nor two\n\n## Dates"),
        ("- wedding: 12 June 2019", "- wedding: 31 June 2019"),
    )  # fmt: skip
    assert [each.text for each in person(found).facts][2:] == [
        "- Circle: buddies\n- Shoe size: 38",
        "She hums when she works.",
        "## Ideas for June\n\n- a kiln of her own\n\nor two",
        "- wedding: 31 June 2019",
    ]
    assert {each.source for each in person(found).facts[2:]} == {"Markdown"}
    assert FileIssue("people/maya-o.md:7", "“- Circle: buddies” is kept as text: a circle is inner, close, friend or wide") in found.warnings  # fmt: skip
    assert len(found.warnings) == 4


def test_links_to_a_removed_page_are_reported() -> None:
    files = write()
    del files["people/tom-b.md"]
    found = read(files)
    assert [each.handle for each in found.book.people] == ["me", "maya-o"]
    assert FileIssue("people/tom-b.md", "the page is not there") in found.skipped
    assert Fact("- [Tom Becker](tom-b.md)’s sister-in-law <!-- tie 1 -->", "Markdown") in person(found).facts  # fmt: skip
    assert found.book.ties == ()


def test_a_single_page_is_that_person() -> None:
    found = read({"maya-o.md": MAYA.encode()})
    assert [each.name for each in found.book.people] == ["Maya Okafor"]
    assert found.book.notes[0].people == (Participant("maya-o", "Maya"),)
    assert {each.where for each in found.warnings} == {
        "maya-o.md:16",
        "maya-o.md:26",
        "maya-o.md:42",
    }
    assert found.book.ties == ()


def test_a_page_written_by_hand_and_a_copied_page_are_read() -> None:
    found = read(write() | {"people/ana.md": b"# Ana Ruiz\n\n## Interests\n\n- choir\n", "people/copy.md": MAYA.encode()})  # fmt: skip
    assert person(found, "ana") == Person(
        "ana", "Ana Ruiz", "2026-11-23", interests=(PersonInterest("choir"),)
    )
    assert person(found, "maya-o-2").name == "Maya Okafor"
    assert [each.where for each in found.warnings] == ["people/copy.md:3"]


def test_a_bad_page_affects_only_that_page() -> None:
    found = read(write() | {"people/tom-b.md": b"# Tom\xff\n", "kept/maya-o.json": b"{", "kept/who.json": b"{}"})  # fmt: skip
    assert [each.handle for each in found.book.people] == ["me", "maya-o"]
    assert {each.where for each in found.skipped} == {"people/tom-b.md:1", "people/tom-b.md", "kept/maya-o.json", "kept/who.json"}  # fmt: skip
    with_nul = read({"a.md": b"# A\0na <!-- kin page 1 -->\n"})
    assert with_nul.book.people[0].name == "A�na" and with_nul.warnings


def test_pages_of_a_newer_kin_are_refused() -> None:
    with pytest.raises(KinError, match="newer kin"):
        read({"kin.md": b"# Mine <!-- kin folder 2 -->\n"})
    with pytest.raises(KinError, match="newer kin"):
        read({"people/a.md": b"# A <!-- kin page 2 -->\n"})


def test_only_pages_of_kin_are_recognized() -> None:
    assert markdown_read.is_kin_markdown(b"\xef\xbb\xbf# Maya <!-- kin page 1 -->\r\n")
    for other in (
        b"",
        b"# Maya\n",
        b"x\n# Maya <!-- kin page 1 -->\n",
        b"\xff\xfe\0",
        b"# " * 9999,
    ):
        assert not markdown_read.is_kin_markdown(other)


def test_control_characters_are_escaped() -> None:
    book = Book(
        (Person("a", "A\x1b[31m\u202e", "2026-11-17", contacts=(Contact("email", "a\x9b@b"),)),)
    )
    whole = b"".join(write(book).values()).decode()
    assert not set("\x1b\u202e\x9b") & set(whole)
    assert read(write(book)).book == book


def test_file_names_are_safe_and_stay_in_the_folder() -> None:
    chance = random.Random(5)
    bits = [
        *"/\\.:~$%\"'<>|?*\n\0 -aé中ß",
        "..",
        "../",
        "C:\\",
        "con",
        "NUL",
        "com1.md",
        "x" * 300,
        "\u202e",
        "e\u0301",
        "ﬁ",
    ]
    handles = {"".join(chance.choices(bits, k=chance.randrange(1, 6))) for _ in range(9000)}
    people = [Person(handle, handle, "2026-11-17") for handle in sorted(handles)[:5000]]
    names = assign_file_stems(people)
    assert len(names) == 5000
    folded = {unicodedata.normalize("NFC", name).casefold() for name in names.values()}
    assert len(folded) == 5000
    for name in names.values():
        assert re.fullmatch(r"[\w\u0300-\u036f-]+", name) and len(f"{name}.md".encode()) < 200
        assert PurePosixPath(f"people/{name}.md").parts == ("people", f"{name}.md")
        assert not re.fullmatch(r"(con|nul|com1)", name)


def test_only_files_listed_in_the_index_belong_to_kin() -> None:
    assert list_written_files(write()["kin.md"]) >= {*write()}
    hostile = (
        b"# x <!-- kin folder 1 -->\n- [a](people/../../etc.md)\n- [b](people/b.md)\n- [c](/c.md)\n"
    )
    assert list_written_files(hostile) == {"kin.md", "people/b.md", "kept/b.json"}
    assert list_written_files(b"# mine\n- [b](people/b.md)\n") == set()


_LINES = st.sampled_from([*MAYA.split("\n"), *write()["kin.md"].decode().split("\n"), '`"', "> `\"", "- ", "- [", "### ", "## ", "  - with [a](", "- [x] ", "\t", "With [`\"", "- email (`\"", "<!-- note 1, noted `\" -->", "- a · from [", "- On: 99 May 2026", "- Birthday: 0 May"])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_LINES | st.text(max_size=12), max_size=30), st.sampled_from(["people/a.md", "kin.md", "a.md"]))  # fmt: skip
def test_any_page_is_read_or_refused(lines: list[str], path: str) -> None:
    files = {path: "\n".join(lines).encode("utf-8", "replace"), "people/tom-b.md": b"# Tom\n"}
    try:
        found = read(files)
    except KinError:
        return
    again = read(write(found.book))
    assert again.book.notes == found.book.notes
    assert Tie("a", "a", "x") not in found.book.ties
