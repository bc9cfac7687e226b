"""Forgetting leaves addresses, keys and names of others as they are, and lists each; so does `recall --all`."""

from pathlib import Path

import pytest

from kin.privacy import mentions
from tests.conftest import Kin
from tests.terminal import on_terminal

BEN = """BEGIN:VCARD
VERSION:3.0
UID:tom-husband-of-maya-okafor
FN:Ben Hart
FN:Ben\\, Maya Okafor's brother
N:Hart;Ben;of Maya Okafor
URL:https://x.example/maya-okafor
URL:../Maya%20Okafor
EMAIL:MAYA.OKAFOR@x.example
IMPP:xmpp:mayaokafor@x.example
END:VCARD
"""
TOM = "BEGIN:VCARD\nVERSION:3.0\nUID:friend-maya-o\nFN:Tom Baker\nEND:VCARD\n"


@pytest.fixture
def named(kin: Kin, tmp_path: Path) -> Kin:
    """Return kin with Maya Okafor named in every column that is an address, a key or a name."""
    kin("me", "--name", "Robin, Maya Okafor’s brother")
    kin("add", "Maya Okafor", "--email", "maya.okafor@maya.example")
    kin("add", "Maya Grace Okafor", "--email", "maya.okafor@grace.example")
    kin("add", "Maya Olsen", "--email", "maya@olsen.example")
    kin("add", "Zed Byron", "--link", "https://x.example/Okafor/Maya")
    kin("edit", "zed", "--handle", "zed-maya-okafor")
    kin("add", "Maya Okafor’s mum")
    (tmp_path / "ben.vcf").write_text(BEN)
    assert kin("import", str(tmp_path / "ben.vcf")).code == 0
    folder = tmp_path / "maya_okafor cards"
    folder.mkdir()
    (folder / "MAYA-OKAFOR-friend.vcf").write_text(TOM)
    assert kin("sync", str(folder)).code == 0
    return kin


def test_every_place_that_stays_is_listed(named: Kin, tmp_path: Path) -> None:
    planned = named("forget", "@maya-o", "--dry-run", "--json").json["unchanged"]
    places = {
        (each["where"], *(who["handle"] for who in each["people"]), each["text"])
        for each in planned
    }
    assert places == {
        ("name", "me", "Robin, Maya Okafor’s brother"),
        ("name", "maya-m", "Maya Okafor’s mum"),
        ("handle", "zed-maya-okafor", "zed-maya-okafor"),
        ("contact", "zed-maya-okafor", "https://x.example/Okafor/Maya"),
        ("contact", "ben-h", "https://x.example/maya-okafor"),
        ("contact", "ben-h", "../Maya%20Okafor"),
        ("contact", "ben-h", "MAYA.OKAFOR@x.example"),
        ("contact", "ben-h", "xmpp:mayaokafor@x.example"),
        ("file", "tom-b", "MAYA-OKAFOR-friend.vcf"),
        ("file", "ben-h", "tom-husband-of-maya-okafor.vcf"),
        ("uid", "tom-b", "friend-maya-o"),
        ("uid", "ben-h", "tom-husband-of-maya-okafor"),
        ("folder", str(tmp_path / "maya_okafor cards")),
        ("card", "ben-h", "Ben, Maya Okafor's brother"),
        ("card", "ben-h", "Hart;Ben;of Maya Okafor"),
    }
    listed = named("recall", "@maya-o", "--all", "--json").json["named_elsewhere"]
    assert all(each in listed for each in planned)
    shown = named("recall", "@maya-o", "--all").out
    output = named("forget", "@maya-o", "--dry-run").out
    for each in planned:
        assert each["text"] in shown and each["text"] in output
    assert "stays: contact of Ben Hart: ../Maya%20Okafor\n" in output
    done = named("forget", "@maya-o", "--yes", "--json").json
    assert done["unchanged"] == planned
    people = {each["name"]: each for each in named("people", "--json").json}
    contacts = {each["value"] for each in people["Ben Hart"]["contacts"]}
    assert {"https://x.example/maya-okafor", "../Maya%20Okafor"} <= contacts


def test_forgetting_lists_what_stays_too(named: Kin) -> None:
    output = named("forget", "@maya-o", "--yes").out
    assert "stays: file of Tom Baker: MAYA-OKAFOR-friend.vcf\n" in output
    assert "Maya Okafor’s mum (maya-m) has that name too: kin edit maya-m " in output


def test_names_that_are_someone_elses_are_not_listed(kin: Kin) -> None:
    kin("add", "Maya Olsen")
    twin = kin("add", "Maya Olsen", "--anyway", "--email", "maya.olsen@x.example", "--json").json
    kin("add", "Maya Grace Olsen", "--link", "https://x.example/maya-olsen")
    kin("add", "Maya", "--email", "maya@x.example")
    for handle in ("maya-o", "maya"):
        planned = kin("forget", f"@{handle}", "--dry-run", "--json").json
        assert (planned["unchanged"], planned["changes"]) == ([], []), (handle, twin)


@pytest.mark.parametrize(
    ("name", "value", "stays"),
    [
        ("Zoë O’Brien", "https://x.example/zoe_obrien", True),
        ("Zoë O’Brien", "zo%C3%AB.o%E2%80%99brien@x.example", True),
        ("Jean-Luc Picard", "jeanlucpicard@x.example", True),
        ("Tom James Baker", "tom.baker84@x.example", True),
        ("李 娜", "https://x.example/李娜", True),
        ("प्रिया शर्मा", "https://x.example/प्रिया-शर्मा", True),
        ("Ann Lee", "joann.leeds@x.example", False),
        ("Ann Lee", "ann@x.example", False),
        ("Zanzibar", "zanzibar@x.example", True),
        ("Rose", "rose@x.example", False),
    ],
)
def test_the_full_name_is_found_however_it_is_separated(
    name: str, value: str, stays: bool, kin: Kin
) -> None:
    handle = kin("add", name, "--json").json["handle"]
    kin("add", "Ben Hart", "--link", value)
    planned = kin("forget", f"@{handle}", "--dry-run", "--json").json["unchanged"]
    assert [each["text"] for each in planned] == [value] * stays


def test_what_stays_is_listed_before_the_question(named: Kin) -> None:
    seen = on_terminal(["forget", "@maya-o"], [("?", "n")], columns=200)
    assert seen.screen.index("stays: card of Ben Hart") < seen.screen.index("Forget Maya Okafor?")


def test_control_without_the_search_for_full_names_nothing_is_listed(
    named: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mentions.FullNamePattern, "is_in", lambda *_, **__: False)
    with pytest.raises(AssertionError):
        test_every_place_that_stays_is_listed(named, tmp_path)
