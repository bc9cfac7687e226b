"""Forgetting looks only for specific values of a card in other people's text."""

import re
from pathlib import Path

import pytest

from kin.privacy import mentions, redaction
from kin.privacy.redaction import Address
from tests.conftest import Kin
from tests.terminal import on_terminal

MALLORY = """BEGIN:VCARD
VERSION:3.0
FN:Mallory Quill
N:Quill;Mallory;;;
{}
END:VCARD
"""
# Each may be on a card, but is only ordinary words, a short number or a day.
COMMON = (
    "URL:the",
    "URL:https://www.example.org/",
    "URL:https://www.example.org",
    "X-SKYPE:chess",
    "X-AIM:and",
    "X-ICQ:I",
    "IMPP:skype:harbour",
    "X-TWITTER:coffee",
    "TEL:2",
    "TEL:12",
    "TEL:2024",
    "TEL:2026-11-20",
    "EMAIL:story",
    "EMAIL:tom",
    "NICKNAME:of his,was in,coffee,Star,the boss,kintsugi,March,Leeds,harbour walk,You",
)
STORIES = (
    "I told Tom King the story of his mother and the 2 kilns; it was in a dream",
    "12 March 2024, and 2 coffees on 2026-11-20 for 12 people",
    "see www.example.org, https://www.example.org/ and https://www.example.org/kiln",
    "the boss of the Kintsugi club had Star anise. Coffee and a harbour walk in Leeds",
    "You and I, was in: Of his own. Chess!",
)


@pytest.fixture
def mallory(kin: Kin, tmp_path: Path) -> Kin:
    """Return kin with Tom, who is into chess, and a few people with stories."""
    kin("me", "--into", "chess")
    kin("add", "Tom King", "--into", "chess", "--into", "kintsugi", "--group", "coffee")
    kin("edit", "tom", "--lives", "Leeds", "--at", "the harbour walk", "--date", "coffee=12 march")
    for number, text in enumerate(STORIES):
        kin("add", f"Zed Number{number}", "--met", text)
    kin("note", STORIES[0])
    return kin


def import_card(kin: Kin, tmp_path: Path, *lines: str) -> None:
    card = tmp_path / "mallory.vcf"
    card.write_text(MALLORY.format("\n".join(lines)))
    assert kin("import", str(card)).code == 0


def without_mallory(kin: Kin) -> list[object]:
    """Return the book without Mallory."""
    book = kin("export").json
    people = [each for each in book["people"] if each["name"] != "Mallory Quill"]
    return [people, book["notes"], book["questions"]]


@pytest.mark.parametrize("lines", [COMMON, *((line,) for line in ("X-SKYPE:chess", "TEL:12"))])
def test_common_values_take_nothing(lines: tuple[str, ...], mallory: Kin, tmp_path: Path) -> None:
    import_card(mallory, tmp_path, *lines)
    before = without_mallory(mallory)
    assert mallory("forget", "mallory", "--dry-run", "--json").json["changes"] == []
    assert mallory("forget", "mallory", "--yes").code == 0
    assert without_mallory(mallory) == before


def test_a_note_is_not_linked_by_a_nickname_of_function_words(mallory: Kin, tmp_path: Path) -> None:
    import_card(mallory, tmp_path, "NICKNAME:of his,was in,the")
    mallory("note", STORIES[0])
    assert mallory("notes", "mallory", "--json").json["notes"] == []


SPECIFIC = (
    "URL:https://X.example/quillpen",
    "URL:http://www.y.example/in?id=42",
    "TEL:+44 (0)7700 900-123",
    "TEL:030 1234567",
    "X-TWITTER:@kilnfan",
    "EMAIL:mq@plumette.example",
    "NICKNAME:Zazu,Bobby Dazzler",
)
FOUND = {
    "http://x.example/quillpen/ and www.X.EXAMPLE/quillpen; x.example/quillpen.": "someone and someone; someone.",
    "y.example/in?id=42 but not y.example/in?id=423": "someone but not y.example/in?id=423",
    "x.example/quillpens, notx.example/quillpen": "x.example/quillpens, notx.example/quillpen",
    "07700 900123, +44 7700900123, 0044.7700.900123, (07700) 900 123": "someone, someone, someone, someone",
    "7700-900-123 and room 12 07700 900123": "someone and room 12 someone",
    "+1 7700 900123, 07700 900124, 99907700900123": "+1 7700 900123, 07700 900124, 99907700900123",
    "030/1234567, +49 30 1234567, 12345678": "someone, someone, 12345678",
    "@kilnfan, kilnfan, x@kilnfan.com, @kilnfans": "someone, kilnfan, x@kilnfan.com, @kilnfans",
    "MQ@plumette.EXAMPLE, mailto:mq@plumette.example": "someone, mailto:someone",
    "xmq@plumette.example, mq@plumette.example.org": "xmq@plumette.example, mq@plumette.example.org",
    "Zazu and zazu’s Bobby  Dazzler": "someone and someone’s someone",
}  # fmt: skip


