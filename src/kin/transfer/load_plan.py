"""What an import of a whole book into an empty one does: all of it comes back, so nothing is matched.

Its one rule: what is told of it is what happens.
"""

import sqlite3
from collections.abc import Sequence

from kin.constants import ME
from kin.formats.book import Book
from kin.formats.incoming import Brought
from kin.transfer.import_plan import Outcome, Place


def is_empty(db: sqlite3.Connection) -> bool:
    """Tell whether nothing was written into the book yet."""
    sql = (
        "SELECT EXISTS (SELECT 1 FROM person WHERE id > ?1) OR EXISTS (SELECT 1 FROM conversation) "
        "OR EXISTS (SELECT 1 FROM person_interest WHERE person_id = ?1) OR EXISTS (SELECT 1 FROM vocabulary_word) "
        # A new book finds its owner by the word “me” alone.
        "OR EXISTS (SELECT 1 FROM name_word WHERE person_id = ?1 AND word <> 'me')"
    )
    return not db.execute(sql, (ME,)).fetchone()[0]


def _marks(book: Book) -> list[Place]:
    if not book.forgotten:
        return []
    why = f"{len(book.forgotten):,} cards of people whom that book forgot will not be read here"
    return [Place("forgotten", why)]


def only_book(found: Sequence[Brought | Book]) -> Book | None:
    """Return the book, where files bring one and nobody else."""
    whole = [each for each in found if isinstance(each, Book) or each.people or each.talks]
    return whole[0] if len(whole) == 1 and isinstance(whole[0], Book) else None


def outcome(matched: Outcome, found: Sequence[Brought | Book]) -> Outcome:
    """Return what an import did, where the book was empty: `matched` is what it would have been else."""
    book = only_book(found)
    if book is None:
        return matched
    told = [each for each in found if isinstance(each, Brought)]
    return matched._replace(
        new=sum(not person.me for person in book.people),
        updated=0,
        same=0,
        talks=len(book.talks),
        doubles=(),
        double_count=0,
        skipped=tuple(Place(one.where, one.why) for each in told for one in each.skipped),
        remarks=tuple(
            [Place(one.where, one.why) for each in told for one in each.remarks] + _marks(book)
        ),
    )
