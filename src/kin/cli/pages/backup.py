"""Backups: which there are, what one would change, and what was done."""

from collections.abc import Sequence

from kin.cli.layout import Line, Page, Span, Table, aside, field, line
from kin.cli.pages import days
from kin.language import sentences
from kin.safety.backups import Count, Kept, Restored, Saved


def listed(found: Sequence[Kept]) -> Page:
    """List the backups."""
    if not found:
        return (aside("There is no backup yet. Make one: kin backup"),)
    rows = tuple(
        (
            Span(each.name, "name"),
            Span(sentences.why_made(each.why)),
            Span(sentences.size(each.size), "dim"),
        )
        for each in found
    )
    return (Table(("backup", "why", "size"), rows),)


def option(each: Kept) -> str:
    """Say one backup in a line to choose from."""
    return f"{each.name}  {sentences.why_made(each.why)}"


def saved(made: Saved) -> Page:
    """Say what is safe, and where."""
    return (line(sentences.backed_up(made.path, made.people, made.conversations)),)


def difference(found: Restored) -> Page:
    """Show what would change."""
    told: list[Line] = [
        line(Span(found.name, "title")),
        field("now", _counts(found.now)),
        field("then", _counts(found.then)),
    ]
    for label, people in (("back", found.back), ("gone", found.gone)):
        if people:
            told.append(field(label, sentences.named([each.name for each in people])))
    return tuple(told)


def words(page: Page) -> list[str]:
    """Return a page of lines as plain words, to be said before a question."""
    return ["".join(span.text for span in block.spans) for block in page if isinstance(block, Line)]


def restored(done: Restored) -> Page:
    """Say that it is done, and where the book that was is kept."""
    told = [line(sentences.restored(done.name, done.then.people, done.then.conversations))]
    if done.kept_as:
        told.append(line(Span(sentences.set_aside(done.kept_as), "dim")))
    return tuple(told)


def _counts(found: Count) -> str:
    last = days.named(found.last_talk) if found.last_talk else None
    return sentences.counts(found.people, found.conversations, last)
