"""Export of cards: complete, and byte for byte as they were imported unless someone changed them."""

from pathlib import Path

import pytest

from tests.conftest import Kin

FAMILY = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:ouse\r\nN:Ouse;So;;;\r\nNICKNAME:So Ouse\r\n"
    "TEL:+44 1234 567890\r\nTEL:01234 567890\r\nCATEGORIES:zeta,alpha\r\n"
    "X-SPOUSE:Sp Ouse\r\nRELATED;TYPE=parent;VALUE=text:Ma Ma\r\nAGENT:\r\n"
    "BEGIN:VCARD\r\nFN:Age Nt\r\nEND:VCARD\r\nNOTE:one\r\nNOTE:two\r\nEND:VCARD\r\n"
)


def import_and_export(kin: Kin, tmp_path: Path, *cards: str) -> str:
    """Import cards, each from its own file, and return the exported cards."""
    files = [tmp_path / f"{number}.vcf" for number, _ in enumerate(cards)]
    for file, card in zip(files, cards, strict=True):
        file.write_bytes(card.encode())
    assert kin("import", *map(str, files)).code == 0
    return export(kin, tmp_path)


def export(kin: Kin, tmp_path: Path, *words: str) -> str:
    file = tmp_path / "out.vcf"
    assert kin("export", "--format", "vcard", "--to", str(file), "--force", *words).code == 0
    return file.read_bytes().decode()


def test_a_card_without_an_end_does_not_affect_others(kin: Kin, tmp_path: Path) -> None:
    cut = "BEGIN:VCARD\nVERSION:3.0\nFN:Alpha No End\nTEL:1234567"
    assert import_and_export(kin, tmp_path, cut, FAMILY) == f"{cut}\nEND:VCARD\n{FAMILY}"
    kin("edit", "alpha", "--birthday", "12 march 1984")
    assert export(kin, tmp_path) == f"{cut}\nBDAY:1984-03-12\nEND:VCARD\n{FAMILY}"


def test_a_note_does_not_grow_by_text_from_other_lines(kin: Kin, tmp_path: Path) -> None:
    assert import_and_export(kin, tmp_path, FAMILY) == FAMILY
    for _ in range(3):
        kin("import", str(tmp_path / "out.vcf"))
        assert export(kin, tmp_path) == FAMILY
    kin("edit", "so-o", "--lives", "York")
    changed = export(kin, tmp_path)
    assert (
        changed.replace("ADR;TYPE=HOME:;;;York;;;\r\n", "").replace("FN:So Ouse\r\n", "") == FAMILY
    )


def test_an_invalid_date_is_kept_as_text_and_not_in_the_note(kin: Kin, tmp_path: Path) -> None:
    card = (
        "BEGIN:VCARD\nVERSION:3.0\nUID:a\nFN:Ana Silva\nBDAY:circa 1800\nNOTE:glad\n"
        "item1.X-ABDATE:1990-04\nitem1.X-ABLabel:first tea\nEND:VCARD\n"
    )
    assert import_and_export(kin, tmp_path, card) == card
    result = kin("import", str(tmp_path / "0.vcf"), "--dry-run", "--json").json
    assert [each["note"] for each in result["people"]] == ["glad"]
    texts = [each["text"] for each in kin("recall", "ana", "--all", "--json").json["facts"]]
    assert texts == ["glad", "birthday: circa 1800", "first tea: 1990-04"]
    assert kin("find", "1800", "--json").json


def test_a_fact_that_you_add_is_exported_once(
    kin: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_and_export(kin, tmp_path, FAMILY)
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nsed -i 's/^facts:/facts:\\n  sings at dusk/' \"$1\"\n")
    editor.chmod(0o700)
    monkeypatch.setenv("EDITOR", str(editor))
    assert kin("edit", "so-o").code == 0
    once = export(kin, tmp_path)
    assert once.count("sings at dusk") == 1
    for _ in range(3):
        kin("import", str(tmp_path / "out.vcf"))
        assert export(kin, tmp_path) == once


def test_a_record_that_is_not_a_card_does_not_stop_an_export(kin: Kin, tmp_path: Path) -> None:
    origin = '{"kind": "vCard", "key": "a", "raw": "junk"}'
    people = (
        f'[{{"handle": "ana", "name": "Ana", "added_on": "2026-11-23", "origins": [{origin}]}}]'
    )
    file = tmp_path / "book.json"
    file.write_text(f'{{"kin": 1, "people": {people}}}')
    assert kin("import", str(file)).code == 0
    assert "FN:Ana\r\nEND:VCARD" in export(kin, tmp_path).replace("N:;Ana;;;\r\n", "")
