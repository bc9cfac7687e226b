"""Text: keys of words, safe display, handles, truncation, and the marks in a note."""

import unicodedata
from itertools import islice

import pytest
from hypothesis import example, given, strategies as st

from kin.language.text import (
    display_width,
    escape_control,
    join_words,
    normalize,
    propose_handles,
    replace_marks_with_letters,
    slugify,
    truncate,
)
from kin.notes.syntax import find_question_spans, parse_marks, split_day

any_text = st.text(st.characters(exclude_categories=()))
marked_text = st.lists(
    st.sampled_from(
        ["#", "?", "@", '"', "“", "”", "(", ")", ".", " ", "\n", "a", "山", "é", "🎸", "'"]
    )
).map("".join)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Zoe", "Zoë"),
        ("O'Brien", "O’Brien"),
        ("OBrien", "OʼBrien"),
        ("Anne-Marie", "anne  marie"),
        ("anne‑marie", "Anne–Marie"),
        ("STRASSE", "Straße"),
        ("Soren Orsted", "Søren Ørsted"),
        ("lukasz", "Łukasz"),
        ("ISTANBUL", "İstanbul"),
        ("ma\u200bya", "Maya"),
        ("ガ", "カ\u3099"),
    ],
)
def test_spellings_of_a_word_have_the_same_key(typed: str, meant: str) -> None:
    assert normalize(typed) == normalize(meant)


@pytest.mark.parametrize(("one", "other"), [("カ", "ガ"), ("कि", "क"), ("Tom", "Tim")])
def test_different_words_have_different_keys(one: str, other: str) -> None:
    assert normalize(one) != normalize(other)


@given(any_text)
@example("ŉ´℡ſ\u0345ᾳ\ud800")
def test_the_key_of_a_key_is_the_same(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", r"\x1b[31mred"),
        ("a\u202eb", r"a\u202eb"),
        ("a\rb\nc\td", "a\\rb\nc\td"),
        ("\x9b0m\x7f\x00", r"\x9b0m\x7f\x00"),
        ("\ud800", r"\ud800"),
        ("\U000e0041", r"\U000e0041"),
        ("a\u200db", r"a\u200db"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("naïve 山田 🎸 [/] \\x1b", "naïve 山田 🎸 [/] \\x1b"),
    ],
)
def test_control_characters_are_escaped(text: str, shown: str) -> None:
    assert escape_control(text) == shown


def test_line_feeds_are_escaped_on_request() -> None:
    assert escape_control("a\nb\tc", newlines=False) == r"a\nb\tc"


@given(any_text)
def test_escaped_text_has_no_control_characters_and_does_not_change_again(text: str) -> None:
    shown = escape_control(text)
    assert escape_control(shown) == shown
    assert not {unicodedata.category(char) for char in shown if char not in "\n\t"} & {"Cc", "Cs"}
    assert not set(shown) & set("\u202e\u2066\u200b\u200e\u2028\ufeff")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("Maya Okafor", ["maya-o", "maya-okafor", "maya-2", "maya-3"]),
        ("Dr. Ana Ruiz", ["ana-r", "ana-ruiz", "ana-2"]),
        ("Dr. Ana", ["ana", "ana-2"]),
        ("Tom James Baker Jr.", ["tom-b", "tom-baker", "tom-james-baker", "tom-2"]),
        ("Dr.", ["dr", "dr-2"]),
        ("🎸", ["someone", "someone-2"]),
        ("山田", ["山田", "山田-2"]),
        ("अनिल कुमार", ["अनिल-कु", "अनिल-कुमार"]),
        ("$(rm) `x`: '", ["rm-x", "rm-2"]),
        ("-@#", ["someone"]),
    ],
)
def test_handles_are_proposed_shortest_first(name: str, options: list[str]) -> None:
    assert list(islice(propose_handles(name), len(options))) == options


@given(any_text)
def test_a_handle_is_safe_to_type_and_never_repeats(name: str) -> None:
    options = list(islice(propose_handles(name), 8))
    assert len(set(options)) == 8
    for option in options:
        assert option[0] not in "-@#."
        assert len(option) <= 40
        categories = {unicodedata.category(char)[0] for char in option.replace("-", "")}
        assert categories <= {"L", "M", "N"}


@pytest.mark.parametrize(
    ("name", "handle"), [("Zoë O’Brien", "zoe-obrien"), ("Юрий", "юрий"), ("!?", ""), ("_a_", "a")]
)
def test_a_name_becomes_a_slug(name: str, handle: str) -> None:
    assert slugify(name) == handle


