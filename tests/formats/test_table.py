"""The tables of Google, Outlook and LinkedIn, as they write them."""

import csv
import io
from collections.abc import Mapping
from datetime import date

import pytest

from kin.errors import UsageError
from kin.formats.editor_card import CardInterest, Contact
from kin.formats.records import FileIssue, ImportedPerson, ImportedRecords, ImportedTie
from kin.formats.table import detect_table_kind, read_table

TODAY = date(2026, 11, 23)

GOOGLE = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Name Prefix,Name Suffix,Nickname,File As,"
    "Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,"
    "E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,"
    "Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - Country,"
    "Website 1 - Label,Website 1 - Value,Relation 1 - Label,Relation 1 - Value,"
    "Event 1 - Label,Event 1 - Value,Custom Field 1 - Label,Custom Field 1 - Value"
)
OLD_GOOGLE = (
    "Name,Given Name,Additional Name,Family Name,Yomi Name,Nickname,Birthday,Location,Occupation,Hobby,"
    "Notes,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Organization 1 - Name"
)
OUTLOOK = (
    "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,"
    "Business City,Home Street,Home City,Home Postal Code,Home Country/Region,Business Fax,Business Phone,"
    "Home Phone 2,Mobile Phone,Other Phone,Assistant's Phone,Anniversary,Birthday,Categories,Children,"
    "E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,Gender,Hobby,Initials,Notes,"
    "Priority,Private,Referred By,Sensitivity,Spouse,User 1,Web Page"
)
OUTLOOK_COM = (
    "First Name,Middle Name,Last Name,Title,Suffix,Nickname,E-mail Address,Home Phone,Mobile Phone,"
    "Home Address,Home Street,Home City,Spouse,Schools,Hobby,Location,Birthday,Notes,Categories"
)
LINKEDIN = "First Name,Last Name,URL,Email Address,Company,Position,Connected On"


def rows(header: str, *people: Mapping[str, str], end: str = "\n") -> str:
    """Return a CSV with that header and a row for each person."""
    out = io.StringIO()
    writer = csv.DictWriter(out, next(csv.reader([header])), lineterminator=end)
    writer.writeheader()
    writer.writerows(people)
    return out.getvalue()


def read(text: str | bytes, **options: object) -> ImportedRecords:
    data = text if isinstance(text, bytes) else text.encode()
    return read_table(data, "p.csv", today=TODAY, **options)  # type: ignore[arg-type]


def read_one(text: str | bytes, **options: object) -> ImportedPerson:
    (person,) = read(text, **options).people
    return person


def warnings(found: ImportedRecords) -> list[str]:
    return [f"{each.where} {each.why}" for each in found.warnings]


TOM = {
    "First Name": "Tom",
    "Last Name": "Baker",
    "Nickname": "Tommy",
    "Organization Name": "Acme Ltd",
    "Organization Title": "Head of Ops",
    "Birthday": "1985-04-02",
    "Notes": "Met at the conference",
    "Labels": "* myContacts ::: Rotary",
    "E-mail 1 - Label": "* Work",
    "E-mail 1 - Value": "tom@acme.example",
    "E-mail 2 - Label": "Other",
    "E-mail 2 - Value": "tom@home.example",
    "Phone 1 - Label": "Mobile",
    "Phone 1 - Value": "+44 7700 900111 ::: 020 7946 0000",
    "Website 1 - Label": "Profile",
    "Website 1 - Value": "https://acme.example/tom",
}


def test_google() -> None:
    found = read(rows(GOOGLE, TOM))
    assert found.kind == "Google CSV"
    assert found.people == (
        ImportedPerson(
            name="Tom Baker",
            source="p.csv:2",
            nicknames=("Tommy",),
            contacts=(
                Contact("email", "tom@acme.example", "work"),
                Contact("email", "tom@home.example"),
                Contact("phone", "+44 7700 900111", "mobile"),
                Contact("phone", "020 7946 0000", "mobile"),
                Contact("link", "https://acme.example/tom", "profile"),
            ),
            birthday="1985-04-02",
            note="Met at the conference",
            groups=("Rotary",),
        ),
    )


def test_work_and_business_details_are_not_kept_and_are_reported_once() -> None:
    found = read(rows(GOOGLE, TOM, TOM))
    assert "Acme Ltd" not in repr(found)
    assert "Head of Ops" not in repr(found)
    assert warnings(found) == [
        "p.csv Skipped: Organization Name, Organization Title (kin doesn’t keep work or business details)."
    ]
    without = {key: value for key, value in TOM.items() if not key.startswith("Organization")}
    assert read(rows(GOOGLE, without, without)).people == found.people


