"""What kin holds on a person, as they would read it; and what forgetting them takes and leaves."""

from collections.abc import Iterator, Sequence

from kin.cli.layout import Line, Page, Span, Table, field, fields, line
from kin.cli.pages import days
from kin.cli.pages.notes import talk_lines
from kin.cli.pages.people import facts
from kin.language.text import cells, clipped, command_line, format_count, format_possessive, joined
from kin.privacy.erasure_preview import Reach
from kin.privacy.mentions import Change, Named
from kin.privacy.report import HeldThread, Mirror, Offered
from kin.suggestions.snooze import describe_snooze

_SHOWN = 20  # changes that a screen shows; a pipe and JSON have all
_EXCERPT = 34  # cells of a text before and after, so that both fit on one line
_LEAD = 12  # cells before what changes


def mirror(held: Mirror) -> Page:
    """Show all that is held, as they would read it."""
    person = held.person
    told: list[Line] = [
        line(Span(_head_report(person.name, held.owner), "title")),
        line(Span(f"In the book since {days.named(held.added_on)}, as {person.handle}.", "dim")),
        *facts(person),
        *fields("ask", map(_thread, held.threads)),
        *fields("ties", ((f"{each.name} ({each.word})",) for each in held.ties)),
        *fields(
            "through",
            (
                (f"{each.name}: {each.interest}" if each.interest else each.name,)
                for each in held.through_them
            ),
        ),
        *fields("introduce", map(_offered, held.introductions)),
        *fields(
            "sent", ((f"{days.named(each.on)}  ", Span(each.text, "quote")) for each in held.sent)
        ),
    ]
    if held.rests:
        until = days.named(held.rests_until) if held.rests_until else None
        told.append(field("rest", describe_snooze(person.name, until)))
    if held.shown_on:
        told.append(field("shown", ", ".join(days.named(each) for each in held.shown_on)))
    for each in held.records:
        told += [line(), line(Span(_head_record(each.kind, each.key), "title"))]
        told += [line(part) for part in (each.card or "").splitlines()]
    for heading, notes in (("Conversations", held.talks), ("Named in", held.named_in)):
        if notes:
            told += [line(), line(Span(heading, "title"))]
            told += [part for note in notes for part in talk_lines(note, with_people=True)]
    if held.named_elsewhere:
        told += [] if held.named_in else [line(), line(Span("Named in", "title"))]
        told += [part for each in held.named_elsewhere for part in _named(each)]
    return tuple(told)


def reach(found: Reach, notes: str) -> Page:
    """Say what would be forgotten, and what would be replaced in other text."""
    told: list[Line | Table] = [line(words) for words in _goes(found, notes)]
    if found.elsewhere:
        rows = [
            (
                Span(each.where),
                Span(", ".join(who.name for who in each.of)),
                Span(each.text),
                Span(each.after),
            )
            for each in found.elsewhere
        ]
        shown = tuple(line(words) for words in _changes(found.elsewhere))
        told += [line(_head_changes(len(rows)))]
        told += [Table(("where", "on", "text", "after"), tuple(rows), shown)]
    return (*told, *(line(words) for words in _left(found)))


def warnings(found: Reach, notes: str) -> tuple[str, ...]:
    """Say what goes, what is replaced in other text, and what is left to the owner."""
    replaced: list[str] = []
    if found.elsewhere:
        replaced = [_head_changes(len(found.elsewhere)), *_changes(found.elsewhere)]
    return (*_goes(found, notes), *replaced, *_left(found))


def forgotten(found: Reach) -> Page:
    """Say that a person is forgotten."""
    return tuple(line(words) for words in (_describe_erasure(found.name), *_left(found)))


def _goes(found: Reach, notes: str) -> tuple[str, ...]:
    return _describe_loss(found.name, counts(found, notes))


def _changes(changes: Sequence[Change]) -> Iterator[str]:
    """Say on one line each what would be replaced, and how many more there are."""
    for each in changes[:_SHOWN]:
        before, after = _excerpts(each.text, each.after)
        yield "  " + _format_change(each.where, [who.name for who in each.of], before, after)
    more = len(changes) - _SHOWN
    if more > 0:
        yield "  " + _format_more_changes(more)


def _excerpts(before: str, after: str) -> tuple[str, str]:
    """Return the first place where two texts differ, and a little around it."""
    pairs = enumerate(zip(before, after, strict=False))
    same = next((at for at, (one, other) in pairs if one != other), 0)
    start = before.rfind(" ", 0, same) + 1
    while start and cells(before[start:same]) < _LEAD:
        start = before.rfind(" ", 0, start - 1) + 1
    cut = "…" if start else ""
    return cut + clipped(before[start:], _EXCERPT), (
        cut + clipped(after[start:], _EXCERPT) if after else ""
    )


def _left(found: Reach) -> list[str]:
    """Say which places still name them, and what to type."""
    stays = [
        each
        for each in found.stays
        if not {*each.of} & {*found.still_named} or each.where not in _NAMES
    ]
    return [
        *(_describe_name_kept(each.name, each.handle) for each in found.still_named),
        *(
            _format_place_kept(each.where, [who.name for who in each.of], each.text)
            for each in stays
        ),
        *map(_describe_card_kept, found.synced_in),
        *(_describe_card_naming_them(each.name, each.folder) for each in found.on_cards),
        *map(_describe_backups_kept, found.other_backups),
        *(_describe_file_kept(each.path, each.kind) for each in found.other_files),
    ]


_NAMES = ("name", "handle")  # of people who are named with the command that changes both


