"""The entry point of the program. It skips the garbage collection at exit, which a short command does not need."""

import atexit
import gc

# Freezing at exit keeps the interpreter's last full collection from walking all that was imported.
gc.disable()
atexit.register(gc.freeze)


def main() -> None:
    """Run kin and leave with its exit code."""
    import os
    import sys

    # A file that kin opens must not get the number of a closed stream: what a program that kin
    # starts prints there would end up in it.
    for stream in (0, 1, 2):
        try:
            os.fstat(stream)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
            os.set_inheritable(stream, True)
    try:
        from kin.cli import main as run

        sys.exit(run(sys.argv[1:]))
    except KeyboardInterrupt:  # before kin has begun, or as it ends
        sys.exit(130)


if __name__ == "__main__":
    main()
