"""Every sentence in which kin speaks of common ground: one place, so that it can be translated one day.

Its one rule: people's own words stand in quotation marks, as they are; nobody is counted, measured or
reproached.
"""

from collections.abc import Sequence
from datetime import date

from kin.text import joined


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
    "dr prof mr mrs ms mx sir dame aunt uncle tante onkel tía tío herr frau".split()
)


def quoted(words: str) -> str:
    """Return somebody's words in quotation marks."""
    return f"“{words}”"


# Interests


def your_part(label: str, yours: str | None, caught: str | None, rare: bool) -> str:
    """Say how an interest stands to you."""
    parts = []
    if yours is not None:
        same = yours.casefold() == label.casefold()
        parts.append("you are into it too" if same else f"you are into {yours}")
    if caught:
        parts.append(f"you caught it from {caught}")
    if rare:
        parts.append("a rare one among the people you know")
    return ", ".join(parts)


def nobody_into(label: str, yours: bool) -> str:
    """Say that nobody, or nobody else, is into it."""
    return f"Nobody{' else' if yours else ''} in your book is into {label} yet."


def through(yours: str | None, name: str, theirs: str) -> str:
    """Say that somebody is into a kin of what was asked for: “you: bouldering, Maya: climbing”."""
    return held_by_two("you", yours, name, theirs) if yours else f"{first_name(name)}: {theirs}"


def held_by_two(one: str, ones: str, other: str, others: str) -> str:
    """Say through what two people share something: what each of them calls it."""
    return f"{first_name(one)}: {ones}, {first_name(other)}: {others}"


def yours(label: str) -> str:
    """Say what you call your part of a kin interest."""
    return f"you: {label}"


def caught_from(name: str) -> str:
    """Say from whom somebody has an interest."""
    return f"caught it from {name}"


def last_came_up(when: str) -> str:
    """Say when an interest last came up."""
    return f"last came up {when}"


def nothing_shared(one: str, other: str) -> str:
    """Say that two people share nothing that is known."""
    return f"{joined([one, other])} share no interest that is written down yet."


def two_share(one: str, other: str) -> str:
    """Head the list of what two people share."""
    return f"{joined([one, other])} share"


# Ties

INTRODUCED_WORD = "introduced"  # what two are to each other whom you brought together


def tied(name: str, other: str | None, word: str) -> str:
    """Say what somebody is to another, or to you."""
    if word == INTRODUCED_WORD:
        return (
            f"you introduced {first_name(name)} and {other}" if other else f"{name} introduced you"
        )
    return f"{name} is {whose(other) if other else 'your'} {word}"


# Steps that can be undone


def step_added(name: str) -> str:
    """Name the step that put somebody in the book."""
    return f"{name}, new in the book"


def step_card(name: str | None) -> str:
    """Name the step that changed somebody's card, or without a name your own."""
    return f"card of {name}" if name else "your own card"


def step_note(names: Sequence[str], day: str, amended: bool = False) -> str:
    """Name the step that kept a conversation: note with Maya, 17 Nov."""
    what = "addition to the note" if amended else "note"
    whom = f" with {joined([first_name(name) for name in names])}" if names else ""
    return f"{what}{whom}, {day}"


def step_asked(name: str, thread: str) -> str:
    """Name the step that opened a thread."""
    return f"to ask {first_name(name)}: {thread}"


def step_heard(name: str, thread: str) -> str:
    """Name the step that closed a thread."""
    return f"heard from {first_name(name)}: {thread}"


def step_rest(name: str, rests: bool) -> str:
    """Name the step that left somebody in peace, or took that back."""
    return f"{'rest' if rests else 'end of the rest'} of {name}"


def step_introduction(one: str, other: str) -> str:
    """Name the step in which one of two answered, or you brought them together."""
    return f"introduction of {one} and {other}"


def step_sent(names: Sequence[str]) -> str:
    """Name the step that kept to whom you sent something."""
    return f"something sent to {joined(names)}"


def step_merge(other: str, name: str) -> str:
    """Name the step that made one card of two."""
    return f"{other} and {name} as one card"


def step_import(name: str, people: int, talks: int) -> str:
    """Name the step that took a file in."""
    told = [
        counted(number, noun)
        for number, noun in ((people, "person"), (talks, "conversation"))
        if number
    ]
    return f"import of {name}" + (f": {joined(told)}" if told else "")


def undone(what: str) -> str:
    """Say what was taken back."""
    return f"Undone: {what}."


