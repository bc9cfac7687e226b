"""Reading the JSON export of Monica 4: people with their dates and ties, and notes.

What has no field in kin becomes a fact; what kin never keeps (work, pictures, settings) is counted.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from kin.constants import LONGEST_CONTACT, LONGEST_LABEL, LONGEST_NAME
from kin.errors import UsageError
from kin.formats.editor_card import Contact
from kin.formats.records import (
    FileIssue,
    ImportedNote,
    ImportedPerson,
    ImportedRecords,
    ImportedTie,
)
from kin.language.date_format import format_yearly_date
from kin.vocabulary import catalog

MAX_FILE_SIZE = 256 * 2**20  # bytes: photos are inside the file
MAX_VALUES = 8_000_000  # 200,000 notes have two million
MAX_TEXT_LENGTH = 100_000  # characters: a person does not write a longer text

_UNSAFE = re.compile("[\0\ud800-\udfff]")  # neither SQLite nor UTF-8 can store these
_SINGULAR = {"activities": "activity", "addresses": "address", "address": "address"}
_WORK_FIELDS = {"employer", "job_title", "profession", "company"}  # of life events, not kept
_FIELDS = {
    "food_preferences": "Food: {}",
    "stay_in_touch_frequency": "To stay in touch with every {} days.",
}
# Read as fields, as notes, as lines of their own, or not at all.
_READ_ELSEWHERE = frozenset(
    (
        "first_name middle_name last_name nickname description tags job company gender vcard "
        "last_consulted_at number_of_views is_starred is_partial is_active is_dead avatar "
        "distant_etag first_met_where first_met_additional_info first_met_through "
        "stay_in_touch_trigger_date birthdate deceased_date first_met_date last_talked_to"
    ).split()
)
_CHILDREN_READ_ELSEWHERE = frozenset(
    "contact_field reminder note call conversation life_event activity photo document".split()
)

KIND = "Monica 4 JSON"
MAX_CONTACTS = 100_000

_ACCOUNT = re.compile(rb'"account"\s*:\s*\{')
_DATA = re.compile(rb'"data"\s*:\s*\[\s*(?:\]|\{\s*"(?:count|type|values)")')
_SQL = re.compile(rb"(?m)^# .*dump of data\r?$|^INSERT (?:IGNORE )?INTO `?\w+`? \([^)]*account_id")
_READ_KINDS = {"user", "contact", "relationship", "activity"}
_DROPPED_KINDS = {
    "photo": "photos are not kept",
    "document": "documents are not kept",
    "addressbook": "address books are not kept",
    "address_book": "address books are not kept",
    "addressbook_subscription": "address books are not kept",
    "address_book_subscription": "address books are not kept",
}
_SETTINGS = ("modules", "reminder_rules", "audit_logs")
_DROPPED_KINDS |= dict.fromkeys(_SETTINGS, "settings and the log of the account are not kept")

_WORK = "job and company are not kept"
_VIEWS = "when and how often you viewed a contact is not kept"
_DROPPED_FIELDS = {
    "job": _WORK,
    "company": _WORK,
    "gender": "kin has no field for gender",
    "vcard": "the vCard that Monica kept with a contact is not read",
    "last_consulted_at": _VIEWS,
    "number_of_views": _VIEWS,
}
_PHONE_SIGNS = frozenset("+0123456789 ()./-")

_TIE_PAIRS = (
    ("parent", "child"),
    ("grandparent", "grandchild"),
    ("stepparent", "stepchild"),
    ("uncle", "nephew"),
    ("godfather", "godson"),
    ("boss", "subordinate"),
    ("mentor", "protege"),
    ("inlovewith", "lovedby"),
)
_REVERSE_WORDS = {one: other for pair in _TIE_PAIRS for one, other in (pair, pair[::-1])}
# Monica names these by one gender, which would be wrong for every other person.
_TIE_WORDINGS = {
    "uncle": "uncle or aunt",
    "nephew": "nephew or niece",
    "godfather": "godparent",
    "godson": "godchild",
    "ex_husband": "ex-spouse",
    "bestfriend": "best friend",
    "inlovewith": "beloved",
    "lovedby": "admirer",
    "protege": "protégé",
}

_Tie = tuple[str, str, str]  # the uuids of two contacts, and what the second is to the first

NoteLine = tuple[str, str]  # what it is, for the report, and the sentence
Names = Mapping[str, str]  # of all contacts, by uuid


class Record(NamedTuple):
    """A record: its properties, and its child records by kind (`note`, `call`, …) in file order."""

    uuid: str
    created_on: str | None  # YYYY-MM-DD
    properties: dict[str, object]
    children: dict[str, list[object]]

    def get_text(self, name: str) -> str:
        return as_text(self.properties.get(name))

    def get_line(self, name: str) -> str:
        return as_line(self.properties.get(name))

    def get_flag(self, name: str) -> bool:
        return self.properties.get(name) in (True, 1, "1", "true")

    def get_day(self, name: str) -> str | None:
        return as_day(self.properties.get(name))

    def get_records(self, kind: str) -> list["Record"]:
        return parse_records(self.children.get(kind))


class References(NamedTuple):
    """What records refer to by uuid; `partial` are contacts that are only relatives of others."""

    field_types: Mapping[str, Record]
    activity_types: Mapping[str, Record]
    life_event_types: Mapping[str, Record]
    names: Mapping[str, str]
    partial: Set[str]


@dataclass(slots=True)
class Report:
    """What was not read into a field; `dropped` counts what is never kept, by reason."""

    file: str
    skipped: list[FileIssue] = field(default_factory=list)
    warnings: list[FileIssue] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)

    def skip(self, where: str, why: str) -> None:
        self.skipped.append(FileIssue(f"{self.file}: {where}", why))

    def warn(self, where: str, why: str) -> None:
        self.warnings.append(FileIssue(f"{self.file}: {where}", why))

    def list_skipped(self) -> tuple[FileIssue, ...]:
        """Return what was skipped, with one line for each reason in `dropped`."""
        sums = (
            FileIssue(self.file, f"{why} ({count})") for why, count in self.dropped.items() if count
        )
        return (*self.skipped, *sums)


def load_export(data: bytes, name: str) -> dict[str, object]:
    """Parse the file; raise UsageError if it is too big, nested too deeply, or not a JSON object."""
    separators = sum(data.count(separator) for separator in (b",", b"[", b"{"))
    if len(data) > MAX_FILE_SIZE or separators > MAX_VALUES:
        raise UsageError(f"{name} is too big for kin to read: {len(data) // 2**20} MB.")
    try:
        loaded: object = json.loads(data.decode(json.detect_encoding(data), "replace"))
    except RecursionError:
        raise UsageError(f"{name} is nested too deeply to be a Monica export.") from None
    except ValueError as error:
        hint = "Export it again in Monica: Settings > Export > JSON"
        raise UsageError(f"{name} is not a complete JSON file: {error}.", hint) from None
    if not isinstance(loaded, dict):
        raise UsageError(f"{name} is JSON, but not a Monica export.")
    return loaded


def as_mapping(value: object) -> dict[str, object]:
    """Return the value if it is an object, otherwise an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    """Return the value if it is a list, otherwise an empty one."""
    return value if isinstance(value, list) else []


