"""What columns of all tables may hold, and what all tables are."""

from sqlalchemy import CheckConstraint

STRICT = {"sqlite_strict": True}
LINK = {"sqlite_strict": True, "sqlite_with_rowid": False}


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """Let a column hold one of a closed set of words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def is_day(column: str) -> CheckConstraint:
    """Let a column hold a real day only."""
    # date() rolls 30 February over to March, so that only a real day equals itself.
    return CheckConstraint(f"{column} = date({column})", name=f"{column}_is_a_day")


def not_empty(column: str) -> CheckConstraint:
    """Let a column hold some text."""
    return CheckConstraint(f"length({column}) > 0", name=f"{column}_not_empty")


def no_longer_than(column: str, longest: int) -> CheckConstraint:
    """Limit a short text to the length that is accepted when it is typed."""
    return CheckConstraint(f"length({column}) <= {longest}", name=f"{column}_is_short")
