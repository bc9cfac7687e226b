"""How people know each other, who might like to, and who would love what was found."""

from kin.language.sentences.words import first_name, whose

INTRODUCED_WORD = "introduced"  # what two are to each other whom you brought together


def tied(name: str | None, other: str | None, word: str) -> str:
    """Say what somebody is to another; without a name it is you."""
    if name is None:
        return f"you are {whose(other or '')} {word}"
    if word == INTRODUCED_WORD:
        return (
            f"you introduced {first_name(name)} and {other}" if other else f"{name} introduced you"
        )
    return f"{name} is {whose(other) if other else 'your'} {word}"


RARE_HERE = ", which is rare among the people you know"
BOTH_INTO = "{one} and {other} are both into {label}{rare}."
CALLED_OTHERWISE = "{one} is into {label}, and {other} calls it {broad}{rare}."
INTO_A_KIND = "{one} is into {label}, a kind of {broad}, and {other} is into {broad}{rare}."
NOBODY_TO_MEET = "When two people you know love the same rare thing and have yet to meet, you will find them here."
KNOW_EACH_OTHER = "They may know each other already."
NEITHER_ASKED = "Neither has been asked yet."
ONE_YES = "{one} said yes; {other} is yet to be asked."
BOTH_YES = "Both said yes; bring them together."
ONE_NO = "{one} would rather not, and that is that."
INTRODUCED = "You brought them together on {day}."


IS_A_KIND = "{name} is into {theirs}, and this speaks of {found}."
HAS_A_KIND = "{name} is into {theirs}, and {found} is a kind of it."
FOR_NOBODY = "As far as your book knows, nobody loves this yet; you may know better."
SENT = "You sent it to {name} on {day}."
