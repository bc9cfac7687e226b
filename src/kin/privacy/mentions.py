"""Finds where the book names a person: in text about others, on the cards of others, in vocabulary rules.

`kin recall --all`, `kin forget --dry-run` and `kin forget` use the same lists: the text that redaction changes, and the
places that it leaves.
"""

import json
import re
import sqlite3
from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import unquote

from kin.book.meta import CardIdentity
from kin.constants import OWNER_ID
from kin.formats import vcard
from kin.formats.vcard import normalize_uid
from kin.language.person_names import (
    TITLES,
    PersonNames,
    is_common_word,
    is_unspaced_script,
    list_name_words,
    split_name,
)
from kin.language.text import normalize, replace_marks_with_letters
from kin.privacy.redaction import (
    Address,
    NameDetector,
    NameMatcher,
    is_english_function_word,
    is_function_word,
    is_named_after,
    is_ordinary_word,
    list_given_names,
    make_name_detector,
    make_name_matcher,
    parse_address,
    redact,
)
from kin.records import Hidden, PersonRef
from kin.transfer.sync import three_way_merge
from kin.vocabulary import catalog


class NameProfile(NamedTuple):
    """All names of a person.

    `base_names` are the name and the @handle, from which names of others may be derived (Maya’s mum). `specific_names`
    are the nicknames and the words of the handle that are not ordinary words. `words` are the normalized words of all
    names, `unique_words` those that no one else has; `unique_names` are whole names and `addresses` contacts that no
    one else has. `matched_in_notes` is what the text of each note calls them.
    """

    name: str
    base_names: tuple[str, ...]
    nicknames: tuple[str, ...]
    specific_names: tuple[str, ...]
    words: tuple[str, ...]
    unique_words: tuple[str, ...]
    unique_names: tuple[str, ...]
    addresses: tuple[Address, ...]
    detector: NameDetector
    matched_in_notes: dict[int, str]

    @property
    def is_one_ordinary_word(self) -> bool:
        """Whether the whole name is one ordinary word, which is too common to look for."""
        return " " not in self.name and is_ordinary_word(normalize(self.name))


def build_name_profile(db: sqlite3.Connection, person: int) -> NameProfile:
    """Return all names of a person."""
    name, handle = db.execute("SELECT name, handle FROM person WHERE id = ?", (person,)).fetchone()
    nicknames = _fetch_column(db, "SELECT nickname FROM nickname WHERE person_id = ?", person)
    parts = normalize(handle).split()
    specific_names = tuple(_filter_specific(db, person, dict.fromkeys((*nicknames, *parts))))
    all_words = _fetch_column(
        db, "SELECT word FROM name_word WHERE person_id = ? AND length(word) > 1", person
    )
    first_names, base_names = (
        {_get_first_name(each) for each in (name, *nicknames)},
        (name, f"@{handle}"),
    )
    words = tuple(word for word in all_words if word in first_names or not is_function_word(word))
    unique_words = tuple(
        word for word in words if not _belongs_to_another(db, word, person, base_names)
    )
    matched_in_notes = dict(
        db.execute(
            "SELECT note_id, matched FROM note_person WHERE person_id = ? AND matched <> ''",
            (person,),
        ).fetchall()
    )
    kept_nicknames = tuple(each for each in nicknames if each in specific_names)
    names = NameProfile(
        name,
        base_names,
        nicknames,
        specific_names,
        words,
        unique_words,
        (),
        _list_unique_addresses(db, person),
        make_name_detector(
            _list_other_people(db, person, base_names), PersonNames(handle, name, kept_nicknames)
        ),
        matched_in_notes,
    )
    return names._replace(unique_names=(base_names[1], *_list_unique_names(db, person, names)))


def _filter_specific(
    db: sqlite3.Connection, person: int, nicknames: Collection[str]
) -> Iterator[str]:
    """Yield the nicknames that are neither ordinary words nor a label of an interest, a group or a place."""
    labels: set[str] | None = None
    for nickname in nicknames:
        if _is_ordinary(nickname):
            continue
        if labels is None:
            labels = _collect_labels(db, person)
        if normalize(nickname) not in labels and catalog.find_row(nickname) is None:
            yield nickname


