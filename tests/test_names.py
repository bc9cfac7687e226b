"""Names in prose and on the command line: found if they are meant, and never guessed."""

import pytest
from hypothesis import given, strategies as st

from kin.language.person_names import (
    Mention,
    PersonNames,
    find_similar_people,
    list_name_words,
    list_prose_words,
    match_people,
    resolve_mentions,
)
from kin.notes.name_detection import find_known_names, find_place, find_unknown_names
from kin.notes.syntax import parse_marks

PEOPLE = (
    PersonNames("maya", "Maya Okafor"),
    PersonNames("tom", "Tom James Baker"),
    PersonNames("tom-a", "Tom Adams"),
    PersonNames("grace", "Grace Hopper"),
    PersonNames("will", "Will Young"),
    PersonNames("mark", "Mark Twain"),
    PersonNames("may", "May Lin"),
    PersonNames("norm", "Norman Reed", ("Norm",)),
    PersonNames("zoe", "Zoë Łukasz"),
    PersonNames("shiv", "Siobhán O’Brien", ("Shiv",)),
    PersonNames("mary-ann", "Mary Ann Smith"),
    PersonNames("jean", "Jean Dupont"),
    PersonNames("anne", "Anne-Marie Leclerc"),
    PersonNames("james", "James Okoro"),
    PersonNames("ana", "Dr. Ana Ruiz"),
    PersonNames("taro", "山田 太郎"),
    PersonNames("minsu", "김민수", ("민수",)),
    PersonNames("anil", "अनिल कुमार"),
    PersonNames("somchai", "สมชาย ใจดี"),
)


def read(text: str) -> tuple[Mention, ...]:
    return resolve_mentions(find_known_names(text, PEOPLE, parse_marks(text).spans))


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
def test_a_strangers_full_name_is_not_someone_known(text: str, people: list[str]) -> None:
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


def test_addresses_interests_and_handles_name_no_one() -> None:
    assert named("maya@x.org http://x.com/Maya maya.com @maya #maya") == []


def test_the_rest_of_the_text_settles_an_ambiguous_name() -> None:
    assert named("Tom Adams rang. Tom was well") == ["Tom Adams=tom-a", "Tom=tom-a"]


def test_company_settles_an_ambiguous_name() -> None:
    mentions = find_known_names("Maya and Tom", PEOPLE)
    together = {"tom": frozenset({"maya"})}
    assert [one.candidates for one in resolve_mentions(mentions, together)] == [("maya",), ("tom",)]
    both = together | {"tom-a": frozenset({"maya"})}
    assert resolve_mentions(mentions, both)[1].candidates == ("tom", "tom-a")


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
def test_unknown_names_are_found(text: str, names: tuple[str, ...]) -> None:
    spans = parse_marks(text).spans
    assert find_unknown_names(text, find_known_names(text, PEOPLE, spans), spans) == names


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
    spans = parse_marks(text).spans
    assert find_place(text, find_known_names(text, PEOPLE, spans), spans) == where


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
def test_a_person_is_found_by_the_best_match(who: str, handles: list[str]) -> None:
    assert [person.handle for person in match_people(who, PEOPLE)] == handles


def test_two_people_of_one_name_both_match() -> None:
    twins = (PersonNames("sam-2", "Sam Lee"), PersonNames("sam", "Sam Lee"))
    assert [person.handle for person in match_people("sam lee", twins)] == ["sam", "sam-2"]


def test_near_misses_come_most_similar_first() -> None:
    assert [person.handle for person in find_similar_people("Okafro", PEOPLE)] == ["maya", "james"]
    assert find_similar_people("Grace Kelly", PEOPLE)[0].handle == "grace"
    assert [
        person.handle
        for person in find_similar_people(
            "tmo", (PersonNames("tom-b", "Tom Becker"), PersonNames("ana-r", "Ana Ruiz"))
        )
    ] == ["tom-b"]
    assert find_similar_people("", PEOPLE) == find_similar_people("qqqqqq", PEOPLE) == ()


words = st.sampled_from(
    "Maya Tom Grace Kelly Will we the at in Blue Door 山田さん 민수가 O’Brien's Anne-Marie # ? @tom "
    "x@y.org http://x.y/Maya . , \n Ruiz Dr. to van \u0301 \x00 \ud800".split(" ")
)
texts = st.lists(words).map(" ".join) | st.text(st.characters(exclude_categories=()))


@given(texts)
def test_mentions_in_any_text_are_consistent(text: str) -> None:
    spans = parse_marks(text).spans
    mentions = find_known_names(text, PEOPLE, spans)
    end_of_last = 0
    for mention in mentions:
        assert text[mention.start : mention.end] == mention.text
        assert mention.start >= end_of_last
        assert all(end <= mention.start or mention.end <= start for start, end in spans)
        assert list(mention.candidates) == sorted(set(mention.candidates))
        end_of_last = mention.end
    find_unknown_names(text, mentions, spans)
    find_place(text, mentions, spans)


@given(texts)
def test_everyone_mentioned_can_be_looked_up_by_a_word(text: str) -> None:
    words = list_prose_words(text)
    names = {person.handle: (person.name, *person.nicknames) for person in PEOPLE}
    for mention in find_known_names(text, PEOPLE):
        for handle in mention.candidates:
            assert words & {word for name in names[handle] for word in list_name_words(name)}


def test_possessives_are_looked_up_by_their_stem() -> None:
    assert {"maya", "mayas", "james", "obrien"} <= list_prose_words("Maya's James' O'Brien's")


@given(texts, texts, st.lists(texts, max_size=2))
def test_any_name_can_be_looked_up(name: str, who: str, nicknames: list[str]) -> None:
    person = PersonNames("someone", name, tuple(nicknames))
    match_people(who, (person,))
    find_similar_people(who, (person,))
    find_known_names(who, (person,))
    if list_name_words(name) and not name.lstrip().startswith("@"):
        assert match_people(name, (person,)) == (person,)
