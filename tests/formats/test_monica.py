"""An export of Monica 4 is read with everyone and everything, except what kin never keeps."""

import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

from kin.errors import UsageError
from kin.formats import monica
from kin.formats.editor_card import Contact
from kin.formats.monica import SqlExportError, is_monica_export, is_sql_export, read_export
from kin.formats.records import ImportedNote, ImportedPerson, ImportedRecords, ImportedTie

NOON = "2024-03-01T12:00:00.000000Z"
PAST = "2023-06-01T08:00:00.000000Z"
EMAIL, PHONE, TELEGRAM = "type-email", "type-phone", "type-telegram"


def record(uuid: str, created: str | None = PAST, /, **properties: Any) -> dict[str, Any]:
    return {"uuid": uuid, "created_at": created, "updated_at": NOON, "properties": properties}


def group(kind: str, *values: Any) -> dict[str, Any]:
    return {"count": len(values), "type": kind, "values": list(values)}


def contact(uuid: str, *below: dict[str, Any], **properties: Any) -> dict[str, Any]:
    names = {"first_name": uuid.capitalize(), "is_partial": False, "is_active": True}
    return record(uuid, **(names | properties)) | {"data": list(below)}


def export(*groups: dict[str, Any], **properties: Any) -> dict[str, Any]:
    kinds = [
        record(EMAIL, name="Email", protocol="mailto:", type="email"),
        record(PHONE, name="Phone", protocol="tel:", type="phone"),
        record(TELEGRAM, name="Telegram", protocol="telegram:"),
    ]
    instance = {
        "contact_field_types": kinds,
        "activity_types": [record("bar", translation_key="went_bar")],
        "life_event_types": [
            record("moved", name="Moved"),
            record("job", translation_key="new_job"),
        ],
    }
    account = {"uuid": "a", "data": list(groups), "properties": properties, "instance": instance}
    return {"version": "1.0-preview.1", "app_version": "4.1.2", "account": account}


def read(*groups: dict[str, Any], **properties: Any) -> ImportedRecords:
    return read_export(json.dumps(export(*groups, **properties)).encode(), "monica.json")


def alone(*below: dict[str, Any], **properties: Any) -> ImportedPerson:
    (person,) = read(group("contact", contact("jo", *below, **properties))).people
    return person


def read_notes(*below: dict[str, Any]) -> tuple[ImportedNote, ...]:
    return read(group("contact", contact("jo", *below))).notes


def special(day: str | None, age: bool = False, no_year: bool = False) -> dict[str, Any]:
    return {"uuid": "s", "is_age_based": age, "is_year_unknown": no_year, "date": day}


def test_a_contact_is_a_person() -> None:
    fields = group(
        "contact_field",
        record("f1", data="jo@example.org", type=EMAIL),
        record("f2", data="+44 1", type=PHONE),
        record("f3", data="jodoe", type=TELEGRAM),
    )
    home = record("a1", name="Home", street="1 High St", city="Bath", country="UK")
    person = alone(
        fields,
        group("address", home),
        first_name="Jo",
        middle_name="M.",
        last_name="Doe",
        nickname="JJ",
        description="We met at the kiln.",
        tags=["book club", "Book Club", "choir"],
        birthdate=special("1984-03-12T00:00:00.000000Z"),
        first_met_date=special("2019-06-01T00:00:00.000000Z"),
    )
    assert person == ImportedPerson(
        name="Jo M. Doe",
        source="monica.json: Jo M. Doe",
        key="jo",
        uid="jo",
        nicknames=("JJ",),
        contacts=(
            Contact("email", "jo@example.org"),
            Contact("phone", "+44 1"),
            Contact("link", "jodoe", "Telegram"),
        ),
        birthday="1984-03-12",
        lives="Bath",
        note="We met at the kiln.\nAddress (Home): 1 High St, Bath, UK",
        groups=("book club", "choir"),
        met_on="2019-06-01",
        met_precision="day",
    )


