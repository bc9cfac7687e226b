"""Notes, calls, messages, life events, activities and the journal of Monica as conversations.

Its one rule: your words stand first and as they are; what Monica knows beside them follows in
brackets. What has no day is a line of the person's note, for a day made up would be a lie.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kin.formats.incoming import Told
from kin.formats.monica.notes import (
    Line,
    said,
)
from kin.formats.monica.records import (
    LONGEST_TEXT,
    Known,
    Record,
    Report,
    mapping,
    records,
    text,
    words,
)

_WORK = {"employer", "job_title", "profession", "company"}  # kept in no field


class _Said(NamedTuple):
    """What was said on a day, and by which way."""

    on: str | None
    words: str
    by: str | None = None


def of_contact(
    contact: Record, who: str, people: tuple[str, ...], known: Known, report: Report
) -> tuple[list[Told], list[Line]]:
    """Return the conversations with one contact, and the lines of those without a day."""
    talks: list[Told] = []
    undated: list[Line] = []
    for kind, (what, read) in _KINDS.items():
        for at, record in enumerate(contact.records(kind), 1):
            report.dropped["a star on a note is not kept"] += record.flag("is_favorite")
            said_then, where = read(record, who, known), f"{who}, {what} {at}"
            if said_then.words and not said_then.on:
                undated.append((f"a {what} without a day", said_then.words))
            elif told := _told(said_then, people, where, report):
                talks.append(told)
    last = contact.day("last_talked_to")
    if last and last not in {told.on for told in talks}:
        undated.append(("the day of the last talk", f"Last talked on {said(last)}."))
    return talks, undated


def _told(then: _Said, people: tuple[str, ...], where: str, report: Report) -> Told | None:
    """Return a conversation, or report why it is none."""
    if then.on and then.words and len(then.words) <= LONGEST_TEXT:
        return Told(then.on, then.words, f"{report.file}: {where}", people, by=then.by)
    long = f"has {len(then.words)} characters"
    report.skip(where, "has no words" if not then.words else long if then.on else "has no day")
    return None


def activities(
    found: Sequence[Record], company: Mapping[str, Sequence[str]], known: Known, report: Report
) -> Iterator[Told]:
    """Read what was done together; `company` are the uuids of all who were in each activity.

    Whoever is only somebody's relative in Monica is named in the text.
    """
    for at, record in enumerate(found, 1):
        where, who = f"activity {at}", company.get(record.uuid, ())
        people = tuple(each for each in who if each not in known.partial)
        others = [f"with {known.names[each]}" for each in who if each in known.partial]
        about = (_label(known.activity_types, record.text("type")), *others)
        feelings = words(record.properties.get("emotions"))
        done = _joined(
            record.text("summary"), record.text("description"), _aside(*about, *feelings)
        )
        told = _told(
            _Said(record.day("happened_at") or record.created, done), people, where, report
        )
        if told and not who:
            report.remark(where, "was with nobody: kept as a conversation")
        if told:
            yield told


def journal(entries: Sequence[Record], report: Report) -> Iterator[Told]:
    """Read the journal: entries, and the comments beside the ratings of days."""
    for at, record in enumerate(entries, 1):
        where = f"journal entry {at}"
        entry = _joined(*map(record.text, ("title", "post", "comment")))
        if not entry and record.text("rate"):
            report.dropped["the rating of a day without words is not kept"] += 1
        elif told := _told(_Said(_journal_day(record), entry), (), where, report):
            report.remark(where, "names nobody: kept as a conversation with nobody")
            yield told


def _journal_day(record: Record) -> str | None:
    figures = [record.text(name).zfill(2) for name in ("year", "month", "day")]
    rated = Record("", None, {"day": "-".join(figures)}, {}).day("day")
    return record.day("date") or rated or record.created


def _note(note: Record, who: str, known: Known) -> _Said:
    return _Said(note.created, note.text("body"))


def _call(call: Record, who: str, known: Known) -> _Said:
    """Read a call; without words it says who called."""
    theirs = call.flag("contact_called")
    caller = f"{who} called" if theirs else "You called"
    feelings = words(call.properties.get("emotions"))
    felt = f"felt {', '.join(feelings)}" if feelings else ""
    told = call.text("content")
    heard = (
        _joined(told, _aside(caller if theirs else "", felt))
        if told
        else _joined(f"{caller}.", _aside(felt))
    )
    return _Said(call.day("called_at") or call.created, heard, "call")


def _conversation(talk: Record, who: str, known: Known) -> _Said:
    """Read messages, a line each, behind the name of whoever wrote it."""
    on = talk.day("happened_at") or talk.created
    written = []
    for message in records(talk.properties.get("messages")):
        day, content = message.day("written_at"), message.text("content")
        when = f" ({said(day)})" if day and day != on else ""
        writer = "You" if message.flag("written_by_me") else who
        written += [f"{writer}{when}: {content}"] if content else []
    way = _label(known.field_types, talk.text("contact_field_type"))
    return _Said(
        on, "\n".join([*written, *filter(None, [_aside(f"by {way}" if way else "")])]), "message"
    )


def _life_event(event: Record, who: str, known: Known) -> _Said:
    """Read something that happened to somebody, without what it says of their work."""
    kind = _label(known.life_event_types, event.text("type"))
    name = event.text("name") or kind
    structure = event.properties.get("specific_information")
    details = (
        f"{what.replace('_', ' ')}: {value}"
        for what, each in mapping(structure).items()
        if what not in _WORK and (value := text(each) or text(mapping(each).get("value")))
    )
    about = _aside(kind if kind != name else "", *details)
    return _Said(
        event.day("happened_at") or event.created, _joined(name, event.text("note"), about)
    )


def _label(types: Mapping[str, Record], uuid: str) -> str:
    """Return the name of a kind; those that Monica ships have only a key to be translated."""
    kind = types.get(uuid)
    return (kind.text("name") or kind.text("translation_key").replace("_", " ")) if kind else ""


def _joined(*parts: str) -> str:
    return "\n\n".join(filter(None, parts))


def _aside(*facts: str) -> str:
    return f"({', '.join(filter(None, facts))})" if any(facts) else ""


_KINDS: dict[str, tuple[str, Callable[[Record, str, Known], _Said]]] = {
    "note": ("note", _note),
    "call": ("call", _call),
    "conversation": ("conversation", _conversation),
    "life_event": ("life event", _life_event),
}
