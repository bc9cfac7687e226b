"""Import and export: matched before anything is written, no one twice, nothing dropped silently."""

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
    result = kin("import", str(cards), "--json").json
    assert (result["new"], result["updated"], result["same"]) == (2, 0, 0)
    assert result["people"][0] == {
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
    assert [each["handle"] for each in kin("find", "ferry", "--json").json[0]["people"]] == [
        "ana-r"
    ]


def test_the_same_file_twice_changes_nothing(kin: Kin, cards: Path, book: Path) -> None:
    kin("import", str(cards))
    before = dump(book)
    result = kin("import", str(cards), "--json").json
    assert (result["new"], result["updated"], result["same"]) == (0, 0, 2)
    assert dump(book) == before
    assert "undo" not in kin("import", str(cards)).err


def test_an_import_is_one_step(met: Kin, cards: Path, book: Path) -> None:
    before = dump(book)
    assert met("import", str(cards)).code == 0
    assert met("undo").code == 0
    assert dump(book) == before


def test_a_dry_run_writes_nothing(kin: Kin, cards: Path, book: Path) -> None:
    result = kin("import", str(cards), "--dry-run")
    assert result.out.startswith("Read as vCard 3.0: 2 new. Dry run: nothing was written.\n")
    assert not book.exists()


def test_an_address_with_a_fitting_name_is_the_same_person(kin: Kin, cards: Path) -> None:
    kin("add", "Ana", "--phone", "0600 100 200", "--birthday", "12 march", "--lives", "Cadiz")
    result = kin("import", str(cards), "--json").json
    assert (result["new"], result["updated"]) == (1, 1)
    person = kin("recall", "ana", "--json").json["person"]
    assert (person["name"], person["birthday"], person["lives"]) == ("Ana", "1984-03-12", "Cadiz")
    assert [each["value"] for each in person["contacts"]] == ["ana@example.org", "0600 100 200"]


def test_the_same_name_alone_is_reported_and_never_merged(kin: Kin, cards: Path) -> None:
    kin("add", "Ana Ruiz", "--phone", "111 222 333")
    result = kin("import", str(cards), "--json").json
    assert result["new"] == 2
    assert [(each["person"]["handle"], each["like"]["handle"]) for each in result["doubles"]] == [
        ("ana-ruiz", "ana-r")
    ]


def test_a_short_name_fits_one_person_only(kin: Kin, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    head = "Name,Email,Birthday,City,Notes\n"
    anna = "Anna Schmidt,f@x.y,1950-01-01,Rome,about Anna\n"
    hans = "Hans Schmidt,f@x.y,1949-02-02,Oslo,about Hans\n"
    table.write_text(f"{head}Schmidt,f@x.y,,,\n{anna}{hans}")
    result = kin("import", str(table), "--json").json
    assert result["new"] == 2
    assert [(each["person"]["name"], each["like"]["name"]) for each in result["doubles"]] == [
        ("Hans Schmidt", "Schmidt")
    ]
    assert result["warnings"] == [
        {
            "where": "t.csv:3",
            "why": "Schmidt keeps the first value; the file has name: Anna Schmidt",
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
    result = kin("import", str(file), "--json").json
    assert result["new"] == 3 and result["double_count"] == 3
    likes = [(each["person"]["name"], each["like"]["name"]) for each in result["doubles"]]
    assert likes[0] == ("Axel Schmidt", "A. Schmidt")
    assert likes[1] == ("Anna Schmidt", "A. Schmidt")  # of that name, and with that number
    file.write_text(card("UID:9", "FN:Arno Schmidt", line))
    assert kin("import", str(file), "--json").json["new"] == 1


def test_one_uid_is_one_person_unless_name_and_birthday_differ(kin: Kin, tmp_path: Path) -> None:
    file = tmp_path / "d.vcf"
    file.write_text(
        card("UID:d", "FN:Anna One", "BDAY:1990-01-01")
        + card("UID:d", "FN:Bert Two", "BDAY:1991-02-02")
        + card("UID:e", "FN:Cleo", "BDAY:1990-01-01")
        + card("UID:e", "FN:Dora")
    )
    result = kin("import", str(file), "--json").json
    assert result["new"] == 3
    assert [each["why"] for each in result["warnings"]] == [
        "has the UID of Anna One, but another name and birthday: added as a new person",
        "Cleo keeps the first value; the file has name: Dora",
    ]
    assert kin("import", str(file), "--json").json["same"] == 3


def test_the_first_doubles_are_listed_and_all_are_counted(kin: Kin, tmp_path: Path) -> None:
    file = tmp_path / "many.vcf"
    file.write_text(
        "".join(card("FN:John Smith", f"TEL:+4930{1000000 + at}") for at in range(150))
        + "".join(card(f"FN:P{at} Q{at}", "TEL:+49305555000") for at in range(50))
    )
    result = kin("import", str(file), "--json").json
    assert result["new"] == 200
    assert len(result["doubles"]) == 100 and result["double_count"] == 1 + 2 * 148
    assert {each["person"]["name"] for each in result["doubles"]} == {
        "John Smith"
    }  # a switchboard is no sign
    result = kin("import", str(file), "--json").json
    assert (result["same"], result["double_count"]) == (200, 0)


def test_of_a_number_that_very_many_share_the_same_name_is_the_same_person(
    kin: Kin, tmp_path: Path
) -> None:
    file, table = tmp_path / "many.vcf", tmp_path / "many.csv"
    file.write_text("".join(card(f"FN:P{at} Q{at}", "TEL:+49305555000") for at in range(50)))
    kin("import", str(file))
    table.write_text("Name,Phone\n" + "".join(f"P{at} Q{at},+49305555000\n" for at in range(50)))
    assert kin("import", str(table), "--json").json["new"] == 0


def test_the_book_wins_and_what_differs_in_the_file_is_reported(kin: Kin, cards: Path) -> None:
    kin("import", str(cards))
    cards.write_text(
        CARDS.replace("1984-03-12", "1985-01-01").replace("+34 600", "+34 699"), newline="\r\n"
    )
    result = kin("import", str(cards), "--json").json
    assert result["updated"] == 1
    assert result["warnings"] == [
        {
            "where": "people.vcf:1",
            "why": "Ana Ruiz keeps the value in the book; the file has birthday: 1985-01-01",
        }
    ]
    assert kin("recall", "ana", "--json").json["person"]["birthday"] == "1984-03-12"


def test_a_table_is_mapped_by_its_owner(kin: Kin, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("Wer;Mag\nAna Ruiz;Segeln\n;x\n")
    result = kin("import", str(table), "--map", "Wer=name", "--map", "Mag=into", "--json").json
    assert [each["name"] for each in result["people"]] == ["Ana Ruiz"]
    assert result["people"][0]["interests"] == ["Segeln"]
    assert len(result["skipped"]) == 1 and "t.csv:3" in result["skipped"][0]["where"]
    assert kin("import", str(table), "--map", "Wer").code == 2


def test_links_in_a_folder_are_not_followed(kin: Kin, cards: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cards"
    folder.mkdir()
    (folder / "a.vcf").write_text(CARDS)
    (folder / "b.vcf").symlink_to("/etc/passwd")
    result = kin("import", str(folder), "--json").json
    assert result["new"] == 2
    assert result["skipped"] == [
        {"where": "b.vcf", "why": "a symbolic link, which kin does not follow"}
    ]
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
    result = kin("import", str(folder), "--json")
    assert result.code == 0
    assert [each["name"] for each in result.json["people"]] == ["Ana", "Zoe"]
    assert [each["where"] for each in result.json["skipped"]] == [foreign]
    assert result.json["kind"] == "vCard 3.0"


def test_of_several_files_one_that_cannot_be_read_is_skipped(
    kin: Kin, cards: Path, tmp_path: Path
) -> None:
    bank = tmp_path / "bank.csv"
    bank.write_text("date,amount\n2024-01-02,12.50\n2024-02-03,7.10\n")
    result = kin("import", str(bank), str(cards), "--json")
    assert (result.code, result.json["new"]) == (0, 2)
    assert result.json["skipped"] == [
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
def test_a_file_without_people_is_an_error(
    kin: Kin, tmp_path: Path, name: str, data: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    for way in ((), ("--dry-run",)):
        result = kin("import", str(path), *way)
        assert result.code == 1, result
        assert str(path) in result.err and result.err.startswith(
            ("kin: No people found in ", "kin: No one could be imported from ")
        )


def test_a_file_without_a_card_is_not_read_as_cards(kin: Kin, tmp_path: Path) -> None:
    table = tmp_path / "mm.csv"
    table.write_text("Name,Email\nAna,a@x.y\n")
    result = kin("import", str(table), "--from", "vcard")
    assert result.code == 2 and "mm.csv holds no card" in result.err
    late = tmp_path / "late.vcf"
    late.write_text("# from my old phone\n" * 5_000 + card("FN:Ana"))
    assert kin("import", str(late), "--from", "vcard", "--json").json["new"] == 1


def test_nothing_of_use_comes_in_and_nothing_changes_by_it(
    kin: Kin, tmp_path: Path, book: Path
) -> None:
    """The promise: the same cards with and without ORG, TITLE and ROLE give the same words everywhere."""
    result = []
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
        result.append(
            [
                kin(*words).out
                for words in (
                    ("reconnect", "--json", "--why"), ("people", "--json"), ("interests", "--json"), ("introduce", "--json"),
                    ("recall", "ash", "--json"), ("share", "a pottery kiln", "--json"), (), ("find", "acme", "--json"),
                )
            ]
        )  # fmt: skip
    assert result[0] == result[1]
    assert result[0][-1] == "[]\n"


def test_the_whole_book_comes_back_the_same(met: Kin, tmp_path: Path, book: Path) -> None:
    for words in (
        ("vocab", "under", "fado", "songs"), ("reconnect", "--snooze", "tom-k"), ("reconnect",), ("share", "kiln", "--sent-to", "maya"),
        ("introduce", "maya", "tom-b", "--yes-from", "maya"), ("edit", "tom-b", "--into", "tea", "--from", "maya"), ("answered", "maya", "kiln", "--answer", "yes"),
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


def test_notes_go_into_cards_only_with_a_flag(met: Kin) -> None:
    assert "kiln survive" not in met("export", "--format", "vcard").out
    assert "kiln survive" in met("export", "--format", "vcard", "--with-notes").out


@pytest.mark.parametrize("format", ["json", "vcard", "csv", "ics", "friends", "html"])
def test_every_format_goes_to_standard_output(met: Kin, format: str) -> None:
    result = met("export", "--format", format)
    assert result.code == 0 and "Maya Okafor" in result.out
    assert json.loads(met("export", "--json", "maya").out)["kin"] == 1


def test_the_note_of_a_card_is_shown_found_and_changed(
    kin: Kin, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "ana.vcf"
    file.write_text(
        "BEGIN:VCARD\nVERSION:3.0\nUID:a\nFN:Ana Silva\nNOTE:speaks fast\\nwhen glad\nEND:VCARD\n"
    )
    kin("import", str(file))
    assert "speaks fast" in kin("recall", "ana").out
    report = kin("recall", "ana", "--all", "--json").json
    assert report["facts"] == [{"text": "speaks fast\nwhen glad", "source": "vCard"}]
    assert report["records"][0] == {"kind": "vCard", "key": "a", "card": file.read_text()}
    assert (
        "when glad" in kin("recall", "ana", "--all").out
        and "FN:Ana Silva" in kin("recall", "ana", "--all").out
    )
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nsed -i 's/speaks fast/speaks slowly/' \"$1\"\n")
    editor.chmod(0o700)
    monkeypatch.setenv("EDITOR", str(editor))
    assert kin("edit", "ana").code == 0
    assert (
        kin("recall", "ana", "--all", "--json").json["facts"][0]["text"]
        == "speaks slowly\nwhen glad"
    )
    assert kin("find", "slowly").out and not kin("find", "fast").out


def test_a_book_comes_back_byte_for_byte(kin: Kin, tmp_path: Path) -> None:
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
    result = met("import", str(card), str(book), str(book), "--json", *other)
    assert (result.code, result.json["notes"], result.json["skipped"]) == (0, 2, [])
    again = json.loads(met("export", *other).out)
    wanted = json.loads(book.read_text())
    assert [each for each in again["people"] if each["name"] != "Zed Oak"] == wanted["people"]
    for part in ("notes", "questions", "ties", "introductions", "vocabulary"):
        assert again[part] == wanted[part], part
    assert met("undo", *other).code == 0
    assert met("people", "--json", *other).json == []


def test_one_note_in_two_files_is_imported_once(kin: Kin, tmp_path: Path) -> None:
    words = "### Activities:\n- 2018-11-01: **Grace Hopper** talked of ships.\n\n### Friends:\n- Grace Hopper\n"
    for name in ("one.md", "two.md"):
        (tmp_path / name).write_text(words)
    kin("import", str(tmp_path / "one.md"), str(tmp_path / "two.md"))
    assert len(kin("notes", "--json").json["notes"]) == 1


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("your_friends.json", '{"friends_v2": [{"name": "Ada"}]}', "JSON"),
        ("list.json", '[{"name": "Ada"}]', "JSON"),
        ("page.html", "<!DOCTYPE html><p>Ada</p>", "HTML or XML"),
        ("days.ics", "BEGIN:VCALENDAR\nEND:VCALENDAR\n", "an iCalendar file"),
    ],
)
def test_a_format_that_kin_cannot_import_is_named(
    name: str, text: str, kind: str, kin: Kin, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text)
    result = kin("import", str(tmp_path / name))
    assert (result.code, result.out) == (2, "")
    assert (
        f"{name} is {kind} that kin cannot import. See what it can: kin import --help" in result.err
    )


@pytest.mark.parametrize("header", ["[Name],Email", "{Name},Email"])
def test_a_table_with_brackets_in_its_header_is_still_a_table(
    header: str, kin: Kin, tmp_path: Path
) -> None:
    (tmp_path / "people.csv").write_text(f"{header}\nAda King,ada@example.org\n")
    assert "that kin cannot import" not in kin("import", str(tmp_path / "people.csv")).err
