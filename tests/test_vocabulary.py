"""The vocabulary: keys of interests, the shipped table, and kinship, which prefers no answer to a wrong one."""

from datetime import date
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from kin.book import session as book_session
from kin.interests import service as interests_service
from kin.vocabulary import kinship
from kin.vocabulary.catalog import (
    ANCESTOR_STEPS,
    find_row,
    load_catalog,
    normalize_group,
    normalize_interest,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Board Games", "boardgame"),
        ("board-games", "board game"),
        ("café culture", "Cafe Culture"),
        ("Arts & Crafts", "art and craft"),
        ("movies", "movie"),
        ("hobbies", "hobby"),
        ("watches", "watch"),
        ("rock'n'roll", "rock’n’roll"),
        ("Science-Fiction", "science fiction"),
        ("c++", "C++"),
        ("🧗", "🧗\ufe0f"),
        ("陶芸", "陶芸"),
    ],
)
def test_spellings_of_an_interest_have_the_same_key(one: str, other: str) -> None:
    assert normalize_interest(one) == normalize_interest(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("c", "c++"),
        ("chess", "che"),
        ("tennis", "tenni"),
        ("physics", "physic"),
        ("news", "new"),
        ("glass", "glas"),
        ("jazz", "jaz"),
    ],
)
def test_a_word_that_only_looks_like_a_plural_keeps_its_ending(one: str, other: str) -> None:
    assert normalize_interest(one) != normalize_interest(other)


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("bridge", "bridges"),
        ("cricket", "crickets"),
        ("house", "houses"),
        ("python", "pythons"),
        ("squash", "squashes"),
    ],
)
def test_a_plural_of_something_else_is_another_interest(singular: str, plural: str) -> None:
    assert normalize_interest(singular) != normalize_interest(plural)
    assert kinship(singular, plural) in (None, "typo")


def test_an_interest_without_letters_has_no_key_but_a_group_has() -> None:
    assert (normalize_interest("--"), normalize_interest(" "), normalize_group("!!")) == (
        "",
        "",
        "!!",
    )


@given(st.text())
def test_the_key_of_a_key_is_not_longer(words: str) -> None:
    assert len(normalize_interest(normalize_interest(words))) <= len(normalize_interest(words))


# The shipped table.


def test_the_table_can_be_checked_by_hand() -> None:
    assert 600 <= len(load_catalog().rows) <= 1300


def test_the_key_column_is_the_key_of_the_label() -> None:
    for own, row in load_catalog().rows.items():
        assert own == normalize_interest(row.label)


def test_every_name_belongs_to_one_row() -> None:
    names = [
        normalize_interest(name)
        for row in load_catalog().rows.values()
        for name in (row.label, *row.other_names)
    ]
    assert all(names)
    assert len(names) == len(set(names)) == len(load_catalog().names)


def test_every_broader_label_is_a_row() -> None:
    for row in load_catalog().rows.values():
        for label in row.broader:
            assert normalize_interest(label) in load_catalog().rows, f"{row.label}: {label}"


def test_no_interest_is_under_itself() -> None:
    TopologicalSorter(load_catalog().broader).prepare()  # raises CycleError


def test_an_ambiguous_word_names_no_row() -> None:
    for word, labels in load_catalog().ambiguous_words.items():
        assert word not in load_catalog().names, word
        assert len(labels) > 1, word
        assert all(normalize_interest(label) in load_catalog().rows for label in labels), word


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("bridge", "card games"),
        ("football", "soccer"),
        ("football", "sports"),
        ("python", "Python (programming)"),
        ("python", "snakes"),
    ],
)
def test_an_ambiguous_word_is_only_related_to_itself(word: str, other: str) -> None:
    assert kinship(word, word.upper()) == "same"
    assert kinship(word, other) is None


def test_an_emoji_next_to_words_adds_nothing_or_disambiguates_them() -> None:
    assert find_row("Yoga 🧘") == find_row("✨ yoga") == find_row("yoga ❤️") == "yoga"
    assert find_row("football ⚽") == "soccer" and find_row("knitting 🧶") == "knitting"
    assert find_row("football 😍") is find_row("go ⚫") is find_row("❤") is None


@pytest.mark.parametrize(
    "around", ["I love {}", "my {}", "doing {}", "{} class", "{} fan", "{} lovers"]
)
def test_words_around_a_name_do_not_lead_to_another_interest(around: str) -> None:
    for own, row in load_catalog().rows.items():
        for name in (row.label, *row.other_names):
            found = find_row(around.format(name))
            assert found in (None, own) or kinship(row.label, load_catalog().rows[found].label), (
                name
            )


def test_no_two_rows_are_the_same() -> None:
    for own, row in load_catalog().rows.items():
        assert {find_row(name) for name in (row.label, *row.other_names)} == {own}
    assert find_row("bass") is find_row("rust") is None


# Kinship.

