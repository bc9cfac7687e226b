"""Other users of the computer cannot see a note from standard input, the editor or a question in the process list."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import Kin
from tests.terminal import Answer, fresh, on_terminal, program

SECRET = "sentinel-of-the-kiln"
PROC = Path("/proc/self/cmdline")

pytestmark = pytest.mark.skipif(not PROC.exists(), reason="there is no /proc")


def seen() -> list[bytes]:
    """Return the command lines of all processes that contain the secret."""
    lines = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # the process has ended
            lines.append(each.read_bytes())
    return [line for line in lines if SECRET.encode() in line]


def begun(pid: int) -> None:
    """Wait until the system shows the command line of a process, a moment after its start."""
    while not Path(f"/proc/{pid}/cmdline").read_bytes().startswith(sys.executable.encode()):
        pass


def test_a_note_on_standard_input_is_in_no_command_line(met: Kin) -> None:
    typed = [sys.executable, "-m", "kin", "note", "-"]
    with subprocess.Popen(typed, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=fresh()) as kin:
        assert kin.stdin is not None
        kin.stdin.write(f"tea with Maya, {SECRET}".encode())
        kin.stdin.flush()
        begun(kin.pid)
        assert kin.poll() is None
        assert seen() == []
        kin.stdin.close()
        assert kin.wait() == 0
    assert SECRET in met("notes", "-n", "1", "--json").json["notes"][0]["text"]


def test_a_note_in_the_editor_is_in_no_command_line(met: Kin, tmp_path: Path) -> None:
    spelled = SECRET.replace("-", "'-'")  # the editor's own program must not name it
    editor = program(
        tmp_path / "editor", f"printf '%s' 'tea with Maya, {spelled}' > \"$1\"", "printf SHOWN >/dev/tty", "read line </dev/tty"
    )  # fmt: skip

    def look() -> str:
        assert seen() == []
        return ""

    assert on_terminal(["note"], [("SHOWN", look)], environment={"EDITOR": editor}).code == 0
    assert SECRET in met("notes", "-n", "1", "--json").json["notes"][0]["text"]


def test_an_answer_to_a_question_is_in_no_command_line(met: Kin) -> None:
    def look() -> str:
        assert seen() == []
        return ""

    asked: list[tuple[str, Answer]] = [
        ("Who did you meet", "Ada"),
        ("What are they into", ""),
        ("Where do you", SECRET),
        ("How did", look),
    ]
    assert on_terminal(["add"], asked).code == 0


def test_control_an_argument_is_seen() -> None:
    typed = [sys.executable, "-c", "input()", SECRET]
    with subprocess.Popen(typed, stdin=subprocess.PIPE) as other:
        begun(other.pid)
        assert len(seen()) == 1
        other.communicate(b"\n")
