"""The table of commands, the help of kin itself, and `run`, which turns every error into one line.

A command's module is imported only when the command is called.
"""

import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from kin.book import atomic_write
from kin.cli import console, help_topics
from kin.cli.context import Call, FirstRun
from kin.cli.options import make_common_options, print_help_on_console, write_help, write_options
from kin.errors import KinError, UsageError
from kin.language.text import join_words

# Each command, its module in this folder, and its heading in `kin --help`.
COMMANDS = {
    "add": ("commands.people", "Every day"),
    "note": ("commands.notes", "Every day"),
    "recall": ("commands.recall", "Every day"),
    "interests": ("commands.interests", "Every day"),
    "reconnect": ("commands.reconnect", "Every day"),
    "share": ("commands.share", "Every day"),
    "introduce": ("commands.introduce", "Every day"),
    "today": ("commands.dashboard", "Every day"),
    "upcoming": ("commands.dashboard", "Every day"),
    "people": ("commands.people", "Look"),
    "notes": ("commands.notes", "Look"),
    "find": ("commands.notes", "Look"),
    "me": ("commands.people", "Edit"),
    "edit": ("commands.people", "Edit"),
    "ask": ("commands.questions", "Edit"),
    "answered": ("commands.questions", "Edit"),
    "tie": ("commands.people", "Edit"),
    "vocab": ("commands.interests", "Edit"),
    "merge": ("commands.people", "Edit"),
    "import": ("commands.imports", "In and out"),
    "export": ("commands.exports", "In and out"),
    "sync": ("commands.sync", "In and out"),
    "undo": ("commands.history", "Undo"),
    "redo": ("commands.history", "Undo"),
    "history": ("commands.history", "Undo"),
    "backup": ("commands.backup", "Safety"),
    "restore": ("commands.backup", "Safety"),
    "doctor": ("commands.doctor", "Safety"),
    "forget": ("commands.privacy", "Safety"),
    "completion": ("commands.help", "Set up"),
    "help": ("commands.help", "Set up"),
    "demo": ("commands.demo", "Try"),
}


class CommandGroup(TyperGroup):
    """All commands, each loaded when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, importing its module."""
        if cmd_name not in COMMANDS:
            return None
        if cmd_name not in self.commands:
            command = get_command(import_module(f"kin.cli.{COMMANDS[cmd_name][0]}").app)
            commands = getattr(command, "commands", {command.name: command})
            self.commands.update(commands)
        return self.commands[cmd_name]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command; raise UsageError with near misses where there is none."""
        if args[0] in COMMANDS:
            return super().resolve_command(ctx, args)
        from difflib import get_close_matches

        close = get_close_matches(args[0], COMMANDS, n=2, cutoff=0.6)
        raise UsageError(
            f"kin has no command “{args[0]}”.",
            f"Did you mean: kin {' or kin '.join(close)}?" if close else "See all: kin --help",
            tuple(close),
        )

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        """Write the paragraphs and examples of the help."""
        write_help(self.help or "", formatter)

    def get_help_option(self, ctx: Any) -> Any:
        """Return --help, which prints through the console."""
        return print_help_on_console(super().get_help_option(ctx))

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the commands under their headings, then the options."""
        self.format_commands(ctx, formatter)
        write_options(self.get_params(ctx), ctx, formatter)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the help topics."""
        with formatter.section("Topics (kin help TOPIC)"):
            formatter.write_dl([(topic.name, topic.title) for topic in help_topics.list_topics()])

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands under their headings."""
        for heading in dict.fromkeys(heading for _, heading in COMMANDS.values()):
            names = [name for name, (_, under) in COMMANDS.items() if under == heading]
            with formatter.section(heading):
                formatter.write_dl(
                    [(name, self.get_command(ctx, name).get_short_help_str(200)) for name in names]
                )


