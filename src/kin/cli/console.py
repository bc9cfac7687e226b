"""Everything that kin prints and asks: results on stdout; hints, questions and errors on stderr.

No other module writes to the terminal. All text passes `escape_control`, so that no name, note or
file can control the terminal.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any, TextIO

from kin.cli.layout import Line, Page, Span, Table
from kin.errors import KinError, UsageError
from kin.language.text import display_width, escape_control, escape_json, truncate

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from kin.cli.context import Call

_STYLES = {
    "title": "bold",
    "name": "bold",
    "label": "cyan",
    "quote": "italic",
    "shared": "green",
    "dim": "dim",
    "hint": "dim",
}
_HINT_STYLES = ("hint", "command")
_UNCUT_COLUMNS = ("handle", "backup")
_UNBROKEN_SPACE = "\ufdd0"  # stands for a space in a command while a line is wrapped; never in text
_READABLE_WIDTH = 14  # cells of a column of text: narrower, and optional columns are left out
# A page needs at least 20 columns. No screen is wider than 1,000, and much larger sizes could overflow.
_MIN_WIDTH, _MAX_WIDTH, _MAX_HEIGHT = 20, 1000, 1000


class OutputError(KinError):
    """The result could not be written to standard output."""


def prepare_streams() -> None:
    """Let stdout and stderr escape the characters that their encoding does not have."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")


def print_result(call: "Call", value: object, page: Page) -> None:
    """Print a result: the value with --json, else the page."""
    if call.as_json:
        _print_json(value)
    elif call.plain or not _is_terminal(sys.stdout) or _is_dumb(call):
        _print_plain(call, page)
    else:
        _print_rich(call, page)


def print_bytes(data: bytes) -> None:
    """Print a file's bytes: unchanged into a pipe, with control characters escaped on a terminal."""
    if _is_terminal(sys.stdout):
        _write_stdout(escape_control(data.decode(errors="backslashreplace")))
    else:
        _write_stdout(data)


def print_help(text: str) -> None:
    """Print the help of a command, through the pager where it is longer than the screen."""
    lines = text.count("\n") + 1
    _write_paged(f"{text}\n", lines)


def print_message(message: str) -> None:
    """Print a line to stderr."""
    _write_stderr(f"{escape_control(message)}\n")


def is_read_by_person() -> bool:
    """Return whether the result goes to a terminal, and not to a pipe or a file."""
    return _is_terminal(sys.stdout)


def wants_hints(call: "Call") -> bool:
    """Return whether to print hints: only to a terminal, and not with --json, --plain or --quiet."""
    return (
        call.show_hints and not (call.quiet or call.as_json or call.plain) and is_read_by_person()
    )


def print_hint(call: "Call", message: str, *commands: str) -> None:
    """Print what to type next. A command is never broken; several get a line each."""
    if wants_hints(call):
        print_message(_format_hint(message, commands))


def print_report(call: "Call", message: str, hint: str = "", *commands: str) -> None:
    """Print what kin did with unclear input, to a script too; the hint only where hints are wanted."""
    if wants_hints(call):
        print_message(_format_hint(f"{message} {hint}".rstrip(), commands))
    elif not call.as_json:
        print_message(message)


def _format_hint(message: str, commands: Sequence[str]) -> str:
    """Return the message with its commands: one on the same line where it fits, else a line each."""
    if len(commands) < 2:
        line = " ".join([message, *commands])
        width = get_screen_size()[0] if _is_terminal(sys.stderr) else _MAX_WIDTH
        if not commands or not message or display_width(escape_control(line)) <= width:
            return line
    return "\n".join([message, *(f"  {command}" for command in commands)])


def print_welcome(call: "Call", page: Page) -> None:
    """Print a page of hints: on the terminal, or to stderr where stdout is not one."""
    if not wants_hints(call):
        return
    if _is_terminal(sys.stdout):
        print_result(call, None, page)
        return
    for block in page:
        if isinstance(block, Line):
            print_message("".join(span.text for span in block.spans).rstrip())


def print_error(call: "Call", error: KinError) -> None:
    """Print an error as one line to stderr: what happened, then what to type."""
    if call.as_json:
        error_fields = {
            "code": error.exit_code,
            "message": error.message,
            "hint": error.hint or None,
            "candidates": list(error.candidates),
        }
        _write_stderr(f"{_format_json({'error': error_fields})}\n")
        return
    print_warning(" ".join(part for part in (error.message, error.hint) if part))


def print_warning(message: str) -> None:
    """Print what went wrong as one line to stderr."""
    _write_stderr(f"kin: {escape_control(message, newlines=False)}\n")


def can_ask(call: "Call") -> bool:
    """Return whether a question would reach a person."""
    return (
        not call.no_input
        and not call.as_json
        and _is_terminal(sys.stdin)
        and _is_terminal(sys.stderr)
    )