@pytest.mark.parametrize(
    ("date", "birthday", "note"),
    [
        (special("1984-03-12"), "1984-03-12", None),
        (special("2022-04-12T00:00:00.000000Z", no_year=True), "--04-12", None),
        (special("1991-01-01", age=True), None, "Born about 1991."),
        (special("1991-13-01"), None, "Born: 1991-13-01"),
        (special(None), None, None),
        (None, None, None),
    ],
)
def test_a_birthday_has_the_precision_that_monica_knows(
    date: Any, birthday: str, note: str
) -> None:
    person = alone(birthdate=date)
    assert (person.birthday, person.note) == (birthday, note)


def test_a_first_meeting_has_the_precision_that_monica_knows() -> None:
    year = alone(first_met_date=special("2010-01-01", age=True))
    assert (year.met_on, year.met_precision) == ("2010-01-01", "year")
    unknown = alone(first_met_date=special("2022-04-12", no_year=True))
    assert (unknown.met_on, unknown.met_precision) == (None, None)
    assert unknown.note == "Met on 12 April."
    note = alone(first_met_where="PyCon", first_met_additional_info="In the rain.\nShe laughed.")
    assert (note.met_at, note.met_story) == ("PyCon", "In the rain.\nShe laughed.")


def test_the_person_who_introduced_them_is_read() -> None:
    found = read(
        group(
            "contact",
            contact("jo", first_met_through="sam"),
            contact("sam", first_met_through="kim"),
            contact("kim", is_partial=True),
            contact("ada", first_met_through="gone"),
        )
    )
    assert [each.met_through for each in found.people] == ["sam", "Kim", None]
    assert [(each.where, each.why) for each in found.skipped if "Ada" in each.where] == [
        ("monica.json: Ada", "was introduced by someone who is not in the file")
    ]


def test_work_is_never_kept() -> None:
    found = read(
        group(
            "contact",
            contact(
                "jo",
                group(
                    "life_event",
                    record("e", name="A start", happened_at="2020-01-01", type="job") | {"x": 1},
                    record(
                        "f",
                        happened_at="2020-01-02",
                        type="job",
                        specific_information={
                            "employer": {"value": "Acme"},
                            "degree": {"value": "MA"},
                        },
                    ),
                ),
                job="Baker",
                company="Acme",
                vcard="BEGIN:VCARD\nORG:Acme\nTITLE:Baker\nEND:VCARD",
            ),
        )
    )
    assert "Acme" not in repr(found) and "Baker" not in repr(found)
    assert [note.text for note in found.notes] == [
        "A start\n\n(new job)",
        "new job\n\n(degree: MA)",
    ]
    assert "job and company are not kept (1)" in [each.why for each in found.skipped]


def test_a_note_has_the_day_it_was_written() -> None:
    (note,) = read_notes(group("note", record("n", body="Talked about *bread*\n\nand jam ")))
    assert note == ImportedNote(
        "2023-06-01", "Talked about *bread*\n\nand jam", "monica.json: Jo, note 1", ("jo",)
    )


def test_a_call_without_text_names_the_caller() -> None:
    found = read_notes(
        group(
            "call",
            record("1", called_at=NOON, content="The kiln survived", contact_called=False),
            record(
                "2",
                called_at=NOON,
                content="Hello",
                contact_called=True,
                emotions=["happy", "calm"],
            ),
            record("3", called_at=NOON, contact_called=True),
            record("4", called_at=None, emotions=[{"name": "sad"}]),
        )
    )
    assert {note.by for note in found} == {"call"}
    assert [(note.on, note.text) for note in found] == [
        ("2024-03-01", "The kiln survived"),
        ("2024-03-01", "Hello\n\n(Jo called, felt happy, calm)"),
        ("2024-03-01", "Jo called."),
        ("2023-06-01", "You called.\n\n(felt sad)"),
    ]


