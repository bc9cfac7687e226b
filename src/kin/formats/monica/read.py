"""Reading the JSON export of Monica 4: people with their days and ties, and conversations.

What has no field in kin becomes a note; what kin never keeps (work, pictures, settings) is counted.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from kin.constants import LONGEST_LABEL, LONGEST_NAME
from kin.errors import UsageError
from kin.formats.card import Way
from kin.formats.incoming import Bond, Brought, Incoming, Told
from kin.formats.monica.records import (
    LONGEST_TEXT,
    NoteLine,
    Record,
    References,
    Report,
    as_list,
    as_mapping,
    as_text,
    as_words,
    find_town,
    format_day,
    group_by_kind,
    join_sentences,
    list_note_lines,
    load,
    parse_records,
    read_activities,
    read_conversations,
    read_journal,
)
from kin.vocabulary import catalog as vocabulary

KIND = "Monica 4 JSON"
MOST_CONTACTS = 100_000

_ACCOUNT = re.compile(rb'"account"\s*:\s*\{')
_DATA = re.compile(rb'"data"\s*:\s*\[\s*(?:\]|\{\s*"(?:count|type|values)")')
_SQL = re.compile(rb"(?m)^# .*dump of data\r?$|^INSERT (?:IGNORE )?INTO `?\w+`? \([^)]*account_id")
_READ = {"user", "contact", "relationship", "activity"}
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

_WORK = "job and company are kept in no field"
_VIEWS = "when and how often you looked at somebody is not kept"
_DROPPED_FIELDS = {
    "job": _WORK,
    "company": _WORK,
    "gender": "kin has no field for gender",
    "vcard": "the card that Monica kept with a contact is not read",
    "last_consulted_at": _VIEWS,
    "number_of_views": _VIEWS,
}
LONGEST_WAY = 2000  # characters of an address or a number
_PHONE_SIGNS = frozenset("+0123456789 ()./-")

_PAIRS = (
    ("parent", "child"),
    ("grandparent", "grandchild"),
    ("stepparent", "stepchild"),
    ("uncle", "nephew"),
    ("godfather", "godson"),
    ("boss", "subordinate"),
    ("mentor", "protege"),
    ("inlovewith", "lovedby"),
)
_REVERSE = {one: other for pair in _PAIRS for one, other in (pair, pair[::-1])}
# Monica names these by one gender, which would be wrong for every other person.
_WORDINGS = {
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


class SqlExportError(UsageError):
    """The file is the SQL export, a copy of Monica's tables for another Monica."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is Monica's SQL export, which only a database can read.",
            "In Monica choose Settings > Export > JSON, and import that file",
        )


def recognise(data: bytes) -> bool:
    """Return whether this is Monica's JSON export: an account that holds data by kind."""
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return False
    account = _ACCOUNT.search(data)
    return account is not None and _DATA.search(data, account.end()) is not None


def recognise_sql(data: bytes) -> bool:
    """Return whether this is Monica's SQL export, by its heading or its first rows."""
    return _SQL.search(data[: 2**16]) is not None


def read(data: bytes, name: str) -> Brought:
    """Read a JSON export; `name` is the file's name, for messages.

    Raises SqlExportError for an SQL export, and UsageError for any other file.
    """
    if recognise_sql(data):
        raise SqlExportError(name)
    account, report = as_mapping(load(data, name).get("account")), Report(name)
    if not isinstance(account.get("data"), list):
        raise UsageError(f"{name} is JSON, and no export of Monica 4.")
    kinds = group_by_kind(account["data"])
    contacts = _read_contacts(kinds, report)
    references = _collect_references(account, contacts)
    people, talks = _read_people(
        contacts, parse_records(kinds.get("relationship")), references, report
    )
    activities = parse_records(kinds.get("activity"))
    talks += read_activities(
        activities, _find_participants(contacts, activities, report), references, report
    )
    entries = parse_records(as_mapping(account.get("properties")).get("journal_entries"))
    talks += read_journal(entries, report)
    _report_dropped(account, kinds, references, report)
    return Brought(KIND, people, tuple(talks), report.list_skipped(), tuple(report.remarks))