def as_text(value: object) -> str:
    """Return a string stripped, or a number in digits; "" for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return _UNSAFE.sub("\ufffd", str(value)).strip()


def as_line(value: object) -> str:
    """Return the text on one line."""
    return " ".join(as_text(value).split())


def as_words(value: object) -> list[str]:
    """Return the strings of a list, each once; of an object, its `name`."""
    names = (as_line(each) or as_line(as_mapping(each).get("name")) for each in as_list(value))
    return list(dict.fromkeys(filter(None, names)))


def as_day(value: object) -> str | None:
    """Return the day of `2024-02-10` or `2024-02-10T08:00:00.000000Z`, None for anything else."""
    try:
        return date.fromisoformat(as_text(value)[:10]).isoformat()
    except ValueError:
        return None


def parse_records(value: object) -> list[Record]:
    """Return the records of a list, without the values that are not objects."""
    return [_parse_record(each) for each in as_list(value) if isinstance(each, dict)]


def _parse_record(value: dict[str, object]) -> Record:
    properties = as_mapping(value.get("properties"))
    return Record(
        as_text(value.get("uuid")),
        as_day(value.get("created_at")),
        properties,
        group_by_kind(value.get("data")),
    )


def group_by_kind(value: object) -> dict[str, list[object]]:
    """Return the values of `[{count, type, values}]` by their type in the singular."""
    kinds: dict[str, list[object]] = defaultdict(list)
    for group in map(as_mapping, as_list(value)):
        kind = as_text(group.get("type"))
        kinds[_SINGULAR.get(kind, kind.removesuffix("s"))] += as_list(group.get("values"))
    return dict(kinds)


def join_sentences(first: str, *more: str) -> str:
    """Join the texts that are not empty as sentences on one line."""
    return ". ".join(filter(None, (first, *more)))


def list_note_lines(contact: Record, names: Names) -> Iterator[NoteLine]:
    """Yield a line for everything that is neither a field nor a note, unknown kinds included."""
    for name, value in contact.properties.items():
        if as_text(value) and name not in _READ_ELSEWHERE:
            template = _FIELDS.get(name, name.replace("{", "{{").replace("}", "}}") + ": {}")
            yield name.replace("_", " "), template.format(as_text(value))
    if contact.get_flag("is_starred"):
        yield "a star", "Starred in Monica."
    if contact.properties.get("is_active") is not None and not contact.get_flag("is_active"):
        yield "archived", "Archived in Monica."
    for kind in (
        *_NOTE_KINDS,
        *(contact.children.keys() - _NOTE_KINDS.keys() - _CHILDREN_READ_ELSEWHERE),
    ):
        what, format_record = _NOTE_KINDS.get(kind, (f"an unknown {kind}", _format_unknown))
        for record in contact.get_records(kind):
            if line := format_record(record, names):
                yield what, line


def _format_gift(gift: Record, names: Names) -> str:
    kinds = {"idea": "Gift idea", "offered": "Gift given", "received": "Gift received"}
    kind, on = kinds.get(gift.get_text("status"), "Gift"), gift.get_day("date")
    head = f"{kind}{f' on {format_yearly_date(on)}' if on else ''}: {gift.get_text('name') or 'something'}"
    amount, recipient = gift.get_text("amount"), names.get(gift.get_text("recipient"))
    price = f"Worth {amount}" if amount else ""
    recipient_text = f"For {recipient}" if recipient else ""
    return join_sentences(
        head, price, recipient_text, gift.get_text("comment"), gift.get_text("url")
    )


def _format_debt(debt: Record, names: Names) -> str:
    amount = (
        " ".join(filter(None, (debt.get_text("amount"), debt.get_text("currency")))) or "something"
    )
    done = ", settled" if debt.get_text("status") == "complete" else ""
    who = "You owe them" if debt.get_flag("in_debt") else "They owe you"
    return join_sentences(f"{who} {amount}{done}", debt.get_text("reason"))


def _format_task(task: Record, names: Names) -> str:
    on = task.get_day("completed_at")
    done = (
        f"Done{f' on {format_yearly_date(on)}' if on else ''}"
        if task.get_flag("completed")
        else "To do"
    )
    return join_sentences(
        f"{done}: {task.get_text('title') or 'something'}", task.get_text("description")
    )


def _format_pet(pet: Record, names: Names) -> str:
    return "Pet: " + ", a ".join(
        filter(None, (pet.get_text("name"), pet.get_text("category") or "pet"))
    )


def _format_address(address: Record, names: Names) -> str:
    parts = ("street", "city", "province", "postal_code", "country")
    place = ", ".join(filter(None, map(address.get_line, parts)))
    if not place or (
        place == find_town(address) and len(place) <= LONGEST_LABEL and not address.get_text("name")
    ):
        return ""
    name = address.get_text("name")
    return f"Address{f' ({name})' if name else ''}: {place}"


def _format_unknown(record: Record, names: Names) -> str:
    texts = ((name, as_text(value)) for name, value in record.properties.items())
    return "; ".join(f"{name}: {words}" for name, words in texts if words)


def find_town(address: Record) -> str:
    """Return the city of an address, or else the province or the country."""
    return next(filter(None, map(address.get_line, ("city", "province", "country"))), "")


_NOTE_KINDS: dict[str, tuple[str, Callable[[Record, Names], str]]] = {
    "gift": ("a gift", _format_gift),
    "debt": ("a debt", _format_debt),
    "task": ("a task", _format_task),
    "pet": ("a pet", _format_pet),
    "address": ("an address", _format_address),
}


class _Entry(NamedTuple):
    """The text of a note, with the day and the channel (call, message) if they are known."""

    on: str | None
    words: str
    by: str | None = None


def read_contact_notes(
    contact: Record, who: str, people: tuple[str, ...], references: References, report: Report
) -> tuple[list[ImportedNote], list[NoteLine]]:
    """Return the notes with a contact, and lines of text for those without a day.

    A made-up day would count as the last note with them.
    """
    notes: list[ImportedNote] = []
    undated: list[NoteLine] = []
    for kind, (what, read_entry) in _ENTRY_KINDS.items():
        for at, record in enumerate(contact.get_records(kind), 1):
            report.dropped["a star on a note is not kept"] += record.get_flag("is_favorite")
            entry, where = read_entry(record, who, references), f"{who}, {what} {at}"
            if entry.words and not entry.on:
                undated.append((f"a {what} without a day", entry.words))
            elif note := _make_note(entry, people, where, report):
                notes.append(note)
    last = contact.get_day("last_talked_to")
    if last and last not in {note.on for note in notes}:
        undated.append(
            ("the day of the last contact", f"Last talked on {format_yearly_date(last)}.")
        )
    return notes, undated


def _make_note(
    entry: _Entry, people: tuple[str, ...], where: str, report: Report
) -> ImportedNote | None:
    """Return a note, or None after reporting why there is none."""
    if entry.on and entry.words and len(entry.words) <= MAX_TEXT_LENGTH:
        return ImportedNote(entry.on, entry.words, f"{report.file}: {where}", people, by=entry.by)
    long = f"has {len(entry.words)} characters"
    report.skip(where, "has no text" if not entry.words else long if entry.on else "has no day")
    return None


def read_activities(
    records: Sequence[Record],
    participants: Mapping[str, Sequence[str]],
    references: References,
    report: Report,
) -> Iterator[ImportedNote]:
    """Yield activities as notes; `participants` are the uuids of the contacts in each.

    Contacts that are only relatives of others are named in the text.
    """
    for at, record in enumerate(records, 1):
        where, uuids = f"activity {at}", participants.get(record.uuid, ())
        people = tuple(each for each in uuids if each not in references.partial)
        relatives = [
            f"with {references.names[each]}" for each in uuids if each in references.partial
        ]
        about = (_get_label(references.activity_types, record.get_text("type")), *relatives)
        feelings = as_words(record.properties.get("emotions"))
        words = _join_paragraphs(
            record.get_text("summary"),
            record.get_text("description"),
            _format_aside(*about, *feelings),
        )
        note = _make_note(
            _Entry(record.get_day("happened_at") or record.created_on, words), people, where, report
        )
        if note and not uuids:
            report.warn(where, "was with no one: kept as a note")
        if note:
            yield note


def read_journal(entries: Sequence[Record], report: Report) -> Iterator[ImportedNote]:
    """Yield the journal as notes: its entries, and the comments on the ratings of days."""
    for at, record in enumerate(entries, 1):
        where = f"journal entry {at}"
        words = _join_paragraphs(*map(record.get_text, ("title", "post", "comment")))
        if not words and record.get_text("rate"):
            report.dropped["the rating of a day without a comment is not kept"] += 1
        elif note := _make_note(_Entry(_find_journal_day(record), words), (), where, report):
            report.warn(where, "has no participants: kept as a note with no one")
            yield note


def _find_journal_day(record: Record) -> str | None:
    digits = [record.get_text(name).zfill(2) for name in ("year", "month", "day")]
    rating_day = Record("", None, {"day": "-".join(digits)}, {}).get_day("day")
    return record.get_day("date") or rating_day or record.created_on


def _read_note(note: Record, who: str, references: References) -> _Entry:
    return _Entry(note.created_on, note.get_text("body"))


def _read_call(call: Record, who: str, references: References) -> _Entry:
    """Read a call; if nothing was noted, the text says who called."""
    called_by_them = call.get_flag("contact_called")
    caller = f"{who} called" if called_by_them else "You called"
    feelings = as_words(call.properties.get("emotions"))
    felt = f"felt {', '.join(feelings)}" if feelings else ""
    content = call.get_text("content")
    words = (
        _join_paragraphs(content, _format_aside(caller if called_by_them else "", felt))
        if content
        else _join_paragraphs(f"{caller}.", _format_aside(felt))
    )
    return _Entry(call.get_day("called_at") or call.created_on, words, "call")


def _read_messages(conversation: Record, who: str, references: References) -> _Entry:
    """Read messages, one line each, after the name of the writer."""
    on = conversation.get_day("happened_at") or conversation.created_on
    lines = []
    for message in parse_records(conversation.properties.get("messages")):
        day, content = message.get_day("written_at"), message.get_text("content")
        when = f" ({format_yearly_date(day)})" if day and day != on else ""
        writer = "You" if message.get_flag("written_by_me") else who
        lines += [f"{writer}{when}: {content}"] if content else []
    channel = _get_label(references.field_types, conversation.get_text("contact_field_type"))
    return _Entry(
        on,
        "\n".join([*lines, *filter(None, [_format_aside(f"by {channel}" if channel else "")])]),
        "message",
    )


def _read_life_event(event: Record, who: str, references: References) -> _Entry:
    """Read a life event, without its details about work."""
    kind = _get_label(references.life_event_types, event.get_text("type"))
    name = event.get_text("name") or kind
    structure = event.properties.get("specific_information")
    details = (
        f"{what.replace('_', ' ')}: {value}"
        for what, each in as_mapping(structure).items()
        if what not in _WORK_FIELDS
        and (value := as_text(each) or as_text(as_mapping(each).get("value")))
    )
    about = _format_aside(kind if kind != name else "", *details)
    return _Entry(
        event.get_day("happened_at") or event.created_on,
        _join_paragraphs(name, event.get_text("note"), about),
    )


def _get_label(types: Mapping[str, Record], uuid: str) -> str:
    """Return the name of a type; the types that Monica ships have only a translation key."""
    kind = types.get(uuid)
    return (
        (kind.get_text("name") or kind.get_text("translation_key").replace("_", " "))
        if kind
        else ""
    )


def _join_paragraphs(*parts: str) -> str:
    return "\n\n".join(filter(None, parts))


def _format_aside(*facts: str) -> str:
    return f"({', '.join(filter(None, facts))})" if any(facts) else ""


_ENTRY_KINDS: dict[str, tuple[str, Callable[[Record, str, References], _Entry]]] = {
    "note": ("note", _read_note),
    "call": ("call", _read_call),
    "conversation": ("conversation", _read_messages),
    "life_event": ("life event", _read_life_event),
}


class SqlExportError(UsageError):
    """The file is the SQL export, a copy of Monica's tables for another Monica."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is Monica's SQL export, which only a database can read.",
            "In Monica, choose Settings > Export > JSON, then import that file",
        )


def is_monica_export(data: bytes) -> bool:
    """Return whether this is Monica's JSON export: an account that holds data by kind."""
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return False
    account = _ACCOUNT.search(data)
    return account is not None and _DATA.search(data, account.end()) is not None


def is_sql_export(data: bytes) -> bool:
    """Return whether this is Monica's SQL export, by its heading or its first rows."""
    return _SQL.search(data[: 2**16]) is not None


def read_export(data: bytes, name: str) -> ImportedRecords:
    """Read a JSON export; `name` is the file's name, for messages.

    Raises SqlExportError for an SQL export, and UsageError for any other file.
    """
    if is_sql_export(data):
        raise SqlExportError(name)
    account, report = as_mapping(load_export(data, name).get("account")), Report(name)
    if not isinstance(account.get("data"), list):
        raise UsageError(f"{name} is JSON, but not an export of Monica 4.")
    kinds = group_by_kind(account["data"])
    contacts = _read_contacts(kinds, report)
    references = _collect_references(account, contacts)
    people, notes = _read_people(
        contacts, parse_records(kinds.get("relationship")), references, report
    )
    activities = parse_records(kinds.get("activity"))
    notes += read_activities(
        activities, _find_participants(contacts, activities, report), references, report
    )
    entries = parse_records(as_mapping(account.get("properties")).get("journal_entries"))
    notes += read_journal(entries, report)
    _report_dropped(account, kinds, references, report)
    return ImportedRecords(
        KIND, people, tuple(notes), report.list_skipped(), tuple(report.warnings)
    )


def _read_contacts(kinds: dict[str, list[object]], report: Report) -> list[Record]:
    """Return the contacts, each with a unique uuid; made up where the file has none."""
    contacts: dict[str, Record] = {}
    values = kinds.get("contact", [])
    if len(values) > MAX_CONTACTS:
        raise UsageError(f"{report.file} has more than {MAX_CONTACTS} contacts.")
    for number, contact in enumerate(parse_records(values), 1):
        uuid = contact.uuid if contact.uuid not in contacts else ""
        contacts[uuid or f"contact {number}"] = contact._replace(uuid=uuid or f"contact {number}")
        if not get_full_name(contact):
            report.warn(f"contact {number}", "has no name, and is named by its place in the file")
    return list(contacts.values())


def _collect_references(account: dict[str, object], contacts: Sequence[Record]) -> References:
    instance = as_mapping(account.get("instance"))
    fields, activities, events = (
        {each.uuid: each for each in parse_records(instance.get(f"{what}_types"))}
        for what in ("contact_field", "activity", "life_event")
    )
    names = {
        contact.uuid: get_full_name(contact) or f"contact {at}"
        for at, contact in enumerate(contacts, 1)
    }
    partial = {each.uuid for each in contacts if each.get_flag("is_partial")}
    return References(fields, activities, events, names, partial)


