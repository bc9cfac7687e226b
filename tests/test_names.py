"""Names in prose and on the command line: found where they are meant, and never guessed."""

import pytest
from hypothesis import given, strategies as st

from kin.language.person_names import matching
from kin.language.similarity import near
from kin.notes.name_detection import (
    Known,
    Mention,
    mentions,
    name_words,
    place,
    prose_words,
    settled,
    strangers,
)
from kin.notes.syntax import read_marks

PEOPLE = (
    Known("maya", "Maya Okafor"),
    Known("tom", "Tom James Baker"),
    Known("tom-a", "Tom Adams"),
    Known("grace", "Grace Hopper"),
    Known("will", "Will Young"),
    Known("mark", "Mark Twain"),
    Known("may", "May Lin"),
    Known("norm", "Norman Reed", ("Norm",)),
    Known("zoe", "Zoë Łukasz"),
    Known("shiv", "Siobhán O’Brien", ("Shiv",)),
    Known("mary-ann", "Mary Ann Smith"),
    Known("jean", "Jean Dupont"),
    Known("anne", "Anne-Marie Leclerc"),
    Known("james", "James Okoro"),
    Known("ana", "Dr. Ana Ruiz"),
    Known("taro", "山田 太郎"),
    Known("minsu", "김민수", ("민수",)),
    Known("anil", "अनिल कुमार"),
    Known("somchai", "สมชาย ใจดี"),
)


def read(text: str) -> tuple[Mention, ...]:
    return settled(mentions(text, PEOPLE, read_marks(text).spans))


def named(text: str) -> list[str]:
    return [f"{mention.text}={'/'.join(mention.candidates)}" for mention in read(text)]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("coffee with maya and Tom B", ["maya=maya", "Tom B=tom"]),
        ("Tom Baker and Tom A. came", ["Tom Baker=tom", "Tom A=tom-a"]),
        ("lunch with Tom", ["Tom=tom/tom-a"]),
        ("Maya's cake, James' tea, Zoe’s dog", ["Maya=maya", "James=james", "Zoe=zoe"]),
        ("Mayas Garten", []),
        ("siobhan o'brien and SHIV", ["siobhan o'brien=shiv", "SHIV=shiv"]),
        ("Anne Marie and anne‑marie", ["Anne Marie=anne", "anne‑marie=anne"]),
        ("Jean-Luc, Jean Luc and Jean", ["Jean=jean"]),
        ("Mary Ann Jones met Mary Ann", ["Mary Ann=mary-ann"]),
        ("Dr. Ana Ruiz rang", ["Dr. Ana Ruiz=ana"]),
        ('"Maya" (Maya) _Maya_ Maya/Zoe', ["Maya=maya"] * 4 + ["Zoe=zoe"]),
        ("ex-Maya, Maya-like, maya_x", []),
    ],
)
def test_names_are_found_as_people_write_them(text: str, people: list[str]) -> None:
    assert named(text) == people


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("met Grace Kelly and Grace Hopper", ["Grace Hopper=grace"]),
        ("Grace Kelly came", []),
        ("Grace van Dyke", []),
        ("met Elton Maya, and in Paris Maya laughed", ["Maya=maya"]),
        ("Maya Tom and I", ["Maya=maya", "Tom=tom/tom-a"]),
        ("saw Maya Monday. Maya I like", ["Maya=maya", "Maya=maya"]),
        ("saw Tom K", []),
    ],
)
def test_a_strangers_full_name_is_not_somebody_known(text: str, people: list[str]) -> None:
    assert named(text) == people


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("grace period, the norm, will call, mark it", []),
        ("Will we meet? Will Maya come?", ["Maya=maya"]),
        ("Will came. I asked Will", ["Will=will", "Will=will"]),
        ("Mark my words. Grace period. May I? The Norm", []),
        ("in May, May 12, last May", []),
        ("saw May", ["May=may"]),
        ("MET GRACE AND NORM", ["GRACE=grace", "NORM=norm"]),
        ("will young people come", []),
    ],
)
def test_a_name_that_is_a_word_needs_its_capital(text: str, people: list[str]) -> None:
    assert named(text) == people


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("今日は山田さんと会った", ["山田=taro"]),
        ("山田太郎が来た", ["山田太郎=taro"]),
        ("민수가 왔다", ["민수=minsu"]),
        ("अनिल कुमार से मिला", ["अनिल कुमार=anil"]),
        ("วันนี้เจอสมชายที่ร้าน", ["สมชาย=somchai"]),
        ("Mayaさんと", ["Maya=maya"]),
        ("Zoe\u0308", ["Zoe\u0308=zoe"]),
    ],
)
def test_names_are_found_in_every_script(text: str, people: list[str]) -> None:
    assert named(text) == people


def test_addresses_topics_and_handles_name_nobody() -> None:
    assert named("maya@x.org http://x.com/Maya maya.com @maya #maya") == []


def test_the_rest_of_the_text_settles_who_is_meant() -> None:
    assert named("Tom Adams rang. Tom was well") == ["Tom Adams=tom-a", "Tom=tom-a"]