def _read_contacts(kinds: dict[str, list[object]], report: Report) -> list[Record]:
    """Return the contacts, each with a unique uuid; made up where the file has none."""
    contacts: dict[str, Record] = {}
    values = kinds.get("contact", [])
    if len(values) > MOST_CONTACTS:
        raise UsageError(f"{report.file} has more than {MOST_CONTACTS} contacts.")
    for number, contact in enumerate(parse_records(values), 1):
        uuid = contact.uuid if contact.uuid not in contacts else ""
        contacts[uuid or f"contact {number}"] = contact._replace(uuid=uuid or f"contact {number}")
        if not get_full_name(contact):
            report.remark(
                f"contact {number}", "has no name, and is called by its place in the file"
            )
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
    contacts: Sequence[Record], ties: Sequence[Record], references: References, report: Report
) -> tuple[tuple[Incoming, ...], list[Told]]:
    """Read contacts and their conversations; what is known of a mere relative goes to the people they are tied to."""
    bonds = read_bonds(ties, references, report)
    people_of = find_relatives(ties, references)
    talks: list[Told] = []
    lines: dict[str, list[NoteLine]] = defaultdict(list)
    for contact in contacts:
        relative, who = contact.uuid in references.partial, references.names[contact.uuid]
        people = tuple(people_of.get(contact.uuid, ())) if relative else (contact.uuid,)
        conversations, undated = read_conversations(contact, who, people, references, report)
        talks += conversations
        lines[contact.uuid] += undated
        if relative:
            line = _describe_relative(read_person(contact, (), undated, references, report))
            for each in people:
                lines[each] += [("what is known of a relative", line)] if line else []
            kept = "kept as a tie" if people else "and tied to nobody: not kept"
            (report.remark if people else report.skip)(who, f"is only somebody's relative, {kept}")
    read = (
        read_person(contact, bonds[contact.uuid], lines[contact.uuid], references, report)
        for contact in contacts
        if contact.uuid not in references.partial
    )
    return tuple(_with_own_uid(each) for each in read), talks


def _with_own_uid(person: Incoming) -> Incoming:
    made_up = person.key is not None and person.key.startswith("contact ")
    return replace(person, uid=None) if made_up else person


def _describe_relative(person: Incoming) -> str:
    """Return what is known of a mere relative on one line; "" if it is only the name."""
    facts = [f"also {each}" for each in person.nicknames]
    facts += [f"birthday {format_day(person.birthday)}"] if person.birthday else []
    facts += [f"{label} {format_day(on)}" for label, on in person.days]
    facts += [f"lives in {person.lives}"] if person.lives else []
    facts += [*(way.value for way in person.contacts), *person.groups]
    facts += person.note.split("\n") if person.note else []
    return f"{person.name}: {'; '.join(facts)}" if facts else ""


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
                report.dropped["an activity of somebody's is not in the file"] += 1
    return {uuid: list(people) for uuid, people in participants.items()}


def _report_dropped(
    account: dict[str, object],
    kinds: dict[str, list[object]],
    references: References,
    report: Report,
) -> None:
    """Report which contact is the owner, and count what is never kept."""
    for user in parse_records(kinds.get("user")):
        if you := references.names.get(user.get_text("me_contact")):
            report.remark(you, "is you in Monica")
    properties = as_mapping(account.get("properties"))
    counts = {kind: len(values) for kind, values in kinds.items() if kind not in _READ}
    counts |= {each: len(as_list(properties.get(each))) for each in _SETTINGS}
    for kind, count in counts.items():
        report.dropped[_DROPPED_KINDS.get(kind, f"“{kind}” is a kind that kin does not know")] += (
            count
        )
    for kind in _READ & kinds.keys():
        strange = sum(not isinstance(each, dict) for each in kinds[kind])
        report.dropped[f"a {kind} that is not an object cannot be read"] += strange


def get_full_name(contact: Record) -> str:
    """Return first, middle and last name; without any, the nickname or the first way to reach them."""
    parts = (contact.get_line(f"{which}_name") for which in ("first", "middle", "last"))
    ways = (each.get_line("data") for each in contact.get_records("contact_field"))
    return " ".join(filter(None, parts)) or contact.get_line("nickname") or next(ways, "")


