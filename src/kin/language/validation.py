"""What may be stored: refused at the door, with the reason, before anything is written."""

from kin.constants import LONGEST_LABEL
from kin.errors import UsageError
from kin.language.text import fold


def storable(words: str, what: str) -> str:
    """Return the words as they are; refuse NUL and halves of characters, which no file can keep."""
    if "\0" in words:
        raise UsageError(
            f"The {what} has a NUL character in it.", "Take it out; nothing was written."
        )
    try:
        words.encode()
    except UnicodeEncodeError:
        raise UsageError(f"The {what} is not UTF-8 text.", "Nothing was written.") from None
    return words


def line(words: str, what: str, longest: int = LONGEST_LABEL) -> str:
    """Return a short text, stripped; refuse an empty or an endless one."""
    words = storable(words, what).strip()
    if not fold(words):  # without a visible character it would be found by no one
        raise UsageError(f"The {what} is empty.", "Nothing was written.")
    if len(words) > longest:
        raise UsageError(
            f"The {what} has {len(words):,} characters; kin keeps up to {longest}.",
            "A longer story belongs into --met or a note. Nothing was written.",
        )
    return words
