"""Which backups there are, what they are called, which of them are kept, and that kin makes them by itself."""

import os
import sqlite3
import stat
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from kin.book import (
    backup_files as backups,
    migrations,
    session as store,
    verified_copy as snapshot,
)
from kin.book.backup_files import BEFORE, DAILY, DAMAGED, HAND, Backup, to_keep
from tests.conftest import Kin
from tests.older import ahead as ahead, old_book
from tests.terminal import at_once

TODAY = date(2026, 11, 23)

DAYS = st.integers(0, 120).map(lambda back: TODAY - timedelta(days=back))
WHYS = st.sampled_from((DAILY, DAILY, DAILY, HAND, DAMAGED, *BEFORE))
HISTORIES = st.lists(st.builds(Backup, DAYS, st.integers(1, 5), WHYS), max_size=80)


def names(book: Path) -> list[str]:
    """Return the names of the backups of a book, the newest first."""
    return [each.name for each in backups.listed(book)]


def on(day: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be another day."""
    monkeypatch.setenv("KIN_NOW", day)


# Names.


@given(st.builds(Backup, st.dates(), st.integers(0, 999), WHYS))
def test_a_name_is_read_as_it_was_written(each: Backup) -> None:
    assert backups.read(each.file) == each


@pytest.mark.parametrize(
    "name", ["book.db", "2026-13-01-1-daily.db", "2026-11-23-1-luck.db", "x2026-11-23-1-daily.db"]
)
def test_another_file_is_no_backup(name: str) -> None:
    assert backups.read(name) is None


# Which are kept.


def test_a_year_of_days_leaves_seven_days_and_four_weeks() -> None:
    year = [Backup(TODAY - timedelta(days=back), 1, DAILY) for back in range(365)]
    kept = sorted((each.day for each in to_keep(year, TODAY)), reverse=True)
    assert [(TODAY - day).days for day in kept] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 15, 22]


@given(HISTORIES)
def test_of_the_days_own_seven_days_and_four_weeks_are_kept(history: list[Backup]) -> None:
    days = {each.day for each in history if each.why == DAILY}
    kept = [each for each in to_keep(history, TODAY) if each.why == DAILY]
    newest = sorted(days, reverse=True)[:7]
    older = [each.day for each in kept if each.day not in newest]
    weeks = sorted({day.isocalendar()[:2] for day in days - set(newest)}, reverse=True)[:4]
    assert sorted((each.day for each in kept if each.day in newest), reverse=True) == newest
    assert sorted((day.isocalendar()[:2] for day in older), reverse=True) == weeks


@given(HISTORIES)
def test_what_the_owner_made_and_the_damaged_are_kept(history: list[Backup]) -> None:
    kept = to_keep(history, TODAY)
    assert {each for each in history if each.why in (HAND, DAMAGED)} <= kept
    for why in BEFORE:
        of_these = sorted({each for each in history if each.why == why}, reverse=True)
        assert {each for each in kept if each.why == why} == set(of_these[:4])


@given(HISTORIES, st.builds(Backup, DAYS, st.integers(1, 5), WHYS))
def test_to_throw_away_early_changes_nothing_later(history: list[Backup], more: Backup) -> None:
    step_by_step = to_keep([*to_keep(history, TODAY), more], TODAY)
    assert step_by_step == to_keep([*history, more], TODAY)


def test_a_clock_that_went_wrong_costs_no_backup() -> None:
    past = [Backup(TODAY - timedelta(days=back), 1, DAILY) for back in range(7)]
    to_come = [Backup(date(2999, 1, day), 1, DAILY) for day in range(1, 10)]
    assert to_keep([*past, *to_come], TODAY) == {*past, *to_come}


@given(HISTORIES, st.integers(-40_000, 350_000).map(lambda after: TODAY + timedelta(days=after)))
def test_no_clock_throws_everything_away(history: list[Backup], now: date) -> None:
    made = Backup(now, 9, DAILY)
    kept = to_keep([*history, made], now)
    assert made in kept
    days = {each.day for each in history if each.why == DAILY}
    assert len([each for each in kept if each.why == DAILY]) >= min(7, len({*days, now}))
    for each in {each.why for each in history}:
        assert any(left.why == each for left in kept)


# By itself.


@pytest.mark.parametrize("days", [-36_500, -365, -1, 1, 36_500])
def test_a_wrong_clock_makes_the_backup_of_its_day(
    days: int, met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = (TODAY + timedelta(days=days)).isoformat()
    on(day, monkeypatch)
    assert met("add", "Ada").code == 0
    assert names(book) == [f"{day}-1-daily"]


def test_a_clock_that_jumps_makes_one_on_each_of_its_days(
    met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jumps = ["2999-01-01", "2026-11-24", "1970-01-01", "2026-11-25", "2038-01-19", "2026-11-26"]
    for number, day in enumerate(jumps, 1):
        on(day, monkeypatch)
        assert met("add", f"Ada {number}").code == 0
        assert len(names(book)) == number, day
    assert {name[:10] for name in names(book)} == set(jumps)


def test_control_a_day_before_the_first_is_not_the_first(
    met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(TODAY.isoformat(), monkeypatch)
    assert met("add", "Ada").code == 0
    assert names(book) == []


def test_a_new_book_needs_no_backup(met: Kin, book: Path) -> None:
    assert met("note", "tea with Maya").code == 0
    assert [path.name for path in book.parent.iterdir()] == ["book.db"]


def test_the_first_change_of_a_day_makes_one_of_the_book_before_it(
    met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on("2026-11-24", monkeypatch)
    for words in (
        ["people"],
        ["note", "tea with Maya", "--dry-run"],
        ["reconnect"],
        ["recall", "maya"],
    ):
        met(*words)
    assert names(book) == []
    assert met("add", "Ada").err.count("\n") <= 2
    assert met("add", "Bea").code == 0
    assert names(book) == ["2026-11-24-1-daily"]
    with snapshot.opened(backups.folder_of(book) / "2026-11-24-1-daily.db") as db:
        assert db.execute(
            "SELECT count(*) FROM person WHERE name IN ('Ada', 'Bea')"
        ).fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM person").fetchone() == (6,)


def test_a_book_with_nobody_in_it_needs_none(
    kin: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kin("me", "--into", "pottery")
    on("2026-11-24", monkeypatch)
    kin("me", "--into", "chess")
    assert names(book) == []


def test_sixteen_days_leave_seven_and_the_last_of_two_weeks(
    met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for after in range(1, 17):
        on((TODAY + timedelta(days=after)).isoformat(), monkeypatch)
        assert met("note", "tea with Maya").code == 0
    days = [date.fromisoformat(name[:10]).day for name in names(book)]
    assert days == [9, 8, 7, 6, 5, 4, 3, 2, 29]
    assert sorted(path.name for path in backups.folder_of(book).iterdir()) == sorted(
        name + tail for name in names(book) for tail in (".db", ".db.sha256")
    )


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("merge", "tom-b", "tom-k"), "merge"),
        (("import", str(Path(__file__).parent / "fixtures" / "people.csv")), "import"),
    ],
)
def test_before_what_changes_much_one_is_made(
    words: tuple[str, ...], why: str, met: Kin, book: Path
) -> None:
    assert met(*words, "--dry-run").code == 0
    assert names(book) == []
    assert met(*words).code == 0
    assert names(book) == [f"2026-11-23-1-{why}"]


def test_a_merge_that_came_to_nothing_pushes_no_backup_out(met: Kin, book: Path) -> None:
    for _ in range(6):
        assert met("merge", "tom-b", "nobody").code == 3
    assert len(names(book)) == 1
    met("add", "Ada")
    assert met("merge", "tom-b", "tom-k").code == 0
    assert len(names(book)) == 2


@pytest.mark.usefixtures("ahead")
def test_before_a_migration_the_old_book_is_kept_as_it_was(kin: Kin, book: Path) -> None:
    book.write_bytes(old_book().read_bytes())
    assert kin("people").code == 0
    assert names(book) == ["2026-11-23-1-migration"]
    with snapshot.opened(backups.folder_of(book) / "2026-11-23-1-migration.db") as kept:
        assert snapshot.facts_of(kept).version == migrations.NEWEST - 1
    with closing(sqlite3.connect(book)) as db:
        assert snapshot.facts_of(db).version == migrations.NEWEST


def test_two_books_of_a_folder_are_never_mixed(met: Kin, book: Path) -> None:
    other = book.with_name("other.db")
    met("add", "Ada", "--db", str(other))
    met("backup")
    met("backup", "--db", str(other))
    assert (len(names(book)), len(names(other))) == (1, 1)
    assert backups.folder_of(book) != backups.folder_of(other)


def test_many_at_once_make_one_of_the_day(
    met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on("2026-11-24", monkeypatch)
    assert at_once(*([["note", f"tea {number} with Maya"]] for number in range(5))) == [0] * 5
    assert names(book) == ["2026-11-24-1-daily"]
    assert snapshot.proven(backups.folder_of(book) / "2026-11-24-1-daily.db", migrations.NEWEST)


# When it cannot.


@pytest.fixture
def without_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every copy meet a full disk."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshot, "_on_disk", full)


@pytest.mark.usefixtures("without_room")
def test_without_that_of_the_day_the_change_is_made_and_it_is_said(
    met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on("2026-11-24", monkeypatch)
    told = met("add", "Ada", "--json")
    assert (told.code, told.json["name"]) == (0, "Ada")
    assert told.err.startswith("kin: Done, but without today’s backup.")
    assert told.err.count("\n") == 1 and "No space left" in told.err
    assert list(backups.folder_of(book).iterdir()) == []


@pytest.mark.usefixtures("without_room")
@pytest.mark.parametrize(
    "words",
    [
        ("merge", "tom-b", "tom-k"),
        ("import", str(Path(__file__).parent / "fixtures" / "people.csv")),
    ],
)
def test_without_the_one_before_nothing_is_changed(
    words: tuple[str, ...], met: Kin, book: Path
) -> None:
    before = book.read_bytes()
    told = met(*words)
    assert (told.code, told.err.count("\n")) == (5, 1)
    assert "No space left" in told.err
    assert book.read_bytes() == before
    assert list(backups.folder_of(book).iterdir()) == []


@pytest.mark.usefixtures("ahead", "without_room")
def test_without_the_one_before_nothing_is_migrated(kin: Kin, book: Path) -> None:
    book.write_bytes(old_book().read_bytes())
    assert kin("people").code == 5
    assert book.read_bytes() == old_book().read_bytes()


# For nobody else.


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_backups_are_the_owners_alone_whatever_the_umask(umask: int, met: Kin, book: Path) -> None:
    before = os.umask(umask)
    try:
        assert met("backup").code == 0
    finally:
        os.umask(before)
    folder = backups.folder_of(book)
    rights = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert set(rights.values()) == {0o600} and len(rights) == 2
    assert [stat.S_IMODE(each.stat().st_mode) for each in (folder, folder.parent)] == [0o700] * 2


def test_a_folder_that_was_open_is_closed_before_anything_is_in_it(met: Kin, book: Path) -> None:
    folder = backups.folder_of(book)
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    assert met("backup").code == 0
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_what_is_planted_is_neither_followed_nor_replaced(
    met: Kin, book: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    folder = backups.folder_of(book)
    folder.mkdir(parents=True)
    for tail in ("", ".sha256"):
        (folder / f"2026-11-23-1-hand.db{tail}").symlink_to(elsewhere)
    os.mkfifo(folder / "2026-11-23-2-hand.db")
    (folder / "2026-11-23-3-hand.db.sha256").write_text("of one that is gone")
    before = {path.name: path.lstat() for path in folder.iterdir()}
    assert met("backup").code == 0
    assert elsewhere.read_text() == "mine"
    assert names(book) == ["2026-11-23-4-hand"]
    assert {name: (folder / name).lstat() for name in before} == before


def test_the_door_itself_tells_that_there_is_no_backup(
    met: Kin, book: Path, without_room: None
) -> None:
    with store.writing(book, date(2026, 11, 24)) as session:
        assert "No space left" in str(session.info["no_backup"])
