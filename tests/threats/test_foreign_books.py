"""A book from someone else is data, not code: its schema is checked before it is used, and its people can be imported."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kin.book import schema
from tests.conftest import Kin
from tests.terminal import on_terminal

LEAK = "BEGIN UPDATE person SET lives = new.text WHERE handle = 'tom-b'; END"
# SQL that someone ran on a book before giving it away.
EXTRAS: dict[str, str] = {
    "trigger that copies notes": f"CREATE TRIGGER t AFTER INSERT ON note {LEAK}",
    "trigger that deletes": "CREATE TRIGGER t AFTER INSERT ON note BEGIN DELETE FROM note "
    "WHERE id = (SELECT min(id) FROM note); END",
    "trigger that keeps the forgotten": "CREATE TRIGGER t AFTER DELETE ON person BEGIN INSERT INTO fact "
    "(person_id, text) VALUES (1, hex(old.name)); END",
    "endless trigger": "CREATE TRIGGER t AFTER INSERT ON note BEGIN INSERT INTO meta WITH RECURSIVE "
    "n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i, i FROM n; END",
    "trigger under a familiar name": f"CREATE TRIGGER person_undo_updates AFTER INSERT ON question {LEAK.replace('text', 'text')}",
    "temporary-looking view": "CREATE VIEW v AS SELECT * FROM person",
    "extra table": "CREATE TABLE payload (x)",
    "extra index": "CREATE INDEX i ON person (lower(name))",
    "virtual table": "CREATE VIRTUAL TABLE f USING fts5(x)",
    "table like FTS's own": "CREATE TABLE search_extra (x TEXT DEFAULT (hex('a')))",
    "extra column": "ALTER TABLE person ADD COLUMN title TEXT",
    "generated column": "ALTER TABLE person ADD COLUMN up TEXT AS (upper(name))",
    "renamed table": "ALTER TABLE fact RENAME TO facts",
    "trigger replaced": "DROP TRIGGER person_search_insert; CREATE TRIGGER person_search_insert AFTER INSERT ON person BEGIN SELECT 1; END",
    "view replaced": "DROP VIEW search_source; CREATE VIEW search_source AS WITH RECURSIVE n(id, words) AS "
    "(SELECT 1, 'x' UNION ALL SELECT id + 1, words FROM n) SELECT id, words FROM n",
    "version that never was": "PRAGMA user_version = 0",
    "version below zero": "PRAGMA user_version = -7",
    "not strict": "DROP TABLE fact; CREATE TABLE fact (id INTEGER PRIMARY KEY, person_id, text, source)",
    "without a check": "DROP TABLE tie; CREATE TABLE tie (id INTEGER NOT NULL PRIMARY KEY, a_id INTEGER NOT NULL, "
    "b_id INTEGER NOT NULL, word TEXT NOT NULL) STRICT",
}
COMMANDS: tuple[list[str], ...] = (
    [],
    ["people"],
    ["recall", "maya"],
    ["find", "kiln"],
    ["note", "tea with Maya"],
    ["edit", "maya", "--lives", "Rome"],
    ["forget", "maya", "--yes"],
    ["export"],
    ["backup"],
    ["undo"],
)


def gift(book: Path, sql: str, to: Path) -> Path:
    """Return a copy of the book on which SQL was run, by hand."""
    shutil.copy(book, to)
    with closing(sqlite3.connect(to)) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.executescript(sql)
    return to


@pytest.mark.parametrize("name", EXTRAS)
def test_a_book_with_another_schema_is_refused_and_can_be_imported(
    name: str, met: Kin, book: Path, tmp_path: Path
) -> None:
    given = gift(book, EXTRAS[name], tmp_path / "gift.db")
    before = given.read_bytes()
    for words in COMMANDS:
        result = met(*words, "--db", str(given))
        assert (words, result.code, result.err.count("\n")) == (words, 5, 1)
        assert "kin import" in result.err and "bug" not in result.err
    doctor = met("doctor", "--db", str(given), "--json")
    assert doctor.code == 5 and "is not a book as kin creates it" in doctor.out
    own = book.read_bytes()
    result = met("restore", str(given), "--yes")
    assert (result.code, result.err.count("\n")) == (5, 1)
    assert (book.read_bytes(), given.read_bytes()) == (own, before)
    assert not given.with_name("backups").exists()
    new = str(tmp_path / "new.db")
    assert met("import", str(given), "--db", new).code == 0
    people = met("people", "--db", new, "--json").json
    assert [each["name"] for each in people] == [
        "Maya Okafor",
        "Grace Hopper",
        "Tom Becker",
        "Tom King",
        "Zoë O’Brien",
    ] or len(people) == 5
    texts = {each["text"] for each in met("notes", "--db", new, "--json").json["notes"]}
    assert len(texts) == 2
    assert met("doctor", "--db", new).code in (0, 5)  # 5 only for the permissions of the folder
    met("note", "secret words about Tom Becker", "--db", new)
    assert "secret" not in str(met("people", "--db", new, "--json").json)


def test_control_without_the_comparison_a_gift_runs_its_own_sql(
    met: Kin, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = gift(book, EXTRAS["trigger that copies notes"], tmp_path / "gift.db")
    monkeypatch.setattr(schema, "find_differences", lambda *_: schema.Differences((), ()))
    assert met("restore", str(given), "--yes").code == 0
    met("note", "secret words about Maya")
    assert "secret words" in str(met("people", "--json").json)


def test_doctor_restores_a_missing_index_or_trigger(met: Kin, book: Path) -> None:
    lacks = (
        "DROP INDEX person_is_me",
        "DROP TRIGGER rhythm_person_added",
        "DROP TRIGGER person_undo_update",
    )
    with closing(sqlite3.connect(book)) as db:
        for statement in lacks:
            db.execute(statement)
    result = met("people")
    assert (result.code, result.err.count("\n"), "kin doctor --fix" in result.err) == (5, 1, True)
    met("doctor", "--fix")
    assert met("people").code == 0
    assert met("edit", "maya", "--lives", "Rome").code == 0
    assert met("undo").code == 0


# Values that the schema forbids, written without its checks.
VALUES: dict[str, str] = {
    "handle that is a path": "UPDATE person SET handle = 'box/v/x' WHERE handle = 'maya-o'",
    "handle that is an absolute path": "UPDATE person SET handle = '/home/me/x' WHERE handle = 'maya-o'",
    "handle with a line break": "UPDATE person SET handle = 'a' || char(10) || 'b' WHERE handle = 'maya-o'",
    "handle that is an option": "UPDATE person SET handle = '-rf' WHERE handle = 'maya-o'",
    "handle that is a command": "UPDATE person SET handle = '$(touch${IFS}x)' WHERE handle = 'maya-o'",
    "handle with a NUL": "UPDATE person SET handle = 'a' || char(0) || 'b' WHERE handle = 'maya-o'",
    "handle without end": "UPDATE person SET handle = replace(hex(zeroblob(2500)), '0', 'a') WHERE handle = 'maya-o'",
    "handle of dots": "UPDATE person SET handle = '..' WHERE handle = 'maya-o'",
    "name without end": "UPDATE person SET name = replace(hex(zeroblob(2500)), '0', 'a') WHERE handle = 'maya-o'",
    "no name": "UPDATE person SET name = '' WHERE handle = 'maya-o'",
    "day that is not one": "UPDATE note SET day = 'someday'",
    "circle": "UPDATE person SET circle = 'vip' WHERE handle = 'maya-o'",
    "stance": "UPDATE person_interest SET stance = 'useful'",
    "day that is not in the calendar": "UPDATE person SET added_on = '2026-02-30' WHERE handle = 'maya-o'",
    "day before year 1": "UPDATE person SET added_on = '0000-01-01' WHERE handle = 'maya-o'",
    "yearly day that is not in the calendar": "UPDATE yearly_date SET on_day = '--02-30'",
    "birthday": "UPDATE yearly_date SET on_day = '1984-02-31'",
    "channel": "UPDATE note SET by = 'owl'",
}


@pytest.mark.parametrize("name", VALUES)
def test_invalid_values_are_refused_by_restore_and_reported_by_doctor(
    name: str, met: Kin, book: Path, tmp_path: Path
) -> None:
    given = gift(book, VALUES[name], tmp_path / "gift.db")
    doctor = met("doctor", "--db", str(given))
    assert doctor.code == 5 and "damaged" in doctor.out
    result = met("restore", str(given), "--yes")
    assert (result.code, result.err.count("\n"), "bug" in result.err) == (5, 1, False)
    for words in COMMANDS:
        result = met(*words, "--db", str(given))
        assert "bug" not in result.err, (words, result)
    new = str(tmp_path / "new.db")
    assert met("import", str(gift(book, VALUES[name], given)), "--db", new).code in (0, 1)
    for each in met("people", "--db", new, "--json").json:
        assert len(each["handle"]) <= 40 and not set("/.$\n\0") & set(each["handle"])


WRONG_TYPES = [
    "UPDATE person SET name = x'ff00' WHERE handle = 'maya-o'",
    "UPDATE person SET name = 7 WHERE handle = 'maya-o'",
    "UPDATE person SET handle = 1.5 WHERE handle = 'maya-o'",
    "UPDATE person SET name = CAST(x'ff' AS TEXT) WHERE handle = 'maya-o'",
    "UPDATE note SET text = x'ff'",
    "UPDATE note SET day = 20261120",
    "UPDATE note SET text_from = 'front'",
    "UPDATE question SET opened_on = 7",
    "UPDATE question SET text = x'00ff'",
    "UPDATE interest SET label = x'ff'",
    "UPDATE contact SET value = x'ff'",
    "UPDATE nickname SET nickname = 5",
    "UPDATE yearly_date SET on_day = 5",
    "DELETE FROM person WHERE id = 1",
    "UPDATE person_interest SET interest_id = 'none' WHERE id = 1",
]


@pytest.mark.parametrize("statement", WRONG_TYPES)
def test_values_of_a_wrong_type_end_in_one_accurate_line_and_doctor_never_raises(
    statement: str, met: Kin, book: Path, tmp_path: Path
) -> None:
    given = tmp_path / "gift.db"
    shutil.copy(book, given)
    with closing(sqlite3.connect(given)) as db:
        # As if the tables had never been STRICT; the text of the schema is restored afterwards.
        db.execute("PRAGMA writable_schema = ON")
        db.execute(
            "UPDATE sqlite_master SET sql = replace(sql, ' STRICT', '') WHERE type = 'table'"
        )
        db.execute(
            "UPDATE sqlite_master SET sql = replace(sql, ' WITHOUT ROWID,' || char(10), ' WITHOUT ROWID') WHERE type = 'table'"
        )
        db.commit()
    with closing(sqlite3.connect(given)) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.execute("DROP TRIGGER note_search_update")
        db.execute(statement)
        db.commit()
    with closing(sqlite3.connect(given)) as db, closing(sqlite3.connect(book)) as own:
        db.execute("PRAGMA writable_schema = ON")
        for name, sql in own.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"):
            db.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (sql, name))
        sql = own.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'note_search_update'"
        ).fetchone()[0]
        db.execute(
            "INSERT INTO sqlite_master VALUES ('trigger', 'note_search_update', 'note', 0, ?)",
            (sql,),
        )
        db.commit()
    with closing(sqlite3.connect(given)) as db, closing(sqlite3.connect(book)) as own:
        listed = "SELECT name, sql FROM sqlite_master ORDER BY 1"
        assert db.execute(listed).fetchall() == own.execute(listed).fetchall()
    doctor = met("doctor", "--db", str(given))
    assert (doctor.code, "bug" in doctor.err) == (5, False)
    for words in (
        *COMMANDS,
        ["recall", "tom-b", "--all"],
        ["notes"],
        ["interests"],
        ["today"],
        ["history"],
    ):
        result = met(*words, "--db", str(given))
        assert "bug" not in result.err and result.code in (0, 1, 3, 5), (words, result)
        assert result.err.count("\n") <= 3


def test_the_path_of_a_refused_book_can_be_pasted(met: Kin, book: Path, tmp_path: Path) -> None:
    folder = tmp_path / "it's $(touch x)"
    folder.mkdir()
    given = gift(book, EXTRAS["extra table"], folder / "a gift.db")
    result = met("people", "--db", str(given))
    assert '"\'"' in result.err or "'\\''" in result.err


# After a question, kin acts only on what was shown.


def changed_while_asked(
    words: list[str], question: str, change: Callable[[], None], answer: str
) -> str:
    """Run a command, change the book while it waits for an answer, and return the exit code and the screen."""

    def meanwhile() -> str:
        change()
        return answer

    seen = on_terminal(words, [(question, meanwhile)])
    return f"{seen.code} {' '.join(' '.join(seen.rows).split())}"


def test_a_backup_that_changed_while_restore_asked_is_not_restored(
    met: Kin, book: Path, tmp_path: Path
) -> None:
    met("backup", "--to", str(tmp_path / "other.db"))
    met("add", "Ada")
    met("backup", "--to", str(tmp_path / "shown.db"))
    met("add", "Eve")
    before = book.read_bytes()

    def swap() -> None:
        for tail in ("", ".sha256"):
            source = tmp_path / f"other.db{tail}"
            (tmp_path / f"shown.db{tail}").write_text(
                source.read_text().replace("other.db", "shown.db")
            ) if tail else shutil.copy(source, tmp_path / "shown.db")

    result = changed_while_asked(["restore", str(tmp_path / "shown.db")], "[y/N]", swap, "y")
    assert result.startswith("1 ") and "has changed since you were asked" in result
    assert book.read_bytes() == before


def test_a_book_that_changed_while_restore_asked_is_not_replaced(
    met: Kin, book: Path, tmp_path: Path
) -> None:
    met("backup", "--to", str(tmp_path / "b.db"))

    def late() -> None:
        met("add", "Late Comer")

    result = changed_while_asked(["restore", str(tmp_path / "b.db")], "[y/N]", late, "y")
    assert result.startswith("1 ") and "has changed since you were asked" in result
    assert "late-c" in met("people", "--json").out


def test_a_person_who_gets_the_handle_during_the_question_is_not_used(met: Kin, book: Path) -> None:
    def other() -> None:
        with closing(sqlite3.connect(book)) as db:
            db.execute("UPDATE person SET handle = 'tom-x' WHERE handle = 'tom-b'")
            db.execute("UPDATE person SET handle = 'tom-b' WHERE handle = 'tom-k'")
            db.commit()

    result = changed_while_asked(["note", "tea with Tom"], "Which one", other, "1")
    assert result.startswith("1 ") and "was changed while you answered" in result
    assert len(met("notes", "--json").json["notes"]) == 2
