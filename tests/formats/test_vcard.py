"""Cards are read as phones and programs write them, whatever the standards say."""

from io import BytesIO

import pytest

from kin.errors import UsageError
from kin.formats import vcard
from kin.formats.editor_card import CardInterest, Contact
from kin.formats.records import ImportedPerson, ImportedRecords, ImportedTie


def card(*lines: str | bytes, version: str = "3.0", end: bytes = b"\r\n") -> bytes:
    """Return a card of these lines, which may be folded already."""
    raw = [line if isinstance(line, bytes) else line.encode() for line in lines]
    return end.join([b"BEGIN:VCARD", f"VERSION:{version}".encode(), *raw, b"END:VCARD", b""])


def read(data: bytes, **how: str) -> ImportedRecords:
    return vcard.read_file(data, "people.vcf", encoding=how.get("encoding"))


def person(*lines: str | bytes, version: str = "3.0", end: bytes = b"\r\n") -> ImportedPerson:
    """Return the one person on a card of these lines; it must be read without a warning."""
    records = read(card("FN:Maya Okafor", *lines, version=version, end=end))
    assert (len(records.people), records.skipped, records.warnings) == (1, (), ())
    return records.people[0]


def reasons(records: ImportedRecords) -> list[tuple[str, str]]:
    return [(each.where, each.why) for each in (*records.skipped, *records.warnings)]


def test_a_card_from_a_phone_is_read_completely() -> None:
    raw = card(
        "PRODID:-//Apple Inc.//iPhone OS 17.0//EN",
        "N:Okafor;Maya;;;",
        "FN:Maya Okafor",
        "NICKNAME:Mo,O\\, Maya",
        "ORG:Kiln & Co;Glazes",
        "TITLE:Potter",
        "EMAIL;type=INTERNET;type=HOME;type=pref:maya@example.org",
        "item1.TEL:+44 7700 900001",
        "item1.X-ABLabel:kiln shed",
        "item2.URL;type=pref:https\\://maya.example/kiln",
        "item2.X-ABLabel:_$!<HomePage>!$_",
        "item3.ADR;type=HOME:;;12 Kiln Lane;Lagos;;100001;Nigeria",
        "BDAY;value=date:1984-03-12",
        "item4.X-ABDATE;type=pref:2019-06-12",
        "item4.X-ABLabel:_$!<Anniversary>!$_",
        "item5.X-ABRELATEDNAMES;type=pref:Tom Becker",
        "item5.X-ABLabel:_$!<Brother>!$_",
        "NOTE:Met in the rain.\\nShe laughed\\, and we talked\\; then it stopped.",
        "CATEGORIES:friends,book club",
        "INTEREST;LEVEL=high:sourdough",
        "UID:u-1",
        "REV:2024-01-01T00:00:00Z",
    )
    records = read(raw)
    assert records == ImportedRecords(
        kind="vCard 3.0",
        people=(
            ImportedPerson(
                name="Maya Okafor",
                source="people.vcf:1",
                nicknames=("Mo", "O, Maya"),
                contacts=(
                    Contact("email", "maya@example.org", "home"),
                    Contact("phone", "+44 7700 900001", "kiln shed"),
                    Contact("link", "https://maya.example/kiln", "homepage"),
                ),
                birthday="1984-03-12",
                dates=(("anniversary", "2019-06-12"),),
                lives="Lagos",
                note="Met in the rain.\nShe laughed, and we talked; then it stopped.",
                into=(CardInterest("sourdough"),),
                groups=("friends", "book club"),
                ties=(ImportedTie("brother", "Tom Becker"),),
                uid="u-1",
                key="u-1",
                raw=raw,
            ),
        ),
    )


def test_company_and_title_change_nothing() -> None:
    plain = person("EMAIL:maya@example.org")
    with_work = person("ORG:Kiln & Co", "TITLE:Boss", "ROLE:Chief", "EMAIL:maya@example.org")
    assert with_work.raw != plain.raw
    for name in ("name", "nicknames", "contacts", "note", "groups", "into", "lives", "ties"):
        assert getattr(with_work, name) == getattr(plain, name)


