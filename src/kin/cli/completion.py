"""Completion: the scripts that let a shell ask kin on TAB. They stand beside this file, one a shell."""

from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from kin.cli import console, options as o
from kin.cli.context import Call
from kin.cli.layout import line
from kin.cli.options import Command, new_app

app = new_app()

# Each shell, and the line with which it learns to complete kin's words, for good.
INSTALLED = {
    "bash": "echo '. <(kin completion bash)' >> ~/.bashrc",
    "zsh": "echo '. <(kin completion zsh)' >> ~/.zshrc",
    "fish": "kin completion fish > ~/.config/fish/completions/kin.fish",
}


class Script(NamedTuple):
    """What a shell reads to complete kin's words."""

    shell: str
    script: str


@app.command(cls=Command)
def completion(
    ctx: typer.Context,
    shell: Annotated[
        str, typer.Argument(metavar="bash|zsh|fish", help="Your shell.", show_default=False)
    ],
) -> None:
    """TAB for commands, options, handles, interests and groups: prints a script for your shell.

    kin completion bash
    kin completion fish > ~/.config/fish/completions/kin.fish
    """
    call: Call = ctx.obj
    o.one_of(shell, tuple(INSTALLED), "SHELL")
    text = Path(__file__).with_name(f"completion.{shell}").read_text(encoding="utf-8")
    console.show(call, Script(shell, text), tuple(line(row) for row in text.splitlines()))
    if console.screen_rows():  # it was looked at, and not installed
        console.hint(call, f"To install it, once: {INSTALLED[shell]}")
