"""When an interest is rare or too common to bring two people together, and how much is asked about one."""

TOO_COMMON = 0.3  # the share of the book: “music” brings no one together
ALWAYS_SHOWN = 3  # people: in a small book, three are not a crowd
DOUBTS_AT_ONCE = (
    3  # questions about one word as it is written: its owner is busy with something else
)


def is_rare(holders: int, people: int) -> bool:
    """Return whether an interest held by so many of so many people is rare: two, or the square root of a larger book."""
    return 0 < holders <= max(2, int(people**0.5))
