"""What a person is called, and which of it is theirs alone.

A name that another has too belongs to the other, except in a conversation where the other was not.
"""

import re
import sqlite3
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import unquote

from kin.constants import ME
from kin.language.addresses import Address, address
from kin.language.common_words import COMMON
from kin.language.person_names import TITLES, Known, dense, name_parts, name_words
from kin.language.text import fold, shape
from kin.privacy.redaction import (
    Called,
    Reader,
    called,
    given_name,
    is_called_by,
    is_little,
    is_plain,
    is_small,
    reader,
)
from kin.vocabulary import catalog as vocabulary


class Names(NamedTuple):
    """All that a person is called.

    `by` is how names of others are made of theirs: by the name or the handle. `specific` are those of the nicknames
    and of the words of the handle that are no ordinary words. Of `words`, the folded ones of all names, `own` are nobody else's. `sure` are whole
    names that nobody else has, `addresses` theirs alone. `then` is how the text of a conversation called them.
    """

    name: str
    by: tuple[str, ...]
    nicknames: tuple[str, ...]
    specific: tuple[str, ...]
    words: tuple[str, ...]
    own: tuple[str, ...]
    sure: tuple[str, ...]
    addresses: tuple[Address, ...]
    reader: Reader
    then: dict[int, str]

    @property
    def is_a_word(self) -> bool:
        """Return whether the whole name is one ordinary word, which is no phrase to look for."""
        return " " not in self.name and is_plain(fold(self.name))


def names_of(db: sqlite3.Connection, person: int) -> Names:
    """Return what a person is called."""
    name, handle = db.execute("SELECT name, handle FROM person WHERE id = ?", (person,)).fetchone()
    nicknames = _column(db, "SELECT nickname FROM nickname WHERE person_id = ?", person)
    parts = fold(handle).split()
    specific = tuple(_specific(db, person, dict.fromkeys((*nicknames, *parts))))
    found = _column(
        db, "SELECT word FROM name_word WHERE person_id = ? AND length(word) > 1", person
    )
    firsts, by = {_first(each) for each in (name, *nicknames)}, (name, f"@{handle}")
    words = tuple(word for word in found if word in firsts or not is_small(word))
    own = tuple(word for word in words if not _is_anothers(db, word, person, by))
    then = dict(
        db.execute(
            "SELECT conversation_id, matched FROM conversation_person WHERE person_id = ? AND matched <> ''",
            (person,),
        ).fetchall()
    )
    kept = tuple(each for each in nicknames if each in specific)
    names = Names(
        name,
        by,
        nicknames,
        specific,
        words,
        own,
        (),
        _addresses(db, person),
        reader(_others(db, person, by), Known(handle, name, kept)),
        then,
    )
    return names._replace(sure=(by[1], *_phrases(db, person, names)))


def _specific(db: sqlite3.Connection, person: int, nicknames: Collection[str]) -> Iterator[str]:
    """Yield the nicknames that are no ordinary words, and no label of what others are into or where they live."""
    labels: set[str] | None = None
    for nickname in nicknames:
        if _is_ordinary(nickname):
            continue
        if labels is None:
            labels = _labels(db, person)
        if fold(nickname) not in labels and vocabulary.row_of(nickname) is None:
            yield nickname


def _is_ordinary(nickname: str) -> bool:
    """Return whether each word of a nickname is an ordinary one, a letter or a number."""
    words = name_words(nickname)
    return all(len(word) == 1 or word.isdecimal() or is_plain(word) for word in words)


def _is_common(nickname: str) -> bool:
    """Return whether each word of a nickname is a common one or a number, unlike Mo or Bill, which are names too."""
    words = name_words(nickname)
    return all(len(word) == 1 or word.isdecimal() or word in COMMON for word in words)


def _labels(db: sqlite3.Connection, person: int) -> set[str]:
    """Return the labels in the book of interests, groups and places, folded."""
    rows = db.execute(
        "SELECT label FROM interest UNION SELECT label FROM people_group UNION SELECT place FROM conversation "
        "WHERE place IS NOT NULL UNION SELECT lives FROM person WHERE lives IS NOT NULL AND id <> ?1 "
        "UNION SELECT met_at FROM person WHERE met_at IS NOT NULL AND id <> ?1",
        (person,),
    )
    return {fold(label) for (label,) in rows}