# 1. Lines are unfolded, then decoded, then split.


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r", b"\r\r\n"])
@pytest.mark.parametrize("fold", [b" ", b"\t"])
def test_folded_lines_are_joined_before_they_are_decoded(end: bytes, fold: bytes) -> None:
    halves = b"NOTE:caf\xc3" + end + fold + b"\xa9 au" + end + fold + b" lait"
    assert person(halves, end=end).note == "café au lait"


def test_a_backslash_can_be_half_of_a_japanese_character() -> None:
    name = b"N;CHARSET=SHIFT_JIS:" + "ソ;表".encode("shift_jis") + b";;;"
    records = read(b"BEGIN:VCARD\r\nVERSION:2.1\r\n" + name + b"\r\nEND:VCARD\r\n")
    assert records.people[0].name == "ソ 表"


def test_a_backslash_byte_of_a_japanese_character_does_not_escape_a_separator() -> None:
    name = rb"N;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:=83\;=95\;;;"
    records = read(b"BEGIN:VCARD\r\nVERSION:2.1\r\n" + name + b"\r\nEND:VCARD\r\n")
    assert records.people[0].name == "ソ 表"


@pytest.mark.parametrize(
    ("line", "note"),
    [
        (b"NOTE:M\xc3\xbcller", "Müller"),
        (b"NOTE;CHARSET=ISO-8859-1:M\xc3\xbcller", "Müller"),  # valid UTF-8 is read as UTF-8
        (b"NOTE;CHARSET=ISO-8859-2:\xb3ania", "łania"),
        (b"NOTE;CHARSET=ISO-8859-1:10 \x80", "10 €"),  # cp1252, declared as ISO-8859-1
        (b"NOTE;CHARSET=ISO-2022-JP:\x1b$B$3\x1b(B", "こ"),
        (b"NOTE;CHARSET=Shift_JIS:\x87\x40", "①"),
        (
            b"NOTE;CHARSET=UTF-8:\xed\xa0\xbd\xed\xb8\x80",
            "😀",
        ),  # two surrogates of three bytes each
        (b"NOTE;CHARSET=punycode:caf-dma", "caf-dma"),
    ],
)
def test_text_is_utf_8_or_in_the_charset_of_the_property(line: bytes, note: str) -> None:
    assert person(line, version="2.1").note == note


def test_the_charset_of_another_property_helps() -> None:
    found = person(b"NICKNAME;CHARSET=ISO-8859-2:\xb3ania", b"NOTE:\xb3\xf3d\xbc", version="2.1")
    assert found.note == "łódź"


def test_text_without_a_charset_is_read_as_cp1252_and_reported() -> None:
    raw = card("FN:Maya", b"NOTE:caf\xe9 \x81", version="2.1")
    records = read(raw)
    assert records.people[0].note == "café \x81"
    assert reasons(records) == [
        (
            "people.vcf",
            "one card is not UTF-8 and read as cp1252; add --encoding if letters look wrong",
        )
    ]
    assert reasons(read(raw, encoding="iso-8859-5")) == []
    assert read(raw, encoding="iso-8859-5").people[0].note == "cafщ \x81"


def test_an_unknown_encoding_is_refused() -> None:
    with pytest.raises(UsageError, match="kin does not know the encoding “klingon”"):
        read(card("FN:Maya"), encoding="klingon")


def test_an_unknown_charset_does_no_harm() -> None:
    assert person("NOTE;CHARSET=invalid-encoding:café").note == "café"


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_a_file_can_be_in_utf_16(codec: str) -> None:
    text = card("FN:Zoë Ölçer", "NOTE:日本").decode()
    for data in (text.encode(codec), BytesIO(text.encode(codec))):
        records = vcard.read_file(data, "people.vcf")
        assert [(each.name, each.note) for each in records.people] == [("Zoë Ölçer", "日本")]
        assert reasons(records) == []


