"""Undo and redo: one command is one step, which can be undone and redone without a trace."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from kin.book import session as book_session
from tests.conftest import TODAY, UNTOLD, Kin

# Commands that change a book of `met` in every table, some of them not twice in a row.
CHANGES: tuple[tuple[str, ...], ...] = (
    ("add", "Ana Ruiz", "--both", "kites", "--differ", "go", "--met", "'); DROP TABLE person; --", "--through", "maya"),
    ("add", "Ben \u202eNoon", "--note", "tea\r\n\twith #\"sea shanties\" ?when", "--ask", "really", "--anyway"),
    ("note", "yesterday: Maya and Tom King at the pier #kites ?did it fly"),
    ("note", "--amend", "--with", "zoe", "--on", "2 november", "--about", "tea"),
    ("edit", "maya", "--not-into", "fado", "--into", "wheel throwing -- at school", "--from", "tom-k"),
    ("edit", "maya", "--into", "fado"),
    ("edit", "tom-b", "--birthday", "29 february", "--group", "choir", "--group", "5-a-side", "--handle", "tommy"),
    ("edit", "tommy", "--handle", "tom-b", "--not-birthday"),
    ("me", "--not-into", "chess", "--into", "climbing"),
    ("me", "--into", "chess"),
    ("ask", "grace", "how was the regatta", "--on", "1 december"),
    ("answered", "grace", "regatta", "--answer", "first, \u00e9videmment"),
    ("answered", "maya", "kiln"),
    ("tie", "grace", "maya", "--as", "cousin"),
    ("vocab", "same", "mud club", "pottery"),
    ("vocab", "apart", "chess", "board games"),
    ("vocab", "under", "fado", "sea shanties"),
    ("reconnect", "--not-now", "maya"),
    ("reconnect", "--snooze", "zoe"),
    ("reconnect", "--again", "maya"),
    ("reconnect",),
)  # fmt: skip


def dump(book: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of the book but history and showings; check index and references."""
    with closing(sqlite3.connect(book)) as db:
        tables = [
            name
            for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith(UNTOLD)
        ]
        rows = {name: sorted(db.execute(f"SELECT * FROM {name}"), key=repr) for name in tables}
        db.execute("INSERT INTO search(search) VALUES ('integrity-check')")
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        return rows


def steps(kin: Kin) -> list[str]:
    return [each["what"] for each in kin("history", "--json").json]


def test_a_change_says_how_to_undo_it_and_a_read_does_not(met: Kin) -> None:
    assert met("note", "tea with Maya").err.endswith("Undo it: kin undo\n")
    for words in (("people",), ("recall", "maya"), ("note", "tea", "--dry-run"), ("reconnect",)):
        assert "kin undo" not in met(*words).err
    assert "kin undo" not in met("edit", "maya", "--into", "fado").err  # it is on the card already


def test_a_step_says_in_words_what_it_was(met: Kin) -> None:
    met("note", "17 november: tea with Maya #tea")
    met("add", "Ana Ruiz", "--both", "tea")
    assert met("history", "--json", "-n", "2").json == [
        {"on": "2026-11-23", "what": "Ana Ruiz, new in the book", "actor": "you", "undone": False},
        {
            "on": "2026-11-23",
            "what": "note with Maya, 17 Nov 2026",
            "actor": "you",
            "undone": False,
        },
    ]
    assert met("history", "-n", "1").out == "2026-11-23\tAna Ruiz, new in the book\t\t\n"


def test_every_kind_of_step_has_words(met: Kin, book: Path) -> None:
    for words in CHANGES:
        met(*words)
    assert all(steps(met))
    assert len(steps(met)) >= len(CHANGES)


def test_undo_goes_further_back_each_time_and_redo_forth(met: Kin, book: Path) -> None:
    states = [dump(book)]
    for words in (("note", "tea with Maya"), ("edit", "maya", "--lives", "Porto"), ("add", "Ana")):
        assert met(*words).code == 0
        states.append(dump(book))
    for before in reversed(states[:-1]):
        assert met("undo").code == 0
        assert dump(book) == before
    for after in states[1:]:
        assert met("redo").code == 0
        assert dump(book) == after
    assert met("undo", "2").out == "Undone: Ana, new in the book.\nUndone: card of Maya Okafor.\n"
    assert dump(book) == states[1]


def test_a_new_change_ends_redo(met: Kin) -> None:
    met("undo")
    met("note", "tea with Maya")
    result = met("redo")
    assert (result.code, result.out) == (1, "")
    assert "undone" not in met("history").out


def test_an_undo_without_a_step_fails(kin: Kin) -> None:
    kin("add", "Maya")
    assert kin("undo").code == 0
    assert kin("undo").code == 1
    assert kin("undo", "--json").error["code"] == 1
    assert kin("undo", "0").code == 2


def test_where_there_is_no_book_there_is_nothing_to_undo(kin: Kin, book: Path) -> None:
    assert kin("undo").code == 0  # a welcome
    result = kin("undo", "--json")
    assert (result.code, result.error["code"], kin("history", "--json").json) == (1, 1, [])
    assert not book.exists()


def test_undo_of_a_person_undoes_their_showings(kin: Kin, book: Path) -> None:
    kin("me", "--into", "tea")
    kin("add", "Maya", "--into", "tea")
    assert kin("reconnect", "--json").json
    assert kin("undo").code == 0
    with closing(sqlite3.connect(book)) as db:
        assert db.execute("SELECT count(*) FROM showing").fetchone() == (0,)
    assert kin("redo").code == 0


def test_a_failed_command_is_not_a_step(met: Kin, book: Path) -> None:
    before, result = dump(book), steps(met)
    assert met("add", "Pat", "--through", "nobody").code == 3
    assert met("note", "tea with Maya", "--on", "someday").code == 2
    assert (dump(book), steps(met)) == (before, result)


def test_only_so_many_steps_are_kept(met: Kin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kin.book.undo_log.KEPT_STEPS", 3)
    for number in range(5):
        met("note", f"tea {number} with Maya")
    assert len(steps(met)) == 3
    assert met("undo", "9").out.count("\n") == 3


def test_a_program_is_named_as_the_actor(met: Kin, book: Path) -> None:
    from kin.people import service as people_service

    with book_session.open_for_writing(book, date(2026, 11, 23), actor="sync") as session:
        people_service.add_tie(session, "grace", "zoe", "aunt")
    assert met("history", "-n", "1").out == (
        "2026-11-23\tGrace Hopper is Zoë O’Brien’s aunt\tsync\t\n"
    )


@pytest.mark.parametrize("steps", [1, 2])
def test_a_suggestion_in_the_meantime_does_not_block_redo(steps: int, kin: Kin, book: Path) -> None:
    kin("me", "--into", "pottery", "--into", "chess")
    kin("add", "Ann Lee", "--both", "pottery")
    kin("add", "Bob Ray", "--both", "chess")
    kin("reconnect", "--about", "chess")
    assert kin("merge", "ann", "bob").code == 0
    after = dump(book)
    assert kin("undo", str(steps)).code == 0
    kin("reconnect", "--about", "pottery")
    result = kin("redo", str(steps))
    assert (result.code, result.err) == (0, "Take it back: kin undo\n")
    assert dump(book) == after
    assert kin("doctor").code == 0
    (ann,) = (each for each in kin("export").json["people"] if each["handle"] == "ann-l")
    assert [each["on"] for each in ann["shown"]] == [TODAY]
