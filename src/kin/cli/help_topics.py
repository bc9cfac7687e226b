"""The topics of `kin help`: plain text files in topics/, the first line of each its title."""

import re
from pathlib import Path
from textwrap import wrap
from typing import NamedTuple

_FOLDER = Path(__file__).with_name("topics")
_WIDTH = 78  # columns of the files
_DEFINITION = re.compile(r"(\S+(?: \S+)*) {2,}(\S.*)")
_NARROW_INDENT = "    "


class Topic(NamedTuple):
    """A topic of `kin help`; `text` does not include the title."""

    name: str
    title: str
    text: str


def list_topics() -> list[Topic]:
    """Return all topics in alphabetical order."""
    return [_read_topic(path) for path in sorted(_FOLDER.glob("*.md"))]


def _read_topic(path: Path) -> Topic:
    title, _, text = path.read_text(encoding="utf-8").partition("\n\n")
    return Topic(path.stem, title.removeprefix("# "), text)


def format_topic(topic: Topic, width: int) -> str:
    """Return a topic as text of at most `width` columns; examples are never broken."""
    if width >= _WIDTH:
        return f"{topic.title}\n\n{topic.text.rstrip()}"
    paragraphs = topic.text.rstrip().split("\n\n")
    blocks = [wrap(topic.title, width), *(_wrap_block(each, width) for each in paragraphs)]
    return "\n\n".join("\n".join(lines) for lines in blocks)


def _wrap_block(block: str, width: int) -> list[str]:
    """Wrap a paragraph, or a list of words and their meaning; return examples as they are."""
    lines = block.splitlines()
    if lines[0].startswith(" "):
        return lines
    if not _DEFINITION.fullmatch(lines[0]):
        return wrap(" ".join(lines), width)
    wrapped: list[str] = []
    for line in lines:
        match = _DEFINITION.fullmatch(line)
        label, meaning = match.groups() if match else ("", line.strip())
        wrapped += [label] if label else []
        wrapped += wrap(
            meaning, width, initial_indent=_NARROW_INDENT, subsequent_indent=_NARROW_INDENT
        )
    return wrapped
