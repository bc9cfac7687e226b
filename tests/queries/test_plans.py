"""Every query of the domain uses an index: all of them are run, and their plans checked.

A query that no command here reaches fails the test, so a new one cannot hide.
"""

import ast
import os
import re
import sqlite3
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from kin.book import session
from kin.cli import main
from kin.cli.completion import format_completions
from kin.notes import parser
from kin.people import queries as people_queries
from tests.make import grow

CARDS = str(Path(__file__).parent.parent / "fixtures" / "people.csv")
SOURCE = Path(__file__).parent.parent.parent / "src" / "kin"
DOMAIN = (
    "overview",
    "privacy",
    "safety",
    "suggestions",
    "transfer",
    "notes",
    "people",
    "interests",
)
GROWING = (
    "person", "name_word", "nickname", "person_interest", "note", "note_person", "note_interest",
    "question", "question_person", "yearly_date", "contact", "person_group", "tie",
    "introduction", "sent",
)  # fmt: skip

# Functions that need every row of a table, each with its reason.
WHOLE_TABLE = {
    "interests/queries.py:_load_holdings": "the map is of all interests",
    "notes/search.py:_search_substring": "parts of words have no index; used only if whole words find nothing",
    "overview/dashboard.py:load_dashboard": "is anyone in the book? It stops at the first row",
    "people/merge.py:_merge_introductions": "one row for each pair that was ever asked",
    "people/queries.py:list_people": "the list is of everyone",
    "people/queries.py:build_name_index_rows": "the index is of all names",
    "privacy/erasure.py:_clear_matched_names": "the words that name someone can be in any note",
    "privacy/erasure.py:_find_card_mentions": "the text of a card decides whether it names someone",
    "privacy/mentions.py:_collect_labels": "a nickname may be the same as any label",
    "privacy/mentions.py:_collect_name_words": "what someone is called is compared with all names",
    "privacy/mentions.py:_list_other_people": "names are compared with those of everyone else",
    "privacy/mentions.py:_list_unique_names": "a given name may be part of anyone's name",
    "privacy/mentions.py:find_mentions": "the words of a note decide whether it names someone",
    "privacy/mentions.py:find_unchanged_mentions": "the text decides whether it holds a person's name",
    "safety/backups.py:_read_people": "a restore lists everyone who comes back or goes",
    "safety/backups.py:count_book": "a restore counts the whole book",
    "suggestions/candidates.py:_senses_and_labels": "all interests and their meanings, a few thousand rows",
    "suggestions/candidates.py:_tie_rows": "ties are few, and read once",
    "suggestions/candidates.py:open_questions": "open questions, through their index",
    "suggestions/candidates.py:people": "the order is of everyone who may be suggested",
    "suggestions/introduce.py:load_answers": "one row for each pair that was ever asked",
    "suggestions/share.py:list_recipients": "one row for each time you sent something, compared by its text",
    "transfer/export.py:_group_by_id": "an export is of everything",
    "transfer/export.py:_read_questions": "an export is of everything",
    "transfer/export.py:read_book": "an export is of everything",
    "transfer/export.py:read_people": "an export is of everyone",
    "transfer/import_plan.py:_list_new_ties": "an import is compared with all ties",
    "transfer/load_book.py:_match_questions": "a book that comes again is compared with all questions",
}

MODULES = {
    str(path): path.relative_to(SOURCE).as_posix()
    for package in DOMAIN
    for path in sorted((SOURCE / package).rglob("*.py"))
}


def _only_reads(text: str) -> bool:
    """Return whether a module only reads the book: it neither has a session nor writes a row."""
    writes = re.search(r"\b(INSERT (?!INTO search\()|UPDATE |DELETE )", text)
    return "import Session" not in text and writes is None


