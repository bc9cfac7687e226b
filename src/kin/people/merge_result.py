"""What a merge of two cards comes to."""

from typing import NamedTuple

from kin.people.queries import Person


class Merged(NamedTuple):
    """The card as it stands after a merge, whom it took in, and what of theirs was kept as a remark."""

    person: Person
    merged: str
    remarks: tuple[str, ...]
