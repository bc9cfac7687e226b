"""People in and out: matched before anything is written, nobody twice, nothing dropped without a word."""

import json
from pathlib import Path

import pytest

from tests.cli.test_history import dump
from tests.conftest import Kin

CARDS = """\
BEGIN:VCARD
VERSION:3.0
UID:ana-1
N:Ruiz;Ana;;;
FN:Ana Ruiz
NICKNAME:Anita
EMAIL;TYPE=HOME:ana@example.org
TEL;TYPE=CELL:+34 600 100 200
BDAY:1984-03-12
NOTE:met at the ferry\\, laughing
CATEGORIES:choir
ORG:Acme
TITLE:Head of Everything
X-ODD:kept as it is
END:VCARD
BEGIN:VCARD
VERSION:3.0
UID:ben-1
FN:Ben Noon
RELATED;TYPE=spouse;VALUE=text:Ana Ruiz
END:VCARD
"""


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    path = tmp_path / "people.vcf"
    path.write_text(CARDS, newline="\r\n")
    return path


def test_a_file_is_read_for_what_it_is_and_counted(kin: Kin, cards: Path) -> None:
    told = kin("import", str(cards), "--json").json
    assert (told["new"], told["updated"], told["same"]) == (2, 0, 0)
    assert told["people"][0] == {
        "name": "Ana Ruiz",
        "nicknames": ["Anita"],
        "emails": ["ana@example.org"],
        "phones": ["+34 600 100 200"],
        "birthday": "1984-03-12",
        "note": "met at the ferry, laughing",
        "interests": [],
        "groups": ["choir"],
        "source": "people.vcf:1",
    }
    assert kin("find", "ferry", "--json").json[0]["people"] == ["ana-r"]


def test_the_same_file_twice_changes_nothing(kin: Kin, cards: Path, book: Path) -> None:
    kin("import", str(cards))
    before = dump(book)
    told = kin("import", str(cards), "--json").json
    assert (told["new"], told["updated"], told["same"]) == (0, 0, 2)
    assert dump(book) == before
    assert "undo" not in kin("import", str(cards)).err


def test_an_import_is_one_step(met: Kin, cards: Path, book: Path) -> None:
    before = dump(book)
    assert met("import", str(cards)).code == 0
    assert met("undo").code == 0
    assert dump(book) == before


def test_a_dry_run_writes_nothing(kin: Kin, cards: Path, book: Path) -> None:
    told = kin("import", str(cards), "--dry-run")
    assert told.out.startswith("Read as vCard 3.0. Would be: 2 new.\n")
    assert not book.exists()


def test_an_address_with_a_fitting_name_is_the_same_person(kin: Kin, cards: Path) -> None:
    kin("add", "Ana", "--phone", "0600 100 200", "--birthday", "12 march", "--lives", "Cadiz")
    told = kin("import", str(cards), "--json").json
    assert (told["new"], told["updated"]) == (1, 1)
    person = kin("recall", "ana", "--json").json["person"]
    assert (person["name"], person["birthday"], person["lives"]) == ("Ana", "1984-03-12", "Cadiz")
    assert [each["value"] for each in person["contacts"]] == ["ana@example.org", "0600 100 200"]


def test_the_same_name_alone_is_told_and_never_joined(kin: Kin, cards: Path) -> None:
    kin("add", "Ana Ruiz", "--phone", "111 222 333")
    told = kin("import", str(cards), "--json").json
    assert told["new"] == 2
    assert [(each["handle"], each["like"]) for each in told["doubles"]] == [("ana-ruiz", "ana-r")]


