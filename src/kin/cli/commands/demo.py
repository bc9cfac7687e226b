"""The demo: a walk through a throw-away book, with real output; no file of the user is touched."""

import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from kin.cli import console, demo_book
from kin.cli.context import Call
from kin.cli.layout import Span, line
from kin.cli.options import Command, new_app
from kin.errors import UsageError
from kin.language.text import command_line

app = new_app()

STEPS = (
    (
        "You met somebody. kin remembers what lit them up, not what they do for a living.",
        (
            "add",
            "Maya Okafor",
            "--share",
            "pottery",
            "--clash",
            "pineapple on pizza",
            "--met",
            "at the open kiln, laughing at my bowl",
            "--on",
            "yesterday",
        ),
    ),
    (
        "A line of prose is enough: names, #interests, ?threads to ask about next time.",
        (
            "note",
            "yesterday: coffee with Maya and Tom at Blue Door about #sourdough ?did the kiln survive",
        ),
    ),
    ("Before you see Tom again, ten seconds:", ("recall", "tom")),
    ("Who shares what you love:", ("interests", "pottery")),
    ("And what the week brings:", ("today",)),
)


class Shown(NamedTuple):
    """One step of the demo: the command line, and what it printed as JSON."""

    command: str
    result: Any


class Demo(NamedTuple):
    """The whole walk; `book` is where the book was left, if it was."""

    now: str
    book: str | None
    steps: tuple[Shown, ...]


@app.command(cls=Command)
def demo(
    ctx: typer.Context,
    shell: Annotated[
        bool, typer.Option("--shell", help="Then open a shell in which kin uses the demo book.")
    ] = False,
    keep: Annotated[
        Path | None,
        typer.Option("--keep", metavar="PATH", help="Leave the demo book there to play with."),
    ] = None,
) -> None:
    """A try-out on a throw-away book of a dozen people; your own book is not touched.

    kin demo
    kin demo --shell
    """
    call: Call = ctx.obj
    from kin.book import session as store

    if keep is not None and os.path.lexists(keep):
        raise UsageError(
            f"{keep} is there already.", "Name a file that is not; nothing was written."
        )
    with tempfile.TemporaryDirectory(prefix="kin-demo-") as folder:
        path = keep or Path(folder) / "demo.db"
        with store.writing(path, demo_book.TODAY) as session:
            from kin.cli.demo_data import fill

            fill(session)
        environment = _environment(call.environment, path)
        if call.as_json:
            steps = tuple(_as_json(words, environment) for _, words in STEPS)
            console.show(
                call, Demo(demo_book.TODAY.isoformat(), str(keep) if keep else None, steps), ()
            )
            return
        for saying, words in STEPS:
            _walk(call, saying, words, environment)
        _what_next(call, keep, environment)
        if shell:
            _open_shell(call, environment)


def _environment(environment: Mapping[str, str], path: Path) -> dict[str, str]:
    pinned = {"KIN_DB": str(path), "KIN_NOW": demo_book.TODAY.isoformat(), "KIN_CONFIG": os.devnull}
    return {**environment, **pinned}


def _walk(call: Call, saying: str, words: tuple[str, ...], environment: dict[str, str]) -> None:
    from kin.cli.app import run

    console.show(
        call, None, (line(Span(saying, "dim")), line(Span(f"$ kin {shlex.join(words)}", "title")))
    )
    run([*words, *(["--plain"] if call.plain else [])], environment, talking=False)
    console.show(call, None, (line(),))


def _as_json(words: tuple[str, ...], environment: dict[str, str]) -> Shown:
    import json

    from kin.cli.app import run

    with redirect_stdout(StringIO()) as printed:
        run([*words, "--json"], environment)
    return Shown(f"kin {shlex.join(words)}", json.loads(printed.getvalue()))


def _what_next(call: Call, keep: Path | None, environment: dict[str, str]) -> None:
    if keep:
        play = command_line(f"KIN_NOW={demo_book.TODAY} kin", options=("--db", str(keep), "people"))
        console.show(call, None, (line(f"The demo book is at {keep}. Play: {play}"),))
        return
    console.show(
        call,
        None,
        (
            line(Span("That was a throw-away book; yours is untouched.", "title")),
            line("Yours begins with:   kin add NAME   and   kin me --into SOMETHING"),
            line("Play with this one:  kin demo --shell   or   kin demo --keep demo.db"),
        ),
    )


def _open_shell(call: Call, environment: dict[str, str]) -> None:
    if not console.can_ask(call):
        console.hint(
            call,
            "Without a terminal there is no shell to open; kin demo --keep PATH leaves the book.",
        )
        return
    console.hint(
        call,
        "In this shell kin uses the demo book. Try: kin, kin people, kin recall siobhan. Leave with: exit",
    )
    subprocess.run([environment.get("SHELL", "/bin/sh")], env=environment, check=False)  # noqa: S603
