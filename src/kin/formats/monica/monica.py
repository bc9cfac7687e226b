"""The JSON export of Monica 4: people, and all that was noted of them, talked and done with them.

Its one rule: nothing is dropped silently. What kin has no field for is a note; what it never keeps
(work, pictures, settings) is counted. The SQL export is refused, with the way out.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from kin.errors import UsageError
from kin.formats.incoming import Brought, Incoming, Told
from kin.formats.monica import (
    talks as monica_talks,
)
from kin.formats.monica import (
    ties as monica_ties,
)
from kin.formats.monica.notes import (
    Line,
    said,
)
from kin.formats.monica.people import (
    full_name,
    person,
)
from kin.formats.monica.records import (
    Known,
    Record,
    Report,
    by_kind,
    listed,
    load,
    mapping,
    records,
    text,
)

KIND = "Monica 4 JSON"
MOST_CONTACTS = 100_000

_ACCOUNT = re.compile(rb'"account"\s*:\s*\{')
_DATA = re.compile(rb'"data"\s*:\s*\[\s*(?:\]|\{\s*"(?:count|type|values)")')
_SQL = re.compile(rb"(?m)^# .*dump of data\r?$|^INSERT (?:IGNORE )?INTO `?\w+`? \([^)]*account_id")
_READ = {"user", "contact", "relationship", "activity"}
_NOT_KEPT = {
    "photo": "photos are not kept",
    "document": "documents are not kept",
    "addressbook": "address books are not kept",
    "address_book": "address books are not kept",
    "addressbook_subscription": "address books are not kept",
    "address_book_subscription": "address books are not kept",
}
_SETTINGS = ("modules", "reminder_rules", "audit_logs")
_NOT_KEPT |= dict.fromkeys(_SETTINGS, "settings and the log of the account are not kept")


class SqlExportError(UsageError):
    """The SQL export: a copy of Monica's tables, for another Monica."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is Monica's SQL export, which only a database can read.",
            "In Monica choose Settings > Export > JSON, and import that file",
        )


def recognise(data: bytes) -> bool:
    """Say whether this is Monica's JSON export: an account, and in it its data by kind."""
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return False
    account = _ACCOUNT.search(data)
    return account is not None and _DATA.search(data, account.end()) is not None


def recognise_sql(data: bytes) -> bool:
    """Say whether this is Monica's SQL export, by its heading or its first rows."""
    return _SQL.search(data[: 2**16]) is not None


def read(data: bytes, name: str) -> Brought:
    """Read a JSON export; `name` is the file's, for the places in it.

    Raises SqlExportError for the other export, UsageError for what is no whole JSON export.
    """
    if recognise_sql(data):
        raise SqlExportError(name)
    account, report = mapping(load(data, name).get("account")), Report(name)
    if not isinstance(account.get("data"), list):
        raise UsageError(f"{name} is JSON, and no export of Monica 4.")
    kinds = by_kind(account["data"])
    contacts = _contacts(kinds, report)
    known = _known(account, contacts)
    people, talks = _people(contacts, records(kinds.get("relationship")), known, report)
    done = records(kinds.get("activity"))
    talks += monica_talks.activities(done, _company(contacts, done, report), known, report)
    entries = records(mapping(account.get("properties")).get("journal_entries"))
    talks += monica_talks.journal(entries, report)
    _report_rest(account, kinds, known, report)
    return Brought(KIND, people, tuple(talks), report.all_skipped(), tuple(report.remarks))


def _contacts(kinds: dict[str, list[object]], report: Report) -> list[Record]:
    """Return the contacts, each with a uuid of its own, made up where the file has none."""
    contacts: dict[str, Record] = {}
    found = kinds.get("contact", [])
    if len(found) > MOST_CONTACTS:
        raise UsageError(f"{report.file} has more than {MOST_CONTACTS} contacts.")
    for at, contact in enumerate(records(found), 1):
        own = contact.uuid if contact.uuid not in contacts else ""
        contacts[own or f"contact {at}"] = contact._replace(uuid=own or f"contact {at}")
        if not full_name(contact):
            report.remark(f"contact {at}", "has no name, and is called by its place in the file")
    return list(contacts.values())


