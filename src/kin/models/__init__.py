"""Every table of the book: what kin stores, and the only place that says so.

Days are ISO text, so that a book is readable with any SQLite. No column holds what somebody
could be useful for: no employer, title, value, tier, stage or score.
"""

from kin.models.cards import (
    Forgotten as Forgotten,
)
from kin.models.cards import (
    Origin as Origin,
)
from kin.models.cards import (
    Remark as Remark,
)
from kin.models.cards import (
    Synced as Synced,
)
from kin.models.cards import (
    Uid as Uid,
)
from kin.models.common_ground import (
    Caught as Caught,
)
from kin.models.common_ground import (
    InterestBroader as InterestBroader,
)
from kin.models.common_ground import (
    InterestName as InterestName,
)
from kin.models.common_ground import (
    Introduction as Introduction,
)
from kin.models.common_ground import (
    Rest as Rest,
)
from kin.models.common_ground import (
    Rhythm as Rhythm,
)
from kin.models.common_ground import (
    Sent as Sent,
)
from kin.models.common_ground import (
    Showing as Showing,
)
from kin.models.common_ground import (
    VocabularyWord as VocabularyWord,
)
from kin.models.history import (
    Change as Change,
)
from kin.models.history import (
    Meta as Meta,
)
from kin.models.history import (
    Step as Step,
)
from kin.models.people import (
    Contact as Contact,
)
from kin.models.people import (
    Group as Group,
)
from kin.models.people import (
    Interest as Interest,
)
from kin.models.people import (
    NameWord as NameWord,
)
from kin.models.people import (
    Nickname as Nickname,
)
from kin.models.people import (
    Occasion as Occasion,
)
from kin.models.people import (
    Person as Person,
)
from kin.models.people import (
    PersonGroup as PersonGroup,
)
from kin.models.people import (
    PersonInterest as PersonInterest,
)
from kin.models.people import (
    Tie as Tie,
)
from kin.models.talks import (
    Conversation as Conversation,
)
from kin.models.talks import (
    ConversationPerson as ConversationPerson,
)
from kin.models.talks import (
    ConversationTopic as ConversationTopic,
)
from kin.models.talks import (
    Thread as Thread,
)
from kin.models.talks import (
    ThreadPerson as ThreadPerson,
)
