"""Programs that the settings name, run as words and never through a shell, their output made harmless."""

import os
import shlex
import subprocess

from kin.cli import console
from kin.errors import KinError, UsageError


def run(named: str, setting: str) -> None:
    """Run a program and show what it says; raise KinError where it fails."""
    try:
        words = shlex.split(named)
    except ValueError as error:
        raise UsageError(
            f"[sync] {setting} in the settings: {error}.", "Close the quote."
        ) from None
    if not words:
        return
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as said:
        try:
            with console.interrupts_are_theirs():
                program = subprocess.Popen(  # noqa: S603
                    words, stdin=subprocess.DEVNULL, stdout=writing, stderr=writing
                )
                os.close(writing)
                for line in said:
                    console.talk(line.decode(errors="replace").rstrip("\r\n"))
                code = program.wait()
        except OSError as error:
            os.close(writing)
            raise KinError(
                f"Cannot start {words[0]}: {error.strerror}.",
                f"See [sync] {setting} in the settings.",
            ) from error
    if code:
        raise KinError(
            f"{words[0]} ended with code {code}.", f"See [sync] {setting} in the settings."
        )