def test_messages_are_one_note() -> None:
    messages = [
        record("1", content="Hi", written_at="2024-03-01", written_by_me=True),
        record("2", content="Hi you", written_at="2024-03-02", written_by_me=False),
        record("3", content=""),
    ]
    conversation = record("c", happened_at=NOON, contact_field_type=TELEGRAM, messages=messages)
    (note,) = read_notes(group("conversation", conversation))
    assert (note.on, note.by, note.people) == ("2024-03-01", "message", ("jo",))
    assert note.text == "You: Hi\nJo (2 March 2024): Hi you\n(by Telegram)"


def test_a_life_event_is_a_note_of_its_day() -> None:
    event = record(
        "e", name="To the sea", note="With the cat.", happened_at="2020-05-01", type="moved"
    )
    (note,) = read_notes(group("life_event", event))
    assert (note.on, note.text) == ("2020-05-01", "To the sea\n\nWith the cat.\n\n(Moved)")


def test_an_activity_is_one_note_with_everyone_who_was_there() -> None:
    dinner = record("d", summary="Dinner", description="Soup", happened_at="2024-02-10", type="bar")
    walk = record("w", summary="A walk alone", happened_at="2024-02-11")
    found = read(
        group(
            "contact",
            contact("jo", group("activity", "d", "d")),
            contact("sam", group("activity", "d", "gone")),
            contact("kid", group("activity", "d"), is_partial=True),
        ),
        group("activity", dinner, walk),
    )
    assert [(note.on, note.text, note.people) for note in found.notes] == [
        ("2024-02-10", "Dinner\n\nSoup\n\n(went bar, with Kid)", ("jo", "sam")),
        ("2024-02-11", "A walk alone", ()),
    ]
    warnings = [(each.where, each.why) for each in found.warnings]
    assert ("monica.json: activity 2", "was with no one: kept as a note") in warnings
    assert "an activity of a contact is not in the file (1)" in [each.why for each in found.skipped]


def tie(one: str, other: str, word: str) -> dict[str, Any]:
    return record(f"{one}{other}{word}", type=word, contact_is=one, of_contact=other)


def bonds(*ties: dict[str, Any]) -> dict[str, tuple[ImportedTie, ...]]:
    people = (contact("jo"), contact("sam"), contact("kid", is_partial=True))
    found = read(group("contact", *people), group("relationship", *ties))
    return {each.name: each.ties for each in found.people if each.ties}


def test_a_relationship_is_a_tie_to_the_second_contact() -> None:
    assert bonds(tie("jo", "sam", "parent")) == {"Jo": (ImportedTie("parent", "Sam", "sam"),)}


@pytest.mark.parametrize(
    ("there", "back", "word"),
    [
        ("parent", "child", "parent"),
        ("spouse", "spouse", "spouse"),
        ("uncle", "nephew", "uncle or aunt"),
        ("inlovewith", "lovedby", "beloved"),
        ("bestfriend", "bestfriend", "best friend"),
    ],
)
def test_a_relationship_written_from_both_sides_is_one_tie(
    there: str, back: str, word: str
) -> None:
    both = bonds(tie("jo", "sam", there), tie("sam", "jo", back))
    assert both == {"Jo": (ImportedTie(word, "Sam", "sam"),)}


def test_two_different_ties_between_two_people_stay_two() -> None:
    both = bonds(tie("jo", "sam", "spouse"), tie("sam", "jo", "colleague"))
    assert both == {
        "Jo": (ImportedTie("spouse", "Sam", "sam"),),
        "Sam": (ImportedTie("colleague", "Jo", "jo"),),
    }


@pytest.mark.parametrize(
    "ties",
    [
        [tie("jo", "kid", "child")],
        [tie("kid", "jo", "parent")],
        [tie("kid", "jo", "parent"), tie("jo", "kid", "child")],
    ],
)
def test_a_mere_relative_is_a_tie_by_name(ties: list[dict[str, Any]]) -> None:
    assert bonds(*ties) == {"Jo": (ImportedTie("child", "Kid"),)}


