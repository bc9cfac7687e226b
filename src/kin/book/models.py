"""All tables: the only place that says what kin stores.

Days are ISO text. No column holds what someone could be useful for: no employer, title, value or score.
"""

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel as SQLModel

from kin.constants import (
    CHANNELS,
    CIRCLES,
    CONTACT_KINDS,
    INTRODUCTION_ANSWERS,
    LONGEST_CONTACT,
    LONGEST_HANDLE,
    LONGEST_LABEL,
    LONGEST_NAME,
    LONGEST_QUESTION,
    PRECISIONS,
    RELATIONS,
    STANCES,
    UNDO_ACTIONS,
)

STRICT_TABLE = {"sqlite_strict": True}
LINK_TABLE = {"sqlite_strict": True, "sqlite_with_rowid": False}


def require_one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """Return a constraint: the column is one of these words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_is_known")


def require_day(column: str) -> CheckConstraint:
    """Return a constraint: the column is a calendar day from year 1 on, or NULL where that is allowed."""
    return CheckConstraint(
        f"{build_day_condition(column)} AND {column} >= '0001-01-01'", name=f"{column}_is_a_day"
    )


def build_day_condition(text: str) -> str:
    """Return the SQL that is true for a calendar day, and for NULL."""
    # Only with a modifier does date() turn 30 February into a day in March, which then differs. IS and not =, because
    # date() returns NULL for other text, and a comparison that yields NULL passes a CHECK.
    return f"{text} IS date({text}, '+0 days')"


def require_text(column: str) -> CheckConstraint:
    """Return a constraint: the column is not empty."""
    return CheckConstraint(f"length({column}) > 0", name=f"{column}_not_empty")


def limit_length(column: str, longest: int) -> CheckConstraint:
    """Return a constraint: the column has at most the length that kin accepts when it is typed."""
    return CheckConstraint(f"length({column}) <= {longest}", name=f"{column}_is_short")


# Ranges of code points that hold letters and digits, and leave out punctuation, control characters and tags.
_IN_HANDLES = "-0-9a-zª®-\u061b\u061d-\u180d\u180f-\u1fff\u2070-\ud7ff\uf900-\ufefe\uff00-\uffef\U00010000-\U000dffff"


# People.


class PersonRow(SQLModel, table=True):
    """A person. The owner has `is_me` = 1 and id 1."""

    __tablename__ = "person"
    __table_args__ = (
        require_text("name"),
        require_text("handle"),
        CheckConstraint("is_me IN (0, 1)", name="is_me_is_a_flag"),
        # What `text.slugify` returns, as far as SQL can check it: no path, no pattern, nothing that a shell expands.
        CheckConstraint(
            f"handle NOT GLOB '*[^{_IN_HANDLES}]*' AND handle NOT GLOB '-*' AND instr(handle, char(0)) = 0",
            name="handle_is_one_word",
        ),
        limit_length("handle", LONGEST_HANDLE),
        limit_length("name", LONGEST_NAME),
        limit_length("met_at", LONGEST_LABEL),
        limit_length("lives", LONGEST_LABEL),
        require_one_of("circle", CIRCLES),
        require_one_of("met_precision", PRECISIONS),
        require_day("met_on"),
        require_day("added_on"),
        Index("person_is_me", "is_me", unique=True, sqlite_where=text("is_me = 1")),
        Index("person_met_through", "met_through"),
        STRICT_TABLE,
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


class NicknameRow(SQLModel, table=True):
    """Another name for a person."""

    __tablename__ = "nickname"
    __table_args__ = (
        UniqueConstraint("person_id", "nickname"),
        require_text("nickname"),
        limit_length("nickname", LONGEST_LABEL),
        STRICT_TABLE,
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    nickname: str = Field(sa_type=Text)


class NameWordRow(SQLModel, table=True):
    """A normalized word of a handle, name or nickname, by which names in a text are looked up."""

    __tablename__ = "name_word"
    __table_args__ = (Index("name_word_person", "person_id"), LINK_TABLE)

    word: str = Field(sa_type=Text, primary_key=True)
    person_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")


class ContactRow(SQLModel, table=True):
    """An e-mail address, phone number or link of a person; `kind` says which."""

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "value"),
        require_one_of("kind", CONTACT_KINDS),
        require_text("value"),
        limit_length("value", LONGEST_CONTACT),
        limit_length("label", LONGEST_LABEL),
        STRICT_TABLE,
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    kind: str = Field(sa_type=Text)
    label: str | None = Field(default=None, sa_type=Text)
    value: str = Field(sa_type=Text)


_IN_A_LEAP_YEAR = "('2000' || substr(on_day, 2))"  # so that --02-29 is a day


class YearlyDateRow(SQLModel, table=True):
    """A yearly date: `on_day` is `YYYY-MM-DD`, or `--MM-DD` if the year is unknown."""

    __tablename__ = "yearly_date"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "label"),
        limit_length("label", LONGEST_LABEL),
        CheckConstraint(
            f"({build_day_condition('on_day')} AND on_day >= '0001-01-01') "
            f"OR (on_day GLOB '--??-??' AND {build_day_condition(_IN_A_LEAP_YEAR)})",
            name="on_day_is_a_day",
        ),
        Index("yearly_date_month_day", text("substr(on_day, -5)")),
        Index(
            "yearly_date_birthday", "person_id", unique=True, sqlite_where=text("kind = 'birthday'")
        ),
        STRICT_TABLE,
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    kind: str = Field(default="date", sa_type=Text)
    label: str = Field(sa_type=Text)
    on_day: str = Field(sa_type=Text)


class FactRow(SQLModel, table=True):
    """Something lasting about a person; `source` is the file it was imported from, if any."""

    __tablename__ = "fact"
    __table_args__ = (UniqueConstraint("person_id", "text"), require_text("text"), STRICT_TABLE)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    text: str = Field(sa_type=Text)
    source: str | None = Field(default=None, sa_type=Text)


class GroupRow(SQLModel, table=True):
    """A group of people, such as a book club; `key` is the normalized label."""

    __tablename__ = "people_group"
    __table_args__ = (require_text("key"), limit_length("label", LONGEST_LABEL), STRICT_TABLE)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(sa_type=Text, unique=True)
    label: str = Field(sa_type=Text)


class PersonGroupRow(SQLModel, table=True):
    """A person is in a group."""

    __tablename__ = "person_group"
    __table_args__ = (Index("person_group_reverse", "group_id"), LINK_TABLE)

    person_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    group_id: int = Field(primary_key=True, foreign_key="people_group.id", ondelete="CASCADE")


class TieRow(SQLModel, table=True):
    """How two people know each other: a is b's `word` (partner, sister, …)."""

    __tablename__ = "tie"
    __table_args__ = (
        UniqueConstraint("a_id", "b_id", "word"),
        Index("tie_reverse", "b_id"),
        CheckConstraint("a_id <> b_id", name="tie_needs_two"),
        require_text("word"),
        limit_length("word", LONGEST_LABEL),
        STRICT_TABLE,
    )

    id: int | None = Field(default=None, primary_key=True)
    a_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    b_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    word: str = Field(sa_type=Text)


