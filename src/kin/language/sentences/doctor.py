"""How the book is: what stands well, what does not, and what to do about it.

Where there are two sentences, the second says what to type. None holds a word of the owner's.
"""

from collections.abc import Sequence

from kin.language.sentences.backup import size
from kin.language.sentences.words import counted

_MEND = "Mend it: kin doctor --fix"
_FITS = {
    "search": "The search index says what your words say.",
    "interests": "Every interest is found by all its names.",
    "names": "Everybody is found by each of their names.",
    "history": "Every change can be undone.",
}
_LOOKED_FOR = {
    "rights": "Who else may read the book and its backups",
    "room": "The room on the disk",
    "backups": "The backups",
    "strays": "Backups of other books",
    "unfinished": "Unfinished files",
    "copies": "Other copies among the backups",
    "second_name": "Other names of the book",
    "beside": "SQLite’s files next to the book",
    "conflict": "Copies of the book next to it",
}
_OFF = {
    "search": "The search index does not say what your words say; kin find may miss some.",
    "interests": "Some interests are not found by all their names.",
    "names": "Somebody is not found by each of their names.",
    "history": "Some tables are without what kin undo needs.",
}


def book_is_there() -> str:
    """Say that the book can be opened."""
    return "The book is there, and is kin’s."


def whole() -> str:
    """Say that nothing is torn."""
    return "Nothing in it is torn, and every reference leads somewhere."


def torn(told: str) -> tuple[str, str]:
    """Say what SQLite found."""
    return f"The book is damaged: {told}.", "Go back to a backup: kin restore"


def older(schema: int, newest: int) -> tuple[str, str]:
    """Say that the book is of an older kin."""
    return (
        f"The book is of schema {schema}; this kin knows {newest}.",
        "The next command brings it up to date, after a backup.",
    )


def newest(schema: int) -> str:
    """Say that the book is of this kin."""
    return f"The book is of the newest schema, {schema}."


def parts_missing(lost: Sequence[str]) -> tuple[str, str]:
    """Say that indexes or triggers of the schema are missing, which can be made again."""
    return (
        f"{counted(len(lost), 'part')} of the book’s schema {'is' if len(lost) == 1 else 'are'} missing.",
        _MEND,
    )


def index_fits(check: str) -> str:
    """Say that an index fits."""
    return _FITS[check]


def index_is_off(check: str) -> tuple[str, str]:
    """Say what an index lacks; it can be made anew."""
    return _OFF[check], _MEND


def forgetting_done() -> str:
    """Say that nobody is half forgotten."""
    return "Whoever was forgotten is wholly gone."


def forgetting_stopped() -> tuple[str, str]:
    """Say that traces of somebody may be left."""
    return (
        "A forgetting stopped halfway: traces may be left in the file and in its backups.",
        "Finish it: kin doctor --fix (the old backups go, and one is made anew)",
    )


def not_mended(why: str) -> str:
    """Say why something could not be mended."""
    return f"It could not be mended: {why.rstrip('.')}."


def yours_alone() -> str:
    """Say that nobody else may read the book."""
    return "Book and backups are yours alone."


def open_to_others(book: bool, backups: bool) -> tuple[str, str]:
    """Say that others may read them."""
    what = " and ".join(["the book"] * book + ["backups"] * backups)
    return f"Others on this machine may read {what}.", _MEND


def folder_is_yours() -> str:
    """Say that nobody else may look into the folder."""
    return "The folder is yours alone."


def folder_is_open(own: bool) -> tuple[str, str]:
    """Say that others may take the book away."""
    return (
        "Others may put files into the book’s folder, or take them away.",
        _MEND if own else "Other things lie there too: chmod go-w it, or move the book.",
    )


def folder_is_seen(own: bool) -> tuple[str, str]:
    """Say that others see that there is a book."""
    return (
        "Others may see what lies in the book’s folder, but not read the book.",
        _MEND if own else "A folder of its own would keep that to you.",
    )


def folder_is_closed(why: str) -> tuple[str, str]:
    """Say that the folder cannot be looked into."""
    return f"The book’s folder cannot be looked into: {why}.", "Check its rights."


