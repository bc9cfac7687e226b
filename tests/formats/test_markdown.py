"""kin's Markdown: a folder that one enjoys reading, and that brings a whole book back, byte for byte."""

import random
import re
import unicodedata
from datetime import date
from pathlib import PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from kin.errors import KinError
from kin.formats.book import Book, Held, Person, Remark, Talk, There, Thread, Tie
from kin.formats.card import Way
from kin.formats.incoming import Skipped
from kin.formats.markdown import read as markdown, write as markdown_write
from kin.formats.markdown.syntax import assign_file_stems, list_written_files
from tests.formats.books import BOOKS, CHARMING, FILLED

TODAY = date(2026, 11, 23)
MAYA = """\
# Maya Okafor <!-- kin page 1 -->

- Handle: maya-o
- Also called: Mo, `"O, Maya"`
- Lives: Lagos
- Birthday: 12 March 1984
- Circle: close
- Groups: pottery class, book club
- Left in peace: until 3 December 2026
- In kin since: 8 June 2024

## How you met

- On: Sat 8 June 2024
- At: Kiln House
- Through: [Tom Becker](tom-b.md)

> We both reached for the last bag of porcelain.
>
> She let me have it, and then stayed to see what I would ruin.

## What lights them up

- pottery — her father had a kiln, and she was never allowed near it
- pineapple on pizza · you see it otherwise
- sourdough · from [Tom Becker](tom-b.md)
- fado — one night in Lisbon, in the rain: she cried, and so did the waiter

## Days

- wedding: 12 June 2019
- name day: 29 February

## How to reach them

- email: maya@example.org
- phone (studio): +44 20 7946 0958
- link: https://maya.example/kiln

## Who they know

- [Tom Becker](tom-b.md)’s sister-in-law <!-- tie 1 -->

## To ask about

- [ ] how was the first firing <!-- thread 2, talk 2 -->
  - since 1 November 2026
  - ask from 3 December 2026
  - with [Maya Okafor](maya-o.md)

## What you sent

- 2 October 2026: the film about the last salt-glaze kiln

## Notes

From vcard:

> Allergic to walnuts.

> Has a cat called Glaze.

## Conversations

### November 2026 · letter

With [Maya](maya-o.md)
About pottery, `"cats, and what they think"`

> Letter from Maya: the kiln is in, the cat is not impressed.

<!-- talk 2, noted 2026-11-03T21:40:00+00:00 -->

## On other pages

- Sun 4 October 2026: “bread with Tom and Maya at Blue Door. Her loaf sang, his…”: [Tom Becker](tom-b.md)
"""


def back(files: dict[str, bytes]) -> markdown.Pages:
    return markdown.read(files.items(), today=TODAY)


def folder(book: Book = CHARMING) -> dict[str, bytes]:
    return dict(markdown_write.write(book))


def edited(*changes: tuple[str, str], page: str = "people/maya-o.md") -> markdown.Pages:
    """Return what comes back where a person changed a page by hand."""
    files = folder()
    text = files[page].decode()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    return back(files | {page: text.encode()})


def person(found: markdown.Pages, handle: str = "maya-o") -> Person:
    return next(each for each in found.book.people if each.handle == handle)


def test_a_page_is_a_pleasure_to_read() -> None:
    assert folder()["people/maya-o.md"].decode() == MAYA


def test_the_first_page_leads_to_everybody() -> None:
    text = folder()["kin.md"].decode()
    assert text.startswith("# The people of Robin Hale <!-- kin folder 1 -->\n")
    assert "- [Tom Becker](people/tom-b.md)\n" in text
    assert "- porcelain is a kind of pottery · since 2 November 2026\n" in text
    assert "> A stranger on the train hummed fado.\n" in text


def test_the_raw_record_stands_beside_the_page() -> None:
    assert list(folder()) == ["people/me.md", "people/tom-b.md", "people/maya-o.md", "kept/maya-o.json", "kin.md"]  # fmt: skip
    assert "BEGIN:VCARD" in folder()["kept/maya-o.json"].decode()


def test_a_conversation_stands_once() -> None:
    whole = b"".join(folder().values()).decode()
    assert whole.count("Her loaf sang, his did not.") == 1


