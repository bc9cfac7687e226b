"""Forgetting finds a name however people write it, and leaves what only looks like it."""

import json
from collections.abc import Callable, Sequence

import pytest

from kin.language import person_names
from kin.language.person_names import PersonNames, resolve_mentions
from kin.notes.name_detection import find_known_names
from tests.conftest import Kin


def stories(kin: Kin, name: str, others: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Forget a person after others were met with these stories; return what is left of them.

    `recall --all` and the dry run must have shown each story that changes, and no other.
    """
    for each in (name, *others):
        assert kin("add", each).code == 0, each
    for number, text in enumerate(texts):
        assert kin("add", f"Zed Number{number}", "--met", text).code == 0
    handle = kin("recall", name, "--json").json["person"]["handle"]
    shown = {
        each["text"] for each in kin("recall", handle, "--all", "--json").json["named_elsewhere"]
    }
    planned = kin("forget", handle, "--dry-run", "--json").json["changes"]
    assert kin("forget", handle, "--yes").code == 0
    people = {each["name"]: each for each in kin("people", "--json", "-n", "0").json}
    left = [people[f"Zed Number{number}"]["met"]["story"] for number in range(len(texts))]
    changed = {before: after for before, after in zip(texts, left, strict=True) if before != after}
    assert shown == set(changed)
    assert {each["text"]: each["after"] for each in planned} == changed
    return left


# First and last name are each shared with someone else, so that only the whole name is theirs.
SPELLINGS = {
    "Siobhan O'Brien": (
        ("Siobhan Daly", "Ben O'Brien"),
        {
            "she knows Siobhan O’Brien well": "she knows someone well",
            "siobhan o'brien": "someone",
            "Siobhan OʼBrien, Siobhan O`Brien": "someone, someone",
            "Siobhan\u00a0O’Brien": "someone",
            "Siobhan   O'Brien": "someone",
            "with Siobhan\nO'Brien and Ben": "with someone and Ben",
            "with Siobhan\n    O'Brien": "with someone",
            "Siobhán O'Brien": "someone",
            "Siobha\u0301n OBrien": "someone",
            "SIOBHAN O'BRIEN": "someone",
            "Dr. Siobhan O'Brien Jr. came": "Dr. someone Jr. came",
            "the Siobhan O'Briens, Siobhan O'Brien's hat": "the someone, someone's hat",
            "Siobhan_O'Brien, SiobhanOBrien": "someone, someone",
            "Sio\u00adbhan O'Brien": "someone",
            "Siobhan\u200b O'Bri\u200ben": "someone",
            "Siobhan\u200bO'Brien": "someone",
            "Sio\u2060bhan O\u200b'Brien": "someone",
            "#SiobhanOBrien, x.example/siobhan-o'brien": "#someone, x.example/someone",
            "Siobhan and Ben O'Brien; the O'Briens": "Siobhan and Ben O'Brien; the O'Briens",
        },
    ),
    "Jean-Luc Groß": (
        ("Jean-Luc Picard", "Eva Groß"),
        {
            "Jean\u2011Luc Groß": "someone",
            "Jean Luc Gross": "someone",
            "JEAN-LUC GROSS": "someone",
            "Jean\u2013Luc Groß, Jean\u2212Luc Groß, Jean\u2010Luc Groß": "someone, someone, someone",
            "Jean-Luc Groß’ Hut": "someone’ Hut",
            "Jean-Luc and Eva Groß": "Jean-Luc and Eva Groß",
        },
    ),
    "Μαρία Παππάς": (
        ("Μαρία Νίκου", "Άννα Παππάς"),
        {
            "ΜΑΡΙΑ ΠΑΠΠΑΣ": "someone",
            "Μαρια Παππας": "someone",
            "ΜΑΡΊΑ παππάς": "someone",
            "Μαρία και Άννα": "Μαρία και Άννα",
        },
    ),
    "Tom James Baker": (
        ("Tom King", "Ann Baker", "James Lee"),
        {
            "Tom Baker": "someone",
            "Tom J. Baker": "someone",
            "Tom Bakers Garten": "someone Garten",
            "Prof. Tom Baker's book": "Prof. someone's book",
            "Tom and a baker": "Tom and a baker",
        },
    ),
    "李 娜": (
        ("李 明", "王 娜"),
        {
            "昨天李娜来了": "昨天someone来了",
            "昨天李 娜来了": "昨天someone来了",
            "李　娜": "someone",
            "李\u200b娜": "someone",
            "李明": "李明",
        },
    ),
    "김민수": (
        ("김영희", "박민수"),
        {"김민수가 왔다": "someone가 왔다", "김 민수가": "someone가", "민수": "민수"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_name_is_found_however_it_is_written(name: str, kin: Kin) -> None:
    others, texts = SPELLINGS[name]
    left = stories(kin, name, others, [*texts])
    assert dict(zip(texts, left, strict=True)) == texts


VOWEL_SIGNS = {
    "Devanagari": ("प्रिया शर्मा", "प्रिया वर्मा"),
    "Bengali": ("সুমিতা চৌধুরী", "সুমিতা সেন"),
    "Tamil": ("கவிதா சுப்பிரமணியன்", "கவிதா ராஜன்"),
    "Telugu": ("లక్ష్మి నాయుడు", "లక్ష్మి రెడ్డి"),
    "Malayalam": ("ശ്രീദേവി നായർ", "ശ്രീദേവി മേനോൻ"),
    "Gujarati": ("જિજ્ઞેશ પટેલ", "જિજ્ઞેશ શાહ"),
    "Sinhala": ("නිමාලි පෙරේරා", "නිමාලි සිල්වා"),
    "Thaana": ("އައިޝަތު ރަޝީދު", "އައިޝަތު ނަސީރު"),
    "Arabic with vowels": ("مُحَمَّدٌ حُسَيْنٌ", "مُحَمَّدٌ عَلِيٌّ"),
    "Hebrew with points": ("מִרְיָם כֹּהֵן", "מִרְיָם לֵוִי"),
}


@pytest.mark.parametrize("script", VOWEL_SIGNS)
def test_words_of_scripts_with_vowel_signs_are_whole(script: str, kin: Kin) -> None:
    name, other = VOWEL_SIGNS[script]
    first, last = name.split()
    texts = [f"with {name}", f"{last}, wedding", f"{name}\u200b's", f"{first}"]
    assert stories(kin, name, [other], texts) == [
        "with someone", "someone, wedding", "someone's", first,
    ]  # fmt: skip


@pytest.mark.parametrize("script", ["Devanagari", "Tamil", "Hebrew with points"])
def test_single_words_are_replaced_if_no_one_else_has_them(script: str, kin: Kin) -> None:
    name, _ = VOWEL_SIGNS[script]
    first, last = name.split()
    kin("add", name)
    kin("add", "Tom King", "--met", f"through {first}", "--date", f"{last} wedding=1 june")
    kin("note", f"Tom King and {first}; the {last} family is moving")
    assert kin("forget", name, "--yes").code == 0
    tom = kin("export").json["people"][-1]
    assert tom["met"]["story"] == "through someone"
    assert [each["label"] for each in tom["dates"]] == ["someone wedding"]
    texts = [each["text"] for each in kin("notes", "--json").json["notes"]]
    assert texts == ["Tom King and someone; the someone family is moving"]


def test_only_names_of_this_person_are_replaced(kin: Kin) -> None:
    others = ("Maya Olsen", "Ben Okafor", "Maya Grace Okafor", "Ann Maya")
    texts = [
        "Maya Okafor rang, then Maya was well",
        "Maya Grace Okafor rang",
        "Maya Olsen and Ben Okafor; the Okafors; Maya; Okafor",
        "Ann Maya",
    ]
    assert stories(kin, "Maya Okafor", others, texts) == [
        "someone rang, then someone was well",
        *texts[1:],
    ]


def test_a_name_is_redacted_in_every_column_of_text(kin: Kin) -> None:
    for each in ("Siobhan O'Brien", "Siobhan Daly", "Ben O'Brien"):
        kin("add", each)
    text = "with Siobhan\u00a0O’Brien"
    kin("add", "Grace Hopper", "--met", text, "--at", text, "--lives", text, "--group", text)
    kin(
        "edit",
        "grace",
        "--into",
        f"tea -- {text}",
        "--nick",
        f"friend of {text[5:]}",
        "--date",
        f"{text}=1 june",
    )
    kin("tie", "grace", "ben", "--as", text)
    kin("share", text, "--sent-to", "grace")
    kin("ask", "grace", f"how was it {text}")
    kin("answered", "grace", "how was", "--answer", text)
    kin("note", f"the Daly kiln {text}")
    assert kin("forget", "@siobhan-o", "--yes").code == 0
    assert "Siobhan\u00a0O’Brien" not in json.dumps(kin("export").json, ensure_ascii=False)


LINKED_TEXTS = [
    "Maya Okafor and Maya", "maya olsen said: MAYA OKAFOR", "Tom B. and Tom King", "Tom Baker, Grace van Dyke",
    "will young people come? Will Young came", "Zoë and Zoe", "in May with May Lin", "@maya http://x.com/Maya Maya O.",
]  # fmt: skip


def test_every_name_that_links_a_note_is_redacted(kin: Kin) -> None:
    names = (
        "Maya Okafor",
        "Maya Olsen",
        "Tom James Baker",
        "Tom King",
        "Will Young",
        "May Lin",
        "Zoë Łukasz",
    )
    for name in names:
        kin("add", name)
    known = [PersonNames(each["handle"], each["name"]) for each in kin("people", "--json").json]
    for number, text in enumerate(LINKED_TEXTS):
        kin("add", f"Qq Number{number}", "--met", text)
    for person in known:
        planned = kin("forget", f"@{person.handle}", "--dry-run", "--json").json["changes"]
        changed = {each["text"] for each in planned}
        for text in LINKED_TEXTS:
            found = resolve_mentions(find_known_names(text, known))
            if any(each.candidates == (person.handle,) for each in found):
                assert text in changed, (person.name, text)


# Controls: without a protection the tests above fail.


def _words_break_at_vowel_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(person_names, "replace_marks_with_letters", lambda text: text)


def _no_mentions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kin.privacy.redaction.find_known_names_in_prose", lambda *_: ())


@pytest.mark.parametrize("script", ["Devanagari", "Tamil", "Sinhala", "Hebrew with points"])
def test_control_without_whole_words_a_vowel_sign_hides_a_name(
    script: str, kin: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    _words_break_at_vowel_signs(monkeypatch)
    with pytest.raises(AssertionError):
        test_words_of_scripts_with_vowel_signs_are_whole(script, kin)


@pytest.mark.parametrize(
    "check",
    [
        lambda kin: test_a_name_is_found_however_it_is_written("Tom James Baker", kin),
        test_only_names_of_this_person_are_replaced,
        test_every_name_that_links_a_note_is_redacted,
    ],
)
def test_control_without_name_detection_names_are_left(
    check: Callable[[Kin], None], kin: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    _no_mentions(monkeypatch)
    with pytest.raises(AssertionError):
        check(kin)