def cannot_look(check: str, why: str) -> tuple[str, str]:
    """Say that something around the book cannot be looked into."""
    return (
        f"{_LOOKED_FOR[check]} could not be checked: {why}.",
        "Check the rights of what is named, and type it again: kin doctor",
    )


def room(free: int) -> str:
    """Say that the disk has room."""
    return f"There is room on the disk: {size(free)}."


def no_room(free: int, needed: int) -> tuple[str, str]:
    """Say that the disk is nearly full."""
    return (
        f"The disk is nearly full: {size(free)} free, and a change with its backup may need {size(needed)}.",
        "Make room.",
    )


def backups_fit(number: int, last: str) -> str:
    """Say that the backups are as they were made."""
    return f"{counted(number, 'backup')}, the last of {last}, as made."


def no_backup() -> tuple[str, str]:
    """Say that there is none."""
    return "There is no backup yet.", "Make one: kin backup"


def stray_backups(number: int) -> tuple[str, str]:
    """Say that there are backups of a book that is not there."""
    what = "a folder" if number == 1 else f"{number} folders"
    return (
        f"In backups {_is(number)} {what} of a book that is not there, or is this one by another name; "
        "what was forgotten here may be in it.",
        "If it was this book by another name, or one you need no more, remove it.",
    )


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def spoiled(number: int) -> tuple[str, str]:
    """Say that backups are not what they were."""
    what = "A backup is" if number == 1 else f"{number} backups are"
    return (
        f"{what} not what was made: the SHA-256 differs or is gone.",
        "Do not rely on it; remove the file, and make a new one: kin backup",
    )


def nothing_unfinished() -> str:
    """Say that no file was left half written."""
    return "No backup, export or card was left half written."


def unfinished(number: int) -> tuple[str, str]:
    """Say that files were left half written."""
    what = "A file was" if number == 1 else f"{number} files were"
    return (
        f"{what} left half written, when kin was stopped in a backup, an export or a sync.",
        "Remove them: kin doctor --fix",
    )


def other_copies(number: int) -> tuple[str, str]:
    """Say that the folder of backups has copies of the book that kin does not manage."""
    what = "a copy" if number == 1 else f"{number} copies"
    return (
        f"Among the backups {_is(number)} {what} of a book under a name that is not kin’s, or a link to one: "
        "kin forget does not reach them.",
        "If you do not need them, remove them; if you do, move them to a place that you remember.",
    )


def stopped_exports(number: int) -> tuple[str, str]:
    """Say that an export of an older kin was stopped, and may have hidden files of the owner's."""
    what = "a hidden file or folder" if number == 1 else f"{number} hidden files or folders"
    return (
        f"Next to the book {_is(number)} {what} that a stopped export or backup may have left. "
        "Files of your own may be in it.",
        "Look into it, move out what is yours, and remove the rest.",
    )


def second_name(near: bool) -> tuple[str, str]:
    """Say that the book's file has another name."""
    where = "another name" if near else "another name, in another folder"
    find = "" if near else "Find it: find ~ -samefile BOOK. "
    return (
        f"The book’s file has {where} (a hard link): two names for the same bytes. After a crash under one name "
        "the book is damaged under the other, and each name has backups of its own.",
        f"{find}Use one name; remove the other with rm, which leaves the book where it is.",
    )


def left_beside() -> tuple[str, str]:
    """Say that a program is using the book, or was stopped while it did."""
    return (
        "Next to the book are files of a program that is using it, or was stopped.",
        "Leave them there: they may hold a change. If no program is using it, the next kin command clears them away.",
    )


def conflict(number: int) -> tuple[str, str]:
    """Say that there are copies of the book next to it, as a sync program leaves them."""
    there_is = "There is another copy" if number == 1 else f"There are {number} other copies"
    return (
        f"{there_is} of the book next to it. A sync program makes one when two machines write at the same time; "
        "notes in it may be missing from this book.",
        "Look into it: kin people --db FILE. Bring in what only it has: kin export --db FILE --to copy.json, "
        "then kin import copy.json. Then move FILE away.",
    )
