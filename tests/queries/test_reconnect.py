"""Golden lists: one book, a day, a seed, and exactly the people and sentences that follow."""

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

from kin.book import session as store
from kin.cli.app import run
from kin.cli.pages import score_breakdown
from kin.language.text import get_first_name
from kin.suggestions import introduce, openers, reasons, reconnect, share
from kin.suggestions.openers import (
    CURIOUS,
    FOLLOW_UP,
    LUCK_KNOWN,
    LUCK_NEW,
    NOT_AGAIN,
    SINCE,
    SPARK,
)
from kin.suggestions.reconnect import EVERY_DAY, Suggestion, Wish

TODAY = date(2026, 11, 23)  # a Monday
ALL = Wish(most=0)

BOOK = (
    ("me", "--name", "Robin", "--into", "pottery", "--into", "climbing", "--into", "chess", "--into", "fountain pens"),
    ("add", "Maya Okafor", "--into", "pottery -- her father had a kiln", "--into", "fado", "--circle", "inner"),
    ("add", "Tomás Silva", "--into", "bouldering"),
    ("add", "Silas", "--into", "Studio Ghibli films"),
    ("add", "X", "--clash", "pineapple on pizza", "--into", "chess", "--circle", "close"),
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
    ("ask", "silas", "how was the marathon", "--due", "2026-12-01"),
)  # fmt: skip


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """Return a book made by kin itself, open for reading."""
    path = tmp_path_factory.mktemp("golden") / "book.db"
    environment = {"KIN_DB": str(path), "KIN_NOW": TODAY.isoformat(), "KIN_CONFIG": os.devnull}
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        for words in BOOK:
            assert run(list(words), environment) == 0, words
    with store.reading(path, TODAY) as opened:
        yield opened


def told(found: tuple[Suggestion, ...]) -> list[tuple[str, ...]]:
    """Return who is suggested, the kind of what leads, why, and what to begin with, if anything."""
    return [
        (each.person.name, each.reasons[0].kind, each.because, *filter(None, [each.question]))
        for each in found
    ]


def test_all_who_have_a_reason_and_every_kind_of_it(db: Connection) -> None:
    assert told(reconnect.today(db, TODAY, ALL)) == [
        ("J. R. Okonkwo", "shared", "You both care about fountain pens, and nobody else you know does. “J. R. Okonkwo and the first pen” A long-lost friend; a hello is more welcome than it feels.", "How is it going with fountain pens?"),
        ("Maya Okafor", "shared", "You both care about pottery, and nobody else you know does. “her father had a kiln”", "What are you up to with pottery these days?"),
        ("X", "collides", "You two see “pineapple on pizza” differently; worth another round. “X and I, over the last slice”", "We agree on chess; how do you see “pineapple on pizza” these days?"),
        ("Dr. Ana Ruiz", "date", "Birthday on Thursday. Ana is into salsa, and nobody else you know is.", "What has changed since March?"),
        ("山田 太郎", "thread", "You still want to hear: “試験はどうだった？”.", "試験はどうだった？"),
        ("Zoë O’Brien", "theirs", "Zoë is into Esperanto, and nobody else you know is.", "What do you like best about Esperanto?"),
        ("Tomás Silva", "shared", "You are into climbing, and Tomás is into bouldering.", "What have you seen since May that you still think of?"),
        ("Silas", "theirs", "Silas is into Studio Ghibli films, and nobody else you know is.", "What have you seen since June that you still think of?"),
    ]  # fmt: skip


def test_a_day_is_three_people_and_the_last_is_lucks(db: Connection) -> None:
    assert told(reconnect.today(db, TODAY)) == [
        ("J. R. Okonkwo", "shared", "You both care about fountain pens, and nobody else you know does. “J. R. Okonkwo and the first pen” A long-lost friend; a hello is more welcome than it feels.", "How is it going with fountain pens?"),
        ("Maya Okafor", "shared", "You both care about pottery, and nobody else you know does. “her father had a kiln”", "What are you up to with pottery these days?"),
        ("Silas", "luck", "No reason at all: Silas is into Studio Ghibli films.", "What have you seen since June that you still think of?"),
    ]  # fmt: skip


