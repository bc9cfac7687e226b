"""The closed sets of words that kin knows, and how long its short texts may be."""

from typing import Literal

DateOrder = Literal["dmy", "mdy"]
PRECISIONS = ("day", "week", "month", "year")
CIRCLES = ("inner", "close", "friend", "wide")
STANCES = ("into", "collides")
WAYS = ("visit", "call", "video", "message", "letter")
SAYINGS = ("same", "under", "apart")
ANSWERS = ("yes", "no")
BACKS = ("insert", "update", "delete")  # how a change to a row is taken back
CONTACT_KINDS = ("email", "phone", "link")

ME = 1  # the id of the owner in every book
INSTEAD = "someone"  # what replaces the name of a forgotten person

# Characters: no name in daily use is longer, and a card must stay a card.
LONGEST_HANDLE = 40
LONGEST_NAME = 200
MOST_NAME_WORDS = 20  # to look a name up by: SQLite has a limit, and so many leave few candidates
LONGEST_LABEL = 200
LONGEST_THREAD = 2000
LONGEST_CONTACT = 2000  # a link may be long

# How ties are worded, folded and without spaces: who lives together, and who is family.
HOUSEHOLD = frozenset(
    "partner wife husband spouse fiance fiancee girlfriend boyfriend flatmate housemate roommate".split()
)
FAMILY = frozenset(
    "mother father mum mom dad parent stepmother stepfather sister brother sibling twin halfsister halfbrother "
    "daughter son child stepdaughter stepson wife husband spouse partner grandmother grandfather grandma grandpa "
    "granny grandparent granddaughter grandson grandchild aunt uncle cousin niece nephew godmother godfather "
    "godchild motherinlaw fatherinlaw sisterinlaw brotherinlaw daughterinlaw soninlaw family".split()
)
