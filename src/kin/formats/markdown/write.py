"""A whole book as a folder of Markdown: a page for each person, and one that leads to them.

Its one rule: everything stands once, where one would look for it; what only kin needs of somebody
lies in `kept/`, in JSON, and numbers in comments hold the order.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator

from kin.formats.book import Book, Introduction, Person, Word
from kin.formats.kin_json_write import VERSION as JSON_VERSION
from kin.formats.kin_json_write import origin, shown
from kin.formats.markdown.names import (
    INDEX,
    KEPT,
    PEOPLE,
    VERSION,
    Links,
    stems,
)
from kin.formats.markdown.page import (
    Page,
    blocks,
    conversations,
    page,
    threads,
)
from kin.formats.markdown.words import (
    day,
    plain,
)
from kin.language.text import escaped

HELLO = (
    "Here is a page for each person in your life, as kin remembers them. Read them, and change what you like:",
    "`kin import` of this folder brings everything back, and what it does not understand it keeps as text.",
    "Only kin needs what stands in `kept/`, and the numbers in comments.",
)
SAID = {"same": "is the same as", "under": "is a kind of", "apart": "is apart from"}
WORDING = re.compile(rf"{'|'.join(SAID.values())}|· since")


def write(book: Book) -> Iterator[tuple[str, bytes]]:
    """Yield each file of the folder: its path in it, with `/`, and its bytes."""
    files = stems(book.people)
    links = Links(book.people, files)
    theirs = _Pages(book)
    for person in book.people:
        stem = files[person.handle]
        yield f"{PEOPLE}/{stem}.md", _text(page(person, theirs.of(person.handle), links))
        if person.origins or person.shown or person.uid:
            yield f"{KEPT}/{stem}.json", _kept(person)
    above = Links(book.people, files, f"{PEOPLE}/")
    yield INDEX, _text(_index(book, theirs.of(None), above))


class _Pages:
    """What stands on whose page: a conversation with several people on that of the first who is not you."""

    def __init__(self, book: Book) -> None:
        self._me = {person.handle for person in book.people if person.me}
        self._pages: defaultdict[str | None, Page] = defaultdict(Page)
        for number, talk in enumerate(book.talks, 1):
            first, others = self._first([each.handle for each in talk.people])
            self._pages[first].talks.append((number, talk))
            for other in others:
                self._pages[other].talks_elsewhere.append((talk, first or ""))
        for number, thread in enumerate(book.threads, 1):
            first, others = self._first(list(thread.people))
            self._pages[first].threads.append((number, thread))
            for other in others:
                self._pages[other].threads_elsewhere.append((thread, first or ""))
        for number, tie in enumerate(book.ties, 1):
            self._pages[tie.a].ties.append((number, tie))
            self._pages[tie.b].ties_elsewhere.append(tie)

    def of(self, handle: str | None) -> Page:
        """Return what stands on somebody's page, or, for nobody, on the first."""
        return self._pages.get(handle, Page())

    def _first(self, people: list[str]) -> tuple[str | None, list[str]]:
        first = next((each for each in people if each not in self._me), None)
        first = first if first is not None else next(iter(people), None)
        return first, [each for each in people if each != first]


def _text(lines: Iterator[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _kept(person: Person) -> bytes:
    held = {
        "kin": JSON_VERSION,
        "handle": person.handle,
        "uid": person.uid,
        "origins": [origin(each) for each in person.origins],
        "shown": [shown(each) for each in person.shown],
    }
    return f"{escaped(json.dumps(held, ensure_ascii=False, indent=1))}\n".encode()


def _index(book: Book, page: Page, links: Links) -> Iterator[str]:
    owner = next((person.name for person in book.people if person.me), "You")
    title = "My people" if owner == "You" else f"The people of {plain(owner)}"
    yield f"# {title} <!-- kin folder {VERSION} -->"
    yield ""
    yield from HELLO
    yield from blocks("People", [f"- {links.to(person.handle)}" for person in book.people])
    yield from blocks("Interests", [f"- {_word(each)}" for each in book.vocabulary])
    yield from blocks(
        "Introductions", [f"- {_introduction(each, links)}" for each in book.introductions]
    )
    yield from threads(page, links)
    yield from conversations(page, links)


def _word(word: Word) -> str:
    return f"{plain(word.a, WORDING)} {SAID[word.saying]} {plain(word.b, WORDING)} · since {day(word.said_on)}"


def _introduction(pair: Introduction, links: Links) -> str:
    one, other = (
        f"{links.to(handle)}{f' said {said}' if said else ''}"
        for handle, said in ((pair.a, pair.a_said), (pair.b, pair.b_said))
    )
    return f"{one} and {other}{f' · introduced {day(pair.made_on)}' if pair.made_on else ''}"
