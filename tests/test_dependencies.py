"""Dependencies: constraints.txt pins exact versions, and CI and the README use it."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
PINNED = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def normalize_distribution(requirement: str) -> str:
    """Return the name of a distribution as package indexes compare it."""
    found = re.match(r"[\w.-]+", requirement)
    assert found is not None, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def test_every_line_is_one_exact_version() -> None:
    assert [line for line in PINNED if not re.fullmatch(r"[\w.-]+==[\w.!+]+", line)] == []


def test_every_dependency_is_pinned() -> None:
    extras = PROJECT["optional-dependencies"].values()
    required = {
        normalize_distribution(each)
        for several in (PROJECT["dependencies"], *extras)
        for each in several
    }
    assert required - {normalize_distribution(line) for line in PINNED} == {"kin-cli"}


def test_every_dependency_has_an_upper_bound() -> None:
    assert [each for each in PROJECT["dependencies"] if "<" not in each] == []


def test_ci_installs_pinned_versions_only() -> None:
    ran = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    installs = [line for line in ran.splitlines() if "pip" in line and "install" in line]
    assert installs and all("-c constraints.txt" in line for line in installs)


def test_no_project_file_names_a_package_index() -> None:
    hosts = ("pypi." + "org", "pythonhosted." + "org")
    files = [
        ROOT / "constraints.txt",
        ROOT / "pyproject.toml",
        ROOT / "README.md",
        ROOT / ".ci" / "run",
    ]
    assert not [file.name for file in files if any(host in file.read_text() for host in hosts)]
    assert not (ROOT / "uv.lock").exists() or "uv.lock" in (ROOT / ".gitignore").read_text()
