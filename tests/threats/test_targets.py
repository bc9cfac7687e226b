"""--force replaces regular files only: a device, a pipe, a socket or a link stays what it is."""

import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from kin.book import atomic_write
from tests.conftest import Kin

FORMATS = ("json", "vcard", "csv", "ics", "friends", "html", "markdown")


def _device(path: Path) -> None:
    if os.geteuid():
        pytest.skip("only root may make a device")
    os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 3))  # as /dev/null


def _block_device(path: Path) -> None:
    if os.geteuid():
        pytest.skip("only root may make a device")
    os.mknod(path, stat.S_IFBLK | 0o600, os.makedev(7, 99))


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


def _link(path: Path) -> None:
    (path.parent / "precious").write_text("precious")
    path.symlink_to(path.parent / "precious")


def _link_to_nothing(path: Path) -> None:
    path.symlink_to(path.parent / "nothing")


def _link_to_a_device(path: Path) -> None:
    path.symlink_to("/dev/null")


def _loop(path: Path) -> None:
    path.symlink_to(path)


KINDS = (_device, _block_device, _pipe, _socket, _link, _link_to_nothing, _link_to_a_device, _loop)


@pytest.mark.parametrize("make", KINDS)
def test_what_is_not_a_regular_file_is_refused(
    make: Callable[[Path], None], met: Kin, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    make(folder / "aim")
    before = {path.name: path.lstat() for path in folder.iterdir()}
    for format in FORMATS:
        for force in ((), ("--force",)):
            result = met("export", "--to", str(folder / "aim"), "--format", format, *force)
            assert (result.code, result.err.count("\n")) == (1, 1), (format, result)
            assert "bug" not in result.err and "overwrite it with --force" not in result.err
    result = met("backup", "--to", str(folder / "aim"))
    assert (result.code, result.err.count("\n")) == (1, 1), result
    assert {path.name: path.lstat() for path in folder.iterdir()} == before
    assert not (folder / "precious").exists() or (folder / "precious").read_text() == "precious"


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
@pytest.mark.parametrize("force", [(), ("--force",)])
def test_standard_output_as_a_target_gets_the_right_command(
    name: str, force: tuple[str, ...], met: Kin
) -> None:
    if not os.path.lexists(name):
        pytest.skip(f"there is no {name} here")
    before = os.lstat(name)
    result = met("export", "--to", name, *force)
    assert result.code == 1 and "leave out --to" in result.err and "--force" not in result.err
    assert stat.S_IFMT(os.lstat(name).st_mode) == stat.S_IFMT(before.st_mode)


def test_a_pipe_as_a_target_gets_the_right_command(met: Kin, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a pipe")
    result = met("export", "--to", str(tmp_path / "a pipe"), "--force")
    assert f"kin export > '{tmp_path / 'a pipe'}'" in result.err


def test_a_file_that_becomes_a_link_while_it_is_written_stays_one(
    met: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aim, precious = tmp_path / "all.json", tmp_path / "precious"
    aim.write_text("of yesterday")
    precious.write_text("precious")
    fsync = os.fsync

    def swap(file: int) -> None:
        fsync(file)
        if not aim.is_symlink():
            aim.unlink()
            aim.symlink_to(precious)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", swap)
        result = met("export", "--to", str(aim), "--force")
    assert (result.code, aim.is_symlink(), precious.read_text()) == (1, True, "precious")
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_the_book_itself_is_never_replaced(met: Kin, book: Path, tmp_path: Path) -> None:
    before = book.read_bytes()
    (tmp_path / "link").symlink_to(book)
    for aim in (book, tmp_path / "link", tmp_path / ".." / tmp_path.name / "book.db"):
        result = met("export", "--to", str(aim), "--force")
        assert (result.code, "the book itself" in result.err) == (2, True)
    assert book.read_bytes() == before


def test_a_regular_file_is_replaced(met: Kin, tmp_path: Path) -> None:
    (tmp_path / "all.json").write_text("of yesterday")
    assert met("export", "--to", str(tmp_path / "all.json"), "--force").code == 0
    assert (tmp_path / "all.json").read_text().startswith("{")


def test_control_without_the_check_a_link_is_replaced(
    met: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _link(tmp_path / "aim")
    monkeypatch.setattr(atomic_write, "_check_free", lambda *_: None)
    assert met("export", "--to", str(tmp_path / "aim"), "--force").code == 0
    assert not (tmp_path / "aim").is_symlink()


# If nothing can be written, nothing is left, and the error is accurate.


@pytest.mark.parametrize(
    "words",
    [
        ("export", "--to", "{}/aim.json"),
        ("export", "--to", "{}/aim.csv", "--force"),
        ("export", "--format", "markdown", "--to", "{}/pages"),
        ("backup", "--to", "{}/aim.db"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("number", [28, 30, 13, 5, 122])
def test_a_full_or_read_only_place_is_left_as_it_was(
    number: int, words: tuple[str, ...], met: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "stick"
    place.mkdir()
    (place / "aim.csv").write_text("of yesterday")
    opened, made = os.open, os.mkdir

    def refuse(path: str | Path, *how: int, **more: int) -> int:
        if str(path).startswith(f"{place}/") and how[0] & os.O_CREAT:
            raise OSError(number, os.strerror(number), str(path))
        return opened(path, *how, **more)

    def refuse_folder(path: str | Path, *how: int, **more: int) -> None:
        if str(path).startswith(f"{place}/"):
            raise OSError(number, os.strerror(number), str(path))
        made(path, *how, **more)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        patch.setattr(os, "mkdir", refuse_folder)
        result = met(*(word.format(place) for word in words))
    assert (result.code in (1, 5), result.err.count("\n")) == (True, 1)
    assert os.strerror(number) in result.err and "Nothing was written" in result.err
    assert {path.name: path.read_text() for path in place.iterdir()} == {"aim.csv": "of yesterday"}


def test_a_missing_folder_is_reported(met: Kin, tmp_path: Path) -> None:
    result = met("export", "--to", str(tmp_path / "nowhere" / "all.json"))
    assert (result.code, result.err.count("\n")) == (1, 1)
    assert "No such file or directory" in result.err and "Create the folder first" in result.err