def read_person(
    contact: Record,
    bonds: Iterable[Bond],
    more: Iterable[NoteLine],
    references: References,
    report: Report,
) -> Incoming:
    """Read a contact; `more` are lines for the note that come from other records."""
    name, days = references.names[contact.uuid], read_days(contact)
    lines = [
        *_find_long_texts(name, contact),
        *more,
        *days.lines,
        *list_note_lines(contact, references.names),
    ]
    nickname = _first_fitting(contact.get_line("nickname"))
    short_name = name[:LONGEST_NAME].strip()
    _report_lost(contact, short_name, references, report)
    return Incoming(
        name=short_name,
        source=f"{report.file}: {short_name}",
        key=contact.uuid,
        uid=contact.uuid,
        nicknames=(nickname,) if nickname and nickname != name else (),
        contacts=tuple(dict.fromkeys(_read_ways(contact, references))),
        birthday=days.birthday,
        days=days.yearly,
        lives=_first_fitting(*map(find_town, contact.get_records("address"))),
        note=_join_note(contact.get_text("description"), lines, short_name, report),
        groups=_read_groups(contact),
        bonds=tuple(bonds),
        met_on=days.met_on,
        met_precision=days.met_precision,
        met_at=_first_fitting(contact.get_line("first_met_where")),
        met_story=contact.get_text("first_met_additional_info") or None,
        met_through=_find_introducer(contact, references),
    )


def _first_fitting(*choices: str, longest: int = LONGEST_LABEL) -> str | None:
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
    for way in contact.get_records("contact_field"):
        if len(way.get_line("data")) > LONGEST_WAY:
            yield "a long way to reach them", f"To reach: {way.get_line('data')}"


def _find_introducer(contact: Record, references: References) -> str | None:
    """Return the key of the contact who introduced them, or the name if that is a mere relative."""
    uuid = contact.get_text("first_met_through")
    name = references.names.get(uuid)
    return _first_fitting(name or "") if uuid in references.partial else uuid if name else None


def _report_lost(contact: Record, where: str, references: References, report: Report) -> None:
    report.dropped.update({why for what, why in _DROPPED_FIELDS.items() if contact.get_text(what)})
    through = contact.get_text("first_met_through")
    if through and through not in references.names:
        report.skip(where, "was introduced by somebody who is not in the file")
    for kind, values in contact.children.items():
        strange = sum(not isinstance(each, dict) for each in values)
        if strange and kind not in ("activity", "photo", "document"):
            report.skip(where, f"{strange} of kind “{kind}” cannot be read")


def _join_note(
    description: str, lines: Iterable[NoteLine], where: str, report: Report
) -> str | None:
    """Join the lines of a note, and report what they hold, except the description."""
    texts: list[str] = []
    kinds: dict[str, None] = {}
    for what, line in (("", description), *lines):
        if len(line) > LONGEST_TEXT:
            report.skip(where, f"{what or 'the description'} has {len(line)} characters")
        elif line:
            texts.append(line)
            kinds[what] = None
    if names := ", ".join(filter(None, kinds)):
        report.remark(where, f"kept as a note: {names}")
    return "\n".join(texts) or None


def _read_groups(contact: Record) -> tuple[str, ...]:
    labels: dict[str, str] = {}
    for tag in as_words(contact.properties.get("tags")):
        if len(tag) <= LONGEST_LABEL:
            labels.setdefault(vocabulary.group_key(tag), tag)
    return tuple(labels.values())


def _read_ways(contact: Record, references: References) -> Iterator[Way]:
    """Yield the ways to reach a contact; what is neither e-mail nor phone is a link with its label."""
    for each in contact.get_records("contact_field"):
        value = _first_fitting(each.get_line("data"), longest=LONGEST_WAY) or ""
        kind = references.field_types.get(each.get_text("type"))
        protocol = (kind.get_text("type") or kind.get_text("protocol")) if kind else ""
        if protocol in ("email", "mailto:") or (not kind and "@" in value[1:]):
            yield Way("email", value)
        elif protocol in ("phone", "tel:") or (not kind and value and set(value) <= _PHONE_SIGNS):
            yield Way("phone", value)
        elif value:
            yield Way("link", value, (kind.get_line("name") or None) if kind else None)


class Days(NamedTuple):
    """The days of a contact as kin stores them, and note lines for the rest."""

    birthday: str | None
    met_on: str | None
    met_precision: str | None
    yearly: tuple[tuple[str, str], ...]
    lines: tuple[NoteLine, ...]


def read_days(contact: Record) -> Days:
    """Read all days of a contact.

    Monica makes up parts of a day: 1 January from an age, and the current year if the year is not
    known. Those parts are not read.
    """
    birthday, born = _read_birthday(contact)
    died, death = _read_death(contact)
    met_on, precision, met = _read_meeting(contact)
    yearly, lines = _read_yearly_days(contact, birthday, died)
    lines = [*born, *met, *death, *lines, *_find_invalid_days(contact)]
    return Days(birthday, met_on, precision, tuple(yearly.items()), tuple(lines))