def _is_ordinary(nickname: str) -> bool:
    """Return whether each word of a nickname is an ordinary word, a letter or a number."""
    words = list_name_words(nickname)
    return all(len(word) == 1 or word.isdecimal() or is_ordinary_word(word) for word in words)


def _is_common(nickname: str) -> bool:
    """Return whether each word of a nickname is a common word or a number; Mo and Bill are not, as they are names too."""
    words = list_name_words(nickname)
    return all(len(word) == 1 or word.isdecimal() or is_common_word(word) for word in words)


def _collect_labels(db: sqlite3.Connection, person: int) -> set[str]:
    """Return the normalized labels of the interests, groups and places in the book."""
    rows = db.execute(
        "SELECT label FROM interest UNION SELECT label FROM people_group UNION SELECT place FROM note "
        "WHERE place IS NOT NULL UNION SELECT lives FROM person WHERE lives IS NOT NULL AND id <> ?1 "
        "UNION SELECT met_at FROM person WHERE met_at IS NOT NULL AND id <> ?1",
        (person,),
    )
    return {normalize(label) for (label,) in rows}


def _list_other_people(
    db: sqlite3.Connection, person: int, base_names: tuple[str, ...]
) -> Iterator[PersonNames]:
    """Yield the names of everyone else, without names derived from the person's."""
    rows = db.execute(
        "SELECT p.handle, p.name, n.nickname FROM person p LEFT JOIN nickname n ON n.person_id = p.id "
        "WHERE p.id NOT IN (?, ?) ORDER BY p.id, n.id",
        (person, OWNER_ID),
    ).fetchall()
    names_by_handle: dict[str, list[str]] = {}
    for handle, name, nickname in rows:
        names = names_by_handle.setdefault(handle, [name])
        names += [nickname] if nickname is not None else []
    for handle, names in names_by_handle.items():
        underived = [each for each in names if not _is_derived_from(each, base_names)]
        if underived:
            yield PersonNames(handle, underived[0], tuple(underived[1:]))


def is_derived_name(name: str, profile: NameProfile) -> bool:
    """Return whether a name is derived from the person’s name or handle: Maya’s mum."""
    return _is_derived_from(name, profile.base_names)


def _is_derived_from(name: str, base_names: tuple[str, ...]) -> bool:
    if "@" not in name and _find_longest_word(base_names[0]) not in normalize(name):
        return False
    return any(is_named_after(name, each) for each in base_names)


def _list_unique_names(db: sqlite3.Connection, person: int, profile: NameProfile) -> list[str]:
    """Return the names that no one else has."""
    specific = [each for each in profile.nicknames if each in profile.specific_names]
    long_names = [each for each in (*specific, *profile.matched_in_notes.values()) if " " in each]
    long_names = [
        each for each in long_names if not all(map(is_ordinary_word, list_name_words(each)))
    ]
    parts = [part for part in profile.name.split() if normalize(part.rstrip(".")) not in TITLES]
    full_names = [] if profile.is_one_ordinary_word else [profile.name]
    full_names += [f"{parts[0]} {parts[-1]}"] if len(parts) > 2 else []
    hyphenated = [part for part in parts if "-" in part]
    unique = [
        each
        for each in (*full_names, *long_names, *hyphenated)
        if not _belongs_to_another(db, each, person, profile.base_names)
    ]
    handles = [each for each in profile.matched_in_notes.values() if each.startswith("@")]
    # In a script without spaces also the given name alone, unless another name contains it.
    sql = "SELECT 1 FROM person WHERE instr(name, ?) AND id <> ?"
    given_names = [
        each
        for each in list_given_names(profile.name)
        if not db.execute(sql, (each, person)).fetchone()
    ]
    unspaced = "".join(profile.name.split())
    return [*unique, *handles, *given_names, *([unspaced] if is_unspaced_script(unspaced) else [])]