def redone(what: str) -> str:
    """Say what was brought back."""
    return f"Done again: {what}."


# What comes in and goes out


def recognised(kind: str) -> str:
    """Say what a file was taken for."""
    return f"Read as {kind}."


def came_in(new: int, updated: int, same: int, talks: int, dry_run: bool) -> str:
    """Say how many are new, grew or are as they were; of conversations only the new."""
    told = [
        f"{number:,} {what}"
        for number, what in ((new, "new"), (updated, "with something new"), (same, "as before"))
        if number
    ]
    people = joined(told) if told else "nobody"
    also = f", {counted(talks, 'new conversation')}" if talks else ""
    return f"{'Would be: ' if dry_run else ''}{people}{also}."


# What kin holds on somebody, and letting it go


def mirror_of(name: str, owner: str) -> str:
    """Head the list of all that is held on somebody, said to them."""
    who = "the owner of this book has" if owner == "You" else f"{owner} has"
    return f"{name}, this is all that {who} written down about you."


def would_go(name: str, counts: Sequence[str]) -> tuple[str, ...]:
    """Say what goes with somebody."""
    with_them = f": {joined(counts)}" if counts else ""
    return (
        f"{name} goes out of the book{with_them}.",
        "This cannot be undone, and ends undo for what was done before.",
    )


def really_forget(name: str) -> str:
    """Ask before somebody is forgotten."""
    return f"Forget {name}?"


def forgotten(name: str) -> str:
    """Say that somebody is forgotten."""
    return f"{name} is forgotten."


# The vocabulary


def vocabulary_word(saying: str, a: str, b: str) -> str:
    """Say what the owner said of two interests."""
    told = {"same": "means the same as", "under": "is a kind of", "apart": "stands apart from"}
    return f"{quoted(a)} {told[saying]} {quoted(b)}."


def asks_typo(label: str, other: str) -> str:
    """Ask whether a new interest is a slip for one that is there."""
    return f"Is {quoted(label)} your {quoted(other)}?"


def asks_kind(label: str, other: str) -> str:
    """Ask whether a new interest is a kind of one that is there."""
    return f"Is {quoted(label)} a kind of your {quoted(other)}?"


def asks_sense(label: str) -> str:
    """Ask which of several things a word means."""
    return f"Which {quoted(label)} is it?"


def kept_apart(label: str, other: str, command: str) -> str:
    """Say that a likely slip was kept as an interest of its own."""
    return f"{quoted(label)} is kept apart from your {quoted(other)}; if they are one: {command}"


def stands_alone(label: str, other: str, command: str) -> str:
    """Say that what may be a kind of another interest was kept for itself."""
    return f"{quoted(label)} stands for itself; if it is a kind of {quoted(other)}: {command}"


def unclear_sense(label: str, senses: tuple[str, ...], command: str) -> str:
    """Say that a word which is several things was kept as it is."""
    return f"{quoted(label)} may be {joined(senses, 'or')}; until you say which, it stands for itself: {command}"


# Reasons for a hello


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


# Questions: about them, open, on what you noted.


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


# Rest


def rests(name: str, until: str | None) -> str:
    """Say that somebody is left in peace."""
    return f"{name} rests until {until}." if until else f"{name} rests until you say otherwise."


def is_back(name: str) -> str:
    """Say that a rest is over."""
    return f"{name} may come up again."


def counted(number: int, noun: str) -> str:
    """Say how many: 1 day, 2 days, 3 people."""
    if noun == "person" and number != 1:
        return f"{number:,} people"
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


# Introductions

RARE_HERE = ", which is rare among the people you know"
BOTH_INTO = "{one} and {other} are both into {label}{rare}."
INTO_A_KIND = "{one} is into {label}, a kind of {broad}, and {other} is into {broad}{rare}."
NOBODY_TO_MEET = "When two people you know love the same rare thing and have yet to meet, you will find them here."
KNOW_EACH_OTHER = "They may know each other already."
NEITHER_ASKED = "Neither has been asked yet."
ONE_YES = "{one} said yes; {other} is yet to be asked."
BOTH_YES = "Both said yes; bring them together."
ONE_NO = "{one} would rather not, and that is that."
INTRODUCED = "You brought them together on {day}."


# Things found

IS_A_KIND = "{name} is into {theirs}, which is a kind of {found}."
HAS_A_KIND = "{name} is into {theirs}, and {found} is a kind of it."
FOR_NOBODY = "As far as your book knows, nobody loves this yet; you may know better."
SENT = "You sent it to {name} on {day}."
