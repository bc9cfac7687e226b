"""Values from a file are checked like typed ones: handles and lengths."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kin.formats import field_limits
from tests.conftest import Kin

HANDLES = {
    "relative path": "box/v/x",
    "absolute path": "/home/me/x",
    "parent": "..",
    "hidden": ".x",
    "option": "-rf",
    "command": "$(touch${IFS}PWNED)",
    "separator": "x;touch${IFS}PWNED",
    "line break": "a\nb",
    "escape": "a\x1b[2Jb",
    "right to left": "a\u202eb",
    "endless": "a" * 5000,
    "capitals": "MAYA",
    "spaces": "may a",
    "at sign": "@maya",
    "glob": "*",
    "only signs": "...",
    "zero width": "ma\u200bya",
    "dashes": "--",
    "backslash": "a\\b",
    "emoji": "🙂",
}
SAFE = set("abcdefghijklmnopqrstuvwxyz0123456789-")


def exported(kin: Kin, change: Callable[[Any], None], file: Path) -> Path:
    """Write the book as kin's JSON to a file, with a change."""
    whole = kin("export").json
    change(whole)
    file.write_text(json.dumps(whole))
    return file


def renamed(text: str, old: str, new: str) -> str:
    """Return JSON in which a handle is another one, everywhere."""
    return text.replace(json.dumps(old), json.dumps(new))


@pytest.mark.parametrize("name", HANDLES)
@pytest.mark.parametrize("into", ["an empty book", "a book"])
def test_an_invalid_handle_from_a_file_is_replaced(
    name: str, into: str, met: Kin, tmp_path: Path
) -> None:
    evil = HANDLES[name]
    file = tmp_path / "in.json"
    file.write_text(renamed(met("export").out, "maya-o", evil))
    other = str(tmp_path / "other.db")
    if into == "a book":
        met("add", "Bob Hart", "--db", other)
    result = met("import", str(file), "--db", other, "--json")
    assert result.code == 0
    maya = next(
        each
        for each in met("people", "--db", other, "--json").json
        if each["name"] == "Maya Okafor"
    )
    assert set(maya["handle"]) <= SAFE and 0 < len(maya["handle"]) <= 40
    assert not maya["handle"].startswith("-")
    # It is reported, and everything that referred to the person still does.
    assert any("is not a valid handle" in each["why"] for each in result.json["warnings"])
    card = met("recall", maya["handle"], "--db", other, "--json").json
    assert len(card["notes"]) == 2 and card["questions"] and card["ties"]
    zoe = met("recall", "zoe", "--db", other, "--json").json
    if into == "an empty book":  # a merge does not carry over who introduced someone
        assert zoe["person"]["met"]["through"]["handle"] == maya["handle"]
    assert not list(tmp_path.rglob("PWNED"))


def test_two_handles_that_become_the_same_stay_two(met: Kin, tmp_path: Path) -> None:
    text = renamed(renamed(met("export").out, "maya-o", "TOM/B"), "tom-k", "tom b")
    (tmp_path / "in.json").write_text(text)
    other = str(tmp_path / "other.db")
    assert met("import", str(tmp_path / "in.json"), "--db", other).code == 0
    handles = [each["handle"] for each in met("people", "--db", other, "--json").json]
    assert len(set(handles)) == len(handles) == 5


@pytest.mark.parametrize("name", HANDLES)
def test_an_invalid_handle_on_a_markdown_page_is_replaced(
    name: str, met: Kin, tmp_path: Path
) -> None:
    met("export", "--format", "markdown", "--to", str(tmp_path / "pages"))
    page = tmp_path / "pages" / "people" / "maya-o.md"
    page.write_text(page.read_text().replace("Handle: maya-o", f"Handle: {HANDLES[name]}"))
    other = str(tmp_path / "other.db")
    assert met("import", str(tmp_path / "pages"), "--db", other).code == 0
    for each in met("people", "--db", other, "--json").json:
        assert set(each["handle"]) <= SAFE and 0 < len(each["handle"]) <= 40


def test_control_without_the_check_a_handle_from_a_file_comes_in_as_it_is(
    met: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "in.json"
    file.write_text(renamed(met("export").out, "maya-o", "box/v/x"))
    monkeypatch.setattr(field_limits, "is_handle", lambda handle: True)
    # The schema checks it again: then nothing is imported.
    assert met("import", str(file), "--db", str(tmp_path / "other.db")).code != 0


LONG = "x" * 5000


def _long(field: str) -> Callable[[Any], None]:
    def change(whole: Any) -> None:
        maya = next(each for each in whole["people"] if each["handle"] == "maya-o")
        if field in ("name", "lives"):
            maya[field] = LONG
        elif field == "met.at":
            maya["met"]["at"] = LONG
        elif field in ("nicknames", "groups"):
            maya[field] = [LONG]
        elif field == "interests":
            maya["interests"][0]["label"] = LONG
        elif field == "dates":
            maya["dates"] = [{"label": LONG, "on": "--06-12"}]
        elif field == "contacts":
            maya["contacts"][0]["value"] = LONG
        elif field == "label":
            maya["contacts"][0]["label"] = LONG
        elif field == "place":
            whole["notes"][0]["place"] = LONG
        elif field == "question":
            whole["questions"][0]["text"] = LONG
        elif field == "topic":
            whole["notes"][0]["interests"] = [LONG]
        elif field == "tie":
            whole["ties"][0]["word"] = LONG

    return change


FIELDS = [
    "name",
    "lives",
    "met.at",
    "nicknames",
    "groups",
    "interests",
    "dates",
    "contacts",
    "label",
    "place",
]
FIELDS += ["question", "topic", "tie"]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("into", ["an empty book", "a book"])
def test_a_text_that_is_too_long_to_be_typed_is_cut_and_reported(
    field: str, into: str, met: Kin, tmp_path: Path
) -> None:
    file = exported(met, _long(field), tmp_path / "in.json")
    other = str(tmp_path / "other.db")
    if into == "a book":
        met("add", "Bob Hart", "--db", other)
    result = met("import", str(file), "--db", other, "--json")
    assert result.code == 0
    assert any("was cut to" in each["why"] for each in result.json["warnings"])
    whole = met("export", "--db", other).out
    if field not in ("place", "question", "topic", "tie"):  # the full text is kept as a fact
        assert LONG in whole
