"""Numbers, lists and files within bounds: too many or too large is an answer or one line, never a bug."""

import errno
import os
import resource
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kin.formats import detect
from tests.conftest import Kin, Result
from tests.terminal import apart

BUG = ("bug", "Traceback", "damaged")


def is_one_line(result: Result) -> bool:
    """Return whether an error is one line, and mentions neither a bug nor damage."""
    return result.err.count("\n") == 1 and not any(word in result.err for word in BUG)


# Numbers.

COUNTED: tuple[tuple[str, ...], ...] = (
    ("people", "-n"),
    ("notes", "-n"),
    ("find", "kiln", "-n"),
    ("interests", "-n"),
    ("interests", "pottery", "-n"),
    ("interests", "--with", "maya", "-n"),
    ("reconnect", "-n"),
    ("share", "a kiln for pottery", "-n"),
    ("introduce", "-n"),
    ("history", "-n"),
    ("today", "-n"),
    ("upcoming", "-n"),
    ("upcoming", "--days"),
    ("undo", "--"),
    ("redo", "--"),
)
NO_NUMBERS = (
    "9" * 20,
    "9" * 5000,
    "1000001",
    str(2**63),
    "-1",
    str(-(2**63)),
    "-0x1",
    "1e3",
    "1.0",
    "1_0",
    "٣",
    "²",
    "many",
    "",
    " ",
    "\n",
)


@pytest.mark.parametrize("words", COUNTED)
def test_a_number_out_of_bounds_is_refused(words: tuple[str, ...], met: Kin) -> None:
    for number in NO_NUMBERS:
        result = met(*words, number)
        assert (result.code, result.out) == (2, ""), (words, number)
        assert is_one_line(result) and len(result.err) < 200, result.err
        assert "is not a whole number from " in result.err
        assert f"See: kin {words[0]} --help" in result.err


@pytest.mark.parametrize("words", COUNTED)
def test_a_number_in_bounds_is_taken(words: tuple[str, ...], met: Kin) -> None:
    least = 1 if words[-1] == "--" else 0
    most = 366 if words[-1] == "--days" else 1_000_000
    for number in (least, 1, most):
        result = met(*words, str(number))
        assert result.code in (0, int(words[0] == "redo")), (words, number, result.err)
        assert not any(word in result.err for word in BUG)


def test_0_is_all_and_1_is_one(met: Kin) -> None:
    assert len(met("people", "-n", "0").out.splitlines()) == 5
    assert len(met("people", "-n", "1").out.splitlines()) == 1


def test_control_sqlite_cannot_count_so_far() -> None:
    with pytest.raises(OverflowError):
        sqlite3.connect(":memory:").execute("SELECT 1 LIMIT ?", (int("9" * 20),))


# Many words.


@pytest.mark.parametrize(
    "words",
    [
        ("recall", "{}"),
        ("notes", "{}"),
        ("recall", "{}", "--all"),
        ("merge", "maya", "{}"),
        ("introduce", "{}"),
        ("note", "tea", "--with", "{}"),
        ("tie", "maya", "{}", "--as", "cousin"),
        ("export", "{}"),
        ("find", "{}"),
        ("people", "--met", "{}"),
        ("interests", "{}"),
    ],
)
def test_a_name_of_thousands_of_words_is_not_found(words: tuple[str, ...], met: Kin) -> None:
    many = " ".join(f"w{number}" for number in range(3000))
    result = met(*(each.format(many) for each in words))
    assert result.code in (0, 3)
    assert not any(word in result.err for word in BUG), result.err[-300:]


def test_a_long_name_is_found_by_all_of_its_words(kin: Kin) -> None:
    words = [f"w{number}" for number in range(50)]
    kin("add", " ".join(words))
    assert kin("recall", " ".join(words), "--json").code == 0
    assert kin("recall", " ".join([*words[:49], "x"]), "--json").code == 3


@pytest.mark.parametrize("option", ["--into", "--group"])
def test_thousands_of_filters_are_refused(option: str, met: Kin) -> None:
    many = [word for number in range(1200) for word in (option, f"x{number}")]
    result = met("people", *many)
    assert (result.code, result.out, is_one_line(result)) == (2, "", True)
    assert met("people", *many[:400]).code == 0


# Many people.


@pytest.fixture
def crowd(kin: Kin, book: Path) -> Kin:
    """Return kin with three hundred people called Tom in its book."""
    cards = "".join(
        f"BEGIN:VCARD\nVERSION:3.0\nFN:Tom Test{number}\nEND:VCARD\n" for number in range(300)
    )
    file = book.parent / "toms.vcf"
    file.write_text(cards)
    assert kin("import", str(file)).code == 0
    return kin