def _list_unique_addresses(db: sqlite3.Connection, person: int) -> tuple[Address, ...]:
    """Return the contacts that are specific enough to look for and that no one else has."""
    rows = db.execute("SELECT kind, value FROM contact WHERE person_id = ?", (person,)).fetchall()
    addresses_by_key = {
        each.key: each for kind, value in rows if (each := parse_address(kind, value))
    }
    if not addresses_by_key:
        return ()
    others = db.execute("SELECT kind, value FROM contact WHERE person_id <> ?", (person,))
    for kind, value in others.fetchall():
        if each := parse_address(kind, value):
            addresses_by_key.pop(each.key, None)
    handles = db.execute("SELECT handle FROM person WHERE id <> ?", (person,))
    for (handle,) in handles.fetchall():
        addresses_by_key.pop(f"account:{handle.casefold()}", None)  # @tom-b means Tom Becker here
    return tuple(addresses_by_key.values())


def make_general_matcher(profile: NameProfile) -> NameMatcher:
    """Return a matcher for any text. Of ordinary words it finds only the first name: Rose, but not Mrs Day.

    Nicknames are found if they are specific.
    """
    first_name = _get_first_name(profile.name)
    own_words = {
        word for each in (profile.name, *profile.specific_names) for word in list_name_words(each)
    }
    words = [
        each
        for each in profile.unique_words
        if each in own_words
        and (
            not is_ordinary_word(each)
            or (each == first_name and not is_english_function_word(each))
        )
    ]
    return make_name_matcher(
        profile.unique_names, words, addresses=profile.addresses, detector=profile.detector
    )


def make_note_matcher(
    profile: NameProfile, note_id: int, other_words: Collection[str]
) -> NameMatcher:
    """Return a matcher for a note that the person is in; `other_words` are the words of the other people’s names."""
    phrases = [*profile.unique_names]
    matched = profile.matched_in_notes.get(note_id, "")
    # A common word or a number counts as a nickname only if the note was linked by it.
    nicknames = [each for each in profile.nicknames if not _is_common(each) or each == matched]
    ordinary_words = {
        word for each in profile.nicknames if _is_common(each) for word in list_name_words(each)
    }
    ordinary_words -= {*list_name_words(profile.name), *list_name_words(matched)}
    phrases += [each for each in nicknames if not {*list_name_words(each)} & {*other_words}]
    words = [each for each in profile.unique_words if each not in ordinary_words]
    words += [
        each for each in profile.words if each not in other_words and each not in ordinary_words
    ]
    if normalize(matched).isalnum():
        words += [] if normalize(matched) in other_words else [normalize(matched)]
    else:
        phrases.append(matched)
    if not profile.is_one_ordinary_word and not {*list_name_words(profile.name)} <= {*other_words}:
        phrases.append(profile.name)
    if is_unspaced_script("".join(profile.name.split())):
        words += profile.name.split()[1:]  # the given name of 李 娜, although it is one character
    return make_name_matcher(
        phrases,
        words,
        addresses=profile.addresses,
        detector=profile.detector,
        other_words=other_words,
    )


def collect_other_name_words(db: sqlite3.Connection, note_id: int, person: int) -> set[str]:
    """Return the words of the names of everyone else in a note."""
    rows = db.execute(
        "SELECT word FROM name_word WHERE person_id IN "
        "(SELECT person_id FROM note_person WHERE note_id = ?1 AND person_id <> ?2)",
        (note_id, person),
    )
    return {word for (word,) in rows}


class FullNamePattern(NamedTuple):
    """Finds a person's full name or handle in an address, a file name or a key."""

    patterns: tuple[tuple[re.Pattern[str], frozenset[str]], ...]
    handle: re.Pattern[str]
    needles: tuple[str, ...]

    def is_in(
        self, text: str, owner_words: Collection[str] = (), *, with_handle: bool = True
    ) -> bool:
        """Return whether a text has the full name or the handle, however it is separated or encoded.

        `owner_words` are the normalized words of the names of the text's owner: a name made of these is the owner's.
        """
        decoded = unquote(unquote(text))
        folded = replace_marks_with_letters(normalize(decoded.replace("_", " ")))
        if not any(needle in folded for needle in self.needles):
            return False
        if with_handle and self.handle.search(decoded):
            return True
        return any(
            not words <= {*owner_words} and pattern.search(folded)
            for pattern, words in self.patterns
        )


