"""Interests that may be other ones: asked where somebody is there to answer, else kept apart and said so."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from kin.cli import console
from kin.cli.context import Call
from kin.language.text import add_quotes, command_line
from kin.vocabulary import catalog as vocabulary

if TYPE_CHECKING:
    from sqlmodel import Session

    from kin.interests.clarify import Doubt
    from kin.people.card_changes import Said


class Answers(NamedTuple):
    """`meant`: what a label means, by its key; `said`: the owner's words on two; `open`: not asked."""

    meant: dict[str, str]
    said: tuple[tuple[str, str, str], ...]
    open: "tuple[Doubt, ...]"

    def applied(self, said: "Said") -> "Said":
        """Return what was said of a card with its interests as they are meant."""
        return replace(said, into=self.labels(said.into), clash=self.labels(said.clash))

    def label(self, words: str) -> str:
        """Return an interest as it is meant; what stands behind its ` -- ` stays."""
        label, sign, story = words.partition(" -- ")
        return self.meant.get(vocabulary.key(label), label) + sign + story

    def labels(self, many: Iterable[str]) -> tuple[str, ...]:
        """Return interests as they are meant."""
        return tuple(map(self.label, many))


NOTHING = Answers({}, (), ())


def settled(call: Call, labels: Iterable[str]) -> Answers:
    """Ask about the interests that may be other ones, before anything is written."""
    from kin.interests import clarify as doubts

    named = [words.partition(" -- ")[0] for words in labels]
    if not named:
        return NOTHING
    with call.reading(or_empty=True) as db:
        found = doubts.doubts(db, named)
    if not console.can_ask(call):
        return Answers({}, (), found)
    meant: dict[str, str] = {}
    said: list[tuple[str, str, str]] = []
    for doubt in found:
        if doubt.kind == "sense":
            chosen = console.choose(_ask_which_sense(doubt.label), doubt.others)
            if chosen is not None:
                meant[vocabulary.key(doubt.label)] = doubt.others[chosen]
            continue
        other = doubt.others[0]
        agreed = console.agrees(call, _question(doubt))
        if agreed and doubt.kind == "typo":
            meant[vocabulary.key(doubt.label)] = other
        if not agreed or doubt.kind == "kind" or doubt.kept:
            saying = "apart" if not agreed else "under" if doubt.kind == "kind" else "same"
            said.append((saying, doubt.label, other))
    return Answers(meant, tuple(said), ())


def _question(doubt: "Doubt") -> str:
    if doubt.kind == "kind":
        return _ask_if_kind(doubt.label, *doubt.others)
    return _ask_if_typo(doubt.label, doubt.others[0], doubt.yours)


def learn(call: Call, session: "Session", answers: Answers) -> None:
    """Write down what was answered, in the change that it belongs to."""
    from kin.interests import vocabulary_service as vocab

    for saying, one, other in answers.said:
        vocab.say(session, saying, one, other, call.today)


def tell(call: Call, answers: Answers) -> None:
    """Say what was kept apart, and how to join it."""
    from kin.interests.vocabulary import describe_ambiguity

    for doubt in answers.open:
        if doubt.kind == "sense":
            told = describe_ambiguity(doubt.label, doubt.others)
        elif doubt.kind == "typo":
            told = _describe_kept_typo(doubt.label, doubt.others[0], doubt.yours)
        else:
            told = _describe_kept_kind(doubt.label, *doubt.others)
        console.hint(call, told)


def _ask_if_typo(label: str, other: str, yours: bool) -> str:
    """Ask whether an interest is a slip for one that is there, or for one that kin knows."""
    return (
        f"Is {add_quotes(label)} your {add_quotes(other)}?"
        if yours
        else f"Is {add_quotes(label)} meant to be {add_quotes(other)}?"
    )


def _ask_if_kind(label: str, other: str) -> str:
    """Ask whether a new interest is a kind of one that is there."""
    return f"Is {add_quotes(label)} a kind of your {add_quotes(other)}?"


def _ask_which_sense(label: str) -> str:
    """Ask which of several things a word means."""
    return f"Which {add_quotes(label)} is it?"


def _describe_kept_typo(label: str, other: str, yours: bool) -> str:
    """Say that a likely slip was kept as an interest of its own."""
    told = f"is kept apart from {'your ' if yours else ''}{add_quotes(other)}; if they are one"
    return f"{add_quotes(label)} {told}: {_format_choices('same', label, other)}"


def _describe_kept_kind(label: str, other: str) -> str:
    """Say that what may be a kind of another interest was kept for itself."""
    told = f"stands for itself; if it is a kind of {add_quotes(other)}"
    return f"{add_quotes(label)} {told}: {_format_choices('under', label, other)}"


def _format_choices(saying: str, label: str, other: str) -> str:
    apart = command_line("kin vocab", "apart", label, other)
    return f"{command_line('kin vocab', saying, label, other)}; if not: {apart}"
