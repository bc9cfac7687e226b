"""The commands of kin: which there are, in which file each stands, and how an error ends.

A command's file is imported when the command is called, so that none pays for another.
"""

import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from kin.book import fsync as disk
from kin.cli import console
from kin.cli.context import Call, Welcome
from kin.cli.options import common_options, help_on_console, write_help
from kin.errors import KinError, UsageError
from kin.language.text import joined

# Every command, its file in this folder, and the heading it stands under in `kin --help`.
COMMANDS = {
    "add": ("commands.people", "Every day"),
    "note": ("commands.notes", "Every day"),
    "recall": ("commands.recall", "Every day"),
    "interests": ("commands.interests", "Every day"),
    "reconnect": ("commands.reconnect", "Every day"),
    "share": ("commands.share", "Every day"),
    "introduce": ("commands.introduce", "Every day"),
    "today": ("commands.dates", "Every day"),
    "upcoming": ("commands.dates", "Every day"),
    "people": ("commands.people", "Look"),
    "talks": ("commands.notes", "Look"),
    "find": ("commands.search", "Look"),
    "me": ("commands.me", "Mend and add"),
    "edit": ("commands.people", "Mend and add"),
    "ask": ("commands.questions", "Mend and add"),
    "heard": ("commands.questions", "Mend and add"),
    "tie": ("commands.ties", "Mend and add"),
    "vocab": ("commands.vocab", "Mend and add"),
    "merge": ("commands.merge", "Mend and add"),
    "import": ("commands.imports", "In and out"),
    "export": ("commands.exports", "In and out"),
    "sync": ("commands.sync", "In and out"),
    "undo": ("commands.history", "Undo"),
    "redo": ("commands.history", "Undo"),
    "history": ("commands.history", "Undo"),
    "backup": ("commands.backup", "Safety"),
    "restore": ("commands.backup", "Safety"),
    "doctor": ("commands.doctor", "Safety"),
    "mirror": ("commands.privacy", "Safety"),
    "forget": ("commands.privacy", "Safety"),
    "completion": ("completion", "Set up"),
    "demo": ("commands.demo", "Try"),
}


