"""Forgetting a person whose name is shorter than “someone”: a text of the maximum length still fits."""

import pytest

from tests.conftest import Kin

FULL = "with Ilo, " * 20  # 200 characters, the maximum of a short text

FIELDS = {
    "town": ("edit", "tom-b", "--lives", FULL.strip()),
    "place": ("edit", "tom-b", "--met", "x", "--at", FULL.strip()),
    "nickname": ("edit", "tom-b", "--nick", FULL.strip()),
    "date": ("edit", "tom-b", "--date", f"{FULL.strip()}=3 may"),
    "group": ("edit", "tom-b", "--group", FULL.strip()),
    "interest": ("edit", "tom-b", "--into", FULL.strip()),
    "tie": ("tie", "tom-b", "zoe", "--as", FULL.strip()),
    "question": ("ask", "tom-b", "with Ilo, " * 199),
    "place of a note": ("note", "tea with Tom Becker", "--at", FULL.strip()),
}


@pytest.mark.parametrize("field", FIELDS)
def test_a_text_of_the_maximum_length_stays(field: str, met: Kin) -> None:
    met("add", "Ilo Quist")
    assert met(*FIELDS[field]).code == 0
    people = len(met("people", "--json").json)
    assert met("forget", "ilo", "--yes").code == 0
    assert len(met("people", "--json").json) == people - 1
    whole = met("export").out
    assert "Ilo" not in whole and "with someone, with someone" in whole
    assert met("doctor", "--json").json["checks"][0]["state"] != "wrong"
