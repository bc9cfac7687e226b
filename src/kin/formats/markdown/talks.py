"""Conversations and threads on pages of kin's Markdown read back into the order in which they were written down.

Its one rule: their words are kept byte for byte; the number in a comment says where they stand.
"""

import re
from dataclasses import replace
from typing import NamedTuple

from kin.constants import WAYS
from kin.formats.book import Talk, There, Thread
from kin.formats.markdown.lines import (
    Line,
    Page,
    Section,
    parted,
    quotes,
)
from kin.formats.markdown.words import (
    Link,
    UnreadError,
    coded,
    links,
    read_dated,
    read_day,
    several,
    words,
)

LAST = 1 << 62  # where what has no number stands: behind all that has one
_TALK = re.compile(r"<!-- talk ([0-9]{1,9}), noted (.+?)(?:, told from ([0-9]{1,9}))? -->\s*\Z")
_THREAD = re.compile(r"<!-- thread ([0-9]{1,9})(?:, talk ([0-9]{1,9}))? -->\Z")
_BOX = re.compile(r"[-*] \[([ xX])\] ")


class Talks:
    """Conversations, threads and their numbers, collected from all pages."""

    def __init__(self) -> None:
        self._talks: list[tuple[int, Talk]] = []
        self._threads: list[tuple[int, int | None, Thread]] = []

    def talk(self, number: int | None, talk: Talk) -> None:
        """Take a conversation in."""
        self._talks.append((LAST if number is None else number, talk))

    def thread(self, number: int | None, talk: int | None, thread: Thread) -> None:
        """Take a thread in, with the number of its conversation."""
        self._threads.append((LAST if number is None else number, talk, thread))

    def in_order(self) -> tuple[tuple[Talk, ...], tuple[Thread, ...]]:
        """Return all in order, threads with the places of their conversations."""
        self._talks.sort(key=lambda each: each[0])
        self._threads.sort(key=lambda each: each[0])
        places: dict[int | None, int] = {}
        for place, (number, _) in enumerate(self._talks):
            places.setdefault(number, place)
        return tuple(talk for _, talk in self._talks), tuple(
            replace(thread, talk=places.get(talk)) for _, talk, thread in self._threads
        )


def read_talks(page: Page, lines: list[Line], talks: Talks, whose: tuple[str, str] | None) -> None:
    """Read a section of conversations; `whose` page, handle and name, stands in for who is not said."""
    for section in parted(lines, "### "):
        if section.heading is None:
            page.leave(section.lines, "it stands above the first conversation")
            continue
        try:
            number, talk = _talk(page, section, section.heading, whose)
        except UnreadError as error:
            page.leave([section.heading, *section.lines], str(error))
        else:
            talks.talk(number, talk)


class _Stamp(NamedTuple):
    number: int | None
    noted_at: str
    told_from: int = 0


def _talk(
    page: Page, section: Section, heading: Line, whose: tuple[str, str] | None
) -> tuple[int | None, Talk]:
    day, by, place = _head(heading.text.removeprefix("### "))
    stamp = _Stamp(None, f"{day[0]}T00:00:00+00:00")
    people: list[There] | None = None
    topics: tuple[str, ...] = ()
    told: list[str] = []
    loose: list[Line] = []
    for lines, text in quotes(section.lines):
        line = lines[0]
        if text is not None:
            told.append(text)
        elif found := _TALK.match(line.text):
            noted = coded(found[2])
            stamp = _Stamp(int(found[1]), noted[0] if noted else found[2], int(found[3] or 0))
        elif not told and not loose and line.text.startswith("With [") and people is None:
            people = _there(page, line)
        elif not told and not loose and line.text.startswith("About "):
            topics = several(line.text[6:])
        else:
            loose.append(line)
    text = "\n\n".join(told)
    if not told:
        text, loose = _prose(loose), []
    if not text:
        raise UnreadError("it is a conversation without a word")
    page.leave(loose, "it is not quoted as the conversation is")
    if people is None:
        people = [There(*whose)] if whose and stamp.number is None else []
    return stamp.number, Talk(
        day[0],
        text,
        stamp.noted_at,
        day[1],
        min(stamp.told_from, len(text)),
        place,
        by,
        tuple(people),
        topics,
    )


