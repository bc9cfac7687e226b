"""The examples in the README and the tutorial print exactly what they show."""

import re
import shlex
from pathlib import Path

import pytest

from tests.conftest import Kin

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")


def test_the_first_code_block_is_the_two_commands() -> None:
    block = re.search(r"```sh\n(.*?)```", README, re.DOTALL)
    assert block is not None
    assert README.index("```") == block.start()
    assert block[1].splitlines() == [
        "python3 -m venv --without-pip .venv && python3 -m pip --python .venv/bin/python install -q -c constraints.txt -e '.[test]' && .venv/bin/kin demo",
        ".venv/bin/pytest -q",
    ]


def test_ci_runs_the_same_two_commands() -> None:
    block = re.search(r"```sh\n(.*?)```", README, re.DOTALL)
    assert block is not None
    ci_lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in ci_lines if line in block[1].splitlines()] == block[1].splitlines()


@pytest.mark.parametrize("text", [README, TUTORIAL], ids=["README", "tutorial"])
def test_every_example_prints_what_it_shows(text: str, kin: Kin) -> None:
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    assert blocks
    for block in blocks:
        for example in re.split(r"(?m)^\$ ", block)[1:]:
            command, _, expected = example.partition("\n")
            words = shlex.split(command)
            assert words[0] == "kin"
            result = kin(*words[1:])
            assert result.out == expected, command
            assert result.code == 0, result.err