def _read_people(
    contacts: Sequence[Record],
    relationships: Sequence[Record],
    references: References,
    report: Report,
) -> tuple[tuple[ImportedPerson, ...], list[ImportedNote]]:
    """Read contacts and their notes; what is known about a mere relative goes to the people they are tied to."""
    ties_by_uuid = read_ties(relationships, references, report)
    people_by_relative = find_people_of_relatives(relationships, references)
    notes: list[ImportedNote] = []
    lines: dict[str, list[NoteLine]] = defaultdict(list)
    for contact in contacts:
        relative, who = contact.uuid in references.partial, references.names[contact.uuid]
        people = tuple(people_by_relative.get(contact.uuid, ())) if relative else (contact.uuid,)
        dated_notes, undated = read_contact_notes(contact, who, people, references, report)
        notes += dated_notes
        lines[contact.uuid] += undated
        if relative:
            line = _describe_relative(read_person(contact, (), undated, references, report))
            for each in people:
                lines[each] += [("details of a relative", line)] if line else []
            outcome = "kept as a tie" if people else "with no ties: not kept"
            (report.warn if people else report.skip)(
                who, f"is only a relative of another contact, {outcome}"
            )
    imported = (
        read_person(contact, ties_by_uuid[contact.uuid], lines[contact.uuid], references, report)
        for contact in contacts
        if contact.uuid not in references.partial
    )
    return tuple(_remove_made_up_uid(each) for each in imported), notes


def _remove_made_up_uid(person: ImportedPerson) -> ImportedPerson:
    made_up = person.key is not None and person.key.startswith("contact ")
    return replace(person, uid=None) if made_up else person


def _describe_relative(person: ImportedPerson) -> str:
    """Return what is known about a mere relative on one line; "" if it is only the name."""
    details = [f"also {each}" for each in person.nicknames]
    details += [f"birthday {format_yearly_date(person.birthday)}"] if person.birthday else []
    details += [f"{label} {format_yearly_date(on)}" for label, on in person.dates]
    details += [f"lives in {person.lives}"] if person.lives else []
    details += [*(contact.value for contact in person.contacts), *person.groups]
    details += person.note.split("\n") if person.note else []
    return f"{person.name}: {'; '.join(details)}" if details else ""


