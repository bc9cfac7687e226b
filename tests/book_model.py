"""A model of the book in plain Python: what kin must store after each command, for tests/test_state_machine.py.

It knows what a command means, but nothing of how kin does it. Only the keys of interests, groups and names are
computed by kin itself.
"""

import pickle
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kin.language.text import normalize
from kin.vocabulary.catalog import normalize_group, normalize_interest


@dataclass
class Person:
    """A person: `interests` maps a key to the stance and the story; `groups` are keys."""

    name: str
    nicknames: set[str] = field(default_factory=set)
    interests: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)
    lives: str | None = None
    circle: str | None = None
    story: str | None = None
    birthday: str | None = None
    snooze: tuple[str | None] | None = None  # the day on which it ends, (None,) without an end


@dataclass
class Note:
    """A note: `people` are handles, `interests` are keys."""

    number: int
    on: str
    text: str
    people: set[str]
    interests: set[str]
    place: str | None = None


@dataclass
class Question:
    """A question: `people` are handles, `note` is the number of the note in which it came up."""

    text: str
    people: set[str]
    on: str | None = None
    is_answered: bool = False
    answer: str | None = None
    note: int | None = None


@dataclass
class BookModel:
    """The whole book: people by handle (`me` is the owner), and each interest and group as it was first spelled."""

    people: dict[str, Person] = field(default_factory=lambda: {"me": Person("You")})
    labels: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    ties: set[tuple[str, str, str]] = field(default_factory=set)

    def copy(self) -> "BookModel":
        """Return a copy of the book as it is now."""
        copied: BookModel = pickle.loads(pickle.dumps(self))
        return copied

    @staticmethod
    def from_export(export: dict[str, Any]) -> "BookModel":
        """Return the model of the book that `kin export` printed."""
        model = BookModel({}, {}, {})
        for each in export["people"]:
            person = Person(each["name"], set(each["nicknames"]), lives=each["lives"])
            person.circle, person.story = each["circle"], each["met"]["story"]
            person.birthday = each["birthday"]
            person.snooze = (each["snooze"]["until"],) if each["snooze"] else None
            model.people[each["handle"]] = person
            for interest in each["interests"]:
                model.add_interest(
                    each["handle"], interest["label"], interest["stance"], interest["note"]
                )
            for group in each["groups"]:
                model.add_to_group(each["handle"], group)
        for number, each in enumerate(export["notes"]):
            people = {participant["handle"] for participant in each["people"]}
            interests = model.add_labels(each["interests"])
            model.notes.append(
                Note(number, each["on"], each["text"], people, interests, each["place"])
            )
        model.questions = [
            Question(
                each["text"], set(each["people"]), each["on"], each["answered_on"] is not None,
                each["answer"], each["note"],
            )
            for each in export["questions"]
        ]  # fmt: skip
        model.ties = {(each["handle"], each["other"], each["word"]) for each in export["ties"]}
        return model

    def summarize(self) -> dict[str, Any]:
        """Return the book without any text that could have been redacted."""
        return {
            "people": {handle: len(each.interests) for handle, each in self.people.items()},
            "notes": sorted((each.on, sorted(each.people)) for each in self.notes),
            "questions": sorted((sorted(each.people), each.is_answered) for each in self.questions),
            "ties": sorted((a, b) for a, b, _ in self.ties),
        }

    # What commands do.

    def add_interest(self, handle: str, label: str, stance: str, story: str | None = None) -> None:
        """Add an interest to a card, in its first spelling; without a new story, the old one stays."""
        key = normalize_interest(self.labels.setdefault(normalize_interest(label), label.strip()))
        interests = self.people[handle].interests
        interests[key] = (stance, story or interests.get(key, ("", None))[1])

    def add_to_group(self, handle: str, group: str) -> None:
        """Add a person to a group."""
        self.groups.setdefault(normalize_group(group), group.strip())
        self.people[handle].groups.add(normalize_group(group))

    def add_labels(self, labels: Iterable[str]) -> set[str]:
        """Add interests that are new, in this spelling, and return the keys of all."""
        keys = set()
        for label in labels:
            keys.add(normalize_interest(label))
            self.labels.setdefault(normalize_interest(label), label.strip())
        return keys

    def rename_handle(self, old: str, new: str) -> None:
        """Give a person another handle."""
        self.people = {new if each == old else each: card for each, card in self.people.items()}
        for record in self._list_records():
            record.people = {new if each == old else each for each in record.people}
        self.ties = {
            (new if a == old else a, new if b == old else b, word) for a, b, word in self.ties
        }

    def merge(self, keep: str, other: str) -> None:
        """Merge two cards: the first one wins, and gets what only the other has."""
        one, two = self.people[keep], self.people.pop(other)
        one.nicknames |= {name for name in two.nicknames if not _is_among(name, one.nicknames)}
        if not _is_among(two.name, {one.name, *one.nicknames}):
            one.nicknames.add(two.name)
        one.groups |= two.groups
        for interest, (stance, story) in two.interests.items():
            own = one.interests.get(interest)
            one.interests[interest] = (own[0], own[1] or story) if own else (stance, story)
        for name in ("lives", "circle", "story", "birthday", "snooze"):
            setattr(one, name, getattr(one, name) or getattr(two, name))
        for record in self._list_records():
            record.people = {keep if each == other else each for each in record.people}
        moved = {(keep if a == other else a, keep if b == other else b, w) for a, b, w in self.ties}
        self.ties = {(a, b, word) for a, b, word in moved if a != b}

    def forget(self, handle: str, delete_shared_notes: bool) -> None:
        """Remove a person, and the notes and questions that are with no one else."""
        del self.people[handle]

        def has_others(people: set[str]) -> bool:
            return handle not in people or bool(people - {handle, "me"})

        deleted = {
            note.number
            for note in self.notes
            if handle in note.people and (delete_shared_notes or not has_others(note.people))
        }
        self.notes = [note for note in self.notes if note.number not in deleted]
        self.questions = [
            each for each in self.questions if has_others(each.people) and each.note not in deleted
        ]
        for record in self._list_records():
            record.people.discard(handle)
        self.ties = {tie for tie in self.ties if handle not in tie[:2]}
        self._delete_unused_labels()

    def _delete_unused_labels(self) -> None:
        used = {each for person in self.people.values() for each in person.interests}
        used |= {each for note in self.notes for each in note.interests}
        self.labels = {each: label for each, label in self.labels.items() if each in used}
        used_groups = {each for person in self.people.values() for each in person.groups}
        self.groups = {each: label for each, label in self.groups.items() if each in used_groups}

    # What kin shows.

    def export(self) -> dict[str, Any]:
        """Return the book in the shape of `simplify_export`."""
        texts = {note.number: note.text for note in self.notes}
        return {
            "people": {handle: self._export_card(each) for handle, each in self.people.items()},
            "notes": sorted(
                (
                    each.on,
                    each.text,
                    sorted(each.people),
                    sorted(self.labels[interest] for interest in each.interests),
                    each.place or "",
                )
                for each in self.notes
            ),
            "questions": sorted(
                (
                    each.text,
                    sorted(each.people),
                    each.on or "",
                    each.is_answered,
                    each.answer or "",
                    "" if each.note is None else texts[each.note],
                )
                for each in self.questions
            ),
            "ties": sorted(self.ties),
        }

    def _list_records(self) -> "list[Note | Question]":
        return [*self.notes, *self.questions]

    def _export_card(self, person: Person) -> dict[str, Any]:
        return {
            "name": person.name,
            "nicknames": sorted(person.nicknames),
            "interests": sorted(
                (self.labels[each], stance, story or "")
                for each, (stance, story) in person.interests.items()
            ),
            "groups": sorted(self.groups[each] for each in person.groups),
            "lives": person.lives,
            "circle": person.circle,
            "story": person.story,
            "birthday": person.birthday,
            "snooze": person.snooze,
        }


