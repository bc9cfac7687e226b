"""No command uses the network: each runs in a process that ends at the first socket."""

import os
import socket
import sys

import pytest

from tests.cli.test_contract import SHAPES
from tests.conftest import Kin
from tests.terminal import apart

CAUGHT = 99


def watch() -> None:
    """End this process when it asks for a socket or an address, from Python or from C."""
    sys.addaudithook(lambda event, _: os._exit(CAUGHT) if event.startswith("socket.") else None)


@pytest.mark.parametrize("command", SHAPES)
def test_no_command_asks_for_a_socket(met: Kin, command: str) -> None:
    words, _ = SHAPES[command]
    if command == "redo":
        met("undo")
    result = apart(*words, before=watch)
    assert result.code == 0, result


def test_control_a_socket_is_caught() -> None:
    def ask() -> None:
        watch()
        socket.socket()

    assert apart("people", before=ask).code == CAUGHT
