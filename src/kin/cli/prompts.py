"""Questions about unclear interests: asked on a terminal, else kept separate and reported."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from kin.cli import console
from kin.language.text import add_quotes, format_command
from kin.vocabulary import catalog

if TYPE_CHECKING:
    from sqlmodel import Session

    from kin.cli.context import Call
    from kin.interests.clarify import Clarification
    from kin.people.service import CardChanges


class Answers(NamedTuple):
    """What the owner answered.

    `meanings`: what a label means, by its key; `relations`: rules for two interests; `unasked`: what
    could not be asked.
    """

    meanings: dict[str, str]
    relations: tuple[tuple[str, str, str], ...]
    unasked: "tuple[Clarification, ...]"

    def apply_to(self, changes: "CardChanges") -> "CardChanges":
        """Return the changes with each interest as it is meant."""
        return replace(
            changes,
            into=self.resolve_labels(changes.into),
            differ=self.resolve_labels(changes.differ),
        )

    def resolve_label(self, text: str) -> str:
        """Return an interest as it is meant, with its story after ` -- ` unchanged."""
        label, separator, story = text.partition(" -- ")
        return self.meanings.get(catalog.normalize_interest(label), label) + separator + story

    def resolve_labels(self, labels: Iterable[str]) -> tuple[str, ...]:
        """Return interests as they are meant."""
        return tuple(map(self.resolve_label, labels))


NO_ANSWERS = Answers({}, (), ())


def ask_about_interests(call: "Call", labels: Iterable[str]) -> Answers:
    """Ask about labels that may mean another interest, before anything is written."""
    from kin.interests import clarify

    bare_labels = [words.partition(" -- ")[0] for words in labels]
    if not bare_labels:
        return NO_ANSWERS
    with call.open_for_reading(or_empty=True) as db:
        clarifications = clarify.list_clarifications(db, bare_labels)
    if not console.can_ask(call):
        return Answers({}, (), clarifications)
    meanings: dict[str, str] = {}
    relations: list[tuple[str, str, str]] = []
    for clarification in clarifications:
        if clarification.kind == "sense":
            chosen = console.choose(_ask_which_sense(clarification.label), clarification.others)
            if chosen is not None:
                meanings[catalog.normalize_interest(clarification.label)] = clarification.others[
                    chosen
                ]
            continue
        other = clarification.others[0]
        agreed = console.confirm(call, _format_clarification(clarification))
        if agreed and clarification.kind == "typo":
            meanings[catalog.normalize_interest(clarification.label)] = other
        if not agreed or clarification.kind == "kind" or clarification.in_book:
            relation = (
                "apart" if not agreed else "under" if clarification.kind == "kind" else "same"
            )
            relations.append((relation, clarification.label, other))
    return Answers(meanings, tuple(relations), ())


def _format_clarification(clarification: "Clarification") -> str:
    if clarification.kind == "kind":
        return _ask_if_kind(clarification.label, *clarification.others)
    return _ask_if_typo(clarification.label, clarification.others[0], clarification.other_is_yours)


def save_answers(call: "Call", session: "Session", answers: Answers) -> None:
    """Store the rules that were answered, in the change that they belong to."""
    from kin.interests import service as interests_service

    for relation, one, other in answers.relations:
        interests_service.add_owner_rule(session, relation, one, other, call.today)


def report_unasked(call: "Call", answers: Answers) -> None:
    """Report which labels were kept separate, and how to join them."""
    from kin.interests.queries import describe_ambiguity

    for clarification in answers.unasked:
        if clarification.kind == "sense":
            console.print_report(
                call, describe_ambiguity(clarification.label, clarification.others)
            )
        elif clarification.kind == "typo":
            _report_kept_typo(
                call, clarification.label, clarification.others[0], clarification.other_is_yours
            )
        else:
            _report_kept_kind(call, clarification.label, *clarification.others)


def _ask_if_typo(label: str, other: str, yours: bool) -> str:
    if yours:
        return f"Is {add_quotes(label)} your {add_quotes(other)}?"
    return f"Did you mean {add_quotes(other)}, not {add_quotes(label)}?"


def _ask_if_kind(label: str, other: str) -> str:
    return f"Is {add_quotes(label)} a kind of your {add_quotes(other)}?"


def _ask_which_sense(label: str) -> str:
    return f"Which {add_quotes(label)} is it?"


def _report_kept_typo(call: "Call", label: str, other: str, yours: bool) -> None:
    message = (
        f"Kept {add_quotes(label)} and {'your ' if yours else ''}{add_quotes(other)} separate."
    )
    _report_kept(call, message, "The same thing? Yes, or no:", "same", label, other)


def _report_kept_kind(call: "Call", label: str, other: str) -> None:
    message = f"Kept {add_quotes(label)} as an interest of its own."
    _report_kept(
        call, message, f"A kind of {add_quotes(other)}? Yes, or no:", "under", label, other
    )


def _report_kept(
    call: "Call", message: str, question: str, relation: str, label: str, other: str
) -> None:
    commands = (format_command("kin vocab", each, label, other) for each in (relation, "apart"))
    console.print_report(call, message, question, *commands)
