"""Who may have been meant by a name that nobody has: the near misses.

Its one rule: below its least likeness a proposal is a puzzle, not a help.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import islice

from kin.language.person_names import Known, key_of, typed_as

_LIKENESS = 0.7
_SWAPPED = 0.9  # tmo: the fingers were quicker than the thought; short names are no other way alike


def near(who: str, known: Sequence[Known], n: int = 3) -> tuple[Known, ...]:
    """Propose up to `n` people whose names look like WHO, the likest first."""
    key = key_of(who.strip().removeprefix("@"))[:60]
    if not key:
        return ()
    scored = [(-_likeness(key, person), person.handle, person) for person in known]
    scored = [entry for entry in scored if -entry[0] >= _LIKENESS]
    return tuple(person for _, _, person in islice(sorted(scored, key=lambda e: e[:2]), n))


def _likeness(key: str, person: Known) -> float:
    names = typed_as(person)
    best = max(_ratio(key, name[:60]) for name in names)
    # "Grace Kelly" is not Grace Hopper, but she may be whom you meant.
    first = key.split()[0]
    shared = max(_ratio(first, name[:60]) for name in names)
    return max(best, 0.9 * shared if " " in key else 0.0)


def _ratio(left: str, right: str) -> float:
    if _is_swapped(left, right):
        return _SWAPPED
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    if matcher.real_quick_ratio() < _LIKENESS or matcher.quick_ratio() < _LIKENESS:
        return 0.0
    return matcher.ratio()


def _is_swapped(left: str, right: str) -> bool:
    """Tell whether two neighbouring letters changed places, and nothing else differs."""
    if len(left) != len(right) or left == right:
        return False
    at = next(
        place for place, (one, other) in enumerate(zip(left, right, strict=True)) if one != other
    )
    return left[at : at + 2] == right[at : at + 2][::-1] and left[at + 2 :] == right[at + 2 :]