def _find_invalid_days(contact: Record) -> Iterator[NoteLine]:
    """Yield the texts of dates that are not days."""
    for name, head in (("birthdate", "Born"), ("first_met_date", "Met"), ("deceased_date", "Died")):
        words = as_text(as_mapping(contact.properties.get(name)).get("date"))
        if words and not _read_special_date(contact, name)[0]:
            yield "a day that is none", f"{head}: {words}"


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
            [("a day of meeting without its year", f"Met on {format_day(f'--{on[5:]}')}.")],
        )
    return on, precision if on else None, []


def _read_death(contact: Record) -> tuple[str | None, list[NoteLine]]:
    on, precision = _read_special_date(contact, "deceased_date")
    if on and precision == "year":
        return None, [("a death", f"Died in {on[:4]}.")]
    if on or not contact.get_flag("is_dead"):
        return (f"--{on[5:]}" if on and precision == "no year" else on), []
    return None, [("a death", "Has died.")]


def _read_yearly_days(
    contact: Record, birthday: str | None, died: str | None
) -> tuple[dict[str, str], list[NoteLine]]:
    """Read the reminders: yearly ones as days, all others as lines of the note."""
    yearly = {"died": died} if died else {}
    lines: list[NoteLine] = []
    special = {(on or "-")[-5:] for on in (birthday, died)}
    for reminder in _find_reminders(contact):
        on, title = reminder.get_day("initial_date"), reminder.get_line("title") or "reminder"
        description = reminder.get_text("description")
        if on and on[5:] in special and _is_automatic(reminder, contact) and not description:
            continue
        if not on or not _is_yearly(reminder) or len(title) > LONGEST_LABEL // 2:
            lines.append(_format_reminder(reminder))
            continue
        yearly[title if yearly.get(title, on) == on else f"{title} ({format_day(on)})"] = on
        lines += [("the words of a reminder", f"{title}: {description}")] if description else []
    return yearly, lines


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
        f"from {format_day(on)}"
        if interval and on
        else f"on {format_day(on)}"
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


def read_bonds(
    relationships: Sequence[Record], references: References, report: Report
) -> dict[str, list[Bond]]:
    """Return the ties of each contact by uuid, each tie once; mere relatives are referred to by name.

    In `{contact_is, of_contact, type}` the second is the `type` of the first, as Monica shows it on
    the page of the first. Monica writes most ties from both sides.
    """
    ties: dict[_Tie, None] = {}
    stated = [_parse_tie(record) for record in relationships]
    distinct = set(stated)
    for at, (one, other, word) in enumerate(stated, 1):
        where = f"relationship {at}"
        reverse = (other, one, _REVERSE.get(word, word))
        if one not in references.names or other not in references.names or one == other or not word:
            report.skip(where, f"“{word}” is with nobody who is in the file")
        elif one in references.partial and other in references.partial:
            names = f"{references.names[one]} and {references.names[other]}"
            report.skip(where, f"“{word}” is between {names}, who are only relatives of others")
        elif one in references.partial and reverse not in distinct:
            ties[reverse] = None
        elif one not in references.partial and reverse not in ties:
            ties[one, other, word] = None
    bonds: dict[str, list[Bond]] = defaultdict(list)
    for one, other, word in ties:
        key = None if other in references.partial else other
        bonds[one].append(
            Bond(_WORDINGS.get(word, word.replace("_", " ")), references.names[other], key)
        )
    return bonds


def find_relatives(relationships: Sequence[Record], references: References) -> dict[str, list[str]]:
    """Return, by the uuid of each mere relative, the people they are tied to."""
    people_of: dict[str, dict[str, None]] = defaultdict(dict)
    for one, other, _ in map(_parse_tie, relationships):
        for relative, person in ((one, other), (other, one)):
            if (
                relative in references.partial
                and person in references.names
                and person not in references.partial
            ):
                people_of[relative][person] = None
    return {relative: list(people) for relative, people in people_of.items()}


def _parse_tie(record: Record) -> _Tie:
    return (
        record.get_text("contact_is"),
        record.get_text("of_contact"),
        record.get_line("type").lower()[:LONGEST_LABEL],
    )
