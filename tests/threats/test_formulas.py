"""A CSV that kin writes has no formulas in any spreadsheet, and can be imported without loss."""

import csv
from pathlib import Path
from typing import Any

from tests.conftest import Kin
from tests.threats.payloads import FORMULA_SIGNS, FORMULAS, NASTY


def select_csv_fields(people: Any) -> Any:
    """Return the fields that a CSV has columns for."""
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
        options = (f"--into=x{number} -- {words}", f"--differ={words} {number}", f"--nick={words} n{number}", f"--lives={words} l",
                f"--group={words} g{number}", f"--met={words} m", f"--at={words} a", f"--phone={words} p{number}", f"--email={words} e{number}")  # fmt: skip
        added = kin("add", *options, "--anyway", "--", name)
        assert added.code == 0, added.err
    file, other = tmp_path / "people.csv", str(tmp_path / "other.db")
    assert kin("export", "--to", str(file)).code == 0
    with file.open(encoding="utf-8-sig", newline="") as read:
        cells = [cell for row in csv.reader(read) for cell in row]
    assert [cell for cell in cells if cell.startswith(FORMULA_SIGNS)] == []
    imported = kin("import", str(file), "--db", other, "--json")
    assert (imported.code, imported.json["skipped"]) == (0, [])
    assert select_csv_fields(kin("people", "--json", "--db", other).json) == select_csv_fields(
        kin("people", "--json").json
    )
