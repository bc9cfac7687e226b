"""Cards are read one at a time: a folder of large files does not have to fit into memory."""

import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from kin.transfer.sync import vdir
from tests.conftest import Kin
from tests.sync.phone import card, fill, sync

ROOM = 250 << 10  # bytes: less than the cards of which there are more
ADDRESSES = 400 << 20  # bytes of address space for a whole run of kin
LIMITED = (
    "import resource, sys\n"
    "from kin.cli import main\n"
    f"resource.setrlimit(resource.RLIMIT_AS, ({ADDRESSES}, {ADDRESSES}))\n"
    "sys.exit(main(['sync', sys.argv[1], '--json']))\n"
)


def limited(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LIMITED, str(folder)], capture_output=True, text=True, check=False
    )


def test_forty_sparse_files_of_60_mb_are_refused_before_they_are_read(
    kin: Kin, tmp_path: Path
) -> None:
    folder = tmp_path / "cards"
    fill(folder, [card("Anna Berg", uid="anna-1")])
    for number in range(40):
        with (folder / f"large-{number}.vcf").open("wb") as file:
            file.truncate(60 << 20)
    result = limited(folder)
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("larger than a card can be") == 40


def peak(kin: Kin, folder: Path) -> int:
    """Sync, and return the most bytes that Python held meanwhile."""
    tracemalloc.start()
    try:
        sync(kin, folder)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def photo(number: int, tail: str) -> bytes:
    lines = ("PHOTO;ENCODING=b:" + "A" * (60 << 10), f"NICKNAME:{tail}{number}")
    return card(f"Person {number}", *lines, uid=f"p-{number}")


def peaks(kin: Kin, place: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the peaks of two large cards and of ten, each when they come in and when they change."""
    found = []
    for name, numbers in (("warm", range(1)), ("few", range(2)), ("many", range(10))):
        monkeypatch.setenv("KIN_DB", str(place / f"{name}.db"))
        for tail in ("a", "b"):
            fill(place / name, [photo(number, tail) for number in numbers])
            if name == "warm":  # modules are loaded
                sync(kin, place / name)
            else:
                found.append(peak(kin, place / name))
    return found


def test_five_times_the_photos_need_no_more_memory(
    kin: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few, few_changed, many, many_changed = peaks(kin, tmp_path, monkeypatch)
    assert many - few < ROOM and many_changed - few_changed < ROOM


def test_with_the_bytes_of_all_cards_they_do(
    kin: Kin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: kept bytes are seen."""
    load, kept = vdir.load_card, []

    def keeping(folder: Path, file: vdir.CardFile) -> bytes | None:
        kept.append(load(folder, file))
        return kept[-1]

    monkeypatch.setattr(vdir, "load_card", keeping)
    few, _, many, _ = peaks(kin, tmp_path, monkeypatch)
    assert many - few > ROOM


def test_a_file_may_be_as_large_as_a_card_can_be(tmp_path: Path) -> None:
    (tmp_path / "a.vcf").write_bytes(b"x" * 10)
    with (tmp_path / "b.vcf").open("wb") as file:
        file.truncate(vdir.MAX_CARD_SIZE + 1)
    one, other = vdir.list_cards(tmp_path).files
    assert not one.problem and "larger than a card can be" in other.problem
