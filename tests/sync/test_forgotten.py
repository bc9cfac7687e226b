"""People who were forgotten do not come back by a card, and no one else's card is removed for theirs."""

import json
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from unittest.mock import ANY

import pytest

from kin.book import meta
from kin.book.meta import ForgottenList
from kin.cli import console
from tests.conftest import Kin
from tests.sync.phone import card, fill, names, sync

MAYA = card("Maya Okafor", "EMAIL:maya@example.org", "NICKNAME:Mo", uid="maya-1")
MAYA_WITHOUT = card("Maya Okafor", "EMAIL:maya@example.org")
TOM = card("Tom Becker", uid="tom-1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cards"


def undone_sync(kin: Kin, folder: Path) -> Path:
    """She was in the book, got a card, and that was undone."""
    fill(folder, [])
    kin("add", "Maya Okafor", "--email", "maya@example.org")
    sync(kin, folder)
    kin("undo")
    kin("forget", "maya", "--yes")
    return folder


def moved_folder(kin: Kin, folder: Path) -> Path:
    fill(folder, [MAYA, TOM])
    sync(kin, folder)
    kin("forget", "maya", "--yes")
    return folder.rename(folder.parent / "moved")


def older_backup(kin: Kin, folder: Path) -> Path:
    """The book is from before the first sync: it knows her, and no folder."""
    fill(folder, [])
    kin("add", "Maya Okafor", "--email", "maya@example.org")
    kept = folder.parent / "kept.db"
    assert kin("backup", "--to", str(kept)).code == 0
    sync(kin, folder)
    assert kin("restore", str(kept), "--yes").code == 0
    kin("forget", "maya", "--yes")
    return folder


def imported(kin: Kin, folder: Path) -> Path:
    fill(folder, [MAYA, TOM])
    kin("import", str(folder))
    kin("forget", "maya", "--yes")
    return folder


def imported_without_uid(kin: Kin, folder: Path) -> Path:
    fill(folder, [MAYA_WITHOUT, TOM])
    kin("import", str(folder))
    kin("forget", "maya", "--yes")
    return folder


def other_file_name(kin: Kin, folder: Path) -> Path:
    fill(folder, [MAYA, TOM])
    sync(kin, folder)
    kin("forget", "maya", "--yes")
    (folder / "1.vcf").rename(folder / "other.vcf")
    return folder


def numbered_without_uid(kin: Kin, folder: Path) -> Path:
    fill(folder, [MAYA_WITHOUT, TOM])
    sync(kin, folder)
    kin("forget", "maya", "--yes")
    fill(folder, [TOM, card("Aaron Zed"), MAYA_WITHOUT])
    return folder


def earlier_uid(kin: Kin, folder: Path) -> Path:
    """The server gave her another UID; an old copy of the card comes back."""
    fill(folder, [MAYA, TOM])
    sync(kin, folder)
    fill(folder, [MAYA.replace(b"maya-1", b"maya-2"), TOM])
    sync(kin, folder)
    kin("forget", "maya", "--yes")
    fill(folder, [MAYA, TOM])
    return folder


def merged_first(kin: Kin, folder: Path) -> Path:
    """Two cards were one person: neither brings her back."""
    fill(folder, [MAYA, card("Mo O", "EMAIL:mo@example.org", uid="mo-1")])
    sync(kin, folder)
    assert kin("merge", "maya-o", "mo-o").code == 0
    kin("forget", "maya", "--yes")
    return folder


def restored_afterwards(kin: Kin, folder: Path) -> Path:
    """The backup is from before she was in the book: it knows nothing of her."""
    kin("add", "Ben Noon")
    kept = folder.parent / "kept.db"
    kin("backup", "--to", str(kept))
    fill(folder, [MAYA, TOM])
    sync(kin, folder)
    kin("forget", "maya", "--yes")
    assert kin("restore", str(kept), "--yes").code == 0
    return folder


def restored_over_a_damaged_book(kin: Kin, folder: Path) -> Path:
    restored = folder.parent / "kept.db"
    kin("add", "Ben Noon")
    kin("backup", "--to", str(restored))
    fill(folder, [MAYA, TOM])
    sync(kin, folder)
    kin("forget", "maya", "--yes")
    book = folder.parent / "book.db"
    with closing(sqlite3.connect(book)) as db:
        (page,) = db.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'nickname'"
        ).fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    with book.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    assert kin("people").code in (0, 5)
    assert kin("restore", str(restored), "--yes").code == 0
    return folder


