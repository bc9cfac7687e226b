"""After any changes to the cards and the book, a second sync changes nothing."""

import shutil
import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from tests.cli.test_history import dump
from tests.conftest import Kin

NAMES = ("Uma Holt", "Vic Rand", "Wyn Osk", "Uma Rand")
FILES = ("a.vcf", "b.vcf", "c.vcf", "d.vcf")
cards = st.builds(
    lambda name, uid, nick, mail: "".join(
        f"{line}\r\n"
        for line in (
            "BEGIN:VCARD", "VERSION:3.0", *([f"UID:{uid}"] if uid else ()), f"FN:{name}",
            *([f"NICKNAME:{nick}"] if nick else ()), *([f"EMAIL:{mail}@example.org"] if mail else ()), "END:VCARD",
        )
    ),
    st.sampled_from(NAMES),
    st.sampled_from(("", "u-1", "u-2", "u-3", "u-4")),
    st.sampled_from(("", "Bo", "Cy", "Di")),
    st.sampled_from(("", "one", "two")),
)  # fmt: skip
files, who, nicks = st.sampled_from(FILES), st.sampled_from(NAMES), st.sampled_from("BCD")
there = st.one_of(
    st.tuples(st.just("put"), files, cards),
    st.tuples(st.just("put"), files, cards),
    st.tuples(st.just("drop"), files),
    st.tuples(st.just("rename"), files, files),
    st.tuples(st.just("swap"), files, files),
    st.tuples(st.just("nick"), files, nicks),
)
here = st.one_of(
    st.tuples(st.just("add"), who),
    st.tuples(st.just("edit"), who, st.sampled_from(("--nick", "--not-nick")), nicks),
    st.tuples(st.just("edit"), who, st.just("--lives"), nicks),
    st.tuples(st.just("edit"), who, st.just("--name"), who),
    st.tuples(st.just("forget"), who, st.just("--yes")),
    st.tuples(st.just("undo")),
)
rounds = st.lists(
    st.tuples(st.lists(there, min_size=1, max_size=4), st.lists(here, max_size=2)),
    min_size=1,
    max_size=2,
)
# At first there are three cards of three people.
FIRST = [
    ("put", file, f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u-{at}\r\nFN:{name}\r\nEND:VCARD\r\n")
    for at, (file, name) in enumerate(zip(FILES[:3], NAMES[:3], strict=True), 1)
]


def move(folder: Path, what: str, name: str, *more: str) -> None:
    """Change a folder as a phone or its owner does."""
    path = folder / name
    if what == "put":
        path.write_text(more[0], newline="")
    elif not path.exists():
        return
    elif what == "drop":
        path.unlink()
    elif what == "rename":
        path.rename(folder / more[0])
    elif what == "nick":
        path.write_bytes(path.read_bytes().replace(b"END:", f"NICKNAME:{more[0]}\r\nEND:".encode()))
    elif (other := folder / more[0]).exists() and other != path:
        path.rename(folder / "aside")
        other.rename(path)
        (folder / "aside").rename(other)


def take_snapshot(folder: Path, book: Path) -> Any:
    """Return the bytes and times of all cards, all rows of the book, and its undo steps."""
    there = {each.name: (each.read_bytes(), each.stat().st_mtime_ns) for each in folder.iterdir()}
    with closing(sqlite3.connect(book)) as db:
        steps = db.execute("SELECT id, label FROM step ORDER BY id").fetchall()
    return there, dump(book), steps


NUMBERS = count()


@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(rounds)
def test_a_second_sync_changes_nothing(kin: Kin, tmp_path: Path, book: Path, given_: Any) -> None:
    folder = tmp_path / f"cards-{next(NUMBERS)}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    book.unlink(missing_ok=True)
    for phone, home in [(FIRST, []), *given_]:
        for what in phone:
            move(folder, *what)
        for words in home:
            kin(*words)
        assert kin("sync", str(folder), "--yes").code == 0
        before = take_snapshot(folder, book)
        result = kin("sync", str(folder), "--yes", "--json").json
        moved = [result[each] for each in ("new", "unlinked", "pulled", "pushed", "merged", "kept")]
        assert moved == [[], [], 0, 0, 0, []]
        assert take_snapshot(folder, book) == before