# 2. Cards are split; a bad line or card never stops the file.


def test_cards_on_one_line_are_separated() -> None:
    data = b"BEGIN:VCARD\nFN:A\nEND:VCARDBEGIN:VCARD\nFN:B\nEND:VCARD\n\xef\xbb\xbfBEGIN:VCARD\nFN:C\nEND:VCARD"
    assert [each.name for each in read(data).people] == ["A", "B", "C"]


def test_begin_and_end_can_be_in_any_case_with_trailing_blanks() -> None:
    records = read(b"begin:vCard \r\nfn:Maya\r\nend:vcard\t\r\n")
    assert [each.name for each in records.people] == ["Maya"]
    assert records.kind == "vCard 2.1"


def test_a_card_without_an_end_is_kept_and_reported() -> None:
    records = read(b"BEGIN:VCARD\nFN:A\nNOTE:x\n\nBEGIN:VCARD\nFN:B\nEND:VCARD\nBEGIN:VCARD\nFN:C")
    assert [(each.name, each.source) for each in records.people] == [
        ("A", "people.vcf:1"),
        ("B", "people.vcf:5"),
        ("C", "people.vcf:8"),
    ]
    assert [each.raw for each in records.people][::2] == [
        b"BEGIN:VCARD\nFN:A\nNOTE:x\n\n",
        b"BEGIN:VCARD\nFN:C",
    ]
    assert reasons(records) == [
        ("people.vcf:1", "the card has no END; it ends where the next one begins"),
        ("people.vcf:8", "the card has no END; it ends where the next one begins"),
    ]


def test_a_line_that_is_not_of_a_card_is_reported_with_its_place() -> None:
    data = (
        b"hello\n\nBEGIN:VCARD\nFN:Maya\nwhat is\nthis\nEMAIL:m@x.org\nEND:VCARD\n" + b"END:VCARD\n"
    )
    records = read(data)
    assert records.people[0].contacts == (Contact("email", "m@x.org"),)
    assert reasons(records) == [
        ("people.vcf:1", "a line is outside of any card"),
        ("people.vcf:9", "a line is outside of any card"),
        ("people.vcf:5", "“what is this” is not a line of a card"),
    ]


