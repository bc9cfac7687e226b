"""The merge of a card and the book: what one side changed counts, and no addition of either is lost."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings, strategies as st

from kin.formats.card import Way
from kin.transfer.record_matching import same_way
from kin.transfer.sync import card_fields as phone_card
from kin.transfer.sync.three_way_merge import SINGLE, Clash, Common, carried, equal, merge

WORDS = (
    "Mo",
    "mo",
    "Anita",
    "chess",
    "Chess",
    "board games",
    "boardgame",
    "choir",
    "Ünï, c;d",
    "tea\\n",
)
WAYS = (
    Way("email", "a@x.example"), Way("email", "A@x.example", "home"), Way("phone", "+34 600 100 200", "mobile"),
    Way("phone", "0600 100 200"), Way("phone", "+49 600 100 200"), Way("link", "https://x.example/"), Way("link", "https://x.example"),
)  # fmt: skip
DAYS = ("1984-03-12", "--03-12", "2019-06-12", "--02-29")
LABELS = ("anniversary", "Wedding", "wedding", "moved in")

# A busy machine is slow, which says nothing of a merge.
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=80)

words = st.lists(st.sampled_from(WORDS), unique_by=str.casefold, max_size=4).map(tuple)
twins = st.lists(
    st.sampled_from(WAYS), unique_by=lambda way: (way.kind, way.value), max_size=4
).map(tuple)
ways = twins.map(
    lambda found: tuple(
        each
        for at, each in enumerate(found)
        if each.value[:3] != "+49" and not any(same_way(each, one) for one in found[:at])
    )
)
days = st.dictionaries(
    st.sampled_from(LABELS), st.sampled_from(DAYS), max_size=3
).map(lambda found: tuple({label.casefold(): (label, day) for label, day in found.items()}.values()))  # fmt: skip
commons = st.builds(
    Common,
    name=st.sampled_from(("Ana", "Ana Ruiz", "Änne O’Neil; Jr, x")),
    birthday=st.none() | st.sampled_from(DAYS),
    lives=st.none() | st.sampled_from(("Cadiz", "Porto, by the sea")),
    note=st.none() | st.sampled_from(("one\ntwo", "a, b; c\\d", "long " * 40 + "end")),
    nicknames=st.lists(st.sampled_from(("Mo", "Anita", "N;i,t\\a")), unique=True, max_size=3).map(
        tuple
    ),
    contacts=ways,
    days=days,
    groups=words,
    interests=words,
)


with_twins = st.builds(replace, commons, contacts=twins)


@calm
@given(commons, commons)
def test_where_only_the_phone_changed_the_book_follows(base: Common, phone: Common) -> None:
    merged = merge(base, phone, base)
    assert merged.phone == phone and merged.clashes == ()
    assert equal(merged.book, phone)


@calm
@given(commons, commons)
def test_where_only_the_book_changed_the_phone_follows(base: Common, book: Common) -> None:
    merged = merge(base, base, book)
    assert merged.clashes == () and equal(merged.phone, replace(merged.book))
    for field in SINGLE:
        assert getattr(merged.phone, field) == getattr(book, field)
    for way in book.contacts:
        assert any(
            (way.kind, way.value) == (each.kind, each.value) for each in merged.phone.contacts
        )


@calm
@given(with_twins, with_twins, with_twins)
def test_a_merge_of_what_is_merged_moves_nothing(base: Common, phone: Common, book: Common) -> None:
    once = merge(base, phone, book)
    again = merge(once.phone, once.phone, once.book)
    assert again.clashes == () and (again.phone, again.book) == (once.phone, once.book)


@calm
@given(commons, commons, commons)
def test_a_merge_that_only_the_card_learned_of_comes_out_the_same(
    base: Common, phone: Common, book: Common
) -> None:
    once = merge(base, phone, book)
    crashed = merge(base, once.phone, book)
    assert crashed.phone == once.phone or equal(crashed.phone, once.phone)
    assert equal(crashed.book, once.book)


@calm
@given(commons, commons, commons)
def test_no_addition_is_lost_and_no_deletion_comes_back(
    base: Common, phone: Common, book: Common
) -> None:
    merged = merge(base, phone, book)
    for field in ("nicknames", "groups", "interests"):
        was, one, other = (getattr(each, field) for each in (base, phone, book))
        for side in (getattr(merged.phone, field), getattr(merged.book, field)):
            folded = {_key(field, each) for each in side}
            added = {_key(field, each) for each in (*one, *other)} - {
                _key(field, each) for each in was
            }
            assert added <= folded
            taken = {_key(field, each) for each in was} - (
                {_key(field, each) for each in one} & {_key(field, each) for each in other}
            )
            assert not taken & folded


@calm
@given(commons, commons, commons)
def test_unions_do_not_depend_on_who_is_the_phone(base: Common, one: Common, other: Common) -> None:
    ab, ba = merge(base, one, other), merge(base, other, one)
    for field in ("nicknames", "groups", "interests"):
        assert {_key(field, each) for each in getattr(ab.phone, field)} == {
            _key(field, each) for each in getattr(ba.phone, field)
        }


@calm
@given(commons, commons, commons)
def test_what_the_book_loses_of_single_fields_is_told(
    base: Common, phone: Common, book: Common
) -> None:
    merged = merge(base, phone, book)
    lost = {
        field
        for field in SINGLE
        if getattr(book, field) not in (getattr(base, field), getattr(merged.book, field))
    }
    told = {each.field for each in merged.clashes}
    assert lost - {"birthday"} <= told
    for each in merged.clashes:
        if each.field in SINGLE:
            assert (each.kept, each.lost) == (getattr(phone, each.field), getattr(book, each.field))


@calm
@given(commons, commons, commons)
def test_a_change_is_carried_over_to_what_stands_there_otherwise(
    seen: Common, wanted: Common, actual: Common
) -> None:
    assert carried(seen, seen, actual) == actual
    assert equal(carried(seen, wanted, seen), wanted)


@calm
@given(commons)
def test_a_base_says_what_both_sides_said(common: Common) -> None:
    common = replace(
        common, nicknames=tuple(each for each in common.nicknames if each != common.name)
    )
    read = phone_card.of_base(phone_card.base_of(common, "some-uid"))
    assert read is not None and equal(read, _clean(common))


def test_a_year_that_one_side_knows_is_no_clash() -> None:
    phone, book = Common("Ana", birthday="--03-12"), Common("Ana", birthday="1984-03-12")
    merged = merge(None, phone, book)
    assert (merged.phone.birthday, merged.book.birthday, merged.clashes) == (
        "1984-03-12",
        "1984-03-12",
        (),
    )


def test_a_way_that_both_spell_is_one_and_its_spelling_the_phones() -> None:
    phone = Common("Ana", contacts=(Way("phone", "+34 600 100 200", "mobile"),))
    book = Common("Ana", contacts=(Way("phone", "0600 100 200"),))
    merged = merge(None, phone, book)
    assert merged.book.contacts == merged.phone.contacts == phone.contacts
    assert merged.clashes == (Clash("phone", "+34 600 100 200", "0600 100 200"),)


def _key(field: str, word: str) -> str:
    from kin.language.text import fold
    from kin.vocabulary import catalog as vocabulary

    return {"nicknames": fold, "groups": vocabulary.group_key, "interests": vocabulary.key}[field](
        word
    )


def _clean(common: Common) -> Common:
    """Return what is left of words that are one word to a card."""
    return replace(
        common,
        groups=tuple(dict.fromkeys(common.groups)),
        interests=tuple(dict.fromkeys(common.interests)),
    )
