"""What `--why` shows is enough to compute a score by hand: here from its words, and from its JSON.

The arithmetic below follows docs/explanation/reconnect.md and shares no code with kin.
"""

import re
from math import exp, log, prod
from typing import Any

import pytest

from tests.conftest import Kin

BOOK = (
    ("me", "--into", "pottery", "--into", "climbing", "--into", "chess", "--into", "tea"),
    ("add", "Maya Okafor", "--into", "pottery", "--into", "fado", "--into", "chess", "--birthday", "26 november"),
    ("add", "Tomás Silva", "--into", "bouldering", "--circle", "close"),
    ("add", "Silas Mensah", "--into", "board games", "--differ", "astrology", "--into", "tea", "--circle", "wide"),
    ("add", "Zoë O’Brien", "--into", "Esperanto", "--differ", "astrology"),
    ("add", "Ravi Patel", "--birthday", "23 november"),
    ("add", "Jun Kim", "--into", "fado", "--circle", "inner"),
    ("note", "2026-02-01: Maya #pottery"),
    ("note", "2026-03-13: Maya, her new glaze #pottery"),
    ("note", "2026-06-01: Maya sang #fado"),
    ("note", "2026-05-02: Tomás took me to the wall ?did the knee heal"),
    ("note", "2026-05-12: Tomás #bouldering"),
    ("note", "2026-08-15: Silas looked at the stars #astrology"),
    ("note", "2026-10-31: Jun Kim"),
    ("note", "2026-11-01: Jun Kim"),
    ("ask", "jun-k", "how was the exam", "--on", "2026-11-25"),
    ("note", "2026-08-01: a crowd", *(word for who in ("maya", "tom", "silas", "zoe", "ravi", "jun-k") for word in ("--with", who))),
)  # fmt: skip
DAYS = ("2026-11-23", "2026-11-24", "2026-11-25", "2026-12-01")