def json_in_an_empty_book(kin: Kin, folder: Path) -> Path:
    fill(folder, [MAYA, TOM])
    sync(kin, folder)
    kin("forget", "maya", "--yes")
    (folder.parent / "all.json").write_text(kin("export").out)
    (folder.parent / "book.db").unlink()
    assert kin("import", str(folder.parent / "all.json")).code == 0
    return folder


WAYS: tuple[Callable[[Kin, Path], Path], ...] = (
    undone_sync, moved_folder, older_backup, imported, imported_without_uid, other_file_name, numbered_without_uid,
    earlier_uid, merged_first, restored_afterwards, restored_over_a_damaged_book, json_in_an_empty_book,
)  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_forgotten_people_do_not_come_back(
    kin: Kin, folder: Path, way: Callable[[Kin, Path], Path]
) -> None:
    place = way(kin, folder)
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    result = sync(kin, place)
    assert result["left_alone"] and not any(
        b"Okafor" in before[each["file"]] for each in result["new"] if each["to"] == "book"
    )
    assert not {"Maya Okafor", "Mo O"} & {*names(kin)}
    assert before.items() <= {path.name: path.read_bytes() for path in place.iterdir()}.items()
    assert sync(kin, place)["left_alone"] == result["left_alone"]
    kin("import", str(place))
    assert not {"Maya Okafor", "Mo O"} & {*names(kin)}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_without_the_list_they_come_back(
    kin: Kin, folder: Path, way: Callable[[Kin, Path], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: what keeps them away is the list."""
    monkeypatch.setattr(ForgottenList, "contains", lambda *_: False)
    sync(kin, way(kin, folder))
    assert {"Maya Okafor", "Mo O"} & {*names(kin)}


def test_a_list_that_a_restore_does_not_carry_over_lets_them_back(
    kin: Kin, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: what carries the list over is the restore."""
    marks = meta.list_forgotten_marks
    monkeypatch.setattr(meta, "add_forgotten_marks", lambda db, found: None)
    place = restored_afterwards(kin, folder)
    monkeypatch.setattr(meta, "list_forgotten_marks", marks)
    sync(kin, place)
    assert "Maya Okafor" in names(kin)


def test_the_list_names_no_one_and_is_of_one_key(kin: Kin, folder: Path, book: Path) -> None:
    fill(folder, [MAYA, TOM])
    sync(kin, folder)
    kin("forget", "maya", "--yes"), kin("forget", "tom", "--yes")
    with closing(sqlite3.connect(book)) as db:
        rows = db.execute("SELECT salt, mark FROM forgotten").fetchall()
        assert db.execute("SELECT count(*) FROM synced_card").fetchone() == (0,)
    assert len({salt for salt, _ in rows}) == 1 and {len(each) for row in rows for each in row} == {
        32
    }
    data = book.read_bytes().lower()
    for word in (b"maya", b"okafor", b"tom-1", b"1.vcf", str(folder).encode()):
        assert word not in data, word


def test_two_books_hash_the_same_card_differently(kin: Kin, folder: Path, book: Path) -> None:
    found = []
    for _ in range(2):
        book.unlink(missing_ok=True)
        fill(folder, [MAYA])
        sync(kin, folder)
        kin("forget", "maya", "--yes")
        found.append({each["mark"] for each in json.loads(kin("export").out)["forgotten"]})
    assert not found[0] & found[1]


def test_forget_names_the_folders_with_their_card(kin: Kin, folder: Path) -> None:
    fill(folder, [])
    kin("add", "Maya Okafor", "--email", "maya@example.org")
    sync(kin, folder)
    kin("undo")
    assert f"kin sync {folder} --delete-remote" in kin("forget", "maya", "--yes").out


def test_a_uid_that_someone_else_has_too_is_not_on_the_list(kin: Kin, folder: Path) -> None:
    """A merge that was undone left her UID in the history of another."""
    fill(folder, [MAYA, TOM])
    sync(kin, folder)
    kin("merge", "tom-b", "maya-o")
    kin("undo")
    kin("forget", "tom", "--yes")
    result = sync(kin, folder)
    assert result["left_alone"] == ["2.vcf"] and names(kin) == ["Maya Okafor"]


# Import


def test_an_import_leaves_them_out_and_says_so(kin: Kin, folder: Path) -> None:
    fill(folder, [MAYA, TOM])
    kin("import", str(folder))
    kin("forget", "maya", "--yes")
    for words in (("--dry-run",), ()):
        result = kin("import", str(folder), *words, "--json").json
        assert [each["where"] for each in result["skipped"]] == ["1.vcf:1"]
        assert result["skipped"][0]["why"] == "is the card of someone you forgot; it was not read"
    assert names(kin) == ["Tom Becker"]


def test_an_import_takes_them_in_again_where_that_is_meant(kin: Kin, folder: Path) -> None:
    fill(folder, [MAYA, TOM])
    sync(kin, folder)
    kin("forget", "maya", "--yes")
    assert kin("import", str(folder), "--forgotten", "--dry-run", "--json").json["new"] == 1
    assert names(kin) == ["Tom Becker"]
    assert kin("import", str(folder), "--forgotten").code == 0
    assert names(kin) == ["Maya Okafor", "Tom Becker"]
    result = sync(kin, folder)
    assert (result["left_alone"], result["new"], result["same"]) == ([], [], 2)


@pytest.mark.parametrize("format", ["json", "markdown"])
@pytest.mark.parametrize("empty", [True, False], ids=["empty", "in use"])
def test_kins_own_files_leave_them_out_with_their_notes_and_ties(
    met: Kin, tmp_path: Path, book: Path, format: str, empty: bool
) -> None:
    page = tmp_path / ("all.json" if format == "json" else "pages")
    assert met("export", "--format", format, "--to", str(page)).code == 0
    met("forget", "maya", "--yes")
    if empty:
        listed = json.loads(met("export").out)
        book.unlink()
        only = {"kin": 1, "people": [], "forgotten": listed["forgotten"]}
        (tmp_path / "list.json").write_text(json.dumps(only))
        assert met("import", str(tmp_path / "list.json")).code == 0
    result = met("import", str(page), "--json").json
    assert [each["why"] for each in result["skipped"]] == [
        "is the card of someone you forgot; it was not read"
    ]
    assert "Maya Okafor" not in names(met) and "Zoë O’Brien" in names(met)
    whole = json.loads(met("export").out)
    assert "maya-o" not in json.dumps([whole["people"], whole["ties"], whole["questions"]])
    assert not any(each["text"].startswith("2026-11-20: Maya rang") for each in whole["notes"])
    assert met("import", str(page), "--forgotten").code == 0
    assert "Maya Okafor" in names(met)


@pytest.mark.parametrize(
    "mark",
    [{"salt": "00" * 32}, {"salt": "zz" * 32, "mark": "00" * 32}, {"salt": "00" * 8, "mark": "00" * 32},
     {"salt": "00" * 32, "mark": "00" * 31}, {"salt": "00" * 32, "mark": 7}, "00", {"salt": "AA" * 32, "mark": "00" * 32}],
)  # fmt: skip
def test_an_invalid_list_is_refused_with_its_place(kin: Kin, tmp_path: Path, mark: object) -> None:
    path = tmp_path / "book.json"
    path.write_text(json.dumps({"kin": 1, "people": [], "forgotten": [mark]}))
    result = kin("import", str(path))
    assert result.code == 2 and "book.json: forgotten[0]" in result.err


def test_a_list_of_very_many_keys_is_refused(kin: Kin, tmp_path: Path) -> None:
    marks = [{"salt": f"{number:064x}", "mark": "00" * 32} for number in range(1001)]
    (tmp_path / "book.json").write_text(json.dumps({"kin": 1, "people": [], "forgotten": marks}))
    result = kin("import", str(tmp_path / "book.json"))
    assert result.code == 2 and "more than 1,000 different salts" in result.err


# Removing cards


def test_only_a_card_that_carries_the_forgotten_uid_is_removed(kin: Kin, folder: Path) -> None:
    fill(folder, [MAYA_WITHOUT, TOM])
    sync(kin, folder)
    kin("forget", "maya", "--yes")
    fill(folder, [card("Zoe Adler", uid="zoe-77"), MAYA_WITHOUT, TOM])
    result = sync(kin, folder, "--delete-remote", "--yes")
    assert (result["removed"], result["left_alone"]) == ([], ["2.vcf"])
    assert names(kin) == ["Tom Becker", "Zoe Adler"] and len([*folder.iterdir()]) == 3
    assert "delete it yourself" in kin("sync", str(folder)).out


def test_the_dry_run_and_the_json_name_each_card_that_would_go(kin: Kin, folder: Path) -> None:
    fill(folder, [MAYA, TOM, card("Zoe Adler", uid="zoe-77")])
    sync(kin, folder)
    kin("forget", "maya", "--yes"), kin("forget", "tom", "--yes")
    result = sync(kin, folder, "--delete-remote", "--dry-run")
    assert result["removed"] == ["1.vcf", "2.vcf"]
    shown = kin("sync", str(folder), "--delete-remote", "--dry-run").out
    assert "1.vcf" in shown and "2.vcf" in shown
    result = sync(kin, folder, "--delete-remote", "--yes")
    assert result["removed"] == ["1.vcf", "2.vcf"] and [path.name for path in folder.iterdir()] == [
        "3.vcf"
    ]


def asked(
    kin: Kin, folder: Path, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], object]
) -> tuple[str, str]:
    """Sync with a person at the terminal who says yes while something happens; return the question and stdout."""
    questions: list[str] = []

    def answer(question: str) -> str:
        questions.append(question)
        meanwhile()
        return "y"

    monkeypatch.setattr(console, "can_ask", lambda _: True)
    monkeypatch.setattr(console, "ask", answer)
    result = kin("sync", str(folder), "--delete-remote")
    assert result.code == 0, result.err
    return questions[0], result.out


