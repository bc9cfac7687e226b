"""Several files in one import: what is read together, and what must come one after the other.

Its one rule: a book of kin's own comes whole and first, and conversations meet those that came before.
"""

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

from kin.formats.book import Book
from kin.formats.incoming import Brought
from kin.language.text import joined
from kin.transfer.import_plan import Outcome

Portion = tuple[Brought | Book, ...]


def portions(found: Sequence[Brought | Book]) -> tuple[Portion, ...]:
    """Part what files bring: each book by itself with what is told of it, each with conversations, then the rest."""
    books: list[Portion] = []
    talking: list[Portion] = []
    rest: list[Brought | Book] = []
    for each in found:
        if isinstance(each, Book):
            told = () if not rest or _has_anything(rest[-1]) else (rest.pop(),)
            books.append((*told, each))
        elif each.talks:
            talking.append((each,))
        else:
            rest.append(each)
    return (*books, *talking, *([tuple(rest)] if rest else ()))


def _has_anything(each: Brought | Book) -> bool:
    return isinstance(each, Book) or bool(each.people or each.talks or each.mapping)


def summed(outcomes: Sequence[Outcome]) -> Outcome:
    """Return what portions did as if it were one import."""
    return reduce(_both, outcomes)


def _both(one: Outcome, other: Outcome) -> Outcome:
    kinds = dict.fromkeys(each for each in (one.kind, other.kind) if each)
    pairs: Iterable[tuple[Any, Any]] = zip(one[1:], other[1:], strict=True)
    return Outcome(joined(list(kinds)), *(mine + theirs for mine, theirs in pairs))