def _others(db: sqlite3.Connection, person: int, by: tuple[str, ...]) -> Iterator[Known]:
    """Yield how everyone else is called; a name that is made of the person's is left out."""
    rows = db.execute(
        "SELECT p.handle, p.name, n.nickname FROM person p LEFT JOIN nickname n ON n.person_id = p.id "
        "WHERE p.id NOT IN (?, ?) ORDER BY p.id, n.id",
        (person, ME),
    ).fetchall()
    collected: dict[str, list[str]] = {}
    for handle, name, nickname in rows:
        names = collected.setdefault(handle, [name])
        names += [nickname] if nickname is not None else []
    for handle, names in collected.items():
        own = [each for each in names if not _is_made_of(each, by)]
        if own:
            yield Known(handle, own[0], tuple(own[1:]))


def is_made_of(other: str, names: Names) -> bool:
    """Return whether a name is made of the person's name or handle: Maya’s mum."""
    return _is_made_of(other, names.by)


def _is_made_of(other: str, by: tuple[str, ...]) -> bool:
    if "@" not in other and _longest_word(by[0]) not in fold(other):
        return False
    return any(is_called_by(other, each) for each in by)


def _phrases(db: sqlite3.Connection, person: int, names: Names) -> list[str]:
    """Return the names that nobody else is called by."""
    specific = [each for each in names.nicknames if each in names.specific]
    several = [each for each in (*specific, *names.then.values()) if " " in each]
    several = [each for each in several if not all(map(is_plain, name_words(each)))]
    parts = [part for part in names.name.split() if fold(part.rstrip(".")) not in TITLES]
    whole = [] if names.is_a_word else [names.name]
    whole += [f"{parts[0]} {parts[-1]}"] if len(parts) > 2 else []
    joined = [part for part in parts if "-" in part]
    found = [
        each for each in (*whole, *several, *joined) if not _is_anothers(db, each, person, names.by)
    ]
    handles = [each for each in names.then.values() if each.startswith("@")]
    # The given name alone, of a name in a script without spaces, unless it is part of another's.
    held = "SELECT 1 FROM person WHERE instr(name, ?) AND id <> ?"
    given = [
        each for each in given_name(names.name) if not db.execute(held, (each, person)).fetchone()
    ]
    run = "".join(names.name.split())
    return [*found, *handles, *given, *([run] if dense(run) else [])]


def _addresses(db: sqlite3.Connection, person: int) -> tuple[Address, ...]:
    """Return the addresses that are specific enough to look for and reach nobody else."""
    rows = db.execute("SELECT kind, value FROM contact WHERE person_id = ?", (person,)).fetchall()
    found = {each.key: each for kind, value in rows if (each := address(kind, value))}
    if not found:
        return ()
    others = db.execute("SELECT kind, value FROM contact WHERE person_id <> ?", (person,))
    for kind, value in others.fetchall():
        if each := address(kind, value):
            found.pop(each.key, None)
    handles = db.execute("SELECT handle FROM person WHERE id <> ?", (person,))
    for (handle,) in handles.fetchall():
        found.pop(f"account:{handle.casefold()}", None)  # @tom-b is Tom Becker here
    return tuple(found.values())


def anywhere(names: Names) -> Called:
    """Return how to find a person in any text: of ordinary words only the first name.

    Rose is found, Mrs Day is not, where nobody speaks of her; a nickname is found where it is specific.
    """
    first = _first(names.name)
    theirs = {word for each in (names.name, *names.specific) for word in name_words(each)}
    words = [
        each
        for each in names.own
        if each in theirs and (not is_plain(each) or (each == first and not is_little(each)))
    ]
    return called(names.sure, words, addresses=names.addresses, reader=names.reader)


def in_talk(names: Names, talk: int, others: Collection[str]) -> Called:
    """Return how to find a person in a conversation they were in, with others who have these words in their names."""
    phrases = [*names.sure]
    then = names.then.get(talk, "")
    # An ordinary word or a number is theirs only where the conversation was linked by it.
    nicknames = [each for each in names.nicknames if not _is_common(each) or each == then]
    ordinary = {word for each in names.nicknames if _is_common(each) for word in name_words(each)}
    ordinary -= {*name_words(names.name), *name_words(then)}
    phrases += [each for each in nicknames if not {*name_words(each)} & {*others}]
    words = [each for each in names.own if each not in ordinary]
    words += [each for each in names.words if each not in others and each not in ordinary]
    if fold(then).isalnum():
        words += [] if fold(then) in others else [fold(then)]
    else:
        phrases.append(then)
    if not names.is_a_word and not {*name_words(names.name)} <= {*others}:
        phrases.append(names.name)
    if dense("".join(names.name.split())):
        words += names.name.split()[1:]  # of 李 娜 the given name, one sign though it is
    return called(phrases, words, addresses=names.addresses, reader=names.reader, others=others)


