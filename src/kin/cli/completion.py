"""TAB completion: the typed words come on standard input, the candidates go out as lines.

The first line says what follows, each other line is `value<TAB>help`. Where the book is in trouble
there are no candidates and no error. A candidate never contains control characters.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kin.constants import CHANNELS, CIRCLES, LONGEST_LABEL
from kin.errors import BookError, UsageError
from kin.language.text import escape_control, normalize, truncate

if TYPE_CHECKING:
    import sqlite3


COMMAND, OPTION = "a command", "an option"  # what else than a metavar can be expected
PROSE = ("TEXT", "TEXT|-")  # may have any number of words
HELP_TOPIC = "COMMAND|TOPIC"
_ANY_COMMAND = "*"
_ESCAPED_IN_DOUBLE_QUOTES = '"\\$`'


class SplitLine(NamedTuple):
    """A line in words: the complete ones, the one being typed, and the quote that is open in it."""

    words: tuple[str, ...]
    last_word: str
    open_quote: str


def split_line(line: str) -> SplitLine:
    """Split a line into words as bash does, without quotes and backslashes."""
    words: list[str] = []
    word, quote, is_started, escaped = "", "", False, False
    for char in line:
        if escaped:
            keeps_backslash = quote and char not in _ESCAPED_IN_DOUBLE_QUOTES
            word += "\\" + char if keeps_backslash else char
            escaped = False
        elif char == "\\" and quote != "'":
            escaped = True
        elif quote:
            word, quote = (word, "") if char == quote else (word + char, quote)
        elif char in "'\"":
            quote, is_started = char, True
        elif char not in " \t\n":
            word += char
        elif word or is_started:
            words.append(word)
            word, is_started = "", False
    return SplitLine(tuple(words), word, quote)


class Parameter(NamedTuple):
    """A line of parameters.tsv: a command, or one of its arguments or options; a flag has no metavar."""

    command: str
    names: tuple[str, ...]
    metavar: str
    help: str


def read_parameters() -> tuple[Parameter, ...]:
    """Read parameters.tsv."""
    lines = Path(__file__).with_name("parameters.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return tuple(
        Parameter(command, tuple(names.split()), metavar, help)
        for command, names, metavar, help in rows
    )


class CursorContext(NamedTuple):
    """Where the cursor is: what is expected there, and what of it is typed after `prefix`.

    `book` is the value of --db. Where `dash_is_option`, a value cannot begin with a dash.
    """

    expected: str
    typed: str
    prefix: str = ""
    command: str = ""
    book: str | None = None
    dash_is_option: bool = False


def find_cursor_context(
    words: Iterable[str], typed: str, parameters: Sequence[Parameter]
) -> CursorContext:
    """Return what can follow these words, which come after `kin`."""
    parser = _WordParser(parameters)
    for word in words:
        parser.parse_word(word)
    return parser.locate_cursor(typed)


def list_options(command: str, parameters: Sequence[Parameter]) -> list[Parameter]:
    """Return the options of a command, or of kin itself, and the common ones."""
    return [each for each in parameters if each.names and each.command in (command, _ANY_COMMAND)]


class _WordParser:
    """Takes one word after the other, as the real parser will."""

    def __init__(self, parameters: Sequence[Parameter]) -> None:
        self.parameters = parameters
        self.command = ""
        self.value_count = 0
        self.book: str | None = None
        self.only_values = False  # after --
        self.pending_option: Parameter | None = None  # an option whose value comes next

    def parse_word(self, word: str) -> None:
        if self.pending_option:
            self._store_value(self.pending_option, word)
            self.pending_option = None
        elif self.only_values or word == "-" or not word.startswith("-"):
            self.value_count += bool(self.command)
            self.command = self.command or word
        elif word == "--":
            self.only_values = True
        elif word.startswith("--"):
            name, equals, value = word.partition("=")
            self._handle_option(self._find_option(name), value if equals else None)
        else:
            self._parse_short_options(word[1:])

    def locate_cursor(self, typed: str) -> CursorContext:
        if self.pending_option:
            return self._make_context(self.pending_option.metavar, typed)
        if typed.startswith("-") and not self.only_values:
            name, equals, value = typed.partition("=")
            option = self._find_option(name)
            if not equals:
                return self._make_context(OPTION, typed)
            return self._make_context(option.metavar if option else "", value, prefix=name + equals)
        expected = self._find_expected_value() if self.command else COMMAND
        return self._make_context(expected, typed, dash_is_option=not self.only_values)

    def _make_context(
        self, expected: str, typed: str, *, prefix: str = "", dash_is_option: bool = False
    ) -> CursorContext:
        return CursorContext(expected, typed, prefix, self.command, self.book, dash_is_option)

    def _find_expected_value(self) -> str:
        metavars = [
            word.strip("[]{}.…")
            for each in self.parameters
            if each.command == self.command and not each.names
            for word in each.metavar.split()
        ]
        repeated = [each for each in metavars[-1:] if each in PROSE]
        return next(iter([*metavars[self.value_count :], *repeated]), "")

    def _parse_short_options(self, flags: str) -> None:
        """Take -y, -n 5 or -n5."""
        for at, letter in enumerate(flags, 1):
            option = self._find_option("-" + letter)
            if option and option.metavar:
                self._handle_option(option, flags[at:] or None)
                break

    def _handle_option(self, option: Parameter | None, value: str | None) -> None:
        if option and option.metavar:
            if value is None:
                self.pending_option = option
            else:
                self._store_value(option, value)

    def _store_value(self, option: Parameter, value: str) -> None:
        if "--db" in option.names:
            self.book = value

    def _find_option(self, name: str) -> Parameter | None:
        return next(
            (each for each in list_options(self.command, self.parameters) if name in each.names),
            None,
        )


# The metavar of an option or argument says what is offered for it.
_PERSON_METAVARS = ("WHO", "A", "B")
_INTEREST_METAVARS = ("X", "Y")
_GROUP_METAVARS = ("G",)
_FILE_METAVARS = ("PATH", "FILE", "FOLDER")
_CHOICES_BY_METAVAR = {"C": CIRCLES, "CHANNEL": CHANNELS}

_HELP_WIDTH = 60  # cells: fits on one row of a terminal together with a handle
_HEADER_BY_QUOTE = {"": "offers", "'": "single", '"': "double"}


class Completion(NamedTuple):
    """A candidate for the word being typed, and its help."""

    value: str
    help: str = ""


class CompletionRequest(NamedTuple):
    """What a shell sends: the words before the cursor, the word at it, and its open quote.

    The shell keeps `existing_prefix` of a candidate, and inserts the rest.
    """

    words: tuple[str, ...]
    typed: str
    quote: str = ""
    existing_prefix: str = ""


def run_completion(argv: Sequence[str], environment: Mapping[str, str] = os.environ) -> int:
    """Run `kin __complete SHELL`: read the words on stdin, each followed by NUL; return the exit code."""
    # Written without the console, which takes 15 ms to load: only a shell reads this.
    try:
        with open(0, "rb", closefd=False) as stdin:
            request_data = stdin.read()
    except OSError as error:
        return _report_failure(f"Cannot read what to complete: {error.strerror}.")
    output = format_completions(argv[0] if argv else "", request_data, environment)
    if sys.stdout is None:
        return _report_failure("Cannot write the result: standard output is closed.")
    try:
        with open(1, "wb", closefd=False) as out:
            out.write(output.encode("utf-8", "replace"))
    except BrokenPipeError:  # the shell has stopped reading
        return 0
    except OSError as error:
        return _report_failure(f"Cannot write the result: {error.strerror}.")
    return 0


def _report_failure(message: str) -> int:
    """Write an error to stderr if possible, and return its exit code."""
    with suppress(OSError), open(2, "wb", closefd=False) as out:
        out.write(f"kin: {message}\n".encode())
    return 1


def format_completions(shell: str, data: bytes, environment: Mapping[str, str]) -> str:
    """Return the lines to send to the shell."""
    request = _parse_request(shell, data)
    if escape_control(request.typed) != request.typed:  # no candidate begins with this
        return ""
    known = read_parameters()
    cursor = find_cursor_context(request.words, request.typed, known)
    if cursor.expected in _FILE_METAVARS:
        return "files\n"
    completions = (
        _complete_name(cursor, known)
        if cursor.expected in (COMMAND, OPTION)
        else _complete_value(cursor, environment)
    )
    lines = [
        f"{each.value.removeprefix(request.existing_prefix)}\t{_format_help(each.help)}\n"
        for each in completions
        if each.value.startswith(request.existing_prefix) and _is_harmless(each.value, cursor)
    ]
    return "".join([_HEADER_BY_QUOTE[request.quote] + "\n", *lines])


def _parse_request(shell: str, data: bytes) -> CompletionRequest:
    """Read what a shell sends: bash sends its whole line, and the end of it that it will replace."""
    words = [os.fsdecode(word) for word in data.split(b"\0")[:-1]]
    if shell != "bash":
        *before, typed = words or [""]
        return CompletionRequest(
            tuple(before[1:]), split_line(typed).last_word if shell == "fish" else typed
        )
    if len(words) != 2 or not words[0].endswith(words[1]):
        return CompletionRequest((), "", existing_prefix="\0")  # no candidate begins with NUL
    line, replaced = words
    full_line, kept_line = split_line(line), split_line(line.removesuffix(replaced))
    return CompletionRequest(
        full_line.words[1:], full_line.last_word, full_line.open_quote, kept_line.last_word
    )


def _is_harmless(value: str, cursor: CursorContext) -> bool:
    is_option = cursor.dash_is_option and value.startswith("-")
    return escape_control(value, newlines=False) == value and not is_option


def _format_help(help: str) -> str:
    return truncate(escape_control(help[:LONGEST_LABEL], newlines=False), _HELP_WIDTH)


def _complete_name(cursor: CursorContext, parameters: Sequence[Parameter]) -> Iterator[Completion]:
    """Return the commands, or the options of one, that begin with what is typed."""
    if cursor.expected == COMMAND:
        names_and_help = [
            (each.command, each.help) for each in parameters if not (each.names or each.metavar)
        ]
    else:
        options = list_options(cursor.command, parameters)
        names_and_help = [(name, each.help) for each in options for name in each.names]
    typed = cursor.typed.lower()
    return (Completion(name, help) for name, help in names_and_help if name.startswith(typed))


def _complete_value(cursor: CursorContext, environment: Mapping[str, str]) -> Iterator[Completion]:
    """Return values of the expected kind, each as a whole word."""
    metavar, typed, prefix = cursor.expected, cursor.typed, cursor.prefix
    if metavar in PROSE:  # only an @handle at its end is completed
        at = len(typed) - len(typed.split(" ")[-1])
        prefix, typed = prefix + typed[:at], typed[at:]
        metavar = _PERSON_METAVARS[0] if typed.startswith("@") else ""
    if metavar in _PERSON_METAVARS and typed.startswith("@"):
        prefix, typed = prefix + "@", typed[1:]
    if metavar == HELP_TOPIC:
        return _complete_help_topic(typed)
    choices = _CHOICES_BY_METAVAR.get(metavar) or _parse_choices(metavar)
    completions = (
        (Completion(each) for each in choices if each.startswith(normalize(typed)))
        if choices
        else _complete_from_book(metavar, typed, cursor.book, environment)
    )
    return (Completion(prefix + each.value, each.help) for each in completions)


def _complete_help_topic(typed: str) -> Iterator[Completion]:
    """Return the commands and topics that `kin help` explains."""
    from kin.cli import help_topics

    commands = (
        Completion(each.command, each.help)
        for each in read_parameters()
        if not (each.names or each.metavar)
    )
    topics = (Completion(each.name, each.title) for each in help_topics.list_topics())
    return (each for each in (*topics, *commands) if each.value.startswith(typed.lower()))


def _parse_choices(metavar: str) -> tuple[str, ...]:
    """Return the choices of `same|under|apart`; a metavar in capitals has none."""
    words = tuple(metavar.split("|"))
    return words if len(words) > 1 and all(word.islower() for word in words) else ()


def _complete_from_book(
    metavar: str, typed: str, book: str | None, environment: Mapping[str, str]
) -> Iterable[Completion]:
    """Return candidates from the book; none where it is missing or in trouble."""
    if metavar not in (*_PERSON_METAVARS, *_INTEREST_METAVARS, *_GROUP_METAVARS):
        return ()
    from kin import config
    from kin.book import connection

    try:
        path = config.expand_home(book) if book else config.find_book_path(environment)
        with connection.open_without_waiting(path) as db:
            return _find_in_book(db, metavar, typed)
    except (BookError, UsageError):
        return ()


def _find_in_book(db: "sqlite3.Connection", metavar: str, typed: str) -> list[Completion]:
    from kin.overview import completion_values

    if metavar in _PERSON_METAVARS:
        return [
            Completion(each.handle, ", ".join(filter(None, (each.name, each.nicknames))))
            for each in completion_values.complete_people(db, typed)
        ]
    labels = (
        completion_values.complete_interests
        if metavar in _INTEREST_METAVARS
        else completion_values.complete_groups
    )
    return [Completion(label) for label in labels(db, typed)]
