"""Golden lists: one book, a day and a seed, and exactly the people and sentences that follow."""

import ast
import io
import os
import re
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from pathlib import Path
from sqlite3 import Connection

import pytest

from kin.book import session
from kin.cli.app import run
from kin.cli.commands import reconnect as commands_reconnect
from kin.language.text import get_first_name
from kin.suggestions import introduce, openers, reasons, reconnect, share
from kin.suggestions.openers import (
    CURIOUS_OPENERS,
    DIFFERENCE_OPENERS,
    FOLLOW_UP_OPENERS,
    KNOWN_INTEREST_OPENERS,
    NEW_INTEREST_OPENERS,
    NO_REPEAT_SHOWINGS,
    SINCE_LAST_TIME_OPENERS,
)
from kin.suggestions.reconnect import DEFAULT_OPTIONS, ReconnectOptions, Suggestion

TODAY = date(2026, 11, 23)  # a Monday
ALL = ReconnectOptions(most=0)

BOOK = (
    ("me", "--name", "Robin", "--into", "pottery", "--into", "climbing", "--into", "chess", "--into", "fountain pens"),
    ("add", "Maya Okafor", "--into", "pottery -- her father had a kiln", "--into", "fado", "--circle", "inner"),
    ("add", "Tomás Silva", "--into", "bouldering"),
    ("add", "Silas", "--into", "Studio Ghibli films"),
    ("add", "X", "--differ", "pineapple on pizza", "--into", "chess", "--circle", "close"),
    ("add", "山田 太郎", "--into", "origami"),
    ("add", "Dr. Ana Ruiz", "--birthday", "26 november", "--into", "salsa"),
    ("add", "J. R. Okonkwo", "--into", "fountain pens", "--circle", "close"),
    ("add", "Zoë O’Brien", "--into", "Esperanto"),
    ("add", "Aunt Rosa"),
    ("tie", "Aunt Rosa", "me", "--as", "aunt"),
    ("note", "2026-10-01: coffee with Maya at Blue Door, her new glaze #pottery"),
    ("note", "2026-05-02: Tomás took me to the wall"),
    ("note", "2026-06-12: Silas lent me a film"),
    ("note", "2026-07-04: X and I, over the last slice", "--about", "pineapple on pizza"),
    ("note", "2026-08-01: 山田 太郎 folded a crane #origami ?試験はどうだった？"),
    ("note", "2019-01-05: J. R. Okonkwo and the first pen", "--about", "fountain pens"),
    ("note", "2019-01-12: J. R. Okonkwo, soup"),
    ("note", "2026-03-03: Ana, at the station"),
    ("ask", "silas", "how was the marathon", "--on", "2026-12-01"),
)  # fmt: skip


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """Return a book filled by kin itself, open for reading."""
    path = tmp_path_factory.mktemp("golden") / "book.db"
    environment = {"KIN_DB": str(path), "KIN_NOW": TODAY.isoformat(), "KIN_CONFIG": os.devnull}
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        for words in BOOK:
            assert run(list(words), environment) == 0, words
    with session.open_for_reading(path, TODAY) as opened:
        yield opened


def summarize(suggestions: tuple[Suggestion, ...]) -> list[tuple[str, ...]]:
    """Return who is suggested, the kind of the leading reason, why, and the opener, if any."""
    return [
        (
            each.person.name,
            each.reasons[0].kind,
            each.because,
            *([each.opener.text] if each.opener else []),
        )
        for each in suggestions
    ]


def test_everyone_with_a_reason_of_any_kind(db: Connection) -> None:
    assert summarize(reconnect.suggest_people(db, TODAY, ALL)) == [
        ("J. R. Okonkwo", "shared", "You both love fountain pens, and no one else you know does. “J. R. Okonkwo and the first pen” A long-lost friend; a hello is more welcome than it feels.", "How’s it going with fountain pens?"),
        ("Maya Okafor", "shared", "You both love pottery, and no one else you know does. “her father had a kiln”", "What have you been up to with pottery lately?"),
        ("X", "differ", "You two see “pineapple on pizza” differently; worth another round. “X and I, over the last slice”", "We agree on chess. So what’s your take on “pineapple on pizza” these days?"),
        ("Dr. Ana Ruiz", "date", "Birthday on Thursday. Ana is into salsa, and no one else you know is.", "What’s changed since March?"),
        ("山田 太郎", "question", "You’ve been meaning to ask: “試験はどうだった？”", "試験はどうだった？"),
        ("Zoë O’Brien", "theirs", "Zoë is into Esperanto, and no one else you know is.", "What do you like best about Esperanto?"),
        ("Tomás Silva", "shared", "You’re into climbing, and Tomás is into bouldering.", "What have you seen since May that stuck with you?"),
        ("Silas", "theirs", "Silas is into Studio Ghibli films, and no one else you know is.", "What have you seen since June that stuck with you?"),
    ]  # fmt: skip