def test_an_ambiguous_name_lists_few_and_says_how_to_go_on(crowd: Kin) -> None:
    for words in (("recall", "tom"), ("note", "tea", "--with", "tom"), ("notes", "tom")):
        result = crowd(*words)
        assert (result.code, is_one_line(result)) == (4, True)
        assert "… and 292 more." in result.err
        assert "Add more of the name, or use the handle: " in result.err
        assert len(result.err) < 1000
        error = crowd(*words, "--json").error
        assert len(error["candidates"]) == 20
        assert len(error["message"]) < 1000


def test_an_ambiguous_name_in_a_note_lists_few(crowd: Kin) -> None:
    (unsure,) = crowd("note", "tea with Tom", "--dry-run", "--json").json["notes"][0]["unsure"]
    assert len(unsure["candidates"]) == 20
    assert "one of 294 more" in crowd("note", "tea with Tom").out


def test_more_of_the_name_finds_the_one(crowd: Kin) -> None:
    assert crowd("recall", "tom test7", "--json").json["person"]["name"] == "Tom Test7"


def test_control_without_a_bound_all_are_listed(
    crowd: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kin.errors.MOST_CANDIDATES", 1000)
    assert len(crowd("recall", "tom", "--json").error["candidates"]) == 300


# Many files.

FILES, ROOM = 200, 64  # files, and how many may be open at once
CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Person {}\nPHOTO;ENCODING=b:{}\nEND:VCARD\n"
PHOTO = "A" * 70_000


def few_files() -> None:
    """Let this process have few files open at once."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (ROOM, ROOM))


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    """Return a folder of cards with photos."""
    folder = tmp_path / "cards"
    folder.mkdir()
    for number in range(FILES):
        (folder / f"{number}.vcf").write_text(CARD.format(number, PHOTO))
    return folder


def test_a_folder_of_cards_is_read_one_file_at_a_time(kin: Kin, cards: Path) -> None:
    result = apart("import", str(cards), before=few_files)
    assert (result.code, result.out) == (0, "Read as vCard 3.0: 200 new.\n"), result.err


def test_many_named_files_are_read_one_at_a_time(kin: Kin, cards: Path) -> None:
    result = apart("import", *map(str, cards.iterdir()), before=few_files)
    assert (result.code, result.out) == (0, "Read as vCard 3.0: 200 new.\n"), result.err


def test_a_markdown_folder_is_read_one_file_at_a_time(
    kin: Kin, cards: Path, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kin.formats.detect.HEAD_SIZE", 64)  # so that every page is a large file
    assert kin("import", str(cards)).code == 0
    folder = book.parent / "pages"
    assert kin("export", "--format", "markdown", "--to", str(folder)).code == 0
    pages = sorted(folder.glob("people/*.md"))
    book.unlink()
    result = apart("import", str(folder), before=few_files)
    assert (result.code, "200 new" in result.out) == (0, True), result.err
    book.unlink()
    result = apart("import", *map(str, pages), before=few_files)
    assert (result.code, "200 new" in result.out) == (0, True), result.err


def test_control_files_that_stay_open_are_too_many(
    kin: Kin, cards: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_type, kept_open = detect.File, []

    def keep_open(name: str, head: bytes, opens: Callable[[], Any], found: bool = False) -> Any:
        kept_open.append(opens())
        return file_type(name, head, opens, found)

    monkeypatch.setattr("kin.formats.detect.File", keep_open)
    result = apart("import", *map(str, cards.iterdir()), before=few_files)
    assert result.code == 1
    assert "Too many open files" in result.err and is_one_line(result)


@pytest.mark.parametrize("planted", ["link", "pipe", "folder"])
def test_what_takes_the_place_of_a_file_is_not_read(
    planted: str, kin: Kin, cards: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret.vcf"
    secret.write_text(CARD.format("Secret", PHOTO))
    read = detect.read_files

    def planting(*given: Any) -> Any:
        path = cards / "7.vcf"
        path.unlink()
        if planted == "link":
            path.symlink_to(secret)
        elif planted == "pipe":
            os.mkfifo(path)
        else:
            path.mkdir()
        return read(*given)

    monkeypatch.setattr(detect, "read_files", planting)
    result = kin("import", str(cards), "--json")
    assert result.code == 0
    assert result.json["new"] == FILES - 1
    assert [each["where"] for each in result.json["skipped"]] == ["7.vcf"]
    assert "Secret" not in kin("people").out


def test_a_file_that_changes_between_looks_is_passed_over(
    kin: Kin, cards: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = detect.read_files

    def changing(*given: Any) -> Any:
        with (cards / "7.vcf").open("a") as file:
            file.write("BEGIN:VCARD\n")
        return read(*given)

    monkeypatch.setattr(detect, "read_files", changing)
    result = kin("import", str(cards), "--json").json
    assert (result["new"], [each["where"] for each in result["skipped"]]) == (FILES - 1, ["7.vcf"])
    assert "changed while kin read it" in result["skipped"][0]["why"]


# What the system refuses.


@pytest.fixture
def broken_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return what makes every reading of files with this name fail as on a broken disk."""

    def breaking(name: str) -> None:
        opens = os.open

        def opened(path: Any, flags: int, *more: Any, **how: Any) -> int:
            if os.fspath(path).endswith(name) and not flags & os.O_WRONLY:
                raise OSError(errno.EIO, "Input/output error", path)
            return opens(path, flags, *more, **how)

        monkeypatch.setattr(os, "open", opened)

    return breaking


def test_a_file_on_a_broken_disk_is_passed_over_or_an_error(
    kin: Kin, cards: Path, broken_disk: Callable[[str], None]
) -> None:
    broken_disk("/7.vcf")
    result = kin("import", str(cards / "7.vcf"))
    assert (result.code, is_one_line(result)) == (1, True)
    assert "Input/output error" in result.err and "othing was written" in result.err
    folder = kin("import", str(cards), "--json").json
    assert (folder["new"], [each["where"] for each in folder["skipped"]]) == (FILES - 1, ["7.vcf"])


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="there is no /proc")
def test_a_file_that_opens_and_cannot_be_read_is_an_error(kin: Kin) -> None:
    result = kin(
        "import", "/proc/self/mem"
    )  # a regular file, of which the system reads no first byte
    assert (result.code, is_one_line(result)) == (1, True)
    assert "Cannot read /proc/self/mem: Input/output error. Nothing was written." in result.err


