"""A book as a few plain Python values: what kin must hold after each command, told without kin's help.

Owns the model of tests/test_state_machine.py. Its one rule: it knows what a command means, and
nothing of how kin does it; only the keys under which spellings meet are kin's own.
"""

import pickle
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kin.language.text import fold
from kin.vocabulary.catalog import group_key, key


@dataclass
class Who:
    """Somebody: `interests` are stance and story by key, `days` none but the birthday."""

    name: str
    nicknames: set[str] = field(default_factory=set)
    interests: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)
    lives: str | None = None
    circle: str | None = None
    story: str | None = None
    birthday: str | None = None
    rests: tuple[str | None] | None = None  # until when, if at all


@dataclass
class Talk:
    """A conversation: `people` are handles, `topics` keys of interests."""

    number: int
    on: str
    text: str
    people: set[str]
    topics: set[str]
    place: str | None = None


@dataclass
class Asked:
    """A thread; `talk` is the number of the conversation it came up in."""

    text: str
    people: set[str]
    due: str | None = None
    heard: bool = False
    outcome: str | None = None
    talk: int | None = None


@dataclass
class Keeper:
    """The whole book: people by handle (you are `me`), and the spelling in which each interest was first typed."""

    people: dict[str, Who] = field(default_factory=lambda: {"me": Who("You")})
    labels: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    talks: list[Talk] = field(default_factory=list)
    threads: list[Asked] = field(default_factory=list)
    ties: set[tuple[str, str, str]] = field(default_factory=set)

    def copied(self) -> "Keeper":
        """Return the book as it is now."""
        told: Keeper = pickle.loads(pickle.dumps(self))
        return told

    @staticmethod
    def of(told: dict[str, Any]) -> "Keeper":
        """Return the book that `kin export` tells of."""
        known = Keeper({}, {}, {})
        for each in told["people"]:
            who = Who(each["name"], set(each["nicknames"]), lives=each["lives"])
            who.circle, who.story = each["circle"], each["met"]["story"]
            who.birthday = each["birthday"]
            who.rests = (each["rest"]["until"],) if each["rest"] else None
            known.people[each["handle"]] = who
            for held in each["interests"]:
                known.love(each["handle"], held["label"], held["stance"], held["note"])
            for group in each["groups"]:
                known.join(each["handle"], group)
        for number, each in enumerate(told["conversations"]):
            people = {there["handle"] for there in each["people"]}
            topics = known.touch(each["topics"])
            known.talks.append(
                Talk(number, each["on"], each["text"], people, topics, each["place"])
            )
        known.threads = [
            Asked(
                each["text"], set(each["people"]), each["due_on"], each["heard_on"] is not None,
                each["outcome"], each["conversation"],
            )
            for each in told["threads"]
        ]  # fmt: skip
        known.ties = {(each["handle"], each["other"], each["word"]) for each in told["ties"]}
        return known

    def bones(self) -> dict[str, Any]:
        """Return who and how many there are, without a word that may have been redacted."""
        return {
            "people": {handle: len(who.interests) for handle, who in self.people.items()},
            "talks": sorted((each.on, sorted(each.people)) for each in self.talks),
            "threads": sorted((sorted(each.people), each.heard) for each in self.threads),
            "ties": sorted((a, b) for a, b, _ in self.ties),
        }

    # What commands do.

    def love(self, handle: str, label: str, stance: str, story: str | None = None) -> None:
        """Put an interest on a card: its spelling is the book's first, its story stays where none is told."""
        known = self.labels.setdefault(key(label), label.strip())
        held = self.people[handle].interests
        held[key(known)] = (stance, story or held.get(key(known), ("", None))[1])

    def join(self, handle: str, group: str) -> None:
        """Put somebody into a group."""
        self.groups.setdefault(group_key(group), group.strip())
        self.people[handle].groups.add(group_key(group))

    def touch(self, topics: Iterable[str]) -> set[str]:
        """Return the keys of topics, each made with this spelling where it is new."""
        for label in topics:
            self.labels.setdefault(key(label), label.strip())
        return set(map(key, topics))

    def called_anew(self, old: str, new: str) -> None:
        """Give somebody another handle."""
        self.people = {new if each == old else each: who for each, who in self.people.items()}
        for held in self._together():
            held.people = {new if each == old else each for each in held.people}
        self.ties = {
            (new if a == old else a, new if b == old else b, word) for a, b, word in self.ties
        }

    def merge(self, keep: str, other: str) -> None:
        """Make one card of two: the first's word wins, all else is taken over."""
        one, two = self.people[keep], self.people.pop(other)
        for new in two.nicknames - {name for name in two.nicknames if _alike(name, one.nicknames)}:
            one.nicknames.add(new)
        if not _alike(two.name, {one.name, *one.nicknames}):
            one.nicknames.add(two.name)
        one.groups |= two.groups
        for interest, (stance, story) in two.interests.items():
            held = one.interests.get(interest)
            one.interests[interest] = (held[0], held[1] or story) if held else (stance, story)
        for name in ("lives", "circle", "story", "birthday", "rests"):
            setattr(one, name, getattr(one, name) or getattr(two, name))
        for there in self._together():
            there.people = {keep if each == other else each for each in there.people}
        moved = {(keep if a == other else a, keep if b == other else b, w) for a, b, w in self.ties}
        self.ties = {(a, b, word) for a, b, word in moved if a != b}

    def forget(self, handle: str, shared_notes_go: bool) -> None:
        """Take somebody out, and what nobody holds without them."""
        del self.people[handle]

        def stays(people: set[str]) -> bool:
            return handle not in people or bool(people - {handle, "me"})

        gone = {
            talk.number
            for talk in self.talks
            if handle in talk.people and (shared_notes_go or not stays(talk.people))
        }
        self.talks = [talk for talk in self.talks if talk.number not in gone]
        self.threads = [
            each for each in self.threads if stays(each.people) and each.talk not in gone
        ]
        for held in self._together():
            held.people.discard(handle)
        self.ties = {tie for tie in self.ties if handle not in tie[:2]}
        self.sweep()

    def sweep(self) -> None:
        """Let go of interests and groups that nobody holds."""
        held = {each for who in self.people.values() for each in who.interests}
        held |= {each for talk in self.talks for each in talk.topics}
        self.labels = {each: label for each, label in self.labels.items() if each in held}
        joined = {each for who in self.people.values() for each in who.groups}
        self.groups = {each: label for each, label in self.groups.items() if each in joined}

    # What kin says.

    def exported(self) -> dict[str, Any]:
        """Return the book as `of_export` returns that of `kin export`."""
        texts = {talk.number: talk.text for talk in self.talks}
        return {
            "people": {handle: self._card(who) for handle, who in self.people.items()},
            "talks": sorted(
                (
                    each.on,
                    each.text,
                    sorted(each.people),
                    sorted(self.labels[topic] for topic in each.topics),
                    each.place or "",
                )
                for each in self.talks
            ),
            "threads": sorted(
                (
                    each.text,
                    sorted(each.people),
                    each.due or "",
                    each.heard,
                    each.outcome or "",
                    "" if each.talk is None else texts[each.talk],
                )
                for each in self.threads
            ),
            "ties": sorted(self.ties),
        }

    def _together(self) -> "list[Talk | Asked]":
        return [*self.talks, *self.threads]

    def _card(self, who: Who) -> dict[str, Any]:
        return {
            "name": who.name,
            "nicknames": sorted(who.nicknames),
            "interests": sorted(
                (self.labels[each], stance, story or "")
                for each, (stance, story) in who.interests.items()
            ),
            "groups": sorted(self.groups[each] for each in who.groups),
            "lives": who.lives,
            "circle": who.circle,
            "story": who.story,
            "birthday": who.birthday,
            "rests": who.rests,
        }


