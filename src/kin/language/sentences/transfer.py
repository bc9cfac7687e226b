"""What comes in, what is held on somebody, and letting it go."""

from collections.abc import Sequence
from datetime import date

from kin.language.dates import format_date
from kin.language.sentences.words import counted, whose
from kin.language.text import command_line, joined


def recognised(kind: str) -> str:
    """Say what a file was taken for."""
    return f"Read as {kind}."


def came_in(
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
            (talks, counted(talks, "new conversation")),
            (changed, f"{counted(changed, 'conversation')} changed"),
            (heard, f"{counted(heard, 'thread')} heard"),
        )
        if number
    )
    return f"{'Would be: ' if dry_run else ''}{people}{also}."


def book_keeps(what: str, field: str, value: str) -> str:
    """Say that the book keeps what it has, where a file says it otherwise."""
    return f"{what} keeps what the book has; the file says {field}: {value}"


def stays_heard(thread: str) -> str:
    """Say that a thread stays closed, which a file has open."""
    return f"“{thread}” stays heard, as the book has it; the file has it open"


def talk_of(on: str) -> str:
    """Name a conversation by its day."""
    return f"the conversation of {format_date(date.fromisoformat(on))}"


def told_day(on: str, precision: str) -> str:
    """Say a day as files have it, and how exactly it is meant where that is no day."""
    return on if precision == "day" else f"{on}, known to the {precision}"


def stance(stance: str) -> str:
    """Say how somebody and the owner see an interest, as pages do."""
    return "you see it otherwise" if stance == "collides" else "you share it"


def went_out(format: str, to: str, people: int, talks: int) -> str:
    """Say what was written where."""
    whom = counted(people, "person")
    also = f" and {counted(talks, 'conversation')}" if format in _WITH_TALKS and talks else ""
    return f"{whom}{also} written to {to}."


_WITH_TALKS = ("json", "markdown", "friends", "html")


def mirror_of(name: str, owner: str) -> str:
    """Head the list of all that is held on somebody, said to them."""
    who = "the owner of this book has" if owner == "You" else f"{owner} has"
    return f"{name}, this is all that {who} written down about you."


def record_of(kind: str, key: str | None) -> str:
    """Head the record that somebody was imported or synced from."""
    if kind == "kin":
        return f"Known by the UID: {key}"
    return f"Came from: {kind}" + (f" ({key})" if key else "")


def would_go(name: str, counts: Sequence[str]) -> tuple[str, ...]:
    """Say what goes with somebody."""
    with_them = f": {joined(counts)}" if counts else ""
    return (
        f"{name} goes out of the book{with_them}.",
        "This cannot be undone, and ends undo for what was done before.",
        "All backups go, and one is made anew without them; copies that lie elsewhere, and what a failed "
        "editor kept of your typing (kin-… in the folder for temporary files), are yours to remove.",
    )


def really_forget(name: str) -> str:
    """Ask before somebody is forgotten."""
    return f"Forget {name}?"


def stopped_forgetting() -> str:
    """Say that a forgetting was stopped when it may be in the book already."""
    return "Stopped while somebody was being forgotten. What is left to do: kin doctor --fix"


def finished_forgetting() -> str:
    """Say that what had stopped halfway is done."""
    return "A forgetting that had stopped halfway is finished: the book is written anew, and the old backups are gone."


def not_finished(hindered: Sequence[str], folder: str) -> tuple[str, str]:
    """Say what hinders a forgetting: they are out of the book, but not all traces are gone."""
    return (
        f"Who was forgotten is out of the book, but traces may be left in its file or in {folder}: {' '.join(hindered)}",
        "Mend that (make room, say), then: kin doctor --fix",
    )


def no_fresh_backup(why: str) -> tuple[str, str]:
    """Say that nothing of somebody is left, and no backup either."""
    return (
        f"Who was forgotten is gone, from the backups too, but no new backup could be made: {why}",
        "Mend that (make room, say), then: kin backup",
    )


def still_named(name: str, handle: str) -> str:
    """Say whose own name holds the name of a forgotten person."""
    rename = command_line("kin edit", handle, options=("--name", "NAME", "--handle", "HANDLE"))
    return f"{name} ({handle}) is called by their name: {rename}"


def still_in_folder(folder: str) -> str:
    """Say that a card of theirs lies in a synced folder."""
    remove = command_line("kin sync", folder, options=("--delete-remote",))
    return f"Their card stays in {folder}: {remove}"


def named_elsewhere(number: int) -> str:
    """Say in how many other places the name of a forgotten person is replaced."""
    return f"the name in {counted(number, 'other place')}"


def replaced(number: int) -> str:
    """Head the list of text that is not the person's and loses their name."""
    return f"Replaced in {counted(number, 'other place')}:"


def change(where: str, whose: Sequence[str], before: str, after: str) -> str:
    """Say what becomes of text that names a forgotten person."""
    place = f"{where} of {joined(whose)}" if whose else where
    return f"{place}: {before} → {after or '(removed)'}"


def more_replaced(number: int) -> str:
    """Say how many places are not shown, and how to see them."""
    return f"… and {number:,} more: see --dry-run in a pipe, or with --json"


def stays(where: str, whose: Sequence[str], text: str) -> str:
    """Say which place names a forgotten person and is left as it is."""
    place = f"{where} of {joined(whose)}" if whose else where
    return f"stays: {place}: {text}"


def still_on_card(name: str, folder: str) -> str:
    """Say that another's card in a synced folder names who is forgotten."""
    return f"{whose(name)} card in {folder} names them too: take it out there, or the next sync brings it back."


def still_in_backups(folder: str) -> str:
    """Say that backups of a book that is not there may hold them."""
    return f"{folder} has backups of a book that is not there; if it was this one by another name, remove them."


def still_in_file(path: str, kind: str) -> str:
    """Say that a file which kin leaves alone may hold them, and what to do."""
    remove = f"remove it: {command_line('rm', path)}"
    return {
        "backup": f"{path} is a copy of a book under a name that is not kin’s; {remove}",
        "linked backup": f"{path} had another name in another folder (a hard link), which still holds them; remove that too.",
        "link": f"{path} is a link to a copy of a book; remove both.",
        "copy": f"{path} is a copy that you made with kin backup; {remove}",
        "twin": f"{path} looks like a second copy of this book. Look with kin people --db, take over what only it has, then {remove}",
        "second name": f"The book has another name (a hard link) besides {path}; remove one of them, and its backups.",
        "export": f"{path} may be left of an export that was stopped. Move out what is yours, then remove it.",
        "part": f"{path} is half written: kin is still at work on it, or it cannot be removed. When kin is done: kin doctor --fix",
        "closed": f"{path} cannot be looked into; check what is there.",
    }[kind]


def forgotten(name: str) -> str:
    """Say that somebody is forgotten."""
    return f"{name} is forgotten."