def may_edit(call: "Call") -> bool:
    """Return whether an editor may be opened: on a terminal, or where VISUAL or EDITOR is set."""
    editor = call.environment.get("VISUAL") or call.environment.get("EDITOR")
    return not call.no_input and bool(editor or _is_terminal(sys.stdin))


def ask(question: str) -> str:
    """Ask a question on stderr and return the line that is typed; raise Abort on Ctrl-C or Ctrl-D."""
    try:
        _write_stderr(f"{escape_control(question)} ")
        return input().strip()
    except (EOFError, KeyboardInterrupt):
        import typer

        raise typer.Abort from None


@contextmanager
def leave_interrupts_to_child() -> Iterator[None]:
    """Leave Ctrl-C to the pager or editor. Unlike SIG_IGN, a child process does not inherit this."""
    previous_handler = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous_handler)


def confirm(call: "Call", question: str) -> bool:
    """Ask a question; Enter means yes."""
    return call.yes or ask(f"{question} [Y/n]").casefold() in ("", "y", "yes")


def confirm_irreversible(call: "Call", question: str, command: str) -> bool:
    """Ask before something that kin undo cannot undo; Enter means no.

    Without a terminal raise UsageError, which gives the command with --yes.
    """
    if call.yes:
        return True
    if not can_ask(call):
        raise UsageError("This needs your confirmation.", f"To confirm, add --yes: {command}")
    return ask(f"{question} [y/N]").casefold() in ("y", "yes")


def choose(question: str, options: Sequence[str]) -> int | None:
    """Ask which of several is meant; return its index, or None for none of them."""
    print_message(question)
    for number, option in enumerate(options, 1):
        print_message(f"  {number}  {escape_control(option, newlines=False)}")
    while True:
        answer = ask(f"Which one? (1–{len(options)}, Enter for none)")
        if not answer:
            return None
        if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(options):
            return int(answer) - 1
        print_message(f"Type a number from 1 to {len(options)}, or only Enter.")


@contextmanager
def show_progress(call: "Call", description: str) -> Iterator[Callable[[int, int], None]]:
    """Show a progress bar on stderr, on a terminal only; yield `update(done, total)`."""
    if call.as_json or call.plain or call.quiet or not _is_terminal(sys.stderr):
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    bar_columns = (  # no red: nothing is wrong
        TextColumn("{task.description}"),
        BarColumn(complete_style="cyan", finished_style="cyan", pulse_style="cyan"),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
    )
    columns, rows = get_screen_size()
    screen = Console(stderr=True, width=columns, height=rows)
    with Progress(*bar_columns, console=screen, transient=True) as bar:
        task = bar.add_task(escape_control(description), total=None)

        def update_bar(done: int, total: int) -> None:
            if done % 100 == 0:
                bar.update(task, completed=done, total=total)

        yield update_bar


def read_stdin() -> str:
    """Return all of standard input, with its line ends as they are."""
    if sys.stdin is None:
        raise UsageError("Standard input is closed.", "Nothing was written.")
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError:
        raise UsageError(
            "What came on standard input is not UTF-8 text.", "Nothing was written."
        ) from None


def get_screen_rows() -> int | None:
    """Return how many rows the screen has, or None where stdout is not a terminal."""
    return get_screen_size()[1] if _is_terminal(sys.stdout) else None


def get_screen_size() -> tuple[int, int]:
    """Return the columns and rows of the screen, within bounds whatever COLUMNS and LINES say."""
    size = get_terminal_size()
    return min(max(size.columns, _MIN_WIDTH), _MAX_WIDTH), min(max(size.lines, 1), _MAX_HEIGHT)


def convert_to_json(value: object) -> Any:
    """Return named tuples as dicts and tuples as lists; `Hidden` fields are left out."""
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        annotations = type(value).__annotations__
        names = [name for name in value._fields if not hasattr(annotations[name], "__metadata__")]
        return {name: convert_to_json(getattr(value, name)) for name in names}
    if isinstance(value, tuple | list):
        return [convert_to_json(each) for each in value]
    return value


def _print_json(value: object) -> None:
    indent = 2 if _is_terminal(sys.stdout) else None
    _write_stdout(f"{_format_json(convert_to_json(value), indent)}\n")


def _format_json(value: object, indent: int | None = None) -> str:
    import json

    return escape_json(json.dumps(value, ensure_ascii=False, indent=indent))


def _write_stdout(result: str | bytes) -> None:
    """Write to stdout and flush; raise OutputError where that fails, except into a closed pipe."""
    if not result:
        return
    if sys.stdout is None:
        raise OutputError("Cannot write the result: standard output is closed.")
    try:
        if isinstance(result, str):
            sys.stdout.write(result)
        else:
            sys.stdout.flush()
            sys.stdout.buffer.write(result)
        sys.stdout.flush()
    except OSError as error:
        _discard_output(sys.stdout)
        if not isinstance(error, BrokenPipeError):  # its reader has seen enough, as `head` does
            raise OutputError(f"Cannot write the result: {error.strerror}.") from error


