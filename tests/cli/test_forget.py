"""Forgetting leaves no byte of a person in any file that kin owns; `recall --all` shows everything before."""

import io
import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from kin.book import backup_files, connection, verified_copy
from kin.cli.app import run
from kin.errors import BookError
from kin.privacy import erasure
from tests.conftest import TODAY, Kin, Result
from tests.terminal import apart

# A person whose words occur nowhere else.
QUIXOTE = (
    "add", "Xavierine Quillfeather", "--nick", "Zuzu Plumette", "--into", "gnomonics -- saw one in Vendryne",
    "--differ", "ombrology", "--met", "under the Kuckucksuhr", "--at", "Wyckhams Mill", "--on", "3 may 2024",
    "--birthday", "12 march 1984", "--date", "Plumfest=2 june", "--email", "xq@plumette.example", "--phone", "+44 7700 900123",
    "--link", "https://quillfeather.example", "--lives", "Lostwithiel", "--group", "Gnomon circle", "--through", "maya",
)  # fmt: skip
STEPS = (
    ("note", "yesterday: alone with Xavierine at the Zubrowka, Kryptonote one #gnomonics ?did the gnomon fall"),
    ("note", "Zuzu Plumette and Tom Becker: Sharednote two; xavierine laughed, so did Tom #chess"),
    ("note", "Tom Becker told me that Quillfeather is well"),
    ("ask", "xavierine", "how was Tibnin"),
    ("answered", "xavierine", "gnomon", "--answer", "it fell on Wormwood"),
    ("tie", "xavierine", "zoe", "--as", "cousin"),
    ("edit", "grace", "--met", "at Xavierine’s house", "--into", "sundials", "--from", "xavierine", "--date", "Quillfeather lunch=1 june"),
    ("edit", "zoe", "--group", "friends of Xavierine Quillfeather"),
    ("vocab", "under", "gnomonics", "sundials"),
    ("reconnect", "--not-now", "xavierine"),
)  # fmt: skip
WORDS = (
    "Xavierine", "Quillfeather", "Zuzu", "Plumette", "gnomonics", "Vendryne", "ombrology", "Kuckucksuhr", "Wyckhams",
    "1984-03-12", "Plumfest", "plumette.example", "7700 900123", "quillfeather.example", "Lostwithiel", "Gnomon circle",
    "Zubrowka", "Kryptonote", "did the gnomon", "Tibnin", "Wormwood",
)  # fmt: skip