def test_a_page_on_a_broken_disk_is_passed_over(
    met: Kin, book: Path, broken_disk: Callable[[str], None]
) -> None:
    folder = book.parent / "pages"
    met("export", "--format", "markdown", "--to", str(folder))
    book.unlink()
    broken_disk("/grace-h.md")
    result = met("import", str(folder), "--json").json
    assert "people/grace-h.md" in [each["where"] for each in result["skipped"]]
    assert (result["new"], "Grace" in met("people").out) == (4, False)


def test_a_folder_that_cannot_be_listed_is_reported(
    kin: Kin, cards: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (cards / "below").mkdir()
    (cards / "below" / "x.vcf").write_text(CARD.format("x", ""))
    scandir = os.scandir

    def scanned(path: Any = ".") -> Any:
        if os.fspath(path).endswith("below"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", scanned)
    result = kin("import", str(cards), "--json").json
    assert result["skipped"] == [{"where": "below", "why": "Cannot read below: Permission denied."}]


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (MemoryError(), "There is not enough memory for this."),
        (OSError(errno.EMFILE, "Too many open files"), "Too many open files."),
        (
            OSError(errno.ENOSPC, "No space left on device", "/x/y"),
            "No space left on device: /x/y.",
        ),
        (OSError(errno.EIO, "Input/output error", b"/x/\xff"), "Input/output error: /x/"),
        (BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable"), "temporarily"),
    ],
)
def test_what_the_system_refuses_is_not_a_bug(
    error: Exception, says: str, met: Kin, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise error

    before = book.read_bytes()
    monkeypatch.setattr("kin.overview.recall.recall", refused)
    monkeypatch.setattr("kin.people.queries.load_person", refused)
    for words in (("recall", "maya"), ("edit", "maya", "--lives", "Porto")):
        result = met(*words)
        assert (result.code, result.out, is_one_line(result)) == (1, "", True)
        assert says in result.err and result.err.endswith("Nothing was written.\n")
    assert book.read_bytes() == before


def test_what_fails_after_a_change_does_not_deny_it(
    met: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("kin.cli.console.print_result", refused)
    result = met("edit", "maya", "--lives", "Porto")
    assert result.code == 1
    assert result.err == (
        "kin: There is not enough memory for this. The change was made. Undo it: kin undo\n"
    )
    monkeypatch.undo()


def test_control_a_bug_is_still_called_one(met: Kin, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr("kin.overview.recall.recall", broken)
    assert "This is a bug in kin" in met("recall", "maya").err


def test_settings_nested_too_deeply_are_refused(met: Kin, tmp_path: Path) -> None:
    for words in ("sync = " + "[" * 100_000, "sync = " + "{a=" * 100_000):
        (tmp_path / "config.toml").write_text(words)
        result = met("note", "3 march: tea")
        assert (result.code, is_one_line(result)) == (2, True)
        assert str(tmp_path / "config.toml") in result.err
