"""Imported cards are exported byte for byte, and grow no longer with each round."""

from dataclasses import replace

from hypothesis import given, settings, strategies as st

from kin.formats import vcard
from kin.formats.export import VCARD_KIND, ExportOptions
from kin.formats.records import Book, Fact, ImportedPerson, Person
from kin.transfer import export
from kin.transfer.record_matching import fill_gaps, sanitize_record
from tests.formats.test_vcard_fuzz import files

CARD = ExportOptions("vcard")
HEALTHY = b"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:h\r\nFN:Hale Healthy\r\nNOTE:well\r\nEND:VCARD\r\n"


def people_in(data: bytes) -> list[ImportedPerson]:
    return [each.person for each in vcard.read_cards(data, "f.vcf") if each.person]


def normalize(found: ImportedPerson) -> ImportedPerson:
    """Return an imported person without their place in the file; without a name, they are named after it."""
    name = "" if found.name.startswith("nameless ") else found.name
    return replace(found, name=name, source="", raw=None)


def take_in(found: ImportedPerson, number: int) -> Person | None:
    """Return a person as an import into an empty book stores them."""
    clean, _ = sanitize_record(found)
    if clean is None:
        return None
    person = fill_gaps(
        Person(f"p{number}", clean.name, "2026-11-23"), clean, VCARD_KIND, f"k{number}"
    ).person
    texts = dict.fromkeys(bond.describe() for bond in clean.ties if bond.name)
    known = {each.text for each in person.facts}
    lines = tuple(Fact(text) for text in texts if text not in known)
    return replace(person, facts=(*person.facts, *lines))


def round_trip(found: list[ImportedPerson]) -> tuple[list[ImportedPerson], bytes]:
    """Return the people who came in, and the file they are exported to."""
    pairs = [(each, take_in(each, number)) for number, each in enumerate(found) if each.raw]
    kept = [(each, person) for each, person in pairs if person]
    book = Book(tuple(person for _, person in kept))
    return [each for each, _ in kept], export.write_cards(book, CARD)


def check(several: list[bytes]) -> None:
    found = [person for data in [*several, HEALTHY] for person in people_in(data)]
    came, sent = round_trip(found)
    assert sent == b"".join(vcard.extract_card(each.raw or b"") for each in came)
    again = people_in(sent)
    assert [normalize(each) for each in again] == [normalize(each) for each in came]
    assert round_trip(again)[1] == sent


@given(st.lists(files(), min_size=1, max_size=3))
@settings(max_examples=200, deadline=None)
def test_a_card_keeps_whatever_is_in_it(several: list[bytes]) -> None:
    check(several)
