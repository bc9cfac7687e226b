"""The command line as far as it is typed: its words, and what may stand where the cursor is.

Owns the reading of `parameters.tsv`, which says what each command takes, so that no command is
imported on TAB. Its one rule: words are taken apart, and nothing in them is ever expanded.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

COMMAND, OPTION = "a command", "an option"  # beside the metavars, what may be wanted
PROSE = ("TEXT", "TEXT|-")  # a text goes on over as many words as it has
_EVERYWHERE = "*"
_ESCAPED_IN_DOUBLE_QUOTES = '"\\$`'


class Parted(NamedTuple):
    """A line in words: those that are done, the one being typed, and the quote that is open in it."""

    words: tuple[str, ...]
    last: str
    quote: str


def parted(line: str) -> Parted:
    """Part a line into words as bash does, without its quotes and backslashes."""
    words: list[str] = []
    word, quote, begun, escaped = "", "", False, False
    for sign in line:
        if escaped:
            kept = quote and sign not in _ESCAPED_IN_DOUBLE_QUOTES
            word += "\\" + sign if kept else sign
            escaped = False
        elif sign == "\\" and quote != "'":
            escaped = True
        elif quote:
            word, quote = (word, "") if sign == quote else (word + sign, quote)
        elif sign in "'\"":
            quote, begun = sign, True
        elif sign not in " \t\n":
            word += sign
        elif word or begun:
            words.append(word)
            word, begun = "", False
    return Parted(tuple(words), word, quote)


class Parameter(NamedTuple):
    """A line of the table: a command, or an argument or option of one; a flag takes nothing."""

    command: str
    names: tuple[str, ...]
    takes: str
    help: str


def parameters() -> tuple[Parameter, ...]:
    """Read what can be typed."""
    lines = Path(__file__).with_name("parameters.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return tuple(
        Parameter(command, tuple(names.split()), takes, help)
        for command, names, takes, help in rows
    )


class Place(NamedTuple):
    """Where the cursor is: what is wanted there, and what is typed of it behind `before`.

    `book` is what --db says; where a dash begins an option, a value cannot begin with one.
    """

    wanted: str
    typed: str
    before: str = ""
    command: str = ""
    book: str | None = None
    dash_is_option: bool = False


def place(words: Iterable[str], typed: str, known: Sequence[Parameter]) -> Place:
    """Tell what may stand behind these words, which follow `kin`."""
    walk = _Walk(known)
    for word in words:
        walk.take(word)
    return walk.place(typed)


def options_of(command: str, known: Sequence[Parameter]) -> list[Parameter]:
    """Return the options of a command, or of kin itself, and those of every command."""
    return [each for each in known if each.names and each.command in (command, _EVERYWHERE)]


class _Walk:
    """Takes word after word, as the parser will once the line is sent off."""

    def __init__(self, known: Sequence[Parameter]) -> None:
        self.known = known
        self.command = ""
        self.values = 0
        self.book: str | None = None
        self.only_values = False  # behind --
        self.taker: Parameter | None = None  # an option whose value comes next

    def take(self, word: str) -> None:
        if self.taker:
            self._say(self.taker, word)
            self.taker = None
        elif self.only_values or word == "-" or not word.startswith("-"):
            self.values += bool(self.command)
            self.command = self.command or word
        elif word == "--":
            self.only_values = True
        elif word.startswith("--"):
            name, sign, said = word.partition("=")
            self._meet(self._option(name), said if sign else None)
        else:
            self._take_letters(word[1:])

    def place(self, typed: str) -> Place:
        if self.taker:
            return self._place(self.taker.takes, typed)
        if typed.startswith("-") and not self.only_values:
            name, sign, said = typed.partition("=")
            option = self._option(name)
            if not sign:
                return self._place(OPTION, typed)
            return self._place(option.takes if option else "", said, before=name + sign)
        wanted = self._wanted_here() if self.command else COMMAND
        return self._place(wanted, typed, dash_is_option=not self.only_values)

    def _place(
        self, wanted: str, typed: str, *, before: str = "", dash_is_option: bool = False
    ) -> Place:
        return Place(wanted, typed, before, self.command, self.book, dash_is_option)

    def _wanted_here(self) -> str:
        takes = [
            word.strip("[]{}.…")
            for each in self.known
            if each.command == self.command and not each.names
            for word in each.takes.split()
        ]
        goes_on = [each for each in takes[-1:] if each in PROSE]
        return next(iter([*takes[self.values :], *goes_on]), "")

    def _take_letters(self, letters: str) -> None:
        """Take -y, -n 5 or -n5."""
        for at, letter in enumerate(letters, 1):
            option = self._option("-" + letter)
            if option and option.takes:
                self._meet(option, letters[at:] or None)
                break

    def _meet(self, option: Parameter | None, said: str | None) -> None:
        if option and option.takes:
            if said is None:
                self.taker = option
            else:
                self._say(option, said)

    def _say(self, option: Parameter, said: str) -> None:
        if "--db" in option.names:
            self.book = said

    def _option(self, name: str) -> Parameter | None:
        return next((e for e in options_of(self.command, self.known) if name in e.names), None)
