"""People and talks as one page to read in a browser, or on paper.

Its one rule: every word goes through `_words`, so that it is shown and never obeyed. The page runs
no script and fetches nothing; its policy forbids both, should a word ever slip through.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from html import escape
from typing import NamedTuple, cast

from kin.formats.card import Loved, Way
from kin.formats.incoming import Incoming, Told
from kin.language.dates import MONTHS, Day, Precision, format_day
from kin.language.text import fold, joined, visible

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
.topic { color: var(--warm) }
@media print { body { max-width: none } nav { display: none } a { color: inherit } }
"""
_PAGE = """\
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
_WEB = re.compile(r"https?://[^\s<>\"'`]+", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)


class _Links(NamedTuple):
    """The way to everybody on the page: anchors by key and by name, names by anchor."""

    anchors: dict[str, str]
    names: dict[str, str]

    def to(self, who: str) -> str:
        """Return a link to somebody on the page, or the bare name of somebody who is not."""
        anchor = self.anchors.get(who)
        return f'<a href="#{anchor}">{_name(self.names[anchor])}</a>' if anchor else _name(who)


def write(people: Iterable[Incoming], talks: Iterable[Told], title: str) -> bytes:
    """Write one page: everybody by name, each with what was talked about; then what is left."""
    ordered = sorted(people, key=lambda each: (fold(each.name), each.name))
    numbered = {f"p{at}": each for at, each in enumerate(ordered, 1)}
    anchors = {each.name: anchor for anchor, each in reversed(numbered.items())}
    anchors |= {each.key: anchor for anchor, each in numbered.items() if each.key}
    links = _Links(anchors, {anchor: each.name for anchor, each in numbered.items()})
    told: dict[str, list[Told]] = defaultdict(list)
    count = 0
    for talk in sorted(talks, key=lambda each: each.on, reverse=True):
        count += 1
        for anchor in {anchors[who] for who in talk.people if who in anchors} or {""}:
            told[anchor].append(talk)
    body = [_section(anchor, each, told[anchor], links) for anchor, each in numbered.items()]
    if told[""]:
        rows = "".join(_talk(talk, "", links) for talk in told[""])
        body.append(
            f"<section>\n<h2>With nobody on this page</h2>\n<ol>\n{rows}</ol>\n</section>\n"
        )
    names = [f'<a href="#{at}">{_name(each.name)}</a>\n' for at, each in numbered.items()]
    counts = (_counted(len(names), "person", "people"), _counted(count, "conversation"))
    return _PAGE.format(
        policy=_POLICY,
        style=_STYLE,
        title=_words(title, newlines=False),
        counts=", ".join(counts),
        listed="".join(names),
        body="".join(body),
    ).encode()


def _section(anchor: str, held: Incoming, talks: Sequence[Told], links: _Links) -> str:
    """Return what is known of somebody, then the conversations, the newest first."""
    facts = [(label, rows) for label, rows in _facts(held, links) if any(rows)]
    lines = [f"<dt>{label}</dt><dd>{'<br>'.join(rows)}</dd>\n" for label, rows in facts]
    parts = [f'<section id="{anchor}">\n<h2>{_name(held.name)}</h2>\n']
    parts += ["<dl>\n", *lines, "</dl>\n"] if lines else []
    texts = filter(None, (held.met_story, held.note))
    parts += [f'<p dir="auto">{_words(text)}</p>\n' for text in texts]
    rows = [_talk(talk, anchor, links) for talk in talks]
    parts += ["<ol>\n", *rows, "</ol>\n"] if rows else []
    return "".join([*parts, "</section>\n"])


def _facts(held: Incoming, links: _Links) -> Iterator[tuple[str, list[str]]]:
    """Give the lines of a card as (label, rows of HTML); no row has words where nothing is known."""
    yield "also", [joined(list(map(_name, held.nicknames)))]
    yield "into", _loved(held.into)
    yield "differs on", _loved(held.collides)
    yield "met", [_met(held, links)]
    yield "lives", [_name(held.lives)] if held.lives else []
    yield "groups", [joined(list(map(_name, held.groups)))]
    ties = (
        (each.key if each.key in links.anchors else each.name, each.word) for each in held.bonds
    )
    yield "knows", [f"{links.to(who or '')} ({_words(word)})" for who, word in ties]
    yield "birthday", [_yearly(held.birthday)] if held.birthday else []
    yield "days", [f"{_name(label)}: {_yearly(on)}" for label, on in held.days]
    yield "reach", list(map(_way, held.contacts))


def _met(held: Incoming, links: _Links) -> str:
    parts = (
        _day(held.met_on, held.met_precision or "day") if held.met_on else "",
        f"at {_name(held.met_at)}" if held.met_at else "",
        f"through {links.to(held.met_through)}" if held.met_through else "",
    )
    return ", ".join(filter(None, parts))


def _talk(talk: Told, here: str, links: _Links) -> str:
    """Return one conversation; `here` is the anchor of the person below whom it stands."""
    others = [links.to(who) for who in talk.people if not here or links.anchors.get(who) != here]
    parts = (
        f'<time datetime="{_words(talk.on)}">{_day(talk.on, talk.precision)}</time>',
        f"with {joined(others)}" if others else "",
        f"at {_name(talk.place)}" if talk.place else "",
        f"by {_words(talk.by)}" if talk.by else "",
        " ".join(f'<span class="topic">#{_name(topic)}</span>' for topic in talk.topics),
    )
    asked = (f"? {thread}" for thread in talk.threads if thread not in talk.text)
    texts = [f'<p dir="auto">{_words(text)}</p>' for text in (talk.text, *asked)]
    return f'<li><div class="quiet">{", ".join(filter(None, parts))}</div>{"".join(texts)}</li>\n'


def _words(text: str, newlines: bool = True) -> str:
    """Return text as HTML; what could turn the line round or hide in it is shown as its number."""
    return escape(visible(text, newlines))


def _name(text: str) -> str:
    """Return a name that keeps its own direction of writing, whatever stands around it."""
    return f"<bdi>{_words(text, newlines=False)}</bdi>"


def _loved(held: Sequence[Loved]) -> list[str]:
    """Return interests in one row, and those with a story in a row each."""
    shown = [(f'<span class="topic">{_name(each.label)}</span>', each.note) for each in held]
    plain = ", ".join(label for label, note in shown if not note)
    told = [f"{label}, <bdi>{_words(note, newlines=False)}</bdi>" for label, note in shown if note]
    return [plain, *told] if plain else told


def _way(way: Way) -> str:
    """Return a way to reach somebody, as a link only if it is plainly a page or an e-mail."""
    said = _name(way.value)
    if way.kind == "link" and _WEB.fullmatch(way.value):
        said = f'<a href="{_words(way.value)}" rel="noopener noreferrer">{said}</a>'
    elif way.kind == "email" and _MAIL.fullmatch(way.value):
        said = f'<a href="mailto:{_words(way.value)}">{said}</a>'
    return said + (f' <span class="quiet">{_name(way.label)}</span>' if way.label else "")


def _day(on: str, precision: str) -> str:
    return format_day(Day(date.fromisoformat(on), cast(Precision, precision)))


def _yearly(on: str) -> str:
    year, month, day = on.rsplit("-", 2)
    return f"{int(day)} {MONTHS[int(month) - 1]} {year.strip('-')}".rstrip()


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or f'{one}s'}"