def _is_among(name: str, others: Iterable[str]) -> bool:
    return (normalize(name) or name) in {normalize(other) or other for other in others}


def simplify_export(export: dict[str, Any]) -> dict[str, Any]:
    """Return the book that `kin export` printed, in the shape of `BookModel.export`."""
    notes = export["notes"]
    return {
        "people": {
            each["handle"]: {
                "name": each["name"],
                "nicknames": sorted(each["nicknames"]),
                "interests": sorted(
                    (interest["label"], interest["stance"], interest["note"] or "")
                    for interest in each["interests"]
                ),
                "groups": sorted(each["groups"]),
                "lives": each["lives"],
                "circle": each["circle"],
                "story": each["met"]["story"],
                "birthday": each["birthday"],
                "snooze": (each["snooze"]["until"],) if each["snooze"] else None,
            }
            for each in export["people"]
        },
        "notes": sorted(
            (
                each["on"],
                each["text"],
                sorted(participant["handle"] for participant in each["people"]),
                sorted(each["interests"]),
                each["place"] or "",
            )
            for each in notes
        ),
        "questions": sorted(
            (
                each["text"],
                sorted(each["people"]),
                each["on"] or "",
                each["answered_on"] is not None,
                each["answer"] or "",
                "" if each["note"] is None else notes[each["note"]]["text"],
            )
            for each in export["questions"]
        ),
        "ties": sorted((each["handle"], each["other"], each["word"]) for each in export["ties"]),
    }
