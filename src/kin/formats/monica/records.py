"""The records of a Monica 4 export, and the note lines and conversations that they become.

The shapes are those of Monica's app/ExportResources. A value of an unexpected type counts as missing.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from kin.constants import LONGEST_LABEL
from kin.errors import UsageError
from kin.formats.incoming import Skipped, Told
from kin.language.dates import MONTHS

LARGEST = 256 * 2**20  # bytes: photos are inside the file
MOST_VALUES = 8_000_000  # 200,000 conversations have two million
LONGEST_TEXT = 100_000  # characters: a person does not write a longer text

_UNSAFE = re.compile("[\0\ud800-\udfff]")  # neither SQLite nor UTF-8 can store these
_SINGULAR = {"activities": "activity", "addresses": "address", "address": "address"}
_WORK_FIELDS = {"employer", "job_title", "profession", "company"}  # of life events, not kept
_FIELDS = {
    "food_preferences": "Food: {}",
    "stay_in_touch_frequency": "To stay in touch with every {} days.",
}
# Read as fields, as conversations, as lines of their own, or not at all.
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
    """What was not read into a field, for the report; `dropped` counts what is never kept, by reason."""

    file: str
    skipped: list[Skipped] = field(default_factory=list)
    remarks: list[Skipped] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)

    def skip(self, where: str, why: str) -> None:
        self.skipped.append(Skipped(f"{self.file}: {where}", why))

    def remark(self, where: str, why: str) -> None:
        self.remarks.append(Skipped(f"{self.file}: {where}", why))

    def list_skipped(self) -> tuple[Skipped, ...]:
        """Return what was skipped, with one line for each reason in `dropped`."""
        sums = (
            Skipped(self.file, f"{why} ({count})") for why, count in self.dropped.items() if count
        )
        return (*self.skipped, *sums)


def load(data: bytes, name: str) -> dict[str, object]:
    """Parse the file; raise UsageError if it is too big, nested too deeply, or not a JSON object."""
    separators = sum(data.count(separator) for separator in (b",", b"[", b"{"))
    if len(data) > LARGEST or separators > MOST_VALUES:
        raise UsageError(f"{name} is too big for kin to read: {len(data) // 2**20} MB.")
    try:
        loaded: object = json.loads(data.decode(json.detect_encoding(data), "replace"))
    except RecursionError:
        raise UsageError(f"{name} is nested too deeply to be a Monica export.") from None
    except ValueError as error:
        hint = "Export it again, in Monica: Settings > Export > JSON"
        raise UsageError(f"{name} is no whole JSON file: {error}.", hint) from None
    if not isinstance(loaded, dict):
        raise UsageError(f"{name} is JSON, and no Monica export.")
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


def format_day(on: str) -> str:
    """Return a day as '12 March 1984', or '12 March' if the year is not known."""
    year, month, day = on.rsplit("-", 2)
    return f"{int(day)} {MONTHS[int(month) - 1]} {year.strip('-')}".rstrip()


def join_sentences(first: str, *more: str) -> str:
    """Join the texts that are not empty as sentences on one line."""
    return ". ".join(filter(None, (first, *more)))


def list_note_lines(contact: Record, names: Names) -> Iterator[NoteLine]:
    """Yield a line for everything that is neither a field nor a conversation, unknown kinds included."""
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
    head = f"{kind}{f' on {format_day(on)}' if on else ''}: {gift.get_text('name') or 'something'}"
    amount, recipient = gift.get_text("amount"), names.get(gift.get_text("recipient"))
    price = f"Worth {amount}" if amount else ""
    whose = f"For {recipient}" if recipient else ""
    return join_sentences(head, price, whose, gift.get_text("comment"), gift.get_text("url"))


def _format_debt(debt: Record, names: Names) -> str:
    amount = (
        " ".join(filter(None, (debt.get_text("amount"), debt.get_text("currency")))) or "something"
    )
    done = ", settled" if debt.get_text("status") == "complete" else ""
    who = "You owe them" if debt.get_flag("in_debt") else "They owe you"
    return join_sentences(f"{who} {amount}{done}", debt.get_text("reason"))


def _format_task(task: Record, names: Names) -> str:
    on = task.get_day("completed_at")
    done = f"Done{f' on {format_day(on)}' if on else ''}" if task.get_flag("completed") else "To do"
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
    """The words of a conversation, with the day and the channel (call, message) if they are known."""

    on: str | None
    words: str
    by: str | None = None


def read_conversations(
    contact: Record, who: str, people: tuple[str, ...], references: References, report: Report
) -> tuple[list[Told], list[NoteLine]]:
    """Return the conversations with a contact, and note lines for those without a day.

    A made-up day would count as the last conversation with them.
    """
    talks: list[Told] = []
    undated: list[NoteLine] = []
    for kind, (what, read_entry) in _CONVERSATION_KINDS.items():
        for at, record in enumerate(contact.get_records(kind), 1):
            report.dropped["a star on a note is not kept"] += record.get_flag("is_favorite")
            entry, where = read_entry(record, who, references), f"{who}, {what} {at}"
            if entry.words and not entry.on:
                undated.append((f"a {what} without a day", entry.words))
            elif talk := _make_conversation(entry, people, where, report):
                talks.append(talk)
    last = contact.get_day("last_talked_to")
    if last and last not in {talk.on for talk in talks}:
        undated.append(("the day of the last talk", f"Last talked on {format_day(last)}."))
    return talks, undated


def _make_conversation(
    entry: _Entry, people: tuple[str, ...], where: str, report: Report
) -> Told | None:
    """Return a conversation, or None after reporting why there is none."""
    if entry.on and entry.words and len(entry.words) <= LONGEST_TEXT:
        return Told(entry.on, entry.words, f"{report.file}: {where}", people, by=entry.by)
    long = f"has {len(entry.words)} characters"
    report.skip(where, "has no words" if not entry.words else long if entry.on else "has no day")
    return None


def read_activities(
    records: Sequence[Record],
    participants: Mapping[str, Sequence[str]],
    references: References,
    report: Report,
) -> Iterator[Told]:
    """Yield activities as conversations; `participants` are the uuids of the contacts in each.

    Contacts that are only relatives of others are named in the text.
    """
    for at, record in enumerate(records, 1):
        where, who = f"activity {at}", participants.get(record.uuid, ())
        people = tuple(each for each in who if each not in references.partial)
        relatives = [f"with {references.names[each]}" for each in who if each in references.partial]
        about = (_get_label(references.activity_types, record.get_text("type")), *relatives)
        feelings = as_words(record.properties.get("emotions"))
        words = _join_paragraphs(
            record.get_text("summary"),
            record.get_text("description"),
            _format_aside(*about, *feelings),
        )
        talk = _make_conversation(
            _Entry(record.get_day("happened_at") or record.created_on, words), people, where, report
        )
        if talk and not who:
            report.remark(where, "was with nobody: kept as a conversation")
        if talk:
            yield talk


def read_journal(entries: Sequence[Record], report: Report) -> Iterator[Told]:
    """Yield the journal as conversations: its entries, and the comments on the ratings of days."""
    for at, record in enumerate(entries, 1):
        where = f"journal entry {at}"
        words = _join_paragraphs(*map(record.get_text, ("title", "post", "comment")))
        if not words and record.get_text("rate"):
            report.dropped["the rating of a day without words is not kept"] += 1
        elif talk := _make_conversation(
            _Entry(_find_journal_day(record), words), (), where, report
        ):
            report.remark(where, "names nobody: kept as a conversation with nobody")
            yield talk


def _find_journal_day(record: Record) -> str | None:
    digits = [record.get_text(name).zfill(2) for name in ("year", "month", "day")]
    rated = Record("", None, {"day": "-".join(digits)}, {}).get_day("day")
    return record.get_day("date") or rated or record.created_on


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


def _read_messages(talk: Record, who: str, references: References) -> _Entry:
    """Read messages, one line each, after the name of the writer."""
    on = talk.get_day("happened_at") or talk.created_on
    lines = []
    for message in parse_records(talk.properties.get("messages")):
        day, content = message.get_day("written_at"), message.get_text("content")
        when = f" ({format_day(day)})" if day and day != on else ""
        writer = "You" if message.get_flag("written_by_me") else who
        lines += [f"{writer}{when}: {content}"] if content else []
    way = _get_label(references.field_types, talk.get_text("contact_field_type"))
    return _Entry(
        on,
        "\n".join([*lines, *filter(None, [_format_aside(f"by {way}" if way else "")])]),
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


_CONVERSATION_KINDS: dict[str, tuple[str, Callable[[Record, str, References], _Entry]]] = {
    "note": ("note", _read_note),
    "call": ("call", _read_call),
    "conversation": ("conversation", _read_messages),
    "life_event": ("life event", _read_life_event),
}
