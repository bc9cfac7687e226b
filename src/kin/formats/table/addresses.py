"""The addresses that a row of a table has, in parts or as one text.

Its one rule: the town of a home is where somebody lives; an address of work never is. What is said
beyond the town is a line of the note.
"""

from kin.constants import LONGEST_LABEL
from kin.formats.table.columns import ADDRESS
from kin.language.text import fold

_ORDER = ("street", "extra", "box", "city", "region", "postcode", "country")


class Addresses:
    """The addresses of one person, by what keeps their parts together."""

    def __init__(self) -> None:
        self._parts: dict[str, dict[str, list[str]]] = {}
        self._labels: dict[str, str] = {}

    def add(self, which: str, label: str, part: str, words: str) -> None:
        """Add a part (`city`, or `address` for the whole) to one of the addresses."""
        said = self._parts.setdefault(which, {each: [] for each in ADDRESS})
        lines = (line.strip(" ,") for line in words.splitlines())
        said[part] += [line for line in lines if line and line not in said[part]]
        self._labels[which] = label

    def lives(self) -> str | None:
        """Return the town of the home, else the whole of its address if that is all there is."""
        for label in ("home", ""):
            for which in (each for each, said in self._labels.items() if said == label):
                said = self._parts[which]
                town = next(
                    (said[each] for each in ("city", "region", "country") if said[each]), []
                )
                words = ", ".join(town) or self._text(which)
                if words and len(words) <= LONGEST_LABEL:
                    return words
        return None

    def lines(self, lives: str | None) -> list[str]:
        """Return what the addresses say beyond where somebody lives, a line for each."""
        texts = {which: self._text(which) for which in self._parts}
        return [
            f"{f'{self._labels[which]} address'.strip().capitalize()}: {text}"
            for which, text in texts.items()
            if text and text != lives
        ]

    def _text(self, which: str) -> str:
        said = self._parts[which]
        whole = ", ".join(said["address"])
        parts = [words for each in _ORDER for words in said[each]]
        return ", ".join(
            filter(
                None,
                (whole, *(each for each in parts if not whole or fold(each) not in fold(whole))),
            )
        )