def _write_stderr(text: str) -> None:
    """Write to stderr and flush. Where that fails, there is nowhere to report it."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        _discard_output(sys.stderr)


def _discard_output(stream: TextIO) -> None:
    """Discard a stream's buffer, which Python would try to write again at exit."""
    null_file = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null_file, stream.fileno())
    os.close(null_file)


def _is_terminal(stream: Any) -> bool:
    return bool(stream and stream.isatty())


def _is_dumb(call: "Call") -> bool:
    return call.environment.get("TERM") in ("dumb", "unknown")


def _wants_color_in_pipe(call: "Call") -> bool:
    """Return whether FORCE_COLOR asks for colour in a pipe; NO_COLOR, --plain and TERM=dumb win.

    Only a value that is not empty counts: https://force-color.org, https://no-color.org
    """
    environment = call.environment
    return bool(
        environment.get("FORCE_COLOR")
        and not environment.get("NO_COLOR")
        and not (call.plain or _is_dumb(call))
    )


def _escape_span(span: Span) -> str:
    return escape_control(span.text, newlines=False)


def _print_plain(call: "Call", page: Page) -> None:
    """Print lines as they are and tables as rows with tabs; what is not the result goes to stderr."""
    format_span = _make_color_formatter(call) if _wants_color_in_pipe(call) else _escape_span
    lines: list[str] = []
    asides: list[str] = []
    for block in page:
        if isinstance(block, Table):
            for row in block.rows:
                cells = (
                    format_span(cell._replace(text=cell.text.replace("\t", "\\t"))) for cell in row
                )
                lines.append("\t".join(cells))
        elif block.aside:
            shown = [
                span for span in block.spans if wants_hints(call) or span.style not in _HINT_STYLES
            ]
            asides.append("".join(map(_escape_span, shown)).rstrip())
        else:
            lines.append("".join(map(format_span, block.spans)).rstrip())
    _write_stdout("".join(f"{line}\n" for line in lines))
    for aside in asides:
        if aside and not call.quiet:
            print_message(aside)


def _make_color_formatter(call: "Call") -> Callable[[Span], str]:
    """Return a function that formats a span with the escape sequences of its style."""
    from rich.color import ColorSystem
    from rich.style import Style

    styles = {name: Style.parse(style) for name, style in _STYLES.items()}

    def format_span(span: Span) -> str:
        text = _escape_span(span)
        style = styles.get(span.style)
        return style.render(text, color_system=ColorSystem.STANDARD) if style else text

    return format_span


def _print_rich(call: "Call", page: Page) -> None:
    from io import StringIO

    from rich.console import Console

    columns, height = get_screen_size()
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
    lines = list(_layout_page(page, console.width))
    rows = [row for line in lines for row in _wrap_line(line._replace(rows=None), console)]
    if len(rows) >= height:  # long texts are cut only where the page does not fit
        rows = [row for line in lines for row in _wrap_line(line, console)]
    for row in rows:
        console.print(row, soft_wrap=True)
    text = console.file.getvalue()  # type: ignore[attr-defined]  # the StringIO above
    _write_paged(text, len(rows))


def _write_paged(text: str, row_count: int) -> None:
    """Write to stdout; on a terminal with fewer rows through the owner's pager."""
    screen_rows = get_screen_rows()
    pager = _find_pager() if screen_rows and row_count >= screen_rows else None
    problem = _run_pager(pager, text) if pager else ""
    if problem:
        print_warning(problem)
    if problem or not pager:
        _write_stdout(text)


def _run_pager(pager: Sequence[str], text: str) -> str:
    """Show a text in the pager; return what went wrong, or "" where it was shown."""
    import subprocess

    environment = {"LESS": "FRX", **os.environ}
    data = text.encode(errors="backslashreplace")
    try:
        with leave_interrupts_to_child():
            result = subprocess.run(pager, input=data, env=environment, check=False)  # noqa: S603
    except OSError as error:
        return f"Cannot start your pager “{pager[0]}”: {error.strerror}."
    return (
        f"Your pager “{pager[0]}” ended with code {result.returncode}." if result.returncode else ""
    )


def _find_pager() -> list[str] | None:
    """Return PAGER, or less, as words for `exec`, never a shell line; None where there is none."""
    import shlex
    import shutil

    try:
        words = shlex.split(os.environ.get("PAGER", "less"))
    except ValueError:  # an unclosed quote: as good as no pager
        return None
    path = shutil.which(words[0]) if words else None
    return [path, *words[1:]] if path else None


