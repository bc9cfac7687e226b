"""The closed sets of words that kin knows, for the schema and for the command line alike."""

PRECISIONS = ("day", "week", "month", "year")
CIRCLES = ("inner", "close", "friend", "wide")
STANCES = ("into", "collides")
WAYS = ("visit", "call", "video", "message", "letter")
CONTACT_KINDS = ("email", "phone", "link")