def test_another_kind_of_file_is_reported_in_one_line() -> None:
    records = read(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR\n")
    assert reasons(records) == [("people.vcf:1", "4 lines are outside of any card")]
    assert reasons(read(b"")) == []


def test_an_empty_card_is_skipped_and_a_nameless_one_is_not() -> None:
    empty = card("N:;;;;", "FN:", "UID:1")
    address = card("ADR;TYPE=HOME:;;Lierstr. 20a;München;;80639;")
    records = read(empty + address)
    assert [(each.name, each.lives) for each in records.people] == [
        ("nameless people.vcf:7", "München")
    ]
    assert reasons(records) == [
        ("people.vcf:1", "the card is empty"),
        ("people.vcf:7", "has no name; it is imported as “nameless people.vcf:7”"),
    ]


def test_the_card_of_an_agent_is_part_of_the_card_around_it() -> None:
    agent = "AGENT:\r\nBEGIN:VCARD\r\nN:Agent;Ann\r\nTEL:1\r\nEND:VCARD"
    found = person(agent, "NOTE:mine", version="2.1")
    assert (found.ties, found.contacts, found.note) == (
        (ImportedTie("agent", "Ann Agent"),),
        (),
        "mine",
    )
    inline = "AGENT:BEGIN:VCARD\\nFN:Ann Agent\\nTEL:+1\\nEMAIL\\;INTERNET:a@x.org\\nEND:VCARD\\n"
    found = person(inline, "NOTE:mine")
    assert (found.ties, found.contacts, found.note) == (
        (ImportedTie("agent", "Ann Agent"),),
        (),
        "mine",
    )


# 3. Version, names, groups and parameters in all forms.


@pytest.mark.parametrize(
    ("version", "kind"),
    [("2.1", "2.1"), ("3.0", "3.0"), ("4.0", "4.0"), (" 4.0", "4.0"), ("4", "4.0"), ("9", "2.1")],
)
def test_the_version_is_in_the_kind(version: str, kind: str) -> None:
    assert read(card("FN:Maya", version=version)).kind == f"vCard {kind}"


def test_the_version_can_be_anywhere_or_missing() -> None:
    last = b"BEGIN:VCARD\nFN:A\nVERSION:4.0\nEND:VCARD\n"
    none = b"BEGIN:VCARD\nFN:B\nEND:VCARD\n"
    assert read(last + none).kind == "vCard 2.1 and 4.0"


@pytest.mark.parametrize(
    ("head", "label"),
    [
        ("TEL", None),
        ("tel", None),
        ("TEL ", None),
        ("MPHONE.TEL", None),
        ("a.b.TEL;VOICE;PREF", None),
        ("TEL;HOME", "home"),
        ("TEL;WORK;FAX", "work fax"),
        ('TEL;TYPE="cell,work"', "work mobile"),
        ("TEL;TYPE=a,cell", "mobile"),
        ("TEL;TYPE=HOME;TYPE=pref", "home"),
        ("TEL;type=HOME\\,VOICE", "home"),
        ("TEL;X-kiln", "kiln"),
        ('TEL;VALUE=uri;PREF=1;TYPE="voice,home"', "home"),
        ('TEL;X-A="b:c;d";TYPE=pager', "pager"),
        ("TEL;X-A=a^'b;IPHONE", "mobile"),
    ],
)
def test_a_phone_number_is_read_with_any_parameters(head: str, label: str | None) -> None:
    assert person(f"{head}:1").contacts == (Contact("phone", "1", label),)


def test_a_label_of_its_own_wins_over_the_type() -> None:
    found = person("ITEM1.EMAIL;TYPE=HOME:a@x.org", "item1.x-ablabel:$!<Kiln>!$")
    assert found.contacts == (Contact("email", "a@x.org", "kiln"),)


def test_schemes_are_not_part_of_a_number_or_an_address() -> None:
    found = person("TEL;VALUE=uri:tel:+1-555-0100;ext=5", "EMAIL:mailto:a@x.org", version="4.0")
    assert [contact.value for contact in found.contacts] == ["+1-555-0100;ext=5", "a@x.org"]


def test_comments_and_unknown_properties_are_ignored() -> None:
    found = person("# a comment: of someone", "X-MESSAGING/XMPP-ALL:a@x.org", "NOTE:x")
    assert (found.note, found.contacts) == ("x", (Contact("link", "a@x.org", "xmpp"),))


# 4. Quoted-printable and base64.


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("NOTE;ENCODING=QUOTED-PRINTABLE:ab=\r\ncd", "abcd"),
        ("NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Caf=C3=A9=\r\n au lait", "Café au lait"),
        ("NOTE;QUOTED-PRINTABLE:a=\r\n=\r\n=0D=0A=\r\nb", "a\nb"),
        ("NOTE;encoding=quoted-printable:a:b=3D=  \r\nc", "a:b=c"),
        ("NOTE;ENCODING=QUOTED-PRINTABLE:end=\r\n\r\nURL:http://x.org", "end"),
        ("NOTE;ENCODING=QUOTED-PRINTABLE:end=", "end"),
        ("NOTE;ENCODING=QUOTED-PRINTABLE:100=% =zz", "100=% =zz"),
        ("NOTE;ENCODING=QUOTED-PRINTABLE:a=0D=0A", "a\n"),
        ("NOTE;ENCODING=BASE64:Y2Fmw6k=", "café"),
        ("NOTE;ENCODING=B:no base64!", "no base64!"),
    ],
)
def test_encoded_notes_are_decoded(line: str, note: str) -> None:
    assert person(line, version="2.1").note == note


