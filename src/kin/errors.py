"""The errors of kin: a sentence that says what happened, a hint that says what to type, and an exit code.

They are raised anywhere and caught once, in `kin.cli`.
"""

from datetime import date

MOST_CANDIDATES = 20  # no one reads a longer list of people called Tom


class KinError(Exception):
    """An error that kin explains in one line: `message`, then `hint`.

    `candidates` are handles or words that may be meant, at most `MOST_CANDIDATES`; `exit_code` is the exit code of the
    process.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "", candidates: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.candidates = candidates[:MOST_CANDIDATES]


class UsageError(KinError):
    """The command line is wrong."""

    exit_code = 2


class NotFoundError(KinError):
    """There is no such person, interest or question."""

    exit_code = 3


class AmbiguousError(KinError):
    """Several people or things can be meant, and kin does not guess."""

    exit_code = 4


class BookError(KinError):
    """The book cannot be used: missing permissions, damaged, locked, or of a newer version of kin."""

    exit_code = 5


class UnclearDateError(UsageError):
    """A date that kin does not understand, or that can be read in several ways.

    `readings` has the possible dates if there are several, and is empty otherwise.
    """

    def __init__(self, message: str, hint: str = "", readings: tuple[date, ...] = ()) -> None:
        super().__init__(message, hint, tuple(day.isoformat() for day in readings))
        self.readings = readings
