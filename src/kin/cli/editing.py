"""Writing in the owner's editor: a whole card, or a note."""

from kin.cli import console, editor
from kin.cli.call import Call
from kin.errors import KinError, UsageError
from kin.formats import card as format
from kin.queries import people as told


def whole_card(call: Call, who: str) -> told.Person:
    """Let the owner change a whole card as text; the file is kept if it does not parse."""
    if not console.may_edit(call):
        raise UsageError(
            "What should change?",
            f"Say it by flags: kin edit {who} --into sourdough; see kin edit --help",
        )
    from kin.services import people
    from kin.store import connection_of

    # Not inside one transaction: nothing is locked while the owner thinks.
    with call.writing() as session:
        found = told.find(connection_of(session), who)
        before = people.card_of(session, found.id, call.today)
    start = format.write(before)
    text, path = editor.edit(call.environment, start, f"{found.handle}.txt")
    try:
        after = format.read(text, now=call.now, date_order=call.settings.date_order)
        with call.writing() as session:
            if people.card_of(session, found.id, call.today) != before:
                raise KinError(
                    f"{found.name}’s card was changed meanwhile by another kin.",
                    "Nothing was written.",
                )
            if after != before:
                people.edit(session, found.id, after)
            person = told.card(connection_of(session), found.id, call.today.isoformat())
    except KinError as error:
        error.hint = f"{error.hint} What you typed is kept in {path}".strip()
        raise
    editor.done(path)
    return person
