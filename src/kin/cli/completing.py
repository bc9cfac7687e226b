"""What a shell's TAB asks of kin: the typed words come on standard input, what fits goes out in lines.

First a line with what comes, then `value<TAB>help` each. Whatever is wrong with the book, nothing is
offered, in silence; and what could drive a terminal is no candidate, or made visible in a help.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from kin.cli.command_line import (
    COMMAND,
    OPTION,
    PROSE,
    Parameter,
    Place,
    options_of,
    parameters,
    parted,
    place,
)
from kin.constants import CIRCLES, LONGEST_LABEL, WAYS
from kin.errors import BookError, UsageError
from kin.language.text import clipped, fold, visible

if TYPE_CHECKING:
    import sqlite3

# The metavar of an option or argument says what is offered for it.
_PEOPLE = ("WHO", "A", "B")
_INTERESTS = ("X", "Y")
_GROUPS = ("G",)
_FILES = ("PATH", "FILE", "FOLDER")
_SETS = {"C": CIRCLES, "WAY": WAYS}

_HELP_WIDTH = 60  # cells: beside a handle, still on one row of a terminal
_QUOTED = {"": "offers", "'": "single", '"': "double"}


class Offer(NamedTuple):
    """A candidate for the word being typed, and what it is."""

    value: str
    help: str = ""


class Asked(NamedTuple):
    """What a shell says is typed: the words before, the one under the cursor, and its open quote.

    Of a candidate the shell has `kept` already, and inserts the rest.
    """

    words: tuple[str, ...]
    typed: str
    quote: str = ""
    kept: str = ""


def tell(argv: Sequence[str], environment: Mapping[str, str] = os.environ) -> int:
    """Answer a shell's question: kin __complete SHELL, with words on standard input, a NUL after each."""
    # The streams of bytes themselves: only a shell reads this, and the console takes 15 ms to load.
    try:
        with open(0, "rb", closefd=False) as given:
            words = given.read()
    except OSError as error:
        return _failed(f"Cannot read what to complete: {error.strerror}.")
    told = answer(argv[0] if argv else "", words, environment)
    if sys.stdout is None:
        return _failed("Cannot write the answer: standard output is closed.")
    try:
        with open(1, "wb", closefd=False) as out:
            out.write(told.encode("utf-8", "replace"))
    except BrokenPipeError:  # the shell no longer wants it
        return 0
    except OSError as error:
        return _failed(f"Cannot write the answer: {error.strerror}.")
    return 0


def _failed(words: str) -> int:
    """Write an error to stderr, where that is possible, and return its exit code."""
    with suppress(OSError), open(2, "wb", closefd=False) as out:
        out.write(f"kin: {words}\n".encode())
    return 1


def answer(shell: str, given: bytes, environment: Mapping[str, str]) -> str:
    """Return the lines that a shell is told."""
    asked = _asked(shell, given)
    if visible(asked.typed) != asked.typed:  # nothing that is offered begins so
        return ""
    known = parameters()
    here = place(asked.words, asked.typed, known)
    if here.wanted in _FILES:
        return "files\n"
    offers = _words(here, known) if here.wanted in (COMMAND, OPTION) else _values(here, environment)
    lines = [
        f"{each.value.removeprefix(asked.kept)}\t{_shown(each.help)}\n"
        for each in offers
        if each.value.startswith(asked.kept) and _is_harmless(each.value, here)
    ]
    return "".join([_QUOTED[asked.quote] + "\n", *lines])


def _asked(shell: str, given: bytes) -> Asked:
    """Read what is typed: bash tells its whole line, and the end of it that it will replace."""
    words = [os.fsdecode(word) for word in given.split(b"\0")[:-1]]
    if shell != "bash":
        *before, typed = words or [""]
        return Asked(tuple(before[1:]), parted(typed).last if shell == "fish" else typed)
    if len(words) != 2 or not words[0].endswith(words[1]):
        return Asked((), "", kept="\0")  # no candidate begins so
    line, replaced = words
    whole, kept = parted(line), parted(line.removesuffix(replaced))
    return Asked(whole.words[1:], whole.last, whole.quote, kept.last)


def _is_harmless(value: str, here: Place) -> bool:
    is_option = here.dash_is_option and value.startswith("-")
    return visible(value, newlines=False) == value and not is_option


def _shown(help: str) -> str:
    return clipped(visible(help[:LONGEST_LABEL], newlines=False), _HELP_WIDTH)


def _words(here: Place, known: Sequence[Parameter]) -> Iterator[Offer]:
    """Offer the commands, or the options of one."""
    if here.wanted == COMMAND:
        named = [(each.command, each.help) for each in known if not (each.names or each.takes)]
    else:
        options = options_of(here.command, known)
        named = [(name, each.help) for each in options for name in each.names]
    typed = here.typed.lower()
    return (Offer(name, help) for name, help in named if name.startswith(typed))


def _values(here: Place, environment: Mapping[str, str]) -> Iterator[Offer]:
    """Offer values of the kind that is wanted, each as the whole word that it makes."""
    wanted, typed, before = here.wanted, here.typed, here.before
    if wanted in PROSE:  # of a text, only an @handle at its end
        at = len(typed) - len(typed.split(" ")[-1])
        before, typed = before + typed[:at], typed[at:]
        wanted = _PEOPLE[0] if typed.startswith("@") else ""
    if wanted in _PEOPLE and typed.startswith("@"):
        before, typed = before + "@", typed[1:]
    choices = _SETS.get(wanted) or _choices(wanted)
    offers = (
        (Offer(each) for each in choices if each.startswith(fold(typed)))
        if choices
        else _from_book(wanted, typed, here.book, environment)
    )
    return (Offer(before + each.value, each.help) for each in offers)


def _choices(wanted: str) -> tuple[str, ...]:
    """Return the words of `same|under|apart`; in TEXT|- what is capital stands for something else."""
    words = tuple(wanted.split("|"))
    return words if len(words) > 1 and all(word.islower() for word in words) else ()


def _from_book(
    wanted: str, typed: str, book: str | None, environment: Mapping[str, str]
) -> Iterable[Offer]:
    """Look into the book; where it is missing or in trouble, a TAB is not the time to say so."""
    if wanted not in (*_PEOPLE, *_INTERESTS, *_GROUPS):
        return ()
    from kin import paths
    from kin.book import connection as opening

    try:
        path = paths.home(book) if book else paths.book(environment)
        with opening.glancing(path) as db:
            return _found(db, wanted, typed)
    except (BookError, UsageError):
        return ()


def _found(db: "sqlite3.Connection", wanted: str, typed: str) -> list[Offer]:
    from kin.overview import completion

    if wanted in _PEOPLE:
        return [
            Offer(each.handle, ", ".join(filter(None, (each.name, each.nicknames))))
            for each in completion.people(db, typed)
        ]
    labels = completion.interests if wanted in _INTERESTS else completion.groups
    return [Offer(label) for label in labels(db, typed)]