def make_full_name_pattern(profile: NameProfile) -> FullNamePattern:
    """Return a pattern for the full name with any separators, and for first and last name in either order."""
    words = [normalize(word) for part in split_name(profile.name) for word in part]
    is_too_common = len(words) == 1 and not (
        words[0] in profile.unique_words and not is_ordinary_word(words[0])
    )
    orders = [] if is_too_common or not words else [words]
    if len(words) > 1:
        orders += [words[:2], [words[0], words[-1]], [words[-1], words[0]]]
    patterns = tuple(
        (
            re.compile(
                r"(?<![^\W\d_])"
                + r"[\W_]*".join(map(re.escape, map(replace_marks_with_letters, order)))
                + r"s?(?![^\W\d_])"
            ),
            frozenset(order),
        )
        for order in orders
    )
    handle = profile.base_names[1][1:]
    literal = rf"(?<![^\W_]){re.escape(handle)}(?![^\W_]|-\d)"
    if "-" not in handle:
        literal = rf"@{re.escape(handle)}(?![\w-])"
    needles = {replace_marks_with_letters(max(order, key=len)) for order in orders} | {
        replace_marks_with_letters(normalize(handle))
    }
    return FullNamePattern(patterns, re.compile(literal, re.IGNORECASE), tuple(needles))


@lru_cache(maxsize=100)
def _find_longest_word(name: str) -> str:
    return max(list_name_words(name), key=len, default="")


def _get_first_name(name: str) -> str:
    parts = split_name(name)
    return parts[0][0] if parts else ""


def _belongs_to_another(
    db: sqlite3.Connection, name: str, person: int, base_names: tuple[str, ...]
) -> bool:
    """Return whether someone else has all words of a name. Names derived from the person’s do not count: Maya’s mum."""
    wanted_words = {*list_name_words(name)}
    words_by_person: dict[int, set[str]] = {}
    for other_id, other_name in _find_others_by_word(
        db, next(iter(wanted_words), ""), person, base_names
    ):
        words_by_person.setdefault(other_id, set()).update(list_name_words(other_name))
    return any(wanted_words <= words for words in words_by_person.values())


def _find_others_by_word(
    db: sqlite3.Connection, word: str, person: int, base_names: tuple[str, ...]
) -> list[tuple[int, str]]:
    """Return the ids and names of others with a word in their names, without names derived from the person’s."""
    rows = db.execute(
        "SELECT p.id, p.name FROM name_word n JOIN person p ON p.id = n.person_id WHERE n.word = :word AND p.id <> :who "
        "UNION ALL SELECT k.person_id, k.nickname FROM name_word n JOIN nickname k ON k.person_id = n.person_id "
        "WHERE n.word = :word AND n.person_id <> :who",
        {"word": word, "who": person},
    ).fetchall()
    return [
        (other_id, other_name)
        for other_id, other_name in rows
        if not _is_derived_from(other_name, base_names)
    ]


def _fetch_column(db: sqlite3.Connection, sql: str, person: int) -> tuple[Any, ...]:
    return tuple(row[0] for row in db.execute(sql, (person,)))


# Who else is in a note or a question, apart from the owner.
OTHERS_SQL = f"other.person_id NOT IN (mine.person_id, {OWNER_ID})"
_NOTES_SQL = (
    "SELECT mine.note_id, EXISTS (SELECT 1 FROM note_person other "
    f"WHERE other.note_id = mine.note_id AND {OTHERS_SQL}) "
    "FROM note_person mine WHERE mine.person_id = ?"
)


class TextColumn(NamedTuple):
    """A column whose text may name someone; `label` is its name in output, `people_sql` selects the people of a row."""

    table: str
    column: str
    label: str
    people_sql: str


