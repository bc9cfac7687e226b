"""Whatever is typed, in whatever order: the book holds what it should, to the byte, and every step can be taken back.

Hypothesis types commands at the real command line and tells each to a model (tests/keeper.py) too. After
each, the rows, what `kin export` writes, and what can be undone agree with the model.
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

from kin.book import session as store, undo_log as journal
from kin.cli import app
from kin.errors import KinError
from kin.formats import kin_json
from kin.language import validation as checks
from kin.language.text import fold, is_handle
from kin.notes import parser as reading, questions as threads
from kin.transfer import export
from kin.vocabulary import catalog as vocabulary
from kin.vocabulary.catalog import key
from tests.conftest import TODAY, UNTOLD, Result
from tests.keeper import Asked, Keeper, Talk, Who, of_export
from tests.threats.payloads import EMPTY, NASTY, NASTY_TEXTS, UNSTORABLE
from tests.threats.test_doors import HANDLES

MEMORY = (
    "/dev/shm" if Path("/dev/shm").is_dir() else None
)  # no test of the disk: that is test_store's

# A dash would begin the story of how somebody came to it.
LABELS = tuple(each for each in NASTY if key(each) and not re.search(" (--|—)( |$)", each))
LINES = tuple(each for each in NASTY if each.strip())
THREADS = (*LINES[:40], *LINES[-12:])

DAY = date.fromisoformat(TODAY)
Rows = dict[str, list[tuple[object, ...]]]
# Half of what is typed is from a few, so that spellings meet, two have the same, and line ends come up.
words = st.sampled_from(LINES[:8]) | st.sampled_from(LINES)
labels = st.sampled_from(LABELS[:8]) | st.sampled_from(LABELS)
few_labels = st.lists(labels, max_size=2)
texts = st.sampled_from(NASTY_TEXTS[len(NASTY) :]) | st.sampled_from(NASTY_TEXTS)
index = st.integers(0, 40)  # whom of those who are there
maybe = st.none() | words
BIRTHDAYS = {"3 may 1984": "1984-05-03", "12 march": "--03-12"}


class Step(NamedTuple):
    """What a step changed: the book before and after it, as model and as rows."""

    before: Keeper
    after: Keeper
    rows_before: Rows
    rows_after: Rows


class Begun(NamedTuple):
    """A book that was just begun: the bytes of its file, the step that made it."""

    file: bytes
    step: Step


@cache
def begun() -> Begun:
    """Begin a book, once for all."""
    with tempfile.TemporaryDirectory(prefix="kin-machine-", dir=MEMORY) as folder:
        book, rows = Path(folder, "book.db"), []
        for typed in (("me", "--name", "You"), ("undo",), ("redo",)):
            assert typed_at(book, *typed).code == 0
            with store.reading(book, DAY) as db:
                rows.append(rows_of(db)[0])
        return Begun(book.read_bytes(), Step(Keeper(), Keeper(), rows[1], rows[2]))


def typed_at(book: Path, *typed: str, stdin: str = "") -> Result:
    """Type a command at a book."""
    out, err = io.TextIOWrapper(io.BytesIO(), newline=""), io.StringIO()
    known = {"KIN_DB": str(book), "KIN_NOW": TODAY, "KIN_CONFIG": "/dev/null"}
    given = io.TextIOWrapper(io.BytesIO(stdin.encode(errors="surrogatepass")))
    with redirect_stdout(out), redirect_stderr(err), patch.object(sys, "stdin", given):
        code = app.run(list(typed), known)
    out.flush()
    assert "bug" not in err.getvalue(), err.getvalue()
    return Result(code, out.buffer.getvalue().decode(), err.getvalue())


def rows_of(db: sqlite3.Connection) -> tuple[Rows, int]:
    """Return every row that the owner told, and the newest step."""
    tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")
    rows = {
        name: sorted(db.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
        for (name,) in tables.fetchall()
        if not name.startswith(UNTOLD)
    }
    (top,) = db.execute("SELECT coalesce(max(id), 0) FROM step WHERE undone = 0").fetchone()
    return rows, top


class Book(RuleBasedStateMachine):
    """kin and the model, told the same."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="kin-machine-", dir=MEMORY))
        self.book = self.folder / "book.db"
        self.book.touch(mode=0o600)
        self.book.write_bytes(begun().file)
        self.doors = ExitStack()
        # A second program that looks on; it takes half a millisecond to learn what tables there are.
        self.db = self.doors.enter_context(store.reading(self.book, DAY))
        self.keeper, self.kept = Keeper(), Keeper()
        self.done = [begun().step]
        self.undone: list[Step] = []
        self.named = 0
        self.rows, self.top = self._rows()
        self.said = self.keeper.exported()

    def teardown(self) -> None:
        """Look at all of it once more, from every side."""
        try:
            self.turns_back()
            assert of_export(json.loads(self.kin("export").out)) == self.keeper.exported()
            self.everybody()
            self.conversations()
            self.comes_back()
            with closing(sqlite3.connect(self.book)) as db:
                assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                assert db.execute("PRAGMA foreign_key_check").fetchall() == []
                db.execute("INSERT INTO search(search, rank) VALUES ('integrity-check', 1)")
        finally:
            self.doors.close()
            shutil.rmtree(self.folder)

    def turns_back(self) -> None:
        """Take a whole life back and bring it forth; what is changed after a step back ends what may come again."""
        lived = len(self.done)
        if lived:
            self.undo(lived)
            self.redo(lived)
            self.undo(1)
            self.does("me", "--into=quoits of old")
            self.keeper.love("me", "quoits of old", "into")
            self.keeps()
            self.refuses("redo", codes=(1,))

    # How it is typed, and what is looked at behind each step.

    def kin(self, *typed: str, stdin: str = "", book: Path | None = None) -> Result:
        """Type a command."""
        return typed_at(book or self.book, *typed, stdin=stdin)

    def does(self, *typed: str, stdin: str = "") -> Any:
        """Type a command that succeeds, and return its JSON."""
        told = self.kin(typed[0], "--json", *typed[1:], stdin=stdin)
        assert told.code == 0, (typed, told.err)
        return told.json

    def refuses(self, *typed: str, codes: tuple[int, ...] = (2,), stdin: str = "") -> None:
        """Type a command that fails, and changes nothing."""
        told = self.kin(*typed, stdin=stdin)
        assert told.code in codes, (typed, told)
        assert told.out == ""
        assert self._rows()[0] == self.rows

    def keeps(self, can_be_undone: bool = True) -> None:
        """Look at the book behind a change: it says what the model says, and it is one step, or none."""
        rows, top = self._rows()
        self._agrees(rows)
        after = self.keeper.copied()
        if not can_be_undone:
            self.done, self.undone = [], []
        elif top != self.top:
            self.done.append(Step(self.kept, after, self.rows, rows))
            self.undone = []
        else:
            assert rows == self.rows, "a change that is no step"
        self.rows, self.top, self.kept = rows, top, after

    def _agrees(self, rows: Rows) -> None:
        if rows != self.rows:
            self.said = of_export(
                json.loads(kin_json.write(export.whole(self.db), exported_on=TODAY))
            )
        assert self.said == self.keeper.exported()

    def _rows(self) -> tuple[Rows, int]:
        return rows_of(self.db)

    def who(self, at: int) -> str:
        """Return the handle of somebody who is there."""
        handles = [handle for handle in self.keeper.people if handle != "me"]
        return handles[at % len(handles)]

    def somebody(self) -> bool:
        """Tell whether anybody is there."""
        return len(self.keeper.people) > 1

    def two(self) -> bool:
        """Tell whether two are there."""
        return len(self.keeper.people) > 2

    def new_name(self, nasty: str) -> str:
        """Return a name that nobody has."""
        self.named += 1
        return f"{nasty} Qo{self.named}x"

    # People.

    @rule(
        nasty=words,
        into=few_labels,
        clash=few_labels,
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
        clash: list[str],
        story: str | None,
        nickname: str | None,
        group: str | None,
        lives: str | None,
        met: str | None,
        birthday: str | None,
    ) -> None:
        """Remember somebody new."""
        name = self.new_name(nasty)
        typed = [*(f"--into={each}" + (f" -- {story}" if story else "") for each in into)]
        typed += [f"--clash={each}" for each in clash]
        typed += _flags(nick=nickname, group=group, lives=lives, met=met, birthday=birthday)
        if {key(each) for each in into} & {key(each) for each in clash} or _blank(met):
            self.refuses("add", *typed, "--", name)
            return
        told = self.does("add", *typed, "--", name)
        handle = told["handle"]
        assert handle not in self.keeper.people
        self.keeper.people[handle] = Who(name.strip())
        self._on_card(handle, into, clash, story, nickname, group)
        who = self.keeper.people[handle]
        who.lives, who.story = lives and lives.strip(), met
        who.birthday = BIRTHDAYS[birthday] if birthday else None
        self.keeps()

    def _on_card(
        self,
        handle: str,
        into: list[str],
        clash: list[str],
        story: str | None,
        nickname: str | None,
        group: str | None,
    ) -> None:
        for each in _spelled(into):
            self.keeper.love(handle, each, "into", story and story.strip())
        for each in _spelled(clash):
            self.keeper.love(handle, each, "collides")
        if nickname:
            held = self.keeper.people[handle].nicknames
            same = {each for each in held if (fold(each) or each) == (fold(nickname) or nickname)}
            held -= same
            held.add(nickname.strip())
        if group:
            self.keeper.join(handle, group)

    @rule(evil=st.sampled_from(sorted(HANDLES.values())), nasty=words, label=labels)
    def import_hostile(self, evil: str, nasty: str, label: str) -> None:
        """Import a file whose fields could not have been typed: each is made one that could."""
        name = self.new_name(nasty)
        person: dict[str, Any] = {
            "handle": evil,
            "name": name,
            "added_on": TODAY,
            "lives": "x" * 300,
        }
        person["interests"] = [{"label": label, "stance": "into"}]
        file = self.folder / "hostile.json"
        file.write_text(json.dumps({"kin": 1, "people": [person]}), encoding="utf-8")
        self.does("import", str(file))
        (handle,) = {
            each["handle"] for each in self.does("people", "-n", "0")
        } - self.keeper.people.keys()
        assert is_handle(handle) and len(handle) <= 40
        self.keeper.people[handle] = Who(name.strip(), lives="x" * 200)
        self.keeper.love(handle, label, "into")
        self.keeps()

    @rule(at=index)
    @precondition(somebody)
    def add_again(self, at: int) -> None:
        """Somebody of this name is there already: nobody is doubled unless you say so."""
        name = self.keeper.people[self.who(at)].name
        self.refuses("add", "--", name, codes=(1,))
        handle = self.does("add", "--anyway", "--", name)["handle"]
        assert handle not in self.keeper.people
        self.keeper.people[handle] = Who(name)
        self.keeps()

    @rule(
        at=index, into=few_labels, clash=few_labels, story=maybe, nickname=maybe, group=maybe,
        lives=maybe, met=st.none() | texts, circle=st.sampled_from([None, "inner", "wide"]),
        nasty=maybe,
    )  # fmt: skip
    @precondition(somebody)
    def edit(
        self,
        at: int,
        into: list[str],
        clash: list[str],
        story: str | None,
        nickname: str | None,
        group: str | None,
        lives: str | None,
        met: str | None,
        circle: str | None,
        nasty: str | None,
    ) -> None:
        """Put more on a card."""
        handle = self.who(at)
        name = self.new_name(nasty) if nasty else None
        typed = [*(f"--into={each}" + (f" -- {story}" if story else "") for each in into)]
        typed += [f"--clash={each}" for each in clash]
        typed += _flags(nick=nickname, group=group, lives=lives, met=met, circle=circle, name=name)
        if not typed:
            return
        if {key(each) for each in into} & {key(each) for each in clash} or _blank(met):
            self.refuses("edit", *typed, "--", f"@{handle}")
            return
        self.does("edit", *typed, "--", f"@{handle}")
        self._on_card(handle, into, clash, story, nickname, group)
        who = self.keeper.people[handle]
        who.lives = lives.strip() if lives else who.lives
        who.story, who.circle = met or who.story, circle or who.circle
        who.name = name.strip() if name else who.name
        self.keeps()

    @rule(at=index, which=index)
    @precondition(somebody)
    def take_off_an_interest(self, at: int, which: int) -> None:
        """Take an interest off a card, however it is spelled."""
        handle = self.who(at)
        held = self.keeper.people[handle].interests
        if not held:
            return
        interest = sorted(held)[which % len(held)]
        label, stance = self.keeper.labels[interest], held[interest][0]
        wrong, right = ("--not-clash", "--not-into")[:: 1 if stance == "into" else -1]
        self.refuses("edit", f"{wrong}={label}", "--", f"@{handle}", codes=(3,))
        self.does("edit", f"{right}={label}", "--", f"@{handle}")
        del held[interest]
        self.keeps()

    @rule(at=index, which=st.sampled_from(["nick", "group", "lives", "met", "birthday", "circle"]))
    @precondition(somebody)
    def take_off(self, at: int, which: str) -> None:
        """Take something else off a card."""
        handle = self.who(at)
        who = self.keeper.people[handle]
        if which == "nick":
            if not who.nicknames:
                return
            gone = sorted(who.nicknames)[0]
            self.does("edit", f"--not-nick={gone}", "--", f"@{handle}")
            who.nicknames.remove(gone)
        elif which == "group":
            if not who.groups:
                return
            gone = sorted(who.groups)[0]
            self.does("edit", f"--not-group={self.keeper.groups[gone]}", "--", f"@{handle}")
            who.groups.remove(gone)
        else:
            self.does("edit", f"--not-{which}", "--", f"@{handle}")
            setattr(who, {"met": "story"}.get(which, which), None)
        self.keeps()

    @rule(at=index, other=index)
    @precondition(two)
    def call_anew(self, at: int, other: int) -> None:
        """Give somebody a handle that is free, after one that is taken was refused."""
        handle, taken = self.who(at), self.who(other)
        if handle != taken:
            self.refuses("edit", "--handle", taken, "--", f"@{handle}")
        self.named += 1
        new = f"h{self.named}"
        self.does("edit", "--handle", new, "--", f"@{handle}")
        self.keeper.called_anew(handle, new)
        self.keeps()

    @rule(into=few_labels, off=st.booleans(), which=index)
    def me(self, into: list[str], off: bool, which: int) -> None:
        """Say what you are into, and what no longer."""
        held = self.keeper.people["me"].interests
        gone = sorted(held)[which % len(held)] if off and held else None
        into = [each for each in into if key(each) != gone]
        typed = [f"--into={each}" for each in into]
        if gone:
            typed += [f"--not-into={self.keeper.labels[gone]}"]
        if not typed:
            return
        self.does("me", *typed)
        if gone:
            del held[gone]
        for each in _spelled(into):
            self.keeper.love("me", each, "into")
        self.keeps()

    @rule(a=index, b=index, word=words)
    @precondition(two)
    def tie(self, a: int, b: int, word: str) -> None:
        """Tie two."""
        one, other = self.who(a), self.who(b)
        if one == other:
            self.refuses("tie", f"--as={word}", "--", f"@{one}", f"@{other}")
            return
        self.does("tie", f"--as={word}", "--", f"@{one}", f"@{other}")
        self.keeper.ties.add((one, other, word.strip()))
        self.keeps()

    @rule(at=index, how=st.sampled_from(["not-now", "let-rest", "until", "again"]))
    @precondition(somebody)
    def rest(self, at: int, how: str) -> None:
        """Leave somebody in peace, or no longer."""
        handle = self.who(at)
        who = self.keeper.people[handle]
        if how == "until":
            self.does("reconnect", f"--let-rest=@{handle}", "--until=2027-03-01")
            who.rests = ("2027-03-01",)
        else:
            self.does("reconnect", f"--{how}=@{handle}")
            longer = who.rests is not None and (who.rests[0] is None or who.rests[0] > "2026-12-07")
            if how != "not-now" or not longer:
                who.rests = {"not-now": ("2026-12-07",), "let-rest": (None,), "again": None}[how]
        self.keeps()

    # Conversations.

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
        """Note a conversation: who and what is named in it kin says, and keeps beside the text."""
        told_of = {self.who(at) for at in there if self.somebody()}
        typed = [*(f"--with=@{each}" for each in sorted(told_of)), *(f"--about={x}" for x in about)]
        typed += _flags(ask=ask, at=place, on=on)
        if not text.strip():
            self.refuses("note", *typed, "-", stdin=text)
            return
        told = self.does("note", *typed, "-", stdin=text)
        assert told["text"] == text
        people = {each["handle"] for each in told["people"]}
        assert told_of <= people <= set(self.keeper.people)
        assert set(map(key, about)) <= set(map(key, told["topics"]))
        assert ask is None or fold(ask) in set(map(fold, told["threads"]))
        number = max((talk.number for talk in self.keeper.talks), default=0) + 1
        topics = self.keeper.touch(told["topics"])
        shown = told["place"] and told["place"].strip()
        assert place is None or shown == place.strip()
        self.keeper.talks.append(Talk(number, on or TODAY, text, people, topics, shown))
        self.keeper.threads += [
            Asked(each.strip(), set(people), talk=number) for each in told["threads"]
        ]
        self.keeps()

    @rule(at=index, about=few_labels, place=maybe)
    @precondition(somebody)
    def amend(self, at: int, about: list[str], place: str | None) -> None:
        """Say more of the last note; its text stays."""
        handle = self.who(at)
        typed = [f"--with=@{handle}", *(f"--about={each}" for each in about), *_flags(at=place)]
        if not self.keeper.talks:
            self.refuses("note", "--amend", *typed, codes=(3,))
            return
        told = self.does("note", "--amend", *typed)
        talk = self.keeper.talks[-1]
        assert told["text"] == talk.text
        people = {each["handle"] for each in told["people"]}
        assert talk.people | {handle} <= people <= set(self.keeper.people)
        talk.people, talk.place = people, place.strip() if place else talk.place
        talk.topics |= self.keeper.touch(told["topics"])
        for each in self.keeper.threads:
            if each.talk == talk.number:
                each.people |= people
        self.keeps()

    @rule(
        at=index,
        text=st.sampled_from(THREADS[:4]) | st.sampled_from(THREADS),
        due=st.sampled_from([None, "2026-12-24"]),
    )
    @precondition(somebody)
    def ask(self, at: int, text: str, due: str | None) -> None:
        """Open a thread."""
        handle = self.who(at)
        self.does("ask", *_flags(due=due), "--", f"@{handle}", text)
        self.keeper.threads.append(Asked(text.strip(), {handle}, due))
        self.keeps()

    @rule(at=index, which=index, outcome=st.none() | texts)
    @precondition(somebody)
    def heard(self, at: int, which: int, outcome: str | None) -> None:
        """Close a thread: the one that was named, with this person, and no other."""
        handle = self.who(at)
        theirs = [each for each in self.keeper.threads if handle in each.people and not each.heard]
        if not theirs:
            self.refuses("heard", "--", f"@{handle}", codes=(3,))
            return
        meant = theirs[which % len(theirs)]
        if [fold(each.text) for each in theirs].count(fold(meant.text)) > 1:
            return  # two that look the same
        self.does("heard", *_flags(so=outcome), "--", f"@{handle}", meant.text)
        meant.heard, meant.outcome = True, outcome
        self.keeps()

    # Mending.

    @rule(a=index, b=index)
    @precondition(two)
    def merge(self, a: int, b: int) -> None:
        """Make one card of two."""
        keep, other = self.who(a), self.who(b)
        if keep == other:
            self.refuses("merge", "--", f"@{keep}", f"@{other}")
            return
        self.does("merge", "--", f"@{keep}", f"@{other}")
        self.keeper.merge(keep, other)
        self.keeps()

    @rule(at=index, notes=st.sampled_from(["keep", "keep", "redact", "delete"]))
    @precondition(two)
    def forget(self, at: int, notes: str) -> None:
        """Forget somebody: they are gone from everywhere, and nothing can bring them back."""
        handle = self.who(at)
        name = self.keeper.people[handle].name
        self.does("forget", "--yes", f"--notes={notes}", "--", f"@{handle}")
        self.keeper.forget(handle, notes == "delete")
        if notes != "keep":  # words of others that named them are other words now
            left = Keeper.of(json.loads(self.kin("export").out))
            assert left.bones() == self.keeper.bones()
            self.keeper = left
        self.keeps(can_be_undone=False)
        with closing(sqlite3.connect(self.book)) as db:
            known = {label for (label,) in db.execute("SELECT label FROM interest")}
        assert known == set(self.keeper.labels.values())
        self.refuses("undo", codes=(1,))
        token = name.split()[-1].casefold()
        called = [
            each
            for other, who in self.keeper.people.items()
            for each in (other, who.name, *who.nicknames)
        ]
        if not any(token in each.casefold() for each in called):
            assert token.encode() not in self.book.read_bytes().lower()

    @rule(count=st.integers(1, 4))
    def undo(self, count: int) -> None:
        """Take steps back: every row is as it was."""
        if not self.done:
            self.refuses("undo", codes=(1,))
            return
        told = self.does("undo", str(count))
        taken = [self.done.pop() for _ in range(min(count, len(self.done)))]
        assert len(told) == len(taken)
        self.undone += taken
        self._stands(taken[-1].rows_before, taken[-1].before)

    @rule(count=st.integers(1, 4))
    def redo(self, count: int) -> None:
        """Bring steps back: every row is as it had become."""
        if not self.undone:
            self.refuses("redo", codes=(1,))
            return
        told = self.does("redo", str(count))
        brought = [self.undone.pop() for _ in range(min(count, len(self.undone)))]
        assert len(told) == len(brought)
        self.done += brought
        self._stands(brought[-1].rows_after, brought[-1].after)

    def _stands(self, wanted: Rows, keeper: Keeper) -> None:
        self.keeper, self.kept = keeper.copied(), keeper
        rows, self.top = self._rows()
        assert rows == wanted
        self._agrees(rows)
        self.rows = rows

    @rule(
        wrong=st.sampled_from(UNSTORABLE[:2]) | st.sampled_from(UNSTORABLE + EMPTY),
        how=st.sampled_from(["note", "note", "add", "ask", "into", "tie", "amend"]),
        at=index,
    )
    @precondition(two)
    def refused(self, wrong: str, how: str, at: int) -> None:
        """What no book can keep, or what says nothing, is refused, and changes nothing."""
        one, other = f"@{self.who(at)}", f"@{self.who(at + 1)}"
        typed = {
            "add": ("add", "--", wrong),
            "note": ("note", "-"),
            "ask": ("ask", "--", one, wrong),
            "into": ("edit", f"--into={wrong}", "--", one),
            "tie": ("tie", f"--as={wrong}", "--", one, other),
            "amend": ("note", "--amend", f"--with={one}", f"--at={wrong}"),
        }[how]
        if how == "amend" and not (wrong and self.keeper.talks):
            return
        self.refuses(*typed, stdin=wrong)

    # Looking.

    @rule()
    def everybody(self) -> None:
        """`kin people` lists everybody, as they are."""
        told = self.does("people")
        known = {h: who for h, who in self.keeper.exported()["people"].items() if h != "me"}
        assert {each["handle"]: each["name"] for each in told} == {
            handle: who["name"] for handle, who in known.items()
        }
        mine = set(self.keeper.people["me"].interests)
        for each in told:
            self._card(each, known[each["handle"]], mine)

    def _card(self, told: Any, known: dict[str, Any], mine: set[str]) -> None:
        assert sorted(told["nicknames"]) == known["nicknames"]
        assert sorted(told["groups"]) == known["groups"]
        assert (told["lives"], told["circle"], told["birthday"]) == (
            *(known["lives"], known["circle"], known["birthday"]),
        )
        assert told["met"]["story"] == known["story"]
        held = sorted((one["label"], one["stance"], one["note"] or "") for one in told["interests"])
        assert held == known["interests"]
        talks = [talk.on for talk in self.keeper.talks if told["handle"] in talk.people]
        assert told["last_talk"] == max(talks, default=None)
        for one in told["interests"]:
            direct = one["stance"] == "into" and key(one["label"]) in mine
            assert one["shared"] or not direct
            assert not one["shared"] or direct or one["via"]

    @rule(at=st.none() | index)
    def conversations(self, at: int | None = None) -> None:
        """`kin talks` lists the conversations, all or somebody's, newest first and word for word."""
        handle = self.who(at) if at is not None and self.somebody() else None
        told = self.does("talks", "-n", "0", *(["--", f"@{handle}"] if handle else []))
        known = [talk for talk in self.keeper.talks if handle is None or handle in talk.people]
        assert [each["on"] for each in told] == sorted((t.on for t in known), reverse=True)
        assert sorted(
            (each["text"], sorted(one["handle"] for one in each["people"])) for each in told
        ) == sorted((talk.text, sorted(talk.people)) for talk in known)

    @rule(at=index)
    @precondition(somebody)
    def recall(self, at: int) -> None:
        """`kin recall` tells what is on the card, what is open and what was said last."""
        handle = self.who(at)
        told, known = self.does("recall", "--", f"@{handle}"), self.keeper.exported()
        mine = set(self.keeper.people["me"].interests)
        self._card(told["person"], known["people"][handle], mine)
        parts = {part: {one["label"] for one in told[part]} for part in ("shared", "collides")}
        held = self.keeper.people[handle].interests
        direct = {self.keeper.labels[e] for e in held if e in mine and held[e][0] == "into"}
        assert direct <= parts["shared"]
        assert parts["collides"] == {
            self.keeper.labels[each] for each in held if held[each][0] == "collides"
        }
        open_ones = [each for each in self.keeper.threads if not each.heard]
        assert sorted(each["text"] for each in told["threads"]) == sorted(
            each.text for each in open_ones if handle in each.people
        )
        assert {(each["handle"], each["word"]) for each in told["ties"]} == {
            (b if a == handle else a, word) for a, b, word in self.keeper.ties if handle in (a, b)
        }
        spoken = [talk.text for talk in self.keeper.talks if handle in talk.people]
        assert {each["text"] for each in told["talks"]} <= set(spoken)
        assert bool(told["talks"]) == bool(spoken)

    @rule(most=st.integers(0, 3))
    def reconnect(self, most: int) -> None:
        """`kin reconnect` suggests people who are there, and writes down that it did: no step of yours."""
        told = self.does("reconnect", "-n", str(most))
        assert {each["person"]["handle"] for each in told} <= {*self.keeper.people} - {"me"}
        assert self._rows() == (self.rows, self.top)

    @rule(at=index)
    @precondition(somebody)
    def find(self, at: int) -> None:
        """`kin find` finds somebody by the last word of their name."""
        handle = self.who(at)
        told = self.does("find", "-n", "0", "--", self.keeper.people[handle].name.split()[-1])
        assert handle in {each for hit in told for each in hit["people"]}

    @rule(now=st.sampled_from([False] * 15 + [True]))
    def comes_back(self, now: bool = True) -> None:
        """Exported and imported into an empty book, it is the same book."""
        if not now:
            return
        file, other = self.folder / "book.json", self.folder / "other.db"
        out = self.kin("export").out
        file.write_text(out, encoding="utf-8", newline="")
        told = self.kin("import", str(file), book=other)
        assert told.code == 0, told.err
        back = self.kin("export", book=other).out
        other.unlink()
        assert list(unified_diff(out.split("\n"), back.split("\n"), n=0)) == []


