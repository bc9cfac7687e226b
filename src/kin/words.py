"""The closed sets of words that kin knows, and how long its short texts may be."""

from typing import Literal

DateOrder = Literal["dmy", "mdy"]
PRECISIONS = ("day", "week", "month", "year")
CIRCLES = ("inner", "close", "friend", "wide")
STANCES = ("into", "collides")
WAYS = ("visit", "call", "video", "message", "letter")
CONTACT_KINDS = ("email", "phone", "link")

# Characters. Nobody's name in daily use is longer, and a card must stay a card.
LONGEST_NAME = 200
LONGEST_LABEL = 200
LONGEST_THREAD = 2000
