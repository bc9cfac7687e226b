"""What columns of all tables may hold, and what all tables are."""

from sqlalchemy import CheckConstraint

STRICT = {"sqlite_strict": True}
LINK = {"sqlite_strict": True, "sqlite_with_rowid": False}


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """Let a column hold one of a closed set of words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def is_day(column: str) -> CheckConstraint:
    """Let a column hold a day of the calendar only, from year 1 on, or nothing where it may be empty."""
    return CheckConstraint(
        f"{real_day(column)} AND {column} >= '0001-01-01'", name=f"{column}_is_a_day"
    )


def real_day(text: str) -> str:
    """Return the SQL that is true for a real day, or for NULL."""
    # With a modifier date() rolls 30 February over to March, and without one it does not. IS, since a
    # comparison with NULL, which is what date() makes of other words, would pass a CHECK.
    return f"{text} IS date({text}, '+0 days')"


def not_empty(column: str) -> CheckConstraint:
    """Let a column hold some text."""
    return CheckConstraint(f"length({column}) > 0", name=f"{column}_not_empty")


def no_longer_than(column: str, longest: int) -> CheckConstraint:
    """Limit a short text to the length that is accepted when it is typed."""
    return CheckConstraint(f"length({column}) <= {longest}", name=f"{column}_is_short")
