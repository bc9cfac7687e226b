"""Every query uses an index: each statement of the domain's reads is run, explained and judged.

A statement that no command here reaches fails the test, so that a new query cannot hide.
"""

import ast
import os
import re
import sqlite3
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from kin.book import session as store
from kin.cli import main
from kin.cli.completing import answer
from kin.notes import parser as reading
from kin.people import queries as people
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
    "person", "name_word", "nickname", "person_interest", "conversation", "conversation_person", "conversation_topic",
    "thread", "thread_person", "occasion", "contact", "person_group", "tie",
    "introduction", "sent",
)  # fmt: skip

# Functions whose very purpose is everybody or everything; each is one pass, and says why.
WHOLE = {
    "people/queries.py:everybody": "near misses, after nothing matched",
    "interests/queries.py:find": "near misses, after nothing matched: interests only",
    "interests/overview.py:_held": "the map is of all links",
    "interests/overview.py:_steps": "the map as JSON is of all links",
    "people/listing.py:people": "the list is of everybody",
    "people/listing.py:_interests": "labels of interests, once for the whole list",
    "people/listing.py:_links": "one pass is cheaper for a list of more than 500",
    "notes/search.py:_by_part": "parts of words have no index; only where whole words found nothing",
    "notes/queries.py:newest": "the last row of the table's own key",
    "notes/queries.py:talks": "--at looks into the words of places",
    "suggestions/candidates.py:people": "the order is of everybody who may be suggested",
    "suggestions/candidates.py:_meant": "all interests and what they mean, a few thousand rows",
    "suggestions/contact_frequency.py:reckoned": "everybody of whom no rhythm is kept; large companies are told by the number of their people only",
    "transfer/export.py:whole": "an export is of everything",
    "transfer/export.py:people": "an export is of everybody",
    "transfer/export.py:_many": "an export is of everything, one pass over each table",
    "transfer/export.py:_threads": "an export is of everything",
    "privacy/mentions.py:found": "whether words name somebody is told by the words: the mirror and forgetting read them all",
    "privacy/erasure_preview.py:_on_cards": "whether a card names somebody is told by its words",
    "privacy/name_patterns.py:_labels": "whether a nickname is also a label is told by all labels",
    "privacy/name_patterns.py:_others": "names are read beside those of everyone else",
    "privacy/name_patterns.py:_addresses": "an address is searched for where it is nobody else's, however it is written there",
    "privacy/name_patterns.py:_phrases": "whether a given name is part of another's name, where signs have no spaces between them",
    "privacy/mentions.py:stays": "whether a name or an address holds a person's name is told by its text",
    "privacy/mentions.py:_name_words": "what someone is called by others' words is told beside everyone's own",
    "transfer/import_plan.py:__init__": "an import is matched with everybody",
    "transfer/merge_book.py:_threads": "a book that comes again is matched with all that it told",
    "transfer/note_matching.py:known": "a book that comes again is matched with all that it told",
    "transfer/sync/file_matching.py:rows": "all files of one folder, by the primary key",
    "transfer/import_plan.py:_ties": "an import is matched with all ties",
    "suggestions/candidates.py:_ties": "ties are few, and read once",
    "suggestions/candidates.py:_tied": "how ties are worded is folded in one pass over the few ties",
    "suggestions/candidates.py:links": "rarity is told by all links, one pass",
    "suggestions/candidates.py:groups": "which groups are drawers is told by all members, one pass",
    "suggestions/candidates.py:threads": "open threads, by their index",
    "suggestions/introduce.py:answers": "one row for each pair that was ever asked, and each may bear on the list",
    "suggestions/introduce.py:_kinships": "relations of interests only, once for the whole list",
    "suggestions/share.py:_names": "any word of a text may be the name of an interest: interests only",
    "suggestions/share.py:had": "one row for each time you sent something; whether it was this is told by its words",
    "safety/backups.py:count": "what a restore changes is told of the whole book",
    "safety/backups.py:_people": "who comes back and who goes is told of everybody",
    "overview/dashboard.py:dashboard": "whether anybody is in the book: stops at the first",
}


