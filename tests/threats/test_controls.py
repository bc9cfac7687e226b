"""Each check of a threat can fail: it does so when the protection is removed here. kin has no switch for that."""

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kin.book import atomic_write
from kin.cli import console
from kin.cli.commands import imports
from kin.formats.table import write as table_write
from tests.conftest import Kin
from tests.threats.payloads import ESCAPES, FORMULA_SIGNS, RAW

pytestmark = pytest.mark.long


def test_control_without_the_escaping_of_the_console_text_is_obeyed(
    kin: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, evil in enumerate(ESCAPES.values()):
        kin("add", f"Ada {evil} Q{number}", "--anyway")
    assert not RAW.search(kin("people").out)
    monkeypatch.setattr(console, "escape_control", lambda words, newlines=True: words)
    assert RAW.search(kin("people").out)


def test_control_without_a_sign_before_them_cells_are_formulas(
    kin: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def formulas(file: Path) -> list[str]:
        kin("export", "--to", str(file))
        with file.open(encoding="utf-8-sig", newline="") as read:
            return [
                each for row in csv.reader(read) for each in row if each.startswith(FORMULA_SIGNS)
            ]

    kin("add", "Ada", "--lives", "=1+1")
    assert formulas(tmp_path / "one.csv") == []
    monkeypatch.setattr(table_write, "_escape_formula", lambda cell: cell)
    assert formulas(tmp_path / "two.csv") == ["=1+1"]


def test_control_a_file_that_is_opened_by_its_name_is_written_through_a_link(
    kin: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim, link = tmp_path / "victim", tmp_path / "people.csv"
    victim.write_text("precious")
    link.symlink_to(victim)
    kin("add", "Ada")
    kin("export", "--to", str(link), "--force")
    assert victim.read_text() == "precious"
    link.unlink()
    link.symlink_to(victim)
    monkeypatch.setattr(
        atomic_write, "_write_atomically", lambda path, data, force: path.write_bytes(data)
    )
    kin("export", "--to", str(link), "--force")
    assert victim.read_text() != "precious"


def test_control_a_folder_whose_links_are_followed_brings_in_what_is_outside(
    kin: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, secret = tmp_path / "cards", tmp_path / "secret.vcf"
    folder.mkdir()
    secret.write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Secret\nEND:VCARD\n")
    (folder / "a.vcf").write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Ann\nEND:VCARD\n")
    (folder / "b.vcf").symlink_to(secret)

    def names() -> list[str]:
        result = kin("import", str(folder), "--dry-run", "--json").json
        return [each["name"] for each in result["people"]]

    def everything(where: Path) -> Iterator[tuple[Path, str]]:
        yield from ((path, "") for path in sorted(where.iterdir()))

    assert names() == ["Ann"]
    monkeypatch.setattr(imports, "_below", everything)
    monkeypatch.setattr(os, "O_NOFOLLOW", 0)
    assert names() == ["Ann", "Secret"]
