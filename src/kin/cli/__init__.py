"""The command line: parse, one call, show. No logic and no SQL.

`main(argv)` is the one public door; it returns the exit code and catches every error once.
"""

from collections.abc import Sequence


def main(argv: Sequence[str]) -> int:
    """Run one command; return 0 done, 1 could not, 2 usage, 3 not found, 4 ambiguous, 5 book, 130 Ctrl-C."""
    if (
        argv and argv[0] == "__complete"
    ):  # a shell asks on TAB, and waits: without typer, without console
        from kin.cli.completing import tell

        return tell(argv[1:])
    from kin.cli.app import run

    return run(list(argv))