def _prose(lines: list[Line]) -> str:
    """Return words that their owner did not quote, with the blank lines between them."""
    text, last = "", 0
    for line in lines:
        text += ("\n\n" if line.at > last + 1 else "\n") * bool(text) + line.text
        last = line.at
    return text


def _head(text: str) -> tuple[tuple[str, str], str | None, str | None]:
    """Read the day of a conversation, the way and the place."""
    day, _, rest = text.strip().partition(" · ")
    by, place = None, None
    if rest and not rest.startswith("at "):
        by, _, rest = rest.partition(" · ")
        if by not in WAYS:
            raise UnreadError(f"a conversation is a {', '.join(WAYS)}")
    if rest:
        if not rest.startswith("at "):
            raise UnreadError("what follows the day is no place")
        place = words(rest[3:])
    return read_dated(day), by, place


def _there(page: Page, line: Line) -> list[There]:
    found: dict[str, There] = {}
    try:
        linked = links(line.text.removeprefix("With "))
    except UnreadError as error:
        page.leave([line], str(error))
        return []
    for link in linked:
        handle = page.whom(line.at, link)
        if handle is not None:
            found.setdefault(handle, There(handle, link.words))
    return list(found.values())


def read_threads(page: Page, lines: list[Line], talks: Talks, whose: str | None) -> None:
    """Read a section of threads, each with the lines below it."""
    item: list[Line] = []
    for line in [*lines, Line(0, "- ")]:
        if not line.text.strip() and line.at:
            continue
        if line.text.startswith(("- ", "* ")):
            if item:
                _read_thread(page, item, talks, whose)
            item = [line]
        elif item and line.text[:1].isspace():
            item.append(line)
        else:
            page.leave([line], "it is no item of a list")


def _read_thread(page: Page, item: list[Line], talks: Talks, whose: str | None) -> None:
    try:
        _thread(page, item, talks, whose)
    except UnreadError as error:
        page.leave(item, str(error))


def _thread(page: Page, item: list[Line], talks: Talks, whose: str | None) -> None:
    head = item[0].text.rstrip()
    mark = _THREAD.search(head)
    box = _BOX.match(head)
    if box is None:
        raise UnreadError("a thread is written as “- [ ] how was the exam”")
    text = words(head[box.end() : mark.start() if mark else len(head)])
    said: dict[str, str] = {}
    people: list[str] | None = None
    for line in item[1:]:
        body = line.text.strip().removeprefix("- ").strip()
        key = next((each for each in _BELOW if body.startswith(each)), None)
        if key is None:
            raise UnreadError("a line below it says nothing of a thread")
        value = body.removeprefix(key).strip()
        if key == "with ":
            people = _asked(page, line.at, links(value))
        else:
            said[_BELOW[key]] = words(value) if key == "outcome:" else read_day(value)
    if not text or "opened_on" not in said:
        raise UnreadError("a thread has words, and “since” with a day below them")
    if box[1] != " " and "heard_on" not in said:
        page.remark(item[0].at, "it is ticked without “heard” and a day, and stays open")
    if people is None:
        people = [whose] if whose is not None and mark is None else []
    talks.thread(
        int(mark[1]) if mark else None,
        int(mark[2]) if mark and mark[2] else None,
        Thread(
            text=text,
            opened_on=said["opened_on"],
            due_on=said.get("due_on"),
            heard_on=said.get("heard_on"),
            outcome=said.get("outcome"),
            people=tuple(people),
        ),
    )


_BELOW = {
    "since ": "opened_on",
    "ask from ": "due_on",
    "heard ": "heard_on",
    "outcome:": "outcome",
    "with ": "people",
}


def _asked(page: Page, at: int, found: list[Link]) -> list[str]:
    handles = (page.whom(at, link) for link in found)
    return list(dict.fromkeys(handle for handle in handles if handle is not None))
