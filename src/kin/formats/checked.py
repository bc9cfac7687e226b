"""What a value in a file of kin's own may be, so that the book can store it.

Its one rule: what may not be is refused with its place, `book.json: people[12].met.on` or
`people/maya-o.md:14`, in words.
"""

from datetime import date

from kin.errors import UsageError
from kin.language.text import (
    clipped,
    is_handle,
    joined,
    visible,
)

LEAP_YEAR = "2000"  # has every day that a year can have


def refused(place: str, value: object, why: str, hint: str = "") -> UsageError:
    """Return the refusal of a value: where it stands, what it is, shortened, and what is wrong."""
    shown = clipped(visible(str(value), newlines=False), 40)
    return UsageError(f"{place}: “{shown}” {why}.", hint)


def words(text: str, place: str) -> str:
    """Return the text as it is; refuse NUL and halves of characters, which no book can keep."""
    if "\0" in text:
        raise refused(place, text, "has a NUL character in it", "Take it out.")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise refused(place, text, "has half of a character in it", "Take it out.") from None
    return text


def filled(text: str, place: str) -> str:
    """Return the text as it is; refuse an empty one too."""
    if not text:
        raise UsageError(f"{place}: is empty.", "Say something there.")
    return words(text, place)


def handle(text: str, place: str) -> str:
    """Return the handle; refuse what could not be typed as one."""
    if not is_handle(text):
        raise refused(place, text, "is not a handle", "A handle is one word, such as maya-o.")
    return text


def day(text: str, place: str) -> str:
    """Return the day, YYYY-MM-DD; refuse one that is not in the calendar."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:
        raise refused(place, text, "is no day", "Write it as 2026-11-17.")
    return text


def yearly(text: str, place: str) -> str:
    """Return the day, YYYY-MM-DD or --MM-DD; refuse one that is not in the calendar."""
    if text.startswith("--"):
        day(LEAP_YEAR + text[1:], place)
    else:
        day(text, place)
    return text


def one_of(text: str, known: tuple[str, ...], place: str) -> str:
    """Return the word if it is one of those that are known."""
    if text not in known:
        raise refused(place, text, "is not known here", f"It can be {joined(known, 'or')}.")
    return text
