"""Cards that leave the book: whole, and in the bytes they came in where nobody changed them."""

from pathlib import Path

import pytest

from tests.conftest import Kin

FAMILY = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:ouse\r\nN:Ouse;So;;;\r\nNICKNAME:So Ouse\r\n"
    "TEL:+44 1234 567890\r\nTEL:01234 567890\r\nCATEGORIES:zeta,alpha\r\n"
    "X-SPOUSE:Sp Ouse\r\nRELATED;TYPE=parent;VALUE=text:Ma Ma\r\nAGENT:\r\n"
    "BEGIN:VCARD\r\nFN:Age Nt\r\nEND:VCARD\r\nNOTE:one\r\nNOTE:two\r\nEND:VCARD\r\n"
)


def taken(kin: Kin, tmp_path: Path, *cards: str) -> str:
    """Let cards come in, each from its own file; return those that leave."""
    files = [tmp_path / f"{number}.vcf" for number, _ in enumerate(cards)]
    for file, card in zip(files, cards, strict=True):
        file.write_bytes(card.encode())
    assert kin("import", *map(str, files)).code == 0
    return sent(kin, tmp_path)


def sent(kin: Kin, tmp_path: Path, *words: str) -> str:
    file = tmp_path / "out.vcf"
    assert kin("export", "--format", "vcard", "--to", str(file), "--force", *words).code == 0
    return file.read_bytes().decode()


def test_a_card_without_its_end_harms_no_other(kin: Kin, tmp_path: Path) -> None:
    cut = "BEGIN:VCARD\nVERSION:3.0\nFN:Alpha No End\nTEL:1234567"
    assert taken(kin, tmp_path, cut, FAMILY) == f"{cut}\nEND:VCARD\n{FAMILY}"
    kin("edit", "alpha", "--birthday", "12 march 1984")
    assert sent(kin, tmp_path) == f"{cut}\nBDAY:1984-03-12\nEND:VCARD\n{FAMILY}"


def test_a_note_does_not_grow_by_what_stands_in_lines_of_its_own(kin: Kin, tmp_path: Path) -> None:
    assert taken(kin, tmp_path, FAMILY) == FAMILY
    for _ in range(3):
        kin("import", str(tmp_path / "out.vcf"))
        assert sent(kin, tmp_path) == FAMILY
    kin("edit", "so-o", "--lives", "York")
    changed = sent(kin, tmp_path)
    assert (
        changed.replace("ADR;TYPE=HOME:;;;York;;;\r\n", "").replace("FN:So Ouse\r\n", "") == FAMILY
    )


def test_a_day_that_is_no_day_stays_as_text_and_out_of_the_note(kin: Kin, tmp_path: Path) -> None:
    card = (
        "BEGIN:VCARD\nVERSION:3.0\nUID:a\nFN:Ana Silva\nBDAY:circa 1800\nNOTE:glad\n"
        "item1.X-ABDATE:1990-04\nitem1.X-ABLabel:first tea\nEND:VCARD\n"
    )
    assert taken(kin, tmp_path, card) == card
    told = kin("import", str(tmp_path / "0.vcf"), "--dry-run", "--json").json
    assert [each["note"] for each in told["people"]] == ["glad"]
    texts = [each["text"] for each in kin("mirror", "ana", "--json").json["remarks"]]
    assert texts == ["glad", "birthday: circa 1800", "first tea: 1990-04"]
    assert kin("find", "1800", "--json").json


def test_what_you_write_beside_a_cards_note_goes_out_once(
    kin: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken(kin, tmp_path, FAMILY)
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nsed -i 's/^remarks:/remarks:\\n  sings at dusk/' \"$1\"\n")
    editor.chmod(0o700)
    monkeypatch.setenv("EDITOR", str(editor))
    assert kin("edit", "so-o").code == 0
    once = sent(kin, tmp_path)
    assert once.count("sings at dusk") == 1
    for _ in range(3):
        kin("import", str(tmp_path / "out.vcf"))
        assert sent(kin, tmp_path) == once


def test_a_record_that_is_no_card_stops_no_export(kin: Kin, tmp_path: Path) -> None:
    origin = '{"kind": "vCard", "key": "a", "raw": "junk"}'
    people = (
        f'[{{"handle": "ana", "name": "Ana", "added_on": "2026-11-23", "origins": [{origin}]}}]'
    )
    file = tmp_path / "book.json"
    file.write_text(f'{{"kin": 1, "people": {people}}}')
    assert kin("import", str(file)).code == 0
    assert "FN:Ana\r\nEND:VCARD" in sent(kin, tmp_path).replace("N:;Ana;;;\r\n", "")
