"""What tells a person apart in every book and on every phone: a random UID, made once and kept.

Its one rule: nothing of a person goes into it, so that no two are ever the same and no edit changes it.
"""


def new_uid() -> str:
    """Return a UID that nobody has had before."""
    from uuid import uuid4  # not for those who only read

    return f"urn:uuid:{uuid4()}"
