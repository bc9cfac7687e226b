"""Random commands in random order: the book has what it should, to the byte, and every step can be undone.

Hypothesis runs commands through the real command line, and applies each to a model too (tests/book_model.py). After each
command, the rows, the output of `kin export` and the undo history must agree with the model.
"""

import io
import json
import re
import shutil
import sqlite3
import sys
import tempfile
import unicodedata
from collections.abc import Callable
from contextlib import ExitStack, closing, redirect_stderr, redirect_stdout
from datetime import date
from difflib import unified_diff
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, seed, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from kin.book import session, undo_log
from kin.cli import app
from kin.errors import KinError
from kin.formats import kin_json
from kin.language import text as language_text
from kin.language.text import is_handle, normalize
from kin.notes import parser, questions
from kin.transfer import export
from kin.vocabulary import catalog
from kin.vocabulary.catalog import normalize_interest
from tests.book_model import BookModel, Note, Person, Question, simplify_export
from tests.conftest import TODAY, UNTOLD, Result
from tests.threats.payloads import EMPTY, NASTY, NASTY_TEXTS, UNSTORABLE
from tests.threats.test_doors import HANDLES

# In memory: the disk is tested elsewhere.
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None

# After a dash comes the story of how someone came to the interest.
LABELS = tuple(
    each for each in NASTY if normalize_interest(each) and not re.search(" (--|—)( |$)", each)
)
LINES = tuple(each for each in NASTY if each.strip())
QUESTIONS = (*LINES[:40], *LINES[-12:])

DAY = date.fromisoformat(TODAY)
Rows = dict[str, list[tuple[object, ...]]]
# Half of the texts are from a short list, so that the same spellings and line ends come up again.
words = st.sampled_from(LINES[:8]) | st.sampled_from(LINES)
labels = st.sampled_from(LABELS[:8]) | st.sampled_from(LABELS)
few_labels = st.lists(labels, max_size=2)
texts = st.sampled_from(NASTY_TEXTS[len(NASTY) :]) | st.sampled_from(NASTY_TEXTS)
index = st.integers(0, 40)  # of one of the people in the book
maybe = st.none() | words
BIRTHDAYS = {"3 may 1984": "1984-05-03", "12 march": "--03-12"}


class Step(NamedTuple):
    """A step: the book before and after it, as a model and as rows."""

    before: BookModel
    after: BookModel
    rows_before: Rows
    rows_after: Rows


class NewBook(NamedTuple):
    """A new book: the bytes of its file, and the step that created it."""

    file: bytes
    step: Step


@cache
def create_book() -> NewBook:
    """Create a book; cached."""
    with tempfile.TemporaryDirectory(prefix="kin-machine-", dir=MEMORY) as folder:
        book, rows = Path(folder, "book.db"), []
        for typed in (("me", "--name", "You"), ("undo",), ("redo",)):
            assert run_command(book, *typed).code == 0
            with session.open_for_reading(book, DAY) as db:
                rows.append(read_rows(db)[0])
        return NewBook(book.read_bytes(), Step(BookModel(), BookModel(), rows[1], rows[2]))


def run_command(book: Path, *typed: str, stdin: str = "") -> Result:
    """Run a command on a book."""
    out, err = io.TextIOWrapper(io.BytesIO(), newline=""), io.StringIO()
    environment = {"KIN_DB": str(book), "KIN_NOW": TODAY, "KIN_CONFIG": "/dev/null"}
    stdin_stream = io.TextIOWrapper(io.BytesIO(stdin.encode(errors="surrogatepass")))
    with redirect_stdout(out), redirect_stderr(err), patch.object(sys, "stdin", stdin_stream):
        code = app.run(list(typed), environment)
    out.flush()
    assert "bug" not in err.getvalue(), err.getvalue()
    return Result(code, out.buffer.getvalue().decode(), err.getvalue())


