"""A command in a hint can be pasted: the shell passes on exactly its words, whatever is in a handle, text or path."""

import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kin.language import text
from tests.conftest import Kin
from tests.threats.handles import rename

WORDS = (
    "$(touch pwned)",
    "`touch pwned`",
    "x; touch pwned",
    "x && touch pwned",
    "x | touch pwned",
    "x > pwned",
    "x\ntouch pwned",
    'a "double" $HOME',
    "it's O'Brien's",
    "back\\slash",
    "*",
    "~root",
    "=ls",
    "!!",
    "#no-comment",
    "{a,b}",
    "-rf",
    "--help",
    "tab\tand \x1b[31mred\x9b2J",
    "bell \x07 \u202e right to left",
    "naïve 陶芸 🏺",
)
HANDLES = ("box/v/x", "..", "a\nb", "-rf", "$(touch pwned)", "x;touch${IFS}pwned", "it's", "=ls")


def pasted(line: str, folder: Path) -> list[str]:
    """Return the words that bash gives to kin where this line is pasted, and check that it does nothing else."""
    assert "\n" not in line
    assert text.escape_control(line, newlines=False) == line
    before = sorted(folder.iterdir())
    script = f"set -f; kin() {{ printf '%s\\0' \"$@\"; }}; {line}"
    shell = subprocess.run(
        ["bash", "-c", script], cwd=folder, capture_output=True, check=True, timeout=60
    )
    assert shell.stderr == b""
    assert sorted(folder.iterdir()) == before
    return [word.decode("utf-8", "surrogateescape") for word in shell.stdout.split(b"\0")[:-1]]