def _layout_page(page: Page, width: int) -> Iterator[Line]:
    for block in page:
        if isinstance(block, Line):
            yield block
        elif block.cards:
            yield from block.cards
        else:
            yield from _layout_table(block, width)


def _layout_table(table: Table, width: int) -> Iterator[Line]:
    """Lay a table out in columns: the last one takes what is left, none is wider than it must be.

    Where the columns would get too narrow, the optional ones are left out.
    """
    if not table.rows:
        return
    table = _drop_optional_columns(table, width)
    full_widths = _measure_columns(table)
    available = width - 2 * (len(full_widths) - 1)
    fair_share = max(available // len(full_widths), 6)
    # A handle or a backup's name is what people type next, so it stays whole.
    widths = [
        each if head in _UNCUT_COLUMNS else min(each, fair_share)
        for each, head in zip(full_widths, table.headers, strict=True)
    ]
    excess = sum(widths) - available
    for at in sorted(range(len(full_widths)), key=lambda at: -widths[at]):
        if excess > 0 and table.headers[at] not in _UNCUT_COLUMNS:
            cut = min(excess, widths[at] - 4)
            widths[at], excess = widths[at] - cut, excess - cut
    for at in range(len(full_widths)):  # give what is left over to the first columns that need it
        widths[at] = min(full_widths[at], widths[at] + max(available - sum(widths), 0))
    yield _layout_row(tuple(Span(head, "dim") for head in table.headers), widths)
    for row in table.rows:
        yield _layout_row(row, widths)


def _measure_columns(table: Table) -> list[int]:
    """Return the width of each column's longest cell, its header included."""
    return [
        max(display_width(header), *(display_width(_escape_span(row[at])) for row in table.rows))
        for at, header in enumerate(table.headers)
    ]


def _drop_optional_columns(table: Table, width: int) -> Table:
    """Return the table without optional columns where the others would have no room to be read."""
    for header in table.optional:
        needed = [
            full if head in _UNCUT_COLUMNS else min(full, _READABLE_WIDTH)
            for full, head in zip(_measure_columns(table), table.headers, strict=True)
        ]
        if sum(needed) + 2 * (len(needed) - 1) <= width:
            break
        at = table.headers.index(header)
        table = table._replace(
            headers=(*table.headers[:at], *table.headers[at + 1 :]),
            rows=tuple((*row[:at], *row[at + 1 :]) for row in table.rows),
        )
    return table


def _layout_row(row: tuple[Span, ...], widths: Sequence[int]) -> Line:
    fitted = [
        Span(truncate(_escape_span(cell), width), cell.style)
        for cell, width in zip(row, widths, strict=True)
    ]
    padded = [
        Span(cell.text + " " * (width - display_width(cell.text) + 2), cell.style)
        for cell, width in zip(fitted[:-1], widths[:-1], strict=True)
    ]
    return Line((*padded, fitted[-1]))


def _wrap_line(line: Line, console: "Console") -> "Iterator[Text]":
    """Fit a line to the terminal; what is too long continues under the line's indent.

    A command stays whole: one that is wider than the terminal gets a row of its own.
    """
    from rich.text import Text

    label, body = (line.spans[:1], line.spans[1:]) if line.indent else ((), line.spans)
    width = max(console.width - line.indent, 10)
    rows: list[Text] = []
    for part in _split_at_long_commands(body, width):
        text = _make_rich_text(part)
        text.end = ""
        is_long_command = len(part) == 1 and _is_long_command(part[0], width)
        rows += text.wrap(console, width) if text.plain and not is_long_command else [text]
    visible_rows = rows[: line.rows] if line.rows else rows
    for number, row in enumerate(visible_rows):
        row.plain = row.plain.replace(_UNBROKEN_SPACE, " ")
        row.rstrip()
        if number == len(visible_rows) - 1 and len(visible_rows) < len(rows):
            row.truncate(width - 2)
            row.append(" …", "dim")
        start = _make_rich_text(label) if number == 0 else Text(" " * line.indent)
        yield start.append_text(row)


def _split_at_long_commands(spans: Sequence[Span], width: int) -> list[tuple[Span, ...]]:
    """Return the spans in parts, with each command that is wider than the terminal on its own."""
    parts: list[tuple[Span, ...]] = [()]
    for span in spans:
        if _is_long_command(span, width):
            parts += [(span,), ()]
        else:
            parts[-1] = (*parts[-1], span)
    return [part for part in parts if part] or [()]


def _is_long_command(span: Span, width: int) -> bool:
    return span.style == "command" and display_width(_escape_span(span)) > width


def _make_rich_text(spans: Sequence[Span]) -> "Text":
    from rich.text import Text

    text = Text()
    for span in spans:
        plain = _escape_span(span)
        if span.style == "command":
            plain = plain.replace(" ", _UNBROKEN_SPACE)
        text.append(plain, _STYLES.get(span.style, ""))
    return text
