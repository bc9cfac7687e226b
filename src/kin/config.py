"""The settings file: TOML, optional, and small on purpose.

date_order = "dmy"      # or "mdy": how 03/04/2026 is read; without it, kin asks
[sync]                  # for `kin sync` alone: the folder, and programs to run before and after it
folder = "~/contacts/default"
before = "vdirsyncer sync"
after = "vdirsyncer sync"
"""

from pathlib import Path
from typing import NamedTuple

from kin.constants import DateOrder as DateOrder
from kin.errors import UsageError

_KNOWN = "folder, before, after"


class Sync(NamedTuple):
    """The folder of cards, and the programs that bring it to other machines."""

    folder: str | None = None
    before: str | None = None
    after: str | None = None


class Settings(NamedTuple):
    """What the owner has settled."""

    date_order: DateOrder | None = None
    sync: Sync = Sync()


def read(path: Path) -> Settings:
    """Read the settings; a missing file is no settings, a broken one is said."""
    if not path.is_file():
        return Settings()
    import tomllib

    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UsageError(f"Cannot read the settings in {path}: {error}.") from error
    except RecursionError:
        raise UsageError(f"Cannot read the settings in {path}: nested too deeply.") from None
    unknown = sorted(set(found) - {"date_order", "sync"})
    if unknown:
        raise UsageError(f"Unknown setting in {path}: {unknown[0]}.", "Known: date_order, sync")
    order = found.get("date_order")
    if order not in ("dmy", "mdy", None):
        raise UsageError(f"date_order in {path} is neither 'dmy' nor 'mdy'.")
    return Settings(date_order=order, sync=_sync(found.get("sync", {}), path))


def _sync(found: object, path: Path) -> Sync:
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
        raise UsageError(f"[sync] in {path} is no table of texts.", f"Known: {_KNOWN}")
    if unknown := sorted(set(found) - set(Sync._fields)):
        raise UsageError(f"Unknown setting in {path}: sync.{unknown[0]}.", f"Known: {_KNOWN}")
    return Sync(**found)
