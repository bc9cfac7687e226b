"""The CSV of Outlook: that of the desktop program, and that of outlook.com.

Its one rule: the header's words are those that people use, so that only its signature is here. A
date stands in the order of somebody's country, and `0/0/00` is no date.
"""

from collections.abc import Sequence

from kin.formats.table.meaning import key

DESKTOP, ONLINE = "Outlook CSV", "outlook.com CSV"
_ALWAYS = {"firstname", "lastname", "emailaddress"}
_SOME = {"homephone", "businessphone", "mobilephone", "primaryphone", "categories", "homestreet"}
# What the desktop program writes in the language of its owner.
_TRANSLATED = (
    {"vorname", "nachname", "emailadresse", "mobiltelefon"},
    {"prenom", "nom", "adressedemessagerie"},
    {"nombre", "apellidos", "direcciondecorreoelectronico"},
    {"nome", "cognome", "indirizzopostaelettronica"},
    {"voornaam", "achternaam", "emailadres", "mobieletelefoon"},
)
_DESKTOP_ONLY = {"emailtype", "emaildisplayname", "governmentidnumber"}


def kind(header: Sequence[str]) -> str | None:
    """Return which Outlook CSV has such a header, None if it is none."""
    keys = set(map(key, header))
    if keys >= _ALWAYS and len(keys & _SOME) > 1:
        first_is_title = bool(header) and key(header[0]) == "title"
        return DESKTOP if first_is_title or keys & _DESKTOP_ONLY else ONLINE
    return DESKTOP if len(keys) > 20 and any(keys >= words for words in _TRANSLATED) else None