def test_a_day_has_three_people_and_the_last_is_a_matter_of_luck(db: Connection) -> None:
    assert summarize(reconnect.suggest_people(db, TODAY)) == [
        ("J. R. Okonkwo", "shared", "You both love fountain pens, and no one else you know does. “J. R. Okonkwo and the first pen” A long-lost friend; a hello is more welcome than it feels.", "How’s it going with fountain pens?"),
        ("Maya Okafor", "shared", "You both love pottery, and no one else you know does. “her father had a kiln”", "What have you been up to with pottery lately?"),
        ("Silas", "luck", "Just because. Silas is into Studio Ghibli films.", "What have you seen since June that stuck with you?"),
    ]  # fmt: skip


def test_a_birthday_and_family_by_luck(db: Connection) -> None:
    assert summarize(reconnect.suggest_people(db, date(2026, 11, 26))) == [
        ("X", "differ", "You two see “pineapple on pizza” differently; worth another round. “X and I, over the last slice”", "How did you end up on that side of “pineapple on pizza”? At least we agree on chess."),
        ("Dr. Ana Ruiz", "date", "Birthday today. Ana is into salsa, and no one else you know is.", "What’s the best thing that’s happened since March?"),
        ("Aunt Rosa", "luck", "Family. No reason needed."),
    ]  # fmt: skip


def test_the_day_of_a_question(db: Connection) -> None:
    assert summarize(reconnect.suggest_people(db, date(2026, 12, 1))) == [
        ("Silas", "question", "You meant to ask: “How was the marathon?”", "How was the marathon?"),
        ("Maya Okafor", "shared", "You both love pottery, and no one else you know does. “her father had a kiln”", "How’s it going with pottery?"),
        ("Dr. Ana Ruiz", "luck", "Just because. Ana is into salsa.", "What’s kept you busy since March?"),
    ]  # fmt: skip


def test_another_seed_picks_other_people(db: Connection) -> None:
    assert summarize(reconnect.suggest_people(db, TODAY, DEFAULT_OPTIONS, "b")) == [
        ("Dr. Ana Ruiz", "date", "Birthday on Thursday. Ana is into salsa, and no one else you know is.", "What’s changed since March?"),
        ("J. R. Okonkwo", "shared", "You both love fountain pens, and no one else you know does. “J. R. Okonkwo and the first pen” A long-lost friend; a hello is more welcome than it feels.", "How’s it going with fountain pens?"),
        ("Maya Okafor", "luck", "Just because. You once talked about pottery. “her father had a kiln”", "What have you been up to with pottery lately?"),
    ]  # fmt: skip


def test_about_one_interest_and_just_because(db: Connection) -> None:
    assert summarize(reconnect.suggest_people(db, TODAY, ReconnectOptions(about="climbing"))) == [
        ("Tomás Silva", "shared", "You’re into climbing, and Tomás is into bouldering.", "What have you seen since May that stuck with you?"),
    ]  # fmt: skip
    assert summarize(reconnect.suggest_at_random(db, TODAY)) == [
        ("Tomás Silva", "luck", "Just because. Tomás is into bouldering.", "What have you seen since May that stuck with you?"),
    ]  # fmt: skip


FORBIDDEN = re.compile(r"\b(network\w*|contact\w*|should|overdue|neglect\w*)\b", re.IGNORECASE)


def test_no_word_of_duty_use_or_reproach() -> None:
    spoken = [
        node.value
        for module in (introduce, openers, reasons, reconnect, commands_reconnect, share)
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert len(spoken) > 100
    assert [words for words in spoken if FORBIDDEN.search(words)] == []


@pytest.mark.parametrize("templates", [FOLLOW_UP_OPENERS, SINCE_LAST_TIME_OPENERS, DIFFERENCE_OPENERS, NEW_INTEREST_OPENERS, KNOWN_INTEREST_OPENERS, CURIOUS_OPENERS])  # fmt: skip
def test_every_opener_is_an_open_question_and_fits_any_label(templates: tuple[str, ...]) -> None:
    assert len(set(templates)) == len(templates) > NO_REPEAT_SHOWINGS
    for template in templates:
        opener = template.format(x="board games", since="March", shared="chess")
        assert "?" in opener and re.search(r"\b([Ww]hat|[Hh]ow)\b", opener), opener
        # A label is shown as it was typed, so no sentence may start with one.
        assert not re.search(r"(^|[.?!] )(board games|chess)", opener), opener
        # A label may be plural, so it cannot be the subject of a verb.
        assert not re.search(
            r"(’s|\b(is|are|has|have|was|were|does)) “?(board games|chess)", opener
        ), opener
        assert not re.search(r"(board games|chess)”? (is|are|has|have|was|were|does)\b", opener), (
            opener
        )


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Maya Okafor", "Maya"), ("Silas", "Silas"), ("X", "X"), ("山田 太郎", "山田"), ("Ολγα", "Ολγα"), ("نور", "نور"),
        ("Dr. Ana Ruiz", "Ana"), ("Prof. Dr. Anna Müller", "Anna"), ("Dr. Okafor", "Dr. Okafor"), ("Aunt Rosa", "Aunt Rosa"),
        ("Aunt Rosa Becker", "Rosa"), ("J. R. Okonkwo", "J. R. Okonkwo"), ("Sir", "Sir"), ("J Okonkwo", "J"),
    ],
)  # fmt: skip
def test_people_are_called_by_the_name_friends_use(name: str, called: str) -> None:
    assert get_first_name(name) == called
