"""What was done, said in a few words: for the history, undo and redo."""

from collections.abc import Sequence

from kin.language.sentences.words import counted, first_name
from kin.language.text import joined


def step_added(name: str) -> str:
    """Name the step that put somebody in the book."""
    return f"{name}, new in the book"


def step_card(name: str | None) -> str:
    """Name the step that changed somebody's card, or without a name your own."""
    return f"card of {name}" if name else "your own card"


def step_note(names: Sequence[str], day: str, amended: bool = False) -> str:
    """Name the step that kept a conversation: note with Maya, 17 Nov."""
    what = "addition to the note" if amended else "note"
    whom = f" with {joined([first_name(name) for name in names])}" if names else ""
    return f"{what}{whom}, {day}"


def step_asked(name: str, thread: str) -> str:
    """Name the step that opened a thread."""
    return f"to ask {first_name(name)}: {thread}"


def step_heard(name: str, thread: str) -> str:
    """Name the step that closed a thread."""
    return f"heard from {first_name(name)}: {thread}"


def step_rest(name: str, rests: bool) -> str:
    """Name the step that left somebody in peace, or took that back."""
    return f"{'rest' if rests else 'end of the rest'} of {name}"


def step_introduction(one: str, other: str) -> str:
    """Name the step in which one of two answered, or you brought them together."""
    return f"introduction of {one} and {other}"


def step_sent(names: Sequence[str]) -> str:
    """Name the step that kept to whom you sent something."""
    return f"something sent to {joined(names)}"


def step_merge(other: str, name: str) -> str:
    """Name the step that made one card of two."""
    return f"{other} and {name} as one card"


def step_import(name: str, people: int, talks: int, threads: int = 0) -> str:
    """Name the step that took a file in."""
    told = [
        counted(number, noun)
        for number, noun in ((people, "person"), (talks, "conversation"), (threads, "thread"))
        if number
    ]
    return f"import of {name}" + (f": {joined(told)}" if told else "")


def undone(what: str) -> str:
    """Say what was taken back."""
    return f"Undone: {what}."


def redone(what: str) -> str:
    """Say what was brought back."""
    return f"Done again: {what}."
