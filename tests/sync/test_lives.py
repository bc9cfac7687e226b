"""Random lives of a book and a folder of cards, with everything that people and programs do to both.

All that is written of a person carries their number, so that whatever ends up with someone else is seen.
"""

import random
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kin.book.meta import ForgottenList
from kin.transfer.sync import file_matching, plan as sync_plan
from kin.transfer.sync.file_matching import FileMatches, UnmatchedCard
from kin.transfer.sync.three_way_merge import RecoveredCard
from tests.conftest import Kin
from tests.sync.phone import card

SHORT, LONG = range(4), range(1000, 1150)
ROUNDS = 7


class Someone(NamedTuple):
    """What the book says of one person, and the numbers that are in it."""

    handle: str
    number: int
    birthday: str | None
    talks: frozenset[str]


class Life:
    """A book and a folder, and what was done to them."""

    def __init__(
        self,
        kin: Kin,
        place: Path,
        seed: int,
        monkeypatch: pytest.MonkeyPatch,
        often: tuple[str, ...] = (),
    ) -> None:
        place.mkdir()
        self.place, self.folder, self.book = place, place / "cards", place / "book.db"
        self.folder.mkdir()
        monkeypatch.setenv("KIN_DB", str(self.book))
        self.kin, self.dice, self.often = kin, random.Random(seed), often
        self.next = 0
        self.forgotten: set[int] = set()
        self.seen: set[bytes] = set()  # cards as kin read them
        self.kept: Path | None = None
        self.story: list[str] = []

    # What is there

    def everyone(self) -> dict[str, Someone]:
        """Return the people of the book, each with the one number that all of theirs carries."""
        found = {}
        if not self.book.exists():
            return {}
        with closing(sqlite3.connect(self.book)) as db:
            for person, handle, name, lives in db.execute(
                "SELECT id, handle, name, lives FROM person WHERE is_me = 0"
            ).fetchall():
                said = [name, lives or ""]
                for table, column in (
                    ("nickname", "nickname"),
                    ("contact", "value"),
                    ("fact", "text"),
                ):
                    said += [
                        row[0]
                        for row in db.execute(
                            f"SELECT {column} FROM {table} WHERE person_id = ?", (person,)
                        )
                    ]
                days = [
                    row[0]
                    for row in db.execute(
                        "SELECT on_day FROM yearly_date WHERE person_id = ?", (person,)
                    )
                ]
                talks = [
                    row[0]
                    for row in db.execute(
                        "SELECT text FROM note c JOIN note_person p ON p.note_id = c.id "
                        "WHERE p.person_id = ?", (person,)
                    )
                ]  # fmt: skip
                numbers = {
                    int(each)
                    for words in (*said, *talks)
                    for each in re.findall(r"(?:P|Q|q)(\d+)", words)
                }
                numbers |= {int(day[:4]) - 1900 for day in days}
                assert len(numbers) == 1, (handle, said, days, talks, self.story)
                assert len(days) < 2, (handle, days, self.story)
                found[handle] = Someone(
                    handle, numbers.pop(), days[0] if days else None, frozenset(talks)
                )
        return found

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self.folder.iterdir())}

    def number_on(self, data: bytes) -> int:
        """Return the one number on a card."""
        lines = re.sub(rb"UID:.*", b"", data).decode()
        numbers = {int(each) for each in re.findall(r"(?:P|Q|q)(\d+)", lines)}
        numbers |= {int(each) - 1900 for each in re.findall(r"BDAY:(\d{4})", lines)}
        assert len(numbers) == 1, (data, self.story)
        return numbers.pop()

    # What the phone does

    def birth(self, number: int) -> str:
        return f"{1900 + number}-0{self.dice.randint(1, 9)}-1{self.dice.randint(0, 9)}"

    def new_card(self) -> None:
        self.next += 1
        number, dice = self.next, self.dice
        namesake = dice.random() < 0.2
        lines = [f"BDAY:{self.birth(number)}"] if dice.random() < 0.7 else []
        if namesake or dice.random() < 0.6:
            lines.append(f"EMAIL:q{number}@x.example")
        if dice.random() < 0.4:
            lines.append(f"NOTE:P{number} was there")
        lines.append(f"NICKNAME:Q{number}")
        uid = f"uid-{number}" if dice.random() < 0.5 else None
        name = "Same Name" if namesake else f"P{number} Card"
        self.put(dice.choice(("0", "z")) + f"{number}.vcf", card(name, *lines, uid=uid))

    def put(self, name: str, data: bytes) -> None:
        (self.folder / name).write_bytes(data)

    def some_card(self) -> str | None:
        """Return a card to be edited: not one of someone forgotten, whose other bytes would be another card."""
        found = [
            name
            for name, data in self.files().items()
            if self.number_on(data) not in self.forgotten
        ]
        return self.dice.choice(found) if found else None

    def edit_card(self) -> None:
        name = self.some_card()
        if name is None:
            return
        data = (self.folder / name).read_bytes()
        number, dice = self.number_on(data), self.dice
        kind = dice.choice(("birthday", "nick", "link", "rename", "nameless", "note"))
        if kind == "birthday":
            data = re.sub(rb"BDAY:.*\r\n", b"", data)
            line = f"BDAY:{self.birth(number)}"
        elif kind == "rename":
            data = re.sub(
                rb"FN:P\d+ .*\r\n",
                f"FN:P{number} {dice.choice(('Card', 'Ames', 'Berg'))}\r\n".encode(),
                data,
            )
            line = "TITLE:x"
        elif kind == "nameless":
            data = re.sub(rb"FN:P.*\r\n", b"", data)
            line = "ROLE:x"
        elif kind == "note":
            data = re.sub(rb"NOTE:.*\r\n", b"", data)
            line = f"NOTE:P{number} {dice.random()}"
        else:
            line = (
                f"NICKNAME:Q{number}{dice.choice('abc')}"
                if kind == "nick"
                else f"URL:https://q{number}.example/{dice.random()}"
            )
        self.put(name, data.replace(b"END:", line.encode() + b"\r\nEND:"))

    def spoil_card(self) -> None:
        """Let a card say what kin cannot read."""
        if name := self.some_card():
            data = (self.folder / name).read_bytes()
            number = self.number_on(data)
            lines = (
                f"BDAY;VALUE=text:circa Q{number}",
                f"ADR:;;;{'x' * 300};;;",
                "ANNIVERSARY:long ago",
            )
            line = self.dice.choice(lines)
            if line.startswith("BDAY"):
                data = re.sub(rb"BDAY:.*\r\n", b"", data)
            self.put(name, data.replace(b"END:", line.encode() + b"\r\nEND:"))

    def delete_card(self) -> None:
        if found := sorted(self.files()):
            (self.folder / self.dice.choice(found)).unlink()

    def rename_file(self) -> None:
        if found := sorted(self.files()):
            (self.folder / self.dice.choice(found)).rename(
                self.folder / f"r{self.dice.randint(0, 99)}.vcf.new"
            )
            for path in self.folder.glob("*.new"):
                target = path.with_suffix("")
                path.rename(
                    target
                    if not target.exists()
                    else self.folder / f"r{self.next}-{self.dice.random()}.vcf"
                )

    def number_files(self) -> None:
        cards = list(self.files().values())
        if self.dice.random() < 0.5:
            self.dice.shuffle(cards)
        for path in self.folder.iterdir():
            path.unlink()
        for number, data in enumerate(cards, 1):
            self.put(f"{number}.vcf", data)

    def drop_uids(self) -> None:
        for name, data in self.files().items():
            if self.number_on(data) not in self.forgotten and self.dice.random() < 0.6:
                self.put(name, re.sub(rb"UID:.*\r\n", b"", data))

    def move_folder(self) -> None:
        moved = self.place / f"cards-{self.dice.random()}"
        self.folder = self.folder.rename(moved)

    # What the owner does

    def someone(self) -> Someone | None:
        found = [*self.everyone().values()]
        return self.dice.choice(found) if found else None

    def run(self, *words: str) -> None:
        result = self.kin(*words)
        assert result.code in (0, 1, 4), (words, result.err, self.story)

    def add(self) -> None:
        self.next += 1
        more = ("--email", f"q{self.next}@x.example") if self.dice.random() < 0.5 else ()
        self.run(
            "add",
            f"P{self.next} Home",
            "--nick",
            f"Q{self.next}",
            "--birthday",
            self.birth(self.next),
            *more,
        )

    def note(self) -> None:
        if who := self.someone():
            self.run("note", f"@{who.handle} said Q{who.number} {self.dice.random()}")

    def edit(self) -> None:
        if who := self.someone():
            number = who.number
            self.run("edit", who.handle, *self.dice.choice((
                ("--birthday", self.birth(number)), ("--nick", f"Q{number}h"), ("--lives", f"Q{number}"),
                ("--phone", f"+49 30 55512{number:02}"), ("--link", f"https://q{number}.example/home"),
            )))  # fmt: skip

    def rename(self) -> None:
        if who := self.someone():
            self.run(
                "edit",
                who.handle,
                "--name",
                f"P{who.number} {self.dice.choice(('Home', 'Ames', 'Cole'))}",
            )

    def undo(self) -> None:
        self.run("undo")

    def redo(self) -> None:
        self.run("redo")

    def forget(self) -> None:
        who = self.someone()
        if who and not self.is_unseen(who.number):
            self.run("forget", f"@{who.handle}", "--yes")
            if who.number not in {each.number for each in self.everyone().values()}:
                self.forgotten.add(who.number)

    def is_unseen(self, number: int) -> bool:
        """Return whether a card without a UID was edited since kin read it: no one can know it again."""
        return any(
            self.number_on(data) == number and b"UID:" not in data and data not in self.seen
            for data in self.files().values()
        )

    def backup(self) -> None:
        if self.book.exists():
            self.kept = self.place / f"kept-{self.dice.random()}.db"
            self.run("backup", "--to", str(self.kept))

    def restore(self) -> None:
        if self.kept:
            self.run("restore", str(self.kept), "--yes")
            self.forgotten -= {each.number for each in self.everyone().values()}

    # Both

    def sync(self, *words: str) -> None:
        """Sync twice; check that it kept everything, and that the second time nothing changed."""
        before, cards = self.everyone(), self.files()
        result = self.kin("sync", str(self.folder), "--yes", "--json", *words)
        assert result.code == 0, (result.err, self.story)
        after, now = self.everyone(), self.files()
        for handle, one in before.items():
            assert handle in after, (handle, self.story)
            assert (after[handle].number, after[handle].talks) == (one.number, one.talks), (
                self.story
            )
            assert after[handle].birthday is not None or one.birthday is None, (handle, self.story)
        assert not self.forgotten & {each.number for each in after.values()}, (
            self.forgotten,
            self.story,
        )
        for name, data in cards.items():
            number = self.number_on(data)
            if name in now:
                assert self.number_on(now[name]) == number, self.story
            else:
                assert number in self.forgotten and name in result.json["removed"], (
                    name,
                    self.story,
                )
        for data in now.values():
            self.number_on(data)
        assert not [path.name for path in self.folder.iterdir() if path.suffix != ".vcf"]
        again = self.kin("sync", str(self.folder), "--yes", "--json", *words).json
        moved = [
            again[each]
            for each in ("pulled", "pushed", "merged", "new", "unlinked", "kept", "removed")
        ]
        assert moved == [0, 0, 0, [], [], [], []], (moved, self.story)
        assert (self.everyone(), self.files()) == (after, now), self.story
        self.seen |= {*cards.values(), *now.values()}

    def act(self) -> None:
        acts: tuple[Callable[[], None], ...] = (
            self.new_card, self.new_card, self.edit_card, self.edit_card, self.delete_card, self.rename_file,
            self.number_files, self.number_files, self.drop_uids, self.move_folder, self.add, self.note, self.note,
            self.edit, self.edit, self.rename, self.undo, self.redo, self.forget, self.backup, self.restore, self.spoil_card,
        )  # fmt: skip
        act = self.dice.choice(acts)
        if self.often and self.dice.random() < 0.6:
            act = getattr(self, self.dice.choice(self.often))
        self.story.append(act.__name__)
        act()

    def live(self) -> None:
        for _ in range(4):
            self.new_card()
        for _ in range(ROUNDS):
            words = ("--delete-remote",) if self.dice.random() < 0.2 else ()
            self.story.append("sync" + "".join(words))
            self.sync(*words)
            for _ in range(self.dice.randint(1, 3)):
                self.act()
        self.sync()


