"""The demo on a throwaway book."""

from pathlib import Path

import pytest

from tests.conftest import Kin

WALK = ["add", "note", "recall", "interests", "today"]


def test_the_demo_walks_through_the_everyday_commands(kin: Kin) -> None:
    result = kin("demo")
    assert result.code == 0
    shown = [line.split()[2] for line in result.out.splitlines() if line.startswith("$ kin ")]
    assert shown == WALK
    assert "Maya Okafor  maya-o  is in your book\n" in result.out
    assert "That was a throwaway book; yours is untouched.\n" in result.out
    assert "\x1b" not in result.out


def test_the_demo_touches_no_file_of_yours(kin: Kin, book: Path, tmp_path: Path) -> None:
    before = set(tmp_path.rglob("*"))
    assert kin("demo").code == 0
    assert kin("demo", "--json").code == 0
    assert set(tmp_path.rglob("*")) == before
    assert not book.exists()


def test_the_demo_leaves_a_book_that_is_there_as_it_was(met: Kin, book: Path) -> None:
    before = book.read_bytes()
    assert met("demo").code == 0
    assert book.read_bytes() == before


def test_the_demo_has_its_own_day(kin: Kin, monkeypatch: pytest.MonkeyPatch) -> None:
    first = kin("demo").out
    monkeypatch.setenv("KIN_NOW", "2031-05-05")
    assert kin("demo").out == first


def test_the_demo_as_json_is_its_steps(kin: Kin) -> None:
    result = kin("demo", "--json")
    assert result.err == ""
    assert result.json["book"] is None
    steps = result.json["steps"]
    assert [step["command"].split()[1] for step in steps] == WALK
    added, noted, brief, interests, day = (step["result"] for step in steps)
    assert added["name"] == "Maya Okafor"
    assert [each["handle"] for each in noted["notes"][0]["people"]] == ["maya-o", "tom-b"]
    assert brief["person"]["handle"] == "tom-b"
    assert interests[0]["key"] == "pottery"
    assert set(day) == {"dates", "questions"}


def test_keep_leaves_the_book_to_play_with(kin: Kin, book: Path, tmp_path: Path) -> None:
    kept = tmp_path / "demo.db"
    result = kin("demo", "--keep", str(kept), "--json")
    assert (result.code, result.json["book"]) == (0, str(kept))
    assert len(kin("people", "--db", str(kept), "--json").json) >= 12
    assert kin("notes", "--db", str(kept), "--json").json
    assert not book.exists()


def test_keep_says_how_to_play_with_it(kin: Kin, tmp_path: Path) -> None:
    kept = tmp_path / "demo.db"
    assert f"kin --db {kept} people" in kin("demo", "--keep", str(kept)).out


def test_keep_overwrites_no_file(kin: Kin, tmp_path: Path) -> None:
    taken = tmp_path / "letters.txt"
    taken.write_text("dear Maya", encoding="utf-8")
    result = kin("demo", "--keep", str(taken))
    assert (result.code, result.out) == (2, "")
    assert taken.read_text(encoding="utf-8") == "dear Maya"
    assert kin("demo", "--keep", str(tmp_path)).code == 2


def test_without_a_terminal_there_is_no_shell_and_that_is_not_a_failure(
    kin: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELL", "/nowhere/to/be/found")
    result = kin("demo", "--shell")
    assert result.code == 0
    assert "kin demo --keep" in result.err