def test_a_name_is_joined_from_its_parts_without_a_prefix() -> None:
    person = {"First Name": "Grace", "Middle Name": "Brewster", "Last Name": "Hopper"}
    found = read_one(rows(GOOGLE, person | {"Name Prefix": "Dr.", "Name Suffix": "Jr."}))
    assert found.name == "Grace Brewster Hopper Jr."


def test_relations_events_and_custom_fields_become_ties_dates_and_interests() -> None:
    person = {
        "First Name": "Ada",
        "Relation 1 - Label": "Spouse",
        "Relation 1 - Value": "Kim",
        "Event 1 - Label": "Anniversary",
        "Event 1 - Value": "2010-05-06",
        "Custom Field 1 - Label": "Interests",
        "Custom Field 1 - Value": "chess, go",
        "Phonetic First Name": "ay-da",
    }
    found = read_one(rows(GOOGLE, person))
    assert found.ties == (ImportedTie("spouse", "Kim"),)
    assert found.dates == (("anniversary", "2010-05-06"),)
    assert found.into == (CardInterest("chess"), CardInterest("go"))
    assert found.note == "Phonetic First Name: ay-da"


def test_a_person_lives_at_the_home_address_and_not_at_the_office() -> None:
    address = {"Address 1 - Street": "1 Main St", "Address 1 - City": "Cork"}
    home = read_one(rows(GOOGLE, {"First Name": "A", "Address 1 - Label": "Home", **address}))
    work = read_one(rows(GOOGLE, {"First Name": "A", "Address 1 - Label": "Work", **address}))
    assert (home.lives, home.note) == ("Cork", "Home address: 1 Main St, Cork")
    assert (work.lives, work.note) == (None, "Work address: 1 Main St, Cork")


def test_a_person_lives_at_an_address_in_one_piece() -> None:
    address = {"Address 1 - Label": "Home", "Address 1 - Formatted": "12 Hill Road\nBristol"}
    found = read_one(rows(GOOGLE, {"First Name": "A", **address}))
    assert (found.lives, found.note) == ("12 Hill Road, Bristol", None)


def test_labels_can_be_interests_and_labels_of_google_are_skipped() -> None:
    text = rows(GOOGLE, {"First Name": "A", "Labels": "* myContacts ::: * starred ::: Chess; go"})
    assert read_one(text).groups == ("Chess; go",)
    assert read_one(text, categories_are_interests=True).into == (CardInterest("Chess; go"),)
    assert warnings(read(text)) == ["p.csv Skipped labels that the program itself adds: * starred."]


def test_old_google_in_utf16() -> None:
    person = {
        "Name": "John Doe",
        "Given Name": "John",
        "Family Name": "Doe",
        "Hobby": "chess; tea, jazz",
        "Occupation": "Clerk",
        "Location": "Leeds",
        "Birthday": " --04-12",
        "Group Membership": "* My Contacts ::: Choir",
        "E-mail 1 - Type": "* Home",
        "E-mail 1 - Value": "j@x.example ::: k@x.example",
    }
    found = read(rows(OLD_GOOGLE, person).encode("utf-16"))
    assert found.kind == "old Google CSV"
    assert found.people == (
        ImportedPerson(
            name="John Doe",
            source="p.csv:2",
            contacts=(
                Contact("email", "j@x.example", "home"),
                Contact("email", "k@x.example", "home"),
            ),
            birthday="--04-12",
            lives="Leeds",
            into=(CardInterest("chess"), CardInterest("tea"), CardInterest("jazz")),
            groups=("Choir",),
        ),
    )


def test_parts_that_add_words_to_the_full_name_are_a_nickname() -> None:
    person = {"Name": "Bob", "Given Name": "Robert", "Family Name": "Miller"}
    found = read_one(rows(OLD_GOOGLE, person))
    assert (found.name, found.nicknames) == ("Bob", ("Robert Miller",))


