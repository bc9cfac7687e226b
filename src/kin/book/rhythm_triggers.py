"""The triggers that let go of a kept rhythm when who talked when changes.

Its one rule: what is kept is true or gone. Others who were there go too: a talk that grows large tells no gap.
"""

_LET_GO = (
    "DELETE FROM rhythm WHERE person_id = {row}.person_id OR person_id IN "
    "(SELECT person_id FROM conversation_person WHERE conversation_id = {row}.conversation_id);"
)
_CHANGES = {
    "talked": ("INSERT", ("new",)),
    "untalked": ("DELETE", ("old",)),
    "retold": ("UPDATE OF person_id, day, conversation_id", ("old", "new")),
}


def statements() -> tuple[str, ...]:
    """Return the SQL that makes the triggers."""
    return tuple(
        f"CREATE TRIGGER rhythm_{name} AFTER {change} ON conversation_person BEGIN "
        f"{' '.join(_LET_GO.format(row=row) for row in rows)} END"
        for name, (change, rows) in _CHANGES.items()
    )
