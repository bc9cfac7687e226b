"""Any card: nothing raises, and a change touches only the lines of its field."""

from dataclasses import fields as fields_of, replace
from itertools import takewhile

from hypothesis import given, settings, strategies as st

from kin.formats import vcard
from kin.formats.editor_card import Contact
from kin.formats.records import ImportedTie
from kin.formats.vcard import Changes
from kin.formats.vcard.lines import RawCard, parse_line, split_cards, unfold_lines

HEADS = [
    *(b"FN N NICKNAME EMAIL TEL URL BDAY NOTE CATEGORIES UID ORG ADR VERSION INTEREST HOBBY".split()),
    *(b"X-ABDATE ANNIVERSARY X-ABRELATEDNAMES RELATED AGENT X-SPOUSE X-SKYPE IMPP X-KIN-INTEREST".split()),
    *(b"X-KIN-GROUP X-ANDROID-CUSTOM PHOTO KEY X-messaging/xmpp-All fn Note tel X-JUNK REV".split()),
    b"item1.TEL", b"item1.X-ABLabel", b"item1.EMAIL", b"item2.X-ABDATE", b"item2.X-ABLabel",
    b"ITEM1.URL", b"item1.X-ABADR", b"A.B.NOTE", b"#FN", b" FN", b"FN ", b"bad name", b"\xc3\xa9", b"",
]  # fmt: skip
PARAMS = [
    b"TYPE=HOME", b"TYPE=\"work,fax\"", b"CELL", b"type=pref", b"PREF=1", b"QUOTED-PRINTABLE",
    b"ENCODING=QUOTED-PRINTABLE", b"ENCODING=b", b"BASE64", b"CHARSET=UTF-8", b"CHARSET=SHIFT_JIS",
    b"CHARSET=ISO-8859-1", b"CHARSET=ISO-2022-JP", b"CHARSET=nonsense", b"VALUE=uri", b"VALUE=text",
    b"X-APPLE-OMIT-YEAR=1604", b'X-A="a:b;c"', b'X-B="', b"=", b"X-SERVICE-TYPE=Skype", b"\xe9=\xe9",
]  # fmt: skip
VALUES = [
    b"a", b"b", b"Maya", b"pottery", b"kiln", b"x y", b" ", b",", b";", b":", b"=", b"\\", b"\\n", b"\\,", b"\\;",
    b"\\\\", b"=\n", b"=\r\n ", b"=C3=A9", b"=3D", b"=0D=0A", b"\xc3\xa9", b"\xe9", b"\x83\\", b"\x1b$B$\"\x1b(B",
    b"\0", b"\n ", b"\r\n\t", b"\n", b"\n\n", b"AAAA", b"\nAAAA==", b"1984-03-12", b"--0312", b"1604-03-12",
    b"20190612", b"+44 1", b"tel:+1;ext=5", b"a@b.c", b"http://x.y", b"urn:uuid:u1", b"#", b"\n#", b"\nEND:VCARD",
    b"\nBEGIN:VCARD", b"_$!<Mother>!$_", b"vnd.android.cursor.item/nickname;Mo;1", b"\xed\xa0\xbd\xed\xb8\x80", b"\x0b",
    b"vnd.android.cursor.item/contact_event;2019-06-12;1", b"\xe2\x80\xa8", b"\xef\xbb\xbf", b"\nFN", b"\nline two",
]  # fmt: skip
ENDS = [b"\n", b"\r\n", b"\n\n", b"", b"\r\r\n", b"=\n"]
FRAMES = [
    b"BEGIN:VCARD\n", b"END:VCARD\n", b"VERSION:2.1\n", b"VERSION:3.0\r\n", b"VERSION:4.0\n",
    b"AGENT:\nBEGIN:VCARD\nFN:Agent\nEND:VCARD\n", b"AGENT:\nBEGIN:VCARD\n", b"begin:vcard \n",
    b"AGENT:BEGIN:VCARD\\nFN:Agent\\nEND:VCARD\\n\n", b"END:VCARDBEGIN:VCARD\n", b"\n", b"junk\n", b"\tfold\n",
]  # fmt: skip


def _joined(parts: list[bytes]) -> bytes:
    return b"".join(parts)


def lines() -> st.SearchStrategy[bytes]:
    head = st.sampled_from(HEADS)
    params = st.lists(st.sampled_from(PARAMS), max_size=3).map(
        lambda all: b"".join(b";" + each for each in all)
    )
    value = st.lists(st.sampled_from(VALUES), max_size=6).map(_joined)
    line = st.tuples(head, params, st.just(b":"), value, st.sampled_from(ENDS)).map(b"".join)
    return st.one_of(line, line, line, st.sampled_from(FRAMES))


def files() -> st.SearchStrategy[bytes]:
    frames = st.tuples(st.sampled_from([b"\n", b"\r\n"]), st.sampled_from([b"END:VCARD", b""]))
    whole = st.tuples(frames, st.lists(lines(), max_size=12)).map(
        lambda all: b"".join([b"BEGIN:VCARD", all[0][0], *all[1], all[0][1], all[0][0]])
    )
    # A CR next to the LF of a blank line is one line ending: files have one or the other.
    bare = whole.map(lambda data: data.replace(b"\r\n", b"\n").replace(b"\n", b"\r"))
    return st.one_of(whole, whole, bare)


