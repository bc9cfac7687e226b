"""A patched card differs only in the lines of what was changed."""

from dataclasses import replace
from difflib import ndiff

import pytest

from kin.formats import vcard
from kin.formats.editor_card import Contact
from kin.formats.records import ImportedTie
from kin.formats.vcard import Changes

PHONE = b"""\
BEGIN:VCARD\r
PRODID:-//Apple Inc.//iPhone OS 17.0//EN\r
N:Okafor;Maya;;;\r
fn;X-A="b:c";PREF=1:Maya Oka\r
 for\r
# a comment\r
item1.EMAIL;type=INTERNET:maya@example.org\r
item1.X-ABLabel:kiln shed\r
EMAIL;type=INTERNET;type=HOME:home@example.org\r
item2.TEL;type=pref:+44 7700 900001\r
item2.X-ABLabel:_$!<Other>!$_\r
TEL;VALUE=uri;TYPE=cell:tel:+1-555-0100;ext=5\r
URL:http\\://maya.example\r
X-SKYPE:maya.o\r
\r
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQ\r
 AAAQABAAD/\r
NICKNAME:Mo,O\\, Maya\r
CATEGORIES:friends,jazz\\, bebop\r
CATEGORIES:kiln\r
BDAY;value=date:1984-03-12\r
NOTE:One\\nTwo\\, thr\r
\tee\r
NOTE:Another\r
item3.X-ABDATE:2019-06-12\r
item3.X-ABLabel:_$!<Anniversary>!$_\r
item4.X-ABRELATEDNAMES:Tom\r
item4.X-ABLabel:_$!<Brother>!$_\r
ADR;TYPE=HOME:;;12 Kiln Lane;Lagos;;;\r
UID:u-1\r
VERSION:3.0\r
END:VCARD\r
"""


def difference(raw: bytes, changes: Changes) -> list[str]:
    """Return the removed (-) and added (+) lines with their line endings, in the order of the card."""
    patched = vcard.patch_card(raw, changes)
    before = [line.decode("latin-1") for line in raw.splitlines(keepends=True)]
    after = [line.decode("latin-1") for line in patched.splitlines(keepends=True)]
    return [line for line in ndiff(before, after) if line[0] in "+-"]


def with_contacts(*add: Contact, without: str = "") -> Changes:
    current = vcard.read_fields(PHONE).contacts
    return Changes(contacts=(*(contact for contact in current if contact.value != without), *add))


