"""A sync of a folder of cards, in words."""

import shlex
from collections.abc import Sequence

from kin.language.sentences.words import counted, quoted, whose
from kin.language.text import clipped, joined, visible

CHANGED_MEANWHILE = "it changed while kin was at work; it is left to the next sync"
_NAMED = 5  # files that a question names on its own line


def step_sync(folder: str, learned: int, taught: int) -> str:
    """Name the step that brought the book and a folder of cards together."""
    told = []
    if learned:
        told.append(f"{counted(learned, 'card')} taken in")
    if taught:
        told.append(f"{counted(taught, 'card')} written there")
    return f"sync of {folder}" + (f": {joined(told)}" if told else "")


def brought_together(folder: str, counts: Sequence[tuple[int, str]], dry_run: bool) -> str:
    """Say what a sync did, the folder first."""
    told = [f"{number:,} {what}" for number, what in counts if number]
    begin = f"{folder}: would be " if dry_run else f"{folder}: "
    return f"{begin}{joined(told) if told else 'no one on either side'}."


def came_in_by_card(name: str, handle: str) -> str:
    """Say that somebody's card brought them into the book."""
    return f"{name} ({handle}) is new in the book"


def went_to_folder(name: str, handle: str) -> str:
    """Say that somebody has a card there now."""
    return f"{name} ({handle}) has a card there now"


def card_is_gone(name: str) -> str:
    """Say that somebody's card is gone, and they are not."""
    return f"{whose(name)} card is gone there; {name} stays in the book"


def phone_won(name: str, field: str, kept: str | None, lost: str | None) -> str:
    """Say what both sides changed, and which counts."""
    there = f"is now {quoted(kept)}, as on the phone" if kept else "is gone, as on the phone"
    had = f"the book had {quoted(lost)}" if lost else "the book had taken it away"
    return f"{name}: {field} {there}; {had}"


def is_of_forgotten() -> str:
    """Say why the card of a person who was forgotten was left out."""
    return "is the card of someone you forgot; it was not read"


def card_of_forgotten(file: str, has_uid: bool) -> str:
    """Say that a folder has the card of a person who was forgotten, and how it is removed."""
    how = "--delete-remote removes it" if has_uid else "It has no UID: delete it there yourself"
    return f"{file}: {is_of_forgotten()}. {how}"


def changed_since_shown() -> str:
    """Say why a card was not removed although the owner agreed."""
    return "it is not as it was when you were asked; it was not removed"


def card_removed(file: str, dry_run: bool) -> str:
    """Say that the card of a person who was forgotten is removed there."""
    return (
        f"{file}, the card of someone you forgot, {'would be' if dry_run else 'is'} removed there"
    )


def really_remove(folder: str, files: Sequence[str]) -> str:
    """Ask before cards are removed from the phone, naming each file."""
    count = counted(len(files), "card")
    named = joined(files) if len(files) <= _NAMED else "the files above"
    return f"Remove {count} of people you forgot from {folder}: {named}?"


def may_be(names: Sequence[tuple[str, str]], called: str, address: str | None) -> str:
    """Say that a card without a UID may be that of people in the book (names and handles), and what to type.

    `called` is the name on the card, `address` the option that says how its person is reached.
    """
    who = joined([f"{name} ({handle})" for name, handle in names], "or")
    told = f"it may be the card of {who}, which no UID says; it was left alone."
    if address is None:
        return f"{told} Give it an e-mail address or phone number of theirs there"
    known, new = shlex.quote(names[0][1]), shlex.quote(called)
    return f"{told} If it is: kin edit {known} {address}. If not: kin add {new} {address} --anyway"


def value_not_read(field: str, value: str, kept: str) -> str:
    """Say that a value of a card cannot be read, and that it does not count as deleted."""
    shown = clipped(visible(value[:200], newlines=False), 40)
    return f"the {field} {quoted(shown)} cannot be read; the book keeps {quoted(clipped(kept, 60))}"


def card_without_name(name: str) -> str:
    """Say that a card lost its name, and its person did not."""
    return f"the card has no name (FN) now; the book keeps {quoted(name)}"