def _iter_queries(text: str) -> Iterator[ast.Call]:
    """Yield the calls of `execute` in a module, except in functions that repair the book."""
    for function in ast.walk(ast.parse(text)):
        if not isinstance(function, ast.FunctionDef):
            continue
        if "open_for_maintenance" in (ast.get_source_segment(text, function) or ""):
            continue
        for node in ast.walk(function):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "execute"
            ):
                yield node


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int, str, Any]]:
    """Return the statements that the domain executed: module and function, line, SQL, values."""
    book = tmp_path / "book.db"
    grow(book, people=600, notes=1500, links=1200, seed=3)
    seen: list[tuple[str, int, str, Any]] = []

    class Watched(sqlite3.Connection):
        def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
            caller = sys._getframe(1)
            while (
                caller.f_back
                and caller.f_code.co_filename in MODULES
                and caller.f_code.co_name.startswith("<")
            ):
                caller = caller.f_back
            if caller.f_code.co_filename in MODULES:
                name = f"{MODULES[caller.f_code.co_filename]}:{caller.f_code.co_name}"
                seen.append((name, sys._getframe(1).f_lineno, sql, values))
            return super().execute(sql, values)

    plain = sqlite3.connect
    monkeypatch.setattr(
        sqlite3, "connect", lambda *words, **more: plain(*words, factory=Watched, **more)
    )
    with plain(book) as db:
        ((handle, name),) = db.execute(
            "SELECT handle, name FROM person WHERE id = (SELECT person_id FROM note_person GROUP BY person_id ORDER BY count(*) DESC LIMIT 1)"
        ).fetchall()
        db.execute(
            "INSERT INTO question (id, text, opened_on, on_day) VALUES (9999, 'is it done', '2026-11-01', '2026-11-20')"
        )
        db.execute(
            "INSERT INTO question_person SELECT id, 9999 FROM person WHERE handle = ?", (handle,)
        )
    db.close()
    _use_everything(handle, name)
    return seen