def test_details_of_a_relative_go_to_the_people_they_are_tied_to() -> None:
    kid = contact(
        "kid",
        group("note", record("n", body="Learns to swim")),
        is_partial=True,
        birthdate=special("2022-04-12", no_year=True),
        food_preferences="no nuts",
    )
    found = read(
        group("contact", contact("jo"), kid), group("relationship", tie("jo", "kid", "child"))
    )
    (jo,) = found.people
    assert jo.note == "Kid: birthday 12 April; Food: no nuts"
    assert [(note.text, note.people) for note in found.notes] == [("Learns to swim", ("jo",))]
    assert ("monica.json: Kid", "is only a relative of another contact, kept as a tie") in [
        (each.where, each.why) for each in found.warnings
    ]


def test_relatives_without_ties_and_ties_to_missing_contacts_are_reported() -> None:
    found = read(
        group("contact", contact("jo"), contact("kid", is_partial=True)),
        group("relationship", tie("jo", "gone", "spouse"), tie("jo", "jo", "friend")),
    )
    assert [each.name for each in found.people] == ["Jo"]
    assert [(each.where, each.why) for each in found.skipped] == [
        ("monica.json: relationship 1", "“spouse” is not between two contacts in the file"),
        ("monica.json: relationship 2", "“friend” is not between two contacts in the file"),
        ("monica.json: Kid", "is only a relative of another contact, with no ties: not kept"),
    ]


def reminder(uuid: str, title: str, on: str, **more: Any) -> dict[str, Any]:
    shape = {"frequency_type": "year", "frequency_number": 1, "delible": True, "inactive": False}
    return record(uuid, initial_date=on, title=title, **(shape | more))


def test_a_yearly_reminder_is_a_date() -> None:
    person = alone(
        group(
            "reminder",
            reminder("1", "Wedding", "2019-06-12T00:00:00Z"),
            reminder("2", "Name day", "2020-02-29", description="Bring *cake*"),
            reminder("3", "Wedding", "2021-07-01"),
        )
    )
    assert person.dates == (
        ("Wedding", "2019-06-12"),
        ("Name day", "2020-02-29"),
        ("Wedding (1 July 2021)", "2021-07-01"),
    )
    assert person.note == "Name day: Bring *cake*"


def test_a_reminder_that_is_not_yearly_is_a_line_of_the_note() -> None:
    person = alone(
        group(
            "reminder",
            reminder("1", "Call", "2024-05-01", frequency_type="week", frequency_number=2),
            reminder("2", "Exam", "2024-05-02", frequency_type="one_time", description="Ask her"),
            reminder("3", "Old", "2024-05-03", inactive=True),
            reminder("4", "Games", "2024-05-04", frequency_number=4),
            reminder("5", "Someday", "", frequency_type="month"),
        )
    )
    assert not person.dates
    assert person.note == (
        "Reminder, every 2 weeks, from 1 May 2024: Call\n"
        "Reminder, on 2 May 2024: Exam. Ask her\n"
        "Reminder, every year, from 3 May 2024, switched off: Old\n"
        "Reminder, every 4 years, from 4 May 2024: Games\n"
        "Reminder, every month, without a day: Someday"
    )


def test_automatic_reminders_of_birth_and_death_are_left_out() -> None:
    death = reminder("d", "Anniversary of the death", "2020-08-01")
    person = alone(
        group("reminder", reminder("b", "Wish happy birthday", "1940-03-12", delible=False), death),
        birthdate=special("1940-03-12"),
        is_dead=True,
        deceased_date=special("2020-08-01"),
        deceased_reminder=death,
        first_met_reminder=reminder("m", "The day we met", "1999-01-02"),
    )
    assert person.birthday == "1940-03-12"
    assert person.dates == (("died", "2020-08-01"), ("The day we met", "1999-01-02"))
    assert person.note is None
    assert alone(is_dead=True).note == "Has died."


