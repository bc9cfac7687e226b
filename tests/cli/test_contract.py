"""The output contract: shapes of JSON, exit codes, streams, plain lines, help on a narrow screen."""

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

    kind: type


DAY, TEXT = Maybe(str), Maybe(str)

HELD = {"key": str, "label": str, "stance": str, "shared": bool, "via": TEXT, "note": TEXT}
PERSON = {
    "handle": str,
    "name": str,
    "nicknames": [str],
    "interests": [HELD],
    "met": {"on": DAY, "at": TEXT, "story": TEXT, "through": TEXT},
    "lives": TEXT,
    "groups": [str],
    "circle": TEXT,
    "birthday": DAY,
    "last_talk": DAY,
    "contacts": [{"kind": str, "label": TEXT, "value": str}],
}
NOTE = {
    "on": str,
    "precision": str,
    "text": str,
    "people": [{"handle": str, "name": str, "matched": str}],
    "unsure": [{"text": str, "candidates": [str]}],
    "topics": [str],
    "threads": [str],
    "place": TEXT,
    "by": TEXT,
}
COMMON = {**HELD, "last_mentioned": DAY}
RECALL = {
    "person": PERSON,
    "shared": [COMMON],
    "collides": [COMMON],
    "theirs": [COMMON],
    "threads": [{"text": str, "opened_on": str, "due_on": DAY}],
    "talks": [NOTE],
    "dates": [{"kind": str, "on": str, "in_days": int, "label": str}],
    "ties": [{"handle": str, "name": str, "word": str, "theirs": bool}],
    "common_people": [{"handle": str, "name": str}],
    "questions": [{"text": str, "because": str}],
}
HOLDER = {
    "handle": str,
    "name": str,
    "stance": str,
    "via": TEXT,
    "note": TEXT,
    "last_mentioned": DAY,
    "caught_from": TEXT,
}
INTERESTS = [{"key": str, "label": str, "yours": bool, "people": [HOLDER]}]
AGENDA = {
    "dates": [{"person": str, "name": str, "kind": str, "on": str, "in_days": int, "label": str}],
    "threads": [{"text": str, "opened_on": str, "due_on": str, "people": [str]}],
}
SUGGESTION = {"handle": str, "name": str, "interest": TEXT, "because": str}
DASHBOARD = {**AGENDA, "suggestion": SUGGESTION, "talks": [NOTE]}
THREAD = {
    "handle": str,
    "name": str,
    "text": str,
    "opened_on": str,
    "due_on": DAY,
    "heard_on": DAY,
    "outcome": TEXT,
}
TIE = {"handle": str, "name": str, "other": str, "other_name": str, "word": str}
WORD = {"saying": str, "a": str, "b": str, "said_on": str}
ENTRY = {
    "key": str,
    "label": str,
    "names": [{"label": str, "source": str}],
    "broader": [{"label": str, "source": str}],
    "narrower": [{"label": str, "source": str}],
    "said": [WORD],
    "senses": [str],
}
RECONNECT = [
    {
        "person": {"handle": str, "name": str},
        "because": str,
        "interest": TEXT,
        "reasons": [{"kind": str, "text": str}],
        "question": TEXT,
    }
]
REACH = {
    "handle": str,
    "name": str,
    "talks_alone": int,
    "talks_shared": int,
    "threads": int,
    "interests": int,
    "ties": int,
    "days": int,
    "ways": int,
    "elsewhere": [{"where": str, "of": [{"handle": str, "name": str}], "text": str, "after": str}],
    "stays": [{"where": str, "of": [{"handle": str, "name": str}], "text": str}],
    "still_named": [{"handle": str, "name": str}],
    "synced_in": [str],
    "on_cards": [{"handle": str, "name": str, "folder": str}],
    "other_backups": [str],
    "other_files": [{"path": str, "kind": str}],
}
MIRROR = {
    "person": PERSON,
    "added_on": str,
    "days": [[str]],
    "remarks": [{"text": str, "source": TEXT}],
    "records": [{"kind": str, "key": TEXT, "card": TEXT}],
    "talks": [NOTE],
    "named_in": [NOTE],
    "named_elsewhere": [{"where": str, "of": [{"handle": str, "name": str}], "text": str}],
    "threads": [{"text": str, "opened_on": str, "due_on": DAY, "heard_on": DAY, "outcome": TEXT}],
    "ties": [{"handle": str, "name": str, "word": str, "theirs": bool}],
    "through_them": [{"handle": str, "name": str, "interest": TEXT}],
    "introductions": [
        {"handle": str, "name": str, "they_said": TEXT, "other_said": TEXT, "made_on": DAY}
    ],
    "sent": [{"on": str, "text": str}],
    "rests": bool,
    "rests_until": DAY,
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
    "new": int,
    "updated": int,
    "same": int,
    "talks": int,
    "doubles": [{"handle": str, "name": str, "like": str, "like_name": str}],
    "double_count": int,
    "skipped": [{"where": str, "why": str}],
    "remarks": [{"where": str, "why": str}],
    "mapping": [{"column": str, "field": str}],
    "changed": int,
    "heard": int,
}
SYNC = {
    "folder": str,
    "pulled": int,
    "pushed": int,
    "merged": int,
    "same": int,
    "new": [{"handle": str, "name": str, "file": str, "to": str}],
    "unlinked": [{"handle": str, "name": str}],
    "let_go": [str],
    "removed": [str],
    "conflicts": [
        {
            "person": {"handle": str, "name": str},
            "field": str,
            "kept": TEXT,
            "lost": TEXT,
        }
    ],
    "doubles": [{"handle": str, "name": str, "like": str, "like_name": str}],
    "skipped": [{"where": str, "why": str}],
    "remarks": [{"where": str, "why": str}],
}
EXPORT = {
    "format": str,
    "to": TEXT,
    "people": int,
    "conversations": int,
    "text": TEXT,
}
COUNT = {"people": int, "conversations": int, "last_talk": DAY}
RESTORE = {
    "name": str,
    "kept_as": TEXT,
    "now": COUNT,
    "then": COUNT,
    "back": [{"handle": str, "name": str}],
    "gone": [{"handle": str, "name": str}],
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
    "people": [{"handle": str, "name": str, "note": TEXT, "said": TEXT}],
    "interest": TEXT,
    "via": TEXT,
    "because": str,
    "made_on": DAY,
    "acquainted": bool,
}
LOVER = {
    "person": {"handle": str, "name": str},
    "because": str,
    "interest": str,
    "via": TEXT,
    "words": [str],
}
HIT = {"kind": str, "people": [str], "names": [str], "on": DAY, "text": str}

