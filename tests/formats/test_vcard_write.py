"""A new card: in a form that phones understand, and read back the same."""

from dataclasses import replace
from typing import Literal

import pytest
from hypothesis import given, settings, strategies as st

from kin.formats import vcard
from kin.formats.editor_card import CardInterest, Contact
from kin.formats.records import ImportedPerson, ImportedTie

MAYA = ImportedPerson(
    name="Maya Ökafor, jr",
    source="maya.vcf:1",
    nicknames=("Mo", "O, Maya"),
    contacts=(
        Contact("email", "maya@example.org", "home"),
        Contact("phone", "+44 7700 900001", "mobile"),
        Contact("phone", "1;2", "Kiln, shed"),
        Contact("link", "https://maya.example/a,b;c"),
        Contact("link", "maya.o", "skype"),
        Contact("link", "xmpp:maya@example.org", "xmpp"),
    ),
    birthday="--02-29",
    dates=(("anniversary", "2019-06-12"), ("name day", "--03-01")),
    lives="Lagos; Nigeria",
    circle="close",
    note="One\n\nTwo, three; four\\n " + "é" * 40,
    into=(CardInterest("pottery", "her father had a kiln"), CardInterest("book club")),
    differ=(CardInterest("pineapple on pizza"),),
    groups=("book club", "family, near"),
    ties=(ImportedTie("spouse", "Tom"), ImportedTie("aunt of", "Zoë")),
    met_story="We stood in the rain",
    uid="urn:uuid:0f1e",
)

AS_3_0 = """\
BEGIN:VCARD
VERSION:3.0
UID:urn:uuid:0f1e
N:;Maya Ökafor\\, jr;;;
FN:Maya Ökafor\\, jr
NICKNAME:Mo,O\\, Maya
EMAIL;TYPE=HOME:maya@example.org
TEL;TYPE=CELL:+44 7700 900001
item1.TEL:1\\;2
item1.X-ABLabel:Kiln\\, shed
URL:https://maya.example/a,b;c
X-SKYPE:maya.o
IMPP:xmpp:maya@example.org
ADR;TYPE=HOME:;;;Lagos\\; Nigeria;;;
BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29
item2.X-ABDATE:2019-06-12
item2.X-ABLabel:_$!<Anniversary>!$_
item3.X-ABDATE;X-APPLE-OMIT-YEAR=1604:1604-03-01
item3.X-ABLabel:name day
item4.X-ABRELATEDNAMES:Tom
item4.X-ABLabel:_$!<Spouse>!$_
item5.X-ABRELATEDNAMES:Zoë
item5.X-ABLabel:aunt of
NOTE:One\\n\\nTwo\\, three\\; four\\\\n éééééééééééééééééééé
 éééééééééééééééééééé
X-KIN-GROUP:book club
CATEGORIES:book club,family\\, near,pottery
X-KIN-INTEREST:pottery
X-KIN-INTEREST:book club
END:VCARD
"""
AS_4_0 = """\
BEGIN:VCARD
VERSION:4.0
UID:urn:uuid:0f1e
N:;Maya Ökafor\\, jr;;;
FN:Maya Ökafor\\, jr
NICKNAME:Mo,O\\, Maya
EMAIL;TYPE=home:maya@example.org
TEL;TYPE=cell:+44 7700 900001
item1.TEL:1\\;2
item1.X-ABLabel:Kiln\\, shed
URL:https://maya.example/a,b;c
X-SKYPE:maya.o
IMPP:xmpp:maya@example.org
ADR;TYPE=home:;;;Lagos\\; Nigeria;;;
BDAY:--0229
ANNIVERSARY:20190612
item2.X-ABDATE:--0301
item2.X-ABLabel:name day
RELATED;TYPE=spouse;VALUE=text:Tom
item3.RELATED;VALUE=text:Zoë
item3.X-ABLabel:aunt of
NOTE:One\\n\\nTwo\\, three\\; four\\\\n éééééééééééééééééééé
 éééééééééééééééééééé
CATEGORIES:book club,family\\, near
INTEREST:pottery
INTEREST:book club
END:VCARD
"""
VERSIONS: list[Literal["3.0", "4.0"]] = ["3.0", "4.0"]