_LABEL_COLUMNS = ("lives", "place", "met_at", "label", "a_label", "b_label")
_PERSON_OF_ROW_SQL = "SELECT person_id FROM {} WHERE id = ?"
_PEOPLE_OF_NOTE_SQL = "SELECT person_id FROM note_person WHERE note_id = ?"
_PEOPLE_OF_QUESTION_SQL = "SELECT person_id FROM question_person WHERE question_id = ?"
TEXT_COLUMNS = (
    TextColumn("note", "text", "note", _PEOPLE_OF_NOTE_SQL),
    TextColumn("note", "place", "note", _PEOPLE_OF_NOTE_SQL),
    TextColumn("question", "text", "question", _PEOPLE_OF_QUESTION_SQL),
    TextColumn("question", "answer", "answer", _PEOPLE_OF_QUESTION_SQL),
    TextColumn("person", "met_story", "met", "SELECT ?"),
    TextColumn("person", "met_at", "met at", "SELECT ?"),
    TextColumn("person", "lives", "lives", "SELECT ?"),
    TextColumn("person_interest", "note", "interest", _PERSON_OF_ROW_SQL.format("person_interest")),
    TextColumn("nickname", "nickname", "nickname", _PERSON_OF_ROW_SQL.format("nickname")),
    TextColumn("yearly_date", "label", "date", _PERSON_OF_ROW_SQL.format("yearly_date")),
    TextColumn("tie", "word", "tie", "SELECT a_id FROM tie WHERE id = ?1 UNION SELECT b_id FROM tie WHERE id = ?1"),
    TextColumn("sent", "text", "sent", _PERSON_OF_ROW_SQL.format("sent")),
    TextColumn("fact", "text", "fact", _PERSON_OF_ROW_SQL.format("fact")),
    TextColumn("contact", "label", "contact label", _PERSON_OF_ROW_SQL.format("contact")),
    TextColumn("interest", "label", "interest", "SELECT person_id FROM person_interest WHERE interest_id = ?"),
    TextColumn("people_group", "label", "group", "SELECT person_id FROM person_group WHERE group_id = ?"),
    TextColumn("vocabulary_rule", "a_label", "vocab", "SELECT 1 WHERE ? < 0"),
    TextColumn("vocabulary_rule", "b_label", "vocab", "SELECT 1 WHERE ? < 0"),
)  # fmt: skip


class PersonMatchers(NamedTuple):
    """How to find a person: anywhere, in each note they are in, and in each question of such a note."""

    names: NameProfile
    anywhere: NameMatcher
    notes: dict[int, NameMatcher]
    questions: dict[int, NameMatcher]

    def get_row_matchers(self, table: str) -> dict[int, NameMatcher]:
        """Return the matchers for the rows of a table that have their own, by row id."""
        return {"note": self.notes, "question": self.questions}.get(table, {})


class ColumnMention(NamedTuple):
    """Text of a row that names the person, and the text without the name."""

    column: TextColumn
    row_id: int
    text: str
    redacted: str


class TextMention(NamedTuple):
    """Text that names the person: where it is, and the people it is about."""

    where: str
    people: tuple[PersonRef, ...]
    text: str


class TextChange(NamedTuple):
    """Text that would lose the person's name, before and after; `note_id` if it is the text of a note."""

    where: str
    people: tuple[PersonRef, ...]
    text: str
    after: str
    note_id: Hidden[int | None] = None


def list_notes(db: sqlite3.Connection, person_id: int) -> list[tuple[int, int]]:
    """Return the ids of the notes that a person is in, and whether others are in them too."""
    return db.execute(_NOTES_SQL, (person_id,)).fetchall()