def _use_everything(handle: str, name: str) -> None:
    first = name.split()[0]
    for words in (
        [], ["recall", handle], ["recall", handle, "--json"], ["recall", first], ["recall", "nobodyatall"],
        ["edit", handle, "--both", "sourdough"], ["interests"], ["interests", "--json"], ["interests", "pottery"], ["interests", "potery"],
        ["interests", "--with", handle], ["interests", "--with", handle, "--with", "me"],
        ["people"], ["people", "--json", "-n", "3"], ["people", "--into", "pottery", "--group", "choir", "--lives", "Oslo"],
        ["people", "--met", "Blue", "--since", "2020", "--quiet-since", "2025", "-n", "5"],
        ["notes", "-n", "3"], ["notes", handle, "--with", "me", "--about", "pottery", "--since", "2020", "--until", "2026"],
        ["notes", "--at", "Blue Door", "-n", "3"], ["find", "kiln"], ["find", "ottery"], ["find", first], ["find", "chess"],
        ["find", "rainy"], ["today"], ["upcoming", "--days", "366"], ["me"],
        ["note", f"coffee with {name} and {first} @{handle}"], ["note", "--amend", "--at", "home"],
        ["tie", handle, "me", "--as", "friend"], ["edit", handle, "--through", "me", "--nick", "Pip", "--nick", "Zazu", "--email", "pip@pip.example"], ["find", "Pip"],
        ["reconnect", "--json"], ["reconnect", "--why"], ["reconnect", "--warm-up", "--about", "pottery"], ["reconnect", "--surprise"],
        ["reconnect", "--not-now", handle], ["reconnect", "--again", handle], ["vocab", "under", "pottery", "clay"],
        ["vocab", "show", "pottery"], ["vocab", "show", "bass"], ["vocab", "list"], ["edit", handle, "--into", "raku pottery", "--into", "bass"], ["edit", handle, "--into", "tea", "--from", "me"],
        *(["add", f"Qq Number{number}"] for number in range(9)), *(["recall", f"Number{number}"] for number in range(9)),
        ["add", "Zzyx Cc", "--into", "unheard of things"], ["interests", "tea"], ["history"], ["undo", "2"], ["redo"], ["answered", handle, "zzz"], ["add", "Zzyx Aa", "--into", "tea"], ["add", "Zzyx Bb"], ["recall", "zzyx"],
        ["introduce"], ["introduce", handle, "-n", "0"], ["introduce", handle, "zzyx"], ["share", "pottery and wine for a fountain pen"],
        ["answered", handle, "zzz"], ["add", "Zzyx Aa", "--into", "tea"], ["add", "Zzyx Bb"], ["recall", "zzyx"],
        ["note", "a party", *(word for number in range(8) for word in ("--with", f"Number{number}"))], ["reconnect"],
        ["edit", "zzyx-a", "--met", "through Qq Number3"], ["add", "王小明"], ["add", f"{name}’s mum", "--met", f"at {name}’s house"], ["recall", "王小明", "--all"], ["recall", handle, "--all"], ["recall", "Number3", "--all"], ["export", handle, "--format", "csv"], ["import", CARDS], ["import", CARDS, "--dry-run"], ["import", CARDS.replace("people.csv", "friends.md")],
        ["export", "--to", str(pages := Path(os.environ["HOME"], "all.json"))], ["import", str(pages), "--dry-run"],
        ["backup"], ["restore", "2026-11-23-1-import", "--dry-run"], ["doctor"],
        ["merge", "Number1", "Number2"], ["sync", str(Path(CARDS).parent / "cards"), "--dry-run"], ["forget", handle, "--dry-run"], ["sync", str(_card_folder())], ["forget", handle, "--yes"], ["import", CARDS, "--dry-run"],
    ):  # fmt: skip
        main(words)
    with session.open_for_reading(Path(os.environ["KIN_DB"]), date(2026, 11, 23)) as db:
        people_queries.person_exists(db, 1)  # asked after an editor was open
        answers = {
            "robin": people_queries.load_person_refs(db, ["me"])[0]
        }  # asked on a terminal only
        parser.parse_note(
            db, "tea", parser.NoteOptions(choices=answers), now=datetime(2026, 11, 23)
        )
    for asked in (b"recall\0\0", b"recall\0Okaf\0", b"interests\0p\0", b"people\0--group\0c\0"):
        format_completions("zsh", b"kin\0" + asked, os.environ)


def _card_folder() -> Path:
    """Return a folder with one card of someone new, without a UID."""
    folder = Path(os.environ["HOME"], "cards")
    folder.mkdir(exist_ok=True)
    (folder / "1.vcf").write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Zzyx Dd\nEND:VCARD\n")
    return folder


def test_no_query_scans_a_growing_table(ran: list[tuple[str, int, str, Any]], book: Path) -> None:
    scanning = set()
    with sqlite3.connect(book) as db:
        db.create_function("folded", 1, lambda words: words)
        for name, _, sql, values in ran:
            plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
            scans = [
                step
                for step in plan
                if sql.lstrip().upper().startswith(("SELECT", "WITH"))
                and re.match(
                    rf"SCAN ({'|'.join(GROWING)}|[a-z]{{1,2}}|mine|theirs)\b(?! USING.*INDEX)", step
                )
            ]
            assert not scans or name in WHOLE_TABLE, f"{name}: {sql}\n{plan}"
            scanning |= {name} if scans else set()
    db.close()
    assert scanning == set(WHOLE_TABLE)


def test_every_query_was_run(ran: list[tuple[str, int, str, Any]]) -> None:
    lines = {(name.split(":")[0], line) for name, line, _, _ in ran}
    for path, module in MODULES.items():
        text = Path(path).read_text(encoding="utf-8")
        for node in _iter_queries(text) if _only_reads(text) else ():
            reached = range(node.lineno, (node.end_lineno or node.lineno) + 1)
            assert any((module, line) in lines for line in reached), (
                f"{module}:{node.lineno} never ran"
            )
