"""The one module that writes to the terminal, and asks.

stdout is data, stderr is talk. Every word goes through `kin.language.text.visible` on its way, so that no
name, note or file can drive the terminal.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any, TextIO

from kin.cli.context import Call
from kin.cli.layout import Line, Page, Span, Table
from kin.errors import KinError, UsageError
from kin.language.text import cells, clipped, escaped, visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_STYLES = {
    "title": "bold",
    "name": "bold",
    "label": "cyan",
    "quote": "italic",
    "shared": "green",
    "dim": "dim",
}
_TYPED_NEXT = ("handle", "backup")
# A page cannot be laid out in less; nobody has a wider screen, and sums with more could overflow.
_NARROWEST, _WIDEST, _TALLEST = 20, 1000, 1000


class OutputError(KinError):
    """The result could not be written to standard output."""


def begin() -> None:
    """Make both streams able to say any character."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")


def show(call: Call, value: object, page: Page) -> None:
    """Print a result: the value as JSON where that is wanted, else the page."""
    if call.as_json:
        _print_json(value)
    elif call.plain or not _is_terminal(sys.stdout) or call.environment.get("TERM") == "dumb":
        _print_plain(page)
    else:
        _print_rich(call, page)


def deliver(data: bytes) -> None:
    """Print a file's bytes: as they are into a pipe, harmless on a terminal."""
    if _is_terminal(sys.stdout):
        _print(visible(data.decode(errors="backslashreplace")))
    else:
        _print(data)


def show_help(words: str) -> None:
    """Print the help of a command."""
    _print(f"{words}\n")


def talk(words: str) -> None:
    """Write a line to stderr, next to the result."""
    _talk(f"{visible(words)}\n")


def hint(call: Call, words: str) -> None:
    """Say what to type next, to a person only."""
    if call.talking and not call.as_json:
        talk(words)


def greet(call: Call, page: Page) -> None:
    """Show a page that is no result: on the terminal, or beside the empty result of a pipe."""
    if _is_terminal(sys.stdout):
        show(call, None, page)
    else:
        for block in page:
            if isinstance(block, Line):
                talk("".join(span.text for span in block.spans).rstrip())


def trouble(call: Call, error: KinError) -> None:
    """Say an error in one line on stderr: what happened, then what to type."""
    if call.as_json:
        told = {
            "code": error.exit_code,
            "message": error.message,
            "hint": error.hint or None,
            "candidates": list(error.candidates),
        }
        _talk(f"{_json_text({'error': told})}\n")
        return
    warn(" ".join(part for part in (error.message, error.hint) if part))


def warn(words: str) -> None:
    """Write to stderr in one line what went wrong."""
    _talk(f"kin: {visible(words, newlines=False)}\n")


def can_ask(call: Call) -> bool:
    """Tell whether a question would reach a person."""
    return (
        not call.no_input
        and not call.as_json
        and _is_terminal(sys.stdin)
        and _is_terminal(sys.stderr)
    )


def may_edit(call: Call) -> bool:
    """Tell whether an editor may be opened: on a terminal, or one that is named for the purpose."""
    named = call.environment.get("VISUAL") or call.environment.get("EDITOR")
    return not call.no_input and bool(named or _is_terminal(sys.stdin))


def ask(question: str) -> str:
    """Ask for a line of words, on stderr; an empty answer is no answer."""
    try:
        _talk(f"{visible(question)} ")
        return input().strip()
    except (EOFError, KeyboardInterrupt):
        import typer

        raise typer.Abort from None


