"""What somebody is called, and what of it is theirs alone.

Its one rule: a name that another has too is that other's, save where they were not there.
"""

import sqlite3
from collections.abc import Collection
from typing import Any, NamedTuple

from kin.redaction import (
    Called,
    called,
    given_name,
    is_called_by,
    is_little,
    is_plain,
    is_small,
)
from kin.text import fold
from kin.who import dense, name_parts, name_words


class Names(NamedTuple):
    """All that somebody is called.

    `by` is how names of others are made of theirs: by the name or the handle. Of `words`, the folded ones of
    all names, `own` are nobody else's. `sure` are whole phrases that nobody else is called by, `spared` names of
    others in which a word of theirs stands. `then` is how the words of a conversation called them, who may have
    had another name.
    """

    name: str
    by: tuple[str, ...]
    nicknames: tuple[str, ...]
    words: tuple[str, ...]
    own: tuple[str, ...]
    sure: tuple[str, ...]
    spared: tuple[str, ...]
    then: dict[int, str]

    @property
    def is_a_word(self) -> bool:
        """Tell whether the whole name is one plain word, which is no phrase to look for."""
        return " " not in self.name and is_plain(fold(self.name))


def names_of(db: sqlite3.Connection, person: int) -> Names:
    """Return what somebody is called."""
    name, handle = db.execute("SELECT name, handle FROM person WHERE id = ?", (person,)).fetchone()
    nicknames = _column(db, "SELECT nickname FROM nickname WHERE person_id = ?", person)
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
    others = {each for word in words for _, each in _others_found(db, word, person, by)}
    spared = tuple(sorted({part for each in others for part in _parts_of(each)}))
    names = Names(name, by, nicknames, words, own, (), spared, then)
    return names._replace(sure=(by[1], *_ways(db, person), *_phrases(db, person, names)))


def _phrases(db: sqlite3.Connection, person: int, names: Names) -> list[str]:
    """Return the names that nobody else is called by."""
    several = [each for each in (*names.nicknames, *names.then.values()) if " " in each]
    whole = [] if names.is_a_word else [names.name]
    joined = [part for part in names.name.split() if "-" in part]
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


def _ways(db: sqlite3.Connection, person: int) -> tuple[str, ...]:
    """Return the ways to reach somebody that reach nobody else."""
    return _column(
        db,
        "SELECT value FROM contact c WHERE person_id = ? AND NOT EXISTS "
        "(SELECT 1 FROM contact o WHERE o.value = c.value AND o.person_id <> c.person_id)",
        person,
    )


def anywhere(names: Names) -> Called:
    """Return how to find somebody in any words: of a plain word only what one is called by.

    Rose is found, Mrs Day is not, where nobody speaks of her.
    """
    firsts = {_first(each) for each in (names.name, *names.nicknames)}
    words = [
        each for each in names.own if not is_plain(each) or (each in firsts and not is_little(each))
    ]
    return called(names.sure, words, names.spared)


def in_talk(names: Names, talk: int, others: Collection[str]) -> Called:
    """Return how to find somebody in a conversation they were in, beside others with these words in their names."""
    phrases = [*names.sure]
    phrases += [each for each in names.nicknames if not {*name_words(each)} & {*others}]
    words = [*names.own, *(each for each in names.words if each not in others)]
    then = names.then.get(talk, "")
    if fold(then).isalnum():
        words += [] if fold(then) in others else [fold(then)]
    else:
        phrases.append(then)
    if not names.is_a_word and not {*name_words(names.name)} <= {*others}:
        phrases.append(names.name)
    if dense("".join(names.name.split())):
        words += names.name.split()[1:]  # of 李 娜 the given name, one sign though it is
    return called(phrases, words, names.spared)


def of_others_there(db: sqlite3.Connection, talk: int, person: int) -> set[str]:
    """Return the words of the names of all others in a conversation."""
    rows = db.execute(
        "SELECT word FROM name_word WHERE person_id IN "
        "(SELECT person_id FROM conversation_person WHERE conversation_id = ?1 AND person_id <> ?2)",
        (talk, person),
    )
    return {word for (word,) in rows}


def _first(name: str) -> str:
    parts = name_parts(name)
    return parts[0][0] if parts else ""


def _is_anothers(db: sqlite3.Connection, called_so: str, person: int, by: tuple[str, ...]) -> bool:
    """Tell whether another may be called so: all its words are of theirs. What is made of the name is none of them.

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
    return [
        (other, another)
        for other, another in rows
        if not any(is_called_by(another, each) for each in by)
    ]


def _parts_of(name: str) -> list[str]:
    """Return a name of several words, and what of it is joined: Mary-Lou Hart, Mary-Lou."""
    whole = [name] if len(name.split()) > 1 else []
    return [*whole, *(part for part in name.split() if "-" in part)]


def _column(db: sqlite3.Connection, sql: str, person: int) -> tuple[Any, ...]:
    return tuple(row[0] for row in db.execute(sql, (person,)))
