"""Write src/kin/cli/parameters.tsv from the commands themselves: python -m tests.parameters"""

from pathlib import Path
from typing import Any

import typer

import kin.cli
from kin.cli import app, options

TABLE = Path(kin.cli.__file__).with_name("parameters.tsv")
HEAD = "# Written by `python -m tests.parameters`: command, names, what it takes, help.\n"


def table() -> str:
    """Return what can be typed: a line for each command, argument and option.

    The common options are written once, under `*`.
    """
    root = app._build_root_command()
    context = typer.Context(root, info_name="kin", **root.context_settings)
    common = [*options.make_common_options(), root.get_help_option(context)]
    everywhere = {_names(each) for each in common}
    rows = [("*", _names(each), each.metavar or "", each.help or "") for each in common]
    for name in ("", *app.COMMANDS):
        command = root.get_command(context, name) if name else root
        if name:
            rows.append((name, "", "", command.get_short_help_str(200)))
        rows += [
            (name, _names(each), each.metavar or "", each.help or "")
            for each in command.params
            if not each.hidden and _names(each) not in everywhere
        ]
    return HEAD + "".join("\t".join(map(_cell, row)) + "\n" for row in rows)


def _names(parameter: Any) -> str:
    # click keeps the two names of --help in a set, so their order is made here: the long one first.
    names = sorted(parameter.opts, key=lambda name: not name.startswith("--"))
    return " ".join(names) if parameter.param_type_name == "option" else ""


def _cell(words: str) -> str:
    return " ".join(words.split())


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
