"""Real servers and clients for the tests of sync, as child processes on loopback.

If one of the programs is missing, the tests are skipped and say which. The programs come with the extra `sync-test`, in
this environment or in the folder that KIN_SYNC_TOOLS names.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

TOOLS = ("radicale", "xandikos", "vdirsyncer", "khard")
PATIENCE = 30.0  # seconds for a server to answer
COLLECTION = "cards"


def tool(name: str) -> str | None:
    """Return the path of a program, or None."""
    places = [os.environ.get("KIN_SYNC_TOOLS", ""), str(Path(sys.executable).parent)]
    return shutil.which(name, path=os.pathsep.join(filter(None, places))) or shutil.which(name)


def missing() -> list[str]:
    """Return the programs that are missing."""
    return [name for name in TOOLS if tool(name) is None]


def version(name: str) -> str:
    """Return the version of a program, in its own words."""
    result = subprocess.run(
        [str(tool(name)), "--version"], capture_output=True, text=True, check=False
    )
    return (result.stdout or result.stderr).strip().splitlines()[-1]


@contextmanager
def serving(name: str, folder: Path) -> Iterator[str]:
    """Run a server on a free port of loopback; yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = str(tool(name))
    if name == "radicale":
        own = ["--hosts", f"127.0.0.1:{port}", "--auth-type", "none", "--storage-filesystem-folder"]
        words = [program, "--config", "", *own, str(folder)]
    else:
        own = ["serve", "-l", "127.0.0.1", "-p", str(port), "--defaults", "-d"]
        words = [program, *own, str(folder)]
    log = folder.with_suffix(".log")
    with (
        log.open("wb") as said,
        subprocess.Popen(words, stdout=said, stderr=said, env=_environment(folder)) as server,
    ):
        try:
            _await(port, server, log)
            yield f"http://127.0.0.1:{port}/user/"
        finally:
            server.terminate()


def _await(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while server.returncode is None and time.monotonic() < end:
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", port)) == 0:
                return
        with suppress(subprocess.TimeoutExpired):
            server.wait(0.05)
    raise RuntimeError(f"no answer from {server.args!r}:\n{log.read_text()}")


def _environment(home: Path) -> dict[str, str]:
    own = {"HOME": str(home), "XDG_DATA_HOME": str(home), "LC_ALL": "C.UTF-8"}
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    return kept | own


@dataclass(frozen=True)
class Client:
    """A machine with a folder of cards, which vdirsyncer brings to the server and back."""

    home: Path

    @property
    def folder(self) -> Path:
        """The folder of cards."""
        return self.home / "vdir" / COLLECTION

    def begin(self, address: str) -> None:
        """Configure vdirsyncer for both sides, and create what is missing."""
        self.home.mkdir()
        (self.home / "vdir").mkdir()
        (self.home / "vdirsyncer").write_text(
            f'[general]\nstatus_path = "{self.home}/status"\n'
            f'[pair cards]\na = "here"\nb = "there"\ncollections = ["{COLLECTION}"]\n'
            f'conflict_resolution = "b wins"\n'
            f'[storage here]\ntype = "filesystem"\npath = "{self.home}/vdir"\nfileext = ".vcf"\n'
            f'[storage there]\ntype = "carddav"\nurl = "{address}"\nusername = "user"\npassword = "any"\n'
        )
        self._vdirsyncer("discover", answers="y\ny\ny\n")

    def sync(self) -> str:
        """Sync the folder with the server; return the output of vdirsyncer."""
        return self._vdirsyncer("sync", "--force-delete")

    def read(self, name: str) -> str:
        """Return the text of someone's card, which must be the only one."""
        (path,) = self.of(name)
        return path.read_text(encoding="utf-8")

    def of(self, name: str) -> list[Path]:
        """Return the files of someone's cards."""
        return [
            path for path in sorted(self.folder.glob("*.vcf")) if f"FN:{name}" in path.read_text()
        ]

    def change(self, name: str, old: str, new: str) -> None:
        """Change someone's card as an app would."""
        (path,) = self.of(name)
        text = path.read_bytes().decode()
        assert old in text, (old, text)
        path.write_bytes(text.replace(old, new).encode())

    def _vdirsyncer(self, *words: str, answers: str = "") -> str:
        result = subprocess.run(
            [str(tool("vdirsyncer")), "-c", str(self.home / "vdirsyncer"), *words],
            input=answers,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            env=_environment(self.home),
        )
        assert result.returncode == 0, result.stdout
        return result.stdout

    def khard(self, *words: str) -> str:
        """Run khard, which reads the folder that kin writes."""
        settings = self.home / "khard.conf"
        settings.write_text(
            f"[addressbooks]\n[[cards]]\npath = {self.folder}\n[general]\ndefault_action = list\n"
        )
        result = subprocess.run(
            [str(tool("khard")), "-c", str(settings), *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            env=_environment(self.home),
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout
