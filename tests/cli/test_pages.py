"""Pages changed by hand and read back into the book they are from: what is new comes in, the rest is told."""

import json
from pathlib import Path

import pytest

from tests.cli.test_history import dump
from tests.conftest import Kin

KILN = "coffee with Maya and Tom Becker at Blue Door about #pottery ?did the kiln survive"


@pytest.fixture
def out(met: Kin, tmp_path: Path) -> Path:
    """Return the folder to which a book of five people was exported."""
    days = tmp_path / "days.md"
    days.write_text("# Maya Okafor\n\n- Handle: maya-o\n\n## Days\n\n- anniversary: 6 May 2010\n")
    assert met("import", str(days), "--from", "markdown", "--json").json["updated"] == 1
    folder = tmp_path / "pages"
    assert met("export", "--format", "markdown", "--to", str(folder)).code == 0
    return folder


def change(page: Path, *pairs: tuple[str, str]) -> None:
    """Change a page as its owner would in an editor."""
    text = page.read_text()
    for old, new in pairs:
        assert old in text, text
        text = text.replace(old, new, 1)
    page.write_text(text)


def again(kin: Kin, folder: Path, book: Path) -> None:
    """Read the pages in once more, which changes nothing."""
    before = dump(book)
    told = kin("import", str(folder), "--json").json
    assert (told["updated"], told["talks"], told["changed"], told["heard"]) == (0, 0, 0, 0)
    assert dump(book) == before


def talks(kin: Kin) -> list[str]:
    return [each["text"] for each in kin("export").json["conversations"]]


@pytest.mark.parametrize("alone", [False, True], ids=["folder", "page"])
def test_a_ticked_thread_is_closed_with_its_day_and_outcome(
    met: Kin, out: Path, book: Path, alone: bool
) -> None:
    page = out / "people" / "maya-o.md"
    change(
        page,
        ("- [ ] how was the concert", "- [x] how was the concert"),
        ("  - ask from 30 November 2026\n", "  - ask from 30 November 2026\n  - heard 22 November 2026\n  - outcome: three encores\n"),
    )  # fmt: skip
    read = page if alone else out
    assert "1 thread heard" in met("import", str(read), "--dry-run").out
    told = met("import", str(read))
    assert "1 thread heard." in told.out
    (closed,) = [each for each in met("export").json["threads"] if "concert" in each["text"]]
    assert (closed["heard_on"], closed["outcome"]) == ("2026-11-22", "three encores")
    again(met, read, book)
    assert met("undo").code == 0
    assert "how was the concert" in [each["text"] for each in met("recall", "maya", "--json").json["threads"]]  # fmt: skip


def test_a_thread_that_both_closed_stays_as_the_book_has_it_and_is_told(
    met: Kin, out: Path
) -> None:
    met("heard", "maya", "concert", "--so", "it rained")
    told = met("import", str(out), "--json").json
    assert [each["why"] for each in told["remarks"]] == ["“how was the concert” stays heard, as the book has it; the file has it open"]  # fmt: skip
    page = out / "people" / "maya-o.md"
    change(page, ("- [ ] how was the concert", "- [x] how was the concert"), ("  - ask from 30 November 2026\n", "  - heard 22 November 2026\n"))  # fmt: skip
    told = met("import", str(out), "--json").json
    assert [each["why"] for each in told["remarks"]] == ["“how was the concert” keeps what the book has; the file says heard: 2026-11-22"]  # fmt: skip


@pytest.mark.parametrize("alone", [False, True], ids=["folder", "page"])
def test_a_conversation_in_other_words_is_changed_and_never_a_second_one(
    met: Kin, out: Path, book: Path, alone: bool
) -> None:
    page = out / "people" / "maya-o.md"
    change(page, ("coffee with Maya", "two flat whites with Maya"))
    before, read = talks(met), page if alone else out
    assert "1 conversation changed" in met("import", str(read), "--dry-run").out
    assert talks(met) == before
    assert "1 conversation changed" in met("import", str(read)).out
    assert talks(met) == [
        f"2026-10-01: {KILN.replace('coffee', 'two flat whites')}",
        before[1],
    ]
    assert met("find", "whites", "--json").json and not met("find", "coffee", "--json").json
    assert "conversation" in met("history").out
    again(met, read, book)
    met("undo")
    assert talks(met) == before


