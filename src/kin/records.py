"""What is shared by all records that kin returns."""

from typing import Annotated, TypeVar

T = TypeVar("T")
# A field for the command line only: it stays out of the JSON that other programs rely on.
Hidden = Annotated[T, "hidden"]