def test_company_settles_who_is_meant() -> None:
    found = mentions("Maya and Tom", PEOPLE)
    together = {"tom": frozenset({"maya"})}
    assert [one.candidates for one in settled(found, together)] == [("maya",), ("tom",)]
    both = together | {"tom-a": frozenset({"maya"})}
    assert settled(found, both)[1].candidates == ("tom", "tom-a")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("lunch with Priya and Maya", ("Priya",)),
        ("Priya joined us. Talked to Priya about Kant", ("Priya",)),
        ("met Grace Kelly; saw Will Smith", ("Grace Kelly", "Will Smith")),
        ("Coffee on Monday in Paris at Blue Door", ()),
        ("Talked French. Watched Dune with Maya", ()),
        ("with Ludwig van Beethoven", ("Ludwig van Beethoven",)),
    ],
)
def test_strangers_are_noticed(text: str, names: tuple[str, ...]) -> None:
    spans = read_marks(text).spans
    assert strangers(text, mentions(text, PEOPLE, spans), spans) == names


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("coffee with Maya and Tom at Blue Door about #sourdough", "Blue Door"),
        ("tea at the Red Lion", "Red Lion"),
        ("In Lisbon with Maya", "Lisbon"),
        ("at Café de la Paix with Grace", "Café de la Paix"),
        ("at St. Ives", "St. Ives"),
        ("at Joe's Pizza", "Joe's Pizza"),
        ("at Maya's", None),
        ("at Noon in March in English at home", None),
        ("?is she in Lisbon", None),
    ],
)
def test_the_place_is_read(text: str, where: str | None) -> None:
    spans = read_marks(text).spans
    assert place(text, mentions(text, PEOPLE, spans), spans) == where


@pytest.mark.parametrize(
    ("who", "handles"),
    [
        ("maya", ["maya"]),
        ("MAYA OKAFOR", ["maya"]),
        ("okafor", ["maya"]),
        ("o'brien", ["shiv"]),
        ("OBrien", ["shiv"]),
        ("zoe", ["zoe"]),
        ("Tom B.", ["tom"]),
        ("Tom Baker", ["tom"]),
        ("tom", ["tom"]),
        ("@tom", ["tom"]),
        ("ma", ["mark", "mary-ann", "may", "maya"]),
        ("Mary Ann", ["mary-ann"]),
        ("Ana Ruiz", ["ana"]),
        ("norm", ["norm"]),
        ("anne marie", ["anne"]),
        ("Grace Kelly", []),
        ("@okafor", []),
        ("", []),
        (" ' ", []),
        ("山田", ["taro"]),
    ],
)
def test_who_is_found_by_the_best_that_fits(who: str, handles: list[str]) -> None:
    assert [person.handle for person in matching(who, PEOPLE)] == handles


def test_two_of_one_name_are_both_meant() -> None:
    twins = (Known("sam-2", "Sam Lee"), Known("sam", "Sam Lee"))
    assert [person.handle for person in matching("sam lee", twins)] == ["sam", "sam-2"]


def test_near_misses_are_proposed_the_likest_first() -> None:
    assert [person.handle for person in near("Okafro", PEOPLE)] == ["maya", "james"]
    assert near("Grace Kelly", PEOPLE)[0].handle == "grace"
    assert [
        person.handle
        for person in near("tmo", (Known("tom-b", "Tom Becker"), Known("ana-r", "Ana Ruiz")))
    ] == ["tom-b"]
    assert near("", PEOPLE) == near("qqqqqq", PEOPLE) == ()


words = st.sampled_from(
    "Maya Tom Grace Kelly Will we the at in Blue Door 山田さん 민수가 O’Brien's Anne-Marie # ? @tom "
    "x@y.org http://x.y/Maya . , \n Ruiz Dr. to van \u0301 \x00 \ud800".split(" ")
)
texts = st.lists(words).map(" ".join) | st.text(st.characters(exclude_categories=()))


@given(texts)
def test_mentions_of_any_text_hold_together(text: str) -> None:
    spans = read_marks(text).spans
    found = mentions(text, PEOPLE, spans)
    reach = 0
    for mention in found:
        assert text[mention.start : mention.end] == mention.text
        assert mention.start >= reach
        assert all(end <= mention.start or mention.end <= start for start, end in spans)
        assert list(mention.candidates) == sorted(set(mention.candidates))
        reach = mention.end
    strangers(text, found, spans)
    place(text, found, spans)


@given(texts)
def test_whoever_is_mentioned_could_be_fetched_by_a_word(text: str) -> None:
    fetched = prose_words(text)
    names = {person.handle: (person.name, *person.nicknames) for person in PEOPLE}
    for mention in mentions(text, PEOPLE):
        for handle in mention.candidates:
            assert fetched & {word for name in names[handle] for word in name_words(name)}


def test_possessives_are_fetched_by_their_stem() -> None:
    assert {"maya", "mayas", "james", "obrien"} <= prose_words("Maya's James' O'Brien's")


@given(texts, texts, st.lists(texts, max_size=2))
def test_any_name_can_be_asked_for(name: str, who: str, nicknames: list[str]) -> None:
    person = Known("someone", name, tuple(nicknames))
    matching(who, (person,))
    near(who, (person,))
    mentions(who, (person,))
    if name_words(name) and not name.lstrip().startswith("@"):
        assert matching(name, (person,)) == (person,)
