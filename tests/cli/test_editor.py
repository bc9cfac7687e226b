"""A card or a note in the owner's editor: nothing typed is lost, whatever the editor does."""

import errno
import resource
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import Kin
from tests.terminal import Answer, Seen, beside, ended, on_terminal, program

Editor = Callable[..., str]
SHOWN = "SHOWN"  # what a test editor prints when it is on the screen
WAITS = (f"printf {SHOWN} >/dev/tty", "read line </dev/tty")


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder for this test's temporary files, so that leftovers are found."""
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def editor(tmp_path: Path) -> Editor:
    """Return a maker of editors: lines of shell, in which $1 is the file."""
    return lambda *lines: program(tmp_path / "editor", *lines)


@pytest.fixture
def maya(kin: Kin) -> Kin:
    """Return kin with Maya in the book, and a Tom who knows her."""
    words = (
        "--into",
        "pottery -- her father had a kiln",
        "--lives",
        "Lagos",
        "--met",
        "in the rain",
    )
    assert kin("add", "Maya Okafor", *words).code == 0
    assert kin("add", "Tom King").code == 0
    return kin


def edit(editor: str, *answers: tuple[str, Answer]) -> Seen:
    """Edit Maya's card on a terminal."""
    return on_terminal(["edit", "maya"], answers, environment={"EDITOR": editor})


def note(editor: str, *answers: tuple[str, Answer], words: tuple[str, ...] = ()) -> Seen:
    """Write a note on a terminal, in the editor."""
    return on_terminal(["note", *words], answers, environment={"EDITOR": editor})


def kept(desk: Path, seen: Seen) -> str:
    """Return the text of the only file that is left, which the screen must name."""
    (file,) = (path for path in desk.rglob("*") if path.is_file())
    assert str(file) in "".join(seen.rows), "the kept file is not named"
    return file.read_bytes().decode()


def nothing_left(desk: Path) -> bool:
    """Return whether no temporary file is left."""
    return not list(desk.iterdir())


# A whole card.


def test_a_whole_card_is_changed(maya: Kin, editor: Editor, desk: Path) -> None:
    changes = (
        "s/^lives: .*/lives: Lisbon/",
        "s/^into:/into:\\n  fado/",
        "s/in the rain/in the sun/",
    )
    seen = edit(editor(*(f'sed -i "{change}" "$1"' for change in changes)))
    assert (seen.code, nothing_left(desk)) == (0, True)
    person = maya("recall", "maya", "--json").json["person"]
    assert (person["lives"], person["met"]["story"]) == ("Lisbon", "in the sun")
    assert [(each["label"], each["note"]) for each in person["interests"]] == [
        ("fado", None),
        ("pottery", "her father had a kiln"),
    ]


def test_the_card_is_what_the_editor_gets(maya: Kin, editor: Editor, tmp_path: Path) -> None:
    edit(editor(f'cp "$1" "{tmp_path}/given"'))
    given = (tmp_path / "given").read_text()
    assert "\nname: Maya Okafor\nhandle: maya-o\n" in given
    assert "\n  pottery -- her father had a kiln\n" in given


