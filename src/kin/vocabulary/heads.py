"""Last words that say of what a whole unknown name is a kind: whatever photography. Pure data.

Its one rule: a false kinship is worse than a missed one. A word that is mostly part of set phrases is
no head at all (table tennis, root beer, channel surfing, natural history, house painting), and a
phrase that is no kind of its head stands here.
"""

HEADS = frozenset(
    "baking coffee cooking dance dancing documentary drawing embroidery fiction gardening jazz knitting literature "
    "movie music mythology novel philosophy photography physics podcast poetry sculpture tea wine yoga".split()
)
# Words before any head with which a name is no kind of it: non-fiction, stranger than fiction, the sound
# of music, food and wine, a place without music.
_NEVER = frozenset(
    "about against and anti at for from in no non not of on or over than to und versus with without y et".split()
)
# Words before one head, anywhere in the name, with which it is something else.
NO_KIND = {
    "baking": "brick clay half sun tan",
    "coffee": "acorn barley chicory dandelion irish",
    "cooking": "book meth",
    "dance": "bee bird courtship exotic floor happy hokey honeybee ice just lap last mating rain sun table touchdown victory "
    "vitus waggle war",
    "drawing": "attention bath blood bow breath cash conclusion crowd curtain deep door foul gun lot lottery "
    "metal money name number pension prize raffle salary straw sweepstake sword tube water weapon well wire",
    "fiction": "convenient economic legal pious polite useful",
    "gardening": "ant coral data digital knowledge memory mental mind soul",
    "jazz": "honda utah",
    "knitting": "bone brow eyebrow fracture",
    "literature": "academic campaign clinical company gray grey marketing medical product promotional research sale "
    "scientific technical",
    "movie": "home",
    "music": "amazon apple bird chin elevator hold night rough sheet whale youtube",
    "mythology": "company corporate family personal urban",
    "novel": "visual",
    "philosophy": "brand business coaching company corporate design hiring investment leadership management parenting "
    "personal teaching trading training work",
    "physics": "breast cartoon game hair jiggle movie ragdoll",
    "poetry": "sheer",
    "sculpture": "body brow face hair muscle nail",
    "tea": "beef cream high island long low spilling texas",
    "wine": "barley",
    "yoga": "bhakti dream eye face finger guru jnana karma lenovo raja",
}
NO_KIND["dancing"] = f"{NO_KIND['dance']} come dirty strictly"
_BEFORE = {head: frozenset(words.split()) for head, words in NO_KIND.items()}
# Whole names that are no kind of their head, whose other words are in true kinds as well.
_WHOLE = frozenset(("all that jazz", "face the music", "spill the tea"))


def head_of(words: list[str]) -> str | None:
    """Return the word of a name, folded and singular, of which the whole is a kind, None for none."""
    *before, head = words or [""]
    if not before or head not in HEADS or " ".join(words) in _WHOLE:
        return None
    return None if (_NEVER | _BEFORE.get(head, frozenset())) & set(before) else head