@pytest.mark.parametrize(("version", "text"), [("3.0", AS_3_0), ("4.0", AS_4_0)])
def test_a_card_is_written(version: Literal["3.0", "4.0"], text: str) -> None:
    written = vcard.write_card(MAYA, version=version)
    assert written.decode() == text.replace("\n", "\r\n")
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))


def test_the_smallest_card_has_n_fn_and_uid() -> None:
    assert vcard.write_card(ImportedPerson("Maya", "x", uid="1")) == (
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nN:;Maya;;;\r\nFN:Maya\r\nEND:VCARD\r\n"
    )


def test_a_card_without_a_uid_is_not_written() -> None:
    with pytest.raises(ValueError, match="needs a UID"):
        vcard.write_card(ImportedPerson("Maya", "x"))


def read_back(person: ImportedPerson, version: Literal["3.0", "4.0"]) -> ImportedPerson:
    records = vcard.read_file(vcard.write_card(person, version=version), "maya.vcf")
    assert (records.kind, records.skipped, records.warnings) == (f"vCard {version}", (), ())
    return records.people[0]


def without_unwritten(person: ImportedPerson) -> ImportedPerson:
    """Return a person without the fields that cards do not have."""
    unwritten = {"circle": None, "differ": (), "met_story": None, "source": "maya.vcf:1"}
    into = tuple(CardInterest(interests.label) for interests in person.into)
    return replace(person, into=into, raw=None, key=None, **unwritten)  # type: ignore[arg-type]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_card_reads_back(version: Literal["3.0", "4.0"]) -> None:
    assert without_unwritten(read_back(MAYA, version)) == without_unwritten(MAYA)


LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc"])
WORDS = st.text(LETTERS, min_size=1, max_size=60).map(lambda text: " ".join(text.split()) or "z")
NOTES = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=300)
DAYS = st.one_of(
    st.dates().filter(lambda day: day.year != 1604).map(str),
    st.sampled_from(["--02-29", "--12-01"]),
)
MANY = st.lists(WORDS, max_size=4, unique=True).map(tuple)
LABELS = st.one_of(st.none(), st.sampled_from(["home", "work", "mobile", "pager", "skype"]), WORDS)
CONTACTS = st.builds(Contact, st.sampled_from(["email", "phone", "link"]), WORDS, LABELS)
PEOPLE = st.builds(
    ImportedPerson,
    name=WORDS,
    source=st.just("maya.vcf:1"),
    nicknames=MANY,
    contacts=st.lists(
        CONTACTS, max_size=4, unique_by=lambda contact: (contact.kind, contact.value)
    ).map(tuple),
    birthday=st.one_of(st.none(), DAYS),
    dates=st.dictionaries(st.sampled_from(["anniversary", "name day", "Été"]), DAYS).map(
        lambda days: tuple(days.items())
    ),
    lives=st.one_of(st.none(), WORDS),
    note=NOTES.map(lambda note: note if note.strip() else None),
    into=MANY.map(lambda words: tuple(map(CardInterest, words))),
    groups=MANY,
    ties=st.lists(st.builds(ImportedTie, WORDS, WORDS), max_size=3, unique=True).map(tuple),
    uid=WORDS,
)


@pytest.mark.parametrize("version", VERSIONS)
@given(person=PEOPLE)
@settings(max_examples=100, deadline=None)
def test_any_person_reads_back(version: Literal["3.0", "4.0"], person: ImportedPerson) -> None:
    assert without_unwritten(read_back(person, version)) == without_unwritten(person)
    raw = vcard.write_card(person, version=version)
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    raw.decode()
