"""A CSV of kin's own is words in any spreadsheet, and comes back word for word."""

import csv
from pathlib import Path
from typing import Any

from tests.conftest import Kin
from tests.threats.payloads import FORMULA_SIGNS, FORMULAS, NASTY


def told(people: Any) -> Any:
    """Return what a CSV has room for."""
    kept = ("name", "nicknames", "lives", "groups", "circle", "birthday", "contacts")
    return sorted(
        (
            {key: each[key] for key in kept}
            | {
                "met": {key: each["met"][key] for key in ("at", "story")},
                "interests": sorted(
                    (x["label"], x["stance"], x["note"] or "") for x in each["interests"]
                ),
            }
            for each in people
        ),
        key=lambda each: str(each["name"]),
    )


def test_no_cell_is_a_formula_and_all_comes_back(kin: Kin, tmp_path: Path) -> None:
    for number, words in enumerate(dict.fromkeys((*FORMULAS, *NASTY[::3]))):
        name = f"{words} Q{number}"
        said = (f"--into=x{number} -- {words}", f"--clash={words} {number}", f"--nick={words} n{number}", f"--lives={words} l",
                f"--group={words} g{number}", f"--met={words} m", f"--at={words} a", f"--phone={words} p{number}", f"--email={words} e{number}")  # fmt: skip
        added = kin("add", *said, "--anyway", "--", name)
        assert added.code == 0, added.err
    file, other = tmp_path / "people.csv", str(tmp_path / "other.db")
    assert kin("export", "--to", str(file)).code == 0
    with file.open(encoding="utf-8-sig", newline="") as read:
        cells = [cell for row in csv.reader(read) for cell in row]
    assert [cell for cell in cells if cell.startswith(FORMULA_SIGNS)] == []
    brought = kin("import", str(file), "--db", other, "--json")
    assert (brought.code, brought.json["skipped"]) == (0, [])
    assert told(kin("people", "--json", "--db", other).json) == told(kin("people", "--json").json)