def test_who_fits_a_short_name_alone_is_not_joined_once_another_has(
    kin: Kin, tmp_path: Path
) -> None:
    table = tmp_path / "t.csv"
    head = "Name,Email,Birthday,City,Notes\n"
    anna = "Anna Schmidt,f@x.y,1950-01-01,Rome,about Anna\n"
    hans = "Hans Schmidt,f@x.y,1949-02-02,Oslo,about Hans\n"
    table.write_text(f"{head}Schmidt,f@x.y,,,\n{anna}{hans}")
    told = kin("import", str(table), "--json").json
    assert told["new"] == 2
    assert [(each["name"], each["like_name"]) for each in told["doubles"]] == [
        ("Hans Schmidt", "Schmidt")
    ]
    assert told["remarks"] == [
        {
            "where": "t.csv:3",
            "why": "Schmidt keeps what came first; the file says name: Anna Schmidt",
        }
    ]
    held = {
        each["name"]: kin("recall", each["handle"], "--json").json["person"]
        for each in kin("people", "--json").json
    }
    assert held["Hans Schmidt"]["lives"] == "Oslo" and held["Schmidt"]["lives"] == "Rome"
    assert kin("import", str(table), "--json").json["same"] == 2
    # The book still knows who the card is, when somebody else's comes another day.
    table.write_text(f"{head}Emil Schmidt,f@x.y,,Bern,\n")
    assert kin("import", str(table), "--json").json["new"] == 1


