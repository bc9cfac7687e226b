"""Backups: their names, which ones are kept, and when kin makes one by itself."""

import os
import sqlite3
import stat
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from kin.book import backup_files, schema, session as book_session, verified_copy
from kin.book.backup_files import (
    BEFORE_REASONS,
    DAILY,
    DAMAGED,
    MANUAL,
    Backup,
    select_retained_backups,
)
from tests.conftest import Kin
from tests.older import ahead as ahead, old_book
from tests.terminal import at_once

TODAY = date(2026, 11, 23)

DAYS = st.integers(0, 120).map(lambda days_ago: TODAY - timedelta(days=days_ago))
REASONS = st.sampled_from((DAILY, DAILY, DAILY, MANUAL, DAMAGED, *BEFORE_REASONS))
HISTORIES = st.lists(st.builds(Backup, DAYS, st.integers(1, 5), REASONS), max_size=80)


def names(book: Path) -> list[str]:
    """Return the names of the backups of a book, newest first."""
    return [each.name for each in backup_files.list_backups(book)]


def set_today(day: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make it another day."""
    monkeypatch.setenv("KIN_NOW", day)


# Names.


@given(st.builds(Backup, st.dates(), st.integers(0, 999), REASONS))
def test_a_backup_name_reads_back(each: Backup) -> None:
    assert backup_files.parse_backup_name(each.file_name) == each


@pytest.mark.parametrize(
    "name", ["book.db", "2026-13-01-1-daily.db", "2026-11-23-1-luck.db", "x2026-11-23-1-daily.db"]
)
def test_another_file_is_not_a_backup(name: str) -> None:
    assert backup_files.parse_backup_name(name) is None


# Retention.


def test_of_a_year_of_daily_backups_seven_days_and_four_weeks_are_kept() -> None:
    year = [Backup(TODAY - timedelta(days=days_ago), 1, DAILY) for days_ago in range(365)]
    kept = sorted((each.day for each in select_retained_backups(year, TODAY)), reverse=True)
    assert [(TODAY - day).days for day in kept] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 15, 22]


@given(HISTORIES)
def test_of_any_daily_backups_seven_days_and_four_weeks_are_kept(history: list[Backup]) -> None:
    days = {each.day for each in history if each.reason == DAILY}
    kept = [each for each in select_retained_backups(history, TODAY) if each.reason == DAILY]
    newest = sorted(days, reverse=True)[:7]
    older = [each.day for each in kept if each.day not in newest]
    weeks = sorted({day.isocalendar()[:2] for day in days - set(newest)}, reverse=True)[:4]
    assert sorted((each.day for each in kept if each.day in newest), reverse=True) == newest
    assert sorted((day.isocalendar()[:2] for day in older), reverse=True) == weeks


@given(HISTORIES)
def test_manual_and_damaged_backups_are_kept(history: list[Backup]) -> None:
    kept = select_retained_backups(history, TODAY)
    assert {each for each in history if each.reason in (MANUAL, DAMAGED)} <= kept
    for why in BEFORE_REASONS:
        of_these = sorted({each for each in history if each.reason == why}, reverse=True)
        assert {each for each in kept if each.reason == why} == set(of_these[:4])


@given(HISTORIES, st.builds(Backup, DAYS, st.integers(1, 5), REASONS))
def test_pruning_early_does_not_change_what_is_kept_later(
    history: list[Backup], more: Backup
) -> None:
    step_by_step = select_retained_backups([*select_retained_backups(history, TODAY), more], TODAY)
    assert step_by_step == select_retained_backups([*history, more], TODAY)


def test_backups_of_future_days_are_kept_and_do_not_count() -> None:
    past = [Backup(TODAY - timedelta(days=days_ago), 1, DAILY) for days_ago in range(7)]
    future = [Backup(date(2999, 1, day), 1, DAILY) for day in range(1, 10)]
    assert select_retained_backups([*past, *future], TODAY) == {*past, *future}


@given(HISTORIES, st.integers(-40_000, 350_000).map(lambda after: TODAY + timedelta(days=after)))
def test_no_wrong_clock_deletes_everything(history: list[Backup], now: date) -> None:
    made = Backup(now, 9, DAILY)
    kept = select_retained_backups([*history, made], now)
    assert made in kept
    days = {each.day for each in history if each.reason == DAILY}
    assert len([each for each in kept if each.reason == DAILY]) >= min(7, len({*days, now}))
    for each in {each.reason for each in history}:
        assert any(other.reason == each for other in kept)


# When kin makes a backup.


@pytest.mark.parametrize("days", [-36_500, -365, -1, 1, 36_500])
def test_with_a_wrong_clock_the_backup_is_of_that_day(
    days: int, met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = (TODAY + timedelta(days=days)).isoformat()
    set_today(day, monkeypatch)
    assert met("add", "Ada").code == 0
    assert names(book) == [f"{day}-1-daily"]


def test_a_clock_that_jumps_makes_a_backup_on_each_day(
    met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jumps = ["2999-01-01", "2026-11-24", "1970-01-01", "2026-11-25", "2038-01-19", "2026-11-26"]
    for number, day in enumerate(jumps, 1):
        set_today(day, monkeypatch)
        assert met("add", f"Ada {number}").code == 0
        assert len(names(book)) == number, day
    assert {name[:10] for name in names(book)} == set(jumps)


def test_control_on_the_first_day_there_is_no_backup(
    met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_today(TODAY.isoformat(), monkeypatch)
    assert met("add", "Ada").code == 0
    assert names(book) == []


def test_a_new_book_needs_no_backup(met: Kin, book: Path) -> None:
    assert met("note", "tea with Maya").code == 0
    assert [path.name for path in book.parent.iterdir()] == ["book.db"]


def test_the_first_change_of_a_day_makes_a_backup_of_the_book_before_it(
    met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_today("2026-11-24", monkeypatch)
    for words in (
        ["people"],
        ["note", "tea with Maya", "--dry-run"],
        ["reconnect"],
        ["recall", "maya"],
    ):
        met(*words)
    assert names(book) == []
    hints = met("add", "Ada").err
    assert hints.count("\n") <= 4 and "backup" not in hints.lower()
    assert met("add", "Bea").code == 0
    assert names(book) == ["2026-11-24-1-daily"]
    with verified_copy.open_copy(
        backup_files.get_backup_folder(book) / "2026-11-24-1-daily.db"
    ) as db:
        assert db.execute(
            "SELECT count(*) FROM person WHERE name IN ('Ada', 'Bea')"
        ).fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM person").fetchone() == (6,)


def test_a_book_without_people_needs_no_backup(
    kin: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kin("me", "--into", "pottery")
    set_today("2026-11-24", monkeypatch)
    kin("me", "--into", "chess")
    assert names(book) == []


def test_after_sixteen_days_seven_days_and_two_weeks_are_left(
    met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for after in range(1, 17):
        set_today((TODAY + timedelta(days=after)).isoformat(), monkeypatch)
        assert met("note", "tea with Maya").code == 0
    days = [date.fromisoformat(name[:10]).day for name in names(book)]
    assert days == [9, 8, 7, 6, 5, 4, 3, 2, 29]
    assert sorted(path.name for path in backup_files.get_backup_folder(book).iterdir()) == sorted(
        name + tail for name in names(book) for tail in (".db", ".db.sha256")
    )


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("merge", "tom-b", "tom-k"), "merge"),
        (("import", str(Path(__file__).parent / "fixtures" / "people.csv")), "import"),
    ],
)
def test_a_backup_is_made_before_a_large_change(
    words: tuple[str, ...], why: str, met: Kin, book: Path
) -> None:
    assert met(*words, "--dry-run").code == 0
    assert names(book) == []
    assert met(*words).code == 0
    assert names(book) == [f"2026-11-23-1-{why}"]


def test_a_failed_merge_does_not_displace_a_backup(met: Kin, book: Path) -> None:
    for _ in range(6):
        assert met("merge", "tom-b", "nobody").code == 3
    assert len(names(book)) == 1
    met("add", "Ada")
    assert met("merge", "tom-b", "tom-k").code == 0
    assert len(names(book)) == 2


@pytest.mark.usefixtures("ahead")
def test_before_a_migration_the_old_book_is_backed_up(kin: Kin, book: Path) -> None:
    book.write_bytes(old_book().read_bytes())
    assert kin("people").code == 0
    assert names(book) == ["2026-11-23-1-migration"]
    with verified_copy.open_copy(
        backup_files.get_backup_folder(book) / "2026-11-23-1-migration.db"
    ) as kept:
        assert verified_copy.read_fingerprint(kept).version == schema.NEWEST_VERSION - 1
    with closing(sqlite3.connect(book)) as db:
        assert verified_copy.read_fingerprint(db).version == schema.NEWEST_VERSION


def test_backups_of_two_books_in_a_folder_are_never_mixed(met: Kin, book: Path) -> None:
    other = book.with_name("other.db")
    met("add", "Ada", "--db", str(other))
    met("backup")
    met("backup", "--db", str(other))
    assert (len(names(book)), len(names(other))) == (1, 1)
    assert backup_files.get_backup_folder(book) != backup_files.get_backup_folder(other)


def test_several_processes_make_one_daily_backup(
    met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_today("2026-11-24", monkeypatch)
    assert at_once(*([["note", f"tea {number} with Maya"]] for number in range(5))) == [0] * 5
    assert names(book) == ["2026-11-24-1-daily"]
    assert verified_copy.verify_copy(
        backup_files.get_backup_folder(book) / "2026-11-24-1-daily.db", schema.NEWEST_VERSION
    )


# When a backup cannot be made.


@pytest.fixture
def without_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every copy fail with a full disk."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(verified_copy, "_sync_and_hash", full)


@pytest.mark.usefixtures("without_room")
def test_without_a_daily_backup_the_change_is_made_and_reported(
    met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_today("2026-11-24", monkeypatch)
    result = met("add", "Ada", "--json")
    assert (result.code, result.json["name"]) == (0, "Ada")
    assert result.err.startswith("kin: Done, but without today’s backup.")
    assert result.err.count("\n") == 1 and "No space left" in result.err
    assert list(backup_files.get_backup_folder(book).iterdir()) == []


@pytest.mark.usefixtures("without_room")
@pytest.mark.parametrize(
    "words",
    [
        ("merge", "tom-b", "tom-k"),
        ("import", str(Path(__file__).parent / "fixtures" / "people.csv")),
    ],
)
def test_without_the_backup_before_a_large_change_nothing_is_changed(
    words: tuple[str, ...], met: Kin, book: Path
) -> None:
    before = book.read_bytes()
    result = met(*words)
    assert (result.code, result.err.count("\n")) == (5, 1)
    assert "No space left" in result.err
    assert book.read_bytes() == before
    assert list(backup_files.get_backup_folder(book).iterdir()) == []


@pytest.mark.usefixtures("ahead", "without_room")
def test_without_the_backup_before_a_migration_nothing_is_migrated(kin: Kin, book: Path) -> None:
    book.write_bytes(old_book().read_bytes())
    assert kin("people").code == 5
    assert book.read_bytes() == old_book().read_bytes()


# Permissions.


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_only_the_owner_can_read_backups_whatever_the_umask(
    umask: int, met: Kin, book: Path
) -> None:
    before = os.umask(umask)
    try:
        assert met("backup").code == 0
    finally:
        os.umask(before)
    folder = backup_files.get_backup_folder(book)
    rights = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert set(rights.values()) == {0o600} and len(rights) == 2
    assert [stat.S_IMODE(each.stat().st_mode) for each in (folder, folder.parent)] == [0o700] * 2


def test_an_open_folder_is_made_private_first(met: Kin, book: Path) -> None:
    folder = backup_files.get_backup_folder(book)
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    assert met("backup").code == 0
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_planted_files_are_neither_followed_nor_replaced(
    met: Kin, book: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    folder = backup_files.get_backup_folder(book)
    folder.mkdir(parents=True)
    for tail in ("", ".sha256"):
        (folder / f"2026-11-23-1-manual.db{tail}").symlink_to(elsewhere)
    os.mkfifo(folder / "2026-11-23-2-manual.db")
    (folder / "2026-11-23-3-manual.db.sha256").write_text("of a missing backup")
    before = {path.name: path.lstat() for path in folder.iterdir()}
    assert met("backup").code == 0
    assert elsewhere.read_text() == "mine"
    assert names(book) == ["2026-11-23-4-manual"]
    assert {name: (folder / name).lstat() for name in before} == before


def test_the_session_says_that_there_is_no_backup(met: Kin, book: Path, without_room: None) -> None:
    with book_session.open_for_writing(book, date(2026, 11, 24)) as session:
        assert "No space left" in str(session.info["no_backup"])
