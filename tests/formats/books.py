"""Books for the formats that lose nothing: a small one to read, and any that can exist."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from kin.constants import (
    CHANNELS,
    CIRCLES,
    CONTACT_KINDS,
    INTRODUCTION_ANSWERS,
    PRECISIONS,
    RELATIONS,
    STANCES,
)
from kin.formats.editor_card import Contact
from kin.formats.records import (
    Book,
    Fact,
    Introduction,
    Note,
    Origin,
    Participant,
    Person,
    PersonInterest,
    Question,
    SentItem,
    Showing,
    Snooze,
    Tie,
    VocabularyRule,
)
from kin.language.text import slugify

CARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Maya Okafor\r\nNOTE:Loves --> arrows\\, and `ticks`\r\nEND:VCARD\r\n"

ROBIN = Person(
    "me",
    "Robin Hale",
    "2023-01-02",
    me=True,
    interests=(
        PersonInterest("sourdough", learned_from="tom-b"),
        PersonInterest("pottery"),
        PersonInterest("birding"),
    ),
    lives="Bristol",
)
MAYA = Person(
    "maya-o",
    "Maya Okafor",
    "2024-06-08",
    nicknames=("Mo", "O, Maya"),
    interests=(
        PersonInterest("pottery", note="her father had a kiln, and she was never allowed near it"),
        PersonInterest("pineapple on pizza", "differ"),
        PersonInterest("sourdough", learned_from="tom-b"),
        PersonInterest(
            "fado", note="one night in Lisbon, in the rain: she cried, and so did the waiter"
        ),
    ),
    met_on="2024-06-08",
    met_precision="day",
    met_at="Kiln House",
    met_story="We both reached for the last bag of porcelain.\n\nShe let me have it, and then stayed to see what I would ruin.",
    met_through="tom-b",
    lives="Lagos",
    circle="close",
    groups=("pottery class", "book club"),
    birthday="1984-03-12",
    dates=(("wedding", "2019-06-12"), ("name day", "--02-29")),
    contacts=(
        Contact("email", "maya@example.org"),
        Contact("phone", "+44 20 7946 0958", "studio"),
        Contact("link", "https://maya.example/kiln"),
    ),
    facts=(Fact("Allergic to walnuts.", "vcard"), Fact("Has a cat called Glaze.")),
    origins=(
        Origin("vcard", "urn:uuid:4fbe", CARD),
        Origin("google", None, b"\xff\x00"),
        Origin("x"),
    ),
    snooze=Snooze("2026-12-03"),
    showings=(Showing("2026-11-20", "What are you making of {x}?"), Showing("2026-11-21")),
    sent=(SentItem("2026-10-02", "the film about the last salt-glaze kiln"),),
)
TOM = Person(
    "tom-b",
    "Tom Becker",
    "2023-09-16",
    interests=(PersonInterest("sourdough"),),
    snooze=Snooze(),
    circle="inner",
)
NOTES = (
    Note(
        "2026-10-04",
        "4 oct: bread with Tom and Maya at Blue Door. Her loaf sang, his did not.\n\n?did the kiln survive the move",
        "2026-10-05T08:12:00+01:00",
        body_start=7,
        place="Blue Door",
        by="visit",
        people=(Participant("tom-b", "Tom"), Participant("maya-o", "Maya")),
        interests=("sourdough",),
    ),
    Note(
        "2026-11-01",
        "Letter from Maya: the kiln is in, the cat is not impressed.",
        "2026-11-03T21:40:00+00:00",
        precision="month",
        by="letter",
        people=(Participant("maya-o", "Maya"),),
        interests=("pottery", "cats, and what they think"),
    ),
    Note("2026-11-17", "A stranger on the train hummed fado.", "2026-11-17T22:00:00+00:00"),
)
QUESTIONS = (
    Question(
        "did the kiln survive the move",
        "2026-10-04",
        answered_on="2026-11-01",
        answer="not a crack",
        people=("tom-b", "maya-o"),
        note_index=0,
    ),
    Question(
        "how was the first firing", "2026-11-01", "2026-12-03", people=("maya-o",), note_index=1
    ),
    Question("who was the woman who hummed", "2026-11-17", note_index=2),
)
EXAMPLE_BOOK = Book(
    (ROBIN, TOM, MAYA),
    NOTES,
    QUESTIONS,
    (Tie("maya-o", "tom-b", "sister-in-law"), Tie("tom-b", "me", "neighbour")),
    (Introduction("tom-b", "maya-o", "yes", None, None),),
    (
        VocabularyRule("under", "porcelain", "pottery", "2026-11-02"),
        VocabularyRule("apart", "go", "Go", "2026-11-03"),
    ),
)

_BITS = (
    *"\n\n\n\r\t\x0b\x0c\x1b\x1c\x7f\x85\u2028\u2029\u00a0\u3000\ufeff\u200b\u200d\u202e\u2066\u0301#:,-·`\"\\'>*_[](){}<!abéßñ中م🙂",
    *(" ", "  ", "    ", "\r\n", "-->", "<!--", '`"', '"`', '`"a"`', "``", " · ", ", ", ": ", "\\", "\\n"),
    *("# ", "## ", "### ", "> ", "- ", "- [x] ", "```", "***", "---", "1. ", "[a](b.md)", "](", "</p>", "&amp;"),
    *("## Notes", "## Interests", "### Tue 17 Nov 2026", " <!-- note 1 -->", " <!-- question 1, note 1 -->"),
    *(" <!-- tie 1 -->", " <!-- kin 1: me -->", "<!-- kept by kin", " of ", " is a kind of ", " is the same as "),
    *(" is apart from ", " · since 17 Nov 2026", " · from ", "answer: ", "you say otherwise", "null", "me", "A"),
    *("👩‍👩‍👧", "שלום\u200f", "می\u200cخواهم", "\ue000", "\U0010ffff", "x" * 300, "café", "İ", "ﬁ", "ſ"),
)  # fmt: skip


def _text(number: int) -> str:
    """Return the text for a number: one draw is one text, so that whole books are drawn quickly."""
    bits = []
    while number:
        number, bit = divmod(number, len(_BITS) + 1)
        bits.append(_BITS[bit - 1])
    return "".join(bits)


def _day(number: int) -> str:
    return _DAYS[number] if number < len(_DAYS) else date.fromordinal(number).isoformat()


def _maybe(numbers: int, one: Callable[[int], str]) -> st.SearchStrategy[Any]:
    return st.integers(-1, numbers).map(lambda number: one(number) if number >= 0 else None)


_MOST = (len(_BITS) + 1) ** 5
_DAYS = ("2026-11-17", "2026-11-01", "2026-01-01", "2024-02-29", "0001-01-01", "9999-12-31")
_LAST = date.max.toordinal()
TEXT = st.integers(0, _MOST).map(_text)
FILLED = st.integers(1, _MOST).map(_text)
MAYBE = _maybe(_MOST, _text)
DAYS = st.integers(0, _LAST).map(_day)
MAYBE_DAYS = _maybe(_LAST, _day)
YEARLY = st.integers(-365, _LAST).map(
    lambda number: f"--{date.fromordinal(730_485 - number):%m-%d}" if number <= 0 else _day(number)
)
HANDLES = st.one_of(
    st.sampled_from("me maya-o tom-b con nul com1 index a ss 中 x-1".split()),
    FILLED.map(lambda text: slugify(text) or "a"),
)
_RAW = st.sampled_from((None, b"", b"\xff\x00", CARD)) | TEXT.map(str.encode)
_AT = st.integers(0, 2)  # the index of a person, replaced by the handle in the end
_SOMEONE = st.sampled_from((None, 0, 1, 2))
_SOME = st.lists(_AT, max_size=3, unique=True)


def _several(one: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(one, max_size=most).map(tuple)


_PEOPLE = st.builds(
    Person,
    handle=st.just(""),
    name=FILLED,
    added_on=DAYS,
    nicknames=_several(FILLED),
    interests=_several(
        st.builds(PersonInterest, FILLED, st.sampled_from(STANCES), MAYBE, _SOMEONE), 4
    ),
    met_on=MAYBE_DAYS,
    met_precision=st.sampled_from((None, *PRECISIONS)),
    met_at=MAYBE,
    met_story=MAYBE,
    met_through=_SOMEONE,
    lives=MAYBE,
    circle=st.sampled_from((None, *CIRCLES)),
    groups=_several(FILLED),
    birthday=st.none() | YEARLY,
    dates=_several(st.tuples(TEXT, YEARLY)),
    contacts=_several(st.builds(Contact, st.sampled_from(CONTACT_KINDS), FILLED, MAYBE)),
    facts=_several(st.builds(Fact, FILLED, MAYBE)),
    origins=_several(st.builds(Origin, FILLED, MAYBE, _RAW)),
    snooze=st.none() | st.builds(Snooze, MAYBE_DAYS),
    showings=_several(st.builds(Showing, DAYS, MAYBE)),
    sent=_several(st.builds(SentItem, DAYS, FILLED)),
)
_NOTES = st.builds(
    Note,
    on=DAYS,
    text=FILLED,
    noted_at=FILLED,
    precision=st.sampled_from(PRECISIONS),
    body_start=st.sampled_from((0, 0, 0, 1, 2, 5, 100)),
    place=MAYBE,
    by=st.sampled_from((None, *CHANNELS)),
    people=_SOME,
    interests=_several(FILLED),
)
_QUESTIONS = st.builds(
    Question,
    text=FILLED,
    opened_on=DAYS,
    on=MAYBE_DAYS,
    answered_on=MAYBE_DAYS,
    answer=MAYBE,
    people=_SOME,
    note_index=_SOMEONE,
)
_ANSWER = st.sampled_from((None, *INTRODUCTION_ANSWERS))
_PAIR = st.sampled_from([(0, 1), (1, 0), (0, 2), (1, 2), (2, 1)])
_DRAWN = st.tuples(
    st.lists(st.tuples(HANDLES, _PEOPLE), max_size=3, unique_by=lambda each: each[0]),
    st.sampled_from((None, 0, 1, 2)),
    st.lists(_NOTES, max_size=3),
    st.lists(_QUESTIONS, max_size=3),
    st.lists(st.tuples(_PAIR, FILLED), max_size=3),
    st.lists(st.tuples(_PAIR, _ANSWER, _ANSWER, MAYBE_DAYS), max_size=2),
    st.lists(
        st.builds(VocabularyRule, st.sampled_from(RELATIONS), FILLED, FILLED, DAYS), max_size=2
    ),
)


def _build_book(drawn: Any) -> Book:
    """Replace the indexes of people by their handles, and leave out people who do not exist."""
    people, owner, notes, questions, ties, pairs, rules = drawn
    handles = [handle for handle, _ in people]

    def find_handle(at: int | None) -> str | None:
        return handles[at % len(handles)] if at is not None and handles else None

    def find_handles(places: list[int]) -> list[str]:
        return [handles[at] for at in places if at < len(handles)]

    return Book(
        tuple(
            replace(
                person,
                handle=handle,
                me=at == owner,
                met_through=find_handle(person.met_through),
                interests=tuple(
                    replace(interest, learned_from=find_handle(interest.learned_from))
                    for interest in person.interests
                ),
            )
            for at, (handle, person) in enumerate(people)
        ),
        tuple(
            replace(
                note,
                body_start=min(note.body_start, len(note.text)),
                people=tuple(
                    Participant(handle, word)
                    for handle, word in zip(
                        find_handles(note.people), (note.text, "", "A"), strict=False
                    )
                ),
            )
            for note in notes
        ),
        tuple(
            replace(
                question,
                people=tuple(find_handles(question.people)),
                note_index=question.note_index % len(notes)
                if notes and question.note_index is not None
                else None,
            )
            for question in questions
        ),
        tuple(
            Tie(two[0], two[1], word)
            for places, word in ties
            for two in [find_handles(places)]
            if len(two) == 2
        ),
        tuple(
            Introduction(*find_handles(two), *rest)
            for two, *rest in pairs
            if len(find_handles(two)) == 2
        ),
        tuple(rules),
    )


BOOKS = _DRAWN.map(_build_book)