@pytest.mark.parametrize("seed", SHORT)
def test_everything_stays_with_its_person(
    kin: Kin, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    Life(kin, tmp_path / "life", seed, monkeypatch).live()


@pytest.mark.long
@pytest.mark.parametrize("seed", LONG)
def test_everything_stays_with_its_person_in_many_lives(
    kin: Kin, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    Life(kin, tmp_path / "life", seed, monkeypatch).live()


def by_file_name(files: Any, held: Any, people: Any, forgotten: Any, read: Any) -> FileMatches:
    """Pair cards as if the name of the file were evidence."""
    rows = {row.file: row for row in held}
    known = [(each, read(each), rows[each.name]) for each in files if each.name in rows]
    new = [UnmatchedCard(each, read(each), ()) for each in files if each.name not in rows]
    return FileMatches(tuple(known), tuple(new), (), (), frozenset(), (), ())


# What is switched off, how, and which acts bring it up.
CONTROLS: dict[str, tuple[object, str, Any, tuple[str, ...]]] = {
    "cards are paired by file name": (file_matching, "match_files", by_file_name, ("number_files",)),
    "the list of forgotten people is not read": (ForgottenList, "contains", lambda *_: False, ("forget",)),
    "every card is of someone forgotten": (ForgottenList, "contains", lambda *_: True, ("forget", "new_card")),
    "what cannot be read counts as deleted": (
        sync_plan, "restore_lost_values", lambda card, *_: RecoveredCard(card.fields, ()), ("spoil_card",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("control", CONTROLS)
def test_without_a_protection_it_is_seen(
    kin: Kin, tmp_path: Path, control: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Controls: with each protection switched off, one of a few lives goes wrong."""
    *switch, often = CONTROLS[control]
    monkeypatch.setattr(*switch)
    for seed in range(40):
        try:
            Life(kin, tmp_path / f"life-{seed}", seed, monkeypatch, often).live()
        except AssertionError:
            return
    pytest.fail("nothing was seen")
