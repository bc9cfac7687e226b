"""What an import did, or would do: counts first, then what to look at."""

from collections.abc import Iterable, Sequence

from kin.cli.layout import Line, Page, Span, Table, field, line
from kin.language.text import clipped, format_count, joined
from kin.transfer.import_plan import Double, Known, Outcome, Place

_WITH_NOTES = ("json", "markdown", "friends", "html")


_SHOWN = 5  # of each on a terminal; --json has all
_ROWS = 3  # people shown in a dry run


def outcome(told: Outcome, dry_run: bool) -> Page:
    """Show what came in, what may be double, and what was left out with its place."""
    page: list[Line | Table] = [
        line(
            Span(_describe_format(told.kind), "title"),
            " ",
            _describe_counts(
                told.new, told.updated, told.same, told.talks, told.changed, told.heard, dry_run
            ),
        )
    ]
    if dry_run:
        page += _mapping(told)
        page += [_person(each) for each in told.people[:_ROWS]]
    page += _some("double", map(_double, told.doubles), told.double_count, len(told.doubles))
    page += _some("skipped", map(_place, told.skipped), len(told.skipped))
    page += _some("note", map(_place, told.remarks), len(told.remarks))
    return tuple(page)


def sent(format: str, to: str, people: int, talks: int) -> Page:
    """Say what was written where."""
    return (line(_describe_export(format, to, people, talks)),)


def _mapping(told: Outcome) -> Iterable[Line]:
    if told.mapping:
        yield field("columns", joined([f"{each.column} → {each.field}" for each in told.mapping]))


def _person(each: Known) -> Line:
    parts = (
        *each.nicknames,
        *each.emails,
        *each.phones,
        *((each.birthday,) if each.birthday else ()),
        *each.interests,
        *each.groups,
        *((f"“{clipped(each.note, 60)}”",) if each.note else ()),
    )
    return field("", Span(each.name, "name"), Span(f"  {' · '.join(parts)}" if parts else ""))


def _double(each: Double) -> str:
    return f"{each.name} ({each.handle}) may be {each.like_name} ({each.like})"


def _place(each: Place) -> str:
    return f"{each.where}: {each.why}"


def _some(label: str, told: Iterable[str], count: int, listed: int | None = None) -> Sequence[Line]:
    shown = [words for words, _ in zip(told, range(_SHOWN), strict=False)]
    lines = [field("" if number else label, words) for number, words in enumerate(shown)]
    if count > _SHOWN:
        whole = "them all" if listed in (None, count) else f"the first {listed}"
        lines.append(field("", Span(f"… and {count - _SHOWN:,} more: --json has {whole}", "dim")))
    return lines


def _describe_format(kind: str) -> str:
    """Say what a file was taken for."""
    return f"Read as {kind}."


def _describe_counts(
    new: int, updated: int, same: int, talks: int, changed: int, heard: int, dry_run: bool
) -> str:
    """Say how many are new, grew or are as they were; of conversations and threads only what is new."""
    told = [
        f"{number:,} {what}"
        for number, what in ((new, "new"), (updated, "with something new"), (same, "as before"))
        if number
    ]
    people = joined(told) if told else "nobody"
    also = "".join(
        f", {words}"
        for number, words in (
            (talks, format_count(talks, "new conversation")),
            (changed, f"{format_count(changed, 'conversation')} changed"),
            (heard, f"{format_count(heard, 'thread')} heard"),
        )
        if number
    )
    return f"{'Would be: ' if dry_run else ''}{people}{also}."


def _describe_export(format: str, to: str, people: int, talks: int) -> str:
    """Say what was written where."""
    whom = format_count(people, "person")
    also = f" and {format_count(talks, 'conversation')}" if format in _WITH_NOTES and talks else ""
    return f"{whom}{also} written to {to}."