# Each command, as it is typed on the book of `met`, and the shape of its answer.
SHAPES: dict[str, tuple[tuple[str, ...], Any]] = {
    "": ((), DASHBOARD),
    "add": (("add", "Ana Ruiz", "--share", "chess", "--nick", "An", "--phone", "1"), PERSON),
    "note": (("note", "Maya and Tom King at Blue Door: #tea ?how is it"), NOTE),
    "recall": (("recall", "maya"), RECALL),
    "interests": (("interests",), INTERESTS),
    "reconnect": (("reconnect",), RECONNECT),
    "share": (("share", "a kiln for pottery"), [LOVER]),
    "introduce": (("introduce",), [PAIR]),
    "today": (("today",), AGENDA),
    "upcoming": (("upcoming",), AGENDA),
    "people": (("people",), [PERSON]),
    "talks": (("talks",), [NOTE]),
    "find": (("find", "kiln"), [HIT]),
    "me": (("me",), PERSON),
    "edit": (("edit", "maya", "--lives", "Porto"), PERSON),
    "ask": (("ask", "maya", "did it rain", "--due", "2027-01-01"), THREAD),
    "heard": (("heard", "maya", "kiln", "--so", "it did"), THREAD),
    "tie": (("tie", "maya", "grace", "--as", "cousin"), TIE),
    "backup": (
        ("backup",),
        {"path": str, "size": int, "sha256": str, "people": int, "conversations": int},
    ),
    "restore": (("restore",), [BACKUP]),
    "doctor": (("doctor",), HEALTH),
    "mirror": (("mirror", "maya"), MIRROR),
    "forget": (("forget", "maya", "--yes"), REACH),
    "merge": (
        ("merge", "tom-b", "tom-k"),
        {"person": PERSON, "merged": str, "remarks": [str]},
    ),
    "import": (("import", str(Path(__file__).parent.parent / "fixtures" / "people.csv")), IMPORT),
    "export": (("export", "--format", "ics"), EXPORT),
    "sync": (("sync", str(CARDS_FOLDER), "--dry-run"), SYNC),
    "vocab": (("vocab", "show", "pottery"), ENTRY),
    "undo": (("undo",), [STEP]),
    "redo": (("redo",), [STEP]),
    "history": (("history",), [STEP]),
    "completion": (("completion", "zsh"), {"shell": str, "script": str}),
    "demo": (("demo",), {"now": str, "book": TEXT, "steps": [{"command": str, "result": object}]}),
}


def misfits(told: Any, shape: Any, at: str = "$") -> list[str]:
    """Tell where an answer is not of its shape: keys that lack or are too many, wrong kinds."""
    if isinstance(shape, dict):
        if not isinstance(told, dict) or set(told) != set(shape):
            return [f"{at}: {sorted(told) if isinstance(told, dict) else told!r}"]
        return [each for key in shape for each in misfits(told[key], shape[key], f"{at}.{key}")]
    if isinstance(shape, list):
        if not isinstance(told, list):
            return [f"{at}: {told!r}"]
        return [each for one in told for each in misfits(one, shape[0], f"{at}[]")]
    if isinstance(shape, Maybe):
        return [] if told is None else misfits(told, shape.kind, at)
    fits = isinstance(told, shape) and (shape is not int or not isinstance(told, bool))
    return [] if fits and told != "" else [f"{at}: {told!r}"]


