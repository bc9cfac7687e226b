"""The settings file (TOML, optional), and the paths of the book and the settings.

date_order = "dmy"      # or "mdy": how to read 03/04/2026; without it, kin refuses such a date
[sync]                  # for `kin sync` without a folder, and programs to run before and after it
folder = "~/contacts/default"
before = "vdirsyncer sync"
after = "vdirsyncer sync"
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from kin.constants import DateOrder as DateOrder
from kin.errors import UsageError

_SYNC_KEYS = "folder, before, after"


class SyncSettings(NamedTuple):
    """The folder of cards for `kin sync`, and the programs to run before and after it."""

    folder: str | None = None
    before: str | None = None
    after: str | None = None


class Settings(NamedTuple):
    """The settings of the owner."""

    date_order: DateOrder | None = None
    sync: SyncSettings = SyncSettings()


def read_settings(path: Path) -> Settings:
    """Read the settings, the defaults if there is no file; raise UsageError if it is invalid."""
    if not path.is_file():
        return Settings()
    import tomllib

    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UsageError(f"Cannot read the settings in {path}: {error}.") from error
    except RecursionError:
        raise UsageError(f"Cannot read the settings in {path}: nested too deeply.") from None
    unknown = sorted(set(values) - {"date_order", "sync"})
    if unknown:
        raise UsageError(f"Unknown setting in {path}: {unknown[0]}.", "Known: date_order, sync")
    order = values.get("date_order")
    if order not in ("dmy", "mdy", None):
        raise UsageError(f"date_order in {path} must be 'dmy' or 'mdy'.")
    return Settings(date_order=order, sync=_read_sync_settings(values.get("sync", {}), path))


def _read_sync_settings(values: object, path: Path) -> SyncSettings:
    if not isinstance(values, dict) or not all(isinstance(each, str) for each in values.values()):
        raise UsageError(f"[sync] in {path}: every value must be text.", f"Known: {_SYNC_KEYS}")
    if unknown := sorted(set(values) - set(SyncSettings._fields)):
        raise UsageError(f"Unknown setting in {path}: sync.{unknown[0]}.", f"Known: {_SYNC_KEYS}")
    return SyncSettings(**values)


def expand_home(path: str) -> Path:
    """Return the path with `~` expanded; raise UsageError if there is no such home folder."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        raise UsageError(
            f"There is no such home folder: {path}.", "Write the path without ~."
        ) from None


def find_book_path(environment: Mapping[str, str]) -> Path:
    """Return the path of the book: KIN_DB, or kin.db in the user data folder of the platform."""
    if path := environment.get("KIN_DB"):
        return expand_home(path)
    from platformdirs import user_data_path

    return user_data_path("kin", appauthor=False) / "kin.db"


def find_settings_path(environment: Mapping[str, str]) -> Path:
    """Return the path of the settings file: KIN_CONFIG, or config.toml in the user config folder of the platform."""
    if path := environment.get("KIN_CONFIG"):
        return expand_home(path)
    from platformdirs import user_config_path

    return user_config_path("kin", appauthor=False) / "config.toml"