def _reads(path: Path) -> bool:
    """Return whether a module of the domain only reads the book: it neither has a session nor writes a row."""
    text = path.read_text(encoding="utf-8")
    writes = re.search(r"\b(INSERT (?!INTO search\()|UPDATE |DELETE )|opening\.rewriting", text)
    return "import Session" not in text and writes is None


READS = {
    str(path): path.relative_to(SOURCE).as_posix()
    for package in DOMAIN
    for path in sorted((SOURCE / package).rglob("*.py"))
    if _reads(path)
}


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int, str, Any]]:
    """Return what the domain's reads executed: file, line, statement, values."""
    book = tmp_path / "book.db"
    grow(book, people=600, notes=1500, links=1200, seed=3)
    seen: list[tuple[str, int, str, Any]] = []

    class Watched(sqlite3.Connection):
        def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
            caller = sys._getframe(1)
            while (
                caller.f_back
                and caller.f_code.co_filename in READS
                and caller.f_code.co_name.startswith("<")
            ):
                caller = caller.f_back
            if caller.f_code.co_filename in READS:
                name = f"{READS[caller.f_code.co_filename]}:{caller.f_code.co_name}"
                seen.append((name, sys._getframe(1).f_lineno, sql, values))
            return super().execute(sql, values)

    plain = sqlite3.connect
    monkeypatch.setattr(
        sqlite3, "connect", lambda *words, **more: plain(*words, factory=Watched, **more)
    )
    with plain(book) as db:
        ((handle, name),) = db.execute(
            "SELECT handle, name FROM person WHERE id = (SELECT person_id FROM conversation_person GROUP BY person_id ORDER BY count(*) DESC LIMIT 1)"
        ).fetchall()
        db.execute(
            "INSERT INTO thread (id, text, opened_on, due_on) VALUES (9999, 'ripe', '2026-11-01', '2026-11-20')"
        )
        db.execute(
            "INSERT INTO thread_person SELECT id, 9999 FROM person WHERE handle = ?", (handle,)
        )
    db.close()
    _use_everything(handle, name)
    return seen


