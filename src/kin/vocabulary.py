"""Interests as words: what makes two spellings one interest.

A leaf: it knows words, never people. The shipped table of kinship comes on top of `key`.
"""

from kin.text import fold

# Words that end in s and are no plural; dropping the s would make another word of them.
_NOT_PLURAL = frozenset(
    "alps always atlas bias blues brass canvas chaos christmas cosmos diabetes ethos famous gas jeans kudos lens "
    "logos mars news paris pathos pilates physics pyjamas series species texas yes".split()
)
# Plurals in -ies whose singular is in -ie.
_IE_WORDS = frozenset(
    "birdie brownie budgie calorie collie cookie eerie foodie genie goalie groupie hippie hoodie indie junkie "
    "magpie movie newbie pie prairie rookie selfie smoothie talkie tie veggie zombie".split()
)
_SIBILANTS = ("sses", "shes", "ches", "xes", "zes")
_E_STAYS = frozenset("aches axes caches quiches niches psyches avalanches headaches".split())


def key(label: str) -> str:
    """Fold an interest to its key: `Board Games`, `board-game` and `boardgame` are one.

    Case, accents, apostrophes, spaces and hyphens are dropped, `&` is "and", plurals are singular.
    Returns "" where nothing is left.
    """
    words = fold(label.replace("&", " and ").replace("\ufe0f", "")).split()
    kept = (
        "".join(sign for sign in word if sign.isalnum() or not sign.isascii() or sign in "+#")
        for word in words
    )
    return "".join(_singular(word) for word in kept)


def group_key(label: str) -> str:
    """Fold the name of a group to its key; one of signs alone is its own."""
    return key(label) or fold(label) or label


def _singular(word: str) -> str:
    if len(word) <= 3 or not word.endswith("s") or word in _NOT_PLURAL:
        return word
    if word.endswith(("ss", "us", "is")) or (word.endswith("ics") and word != "comics"):
        return word
    if word.endswith("ies"):
        return word[:-1] if word[:-1] in _IE_WORDS else word[:-3] + "y"
    if word.endswith(_SIBILANTS) and word not in _E_STAYS:
        return word[:-2]
    return word[:-1]