def _find_participants(
    contacts: Sequence[Record], activities: Sequence[Record], report: Report
) -> dict[str, list[str]]:
    """Return the uuids of the contacts in each activity; Monica lists activities on contacts."""
    participants: dict[str, dict[str, None]] = {each.uuid: {} for each in activities}
    for contact in contacts:
        for value in contact.children.get("activity", ()):
            uuid = as_text(value) or as_text(as_mapping(value).get("uuid"))
            if uuid in participants:
                participants[uuid][contact.uuid] = None
            else:
                report.dropped["an activity of a contact is not in the file"] += 1
    return {uuid: list(people) for uuid, people in participants.items()}


def _report_dropped(
    account: dict[str, object],
    kinds: dict[str, list[object]],
    references: References,
    report: Report,
) -> None:
    """Report which contact is the owner, and count what is never kept."""
    for user in parse_records(kinds.get("user")):
        if owner_name := references.names.get(user.get_text("me_contact")):
            report.warn(owner_name, "is you in Monica")
    properties = as_mapping(account.get("properties"))
    counts = {kind: len(values) for kind, values in kinds.items() if kind not in _READ_KINDS}
    counts |= {each: len(as_list(properties.get(each))) for each in _SETTINGS}
    for kind, count in counts.items():
        report.dropped[_DROPPED_KINDS.get(kind, f"kin does not know the kind “{kind}”")] += count
    for kind in _READ_KINDS & kinds.keys():
        invalid_count = sum(not isinstance(each, dict) for each in kinds[kind])
        report.dropped[f"a {kind} that is not an object cannot be read"] += invalid_count


def get_full_name(contact: Record) -> str:
    """Return first, middle and last name; without any, the nickname or the first contact field."""
    parts = (contact.get_line(f"{which}_name") for which in ("first", "middle", "last"))
    values = (each.get_line("data") for each in contact.get_records("contact_field"))
    return " ".join(filter(None, parts)) or contact.get_line("nickname") or next(values, "")


def read_person(
    contact: Record,
    ties: Iterable[ImportedTie],
    extra_lines: Iterable[NoteLine],
    references: References,
    report: Report,
) -> ImportedPerson:
    """Read a contact; `extra_lines` are lines for its note that come from other records."""
    name, dates = references.names[contact.uuid], read_dates(contact)
    lines = [
        *_find_long_texts(name, contact),
        *extra_lines,
        *dates.lines,
        *list_note_lines(contact, references.names),
    ]
    nickname = _find_first_fitting(contact.get_line("nickname"))
    short_name = name[:LONGEST_NAME].strip()
    _report_dropped_fields(contact, short_name, references, report)
    return ImportedPerson(
        name=short_name,
        source=f"{report.file}: {short_name}",
        key=contact.uuid,
        uid=contact.uuid,
        nicknames=(nickname,) if nickname and nickname != name else (),
        contacts=tuple(dict.fromkeys(_read_contact_fields(contact, references))),
        birthday=dates.birthday,
        dates=dates.dates,
        lives=_find_first_fitting(*map(find_town, contact.get_records("address"))),
        note=_join_note(contact.get_text("description"), lines, short_name, report),
        groups=_read_groups(contact),
        ties=tuple(ties),
        met_on=dates.met_on,
        met_precision=dates.met_precision,
        met_at=_find_first_fitting(contact.get_line("first_met_where")),
        met_story=contact.get_text("first_met_additional_info") or None,
        met_through=_find_introducer(contact, references),
    )


def _find_first_fitting(*choices: str, longest: int = LONGEST_LABEL) -> str | None:
    """Return the first text that fits into a field."""
    return next((each for each in choices if each and len(each) <= longest), None)


def _find_long_texts(name: str, contact: Record) -> Iterator[NoteLine]:
    """Yield the texts that are too long for their field."""
    if len(name) > LONGEST_NAME:
        yield "the whole name", f"Full name: {name}"
    texts = [
        ("nickname", contact.get_line("nickname")),
        ("place", contact.get_line("first_met_where")),
    ]
    texts += [("tag", each) for each in as_words(contact.properties.get("tags"))]
    for what, each in texts:
        if len(each) > LONGEST_LABEL:
            yield f"a long {what}", f"{what.capitalize()}: {each}"
    for contact_field in contact.get_records("contact_field"):
        if len(contact_field.get_line("data")) > LONGEST_CONTACT:
            yield "a long contact field", f"Contact: {contact_field.get_line('data')}"


def _find_introducer(contact: Record, references: References) -> str | None:
    """Return the key of the contact who introduced them, or the name if that is a mere relative."""
    uuid = contact.get_text("first_met_through")
    name = references.names.get(uuid)
    return _find_first_fitting(name or "") if uuid in references.partial else uuid if name else None


def _report_dropped_fields(
    contact: Record, where: str, references: References, report: Report
) -> None:
    report.dropped.update({why for what, why in _DROPPED_FIELDS.items() if contact.get_text(what)})
    through = contact.get_text("first_met_through")
    if through and through not in references.names:
        report.skip(where, "was introduced by someone who is not in the file")
    for kind, values in contact.children.items():
        invalid_count = sum(not isinstance(each, dict) for each in values)
        if invalid_count and kind not in ("activity", "photo", "document"):
            report.skip(where, f"{invalid_count} of kind “{kind}” cannot be read")