def test_quoted_printable_is_split_before_it_is_decoded() -> None:
    name = "N;ENCODING=QUOTED-PRINTABLE:O=3BHara;Zo=C3=AB;;;"
    assert read(card(name, version="2.1")).people[0].name == "Zoë O;Hara"


@pytest.mark.parametrize(
    "photo",
    [
        "PHOTO;ENCODING=b;TYPE=JPEG:abc",
        "PHOTO;ENCODING=b:data:image/jpeg;base64,AAAA",
        "PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQ\r\nSkZJRgAB\r\nNOTEAAA=\r\n",
        "PHOTO;TYPE=JPEG;ENCODING=BASE64:\r\n  /9j/4AAQ\r\n  SkZJRgAB==\r\n",
        "PHOTO;BASE64:\r\n  /9j/\r\n\r\n  AAAA",
        "PHOTO:",
        "PHOTO;VALUE=uri:http://x.org/p.jpg",
    ],
)
def test_a_photo_does_no_harm(photo: str) -> None:
    found = person(photo, "NOTE:x", version="2.1")
    assert (found.note, found.contacts) == ("x", ())


# 5. Texts are not split; lists are; escapes are resolved once, from left to right.


@pytest.mark.parametrize(
    ("escaped", "note"),
    [
        ("tea, cake; and; more", "tea, cake; and; more"),
        (r"a\, b\; c\nd\Ne", "a, b; c\nd\ne"),
        (r"C:\\new \\, \\\\n", "C:\\new \\, \\\\n"),
        (r"\"so\" it\'s http\://x", '"so" it\'s http://x'),
        (r"50\% \x \\", "50\\% \\x \\"),
        ("trailing \\", "trailing \\"),
    ],
)
def test_a_note_is_one_text(escaped: str, note: str) -> None:
    assert person(f"NOTE:{escaped}").note == note


def test_lists_are_split_at_commas_that_are_not_escaped() -> None:
    found = person(
        r"CATEGORIES:hiking,jazz\, bebop,, a\\,b", "CATEGORIES:more", "NICKNAME:Jo, Joey"
    )
    assert found.groups == ("hiking", "jazz, bebop", "a\\", "b", "more")
    assert found.nicknames == ("Jo", "Joey")


def test_line_feeds_that_were_not_escaped_stay_in_the_note() -> None:
    broken = "NOTE:line one\r\nline two\r\n\r\nhttp://x.org/a\r\nFN\r\n10:30 tea"
    found = person(broken, "EMAIL:a@x.org")
    assert found.note == "line one\nline two\n\nhttp://x.org/a\nFN\n10:30 tea"
    assert found.contacts == (Contact("email", "a@x.org"),)


# 6. Birthdays.


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("BDAY:1990-04-12", "1990-04-12"),
        ("BDAY:19900412", "1990-04-12"),
        ("BDAY:--0412", "--04-12"),
        ("BDAY:--04-12", "--04-12"),
        ("BDAY:--0229", "--02-29"),
        ("BDAY:1990-04-12T23:10:00Z", "1990-04-12"),
        ("BDAY;VALUE=date-time:19900412T231000Z", "1990-04-12"),
        ("BDAY:1604-04-12", "--04-12"),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-12", "--04-12"),
        ("BDAY;X-APPLE-OMIT-YEAR=1800:1800-04-12", "--04-12"),
        ("BDAY:0000-04-12", "--04-12"),
        ("BDAY;VALUE=text:12 April 1990", "1990-04-12"),
        ("BDAY:", None),
    ],
)
def test_birthdays_in_all_formats(line: str, day: str | None) -> None:
    assert person(line).birthday == day


@pytest.mark.parametrize("day", ["circa 1800", "0000", "1990", "---12", "1990-02-30", "03/04/1990"])
def test_a_birthday_that_is_not_a_date_is_reported(day: str) -> None:
    records = read(card("FN:Maya", f"BDAY;VALUE=text:{day}"))
    assert records.people[0].birthday is None
    assert reasons(records) == [("people.vcf:4", f"BDAY “{day}” is not a date that kin can store")]