def _known(account: dict[str, object], contacts: Sequence[Record]) -> Known:
    instance = mapping(account.get("instance"))
    fields, activities, events = (
        {each.uuid: each for each in records(instance.get(f"{what}_types"))}
        for what in ("contact_field", "activity", "life_event")
    )
    names = {
        contact.uuid: full_name(contact) or f"contact {at}"
        for at, contact in enumerate(contacts, 1)
    }
    partial = {each.uuid for each in contacts if each.flag("is_partial")}
    return Known(fields, activities, events, names, partial)


def _people(
    contacts: Sequence[Record], ties: Sequence[Record], known: Known, report: Report
) -> tuple[tuple[Incoming, ...], list[Told]]:
    """Read contacts and what hangs on them; what is told of a relative is told of their people."""
    bonds = monica_ties.bonds(ties, known, report)
    tied = monica_ties.relatives(ties, known)
    talks: list[Told] = []
    told: dict[str, list[Line]] = defaultdict(list)
    for contact in contacts:
        relative, who = contact.uuid in known.partial, known.names[contact.uuid]
        people = tuple(tied.get(contact.uuid, ())) if relative else (contact.uuid,)
        found, undated = monica_talks.of_contact(contact, who, people, known, report)
        talks += found
        told[contact.uuid] += undated
        if relative:
            line = _relative(person(contact, (), undated, known, report))
            for each in people:
                told[each] += [("what is known of a relative", line)] if line else []
            kept = "kept as a tie" if people else "and tied to nobody: not kept"
            (report.remark if people else report.skip)(who, f"is only somebody's relative, {kept}")
    read = (
        person(contact, bonds[contact.uuid], told[contact.uuid], known, report)
        for contact in contacts
        if contact.uuid not in known.partial
    )
    return tuple(_with_own_uid(each) for each in read), talks


def _with_own_uid(read: Incoming) -> Incoming:
    made_up = read.key is not None and read.key.startswith("contact ")
    return replace(read, uid=None) if made_up else read


def _relative(read: Incoming) -> str:
    """Return in a line what is known of somebody who is only a relative; "" for a bare name."""
    facts = [f"also {each}" for each in read.nicknames]
    facts += [f"birthday {said(read.birthday)}"] if read.birthday else []
    facts += [f"{label} {said(on)}" for label, on in read.days]
    facts += [f"lives in {read.lives}"] if read.lives else []
    facts += [*(way.value for way in read.contacts), *read.groups]
    facts += read.note.split("\n") if read.note else []
    return f"{read.name}: {'; '.join(facts)}" if facts else ""


def _company(
    contacts: Sequence[Record], done: Sequence[Record], report: Report
) -> dict[str, list[str]]:
    """Return who was in each activity; the contacts say it, not the activities."""
    company: dict[str, dict[str, None]] = {each.uuid: {} for each in done}
    for contact in contacts:
        for value in contact.below.get("activity", ()):
            uuid = text(value) or text(mapping(value).get("uuid"))
            if uuid in company:
                company[uuid][contact.uuid] = None
            else:
                report.dropped["an activity of somebody's is not in the file"] += 1
    return {uuid: list(people) for uuid, people in company.items()}


def _report_rest(
    account: dict[str, object], kinds: dict[str, list[object]], known: Known, report: Report
) -> None:
    """Report who you are in Monica, and count what is never kept."""
    for user in records(kinds.get("user")):
        if you := known.names.get(user.text("me_contact")):
            report.remark(you, "is you in Monica")
    properties = mapping(account.get("properties"))
    counts = {kind: len(values) for kind, values in kinds.items() if kind not in _READ}
    counts |= {each: len(listed(properties.get(each))) for each in _SETTINGS}
    for kind, count in counts.items():
        report.dropped[_NOT_KEPT.get(kind, f"“{kind}” is a kind that kin does not know")] += count
    for kind in _READ & kinds.keys():
        strange = sum(not isinstance(each, dict) for each in kinds[kind])
        report.dropped[f"what stands for a {kind} cannot be read"] += strange