def _flags(**given: str | None) -> list[str]:
    return [f"--{name}={said}" for name, said in given.items() if said is not None]


def _spelled(labels: list[str]) -> list[str]:
    """Return one spelling of each interest in a command: the last one."""
    return list({key(each): each for each in labels}.values())


def _blank(said: str | None) -> bool:
    return said is not None and not said.strip()


def explore(machine: type[Book], examples: int, steps: int, number: int, *, shrink: bool) -> None:
    """Live so many lives of a book, of so many steps each; another number, other lives."""
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
def test_a_book_holds_what_it_was_told_whatever_comes(number: int) -> None:
    explore(Book, 2, 100, number, shrink=False)


@pytest.mark.long
@pytest.mark.parametrize("number", range(101, 111))
def test_a_book_holds_what_it_was_told_in_ten_thousand_commands(number: int) -> None:
    explore(Book, 10, 100, number, shrink=False)


# Bugs that such a program has had, or could have; the machine is worth something if it sees them.


def _reads(change: Callable[[str], str]) -> dict[str, object]:
    """Return the reading of a note that changes its text."""
    true = reading.read

    def read(*given: Any, **more: Any) -> Any:
        note = true(*given, **more)
        return note._replace(text=change(note.text))

    return {"kin.notes.parser.read": read}