def test_the_first_valid_birthday_counts() -> None:
    records = read(card("FN:Maya", "BDAY:0000", "BDAY:--0203", "BDAY:19900412"))
    assert records.people[0].birthday == "--02-03"


# 7. Dates, ties and labels.


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        (["item1.X-ABDATE:2011-11-11", "item1.X-ABLabel:_$!<Anniversary>!$_"], ["anniversary"]),
        (["item1.X-ABDATE:2011-11-11", "item1.X-ABLabel:Kiln's first fire"], ["Kiln's first fire"]),
        (["X-ABDATE:2011-11-11"], ["other"]),
        (["ANNIVERSARY:20111111T1430-0500"], ["anniversary"]),
        (["X-ANNIVERSARY:2011-11-11"], ["anniversary"]),
        (["X-EVOLUTION-ANNIVERSARY:2011-11-11"], ["anniversary"]),
        (["X-KADDRESSBOOK-X-Anniversary:2011-11-11"], ["anniversary"]),
        (["DEATHDATE:20111111"], ["day of death"]),
        (["X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;2011-11-11;1;;;;"], ["anniversary"]),
        (["X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;2011-11-11;0;kiln;;"], ["kiln"]),
        (["ANNIVERSARY:20111111", "X-ANNIVERSARY:2011-11-11"], ["anniversary"]),
    ],
)  # fmt: skip
def test_dates_have_a_label(lines: list[str], days: list[str]) -> None:
    assert person(*lines).dates == tuple((label, "2011-11-11") for label in days)


def test_two_dates_with_the_same_label_are_numbered() -> None:
    found = person("X-ABDATE:2011-11-11", "X-ABDATE:--0412", "X-ANNIVERSARY:2012-12-12")
    assert found.dates == (
        ("other", "2011-11-11"),
        ("other 2", "--04-12"),
        ("anniversary", "2012-12-12"),
    )


def test_android_writes_nicknames_ties_and_birthdays_its_own_way() -> None:
    found = person(
        "X-ANDROID-CUSTOM;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:vnd.android.cursor.item/nickname;M=C3=B6;1;;;;",
        "X-ANDROID-CUSTOM:vnd.android.cursor.item/relation;Tom;14;;;;",
        "X-ANDROID-CUSTOM:vnd.android.cursor.item/relation;Ann;0;aunt;;;",
        "X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;1990-04-12;3;;;;",
        "X-ANDROID-CUSTOM:vnd.android.cursor.item/group_membership;1;;;;",
        version="2.1",
    )
    assert found.nicknames == ("Mö",)
    assert found.ties == (ImportedTie("spouse", "Tom"), ImportedTie("aunt", "Ann"))
    assert (found.birthday, found.dates) == ("1990-04-12", ())


@pytest.mark.parametrize(
    ("lines", "tie"),
    [
        (
            ["item1.X-ABRELATEDNAMES:Ann", "item1.X-ABLabel:_$!<Mother>!$_"],
            ImportedTie("mother", "Ann"),
        ),
        (["X-ABRELATEDNAMES:Ann"], ImportedTie("related", "Ann")),
        (["RELATED;TYPE=child;VALUE=text:Ann"], ImportedTie("child", "Ann")),
        (["RELATED;TYPE=friend:Ann"], ImportedTie("friend", "Ann")),
        (["X-SPOUSE:Ann"], ImportedTie("spouse", "Ann")),
        (["X-EVOLUTION-SPOUSE:Ann"], ImportedTie("spouse", "Ann")),
        (["X-KADDRESSBOOK-X-SpousesName:Ann"], ImportedTie("spouse", "Ann")),
    ],
)
def test_ties_have_a_word_and_a_name(lines: list[str], tie: ImportedTie) -> None:
    assert person(*lines).ties == (tie,)