def _join_note(
    description: str, lines: Iterable[NoteLine], where: str, report: Report
) -> str | None:
    """Join the lines of a note, and report the kinds of its lines, except the description."""
    texts: list[str] = []
    kinds: dict[str, None] = {}
    for what, line in (("", description), *lines):
        if len(line) > MAX_TEXT_LENGTH:
            report.skip(where, f"{what or 'the description'} has {len(line)} characters")
        elif line:
            texts.append(line)
            kinds[what] = None
    if names := ", ".join(filter(None, kinds)):
        report.warn(where, f"kept as a fact: {names}")
    return "\n".join(texts) or None


def _read_groups(contact: Record) -> tuple[str, ...]:
    labels: dict[str, str] = {}
    for tag in as_words(contact.properties.get("tags")):
        if len(tag) <= LONGEST_LABEL:
            labels.setdefault(catalog.normalize_group(tag), tag)
    return tuple(labels.values())


def _read_contact_fields(contact: Record, references: References) -> Iterator[Contact]:
    """Yield the contact fields; what is neither e-mail nor phone is a link with its label."""
    for each in contact.get_records("contact_field"):
        value = _find_first_fitting(each.get_line("data"), longest=LONGEST_CONTACT) or ""
        kind = references.field_types.get(each.get_text("type"))
        protocol = (kind.get_text("type") or kind.get_text("protocol")) if kind else ""
        if protocol in ("email", "mailto:") or (not kind and "@" in value[1:]):
            yield Contact("email", value)
        elif protocol in ("phone", "tel:") or (not kind and value and set(value) <= _PHONE_SIGNS):
            yield Contact("phone", value)
        elif value:
            yield Contact("link", value, (kind.get_line("name") or None) if kind else None)


class ContactDates(NamedTuple):
    """The dates of a contact as kin stores them, and note lines for the rest."""

    birthday: str | None
    met_on: str | None
    met_precision: str | None
    dates: tuple[tuple[str, str], ...]
    lines: tuple[NoteLine, ...]


def read_dates(contact: Record) -> ContactDates:
    """Read all dates of a contact.

    Monica makes up parts of a date: 1 January from an age, and the current year if the year is not
    known. Those parts are not read.
    """
    birthday, birth_lines = _read_birthday(contact)
    died_on, death_lines = _read_death(contact)
    met_on, precision, meeting_lines = _read_meeting(contact)
    date_by_label, lines = _read_yearly_dates(contact, birthday, died_on)
    lines = [*birth_lines, *meeting_lines, *death_lines, *lines, *_find_invalid_dates(contact)]
    return ContactDates(birthday, met_on, precision, tuple(date_by_label.items()), tuple(lines))


def _find_invalid_dates(contact: Record) -> Iterator[NoteLine]:
    """Yield the texts of dates that are not valid."""
    for name, head in (("birthdate", "Born"), ("first_met_date", "Met"), ("deceased_date", "Died")):
        words = as_text(as_mapping(contact.properties.get(name)).get("date"))
        if words and not _read_special_date(contact, name)[0]:
            yield "an invalid date", f"{head}: {words}"


def _read_special_date(contact: Record, name: str) -> tuple[str | None, str]:
    """Return the day of a special date, and its precision: `day`, `year` or `no year`."""
    value = Record("", None, as_mapping(contact.properties.get(name)), {})
    precision = "year" if value.get_flag("is_age_based") else "day"
    return value.get_day("date"), "no year" if value.get_flag("is_year_unknown") else precision


def _read_birthday(contact: Record) -> tuple[str | None, list[NoteLine]]:
    on, precision = _read_special_date(contact, "birthdate")
    if on and precision == "year":
        return None, [("an age", f"Born about {on[:4]}.")]
    return (f"--{on[5:]}" if on and precision == "no year" else on), []


def _read_meeting(contact: Record) -> tuple[str | None, str | None, list[NoteLine]]:
    on, precision = _read_special_date(contact, "first_met_date")
    if on and precision == "no year":
        return (
            None,
            None,
            [("a first meeting without its year", f"Met on {format_yearly_date(f'--{on[5:]}')}.")],
        )
    return on, precision if on else None, []


def _read_death(contact: Record) -> tuple[str | None, list[NoteLine]]:
    on, precision = _read_special_date(contact, "deceased_date")
    if on and precision == "year":
        return None, [("a death", f"Died in {on[:4]}.")]
    if on or not contact.get_flag("is_dead"):
        return (f"--{on[5:]}" if on and precision == "no year" else on), []
    return None, [("a death", "Has died.")]


