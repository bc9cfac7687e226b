"""New interests that may be old ones: asked where somebody is there to answer, else kept apart and said so."""

import shlex
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from kin import sentences, vocabulary
from kin.cli import console
from kin.cli.call import Call

if TYPE_CHECKING:
    from sqlmodel import Session

    from kin.queries.vocab import Doubt
    from kin.services.cards import Said


class Answers(NamedTuple):
    """`meant`: what a new label means, by its key; `under`: what is a kind of what; `open`: not asked."""

    meant: dict[str, str]
    under: tuple[tuple[str, str], ...]
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
    """Ask about the new interests that may be old ones, before anything is written."""
    from kin.queries import vocab

    named = [words.partition(" -- ")[0] for words in labels]
    if not named:
        return NOTHING
    with call.reading(or_empty=True) as db:
        found = vocab.doubts(db, named)
    if not console.can_ask(call):
        return Answers({}, (), found)
    meant: dict[str, str] = {}
    under = []
    for doubt in found:
        if doubt.kind == "sense":
            chosen = console.choose(sentences.asks_sense(doubt.label), doubt.others)
            if chosen is not None:
                meant[vocabulary.key(doubt.label)] = doubt.others[chosen]
        elif doubt.kind == "typo" and console.agrees(
            call, sentences.asks_typo(doubt.label, *doubt.others)
        ):
            meant[vocabulary.key(doubt.label)] = doubt.others[0]
        elif doubt.kind == "kind" and console.agrees(
            call, sentences.asks_kind(doubt.label, *doubt.others)
        ):
            under.append((doubt.label, doubt.others[0]))
    return Answers(meant, tuple(under), ())


def learn(call: Call, session: "Session", answers: Answers) -> None:
    """Write down what was answered, in the change that it belongs to."""
    from kin.services import vocab

    for narrow, broad in answers.under:
        vocab.say(session, "under", narrow, broad, call.today)


def tell(call: Call, answers: Answers) -> None:
    """Say what was kept apart, and how to join it."""
    for doubt in answers.open:
        label, (other, *_) = doubt.label, doubt.others
        same = f"kin vocab same {shlex.quote(label)} {shlex.quote(other)}"
        if doubt.kind == "sense":
            console.hint(call, sentences.unclear_sense(label, doubt.others))
        elif doubt.kind == "typo":
            console.hint(call, sentences.kept_apart(label, other, same))
        else:
            under = same.replace("vocab same", "vocab under", 1)
            console.hint(call, sentences.stands_alone(label, other, under))