def test_what_has_no_field_is_a_line_of_the_note() -> None:
    person = alone(
        group(
            "gift",
            record(
                "1",
                name="A {book}",
                status="idea",
                comment="On bread",
                url="https://e.org/b",
                amount=12.5,
            ),
            record("2", name="A pot", status="offered", date=NOON, recipient="jo"),
            record("3", name="Jam", status="received"),
        ),
        group("debt", record("1", in_debt=True, amount=50, currency="EUR", status="inprogress")),
        group("debts", record("2", in_debt=False, amount=5, status="complete", reason="Lunch")),
        group(
            "tasks",
            record("1", title="Lend the tent", description="The green one", completed=False),
            record("2", title="Ring", completed=True, completed_at=NOON),
        ),
        group("pets", record("1", name="Rex", category="dog"), record("2", category="cat")),
        group("addresses", record("1", city="Bath"), record("2", street="2 Hill", city="Rome")),
        group("horoscope", record("1", sign="Leo", good=None, rank=1)),
        food_preferences="no nuts",
        pronouns="they {x}",
        is_starred=True,
        is_active=False,
        stay_in_touch_frequency=30,
        last_talked_to="2024-03-01",
    )
    assert person.lives == "Bath"
    assert (person.note or "").split("\n") == [
        "Last talked on 1 March 2024.",
        "Food: no nuts",
        "pronouns: they {x}",
        "To stay in touch with every 30 days.",
        "Starred in Monica.",
        "Archived in Monica.",
        "Gift idea: A {book}. Worth 12.5. On bread. https://e.org/b",
        "Gift given on 1 March 2024: A pot. For Jo",
        "Gift received: Jam",
        "You owe them 50 EUR",
        "They owe you 5, settled. Lunch",
        "To do: Lend the tent. The green one",
        "Done on 1 March 2024: Ring",
        "Pet: Rex, a dog",
        "Pet: cat",
        "Address: 2 Hill, Rome",
        "sign: Leo; rank: 1",
    ]


def test_the_content_of_a_note_is_reported() -> None:
    found = read(group("contact", contact("jo", food_preferences="no nuts", is_starred=True)))
    assert [(each.where, each.why) for each in found.warnings] == [
        ("monica.json: Jo", "kept as a fact: food preferences, a star")
    ]


def test_the_last_contact_is_a_line_only_if_no_note_has_its_day() -> None:
    call = group("call", record("c", called_at="2024-03-01", content="x"))
    assert alone(call, last_talked_to="2024-03-01T00:00:00Z").note is None


def test_text_without_a_day_is_a_line_of_the_note() -> None:
    undated = record("n", None, body="Loves the sea")
    assert alone(group("note", undated)).note == "Loves the sea"
    found = read(group("contact", contact("jo", group("note", undated, record("m", body=" ")))))
    assert not found.notes
    assert [each.why for each in found.skipped] == ["has no text"]


def test_the_journal_is_read() -> None:
    found = read(
        group("contact", contact("jo")),
        journal_entries=[
            record("1", type="entry", title="Rain", post="All day.", date="2024-01-05"),
            record("2", type="day", rate=3, comment="Good", day=6, month=1, year=2024),
            record("3", type="day", rate=1, day=7, month=1, year=2024),
        ],
    )
    assert [(note.on, note.text, note.people) for note in found.notes] == [
        ("2024-01-05", "Rain\n\nAll day.", ()),
        ("2024-01-06", "Good", ()),
    ]
    assert len(found.warnings) == 2
    assert [each.why for each in found.skipped] == [
        "the rating of a day without a comment is not kept (1)"
    ]