CASES = {
    "nothing": (Changes(), []),
    "the same again": (
        Changes(
            name="Maya Okafor",
            uid="u-1",
            nicknames=("O, Maya", "Mo"),
            contacts=vcard.read_fields(PHONE).contacts,
            birthday="1984-03-12",
            dates=(("anniversary", "2019-06-12"),),
            lives="Lagos",
            note="One\nTwo, three\n\nAnother",
            groups=("kiln", "friends", "jazz, bebop"),
            interests=(),
            ties=(ImportedTie("brother", "Tom"),),
        ),
        [],
    ),
    "a name": (
        Changes(name="Maya Becker, jr"),
        ['- fn;X-A="b:c";PREF=1:Maya Oka\r\n', '+ fn;X-A="b:c";PREF=1:Maya Becker\\, jr\r\n', "-  for\r\n"],
    ),
    "a UID": (Changes(uid="u;2"), ["- UID:u-1\r\n", "+ UID:u\\;2\r\n"]),
    "a birthday without a year": (
        Changes(birthday="--02-29"),
        ["- BDAY;value=date:1984-03-12\r\n", "+ BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29\r\n"],
    ),
    "no birthday": (Changes(birthday=""), ["- BDAY;value=date:1984-03-12\r\n"]),
    "a note": (
        Changes(note="é, ü;\n" + "x" * 66),
        [
            "- NOTE:One\\nTwo\\, thr\r\n",
            "- \tee\r\n",
            "- NOTE:Another\r\n",
            "+ NOTE:Ã©\\, Ã¼\\;\\n" + "x" * 59 + "\r\n",
            "+  " + "x" * 7 + "\r\n",
        ],
    ),
    "no note": (
        Changes(note=""),
        ["- NOTE:One\\nTwo\\, thr\r\n", "- \tee\r\n", "- NOTE:Another\r\n"],
    ),
    "nicknames": (
        Changes(nicknames=("O, Maya", "Mimi")),
        ["- NICKNAME:Mo,O\\, Maya\r\n", "+ NICKNAME:O\\, Maya,Mimi\r\n"],
    ),
    "no nicknames": (Changes(nicknames=()), ["- NICKNAME:Mo,O\\, Maya\r\n"]),
    "a group less": (
        Changes(groups=("jazz, bebop", "kiln")),
        ["- CATEGORIES:friends,jazz\\, bebop\r\n", "+ CATEGORIES:jazz\\, bebop\r\n"],
    ),
    "a group more": (
        Changes(groups=("friends", "jazz, bebop", "kiln", "crew; two")),
        ["- CATEGORIES:kiln\r\n", "+ CATEGORIES:kiln,crew\\; two\r\n"],
    ),
    "an interest more": (
        Changes(interests=("glazes",)),
        ["- CATEGORIES:kiln\r\n", "+ CATEGORIES:kiln,glazes\r\n", "+ X-KIN-INTEREST:glazes\r\n"],
    ),
    "an interest that is a group as well": (
        Changes(interests=("kiln",)),
        ["+ X-KIN-INTEREST:kiln\r\n", "+ X-KIN-GROUP:kiln\r\n"],
    ),
    "an address more": (
        with_contacts(Contact("email", "new@example.org", "work")),
        ["+ EMAIL;TYPE=WORK:new@example.org\r\n"],
    ),
    "a number with a label of its own": (
        with_contacts(Contact("phone", "+44 1;2", "Kiln, shed")),
        ["+ item5.TEL:+44 1\\;2\r\n", "+ item5.X-ABLabel:Kiln\\, shed\r\n"],
    ),
    "a link more": (
        with_contacts(Contact("link", "https://x.org/a,b;c")),
        ["+ URL:https://x.org/a,b;c\r\n"],
    ),
    "an account more": (
        with_contacts(Contact("link", "mo", "telegram")),
        ["+ X-TELEGRAM:mo\r\n"],
    ),
    "an address less, with its label": (
        with_contacts(without="maya@example.org"),
        ["- item1.EMAIL;type=INTERNET:maya@example.org\r\n", "- item1.X-ABLabel:kiln shed\r\n"],
    ),
    "an account less": (with_contacts(without="maya.o"), ["- X-SKYPE:maya.o\r\n"]),
    "another label": (
        with_contacts(Contact("email", "home@example.org", "work"), without="home@example.org"),
        [
            "- EMAIL;type=INTERNET;type=HOME:home@example.org\r\n",
            "+ EMAIL;TYPE=WORK:home@example.org\r\n",
        ],
    ),
    "another day": (
        Changes(dates=(("anniversary", "2019-06-12"), ("name day", "--03-01"))),
        [
            "+ item5.X-ABDATE;X-APPLE-OMIT-YEAR=1604:1604-03-01\r\n",
            "+ item5.X-ABLabel:name day\r\n",
        ],
    ),
    "no days": (
        Changes(dates=()),
        ["- item3.X-ABDATE:2019-06-12\r\n", "- item3.X-ABLabel:_$!<Anniversary>!$_\r\n"],
    ),
    "other ties": (
        Changes(ties=(ImportedTie("aunt", "Ann"),)),
        [
            "- item4.X-ABRELATEDNAMES:Tom\r\n",
            "- item4.X-ABLabel:_$!<Brother>!$_\r\n",
            "+ item5.X-ABRELATEDNAMES:Ann\r\n",
            "+ item5.X-ABLabel:aunt\r\n",
        ],
    ),
    "a town in a full address": (Changes(lives="Berlin"), []),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "lines"), CASES.values(), ids=CASES.keys())
def test_only_the_lines_of_the_change_differ(changes: Changes, lines: list[str]) -> None:
    assert sorted(difference(PHONE, changes)) == sorted(lines)


def test_the_label_none_keeps_the_label_of_the_card() -> None:
    bare = tuple(replace(contact, label=None) for contact in vcard.read_fields(PHONE).contacts)
    assert vcard.patch_card(PHONE, Changes(contacts=bare)) == PHONE


def test_lines_are_added_before_the_end() -> None:
    raw = b"BEGIN:VCARD\nVERSION:3.0\nFN:Maya\nEND:VCARD\n"
    assert vcard.patch_card(raw, Changes(birthday="1984-03-12", uid="1", lives="Lagos")) == (
        b"BEGIN:VCARD\nVERSION:3.0\nFN:Maya\nUID:1\nBDAY:1984-03-12\nADR;TYPE=HOME:;;;Lagos;;;\nEND:VCARD\n"
    )