def _use_everything(handle: str, name: str) -> None:
    first = name.split()[0]
    for words in (
        [], ["recall", handle], ["recall", handle, "--json"], ["recall", first], ["recall", "nobodyatall"],
        ["edit", handle, "--share", "sourdough"], ["interests"], ["interests", "--json"], ["interests", "pottery"], ["interests", "potery"],
        ["interests", "--with", handle], ["interests", "--with", handle, "--with", "me"],
        ["people"], ["people", "--json", "-n", "3"], ["people", "--into", "pottery", "--group", "choir", "--lives", "Oslo"],
        ["people", "--met", "Blue", "--since", "2020", "--quiet-since", "2025", "-n", "5"],
        ["talks", "-n", "3"], ["talks", handle, "--with", "me", "--about", "pottery", "--since", "2020", "--until", "2026"],
        ["talks", "--at", "Blue Door", "-n", "3"], ["find", "kiln"], ["find", "ottery"], ["find", first], ["find", "chess"],
        ["find", "rainy"], ["today"], ["upcoming", "--days", "366"], ["me"],
        ["note", f"coffee with {name} and {first} @{handle}"], ["note", "--amend", "--at", "home"],
        ["tie", handle, "me", "--as", "friend"], ["edit", handle, "--through", "me", "--nick", "Pip", "--nick", "Zazu", "--email", "pip@pip.example"], ["find", "Pip"],
        ["reconnect", "--json"], ["reconnect", "--why"], ["reconnect", "--warm-up", "--about", "pottery"], ["reconnect", "--wander"],
        ["reconnect", "--not-now", handle], ["reconnect", "--again", handle], ["vocab", "under", "pottery", "clay"],
        ["vocab", "show", "pottery"], ["vocab", "show", "bass"], ["vocab", "list"], ["edit", handle, "--into", "raku pottery", "--into", "bass"], ["edit", handle, "--into", "tea", "--from", "me"],
        *(["add", f"Qq Number{number}"] for number in range(9)), *(["recall", f"Number{number}"] for number in range(9)),
        ["add", "Zzyx Cc", "--into", "unheard of things"], ["interests", "tea"], ["history"], ["undo", "2"], ["redo"], ["heard", handle, "zzz"], ["add", "Zzyx Aa", "--into", "tea"], ["add", "Zzyx Bb"], ["recall", "zzyx"],
        ["introduce"], ["introduce", handle, "-n", "0"], ["introduce", handle, "zzyx"], ["share", "pottery and wine for a fountain pen"],
        ["heard", handle, "zzz"], ["add", "Zzyx Aa", "--into", "tea"], ["add", "Zzyx Bb"], ["recall", "zzyx"],
        ["note", "a feast", *(word for number in range(8) for word in ("--with", f"Number{number}"))], ["reconnect"],
        ["edit", "zzyx-a", "--met", "through Qq Number3"], ["add", "王小明"], ["add", f"{name}’s mum", "--met", f"at {name}’s house"], ["mirror", "王小明"], ["mirror", handle], ["mirror", "Number3"], ["export", handle, "--format", "csv"], ["import", CARDS], ["import", CARDS, "--dry-run"], ["import", CARDS.replace("people.csv", "friends.md")],
        ["export", "--to", str(pages := Path(os.environ["HOME"], "all.json"))], ["import", str(pages), "--dry-run"],
        ["backup"], ["restore", "2026-11-23-1-import", "--dry-run"], ["doctor"],
        ["merge", "Number1", "Number2"], ["sync", str(Path(CARDS).parent / "cards"), "--dry-run"], ["forget", handle, "--dry-run"], ["sync", str(_card_folder())], ["forget", handle, "--yes"], ["import", CARDS, "--dry-run"],
    ):  # fmt: skip
        main(words)
    with store.reading(Path(os.environ["KIN_DB"]), date(2026, 11, 23)) as db:
        people.exists(db, 1)  # asked after an editor was open
        answers = {"robin": reading.chosen(db, "me")}  # asked on a terminal only
        reading.read(db, "tea", reading.Beside(choices=answers), now=datetime(2026, 11, 23))
    for asked in (b"recall\0\0", b"recall\0Okaf\0", b"interests\0p\0", b"people\0--group\0c\0"):
        answer("zsh", b"kin\0" + asked, os.environ)


def _card_folder() -> Path:
    """Return a folder with one card of somebody new, who has no UID."""
    folder = Path(os.environ["HOME"], "cards")
    folder.mkdir(exist_ok=True)
    (folder / "1.vcf").write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Zzyx Dd\nEND:VCARD\n")
    return folder


def test_no_query_scans_a_growing_table(ran: list[tuple[str, int, str, Any]], book: Path) -> None:
    with sqlite3.connect(book) as db:
        db.create_function("folded", 1, lambda words: words)
        for name, _, sql, values in ran:
            plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
            scans = [
                step
                for step in plan
                if re.match(
                    rf"SCAN ({'|'.join(GROWING)}|[a-z]{{1,2}}|mine|theirs)\b(?! USING.*INDEX)", step
                )
            ]
            assert not scans or name in WHOLE, f"{name}: {sql}\n{plan}"
    db.close()


def test_every_statement_was_run(ran: list[tuple[str, int, str, Any]]) -> None:
    lines = {(name.split(":")[0], line) for name, line, _, _ in ran}
    for path, place in READS.items():
        for node in ast.walk(ast.parse(Path(path).read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "execute"
            ):
                reached = range(node.lineno, (node.end_lineno or node.lineno) + 1)
                assert any((place, line) in lines for line in reached), (
                    f"{place}:{node.lineno} never ran"
                )