class Commands(TyperGroup):
    """All commands, each loaded when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        if cmd_name not in self.commands:
            noun = get_command(import_module(f"kin.cli.{COMMANDS[cmd_name][0]}").app)
            found = getattr(noun, "commands", {noun.name: noun})
            self.commands.update(found)
        return self.commands[cmd_name]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command, or say which was meant."""
        if args[0] in COMMANDS:
            return super().resolve_command(ctx, args)
        from difflib import get_close_matches

        close = get_close_matches(args[0], COMMANDS, n=2, cutoff=0.6)
        raise UsageError(
            f"There is no command “{args[0]}”.",
            f"Did you mean: kin {' or kin '.join(close)}?" if close else "See all: kin --help",
            tuple(close),
        )

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        """Write the help and its examples."""
        write_help(self.help or "", formatter)

    def get_help_option(self, ctx: Any) -> Any:
        """Return --help, which prints as every answer is printed."""
        return help_on_console(super().get_help_option(ctx))

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands under their headings."""
        for heading in dict.fromkeys(heading for _, heading in COMMANDS.values()):
            named = [name for name, (_, under) in COMMANDS.items() if under == heading]
            with formatter.section(heading):
                formatter.write_dl(
                    [(name, self.get_command(ctx, name).get_short_help_str(200)) for name in named]
                )


def _root() -> Any:
    app = typer.Typer(
        cls=Commands,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        invoke_without_command=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    from kin.cli.commands.dashboard import dashboard

    app.callback()(dashboard)
    group = get_command(app)
    group.params += common_options()
    return group


def run(argv: list[str], environment: Mapping[str, str] = os.environ, talking: bool = True) -> int:
    """Run one command and return its exit code; every error becomes one line, here."""
    call = Call(
        environment,
        as_json="--json" in argv[: argv.index("--") if "--" in argv else None],
        talking=talking,
    )
    console.begin()
    width = min(console.screen_size()[0], 100)  # click's own floor of 50 spills on a phone
    try:
        _check_text(argv)
        root = _root()
        with disk.noting_unsynced() as unsynced:
            code = root.main(
                argv, prog_name="kin", standalone_mode=False, obj=call, terminal_width=width
            )
        if call.halfway:  # typer has taken the Ctrl-C
            console.talk(f"\n{call.halfway}")
        _tell_finished(call)
        if call.no_backup:
            console.warn(_describe_missing_backup(call.no_backup.message))
        if unsynced:
            console.warn(_describe_unsynced([str(folder) for folder in unsynced]))
        if call.changed:
            console.hint(call, "Undo it: kin undo")
        if call.next_command:
            return run(call.next_command, environment)
        return int(code or 0)
    except Welcome:
        from kin.cli.pages.dates import welcome

        console.greet(call, welcome())
        return 0
    except KinError as error:
        _tell_finished(call)
        if isinstance(error, console.OutputError):
            error.hint = _what_was_done(call)
        console.trouble(call, error)
        return error.exit_code
    except typer.TyperException as error:
        console.trouble(call, _usage(error))
        return 2
    except (KeyboardInterrupt, typer.Abort):
        console.talk(f"\n{call.halfway or 'Nothing was written.'}")
        return 130
    except Exception as error:
        if environment.get("KIN_DEBUG"):
            console.talk(_trace(error))
        told = _outside_cause(error, call) or _damage(call) or _bug(error, call)
        console.trouble(call, told)
        return told.exit_code


def _what_was_done(call: Call) -> str:
    """Return what to say of a command that did its work and could not print its answer."""
    if call.changed:
        return "What you asked for was done. Undo it: kin undo"
    return "What you asked for was done." if call.wrote else ""


def _tell_finished(call: Call) -> None:
    """Say in one line that a forgetting which had stopped halfway is finished, or why it is not."""

    if call.unfinished:
        console.talk(f"kin: {call.unfinished.message} {call.unfinished.hint}")
    elif call.finished:
        console.talk(_describe_finished_erasure())


def _check_text(argv: list[str]) -> None:
    """Refuse bytes that are no text, and NUL, which no book can keep."""
    for word in argv:
        if "\0" in word or any("\ud800" <= sign <= "\udfff" for sign in word):
            raise UsageError(
                "What you typed has bytes in it that are no UTF-8 text.", "Nothing was written."
            )


def _usage(error: typer.TyperException) -> UsageError:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "kin"
    return UsageError(error.format_message().rstrip(".") + ".", f"See: {path} --help")


def _damage(call: Call) -> KinError | None:
    """Tell of a book that is torn: what came of a damaged page may look like a bug, long after it was read."""
    import sqlite3

    from kin.book import connection as opening, file_checks as bookfile

    if opening.is_sound(call.book):
        return None
    return bookfile.trouble(call.book, sqlite3.DatabaseError("its parts do not fit"))


def _trace(error: BaseException) -> str:
    """Tell all the places that a bug came through; the messages, which may quote a note, stay out."""
    from traceback import format_tb

    cause = error.__cause__ or error.__context__
    before = f"{_trace(cause)}\n\n" if cause else ""
    return f"{before}{''.join(format_tb(error.__traceback__))}{type(error).__name__}"


def _outside_cause(error: Exception, call: Call) -> KinError | None:
    """Return what the system refused, where it is that and no bug of kin's."""
    if isinstance(error, MemoryError):
        what = "There is not enough memory for this"
    elif isinstance(error, OSError) and error.strerror:
        where = (
            f": {os.fsdecode(error.filename)}" if isinstance(error.filename, str | bytes) else ""
        )
        what = f"The system stopped kin: {error.strerror}{where}"
    else:
        return None
    return KinError(f"{what}.", call.halfway or _what_was_done(call) or "Nothing was written.")


def _bug(error: Exception, call: Call) -> KinError:
    """Name the place of a bug without a word of what was in it: the message may quote a note."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = (
        f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace else "?"
    )
    done = call.halfway or _what_was_done(call)
    return KinError(
        f"This is a bug in kin ({type(error).__name__} at {where})"
        + (f". {done}" if done else "; nothing was written."),
        "Please report it; KIN_DEBUG=1 shows the way to it.",
    )


def _describe_missing_backup(why: str) -> str:
    """Say that what was asked is done, though the backup of the day could not be made."""
    return f"Done, but without today’s backup. {why} See: kin doctor"


def _describe_unsynced(folders: Sequence[str]) -> str:
    """Say that what was asked is done, but that a power cut might lose the name of a file."""
    return (
        f"Done, but {joined(folders)} could not be synced to the disk (its file system may not support it): "
        "a power cut in the next moments might lose a file there."
    )


def _describe_finished_erasure() -> str:
    """Say that what had stopped halfway is done."""
    return "A forgetting that had stopped halfway is finished: the book is written anew, and the old backups are gone."