def hinted(text: str, after: str) -> str:
    """Return the command that a hint gives after some words."""
    (line,) = (line for line in text.splitlines() if after in line)
    return line.partition(after)[2]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder to paste commands in."""
    (tmp_path / "pasted").mkdir()
    return tmp_path / "pasted"


# Words that were typed.


@pytest.mark.parametrize("word", WORDS)
def test_an_unknown_name_can_be_pasted(word: str, kin: Kin, folder: Path) -> None:
    kin("add", "Zed")
    result = kin("recall", "--", word)
    assert result.code == 3
    words = pasted("kin add" + hinted(result.err, "kin add"), folder)
    assert [each for each in words if each != "--"] == ["add", word]


@pytest.mark.parametrize("word", WORDS)
def test_what_is_to_be_edited_can_be_pasted(word: str, kin: Kin, folder: Path) -> None:
    kin("add", "Zed")
    result = kin("edit", "--no-input", "--", word)
    words = pasted("kin edit" + hinted(result.err, "kin edit"), folder)
    assert [each for each in words if each != "--"].count(word) == 1
    assert words[-1] in (word, "sourdough") and "--into" in words


@pytest.mark.parametrize("word", [each for each in WORDS if each.isprintable()])
def test_a_text_to_share_can_be_pasted(word: str, met: Kin, folder: Path) -> None:
    result = met("share", "--", f"pottery {word}")
    words = pasted("kin share" + hinted(result.err, "kin share"), folder)
    assert words[:2] == ["share", f"pottery {word}"] and words[2] == "--sent-to"


@pytest.mark.parametrize("word", [each for each in WORDS if "\x1b" not in each])
def test_a_first_name_can_be_pasted(word: str, kin: Kin, folder: Path) -> None:
    name = f"{word.split()[-1]} Berg"
    result = kin("add", "--", name)
    if result.code:  # a name that kin does not keep
        return
    (next_, first, second, *_) = result.err.splitlines()
    assert next_ == "Next:"
    assert pasted(first, folder) == ["note", f"coffee with {name.split()[0]} about …"]
    assert pasted(second, folder)[0] == "recall"


@pytest.mark.parametrize(
    "word", ["$(touch pwned)ery", "`x`pottery", "pot'ery", "-pottery", "=potery"]
)
def test_an_interest_that_may_be_another_can_be_pasted(word: str, met: Kin, folder: Path) -> None:
    met("me", "--into", word.replace("ery", "ary"))
    result = met("edit", "grace", f"--into={word}")
    assert result.code == 0
    for line in result.err.splitlines():
        for command in line.split("kin vocab")[1:]:
            words = pasted("kin vocab" + command.partition("; if not:")[0], folder)
            assert [each for each in words if each != "--"][:2] in (
                ["vocab", "same"],
                ["vocab", "under"],
                ["vocab", "apart"],
            )


# Handles that came from a file.


def _double(kin: Kin, book: Path, handle: str) -> tuple[str, list[str]]:
    rename(book, "maya-o", handle)
    return hinted(kin("add", "Maya Okafor").err, "change the card: "), ["edit", handle]


def _unsure(kin: Kin, book: Path, handle: str) -> tuple[str, list[str]]:
    rename(book, "tom-b", handle)
    rename(book, "tom-k", f"{handle}2")
    result = kin("note", "tea with Tom")
    return hinted(result.err, "“Tom” is: "), ["note", "--amend", "--with", handle]


def _not_now(kin: Kin, book: Path, handle: str) -> tuple[str, list[str]]:
    found = kin("reconnect", "-n", "1", "--json").json[0]["person"]["handle"]
    rename(book, found, handle)
    return hinted(kin("reconnect", "-n", "1").err, "Not now? "), ["reconnect", "--not-now", handle]


def _again(kin: Kin, book: Path, handle: str) -> tuple[str, list[str]]:
    rename(book, "grace-h", handle)
    result = kin("reconnect", "--not-now", "Grace Hopper")
    return hinted(result.err, "Changed your mind? "), ["reconnect", "--again", handle]


def _nothing_to_hear(kin: Kin, book: Path, handle: str) -> tuple[str, list[str]]:
    rename(book, "grace-h", handle)
    result = kin("answered", "Grace Hopper")
    return hinted(result.err, "Ask one: "), ["ask", handle, "how was the trip"]


def _several_to_hear(kin: Kin, book: Path, handle: str) -> tuple[str, list[str]]:
    rename(book, "grace-h", handle)
    for words in ("how was the trip", "how was the boat"):
        kin("ask", "Grace Hopper", words)
    result = kin("answered", "Grace Hopper")
    return hinted(result.err, "by a word of it: "), ["answered", handle, "WORD"]


def _not_agreed(kin: Kin, book: Path, handle: str) -> tuple[str, list[str]]:
    rename(book, "grace-h", handle)
    rename(book, "tom-k", f"{handle}2")
    result = kin("introduce", "Grace Hopper", "Tom King", "--made")
    words = ["introduce", handle, f"{handle}2", "--yes-from", f"{handle}2"]
    return hinted(result.err, "Once they do: "), words


def _one_yes(kin: Kin, book: Path, handle: str) -> tuple[str, list[str]]:
    rename(book, "grace-h", handle)
    rename(book, "tom-k", f"{handle}2")
    result = kin("introduce", "Grace Hopper", "Tom King", "--yes-from", "Grace Hopper")
    words = ["introduce", handle, f"{handle}2", "--yes-from", f"{handle}2"]
    return hinted(result.err, "says yes: "), words


def _one_person(kin: Kin, book: Path, handle: str) -> tuple[str, list[str]]:
    rename(book, "maya-o", handle)
    card = book.parent / "card.vcf"
    card.write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Mia Berg\nEMAIL:maya@example.org\nEND:VCARD\n")
    result = kin("import", str(card))
    return hinted(result.err, "Same person? "), ["merge", handle, "mia-b"]


MAKERS: tuple[Callable[[Kin, Path, str], tuple[str, list[str]]], ...] = (
    _double,
    _unsure,
    _not_now,
    _again,
    _nothing_to_hear,
    _several_to_hear,
    _not_agreed,
    _one_yes,
    _one_person,
)


@pytest.mark.parametrize("make", MAKERS)
def test_a_hostile_handle_can_be_pasted(
    make: Callable[[Kin, Path, str], tuple[str, list[str]]], met: Kin, book: Path, folder: Path
) -> None:
    whole = book.read_bytes()
    for handle in HANDLES:
        book.write_bytes(whole)
        command, meant = make(met, book, handle)
        given = [each for each in pasted(command, folder) if each != "--"]
        assert sorted(given) == sorted(meant)
        if "$'" not in command:
            assert [each for each in shlex.split(command)[1:] if each != "--"] == given


@pytest.mark.parametrize("handle", ["-rf", "--help", "--json"])
def test_a_handle_like_an_option_is_not_an_option_when_pasted(
    handle: str, met: Kin, book: Path, folder: Path
) -> None:
    command, _ = _nothing_to_hear(met, book, handle)
    result = met(*pasted(command, folder))
    assert (result.code, result.out) == (3, "")
    assert f"“{handle}”" in result.err


# Paths.


@pytest.mark.parametrize(
    "name", ["a b.db", "$(touch pwned).db", "it's.db", "new\nline.db", "-rf.db", "\x1b[31m.db"]
)
def test_the_path_of_a_backup_can_be_pasted(name: str, met: Kin, book: Path, folder: Path) -> None:
    (book.parent / "elsewhere").mkdir()
    path = book.parent / "elsewhere" / name
    assert met("backup", "--to", str(path)).code == 0
    met("add", "Ada")
    result = met("restore", str(path))
    assert result.code == 2
    assert pasted(hinted(result.err.splitlines()[-1], "add --yes: "), folder) == [
        "restore",
        str(path),
        "--yes",
    ]


@pytest.mark.parametrize("data", [b"\xff", b"a\xffb", b"\xc3", b"\xed\xa0\x80", b"\xff41"])
def test_a_path_that_is_not_utf_8_can_be_pasted(data: bytes, tmp_path: Path) -> None:
    word = data.decode("utf-8", "surrogateescape")
    assert pasted(text.format_command("kin sync", word), tmp_path) == ["sync", word]


# Controls.


def test_control_without_quotes_a_hint_runs_what_is_in_a_handle(
    met: Kin, book: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "kin.notes.service.text.format_command", lambda *words, options=(): " ".join(words)
    )
    command, _ = _nothing_to_hear(met, book, "x;touch${IFS}pwned")
    with pytest.raises(AssertionError):
        pasted(command, folder)
    assert (folder / "pwned").exists()