def test_a_town_in_an_address_of_its_own_is_changed() -> None:
    raw = b"BEGIN:VCARD\nFN:Maya\nADR;HOME:;;;Lagos;;;\nEND:VCARD\n"
    moved = raw.replace(b"Lagos", b"Berlin\\, Mitte")
    assert vcard.patch_card(raw, Changes(lives="Berlin, Mitte")) == moved
    assert vcard.patch_card(moved, Changes(lives="")) == b"BEGIN:VCARD\nFN:Maya\nEND:VCARD\n"


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_line_endings_are_those_of_the_card(end: bytes) -> None:
    raw = end.join([b"BEGIN:VCARD", b"VERSION:3.0", b"FN:Maya", b"END:VCARD", b""])
    after = end.join([b"BEGIN:VCARD", b"VERSION:3.0", b"FN:Mo", b"NOTE:x\\ny", b"END:VCARD", b""])
    assert vcard.patch_card(raw, Changes(name="Mo", note="x\ny")) == after


def test_a_2_1_card_gets_quoted_printable_where_it_is_needed() -> None:
    raw = b"BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=ISO-8859-1:M\xfcller\r\nTEL;CELL:1\r\nEND:VCARD\r\n"
    note = "Zoë, at 5;\n" + "word " * 20
    changes = Changes(
        note=note, contacts=(Contact("phone", "1"), Contact("phone", "2", "work fax"))
    )
    assert vcard.patch_card(raw, changes) == (
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=ISO-8859-1:M\xfcller\r\nTEL;CELL:1\r\n"
        b"NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Zo=C3=AB\\, at 5\\;=0D=0Aword w=\r\n"
        b"=6Frd word word word word word word word word word word word word word wor=\r\n"
        b"=64 word word word word=20\r\n"
        b"TEL;WORK;FAX:2\r\nEND:VCARD\r\n"
    )
    assert vcard.read_fields(vcard.patch_card(raw, changes)).note == note


def test_a_changed_value_loses_its_encoding_parameter() -> None:
    raw = b"BEGIN:VCARD\nVERSION:3.0\nFN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FC\nEND:VCARD\n"
    assert vcard.patch_card(raw, Changes(name="Mü")) == raw
    assert b"\nFN:Zo\xc3\xab\n" in vcard.patch_card(raw, Changes(name="Zoë"))


def test_a_4_0_card_uses_its_own_properties() -> None:
    raw = b"BEGIN:VCARD\nVERSION:4.0\nFN:Maya\nINTEREST;LEVEL=high:jazz, bebop\nCATEGORIES:kiln\nEND:VCARD\n"
    changes = Changes(
        birthday="--02-29",
        contacts=(Contact("phone", "1", "mobile"),),
        dates=(("anniversary", "2019-06-12"),),
        interests=("jazz, bebop", "kiln"),
        ties=(
            ImportedTie("spouse", "Tom, jr"),
            ImportedTie("aunt", "Ann"),
            ImportedTie("kin", "", "u-2"),
        ),
    )
    assert vcard.patch_card(raw, changes).decode().splitlines()[5:-1] == [
        "BDAY:--0229",
        "TEL;TYPE=cell:1",
        "ANNIVERSARY:20190612",
        "RELATED;TYPE=spouse;VALUE=text:Tom\\, jr",
        "item1.RELATED;VALUE=text:Ann",
        "item1.X-ABLabel:aunt",
        "RELATED;TYPE=kin:urn:uuid:u-2",
        "INTEREST:kiln",
    ]
    assert vcard.read_fields(vcard.patch_card(raw, changes)).groups == ("kiln",)


def test_a_tie_to_another_card_stays_whatever_its_name() -> None:
    raw = b"BEGIN:VCARD\nVERSION:4.0\nFN:Maya\nRELATED;TYPE=spouse:urn:uuid:u-2\nEND:VCARD\n"
    assert vcard.patch_card(raw, Changes(ties=(ImportedTie("spouse", "Tom", "u-2"),))) == raw