def test_a_tie_to_another_card_gets_its_name_even_from_another_file() -> None:
    maya = card(
        "FN:Maya",
        "RELATED;TYPE=spouse:urn:uuid:U-2",
        "RELATED;TYPE=kin:urn:uuid:u-3",
        version="4.0",
    )
    tom = card("FN:Tom", "UID:urn:uuid:U-2", version="4.0")
    records = vcard.read_files([("a.vcf", maya), ("b.vcf", tom)])
    assert records.people[0].ties == (ImportedTie("spouse", "Tom", "U-2"),)
    assert records.people[1].key == "U-2"
    assert reasons(records) == [("a.vcf:1", "kin: the card u-3 is not here")]


def test_an_address_is_not_a_name() -> None:
    records = read(card("FN:Maya", "RELATED;TYPE=friend:http://x.org/tom", version="4.0"))
    assert records.people[0].ties == ()
    assert reasons(records) == [
        ("people.vcf:4", "RELATED “http://x.org/tom” is an address, not a name")
    ]


@pytest.mark.parametrize(
    ("line", "value", "label"),
    [
        ("IMPP:xmpp:a@x.org", "xmpp:a@x.org", "xmpp"),
        ("IMPP;X-SERVICE-TYPE=Skype;type=HOME:skype:jo", "skype:jo", "skype"),
        ("X-SKYPE-USERNAME:jo", "jo", "skype"),
        ("X-JABBER;TYPE=HOME:jo@x.org", "jo@x.org", "jabber"),
        ("X-SOCIALPROFILE;type=twitter;x-user=jo:https://twitter.com/jo", "https://twitter.com/jo", "twitter"),
        ("X-SOCIALPROFILE;type=kilnbook;x-user=jo:x-apple:jo", "jo", "kilnbook"),
        ("URL;type=WORK:www.x.org", "www.x.org", "work"),
    ],
)  # fmt: skip
def test_accounts_are_links_with_the_service_as_label(line: str, value: str, label: str) -> None:
    assert person(line).contacts == (Contact("link", value, label),)


# 8. Groups are not people; notes are joined.


@pytest.mark.parametrize("prefix", ["", "X-ADDRESSBOOKSERVER-"])
def test_the_members_of_a_group_card_are_in_the_group(prefix: str) -> None:
    group = card(
        "FN:Kiln crew",
        f"{prefix}KIND:group",
        f"{prefix}MEMBER:urn:uuid:1",
        f"{prefix}MEMBER:urn:uuid:9",
    )
    records = read(group + card("FN:Maya", "UID:1") + card("FN:Tom", "UID:2"))
    assert [(each.name, each.groups) for each in records.people] == [
        ("Maya", ("Kiln crew",)),
        ("Tom", ()),
    ]
    assert reasons(records) == [
        ("people.vcf:1", "“Kiln crew” is a group; 1 of its 2 members are here")
    ]


def test_several_notes_are_one_with_a_blank_line_between() -> None:
    assert person("NOTE:a", "NOTE: ", "NOTE:b").note == "a\n\nb"


def test_a_blank_note_is_none() -> None:
    assert person("NOTE: \\n").note is None


def test_interests_are_read_and_categories_can_be_interests() -> None:
    raw = card(
        "FN:Maya", "CATEGORIES:jazz", "HOBBY:chess, blitz", "INTEREST;INDEX=1;LEVEL=high:kiln"
    )
    (found,) = read(raw).people
    assert (found.into, found.groups) == (
        (CardInterest("chess, blitz"), CardInterest("kiln")),
        ("jazz",),
    )
    (found,) = vcard.read_file(raw, "x", categories_are_interests=True).people
    assert [interests.label for interests in found.into] == ["jazz", "chess, blitz", "kiln"]
    assert found.groups == ()