@contextmanager
def interrupts_are_theirs() -> Iterator[None]:
    """Leave Ctrl-C to the program that has the terminal. Unlike SIG_IGN, it does not inherit this."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def agrees(call: Call, question: str) -> bool:
    """Ask for a yes; Enter is one."""
    return call.yes or ask(f"{question} [Y/n]").casefold() in ("", "y", "yes")


def confirms(call: Call, question: str, instead: str) -> bool:
    """Ask for a yes to what cannot be taken back; Enter is none, and without anybody to ask it is refused."""
    if call.yes:
        return True
    if not can_ask(call):
        raise UsageError("This needs a yes.", f"Say it with --yes: {instead}")
    return ask(f"{question} [y/N]").casefold() in ("y", "yes")


def choose(question: str, options: Sequence[str]) -> int | None:
    """Ask which of several is meant; None for neither."""
    talk(question)
    for number, option in enumerate(options, 1):
        talk(f"  {number}  {visible(option, newlines=False)}")
    while True:
        answer = ask("Which one? (number, or Enter for neither)")
        if not answer:
            return None
        if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(options):
            return int(answer) - 1
        talk(f"A number from 1 to {len(options)}, or nothing.")


@contextmanager
def progress(call: Call, words: str) -> Iterator[Callable[[int, int], None]]:
    """Show how far a long task is, on stderr and to a person only; yields how to tell it."""
    if call.as_json or call.plain or not _is_terminal(sys.stderr):
        yield lambda done, whole: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    shown = (  # no red: nothing is wrong
        TextColumn("{task.description}"),
        BarColumn(complete_style="cyan", finished_style="cyan", pulse_style="cyan"),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
    )
    columns, rows = screen_size()
    screen = Console(stderr=True, width=columns, height=rows)
    with Progress(*shown, console=screen, transient=True) as bar:
        task = bar.add_task(visible(words), total=None)

        def tell(done: int, whole: int) -> None:
            if done % 100 == 0:
                bar.update(task, completed=done, total=whole)

        yield tell


def read_stdin() -> str:
    """Return all of standard input, byte for byte."""
    if sys.stdin is None:
        raise UsageError("Standard input is closed.", "Nothing was written.")
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError:
        raise UsageError(
            "What came on standard input is not UTF-8 text.", "Nothing was written."
        ) from None


def screen_rows() -> int | None:
    """Return how many rows a screen has, or None where nobody looks."""
    return screen_size()[1] if _is_terminal(sys.stdout) else None


def screen_size() -> tuple[int, int]:
    """Return the columns and rows of the screen, within bounds whatever COLUMNS and LINES are."""
    size = get_terminal_size()
    return min(max(size.columns, _NARROWEST), _WIDEST), min(max(size.lines, 1), _TALLEST)


def as_json(value: object) -> Any:
    """Turn named tuples and lists into what json prints; `Hidden` fields stay out."""
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        marks = type(value).__annotations__
        shown = [name for name in value._fields if not hasattr(marks[name], "__metadata__")]
        return {name: as_json(getattr(value, name)) for name in shown}
    if isinstance(value, tuple | list):
        return [as_json(each) for each in value]
    return value


def _print_json(value: object) -> None:
    indent = 2 if _is_terminal(sys.stdout) else None
    _print(f"{_json_text(as_json(value), indent)}\n")


def _json_text(value: object, indent: int | None = None) -> str:
    import json

    return escaped(json.dumps(value, ensure_ascii=False, indent=indent))


def _print(result: str | bytes) -> None:
    """Write to stdout and flush; raise OutputError where that fails, except into a closed pipe."""
    if not result:
        return
    if sys.stdout is None:
        raise OutputError("Cannot write the answer: standard output is closed.")
    try:
        if isinstance(result, str):
            sys.stdout.write(result)
        else:
            sys.stdout.flush()
            sys.stdout.buffer.write(result)
        sys.stdout.flush()
    except OSError as error:
        _discard(sys.stdout)
        if not isinstance(error, BrokenPipeError):  # its reader has read enough
            raise OutputError(f"Cannot write the answer: {error.strerror}.") from error


def _talk(words: str) -> None:
    """Write to stderr and flush. Where that fails, there is nowhere to report it."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(words)
        sys.stderr.flush()
    except OSError:
        _discard(sys.stderr)


