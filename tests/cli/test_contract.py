"""The output contract: the shapes of JSON."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kin.cli.app import COMMANDS
from tests.conftest import Kin

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "json.md"
CARDS_FOLDER = Path(__file__).parents[1] / "fixtures" / "cards"


# The shapes. A list stands for many of its one element, `Maybe` for a value or null.


class Maybe(NamedTuple):
    """A value of this kind, or null."""

    kind: Any


DAY, TEXT = Maybe(str), Maybe(str)

REF = {"handle": str, "name": str}

INTEREST = {"key": str, "label": str, "stance": str, "shared": bool, "via": TEXT, "note": TEXT}
PERSON = {
    "handle": str,
    "name": str,
    "nicknames": [str],
    "interests": [INTEREST],
    "facts": [str],
    "dates": [{"label": str, "on": str}],
    "met": {"on": DAY, "at": TEXT, "story": TEXT, "through": Maybe(REF)},
    "lives": TEXT,
    "groups": [str],
    "circle": TEXT,
    "birthday": DAY,
    "last_note": DAY,
    "contacts": [{"kind": str, "label": TEXT, "value": str}],
}
NOTE = {
    "on": str,
    "precision": str,
    "text": str,
    "people": [{"handle": str, "name": str, "matched": str}],
    "unsure": [{"kind": str, "text": str, "candidates": [REF]}],
    "interests": [{"key": str, "label": str}],
    "questions": [{"text": str, "people": [REF], "on": DAY}],
    "place": TEXT,
    "by": TEXT,
}
NOTES = {"notes": [NOTE]}
NEW_NOTES = {"notes": [{**NOTE, "new_names": [str]}]}
OPENER = {"text": str, "because": str}
COMMON = {**INTEREST, "last_came_up": DAY}
RECALL = {
    "person": PERSON,
    "shared": [COMMON],
    "differ": [COMMON],
    "theirs": [COMMON],
    "questions": [{"text": str, "opened_on": str, "on": DAY}],
    "notes": [NOTE],
    "dates": [{"label": str, "on": str, "in_days": int}],
    "ties": [{"handle": str, "name": str, "word": str, "theirs": bool}],
    "common_people": [REF],
    "openers": [OPENER],
}
INTERESTED = {
    "handle": str,
    "name": str,
    "stance": str,
    "via": TEXT,
    "note": TEXT,
    "learned_from": Maybe(REF),
}
INTEREST_ENTRY = {
    "key": str,
    "label": str,
    "yours": bool,
    "people": [INTERESTED],
    "came_up_with": [{"handle": str, "name": str, "on": str}],
}
INTERESTS = [INTEREST_ENTRY]
COMMON_GROUND = {
    "shared": [INTEREST_ENTRY],
    "differ": [INTEREST_ENTRY],
    "theirs": [INTEREST_ENTRY],
}
QUESTION = {
    "text": str,
    "people": [REF],
    "opened_on": str,
    "on": DAY,
    "answered_on": DAY,
    "answer": TEXT,
}
AGENDA = {
    "dates": [{"person": REF, "label": str, "on": str, "in_days": int}],
    "questions": [QUESTION],
}
HELLO = {"person": REF, "interest": TEXT, "because": str}
DASHBOARD = {**AGENDA, "hello": Maybe(HELLO), "notes": [NOTE]}
TIE = {"person": REF, "other": REF, "word": str}
RULE = {"relation": str, "a": str, "b": str, "added_on": str}
ENTRY = {
    "key": str,
    "label": str,
    "names": [{"label": str, "source": str}],
    "broader": [{"label": str, "source": str}],
    "narrower": [{"label": str, "source": str}],
    "rules": [RULE],
    "senses": [str],
}
RECONNECT = [
    {
        "person": REF,
        "because": str,
        "interest": TEXT,
        "reasons": [{"kind": str, "text": str}],
        "opener": Maybe(OPENER),
    }
]
MENTION = {"where": str, "people": [REF], "text": str}
ERASURE = {
    "handle": str,
    "name": str,
    "notes_alone": int,
    "notes_shared": int,
    "questions": int,
    "interests": int,
    "ties": int,
    "dates": int,
    "contacts": int,
    "changes": [{**MENTION, "after": str}],
    "unchanged": [MENTION],
    "still_named": [REF],
    "synced_folders": [str],
    "on_cards": [{"handle": str, "name": str, "folder": str}],
    "other_backups": [str],
    "other_files": [{"path": str, "kind": str}],
}
REPORT = {
    "person": PERSON,
    "added_on": str,
    "dates": [{"label": str, "on": str}],
    "facts": [{"text": str, "source": TEXT}],
    "records": [{"kind": str, "key": TEXT, "card": TEXT}],
    "notes": [NOTE],
    "named_in": [NOTE],
    "named_elsewhere": [MENTION],
    "questions": [{"text": str, "opened_on": str, "on": DAY, "answered_on": DAY, "answer": TEXT}],
    "ties": RECALL["ties"],
    "through_them": [{"handle": str, "name": str, "interest": TEXT}],
    "introductions": [
        {
            "handle": str,
            "name": str,
            "their_answer": TEXT,
            "other_answer": TEXT,
            "made_on": DAY,
        }
    ],
    "sent": [{"on": str, "text": str}],
    "snoozed": bool,
    "snoozed_until": DAY,
    "shown_on": [str],
}
IMPORT = {
    "kind": str,
    "people": [
        {
            "name": str,
            "nicknames": [str],
            "emails": [str],
            "phones": [str],
            "birthday": DAY,
            "note": TEXT,
            "interests": [str],
            "groups": [str],
            "source": str,
        }
    ],
    "notes": int,
    "new": int,
    "updated": int,
    "same": int,
    "doubles": [{"person": REF, "like": REF}],
    "double_count": int,
    "skipped": [{"where": str, "why": str}],
    "warnings": [{"where": str, "why": str}],
    "mapping": [{"column": str, "field": str}],
    "reworded": int,
    "answered": int,
}
SYNC = {
    "folder": str,
    "pulled": int,
    "pushed": int,
    "merged": int,
    "same": int,
    "new": [{"handle": str, "name": str, "file": str, "to": str}],
    "unlinked": [REF],
    "left_alone": [str],
    "removed": [str],
    "kept": [{"person": REF, "field": str, "value": TEXT, "lost": TEXT}],
    "doubles": [{"person": REF, "like": REF}],
    "skipped": [{"where": str, "why": str}],
    "warnings": [{"where": str, "why": str}],
}
EXPORT = {
    "format": str,
    "to": TEXT,
    "people": int,
    "notes": int,
    "text": TEXT,
}
COUNT = {"people": int, "notes": int, "last_note": DAY}
RESTORE = {
    "name": str,
    "saved_as": TEXT,
    "now": COUNT,
    "then": COUNT,
    "restored_people": [REF],
    "removed_people": [REF],
    "migrated": bool,
}
BACKUP = {"name": str, "on": str, "why": str, "size": int}
HEALTH = {
    "book": str,
    "schema": Maybe(int),
    "newest": int,
    "sqlite": str,
    "kin": str,
    "checks": [{"check": str, "state": str, "message": str, "hint": TEXT}],
}
STEP = {"on": str, "what": str, "actor": str, "undone": bool}
PAIR = {
    "people": [{"handle": str, "name": str, "note": TEXT, "answer": TEXT}],
    "interest": TEXT,
    "via": TEXT,
    "because": str,
    "made_on": DAY,
    "acquainted": bool,
}
SHARE_SUGGESTION = {
    "person": {"handle": str, "name": str},
    "because": str,
    "interest": str,
    "via": TEXT,
    "words": [str],
}
HIT = {"kind": str, "people": [REF], "on": DAY, "text": str}

# Each command, as it is typed on the book of `met`, and the shape of its JSON.
SHAPES: dict[str, tuple[tuple[str, ...], Any]] = {
    "": ((), DASHBOARD),
    "add": (("add", "Ana Ruiz", "--both", "chess", "--nick", "An", "--phone", "1"), PERSON),
    "note": (("note", "Maya and Tom King at Blue Door: #tea ?how is it"), NEW_NOTES),
    "recall": (("recall", "maya"), RECALL),
    "recall --all": (("recall", "maya", "--all"), REPORT),
    "interests": (("interests",), INTERESTS),
    "reconnect": (("reconnect",), RECONNECT),
    "share": (("share", "a kiln for pottery"), [SHARE_SUGGESTION]),
    "introduce": (("introduce",), [PAIR]),
    "today": (("today",), AGENDA),
    "upcoming": (("upcoming",), AGENDA),
    "people": (("people",), [PERSON]),
    "notes": (("notes",), NOTES),
    "find": (("find", "kiln"), [HIT]),
    "me": (("me",), PERSON),
    "edit": (("edit", "maya", "--lives", "Porto"), PERSON),
    "ask": (("ask", "maya", "did it rain", "--on", "2027-01-01"), [QUESTION]),
    "answered": (("answered", "maya", "kiln", "--answer", "it did"), [QUESTION]),
    "tie": (("tie", "maya", "grace", "--as", "cousin"), TIE),
    "backup": (
        ("backup",),
        {"path": str, "size": int, "sha256": str, "people": int, "notes": int},
    ),
    "restore": (("restore",), [BACKUP]),
    "doctor": (("doctor",), HEALTH),
    "forget": (("forget", "maya", "--yes"), ERASURE),
    "merge": (
        ("merge", "tom-b", "tom-k"),
        {"person": PERSON, "merged": REF, "facts": [str]},
    ),
    "import": (("import", str(Path(__file__).parent.parent / "fixtures" / "people.csv")), IMPORT),
    "export": (("export", "--format", "ics"), EXPORT),
    "sync": (("sync", str(CARDS_FOLDER), "--dry-run"), SYNC),
    "vocab": (("vocab", "show", "pottery"), ENTRY),
    "undo": (("undo",), [STEP]),
    "redo": (("redo",), [STEP]),
    "history": (("history",), [STEP]),
    "help": (("help", "dates"), {"topic": TEXT, "text": str}),
    "completion": (("completion", "zsh"), {"shell": str, "script": str}),
    "demo": (("demo",), {"now": str, "book": TEXT, "steps": [{"command": str, "result": object}]}),
}


def find_misfits(value: Any, shape: Any, at: str = "$") -> list[str]:
    """Return where a value does not fit a shape: missing or unexpected keys, wrong kinds."""
    if isinstance(shape, dict):
        if not isinstance(value, dict) or set(value) != set(shape):
            return [f"{at}: {sorted(value) if isinstance(value, dict) else value!r}"]
        return [
            each for key in shape for each in find_misfits(value[key], shape[key], f"{at}.{key}")
        ]
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{at}: {value!r}"]
        return [each for one in value for each in find_misfits(one, shape[0], f"{at}[]")]
    if isinstance(shape, Maybe):
        return [] if value is None else find_misfits(value, shape.kind, at)
    fits = isinstance(value, shape) and (shape is not int or not isinstance(value, bool))
    return [] if fits and value != "" else [f"{at}: {value!r}"]


def _list_filled(value: Any, at: str = "$") -> set[str]:
    """Return the lists in a value that are not empty."""
    if isinstance(value, dict):
        return {each for key, inner in value.items() for each in _list_filled(inner, f"{at}.{key}")}
    if isinstance(value, list) and value:
        return {at}.union(*(_list_filled(one, f"{at}[]") for one in value))
    return set()


def _list_lists(shape: Any, at: str = "$") -> set[str]:
    """Return the lists of a shape."""
    if isinstance(shape, dict):
        return {each for key, inner in shape.items() for each in _list_lists(inner, f"{at}.{key}")}
    return {at} | _list_lists(shape[0], f"{at}[]") if isinstance(shape, list) else set()


def _list_keys(value: Any) -> set[str]:
    """Return all keys of a value, at any depth."""
    if isinstance(value, dict):
        return set(value).union(*map(_list_keys, value.values()))
    return set().union(*map(_list_keys, value)) if isinstance(value, list) else set()


def test_a_restore_has_its_shape(met: Kin) -> None:
    met("backup")
    met("add", "Ada")
    met("forget", "grace", "--yes")
    met("backup")
    (each, *_) = met("restore", "--json").json
    assert find_misfits([each], [BACKUP]) == []
    for more in (["--dry-run"], ["--yes"]):
        assert find_misfits(met("restore", each["name"], "--json", *more).json, RESTORE) == []


def test_every_command_has_a_shape() -> None:
    assert {name.removesuffix(" --all") for name in SHAPES} == {"", *COMMANDS}


@pytest.mark.parametrize("command", SHAPES)
def test_the_json_of_every_command_has_its_shape(met: Kin, command: str) -> None:
    words, shape = SHAPES[command]
    if command == "redo":
        met("undo", "2")
    result = met(*words, "--json")
    assert (result.code, result.err) == (0, "")
    assert result.out.endswith("\n") and result.out.count("\n") == 1
    assert find_misfits(result.json, shape) == []


@pytest.mark.parametrize(
    ("shape", "calls"),
    [
        (RECALL, [("recall", "maya"), ("recall", "tom-b")]),
        (
            NEW_NOTES,
            [
                ("note", "Maya, Tom and Priya Shah: #tea ?why", "--dry-run"),
                ("note", "lunch with Tom", "--dry-run"),
            ],
        ),
        (DASHBOARD, [()]),
        (AGENDA, [("upcoming",)]),
        ([PERSON], [("people",)]),
        ([HIT], [("find", "kiln")]),
        ([SHARE_SUGGESTION], [("share", "pottery")]),
        ([PAIR], [("introduce",)]),
        (INTERESTS, [("interests",), ("interests", "pottery")]),
        (COMMON_GROUND, [("interests", "--with", "maya")]),
        (RECONNECT, [("reconnect",)]),
        (ENTRY, [("vocab", "show", each) for each in ("board games", "chess", "bass")]),
        ([RULE], [("vocab", "list")]),
    ],
    ids=[
        "recall",
        "note",
        "dashboard",
        "agenda",
        "people",
        "find",
        "share",
        "introduce",
        "interests",
        "common ground",
        "reconnect",
        "vocab",
        "rules",
    ],
)
def test_no_list_in_a_shape_is_only_ever_seen_empty(
    met: Kin, shape: Any, calls: list[tuple[str, ...]]
) -> None:
    met("ask", "maya", "is it done", "--on", "2026-11-23")
    met("vocab", "under", "chess", "strategy games")
    met("note", '2026-11-21: Maya on #"pineapple on pizza"')
    met("add", "Mia Twin", "--lives", "Porto", "--date", "wedding=12 june 2019")
    met("merge", "maya", "mia-t")
    answers = [met(*words, "--json").json for words in calls]
    assert [find_misfits(each, shape) for each in answers] == [[] for _ in answers]
    seen = set().union(*map(_list_filled, answers))
    in_the_book = {at for at in _list_lists(shape) if ".notes[].unsure" in at}
    assert _list_lists(shape) - seen <= (set() if shape is NEW_NOTES else in_the_book)


@pytest.mark.parametrize(
    "words",
    [
        ("people",),
        ("interests",),
        ("interests", "--mine"),
        ("find", "kiln"),
        ("people", "--into", "x"),
        ("reconnect",),
        ("vocab", "list"),
        ("introduce",),
        ("share", "pottery"),
    ],
)
@pytest.mark.parametrize("begun", [False, True], ids=["no book", "an empty book"])
def test_an_empty_list_is_not_a_failure(kin: Kin, begun: bool, words: tuple[str, ...]) -> None:
    if begun:
        kin("me", "--name", "Robin")
    result = kin(*words, "--json")
    assert (result.code, result.out, result.err) == (0, "[]\n", "")


def test_reading_makes_no_book(kin: Kin, book: Path) -> None:
    for words in (
        (),
        ("people",),
        ("notes",),
        ("today",),
        ("upcoming",),
        ("me",),
        ("find", "x"),
        ("reconnect",),
        ("vocab", "list"),
    ):
        assert kin(*words, "--json").code == 0
        assert kin(*words).code == 0
    assert not book.exists()


# Documented


def _section(command: str) -> str:
    text = REFERENCE.read_text(encoding="utf-8")
    found = re.search(rf"(?ms)^## `kin ?{command}`$(.*?)(?=^## |\Z)", text)
    assert found, f"kin {command} is not in json.md"
    return found[1]


def test_every_key_of_every_command_is_documented(met: Kin) -> None:
    for command, (words, _) in SHAPES.items():
        if command == "redo":
            met("undo", "2")
        answer = met(*words, "--json").json
        first = answer[0] if isinstance(answer, list) else answer
        named = set(re.findall(r"`(\w+)`", _section(command)))
        assert set(first) <= named, f"kin {command}"


def test_every_key_at_any_depth_is_documented(met: Kin) -> None:
    named = set(re.findall(r"`(\w+)`", REFERENCE.read_text(encoding="utf-8")))
    for words, _ in SHAPES.values():
        if "redo" in words:
            met("undo")
        if "demo" not in words:
            assert _list_keys(met(*words, "--json").json) <= named, words


# Promises


def test_nothing_asks_what_someone_is_good_for(met: Kin) -> None:
    useful = re.compile(
        "company|employer|title|job|(?<!f)org|salary|worth|value|tier|stage|score|rank"
    )
    for command in ("", *COMMANDS):
        help_text = met(*([command] if command else []), "--help").out
        options = re.findall(r"--[a-z-]+", help_text)
        assert "--json" in options
        assert [each for each in options if useful.search(each)] == []
    for words, _ in SHAPES.values():
        # The one `value` is that of a contact: the address itself.
        keys = _list_keys(met(*words, "--json").json) - {"value"}
        assert [each for each in keys if useful.search(each)] == []
