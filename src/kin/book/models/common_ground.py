"""What interests mean and which are kin; whom kin suggested, and who would like whom."""

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from kin.book.models.columns import LINK, STRICT, is_day, not_empty, one_of
from kin.constants import ANSWERS, SAYINGS


class InterestName(SQLModel, table=True):
    """A name under which an interest may be found, by its key, and the sense that it means.

    `sense` is the key of one of the names that mean it, with a question mark where that word may be several
    things and the owner has not said which; `source` says from whom kin has the name.
    """

    __tablename__ = "interest_name"
    __table_args__ = (
        Index("interest_name_sense", "sense"),
        not_empty("key"),
        one_of("source", ("typed", "shipped")),
        LINK,
    )

    key: str = Field(sa_type=Text, primary_key=True)
    label: str = Field(sa_type=Text)
    sense: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)


class InterestBroader(SQLModel, table=True):
    """One sense is a kind of another, one step up; said by the shipped table, or by the owner."""

    __tablename__ = "interest_broader"
    __table_args__ = (
        Index("interest_broader_reverse", "broad", "narrow"),
        CheckConstraint("narrow <> broad", name="broader_needs_two"),
        one_of("source", ("shipped", "own")),
        LINK,
    )

    narrow: str = Field(sa_type=Text, primary_key=True)
    broad: str = Field(sa_type=Text, primary_key=True)
    source: str = Field(sa_type=Text)


class VocabularyWord(SQLModel, table=True):
    """What the owner said of two interests; it wins over the shipped table, in the order of the ids."""

    __tablename__ = "vocabulary_word"
    __table_args__ = (
        UniqueConstraint("a_key", "b_key"),
        CheckConstraint("a_key <> b_key", name="word_needs_two"),
        one_of("saying", SAYINGS),
        is_day("said_on"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    saying: str = Field(sa_type=Text)
    a_key: str = Field(sa_type=Text)
    a_label: str = Field(sa_type=Text)
    b_key: str = Field(sa_type=Text)
    b_label: str = Field(sa_type=Text)
    said_on: str = Field(sa_type=Text)


class Caught(SQLModel, table=True):
    """From whom somebody caught an interest."""

    __tablename__ = "caught"
    __table_args__ = (Index("caught_from", "from_id"), STRICT)

    link_id: int = Field(primary_key=True, foreign_key="person_interest.id", ondelete="CASCADE")
    from_id: int = Field(foreign_key="person.id", ondelete="CASCADE")


class Showing(SQLModel, table=True):
    """Somebody was suggested on a day, with a question; whoever was lately shown waits a little."""

    __tablename__ = "showing"
    __table_args__ = (is_day("day"), LINK)

    person_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    day: str = Field(sa_type=Text, primary_key=True)
    question: str | None = Field(default=None, sa_type=Text)


class Rhythm(SQLModel, table=True):
    """How often you talk with somebody, as it was last reckoned: kept so that nobody's talks are read again.

    `last` is the day of the last talk, `days` on how many days you talked, `gaps` how many days lay between one
    and the next, with commas; see kin.suggestions.contact_frequency.
    """

    __tablename__ = "rhythm"
    __table_args__ = (
        is_day("last"),
        CheckConstraint("gaps NOT GLOB '*[^0-9,]*'", name="gaps_are_numbers"),
        STRICT,
    )

    person_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    last: str = Field(sa_type=Text)
    days: int
    gaps: str = Field(sa_type=Text)


class Rest(SQLModel, table=True):
    """Whom kin does not suggest: until a day, or, without one, at all."""

    __tablename__ = "rest"
    __table_args__ = (is_day("until"), STRICT)

    person_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    until: str | None = Field(default=None, sa_type=Text)


class Introduction(SQLModel, table=True):
    """Two who might like each other, by rising id: what each said, and whether you brought them together."""

    __tablename__ = "introduction"
    __table_args__ = (
        Index("introduction_reverse", "b_id"),
        CheckConstraint("a_id < b_id", name="pair_in_order"),
        one_of("a_said", ANSWERS),
        one_of("b_said", ANSWERS),
        is_day("made_on"),
        LINK,
    )

    a_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    b_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    a_said: str | None = Field(default=None, sa_type=Text)
    b_said: str | None = Field(default=None, sa_type=Text)
    made_on: str | None = Field(default=None, sa_type=Text)


class Sent(SQLModel, table=True):
    """Something you found and sent to somebody: only that you did, so that you do not send it twice."""

    __tablename__ = "sent"
    __table_args__ = (
        UniqueConstraint("person_id", "text"),
        not_empty("text"),
        is_day("day"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    day: str = Field(sa_type=Text)
    text: str = Field(sa_type=Text)
