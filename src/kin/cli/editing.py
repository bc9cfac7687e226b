"""A whole card in the owner's editor: read, written anew, and never lost on the way."""

from kin import sentences
from kin.cli import console, editor
from kin.cli.call import Call
from kin.errors import KinError, UsageError
from kin.formats import card as format
from kin.queries import people as told


def whole_card(call: Call, who: str) -> tuple[told.Person, bool]:
    """Let the owner change a whole card as text; return it, and whether anything changed.

    The file is kept if it does not parse. Nothing is locked while the owner thinks; what another kin
    wrote meanwhile is not overwritten.
    """
    if not console.may_edit(call):
        raise UsageError(
            "What should change?",
            f"Say it by flags: kin edit {who} --into sourdough; see kin edit --help",
        )
    from kin.services.cards import card_of

    with call.reading() as db:
        found = told.find(db, who)
        before = card_of(told.card(db, found.id, call.today.isoformat()))
    text, path = editor.edit(call.environment, format.write(before), f"{found.handle}.txt")
    try:
        after = format.read(text, now=call.now, date_order=call.settings.date_order)
        person = _written(call, found, before, after)
    except KinError as error:
        said = error.hint.rstrip(".")
        error.hint = (
            f"{said}. What you typed is kept in {path}"
            if said
            else f"What you typed is kept in {path}"
        )
        raise
    except BaseException:
        console.talk(f"What you typed is kept in {path}")
        raise
    editor.done(path)
    return person, after != before


def _written(call: Call, found: told.Found, before: format.Card, after: format.Card) -> told.Person:
    from kin.services import people
    from kin.services.cards import card_of
    from kin.store import connection_of

    today = call.today.isoformat()
    if after == before:
        with call.reading() as db:
            return told.card(db, found.id, today)
    with call.writing() as session:
        db = connection_of(session)
        if (
            told.find(db, f"@{found.handle}").id != found.id
            or card_of(told.card(db, found.id, today)) != before
        ):
            raise KinError(
                f"{sentences.whose(found.name)} card was changed meanwhile by another kin.",
                "Nothing was written.",
            )
        people.edit(session, found.id, after)
        return told.card(connection_of(session), found.id, today)
