"""Backups: which there are, what one would change, and what was done."""

from collections.abc import Sequence

from kin.cli.layout import Line, Page, Span, Table, aside, field, line
from kin.cli.pages import days
from kin.language.text import format_count, format_size, joined
from kin.safety.backups import Count, Kept, Restored, Saved

_REASONS = {
    "daily": "the day’s own",
    "hand": "made by you",
    "damaged": "a damaged book, kept as it was",
    "migration": "before kin’s schema changed",
    "import": "before an import",
    "merge": "before a merge",
    "restore": "before a restore",
}

_MOST_NAMES = 5  # people who are named before the rest is counted


def listed(found: Sequence[Kept]) -> Page:
    """List the backups."""
    if not found:
        return (aside("There is no backup yet. Make one: kin backup"),)
    rows = tuple(
        (
            Span(each.name, "name"),
            Span(_describe_reason(each.why)),
            Span(format_size(each.size), "dim"),
        )
        for each in found
    )
    return (Table(("backup", "why", "size"), rows),)


def option(each: Kept) -> str:
    """Say one backup in a line to choose from."""
    return f"{each.name}  {_describe_reason(each.why)}"


def saved(made: Saved) -> Page:
    """Say what is safe, and where."""
    return (line(_describe_backup(made.path, made.people, made.conversations)),)


def difference(found: Restored) -> Page:
    """Show what would change."""
    told: list[Line] = [
        line(Span(found.name, "title")),
        field("now", _counts(found.now)),
        field("then", _counts(found.then)),
    ]
    for label, people in (("back", found.back), ("gone", found.gone)):
        if people:
            told.append(field(label, _format_names([each.name for each in people])))
    return tuple(told)


def words(page: Page) -> list[str]:
    """Return a page of lines as plain words, to be said before a question."""
    return ["".join(span.text for span in block.spans) for block in page if isinstance(block, Line)]


def restored(done: Restored) -> Page:
    """Say that it is done, and where the book that was is kept."""
    told = [line(_describe_restore(done.name, done.then.people, done.then.conversations))]
    if done.kept_as:
        told.append(line(Span(_describe_kept_book(done.kept_as), "dim")))
    return tuple(told)


def _counts(found: Count) -> str:
    last = days.named(found.last_talk) if found.last_talk else None
    return _describe_counts(found.people, found.conversations, last)


def _describe_reason(why: str) -> str:
    """Say why a backup was made."""
    return _REASONS[why]


def _describe_backup(path: str, people: int, talks: int) -> str:
    """Say that a backup was made."""
    return f"{format_count(people, 'person')} and {format_count(talks, 'conversation')} are safe at {path}."


def _describe_counts(people: int, talks: int, last: str | None) -> str:
    """Say how much is in a book."""
    until = f", the last {last}" if last else ""
    return f"{format_count(people, 'person')}, {format_count(talks, 'conversation')}{until}"


def _format_names(names: Sequence[str]) -> str:
    """Name people: a few, and how many more."""
    more = len(names) - _MOST_NAMES
    shown = [*names[:_MOST_NAMES], f"{more:,} more"] if more > 0 else list(names)
    return joined(shown)


def _describe_restore(name: str, people: int, talks: int) -> str:
    """Say that a backup is the book now."""
    return f"The book is as in {name}: {format_count(people, 'person')}, {format_count(talks, 'conversation')}."


def _describe_kept_book(name: str) -> str:
    """Say under which name the book that was is kept."""
    return f"The book as it was is kept: {name}."
