"""The door from the shell. Most of a short command's end is a collection that nobody needs: spared."""

import atexit
import gc

# Freezing at exit keeps the interpreter's last full collection from walking all that was imported.
gc.disable()
atexit.register(gc.freeze)


def main() -> None:
    """Run kin and leave with its exit code."""
    import sys

    try:
        from kin.cli import main as run

        sys.exit(run(sys.argv[1:]))
    except KeyboardInterrupt:  # before kin has begun, or as it ends
        sys.exit(130)


if __name__ == "__main__":
    main()