# Interests.


class InterestRow(SQLModel, table=True):
    """An interest; `key` is the normalized label."""

    __tablename__ = "interest"
    __table_args__ = (
        require_text("key"),
        require_text("label"),
        limit_length("label", LONGEST_LABEL),
        STRICT_TABLE,
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(sa_type=Text, unique=True)
    label: str = Field(sa_type=Text)


class PersonInterestRow(SQLModel, table=True):
    """A person's interest. `stance` is `into` or `differ`; `note` is how they came to it."""

    __tablename__ = "person_interest"
    __table_args__ = (
        UniqueConstraint("person_id", "interest_id"),
        Index("person_interest_interest", "interest_id", "person_id", "stance"),
        require_one_of("stance", STANCES),
        STRICT_TABLE,
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    interest_id: int = Field(foreign_key="interest.id", ondelete="CASCADE")
    stance: str = Field(default="into", sa_type=Text)
    note: str | None = Field(default=None, sa_type=Text)


class InterestSourceRow(SQLModel, table=True):
    """Who got a person into an interest: `link_id` is the row in person_interest."""

    __tablename__ = "interest_source"
    __table_args__ = (Index("interest_source_from", "from_id"), STRICT_TABLE)

    link_id: int = Field(primary_key=True, foreign_key="person_interest.id", ondelete="CASCADE")
    from_id: int = Field(foreign_key="person.id", ondelete="CASCADE")


class InterestNameRow(SQLModel, table=True):
    """A name of an interest, by its key, and the interest that it means.

    `sense` is the key of one of the names of that interest. It ends in a question mark if the word has several
    meanings and the owner has not chosen one. `source` says whether someone typed the name or kin shipped it.
    """

    __tablename__ = "interest_name"
    __table_args__ = (
        Index("interest_name_sense", "sense"),
        require_text("key"),
        require_one_of("source", ("typed", "shipped")),
        LINK_TABLE,
    )

    key: str = Field(sa_type=Text, primary_key=True)
    label: str = Field(sa_type=Text)
    sense: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)


class InterestBroaderRow(SQLModel, table=True):
    """One interest is directly under another; `source` is the shipped table or the owner's own rule."""

    __tablename__ = "interest_broader"
    __table_args__ = (
        Index("interest_broader_reverse", "broad", "narrow"),
        CheckConstraint("narrow <> broad", name="broader_needs_two"),
        require_one_of("source", ("shipped", "own")),
        LINK_TABLE,
    )

    narrow: str = Field(sa_type=Text, primary_key=True)
    broad: str = Field(sa_type=Text, primary_key=True)
    source: str = Field(sa_type=Text)


class VocabularyRuleRow(SQLModel, table=True):
    """The owner's rule about two interests. Rules override the shipped table, and later rules earlier ones."""

    __tablename__ = "vocabulary_rule"
    __table_args__ = (
        UniqueConstraint("a_key", "b_key"),
        CheckConstraint("a_key <> b_key", name="rule_needs_two"),
        require_one_of("relation", RELATIONS),
        require_day("added_on"),
        STRICT_TABLE,
    )

    id: int | None = Field(default=None, primary_key=True)
    relation: str = Field(sa_type=Text)
    a_key: str = Field(sa_type=Text)
    a_label: str = Field(sa_type=Text)
    b_key: str = Field(sa_type=Text)
    b_label: str = Field(sa_type=Text)
    added_on: str = Field(sa_type=Text)


# Notes and questions.


class NoteRow(SQLModel, table=True):
    """A dated note. `text` is exactly what was typed; without the leading `DAY:` it starts at `text_from`.

    `precision` says whether only the week, month or year is known; `by` is the channel.
    """

    __tablename__ = "note"
    __table_args__ = (
        UniqueConstraint("id", "day"),
        Index("note_day", "day", "id"),
        Index("note_place", "place", sqlite_where=text("place IS NOT NULL")),
        CheckConstraint("text_from >= 0", name="text_from_is_not_negative"),
        require_text("text"),
        require_day("day"),
        require_one_of("precision", PRECISIONS),
        require_one_of("by", CHANNELS),
        limit_length("place", LONGEST_LABEL),
        STRICT_TABLE,
    )

    id: int | None = Field(default=None, primary_key=True)
    day: str = Field(sa_type=Text)
    precision: str = Field(default="day", sa_type=Text)
    text: str = Field(sa_type=Text)
    text_from: int = 0
    place: str | None = Field(default=None, sa_type=Text)
    by: str | None = Field(default=None, sa_type=Text)
    noted_at: str = Field(sa_type=Text)


class NotePersonRow(SQLModel, table=True):
    """A person who was there. `matched` is the name in the text by which they were recognized.

    `day` repeats the day of the note, kept equal by the foreign key, so that the primary key finds the last note with
    a person.
    """

    __tablename__ = "note_person"
    __table_args__ = (
        ForeignKeyConstraint(
            ["note_id", "day"],
            ["note.id", "note.day"],
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        Index("note_person_reverse", "note_id", "person_id", unique=True),
        LINK_TABLE,
    )

    person_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    day: str = Field(sa_type=Text, primary_key=True)
    note_id: int = Field(primary_key=True)
    matched: str = Field(sa_type=Text)


class NoteInterestRow(SQLModel, table=True):
    """An interest that came up in a note."""

    __tablename__ = "note_interest"
    __table_args__ = (Index("note_interest_reverse", "note_id"), LINK_TABLE)

    interest_id: int = Field(primary_key=True, foreign_key="interest.id", ondelete="CASCADE")
    note_id: int = Field(primary_key=True, foreign_key="note.id", ondelete="CASCADE")


class QuestionRow(SQLModel, table=True):
    """Something to ask next time; open until `answered_on` is set.

    `on_day` is the day on which to bring it up, `note_id` the note in which it came up.
    """

    __tablename__ = "question"
    __table_args__ = (
        require_text("text"),
        limit_length("text", LONGEST_QUESTION),
        require_day("opened_on"),
        require_day("on_day"),
        require_day("answered_on"),
        Index("question_open", "on_day", sqlite_where=text("answered_on IS NULL")),
        Index("question_opened", "opened_on", sqlite_where=text("answered_on IS NULL")),
        Index("question_note", "note_id"),
        STRICT_TABLE,
    )

    id: int | None = Field(default=None, primary_key=True)
    text: str = Field(sa_type=Text)
    opened_on: str = Field(sa_type=Text)
    on_day: str | None = Field(default=None, sa_type=Text)
    answered_on: str | None = Field(default=None, sa_type=Text)
    answer: str | None = Field(default=None, sa_type=Text)
    note_id: int | None = Field(default=None, foreign_key="note.id", ondelete="SET NULL")


class QuestionPersonRow(SQLModel, table=True):
    """A person to ask."""

    __tablename__ = "question_person"
    __table_args__ = (Index("question_person_reverse", "question_id"), LINK_TABLE)

    person_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    question_id: int = Field(primary_key=True, foreign_key="question.id", ondelete="CASCADE")


# Suggestions.


class ShowingRow(SQLModel, table=True):
    """A person was suggested on a day, with this opener. The same person is then suggested less for a while."""

    __tablename__ = "showing"
    __table_args__ = (require_day("day"), LINK_TABLE)

    person_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    day: str = Field(sa_type=Text, primary_key=True)
    opener: str | None = Field(default=None, sa_type=Text)


class SnoozeRow(SQLModel, table=True):
    """No suggestions of this person until a day, or without an end if there is none."""

    __tablename__ = "snooze"
    __table_args__ = (require_day("until"), STRICT_TABLE)

    person_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    until: str | None = Field(default=None, sa_type=Text)


class RhythmRow(SQLModel, table=True):
    """A cache of how often you talk with a person; triggers delete a row when the notes with that person change.

    `last` is the day of the last note, `days` the number of days with notes, `gaps` the days between them, separated by
    commas; see kin.suggestions.candidates.
    """

    __tablename__ = "rhythm"
    __table_args__ = (
        require_day("last"),
        CheckConstraint("gaps NOT GLOB '*[^0-9,]*'", name="gaps_are_numbers"),
        STRICT_TABLE,
    )

    person_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    last: str = Field(sa_type=Text)
    days: int
    gaps: str = Field(sa_type=Text)


class IntroductionRow(SQLModel, table=True):
    """An introduction of two people, the lower id first.

    The answers are what each said when asked; `made_on` is the day on which you introduced them.
    """

    __tablename__ = "introduction"
    __table_args__ = (
        Index("introduction_reverse", "b_id"),
        CheckConstraint("a_id < b_id", name="pair_in_order"),
        require_one_of("a_answer", INTRODUCTION_ANSWERS),
        require_one_of("b_answer", INTRODUCTION_ANSWERS),
        require_day("made_on"),
        LINK_TABLE,
    )

    a_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    b_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    a_answer: str | None = Field(default=None, sa_type=Text)
    b_answer: str | None = Field(default=None, sa_type=Text)
    made_on: str | None = Field(default=None, sa_type=Text)


class SentRow(SQLModel, table=True):
    """Something you found and sent to a person, noted so that you do not send it twice."""

    __tablename__ = "sent"
    __table_args__ = (
        UniqueConstraint("person_id", "text"),
        require_text("text"),
        require_day("day"),
        STRICT_TABLE,
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    day: str = Field(sa_type=Text)
    text: str = Field(sa_type=Text)


# Cards of other programs.


class UidRow(SQLModel, table=True):
    """The UID of a person's card. It is made when the person is added and never changes."""

    __tablename__ = "uid"
    __table_args__ = (UniqueConstraint("uid"), require_text("uid"), LINK_TABLE)

    person_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    uid: str = Field(sa_type=Text)


class OriginRow(SQLModel, table=True):
    """The record from which a person was imported: the kind of file, the key there, and the record itself.

    kin never interprets `raw`; it is written out again with the card.
    """

    __tablename__ = "origin"
    __table_args__ = (
        Index("origin_person", "person_id"),
        Index("origin_key", "key"),
        require_text("kind"),
        STRICT_TABLE,
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    kind: str = Field(sa_type=Text)
    key: str | None = Field(default=None, sa_type=Text)
    raw: bytes | None = Field(default=None, sa_type=LargeBinary)


class SyncedCardRow(SQLModel, table=True):
    """A file in a synced folder, its person, and its content when both sides last agreed (`base`).

    `digest` is empty if the file is gone; `base` is kept in case it comes back.
    """

    __tablename__ = "synced_card"
    __table_args__ = (Index("synced_card_person", "person_id"), require_text("file"), LINK_TABLE)

    folder: str = Field(sa_type=Text, primary_key=True)
    file: str = Field(sa_type=Text, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    uid: str | None = Field(default=None, sa_type=Text)
    digest: str = Field(sa_type=Text)
    base: bytes = Field(sa_type=LargeBinary)


class ForgottenRow(SQLModel, table=True):
    """A keyed hash that recognizes the card of a forgotten person, and nothing else.

    `salt` is the key with which the book computed it. It is stored here so that a restored book can take over the list.
    """

    __tablename__ = "forgotten"
    __table_args__ = (LINK_TABLE,)

    salt: bytes = Field(sa_type=LargeBinary, primary_key=True)
    mark: bytes = Field(sa_type=LargeBinary, primary_key=True)


# Undo, and the book itself.


class StepRow(SQLModel, table=True):
    """One undoable change, such as a command or an import; `open` while it is being written.

    `label` describes it. `actor` is who did it: you, or a program on your behalf.
    """

    __tablename__ = "step"
    __table_args__ = (
        require_day("day"),
        require_text("actor"),
        CheckConstraint("open IN (0, 1)", name="open_is_a_flag"),
        CheckConstraint("undone IN (0, 1)", name="undone_is_a_flag"),
        Index("step_open", "open", unique=True, sqlite_where=text("open = 1")),
        Index("step_undone", "undone", "id"),
        STRICT_TABLE,
    )

    id: int | None = Field(default=None, primary_key=True)
    day: str = Field(sa_type=Text)
    label: str = Field(default="", sa_type=Text)
    actor: str = Field(sa_type=Text)
    open: int = 0
    undone: int = 0


class ChangeRow(SQLModel, table=True):
    """How to undo a change to one row: `action` inserts, updates or deletes a row of `table_name`.

    `key_values` and `image` are JSON objects of columns: the key of the row, and its old values. Changes are undone in
    reverse order of their ids.
    """

    __tablename__ = "change"
    __table_args__ = (
        require_one_of("action", UNDO_ACTIONS),
        Index("change_step", "step_id", "id"),
        STRICT_TABLE,
    )

    id: int | None = Field(default=None, primary_key=True)
    step_id: int = Field(foreign_key="step.id", ondelete="CASCADE")
    table_name: str = Field(sa_type=Text)
    action: str = Field(sa_type=Text)
    key_values: str | None = Field(default=None, sa_type=Text)
    image: str | None = Field(default=None, sa_type=Text)


class MetaRow(SQLModel, table=True):
    """State of the book itself, such as an unfinished erasure."""

    __tablename__ = "meta"
    __table_args__ = (require_text("name"), LINK_TABLE)

    name: str = Field(sa_type=Text, primary_key=True)
    value: str = Field(sa_type=Text)
