"""How people and their words stand in a sentence: names, quotations, numbers."""


def whose(name: str) -> str:
    """Return the possessive of a name: Maya’s, Silas’."""
    return f"{name}’" if name.casefold().endswith(("s", "ß")) else f"{name}’s"


def first_name(name: str) -> str:
    """Return what one calls somebody: the first name, or all of it where there is but a title or an initial."""
    words = name.split()
    while len(words) > 1 and words[0].casefold().rstrip(".") in _TITLES:
        words = words[1:]
    titled = len(words) == 1 and words[0] != name.strip()
    # “Aunt” and “J.” are nobody's name: Aunt Rosa and J. Okafor are called as they stand.
    return " ".join(name.split()) if titled or words[0].endswith(".") else words[0]


_TITLES = frozenset(
    "the dr prof mr mrs ms mx sir dame aunt uncle tante onkel tía tío herr frau".split()
)


def quoted(words: str) -> str:
    """Return somebody's words in quotation marks."""
    return f"“{words}”"


def counted(number: int, noun: str) -> str:
    """Say how many: 1 day, 2 days, 3 people."""
    if noun == "person" and number != 1:
        return f"{number:,} people"
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
