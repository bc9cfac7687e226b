"""What is said of interests: who holds them, through what they are shared, and what a word means."""

from collections.abc import Sequence

from kin.language.sentences.words import first_name, quoted
from kin.language.text import command_line, joined


def calls_it(label: str) -> str:
    """Say by what other name somebody has an interest."""
    return f"calls it {label}"


def your_part(label: str, yours: str | None, caught: str | None, rare: bool) -> str:
    """Say how an interest stands to you."""
    parts = []
    if yours is not None:
        same = yours.casefold() == label.casefold()
        parts.append("you are into it too" if same else f"you are into {yours}")
    if caught:
        parts.append(f"you caught it from {caught}")
    if rare:
        parts.append("a rare one among the people you know")
    return ", ".join(parts)


def nobody_into(label: str, yours: bool) -> str:
    """Say that nobody, or nobody else, is into it."""
    return f"Nobody{' else' if yours else ''} in your book is into {label} yet."


def through(yours: str | None, name: str, theirs: str) -> str:
    """Say that somebody is into a kin of what was asked for: “you: bouldering, Maya: climbing”."""
    return held_by_two("you", yours, name, theirs) if yours else f"{first_name(name)}: {theirs}"


def held_by_two(one: str, ones: str, other: str, others: str) -> str:
    """Say through what two people share something: what each of them calls it."""
    return f"{first_name(one)}: {ones}, {first_name(other)}: {others}"


def yours(label: str) -> str:
    """Say what you call your part of a kin interest."""
    return f"you: {label}"


def caught_from(name: str) -> str:
    """Say from whom somebody has an interest."""
    return f"caught it from {name}"


def last_came_up(when: str) -> str:
    """Say when an interest last came up."""
    return f"last came up {when}"


def nothing_shared(one: str, other: str) -> str:
    """Say that two people share nothing that is known."""
    return f"{joined([one, other])} share no interest that is written down yet."


def two_share(one: str, other: str) -> str:
    """Head the list of what two people share."""
    return f"{joined([one, other])} share"


def vocabulary_word(saying: str, a: str, b: str) -> str:
    """Say what the owner said of two interests."""
    told = {"same": "means the same as", "under": "is a kind of", "apart": "stands apart from"}
    return f"{quoted(a)} {told[saying]} {quoted(b)}."


def said_instead(saying: str, a: str, b: str) -> str:
    """Say which earlier word of the owner gives way."""
    return f"It takes the place of what you said before: {vocabulary_word(saying, a, b)}"


def would_undo(new: tuple[str, str, str], undone: Sequence[tuple[str, str, str]]) -> str:
    """Say which earlier words of the owner a new one would undo."""
    told = joined([vocabulary_word(*each).rstrip(".") for each in undone])
    return f"That {vocabulary_word(*new).rstrip('.')} cannot be while {told}, as you said."


def cannot_hold(saying: str, a: str, b: str) -> str:
    """Say that a word of the owner would have no effect."""
    return (
        f"That {vocabulary_word(saying, a, b).rstrip('.')} cannot be after all that you have said."
    )


def goes_round(steps: Sequence[tuple[str, str]]) -> str:
    """Say that interests would be kinds of each other in a ring."""
    told = [vocabulary_word("under", *each).rstrip(".") for each in steps]
    return f"That goes round in a ring: {joined(told)}."


def asks_typo(label: str, other: str, yours: bool) -> str:
    """Ask whether an interest is a slip for one that is there, or for one that kin knows."""
    return (
        f"Is {quoted(label)} your {quoted(other)}?"
        if yours
        else f"Is {quoted(label)} meant to be {quoted(other)}?"
    )


def asks_kind(label: str, other: str) -> str:
    """Ask whether a new interest is a kind of one that is there."""
    return f"Is {quoted(label)} a kind of your {quoted(other)}?"


def asks_sense(label: str) -> str:
    """Ask which of several things a word means."""
    return f"Which {quoted(label)} is it?"


def kept_apart(label: str, other: str, yours: bool) -> str:
    """Say that a likely slip was kept as an interest of its own."""
    told = f"is kept apart from {'your ' if yours else ''}{quoted(other)}; if they are one"
    return f"{quoted(label)} {told}: {_either('same', label, other)}"


def stands_alone(label: str, other: str) -> str:
    """Say that what may be a kind of another interest was kept for itself."""
    told = f"stands for itself; if it is a kind of {quoted(other)}"
    return f"{quoted(label)} {told}: {_either('under', label, other)}"


def _either(saying: str, label: str, other: str) -> str:
    apart = command_line("kin vocab", "apart", label, other)
    return f"{command_line('kin vocab', saying, label, other)}; if not: {apart}"


def unclear_sense(label: str, senses: Sequence[str]) -> str:
    """Say that a word which is several things brings nobody together, and what to write instead."""
    always = command_line("kin vocab", "same", label, senses[0])
    return (
        f"{quoted(label)} may be {joined(senses, 'or')}: until you say which, it brings nobody together. "
        f"Write {quoted(senses[0])} instead; or, if it is that wherever you write it: {always}"
    )


def is_into(name: str, label: str) -> str:
    """Say what somebody is into."""
    return f"{first_name(name)} is into {label}."