def test_no_change_changes_nothing(maya: Kin, book: Path, editor: Editor, desk: Path) -> None:
    before = book.read_bytes()
    seen = edit(editor("exit 0"))
    assert (seen.code, book.read_bytes() == before, nothing_left(desk)) == (0, True, True)
    assert "unchanged" in seen.screen


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ("s/^lives:/livs:/", "livs: Lagos"),
        ("s/^birthday:.*/birthday: 30 february/", "birthday: 30 february"),
        ("s/^circle:.*/circle: best/", "circle: best"),
        ("s/^name:.*/name:/", "name:"),
        ("1i stray words", "stray words"),
    ],
)
def test_a_card_that_does_not_parse_is_kept(
    change: str, wrong: str, maya: Kin, book: Path, editor: Editor, desk: Path
) -> None:
    before = book.read_bytes()
    seen = edit(editor(f"sed -i '{change}' \"$1\"", 'echo "  my own words" >> "$1"'))
    assert (seen.code, book.read_bytes() == before) == (2, True)
    written = kept(desk, seen)
    assert written.endswith("  my own words\n")
    assert f"line {written.splitlines().index(wrong) + 1}: " in seen.screen


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("s/^handle:.*/handle: tom-k/", 2),  # taken
        ("s/^handle:.*/handle: Two Words/", 2),
        ("s/^met through:.*/met through: nobody/", 3),
        ("s/^met through:.*/met through: maya/", 2),
        ("s/^dates:/dates:\\n  wedding: 1 may 2020\\n  wedding: 2 may 2020/", 2),  # which one?
        ("s/^nicknames:.*/nicknames: Mo, mo/", 0),
        ("s/^email:/email:\\n  a@b.example\\n  a@b.example/", 0),
        ("s/^into:/into:\\n  ---/", 2),
        ('s/^name:.*/name: "a\\\\u0000b"/', 2),
        ('s/^name:.*/name: "a\\\\ud800b"/', 2),
    ],
)
def test_a_card_that_cannot_be_is_kept(
    change: str, code: int, maya: Kin, book: Path, editor: Editor, desk: Path
) -> None:
    before = book.read_bytes()
    seen = edit(editor(f"sed -i '{change}' \"$1\""))
    assert (seen.code, "bug" in seen.screen) == (code, False)
    if code == 0:
        assert nothing_left(desk)
    else:
        assert book.read_bytes() == before
        assert "in the rain" in kept(desk, seen)


def test_an_emptied_card_writes_nothing(maya: Kin, book: Path, editor: Editor) -> None:
    before = book.read_bytes()
    seen = edit(editor(': > "$1"'))
    assert (seen.code, book.read_bytes() == before) == (2, True)


def test_a_card_changed_meanwhile_is_refused(maya: Kin, editor: Editor, desk: Path) -> None:
    def other() -> str:
        assert ended(beside(["edit", "maya", "--lives", "Porto"])) == 0
        return ""

    seen = edit(editor(*WAITS, 'sed -i "s/^lives:.*/lives: Lisbon/" "$1"'), (SHOWN, other))
    assert (seen.code, "in the meantime" in seen.screen) == (1, True)
    assert maya("recall", "maya", "--json").json["person"]["lives"] == "Porto"
    assert "lives: Lisbon" in kept(desk, seen)


def test_a_person_removed_meanwhile_is_reported(
    maya: Kin, book: Path, editor: Editor, desk: Path
) -> None:
    def other() -> str:
        with sqlite3.connect(book) as db:
            db.execute("PRAGMA foreign_keys = ON")
            db.execute("DELETE FROM person WHERE handle = 'maya-o'")
        return ""

    seen = edit(editor(*WAITS, 'sed -i "s/^lives:.*/lives: Lisbon/" "$1"'), (SHOWN, other))
    assert (seen.code != 0, "bug" in seen.screen) == (True, False)
    assert "lives: Lisbon" in kept(desk, seen)


def test_a_handle_that_is_someone_elses_meanwhile_is_not_edited(
    maya: Kin, book: Path, editor: Editor, desk: Path
) -> None:
    def other() -> str:
        renamed = ["edit", "maya", "--handle", "maya-first"]
        second = ["add", "Maya Olsen", "--lives", "Oslo"]
        assert ended(beside(renamed, second)) == 0
        return ""

    seen = edit(editor(*WAITS, 'sed -i "s/^lives:.*/lives: Lisbon/" "$1"'), (SHOWN, other))
    assert (seen.code, "in the meantime" in seen.screen) == (1, True)
    assert "lives: Lisbon" in kept(desk, seen)
    lives = {each["handle"]: each["lives"] for each in maya("people", "--json").json}
    assert lives == {"maya-first": "Lagos", "maya-o": "Oslo", "tom-k": None}


def test_a_person_removed_meanwhile_is_reported_without_a_change_too(
    maya: Kin, editor: Editor
) -> None:
    def other() -> str:
        assert ended(beside(["forget", "maya", "--yes"])) == 0
        return ""

    seen = edit(editor(*WAITS), (SHOWN, other))
    assert (seen.code, "bug" in seen.screen) == (1, False)
    assert "Maya Okafor was removed from your book" in seen.screen


# A temporary folder that cannot be written.


