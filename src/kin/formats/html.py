"""People and notes as one HTML page to read in a browser or print, and the text of HTML.

All text goes through `_escape_text`, so that it is displayed and never interpreted. The page has no
scripts and loads nothing; its content security policy forbids both as a second line of defence.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from html import escape
from html.parser import HTMLParser
from typing import NamedTuple, cast

from kin.formats.editor_card import CardInterest, Contact
from kin.formats.records import ImportedNote, ImportedPerson
from kin.language.date_format import format_yearly_date
from kin.language.dates import Day, Precision, format_day
from kin.language.text import escape_control, join_words, normalize

_HTML_TAG = re.compile(
    r"<(?:!doctype|html|head|body|title|article|div|p|a|h[1-6]|span|script)\b[^<]*>", re.I
)
_UNREAD_TAGS = frozenset(("script", "style", "template", "noscript"))


class _TextExtractor(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._unread_depth = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._unread_depth += tag in _UNREAD_TAGS
        self.texts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._unread_depth -= tag in _UNREAD_TAGS and self._unread_depth > 0
        self.texts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._unread_depth:
            self.texts.append(data)


def extract_text(text: str) -> str:
    """Return the text of a page without its markup; any text that is not HTML unchanged."""
    if not _HTML_TAG.search(text):
        return text
    extractor = _TextExtractor()
    extractor.feed(text)
    extractor.close()
    return "".join(extractor.texts)


_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """
:root { color-scheme: light dark; --quiet: #6b6560; --line: #ddd5cc; --warm: #a6472a }
@media (prefers-color-scheme: dark) { :root { --quiet: #a39b93; --line: #45403b; --warm: #eb9474 } }
body { max-width: 42rem; margin: 0 auto; padding: 2rem 1.2rem 6rem; font: 1.06rem/1.6 Georgia, serif }
h1, h2 { line-height: 1.2; font-weight: normal } h2 { margin: 0 }
a { color: var(--warm); text-decoration: none } a:hover { text-decoration: underline }
nav { columns: 12rem; margin: 2rem 0 } nav a { display: block }
section { border-top: 1px solid var(--line); margin-top: 2.5rem; padding-top: 2rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: 1rem 0 }
dt, time, .quiet { color: var(--quiet) } dd { margin: 0; overflow-wrap: anywhere }
.quiet, time { font-size: .92rem }
ul, ol { list-style: none; margin: 0; padding: 0 } ol li { margin: 1.2rem 0; break-inside: avoid }
p { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere }
.interest { color: var(--warm) }
@media print { body { max-width: none } nav { display: none } a { color: inherit } }
"""
_PAGE_TEMPLATE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<header>
<h1><bdi>{title}</bdi></h1>
<p class="quiet">{counts}</p>
</header>
<nav>
{listed}</nav>
<main>
{body}</main>
</body>
</html>
"""
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"'`]+", re.IGNORECASE)
_EMAIL_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)


class _Links(NamedTuple):
    """Links to the people on the page: anchors by key and by name, names by anchor."""

    anchors: dict[str, str]
    names: dict[str, str]

    def link_to(self, key_or_name: str) -> str:
        """Return a link to a person on the page, or only the name of a person who is not on it."""
        anchor = self.anchors.get(key_or_name)
        return (
            f'<a href="#{anchor}">{_format_name(self.names[anchor])}</a>'
            if anchor
            else _format_name(key_or_name)
        )


def write_page(
    people: Iterable[ImportedPerson], notes: Iterable[ImportedNote], title: str
) -> bytes:
    """Return one page: everyone by name, each with their notes; then the notes without any of them."""
    ordered = sorted(people, key=lambda each: (normalize(each.name), each.name))
    person_by_anchor = {f"p{at}": each for at, each in enumerate(ordered, 1)}
    anchor_by_key = {each.name: anchor for anchor, each in reversed(person_by_anchor.items())}
    anchor_by_key |= {each.key: anchor for anchor, each in person_by_anchor.items() if each.key}
    links = _Links(anchor_by_key, {anchor: each.name for anchor, each in person_by_anchor.items()})
    notes_by_anchor: dict[str, list[ImportedNote]] = defaultdict(list)
    note_count = 0
    for note in sorted(notes, key=lambda each: each.on, reverse=True):
        note_count += 1
        for anchor in {anchor_by_key[key] for key in note.people if key in anchor_by_key} or {""}:
            notes_by_anchor[anchor].append(note)
    body = [
        _format_person(anchor, each, notes_by_anchor[anchor], links)
        for anchor, each in person_by_anchor.items()
    ]
    if notes_by_anchor[""]:
        rows = "".join(_format_note(note, "", links) for note in notes_by_anchor[""])
        body.append(
            f"<section>\n<h2>With no one on this page</h2>\n<ol>\n{rows}</ol>\n</section>\n"
        )
    names = [
        f'<a href="#{at}">{_format_name(each.name)}</a>\n' for at, each in person_by_anchor.items()
    ]
    counts = (
        _format_count(len(names), "person", "people"),
        _format_count(note_count, "note"),
    )
    return _PAGE_TEMPLATE.format(
        policy=_POLICY,
        style=_STYLE,
        title=_escape_text(title, newlines=False),
        counts=", ".join(counts),
        listed="".join(names),
        body="".join(body),
    ).encode()


def _format_person(
    anchor: str, person: ImportedPerson, notes: Sequence[ImportedNote], links: _Links
) -> str:
    """Return the section of a person: the fields, then the notes, the newest first."""
    fields = [(label, rows) for label, rows in _list_fields(person, links) if any(rows)]
    lines = [f"<dt>{label}</dt><dd>{'<br>'.join(rows)}</dd>\n" for label, rows in fields]
    parts = [f'<section id="{anchor}">\n<h2>{_format_name(person.name)}</h2>\n']
    parts += ["<dl>\n", *lines, "</dl>\n"] if lines else []
    texts = filter(None, (person.met_story, person.note))
    parts += [f'<p dir="auto">{_escape_text(text)}</p>\n' for text in texts]
    rows = [_format_note(note, anchor, links) for note in notes]
    parts += ["<ol>\n", *rows, "</ol>\n"] if rows else []
    return "".join([*parts, "</section>\n"])


def _list_fields(person: ImportedPerson, links: _Links) -> Iterator[tuple[str, list[str]]]:
    """Yield the fields of a person as (label, rows of HTML); the rows are empty where nothing is known."""
    yield "also called", [join_words(list(map(_format_name, person.nicknames)))]
    yield "into", _format_interests(person.into)
    yield "differs on", _format_interests(person.differ)
    yield "met", [_format_meeting(person, links)]
    yield "lives", [_format_name(person.lives)] if person.lives else []
    yield "groups", [join_words(list(map(_format_name, person.groups)))]
    ties = (
        (each.key if each.key in links.anchors else each.name, each.word) for each in person.ties
    )
    yield (
        "knows",
        [
            f"{links.link_to(key_or_name or '')} ({_escape_text(word)})"
            for key_or_name, word in ties
        ],
    )
    yield "birthday", [format_yearly_date(person.birthday)] if person.birthday else []
    yield (
        "dates",
        [f"{_format_name(label)}: {format_yearly_date(on)}" for label, on in person.dates],
    )
    yield "contact", list(map(_format_contact, person.contacts))


def _format_meeting(person: ImportedPerson, links: _Links) -> str:
    parts = (
        _format_day(person.met_on, person.met_precision or "day") if person.met_on else "",
        f"at {_format_name(person.met_at)}" if person.met_at else "",
        f"through {links.link_to(person.met_through)}" if person.met_through else "",
    )
    return ", ".join(filter(None, parts))


def _format_note(note: ImportedNote, page_anchor: str, links: _Links) -> str:
    """Return one note; `page_anchor` is that of the person in whose section it is, "" for none."""
    others = [
        links.link_to(key_or_name)
        for key_or_name in note.people
        if not page_anchor or links.anchors.get(key_or_name) != page_anchor
    ]
    parts = (
        f'<time datetime="{_escape_text(note.on)}">{_format_day(note.on, note.precision)}</time>',
        f"with {join_words(others)}" if others else "",
        f"at {_format_name(note.place)}" if note.place else "",
        f"by {_escape_text(note.by)}" if note.by else "",
        " ".join(
            f'<span class="interest">#{_format_name(interest)}</span>'
            for interest in note.interests
        ),
    )
    unquoted_questions = (
        f"? {question}" for question in note.questions if question not in note.text
    )
    texts = [f'<p dir="auto">{_escape_text(text)}</p>' for text in (note.text, *unquoted_questions)]
    return f'<li><div class="quiet">{", ".join(filter(None, parts))}</div>{"".join(texts)}</li>\n'


def _escape_text(text: str, newlines: bool = True) -> str:
    """Return text as HTML; control and invisible characters are shown by their code."""
    return escape(escape_control(text, newlines))


def _format_name(text: str) -> str:
    """Return a name that keeps its own writing direction, whatever is around it."""
    return f"<bdi>{_escape_text(text, newlines=False)}</bdi>"


def _format_interests(interests: Sequence[CardInterest]) -> list[str]:
    """Return interests without a note in one row, and each of the others in its own."""
    labels_and_notes = [
        (f'<span class="interest">{_format_name(each.label)}</span>', each.note)
        for each in interests
    ]
    plain = ", ".join(label for label, note in labels_and_notes if not note)
    rows_with_notes = [
        f"{label}, <bdi>{_escape_text(note, newlines=False)}</bdi>"
        for label, note in labels_and_notes
        if note
    ]
    return [plain, *rows_with_notes] if plain else rows_with_notes


def _format_contact(contact: Contact) -> str:
    """Return a contact, as a link only if it is clearly a web or e-mail address."""
    markup = _format_name(contact.value)
    if contact.kind == "link" and _WEB_ADDRESS.fullmatch(contact.value):
        markup = f'<a href="{_escape_text(contact.value)}" rel="noopener noreferrer">{markup}</a>'
    elif contact.kind == "email" and _EMAIL_ADDRESS.fullmatch(contact.value):
        markup = f'<a href="mailto:{_escape_text(contact.value)}">{markup}</a>'
    return markup + (
        f' <span class="quiet">{_format_name(contact.label)}</span>' if contact.label else ""
    )


def _format_day(on: str, precision: str) -> str:
    return format_day(Day(date.fromisoformat(on), cast(Precision, precision)))


def _format_count(count: int, singular: str, plural: str = "") -> str:
    return f"{count} {singular if count == 1 else plural or f'{singular}s'}"