@pytest.fixture(scope="module")
def more_people(five_people: bytes, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the bytes of a book with one more person, who is in every table and in text about others."""
    path = tmp_path_factory.mktemp("six") / "book.db"
    path.touch(mode=0o600)
    path.write_bytes(five_people)
    environment = {"KIN_DB": str(path), "KIN_NOW": TODAY, "KIN_CONFIG": os.devnull}
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        for words in (QUIXOTE, *STEPS, ("reconnect",)):
            assert run(list(words), environment) == 0, words
    return path.read_bytes()


@pytest.fixture
def full(kin: Kin, book: Path, more_people: bytes) -> Kin:
    """Return kin with that book."""
    book.touch(mode=0o600)
    book.write_bytes(more_people)
    return kin


def left(folder: Path) -> dict[str, list[str]]:
    """Return which of the words are in which file below the folder, in any case."""
    found = {}
    for path in sorted(folder.rglob("*")):
        data = path.read_bytes().lower() if path.is_file() else b""
        if words := [word for word in WORDS if word.lower().encode() in data]:
            found[path.name] = words
    return found


def test_all_words_were_there_before(full: Kin, tmp_path: Path) -> None:
    assert left(tmp_path)["book.db"] == list(WORDS)


def test_no_byte_is_left(full: Kin, tmp_path: Path) -> None:
    full("undo")  # redo could bring it back
    assert full("forget", "xavierine", "--yes").out == "Xavierine Quillfeather is forgotten.\n"
    assert left(tmp_path) == {}
    texts = [each["text"] for each in full("notes", "--json").json["notes"]]
    assert "someone and Tom Becker: Sharednote two; someone laughed, so did Tom #chess" in texts
    assert "Tom Becker told me that someone is well" in texts
    assert (full("undo").code, full("redo").code) == (1, 1)
    assert full("recall", "xavierine").code == 3
    assert full("recall", "grace", "--json").json["person"]["met"]["story"] == "at someone’s house"


def test_notes_with_others_are_deleted_on_request(full: Kin, tmp_path: Path) -> None:
    assert full("forget", "xavierine", "--notes", "delete", "--yes").code == 0
    assert left(tmp_path) == {}
    assert not any("Sharednote" in each["text"] for each in full("notes", "--json").json["notes"])


def test_kept_notes_stay_word_for_word(full: Kin) -> None:
    assert full("forget", "xavierine", "--notes", "keep", "--yes").code == 0
    texts = [each["text"] for each in full("notes", "--json").json["notes"]]
    assert (
        "Zuzu Plumette and Tom Becker: Sharednote two; xavierine laughed, so did Tom #chess"
        in texts
    )
    assert not any("Kryptonote" in text for text in texts)


GRACE, ZOE = (
    {"handle": "grace-h", "name": "Grace Hopper"},
    {"handle": "zoe-o", "name": "Zoë O’Brien"},
)
TOM = {"handle": "tom-b", "name": "Tom Becker"}
XAVIERINE = {"handle": "xavierine-q", "name": "Xavierine Quillfeather"}
CHANGES = [
    {
        "where": "note",
        "people": [TOM, XAVIERINE],
        "text": "Zuzu Plumette and Tom Becker: Sharednote two; xavierine laughed, so did Tom #chess",
        "after": "someone and Tom Becker: Sharednote two; someone laughed, so did Tom #chess",
    },
    {
        "where": "note",
        "people": [TOM],
        "text": "Tom Becker told me that Quillfeather is well",
        "after": "Tom Becker told me that someone is well",
    },
    {
        "where": "met",
        "people": [GRACE],
        "text": "at Xavierine’s house",
        "after": "at someone’s house",
    },
    {
        "where": "date",
        "people": [GRACE],
        "text": "Quillfeather lunch",
        "after": "someone lunch",
    },
    {
        "where": "group",
        "people": [ZOE],
        "text": "friends of Xavierine Quillfeather",
        "after": "friends of someone",
    },
]


def test_a_dry_run_counts_and_writes_nothing(full: Kin, book: Path) -> None:
    before = book.read_bytes()
    counted = full("forget", "zuzu plumette", "--dry-run", "--json").json
    assert counted == {
        "handle": "xavierine-q",
        "name": "Xavierine Quillfeather",
        "notes_alone": 1,
        "notes_shared": 1,
        "questions": 2,
        "interests": 2,
        "ties": 1,
        "dates": 2,
        "contacts": 3,
        "changes": CHANGES,
        "unchanged": [],
        "still_named": [],
        "synced_folders": [],
        "on_cards": [],
        "other_backups": [],
        "other_files": [],
    }
    assert full("forget", "xavierine", "--dry-run").out.startswith(
        "This erases Xavierine Quillfeather: 1 note with no one else, 2 questions, 2 interests, 1 tie, "
        "2 dates and 3 contact details.\n"
        "1 note with others stays, without the name.\n"
        "It can’t be undone, and it clears the undo history.\n"
        "Old backups are deleted, and one new backup is made. Copies elsewhere are up to you, and so is what a "
        "failed editor kept of your typing (kin-… in the folder for temporary files).\n"
        "Changed in 5 other places:\n"
    )
    assert book.read_bytes() == before


def test_no_one_is_forgotten_without_a_yes(full: Kin, book: Path) -> None:
    before = book.read_bytes()
    assert full("forget", "xavierine").code == 2
    assert full("forget", "xavierine", "--no-input").code == 2
    assert full("forget", "nobody", "--yes").code == 3
    assert full("forget", "tom", "--yes").code == 4
    assert full("forget", "me", "--yes").code == 2
    assert full("forget", "xavierine", "--notes", "burn", "--yes").code == 2
    assert book.read_bytes() == before


def test_others_keep_what_is_theirs(full: Kin) -> None:
    before = {each["handle"]: each for each in full("people", "--json").json}
    full("forget", "xavierine", "--yes")
    after = {each["handle"]: each for each in full("people", "--json").json}
    assert set(before) - set(after) == {"xavierine-q"}
    for handle in ("maya-o", "tom-b", "tom-k"):
        assert after[handle] == before[handle]


def test_of_two_people_with_one_name_only_one_is_replaced(met: Kin) -> None:
    met("note", "Tom Becker and Tom King met at last")
    met("note", "Tom King and Maya sang; Tom was off key")
    met("forget", "tom-b", "--yes")
    texts = [each["text"] for each in met("notes", "--json", "-n", "2").json["notes"]]
    assert texts == ["Tom King and Maya sang; Tom was off key", "someone and Tom King met at last"]


def test_recall_all_shows_every_word(full: Kin) -> None:
    shown = full("recall", "xavierine", "--all").out
    shown_otherwise = {"1984-03-12": "12 March 1984", "Xavierine": "", "did the gnomon": "gnomon"}
    for word in WORDS:
        assert shown_otherwise.get(word, word) in shown, word
    assert shown.startswith(
        "Xavierine Quillfeather, this is everything Robin has written down about you.\n"
    )
    assert (
        "Tom Becker told me that Quillfeather is well" in shown
    )  # by a surname that is theirs alone
    assert full("recall", "nobody", "--all").code == 3


def test_recall_all_shows_all_that_forgetting_would_change(full: Kin) -> None:
    full("ask", "grace", "did Xavierine come to the Quillfeathers")
    full("edit", "grace", "--lives", "with Zuzu Plumette")
    full("tie", "grace", "zoe", "--as", "Xavierine’s colleague")
    full("add", "Xavierine Quillfeather’s mum")
    report = full("recall", "@xavierine-q", "--all", "--json").json
    named = {
        (each["where"], each["people"][0]["handle"], each["text"])
        for each in report["named_elsewhere"]
    }
    assert named == {
        ("question", "grace-h", "did Xavierine come to the Quillfeathers"),
        ("lives", "grace-h", "with Zuzu Plumette"),
        ("met", "grace-h", "at Xavierine’s house"),
        ("date", "grace-h", "Quillfeather lunch"),
        ("tie", "zoe-o", "Xavierine’s colleague"),
        ("group", "zoe-o", "friends of Xavierine Quillfeather"),
        ("name", "xavierine-m", "Xavierine Quillfeather’s mum"),
    }
    assert "Quillfeather is well" in report["named_in"][0]["text"]
    shown = full("recall", "@xavierine-q", "--all").out
    assert all(text in shown for _, _, text in named)
    assert full("recall", "grace", "--all", "--json").json["named_elsewhere"] == []


def test_recall_all_shows_who_came_through_them_and_the_snooze(full: Kin) -> None:
    report = full("recall", "xavierine", "--all", "--json").json
    assert [each["handle"] for each in report["through_them"]] == ["grace-h"]
    assert report["snoozed"] and report["snoozed_until"]
    assert [each["answered_on"] for each in report["questions"]] == ["2026-11-23", None]


@pytest.mark.parametrize("typed", ["@iggy-lovelace", "Iggy Lovelace", "Iggy"])
def test_former_names_are_replaced_in_notes(kin: Kin, book: Path, typed: str) -> None:
    kin("add", "Iggy Lovelace")
    kin("edit", "iggy", "--handle", "iggy-lovelace")
    kin("add", "Bob")
    kin("note", f"2026-11-20: tea with {typed} and Bob")
    kin("edit", "iggy-lovelace", "--handle", "h1", "--name", "Zed Byron")
    assert kin("forget", "h1", "--yes").code == 0
    assert (
        kin("notes", "bob", "--json").json["notes"][0]["text"].endswith("tea with someone and Bob")
    )
    assert b"iggy" not in book.read_bytes().lower().replace(b"metadata", b"")


# Controls: without a protection something is left.


def _nothing(*_: object) -> None:
    """Do nothing, instead of a protection."""


def _bytes_stay(monkeypatch: pytest.MonkeyPatch, _: Path) -> None:
    monkeypatch.setattr(connection, "compact", _nothing)
    lax = [
        each.replace("secure_delete = ON", "secure_delete = OFF")
        for each in connection._WRITE_PRAGMAS
    ]
    monkeypatch.setattr(connection, "_WRITE_PRAGMAS", tuple(lax))


def _backups_stay(monkeypatch: pytest.MonkeyPatch, _: Path) -> None:
    monkeypatch.setattr(backup_files, "delete_all_backups", _nothing)


def _names_stay(monkeypatch: pytest.MonkeyPatch, _: Path) -> None:
    monkeypatch.setattr("kin.privacy.erasure._redact_book", _nothing)


def _history_stays(_: pytest.MonkeyPatch, book: Path) -> None:
    with closing(sqlite3.connect(book)) as db:
        db.execute("CREATE TRIGGER kept BEFORE DELETE ON change BEGIN SELECT RAISE(IGNORE); END")


def _interests_stay(monkeypatch: pytest.MonkeyPatch, _: Path) -> None:
    monkeypatch.setattr("kin.privacy.erasure._delete_orphans", _nothing)


@pytest.mark.long
@pytest.mark.parametrize(
    "unprotected", [_bytes_stay, _backups_stay, _names_stay, _history_stays, _interests_stay]
)
def test_control_without_a_protection_something_is_left(
    unprotected: Callable[[pytest.MonkeyPatch, Path], None],
    backed: Kin,
    book: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unprotected(monkeypatch, book)
    backed("forget", "xavierine", "--yes")
    assert left(tmp_path) != {}


# An erasure that is interrupted.

STAGES = ("delete_all_backups", "compact", "_remove_mark", "make_backup")


def stop_at(stage: str, stop: Callable[[], object]) -> Callable[[], None]:
    """Return a patch that stops kin at a stage of forgetting, after the change was committed."""
    owners = {
        "delete_all_backups": backup_files,
        "compact": connection,
        "_remove_mark": erasure,
        "make_backup": verified_copy,
    }
    owner = owners[stage]

    def patch() -> None:
        monkey = pytest.MonkeyPatch()
        monkey.setattr(owner, stage, lambda *_: stop())

    return patch


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def interrupted() -> None:
    raise KeyboardInterrupt


def refused() -> None:
    raise BookError("The disk is full.", "Nothing was written. Free some space and try again.")


@pytest.fixture
def backed(full: Kin, tmp_path: Path) -> Kin:
    """Return kin with a backup that has the words too."""
    full("backup")
    assert len(left(tmp_path)) == 2
    return full


def stop_forgetting(stage: str, stop: Callable[[], object]) -> Result:
    """Forget in a process that is stopped at a stage, if it reaches it."""
    return apart("forget", "xavierine", "--yes", before=stop_at(stage, stop))


@pytest.mark.parametrize("stage", STAGES)
def test_an_interrupted_erasure_is_finished_by_the_next_change(
    backed: Kin, tmp_path: Path, stage: str
) -> None:
    assert stop_forgetting(stage, killed).code == -signal.SIGKILL
    assert backed("recall", "xavierine").code == 3
    late = stage == "make_backup"  # nothing of theirs is left then
    assert (left(tmp_path) == {}) == (late or stage in ("compact", "_remove_mark"))
    state = {each["check"]: each["state"] for each in backed("doctor", "--json").json["checks"]}
    assert state["erasure"] == ("fine" if late else "wrong")
    result = backed("note", "tea with Grace")
    assert result.code == 0
    assert ("An interrupted kin forget is finished" in result.err) == (not late)
    assert left(tmp_path) == {}
    assert "interrupted" not in backed("note", "more tea with Grace").err
    assert backed("doctor").code == 0


@pytest.mark.parametrize("words", [("forget", "xavierine", "--yes"), ("undo",), ("backup",)])
def test_every_command_that_writes_finishes_it(
    backed: Kin, tmp_path: Path, words: tuple[str, ...]
) -> None:
    stop_forgetting("delete_all_backups", killed)
    assert left(tmp_path)
    assert "An interrupted kin forget is finished" in backed(*words).err
    assert left(tmp_path) == {}


def test_doctor_finishes_it(backed: Kin, tmp_path: Path) -> None:
    stop_forgetting("delete_all_backups", killed)
    result = backed("doctor")
    assert result.code == 5 and "Forgetting someone was interrupted" in result.out
    assert "xavierine" not in result.out.lower()
    assert left(tmp_path)
    assert backed("doctor", "--fix").code == 0
    assert left(tmp_path) == {}


def test_a_dry_run_finishes_nothing(backed: Kin, tmp_path: Path) -> None:
    stop_forgetting("delete_all_backups", killed)
    before = left(tmp_path)
    backed("forget", "grace", "--dry-run")
    backed("people")
    assert left(tmp_path) == before


@pytest.mark.parametrize("stage", ["delete_all_backups", "compact"])
def test_ctrl_c_reports_what_is_left(backed: Kin, tmp_path: Path, stage: str) -> None:
    result = stop_forgetting(stage, interrupted)
    assert result.code == 130
    assert "Nothing was written" not in result.err and "kin doctor --fix" in result.err
    assert backed("doctor", "--fix").code == 0
    assert left(tmp_path) == {}


@pytest.mark.parametrize("stage", STAGES)
def test_a_full_disk_is_reported_as_it_is(backed: Kin, tmp_path: Path, stage: str) -> None:
    result = stop_forgetting(stage, refused)
    assert (result.code, result.out) == (5, "Xavierine Quillfeather is forgotten.\n")
    assert "othing was written" not in result.err and "The disk is full." in result.err
    assert ("kin backup" if stage == "make_backup" else "kin doctor --fix") in result.err
    if stage != "delete_all_backups":  # no backup is better than one with the name
        assert left(tmp_path / "backups") == {}
    assert backed("doctor", "--fix").code == 0
    assert left(tmp_path) == {}


def test_an_erasure_that_cannot_be_finished_does_not_stop_a_note(
    backed: Kin, tmp_path: Path
) -> None:
    stop_forgetting("delete_all_backups", killed)
    result = apart("note", "tea with Grace", before=stop_at("delete_all_backups", refused))
    assert result.code == 0 and "kin doctor --fix" in result.err
    assert backed("notes", "grace", "--json").json["notes"]
    assert backed("doctor").code == 5


# Questions of a note, and forms of a name.


def test_the_questions_of_a_note_are_deleted_with_it(met: Kin, tmp_path: Path) -> None:
    met("note", "Tom King and Grace Hopper met at the Zubrowka ?ask Grace whether Tom sang")
    assert met("forget", "tom-k", "--dry-run", "--json").json["questions"] == 0
    counted = met("forget", "tom-k", "--notes", "delete", "--dry-run")
    assert "1 question" in counted.out
    assert met("forget", "tom-k", "--notes", "delete", "--yes").code == 0
    assert b"whether Tom sang" not in (tmp_path / "book.db").read_bytes()


@pytest.mark.parametrize(
    ("name", "text", "redacted"),
    [
        ("Jean-Luc Picard", "Jean-Luc’s wife", "someone’s wife"),
        ("Kit O’Brien", "the o’briens dog, and Obriens", "the someone dog, and someone"),
        ("王小明", "小明很好", "someone很好"),
    ],
)
def test_other_forms_of_a_name_are_replaced_too(
    kin: Kin, name: str, text: str, redacted: str
) -> None:
    handle = kin("add", name, "--json").json["handle"]
    kin("add", "Zed Byron", "--met", text)
    assert kin("forget", handle, "--yes").code == 0
    assert kin("recall", "zed", "--json").json["person"]["met"]["story"] == redacted


def test_the_given_name_of_someone_else_stays(kin: Kin) -> None:
    handle = kin("add", "王小明", "--json").json["handle"]
    kin("add", "李小明")
    kin("add", "Zed Byron", "--met", "小明很好")
    kin("forget", handle, "--yes")
    assert kin("recall", "zed", "--json").json["person"]["met"]["story"] == "小明很好"


# What kin leaves alone, and lists.


def test_people_whose_own_name_contains_theirs_are_listed(kin: Kin) -> None:
    kin("add", "Zanzibar Quillfeather")
    mum = kin("add", "Zanzibar Quillfeather’s mum", "--met", "through Zanzibar", "--json").json[
        "handle"
    ]
    line = f"Zanzibar Quillfeather’s mum ({mum}) has that name too: kin edit {mum} --name NAME --handle HANDLE\n"
    assert line in kin("forget", "@zanzibar-q", "--dry-run").out
    assert line in kin("forget", "@zanzibar-q", "--yes").out
    assert kin("recall", mum, "--json").json["person"]["met"]["story"] == "through someone"


def test_people_with_the_same_first_name_are_not_listed(kin: Kin) -> None:
    kin("add", "Ann")
    kin("add", "Ann Lee")
    mum = kin("add", "Ann’s mum", "--json").json["handle"]
    named = kin("forget", "@ann", "--dry-run", "--json").json["still_named"]
    assert [each["handle"] for each in named] == [mum]


def test_a_card_in_a_synced_folder_is_listed(kin: Kin, tmp_path: Path) -> None:
    folder = tmp_path / "my cards"
    folder.mkdir()
    kin("add", "Zanzibar Quillfeather", "--email", "z@example.org")
    assert kin("sync", str(folder)).code == 0
    line = f"Their card stays in {folder}: kin sync '{folder}' --delete-remote\n"
    assert line in kin("forget", "zanzibar", "--dry-run").out
    assert line in kin("forget", "zanzibar", "--yes").out
    assert kin("sync", str(folder), "--delete-remote", "--yes").code == 0
    assert list(folder.iterdir()) == []


def test_a_card_of_someone_else_that_names_them_is_listed(kin: Kin, tmp_path: Path) -> None:
    folder = tmp_path / "cards"
    folder.mkdir()
    kin("add", "Zanzibar Quillfeather")
    kin("add", "Tom Becker", "--lives", "near Quillfeather")
    assert kin("sync", str(folder)).code == 0
    line = f"Tom Becker’s card in {folder} names them too: remove that there, or the next sync brings it back.\n"
    assert line in kin("forget", "zanzibar", "--dry-run").out
    assert line in kin("forget", "zanzibar", "--yes").out


def test_backups_under_a_former_name_are_listed(
    backed: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "book.db").rename(tmp_path / "people.db")
    monkeypatch.setenv("KIN_DB", str(tmp_path / "people.db"))
    output = backed("forget", "xavierine", "--yes").out
    assert (
        f"{tmp_path / 'backups' / 'book.db'} has backups of a book that no longer exists" in output
    )
    (found,) = [
        each
        for each in backed("doctor", "--json").json["checks"]
        if each["check"] == "stray_backups"
    ]
    assert found["state"] == "advice"
    assert "book.db" in backed("doctor").out


def test_others_are_not_found_by_the_forgotten_name(kin: Kin, book: Path) -> None:
    kin("add", "Zanzibar Quillfeather")
    kin("add", "Rosa Byron", "--nick", "Zanzibar Quillfeather’s baker", "--nick", "Ro")
    assert kin("forget", "zanzibar", "--yes").code == 0
    assert kin("recall", "rosa", "--json").json["person"]["nicknames"] == ["someone’s baker", "Ro"]
    assert b"quillfeather" not in book.read_bytes().lower()
    assert kin("recall", "quillfeather").code == 3
    names = [each for each in kin("doctor", "--json").json["checks"] if each["check"] == "names"]
    assert [each["state"] for each in names] == ["fine"]


def test_texts_that_become_the_same_are_merged(kin: Kin) -> None:
    kin("add", "Ada Lovelace", "--into", "maths")
    kin("add", "Rosa Byron")
    for name, day in (("Ada Lovelace", "3 may"), ("@ada-l", "4 may")):
        kin("edit", "rosa", "--nick", f"mum of {name}", "--date", f"lunch with {name}={day}")
        kin("share", f"maths, by {name}", "--sent-to", "rosa")
        kin("tie", "rosa", "me", "--as", f"friend of {name}")
    assert kin("forget", "ada-l", "--yes").code == 0
    rosa = kin("recall", "rosa", "--json").json
    assert rosa["person"]["nicknames"] == ["mum of someone"]
    assert [each["word"] for each in rosa["ties"]] == ["friend of someone"]
    (person,) = (each for each in kin("export").json["people"] if each["handle"] == "rosa-b")
    assert [(each["label"], each["on"]) for each in person["dates"]] == [
        ("lunch with someone", "--05-03"),
        ("lunch with someone 2", "--05-04"),
    ]
    assert [each["text"] for each in person["sent"]] == ["maths, by someone"]


@pytest.mark.parametrize("notes", ["redact", "keep"])
def test_no_one_else_is_linked_by_the_forgotten_name(kin: Kin, book: Path, notes: str) -> None:
    kin("add", "Rosa Byron")
    kin("add", "Zanzibar Quillfeather")
    kin("note", "a long walk", "--with", "@zanzibar-q")
    kin("merge", "rosa", "zanzibar")
    kin("edit", "rosa", "--not-nick", "Zanzibar Quillfeather")
    kin("add", "Zanzibar Quillfeather")
    assert kin("forget", "zanzibar", "--yes", "--notes", notes).code == 0
    assert b"zanzibar" not in book.read_bytes().lower()
    assert [each["text"] for each in kin("notes", "rosa", "--json").json["notes"]] == [
        "a long walk"
    ]


# What belongs to others, or is not a name, stays.


def texts(kin: Kin) -> list[str]:
    """Return the texts of all notes."""
    return sorted(each["text"] for each in kin("notes", "--json").json["notes"])


def test_another_of_the_very_same_name_keeps_every_word(kin: Kin) -> None:
    kin("add", "Maya Olsen", "--into", "chess")
    handle = kin("add", "Maya Olsen", "--anyway", "--json").json["handle"]
    kin("add", "Tom Becker", "--met", "through Maya Olsen")
    kin("note", "Maya Olsen and Tom Becker came", "--with", f"@{handle}")
    kin("note", f"Maya Olsen rang, @{handle} I mean", "--with", f"@{handle}")
    kin("note", "Maya Olsen was ill", "--with", "@maya-o")
    dry = kin("forget", "@maya-o", "--dry-run").out
    assert "kin edit" not in dry
    assert kin("forget", "@maya-o", "--yes", "--notes", "redact").code == 0
    assert texts(kin) == ["Maya Olsen and Tom Becker came", f"Maya Olsen rang, @{handle} I mean"]
    assert kin("recall", "tom", "--json").json["person"]["met"]["story"] == "through Maya Olsen"


def test_a_short_name_takes_no_part_of_a_longer_one(kin: Kin) -> None:
    for name in ("Maya Okafor", "Maya", "Anna Maria Sand", "Anna"):
        kin("add", name)
    kin("note", "Maya Okafor came, and Anna Maria Sand with her")
    for handle in ("@maya", "@anna"):
        assert kin("forget", handle, "--yes").code == 0
    assert texts(kin) == ["Maya Okafor came, and Anna Maria Sand with her"]


def test_a_surname_that_is_a_word_or_a_town_takes_no_word_of_others(kin: Kin) -> None:
    for name in ("Jack London", "Doris Day", "Betty White", "Dawn French", "Juan de la Casa"):
        kin("add", name)
    kin("me", "--lives", "London")
    kin(
        "add",
        "Tom Becker",
        "--lives",
        "London",
        "--into",
        "french cooking",
        "--group",
        "day friends",
    )
    notes = (
        "a lovely day in London with Tom Becker, all white roses; the French call it la vie",
        "una tarde de sol en casa de la abuela de Tom Becker",
        "Tom Becker says that Doris Day and Jack are well, and Dawn too",
    )
    for each in notes:
        kin("note", each)
    for handle in ("jack-l", "doris-d", "betty-w", "dawn-f", "juan-c"):
        assert kin("forget", f"@{handle}", "--yes").code == 0, handle
    assert texts(kin) == sorted(
        [*notes[:2], "Tom Becker says that someone and someone are well, and someone too"]
    )
    tom = kin("recall", "tom", "--json").json["person"]
    assert (tom["lives"], tom["groups"]) == ("London", ["day friends"])
    assert kin("recall", "me", "--json").json["person"]["lives"] == "London"
    assert [each["label"] for each in tom["interests"]] == ["french cooking"]


@pytest.mark.parametrize("name", ["The Neighbour", "A", "You", "?", "An"])
def test_a_name_of_small_words_takes_none_from_others(name: str, kin: Kin) -> None:
    note = "Tom Becker told you of the boat, and a sea; was it an A?"
    kin("add", "Tom Becker")
    handle = kin("add", name, "--json").json["handle"]
    kin("note", note, "--with", "tom")
    assert kin("forget", f"@{handle}", "--yes").code == 0
    assert texts(kin) == [note]


def test_an_address_of_two_people_stays(kin: Kin) -> None:
    kin("add", "Jo Smith", "--email", "js@example.org")
    kin("add", "Sam Smith", "--email", "js@example.org")
    kin("note", "Sam said: write to js@example.org")
    kin("forget", "jo", "--yes")
    assert texts(kin) == ["Sam said: write to js@example.org"]


def test_a_handle_is_replaced_with_its_at_sign_or_without(kin: Kin, book: Path) -> None:
    kin("add", "Zanzibar Quillfeather")
    kin("add", "Zanzibar Smith")
    kin("add", "Tom Becker", "--met", "through zanzibar-q")
    kin("note", "Tom asked whether zanzibar-q, or @zanzibar-q, had seen it")
    kin("forget", "@zanzibar-q", "--yes")
    assert texts(kin) == ["Tom asked whether someone, or someone, had seen it"]
    assert kin("recall", "tom", "--json").json["person"]["met"]["story"] == "through someone"


def test_a_first_name_that_is_a_place_stays_where_it_is_one(kin: Kin) -> None:
    kin("add", "Florence Quillfeather")
    kin("add", "Tom Becker", "--lives", "Florence")
    kin("note", "with Tom in Florence, for the florence fennel")
    kin("note", "Florence and Tom came from Florence; Florence’s hat")
    kin("forget", "florence", "--yes")
    assert texts(kin) == [
        "someone and Tom came from Florence; someone’s hat",
        "with Tom in Florence, for the florence fennel",
    ]
    assert kin("recall", "tom", "--json").json["person"]["lives"] == "Florence"


@pytest.mark.parametrize(
    ("name", "others", "note", "left"),
    [
        ("Ella Fitz", (), "Ella and Peter swam. Ella is ill", "someone and Peter swam. someone is ill"),
        ("Al Green", (), "Al told Peter about it, al fresco", "someone told Peter about it, al fresco"),
        ("Kim Mi-so", (), "Mi-so cooked for Peter", "someone cooked for Peter"),
        ("Virgil van Dijk", ("Jan van Loon",), "Virgil and Peter, but no Van Loon", "someone and Peter, but no Van Loon"),
        ("Lou Reed", ("Mary-Lou Hart",), "Lou Reed and Mary-Lou Hart came; Mary-Lou sang", "someone and Mary-Lou Hart came; Mary-Lou sang"),
        ("Diego Ruiz", (), "Diego and Peter in San Diego", "someone and Peter in San Diego"),
        ("Dr. Ana Ruiz", (), "Peter saw Dr. Lamb; Ana came", "Peter saw Dr. Lamb; someone came"),
        ("Henry Tudor III", (), "Peter on World War III; Tudor laughed", "Peter on World War III; someone laughed"),
        ("St. John Smythe", (), "Peter went to St. Paul; Smythe came", "Peter went to St. Paul; someone came"),
        ("李 娜", (), "李 娜来了，娜很好, 李娜, Peter", "someone来了，someone很好, someone, Peter"),
        ("Florence King", (), "Florence and Peter: #Florence", "someone and Peter: #Florence"),
        ("Eva Lang-Mora", ("Uwe Lang", "Pia Mora"), "Eva, Uwe and Pia in the Lang-Mora house", "someone, Uwe and Pia in the someone house"),
        ("April Ludgate", (), "Peter moves on 3 April; April laughed", "Peter moves on 3 April; someone laughed"),
    ],
)  # fmt: skip
def test_a_name_is_replaced_and_what_only_looks_like_it_stays(
    name: str, others: tuple[str, ...], note: str, left: str, kin: Kin
) -> None:
    for each in (name, "Peter Pan", *others):
        kin("add", each)
    kin("note", note)
    assert kin("forget", name, "--yes").code == 0
    assert texts(kin) == [left]


@pytest.mark.parametrize("town", ["San Diego", "Charlotte", "Reading", "Florence"])
def test_a_town_and_what_is_named_after_it_stay(town: str, kin: Kin) -> None:
    kin("add", f"{town.split()[-1]} Quillfeather")
    kin(
        "add",
        "Peter Pan",
        "--lives",
        town,
        "--into",
        f"{town} architecture",
        "--group",
        f"{town} trip",
    )
    assert kin("forget", "quillfeather", "--yes").code == 0
    peter = kin("recall", "peter", "--json").json["person"]
    assert (peter["lives"], peter["groups"]) == (town, [f"{town} trip"])
    assert [each["label"] for each in peter["interests"]] == [f"{town} architecture"]


def test_undo_and_redo_keep_when_someone_was_suggested(kin: Kin, book: Path) -> None:
    kin("me", "--into", "pottery")
    kin("add", "Zoe Lang", "--into", "pottery")
    kin("reconnect")
    kin("undo")
    kin("redo")
    assert kin("recall", "zoe", "--all", "--json").json["shown_on"] == [TODAY]
