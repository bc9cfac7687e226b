"""The settings file: TOML, optional, and small on purpose.

date_order = "dmy"      # or "mdy": how 03/04/2026 is read; without it, kin asks
"""

from pathlib import Path
from typing import NamedTuple

from kin.errors import UsageError
from kin.words import DateOrder as DateOrder


class Settings(NamedTuple):
    """What the owner has settled."""

    date_order: DateOrder | None = None


def read(path: Path) -> Settings:
    """Read the settings; a missing file is no settings, a broken one is said."""
    if not path.is_file():
        return Settings()
    import tomllib

    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UsageError(f"Cannot read the settings in {path}: {error}.") from error
    unknown = sorted(set(found) - {"date_order"})
    if unknown:
        raise UsageError(f"Unknown setting in {path}: {unknown[0]}.", "Known: date_order")
    order = found.get("date_order")
    if order not in ("dmy", "mdy", None):
        raise UsageError(f"date_order in {path} is neither 'dmy' nor 'mdy'.")
    return Settings(date_order=order)
