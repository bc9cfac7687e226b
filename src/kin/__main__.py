"""The entry point. It turns garbage collection off, which a short command does not need."""

import atexit
import gc

# Freezing keeps the full collection at exit from walking all imported modules.
gc.disable()
atexit.register(gc.freeze)


def main() -> None:
    """Run kin and exit with its exit code."""
    import os
    import sys

    # If a standard stream is closed, a file that kin opens would get its number, and a program that kin starts would
    # print into that file.
    for stream in (0, 1, 2):
        try:
            os.fstat(stream)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free number
            os.set_inheritable(stream, True)
    try:
        from kin import cli

        sys.exit(cli.main(sys.argv[1:]))
    except KeyboardInterrupt:  # while kin starts or ends
        sys.exit(130)


if __name__ == "__main__":
    main()