def _everybodys_threads(db: sqlite3.Connection, person: int, today: str) -> Any:
    ids = [each for (each,) in db.execute("SELECT id FROM person").fetchall()]
    found = [thread for each in ids for thread in OPEN_WITH(db, each, today)]
    return tuple({thread.id: thread for thread in found}.values())


def _forgetful(db: sqlite3.Connection, table: str, *more: Any) -> None:
    if table != "conversation_topic":
        TAKE_BACK(db, table, *more)


def _end_keeping_redo(db: sqlite3.Connection) -> bool:
    (step,) = db.execute("SELECT id FROM step WHERE open = 1").fetchone()
    changed = db.execute("SELECT 1 FROM change WHERE step_id = ? LIMIT 1", (step,)).fetchone()
    db.execute(
        "UPDATE step SET open = 0 WHERE id = ?" if changed else "DELETE FROM step WHERE id = ?",
        (step,),
    )
    return bool(changed)


def _half_a_sweep(db: sqlite3.Connection, _: list[int]) -> None:
    db.execute("DELETE FROM change")
    db.execute("DELETE FROM step")
    db.execute("INSERT INTO search(search) VALUES ('rebuild')")


OPEN_WITH, TAKE_BACK, LINE, KEY = threads.open_with, journal._take_back, checks.line, vocabulary.key
BUGS: dict[str, dict[str, object]] = {
    "a note is stripped": _reads(str.strip),
    "line ends of a note are changed": _reads(lambda text: text.replace("\r\n", "\n")),
    "a space at the end is cut": _reads(lambda text: text.rstrip(" ")),
    "somebody else's thread is closed": {"kin.notes.questions.open_with": _everybodys_threads},
    "undo forgets a link": {"kin.book.undo_log._take_back": _forgetful},
    "a handle from a file is believed": {"kin.formats.fitting.is_handle": lambda handle: True},
    "a handle is given twice": {"kin.people.service._taken": lambda *_: False},
    "accents are composed": {
        "kin.language.validation.line": lambda *given: unicodedata.normalize("NFC", LINE(*given))
    },
    "an interest stands twice": {
        "kin.vocabulary.catalog.key": lambda label: KEY(label) and label.strip()
    },
    "redo after a change": {"kin.book.undo_log.end": _end_keeping_redo},
    "forget leaves an interest": {"kin.privacy.erasure._sweep": _half_a_sweep},
    "NUL is let in": {"kin.language.validation.storable": lambda words, _: words},
}


@pytest.mark.long
@pytest.mark.parametrize("bug", BUGS)
def test_a_seeded_bug_is_seen(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, wrong in BUGS[bug].items():
        monkeypatch.setattr(name, wrong)
    with pytest.raises((AssertionError, KinError, sqlite3.Error, ExceptionGroup)):
        explore(Book, 30, 100, 1, shrink=False)
