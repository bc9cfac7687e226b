"""What is installed is what was tested: constraints.txt names exact versions, and CI and the README use it."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCKED = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def named(requirement: str) -> str:
    """Return the name of a distribution as indexes compare it."""
    found = re.match(r"[\w.-]+", requirement)
    assert found is not None, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def test_every_line_is_one_exact_version() -> None:
    assert [line for line in LOCKED if not re.fullmatch(r"[\w.-]+==[\w.!+]+", line)] == []


def test_everything_that_kin_asks_for_is_locked() -> None:
    extras = PROJECT["optional-dependencies"].values()
    asked = {named(each) for several in (PROJECT["dependencies"], *extras) for each in several}
    assert asked - {named(line) for line in LOCKED} == {"kin-cli"}


def test_what_kin_runs_on_has_an_upper_bound() -> None:
    assert [each for each in PROJECT["dependencies"] if "<" not in each] == []


def test_ci_installs_nothing_that_is_not_locked() -> None:
    ran = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    installs = [line for line in ran.splitlines() if "pip" in line and "install" in line]
    assert installs and all("-c constraints.txt" in line for line in installs)


def test_no_file_of_the_project_names_an_index() -> None:
    hosts = ("pypi." + "org", "pythonhosted." + "org")
    files = [
        ROOT / "constraints.txt",
        ROOT / "pyproject.toml",
        ROOT / "README.md",
        ROOT / ".ci" / "run",
    ]
    assert not [file.name for file in files if any(host in file.read_text() for host in hosts)]
    assert not (ROOT / "uv.lock").exists() or "uv.lock" in (ROOT / ".gitignore").read_text()
