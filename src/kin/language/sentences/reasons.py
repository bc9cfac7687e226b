"""Reasons for a hello, questions to begin with, and rest.

Its one rule: nobody is counted, measured or reproached.
"""

from datetime import date

from kin.language.sentences.interests import last_came_up
from kin.language.sentences.words import first_name, quoted

NOTHING_CALLS = "Nothing calls today."
LONG_LOST = "A long-lost friend; a hello is more welcome than it feels."
EASY = "An easy one to begin with."
FAMILY = "Family; that needs no reason."
NO_REASON = "No reason at all."


def care(label: str, last_time: bool, nobody_else: bool) -> str:
    """Say what two people share."""
    if nobody_else:
        return f"You both care about {label}, and nobody else you know does."
    return f"You both care about {label}{', and that came up last time' if last_time else ''}."


def care_kin(label: str, name: str, theirs: str) -> str:
    """Say what two people share through a broader term."""
    return f"You are into {label}, and {first_name(name)} is into {theirs}."


def lights_up(name: str, label: str, last_time: bool, nobody_else: bool) -> str:
    """Say what somebody loves that you know little of."""
    if nobody_else:
        return f"{first_name(name)} is into {label}, and nobody else you know is."
    more = "and that came up last time" if last_time else "and there is more to hear"
    return f"{first_name(name)} is into {label}, {more}."


def sees_differently(label: str) -> str:
    """Say where two people differ."""
    return f"You two see {quoted(label)} differently; worth another round."


def wanted_to_hear(text: str, still: bool) -> str:
    """Say what you wanted to hear the end of."""
    return f"You {'still want' if still else 'wanted'} to hear: {quoted(text)}."


def day_comes(label: str, on: date, in_days: int) -> str:
    """Say which day comes: Birthday on Thursday."""
    named = {0: "today", 1: "tomorrow", 7: "a week today"}
    when = named.get(in_days) or f"on {on:%A}"
    return f"{label[:1].upper()}{label[1:]} {when}."


def no_reason(label: str, name: str, talked: bool) -> str:
    """Say that luck has drawn somebody, and what they love."""
    told = f"you once talked about {label}" if talked else f"{first_name(name)} is into {label}"
    return f"No reason at all: {told}."


def asked(thread: str) -> str:
    """Make a question of a thread, in its own words."""
    whole = thread[:1].upper() + thread[1:]
    return whole if whole.endswith(_ENDS) else whole + "?"


_ENDS = tuple("?.!…？。！｡؟۔।")  # of a sentence, in the scripts that have signs of their own


def open_since(day: str) -> str:
    """Say since when you want to hear the end of something."""
    return f"you have wanted to hear this since {day}"


LAST_WORDS = (
    "What is new with {x}?",
    "How is it going with {x}?",
    "What has come of {x} by now?",
    "What are you up to with {x} these days?",
    "How have things gone with {x} lately?",
    "What comes next for you with {x}?",
    "What has surprised you about {x} lately?",
)

SINCE = (
    "What has changed since {since}?",
    "How have you been since {since}?",
    "What has been good since {since}?",
    "What has kept you busy since {since}?",
    "How has life treated you since {since}?",
    "What have you seen since {since} that you still think of?",
    "What has made you laugh since {since}?",
)

SPARK = (
    "Between two who love {shared}: how do you see “{x}” by now?",
    "We agree on {shared}; how do you see “{x}” these days?",
    "We share {shared}. What would I have to know about “{x}” to see it as you do?",
    "Over {shared} some time: what speaks for “{x}”, seen from your side?",
    "What first made you think so about “{x}”? On {shared} we agree, after all.",
    "How did you come to your view of “{x}”? After that, back to {shared}.",
)

LUCK_NEW = (
    "How did you come to {x}?",
    "What drew you to {x} in the first place?",
    "What do you like best about {x}?",
    "What were your beginnings with {x} like?",
    "What would I never guess about {x}?",
    "What is a good day with {x} like?",
)

LUCK_KNOWN = (
    "What would you miss most about {x}?",
    "What is a good day with {x} like?",
    "What are you still finding out about {x}?",
    "How do you make room for {x} these days?",
    "How has {x} changed for you over the years?",
    "What would I never guess about {x}?",
)

CURIOUS = (
    "What are you looking forward to at the moment?",
    "What could you talk about for an hour?",
    "What did you do last weekend that you would do again?",
    "What have you been enjoying lately?",
    "What did you love doing as a child, and what became of it?",
    "What would you do with a whole free day?",
)


def know_nothing(name: str) -> str:
    """Say that nothing is known yet of what somebody loves."""
    return f"you have met often, and nothing that {first_name(name)} loves is written down yet"


def wonder(name: str) -> str:
    """Wonder what somebody loves."""
    return f"What lights {first_name(name)} up? You have met often, and it is not written down yet."


def differ(label: str, shared: str, last: str | None) -> str:
    """Say where two people differ, beside what they share."""
    return f"you see {quoted(label)} differently{_last(last)}, and share {shared}"


def rests_on(name: str, label: str, last: str | None) -> str:
    """Say what somebody is into, and when it last came up."""
    return f"{first_name(name)} is into {label}{_last(last)}"


def _last(day: str | None) -> str:
    return f" ({last_came_up(day)})" if day else ""


def since(last: date, precision: str, today: date) -> str:
    """Say since when, without counting: March, March 2024, 2019, we last talked."""
    months = 12 * (today.year - last.year) + today.month - last.month
    if precision == "year":
        return str(last.year) if last.year < today.year else "we last talked"
    if months < 2:
        return "we last talked"
    return f"{last:%B}" if months < 12 else f"{last:%B %Y}"


def rests(name: str, until: str | None) -> str:
    """Say that somebody is left in peace."""
    return f"{name} rests until {until}." if until else f"{name} rests until you say otherwise."


def is_back(name: str) -> str:
    """Say that a rest is over."""
    return f"{name} may come up again."
