"""The relationships of Monica as ties, each once, though Monica writes it from both sides.

Its one rule: in `{contact_is, of_contact, type}` the second is the first one's `type`, as Monica
shows it on the page of the first (resources/views/people/relationship).
"""

from collections import defaultdict
from collections.abc import Sequence

from kin.constants import LONGEST_LABEL
from kin.formats.incoming import Bond
from kin.formats.monica.records import (
    Known,
    Record,
    Report,
)

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
# Monica says these by gender; as they stand they would be wrong for every other person.
_SAID = {
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

Tie = tuple[str, str, str]  # uuids of two and the second's word to the first


def bonds(found: Sequence[Record], known: Known, report: Report) -> dict[str, list[Bond]]:
    """Return whom each contact knows, by uuid; those who are only relatives are there by name."""
    taken: dict[Tie, None] = {}
    stated = [_tie(record) for record in found]
    both = set(stated)
    for at, (one, other, word) in enumerate(stated, 1):
        where = f"relationship {at}"
        turned = (other, one, _REVERSE.get(word, word))
        if one not in known.names or other not in known.names or one == other or not word:
            report.skip(where, f"“{word}” is with nobody who is in the file")
        elif one in known.partial and other in known.partial:
            names = f"{known.names[one]} and {known.names[other]}"
            report.skip(where, f"“{word}” is between {names}, who are only relatives of others")
        elif one in known.partial and turned not in both:
            taken[turned] = None
        elif one not in known.partial and turned not in taken:
            taken[one, other, word] = None
    held: dict[str, list[Bond]] = defaultdict(list)
    for one, other, word in taken:
        key = None if other in known.partial else other
        held[one].append(Bond(_SAID.get(word, word.replace("_", " ")), known.names[other], key))
    return held


def relatives(found: Sequence[Record], known: Known) -> dict[str, list[str]]:
    """Return by the uuid of somebody who is only a relative those to whom they are tied."""
    tied: dict[str, dict[str, None]] = defaultdict(dict)
    for one, other, _ in map(_tie, found):
        for relative, person in ((one, other), (other, one)):
            if relative in known.partial and person in known.names and person not in known.partial:
                tied[relative][person] = None
    return {relative: list(people) for relative, people in tied.items()}


def _tie(record: Record) -> Tie:
    return (
        record.text("contact_is"),
        record.text("of_contact"),
        record.line("type").lower()[:LONGEST_LABEL],
    )
