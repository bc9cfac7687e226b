"""LinkedIn's Connections.csv: a preamble, then names and the day of a click.

Its one rule: being connected is all that the file knows, so that is what the story says. Company
and position are kept nowhere.
"""

from collections.abc import Sequence

from kin.formats.table.meaning import key

KIND = "LinkedIn connections"
STORY = "Connected on LinkedIn."
_ALWAYS = {"firstname", "lastname", "connectedon"}
_SOME = {"url", "emailaddress", "company", "position"}


def kind(header: Sequence[str]) -> str | None:
    """Return the kind if the header is that of LinkedIn's connections."""
    keys = set(map(key, header))
    return KIND if keys >= _ALWAYS and keys & _SOME else None
