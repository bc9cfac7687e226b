"""The commands help and completion. The scripts that completion prints are in this folder, one for each shell."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from kin.cli import console, help_topics, options
from kin.cli.layout import make_line
from kin.cli.options import Command, new_app
from kin.errors import UsageError

if TYPE_CHECKING:
    from kin.cli.context import Call

# For each shell, the command that sets completion up for good.
INSTALL_COMMANDS = {
    "bash": "echo '. <(kin completion bash)' >> ~/.bashrc",
    "zsh": "echo '. <(kin completion zsh)' >> ~/.zshrc",
    "fish": "kin completion fish > ~/.config/fish/completions/kin.fish",
}

app = new_app()


class HelpPage(NamedTuple):
    """The help of a command or topic; without a topic, that of kin itself."""

    topic: str | None
    text: str


@app.command("help", cls=Command)
def show_help(
    ctx: typer.Context,
    topic: Annotated[
        str | None,
        typer.Argument(
            metavar="[COMMAND|TOPIC]", help="What to explain; else kin itself.", show_default=False
        ),
    ] = None,
) -> None:
    """Explain a command or a topic.

    kin help note
    kin help dates
    """
    call: Call = ctx.obj
    text = _format_help(ctx, topic)
    if call.as_json:
        console.print_result(call, HelpPage(topic, text), ())
    else:
        console.print_help(text)


def _format_help(ctx: typer.Context, name: str | None) -> str:
    root: Any = ctx.find_root()
    if name is None:
        return str(root.get_help())
    if name in root.command.list_commands(root):
        command = root.command.get_command(root, name)
        return str(command.get_help(typer.Context(command, info_name=name, parent=root)))
    topics = {each.name: each for each in help_topics.list_topics()}
    if name in topics:
        return help_topics.format_topic(topics[name], console.get_screen_size()[0])
    from difflib import get_close_matches

    near = get_close_matches(name, (*root.command.list_commands(root), *topics), n=2, cutoff=0.6)
    raise UsageError(
        f"There is no help on “{name}”.",
        f"Did you mean: kin help {' or kin help '.join(near)}?" if near else "See all: kin help",
        tuple(near),
    )


class CompletionScript(NamedTuple):
    """The script that a shell runs to complete kin’s commands."""

    shell: str
    script: str


@app.command(cls=Command)
def completion(
    ctx: typer.Context,
    shell: Annotated[
        str, typer.Argument(metavar="bash|zsh|fish", help="Your shell.", show_default=False)
    ],
) -> None:
    """Set up tab completion: prints a script for your shell.

    kin completion bash
    kin completion fish > ~/.config/fish/completions/kin.fish
    """
    call: Call = ctx.obj
    options.check_choice(shell, tuple(INSTALL_COMMANDS), "SHELL")
    text = Path(__file__).with_name(f"completion.{shell}").read_text(encoding="utf-8")
    console.print_result(
        call, CompletionScript(shell, text), tuple(make_line(row) for row in text.splitlines())
    )
    if console.get_screen_rows():  # printed on a terminal, so not installed yet
        console.print_hint(call, "To install it, once:", INSTALL_COMMANDS[shell])
