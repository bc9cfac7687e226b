"""How somebody is called and reached: the readers of FN, N, NICKNAME, EMAIL, TEL, URL, ADR and kin.

Its one rule: FN is the name, and parts of a name are never guessed.
"""

import re
from collections.abc import Callable

from kin.formats.card import Way
from kin.formats.vcard import labels as vcard_labels
from kin.formats.vcard.reading import (
    Entry,
    Reading,
    Said,
)

Reader = Callable[[Reading, Entry], None]
_URN = re.compile("urn:uuid:", re.IGNORECASE)
_KDE_SEPARATOR = "\ue000"  # KAddressBook keeps several accounts in one value
_SERVICES = {
    f"X-{each.upper()}": each
    for each in "aim icq jabber msn yahoo skype groupwise qq twitter sip matrix mastodon telegram "
    "signal whatsapp irc facebook instagram discord xmpp".split()
} | {
    "X-SKYPE-USERNAME": "skype",
    "X-GADUGADU": "gadu-gadu",
    "X-GOOGLE-TALK": "google talk",
    "X-GTALK": "google talk",
    "X-KADDRESSBOOK-X-IMADDRESS": "chat",
}

_ADDRESSES = frozenset(
    """EMAIL TEL URL X-EVOLUTION-BLOG-URL X-KADDRESSBOOK-BLOGFEED IMPP X-SOCIALPROFILE
    SOCIALPROFILE""".split()
) | frozenset(_SERVICES)
_CHATS = {service: name for name, service in reversed(_SERVICES.items())}


def key(uid: str) -> str:
    """Return a UID as other cards point to it, whether or not it is written as a URN."""
    return _URN.sub("", uid.strip(), count=1)


def is_address(name: str) -> bool:
    """Return whether a property says how a person is reached."""
    return name in _ADDRESSES or name.startswith("X-MESSAGING/")


def is_urn(text: str) -> bool:
    return _URN.match(text) is not None


def _version(read: Reading, found: Entry) -> None:
    read.version = {"3": "3.0", "4": "4.0"}.get(read.line(found)[:1], "2.1")


def _uid(read: Reading, found: Entry) -> None:
    if (uid := read.line(found)) and read.uid is None:
        read.uid = Said(uid, found.at)


def _kind(read: Reading, found: Entry) -> None:
    read.kind = read.line(found).lower()


def _member(read: Reading, found: Entry) -> None:
    read.members.append(key(read.line(found)))


def _name(read: Reading, found: Entry) -> None:
    if name := read.line(found):
        said = found.head.param("PREF") or ("1" if "pref" in found.head.types else "")
        rank = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else 101
        read.names.append((rank, Said(name, found.at)))


def _parts(read: Reading, found: Entry) -> None:
    read.parts.append(Said((read.parted(found, ";") + [""] * 5)[:5], found.at))


def _organisation(read: Reading, found: Entry) -> None:
    read.organisations += filter(None, read.parted(found, ";")[:1])


def _nickname(read: Reading, found: Entry) -> None:
    read.nicknames += [Said(each, found.at) for each in read.parted(found, ",") if each]


def _way(read: Reading, found: Entry, kind: str, text: str, label: str | None = None) -> None:
    if text:
        label = read.label(found) or label or vcard_labels.of_types(found.head.types)
        read.ways.append(Said(Way(kind, text, label), found.at))


def _email(read: Reading, found: Entry) -> None:
    _way(read, found, "email", _without(read.line(found), "mailto:"))


def _phone(read: Reading, found: Entry) -> None:
    _way(read, found, "phone", _without(read.line(found), "tel:"))


def _link(read: Reading, found: Entry) -> None:
    _way(read, found, "link", read.line(found))


def _without(text: str, scheme: str) -> str:
    return text[len(scheme) :].strip() if text[: len(scheme)].lower() == scheme else text


def chat(read: Reading, found: Entry) -> None:
    """Read an account of a chat or a social network as a link; its label is the service."""
    head, text = found.head, _without(read.line(found), "x-apple:")
    service = head.param("X-SERVICE-TYPE") or head.param("SERVICE-TYPE") or _SERVICES.get(head.name)
    if head.name.startswith("X-MESSAGING/"):
        service = head.name.removeprefix("X-MESSAGING/").removesuffix("-ALL")
    elif not service and head.name == "IMPP" and ":" in text:
        service = text.partition(":")[0]
    for account in (text or head.param("X-USER") or "").split(_KDE_SEPARATOR):
        _way(read, found, "link", account, (service or "").lower() or None)


def chat_name(way: Way) -> str | None:
    """Return the property for an account of a chat that is no address on the web, if it is one."""
    if way.kind != "link" or not way.label or "://" in way.value:
        return None
    is_uri = way.value.lower().startswith(f"{way.label}:")
    return "IMPP" if is_uri else _CHATS.get(way.label)


def _address(read: Reading, found: Entry) -> None:
    parts = [*read.parted(found, ";"), *[""] * 7]
    types = found.head.types
    if place := parts[3] or parts[4] or parts[6]:
        rank = 0 if "home" in types else 2 if "work" in types else 1
        read.places.append((rank, Said(place, found.at)))


READERS: dict[str, Reader] = {
    "VERSION": _version,
    "UID": _uid,
    "KIND": _kind,
    "X-ADDRESSBOOKSERVER-KIND": _kind,
    "MEMBER": _member,
    "X-ADDRESSBOOKSERVER-MEMBER": _member,
    "FN": _name,
    "N": _parts,
    "ORG": _organisation,
    "NICKNAME": _nickname,
    "X-NICKNAME": _nickname,
    "EMAIL": _email,
    "TEL": _phone,
    "URL": _link,
    "X-EVOLUTION-BLOG-URL": _link,
    "X-KADDRESSBOOK-BLOGFEED": _link,
    "ADR": _address,
    **dict.fromkeys(("IMPP", "X-SOCIALPROFILE", "SOCIALPROFILE", *_SERVICES), chat),
}