def test_specific_values_are_found_however_they_are_written(kin: Kin, tmp_path: Path) -> None:
    for number, text in enumerate(FOUND):
        kin("add", f"Zed Number{number}", "--met", text)
    import_card(kin, tmp_path, *SPECIFIC)
    assert kin("forget", "mallory", "--yes").code == 0
    people = {each["name"]: each["met"]["story"] for each in kin("people", "--json").json}
    left = {text: people[f"Zed Number{number}"] for number, text in enumerate(FOUND)}
    assert left == FOUND


def test_a_value_of_two_people_stays_the_others_in_any_spelling(kin: Kin, tmp_path: Path) -> None:
    import_card(kin, tmp_path, *SPECIFIC)
    story = "07700 900123, mq@plumette.example, https://x.example/quillpen, @tom-k"
    kin(
        "add",
        "Tom King",
        "--phone",
        "+447700900123",
        "--email",
        "MQ@Plumette.example",
        "--met",
        story,
    )
    kin("edit", "tom", "--link", "http://x.example/quillpen/")
    kin("edit", "mallory", "--link", "@tom-k")
    assert kin("forget", "mallory", "--yes").code == 0
    assert kin("recall", "tom", "--json").json["person"]["met"]["story"] == story


def test_a_nickname_of_ordinary_words_is_replaced_where_it_means_them(kin: Kin) -> None:
    kin("add", "Mallory Quill", "--nick", "the boss", "--nick", "Mo")
    story = "the boss of a choir. Mo money, mo problems, more Mo"
    kin("add", "Tom King", "--met", story)
    kin("note", "lunch with the boss and Tom King; Mo laughed")
    assert kin("forget", "mallory", "--yes").code == 0
    assert [each["text"] for each in kin("notes", "--json").json["notes"]] == [
        "lunch with someone and Tom King; someone laughed"
    ]
    assert kin("recall", "tom", "--json").json["person"]["met"]["story"] == story


def test_a_handle_that_is_a_word_is_replaced_only_with_its_at_sign(kin: Kin) -> None:
    kin("add", "Mallory Quill")
    kin("edit", "mallory", "--handle", "trail-running")
    kin("add", "Tom King", "--met", "trail-running with @trail-running", "--into", "trail-running")
    assert kin("forget", "mallory", "--yes").code == 0
    tom = kin("recall", "tom", "--json").json["person"]
    assert tom["met"]["story"] == "trail-running with someone"
    assert [each["label"] for each in tom["interests"]] == ["trail-running"]


def test_others_keep_their_addresses_and_labels_on_their_cards(kin: Kin, tmp_path: Path) -> None:
    card = tmp_path / "florence.vcf"
    card.write_text(
        "BEGIN:VCARD\nVERSION:3.0\nFN:Ben Hart\nN:Hart;Ben;;;\nEMAIL:ben@quillfeather.example\n"
        "ADR:;;;Florence;;;\nCATEGORIES:Florence\nPHOTO;ENCODING=b;TYPE=JPEG:Flo/Quillfeather/Flo+AAAA\n"
        "TITLE:baker of Quillfeather\nNOTE:knows Florence Quillfeather\nEND:VCARD\n"
    )
    kin("add", "Florence Quillfeather", "--nick", "Flo")
    kin("import", str(card))
    assert kin("forget", "quillfeather", "--yes").code == 0
    out = kin("export", "--format", "vcard").out
    for line in ("ben@quillfeather.example", "ADR:;;;Florence", "CATEGORIES:Florence", "PHOTO;"):
        assert line in out
    assert "baker" not in out and "NOTE:knows someone" in out


# What will be replaced is shown first.


