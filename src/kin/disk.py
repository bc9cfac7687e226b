"""What is on the disk and not only on its way there.

Its one rule: a name in a folder is sure when the folder was synced, and not before.
"""

import os
from pathlib import Path


def settle(folder: Path) -> None:
    """Have the names in a folder on the disk; raise OSError where it cannot be opened."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