def of_others_there(db: sqlite3.Connection, talk: int, person: int) -> set[str]:
    """Return the words of the names of all others in a conversation."""
    rows = db.execute(
        "SELECT word FROM name_word WHERE person_id IN "
        "(SELECT person_id FROM conversation_person WHERE conversation_id = ?1 AND person_id <> ?2)",
        (talk, person),
    )
    return {word for (word,) in rows}


class FullName(NamedTuple):
    """How a person's full name and handle are found in an address, a file name or a key."""

    patterns: tuple[tuple[re.Pattern[str], frozenset[str]], ...]
    handle: re.Pattern[str]
    needles: tuple[str, ...]

    def is_in(self, text: str, whose: Collection[str] = (), *, with_handle: bool = True) -> bool:
        """Return whether a text holds the full name, or the handle, however it is separated or encoded.

        A name whose words are all among the folded words of `whose` own names is theirs.
        """
        decoded = unquote(unquote(text))
        folded = shape(fold(decoded.replace("_", " ")))
        if not any(needle in folded for needle in self.needles):
            return False
        if with_handle and self.handle.search(decoded):
            return True
        return any(
            not words <= {*whose} and pattern.search(folded) for pattern, words in self.patterns
        )


def full_name(names: Names) -> FullName:
    """Return how to find the full name with any separators, and first and last name either way round."""
    words = [fold(word) for part in name_parts(names.name) for word in part]
    alone = len(words) == 1 and not (words[0] in names.own and not is_plain(words[0]))
    orders = [] if alone or not words else [words]
    if len(words) > 1:
        orders += [words[:2], [words[0], words[-1]], [words[-1], words[0]]]
    patterns = tuple(
        (
            re.compile(
                r"(?<![^\W\d_])"
                + r"[\W_]*".join(map(re.escape, map(shape, order)))
                + r"s?(?![^\W\d_])"
            ),
            frozenset(order),
        )
        for order in orders
    )
    handle = names.by[1][1:]
    literal = rf"(?<![^\W_]){re.escape(handle)}(?![^\W_]|-\d)"
    if "-" not in handle:
        literal = rf"@{re.escape(handle)}(?![\w-])"
    needles = {shape(max(order, key=len)) for order in orders} | {shape(fold(handle))}
    return FullName(patterns, re.compile(literal, re.IGNORECASE), tuple(needles))


@lru_cache(maxsize=100)
def _longest_word(name: str) -> str:
    return max(name_words(name), key=len, default="")


def _first(name: str) -> str:
    parts = name_parts(name)
    return parts[0][0] if parts else ""


def _is_anothers(db: sqlite3.Connection, called_so: str, person: int, by: tuple[str, ...]) -> bool:
    """Return whether another may be called so: all its words are of theirs. What is made of the name does not count.

    Maya’s mum is called by Maya's name, and has none of it.
    """
    wanted = {*name_words(called_so)}
    theirs: dict[int, set[str]] = {}
    for other, another in _others_found(db, next(iter(wanted), ""), person, by):
        theirs.setdefault(other, set()).update(name_words(another))
    return any(wanted <= words for words in theirs.values())


def _others_found(
    db: sqlite3.Connection, word: str, person: int, by: tuple[str, ...]
) -> list[tuple[int, str]]:
    """Return the names, and whose they are, of others who are found by a word; what is made of a name is left out."""
    rows = db.execute(
        "SELECT p.id, p.name FROM name_word n JOIN person p ON p.id = n.person_id WHERE n.word = :word AND p.id <> :who "
        "UNION ALL SELECT k.person_id, k.nickname FROM name_word n JOIN nickname k ON k.person_id = n.person_id "
        "WHERE n.word = :word AND n.person_id <> :who",
        {"word": word, "who": person},
    ).fetchall()
    return [(other, another) for other, another in rows if not _is_made_of(another, by)]


def _column(db: sqlite3.Connection, sql: str, person: int) -> tuple[Any, ...]:
    return tuple(row[0] for row in db.execute(sql, (person,)))