LINUS = {
    "Title": "Mr.",
    "First Name": "Jürgen",
    "Last Name": "Müller",
    "Company": "Kernel Inc",
    "Job Title": "Maintainer",
    "Department": "Core",
    "Business Street": "2 Office St",
    "Home Street": "1 Home Rd",
    "Home City": "Helsinki",
    "Home Postal Code": "00100",
    "Business Fax": "+358 9 1",
    "Home Phone 2": "+358 9 2",
    "Mobile Phone": "+358 40 3",
    "Anniversary": "0/0/00",
    "Birthday": "28/12/1969",
    "Categories": "Friends;Chess",
    "Children": "Ann, Bob and Carl",
    "E-mail Address": "l@x.example",
    "E-mail Type": "SMTP",
    "E-mail Display Name": "L (l@x.example)",
    "Gender": "Unspecified",
    "Hobby": "diving, beer",
    "Notes": "Line one\r\nline two, with comma",
    "Priority": "Normal",
    "Private": "False",
    "Referred By": "Ann Lee",
    "Sensitivity": "Normal",
    "Spouse": "Tove",
    "Web Page": "https://x.example",
}


def test_desktop_outlook() -> None:
    found = read(rows(OUTLOOK, LINUS, end="\r\n").encode("cp1252"))
    assert found.kind == "Outlook CSV"
    assert found.people == (
        ImportedPerson(
            name="Jürgen Müller",
            source="p.csv:2",
            contacts=(
                Contact("phone", "+358 9 1", "work fax"),
                Contact("phone", "+358 9 2", "home"),
                Contact("phone", "+358 40 3", "mobile"),
                Contact("email", "l@x.example"),
                Contact("link", "https://x.example"),
            ),
            birthday="1969-12-28",
            lives="Helsinki",
            note="Line one\nline two, with comma\n\n"
            "Work address: 2 Office St\nHome address: 1 Home Rd, Helsinki, 00100",
            into=(CardInterest("diving"), CardInterest("beer")),
            groups=("Friends", "Chess"),
            ties=(
                *(ImportedTie("child", name) for name in ("Ann", "Bob", "Carl")),
                ImportedTie("spouse", "Tove"),
            ),
            met_through="Ann Lee",
        ),
    )
    assert warnings(found) == [
        "p.csv Skipped: Company, Department, Job Title (kin doesn’t keep work or business details).",
        'p.csv Skipped: Title. kin has no such field; to keep it, add --map "Title=note".',
    ]


def test_the_mapping_lists_the_columns_that_are_not_empty_in_their_order() -> None:
    found = read(rows(OUTLOOK, {"First Name": "Jo", "Home City": "Leeds", "Notes": "x"}))
    assert found.mapping == (("First Name", "first"), ("Home City", "lives"), ("Notes", "note"))


def test_outlook_com_has_another_header() -> None:
    person = {"First Name": "Jo", "Spouse": "Kim", "Hobby": "go", "Schools": "St Paul's"}
    found = read(rows(OUTLOOK_COM, person | {"Location": "Graz", "Birthday": "1990-04-12"}))
    assert found.kind == "outlook.com CSV"
    (jo,) = found.people
    assert (jo.name, jo.lives, jo.birthday, jo.note) == (
        *("Jo", "Graz", "1990-04-12"),
        "Schools: St Paul's",
    )
    assert (jo.ties, jo.into) == ((ImportedTie("spouse", "Kim"),), (CardInterest("go"),))


def test_outlook_in_other_languages() -> None:
    text = (
        "Anrede,Vorname,Nachname,Firma,Position,Straße geschäftlich,Straße privat,Ort privat,"
        "Fax geschäftlich,Telefon privat,Mobiltelefon,Weiteres Telefon,E-Mail-Adresse,E-Mail-Typ,"
        "E-Mail: Angezeigter Name,E-Mail 2: Adresse,Geburtstag,Jahrestag,Kategorien,Kinder,Partner,"
        "Hobby,Notizen,Büro,Konto,Priorität,Vertraulichkeit,Webseite\r\n"
        "Frau,Zoë,Groß,Acme,Chefin,Büroweg 1,Weg 2,Köln,1,2,3,4,z@x.example,SMTP,Z,y@x.example,"
        "13.4.1990,0/0/00,Chor;Familie,Ann und Bob,Kim,Schach,nett,B12,7,Normal,Normal,x.example\r\n"
    )
    found = read(text.encode("cp1252"))
    assert found.kind == "Outlook CSV"
    assert found.people == (
        ImportedPerson(
            name="Zoë Groß",
            source="p.csv:2",
            contacts=(
                *(Contact("phone", "1", "work fax"), Contact("phone", "2", "home")),
                *(Contact("phone", "3", "mobile"), Contact("phone", "4")),
                *(Contact("email", "z@x.example"), Contact("email", "y@x.example")),
                Contact("link", "x.example"),
            ),
            birthday="1990-04-13",
            lives="Köln",
            note="nett\n\nWork address: Büroweg 1\nHome address: Weg 2, Köln",
            into=(CardInterest("Schach"),),
            groups=("Chor", "Familie"),
            ties=(
                ImportedTie("child", "Ann"),
                ImportedTie("child", "Bob"),
                ImportedTie("partner", "Kim"),
            ),
        ),
    )
    assert "Acme" not in repr(found)
    assert "Chefin" not in repr(found)