def read_rows(db: sqlite3.Connection) -> tuple[Rows, int]:
    """Return every row that can be undone, and the id of the newest step."""
    tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")
    rows = {
        name: sorted(db.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
        for (name,) in tables.fetchall()
        if not name.startswith(UNTOLD)
    }
    (top,) = db.execute("SELECT coalesce(max(id), 0) FROM step WHERE undone = 0").fetchone()
    return rows, top


class Machine(RuleBasedStateMachine):
    """kin and the model, with the same commands."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="kin-machine-", dir=MEMORY))
        self.book = self.folder / "book.db"
        self.book.touch(mode=0o600)
        self.book.write_bytes(create_book().file)
        self.exits = ExitStack()
        # A second connection; opening one for each look takes half a millisecond.
        self.db = self.exits.enter_context(session.open_for_reading(self.book, DAY))
        self.model, self.last_model = BookModel(), BookModel()
        self.steps = [create_book().step]
        self.undone_steps: list[Step] = []
        self.name_count = 0
        self.rows, self.top = self._rows()
        self.exported = self.model.export()

    def teardown(self) -> None:
        """Check everything once more at the end."""
        try:
            self.check_undo_and_redo_all()
            assert simplify_export(json.loads(self.kin("export").out)) == self.model.export()
            self.check_people()
            self.check_notes()
            self.check_round_trip()
            with closing(sqlite3.connect(self.book)) as db:
                assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                assert db.execute("PRAGMA foreign_key_check").fetchall() == []
                db.execute("INSERT INTO search(search, rank) VALUES ('integrity-check', 1)")
        finally:
            self.exits.close()
            shutil.rmtree(self.folder)

    def check_undo_and_redo_all(self) -> None:
        """Undo and redo all steps; a change after an undo makes redo impossible."""
        count = len(self.steps)
        if count:
            self.undo(count)
            self.redo(count)
            self.undo(1)
            self.succeed("me", "--into=quoits of old")
            self.model.add_interest("me", "quoits of old", "into")
            self.check_change()
            self.fail("redo", codes=(1,))

    # How commands are run, and what is checked after each.

    def kin(self, *typed: str, stdin: str = "", book: Path | None = None) -> Result:
        """Run a command."""
        return run_command(book or self.book, *typed, stdin=stdin)

    def succeed(self, *typed: str, stdin: str = "") -> Any:
        """Run a command that succeeds, and return its JSON."""
        result = self.kin(typed[0], "--json", *typed[1:], stdin=stdin)
        assert result.code == 0, (typed, result.err)
        return result.json

    def fail(self, *typed: str, codes: tuple[int, ...] = (2,), stdin: str = "") -> None:
        """Run a command that fails and changes nothing."""
        result = self.kin(*typed, stdin=stdin)
        assert result.code in codes, (typed, result)
        assert result.out == ""
        assert self._rows()[0] == self.rows

    def check_change(self, can_be_undone: bool = True) -> None:
        """Check the book after a change: it agrees with the model, and the change is one step, or none."""
        rows, top = self._rows()
        self._check_export(rows)
        after = self.model.copy()
        if not can_be_undone:
            self.steps, self.undone_steps = [], []
        elif top != self.top:
            self.steps.append(Step(self.last_model, after, self.rows, rows))
            self.undone_steps = []
        else:
            assert rows == self.rows, "a change without a step"
        self.rows, self.top, self.last_model = rows, top, after

    def _check_export(self, rows: Rows) -> None:
        if rows != self.rows:
            self.exported = simplify_export(
                json.loads(kin_json.write_book(export.read_book(self.db), exported_on=TODAY))
            )
        assert self.exported == self.model.export()

    def _rows(self) -> tuple[Rows, int]:
        return read_rows(self.db)

    def pick_person(self, at: int) -> str:
        """Return the handle of one of the people in the book."""
        handles = [handle for handle in self.model.people if handle != "me"]
        return handles[at % len(handles)]

    def has_people(self) -> bool:
        """Return whether anyone is in the book."""
        return len(self.model.people) > 1

    def has_two_people(self) -> bool:
        """Return whether two people are in the book."""
        return len(self.model.people) > 2

    def make_name(self, nasty: str) -> str:
        """Return a name that no one has."""
        self.name_count += 1
        return f"{nasty} Qo{self.name_count}x"

    # People.

    @rule(
        nasty=words,
        into=few_labels,
        differ=few_labels,
        story=maybe,
        nickname=maybe,
        group=maybe,
        lives=maybe,
        met=st.none() | texts,
        birthday=st.sampled_from([None, *BIRTHDAYS]),
    )
    def add(
        self,
        nasty: str,
        into: list[str],
        differ: list[str],
        story: str | None,
        nickname: str | None,
        group: str | None,
        lives: str | None,
        met: str | None,
        birthday: str | None,
    ) -> None:
        """Add a person."""
        name = self.make_name(nasty)
        typed = [*(f"--into={each}" + (f" -- {story}" if story else "") for each in into)]
        typed += [f"--differ={each}" for each in differ]
        typed += _make_flags(nick=nickname, group=group, lives=lives, met=met, birthday=birthday)
        if {normalize_interest(each) for each in into} & {
            normalize_interest(each) for each in differ
        } or _is_blank(met):
            self.fail("add", *typed, "--", name)
            return
        result = self.succeed("add", *typed, "--", name)
        handle = result["handle"]
        assert handle not in self.model.people
        self.model.people[handle] = Person(name.strip())
        self._change_card(handle, into, differ, story, nickname, group)
        person = self.model.people[handle]
        person.lives, person.story = lives and lives.strip(), met
        person.birthday = BIRTHDAYS[birthday] if birthday else None
        self.check_change()

    def _change_card(
        self,
        handle: str,
        into: list[str],
        differ: list[str],
        story: str | None,
        nickname: str | None,
        group: str | None,
    ) -> None:
        for each in _pick_spellings(into):
            self.model.add_interest(handle, each, "into", story and story.strip())
        for each in _pick_spellings(differ):
            self.model.add_interest(handle, each, "differ")
        if nickname:
            nicknames = self.model.people[handle].nicknames
            same = {
                each
                for each in nicknames
                if (normalize(each) or each) == (normalize(nickname) or nickname)
            }
            nicknames -= same
            nicknames.add(nickname.strip())
        if group:
            self.model.add_to_group(handle, group)

    @rule(evil=st.sampled_from(sorted(HANDLES.values())), nasty=words, label=labels)
    def import_hostile(self, evil: str, nasty: str, label: str) -> None:
        """Import a file with fields that kin would refuse if typed: each is made acceptable."""
        name = self.make_name(nasty)
        person: dict[str, Any] = {
            "handle": evil,
            "name": name,
            "added_on": TODAY,
            "lives": "x" * 300,
        }
        person["interests"] = [{"label": label, "stance": "into"}]
        file = self.folder / "hostile.json"
        file.write_text(json.dumps({"kin": 1, "people": [person]}), encoding="utf-8")
        self.succeed("import", str(file))
        (handle,) = {
            each["handle"] for each in self.succeed("people", "-n", "0")
        } - self.model.people.keys()
        assert is_handle(handle) and len(handle) <= 40
        self.model.people[handle] = Person(name.strip(), lives="x" * 200)
        self.model.add_interest(handle, label, "into")
        self.check_change()

    @rule(at=index)
    @precondition(has_people)
    def add_again(self, at: int) -> None:
        """Add a person whose name exists: refused without --anyway."""
        name = self.model.people[self.pick_person(at)].name
        self.fail("add", "--", name, codes=(1,))
        handle = self.succeed("add", "--anyway", "--", name)["handle"]
        assert handle not in self.model.people
        self.model.people[handle] = Person(name)
        self.check_change()

    @rule(
        at=index, into=few_labels, differ=few_labels, story=maybe, nickname=maybe, group=maybe,
        lives=maybe, met=st.none() | texts, circle=st.sampled_from([None, "inner", "wide"]),
        nasty=maybe,
    )  # fmt: skip
    @precondition(has_people)
    def edit(
        self,
        at: int,
        into: list[str],
        differ: list[str],
        story: str | None,
        nickname: str | None,
        group: str | None,
        lives: str | None,
        met: str | None,
        circle: str | None,
        nasty: str | None,
    ) -> None:
        """Add to a card."""
        handle = self.pick_person(at)
        name = self.make_name(nasty) if nasty else None
        typed = [*(f"--into={each}" + (f" -- {story}" if story else "") for each in into)]
        typed += [f"--differ={each}" for each in differ]
        typed += _make_flags(
            nick=nickname, group=group, lives=lives, met=met, circle=circle, name=name
        )
        if not typed:
            return
        if {normalize_interest(each) for each in into} & {
            normalize_interest(each) for each in differ
        } or _is_blank(met):
            self.fail("edit", *typed, "--", f"@{handle}")
            return
        self.succeed("edit", *typed, "--", f"@{handle}")
        self._change_card(handle, into, differ, story, nickname, group)
        person = self.model.people[handle]
        person.lives = lives.strip() if lives else person.lives
        person.story, person.circle = met or person.story, circle or person.circle
        person.name = name.strip() if name else person.name
        self.check_change()

    @rule(at=index, which=index)
    @precondition(has_people)
    def remove_interest(self, at: int, which: int) -> None:
        """Remove an interest from a card."""
        handle = self.pick_person(at)
        interests = self.model.people[handle].interests
        if not interests:
            return
        interest = sorted(interests)[which % len(interests)]
        label, stance = self.model.labels[interest], interests[interest][0]
        wrong_flag, right_flag = ("--not-differ", "--not-into")[:: 1 if stance == "into" else -1]
        self.fail("edit", f"{wrong_flag}={label}", "--", f"@{handle}", codes=(3,))
        self.succeed("edit", f"{right_flag}={label}", "--", f"@{handle}")
        del interests[interest]
        self.check_change()

    @rule(at=index, which=st.sampled_from(["nick", "group", "lives", "met", "birthday", "circle"]))
    @precondition(has_people)
    def remove_field(self, at: int, which: str) -> None:
        """Remove something else from a card."""
        handle = self.pick_person(at)
        person = self.model.people[handle]
        if which == "nick":
            if not person.nicknames:
                return
            nickname = sorted(person.nicknames)[0]
            self.succeed("edit", f"--not-nick={nickname}", "--", f"@{handle}")
            person.nicknames.remove(nickname)
        elif which == "group":
            if not person.groups:
                return
            group = sorted(person.groups)[0]
            self.succeed("edit", f"--not-group={self.model.groups[group]}", "--", f"@{handle}")
            person.groups.remove(group)
        else:
            self.succeed("edit", f"--not-{which}", "--", f"@{handle}")
            setattr(person, {"met": "story"}.get(which, which), None)
        self.check_change()

    @rule(at=index, other=index)
    @precondition(has_two_people)
    def change_handle(self, at: int, other: int) -> None:
        """Change a handle to a free one; one that is in use is refused."""
        handle, other_handle = self.pick_person(at), self.pick_person(other)
        if handle != other_handle:
            self.fail("edit", "--handle", other_handle, "--", f"@{handle}")
        self.name_count += 1
        new = f"h{self.name_count}"
        self.succeed("edit", "--handle", new, "--", f"@{handle}")
        self.model.rename_handle(handle, new)
        self.check_change()

    @rule(into=few_labels, remove=st.booleans(), which=index)
    def me(self, into: list[str], remove: bool, which: int) -> None:
        """Change your own interests."""
        interests = self.model.people["me"].interests
        removed = sorted(interests)[which % len(interests)] if remove and interests else None
        into = [each for each in into if normalize_interest(each) != removed]
        typed = [f"--into={each}" for each in into]
        if removed:
            typed += [f"--not-into={self.model.labels[removed]}"]
        if not typed:
            return
        self.succeed("me", *typed)
        if removed:
            del interests[removed]
        for each in _pick_spellings(into):
            self.model.add_interest("me", each, "into")
        self.check_change()

    @rule(a=index, b=index, word=words)
    @precondition(has_two_people)
    def tie(self, a: int, b: int, word: str) -> None:
        """Add a tie."""
        one, other = self.pick_person(a), self.pick_person(b)
        if one == other:
            self.fail("tie", f"--as={word}", "--", f"@{one}", f"@{other}")
            return
        self.succeed("tie", f"--as={word}", "--", f"@{one}", f"@{other}")
        self.model.ties.add((one, other, word.strip()))
        self.check_change()

    @rule(at=index, how=st.sampled_from(["not-now", "snooze", "until", "again"]))
    @precondition(has_people)
    def snooze(self, at: int, how: str) -> None:
        """Snooze a person, or end that."""
        handle = self.pick_person(at)
        person = self.model.people[handle]
        if how == "until":
            self.succeed("reconnect", f"--snooze=@{handle}", "--until=2027-03-01")
            person.snooze = ("2027-03-01",)
        else:
            self.succeed("reconnect", f"--{how}=@{handle}")
            longer = person.snooze is not None and (
                person.snooze[0] is None or person.snooze[0] > "2026-12-07"
            )
            if how != "not-now" or not longer:
                person.snooze = {"not-now": ("2026-12-07",), "snooze": (None,), "again": None}[how]
        self.check_change()

    # Notes and questions.

    @rule(
        text=texts, there=st.lists(index, max_size=3), about=few_labels, ask=maybe, place=maybe,
        on=st.sampled_from([None, "2026-10-01", "2025-02-03"]),
    )  # fmt: skip
    def note(
        self,
        text: str,
        there: list[int],
        about: list[str],
        ask: str | None,
        place: str | None,
        on: str | None,
    ) -> None:
        """Add a note; the people and interests that kin recognized are in its JSON."""
        with_people = {self.pick_person(at) for at in there if self.has_people()}
        typed = [
            *(f"--with=@{each}" for each in sorted(with_people)),
            *(f"--about={x}" for x in about),
        ]
        typed += _make_flags(ask=ask, at=place, on=on)
        if not text.strip():
            self.fail("note", *typed, "-", stdin=text)
            return
        (result,) = self.succeed("note", *typed, "-", stdin=text)["notes"]
        assert result["text"] == text
        people = {each["handle"] for each in result["people"]}
        assert with_people <= people <= set(self.model.people)
        labels = [each["label"] for each in result["interests"]]
        assert set(map(normalize_interest, about)) <= set(map(normalize_interest, labels))
        questions = [each["text"] for each in result["questions"]]
        assert ask is None or normalize(ask) in set(map(normalize, questions))
        number = max((note.number for note in self.model.notes), default=0) + 1
        interests = self.model.add_labels(labels)
        shown = result["place"] and result["place"].strip()
        assert place is None or shown == place.strip()
        self.model.notes.append(Note(number, on or TODAY, text, people, interests, shown))
        self.model.questions += [
            Question(each.strip(), set(people), note=number) for each in questions
        ]
        self.check_change()

    @rule(at=index, about=few_labels, place=maybe)
    @precondition(has_people)
    def amend(self, at: int, about: list[str], place: str | None) -> None:
        """Add to the last note; its text stays."""
        handle = self.pick_person(at)
        typed = [
            f"--with=@{handle}",
            *(f"--about={each}" for each in about),
            *_make_flags(at=place),
        ]
        if not self.model.notes:
            self.fail("note", "--amend", *typed, codes=(3,))
            return
        (result,) = self.succeed("note", "--amend", *typed)["notes"]
        note = self.model.notes[-1]
        assert result["text"] == note.text
        people = {each["handle"] for each in result["people"]}
        assert note.people | {handle} <= people <= set(self.model.people)
        note.people, note.place = people, place.strip() if place else note.place
        note.interests |= self.model.add_labels(each["label"] for each in result["interests"])
        for each in self.model.questions:
            if each.note == note.number:
                each.people |= people
        self.check_change()

    @rule(
        at=index,
        text=st.sampled_from(QUESTIONS[:4]) | st.sampled_from(QUESTIONS),
        on=st.sampled_from([None, "2026-12-24"]),
    )
    @precondition(has_people)
    def ask(self, at: int, text: str, on: str | None) -> None:
        """Open a question."""
        handle = self.pick_person(at)
        self.succeed("ask", *_make_flags(on=on), "--", f"@{handle}", text)
        self.model.questions.append(Question(text.strip(), {handle}, on))
        self.check_change()

    @rule(at=index, which=index, answer=st.none() | texts)
    @precondition(has_people)
    def answer(self, at: int, which: int, answer: str | None) -> None:
        """Answer a question: this one, and no other."""
        handle = self.pick_person(at)
        theirs = [
            each for each in self.model.questions if handle in each.people and not each.is_answered
        ]
        if not theirs:
            self.fail("answered", "--", f"@{handle}", codes=(3,))
            return
        question = theirs[which % len(theirs)]
        if [normalize(each.text) for each in theirs].count(normalize(question.text)) > 1:
            return  # two that look the same
        self.succeed("answered", *_make_flags(answer=answer), "--", f"@{handle}", question.text)
        question.is_answered, question.answer = True, answer
        self.check_change()

    # Merge, forget, undo, redo.

    @rule(a=index, b=index)
    @precondition(has_two_people)
    def merge(self, a: int, b: int) -> None:
        """Merge two cards."""
        keep, other = self.pick_person(a), self.pick_person(b)
        if keep == other:
            self.fail("merge", "--", f"@{keep}", f"@{other}")
            return
        self.succeed("merge", "--", f"@{keep}", f"@{other}")
        self.model.merge(keep, other)
        self.check_change()

    @rule(at=index, notes=st.sampled_from(["keep", "keep", "redact", "delete"]))
    @precondition(has_two_people)
    def forget(self, at: int, notes: str) -> None:
        """Forget a person: nothing of them is left, and it cannot be undone."""
        handle = self.pick_person(at)
        name = self.model.people[handle].name
        self.succeed("forget", "--yes", f"--notes={notes}", "--", f"@{handle}")
        self.model.forget(handle, notes == "delete")
        if notes != "keep":  # notes of others that named them have changed
            left = BookModel.from_export(json.loads(self.kin("export").out))
            assert left.summarize() == self.model.summarize()
            self.model = left
        self.check_change(can_be_undone=False)
        with closing(sqlite3.connect(self.book)) as db:
            known = {label for (label,) in db.execute("SELECT label FROM interest")}
        assert known == set(self.model.labels.values())
        self.fail("undo", codes=(1,))
        token = name.split()[-1].casefold()
        called = [
            each
            for other, person in self.model.people.items()
            for each in (other, person.name, *person.nicknames)
        ]
        if not any(token in each.casefold() for each in called):
            assert token.encode() not in self.book.read_bytes().lower()

    @rule(count=st.integers(1, 4))
    def undo(self, count: int) -> None:
        """Undo steps: every row is as before."""
        if not self.steps:
            self.fail("undo", codes=(1,))
            return
        result = self.succeed("undo", str(count))
        steps = [self.steps.pop() for _ in range(min(count, len(self.steps)))]
        assert len(result) == len(steps)
        self.undone_steps += steps
        self._restore_state(steps[-1].rows_before, steps[-1].before)

    @rule(count=st.integers(1, 4))
    def redo(self, count: int) -> None:
        """Redo steps: every row is as it was after them."""
        if not self.undone_steps:
            self.fail("redo", codes=(1,))
            return
        result = self.succeed("redo", str(count))
        steps = [self.undone_steps.pop() for _ in range(min(count, len(self.undone_steps)))]
        assert len(result) == len(steps)
        self.steps += steps
        self._restore_state(steps[-1].rows_after, steps[-1].after)

    def _restore_state(self, wanted: Rows, model: BookModel) -> None:
        self.model, self.last_model = model.copy(), model
        rows, self.top = self._rows()
        assert rows == wanted
        self._check_export(rows)
        self.rows = rows

    @rule(
        wrong=st.sampled_from(UNSTORABLE[:2]) | st.sampled_from(UNSTORABLE + EMPTY),
        how=st.sampled_from(["note", "note", "add", "ask", "into", "tie", "amend"]),
        at=index,
    )
    @precondition(has_two_people)
    def reject(self, wrong: str, how: str, at: int) -> None:
        """Text that cannot be stored, or is empty, is refused."""
        one, other = f"@{self.pick_person(at)}", f"@{self.pick_person(at + 1)}"
        typed = {
            "add": ("add", "--", wrong),
            "note": ("note", "-"),
            "ask": ("ask", "--", one, wrong),
            "into": ("edit", f"--into={wrong}", "--", one),
            "tie": ("tie", f"--as={wrong}", "--", one, other),
            "amend": ("note", "--amend", f"--with={one}", f"--at={wrong}"),
        }[how]
        if how == "amend" and not (wrong and self.model.notes):
            return
        self.fail(*typed, stdin=wrong)

    # Reads.

    @rule()
    def check_people(self) -> None:
        """`kin people` lists everyone."""
        result = self.succeed("people")
        known = {h: person for h, person in self.model.export()["people"].items() if h != "me"}
        assert {each["handle"]: each["name"] for each in result} == {
            handle: person["name"] for handle, person in known.items()
        }
        mine = set(self.model.people["me"].interests)
        for each in result:
            self._check_card(each, known[each["handle"]], mine)

    def _check_card(self, result: Any, known: dict[str, Any], mine: set[str]) -> None:
        assert sorted(result["nicknames"]) == known["nicknames"]
        assert sorted(result["groups"]) == known["groups"]
        assert (result["lives"], result["circle"], result["birthday"]) == (
            *(known["lives"], known["circle"], known["birthday"]),
        )
        assert result["met"]["story"] == known["story"]
        interests = sorted(
            (one["label"], one["stance"], one["note"] or "") for one in result["interests"]
        )
        assert interests == known["interests"]
        days = [note.on for note in self.model.notes if result["handle"] in note.people]
        assert result["last_note"] == max(days, default=None)
        for one in result["interests"]:
            direct = one["stance"] == "into" and normalize_interest(one["label"]) in mine
            assert one["shared"] or not direct
            assert not one["shared"] or direct or one["via"]

    @rule(at=st.none() | index)
    def check_notes(self, at: int | None = None) -> None:
        """`kin notes` lists all notes or those with a person, newest first and word for word."""
        handle = self.pick_person(at) if at is not None and self.has_people() else None
        result = self.succeed("notes", "-n", "0", *(["--", f"@{handle}"] if handle else []))[
            "notes"
        ]
        known = [note for note in self.model.notes if handle is None or handle in note.people]
        assert [each["on"] for each in result] == sorted((note.on for note in known), reverse=True)
        assert sorted(
            (each["text"], sorted(one["handle"] for one in each["people"])) for each in result
        ) == sorted((note.text, sorted(note.people)) for note in known)

    @rule(at=index)
    @precondition(has_people)
    def recall(self, at: int) -> None:
        """`kin recall` shows the card, the open questions and the last notes."""
        handle = self.pick_person(at)
        result, known = self.succeed("recall", "--", f"@{handle}"), self.model.export()
        mine = set(self.model.people["me"].interests)
        self._check_card(result["person"], known["people"][handle], mine)
        parts = {part: {one["label"] for one in result[part]} for part in ("shared", "differ")}
        interests = self.model.people[handle].interests
        direct = {
            self.model.labels[each]
            for each in interests
            if each in mine and interests[each][0] == "into"
        }
        assert direct <= parts["shared"]
        assert parts["differ"] == {
            self.model.labels[each] for each in interests if interests[each][0] == "differ"
        }
        open_ones = [each for each in self.model.questions if not each.is_answered]
        assert sorted(each["text"] for each in result["questions"]) == sorted(
            each.text for each in open_ones if handle in each.people
        )
        assert {(each["handle"], each["word"]) for each in result["ties"]} == {
            (b if a == handle else a, word) for a, b, word in self.model.ties if handle in (a, b)
        }
        texts = [note.text for note in self.model.notes if handle in note.people]
        assert {each["text"] for each in result["notes"]} <= set(texts)
        assert bool(result["notes"]) == bool(texts)

    @rule(most=st.integers(0, 3))
    def reconnect(self, most: int) -> None:
        """`kin reconnect` suggests people in the book, and records that without a step."""
        result = self.succeed("reconnect", "-n", str(most))
        assert {each["person"]["handle"] for each in result} <= {*self.model.people} - {"me"}
        assert self._rows() == (self.rows, self.top)

    @rule(at=index)
    @precondition(has_people)
    def find(self, at: int) -> None:
        """`kin find` finds a person by the last word of their name."""
        handle = self.pick_person(at)
        result = self.succeed("find", "-n", "0", "--", self.model.people[handle].name.split()[-1])
        assert handle in {each["handle"] for hit in result for each in hit["people"]}

    @rule(now=st.sampled_from([False] * 15 + [True]))
    def check_round_trip(self, now: bool = True) -> None:
        """Exported, and imported into an empty book, the book is the same."""
        if not now:
            return
        file, other = self.folder / "book.json", self.folder / "other.db"
        out = self.kin("export").out
        file.write_text(out, encoding="utf-8", newline="")
        result = self.kin("import", str(file), book=other)
        assert result.code == 0, result.err
        back = self.kin("export", book=other).out
        other.unlink()
        assert list(unified_diff(out.split("\n"), back.split("\n"), n=0)) == []


def _make_flags(**values: str | None) -> list[str]:
    return [f"--{name}={value}" for name, value in values.items() if value is not None]


def _pick_spellings(labels: list[str]) -> list[str]:
    """Return one spelling of each interest in a command: the last one."""
    return list({normalize_interest(each): each for each in labels}.values())


def _is_blank(text: str | None) -> bool:
    return text is not None and not text.strip()


def explore(
    machine: type[Machine], examples: int, steps: int, number: int, *, shrink: bool
) -> None:
    """Run this many books with this many commands each; the number is the seed."""
    run = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, *([Phase.shrink] if shrink else [])],
    )
    run_state_machine_as_test(seed(number)(machine), settings=run)


@pytest.mark.parametrize("number", range(5))
def test_the_book_agrees_with_the_model_after_random_commands(number: int) -> None:
    explore(Machine, 2, 100, number, shrink=False)


@pytest.mark.long
@pytest.mark.parametrize("number", range(101, 111))
def test_the_book_agrees_with_the_model_after_ten_thousand_commands(number: int) -> None:
    explore(Machine, 10, 100, number, shrink=False)


# Bugs that such a program could have: the machine must detect them.


def _change_note_text(change: Callable[[str], str]) -> dict[str, object]:
    """Return a parser of notes that changes their text."""
    parse_note = parser.parse_note

    def parse_and_change(*args: Any, **kwargs: Any) -> Any:
        note = parse_note(*args, **kwargs)
        return note._replace(text=change(note.text))

    return {"kin.notes.parser.parse_note": parse_and_change}


def _list_questions_of_everyone(db: sqlite3.Connection, person: int, today: str) -> Any:
    ids = [each for (each,) in db.execute("SELECT id FROM person").fetchall()]
    questions = [question for each in ids for question in LIST_OPEN_QUESTIONS(db, each, today)]
    return tuple({question.id: question for question in questions}.values())


def _undo_except_links(db: sqlite3.Connection, table: str, *args: Any) -> None:
    if table != "note_interest":
        UNDO_CHANGE(db, table, *args)


def _end_step_and_keep_undone(db: sqlite3.Connection) -> bool:
    (step,) = db.execute("SELECT id FROM step WHERE open = 1").fetchone()
    changed = db.execute("SELECT 1 FROM change WHERE step_id = ? LIMIT 1", (step,)).fetchone()
    db.execute(
        "UPDATE step SET open = 0 WHERE id = ?" if changed else "DELETE FROM step WHERE id = ?",
        (step,),
    )
    return bool(changed)


def _keep_unused_interests(db: sqlite3.Connection, _: list[int]) -> None:
    db.execute("DELETE FROM change")
    db.execute("DELETE FROM step")
    db.execute("INSERT INTO search(search) VALUES ('rebuild')")


LIST_OPEN_QUESTIONS, UNDO_CHANGE, CHECK_LINE, NORMALIZE_INTEREST = (
    questions.list_open_questions,
    undo_log._undo_change,
    language_text.check_line,
    catalog.normalize_interest,
)
BUGS: dict[str, dict[str, object]] = {
    "a note is stripped": _change_note_text(str.strip),
    "line ends of a note are changed": _change_note_text(lambda text: text.replace("\r\n", "\n")),
    "a space at the end of a note is dropped": _change_note_text(lambda text: text.rstrip(" ")),
    "the question of another person is answered": {
        "kin.notes.questions.list_open_questions": _list_questions_of_everyone
    },
    "undo forgets a link": {"kin.book.undo_log._undo_change": _undo_except_links},
    "a handle from a file is not checked": {
        "kin.formats.field_limits.is_handle": lambda handle: True
    },
    "a handle is used twice": {"kin.people.service._is_handle_taken": lambda *_: False},
    "accents are composed": {
        "kin.language.text.check_line": lambda *args: unicodedata.normalize(
            "NFC", CHECK_LINE(*args)
        )
    },
    "an interest is stored twice": {
        "kin.vocabulary.catalog.normalize_interest": lambda label: (
            NORMALIZE_INTEREST(label) and label.strip()
        )
    },
    "redo is possible after a change": {"kin.book.undo_log.end_step": _end_step_and_keep_undone},
    "forget leaves an unused interest": {
        "kin.privacy.erasure._delete_orphans": _keep_unused_interests
    },
    "NUL is accepted": {"kin.language.text.check_storable": lambda words, _: words},
}


@pytest.mark.long
@pytest.mark.parametrize("bug", BUGS)
def test_a_seeded_bug_is_detected(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, replacement in BUGS[bug].items():
        monkeypatch.setattr(name, replacement)
    with pytest.raises((AssertionError, KinError, sqlite3.Error, ExceptionGroup)):
        explore(Machine, 30, 100, 1, shrink=False)
