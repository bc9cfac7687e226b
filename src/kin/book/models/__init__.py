"""Every table of the book: what kin stores, and the only place that says so.

Days are ISO text, so that a book is readable with any SQLite. No column holds what somebody
could be useful for: no employer, title, value, tier, stage or score.
"""

from sqlmodel import SQLModel as SQLModel

from kin.book.models.cards import (
    Forgotten as Forgotten,
    Origin as Origin,
    Remark as Remark,
    Synced as Synced,
    Uid as Uid,
)
from kin.book.models.common_ground import (
    Caught as Caught,
    InterestBroader as InterestBroader,
    InterestName as InterestName,
    Introduction as Introduction,
    Rest as Rest,
    Rhythm as Rhythm,
    Sent as Sent,
    Showing as Showing,
    VocabularyWord as VocabularyWord,
)
from kin.book.models.history import Change as Change, Meta as Meta, Step as Step
from kin.book.models.notes import (
    Conversation as Conversation,
    ConversationPerson as ConversationPerson,
    ConversationTopic as ConversationTopic,
    Thread as Thread,
    ThreadPerson as ThreadPerson,
)
from kin.book.models.people import (
    Contact as Contact,
    Group as Group,
    Interest as Interest,
    NameWord as NameWord,
    Nickname as Nickname,
    Occasion as Occasion,
    Person as Person,
    PersonGroup as PersonGroup,
    PersonInterest as PersonInterest,
    Tie as Tie,
)
