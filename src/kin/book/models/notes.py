"""What was talked about, and what you want to hear the end of."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from kin.book.models.columns import LINK, STRICT, is_day, no_longer_than, not_empty, one_of
from kin.constants import LONGEST_LABEL, LONGEST_THREAD, PRECISIONS, WAYS


class Conversation(SQLModel, table=True):
    """A dated note, byte for byte as typed; `told_from` is where it begins behind a leading `DAY:`."""

    __tablename__ = "conversation"
    __table_args__ = (
        UniqueConstraint("id", "day"),
        Index("conversation_day", "day", "id"),
        Index("conversation_place", "place", sqlite_where=text("place IS NOT NULL")),
        CheckConstraint("told_from >= 0", name="told_from_in_text"),
        not_empty("text"),
        is_day("day"),
        one_of("precision", PRECISIONS),
        one_of("by", WAYS),
        no_longer_than("place", LONGEST_LABEL),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    day: str = Field(sa_type=Text)
    precision: str = Field(default="day", sa_type=Text)
    text: str = Field(sa_type=Text)
    told_from: int = 0
    place: str | None = Field(default=None, sa_type=Text)
    by: str | None = Field(default=None, sa_type=Text)
    noted_at: str = Field(sa_type=Text)


class ConversationPerson(SQLModel, table=True):
    """Who was there. `day` repeats the conversation's, kept true by the foreign key, so that the
    last talk with somebody is one step in the primary key."""

    __tablename__ = "conversation_person"
    __table_args__ = (
        ForeignKeyConstraint(
            ["conversation_id", "day"],
            ["conversation.id", "conversation.day"],
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        Index("conversation_person_reverse", "conversation_id", "person_id", unique=True),
        LINK,
    )

    person_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    day: str = Field(sa_type=Text, primary_key=True)
    conversation_id: int = Field(primary_key=True)
    matched: str = Field(sa_type=Text)


class ConversationTopic(SQLModel, table=True):
    """An interest that a conversation touched."""

    __tablename__ = "conversation_topic"
    __table_args__ = (Index("conversation_topic_reverse", "conversation_id"), LINK)

    interest_id: int = Field(primary_key=True, foreign_key="interest.id", ondelete="CASCADE")
    conversation_id: int = Field(
        primary_key=True, foreign_key="conversation.id", ondelete="CASCADE"
    )


class Thread(SQLModel, table=True):
    """Something you want to hear the end of; open while `heard_on` is empty."""

    __tablename__ = "thread"
    __table_args__ = (
        not_empty("text"),
        no_longer_than("text", LONGEST_THREAD),
        is_day("opened_on"),
        is_day("due_on"),
        is_day("heard_on"),
        Index("thread_open", "due_on", sqlite_where=text("heard_on IS NULL")),
        Index("thread_opened", "opened_on", sqlite_where=text("heard_on IS NULL")),
        Index("thread_conversation", "conversation_id"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    text: str = Field(sa_type=Text)
    opened_on: str = Field(sa_type=Text)
    due_on: str | None = Field(default=None, sa_type=Text)
    heard_on: str | None = Field(default=None, sa_type=Text)
    outcome: str | None = Field(default=None, sa_type=Text)
    conversation_id: int | None = Field(
        default=None, foreign_key="conversation.id", ondelete="SET NULL"
    )


class ThreadPerson(SQLModel, table=True):
    """Whom to ask."""

    __tablename__ = "thread_person"
    __table_args__ = (Index("thread_person_reverse", "thread_id"), LINK)

    person_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    thread_id: int = Field(primary_key=True, foreign_key="thread.id", ondelete="CASCADE")
