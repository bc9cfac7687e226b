"""Interests that may be other ones: asked where somebody is there to answer, else kept apart and said so."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from kin.cli import console
from kin.cli.context import Call
from kin.language import sentences
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
            chosen = console.choose(sentences.asks_sense(doubt.label), doubt.others)
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
        return sentences.asks_kind(doubt.label, *doubt.others)
    return sentences.asks_typo(doubt.label, doubt.others[0], doubt.yours)


def learn(call: Call, session: "Session", answers: Answers) -> None:
    """Write down what was answered, in the change that it belongs to."""
    from kin.interests import vocabulary_service as vocab

    for saying, one, other in answers.said:
        vocab.say(session, saying, one, other, call.today)


def tell(call: Call, answers: Answers) -> None:
    """Say what was kept apart, and how to join it."""
    for doubt in answers.open:
        if doubt.kind == "sense":
            told = sentences.unclear_sense(doubt.label, doubt.others)
        elif doubt.kind == "typo":
            told = sentences.kept_apart(doubt.label, doubt.others[0], doubt.yours)
        else:
            told = sentences.stands_alone(doubt.label, *doubt.others)
        console.hint(call, told)