def test_on_the_birthday_and_family_by_luck(db: Connection) -> None:
    assert told(reconnect.today(db, date(2026, 11, 26))) == [
        ("X", "collides", "You two see “pineapple on pizza” differently; worth another round. “X and I, over the last slice”", "What first made you think so about “pineapple on pizza”? On chess we agree, after all."),
        ("Dr. Ana Ruiz", "date", "Birthday today. Ana is into salsa, and nobody else you know is.", "What has been good since March?"),
        ("Aunt Rosa", "luck", "Family; that needs no reason."),
    ]  # fmt: skip


def test_on_the_day_of_a_thread(db: Connection) -> None:
    assert told(reconnect.today(db, date(2026, 12, 1))) == [
        ("Silas", "thread", "You wanted to hear: “how was the marathon”.", "How was the marathon?"),
        ("Maya Okafor", "shared", "You both care about pottery, and nobody else you know does. “her father had a kiln”", "How is it going with pottery?"),
        ("Dr. Ana Ruiz", "luck", "No reason at all: Ana is into salsa.", "What has kept you busy since March?"),
    ]  # fmt: skip


def test_another_seed_draws_otherwise(db: Connection) -> None:
    assert told(reconnect.today(db, TODAY, EVERY_DAY, "b")) == [
        ("Dr. Ana Ruiz", "date", "Birthday on Thursday. Ana is into salsa, and nobody else you know is.", "What has changed since March?"),
        ("J. R. Okonkwo", "shared", "You both care about fountain pens, and nobody else you know does. “J. R. Okonkwo and the first pen” A long-lost friend; a hello is more welcome than it feels.", "How is it going with fountain pens?"),
        ("Maya Okafor", "luck", "No reason at all: you once talked about pottery. “her father had a kiln”", "What are you up to with pottery these days?"),
    ]  # fmt: skip


def test_over_one_interest_and_for_no_reason_at_all(db: Connection) -> None:
    assert told(reconnect.today(db, TODAY, Wish(about="climbing"))) == [
        ("Tomás Silva", "shared", "You are into climbing, and Tomás is into bouldering.", "What have you seen since May that you still think of?"),
    ]  # fmt: skip
    assert told(reconnect.wander(db, TODAY)) == [
        ("Dr. Ana Ruiz", "luck", "No reason at all: Ana is into salsa.", "What has changed since March?"),
    ]  # fmt: skip


FORBIDDEN = re.compile(r"\b(network\w*|contact\w*|should|overdue|neglect\w*)\b", re.IGNORECASE)


def test_no_word_of_duty_use_or_reproach_is_ever_said() -> None:
    spoken = [
        node.value
        for module in (introduce, openers, reasons, reconnect, score_breakdown, share)
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert len(spoken) > 100
    assert [words for words in spoken if FORBIDDEN.search(words)] == []


@pytest.mark.parametrize("templates", [FOLLOW_UP, SINCE, SPARK, LUCK_NEW, LUCK_KNOWN, CURIOUS])  # fmt: skip
def test_every_question_is_open_and_fits_any_label(templates: tuple[str, ...]) -> None:
    assert len(set(templates)) == len(templates) > NOT_AGAIN
    for template in templates:
        said = template.format(x="board games", since="March", shared="chess")
        assert "?" in said and re.search(r"\b([Ww]hat|[Hh]ow)\b", said), said
        # A label stands as it was typed, so that no sentence may begin with one.
        assert not re.search(r"(^|[.?!] )(board games|chess)", said), said


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Maya Okafor", "Maya"), ("Silas", "Silas"), ("X", "X"), ("山田 太郎", "山田"), ("Ολγα", "Ολγα"), ("نور", "نور"),
        ("Dr. Ana Ruiz", "Ana"), ("Prof. Dr. Anna Müller", "Anna"), ("Dr. Okafor", "Dr. Okafor"), ("Aunt Rosa", "Aunt Rosa"),
        ("Aunt Rosa Becker", "Rosa"), ("J. R. Okonkwo", "J. R. Okonkwo"), ("Sir", "Sir"), ("J Okonkwo", "J"),
    ],
)  # fmt: skip
def test_people_are_called_as_one_calls_them(name: str, called: str) -> None:
    assert get_first_name(name) == called
