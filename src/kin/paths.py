"""Where things are: the book, and the settings file. Reads nothing but names and the platform."""

from collections.abc import Mapping
from pathlib import Path

from kin.errors import UsageError


def home(named: str) -> Path:
    """Return the path with its `~` written out; raise UsageError for a stranger's."""
    try:
        return Path(named).expanduser()
    except RuntimeError:
        raise UsageError(
            f"There is no such home folder: {named}.", "Name a path without ~."
        ) from None


def book(environment: Mapping[str, str]) -> Path:
    """Return the path of the book: KIN_DB, else the platform's user data folder."""
    if named := environment.get("KIN_DB"):
        return home(named)
    from platformdirs import user_data_path

    return user_data_path("kin", appauthor=False) / "kin.db"


def settings(environment: Mapping[str, str]) -> Path:
    """Return the path of the settings file: KIN_CONFIG, else the platform's user config folder."""
    if named := environment.get("KIN_CONFIG"):
        return home(named)
    from platformdirs import user_config_path

    return user_config_path("kin", appauthor=False) / "config.toml"