def build_matchers(db: sqlite3.Connection, person: int) -> PersonMatchers:
    """Return how to find a person. A word that is also another's name counts only in notes without that other."""
    names = build_name_profile(db, person)
    note_matchers = {
        note_id: make_note_matcher(names, note_id, collect_other_name_words(db, note_id, person))
        for note_id, _ in list_notes(db, person)
    }
    questions_sql = "SELECT id FROM question WHERE note_id = ?"
    question_matchers = {
        row[0]: matcher
        for note_id, matcher in note_matchers.items()
        for row in db.execute(questions_sql, (note_id,))
    }
    return PersonMatchers(names, make_general_matcher(names), note_matchers, question_matchers)


def find_mentions(db: sqlite3.Connection, matchers: PersonMatchers) -> Iterator[ColumnMention]:
    """Yield all text of the book that names a person, apart from the `DAY:` in front of a note."""

    @cache  # many rows have the same place
    def redact_anywhere(text: str, label: bool) -> str:
        return redact(text, matchers.anywhere, label=label)

    for column in TEXT_COLUMNS:
        start = "text_from" if (column.table, column.column) == ("note", "text") else "0"
        rows = db.execute(
            f"SELECT id, {column.column}, {start} FROM {column.table} WHERE {column.column} IS NOT NULL ORDER BY id"
        )
        label, row_matchers = (
            column.column in _LABEL_COLUMNS,
            matchers.get_row_matchers(column.table),
        )
        for row_id, text, text_start in rows.fetchall():
            shown_text, matcher = text[text_start:], row_matchers.get(row_id)
            redacted_text = (
                redact(shown_text, matcher, label=label)
                if matcher
                else redact_anywhere(shown_text, label)
            )
            if redacted_text != shown_text:
                yield ColumnMention(column, row_id, text, text[:text_start] + redacted_text)


def find_text_changes(
    db: sqlite3.Connection, person: int, matchers: PersonMatchers, *, with_shared: bool = False
) -> tuple[TextChange, ...]:
    """Return all text about others that would lose the person's name, including text on cards.

    With `with_shared` also the text of notes and questions that the person shares with others.
    """
    changes = []
    for mention in find_mentions(db, matchers):
        people_ids = list_row_people(db, mention)
        is_shared = mention.column.table in ("note", "question") and {*people_ids} - {
            person,
            OWNER_ID,
        }
        if person not in people_ids or (with_shared and is_shared):
            note_id = mention.row_id if mention.column.table == "note" else None
            changes.append(
                TextChange(
                    mention.column.label,
                    load_person_refs(db, people_ids),
                    mention.text,
                    mention.redacted,
                    note_id,
                )
            )
    seen = {(each.people, each.text) for each in changes}
    for owner_id, text, redacted_text in find_card_mentions(db, person, matchers.anywhere):
        card_people = load_person_refs(db, [owner_id])
        if (card_people, text) not in seen:
            seen.add((card_people, text))
            changes.append(TextChange("card", card_people, text, redacted_text))
    return tuple(changes)


def find_card_mentions(
    db: sqlite3.Connection, person: int, matcher: NameMatcher
) -> Iterator[tuple[int, str, str]]:
    """Yield the text of others' cards that names a person: the id of the card's owner, the text, and it redacted."""
    redacted_by_text: dict[str, str] = {}

    def redact_text(words: str, label: bool = False) -> str:
        if (kept := redact(words, matcher, label=label)) != words:
            redacted_by_text[words] = kept
        return kept

    for owner_id, raw in db.execute(
        "SELECT person_id, raw FROM origin WHERE raw IS NOT NULL AND person_id <> ?", (person,)
    ).fetchall():
        for line in vcard.find_mentions(raw, redact_text):
            yield owner_id, line.text, line.redacted_text
    for owner_id, base, uid in db.execute(
        "SELECT person_id, base, uid FROM synced_card WHERE person_id <> ?", (person,)
    ).fetchall():
        redacted_by_text.clear()
        three_way_merge.redact_base(base, uid, redact_text)
        yield from (
            (owner_id, text, redacted_text) for text, redacted_text in redacted_by_text.items()
        )


