"""Text as people type it: the same key for the same word, nothing that drives a terminal."""

import unicodedata
from itertools import islice

import pytest
from hypothesis import example, given, strategies as st

from kin.language.text import cells, clipped, fold, handle_options, joined, shape, slug, visible
from kin.notes.syntax import read_marks, split_day, thread_spans

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
def test_spellings_of_one_word_share_a_key(typed: str, meant: str) -> None:
    assert fold(typed) == fold(meant)


@pytest.mark.parametrize(("one", "other"), [("カ", "ガ"), ("कि", "क"), ("Tom", "Tim")])
def test_different_words_keep_different_keys(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(any_text)
@example("ŉ´℡ſ\u0345ᾳ\ud800")
def test_a_key_is_its_own_key(text: str) -> None:
    assert fold(fold(text)) == fold(text)


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
def test_what_could_drive_a_terminal_is_shown(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_one_line_shows_its_line_feeds() -> None:
    assert visible("a\nb\tc", newlines=False) == r"a\nb\tc"


@given(any_text)
def test_shown_text_holds_no_control_and_stays_as_it_is(text: str) -> None:
    shown = visible(text)
    assert visible(shown) == shown
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
def test_handles_are_proposed_the_shortest_first(name: str, options: list[str]) -> None:
    assert list(islice(handle_options(name), len(options))) == options


@given(any_text)
def test_a_handle_is_safe_to_type_and_never_repeats(name: str) -> None:
    options = list(islice(handle_options(name), 8))
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
    assert slug(name) == handle


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
def test_a_line_is_clipped_between_words(text: str, width: int, line: str) -> None:
    assert clipped(text, width) == line


@given(any_text, st.integers(0, 20))
def test_a_clipped_line_fits(text: str, width: int) -> None:
    assert cells(clipped(text, width)) <= width or not text.split()


def test_cells_count_wide_and_combining_characters() -> None:
    assert [cells(text) for text in ("abc", "山田", "e\u0301", "🎸", "")] == [3, 4, 1, 2, 0]


def test_words_are_joined_as_in_a_sentence() -> None:
    assert [joined(["a", "b", "c"][:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert joined(["a", "b"], "or") == "a or b"


@pytest.mark.parametrize(
    ("text", "topics"),
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
def test_topics_are_read_as_typed(text: str, topics: tuple[str, ...]) -> None:
    assert read_marks(text).topics == topics


@pytest.mark.parametrize(
    ("text", "threads"),
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
def test_threads_end_with_their_sentence(text: str, threads: tuple[str, ...]) -> None:
    assert read_marks(text).threads == threads


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("with @maya. and (@tom-b)", ["maya", "tom-b"]),
        ("@maya's kiln", ["maya"]),
        ("me@x.org a@b @17:30 @5pm @ home", []),
        ("@山田 と", ["山田"]),
    ],
)
def test_handles_are_no_addresses_and_no_hours(text: str, handles: list[str]) -> None:
    assert [handle for _, _, handle in read_marks(text).handles] == handles


def test_spans_hold_what_is_no_prose() -> None:
    text = "see (http://x.org/Maya), maya@x.org, #tea and @tom."
    spans = [text[start:end] for start, end in read_marks(text).spans]
    assert spans == ["http://x.org/Maya", "maya@x.org", "#tea", "@tom"]


@given(any_text | marked_text)
def test_marks_of_any_text_are_read(text: str) -> None:
    marks = read_marks(text)
    assert list(marks.spans) == sorted(marks.spans)
    assert all(0 <= start < end <= len(text) for start, end in marks.spans)
    assert all(text[start + 1 : end] == handle for start, end, handle in marks.handles)
    assert all(topic and topic in text for topic in marks.topics)
    words = tuple(text[start:end].strip() for start, end in thread_spans(text))
    assert marks.threads == words
    assert all(words)
    assert len(shape(text)) == len(text)


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
