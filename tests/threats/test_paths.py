"""No name makes kin write through a link, outside a folder, or over another file."""

import os
import secrets
import stat
from itertools import islice
from pathlib import Path

import pytest

from kin.book import atomic_write
from kin.errors import KinError
from kin.language.text import propose_handles, slugify
from tests.conftest import Kin
from tests.terminal import on_terminal, program
from tests.threats.payloads import FILE_NAMES, file_names

CARD = b"BEGIN:VCARD\nVERSION:3.0\nFN:Ann Lee\nEND:VCARD\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder for files that go out."""
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """Return a file that must not change."""
    path = tmp_path / "victim"
    path.write_text("precious")
    return path


def test_a_handle_is_a_harmless_file_name_whatever_the_name() -> None:
    for name in file_names(5_000):
        for handle in (slugify(name), *islice(propose_handles(name), 6)):
            assert len(handle) <= 40
            assert not set("/\\:*?\"<>|. \t\r\n\0~$%'`;&") & set(handle), (name, handle)
            assert handle.isprintable() and not handle.startswith("-"), (name, handle)
        assert next(propose_handles(name))


def put(folder: Path, number: int) -> None:
    """Write a file under so many hostile names, in one folder."""
    for name in file_names(number):
        base = name.replace("/", "\u2215")
        before = set(os.listdir(folder))
        try:
            atomic_write.write_file(folder / base, b"words", force=True)
        except KinError:
            assert base in (".", "..") or len(os.fsencode(base)) > 255
            assert set(os.listdir(folder)) == before
        else:
            assert set(os.listdir(folder)) - before <= {base}
            assert (folder / base).read_bytes() == b"words"
            assert stat.S_IMODE((folder / base).stat().st_mode) == 0o600


def test_a_file_is_written_under_its_name_and_nothing_else(folder: Path) -> None:
    put(folder, 300)


@pytest.mark.long
def test_five_thousand_names_are_written_under_their_name(folder: Path) -> None:
    put(folder, 5_000)


def test_every_name_for_export_is_a_file_or_an_error(
    met: Kin, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    for name in (
        "",
        "/",
        ".",
        "..",
        "./",
        "../..",
        str(folder),
        "~",
        "a/b",
        "x" * 300,
        *FILE_NAMES[9:60],
    ):
        for force in ((), ("--force",)):
            result = met("export", f"--to={name}", "--format", "csv", *force)
            assert (name, result.code in (0, 1), "bug" in result.err) == (name, True, False), (
                result.err
            )
    assert {each.parent for each in folder.rglob("*")} <= {folder}


@pytest.mark.parametrize("force", [(), ("--force",)])
@pytest.mark.parametrize(
    "there", ["a file", "a link", "a link to nothing", "a link to a folder", "a folder"]
)
def test_a_planted_link_is_not_followed(
    there: str, force: tuple[str, ...], met: Kin, folder: Path, victim: Path, tmp_path: Path
) -> None:
    aim = folder / "people.json"
    if there == "a file":
        aim.write_text("held")
    elif there == "a folder":
        aim.mkdir()
    else:
        ends = {
            "a link": victim,
            "a link to nothing": tmp_path / "nothing",
            "a link to a folder": tmp_path / "elsewhere",
        }
        (tmp_path / "elsewhere").mkdir()
        aim.symlink_to(ends[there])
    result = met("export", "--to", str(aim), *force)
    written = bool(force) and there == "a file"
    assert (result.code, "bug" in result.err) == (0 if written else 1, False)
    assert victim.read_text() == "precious"
    assert not (tmp_path / "nothing").exists()
    assert not any((tmp_path / "elsewhere").glob("*")) if there == "a link to a folder" else True
    assert (aim.is_file() and not aim.is_symlink() and aim.read_bytes()[:1] == b"{") == written
    assert [each.name for each in folder.iterdir()] == ["people.json"]


def test_a_link_at_the_temporary_name_is_not_followed(
    met: Kin, folder: Path, victim: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = []
    opened = os.open

    def record(path: str | Path, flags: int, mode: int = 0o777) -> int:
        names.append(Path(path))
        return opened(path, flags, mode)

    monkeypatch.setattr(secrets, "token_hex", lambda _: "guessed")
    monkeypatch.setattr(os, "open", record)
    assert met("export", "--to", str(folder / "people.json")).code == 0
    (temporary,) = {each for each in names if each.parent == folder and "guessed" in each.name}
    temporary.symlink_to(victim)
    assert met("export", "--to", str(folder / "more.json")).code in (0, 1)
    (folder / "people.json").unlink()
    assert met("export", "--to", str(folder / "people.json")).code == 1
    assert (victim.read_text(), temporary.is_symlink()) == ("precious", True)


def test_a_demo_and_a_book_are_made_through_no_link(kin: Kin, folder: Path, tmp_path: Path) -> None:
    aim = folder / "demo.db"
    aim.symlink_to(tmp_path / "nothing")
    assert kin("demo", "--keep", str(aim)).code == 2
    assert not (tmp_path / "nothing").exists()


def test_every_name_is_a_file_or_an_error(
    met: Kin, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    for name in ("", "/", ".", "..", "x" * 300, "/dev/null/x", *FILE_NAMES[9:60:5]):
        for words in (
            ("import", name if name != "/" else "/dev"),  # the whole disk is not a folder of cards
            ("people", f"--db={name}"),
            ("add", "Ada", f"--db={name}x/y" if name else "--db=."),
        ):
            result = met(*words)
            assert (words, "bug" in result.err) == (words, False), result.err


def test_an_imported_folder_leads_nowhere_else(kin: Kin, folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.vcf").write_bytes(CARD.replace(b"Ann", b"Secret"))
    (folder / "mine.vcf").write_bytes(CARD)
    (folder / "link.vcf").symlink_to(outside / "secret.vcf")
    (folder / "folder.vcf").symlink_to(outside)
    (folder / "sub").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    (folder / "none.vcf").symlink_to(tmp_path / "nothing")
    os.mkfifo(folder / "pipe.vcf")
    result = kin("import", str(folder), "--json").json
    assert [each["name"] for each in result["people"]] == ["Ann Lee"]
    assert {each["where"] for each in result["skipped"]} == {"link.vcf", "none.vcf", "pipe.vcf"}


@pytest.mark.parametrize("name", ["/dev/zero", "/dev/stdin", "/proc/self/mem", "/dev/null"])
def test_only_regular_files_are_read(name: str, kin: Kin) -> None:
    result = kin("import", name)
    assert result.code == 1 or name.startswith("/proc")
    assert "bug" not in result.err


@pytest.mark.parametrize("name", FILE_NAMES[:40])
def test_the_editor_gets_a_file_in_its_own_folder_whatever_the_name(
    name: str, kin: Kin, tmp_path: Path
) -> None:
    handle = kin("add", "--json", "--", f"{name} Q").json["handle"]
    editor = program(tmp_path / "editor", f'printf "%s" "$1" > "{tmp_path}/given"')
    assert on_terminal(["edit", f"@{handle}"], environment={"EDITOR": editor}).code == 0
    given = Path((tmp_path / "given").read_text())
    assert given.parent.name.startswith("kin-") and given.name == "card.txt"
