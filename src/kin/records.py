"""What all records share: the mark of a field that JSON leaves out, and the reference to a person."""

from typing import Annotated, NamedTuple, TypeVar

T = TypeVar("T")
# A field for kin itself, left out of the JSON that other programs rely on.
Hidden = Annotated[T, "hidden"]


class PersonRef(NamedTuple):
    """A reference to a person: `{handle, name}` in JSON."""

    id: Hidden[int]
    handle: str
    name: str