def test_interests_and_groups_are_distinguished_when_read_back() -> None:
    raw = b"BEGIN:VCARD\nVERSION:3.0\nFN:Maya\nCATEGORIES:crew\nEND:VCARD\n"
    both = vcard.patch_card(raw, Changes(interests=("kiln", "crew")))
    assert (vcard.read_fields(both).groups, vcard.read_fields(both).interests) == (
        ("crew",),
        ("kiln", "crew"),
    )
    assert vcard.patch_card(both, Changes(interests=())).replace(
        b"X-KIN-GROUP:crew\n", b""
    ) == raw.replace(b"CATEGORIES:crew\n", b"")
    assert vcard.read_fields(vcard.patch_card(both, Changes(interests=()))).groups == ("crew",)


def test_the_card_of_an_agent_is_not_touched() -> None:
    raw = b"BEGIN:VCARD\nVERSION:2.1\nFN:Maya\nAGENT:\nBEGIN:VCARD\nFN:Ann\nNOTE:hers\nEND:VCARD\nEND:VCARD\n"
    assert vcard.patch_card(raw, Changes(name="Mo", note="x")) == raw.replace(
        b"Maya", b"Mo"
    ).replace(b"\nEND:VCARD\nEND:VCARD", b"\nEND:VCARD\nNOTE:x\nEND:VCARD")
    unclosed = raw.removesuffix(b"END:VCARD\nEND:VCARD\n")
    assert vcard.read_fields(vcard.patch_card(unclosed, Changes(note="x"))).note == "x"
    assert (
        vcard.patch_card(raw, Changes(ties=())) == b"BEGIN:VCARD\nVERSION:2.1\nFN:Maya\nEND:VCARD\n"
    )


def test_a_card_without_an_end_gets_the_line_but_no_end() -> None:
    raw = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Maya"
    assert vcard.patch_card(raw, Changes(note="x")) == raw + b"\r\nNOTE:x\r\n"


def test_an_unfinished_line_swallows_nothing() -> None:
    raw = b"BEGIN:VCARD\nVERSION:2.1\nFN:Maya\nTITLE;QUOTED-PRINTABLE:a=\nEND:VCARD\n"
    assert vcard.patch_card(raw, Changes(note="x")) == raw.replace(b"TITLE", b"NOTE:x\nTITLE")


def test_the_broken_rest_of_a_line_is_removed_with_it() -> None:
    raw = b"BEGIN:VCARD\nFN:Maya\nNOTE:mine\nEMAIL:a@x.org\nof the kiln\n\nTEL:1\nEND:VCARD\n"
    patched = vcard.patch_card(raw, Changes(contacts=(Contact("phone", "1"),)))
    assert patched == b"BEGIN:VCARD\nFN:Maya\nNOTE:mine\n\nTEL:1\nEND:VCARD\n"


def test_bytes_around_the_card_stay() -> None:
    raw = b"\xef\xbb\xbf\r\nhello\r\nBEGIN:VCARD\r\nFN:A\r\nEND:VCARD\r\n\r\nBEGIN:VCARD\r\nFN:B\r\nEND:VCARD"
    assert vcard.patch_card(raw, Changes(name="C")) == raw.replace(b"FN:A", b"FN:C")


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_utf_16_card_stays_one(codec: str) -> None:
    text = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zoë\r\nX-A:日本\r\nEND:VCARD\r\n"
    patched = vcard.patch_card(text.encode(codec), Changes(name="Maya"))
    assert patched == text.replace("Zoë", "Maya").encode(codec)


def test_a_group_name_that_is_taken_is_not_used_again() -> None:
    raw = b"BEGIN:VCARD\nFN:Maya\nITEM1.TEL:1\nitem2.X-OTHER:x\nEND:VCARD\n"
    patched = vcard.patch_card(raw, Changes(dates=(("name day", "2019-06-12"),)))
    assert b"item3.X-ABDATE:2019-06-12\n" in patched


@pytest.mark.parametrize("raw", [b"", b"FN:Maya\n", b"BEGIN:VCALENDAR\nEND:VCALENDAR\n"])
def test_bytes_that_are_not_a_card_are_not_patched(raw: bytes) -> None:
    with pytest.raises(vcard.VcardError, match=r"This is not a vCard\."):
        vcard.patch_card(raw, Changes(name="Maya"))


def test_a_card_that_is_too_big_is_not_patched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kin.formats.vcard.lines.MAX_CARD_SIZE", 100)
    with pytest.raises(vcard.VcardError, match="too big"):
        vcard.patch_card(PHONE, Changes(name="Maya"))


def test_a_name_is_never_removed() -> None:
    with pytest.raises(ValueError, match="needs a name"):
        vcard.patch_card(PHONE, Changes(name=""))
