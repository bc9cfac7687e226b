"""Threads, opened and heard."""

from kin.cli.layout import Page, Span, line
from kin.cli.pages import days
from kin.language.text import format_possessive
from kin.notes.questions import PersonThread
from kin.people.ties import TiedPeople


def opened(thread: PersonThread) -> Page:
    """Say that a thread is open."""
    due = f", from {days.named(thread.due_on)} on" if thread.due_on else ""
    return (line(f"To ask {thread.name} ({thread.handle}){due}: ", Span(thread.text, "quote")),)


def closed(thread: PersonThread) -> Page:
    """Say that a thread is heard, with what came of it."""
    came = (": ", Span(thread.outcome, "quote")) if thread.outcome else ()
    return (
        line(f"Heard from {thread.name} ({thread.handle}): ", Span(thread.text, "quote"), *came),
    )


def tied(tie: TiedPeople) -> Page:
    """Say how two people know each other."""
    whose = "your" if tie.other == "me" else format_possessive(tie.other_name)
    who = "You are" if tie.handle == "me" else f"{tie.name} ({tie.handle}) is"
    return (line(f"{who} {whose} {tie.word}."),)