def _build_root_command() -> Any:
    app = typer.Typer(
        cls=CommandGroup,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        invoke_without_command=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    from kin.cli.commands.dashboard import dashboard

    app.callback()(dashboard)
    group = get_command(app)
    group.params += make_common_options()
    return group


def run(
    argv: list[str], environment: Mapping[str, str] = os.environ, show_hints: bool = True
) -> int:
    """Run one command and return its exit code; print every error as one line."""
    call = Call(
        environment,
        as_json="--json" in argv[: argv.index("--") if "--" in argv else None],
        show_hints=show_hints,
    )
    console.prepare_streams()
    width = min(console.get_screen_size()[0], 100)  # Click's minimum of 50 is too wide for a phone
    try:
        _check_text(argv)
        root = _build_root_command()
        with atomic_write.collect_unsynced_folders() as unsynced:
            code = root.main(
                argv, prog_name="kin", standalone_mode=False, obj=call, terminal_width=width
            )
        if call.interrupted_message:  # Typer has caught the Ctrl-C
            console.print_message(f"\n{call.interrupted_message}")
        _report_finished_erasure(call)
        if call.backup_error:
            console.print_warning(_describe_missing_backup(call.backup_error.message))
        if unsynced:
            console.print_warning(_describe_unsynced([str(folder) for folder in unsynced]))
        if call.is_undoable:
            console.print_hint(call, "Undo it:", "kin undo")
        if call.next_command:
            return run(call.next_command, environment)
        return int(code or 0)
    except FirstRun:
        from kin.cli.commands.dashboard import render_welcome

        console.print_welcome(call, render_welcome())
        if not console.wants_hints(call):
            console.print_message(f"There is no book at {call.book} yet.")
        return 0
    except KinError as error:
        _report_finished_erasure(call)
        if isinstance(error, console.OutputError):
            error.hint = _describe_work_done(call)
        console.print_error(call, error)
        return error.exit_code
    except typer.TyperException as error:
        console.print_error(call, _make_usage_error(error))
        return 2
    except (KeyboardInterrupt, typer.Abort):
        console.print_message(f"\n{call.interrupted_message or 'Nothing was written.'}")
        return 130
    except Exception as error:
        if environment.get("KIN_DEBUG"):
            console.print_message(_format_trace(error))
        failure = (
            _make_system_error(error, call) or _find_damage(call) or _make_bug_error(error, call)
        )
        console.print_error(call, failure)
        return failure.exit_code


def _describe_work_done(call: Call) -> str:
    """Return what to say where a command did its work but could not print its result."""
    if call.is_undoable:
        return "The change was made. Undo it: kin undo"
    return "The change was made." if call.has_written else ""


def _report_finished_erasure(call: Call) -> None:
    """Report that an interrupted `kin forget` was finished, or why it could not be."""
    if call.erasure_error:
        console.print_message(f"kin: {call.erasure_error.message} {call.erasure_error.hint}")
    elif call.erasure_finished:
        console.print_message(
            "An interrupted kin forget is finished: the book was rewritten, and the old backups are gone."
        )


def _check_text(argv: list[str]) -> None:
    """Refuse arguments that are not UTF-8, and NUL, which no file can keep."""
    for word in argv:
        if "\0" in word or any("\ud800" <= char <= "\udfff" for char in word):
            raise UsageError("What you typed is not UTF-8 text.", "Nothing was written.")


def _make_usage_error(error: typer.TyperException) -> UsageError:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "kin"
    return UsageError(error.format_message().rstrip(".") + ".", f"See: {path} --help")


def _find_damage(call: Call) -> KinError | None:
    """Return an error where the book is damaged: a damaged page can look like a bug much later."""
    import sqlite3

    from kin.book import connection

    if connection.is_sound(call.book):
        return None
    return connection.make_database_error(
        call.book, sqlite3.DatabaseError("its parts do not match")
    )


def _format_trace(error: BaseException) -> str:
    """Return the traceback of a bug, without its messages, which may quote a note."""
    from traceback import format_tb

    cause = error.__cause__ or error.__context__
    cause_trace = f"{_format_trace(cause)}\n\n" if cause else ""
    return f"{cause_trace}{''.join(format_tb(error.__traceback__))}{type(error).__name__}"


def _make_system_error(error: Exception, call: Call) -> KinError | None:
    """Return an error for what the system refused; None where the cause is a bug in kin."""
    if isinstance(error, MemoryError):
        message = "There is not enough memory for this"
    elif isinstance(error, OSError) and error.strerror:
        place = (
            f": {os.fsdecode(error.filename)}" if isinstance(error.filename, str | bytes) else ""
        )
        message = f"The system stopped kin: {error.strerror}{place}"
    else:
        return None
    return KinError(
        f"{message}.",
        call.interrupted_message or _describe_work_done(call) or "Nothing was written.",
    )


def _make_bug_error(error: Exception, call: Call) -> KinError:
    """Return an error that says where a bug is, without its message, which may quote a note."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = (
        f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace else "?"
    )
    work_done = call.interrupted_message or _describe_work_done(call)
    return KinError(
        f"This is a bug in kin ({type(error).__name__} at {place})"
        + (f". {work_done}" if work_done else "; nothing was written."),
        "Set KIN_DEBUG=1 for details, and report it.",
    )


def _describe_missing_backup(reason: str) -> str:
    return f"Done, but without today’s backup. {reason} See: kin doctor"


def _describe_unsynced(folders: Sequence[str]) -> str:
    return (
        f"Done, but {join_words(folders)} could not be synced to the disk (its file system may not support it): "
        "a power cut in the next moments might lose a file there."
    )