@pytest.mark.parametrize(
    ("text", "width", "line"),
    [
        ("hello brave new world", 40, "hello brave new world"),
        ("hello brave\nnew world", 14, "hello brave…"),
        ("山田太郎は元気", 8, "山田太…"),
        ("abc", 0, ""),
        ("abc", 2, "a…"),
    ],
)
def test_a_line_is_truncated_between_words(text: str, width: int, line: str) -> None:
    assert truncate(text, width) == line


@given(any_text, st.integers(0, 20))
def test_a_truncated_line_fits(text: str, width: int) -> None:
    assert display_width(truncate(text, width)) <= width or not text.split()


def test_display_width_counts_wide_and_combining_characters() -> None:
    assert [display_width(text) for text in ("abc", "山田", "e\u0301", "🎸", "")] == [3, 4, 1, 2, 0]


def test_words_are_joined_as_in_a_sentence() -> None:
    assert [join_words(["a", "b", "c"][:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert join_words(["a", "b"], "or") == "a or b"


@pytest.mark.parametrize(
    ("text", "interests"),
    [
        (
            "#sourdough. and (#trail-running), #c++ #d&d",
            ("sourdough", "trail-running", "c++", "d&d"),
        ),
        ("#\"two words\" #“zwei Wörter” #'le pain'", ("two words", "zwei Wörter", "le pain")),
        ("#Tea #tea #TEA", ("Tea",)),
        ("#rock/pop #🎸 #日本語 #हिन्दी", ("rock", "🎸", "日本語", "हिन्दी")),
        ("C# issue #12 a#b http://x/#frag ## # #-", ()),
        (r'\#tea #"" #"open', ()),
        ("?how was #climbing", ("climbing",)),
    ],
)
def test_interests_are_read_as_typed(text: str, interests: tuple[str, ...]) -> None:
    assert parse_marks(text).interests == interests


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("tea ?did the kiln survive", ("did the kiln survive",)),
        ("?did the kiln survive? We left", ("did the kiln survive?",)),
        ("?how was #climbing. Then", ("how was #climbing",)),
        ("?did Dr. Ruiz call. Yes", ("did Dr. Ruiz call",)),
        (
            "?is 3.5 enough e.g. for tea ?next\n?last",
            ("is 3.5 enough e.g. for tea", "next", "last"),
        ),
        ("(?how was it) and so", ("how was it",)),
        (r"really? http://x?y=1 ?? what? no \?no ? no", ()),
    ],
)
def test_a_question_ends_with_its_sentence(text: str, questions: tuple[str, ...]) -> None:
    assert parse_marks(text).questions == questions


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("with @maya. and (@tom-b)", ["maya", "tom-b"]),
        ("@maya's kiln", ["maya"]),
        ("me@x.org a@b @17:30 @5pm @ home", []),
        ("@山田 と", ["山田"]),
    ],
)
def test_addresses_and_times_are_not_handles(text: str, handles: list[str]) -> None:
    assert [handle for _, _, handle in parse_marks(text).handles] == handles


def test_spans_cover_what_is_not_prose() -> None:
    text = "see (http://x.org/Maya), maya@x.org, #tea and @tom."
    spans = [text[start:end] for start, end in parse_marks(text).spans]
    assert spans == ["http://x.org/Maya", "maya@x.org", "#tea", "@tom"]


@given(any_text | marked_text)
def test_the_marks_of_any_text_are_read(text: str) -> None:
    marks = parse_marks(text)
    assert list(marks.spans) == sorted(marks.spans)
    assert all(0 <= start < end <= len(text) for start, end in marks.spans)
    assert all(text[start + 1 : end] == handle for start, end, handle in marks.handles)
    assert all(interest and interest in text for interest in marks.interests)
    words = tuple(text[start:end].strip() for start, end in find_question_spans(text))
    assert marks.questions == words
    assert all(words)
    assert len(replace_marks_with_letters(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("yesterday: coffee", ("yesterday", "coffee")),
        ("2026-03-12 17:30: tea", ("2026-03-12 17:30", "tea")),
        ("last tue:", ("last tue", "")),
        ("at 17:30 tea", None),
        ("http://x y", None),
        ("tea\nnote: x", None),
        (": x", None),
        ("x" * 60 + ": y", None),
    ],
)
def test_a_leading_day_is_split_off(text: str, parts: tuple[str, str] | None) -> None:
    assert split_day(text) == parts
