"""A disk that loses its power: what may be on it afterwards, by what was asked of it before.

Its one rule: only what was synced is sure. Of the rest any part may be there, a write to any of its sectors;
a name that was made or taken away is sure when its folder was synced.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Union

from tests.durability.traced import Asked

SECTOR = 512
Part = Callable[[], float]  # how much of what is unsure is there, each time it is asked: 0 to 1


@dataclass
class File:
    """A file: what is sure of it, and what was written since."""

    sure: bytes = b""
    since: list[tuple[int, bytes | None]] = field(default_factory=list)

    def sync(self) -> None:
        """Make all of it sure."""
        self.sure = self.after(lambda: 1.0)
        self.since = []

    def after(self, part: Part) -> bytes:
        """Return what may be there after the power has gone."""
        held = bytearray(self.sure)
        for offset, data in self.since:
            if data is None:
                if part() >= 0.5:
                    _cut(held, offset)
                continue
            for start, piece in _sectors(offset, data):
                if part() >= 0.5:
                    if len(held) < start:
                        _cut(held, start)
                    held[start : start + len(piece)] = piece
        return bytes(held)


@dataclass
class Folder:
    """A folder: which names are sure, and what became of each since."""

    sure: dict[str, Union["Folder", File]] = field(default_factory=dict)
    since: list[tuple[str, Union["Folder", File, None]]] = field(default_factory=list)

    def now(self, name: str) -> Union["Folder", File, None]:
        """Return what a name is while there is power."""
        for other, node in reversed(self.since):
            if other == name:
                return node
        return self.sure.get(name)

    def sync(self) -> None:
        """Make all names sure."""
        self.sure = self.after(lambda: 1.0)
        self.since = []

    def after(self, part: Part) -> dict[str, Union["Folder", File]]:
        """Return which names may be there after the power has gone: for each, its changes up to one of them."""
        held: dict[str, Folder | File | None] = dict(self.sure)
        for name in dict.fromkeys(name for name, _ in self.since):
            for node in [node for other, node in self.since if other == name]:
                if part() < 0.5:
                    break
                held[name] = node
        return {name: node for name, node in held.items() if node is not None}


class Disk:
    """What was asked of a disk so far, below one folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._top = Folder()
        self._open: dict[int, Folder | File] = {}
        self.acknowledged: list[str] = []

    def do(self, asked: Asked) -> bool:
        """Do what was asked; tell whether the disk may now be another."""
        if asked.path:
            return self._names(asked)
        if asked.file == 1:
            self.acknowledged += asked.data.decode().split()
            return True
        node = self._open.get(asked.file)
        if node is None:
            return False
        if asked.call in ("fsync", "fdatasync"):
            node.sync()
        elif asked.call in ("pwrite64", "ftruncate"):
            assert isinstance(node, File)
            node.since.append((asked.number, asked.data if asked.call == "pwrite64" else None))
        else:
            raise NotImplementedError(asked.call)
        return True

    def _names(self, asked: Asked) -> bool:
        path = Path(asked.path)
        self._open.pop(asked.file, None)
        if not path.is_relative_to(self._root):
            return False
        folder, node = self._find(path.parent), self._find(path)
        if asked.call == "mkdir":
            assert isinstance(folder, Folder)
            folder.since.append((path.name, Folder()))
        elif asked.call == "unlink":
            assert isinstance(folder, Folder)
            folder.since.append((path.name, None))
        elif asked.call == "openat":
            if node is None and asked.makes:
                assert isinstance(folder, Folder)
                node = File()
                folder.since.append((path.name, node))
            if node is not None:
                self._open[asked.file] = node
        else:
            raise NotImplementedError(asked.call)
        return True

    def _find(self, path: Path) -> Folder | File | None:
        node: Folder | File | None = self._top
        for name in path.relative_to(self._root).parts if path != self._root.parent else ():
            node = node.now(name) if isinstance(node, Folder) else None
        return node

    def after(self, part: Part) -> dict[str, bytes]:
        """Return the files that may be there after the power has gone, by their paths below the folder."""
        return dict(_files(self._top, part, ""))

    def states(self, chance: random.Random, torn: int) -> Iterator[dict[str, bytes]]:
        """Yield what may be there: nothing that is unsure, all of it, and `torn` times some of it."""
        yield self.after(lambda: 0.0)
        yield self.after(lambda: 1.0)
        for _ in range(torn):
            share = chance.choice((0.1, 0.5, 0.9))
            yield self.after(lambda share=share: float(chance.random() < share))  # type: ignore[misc]


def _files(folder: Folder, part: Part, under: str) -> Iterator[tuple[str, bytes]]:
    for name, node in folder.after(part).items():
        if isinstance(node, Folder):
            yield from _files(node, part, f"{under}{name}/")
        else:
            yield under + name, node.after(part)


def _sectors(offset: int, data: bytes) -> Iterator[tuple[int, bytes]]:
    at = offset
    while at < offset + len(data):
        end = min(offset + len(data), (at // SECTOR + 1) * SECTOR)
        yield at, data[at - offset : end - offset]
        at = end


def _cut(held: bytearray, length: int) -> None:
    """Set the length; what is new is zero."""
    del held[length:]
    held.extend(bytes(length - len(held)))


def moments(asked: Sequence[Asked], root: Path) -> Iterator[Disk]:
    """Yield the disk as it is after each thing that was asked of it."""
    disk = Disk(root)
    for each in asked:
        if disk.do(each):
            yield disk
