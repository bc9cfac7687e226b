"""A card that a phone writes while kin is replacing or removing it survives, and no file is left over."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kin.transfer.sync import vdir

OLD, OWN, PHONE, LATER = b"as it was read", b"from kin", b"from the phone", b"from the phone, later"
Write = Callable[[Path, bytes], object]


def in_place(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def by_rename(path: Path, data: bytes) -> None:
    other = path.with_name(".of-the-phone")
    other.write_bytes(data)
    other.rename(path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "cards"
    folder.mkdir()
    found = folder / "a.vcf"
    found.write_bytes(OLD)
    return found


def put(path: Path) -> bool:
    return vdir.write_card(path.parent, path.name, OWN, vdir.compute_digest(OLD))


def remove(path: Path) -> bool:
    return vdir.remove_card(path.parent, path.name, vdir.compute_digest(OLD))


@contextmanager
def before(
    patch: pytest.MonkeyPatch, names: tuple[tuple[object, str], ...], *acts: Callable[[], object]
) -> Iterator[None]:
    """Let something happen right before each of the next calls of these functions."""
    left = list(acts)

    def hooked(called: Callable[..., object]) -> Callable[..., object]:
        def call(*words: object, **more: object) -> object:
            if left:
                left.pop(0)()
            return called(*words, **more)

        return call

    with patch.context() as patched:
        for module, name in names:
            patched.setattr(module, name, hooked(getattr(module, name)))
        yield
    assert not left


EXCHANGE = ((vdir, "exchange_files"),)


@pytest.fixture
def _can_exchange(path: Path) -> None:
    one, other = path.with_name("one"), path.with_name("other")
    one.write_bytes(b"1"), other.write_bytes(b"2")
    if not vdir.exchange_files(one, other):
        pytest.skip("this file system cannot exchange two files")
    assert (one.read_bytes(), other.read_bytes()) == (b"2", b"1")
    one.unlink()
    other.unlink()


@pytest.mark.usefixtures("_can_exchange")
@pytest.mark.parametrize("write", [in_place, by_rename])
def test_what_the_phone_writes_before_the_exchange_stays(
    path: Path, monkeypatch: pytest.MonkeyPatch, write: Write
) -> None:
    with before(monkeypatch, EXCHANGE, lambda: write(path, PHONE)):
        assert not put(path)
    assert path.read_bytes() == PHONE and os.listdir(path.parent) == [path.name]


@pytest.mark.usefixtures("_can_exchange")
@pytest.mark.parametrize("write", [in_place, by_rename])
def test_what_the_phone_writes_while_its_card_is_put_back_stays_too(
    path: Path, monkeypatch: pytest.MonkeyPatch, write: Write
) -> None:
    with before(monkeypatch, EXCHANGE, lambda: write(path, PHONE), lambda: write(path, LATER)):
        assert not put(path)
    assert path.read_bytes() == LATER and os.listdir(path.parent) == [path.name]


@pytest.mark.usefixtures("_can_exchange")
def test_a_card_that_the_phone_deletes_stays_deleted(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with before(monkeypatch, EXCHANGE, path.unlink):
        assert not put(path)
    path.write_bytes(OLD)
    with before(monkeypatch, EXCHANGE, lambda: by_rename(path, PHONE), path.unlink):
        assert not put(path)
    assert os.listdir(path.parent) == []


@pytest.mark.usefixtures("_can_exchange")
def test_a_link_that_replaced_the_card_comes_back(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link() -> None:
        path.unlink()
        path.symlink_to("elsewhere")

    with before(monkeypatch, EXCHANGE, link):
        assert not put(path)
    assert os.readlink(path) == "elsewhere" and os.listdir(path.parent) == [path.name]


@pytest.mark.usefixtures("_can_exchange")
def test_ctrl_c_right_after_the_exchange_loses_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync, read = os.fsync, os.fdopen

    def interrupted(*words: object, **more: object) -> object:
        monkeypatch.setattr(os, "fdopen", read)
        raise KeyboardInterrupt

    def written(number: int) -> None:  # kin's own file is on the disk; what follows is the exchange
        fsync(number)
        exchange = vdir.exchange_files

        def exchanged(one: Path, other: Path) -> bool:
            by_rename(path, PHONE)
            done = exchange(one, other)
            monkeypatch.setattr(os, "fdopen", interrupted)
            return done

        monkeypatch.setattr(vdir, "exchange_files", exchanged)

    monkeypatch.setattr(os, "fsync", written)
    with pytest.raises(KeyboardInterrupt):
        put(path)
    assert path.read_bytes() == PHONE and os.listdir(path.parent) == [path.name]


@pytest.mark.usefixtures("_can_exchange")
@pytest.mark.parametrize("write", [in_place, by_rename])
def test_with_a_check_and_a_rename_the_phones_card_is_lost(
    path: Path, monkeypatch: pytest.MonkeyPatch, write: Write
) -> None:
    """Control: what keeps it is the exchange."""

    def check_then_replace(folder: Path, name: str, data: bytes, expected: str) -> bool:
        new = folder / ".new"
        new.write_bytes(data)
        if vdir.compute_digest((folder / name).read_bytes()) != expected:
            return False
        os.replace(new, folder / name)
        return True

    monkeypatch.setattr(vdir, "write_card", check_then_replace)
    with before(monkeypatch, ((os, "replace"),), lambda: write(path, PHONE)):
        assert put(path)
    assert path.read_bytes() == OWN


# File systems that cannot exchange two files


def cannot(*_: object) -> bool:
    return False


def test_without_an_exchange_what_is_written_into_the_card_stays(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vdir, "exchange_files", cannot)
    with before(monkeypatch, ((os, "replace"),), lambda: in_place(path, PHONE)):
        assert not put(path)
    assert path.read_bytes() == PHONE and os.listdir(path.parent) == [path.name]


@pytest.mark.parametrize("write", [in_place, by_rename])
@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_without_an_exchange_what_was_written_before_the_rename_stays(
    path: Path, monkeypatch: pytest.MonkeyPatch, write: Write, links: bool
) -> None:
    monkeypatch.setattr(vdir, "exchange_files", cannot)

    def no_link(*_: object) -> None:
        raise OSError(95, "not supported")

    link = os.link if links else no_link
    monkeypatch.setattr(os, "link", link)
    with before(monkeypatch, ((os, "link"),), lambda: write(path, PHONE)):
        assert not put(path)
    assert path.read_bytes() == PHONE and os.listdir(path.parent) == [path.name]


@pytest.mark.parametrize("exchange", [True, False])
@pytest.mark.parametrize("links", [True, False])
def test_a_card_is_written_on_every_file_system(
    path: Path, monkeypatch: pytest.MonkeyPatch, exchange: bool, links: bool
) -> None:
    def no_link(*_: object) -> None:
        raise OSError(95, "not supported")

    if not exchange:
        monkeypatch.setattr(vdir, "exchange_files", cannot)
        monkeypatch.setattr(vdir, "rename_without_replacing", cannot)
    if not links:
        monkeypatch.setattr(os, "link", no_link)
    path.chmod(0o640)
    assert put(path) and path.read_bytes() == OWN and path.stat().st_mode & 0o777 == 0o640
    assert vdir.write_card(path.parent, "new.vcf", OWN, None)
    assert not vdir.write_card(path.parent, "new.vcf", PHONE, None)
    assert sorted(os.listdir(path.parent)) == ["a.vcf", "new.vcf"]
    assert not remove(path) and vdir.remove_card(path.parent, path.name, vdir.compute_digest(OWN))
    assert os.listdir(path.parent) == ["new.vcf"]


# Removal


@pytest.mark.parametrize("write", [in_place, by_rename])
def test_what_the_phone_writes_before_a_removal_stays(
    path: Path, monkeypatch: pytest.MonkeyPatch, write: Write
) -> None:
    with before(monkeypatch, ((os, "rename"),), lambda: write(path, PHONE)):
        assert not remove(path)
    assert path.read_bytes() == PHONE and os.listdir(path.parent) == [path.name]


def test_what_the_phone_writes_while_its_card_is_put_back_after_a_removal_stays(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = os.rename

    def twice(source: Path, target: Path) -> None:
        in_place(path, PHONE)
        rename(source, target)
        path.write_bytes(LATER)

    monkeypatch.setattr(os, "rename", twice)
    assert not remove(path)
    assert path.read_bytes() == LATER and os.listdir(path.parent) == [path.name]


def test_with_a_check_and_an_unlink_the_phones_card_is_lost(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: what keeps it is the check after it has lost its name."""

    def check_then_unlink(folder: Path, name: str, expected: str) -> bool:
        if vdir.compute_digest((folder / name).read_bytes()) != expected:
            return False
        os.unlink(folder / name)
        return True

    monkeypatch.setattr(vdir, "remove_card", check_then_unlink)
    with before(monkeypatch, ((os, "unlink"),), lambda: in_place(path, PHONE)):
        assert remove(path)
    assert not path.exists()