SAME = """soccer/fußball|BJJ/brazilian jiu jitsu|boardgames/Brettspiele|spelunking/caving|knitting/stricken|escalade/climbing
D&D/Dungeons and Dragons|rpg/role-playing games|mtb/mountain biking|jardinería/gardening|HEMA/historical fencing
sci-fi/science fiction|birding/birdwatching|piano/Klavier|choir/Chor|movies/cinema|photography/photographie|ham radio/amateur radio
FOSS/open source|hiking/randonnée|cooking/kochen|chess/Schach|reading/lesen|swimming/natation|bike riding/cycling|guitar/Gitarre
programming/coding|maths/mathematics|pottery/ceramics|sewing/nähen|making cheese/cheese making|urban exploration/urbex"""
BROADER = """bouldering/climbing|sourdough/baking|bebop/jazz|jazz/music|film photography/photography|tango/dancing|haiku/poetry
trail running/running|chess/board games|lindy hop/swing dance|judo/martial arts|kayaking/water sports|skiing/winter sports
D&D/role-playing games|espresso/coffee|birdwatching/nature|astrophotography/photography|bonsai/gardening|french/languages"""
UNRELATED = """bass guitar/bass fishing|table tennis/tennis|ice hockey/field hockey|rowing/crew neck|poker/pokemon|cricket/insects
rock music/rock climbing|house music/architecture|country music/travel|rust/metalworking|astronomy/astrology|politics/policy
folk music/folklore|magic/Magic: The Gathering|pottery/poetry|hiking/biking|cooking/coding|surfing/web surfing|pool/swimming
java/coffee|python/snakes|jazz/jazzercise|mycology/mythology|ecology/economy|painting/printing|wine/vine|tango/mango"""


def list_pairs(listed: str) -> list[tuple[str, str]]:
    """Return the pairs of a list, each in both directions."""
    halves = [pair.split("/") for pair in listed.replace("\n", "|").split("|")]
    return [(a, b) for a, b in halves] + [(b, a) for a, b in halves]


@pytest.mark.parametrize(("a", "b"), list_pairs(SAME))
def test_names_of_an_interest_are_the_same(a: str, b: str) -> None:
    assert kinship(a, b) == "same"


@pytest.mark.parametrize(("a", "b"), list_pairs(BROADER))
def test_a_kind_of_something_is_broader_or_narrower(a: str, b: str) -> None:
    assert kinship(a, b) == "broader"


@pytest.mark.parametrize(("a", "b"), list_pairs(UNRELATED))
def test_interests_that_only_sound_alike_are_unrelated(a: str, b: str) -> None:
    assert kinship(a, b) is None


def read_reviewed_pairs() -> list[tuple[str, str, str]]:
    """Return the reviewed pairs: a, b and their kinship, `-` for none, `?same` where kin is known to miss it."""
    path = Path(__file__).parent / "fixtures" / "kinship.tsv"
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    return [(a, b, kin) for a, b, kin in rows]


def test_every_reviewed_pair_is_judged_correctly_or_not_at_all() -> None:
    for a, b, kin in read_reviewed_pairs():
        found = kinship(a, b)
        silent = found in (None, "typo")  # a typo is asked about, not assumed
        assert silent if kin == "-" or kin.startswith("?") else found == kin, f"{a}, {b}: {found}"


@pytest.mark.parametrize(("kin", "share"), [("same", 0.95), ("broader", 0.89)])
def test_most_of_the_reviewed_pairs_are_found(kin: str, share: float) -> None:
    found = sum(each == kin for _, _, each in read_reviewed_pairs())
    missed = sum(each == f"?{kin}" for _, _, each in read_reviewed_pairs())
    assert found >= share * (found + missed)


def test_a_book_relates_the_reviewed_pairs_as_kinship_does(tmp_path: Path) -> None:
    with book_session.open_for_writing(tmp_path / "book.db", date(2026, 11, 23)) as session:
        for a, b, _ in read_reviewed_pairs():
            interests_service.get_or_create_interest(session, a)
            interests_service.get_or_create_interest(session, b)
        db = book_session.get_connection(session)
        meant = dict(db.execute("SELECT key, sense FROM interest_name"))
        steps = db.execute("SELECT narrow, broad FROM interest_broader").fetchall()
    broader = collect_ancestors(steps)
    for a, b, _ in read_reviewed_pairs():
        one, other = meant[normalize_interest(a)], meant[normalize_interest(b)]
        kept = "same" if one == other else None
        if (one, other) in broader or (other, one) in broader:
            kept = "broader"
        assert kept == kinship(a, b) or (kept is None and kinship(a, b) == "typo"), f"{a}, {b}"


def collect_ancestors(steps: list[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the pairs of an interest and one above it, in at most `ANCESTOR_STEPS` of these steps."""
    pairs = set(steps)
    for _ in range(ANCESTOR_STEPS - 1):
        pairs |= {(one, far) for one, near in pairs for narrow, far in steps if narrow == near}
    return pairs


@pytest.mark.parametrize(
    "pair",
    "sourdough/baking salsa/dancing orchids/gardening entomology/biology birdwatching/nature watercolour/art "
    "corgis/pets origami/crafts espresso/coffee Scotch/spirits manga/reading Zen/religion".split(),
)
def test_the_obvious_broader_interest_is_one_step_up(pair: str) -> None:
    narrow, broad = map(find_row, pair.split("/"))
    assert narrow and broad in load_catalog().broader[narrow]


def test_a_misspelling_is_a_typo_and_not_the_same() -> None:
    assert kinship("photograhpy", "photography") == "typo"
    assert kinship("tea", "teas") == "same"
    assert kinship("judo", "ludo") is None  # four letters are too few


@given(st.text(max_size=30), st.text(max_size=30))
def test_kinship_is_symmetric(a: str, b: str) -> None:
    assert kinship(a, b) == kinship(b, a)