@pytest.fixture
def explained(kin: Kin, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Return the explanation of everyone on several days, in words and as JSON."""
    for words in BOOK:
        assert kin(*words).code == 0, words
    found = []
    for day in DAYS:
        monkeypatch.setenv("KIN_NOW", day)
        lines = kin("reconnect", "-n", "0", "--why").out.splitlines()
        text = kin("reconnect", "-n", "0", "--why", "--json").json
        found += [
            (line.split("\t")[4], each["why"]) for line, each in zip(lines, text, strict=True)
        ]
    return found


def score(
    terms: list[tuple[str, bool, int, int | None]],
    people: int,
    rhythm: float,
    question: float,
    near: float,
    silence: int | None,
    shown: list[int],
) -> float:
    """Compute R: terms are (kind, through a broader term, people into it, lag in days)."""
    atoms: dict[str, list[float]] = {"shared": [], "differ": [], "theirs": []}
    for kind, via, into, lag in terms:
        rare = (people * log((people + 1) / into) / log(people + 1) + 10) / (people + 20)
        alive = 0.4 if lag is None else 0.4 + 0.6 * 2 ** (-lag / (2 * rhythm))
        stance = {"shared": 1, "differ": 0.8, "theirs": 0.4}[kind]
        atoms[kind].append(0.6 * stance * (0.15 + 0.85 * rare) * alive * (0.5 if via else 1))
    ground = 1 - prod(1 - each for each in atoms["shared"] + atoms["theirs"])
    spark = 1 - prod(1 - each for each in atoms["differ"])
    reason = 1 - (1 - ground) * (1 - spark) * (1 - 0.9 * question) * (1 - 0.7 * near)
    quiet = 0.5 if silence is None else max(0.0, (silence - rhythm) / (silence + rhythm))
    return reason * (0.3 + 0.7 * quiet) * prod(1 - 0.5 * 2 ** (-each / 60) for each in shown)


def compute_rhythm(gaps: int, median: float | None, assumed: float) -> float:
    """Compute m."""
    if median is None:
        return assumed
    return exp((gaps * log(median) + 2 * log(assumed)) / (gaps + 2))


def compute_timeliness(due: int | None, opened: int | None) -> float:
    """Compute T from the days since the date of the question, or since it was noted."""
    if due is not None:
        return 2 ** (-due / 45)
    return 0.0 if opened is None or opened < 7 else 2 ** (-(opened - 7) / 90)


def by_json(why: Any) -> float:
    """Compute R from the JSON, without using any number between 0 and 1 in it."""
    return score(
        [
            (each["kind"], each["via"] is not None, each["people_into"] or 1, each["lag_days"])
            for each in why["interests"]
        ],
        why["people"],
        compute_rhythm(why["gap_days"], why["median_gap"], why["usual_days"]),
        compute_timeliness(why["question_due_days_ago"], why["question_opened_days_ago"]),
        0.0 if why["date_in_days"] is None else 1 - why["date_in_days"] / 8,
        why["silence_days"],
        why["shown_days_ago"],
    )


def ago(words: str) -> int:
    """Read how many days ago something was."""
    return {"today": 0, "yesterday": 1}.get(words) or int(re.sub(r"\D", "", words) or 0)


def by_words(text: str) -> float:
    """Compute R from the words, without using any number between 0 and 1 in them."""
    terms = [
        (
            how.split()[0],
            "through" in how,
            1 if into.startswith("no one") else int(into),
            None if "never" in last else ago(last),
        )
        for how, into, last in re.findall(
            r"\(([^)]*)\) weighs \S+ Into [^:]+: (.+?) of \d+, rarity \S+ (It .*?), liveliness",
            text,
        )
    ]
    people = re.search(r": .+? of (\d+), rarity", text)
    gaps = re.search(r"the median of (\d+) gaps? being (\S+) days, pulled towards (\S+)\.", text)
    assumed = re.search(r"kin assumes (\S+) days", text)
    due = re.search(r": its day was (.+?), urgency", text)
    opened = re.search(r": noted (.+?), for no special day, urgency", text)
    near = re.search(r" (today|tomorrow|in (\d+) days), nearness", text)
    last = re.search(r"last talked (.+?), which", text)
    shown = re.search(r"Suggested (.+?), which leaves", text)
    rhythm = float(assumed[1]) if assumed else 1.0
    if gaps:
        rhythm = compute_rhythm(int(gaps[1]), float(gaps[2]), float(gaps[3]))
    in_days = {"today": 0, "tomorrow": 1}.get(near[1], int(near[2] or 0)) if near else 8
    return score(
        terms,
        int(people[1]) if people else 1,
        rhythm,
        compute_timeliness(ago(due[1]) if due else None, ago(opened[1]) if opened else None),
        1 - in_days / 8,
        ago(last[1]) if last else None,
        [ago(each) for each in re.split(", | and ", shown[1])] if shown else [],
    )


def test_a_score_can_be_computed_from_the_words(explained: list[tuple[str, Any]]) -> None:
    for text, why in explained:
        assert by_words(text) == pytest.approx(why["score"], abs=0.0001), text


def test_a_score_can_be_computed_from_the_json(explained: list[tuple[str, Any]]) -> None:
    for _, why in explained:
        assert by_json(why) == pytest.approx(why["score"], abs=0.0001), why


def test_the_words_have_the_same_numbers_as_the_json(explained: list[tuple[str, Any]]) -> None:
    for text, why in explained:
        terms = [(f"{each['weight']:.3f}", f"{each['rarity']:.3f}") for each in why["interests"]]
        assert re.findall(r"weighs (\d\.\d+)\..*?rarity (\d\.\d+)\.", text) == terms
        assert f"= {why['score']:.3f}; luck {why['luck']:+.3f}." in text


def test_every_kind_of_term_was_computed(explained: list[tuple[str, Any]]) -> None:
    words = "\n".join(text for text, _ in explained)
    for part in (
        "pottery (shared) weighs", "bouldering (shared through climbing, which halves it) weighs", "Into climbing: 1 of 6,",
        "(differ) weighs", "(theirs) weighs", "Into astrology: no one, which counts as 1, of 6,", "It came up last time,",
        "141 days before your last note,", "It never came up,", "for no special day, urgency", "its day was today, urgency", "its day was 6 days ago",
        "Birthday today, nearness 1.000", "Birthday tomorrow, nearness", "Birthday in 3 days, nearness", "Not suggested recently.",
        "Suggested yesterday, which leaves", "Suggested 1 and 2 days ago,", "the median of 1 gap being", "the median of 2 gaps being", "A while, for you two: you last talked",
        "Until there are more notes, kin assumes 365 days", ": you last talked", " You last talked",
    ):  # fmt: skip
        assert part in words, part


def test_nothing_is_called_quiet_before_the_first_talk_or_a_rhythm_after_one(
    kin: Kin,
) -> None:
    kin("add", "Maya", "--into", "fado", "--differ", "astrology")
    assert kin("reconnect", "--why").out.split("\t")[4] == (
        "fado (theirs) weighs 0.057. Into fado: 1 of 1, rarity 0.524. It never came up, liveliness 0.400. "
        "Common ground 0.057, spark 0.000, question 0.000, date 0.000; together, a reason of 0.057. "
        "No notes yet, which counts as 0.500. Not suggested recently. "
        "0.057 × (0.3 + 0.7 × 0.500) × 1.000 = 0.037; luck +0.165.\n"
    )
    kin("note", "2026-05-01: Maya #fado")
    text = kin("reconnect", "--why").out
    assert "usually" not in text and "A while" not in text
    assert "You last talked 206 days ago, which counts as 0.392." in text