def _alike(name: str, others: Iterable[str]) -> bool:
    return (fold(name) or name) in {fold(other) or other for other in others}


def of_export(told: dict[str, Any]) -> dict[str, Any]:
    """Return what `kin export` says of a book, in the shape of `Keeper.exported`."""
    talks = told["conversations"]
    return {
        "people": {
            each["handle"]: {
                "name": each["name"],
                "nicknames": sorted(each["nicknames"]),
                "interests": sorted(
                    (held["label"], held["stance"], held["note"] or "")
                    for held in each["interests"]
                ),
                "groups": sorted(each["groups"]),
                "lives": each["lives"],
                "circle": each["circle"],
                "story": each["met"]["story"],
                "birthday": each["birthday"],
                "rests": (each["rest"]["until"],) if each["rest"] else None,
            }
            for each in told["people"]
        },
        "talks": sorted(
            (
                each["on"],
                each["text"],
                sorted(there["handle"] for there in each["people"]),
                sorted(each["topics"]),
                each["place"] or "",
            )
            for each in talks
        ),
        "threads": sorted(
            (
                each["text"],
                sorted(each["people"]),
                each["due_on"] or "",
                each["heard_on"] is not None,
                each["outcome"] or "",
                "" if each["conversation"] is None else talks[each["conversation"]]["text"],
            )
            for each in told["threads"]
        ),
        "ties": sorted((each["handle"], each["other"], each["word"]) for each in told["ties"]),
    }
