"""The docs match the program: the reference is the help, the README has every command, every link has a target."""

import re
from pathlib import Path

from kin.cli.app import COMMANDS
from tests import reference

ROOT = Path(__file__).parent.parent


def test_the_reference_matches_the_help() -> None:
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page(), (
        "run: python -m tests.reference"
    )


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert f"kin {name}" in readme, name


def test_every_link_has_a_target() -> None:
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", _prose(path)):
            if not target.startswith("http"):
                assert (path.parent / target).exists(), f"{path.name}: {target}"


def _prose(path: Path) -> str:
    """Return a page without its indented examples, which have links to files of an export."""
    return re.sub(r"(?m)^    .*$", "", path.read_text(encoding="utf-8"))