def counts(found: Reach, notes: str) -> Sequence[str]:
    """Say how much of each there is, what there is none of left out."""
    shared = {"keep": "stay as they are", "redact": "stay, without the name", "delete": "go too"}[
        notes
    ]
    counted = format_count
    told = (
        (found.talks_alone, counted(found.talks_alone, "conversation") + " with nobody else"),
        (found.threads, counted(found.threads, "thread")),
        (found.interests, counted(found.interests, "interest")),
        (found.ties, counted(found.ties, "tie")),
        (found.days, counted(found.days, "day")),
        (found.ways, counted(found.ways, "way") + " to reach them"),
        (
            found.talks_shared,
            counted(found.talks_shared, "conversation") + f" with others, which {shared}",
        ),
        (len(found.elsewhere), _count_places(len(found.elsewhere))),
    )
    return [words for number, words in told if number]


def _named(each: Named) -> Iterator[Line]:
    """Say where they are named, then the text."""
    whose = joined([who.name for who in each.of])
    yield line(Span(each.where, "label"), *([Span(f"  {whose}", "name")] if whose else []))
    for part in each.text.splitlines():
        yield line(Span("  "), Span(part, "quote"), indent=2)


def _thread(each: HeldThread) -> tuple[str | Span, ...]:
    heard = f", heard {days.named(each.heard_on)}" if each.heard_on else ""
    outcome = f": {each.outcome}" if each.outcome else ""
    return (each.text, Span(f"  asked {days.named(each.opened_on)}{heard}{outcome}", "dim"))


def _offered(each: Offered) -> tuple[str | Span, ...]:
    if each.made_on:
        return (f"{each.name}, introduced {days.named(each.made_on)}",)
    said = [f"they: {each.they_said}"] if each.they_said else []
    said += [f"{each.name}: {each.other_said}"] if each.other_said else []
    return (f"{each.name} ({', '.join(said)})" if said else each.name,)


def _head_report(name: str, owner: str) -> str:
    """Head the list of all that is held on somebody, said to them."""
    who = "the owner of this book has" if owner == "You" else f"{owner} has"
    return f"{name}, this is all that {who} written down about you."


def _head_record(kind: str, key: str | None) -> str:
    """Head the record that somebody was imported or synced from."""
    if kind == "kin":
        return f"Known by the UID: {key}"
    return f"Came from: {kind}" + (f" ({key})" if key else "")


def _describe_loss(name: str, counts: Sequence[str]) -> tuple[str, ...]:
    """Say what goes with somebody."""
    with_them = f": {joined(counts)}" if counts else ""
    return (
        f"{name} goes out of the book{with_them}.",
        "This cannot be undone, and ends undo for what was done before.",
        "All backups go, and one is made anew without them; copies that lie elsewhere, and what a failed "
        "editor kept of your typing (kin-… in the folder for temporary files), are yours to remove.",
    )


def _describe_name_kept(name: str, handle: str) -> str:
    """Say whose own name holds the name of a forgotten person."""
    rename = command_line("kin edit", handle, options=("--name", "NAME", "--handle", "HANDLE"))
    return f"{name} ({handle}) is called by their name: {rename}"


def _describe_card_kept(folder: str) -> str:
    """Say that a card of theirs lies in a synced folder."""
    remove = command_line("kin sync", folder, options=("--delete-remote",))
    return f"Their card stays in {folder}: {remove}"


def _count_places(number: int) -> str:
    """Say in how many other places the name of a forgotten person is replaced."""
    return f"the name in {format_count(number, 'other place')}"


def _head_changes(number: int) -> str:
    """Head the list of text that is not the person's and loses their name."""
    return f"Replaced in {format_count(number, 'other place')}:"


def _format_change(where: str, whose: Sequence[str], before: str, after: str) -> str:
    """Say what becomes of text that names a forgotten person."""
    place = f"{where} of {joined(whose)}" if whose else where
    return f"{place}: {before} → {after or '(removed)'}"


def _format_more_changes(number: int) -> str:
    """Say how many places are not shown, and how to see them."""
    return f"… and {number:,} more: see --dry-run in a pipe, or with --json"


def _format_place_kept(where: str, whose: Sequence[str], text: str) -> str:
    """Say which place names a forgotten person and is left as it is."""
    place = f"{where} of {joined(whose)}" if whose else where
    return f"stays: {place}: {text}"


def _describe_card_naming_them(name: str, folder: str) -> str:
    """Say that another's card in a synced folder names who is forgotten."""
    return f"{format_possessive(name)} card in {folder} names them too: take it out there, or the next sync brings it back."


def _describe_backups_kept(folder: str) -> str:
    """Say that backups of a book that is not there may hold them."""
    return f"{folder} has backups of a book that is not there; if it was this one by another name, remove them."


def _describe_file_kept(path: str, kind: str) -> str:
    """Say that a file which kin leaves alone may hold them, and what to do."""
    remove = f"remove it: {command_line('rm', path)}"
    return {
        "backup": f"{path} is a copy of a book under a name that is not kin’s; {remove}",
        "linked backup": f"{path} had another name in another folder (a hard link), which still holds them; remove that too.",
        "link": f"{path} is a link to a copy of a book; remove both.",
        "copy": f"{path} is a copy that you made with kin backup; {remove}",
        "conflict": f"{path} looks like another copy of this book. Look with kin people --db, take over what only it has, then {remove}",
        "second name": f"The book has another name (a hard link) besides {path}; remove one of them, and its backups.",
        "export": f"{path} may be left of an export that was stopped. Move out what is yours, then remove it.",
        "part": f"{path} is half written: kin is still at work on it, or it cannot be removed. When kin is done: kin doctor --fix",
        "closed": f"{path} cannot be looked into; check what is there.",
    }[kind]


def _describe_erasure(name: str) -> str:
    """Say that somebody is forgotten."""
    return f"{name} is forgotten."
