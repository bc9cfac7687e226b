"""Fixed sets of words, limits on the length of texts, and other values that several modules use."""

from typing import Literal

DateOrder = Literal["dmy", "mdy"]
PRECISIONS = ("day", "week", "month", "year")
CIRCLES = ("inner", "close", "friend", "wide")
STANCES = ("into", "differ")
CHANNELS = ("visit", "call", "video", "message", "letter")
RELATIONS = ("same", "under", "apart")
INTRODUCTION_ANSWERS = ("yes", "no")
UNDO_ACTIONS = ("insert", "update", "delete")  # how a change to a row is undone
CONTACT_KINDS = ("email", "phone", "link")

OWNER_ID = 1  # the id of the owner in every book
KIN_KIND = "kin"  # the kind of kin's own formats, in which handles identify people
REDACTED_NAME = "someone"  # what replaces the name of a forgotten person

# In characters: no name in daily use is longer, and a card must stay short.
LONGEST_HANDLE = 40
LONGEST_NAME = 200
MOST_NAME_WORDS = 20  # of a name to look up: SQLite has a limit, and 20 words leave few candidates
LONGEST_LABEL = 200
LONGEST_QUESTION = 2000
LONGEST_CONTACT = 2000  # a link may be long

# Words of ties, normalized and without spaces, of people who live together, and of family.
HOUSEHOLD_TIES = frozenset(
    "partner wife husband spouse fiance fiancee girlfriend boyfriend flatmate housemate roommate".split()
)
FAMILY_REASON = frozenset(
    "mother father mum mom dad parent stepmother stepfather sister brother sibling twin halfsister halfbrother "
    "daughter son child stepdaughter stepson wife husband spouse partner grandmother grandfather grandma grandpa "
    "granny grandparent granddaughter grandson grandchild aunt uncle cousin niece nephew godmother godfather "
    "godchild motherinlaw fatherinlaw sisterinlaw brotherinlaw daughterinlaw soninlaw family".split()
)

# "kin!" in the header of a book, by which kin and `file` recognize it.
APPLICATION_ID = 0x6B696E21
