"""What was done, step by step, and for every row how to take it back."""

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlmodel import Field, SQLModel

from kin.book.models.columns import LINK, STRICT, is_day, not_empty, one_of
from kin.constants import BACKS


class Step(SQLModel, table=True):
    """One change, as its owner thinks of it: a command, an import. While it is written it is `open`.

    `actor` is who did it: you, or a program on your behalf.
    """

    __tablename__ = "step"
    __table_args__ = (
        is_day("day"),
        not_empty("actor"),
        CheckConstraint("open IN (0, 1)", name="open_is_a_flag"),
        CheckConstraint("undone IN (0, 1)", name="undone_is_a_flag"),
        Index("step_open", "open", unique=True, sqlite_where=text("open = 1")),
        Index("step_undone", "undone", "id"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    day: str = Field(sa_type=Text)
    words: str = Field(default="", sa_type=Text)
    actor: str = Field(sa_type=Text)
    open: int = 0
    undone: int = 0


class Change(SQLModel, table=True):
    """How to take back what happened to one row: delete it, insert or update its `image`.

    `keyed` and `image` are JSON objects of columns; in the order of ids, the last is taken back first.
    """

    __tablename__ = "change"
    __table_args__ = (
        one_of("back", BACKS),
        Index("change_step", "step_id", "id"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    step_id: int = Field(foreign_key="step.id", ondelete="CASCADE")
    of_table: str = Field(sa_type=Text)
    back: str = Field(sa_type=Text)
    keyed: str | None = Field(default=None, sa_type=Text)
    image: str | None = Field(default=None, sa_type=Text)


class Meta(SQLModel, table=True):
    """State of the book itself that is no one's data, such as an erasure that was not finished."""

    __tablename__ = "meta"
    __table_args__ = (not_empty("name"), LINK)

    name: str = Field(sa_type=Text, primary_key=True)
    value: str = Field(sa_type=Text)
