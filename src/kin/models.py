"""Every table of the book: what kin stores, and the only place that says so.

Days are ISO text, so that a book is readable with any SQLite. No column holds what somebody
could be useful for: no employer, title, value, tier, stage or score.
"""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from kin.words import CIRCLES, CONTACT_KINDS, PRECISIONS, STANCES, WAYS

_STRICT = {"sqlite_strict": True}
_LINK = {"sqlite_strict": True, "sqlite_with_rowid": False}


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def _is_day(column: str) -> CheckConstraint:
    # date() rolls 30 February over to March, so that only a real day equals itself.
    return CheckConstraint(f"{column} = date({column})", name=f"{column}_is_a_day")


def _not_empty(column: str) -> CheckConstraint:
    return CheckConstraint(f"length({column}) > 0", name=f"{column}_not_empty")


class Person(SQLModel, table=True):
    """Somebody in the book; the owner is the one with `is_me`."""

    __tablename__ = "person"
    __table_args__ = (
        _not_empty("name"),
        _not_empty("handle"),
        CheckConstraint("is_me IN (0, 1)", name="is_me_is_a_flag"),
        CheckConstraint("handle NOT GLOB '*[ @#:]*'", name="handle_is_one_word"),
        _one_of("circle", CIRCLES),
        _one_of("met_precision", PRECISIONS),
        _is_day("met_on"),
        _is_day("added_on"),
        Index("person_me", "is_me", unique=True, sqlite_where=text("is_me = 1")),
        Index("person_met_through", "met_through"),
        _STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    handle: str = Field(sa_type=Text, unique=True)
    name: str = Field(sa_type=Text)
    is_me: int = 0
    met_on: str | None = Field(default=None, sa_type=Text)
    met_precision: str | None = Field(default=None, sa_type=Text)
    met_at: str | None = Field(default=None, sa_type=Text)
    met_story: str | None = Field(default=None, sa_type=Text)
    met_through: int | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    lives: str | None = Field(default=None, sa_type=Text)
    circle: str | None = Field(default=None, sa_type=Text)
    added_on: str = Field(sa_type=Text)


class Nickname(SQLModel, table=True):
    """Another name somebody goes by."""

    __tablename__ = "nickname"
    __table_args__ = (UniqueConstraint("person_id", "nickname"), _not_empty("nickname"), _STRICT)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    nickname: str = Field(sa_type=Text)


class NameWord(SQLModel, table=True):
    """A folded word of somebody's handle, name or nickname: how names in prose find people."""

    __tablename__ = "name_word"
    __table_args__ = (Index("name_word_person", "person_id"), _LINK)

    word: str = Field(sa_type=Text, primary_key=True)
    person_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")


class Interest(SQLModel, table=True):
    """Something people are into; `key` is the folded label (vocabulary.key)."""

    __tablename__ = "interest"
    __table_args__ = (_not_empty("key"), _not_empty("label"), _STRICT)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(sa_type=Text, unique=True)
    label: str = Field(sa_type=Text)


class PersonInterest(SQLModel, table=True):
    """Somebody is into it, or it collides with yours; `note` is how they came to it."""

    __tablename__ = "person_interest"
    __table_args__ = (
        UniqueConstraint("person_id", "interest_id"),
        Index("person_interest_interest", "interest_id", "person_id", "stance"),
        _one_of("stance", STANCES),
        _STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    interest_id: int = Field(foreign_key="interest.id", ondelete="CASCADE")
    stance: str = Field(default="into", sa_type=Text)
    note: str | None = Field(default=None, sa_type=Text)


class Conversation(SQLModel, table=True):
    """A dated note, byte for byte as typed; `told_from` is where it begins behind a leading `DAY:`."""

    __tablename__ = "conversation"
    __table_args__ = (
        UniqueConstraint("id", "day"),
        Index("conversation_day", "day", "id"),
        Index("conversation_place", "place", sqlite_where=text("place IS NOT NULL")),
        CheckConstraint("told_from >= 0", name="told_from_in_text"),
        _not_empty("text"),
        _is_day("day"),
        _one_of("precision", PRECISIONS),
        _one_of("by", WAYS),
        _STRICT,
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
        _LINK,
    )

    person_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    day: str = Field(sa_type=Text, primary_key=True)
    conversation_id: int = Field(primary_key=True)
    matched: str = Field(sa_type=Text)


class ConversationTopic(SQLModel, table=True):
    """An interest that a conversation touched."""

    __tablename__ = "conversation_topic"
    __table_args__ = (Index("conversation_topic_reverse", "conversation_id"), _LINK)

    interest_id: int = Field(primary_key=True, foreign_key="interest.id", ondelete="CASCADE")
    conversation_id: int = Field(
        primary_key=True, foreign_key="conversation.id", ondelete="CASCADE"
    )


class Thread(SQLModel, table=True):
    """Something you want to hear the end of; open while `heard_on` is empty."""

    __tablename__ = "thread"
    __table_args__ = (
        _not_empty("text"),
        _is_day("opened_on"),
        _is_day("due_on"),
        _is_day("heard_on"),
        Index("thread_open", "due_on", sqlite_where=text("heard_on IS NULL")),
        Index("thread_opened", "opened_on", sqlite_where=text("heard_on IS NULL")),
        Index("thread_conversation", "conversation_id"),
        _STRICT,
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
    __table_args__ = (Index("thread_person_reverse", "thread_id"), _LINK)

    person_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    thread_id: int = Field(primary_key=True, foreign_key="thread.id", ondelete="CASCADE")


class Occasion(SQLModel, table=True):
    """A day that comes back every year: `YYYY-MM-DD`, or `--MM-DD` where the year is unknown."""

    __tablename__ = "occasion"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "label"),
        # 2000 is a leap year, so that --02-29 is a day.
        CheckConstraint(
            "on_day = date(on_day) OR (on_day GLOB '--??-??' AND date('2000' || substr(on_day, 2)) = '2000' || substr(on_day, 2))",
            name="on_day_is_a_day",
        ),
        Index("occasion_month_day", text("substr(on_day, -5)")),
        Index(
            "occasion_birthday", "person_id", unique=True, sqlite_where=text("kind = 'birthday'")
        ),
        _STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    kind: str = Field(default="day", sa_type=Text)
    label: str = Field(sa_type=Text)
    on_day: str = Field(sa_type=Text)


class Contact(SQLModel, table=True):
    """A way to reach somebody: kind is email, phone or link."""

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "value"),
        _one_of("kind", CONTACT_KINDS),
        _not_empty("value"),
        _STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    kind: str = Field(sa_type=Text)
    label: str | None = Field(default=None, sa_type=Text)
    value: str = Field(sa_type=Text)


class Group(SQLModel, table=True):
    """Book club, family, a card's category; `key` is the folded label."""

    __tablename__ = "people_group"
    __table_args__ = (_not_empty("key"), _STRICT)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(sa_type=Text, unique=True)
    label: str = Field(sa_type=Text)


class PersonGroup(SQLModel, table=True):
    """Somebody belongs to a group."""

    __tablename__ = "person_group"
    __table_args__ = (Index("person_group_reverse", "group_id"), _LINK)

    person_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    group_id: int = Field(primary_key=True, foreign_key="people_group.id", ondelete="CASCADE")


class Tie(SQLModel, table=True):
    """How two people know each other: a is b's `word` (partner, sister, introduced…)."""

    __tablename__ = "tie"
    __table_args__ = (
        UniqueConstraint("a_id", "b_id", "word"),
        Index("tie_reverse", "b_id"),
        CheckConstraint("a_id <> b_id", name="tie_needs_two"),
        _not_empty("word"),
        _STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    a_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    b_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    word: str = Field(sa_type=Text)
