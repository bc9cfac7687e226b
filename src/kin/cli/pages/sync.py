"""What a sync did, or would do: counts first, then what to look at."""

from collections.abc import Sequence

from kin.cli.layout import Line, Page, Span, field, line
from kin.language import sentences
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
    page: list[Line] = [line(sentences.brought_together(told.folder, counts, dry_run))]
    page += _some("new", [sentences.came_in_by_card(each.name, each.handle) for each in came])
    page += _some("sent", [sentences.went_to_folder(each.name, each.handle) for each in went])
    page += [
        field("phone’s", sentences.phone_won(each.person.name, each.field, each.kept, each.lost))
        for each in told.conflicts
    ]
    page += _some("gone", [sentences.card_is_gone(each.name) for each in told.unlinked])
    page += _some(
        "forgotten",
        [sentences.card_of_forgotten(each, each in told.removable) for each in told.let_go],
    )
    removed = [sentences.card_removed(each, dry_run) for each in told.removed]
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