def _discard(stream: TextIO) -> None:
    """Send what is left in a stream's buffer nowhere: Python would try again to write it at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _is_terminal(stream: Any) -> bool:
    return bool(stream and stream.isatty())


def _harmless(span: Span) -> str:
    return visible(span.text, newlines=False)


def _print_plain(page: Page) -> None:
    lines: list[str] = []
    asides: list[str] = []
    for block in page:
        if isinstance(block, Table):
            for row in block.rows:
                lines.append("\t".join(_harmless(cell).replace("\t", "\\t") for cell in row))
        else:
            (asides if block.aside else lines).append("".join(map(_harmless, block.spans)).rstrip())
    _print("".join(f"{line}\n" for line in lines))
    for aside in asides:
        talk(aside)


def _print_rich(call: Call, page: Page) -> None:
    from io import StringIO

    from rich.console import Console

    columns, height = screen_size()
    console = Console(
        file=StringIO(),
        width=columns,
        height=height,
        force_terminal=True,
        color_system=None if call.environment.get("NO_COLOR") else "auto",
        highlight=False,
        markup=False,
        emoji=False,
    )
    lines = list(_lines(page, console.width))
    rows = [row for line in lines for row in _wrapped(line._replace(rows=None), console)]
    if len(rows) >= height:  # only where there is no room, long ones are cut
        rows = [row for line in lines for row in _wrapped(line, console)]
    for row in rows:
        console.print(row, soft_wrap=True)
    text = console.file.getvalue()  # type: ignore[attr-defined]  # the StringIO above
    pager = _pager() if len(rows) >= height else None
    trouble = _page(pager, text) if pager else ""
    if trouble:
        warn(trouble)
    if trouble or not pager:
        _print(text)


def _page(pager: Sequence[str], text: str) -> str:
    """Show a text in the owner's pager; return what went wrong, or "" where it was shown."""
    import subprocess

    environment = {"LESS": "FRX", **os.environ}
    given = text.encode(errors="backslashreplace")
    try:
        with interrupts_are_theirs():
            ended = subprocess.run(pager, input=given, env=environment, check=False)  # noqa: S603
    except OSError as error:
        return f"Cannot start your pager “{pager[0]}”: {error.strerror}."
    return (
        f"Your pager “{pager[0]}” ended with code {ended.returncode}." if ended.returncode else ""
    )


def _pager() -> list[str] | None:
    """Return the owner's pager as words, never a shell line; None where there is none."""
    import shlex
    import shutil

    try:
        words = shlex.split(os.environ.get("PAGER", "less"))
    except ValueError:  # a quote that is not closed: as good as no pager
        return None
    found = shutil.which(words[0]) if words else None
    return [found, *words[1:]] if found else None


def _lines(page: Page, width: int) -> Iterator[Line]:
    for block in page:
        if isinstance(block, Line):
            yield block
        elif block.cards:
            yield from block.cards
        else:
            yield from _columns(block, width)


def _columns(table: Table, width: int) -> Iterator[Line]:
    """Lay a table out in columns: the last one takes what is left, none is wider than it must be."""
    if not table.rows:
        return
    natural = [
        max(cells(_harmless(row[at])) for row in table.rows) for at in range(len(table.heads))
    ]
    wide = [max(each, cells(head)) for each, head in zip(natural, table.heads, strict=True)]
    room = width - 2 * (len(wide) - 1)
    most = max(room // len(wide), 6)
    # The handle, or a backup's name, is what one types next, so it stays whole.
    narrow = [
        each if head in _TYPED_NEXT else min(each, most)
        for each, head in zip(wide, table.heads, strict=True)
    ]
    over = sum(narrow) - room
    for at in sorted(range(len(wide)), key=lambda at: -narrow[at]):
        if over > 0 and table.heads[at] not in _TYPED_NEXT:
            cut = min(over, narrow[at] - 4)
            narrow[at], over = narrow[at] - cut, over - cut
    for at in range(len(wide)):  # what one column leaves, the next may take
        narrow[at] = min(wide[at], narrow[at] + max(room - sum(narrow), 0))
    yield _row(tuple(Span(head, "dim") for head in table.heads), narrow)
    for row in table.rows:
        yield _row(row, narrow)


def _row(row: tuple[Span, ...], widths: Sequence[int]) -> Line:
    shown = [
        Span(clipped(_harmless(cell), width), cell.style)
        for cell, width in zip(row, widths, strict=True)
    ]
    padded = [
        Span(cell.text + " " * (width - cells(cell.text) + 2), cell.style)
        for cell, width in zip(shown[:-1], widths[:-1], strict=True)
    ]
    return Line((*padded, shown[-1]))


def _wrapped(line: Line, console: "Console") -> "Iterator[Text]":
    """Fit a line to the terminal; what is too long goes on under the line's indent."""
    from rich.text import Text

    label, body = (line.spans[:1], line.spans[1:]) if line.indent else ((), line.spans)
    told = _text(body)
    told.end = ""
    room = max(console.width - line.indent, 10)
    rows = told.wrap(console, room) if told.plain else [told]
    kept = rows[: line.rows] if line.rows else rows
    for number, row in enumerate(kept):
        row.rstrip()
        if number == len(kept) - 1 and len(kept) < len(rows):
            row.truncate(room - 2)
            row.append(" …", "dim")
        start = _text(label) if number == 0 else Text(" " * line.indent)
        yield start.append_text(row)


def _text(spans: Sequence[Span]) -> "Text":
    from rich.text import Text

    text = Text()
    for span in spans:
        text.append(_harmless(span), _STYLES.get(span.style, ""))
    return text