@contextmanager
def full(most: int) -> Iterator[None]:
    """Limit files to this many bytes, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("words", [["edit", "maya"], ["note"]])
@pytest.mark.parametrize("what", ["missing", "a file", "removed"])
def test_a_temporary_folder_that_cannot_be_used_is_reported(
    words: list[str], what: str, maya: Kin, book: Path, tmp_path: Path, editor: Editor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    place = tmp_path / "elsewhere"
    if what == "a file":
        place.write_text("mine")
    monkeypatch.setattr(tempfile, "tempdir", str(place / "below" if what == "removed" else place))
    before = book.read_bytes()
    opened = editor(f'touch "{tmp_path}/opened"')
    seen = on_terminal(words, environment={"EDITOR": opened}, columns=200)
    assert (seen.code, len(seen.rows), book.read_bytes() == before) == (1, 1, True)
    assert "Cannot make a temporary file for your editor: " in seen.screen
    assert "Nothing was written." in seen.screen and "bug" not in seen.screen
    assert not (tmp_path / "opened").exists()


@pytest.mark.parametrize("most", [0, 1, 50, 300])
def test_a_full_temporary_folder_keeps_no_part_of_the_card(
    most: int, maya: Kin, book: Path, editor: Editor, desk: Path
) -> None:
    before, opened = book.read_bytes(), editor("exit 0")
    with full(most):
        seen = on_terminal(["edit", "maya"], environment={"EDITOR": opened}, columns=200)
    assert (seen.code, len(seen.rows)) == (1, 1)
    assert "Cannot make a temporary file for your editor: File too large." in seen.screen
    assert (book.read_bytes() == before, nothing_left(desk)) == (True, True)


def test_control_without_a_handler_part_of_the_card_stays(
    maya: Kin, editor: Editor, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kin.cli.editor.Draft.remove", lambda _: None)
    opened = editor("exit 0")
    with full(50):
        assert edit(opened).code == 1
    assert not nothing_left(desk)


def test_a_folder_that_cannot_be_removed_is_named(
    maya: Kin, editor: Editor, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(folder))

    monkeypatch.setattr("kin.cli.editor.shutil.rmtree", refuse)
    seen = note(editor('echo "tea with Maya" > "$1"'))
    (folder,) = desk.iterdir()
    assert seen.code == 0
    assert f"Permission denied. Remove it: rm -r {folder}" in "".join(seen.rows)
    assert [each["text"] for each in maya("notes", "--json").json["notes"]] == ["tea with Maya"]


# The editor itself.


@pytest.mark.parametrize(
    ("end", "says"), [("exit 3", "code 3"), ("kill -9 $$", "9"), ("kill -15 $$", "15")]
)
def test_an_editor_that_fails_keeps_the_file(
    end: str, says: str, maya: Kin, book: Path, editor: Editor, desk: Path
) -> None:
    before = book.read_bytes()
    seen = edit(editor('echo "# my own words" >> "$1"', end))
    assert (seen.code, book.read_bytes() == before) == (1, True)
    assert says in seen.screen
    assert kept(desk, seen).endswith("# my own words\n")


@pytest.mark.parametrize("words", [["edit", "maya"], ["note"]])
@pytest.mark.parametrize(
    "editor", ["no-such-editor-here", "/etc", "/etc/passwd", "vi 'unclosed", " ", "-x"]
)
def test_a_missing_editor_is_reported(
    editor: str, words: list[str], maya: Kin, book: Path, desk: Path
) -> None:
    before = book.read_bytes()
    seen = on_terminal(words, environment={"EDITOR": editor})
    assert (seen.code in (1, 2), len(seen.rows), book.read_bytes() == before) == (True, 1, True)
    assert "bug" not in seen.screen
    assert nothing_left(desk)


def test_the_editor_may_have_arguments_and_quotes(maya: Kin, tmp_path: Path) -> None:
    own = program(tmp_path / "my editor", f'printf "%s|" "$@" > "{tmp_path}/given"')
    assert edit(f"'{own}' --wait \"two words\" a\\ b '$HOME;`id`'").code == 0
    given = (tmp_path / "given").read_text().split("|")
    assert given[:4] == ["--wait", "two words", "a b", "$HOME;`id`"]
    assert (given[4].endswith("/card.txt"), len(given)) == (True, 6)


def test_visual_goes_before_editor(maya: Kin, editor: Editor, tmp_path: Path) -> None:
    visual = editor(f'touch "{tmp_path}/seen"')
    on_terminal(["edit", "maya"], environment={"VISUAL": visual, "EDITOR": "false"})
    assert (tmp_path / "seen").exists()


@pytest.mark.parametrize("words", [["edit", "maya"], ["note"]])
def test_only_the_owner_can_read_the_open_file(
    words: list[str], maya: Kin, editor: Editor, tmp_path: Path, desk: Path
) -> None:
    looks = f'stat -c %a "$1" "$(dirname "$1")" > "{tmp_path}/modes"'
    wide = editor("umask 0", looks, 'test -s "$1" || echo hello > "$1"', 'echo left > "$1~"')
    assert on_terminal(words, environment={"EDITOR": wide}).code == 0
    assert (tmp_path / "modes").read_text().split() == ["600", "700"]
    assert nothing_left(desk)


def test_a_folder_that_the_editor_leaves_is_not_a_problem(
    maya: Kin, editor: Editor, desk: Path
) -> None:
    leaves = 'mkdir "$(dirname "$1")/.backup"; cp "$1" "$(dirname "$1")/.backup/old"'
    seen = edit(editor(leaves, 'sed -i "s/^lives:.*/lives: Lisbon/" "$1"'))
    assert (seen.code, "bug" in seen.screen, nothing_left(desk)) == (0, False, True)
    assert maya("recall", "maya", "--json").json["person"]["lives"] == "Lisbon"


def test_a_file_that_the_editor_replaces_is_read(maya: Kin, editor: Editor, desk: Path) -> None:
    replaces = 'sed "s/^lives:.*/lives: Lisbon/" "$1" > "$1.new" && mv "$1.new" "$1"'
    assert (edit(editor(replaces)).code, nothing_left(desk)) == (0, True)
    assert maya("recall", "maya", "--json").json["person"]["lives"] == "Lisbon"


def test_a_file_that_the_editor_removes_is_reported(
    maya: Kin, book: Path, editor: Editor, desk: Path
) -> None:
    before = book.read_bytes()
    for end in ("exit 0", "exit 3"):
        seen = edit(editor('rm "$1"', end))
        assert (seen.code, "bug" in seen.screen, book.read_bytes() == before) == (1, False, True)
        assert ("kept in" in seen.screen, nothing_left(desk)) == (False, True)
        assert "The file is gone, and with it what you typed." in " ".join(seen.rows)


@pytest.mark.parametrize(
    "instead", ['mkdir "$1"', 'mkfifo "$1"', 'ln -s nowhere "$1"', 'echo "my own words" > "$1~"']
)
@pytest.mark.parametrize("words", [["edit", "maya"], ["note"]])
def test_what_the_editor_leaves_instead_of_the_file_is_reported(
    words: list[str], instead: str, maya: Kin, book: Path, editor: Editor, desk: Path
) -> None:
    before = book.read_bytes()
    seen = on_terminal(words, environment={"EDITOR": editor('rm "$1"', instead)})
    assert (seen.code, "bug" in seen.screen, book.read_bytes() == before) == (1, False, True)
    (folder,) = desk.iterdir()
    assert "kept in" not in seen.screen
    assert f"What your editor left is in {folder}" in "".join(seen.rows)
    assert list(folder.iterdir())


def test_what_is_not_utf_8_is_kept(maya: Kin, book: Path, editor: Editor, desk: Path) -> None:
    before = book.read_bytes()
    seen = note(editor("printf 'caf\\351 with Maya' > \"$1\""))
    assert (seen.code in (1, 2), book.read_bytes() == before) == (True, True)
    (file,) = (path for path in desk.rglob("*") if path.is_file())
    assert file.read_bytes() == b"caf\xe9 with Maya"
    assert str(file) in "".join(seen.rows)


def test_ctrl_c_in_the_editor_reaches_only_the_editor(
    maya: Kin, editor: Editor, desk: Path
) -> None:
    # In vim it ends insert mode; it reaches kin too, which must go on waiting.
    stays = ("trap 'printf STILL >/dev/tty' INT", f"printf {SHOWN} >/dev/tty")
    vim = editor(*stays, "until read line </dev/tty; do :; done", 'echo "tea with Maya" > "$1"')
    seen = note(vim, (SHOWN, "^C"), ("STILL", ":wq"))
    assert (seen.code, nothing_left(desk)) == (0, True)
    assert [each["text"] for each in maya("notes", "maya", "--json").json["notes"]] == [
        "tea with Maya"
    ]


# A note.


@pytest.mark.parametrize(
    "written",
    [
        "tea with Maya",
        "  tea with Maya \t",
        "two lines\n\n  and Maya\n",
        "Maya\r\nsays\r\n",
        "\ufeffMaya",
        "# Maya\n## not a comment\n",
        "Maya \x1b[2J \u202e \x07 \u200b",
        "naïve e\u0301 Maya \U0001f469\u200d\U0001f467",
    ],
)
def test_a_note_is_kept_byte_for_byte(
    written: str, maya: Kin, book: Path, editor: Editor, tmp_path: Path, desk: Path
) -> None:
    (tmp_path / "written").write_bytes(f"{written}\n".encode())  # as editors end a file
    seen = note(editor(f'cat "{tmp_path}/written" > "$1"'))
    assert (seen.code, nothing_left(desk)) == (0, True)
    with sqlite3.connect(book) as db:
        assert db.execute("SELECT text FROM note").fetchall() == [(written,)]


def test_a_note_begins_on_an_empty_page(maya: Kin, editor: Editor, tmp_path: Path) -> None:
    note(editor(f'wc -c < "$1" > "{tmp_path}/size"'))
    assert (tmp_path / "size").read_text().strip() == "0"


@pytest.mark.parametrize("leaves", ["exit 0", 'printf "\\n \\n" > "$1"'])
def test_an_empty_note_is_not_saved(leaves: str, maya: Kin, editor: Editor, desk: Path) -> None:
    seen = note(editor(leaves))
    assert (seen.code, nothing_left(desk)) == (2, True)
    assert maya("notes", "--json").json["notes"] == []


@pytest.mark.parametrize(
    ("text", "words", "code"),
    [
        ("03/04/2026: tea with Maya", (), 2),
        ("tea with Maya", ("--with", "nobody"), 3),
        ("tea", ("--with", "m", "--on", "32 may"), 2),
        ("tea #---", (), 0),
        ("tea", ("--about", "---"), 2),
    ],
)
def test_a_note_that_is_refused_is_kept_in_its_file(
    text: str, words: tuple[str, ...], code: int, maya: Kin, editor: Editor, desk: Path
) -> None:
    seen = note(editor(f"printf '{text}' > \"$1\""), words=words)
    assert seen.code == code
    if code:
        assert kept(desk, seen) == text
        assert maya("notes", "--json").json["notes"] == []


def test_an_editor_that_fails_keeps_the_note(maya: Kin, editor: Editor, desk: Path) -> None:
    seen = note(editor('echo "tea with Maya" > "$1"', "exit 3"))
    assert (seen.code, kept(desk, seen)) == (1, "tea with Maya\n")


@pytest.mark.parametrize("key", ["^C", "^D"])
def test_ctrl_c_at_the_question_after_the_editor_keeps_the_note(
    key: str, maya: Kin, editor: Editor, desk: Path
) -> None:
    maya("add", "Tom Becker")
    seen = note(editor('echo "tea with Tom" > "$1"'), ("Which one", key))
    assert (seen.code, kept(desk, seen)) == (130, "tea with Tom\n")
    assert maya("notes", "--json").json["notes"] == []


def test_a_dry_run_does_not_lose_what_was_typed(maya: Kin, editor: Editor, desk: Path) -> None:
    seen = note(editor('echo "tea with Maya" > "$1"'), words=("--dry-run",))
    assert (seen.code, maya("notes", "--json").json["notes"]) == (0, [])
    assert kept(desk, seen) == "tea with Maya\n"


def test_a_book_that_is_locked_keeps_the_note(
    maya: Kin, book: Path, editor: Editor, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kin.book.connection.READ_TIMEOUT", 0.1)
    monkeypatch.setattr("kin.book.connection.WRITE_TIMEOUT", 0.1)
    other = sqlite3.connect(book, isolation_level=None, check_same_thread=False)

    def lock() -> str:
        other.execute("BEGIN EXCLUSIVE")
        return ""

    try:
        seen = note(editor(*WAITS, 'echo "tea with Maya" > "$1"'), (SHOWN, lock))
    finally:
        other.close()
    assert (seen.code, kept(desk, seen)) == (5, "tea with Maya\n")
