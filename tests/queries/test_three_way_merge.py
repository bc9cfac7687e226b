"""The merge of a card and the book: a change on one side wins, and no addition on either is lost."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings, strategies as st

from kin.formats.editor_card import Contact
from kin.transfer.record_matching import is_same_contact
from kin.transfer.sync import three_way_merge
from kin.transfer.sync.three_way_merge import (
    SINGLE_FIELDS,
    FieldConflict,
    SharedFields,
    apply_field_changes,
    are_equal,
    merge_fields,
)

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
CONTACTS = (
    Contact("email", "a@x.example"), Contact("email", "A@x.example", "home"), Contact("phone", "+34 600 100 200", "mobile"),
    Contact("phone", "0600 100 200"), Contact("phone", "+49 600 100 200"), Contact("link", "https://x.example/"), Contact("link", "https://x.example"),
)  # fmt: skip
DATES = ("1984-03-12", "--03-12", "2019-06-12", "--02-29")
LABELS = ("anniversary", "Wedding", "wedding", "moved in")

# A busy machine is slow, which says nothing about the merge.
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=80)

words = st.lists(st.sampled_from(WORDS), unique_by=str.casefold, max_size=4).map(tuple)
twins = st.lists(
    st.sampled_from(CONTACTS), unique_by=lambda contact: (contact.kind, contact.value), max_size=4
).map(tuple)
contact_lists = twins.map(
    lambda found: tuple(
        each
        for at, each in enumerate(found)
        if each.value[:3] != "+49" and not any(is_same_contact(each, one) for one in found[:at])
    )
)
date_lists = st.dictionaries(
    st.sampled_from(LABELS), st.sampled_from(DATES), max_size=3
).map(lambda found: tuple({label.casefold(): (label, day) for label, day in found.items()}.values()))  # fmt: skip
shared_fields = st.builds(
    SharedFields,
    name=st.sampled_from(("Ana", "Ana Ruiz", "Änne O’Neil; Jr, x")),
    birthday=st.none() | st.sampled_from(DATES),
    lives=st.none() | st.sampled_from(("Cadiz", "Porto, by the sea")),
    note=st.none() | st.sampled_from(("one\ntwo", "a, b; c\\d", "long " * 40 + "end")),
    nicknames=st.lists(st.sampled_from(("Mo", "Anita", "N;i,t\\a")), unique=True, max_size=3).map(
        tuple
    ),
    contacts=contact_lists,
    dates=date_lists,
    groups=words,
    interests=words,
)


with_twins = st.builds(replace, shared_fields, contacts=twins)


@calm
@given(shared_fields, shared_fields)
def test_where_only_the_phone_changed_the_book_follows(
    base: SharedFields, phone: SharedFields
) -> None:
    merged = merge_fields(base, phone, base)
    assert merged.phone_fields == phone and merged.conflicts == ()
    assert are_equal(merged.book_fields, phone)


@calm
@given(shared_fields, shared_fields)
def test_where_only_the_book_changed_the_phone_follows(
    base: SharedFields, book: SharedFields
) -> None:
    merged = merge_fields(base, base, book)
    assert merged.conflicts == () and are_equal(merged.phone_fields, replace(merged.book_fields))
    for field in SINGLE_FIELDS:
        assert getattr(merged.phone_fields, field) == getattr(book, field)
    for contact in book.contacts:
        assert any(
            (contact.kind, contact.value) == (each.kind, each.value)
            for each in merged.phone_fields.contacts
        )


@calm
@given(with_twins, with_twins, with_twins)
def test_merging_again_changes_nothing(
    base: SharedFields, phone: SharedFields, book: SharedFields
) -> None:
    once = merge_fields(base, phone, book)
    again = merge_fields(once.phone_fields, once.phone_fields, once.book_fields)
    assert again.conflicts == () and (again.phone_fields, again.book_fields) == (
        once.phone_fields,
        once.book_fields,
    )


@calm
@given(shared_fields, shared_fields, shared_fields)
def test_a_merge_that_reached_only_the_card_comes_out_the_same(
    base: SharedFields, phone: SharedFields, book: SharedFields
) -> None:
    once = merge_fields(base, phone, book)
    crashed = merge_fields(base, once.phone_fields, book)
    assert crashed.phone_fields == once.phone_fields or are_equal(
        crashed.phone_fields, once.phone_fields
    )
    assert are_equal(crashed.book_fields, once.book_fields)


@calm
@given(shared_fields, shared_fields, shared_fields)
def test_no_addition_is_lost_and_no_deletion_comes_back(
    base: SharedFields, phone: SharedFields, book: SharedFields
) -> None:
    merged = merge_fields(base, phone, book)
    for field in ("nicknames", "groups", "interests"):
        was, one, other = (getattr(each, field) for each in (base, phone, book))
        for side in (getattr(merged.phone_fields, field), getattr(merged.book_fields, field)):
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
@given(shared_fields, shared_fields, shared_fields)
def test_unions_do_not_depend_on_who_is_the_phone(
    base: SharedFields, one: SharedFields, other: SharedFields
) -> None:
    ab, ba = merge_fields(base, one, other), merge_fields(base, other, one)
    for field in ("nicknames", "groups", "interests"):
        assert {_key(field, each) for each in getattr(ab.phone_fields, field)} == {
            _key(field, each) for each in getattr(ba.phone_fields, field)
        }


@calm
@given(shared_fields, shared_fields, shared_fields)
def test_single_fields_that_the_book_loses_are_reported(
    base: SharedFields, phone: SharedFields, book: SharedFields
) -> None:
    merged = merge_fields(base, phone, book)
    lost = {
        field
        for field in SINGLE_FIELDS
        if getattr(book, field) not in (getattr(base, field), getattr(merged.book_fields, field))
    }
    reported = {each.field for each in merged.conflicts}
    assert lost - {"birthday"} <= reported
    for each in merged.conflicts:
        if each.field in SINGLE_FIELDS:
            assert (each.kept, each.lost) == (getattr(phone, each.field), getattr(book, each.field))


@calm
@given(shared_fields, shared_fields, shared_fields)
def test_changes_apply_to_a_side_that_differs(
    seen: SharedFields, wanted: SharedFields, actual: SharedFields
) -> None:
    assert apply_field_changes(seen, seen, actual) == actual
    assert are_equal(apply_field_changes(seen, wanted, seen), wanted)


@calm
@given(shared_fields)
def test_a_base_has_what_both_sides_had(fields: SharedFields) -> None:
    fields = replace(
        fields, nicknames=tuple(each for each in fields.nicknames if each != fields.name)
    )
    read = three_way_merge.read_base(three_way_merge.write_base(fields, "some-uid"))
    assert read is not None and are_equal(read, _clean(fields))


def test_a_year_that_only_one_side_knows_is_no_conflict() -> None:
    phone, book = (
        SharedFields("Ana", birthday="--03-12"),
        SharedFields("Ana", birthday="1984-03-12"),
    )
    merged = merge_fields(None, phone, book)
    assert (merged.phone_fields.birthday, merged.book_fields.birthday, merged.conflicts) == (
        "1984-03-12",
        "1984-03-12",
        (),
    )


def test_a_number_in_two_spellings_is_one_and_the_phone_spells_it() -> None:
    phone = SharedFields("Ana", contacts=(Contact("phone", "+34 600 100 200", "mobile"),))
    book = SharedFields("Ana", contacts=(Contact("phone", "0600 100 200"),))
    merged = merge_fields(None, phone, book)
    assert merged.book_fields.contacts == merged.phone_fields.contacts == phone.contacts
    assert merged.conflicts == (FieldConflict("phone", "+34 600 100 200", "0600 100 200"),)


def _key(field: str, word: str) -> str:
    from kin.language.text import normalize
    from kin.vocabulary import catalog

    return {
        "nicknames": normalize,
        "groups": catalog.normalize_group,
        "interests": catalog.normalize_interest,
    }[field](word)


def _clean(fields: SharedFields) -> SharedFields:
    """Return the fields without duplicates, as a card has them."""
    return replace(
        fields,
        groups=tuple(dict.fromkeys(fields.groups)),
        interests=tuple(dict.fromkeys(fields.interests)),
    )
