"""Only the person in the question is forgotten, and no more of them is deleted than was shown."""

import shlex
import sqlite3
from collections.abc import Callable, Sequence

import pytest

from kin.privacy import erasure
from kin.privacy.erasure import ErasurePreview
from tests.conftest import Kin
from tests.terminal import Seen, beside, ended, on_terminal

QUESTION = "Forget Maya Okafor?"


def forget_while(*meanwhile: Sequence[str], who: str = "maya") -> Seen:
    """Ask kin to forget a person, run other commands while it waits, and then say yes."""

    def answer() -> str:
        for words in meanwhile:
            assert ended(beside(words)) == 0, words
        return "y"

    return on_terminal(["forget", who], [(QUESTION, answer)], columns=200)


def names(kin: Kin) -> set[str]:
    return {each["name"] for each in kin("people", "--json").json}


RENAMED = {
    "another has the handle": (
        ("edit", "maya", "--handle", "mo"),
        ("add", "Maya Olsen"),
    ),
    "another has the name and the handle": (
        ("edit", "maya", "--handle", "mo", "--name", "Mo Okafor"),
        ("add", "Maya Okafor"),
    ),
    "the name is another": (("edit", "maya", "--name", "Maya Adler"),),
    "the person is merged into another": (("merge", "grace", "maya"),),
    "the person was forgotten": (("forget", "maya", "--yes"),),
}
GROWN = {
    "a note with them": (("note", "tea with Maya Okafor"),),
    "text that names them": (
        ("add", "Zed Byron"),
        ("edit", "zed", "--met", "through Maya Okafor"),
    ),
    "a question": (("ask", "maya", "how was the fair"),),
    "an interest": (("edit", "maya", "--into", "falconry"),),
    "an address": (("edit", "maya", "--phone", "+44 7700 900123"),),
    "a date": (("edit", "maya", "--date", "fair=1 june"),),
    "a tie": (("tie", "grace", "maya", "--as", "cousin"),),
    "how you met": (("edit", "maya", "--met", "in a storm"),),
}


@pytest.fixture(autouse=True)
def _book(met: Kin) -> None:
    """Start with a book of five people."""


@pytest.mark.parametrize("what", RENAMED)
def test_another_person_is_never_forgotten(what: str, kin: Kin) -> None:
    seen = forget_while(*RENAMED[what])
    assert seen.code == 1
    assert "was renamed or removed by another command. Nothing was forgotten." in seen.screen
    left = names(kin)
    assert ("Maya Olsen" in left) == (what == "another has the handle")
    assert "Grace Hopper" in left and not any("forgotten" in each for each in left)
    if what == "another has the name and the handle":
        assert {"Mo Okafor", "Maya Okafor"} <= left


@pytest.mark.parametrize("what", GROWN)
def test_no_more_is_deleted_than_was_shown(what: str, kin: Kin) -> None:
    seen = forget_while(*GROWN[what])
    assert seen.code == 1
    assert "has more about Maya Okafor than you were shown. Nothing was forgotten." in seen.screen
    assert "kin forget maya-o" in seen.screen
    assert "Maya Okafor" in names(kin)


@pytest.mark.parametrize(
    "meanwhile",
    [(("add", "Zed Byron"),), (("edit", "maya", "--not-into", "fado"),), (("reconnect",),), ()],
)
def test_changes_to_others_do_not_stop_it(meanwhile: Sequence[Sequence[str]], kin: Kin) -> None:
    seen = forget_while(*meanwhile)
    assert seen.code == 0 and "Maya Okafor is forgotten." in seen.screen
    assert "Maya Okafor" not in names(kin)


def test_a_renamed_person_can_be_forgotten_by_the_command_in_the_hint(kin: Kin) -> None:
    seen = forget_while(*RENAMED["another has the handle"])
    assert "Try again: kin forget mo" in seen.screen
    assert kin("forget", "mo", "--yes").out == "Maya Okafor is forgotten.\n"
    assert "Maya Olsen" in names(kin)


def test_a_handle_in_a_hint_is_quoted(kin: Kin, monkeypatch: pytest.MonkeyPatch) -> None:
    handle = "maya;touch$IFS" + "pwned"
    preview_erasure = erasure.preview_erasure

    def hostile(*words: object) -> ErasurePreview:
        return preview_erasure(*words)._replace(handle=handle)  # type: ignore[arg-type]

    monkeypatch.setattr(erasure, "preview_erasure", hostile)
    assert f"kin forget {shlex.quote(handle)} --yes" in kin("forget", "maya").err


@pytest.mark.parametrize(
    "check",
    [
        lambda kin: test_another_person_is_never_forgotten("another has the handle", kin),
        lambda kin: test_no_more_is_deleted_than_was_shown("a question", kin),
    ],
)
def test_control_without_the_second_preview_they_are_deleted(
    check: Callable[[Kin], None], kin: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "recheck_preview", _by_handle)
    with pytest.raises(AssertionError):
        check(kin)


def _by_handle(
    db: sqlite3.Connection, shown: ErasurePreview, notes: str, *, was_asked: bool
) -> ErasurePreview:
    return erasure.preview_erasure(db, f"@{shown.handle}", notes)