# 9. Names.


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["FN:Mustermann, Heiko", "N:Mustermann;Heiko"], "Mustermann, Heiko"),
        (["FN:", "FN: Maya ", "FN:Mo"], "Maya"),
        (["FN:Maya", "FN;PREF=1:Mo"], "Mo"),
        (["FN:Maya", "FN;TYPE=pref:Mo"], "Mo"),
        (["FN:Maya\\nOkafor"], "Maya Okafor"),
        (["N:Stevenson;John;Philip,Paul;Dr.;Jr.,M.D."], "Dr. John Philip Paul Stevenson Jr., M.D."),
        (["FN", "N:Okafor;Maya"], "Maya Okafor"),
        (["N:dirk"], "dirk"),
        (["N:山田;太郎;;;"], "山田 太郎"),
        (["N:;;;;", "NICKNAME:Mo,Joey", "ORG:Kiln"], "Mo"),
        (["ORG:Bike Shop;Repairs", "EMAIL:a@x.org"], "Bike Shop"),
        (["TEL:1", "EMAIL:a@x.org"], "a@x.org"),
        (["TEL:1", "URL:http://x.org"], "1"),
        (["URL:http://x.org"], "http://x.org"),
    ],
)
def test_a_name_is_found_and_never_split(lines: list[str], name: str) -> None:
    assert read(card(*lines)).people[0].name == name


def test_the_town_is_that_of_the_home() -> None:
    work = "ADR;TYPE=WORK:;;1 Street;Redmond;WA;98052;USA"
    assert person(work, "ADR;TYPE=HOME:;;2 Street;Lagos;;;Nigeria").lives == "Lagos"
    assert person(work).lives == "Redmond"
    assert person("ADR:;;;;Bavaria;;Germany").lives == "Bavaria"
    assert person("ADR:;;;;;;Germany").lives == "Germany"
    assert person("ADR;WORK:;Szczecin").lives is None


# 10. The raw card.


def test_the_raw_card_is_kept_byte_for_byte() -> None:
    first = b'BEGIN:vCard\rFN:M\xe9\r#x\rX-A;b="c:d":e\\\r\tf\rEND:vCard\r'
    second = b"BEGIN:VCARD\nFN:B\nEND:VCARD"
    records = read(b"\xef\xbb\xbf" + first + b"\r\r" + second)
    assert [each.raw for each in records.people] == [first, second]


def test_the_properties_of_a_raw_card_can_be_read() -> None:
    raw = card(
        'item1.TEL;TYPE="a,b";X=1:1\\;2', "ORG:Kiln\\, Inc.;Shed;", "NOTE;CHARSET=UTF-8:é, ü"
    )
    assert [
        (each.group, each.name, each.params, each.value, each.values)
        for each in vcard.read_properties(raw)
    ] == [
        ("", "VERSION", (), "3.0", ("3.0",)),
        ("item1", "TEL", (("TYPE", "a,b"), ("X", "1")), "1;2", ("1;2",)),
        ("", "ORG", (), "Kiln, Inc.;Shed;", ("Kiln, Inc.", "Shed")),
        ("", "NOTE", (("CHARSET", "UTF-8"),), "é, ü", ("é, ü",)),
    ]


def test_the_fields_of_a_raw_card_are_those_that_sync_compares() -> None:
    raw = card(
        "FN:Maya", "N:Okafor;Maya", "RELATED;TYPE=spouse:urn:uuid:2", "BDAY:0000", version="4.0"
    )
    assert vcard.read_fields(raw) == vcard.Fields(
        version="4.0",
        name="Maya",
        parts=("Okafor", "Maya", "", "", ""),
        ties=(ImportedTie("spouse", "", "2"),),
        unread=("BDAY “0000” is not a date that kin can store",),
    )


@pytest.mark.parametrize("look", [vcard.read_fields, vcard.read_properties])
def test_bytes_that_are_not_a_card_are_refused(look: type) -> None:
    with pytest.raises(vcard.VcardError, match=r"This is not a vCard\."):
        look(b"FN:Maya\n")