def test_conversations_of_one_moment_are_told_apart(met: Kin, out: Path, book: Path) -> None:
    for words in ("Maya lent me a book", "Maya gave me a jar", "Tom King lost a bet"):
        assert met("note", f"2026-11-19: {words}").code == 0  # all noted in one second, for tests
    met("export", "--format", "markdown", "--to", str(out), "--force")
    page = out / "people" / "maya-o.md"
    change(page, ("gave me a jar", "gave me a jar of plums"))
    assert met("import", str(page), "--json").json["changed"] == 1
    assert talks(met)[2:] == [
        "2026-11-19: Maya lent me a book",
        "2026-11-19: Maya gave me a jar of plums",
        "2026-11-19: Tom King lost a bet",
    ]
    again(met, page, book)


def test_a_conversation_written_by_hand_is_new_beside_those_of_its_day(
    met: Kin, out: Path, book: Path
) -> None:
    page = out / "people" / "maya-o.md"
    hand = "## Conversations\n\n### 1 October 2026\n\nLater she called about coffee and the kiln.\n"
    change(page, ("## Conversations\n", hand))
    told = met("import", str(out), "--json").json
    assert (told["talks"], told["changed"], len(talks(met))) == (1, 0, 3)
    again(met, out, book)


def test_facts_that_differ_are_kept_and_told(met: Kin, out: Path, book: Path) -> None:
    page = out / "people" / "maya-o.md"
    change(
        page,
        ("anniversary: 6 May 2010", "anniversary: 6 May 2011"),
        ("Lives: Lisbon", "Lives: Porto"),
        ("Birthday: 26 November 1984", "Birthday: 27 November 1984"),
        ("pottery — her father had a kiln", "pottery — her mother had a kiln"),
        ("- On: Sun 1 March 2026", "- On: Mon 2 March 2026"),
        ("### Thu 1 October 2026", "### Fri 2 October 2026"),
    )  # fmt: skip
    change(out / "people" / "me.md", ("# Robin <", "# Robin Vale <"))
    before = met("export").out
    told = met("import", str(out), "--json").json
    whys = "\n".join(each["why"] for each in told["remarks"])
    for field in ("anniversary: 2011-05-06", "lives: Porto", "birthday: 1984-11-27", "pottery: her mother had a kiln", "met on: 2026-03-02", "name: Robin Vale", "day: 2026-10-02"):  # fmt: skip
        assert field in whys, (field, whys)
    assert (told["updated"], told["talks"], len(told["remarks"])) == (0, 0, 7)
    assert met("export").out == before
    again(met, out, book)


def test_json_changed_by_hand_is_read_the_same_way(met: Kin, tmp_path: Path, book: Path) -> None:
    whole = met("export").json
    whole["threads"][-1] |= {"heard_on": "2026-11-22", "outcome": "three encores"}
    whole["conversations"][0]["text"] = whole["conversations"][0]["text"].replace("coffee", "tea")
    path = tmp_path / "all.json"
    path.write_text(json.dumps(whole))
    told = met("import", str(path), "--json").json
    assert (told["talks"], told["changed"], told["heard"], told["remarks"]) == (0, 1, 1, [])
    now = met("export").json
    assert (now["conversations"], now["threads"]) == (whole["conversations"], whole["threads"])
    again(met, path, book)


def test_a_page_of_a_newer_kin_costs_that_page_only(met: Kin, out: Path, book: Path) -> None:
    change(out / "people" / "tom-k.md", ("kin page 1", "kin page 9"))
    told = met("import", str(out), "--json", "--db", str(book.with_name("new.db"))).json
    assert told["new"] == 4
    assert [each["where"] for each in told["skipped"]] == ["people/tom-k.md"]
    assert "newer kin" in told["skipped"][0]["why"]
    alone = met("import", str(out / "people" / "tom-k.md"))
    assert alone.code == 2 and "newer kin" in alone.err
