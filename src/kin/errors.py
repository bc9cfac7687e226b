"""What can go wrong, in words.

Each class is one kind of trouble: a sentence that says what happened, a hint that says what to
type next, and an exit code. Raised low, caught once, in `kin.cli`.
"""

from datetime import date

MOST_CANDIDATES = 20  # of a hundred thousand people called Tom, no one reads more


class KinError(Exception):
    """Trouble that kin explains in one line: `message`, then `hint`.

    `candidates` are the first of the handles or words that may be meant; `exit_code` is the
    process's.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "", candidates: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.candidates = candidates[:MOST_CANDIDATES]


class UsageError(KinError):
    """The command's words are off."""

    exit_code = 2


class NotFoundError(KinError):
    """There is no such person, interest or thread."""

    exit_code = 3


class AmbiguousError(KinError):
    """Several people or things are meant, and kin does not guess."""

    exit_code = 4


class BookError(KinError):
    """The book itself is in trouble: missing rights, damaged, locked, or newer than the program."""

    exit_code = 5


class UnclearDateError(UsageError):
    """A day that kin does not understand, or that can be read in two ways.

    `readings` holds the possible days when there are several, and is empty otherwise.
    """

    def __init__(self, message: str, hint: str = "", readings: tuple[date, ...] = ()) -> None:
        super().__init__(message, hint, tuple(day.isoformat() for day in readings))
        self.readings = readings