def _filled(told: Any, at: str = "$") -> set[str]:
    """Tell the lists in an answer that have something in them."""
    if isinstance(told, dict):
        return {each for key, value in told.items() for each in _filled(value, f"{at}.{key}")}
    if isinstance(told, list) and told:
        return {at}.union(*(_filled(one, f"{at}[]") for one in told))
    return set()


def _listed(shape: Any, at: str = "$") -> set[str]:
    """Tell the lists that a shape has."""
    if isinstance(shape, dict):
        return {each for key, value in shape.items() for each in _listed(value, f"{at}.{key}")}
    return {at} | _listed(shape[0], f"{at}[]") if isinstance(shape, list) else set()


def _keys(told: Any) -> set[str]:
    """Tell all keys of an answer, at any depth."""
    if isinstance(told, dict):
        return set(told).union(*map(_keys, told.values()))
    return set().union(*map(_keys, told)) if isinstance(told, list) else set()


def test_a_restore_has_its_shape(met: Kin) -> None:
    met("backup")
    met("add", "Ada")
    met("forget", "grace", "--yes")
    met("backup")
    (each, *_) = met("restore", "--json").json
    assert misfits([each], [BACKUP]) == []
    for more in (["--dry-run"], ["--yes"]):
        assert misfits(met("restore", each["name"], "--json", *more).json, RESTORE) == []


def test_every_command_has_a_shape() -> None:
    assert set(SHAPES) == {"", *COMMANDS}


@pytest.mark.parametrize("command", SHAPES)
def test_the_json_of_every_command_has_its_shape(met: Kin, command: str) -> None:
    words, shape = SHAPES[command]
    if command == "redo":
        met("undo", "2")
    told = met(*words, "--json")
    assert (told.code, told.err) == (0, "")
    assert told.out.endswith("\n") and told.out.count("\n") == 1
    assert misfits(told.json, shape) == []


@pytest.mark.parametrize(
    ("shape", "calls"),
    [
        (RECALL, [("recall", "maya"), ("recall", "tom-b")]),
        (NOTE, [("note", "Maya, Tom: #tea ?why", "--dry-run"), ("note", "Tom #tea", "--dry-run")]),
        (DASHBOARD, [()]),
        (AGENDA, [("upcoming",)]),
        ([PERSON], [("people",)]),
        ([HIT], [("find", "kiln")]),
        ([LOVER], [("share", "pottery")]),
        ([PAIR], [("introduce",)]),
        (INTERESTS, [("interests",), ("interests", "pottery"), ("interests", "--with", "maya")]),
        (RECONNECT, [("reconnect",)]),
        (ENTRY, [("vocab", "show", each) for each in ("board games", "chess", "bass")]),
        ([WORD], [("vocab", "list")]),
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
        "reconnect",
        "vocab",
        "words",
    ],
)
def test_no_list_in_a_shape_is_only_ever_seen_empty(
    met: Kin, shape: Any, calls: list[tuple[str, ...]]
) -> None:
    met("ask", "maya", "is it ripe", "--due", "2026-11-23")
    met("vocab", "under", "chess", "strategy games")
    told = [met(*words, "--json").json for words in calls]
    assert [misfits(each, shape) for each in told] == [[] for _ in told]
    seen = set().union(*map(_filled, told))
    unsure_is_settled = {at for at in _listed(shape) if ".talks[].unsure" in at}
    assert _listed(shape) - seen <= unsure_is_settled


@pytest.mark.parametrize(
    "words",
    [
        ("people",),
        ("talks",),
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
def test_an_empty_list_is_no_failure(kin: Kin, begun: bool, words: tuple[str, ...]) -> None:
    if begun:
        kin("me", "--name", "Robin")
    told = kin(*words, "--json")
    assert (told.code, told.out, told.err) == (0, "[]\n", "")


def test_reading_makes_no_book(kin: Kin, book: Path) -> None:
    for words in (
        (),
        ("people",),
        ("talks",),
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
        told = met(*words, "--json").json
        first = told[0] if isinstance(told, list) else told
        named = set(re.findall(r"`(\w+)`", _section(command)))
        assert set(first) <= named, f"kin {command}"


def test_every_key_at_any_depth_is_documented(met: Kin) -> None:
    named = set(re.findall(r"`(\w+)`", REFERENCE.read_text(encoding="utf-8")))
    for words, _ in SHAPES.values():
        if "redo" in words:
            met("undo")
        if "demo" not in words:
            assert _keys(met(*words, "--json").json) <= named, words


# Promises


def test_nothing_asks_what_somebody_is_good_for(met: Kin) -> None:
    useful = re.compile(
        "company|employer|title|job|(?<!f)org|salary|worth|value|tier|stage|score|rank"
    )
    for command in ("", *COMMANDS):
        told = met(*([command] if command else []), "--help").out
        options = re.findall(r"--[a-z-]+", told)
        assert "--json" in options
        assert [each for each in options if useful.search(each)] == []
    for words, _ in SHAPES.values():
        # The one `value` is that of a contact: what stands behind the kind of an address.
        keys = _keys(met(*words, "--json").json) - {"value"}
        assert [each for each in keys if useful.search(each)] == []