def test_the_question_names_each_card(
    kin: Kin, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(folder, [MAYA, TOM, card("Zoe Adler", uid="zoe-77")])
    sync(kin, folder)
    kin("forget", "maya", "--yes"), kin("forget", "tom", "--yes")
    question, _ = asked(kin, folder, monkeypatch, lambda: None)
    assert "2 cards" in question and "1.vcf (Maya Okafor) and 2.vcf (Tom Becker)" in question
    assert [path.name for path in folder.iterdir()] == ["3.vcf"]


@pytest.mark.parametrize(
    "cards",
    [[card("Zoe Adler", uid="zoe-77"), MAYA], [MAYA.replace(b"Mo", b"Mia"), TOM], [TOM, MAYA]],
    ids=["another in its place", "it was edited", "two swapped"],
)
def test_only_cards_that_were_shown_are_removed(
    kin: Kin, folder: Path, monkeypatch: pytest.MonkeyPatch, cards: list[bytes]
) -> None:
    fill(folder, [MAYA, TOM])
    sync(kin, folder)
    kin("forget", "maya", "--yes")
    _, out = asked(kin, folder, monkeypatch, lambda: fill(folder, cards))
    assert sorted(path.read_bytes() for path in folder.iterdir()) == sorted(cards)
    assert "you forgot, was deleted there" not in out and "has changed since you were asked" in out
    assert sync(kin, folder)["left_alone"]


def test_the_command_to_paste_is_quoted(kin: Kin, tmp_path: Path) -> None:
    folder = tmp_path / "my cards; touch x"
    fill(folder, [MAYA])
    sync(kin, folder)
    kin("forget", "maya", "--yes")
    result = kin("sync", str(folder), "--delete-remote")
    assert result.code == 2 and f"kin sync '{folder}' --delete-remote --yes" in result.err
    (tmp_path / "above").mkdir()
    folder.rename(tmp_path / "above" / folder.name)
    assert (
        f"kin sync '{tmp_path / 'above' / folder.name}'" in kin("sync", str(tmp_path / "above")).err
    )


def test_no_question_waits_in_a_transaction(
    kin: Kin, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(folder, [MAYA])
    sync(kin, folder)
    kin("forget", "maya", "--yes")
    book = folder.parent / "book.db"

    def write() -> None:
        with closing(sqlite3.connect(book, timeout=0)) as db:
            db.execute("BEGIN IMMEDIATE")

    asked(kin, folder, monkeypatch, write)
    assert sys.stdin is not None


# What the list can do, and who can change it.


def _card(name: str, uid: str) -> str:
    return f"BEGIN:VCARD\nVERSION:3.0\nUID:{uid}\nFN:{name}\nEND:VCARD\n"


def test_a_list_from_another_book_does_not_decide_who_you_forgot(kin: Kin, tmp_path: Path) -> None:
    folder = tmp_path / "cards"
    folder.mkdir()
    (folder / "a.vcf").write_text(_card("Maya Okafor", "m1"))
    friend, mine = ("--db", str(tmp_path / "friend.db")), ("--db", str(tmp_path / "mine.db"))
    kin("import", str(folder), *friend)
    kin("add", "Tom King", *friend)
    kin("forget", "maya", "--yes", *friend)
    kin("export", "--to", str(tmp_path / "friend.json"), *friend)
    kin("add", "Zed Zz", *mine)
    assert kin("import", str(tmp_path / "friend.json"), *mine).code == 0
    result = kin("sync", str(folder), "--delete-remote", "--yes", "--json", *mine).json
    assert "Maya Okafor" in {each["name"] for each in result["new"]}
    assert (folder / "a.vcf").exists()


def test_a_list_that_comes_with_a_whole_book_is_reported_and_undone(
    kin: Kin, tmp_path: Path
) -> None:
    folder = tmp_path / "cards"
    folder.mkdir()
    (folder / "a.vcf").write_text(_card("Maya Okafor", "m1"))
    old, new = ("--db", str(tmp_path / "old.db")), ("--db", str(tmp_path / "new.db"))
    kin("import", str(folder), *old)
    kin("add", "Tom King", *old)
    kin("forget", "maya", "--yes", *old)
    kin("export", "--to", str(tmp_path / "old.json"), *old)
    result = kin("import", str(tmp_path / "old.json"), "--json", *new).json
    assert any("people forgotten in that book" in each["why"] for each in result["warnings"])
    assert kin("sync", str(folder), "--json", *new).json["new"] == [
        {"handle": "tom-k", "name": "Tom King", "file": ANY, "to": "folder"}
    ]
    kin("undo", "2", *new)
    assert "Maya Okafor" in {
        each["name"] for each in kin("sync", str(folder), "--json", *new).json["new"]
    }


def test_undo_of_an_import_of_the_forgotten_forgets_them_again(kin: Kin, tmp_path: Path) -> None:
    folder = tmp_path / "cards"
    folder.mkdir()
    (folder / "a.vcf").write_text(_card("Maya Okafor", "m1"))
    kin("import", str(folder))
    kin("forget", "maya", "--yes")
    assert kin("import", str(folder), "--forgotten").code == 0
    assert kin("undo").code == 0
    kin("sync", str(folder))
    assert kin("people", "--json").json == []


def test_an_older_export_does_not_bring_the_name_back_into_notes(kin: Kin, tmp_path: Path) -> None:
    kin("add", "Maya Okafor")
    kin("add", "Tom King")
    kin("note", "coffee with Maya and Tom")
    kin("export", "--to", str(tmp_path / "a.json"))
    kin("forget", "maya", "--yes")
    result = kin("import", str(tmp_path / "a.json"), "--json").json
    assert any("you forgot" in each["why"] for each in result["skipped"])
    assert [each["text"] for each in kin("notes", "--json").json["notes"]] == [
        "coffee with someone and Tom"
    ]
    assert "Maya" not in kin("export").out
