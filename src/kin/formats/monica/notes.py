"""What Monica knows of somebody and kin has no field for, as lines of a note.

Its one rule: a line is a plain sentence of all that the record says, with the name of what it is
beside it for the report.
"""

from collections.abc import Callable, Iterator, Mapping

from kin.constants import LONGEST_LABEL
from kin.formats.monica.records import (
    Record,
    text,
)
from kin.language.day import MONTHS

Line = tuple[str, str]  # what it is, and the sentence
Names = Mapping[str, str]  # everybody's, by uuid

FIELDS = {
    "food_preferences": "Food: {}",
    "stay_in_touch_frequency": "To stay in touch with every {} days.",
}
# Read as fields, as conversations, as lines of their own, or not at all.
_ELSEWHERE = {"first_name", "middle_name", "last_name", "nickname", "description", "tags", "job"}
_ELSEWHERE |= {"company", "gender", "vcard", "last_consulted_at", "number_of_views", "is_starred"}
_ELSEWHERE |= {"is_partial", "is_active", "is_dead", "avatar", "distant_etag", "first_met_where"}
_ELSEWHERE |= {"first_met_additional_info", "first_met_through", "stay_in_touch_trigger_date"}
_ELSEWHERE |= {"birthdate", "deceased_date", "first_met_date", "last_talked_to"}
_ELSEWHERE_BELOW = {"contact_field", "reminder", "note", "call", "conversation", "life_event"}
_ELSEWHERE_BELOW |= {"activity", "photo", "document"}


def said(on: str) -> str:
    """Say a day in words: '12 March 1984', or '12 March' where the year is unknown."""
    year, month, number = on.rsplit("-", 2)
    return f"{int(number)} {MONTHS[int(month) - 1]} {year.strip('-')}".rstrip()


def sentence(head: str, *more: str) -> str:
    """Join what is not empty to sentences of one line."""
    return ". ".join(filter(None, (head, *more)))


def lines(contact: Record, names: Names) -> Iterator[Line]:
    """Give all that is no field of kin's and no conversation, whatever Monica may call it."""
    for name, value in contact.properties.items():
        if text(value) and name not in _ELSEWHERE:
            template = FIELDS.get(name, name.replace("{", "{{").replace("}", "}}") + ": {}")
            yield name.replace("_", " "), template.format(text(value))
    if contact.flag("is_starred"):
        yield "a star", "Starred in Monica."
    if contact.properties.get("is_active") is not None and not contact.flag("is_active"):
        yield "archived", "Archived in Monica."
    for kind in (*KINDS, *(contact.below.keys() - KINDS.keys() - _ELSEWHERE_BELOW)):
        what, line_of = KINDS.get(kind, (f"an unknown {kind}", _unknown))
        for record in contact.records(kind):
            if line := line_of(record, names):
                yield what, line


def _gift(gift: Record, names: Names) -> str:
    kinds = {"idea": "Gift idea", "offered": "Gift given", "received": "Gift received"}
    kind, on = kinds.get(gift.text("status"), "Gift"), gift.day("date")
    head = f"{kind}{f' on {said(on)}' if on else ''}: {gift.text('name') or 'something'}"
    amount, recipient = gift.text("amount"), names.get(gift.text("recipient"))
    price = f"Worth {amount}" if amount else ""
    whose = f"For {recipient}" if recipient else ""
    return sentence(head, price, whose, gift.text("comment"), gift.text("url"))


def _debt(debt: Record, names: Names) -> str:
    amount = " ".join(filter(None, (debt.text("amount"), debt.text("currency")))) or "something"
    done = ", settled" if debt.text("status") == "complete" else ""
    who = "You owe them" if debt.flag("in_debt") else "They owe you"
    return sentence(f"{who} {amount}{done}", debt.text("reason"))


def _task(task: Record, names: Names) -> str:
    on = task.day("completed_at")
    done = f"Done{f' on {said(on)}' if on else ''}" if task.flag("completed") else "To do"
    return sentence(f"{done}: {task.text('title') or 'something'}", task.text("description"))


def _pet(pet: Record, names: Names) -> str:
    return "Pet: " + ", a ".join(filter(None, (pet.text("name"), pet.text("category") or "pet")))


def _address(address: Record, names: Names) -> str:
    parts = ("street", "city", "province", "postal_code", "country")
    place = ", ".join(filter(None, map(address.line, parts)))
    if not place or (
        place == city(address) and len(place) <= LONGEST_LABEL and not address.text("name")
    ):
        return ""
    name = address.text("name")
    return f"Address{f' ({name})' if name else ''}: {place}"


def _unknown(record: Record, names: Names) -> str:
    told = ((name, text(value)) for name, value in record.properties.items())
    return "; ".join(f"{name}: {words}" for name, words in told if words)


def city(address: Record) -> str:
    """Return the town of an address, or else the province or the country."""
    return next(filter(None, map(address.line, ("city", "province", "country"))), "")


KINDS: dict[str, tuple[str, Callable[[Record, Names], str]]] = {
    "gift": ("a gift", _gift),
    "debt": ("a debt", _debt),
    "task": ("a task", _task),
    "pet": ("a pet", _pet),
    "address": ("an address", _address),
}
