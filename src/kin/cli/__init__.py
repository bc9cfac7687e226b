"""The command line: it parses the words, calls one function and prints the result. No SQL here."""

from collections.abc import Sequence


def main(argv: Sequence[str]) -> int:
    """Run one command and return its exit code (`kin help exit-codes`); no exception leaves here."""
    if (
        argv and argv[0] == "__complete"
    ):  # on TAB: typer and the console would take too long to load
        from kin.cli.completion import run_completion

        return run_completion(argv[1:])
    from kin.cli.app import run

    return run(list(argv))
