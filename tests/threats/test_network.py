"""No command reaches for the network: each runs in a process that ends at the first socket."""

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
    told = apart(*words, before=watch)
    assert told.code == 0, told


def test_who_asks_is_caught() -> None:
    def ask() -> None:
        watch()
        socket.socket()

    assert apart("people", before=ask).code == CAUGHT
