"""Every table of the book: what kin stores, and the only place that says so.

Days are ISO text, so that a book is readable with any SQLite. No column holds what somebody
could be useful for: no employer, title, value, tier, stage or score.
"""

from sqlmodel import SQLModel as SQLModel

from kin.book.models.cards import Forgotten as Forgotten
from kin.book.models.cards import Origin as Origin
from kin.book.models.cards import Remark as Remark
from kin.book.models.cards import Synced as Synced
from kin.book.models.cards import Uid as Uid
from kin.book.models.common_ground import Caught as Caught
from kin.book.models.common_ground import InterestBroader as InterestBroader
from kin.book.models.common_ground import InterestName as InterestName
from kin.book.models.common_ground import Introduction as Introduction
from kin.book.models.common_ground import Rest as Rest
from kin.book.models.common_ground import Rhythm as Rhythm
from kin.book.models.common_ground import Sent as Sent
from kin.book.models.common_ground import Showing as Showing
from kin.book.models.common_ground import VocabularyWord as VocabularyWord
from kin.book.models.history import Change as Change
from kin.book.models.history import Meta as Meta
from kin.book.models.history import Step as Step
from kin.book.models.notes import Conversation as Conversation
from kin.book.models.notes import ConversationPerson as ConversationPerson
from kin.book.models.notes import ConversationTopic as ConversationTopic
from kin.book.models.notes import Thread as Thread
from kin.book.models.notes import ThreadPerson as ThreadPerson
from kin.book.models.people import Contact as Contact
from kin.book.models.people import Group as Group
from kin.book.models.people import Interest as Interest
from kin.book.models.people import NameWord as NameWord
from kin.book.models.people import Nickname as Nickname
from kin.book.models.people import Occasion as Occasion
from kin.book.models.people import Person as Person
from kin.book.models.people import PersonGroup as PersonGroup
from kin.book.models.people import PersonInterest as PersonInterest
from kin.book.models.people import Tie as Tie
