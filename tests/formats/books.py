"""Books for the formats that lose nothing: one that charms, and any that can exist."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from kin.constants import ANSWERS, CIRCLES, CONTACT_KINDS, PRECISIONS, SAYINGS, STANCES, WAYS
from kin.formats.book import (
    Book,
    Given,
    Held,
    Introduction,
    Origin,
    Person,
    Remark,
    Rest,
    Shown,
    Talk,
    There,
    Thread,
    Tie,
    Word,
)
from kin.formats.card import Way
from kin.language.text import slug

CARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Maya Okafor\r\nNOTE:Loves --> arrows\\, and `ticks`\r\nEND:VCARD\r\n"

ROBIN = Person(
    "me",
    "Robin Hale",
    "2023-01-02",
    me=True,
    interests=(Held("sourdough", caught_from="tom-b"), Held("pottery"), Held("birding")),
    lives="Bristol",
)
MAYA = Person(
    "maya-o",
    "Maya Okafor",
    "2024-06-08",
    nicknames=("Mo", "O, Maya"),
    interests=(
        Held("pottery", note="her father had a kiln, and she was never allowed near it"),
        Held("pineapple on pizza", "collides"),
        Held("sourdough", caught_from="tom-b"),
        Held("fado", note="one night in Lisbon, in the rain: she cried, and so did the waiter"),
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
    days=(("wedding", "2019-06-12"), ("name day", "--02-29")),
    contacts=(
        Way("email", "maya@example.org"),
        Way("phone", "+44 20 7946 0958", "studio"),
        Way("link", "https://maya.example/kiln"),
    ),
    remarks=(Remark("Allergic to walnuts.", "vcard"), Remark("Has a cat called Glaze.")),
    origins=(
        Origin("vcard", "urn:uuid:4fbe", CARD),
        Origin("google", None, b"\xff\x00"),
        Origin("x"),
    ),
    rest=Rest("2026-12-03"),
    shown=(Shown("2026-11-20", "What are you making of {x}?"), Shown("2026-11-21")),
    sent=(Given("2026-10-02", "the film about the last salt-glaze kiln"),),
)
TOM = Person(
    "tom-b", "Tom Becker", "2023-09-16", interests=(Held("sourdough"),), rest=Rest(), circle="inner"
)
TALKS = (
    Talk(
        "2026-10-04",
        "4 oct: bread with Tom and Maya at Blue Door. Her loaf sang, his did not.\n\n?did the kiln survive the move",
        "2026-10-05T08:12:00+01:00",
        told_from=7,
        place="Blue Door",
        by="visit",
        people=(There("tom-b", "Tom"), There("maya-o", "Maya")),
        topics=("sourdough",),
    ),
    Talk(
        "2026-11-01",
        "Letter from Maya: the kiln is in, the cat is not impressed.",
        "2026-11-03T21:40:00+00:00",
        precision="month",
        by="letter",
        people=(There("maya-o", "Maya"),),
        topics=("pottery", "cats, and what they think"),
    ),
    Talk("2026-11-17", "A stranger on the train hummed fado.", "2026-11-17T22:00:00+00:00"),
)
THREADS = (
    Thread(
        "did the kiln survive the move",
        "2026-10-04",
        heard_on="2026-11-01",
        outcome="not a crack",
        people=("tom-b", "maya-o"),
        talk=0,
    ),
    Thread("how was the first firing", "2026-11-01", "2026-12-03", people=("maya-o",), talk=1),
    Thread("who was the woman who hummed", "2026-11-17", talk=2),
)
CHARMING = Book(
    (ROBIN, TOM, MAYA),
    TALKS,
    THREADS,
    (Tie("maya-o", "tom-b", "sister-in-law"), Tie("tom-b", "me", "neighbour")),
    (Introduction("tom-b", "maya-o", "yes", None, None),),
    (Word("under", "porcelain", "pottery", "2026-11-02"), Word("apart", "go", "Go", "2026-11-03")),
)

_BITS = (
    *"\n\n\n\r\t\x0b\x0c\x1b\x1c\x7f\x85\u2028\u2029\u00a0\u3000\ufeff\u200b\u200d\u202e\u2066\u0301#:,-·`\"\\'>*_[](){}<!abéßñ中م🙂",
    *(" ", "  ", "    ", "\r\n", "-->", "<!--", '`"', '"`', '`"a"`', "``", " · ", ", ", ": ", "\\", "\\n"),
    *("# ", "## ", "### ", "> ", "- ", "- [x] ", "```", "***", "---", "1. ", "[a](b.md)", "](", "</p>", "&amp;"),
    *("## Conversations", "## Into", "### Tue 17 Nov 2026", " <!-- talk 1 -->", " <!-- thread 1, talk 1 -->"),
    *(" <!-- tie 1 -->", " <!-- kin 1: me -->", "<!-- kept by kin", " of ", " is a kind of ", " is the same as "),
    *(" is apart from ", " · since 17 Nov 2026", " · from ", "outcome: ", "you say otherwise", "null", "me", "A"),
    *("👩‍👩‍👧", "שלום\u200f", "می\u200cخواهم", "\ue000", "\U0010ffff", "x" * 300, "café", "İ", "ﬁ", "ſ"),
)  # fmt: skip


def _text(number: int) -> str:
    """Spell a number in bits: one draw is one text, so that whole books are drawn quickly."""
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
    FILLED.map(lambda text: slug(text) or "a"),
)
_RAW = st.sampled_from((None, b"", b"\xff\x00", CARD)) | TEXT.map(str.encode)
_AT = st.integers(0, 2)  # a person by their place, for whom a handle stands in the end
_SOMEBODY = st.sampled_from((None, 0, 1, 2))
_SOME = st.lists(_AT, max_size=3, unique=True)


def _several(one: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(one, max_size=most).map(tuple)


_PEOPLE = st.builds(
    Person,
    handle=st.just(""),
    name=FILLED,
    added_on=DAYS,
    nicknames=_several(FILLED),
    interests=_several(st.builds(Held, FILLED, st.sampled_from(STANCES), MAYBE, _SOMEBODY), 4),
    met_on=MAYBE_DAYS,
    met_precision=st.sampled_from((None, *PRECISIONS)),
    met_at=MAYBE,
    met_story=MAYBE,
    met_through=_SOMEBODY,
    lives=MAYBE,
    circle=st.sampled_from((None, *CIRCLES)),
    groups=_several(FILLED),
    birthday=st.none() | YEARLY,
    days=_several(st.tuples(TEXT, YEARLY)),
    contacts=_several(st.builds(Way, st.sampled_from(CONTACT_KINDS), FILLED, MAYBE)),
    remarks=_several(st.builds(Remark, FILLED, MAYBE)),
    origins=_several(st.builds(Origin, FILLED, MAYBE, _RAW)),
    rest=st.none() | st.builds(Rest, MAYBE_DAYS),
    shown=_several(st.builds(Shown, DAYS, MAYBE)),
    sent=_several(st.builds(Given, DAYS, FILLED)),
)
_TALKS = st.builds(
    Talk,
    on=DAYS,
    text=FILLED,
    noted_at=FILLED,
    precision=st.sampled_from(PRECISIONS),
    told_from=st.sampled_from((0, 0, 0, 1, 2, 5, 100)),
    place=MAYBE,
    by=st.sampled_from((None, *WAYS)),
    people=_SOME,
    topics=_several(FILLED),
)
_THREADS = st.builds(
    Thread,
    text=FILLED,
    opened_on=DAYS,
    due_on=MAYBE_DAYS,
    heard_on=MAYBE_DAYS,
    outcome=MAYBE,
    people=_SOME,
    talk=_SOMEBODY,
)
_ANSWER = st.sampled_from((None, *ANSWERS))
_PAIR = st.sampled_from([(0, 1), (1, 0), (0, 2), (1, 2), (2, 1)])
_DRAWN = st.tuples(
    st.lists(st.tuples(HANDLES, _PEOPLE), max_size=3, unique_by=lambda each: each[0]),
    st.sampled_from((None, 0, 1, 2)),
    st.lists(_TALKS, max_size=3),
    st.lists(_THREADS, max_size=3),
    st.lists(st.tuples(_PAIR, FILLED), max_size=3),
    st.lists(st.tuples(_PAIR, _ANSWER, _ANSWER, MAYBE_DAYS), max_size=2),
    st.lists(st.builds(Word, st.sampled_from(SAYINGS), FILLED, FILLED, DAYS), max_size=2),
)


def _whole(drawn: Any) -> Book:
    """Put handles where places stand, and leave out whom there is not."""
    people, owner, talks, threads, ties, pairs, words = drawn
    handles = [handle for handle, _ in people]

    def whom(at: int | None) -> str | None:
        return handles[at % len(handles)] if at is not None and handles else None

    def those(places: list[int]) -> list[str]:
        return [handles[at] for at in places if at < len(handles)]

    return Book(
        tuple(
            replace(
                person,
                handle=handle,
                me=at == owner,
                met_through=whom(person.met_through),
                interests=tuple(
                    replace(held, caught_from=whom(held.caught_from)) for held in person.interests
                ),
            )
            for at, (handle, person) in enumerate(people)
        ),
        tuple(
            replace(
                talk,
                told_from=min(talk.told_from, len(talk.text)),
                people=tuple(
                    There(handle, word)
                    for handle, word in zip(those(talk.people), (talk.text, "", "A"), strict=False)
                ),
            )
            for talk in talks
        ),
        tuple(
            replace(
                thread,
                people=tuple(those(thread.people)),
                talk=thread.talk % len(talks) if talks and thread.talk is not None else None,
            )
            for thread in threads
        ),
        tuple(
            Tie(two[0], two[1], word)
            for places, word in ties
            for two in [those(places)]
            if len(two) == 2
        ),
        tuple(Introduction(*those(two), *said) for two, *said in pairs if len(those(two)) == 2),
        tuple(words),
    )


BOOKS = _DRAWN.map(_whole)
