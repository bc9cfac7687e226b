"""What a sync did, or would do: counts first, then what to look at."""

from collections.abc import Sequence

from kin.cli.layout import Line, Page, Span, field, line
from kin.language.text import add_quotes, format_possessive, joined
from kin.transfer.forgotten_records import describe_forgotten_card
from kin.transfer.sync.result import Synced

_SHOWN = 5  # of each on a terminal; --json has all


def synced(told: Synced, dry_run: bool) -> Page:
    """Show what either side learned, what both changed, and what was left alone with its place."""
    came = [each for each in told.new if each.to == "book"]
    went = [each for each in told.new if each.to == "folder"]
    counts = (
        (len(came), "new in the book"),
        (len(went), "new there"),
        (told.pulled, "changed in the book"),
        (told.pushed, "changed there"),
        (told.merged, "changed on both sides"),
        (told.same, "as before"),
    )
    page: list[Line] = [line(_format_summary(told.folder, counts, dry_run))]
    page += _some("new", [_format_new_person(each.name, each.handle) for each in came])
    page += _some("sent", [_format_new_card(each.name, each.handle) for each in went])
    page += [
        field("phone’s", _format_conflict(each.person.name, each.field, each.kept, each.lost))
        for each in told.conflicts
    ]
    page += _some("gone", [_format_gone_card(each.name) for each in told.unlinked])
    page += _some(
        "forgotten",
        [_format_forgotten_card(each, each in told.removable) for each in told.let_go],
    )
    removed = [_format_removed_card(each, dry_run) for each in told.removed]
    page += _some("removed", removed, most=len(removed))
    page += _some(
        "double",
        [
            f"{each.name} ({each.handle}) may be {each.like_name} ({each.like})"
            for each in told.doubles
        ],
    )
    page += _some("skipped", [f"{each.where}: {each.why}" for each in told.skipped])
    page += _some("note", [f"{each.where}: {each.why}" for each in told.remarks])
    return tuple(page)


def _some(label: str, told: Sequence[str], most: int = _SHOWN) -> list[Line]:
    lines = [field("" if at else label, words) for at, words in enumerate(told[:most])]
    if len(told) > most:
        more = f"… and {len(told) - most:,} more: --json has them all"
        lines.append(field("", Span(more, "dim")))
    return lines


def _format_summary(folder: str, counts: Sequence[tuple[int, str]], dry_run: bool) -> str:
    """Say what a sync did, the folder first."""
    told = [f"{number:,} {what}" for number, what in counts if number]
    begin = f"{folder}: would be " if dry_run else f"{folder}: "
    return f"{begin}{joined(told) if told else 'no one on either side'}."


def _format_new_person(name: str, handle: str) -> str:
    """Say that somebody's card brought them into the book."""
    return f"{name} ({handle}) is new in the book"


def _format_new_card(name: str, handle: str) -> str:
    """Say that somebody has a card there now."""
    return f"{name} ({handle}) has a card there now"


def _format_gone_card(name: str) -> str:
    """Say that somebody's card is gone, and they are not."""
    return f"{format_possessive(name)} card is gone there; {name} stays in the book"


def _format_conflict(name: str, field: str, kept: str | None, lost: str | None) -> str:
    """Say what both sides changed, and which counts."""
    there = f"is now {add_quotes(kept)}, as on the phone" if kept else "is gone, as on the phone"
    had = f"the book had {add_quotes(lost)}" if lost else "the book had taken it away"
    return f"{name}: {field} {there}; {had}"


def _format_forgotten_card(file: str, has_uid: bool) -> str:
    """Say that a folder has the card of a person who was forgotten, and how it is removed."""
    how = "--delete-remote removes it" if has_uid else "It has no UID: delete it there yourself"
    return f"{file}: {describe_forgotten_card()}. {how}"


def _format_removed_card(file: str, dry_run: bool) -> str:
    """Say that the card of a person who was forgotten is removed there."""
    return (
        f"{file}, the card of someone you forgot, {'would be' if dry_run else 'is'} removed there"
    )
