"""A contact of Monica's as a person: fields where kin has them, and all else as a note.

Its one rule: what a person does for a living is kept in no field. Nor are Monica's own counts of
when and how often you looked at somebody.
"""

from collections.abc import Iterable, Iterator

from kin.constants import (
    LONGEST_LABEL,
    LONGEST_NAME,
)
from kin.formats.card import Way
from kin.formats.incoming import Bond, Incoming
from kin.formats.monica.dates import days
from kin.formats.monica.notes import (
    Line,
    city,
    lines,
)
from kin.formats.monica.records import (
    LONGEST_TEXT,
    Known,
    Record,
    Report,
    words,
)
from kin.vocabulary import catalog as vocabulary

_WORK = "job and company are kept in no field"
_LOOKS = "when and how often you looked at somebody is not kept"
_NOT_KEPT = {
    "job": _WORK,
    "company": _WORK,
    "gender": "kin has no field for gender",
    "vcard": "the card that Monica kept beside a contact is not read",
    "last_consulted_at": _LOOKS,
    "number_of_views": _LOOKS,
}
LONGEST_WAY = 2000  # characters of an address or a number
_PHONE_SIGNS = frozenset("+0123456789 ()./-")


def full_name(contact: Record) -> str:
    """Return the names in the order in which they are said; without any, what else names them."""
    parts = (contact.line(f"{which}_name") for which in ("first", "middle", "last"))
    ways = (each.line("data") for each in contact.records("contact_field"))
    return " ".join(filter(None, parts)) or contact.line("nickname") or next(ways, "")


def person(
    contact: Record, bonds: Iterable[Bond], more: Iterable[Line], known: Known, report: Report
) -> Incoming:
    """Read a contact; `more` is already known of them, and goes into the note too."""
    name, found = known.names[contact.uuid], days(contact)
    told = [*_too_long(name, contact), *more, *found.lines, *lines(contact, known.names)]
    nickname = _fitting(contact.line("nickname"))
    where = name[:LONGEST_NAME].strip()
    _report_lost(contact, where, known, report)
    return Incoming(
        name=where,
        source=f"{report.file}: {where}",
        key=contact.uuid,
        uid=contact.uuid,
        nicknames=(nickname,) if nickname and nickname != name else (),
        contacts=tuple(dict.fromkeys(_ways(contact, known))),
        birthday=found.birthday,
        days=found.yearly,
        lives=_fitting(*map(city, contact.records("address"))),
        note=_note(contact.text("description"), told, where, report),
        groups=_groups(contact),
        bonds=tuple(bonds),
        met_on=found.met_on,
        met_precision=found.met_precision,
        met_at=_fitting(contact.line("first_met_where")),
        met_story=contact.text("first_met_additional_info") or None,
        met_through=_through(contact, known),
    )


def _fitting(*choices: str, longest: int = LONGEST_LABEL) -> str | None:
    """Return the first of the words that fit into a field."""
    return next((each for each in choices if each and len(each) <= longest), None)


def _too_long(name: str, contact: Record) -> Iterator[Line]:
    """Give the words that fit into no field."""
    if len(name) > LONGEST_NAME:
        yield "the whole name", f"Full name: {name}"
    told = [("nickname", contact.line("nickname")), ("place", contact.line("first_met_where"))]
    told += [("tag", each) for each in words(contact.properties.get("tags"))]
    for what, each in told:
        if len(each) > LONGEST_LABEL:
            yield f"a long {what}", f"{what.capitalize()}: {each}"
    for way in contact.records("contact_field"):
        if len(way.line("data")) > LONGEST_WAY:
            yield "a long way to reach them", f"To reach: {way.line('data')}"


def _through(contact: Record, known: Known) -> str | None:
    """Return the key of whoever introduced them; the name of somebody who is only a relative."""
    uuid = contact.text("first_met_through")
    name = known.names.get(uuid)
    return _fitting(name or "") if uuid in known.partial else uuid if name else None


def _report_lost(contact: Record, where: str, known: Known, report: Report) -> None:
    report.dropped.update({why for what, why in _NOT_KEPT.items() if contact.text(what)})
    through = contact.text("first_met_through")
    if through and through not in known.names:
        report.skip(where, "was introduced by somebody who is not in the file")
    for kind, values in contact.below.items():
        strange = sum(not isinstance(each, dict) for each in values)
        if strange and kind not in ("activity", "photo", "document"):
            report.skip(where, f"{strange} of kind “{kind}” cannot be read")


def _note(description: str, told: Iterable[Line], where: str, report: Report) -> str | None:
    """Join the lines of a note, and report of what they are; the description needs no report."""
    kept: list[str] = []
    kinds: dict[str, None] = {}
    for what, line in (("", description), *told):
        if len(line) > LONGEST_TEXT:
            report.skip(where, f"{what or 'the description'} has {len(line)} characters")
        elif line:
            kept.append(line)
            kinds[what] = None
    if listed := ", ".join(filter(None, kinds)):
        report.remark(where, f"kept as a note: {listed}")
    return "\n".join(kept) or None


def _groups(contact: Record) -> tuple[str, ...]:
    labels: dict[str, str] = {}
    for tag in words(contact.properties.get("tags")):
        if len(tag) <= LONGEST_LABEL:
            labels.setdefault(vocabulary.group_key(tag), tag)
    return tuple(labels.values())


def _ways(contact: Record, known: Known) -> Iterator[Way]:
    """Give the ways to reach somebody; what is no e-mail and no phone is a link with its label."""
    for each in contact.records("contact_field"):
        value = _fitting(each.line("data"), longest=LONGEST_WAY) or ""
        kind = known.field_types.get(each.text("type"))
        said_kind = (kind.text("type") or kind.text("protocol")) if kind else ""
        if said_kind in ("email", "mailto:") or (not kind and "@" in value[1:]):
            yield Way("email", value)
        elif said_kind in ("phone", "tel:") or (not kind and value and set(value) <= _PHONE_SIGNS):
            yield Way("phone", value)
        elif value:
            yield Way("link", value, (kind.line("name") or None) if kind else None)
