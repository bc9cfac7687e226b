"""A simulated disk that loses power: what may be on it afterwards, given the system calls before.

Only synced data is certain. Of the rest, any part may be there: a write to any of its sectors. A name that was added or
removed is certain once its folder was synced.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Union

from tests.durability.traced import SystemCall

SECTOR = 512
Part = Callable[
    [], float
]  # a number from 0 to 1 for each unsynced change; it reached the disk from 0.5 on


@dataclass
class File:
    """A file: its synced content, and the writes since (offset and data, or the new length and None)."""

    synced: bytes = b""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)

    def sync(self) -> None:
        """Sync the content."""
        self.synced = self.after(lambda: 1.0)
        self.pending = []

    def after(self, part: Part) -> bytes:
        """Return a content that is possible after a power cut."""
        state = bytearray(self.synced)
        for offset, data in self.pending:
            if data is None:
                if part() >= 0.5:
                    _set_length(state, offset)
                continue
            for start, piece in _split_into_sectors(offset, data):
                if part() >= 0.5:
                    if len(state) < start:
                        _set_length(state, start)
                    state[start : start + len(piece)] = piece
        return bytes(state)


@dataclass
class Folder:
    """A folder: its synced names, and the changes since."""

    synced: dict[str, Union["Folder", File]] = field(default_factory=dict)
    pending: list[tuple[str, Union["Folder", File, None]]] = field(default_factory=list)

    def get(self, name: str) -> Union["Folder", File, None]:
        """Return the file or folder of a name while there is power."""
        for other, node in reversed(self.pending):
            if other == name:
                return node
        return self.synced.get(name)

    def sync(self) -> None:
        """Sync the names."""
        self.synced = self.after(lambda: 1.0)
        self.pending = []

    def after(self, part: Part) -> dict[str, Union["Folder", File]]:
        """Return names that are possible after a power cut: each has its changes up to one of them."""
        state: dict[str, Folder | File | None] = dict(self.synced)
        for name in dict.fromkeys(name for name, _ in self.pending):
            for node in [node for other, node in self.pending if other == name]:
                if part() < 0.5:
                    break
                state[name] = node
        return {name: node for name, node in state.items() if node is not None}


class Disk:
    """The state of the disk below one folder, after the system calls so far."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._top = Folder()
        self._open: dict[int, Folder | File] = {}
        self.acknowledged: list[str] = []

    def do(self, call: SystemCall) -> bool:
        """Apply a system call; return whether the state of the disk may have changed."""
        if call.path:
            return self._change_names(call)
        if call.descriptor == 1:
            self.acknowledged += call.data.decode().split()
            return True
        node = self._open.get(call.descriptor)
        if node is None:
            return False
        if call.name in ("fsync", "fdatasync"):
            node.sync()
        elif call.name in ("pwrite64", "ftruncate"):
            assert isinstance(node, File)
            node.pending.append((call.offset, call.data if call.name == "pwrite64" else None))
        else:
            raise NotImplementedError(call.name)
        return True

    def _change_names(self, call: SystemCall) -> bool:
        path = Path(call.path)
        self._open.pop(call.descriptor, None)
        if not path.is_relative_to(self._root):
            return False
        folder, node = self._find(path.parent), self._find(path)
        if call.name == "mkdir":
            assert isinstance(folder, Folder)
            folder.pending.append((path.name, Folder()))
        elif call.name == "unlink":
            assert isinstance(folder, Folder)
            folder.pending.append((path.name, None))
        elif call.name == "openat":
            if node is None and call.creates:
                assert isinstance(folder, Folder)
                node = File()
                folder.pending.append((path.name, node))
            if node is not None:
                self._open[call.descriptor] = node
        else:
            raise NotImplementedError(call.name)
        return True

    def _find(self, path: Path) -> Folder | File | None:
        node: Folder | File | None = self._top
        for name in path.relative_to(self._root).parts if path != self._root.parent else ():
            node = node.get(name) if isinstance(node, Folder) else None
        return node

    def after(self, part: Part) -> dict[str, bytes]:
        """Return files that are possible after a power cut, by their paths below the folder."""
        return dict(_list_files(self._top, part, ""))

    def states(self, chance: random.Random, partial: int) -> Iterator[dict[str, bytes]]:
        """Yield possible states: none of the unsynced changes, all of them, and `partial` times some of them."""
        yield self.after(lambda: 0.0)
        yield self.after(lambda: 1.0)
        for _ in range(partial):
            share = chance.choice((0.1, 0.5, 0.9))
            yield self.after(lambda share=share: float(chance.random() < share))  # type: ignore[misc]


def _list_files(folder: Folder, part: Part, prefix: str) -> Iterator[tuple[str, bytes]]:
    for name, node in folder.after(part).items():
        if isinstance(node, Folder):
            yield from _list_files(node, part, f"{prefix}{name}/")
        else:
            yield prefix + name, node.after(part)


def _split_into_sectors(offset: int, data: bytes) -> Iterator[tuple[int, bytes]]:
    at = offset
    while at < offset + len(data):
        end = min(offset + len(data), (at // SECTOR + 1) * SECTOR)
        yield at, data[at - offset : end - offset]
        at = end


def _set_length(state: bytearray, length: int) -> None:
    """Set the length; added bytes are zero."""
    del state[length:]
    state.extend(bytes(length - len(state)))


def replay(calls: Sequence[SystemCall], root: Path) -> Iterator[Disk]:
    """Yield the disk after each system call that may have changed it."""
    disk = Disk(root)
    for each in calls:
        if disk.do(each):
            yield disk