def find_unchanged_mentions(
    db: sqlite3.Connection, person: int, names: NameProfile
) -> tuple[TextMention, ...]:
    """Return the places with a person's full name or handle that forgetting leaves as they are.

    They are names, handles and addresses of others, and the keys that files and other programs have for them.
    """
    pattern = make_full_name_pattern(names)
    mentions: dict[tuple[tuple[PersonRef, ...], str], TextMention] = {}

    def add_mention(where: str, owner_id: int | None, text: str) -> None:
        people = load_person_refs(db, [owner_id]) if owner_id else ()
        mentions.setdefault((people, text), TextMention(where, people, text))

    words_by_person = _collect_name_words(db)
    for owner_id, text, handle in db.execute(
        "SELECT id, name, handle FROM person WHERE id <> ? ORDER BY name", (person,)
    ).fetchall():
        if is_derived_name(text, names):
            add_mention("name", owner_id, text)
        if pattern.is_in(handle, words_by_person.get(owner_id, ()), with_handle=False):
            add_mention("handle", owner_id, handle)
    for where, sql in _UNCHANGED_TEXTS_SQL:
        for owner_id, text in db.execute(sql, (person,)).fetchall():
            if pattern.is_in(text, words_by_person.get(owner_id, ())):
                add_mention(where, owner_id, text)
    for owner_id, raw in db.execute(
        "SELECT person_id, raw FROM origin WHERE raw IS NOT NULL AND person_id <> ?", (person,)
    ).fetchall():
        for text in vcard.list_identifying_values(raw):
            if pattern.is_in(text, words_by_person.get(owner_id, ())):
                add_mention("card", owner_id, text)
    return tuple(mentions.values())


# Addresses and keys, which another word would break.
_UNCHANGED_TEXTS_SQL = (
    ("contact", "SELECT person_id, value FROM contact WHERE person_id <> ?"),
    ("file", "SELECT person_id, file FROM synced_card WHERE person_id <> ? AND digest <> ''"),
    ("uid", "SELECT person_id, uid FROM synced_card WHERE person_id <> ? AND digest <> '' AND uid IS NOT NULL"),
    ("uid", "SELECT person_id, uid FROM uid WHERE person_id <> ?"),
    ("key", "SELECT person_id, key FROM origin WHERE person_id <> ? AND key IS NOT NULL"),
    ("folder", "SELECT DISTINCT NULL, folder FROM synced_card WHERE folder <> '' AND ? > 0 ORDER BY folder"),
)  # fmt: skip


def _collect_name_words(db: sqlite3.Connection) -> dict[int, set[str]]:
    """Return the normalized words of everyone's names, by id."""
    rows = db.execute(
        "SELECT id, name FROM person UNION ALL SELECT person_id, nickname FROM nickname"
    ).fetchall()
    words_by_person: dict[int, set[str]] = {}
    for person_id, name in rows:
        words_by_person.setdefault(person_id, set()).update(list_name_words(name))
    return words_by_person


def list_row_people(db: sqlite3.Connection, mention: ColumnMention) -> list[int]:
    """Return the ids of the people that the text of a row is about."""
    return [row[0] for row in db.execute(mention.column.people_sql, (mention.row_id,))]


def load_person_refs(db: sqlite3.Connection, ids: list[int]) -> tuple[PersonRef, ...]:
    """Return the people with these ids."""
    sql = "SELECT id, handle, name FROM person WHERE id = ?"
    return tuple(PersonRef(*db.execute(sql, (person_id,)).fetchone()) for person_id in ids)


_NAME_KEY_PREFIX = "name:"  # of the key of a record without a UID


class _CardRecord(NamedTuple):
    """What one row, current or in the undo log, has about a card."""

    uid: str | None = None
    digest: str | None = None
    folder: str | None = None


def find_card_identity(db: sqlite3.Connection, person: int) -> CardIdentity:
    """Return the UIDs of a person's cards, and the digests of cards without one, unless another person has them too."""
    records = [*_read_current_records(db, person), *_read_undo_records(db, person)]
    others = [*_read_records_of_others(db, person)]
    uids = {each.uid for each in records if each.uid} - {each.uid for each in others}
    digests = {each.digest for each in records if each.digest and each.uid is None}
    digests -= {each.digest for each in others}
    return CardIdentity(
        frozenset(each for each in uids if each), frozenset(each for each in digests if each)
    )


