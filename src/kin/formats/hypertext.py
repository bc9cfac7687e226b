"""The words of a web page that somebody pipes in: what is written there to be read.

Its one rule: a text that only has a `<` in it is no page.
"""

import re
from html.parser import HTMLParser

_PAGE = re.compile(
    r"<(?:!doctype|html|head|body|title|article|div|p|a|h[1-6]|span|script)\b[^<]*>", re.I
)
_UNREAD = frozenset(("script", "style", "template", "noscript"))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.told: list[str] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._unread += tag in _UNREAD
        self.told.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in _UNREAD and self._unread > 0
        self.told.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.told.append(data)


def words(text: str) -> str:
    """Return what a page says, without its markup; any other text as it is."""
    if not _PAGE.search(text):
        return text
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return "".join(reader.told)
