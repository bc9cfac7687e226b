"""Cards as a phone writes them, and a folder of them, for tests of sync."""

from pathlib import Path
from typing import Any

from tests.conftest import Kin


def card(name: str, *lines: str, uid: str | None = None) -> bytes:
    """Return a card with these lines; without `uid` it has none, without a name no FN."""
    said = [f"UID:{uid}"] if uid else []
    said += [f"FN:{name}"] if name else []
    whole = ("BEGIN:VCARD", "VERSION:3.0", *said, *lines, "END:VCARD")
    return "".join(f"{line}\r\n" for line in whole).encode()


def fill(folder: Path, cards: list[bytes]) -> None:
    """Make the folder hold these cards and no other, numbered in their order."""
    folder.mkdir(exist_ok=True)
    for path in folder.glob("*.vcf"):
        path.unlink()
    for number, data in enumerate(cards, 1):
        (folder / f"{number}.vcf").write_bytes(data)


def sync(kin: Kin, folder: Path, *words: str) -> Any:
    """Sync, and return what it says as JSON."""
    result = kin("sync", str(folder), *words, "--json")
    assert result.code == 0, result.err
    return result.json


def people(kin: Kin) -> dict[str, dict[str, Any]]:
    """Return each person by handle, as an export has them, with the texts of their notes."""
    whole = kin("export").json
    found = {each["handle"]: {**each, "notes": []} for each in whole["people"] if not each["me"]}
    for talk in whole["notes"]:
        for there in talk["people"]:
            if there["handle"] in found:
                found[there["handle"]]["notes"].append(talk["text"])
    return found


def names(kin: Kin) -> list[str]:
    """Return the names of all people, sorted."""
    return sorted(each["name"] for each in kin("people", "--json", "-n", "0").json)


def assert_nothing_changes(kin: Kin, folder: Path) -> None:
    """Sync once more, which changes nothing on either side."""
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    result = sync(kin, folder)
    moved = [result[each] for each in ("pulled", "pushed", "merged", "new", "unlinked", "kept")]
    assert moved == [0, 0, 0, [], [], []]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