def test_the_charming_book_comes_back() -> None:
    assert back(folder()) == markdown.Pages(CHARMING, (), ())


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(BOOKS)
def test_any_book_comes_back_the_same(book: Book) -> None:
    files = folder(book)
    assert markdown.recognise(files["kin.md"])
    assert back(files) == markdown.Pages(book, (), ())


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(FILLED, FILLED)
def test_a_folder_that_an_editor_saved_with_crlf_comes_back(words: str, story: str) -> None:
    robin = Person("a", words, "2026-11-17", met_story=story, interests=(Held(words, note=story),))
    talk = Talk("2026-11-17", story, "2026-11-17T08:00:00+00:00", people=(There("a", words),))
    book = Book((robin,), (talk,))
    files = {path: data.replace(b"\n", b"\r\n") for path, data in folder(book).items()}
    assert back(files) == markdown.Pages(book, (), ())


@pytest.mark.long
@settings(max_examples=5000, deadline=None, suppress_health_check=list(HealthCheck))
@given(BOOKS)
def test_thousands_of_books_come_back_the_same(book: Book) -> None:
    assert back(folder(book)) == markdown.Pages(book, (), ())


def test_an_interest_is_added_and_a_name_is_mended_by_hand() -> None:
    found = edited(
        ("# Maya Okafor ", "# Maya Okafor-Hale "),
        ("## Days", "- trail running -- since the divorce\n* tea\n\n## Days"),
        ("- Circle: close", "- circle:   Inner"),
        ("- Birthday: 12 March 1984", "- Birthday: 13 Mar 1984"),
    )
    maya = person(found)
    assert (maya.name, maya.circle, maya.birthday) == ("Maya Okafor-Hale", "inner", "1984-03-13")
    assert maya.interests[-2:] == (Held("trail running", note="since the divorce"), Held("tea"))
    assert (found.skipped, found.remarks) == ((), ())


def test_a_conversation_is_written_by_hand() -> None:
    found = edited(("## Conversations\n", "## Conversations\n\n### 20 November 2026 · at Café Lisboa\n\nShe laughed.\n\nI did too.\n"))  # fmt: skip
    assert found.book.talks[3:] == (
        Talk(
            "2026-11-20",
            "She laughed.\n\nI did too.",
            "2026-11-20T00:00:00+00:00",
            place="Café Lisboa",
            people=(There("maya-o", "Maya Okafor"),),
        ),
    )
    assert found.book.talks[:3] == CHARMING.talks and found.book.threads == CHARMING.threads


def test_a_thread_is_opened_and_another_closed_by_hand() -> None:
    found = edited(
        ("- [ ] how was", "- [x] how was"),
        ("  - ask from 3 December 2026", "  - heard 2026-11-22\n  - outcome: green, and whole"),
        (
            "## What you sent",
            "- [ ] is the cat well\n  - since 22 November 2026\n\n## What you sent",
        ),
    )
    assert found.book.threads[1].heard_on == "2026-11-22"
    assert found.book.threads[1].outcome == "green, and whole"
    assert found.book.threads[3] == Thread("is the cat well", "2026-11-22", people=("maya-o",))


def test_what_is_not_understood_is_kept_as_text_and_told() -> None:
    found = edited(
        ("- Circle: close", "- Circle: buddies\n- Shoe size: 38"),
        ("## Days", "She hums when she works.\n\n## Ideas for June\n\n- a kiln of her own\n\nor two\n\n## Days"),
        ("- wedding: 12 June 2019", "- wedding: 31 June 2019"),
    )  # fmt: skip
    assert [each.text for each in person(found).remarks][2:] == [
        "- Circle: buddies\n- Shoe size: 38",
        "She hums when she works.",
        "## Ideas for June\n\n- a kiln of her own\n\nor two",
        "- wedding: 31 June 2019",
    ]
    assert {each.source for each in person(found).remarks[2:]} == {"Markdown"}
    assert Skipped("people/maya-o.md:7", "“- Circle: buddies” is kept as text: a circle is inner, close, friend, wide") in found.remarks  # fmt: skip
    assert len(found.remarks) == 4


def test_a_page_that_is_taken_away_leaves_its_name() -> None:
    files = folder()
    del files["people/tom-b.md"]
    found = back(files)
    assert [each.handle for each in found.book.people] == ["me", "maya-o"]
    assert Skipped("people/tom-b.md", "the page is not there") in found.skipped
    assert Remark("- [Tom Becker](tom-b.md)’s sister-in-law <!-- tie 1 -->", "Markdown") in person(found).remarks  # fmt: skip
    assert found.book.ties == ()