PREAMBLE = (
    "Notes:\r\n"
    '"When exporting your connection data, you may notice that some of the email addresses are missing."\r\n'
    "\r\n"
)
CONNECTIONS = (
    LINKEDIN + "\r\n"
    'Priya,Sharma,https://www.linkedin.com/in/priya,,"Stripe, Inc.",Recruiter,12 Mar 2024\r\n'
    "Neha,,https://www.linkedin.com/in/neha,n@x.example,Razorpay,Engineer,7-Feb-22\r\n"
    ",,https://www.linkedin.com/in/nobody,,,,\r\n"
    ",,,,,,\r\n"
)


@pytest.mark.parametrize("preamble", ["", PREAMBLE, '"Notes:"\r\n"Some, words"\r\n\r\n'])
def test_linkedin_with_a_preamble(preamble: str) -> None:
    found = read(("\ufeff" + preamble + CONNECTIONS).encode())
    line = preamble.count("\n") + 2
    assert (found.kind, detect_table_kind((preamble + CONNECTIONS).encode())) == (
        *("LinkedIn connections", "LinkedIn connections"),
    )
    assert found.people == (
        ImportedPerson(
            name="Priya Sharma",
            source=f"p.csv:{line}",
            contacts=(Contact("link", "https://www.linkedin.com/in/priya"),),
            met_on="2024-03-12",
            met_precision="day",
            met_story="Connected on LinkedIn.",
        ),
        ImportedPerson(
            name="Neha",
            source=f"p.csv:{line + 1}",
            contacts=(
                Contact("link", "https://www.linkedin.com/in/neha"),
                Contact("email", "n@x.example"),
            ),
            met_on="2022-02-07",
            met_precision="day",
            met_story="Connected on LinkedIn.",
        ),
    )
    assert found.skipped == (
        FileIssue(f"p.csv:{line + 2}", "has no name"),
        FileIssue(f"p.csv:{line + 3}", "is empty"),
    )
    assert warnings(found) == [
        "p.csv Skipped: Company, Position (kin doesn’t keep work or business details)."
    ]


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (GOOGLE, "Google CSV"),
        (OLD_GOOGLE, "old Google CSV"),
        (OUTLOOK, "Outlook CSV"),
        (OUTLOOK_COM, "outlook.com CSV"),
        (LINKEDIN, "LinkedIn connections"),
        ("Name,Email", "table"),
        ("Nama;No Tel", "table"),
        ("name", "table"),
    ],
)
def test_a_header_is_recognized_whatever_the_file_is_called(header: str, kind: str) -> None:
    assert detect_table_kind(header.encode() + b"\n") == kind
    assert read(header + "\n").kind == kind


@pytest.mark.parametrize(
    "other",
    [
        "",
        "BEGIN:VCARD\nFN:Jo\nEND:VCARD\n",
        '{"friends": [{"name": "Jo"}]}',
        "### Activities:\n- 2018-11-01: **Grace Hopper** and I went for a _walk_, and more. @tag\n",
        "# Maya Okafor\n\nWe met in the rain, long ago, in Leeds.\nShe laughed.\n",
        "PK\x03\x04Name,Email",
    ],
    ids=["nothing", "card", "JSON", "friends.md", "Markdown", "workbook"],
)
def test_a_file_that_is_not_a_table_is_not_recognized(other: str) -> None:
    assert detect_table_kind(other.encode()) is None


def test_a_workbook_is_refused_with_a_solution() -> None:
    with pytest.raises(UsageError) as refused:
        read(b"PK\x03\x04\x14\x00")
    assert (
        refused.value.message == "p.csv is an Excel workbook or another archive, not a text table."
    )
    assert refused.value.hint == "Save it as CSV (UTF-8), then import that file."


def test_the_user_can_choose_the_kind() -> None:
    text = "First Name,Connected On\nJo,12 Mar 2024\n"
    assert read(text).kind == "table"
    assert read(text, kind="LinkedIn").people[0].met_story == "Connected on LinkedIn."
    with pytest.raises(UsageError) as refused:
        read(text, kind="lotus")
    assert "linkedin" in refused.value.candidates
