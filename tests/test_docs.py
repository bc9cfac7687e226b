"""The docs cannot drift: the reference is the help, every command is told, every link leads somewhere."""

import re
from pathlib import Path

from kin.cli.app import COMMANDS
from tests import reference

ROOT = Path(__file__).parent.parent


def test_the_reference_is_what_the_help_says() -> None:
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page(), (
        "run: python -m tests.reference"
    )


def test_the_readme_tells_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert f"kin {name}" in readme, name


def test_every_link_leads_to_a_file() -> None:
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", _prose(path)):
            if not target.startswith("http"):
                assert (path.parent / target).exists(), f"{path.name}: {target}"


def _prose(path: Path) -> str:
    """Return a page without its examples, whose links lead into folders of others."""
    return re.sub(r"(?m)^    .*$", "", path.read_text(encoding="utf-8"))
