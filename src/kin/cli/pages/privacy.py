"""What kin holds on a person, as they would read it; and what forgetting them takes and leaves."""

from collections.abc import Iterator, Sequence

from kin.cli.layout import Line, Page, Span, Table, field, fields, line
from kin.cli.pages import days
from kin.cli.pages.notes import talk_lines
from kin.cli.pages.people import facts
from kin.language import sentences
from kin.language.text import cells, clipped, joined
from kin.privacy.erasure_preview import Reach
from kin.privacy.mentions import Change, Named
from kin.privacy.report import HeldThread, Mirror, Offered

_SHOWN = 20  # changes that a screen shows; a pipe and JSON have all
_EXCERPT = 34  # cells of a text before and after, so that both fit on one line
_LEAD = 12  # cells before what changes


def mirror(held: Mirror) -> Page:
    """Show all that is held, as they would read it."""
    person = held.person
    told: list[Line] = [
        line(Span(sentences.mirror_of(person.name, held.owner), "title")),
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
        told.append(field("rest", sentences.rests(person.name, until)))
    if held.shown_on:
        told.append(field("shown", ", ".join(days.named(each) for each in held.shown_on)))
    for each in held.records:
        told += [line(), line(Span(sentences.record_of(each.kind, each.key), "title"))]
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
        told += [line(sentences.replaced(len(rows)))]
        told += [Table(("where", "on", "text", "after"), tuple(rows), shown)]
    return (*told, *(line(words) for words in _left(found)))


def warnings(found: Reach, notes: str) -> tuple[str, ...]:
    """Say what goes, what is replaced in other text, and what is left to the owner."""
    replaced: list[str] = []
    if found.elsewhere:
        replaced = [sentences.replaced(len(found.elsewhere)), *_changes(found.elsewhere)]
    return (*_goes(found, notes), *replaced, *_left(found))


def forgotten(found: Reach) -> Page:
    """Say that a person is forgotten."""
    return tuple(line(words) for words in (sentences.forgotten(found.name), *_left(found)))


def _goes(found: Reach, notes: str) -> tuple[str, ...]:
    return sentences.would_go(found.name, counts(found, notes))


def _changes(changes: Sequence[Change]) -> Iterator[str]:
    """Say on one line each what would be replaced, and how many more there are."""
    for each in changes[:_SHOWN]:
        before, after = _excerpts(each.text, each.after)
        yield "  " + sentences.change(each.where, [who.name for who in each.of], before, after)
    more = len(changes) - _SHOWN
    if more > 0:
        yield "  " + sentences.more_replaced(more)


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
        *(sentences.still_named(each.name, each.handle) for each in found.still_named),
        *(sentences.stays(each.where, [who.name for who in each.of], each.text) for each in stays),
        *map(sentences.still_in_folder, found.synced_in),
        *(sentences.still_on_card(each.name, each.folder) for each in found.on_cards),
        *map(sentences.still_in_backups, found.other_backups),
        *(sentences.still_in_file(each.path, each.kind) for each in found.other_files),
    ]


_NAMES = ("name", "handle")  # of people who are named with the command that changes both


def counts(found: Reach, notes: str) -> Sequence[str]:
    """Say how much of each there is, what there is none of left out."""
    shared = {"keep": "stay as they are", "redact": "stay, without the name", "delete": "go too"}[
        notes
    ]
    counted = sentences.counted
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
        (len(found.elsewhere), sentences.named_elsewhere(len(found.elsewhere))),
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