def list_card_folders(db: sqlite3.Connection, person: int) -> tuple[str, ...]:
    """Return the synced folders that have a card of the person, according to the book and its undo log."""
    folders_now = dict(
        db.execute(
            "SELECT folder, max(digest <> '') FROM synced_card WHERE person_id = ? GROUP BY folder",
            (person,),
        ).fetchall()
    )
    folders_before = {
        each.folder for each in _read_undo_records(db, person) if each.folder and each.digest
    }
    return tuple(
        sorted(
            {
                *(each for each in folders_now if folders_now[each]),
                *(folders_before - folders_now.keys()),
            }
        )
    )


def _read_current_records(db: sqlite3.Connection, person: int) -> Iterator[_CardRecord]:
    for (uid,) in db.execute("SELECT uid FROM uid WHERE person_id = ?", (person,)).fetchall():
        yield _CardRecord(normalize_uid(uid))
    origins = db.execute("SELECT key, raw FROM origin WHERE person_id = ?", (person,))
    for key, raw in origins.fetchall():
        yield _make_origin_record(key, raw)
    synced = db.execute("SELECT uid, digest FROM synced_card WHERE person_id = ?", (person,))
    for uid, digest in synced.fetchall():
        yield _CardRecord(normalize_uid(uid) if uid else None, digest)


def _read_records_of_others(db: sqlite3.Connection, person: int) -> Iterator[_CardRecord]:
    for (uid,) in db.execute("SELECT uid FROM uid WHERE person_id <> ?", (person,)):
        yield _CardRecord(normalize_uid(uid))
    for key, raw in db.execute(
        "SELECT key, iif(key LIKE 'name:%', raw, NULL) FROM origin WHERE person_id <> ?", (person,)
    ):
        yield _make_origin_record(key, raw)
    for uid, digest in db.execute(
        "SELECT uid, digest FROM synced_card WHERE person_id <> ?", (person,)
    ):
        yield _CardRecord(normalize_uid(uid) if uid else None, digest)


def _read_undo_records(db: sqlite3.Connection, person: int) -> Iterator[_CardRecord]:
    """Yield what the undo log has of the person's former rows."""
    person_ids = _list_person_ids(db, person)
    images = db.execute(
        "SELECT table_name, image FROM change WHERE table_name IN ('uid', 'origin', 'synced_card') AND image IS NOT NULL"
    )
    for table, image in images:
        row = json.loads(image)
        if row["person_id"] not in person_ids:
            continue
        if table == "uid":
            yield _CardRecord(normalize_uid(row["uid"]))
        elif table == "origin":
            yield _make_origin_record(row["key"], _decode_bytes(row["raw"]))
        else:
            uid = row["uid"]
            yield _CardRecord(normalize_uid(uid) if uid else None, row["digest"], row["folder"])


def _list_person_ids(db: sqlite3.Connection, person: int) -> set[int]:
    """Return the ids of the person and of the people who were merged into them."""
    person_ids = {person}
    uids = {each.uid for each in _read_current_records(db, person)}
    images = db.execute(
        "SELECT json_extract(image, '$.person_id'), json_extract(image, '$.uid') FROM change "
        "WHERE table_name = 'uid' AND image IS NOT NULL"
    ).fetchall()
    for person_id, uid in images:
        existing = db.execute("SELECT 1 FROM person WHERE id = ?", (person_id,)).fetchone()
        if normalize_uid(uid) in uids and existing is None:
            person_ids.add(person_id)
    return person_ids


def _make_origin_record(key: str | None, raw: bytes | None) -> _CardRecord:
    if key is not None and not key.startswith(_NAME_KEY_PREFIX):
        return _CardRecord(normalize_uid(key))
    return _CardRecord(None, sha256(raw).hexdigest() if raw else None)


def _decode_bytes(value: Any) -> bytes | None:
    return bytes.fromhex(value["hex"]) if isinstance(value, dict) else None
