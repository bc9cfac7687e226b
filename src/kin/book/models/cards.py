"""What people came with from other programs, and what a synced folder held last."""

from sqlalchemy import Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from kin.book.models.columns import LINK, STRICT, not_empty


class Remark(SQLModel, table=True):
    """Words on somebody that are no conversation, such as a card's note; `source` says where from."""

    __tablename__ = "remark"
    __table_args__ = (UniqueConstraint("person_id", "text"), not_empty("text"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    text: str = Field(sa_type=Text)
    source: str | None = Field(default=None, sa_type=Text)


class Origin(SQLModel, table=True):
    """The record that somebody came with: the kind of file, the key it has there, and the record itself.

    Nothing of kin's looks into `raw`; it is given back when the card is written.
    """

    __tablename__ = "origin"
    __table_args__ = (
        Index("origin_person", "person_id"),
        Index("origin_key", "key"),
        not_empty("kind"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    kind: str = Field(sa_type=Text)
    key: str | None = Field(default=None, sa_type=Text)
    raw: bytes | None = Field(default=None, sa_type=LargeBinary)


class Uid(SQLModel, table=True):
    """The UID of somebody's own card, made when they came into the book and never again."""

    __tablename__ = "uid"
    __table_args__ = (UniqueConstraint("uid"), not_empty("uid"), LINK)

    person_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    uid: str = Field(sa_type=Text)


class Synced(SQLModel, table=True):
    """A card file of a synced folder: its person, and what it said when both sides last agreed.

    Without a digest the file is gone, and the base is kept in case it comes back.
    """

    __tablename__ = "synced"
    __table_args__ = (Index("synced_person", "person_id"), not_empty("file"), LINK)

    folder: str = Field(sa_type=Text, primary_key=True)
    file: str = Field(sa_type=Text, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    uid: str | None = Field(default=None, sa_type=Text)
    digest: str = Field(sa_type=Text)
    base: bytes = Field(sa_type=LargeBinary)


class Forgotten(SQLModel, table=True):
    """A keyed hash by which a card of a person who was forgotten is recognized, and nothing else.

    `salt` is the key of the book that made the hash, so that a restored book can carry the list over.
    """

    __tablename__ = "forgotten"
    __table_args__ = (LINK,)

    salt: bytes = Field(sa_type=LargeBinary, primary_key=True)
    mark: bytes = Field(sa_type=LargeBinary, primary_key=True)
