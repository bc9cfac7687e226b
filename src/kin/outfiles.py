"""Files that kin writes for its owner: for nobody else to read, whole or not at all, and over nothing.

Its one rule: a name that is taken is refused unless its owner says otherwise; a link is never followed.
"""

import os
import secrets
from pathlib import Path

from kin.disk import settle
from kin.errors import KinError


def write(path: Path, data: bytes, *, force: bool = False) -> None:
    """Write one file; raise KinError where there is one already, or no room."""
    if not path.name or (os.path.isdir(path) and not os.path.islink(path)):
        raise KinError(f"{path} is a folder.", "Name a file in it.")
    _put(path, data, force)
    settle(path.parent)


def _put(path: Path, data: bytes, force: bool) -> None:
    temporary = path.with_name(f".kin-{secrets.token_hex(8)}.part")  # fits wherever the name does
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
    try:
        with os.fdopen(os.open(temporary, flags, 0o600), "wb") as file:
            try:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                if force:
                    os.replace(temporary, path)
                else:
                    os.link(temporary, path)  # fails where the name is taken, unlike a rename
            finally:
                temporary.unlink(missing_ok=True)
    except FileExistsError:
        raise KinError(
            f"There is a file {path} already.", "Name another, or overwrite it with --force."
        ) from None
    except OSError as error:
        raise KinError(f"Cannot write {path}: {error.strerror}.", "Nothing is there.") from error