def _read_yearly_dates(
    contact: Record, birthday: str | None, died_on: str | None
) -> tuple[dict[str, str], list[NoteLine]]:
    """Read the reminders: yearly ones as dates, all others as lines of the note."""
    date_by_label = {"died": died_on} if died_on else {}
    lines: list[NoteLine] = []
    special = {(on or "-")[-5:] for on in (birthday, died_on)}
    for reminder in _find_reminders(contact):
        on, title = reminder.get_day("initial_date"), reminder.get_line("title") or "reminder"
        description = reminder.get_text("description")
        if on and on[5:] in special and _is_automatic(reminder, contact) and not description:
            continue
        if not on or not _is_yearly(reminder) or len(title) > LONGEST_LABEL // 2:
            lines.append(_format_reminder(reminder))
            continue
        date_by_label[
            title if date_by_label.get(title, on) == on else f"{title} ({format_yearly_date(on)})"
        ] = on
        lines += [("the text of a reminder", f"{title}: {description}")] if description else []
    return date_by_label, lines


def _find_reminders(contact: Record) -> list[Record]:
    """Return the reminders of a contact, including those of death and first meeting, each once."""
    special = [contact.properties.get(f"{what}_reminder") for what in ("deceased", "first_met")]
    reminders = contact.get_records("reminder")
    uuids = {each.uuid for each in reminders}
    return reminders + [each for each in parse_records(special) if each.uuid not in uuids]


def _is_automatic(reminder: Record, contact: Record) -> bool:
    """Return whether Monica itself made this reminder, for a birthday or a death."""
    of_death = as_mapping(contact.properties.get("deceased_reminder")).get("uuid")
    fixed = reminder.properties.get("delible") is not None and not reminder.get_flag("delible")
    return fixed or (bool(reminder.uuid) and reminder.uuid == as_text(of_death))


def _is_yearly(reminder: Record) -> bool:
    every_time = reminder.get_text("frequency_number") in ("", "1")
    return (
        reminder.get_text("frequency_type") == "year"
        and every_time
        and not reminder.get_flag("inactive")
    )


def _format_reminder(reminder: Record) -> NoteLine:
    """Return the note line of a reminder that is not yearly, or is switched off."""
    on, unit = reminder.get_day("initial_date"), reminder.get_text("frequency_type")
    interval = "" if unit in ("", "one_time", "once") else _format_interval(reminder, unit)
    day = (
        f"from {format_yearly_date(on)}"
        if interval and on
        else f"on {format_yearly_date(on)}"
        if on
        else "without a day"
    )
    off = ", switched off" if reminder.get_flag("inactive") else ""
    title = reminder.get_text("title") or "something"
    head = f"Reminder, {interval}{day}{off}: {title}"
    return "a reminder", join_sentences(head, reminder.get_text("description"))


def _format_interval(reminder: Record, unit: str) -> str:
    number = reminder.get_text("frequency_number") or "1"
    return f"every {unit}, " if number == "1" else f"every {number} {unit}s, "


def read_ties(
    relationships: Sequence[Record], references: References, report: Report
) -> dict[str, list[ImportedTie]]:
    """Return the ties of each contact by uuid, each tie once; mere relatives are referred to by name.

    In `{contact_is, of_contact, type}` the second is the `type` of the first, as Monica shows it on
    the page of the first. Monica writes most ties from both sides.
    """
    ties: dict[_Tie, None] = {}
    stated_ties = [_parse_tie(record) for record in relationships]
    distinct_ties = set(stated_ties)
    for at, (one, other, word) in enumerate(stated_ties, 1):
        where = f"relationship {at}"
        reverse = (other, one, _REVERSE_WORDS.get(word, word))
        if one not in references.names or other not in references.names or one == other or not word:
            report.skip(where, f"“{word}” is not between two contacts in the file")
        elif one in references.partial and other in references.partial:
            names = f"{references.names[one]} and {references.names[other]}"
            report.skip(where, f"“{word}” is between {names}, who are only relatives of others")
        elif one in references.partial and reverse not in distinct_ties:
            ties[reverse] = None
        elif one not in references.partial and reverse not in ties:
            ties[one, other, word] = None
    ties_by_uuid: dict[str, list[ImportedTie]] = defaultdict(list)
    for one, other, word in ties:
        key = None if other in references.partial else other
        ties_by_uuid[one].append(
            ImportedTie(
                _TIE_WORDINGS.get(word, word.replace("_", " ")), references.names[other], key
            )
        )
    return ties_by_uuid


def find_people_of_relatives(
    relationships: Sequence[Record], references: References
) -> dict[str, list[str]]:
    """Return, by the uuid of each mere relative, the people they are tied to."""
    people_by_relative: dict[str, dict[str, None]] = defaultdict(dict)
    for one, other, _ in map(_parse_tie, relationships):
        for relative, person in ((one, other), (other, one)):
            if (
                relative in references.partial
                and person in references.names
                and person not in references.partial
            ):
                people_by_relative[relative][person] = None
    return {relative: list(people) for relative, people in people_by_relative.items()}


def _parse_tie(record: Record) -> _Tie:
    return (
        record.get_text("contact_is"),
        record.get_text("of_contact"),
        record.get_line("type").lower()[:LONGEST_LABEL],
    )
