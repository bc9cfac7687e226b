"""Write docs/reference/cli.md from kin's own help: python -m tests.reference"""

import io
from contextlib import redirect_stdout
from pathlib import Path

from kin.cli import main
from kin.cli.app import COMMANDS

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "cli.md"


def page() -> str:
    """Return the reference of all commands, as `--help` prints it at 80 columns."""
    parts = ["# The commands\n", "Written by `python -m tests.reference` from the help itself.\n"]
    for name in ("", *COMMANDS):
        parts.append(f"## kin {name}".rstrip() + f"\n\n```\n{_help(name)}```\n")
    return "\n".join(parts)


def _help(name: str) -> str:
    with redirect_stdout(io.StringIO()) as result:
        main([*([name] if name else []), "--help"])
    return result.getvalue()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