def test_a_page_alone_is_that_person() -> None:
    found = back({"maya-o.md": MAYA.encode()})
    assert [each.name for each in found.book.people] == ["Maya Okafor"]
    assert found.book.talks[0].people == (There("maya-o", "Maya"),)
    assert {each.where for each in found.remarks} == {
        "maya-o.md:16",
        "maya-o.md:26",
        "maya-o.md:42",
    }
    assert found.book.ties == ()


def test_a_page_that_somebody_wrote_and_a_copy_come_in() -> None:
    found = back(folder() | {"people/ana.md": b"# Ana Ruiz\n\n## What lights them up\n\n- choir\n", "people/copy.md": MAYA.encode()})  # fmt: skip
    assert person(found, "ana") == Person(
        "ana", "Ana Ruiz", "2026-11-23", interests=(Held("choir"),)
    )
    assert person(found, "maya-o-2").name == "Maya Okafor"
    assert [each.where for each in found.remarks] == ["people/copy.md:3"]


def test_a_bad_page_costs_that_page_only() -> None:
    found = back(folder() | {"people/tom-b.md": b"# Tom\xff\n", "kept/maya-o.json": b"{", "kept/who.json": b"{}"})  # fmt: skip
    assert [each.handle for each in found.book.people] == ["me", "maya-o"]
    assert {each.where for each in found.skipped} == {"people/tom-b.md:1", "people/tom-b.md", "kept/maya-o.json", "kept/who.json"}  # fmt: skip
    with_nul = back({"a.md": b"# A\0na <!-- kin page 1 -->\n"})
    assert with_nul.book.people[0].name == "A�na" and with_nul.remarks


def test_what_a_newer_kin_wrote_is_refused() -> None:
    with pytest.raises(KinError, match="newer kin"):
        back({"kin.md": b"# Mine <!-- kin folder 2 -->\n"})
    with pytest.raises(KinError, match="newer kin"):
        back({"people/a.md": b"# A <!-- kin page 2 -->\n"})


def test_only_pages_of_kin_are_recognised() -> None:
    assert markdown.recognise(b"\xef\xbb\xbf# Maya <!-- kin page 1 -->\r\n")
    for other in (
        b"",
        b"# Maya\n",
        b"x\n# Maya <!-- kin page 1 -->\n",
        b"\xff\xfe\0",
        b"# " * 9999,
    ):
        assert not markdown.recognise(other)


def test_what_drives_a_terminal_is_written_out() -> None:
    book = Book(
        (Person("a", "A\x1b[31m\u202e", "2026-11-17", contacts=(Way("email", "a\x9b@b"),)),)
    )
    whole = b"".join(folder(book).values()).decode()
    assert not set("\x1b\u202e\x9b") & set(whole)
    assert back(folder(book)).book == book


def test_no_name_leads_out_of_the_folder() -> None:
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


def test_only_files_that_the_first_page_names_are_kins() -> None:
    assert list_written_files(folder()["kin.md"]) >= {*folder()}
    hostile = (
        b"# x <!-- kin folder 1 -->\n- [a](people/../../etc.md)\n- [b](people/b.md)\n- [c](/c.md)\n"
    )
    assert list_written_files(hostile) == {"kin.md", "people/b.md", "kept/b.json"}
    assert list_written_files(b"# mine\n- [b](people/b.md)\n") == set()


_LINES = st.sampled_from([*MAYA.split("\n"), *folder()["kin.md"].decode().split("\n"), '`"', "> `\"", "- ", "- [", "### ", "## ", "  - with [a](", "- [x] ", "\t", "With [`\"", "- email (`\"", "<!-- talk 1, noted `\" -->", "- a · from [", "- On: 99 May 2026", "- Birthday: 0 May"])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_LINES | st.text(max_size=12), max_size=30), st.sampled_from(["people/a.md", "kin.md", "a.md"]))  # fmt: skip
def test_no_page_is_a_bug(lines: list[str], path: str) -> None:
    files = {path: "\n".join(lines).encode("utf-8", "replace"), "people/tom-b.md": b"# Tom\n"}
    try:
        found = back(files)
    except KinError:
        return
    again = back(folder(found.book))
    assert again.book.talks == found.book.talks
    assert Tie("a", "a", "x") not in found.book.ties
