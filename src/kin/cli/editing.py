"""A whole card as a text in the owner's editor."""

import sqlite3

from kin.cli import console, editor
from kin.cli.context import Call
from kin.errors import KinError, UsageError
from kin.formats import card as format
from kin.language.text import command_line, format_possessive
from kin.people import queries as told


def whole_card(call: Call, who: str) -> tuple[told.Person, bool]:
    """Let the owner change a whole card as text; return it, and whether anything changed.

    The file is kept if it does not parse. The book is not locked while the editor is open; what
    another kin wrote meanwhile is not overwritten.
    """
    if not console.may_edit(call):
        flags = command_line("kin edit", who, options=("--into", "sourdough"))
        raise UsageError("What should change?", f"Say it by flags: {flags}")
    from kin.people.card_changes import card_of

    with call.reading() as db:
        found = told.find(db, who)
        before = card_of(told.card(db, found.id, call.today.isoformat()))
    text, draft = editor.edit(call.environment, "card", format.write(before))
    try:
        after = format.read(text, now=call.now, date_order=call.settings.date_order)
        person = _written(call, found, before, after)
    except KinError as error:
        said = error.hint.rstrip(".")
        kept = draft.whereabouts()
        error.hint = f"{said}. {kept}" if said else kept
        raise
    except BaseException:
        console.talk(draft.whereabouts())
        raise
    draft.remove()
    return person, after != before


def _written(call: Call, found: told.Found, before: format.Card, after: format.Card) -> told.Person:
    from kin.book.session import connection_of
    from kin.people import service as people

    today = call.today.isoformat()
    if after == before:
        with call.reading() as db:
            _check_still_there(db, found)
            return told.card(db, found.id, today)
    with call.writing() as session:
        _check_unchanged(connection_of(session), found, before, today)
        people.edit(session, found.id, after)
        return told.card(connection_of(session), found.id, today)


def _check_still_there(db: sqlite3.Connection, found: told.Found) -> None:
    if not told.exists(db, found.id):
        raise KinError(
            f"{found.name} was removed from your book meanwhile by another kin.",
            "Nothing was written.",
        )


def _check_unchanged(
    db: sqlite3.Connection, found: told.Found, before: format.Card, today: str
) -> None:
    """Refuse to change a card that is not as it was when the editor opened, its handle included."""
    from kin.people.card_changes import card_of

    _check_still_there(db, found)
    if card_of(told.card(db, found.id, today)) != before:
        raise KinError(
            f"{format_possessive(found.name)} card was changed meanwhile by another kin.",
            "Nothing was written.",
        )