def card(*lines: str) -> str:
    return "\n".join(("BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""))


def test_cards_of_one_landline_are_as_many_people_as_their_names_and_birthdays(
    kin: Kin, tmp_path: Path
) -> None:
    file, line = tmp_path / "s.vcf", "TEL:+49 30 1234567"
    file.write_text(
        card("UID:1", "FN:A. Schmidt", line)
        + card("UID:2", "FN:Anna Schmidt", line, "BDAY:1950-01-01")
        + card("UID:3", "FN:Axel Schmidt", line, "BDAY:1949-02-02")
        + card("UID:4", "FN:Anna Schmidt", line, "BDAY:1980-05-05")
    )
    told = kin("import", str(file), "--json").json
    assert told["new"] == 3 and told["double_count"] == 3
    likes = [(each["name"], each["like_name"]) for each in told["doubles"]]
    assert likes[0] == ("Axel Schmidt", "A. Schmidt")
    assert likes[1] == ("Anna Schmidt", "A. Schmidt")  # of that name, and with that number
    file.write_text(card("UID:9", "FN:Arno Schmidt", line))
    assert kin("import", str(file), "--json").json["new"] == 1


def test_one_uid_is_one_person_unless_name_and_birthday_speak_against_it(
    kin: Kin, tmp_path: Path
) -> None:
    file = tmp_path / "d.vcf"
    file.write_text(
        card("UID:d", "FN:Anna One", "BDAY:1990-01-01")
        + card("UID:d", "FN:Bert Two", "BDAY:1991-02-02")
        + card("UID:e", "FN:Cleo", "BDAY:1990-01-01")
        + card("UID:e", "FN:Dora")
    )
    told = kin("import", str(file), "--json").json
    assert told["new"] == 3
    assert [each["why"] for each in told["remarks"]] == [
        "has the UID of Anna One, but another name and birthday: kept as a person of their own",
        "Cleo keeps what came first; the file says name: Dora",
    ]
    assert kin("import", str(file), "--json").json["same"] == 3


def test_doubles_are_listed_for_eyes_and_counted_for_the_rest(kin: Kin, tmp_path: Path) -> None:
    file = tmp_path / "many.vcf"
    file.write_text(
        "".join(card("FN:John Smith", f"TEL:+4930{1000000 + at}") for at in range(150))
        + "".join(card(f"FN:P{at} Q{at}", "TEL:+49305555000") for at in range(50))
    )
    told = kin("import", str(file), "--json").json
    assert told["new"] == 200
    assert len(told["doubles"]) == 100 and told["double_count"] == 1 + 2 * 148
    assert {each["name"] for each in told["doubles"]} == {"John Smith"}  # a switchboard is no sign
    told = kin("import", str(file), "--json").json
    assert (told["same"], told["double_count"]) == (200, 0)


def test_of_a_number_that_very_many_share_the_same_name_is_the_same_person(
    kin: Kin, tmp_path: Path
) -> None:
    file, table = tmp_path / "many.vcf", tmp_path / "many.csv"
    file.write_text("".join(card(f"FN:P{at} Q{at}", "TEL:+49305555000") for at in range(50)))
    kin("import", str(file))
    table.write_text("Name,Phone\n" + "".join(f"P{at} Q{at},+49305555000\n" for at in range(50)))
    assert kin("import", str(table), "--json").json["new"] == 0


def test_what_the_book_has_is_kept_and_what_the_file_says_otherwise_is_told(
    kin: Kin, cards: Path
) -> None:
    kin("import", str(cards))
    cards.write_text(
        CARDS.replace("1984-03-12", "1985-01-01").replace("+34 600", "+34 699"), newline="\r\n"
    )
    told = kin("import", str(cards), "--json").json
    assert told["updated"] == 1
    assert told["remarks"] == [
        {
            "where": "people.vcf:1",
            "why": "Ana Ruiz keeps what the book has; the file says birthday: 1985-01-01",
        }
    ]
    assert kin("recall", "ana", "--json").json["person"]["birthday"] == "1984-03-12"


def test_a_table_is_mapped_by_its_owner(kin: Kin, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("Wer;Mag\nAna Ruiz;Segeln\n;x\n")
    told = kin("import", str(table), "--map", "Wer=name", "--map", "Mag=into", "--json").json
    assert [each["name"] for each in told["people"]] == ["Ana Ruiz"]
    assert told["people"][0]["interests"] == ["Segeln"]
    assert len(told["skipped"]) == 1 and "t.csv:3" in told["skipped"][0]["where"]
    assert kin("import", str(table), "--map", "Wer").code == 2


def test_links_in_a_folder_are_not_followed(kin: Kin, cards: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cards"
    folder.mkdir()
    (folder / "a.vcf").write_text(CARDS)
    (folder / "b.vcf").symlink_to("/etc/passwd")
    told = kin("import", str(folder), "--json").json
    assert told["new"] == 2
    assert told["skipped"] == [{"where": "b.vcf", "why": "a link, which kin does not follow"}]
    assert kin("import", str(tmp_path / "none")).code == 1


FOREIGN = {
    "bank.csv": "date,amount,currency\n2024-01-02,12.50,EUR\n2024-02-03,7.10,EUR\n",
    "bad.vcf": "FN:x\nN:y\n",
    "config.json": '{"editor": "vi", "tabs": 4}\n',
    "cut.json": '{"kin": 1, "people": [{"name": "An',
    "README.md": "# Contacts\n\nThey are from my phone, my mail, and my head.\n",
    "readme.txt": "hi\n",
}


@pytest.mark.parametrize("foreign", FOREIGN)
def test_a_foreign_file_in_a_folder_costs_itself_alone_and_is_named(
    kin: Kin, tmp_path: Path, foreign: str
) -> None:
    folder = tmp_path / "cards"
    folder.mkdir()
    (folder / "a.vcf").write_text(card("FN:Ana"))
    (folder / "z.vcf").write_text(card("FN:Zoe"))
    (folder / foreign).write_text(FOREIGN[foreign])
    told = kin("import", str(folder), "--json")
    assert told.code == 0
    assert [each["name"] for each in told.json["people"]] == ["Ana", "Zoe"]
    assert [each["where"] for each in told.json["skipped"]] == [foreign]
    assert told.json["kind"] == "vCard 3.0"


def test_of_several_files_one_that_cannot_be_read_is_skipped(
    kin: Kin, cards: Path, tmp_path: Path
) -> None:
    bank = tmp_path / "bank.csv"
    bank.write_text("date,amount\n2024-01-02,12.50\n2024-02-03,7.10\n")
    told = kin("import", str(bank), str(cards), "--json")
    assert (told.code, told.json["new"]) == (0, 2)
    assert told.json["skipped"] == [
        {"where": "bank.csv", "why": "No column of this table is a name."}
    ]
    alone = kin("import", str(bank))
    assert alone.code == 2 and "bank.csv: No column of this table is a name." in alone.err


def test_a_list_of_names_is_read_where_it_is_named(kin: Kin, tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("Ana Ruiz\nBen Noon\n")
    assert kin("import", str(names), "--json").json["new"] == 2


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("open.vcf", b"BEGIN:VCARD\n" * 300),
        ("wide.csv", "Name,Email\nAna,a@x.y\nBen,b@x.y\n".encode("utf-16-le")),
        ("friends.md", b"### Activities:\n\n### Friends:\n"),
        ("head.csv", b"Name,Email\n"),
    ],
)
def test_where_nobody_comes_in_it_is_said_and_no_success(
    kin: Kin, tmp_path: Path, name: str, data: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    for way in ((), ("--dry-run",)):
        told = kin("import", str(path), *way)
        assert told.code == 1, told
        assert f"Nothing came in from {path}" in told.err


def test_a_file_without_a_card_is_not_read_as_cards(kin: Kin, tmp_path: Path) -> None:
    table = tmp_path / "mm.csv"
    table.write_text("Name,Email\nAna,a@x.y\n")
    told = kin("import", str(table), "--from", "vcard")
    assert told.code == 2 and "mm.csv holds no card" in told.err
    late = tmp_path / "late.vcf"
    late.write_text("# from my old phone\n" * 5_000 + card("FN:Ana"))
    assert kin("import", str(late), "--from", "vcard", "--json").json["new"] == 1


def test_nothing_of_use_comes_in_and_nothing_changes_by_it(
    kin: Kin, tmp_path: Path, book: Path
) -> None:
    """The promise: the same cards with and without ORG, TITLE and ROLE give the same words everywhere."""
    told = []
    for useful in ("", "ORG:Acme;Sales\nTITLE:Chief Value Officer\nROLE:Investor\n"):
        path = tmp_path / "same.vcf"
        path.write_text(
            "".join(
                f"BEGIN:VCARD\nVERSION:4.0\nUID:u{number}\nFN:Person {name}\n{useful}INTEREST:pottery\n"
                f"INTEREST:{loved}\nEND:VCARD\n"
                for number, (name, loved) in enumerate(
                    [
                        ("Ash", "chess"),
                        ("Bell", "fado"),
                        ("Cole", "bees"),
                        ("Dunn", "go"),
                        ("Eve", "tea"),
                    ]
                )
            )
        )
        book.unlink(missing_ok=True)
        kin("me", "--into", "pottery", "--into", "chess")
        kin("import", str(path))
        kin("note", "1 october: tea with Person Ash and Person Bell #pottery ?did the kiln survive")
        told.append(
            [
                kin(*words).out
                for words in (
                    ("reconnect", "--json", "--why"), ("people", "--json"), ("interests", "--json"), ("introduce", "--json"),
                    ("recall", "ash", "--json"), ("share", "a pottery kiln", "--json"), (), ("find", "acme", "--json"),
                )
            ]
        )  # fmt: skip
    assert told[0] == told[1]
    assert told[0][-1] == "[]\n"


def test_the_whole_book_comes_back_the_same(met: Kin, tmp_path: Path, book: Path) -> None:
    for words in (
        ("vocab", "under", "fado", "songs"), ("reconnect", "--let-rest", "tom-k"), ("reconnect",), ("share", "kiln", "--sent-to", "maya"),
        ("introduce", "maya", "tom-b", "--yes-from", "maya"), ("edit", "tom-b", "--into", "tea", "--from", "maya"), ("heard", "maya", "kiln", "--so", "yes"),
    ):  # fmt: skip
        assert met(*words).code == 0, words
    out = tmp_path / "all.json"
    assert met("export", "--to", str(out)).code == 0
    assert out.stat().st_mode & 0o777 == 0o600
    assert met("export", "--to", str(out)).code == 1  # never over what is there
    before = dump(book)
    book.unlink()
    assert met("import", str(out)).code == 0
    after = dump(book)
    assert met("export").out == out.read_text()
    assert {name: len(rows) for name, rows in after.items()} == {
        name: len(rows) for name, rows in before.items()
    }
    assert met("import", str(out), "--json").json["same"] == 5
    assert met("export").out == out.read_text()


def test_a_card_goes_out_with_its_own_lines(kin: Kin, cards: Path) -> None:
    kin("import", str(cards))
    kin("edit", "ana", "--nick", "Annie")
    sent = kin("export", "--format", "vcard", "ana").out
    assert "X-ODD:kept as it is" in sent and "TITLE:Head of Everything" in sent
    assert "Annie" in sent and "BEGIN:VCARD" in sent
    assert "Ben" not in sent


def test_conversations_leave_in_cards_only_where_that_is_asked_for(met: Kin) -> None:
    assert "kiln survive" not in met("export", "--format", "vcard").out
    assert "kiln survive" in met("export", "--format", "vcard", "--with-talks").out


@pytest.mark.parametrize("format", ["json", "vcard", "csv", "ics", "friends", "html"])
def test_every_format_goes_to_standard_output(met: Kin, format: str) -> None:
    told = met("export", "--format", format)
    assert told.code == 0 and "Maya Okafor" in told.out
    assert json.loads(met("export", "--json", "maya").out)["kin"] == 1


def test_a_cards_note_is_shown_found_and_changed(
    kin: Kin, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "ana.vcf"
    file.write_text(
        "BEGIN:VCARD\nVERSION:3.0\nUID:a\nFN:Ana Silva\nNOTE:speaks fast\\nwhen glad\nEND:VCARD\n"
    )
    kin("import", str(file))
    assert "speaks fast" in kin("recall", "ana").out
    mirrored = kin("mirror", "ana", "--json").json
    assert mirrored["remarks"] == [{"text": "speaks fast\nwhen glad", "source": "vCard"}]
    assert mirrored["records"][0] == {"kind": "vCard", "key": "a", "card": file.read_text()}
    assert "when glad" in kin("mirror", "ana").out and "FN:Ana Silva" in kin("mirror", "ana").out
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nsed -i 's/speaks fast/speaks slowly/' \"$1\"\n")
    editor.chmod(0o700)
    monkeypatch.setenv("EDITOR", str(editor))
    assert kin("edit", "ana").code == 0
    assert kin("mirror", "ana", "--json").json["remarks"][0]["text"] == "speaks slowly\nwhen glad"
    assert kin("find", "slowly").out and not kin("find", "fast").out


def test_a_book_comes_back_to_the_byte_whatever_came_first(kin: Kin, tmp_path: Path) -> None:
    kin("me", "--into", "zither", "--into", "birding")
    kin("add", "Maya", "--group", "family")
    kin("add", "Tom", "--group", "choir")
    kin("edit", "tom", "--group", "family")
    kin("undo")
    kin("edit", "maya", "--group", "choir")
    kin("note", "tea with Maya", "--about", "birding")
    kin("note", "tea with Tom", "--about", "zither")
    kin("note", "--amend", "--about", "birding", "--with", "maya")
    kin("edit", "maya", "--not-group", "family")
    kin("edit", "tom", "--group", "family")
    file, other = tmp_path / "book.json", str(tmp_path / "other.db")
    file.write_text(kin("export").out)
    assert kin("import", str(file), "--db", other).code == 0
    assert kin("export", "--db", other).out == file.read_text()


def test_a_book_among_other_files_comes_back_whole_and_once(met: Kin, tmp_path: Path) -> None:
    book, card = tmp_path / "book.json", tmp_path / "zed.vcf"
    met("introduce", "maya", "tom-b", "--no-from", "maya")
    met("vocab", "under", "fado", "saudade songs")
    book.write_text(met("export").out)
    card.write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Zed Oak\nEND:VCARD\n")
    other = ("--db", str(tmp_path / "other.db"))
    told = met("import", str(card), str(book), str(book), "--json", *other)
    assert (told.code, told.json["talks"], told.json["skipped"]) == (0, 2, [])
    again = json.loads(met("export", *other).out)
    wanted = json.loads(book.read_text())
    assert [each for each in again["people"] if each["name"] != "Zed Oak"] == wanted["people"]
    for part in ("conversations", "threads", "ties", "introductions", "vocabulary"):
        assert again[part] == wanted[part], part
    assert met("undo", *other).code == 0
    assert met("people", "--json", *other).json == []


def test_one_conversation_in_two_files_comes_in_once(kin: Kin, tmp_path: Path) -> None:
    words = "### Activities:\n- 2018-11-01: **Grace Hopper** talked of ships.\n\n### Friends:\n- Grace Hopper\n"
    for name in ("one.md", "two.md"):
        (tmp_path / name).write_text(words)
    kin("import", str(tmp_path / "one.md"), str(tmp_path / "two.md"))
    assert len(kin("talks", "--json").json) == 1
