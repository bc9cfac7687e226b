"""kin help: commands, topics, near misses, JSON, width and the pager."""

import re
from pathlib import Path

import pytest

from kin import config
from kin.cli.app import COMMANDS
from kin.cli.help_topics import list_topics
from tests.conftest import Kin
from tests.terminal import on_terminal, program

TOPICS = [topic.name for topic in list_topics()]


def test_the_topics_are_those_that_every_page_points_to() -> None:
    assert TOPICS == ["dates", "environment", "exit-codes", "json", "quoting", "safety"]
    for topic in list_topics():
        pointers = re.findall(r"kin help ([a-z-]+)", topic.text)
        assert set(pointers) <= {*TOPICS, *COMMANDS}


def test_help_without_a_word_is_the_help_of_kin(kin: Kin) -> None:
    assert kin("help") == kin("--help")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_is_its_help_option(command: str, kin: Kin) -> None:
    assert kin("help", command) == kin(command, "--help")


def test_the_help_of_kin_ends_with_the_topics(kin: Kin) -> None:
    *_, last = kin("--help").out.split("\n\n")
    heading, *lines = last.splitlines()
    assert heading == "Topics (kin help TOPIC):"
    assert [line.split()[0] for line in lines] == TOPICS


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_is_text_of_at_most_two_screens(topic: str, kin: Kin) -> None:
    result = kin("help", topic)
    assert (result.code, result.err, "docs/" in result.out) == (0, "", False)
    lines = result.out.splitlines()
    assert 10 < len(lines) <= 48
    assert max(map(len, lines)) <= 78


@pytest.mark.parametrize("topic", TOPICS)
def test_on_a_narrow_screen_only_examples_are_wider(
    topic: str, kin: Kin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    too_wide = [line for line in kin("help", topic).out.splitlines() if len(line) > 40]
    assert [line for line in too_wide if not line.startswith("  ")] == []


def test_help_as_json(kin: Kin) -> None:
    assert kin("help", "exit-codes", "--json").json == {
        "topic": "exit-codes",
        "text": kin("help", "exit-codes").out.removesuffix("\n"),
    }
    assert kin("help", "note", "--json").json["text"].startswith("Usage: kin note ")
    assert kin("help", "--json").json["topic"] is None


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("date", "Did you mean: kin help dates?"),
        ("exit-code", "Did you mean: kin help exit-codes?"),
        ("recal", "Did you mean: kin help recall?"),
        ("xyzzy", "See all: kin help"),
    ],
)
def test_an_unknown_topic_is_a_usage_error_with_near_misses(word: str, hint: str, kin: Kin) -> None:
    result = kin("help", word)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"kin: There is no help on “{word}”. {hint.removesuffix('?')}")


def test_help_needs_no_book(kin: Kin, book: Path) -> None:
    assert kin("help", "safety").code == 0
    assert not book.exists()


def test_a_long_topic_is_paged_on_a_terminal(tmp_path: Path) -> None:
    pager = program(tmp_path / "pager", f'touch "{tmp_path}/paged"', "cat")
    on_terminal(["help", "dates"], rows=60, environment={"PAGER": pager})
    assert not (tmp_path / "paged").exists()
    seen = on_terminal(["help", "dates"], environment={"PAGER": pager})
    assert (seen.code, (tmp_path / "paged").exists()) == (0, True)
    assert seen.rows[0] == "How to write a day"


# The topics are true.


def test_the_days_of_the_topic_are_days(met: Kin) -> None:
    (text,) = (topic.text for topic in list_topics() if topic.name == "dates")
    table = text[text.index("Near ") : text.index("3/4 can")]
    cells = re.sub(r"(?m)^[A-Z][\w, ]{0,12}(?= )", "", re.sub(r"\([^)]*\)|Without.*", "", table))
    days = [day for day in re.split(r"\s{2,}|\n", cells) if day.strip()]
    assert len(days) > 20
    for day in days:
        assert met("notes", "--since", day.strip()).code == 0, day
    for day in ("tomorrow", "next friday", "in 3 weeks"):
        assert met("ask", "maya", "how was it", "--on", day).code == 0, day
    assert met("notes", "--since", "3/4").code == 2


def test_the_settings_of_the_topic_are_settings(tmp_path: Path) -> None:
    (text,) = (topic.text for topic in list_topics() if topic.name == "environment")
    lines = [line.split("  ")[1] for line in text.splitlines() if line.startswith("  ")]
    settings = tmp_path / "settings.toml"
    settings.write_text("\n".join(lines))
    read = config.read_settings(settings)
    assert read.date_order == "dmy"
    assert read.sync.folder == "~/contacts/default"


def test_the_commands_of_the_topics_are_commands(kin: Kin) -> None:
    for topic in list_topics():
        for command in re.findall(r"(?m)^  kin (\w+)", topic.text):
            assert command in COMMANDS, topic.name