def test_what_is_never_kept_is_counted() -> None:
    found = read(
        group("user", record("u", me_contact="jo")),
        group(
            "contact",
            contact("jo", group("note", record("n", body="x", is_favorite=True)), gender="M"),
            contact("sam", group("photo", "p"), number_of_views=3, last_consulted_at=NOON),
        ),
        group("photo", record("p", dataUrl="data:image/png;base64,AAAA")),
        group("document", record("d", original_filename="a.pdf")),
        group("weather", record("w"), record("x")),
        audit_logs=[record("l", action="contact_created")],
        modules=[record("m")],
    )
    assert {(each.where, each.why) for each in found.skipped} == {
        ("monica.json", "kin has no field for gender (1)"),
        ("monica.json", "when and how often you viewed a contact is not kept (1)"),
        ("monica.json", "a star on a note is not kept (1)"),
        ("monica.json", "photos are not kept (1)"),
        ("monica.json", "documents are not kept (1)"),
        ("monica.json", "kin does not know the kind “weather” (2)"),
        ("monica.json", "settings and the log of the account are not kept (2)"),
    }
    assert ("monica.json: Jo", "is you in Monica") in [(e.where, e.why) for e in found.warnings]


def test_kinds_can_be_in_the_plural() -> None:
    found = read(
        group(
            "contacts",
            contact("jo", group("notes", record("n", body="a")), group("activities", "d")),
        ),
        group("activities", record("d", summary="b", happened_at=NOON)),
    )
    assert [note.text for note in found.notes] == ["a", "b"]
    assert found.notes[1].people == ("jo",)


def test_two_contacts_with_the_same_uuid_stay_two_and_a_nameless_one_gets_a_name() -> None:
    nameless = contact("", first_name=None)
    found = read(group("contact", contact("jo"), contact("jo", first_name="Sam"), nameless))
    assert [(each.name, each.key, each.uid) for each in found.people] == [
        ("Jo", "jo", "jo"),
        ("Sam", "contact 2", None),
        ("contact 3", "contact 3", None),
    ]
    by_mail = contact("x", group("contact_field", record("f", data="x@e.org")), first_name="")
    assert read(group("contact", by_mail)).people[0].name == "x@e.org"


def test_text_that_is_too_long_for_its_field_is_kept_in_the_note() -> None:
    long = "x" * 201
    person = alone(
        group("contact_field", record("f", data="y" * 2001), record("g", data="+1 2")),
        first_name="Jo",
        last_name=long,
        nickname=long,
        tags=[long, "choir"],
        first_met_where=long,
    )
    assert len(person.name) == 200
    assert (person.nicknames, person.groups, person.met_at) == ((), ("choir",), None)
    assert person.contacts == (Contact("phone", "+1 2"),)
    assert (person.note or "").split("\n") == [
        f"Full name: Jo {long}",
        f"Nickname: {long}",
        f"Place: {long}",
        f"Tag: {long}",
        f"Contact: {'y' * 2001}",
    ]


def test_names_are_on_one_line_and_unsafe_characters_are_replaced() -> None:
    person = alone(first_name=" Jo\nAnn ", last_name="D\0oe", description="a\ud800b")
    assert person.name == "Jo Ann D\ufffdoe"
    assert person.note == "a\ufffdb"


def test_the_export_is_recognized_by_its_account() -> None:
    data = json.dumps(export(group("contact", contact("jo"))), indent=4).encode()
    assert is_monica_export(data)
    assert is_monica_export(b"\xef\xbb\xbf" + data)
    assert is_monica_export(json.dumps(export()).encode())
    for other in (b"", b"{}", b"[]", b'{"account": 1, "data": []}', b'{"friends_v2": []}', b"\xff"):
        assert not is_monica_export(other)


SQL = b"""\
# ************************************************************
# Jo Doe dump of data
# Export date: 2024-05-01 08:00:00
# ************************************************************

SET FOREIGN_KEY_CHECKS=0;
"""


