"""What an import did, or would do: counts first, then what to look at."""

from collections.abc import Iterable, Sequence

from kin.cli.layout import Line, Page, Span, Table, field, line
from kin.language import sentences
from kin.language.text import clipped, joined
from kin.transfer.import_plan import Double, Known, Outcome, Place

_SHOWN = 5  # of each on a terminal; --json has all
_ROWS = 3  # people shown in a dry run


def outcome(told: Outcome, dry_run: bool) -> Page:
    """Show what came in, what may be double, and what was left out with its place."""
    page: list[Line | Table] = [
        line(
            Span(sentences.recognised(told.kind), "title"),
            " ",
            sentences.came_in(
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
    return (line(sentences.went_out(format, to, people, talks)),)


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
