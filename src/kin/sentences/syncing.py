"""A sync of a folder of cards, in words."""

from collections.abc import Sequence

from kin.sentences.words import counted, quoted, whose
from kin.text import joined


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
    return f"{begin}{joined(told) if told else 'nobody on either side'}."


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


def card_of_forgotten(file: str) -> str:
    """Say that a card is there of somebody who was forgotten."""
    return f"{file} is the card of somebody you forgot; it is not read. --delete-remote removes it"


def card_removed(file: str, dry_run: bool) -> str:
    """Say that the card of somebody who was forgotten is removed there."""
    return (
        f"{file}, the card of somebody you forgot, {'would be' if dry_run else 'is'} removed there"
    )


def really_remove(count: int) -> str:
    """Ask before cards are removed from the phone."""
    return f"Remove {counted(count, 'card')} of people you forgot, there too?"
