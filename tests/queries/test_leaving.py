"""Cards that came from elsewhere leave as they came: whole, alone, and no longer with every round."""

from dataclasses import replace

from hypothesis import given, settings, strategies as st

from kin.formats import vcard
from kin.formats.book import Book, Person, Remark
from kin.formats.export import Wish
from kin.formats.from_book import CARDS
from kin.formats.incoming import Incoming
from kin.transfer import export_vcards as leaving
from kin.transfer.fill_gaps import filled
from kin.transfer.sanitize import cleaned
from tests.formats.test_vcard_fuzz import files

CARD = Wish("vcard")
HEALTHY = b"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:h\r\nFN:Hale Healthy\r\nNOTE:well\r\nEND:VCARD\r\n"


def people_in(data: bytes) -> list[Incoming]:
    return [each.person for each in vcard.read_cards(data, "f.vcf") if each.person]


def told(found: Incoming) -> Incoming:
    """Return what a card says of somebody, wherever it stands; who has no name is called after the place."""
    name = "" if found.name.startswith("nameless ") else found.name
    return replace(found, name=name, source="", raw=None)


def taken_in(found: Incoming, number: int) -> Person | None:
    """Return somebody as an import into an empty book leaves them."""
    clean, _ = cleaned(found)
    if clean is None:
        return None
    person = filled(
        Person(f"p{number}", clean.name, "2026-11-23"), clean, CARDS, f"k{number}"
    ).person
    texts = dict.fromkeys(bond.text() for bond in clean.bonds if bond.name)
    known = {each.text for each in person.remarks}
    lines = tuple(Remark(text) for text in texts if text not in known)
    return replace(person, remarks=(*person.remarks, *lines))


def leave(found: list[Incoming]) -> tuple[list[Incoming], bytes]:
    """Return who came in, and the file in which they leave."""
    pairs = [(each, taken_in(each, number)) for number, each in enumerate(found) if each.raw]
    kept = [(each, person) for each, person in pairs if person]
    book = Book(tuple(person for _, person in kept))
    return [each for each, _ in kept], leaving.cards(book, CARD)


def check(several: list[bytes]) -> None:
    found = [person for data in [*several, HEALTHY] for person in people_in(data)]
    came, sent = leave(found)
    assert sent == b"".join(vcard.extract_card(each.raw or b"") for each in came)
    again = people_in(sent)
    assert [told(each) for each in again] == [told(each) for each in came]
    assert leave(again)[1] == sent


@given(st.lists(files(), min_size=1, max_size=3))
@settings(max_examples=200, deadline=None)
def test_whatever_stands_in_a_card_stays_in_it(several: list[bytes]) -> None:
    check(several)
