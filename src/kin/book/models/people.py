"""Who is in the book, and all that stands on a card."""

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from kin.book.models.columns import (
    LINK,
    STRICT,
    is_day,
    no_longer_than,
    not_empty,
    one_of,
    real_day,
)
from kin.constants import (
    CIRCLES,
    CONTACT_KINDS,
    LONGEST_CONTACT,
    LONGEST_HANDLE,
    LONGEST_LABEL,
    LONGEST_NAME,
    PRECISIONS,
    STANCES,
)

# Letters and digits in ranges of code points; general punctuation, controls and tags are outside of them.
_IN_HANDLES = "-0-9a-zª®-\u061b\u061d-\u180d\u180f-\u1fff\u2070-\ud7ff\uf900-\ufefe\uff00-\uffef\U00010000-\U000dffff"


class Person(SQLModel, table=True):
    """Somebody in the book; the owner is the one with `is_me`."""

    __tablename__ = "person"
    __table_args__ = (
        not_empty("name"),
        not_empty("handle"),
        CheckConstraint("is_me IN (0, 1)", name="is_me_is_a_flag"),
        # What `text.slug` leaves of a name, as far as SQL can say it: no path, no pattern, no piece of shell.
        CheckConstraint(
            f"handle NOT GLOB '*[^{_IN_HANDLES}]*' AND handle NOT GLOB '-*' AND instr(handle, char(0)) = 0",
            name="handle_is_one_word",
        ),
        no_longer_than("handle", LONGEST_HANDLE),
        no_longer_than("name", LONGEST_NAME),
        no_longer_than("met_at", LONGEST_LABEL),
        no_longer_than("lives", LONGEST_LABEL),
        one_of("circle", CIRCLES),
        one_of("met_precision", PRECISIONS),
        is_day("met_on"),
        is_day("added_on"),
        Index("person_me", "is_me", unique=True, sqlite_where=text("is_me = 1")),
        Index("person_met_through", "met_through"),
        STRICT,
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
    __table_args__ = (
        UniqueConstraint("person_id", "nickname"),
        not_empty("nickname"),
        no_longer_than("nickname", LONGEST_LABEL),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    nickname: str = Field(sa_type=Text)


class NameWord(SQLModel, table=True):
    """A folded word of somebody's handle, name or nickname: how names in prose find people."""

    __tablename__ = "name_word"
    __table_args__ = (Index("name_word_person", "person_id"), LINK)

    word: str = Field(sa_type=Text, primary_key=True)
    person_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")


class Interest(SQLModel, table=True):
    """Something people are into; `key` is the folded label (vocabulary.key)."""

    __tablename__ = "interest"
    __table_args__ = (
        not_empty("key"),
        not_empty("label"),
        no_longer_than("label", LONGEST_LABEL),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(sa_type=Text, unique=True)
    label: str = Field(sa_type=Text)


class PersonInterest(SQLModel, table=True):
    """Somebody is into it, or it collides with yours; `note` is how they came to it."""

    __tablename__ = "person_interest"
    __table_args__ = (
        UniqueConstraint("person_id", "interest_id"),
        Index("person_interest_interest", "interest_id", "person_id", "stance"),
        one_of("stance", STANCES),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    interest_id: int = Field(foreign_key="interest.id", ondelete="CASCADE")
    stance: str = Field(default="into", sa_type=Text)
    note: str | None = Field(default=None, sa_type=Text)


_IN_A_LEAP_YEAR = "('2000' || substr(on_day, 2))"  # so that --02-29 is a day


class Occasion(SQLModel, table=True):
    """A day that comes back every year: `YYYY-MM-DD`, or `--MM-DD` where the year is unknown."""

    __tablename__ = "occasion"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "label"),
        no_longer_than("label", LONGEST_LABEL),
        CheckConstraint(
            f"({real_day('on_day')} AND on_day >= '0001-01-01') "
            f"OR (on_day GLOB '--??-??' AND {real_day(_IN_A_LEAP_YEAR)})",
            name="on_day_is_a_day",
        ),
        Index("occasion_month_day", text("substr(on_day, -5)")),
        Index(
            "occasion_birthday", "person_id", unique=True, sqlite_where=text("kind = 'birthday'")
        ),
        STRICT,
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
        one_of("kind", CONTACT_KINDS),
        not_empty("value"),
        no_longer_than("value", LONGEST_CONTACT),
        no_longer_than("label", LONGEST_LABEL),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    kind: str = Field(sa_type=Text)
    label: str | None = Field(default=None, sa_type=Text)
    value: str = Field(sa_type=Text)


class Group(SQLModel, table=True):
    """Book club, family, a card's category; `key` is the folded label."""

    __tablename__ = "people_group"
    __table_args__ = (not_empty("key"), no_longer_than("label", LONGEST_LABEL), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(sa_type=Text, unique=True)
    label: str = Field(sa_type=Text)


class PersonGroup(SQLModel, table=True):
    """Somebody belongs to a group."""

    __tablename__ = "person_group"
    __table_args__ = (Index("person_group_reverse", "group_id"), LINK)

    person_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    group_id: int = Field(primary_key=True, foreign_key="people_group.id", ondelete="CASCADE")


class Tie(SQLModel, table=True):
    """How two people know each other: a is b's `word` (partner, sister, introduced…)."""

    __tablename__ = "tie"
    __table_args__ = (
        UniqueConstraint("a_id", "b_id", "word"),
        Index("tie_reverse", "b_id"),
        CheckConstraint("a_id <> b_id", name="tie_needs_two"),
        not_empty("word"),
        no_longer_than("word", LONGEST_LABEL),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    a_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    b_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    word: str = Field(sa_type=Text)
