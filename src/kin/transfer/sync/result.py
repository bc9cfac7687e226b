"""What a sync did, or would do, as its renderer and JSON tell it."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from kin.records import Hidden
from kin.transfer.import_plan import Double, Place
from kin.transfer.sync.plan import CHANGED_MEANWHILE, Move, Plan


class Who(NamedTuple):
    """Somebody."""

    handle: str
    name: str


class New(NamedTuple):
    """Somebody who is new on one side: `to` is book or folder."""

    handle: str
    name: str
    file: str
    to: str


class Conflict(NamedTuple):
    """A field that both sides changed: the phone's is kept; undo has what the book lost."""

    person: Who
    field: str
    kept: str | None
    lost: str | None


class Synced(NamedTuple):
    """All that a sync did; counts are of cards that were known on both sides."""

    folder: str
    pulled: int
    pushed: int
    merged: int
    same: int
    new: tuple[New, ...]
    unlinked: tuple[Who, ...]
    let_go: tuple[str, ...]
    removed: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    doubles: tuple[Double, ...]
    skipped: tuple[Place, ...]
    remarks: tuple[Place, ...]
    learned: Hidden[int] = 0
    taught: Hidden[int] = 0
    removable: Hidden[frozenset[str]] = frozenset()  # of `let_go`, those that carry a forgotten UID


def outcome(
    plan: Plan,
    *,
    late: Collection[str] = (),
    removed: Sequence[str] = (),
    changed: Sequence[str] = (),
    handles: Sequence[str] | None = None,
) -> Synced:
    """Return what a sync did; `late` are files that changed while it ran, `handles` those of who came in.

    `removed` are cards of people who were forgotten, `changed` those that were to be removed and had changed.
    """
    moves = [move for move in plan.moves if move.file.name not in late]
    came = _came(plan, handles)
    went = [
        New(plan.people[each.person].handle, plan.people[each.person].name, each.file, "folder")
        for each in plan.departures
        if each.file not in late
    ]
    pulled = sum(move.after is not None and move.edit is None for move in moves)
    pushed = sum(move.after is None and move.edit is not None for move in moves)
    merged = sum(move.after is not None and move.edit is not None for move in moves)
    left = [
        *(Place(name, CHANGED_MEANWHILE) for name in sorted(late)),
        *(Place(name, _describe_changed_card()) for name in changed),
    ]
    stays = [each for each in plan.forgotten if each.file.name not in removed]
    return Synced(
        plan.folder,
        pulled,
        pushed,
        merged,
        plan.same + len(moves) - pulled - pushed - merged,
        (*came, *went),
        tuple(_who(plan, row.person) for row in plan.unlinked),
        tuple(each.file.name for each in stays),
        tuple(removed),
        tuple(each for move in moves for each in _conflicts(plan, move)),
        plan.doubles,
        (*plan.skipped, *left),
        plan.remarks,
        pulled + merged + len(came),
        pushed + merged + len(went),
        frozenset(each.file.name for each in stays if each.has_uid),
    )


def _came(plan: Plan, handles: Sequence[str] | None) -> list[New]:
    entries = plan.entering.entries if plan.entering else ()
    new = [entry.after for entry in entries if entry.person_id is None]
    called = handles or [each.handle for each in new]
    return [
        New(handle, each.name, file.name, "book")
        for handle, each, (file, _) in zip(called, new, plan.came, strict=True)
    ]


def _who(plan: Plan, number: int) -> Who:
    return Who(plan.people[number].handle, plan.people[number].name)


def _conflicts(plan: Plan, move: Move) -> list[Conflict]:
    who = _who(plan, move.person)
    return [Conflict(who, each.field, each.kept, each.lost) for each in move.clashes]


def _describe_changed_card() -> str:
    """Say why a card was not removed although the owner agreed."""
    return "it is not as it was when you were asked; it was not removed"