WORDS = st.one_of(
    st.sampled_from(
        ["Maya", "pottery", "kiln", "a", "b", "x,y", "x;y", "a\\n", "é", "ソ", "=41", "END:VCARD"]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=90),
).map(lambda words: " ".join(words.split()) or "z")
DAYS = st.sampled_from(["1984-03-12", "--02-29", "2019-06-12"])
MANY = st.lists(WORDS, max_size=3, unique=True).map(tuple)
NOTES = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=200)
LABELS = st.one_of(st.none(), st.sampled_from(["home", "work", "mobile", "work fax", "Kiln"]))
CONTACTS = st.builds(Contact, st.sampled_from(["email", "phone", "link"]), WORDS, LABELS)
CHANGES = st.one_of(
    st.builds(Changes, name=WORDS),
    st.builds(Changes, uid=WORDS),
    st.builds(Changes, note=NOTES.map(lambda note: note if note.strip() else "")),
    st.builds(Changes, birthday=st.one_of(DAYS, st.just(""))),
    st.builds(Changes, nicknames=MANY),
    st.builds(Changes, groups=MANY),
    st.builds(Changes, interests=MANY),
    st.builds(Changes, groups=MANY, interests=MANY),
    st.builds(Changes, contacts=st.lists(CONTACTS, max_size=3, unique_by=lambda contact: (contact.kind, contact.value)).map(tuple)),
    st.builds(Changes, dates=st.dictionaries(st.sampled_from(["anniversary", "name day", "été"]), DAYS, max_size=2).map(
        lambda days: tuple(days.items()))),
    st.builds(Changes, ties=st.lists(st.builds(ImportedTie, st.sampled_from(["spouse", "aunt", "mother"]), WORDS), max_size=2,
        unique=True).map(tuple)),
)  # fmt: skip
OF_FIELD = {
    "name": "FN",
    "uid": "UID",
    "note": "NOTE",
    "birthday": "BDAY X-ANDROID-CUSTOM",
    "nicknames": "NICKNAME X-ANDROID-CUSTOM",
    "groups": "CATEGORIES X-KIN-GROUP X-KIN-INTEREST",
    "interests": "CATEGORIES X-KIN-GROUP X-KIN-INTEREST INTEREST HOBBY",
    "contacts": "EMAIL TEL URL X-SKYPE IMPP X-MESSAGING/XMPP-ALL X-ABLABEL X-ABADR X-GOOGLE-TALK",
    "dates": "X-ABDATE ANNIVERSARY X-ANDROID-CUSTOM X-ABLABEL X-ABADR",
    "ties": "X-ABRELATEDNAMES RELATED X-SPOUSE AGENT X-ABLABEL X-ABADR",
}


def others(raw: bytes, names: list[str]) -> bytes:
    """Return everything outside the lines of some properties, line endings included."""
    card = next(found for found in split_cards(raw) if isinstance(found, RawCard))
    kept = []
    mine = False
    for line in unfold_lines(card.lines):
        physical = card.lines[line.start : line.end]
        if line.kind == "property":
            mine = parse_line(line.text)[0].name in names
        elif line.kind in ("boundary", "comment"):
            mine = False
        kept += blank_tail(physical) if mine else physical
    return b"".join(kept)


def blank_tail(physical: list[bytes]) -> list[bytes]:
    """Return the blank lines after a line with text: they belong to no property."""
    blank = takewhile(lambda line: not line.strip(b"\r\n"), reversed(physical[1:]))
    return [*blank][::-1]


def changed_fields(changes: Changes) -> dict[str, object]:
    changed = {each.name: getattr(changes, each.name) for each in fields_of(changes)}
    return {name: value for name, value in changed.items() if value is not None}


def check_file(data: bytes) -> None:
    records = vcard.read_file(data, "f.vcf")
    begun = sum(isinstance(found, RawCard) for found in split_cards(data))
    assert len(records.people) + len(records.skipped) + len(records.warnings) >= begun
    for person in records.people:
        assert person.name == person.name.strip() != ""
        repr(person).encode()


def check_patch(raw: bytes, changes: Changes) -> None:
    assert vcard.patch_card(raw, Changes()) == raw
    patched = vcard.patch_card(raw, changes)
    before, after = vcard.read_fields(raw), vcard.read_fields(patched)
    changed = changed_fields(changes)
    for name, value in changed.items():
        found = getattr(after, name)
        if changes.contacts is not None:
            wanted = {(contact.kind, contact.value) for contact in changes.contacts}
            assert {(contact.kind, contact.value) for contact in after.contacts} == wanted
        elif isinstance(value, tuple):
            assert set(found) == set(value)
        else:
            assert (found or "") == value
    kept = {name: getattr(before, name) for name in changed}
    assert replace(after, **kept, unread=before.unread, unread_texts=before.unread_texts) == before
    names = ["X-KIN-CHARSET", *(name for each in changed for name in OF_FIELD[each].split())]
    assert others(patched, names) == others(raw, names)
    assert vcard.patch_card(patched, changes) == patched


@given(files())
@settings(max_examples=300, deadline=None)
def test_any_bytes_can_be_read(data: bytes) -> None:
    check_file(data)


@given(files(), CHANGES)
@settings(max_examples=300, deadline=None)
def test_a_change_reads_back_and_changes_nothing_else(raw: bytes, changes: Changes) -> None:
    check_patch(raw, changes)
