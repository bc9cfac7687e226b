"""Forgetting: afterwards no byte of somebody's is left in any file that kin owns; and the mirror before."""

import io
import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from kin.book import backup as safekeeping, backup_files as backups, connection as opening
from kin.cli.app import run
from kin.errors import BookError
from kin.privacy import erasure_cleanup as finishing
from tests.conftest import TODAY, Kin, Result
from tests.terminal import apart

# A person of whom every word is found nowhere else.
QUIXOTE = (
    "add", "Xavierine Quillfeather", "--nick", "Zuzu Plumette", "--into", "gnomonics -- saw one in Vendryne",
    "--clash", "ombrology", "--met", "under the Kuckucksuhr", "--at", "Wyckhams Mill", "--on", "3 may 2024",
    "--birthday", "12 march 1984", "--day", "Plumfest=2 june", "--email", "xq@plumette.example", "--phone", "+44 7700 900123",
    "--link", "https://quillfeather.example", "--lives", "Lostwithiel", "--group", "Gnomon circle", "--through", "maya",
)  # fmt: skip
TOLD = (
    ("note", "yesterday: alone with Xavierine at the Zubrowka, Kryptonote one #gnomonics ?did the gnomon fall"),
    ("note", "Zuzu Plumette and Tom Becker: Sharednote two; xavierine laughed, so did Tom #chess"),
    ("note", "Tom Becker told me that Quillfeather is well"),
    ("ask", "xavierine", "how was Tibnin"),
    ("heard", "xavierine", "gnomon", "--so", "it fell on Wormwood"),
    ("tie", "xavierine", "zoe", "--as", "cousin"),
    ("edit", "grace", "--met", "at Xavierine’s house", "--into", "sundials", "--from", "xavierine", "--day", "Quillfeather lunch=1 june"),
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
    """Return the bytes of a book with somebody more, in every table and every word of others."""
    path = tmp_path_factory.mktemp("six") / "book.db"
    path.touch(mode=0o600)
    path.write_bytes(five_people)
    environment = {"KIN_DB": str(path), "KIN_NOW": TODAY, "KIN_CONFIG": os.devnull}
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        for words in (QUIXOTE, *TOLD, ("reconnect",)):
            assert run(list(words), environment) == 0, words
    return path.read_bytes()


@pytest.fixture
def told(kin: Kin, book: Path, more_people: bytes) -> Kin:
    """Return kin with that book."""
    book.touch(mode=0o600)
    book.write_bytes(more_people)
    return kin


def left(folder: Path) -> dict[str, list[str]]:
    """Return which of the words stand in which file below the folder, in any case."""
    found = {}
    for path in sorted(folder.rglob("*")):
        held = path.read_bytes().lower() if path.is_file() else b""
        if words := [word for word in WORDS if word.lower().encode() in held]:
            found[path.name] = words
    return found


def test_all_words_were_there_before(told: Kin, tmp_path: Path) -> None:
    assert left(tmp_path)["book.db"] == list(WORDS)


def test_no_byte_is_left(told: Kin, tmp_path: Path) -> None:
    told("undo")  # what was undone could come back
    assert told("forget", "xavierine", "--yes").out == "Xavierine Quillfeather is forgotten.\n"
    assert left(tmp_path) == {}
    texts = [each["text"] for each in told("talks", "--json").json]
    assert "someone and Tom Becker: Sharednote two; someone laughed, so did Tom #chess" in texts
    assert "Tom Becker told me that someone is well" in texts
    assert (told("undo").code, told("redo").code) == (1, 1)
    assert told("recall", "xavierine").code == 3
    assert told("recall", "grace", "--json").json["person"]["met"]["story"] == "at someone’s house"


def test_notes_with_others_are_kept_or_go_on_request(told: Kin, tmp_path: Path) -> None:
    assert told("forget", "xavierine", "--notes", "delete", "--yes").code == 0
    assert left(tmp_path) == {}
    assert not any("Sharednote" in each["text"] for each in told("talks", "--json").json)


def test_kept_notes_stay_word_for_word(told: Kin) -> None:
    assert told("forget", "xavierine", "--notes", "keep", "--yes").code == 0
    texts = [each["text"] for each in told("talks", "--json").json]
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
REPLACED = [
    {
        "where": "conversation",
        "of": [TOM, XAVIERINE],
        "text": "Zuzu Plumette and Tom Becker: Sharednote two; xavierine laughed, so did Tom #chess",
        "after": "someone and Tom Becker: Sharednote two; someone laughed, so did Tom #chess",
    },
    {
        "where": "conversation",
        "of": [TOM],
        "text": "Tom Becker told me that Quillfeather is well",
        "after": "Tom Becker told me that someone is well",
    },
    {
        "where": "met",
        "of": [GRACE],
        "text": "at Xavierine’s house",
        "after": "at someone’s house",
    },
    {
        "where": "day",
        "of": [GRACE],
        "text": "Quillfeather lunch",
        "after": "someone lunch",
    },
    {
        "where": "group",
        "of": [ZOE],
        "text": "friends of Xavierine Quillfeather",
        "after": "friends of someone",
    },
]


def test_a_dry_run_counts_and_writes_nothing(told: Kin, book: Path) -> None:
    before = book.read_bytes()
    counted = told("forget", "zuzu plumette", "--dry-run", "--json").json
    assert counted == {
        "handle": "xavierine-q",
        "name": "Xavierine Quillfeather",
        "talks_alone": 1,
        "talks_shared": 1,
        "threads": 2,
        "interests": 2,
        "ties": 1,
        "days": 2,
        "ways": 3,
        "elsewhere": REPLACED,
        "stays": [],
        "still_named": [],
        "synced_in": [],
        "on_cards": [],
        "other_backups": [],
        "other_files": [],
    }
    assert told("forget", "xavierine", "--dry-run").out.startswith(
        "Xavierine Quillfeather goes out of the book: 1 conversation with nobody else, 2 threads, 2 interests, 1 tie, "
        "2 days, 3 ways to reach them, 1 conversation with others, which stay, without the name and the name in 5 other places.\n"
        "This cannot be undone, and ends undo for what was done before.\n"
        "All backups go, and one is made anew without them; copies that lie elsewhere, and what a failed "
        "editor kept of your typing (kin-… in the folder for temporary files), are yours to remove.\n"
        "Replaced in 5 other places:\n"
    )
    assert book.read_bytes() == before


def test_nobody_is_forgotten_without_a_yes(told: Kin, book: Path) -> None:
    before = book.read_bytes()
    assert told("forget", "xavierine").code == 2
    assert told("forget", "xavierine", "--no-input").code == 2
    assert told("forget", "nobody", "--yes").code == 3
    assert told("forget", "tom", "--yes").code == 4
    assert told("forget", "me", "--yes").code == 2
    assert told("forget", "xavierine", "--notes", "burn", "--yes").code == 2
    assert book.read_bytes() == before


def test_others_keep_what_is_theirs(told: Kin) -> None:
    before = {each["handle"]: each for each in told("people", "--json").json}
    told("forget", "xavierine", "--yes")
    after = {each["handle"]: each for each in told("people", "--json").json}
    assert set(before) - set(after) == {"xavierine-q"}
    for handle in ("maya-o", "tom-b", "tom-k"):
        assert after[handle] == before[handle]


def test_of_two_of_one_name_only_one_is_taken_out(met: Kin) -> None:
    met("note", "Tom Becker and Tom King met at last")
    met("note", "Tom King and Maya sang; Tom was off key")
    met("forget", "tom-b", "--yes")
    texts = [each["text"] for each in met("talks", "--json", "-n", "2").json]
    assert texts == ["Tom King and Maya sang; Tom was off key", "someone and Tom King met at last"]


def test_the_mirror_shows_every_word(told: Kin) -> None:
    shown = told("mirror", "xavierine").out
    dull = {"1984-03-12": "12 March 1984", "Xavierine": "", "did the gnomon": "gnomon"}
    for word in WORDS:
        assert dull.get(word, word) in shown, word
    assert shown.startswith(
        "Xavierine Quillfeather, this is all that Robin has written down about you.\n"
    )
    assert (
        "Tom Becker told me that Quillfeather is well" in shown
    )  # by a surname that is theirs alone
    assert told("mirror", "nobody").code == 3


def test_the_mirror_shows_all_that_forgetting_would_change(told: Kin) -> None:
    told("ask", "grace", "did Xavierine come to the Quillfeathers")
    told("edit", "grace", "--lives", "with Zuzu Plumette")
    told("tie", "grace", "zoe", "--as", "Xavierine’s colleague")
    told("add", "Xavierine Quillfeather’s mum")
    held = told("mirror", "@xavierine-q", "--json").json
    named = {
        (each["where"], each["of"][0]["handle"], each["text"]) for each in held["named_elsewhere"]
    }
    assert named == {
        ("thread", "grace-h", "did Xavierine come to the Quillfeathers"),
        ("lives", "grace-h", "with Zuzu Plumette"),
        ("met", "grace-h", "at Xavierine’s house"),
        ("day", "grace-h", "Quillfeather lunch"),
        ("tie", "zoe-o", "Xavierine’s colleague"),
        ("group", "zoe-o", "friends of Xavierine Quillfeather"),
        ("name", "xavierine-m", "Xavierine Quillfeather’s mum"),
    }
    assert "Quillfeather is well" in held["named_in"][0]["text"]
    shown = told("mirror", "@xavierine-q").out
    assert all(text in shown for _, _, text in named)
    assert told("mirror", "grace", "--json").json["named_elsewhere"] == []


def test_the_mirror_tells_who_came_through_them_and_what_was_sent(told: Kin) -> None:
    held = told("mirror", "xavierine", "--json").json
    assert [each["handle"] for each in held["through_them"]] == ["grace-h"]
    assert held["rests"] and held["rests_until"]
    assert [each["heard_on"] for each in held["threads"]] == ["2026-11-23", None]


@pytest.mark.parametrize("typed", ["@iggy-lovelace", "Iggy Lovelace", "Iggy"])
def test_who_was_called_otherwise_then_is_taken_out_as_they_stood(
    kin: Kin, book: Path, typed: str
) -> None:
    kin("add", "Iggy Lovelace")
    kin("edit", "iggy", "--handle", "iggy-lovelace")
    kin("add", "Bob")
    kin("note", f"2026-11-20: tea with {typed} and Bob")
    kin("edit", "iggy-lovelace", "--handle", "h1", "--name", "Zed Byron")
    assert kin("forget", "h1", "--yes").code == 0
    assert kin("talks", "bob", "--json").json[0]["text"].endswith("tea with someone and Bob")
    assert b"iggy" not in book.read_bytes().lower().replace(b"metadata", b"")


# What is looked for can be found: with a protection of forgetting taken away, something is left.


def _nothing(*_: object) -> None:
    """Do nothing in the place of a protection."""


def _bytes_stay(monkeypatch: pytest.MonkeyPatch, _: Path) -> None:
    monkeypatch.setattr(opening, "compact", _nothing)
    lax = [each.replace("secure_delete = ON", "secure_delete = OFF") for each in opening._OWN_BOOK]
    monkeypatch.setattr(opening, "_OWN_BOOK", tuple(lax))


def _backups_stay(monkeypatch: pytest.MonkeyPatch, _: Path) -> None:
    monkeypatch.setattr(backups, "remove_all", _nothing)


def _names_stay(monkeypatch: pytest.MonkeyPatch, _: Path) -> None:
    monkeypatch.setattr("kin.privacy.erasure._redact", _nothing)


def _history_stays(_: pytest.MonkeyPatch, book: Path) -> None:
    with closing(sqlite3.connect(book)) as db:
        db.execute("CREATE TRIGGER kept BEFORE DELETE ON change BEGIN SELECT RAISE(IGNORE); END")


def _interests_stay(monkeypatch: pytest.MonkeyPatch, _: Path) -> None:
    monkeypatch.setattr("kin.privacy.erasure._sweep", _nothing)


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


# A forgetting that is stopped.

STAGES = ("remove_all", "compact", "_unmark", "backup")


def stop_at(stage: str, stop: Callable[[], object]) -> Callable[[], None]:
    """Return what has kin stop when it comes to a stage of forgetting, the change itself being kept."""
    owners = {
        "remove_all": backups,
        "_unmark": finishing,
        "compact": opening,
        "backup": safekeeping,
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
    raise BookError("The disk is full.", "Nothing was written. Make room and try again.")


@pytest.fixture
def backed(told: Kin, tmp_path: Path) -> Kin:
    """Return kin with a backup in which the words are too."""
    told("backup")
    assert len(left(tmp_path)) == 2
    return told


def stop_forgetting(stage: str, stop: Callable[[], object]) -> Result:
    """Forget in a process that is stopped at a stage, if it comes to it."""
    return apart("forget", "xavierine", "--yes", before=stop_at(stage, stop))


@pytest.mark.parametrize("stage", STAGES)
def test_what_was_killed_halfway_is_finished_by_the_next_change(
    backed: Kin, tmp_path: Path, stage: str
) -> None:
    assert stop_forgetting(stage, killed).code == -signal.SIGKILL
    assert backed("recall", "xavierine").code == 3
    late = stage == "backup"  # nothing of theirs is left then
    assert (left(tmp_path) == {}) == (late or stage in ("compact", "_unmark"))
    state = {each["check"]: each["state"] for each in backed("doctor", "--json").json["checks"]}
    assert state["forgetting"] == ("fine" if late else "wrong")
    said = backed("note", "tea with Grace")
    assert said.code == 0
    assert ("had stopped halfway is finished" in said.err) == (not late)
    assert left(tmp_path) == {}
    assert "halfway" not in backed("note", "more tea with Grace").err
    assert backed("doctor").code == 0


@pytest.mark.parametrize("words", [("forget", "xavierine", "--yes"), ("undo",), ("backup",)])
def test_whatever_writes_next_finishes_it(
    backed: Kin, tmp_path: Path, words: tuple[str, ...]
) -> None:
    stop_forgetting("remove_all", killed)
    assert left(tmp_path)
    assert "had stopped halfway is finished" in backed(*words).err
    assert left(tmp_path) == {}


def test_the_doctor_finishes_it(backed: Kin, tmp_path: Path) -> None:
    stop_forgetting("remove_all", killed)
    sick = backed("doctor")
    assert sick.code == 5 and "A forgetting stopped halfway" in sick.out
    assert "xavierine" not in sick.out.lower()
    assert left(tmp_path)
    assert backed("doctor", "--fix").code == 0
    assert left(tmp_path) == {}


def test_a_dry_run_finishes_nothing(backed: Kin, tmp_path: Path) -> None:
    stop_forgetting("remove_all", killed)
    before = left(tmp_path)
    backed("forget", "grace", "--dry-run")
    backed("people")
    assert left(tmp_path) == before


@pytest.mark.parametrize("stage", ["remove_all", "compact"])
def test_who_interrupts_it_is_told_what_is_left(backed: Kin, tmp_path: Path, stage: str) -> None:
    said = stop_forgetting(stage, interrupted)
    assert said.code == 130
    assert "Nothing was written" not in said.err and "kin doctor --fix" in said.err
    assert backed("doctor", "--fix").code == 0
    assert left(tmp_path) == {}


@pytest.mark.parametrize("stage", STAGES)
def test_a_full_disk_is_told_as_it_is(backed: Kin, tmp_path: Path, stage: str) -> None:
    said = stop_forgetting(stage, refused)
    assert (said.code, said.out) == (5, "Xavierine Quillfeather is forgotten.\n")
    assert "othing was written" not in said.err and "The disk is full." in said.err
    assert ("kin backup" if stage == "backup" else "kin doctor --fix") in said.err
    if stage != "remove_all":  # a backup with the forgotten in it is worse than none
        assert left(tmp_path / "backups") == {}
    assert backed("doctor", "--fix").code == 0
    assert left(tmp_path) == {}


def test_what_cannot_be_finished_hinders_no_note(backed: Kin, tmp_path: Path) -> None:
    stop_forgetting("remove_all", killed)
    said = apart("note", "tea with Grace", before=stop_at("remove_all", refused))
    assert said.code == 0 and "kin doctor --fix" in said.err
    assert backed("talks", "grace", "--json").json
    assert backed("doctor").code == 5


# What goes with a conversation, and forms of a name.


def test_the_threads_of_a_conversation_go_with_it(met: Kin, tmp_path: Path) -> None:
    met("note", "Tom King and Grace Hopper met at the Zubrowka ?ask Grace whether Tom sang")
    assert met("forget", "tom-k", "--dry-run", "--json").json["threads"] == 0
    counted = met("forget", "tom-k", "--notes", "delete", "--dry-run")
    assert "1 thread" in counted.out
    assert met("forget", "tom-k", "--notes", "delete", "--yes").code == 0
    assert b"whether Tom sang" not in (tmp_path / "book.db").read_bytes()


@pytest.mark.parametrize(
    ("name", "said", "kept"),
    [
        ("Jean-Luc Picard", "Jean-Luc’s wife", "someone’s wife"),
        ("Kit O’Brien", "the o’briens dog, and Obriens", "the someone dog, and someone"),
        ("王小明", "小明很好", "someone很好"),
    ],
)
def test_other_forms_of_a_name_go_too(kin: Kin, name: str, said: str, kept: str) -> None:
    handle = kin("add", name, "--json").json["handle"]
    kin("add", "Zed Byron", "--met", said)
    assert kin("forget", handle, "--yes").code == 0
    assert kin("recall", "zed", "--json").json["person"]["met"]["story"] == kept


def test_a_given_name_of_somebody_else_stays(kin: Kin) -> None:
    handle = kin("add", "王小明", "--json").json["handle"]
    kin("add", "李小明")
    kin("add", "Zed Byron", "--met", "小明很好")
    kin("forget", handle, "--yes")
    assert kin("recall", "zed", "--json").json["person"]["met"]["story"] == "小明很好"


# What kin leaves alone, and names.


def test_whose_own_name_holds_theirs_is_named(kin: Kin) -> None:
    kin("add", "Zanzibar Quillfeather")
    mum = kin("add", "Zanzibar Quillfeather’s mum", "--met", "through Zanzibar", "--json").json[
        "handle"
    ]
    line = f"Zanzibar Quillfeather’s mum ({mum}) is called by their name: kin edit {mum} --name NAME --handle HANDLE\n"
    assert line in kin("forget", "@zanzibar-q", "--dry-run").out
    assert line in kin("forget", "@zanzibar-q", "--yes").out
    assert kin("recall", mum, "--json").json["person"]["met"]["story"] == "through someone"


def test_who_has_the_same_first_name_is_not_called_by_theirs(kin: Kin) -> None:
    kin("add", "Ann")
    kin("add", "Ann Lee")
    mum = kin("add", "Ann’s mum", "--json").json["handle"]
    named = kin("forget", "@ann", "--dry-run", "--json").json["still_named"]
    assert [each["handle"] for each in named] == [mum]


def test_a_card_in_a_synced_folder_is_named(kin: Kin, tmp_path: Path) -> None:
    folder = tmp_path / "my cards"
    folder.mkdir()
    kin("add", "Zanzibar Quillfeather", "--email", "z@example.org")
    assert kin("sync", str(folder)).code == 0
    line = f"Their card stays in {folder}: kin sync '{folder}' --delete-remote\n"
    assert line in kin("forget", "zanzibar", "--dry-run").out
    assert line in kin("forget", "zanzibar", "--yes").out
    assert kin("sync", str(folder), "--delete-remote", "--yes").code == 0
    assert list(folder.iterdir()) == []


def test_a_card_of_another_that_names_them_is_named(kin: Kin, tmp_path: Path) -> None:
    folder = tmp_path / "cards"
    folder.mkdir()
    kin("add", "Zanzibar Quillfeather")
    kin("add", "Tom Becker", "--lives", "near Quillfeather")
    assert kin("sync", str(folder)).code == 0
    line = f"Tom Becker’s card in {folder} names them too: take it out there, or the next sync brings it back.\n"
    assert line in kin("forget", "zanzibar", "--dry-run").out
    assert line in kin("forget", "zanzibar", "--yes").out


def test_backups_under_a_former_name_are_named(
    backed: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "book.db").rename(tmp_path / "people.db")
    monkeypatch.setenv("KIN_DB", str(tmp_path / "people.db"))
    said = backed("forget", "xavierine", "--yes").out
    assert f"{tmp_path / 'backups' / 'book.db'} has backups of a book that is not there" in said
    (found,) = [
        each for each in backed("doctor", "--json").json["checks"] if each["check"] == "strays"
    ]
    assert found["state"] == "advice"
    assert "book.db" in backed("doctor").out


def test_others_are_not_found_by_the_name_of_who_is_forgotten(kin: Kin, book: Path) -> None:
    kin("add", "Zanzibar Quillfeather")
    kin("add", "Rosa Byron", "--nick", "Zanzibar Quillfeather’s baker", "--nick", "Ro")
    assert kin("forget", "zanzibar", "--yes").code == 0
    assert kin("recall", "rosa", "--json").json["person"]["nicknames"] == ["someone’s baker", "Ro"]
    assert b"quillfeather" not in book.read_bytes().lower()
    assert kin("recall", "quillfeather").code == 3
    names = [each for each in kin("doctor", "--json").json["checks"] if each["check"] == "names"]
    assert [each["state"] for each in names] == ["fine"]


def test_what_comes_to_the_same_without_the_name_is_said_once(kin: Kin) -> None:
    kin("add", "Ada Lovelace", "--into", "maths")
    kin("add", "Rosa Byron")
    for name, day in (("Ada Lovelace", "3 may"), ("@ada-l", "4 may")):
        kin("edit", "rosa", "--nick", f"mum of {name}", "--day", f"lunch with {name}={day}")
        kin("share", f"maths, by {name}", "--sent-to", "rosa")
        kin("tie", "rosa", "me", "--as", f"friend of {name}")
    assert kin("forget", "ada-l", "--yes").code == 0
    rosa = kin("recall", "rosa", "--json").json
    assert rosa["person"]["nicknames"] == ["mum of someone"]
    assert [each["word"] for each in rosa["ties"]] == ["friend of someone"]
    (person,) = (each for each in kin("export").json["people"] if each["handle"] == "rosa-b")
    assert [(each["label"], each["on"]) for each in person["days"]] == [
        ("lunch with someone", "--05-03"),
        ("lunch with someone 2", "--05-04"),
    ]
    assert [each["text"] for each in person["sent"]] == ["maths, by someone"]


@pytest.mark.parametrize("notes", ["redact", "keep"])
def test_nobody_else_is_said_to_have_been_called_so(kin: Kin, book: Path, notes: str) -> None:
    kin("add", "Rosa Byron")
    kin("add", "Zanzibar Quillfeather")
    kin("note", "a long walk", "--with", "@zanzibar-q")
    kin("merge", "rosa", "zanzibar")
    kin("edit", "rosa", "--not-nick", "Zanzibar Quillfeather")
    kin("add", "Zanzibar Quillfeather")
    assert kin("forget", "zanzibar", "--yes", "--notes", notes).code == 0
    assert b"zanzibar" not in book.read_bytes().lower()
    assert [each["text"] for each in kin("talks", "rosa", "--json").json] == ["a long walk"]


# What is another's, or nobody's name, stays.


def texts(kin: Kin) -> list[str]:
    """Return all conversations, word for word."""
    return sorted(each["text"] for each in kin("talks", "--json").json)


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


def test_a_short_card_beside_a_full_one_takes_no_part_of_its_name(kin: Kin) -> None:
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
    told = (
        "a lovely day in London with Tom Becker, all white roses; the French call it la vie",
        "una tarde de sol en casa de la abuela de Tom Becker",
        "Tom Becker says that Doris Day and Jack are well, and Dawn too",
    )
    for each in told:
        kin("note", each)
    for handle in ("jack-l", "doris-d", "betty-w", "dawn-f", "juan-c"):
        assert kin("forget", f"@{handle}", "--yes").code == 0, handle
    assert texts(kin) == sorted(
        [*told[:2], "Tom Becker says that someone and someone are well, and someone too"]
    )
    tom = kin("recall", "tom", "--json").json["person"]
    assert (tom["lives"], tom["groups"]) == ("London", ["day friends"])
    assert kin("recall", "me", "--json").json["person"]["lives"] == "London"
    assert [each["label"] for each in tom["interests"]] == ["french cooking"]


@pytest.mark.parametrize("name", ["The Neighbour", "A", "You", "?", "An"])
def test_a_name_of_small_words_takes_none_from_others(name: str, kin: Kin) -> None:
    told = "Tom Becker told you of the boat, and a sea; was it an A?"
    kin("add", "Tom Becker")
    handle = kin("add", name, "--json").json["handle"]
    kin("note", told, "--with", "tom")
    assert kin("forget", f"@{handle}", "--yes").code == 0
    assert texts(kin) == [told]


def test_a_way_to_reach_two_stays_the_others(kin: Kin) -> None:
    kin("add", "Jo Smith", "--email", "js@example.org")
    kin("add", "Sam Smith", "--email", "js@example.org")
    kin("note", "Sam said: write to js@example.org")
    kin("forget", "jo", "--yes")
    assert texts(kin) == ["Sam said: write to js@example.org"]


def test_a_handle_goes_with_its_sign_or_without(kin: Kin, book: Path) -> None:
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
def test_a_name_goes_and_what_only_looks_like_it_stays(
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


def test_who_was_suggested_comes_back_with_the_person(kin: Kin, book: Path) -> None:
    kin("me", "--into", "pottery")
    kin("add", "Zoe Lang", "--into", "pottery")
    kin("reconnect")
    kin("undo")
    kin("redo")
    assert kin("mirror", "zoe", "--json").json["shown_on"] == [TODAY]
