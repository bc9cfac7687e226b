"""Pages edited by hand and imported into their book again: what is new comes in, the rest is reported."""

import json
from pathlib import Path

import pytest

from tests.cli.test_history import dump
from tests.conftest import Kin

KILN = "coffee with Maya and Tom Becker at Blue Door about #pottery ?did the kiln survive"


@pytest.fixture
def out(met: Kin, tmp_path: Path) -> Path:
    """Return the folder that a book of five people was exported to."""
    days = tmp_path / "days.md"
    days.write_text("# Maya Okafor\n\n- Handle: maya-o\n\n## Dates\n\n- anniversary: 6 May 2010\n")
    assert met("import", str(days), "--from", "markdown", "--json").json["updated"] == 1
    folder = tmp_path / "pages"
    assert met("export", "--format", "markdown", "--to", str(folder)).code == 0
    return folder


def change(page: Path, *pairs: tuple[str, str]) -> None:
    """Edit a page as its owner would."""
    text = page.read_text()
    for old, new in pairs:
        assert old in text, text
        text = text.replace(old, new, 1)
    page.write_text(text)


def again(kin: Kin, folder: Path, book: Path) -> None:
    """Import the pages once more, which changes nothing."""
    before = dump(book)
    result = kin("import", str(folder), "--json").json
    assert (result["updated"], result["notes"], result["reworded"], result["answered"]) == (
        0,
        0,
        0,
        0,
    )
    assert dump(book) == before


def list_texts(kin: Kin) -> list[str]:
    return [each["text"] for each in kin("export").json["notes"]]


@pytest.mark.parametrize("alone", [False, True], ids=["folder", "page"])
def test_a_ticked_question_is_answered_with_its_day_and_answer(
    met: Kin, out: Path, book: Path, alone: bool
) -> None:
    page = out / "people" / "maya-o.md"
    change(
        page,
        ("- [ ] how was the concert", "- [x] how was the concert"),
        ("  - on 30 November 2026\n", "  - on 30 November 2026\n  - answered 22 November 2026\n  - answer: three encores\n"),
    )  # fmt: skip
    read = page if alone else out
    assert "1 question answered" in met("import", str(read), "--dry-run").out
    result = met("import", str(read))
    assert "1 question answered." in result.out
    (closed,) = [each for each in met("export").json["questions"] if "concert" in each["text"]]
    assert (closed["answered_on"], closed["answer"]) == ("2026-11-22", "three encores")
    again(met, read, book)
    assert met("undo").code == 0
    assert "how was the concert" in [each["text"] for each in met("recall", "maya", "--json").json["questions"]]  # fmt: skip


def test_a_question_answered_on_both_sides_stays_as_in_the_book_and_is_reported(
    met: Kin, out: Path
) -> None:
    met("answered", "maya", "concert", "--answer", "it rained")
    result = met("import", str(out), "--json").json
    assert [each["why"] for each in result["warnings"]] == ["“how was the concert” stays answered, as in the book; the file has it open"]  # fmt: skip
    page = out / "people" / "maya-o.md"
    change(page, ("- [ ] how was the concert", "- [x] how was the concert"), ("  - on 30 November 2026\n", "  - answered 22 November 2026\n"))  # fmt: skip
    result = met("import", str(out), "--json").json
    assert [each["why"] for each in result["warnings"]] == ["“how was the concert” keeps the value in the book; the file has answered: 2026-11-22"]  # fmt: skip


@pytest.mark.parametrize("alone", [False, True], ids=["folder", "page"])
def test_a_reworded_note_is_changed_and_never_added_again(
    met: Kin, out: Path, book: Path, alone: bool
) -> None:
    page = out / "people" / "maya-o.md"
    change(page, ("coffee with Maya", "two flat whites with Maya"))
    before, read = list_texts(met), page if alone else out
    assert "1 note reworded" in met("import", str(read), "--dry-run").out
    assert list_texts(met) == before
    assert "1 note reworded" in met("import", str(read)).out
    assert list_texts(met) == [
        f"2026-10-01: {KILN.replace('coffee', 'two flat whites')}",
        before[1],
    ]
    assert met("find", "whites", "--json").json and not met("find", "coffee", "--json").json
    assert ": 1 note\t" in met("history").out
    again(met, read, book)
    met("undo")
    assert list_texts(met) == before


def test_notes_of_the_same_second_are_told_apart(met: Kin, out: Path, book: Path) -> None:
    for words in ("Maya lent me a book", "Maya gave me a jar", "Tom King lost a bet"):
        assert met("note", f"2026-11-19: {words}").code == 0  # all noted in one second, for tests
    met("export", "--format", "markdown", "--to", str(out), "--force")
    page = out / "people" / "maya-o.md"
    change(page, ("gave me a jar", "gave me a jar of plums"))
    assert met("import", str(page), "--json").json["reworded"] == 1
    assert list_texts(met)[2:] == [
        "2026-11-19: Maya lent me a book",
        "2026-11-19: Maya gave me a jar of plums",
        "2026-11-19: Tom King lost a bet",
    ]
    again(met, page, book)


def test_a_note_written_by_hand_is_added_to_those_of_its_day(
    met: Kin, out: Path, book: Path
) -> None:
    page = out / "people" / "maya-o.md"
    hand = "## Notes\n\n### 1 October 2026\n\nLater she called about coffee and the kiln.\n"
    change(page, ("## Notes\n", hand))
    result = met("import", str(out), "--json").json
    assert (result["notes"], result["reworded"], len(list_texts(met))) == (1, 0, 3)
    again(met, out, book)


def test_values_that_differ_are_kept_and_reported(met: Kin, out: Path, book: Path) -> None:
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
    result = met("import", str(out), "--json").json
    whys = "\n".join(each["why"] for each in result["warnings"])
    for field in ("anniversary: 2011-05-06", "lives: Porto", "birthday: 1984-11-27", "pottery: her mother had a kiln", "met on: 2026-03-02", "name: Robin Vale", "day: 2026-10-02"):  # fmt: skip
        assert field in whys, (field, whys)
    assert (result["updated"], result["notes"], len(result["warnings"])) == (0, 0, 7)
    assert met("export").out == before
    again(met, out, book)


def test_json_changed_by_hand_is_read_the_same_way(met: Kin, tmp_path: Path, book: Path) -> None:
    whole = met("export").json
    whole["questions"][-1] |= {"answered_on": "2026-11-22", "answer": "three encores"}
    whole["notes"][0]["text"] = whole["notes"][0]["text"].replace("coffee", "tea")
    path = tmp_path / "all.json"
    path.write_text(json.dumps(whole))
    result = met("import", str(path), "--json").json
    assert (result["notes"], result["reworded"], result["answered"], result["warnings"]) == (
        0,
        1,
        1,
        [],
    )
    now = met("export").json
    assert (now["notes"], now["questions"]) == (whole["notes"], whole["questions"])
    again(met, path, book)


def test_a_page_of_a_newer_kin_costs_that_page_only(met: Kin, out: Path, book: Path) -> None:
    change(out / "people" / "tom-k.md", ("kin page 1", "kin page 9"))
    result = met("import", str(out), "--json", "--db", str(book.with_name("new.db"))).json
    assert result["new"] == 4
    assert [each["where"] for each in result["skipped"]] == ["people/tom-k.md"]
    assert "newer kin" in result["skipped"][0]["why"]
    alone = met("import", str(out / "people" / "tom-k.md"))
    assert alone.code == 2 and "newer kin" in alone.err