@pytest.mark.parametrize(
    "data",
    [
        SQL,
        SQL.replace(b"\n", b"\r\n"),
        b"INSERT IGNORE INTO `contacts` (`id`,`account_id`) VALUES\n",
    ],
)
def test_the_sql_export_is_refused_with_a_solution(data: bytes) -> None:
    assert is_sql_export(data)
    assert not is_monica_export(data)
    with pytest.raises(SqlExportError) as caught:
        read_export(data, "monica.sql")
    assert (
        caught.value.message == "monica.sql is Monica's SQL export, which only a database can read."
    )
    assert caught.value.hint == "In Monica, choose Settings > Export > JSON, then import that file"
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is not a complete JSON file"),
        (b'{"account": {"data": [', "is not a complete JSON file"),
        (b"[1]", "is JSON, but not a Monica export"),
        (b'{"account": []}', "is JSON, but not an export of Monica 4"),
        (b'{"account": {"data": ' + b"[" * 100_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 5000 + b"}", "is not a complete JSON file"),
        (b"\xff\xfe{", "is not a complete JSON file"),
    ],
)
def test_a_broken_file_is_refused_with_a_message(data: bytes, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        read_export(data, "m.json")


def test_an_endless_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monica, "MAX_VALUES", 100)
    with pytest.raises(UsageError, match="too big"):
        read_export(b'{"account": {"data": [' + b"1," * 100 + b"1]}}", "m.json")


def test_too_many_contacts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monica, "MAX_CONTACTS", 1)
    with pytest.raises(UsageError, match="more than 1 contacts"):
        read(group("contact", contact("jo"), contact("sam")))


def test_text_that_is_too_long_is_reported() -> None:
    note = group("note", record("n", body="x" * 100_001))
    found = read(group("contact", contact("jo", note, description="y" * 100_001)))
    assert not found.notes and found.people[0].note is None
    assert [(each.where, each.why) for each in found.skipped] == [
        ("monica.json: Jo, note 1", "has 100001 characters"),
        ("monica.json: Jo", "the description has 100001 characters"),
    ]


def test_broken_utf_8_is_replaced() -> None:
    data = json.dumps(
        export(group("contact", contact("jo", last_name="Müller"))), ensure_ascii=False
    )
    assert read_export(data.encode("latin-1"), "m").people[0].name == "Jo M\ufffdller"
    assert read_export(data.encode("utf-16"), "m").people[0].name == "Jo Müller"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=4,
)
NAMES = (
    "first_name last_name nickname tags birthdate first_met_date deceased_date deceased_reminder "
    "first_met_through is_partial is_dead body content messages emotions called_at happened_at "
    "initial_date title frequency_type frequency_number data type contact_is of_contact name note "
    "specific_information city summary post date day month year"
).split()
KINDS = (
    "contact note call conversation life_event activity reminder contact_field address gift debt "
    "task pet photo relationship user other"
).split()


def records_of(below: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    properties = st.dictionaries(st.sampled_from(NAMES), anything, max_size=6) | anything
    shape = {
        "uuid": st.sampled_from(["a", "b"]) | anything,
        "created_at": st.just(NOON) | anything,
        "properties": properties,
        "data": below,
    }
    return st.fixed_dictionaries({}, optional=shape) | anything


def groups_of(below: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    values = st.lists(records_of(below), max_size=2) | anything
    shape = {"type": st.sampled_from(KINDS), "values": values}
    return st.lists(st.fixed_dictionaries(shape), max_size=3)


@given(groups_of(groups_of(anything)), anything, anything)
def test_values_of_the_wrong_type_do_no_harm(data: Any, properties: Any, instance: Any) -> None:
    account = {"data": data, "properties": properties, "instance": instance}
    found = read_export(json.dumps({"account": account}).encode(), "m.json")
    keys = [each.key for each in found.people]
    assert len(set(keys)) == len(keys)
    for person in found.people:
        assert person.name and len(person.name) <= 200
        assert len({label for label, _ in person.dates}) == len(person.dates)
        assert {bond.key for bond in person.ties} <= {*keys, None}
    for note in found.notes:
        assert note.text.strip() and set(note.people) <= set(keys)
    repr(found).encode()
