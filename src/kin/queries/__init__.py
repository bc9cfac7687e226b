"""Everything kin can tell: plain functions on a sqlite3 connection, named tuples out.

The one rule: a query reads. `db` may be the reading door's or a session's own connection.
"""

from typing import Annotated, TypeVar

T = TypeVar("T")
# A field for renderers and services only: it stays out of the JSON that other programs rely on.
Hidden = Annotated[T, "hidden"]