def test_what_would_be_replaced_is_shown_in_words(kin: Kin) -> None:
    kin("add", "Zanzibar Quillfeather")
    long = "far away in the mountains, where nobody ever comes, I met a friend of " + "Zanzibar "
    for number in range(25):
        kin("add", f"Zed Number{number:02}", "--met", f"{long}number {number}")
    plain = kin("forget", "zanzibar", "--dry-run").out
    rows = [line.split("\t") for line in plain.splitlines() if "\t" in line]
    assert len(rows) == 25
    assert rows[0] == [
        "met", "Zed Number00", f"{long}number 0", f"{long}number 0".replace("Zanzibar", "someone"),
    ]  # fmt: skip
    screen = on_terminal(["forget", "zanzibar", "--dry-run"], rows=60, columns=140).rows
    result = [row.strip() for row in screen if "→" in row]
    assert len(result) == 20
    assert (
        "Zed Number00: …" in result[0]
        and "Zanzibar number 0 → …" in result[0]
        and result[0].endswith("someone number 0")
    )
    assert any("… and 5 more" in row for row in screen)


def test_the_question_comes_after_what_would_be_replaced(kin: Kin) -> None:
    kin("add", "Zanzibar Quillfeather")
    kin("add", "Tom King", "--met", "through Zanzibar")
    seen = on_terminal(["forget", "zanzibar"], [("?", "n")])
    at = seen.screen.index("met of Tom King: through Zanzibar → through someone")
    assert at < seen.screen.index("Forget Zanzibar Quillfeather?")


def test_kept_notes_show_nothing(kin: Kin) -> None:
    kin("add", "Zanzibar Quillfeather")
    kin("add", "Tom King", "--met", "through Zanzibar")
    assert kin("forget", "zanzibar", "--dry-run", "--notes", "keep", "--json").json["changes"] == []


# Controls: without the protection the tests above fail.


def _anything_is_an_address(kind: str, value: str) -> Address | None:
    pattern = re.compile(rf"\b{re.escape(value)}\b", re.IGNORECASE)
    return Address(value, "", lambda text: [each.span() for each in pattern.finditer(text)])


@pytest.mark.parametrize("line", ["URL:the", "X-SKYPE:chess", "X-AIM:and", "TEL:12", "EMAIL:story"])
def test_control_any_value_is_a_search_term(
    line: str, mallory: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mentions, "parse_address", _anything_is_an_address)
    with pytest.raises(AssertionError):
        test_common_values_take_nothing((line,), mallory, tmp_path)


@pytest.mark.parametrize("nicknames", ["story", "the boss"])
def test_control_any_word_is_a_nickname(
    nicknames: str, mallory: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (mentions, redaction):
        monkeypatch.setattr(module, "is_ordinary_word", lambda word: False)
    with pytest.raises(AssertionError):
        test_common_values_take_nothing((f"NICKNAME:{nicknames}",), mallory, tmp_path)


def test_control_short_numbers_are_found(
    mallory: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redaction, "MIN_DIGITS", 1)
    with pytest.raises(AssertionError):
        test_common_values_take_nothing(("TEL:12",), mallory, tmp_path)


def test_ordinary_nicknames_take_nothing_out_of_a_note_with_others(
    kin: Kin, tmp_path: Path
) -> None:
    card = tmp_path / "m.vcf"
    card.write_text(
        "BEGIN:VCARD\nVERSION:3.0\nFN:Mallory Quill\nNICKNAME:2026,Coffee,of his,was in,it\nEND:VCARD\n"
    )
    kin("import", str(card))
    kin("add", "Tom King")
    text = "on 2026-11-20 Tom King and Mallory Quill had coffee; Coffee was good; it was in a story of his"
    kin("note", text)
    after = text.replace("Mallory Quill", "someone")
    shown = kin("forget", "mallory", "--dry-run", "--json").json["changes"]
    assert [(each["text"], each["after"]) for each in shown] == [(text, after)]
    assert kin("forget", "mallory", "--yes").code == 0
    assert [each["text"] for each in kin("notes", "--json").json["notes"]] == [after]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("محمد علي", "مُحَمَّد"),
        ("مُحَمَّد عَلِي", "محمد"),
        ("محمد علي", "مـحمد"),
        ("דוד כהן", "דָּוִד"),
        ("דָּוִד כֹּהֵן", "דוד"),
    ],
)
def test_a_name_is_found_with_its_points_and_without(name: str, written: str, kin: Kin) -> None:
    kin("add", name)
    kin("add", "Grace Hopper", "--met", f"via {written} there")
    assert kin("forget", name, "--yes").code == 0
    assert kin("recall", "grace", "--json").json["person"]["met"]["story"] == "via someone there"
