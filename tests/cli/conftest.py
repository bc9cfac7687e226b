"""What the tests of the command line share."""

import pytest

from tests.conftest import Kin


@pytest.fixture
def toms(kin: Kin) -> Kin:
    """Return kin with two people of one first name."""
    assert kin("add", "Tom Becker", "--at", "PyCon").code == 0
    assert kin("add", "Tom King", "--lives", "Leeds").code == 0
    return kin
