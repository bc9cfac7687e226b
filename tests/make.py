"""Generate a realistic book of any size: python tests/make.py PATH --people N --notes M --links L --seed S.

The same numbers and seed give the same book. Rows are inserted directly, not through the services, so that ten thousand
people take seconds; the constraints of the schema still apply.
"""

import argparse
import random
import sqlite3
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from uuid import UUID

from kin.book import indexes, session as book_session
from kin.language.person_names import list_name_words
from kin.language.text import propose_handles
from kin.vocabulary import catalog

TODAY = date(2026, 11, 23)
YEARS = 6

FIRST = """Maya Tom Ana Zoë Siobhán Ravi Yuki Chidi Ingrid Mateo Leila Jonas Priya Noor Felix Amara Bruno Chloé Dmitri Elif
Farid Greta Hana Idris Jun Kaito Lotte Malik Nadia Oskar Paula Quentin Rosa Samir Tomás Uma Viktor Wanda Ximena Yara Zeno
Aisha Bengt Carmen Diego Esther Fatou Gareth Hilde Ibrahim Jasper Kavya Lucía Marek Nils Olga Pablo Rania Sven Tariq Ulla
Vera Wim Youssef Zsófia Anouk Björn Ciara Dalia Emre Freya Giorgos Halima Ivana João Kofi Luis Mei Naomi Omar""".split()
LAST = """Okafor Becker Ruiz O’Neill Lindqvist Nakamura Haddad Novák Moreau Rossi Petrov Kaya Andersson Schmidt García Silva
Kowalski Dubois Yilmaz Hansen Costa Weber Fischer Olsen Romano Ivanova Müller Sánchez Jansen Virtanen Papadopoulos Okonkwo
Mensah Diallo Chen Tanaka Kim Nguyen Singh Patel Sharma Rahman Ali Hassan Cohen Levi Murphy Kelly Byrne Walsh Campbell
Stewart Hughes Evans Wood Baker Turner Hill Green King Wright Scott Clarke Young Allen Morris Cook Bell Ward Gray Price""".split()
INTERESTS = """pottery|trail running|sourdough|bouldering|fado|beekeeping|fountain pens|film photography|chess|birding|board games|
allotments|jazz|open water swimming|knitting|woodturning|astronomy|cycling|ceramics|poetry|ukulele|salsa|foraging|kintsugi|
calligraphy|origami|sailing|surfing|kite flying|mycology|fermentation|philosophy|theatre|opera|model trains|stamps|tea|
coffee roasting|wine|cheese making|gardening|bonsai|cactuses|hiking|caving|fencing|judo|yoga|tai chi|rowing|archery|
typography|letterpress|bookbinding|maps|genealogy|local history|languages|Esperanto|sign language|radio|synthesisers|
vinyl records|choir|violin|banjo|drumming|stand-up comedy|improv|magic|puzzles|crosswords|go|poker|role-playing games|
science fiction|Studio Ghibli films|documentaries|cinema|painting|watercolour|sketching|street art|architecture|quilting|
embroidery|weaving|leatherwork|soap making|perfume|electronics|robotics|programming|open source|climate|rewilding|rivers""".replace(
    "\n", ""
).split("|")
PLACES = "Blue Door|the allotment|Café Lisboa|the climbing hall|the old pier|Kiln House|the market|a train to Ghent|the library".split(
    "|"
)
TOWNS = "Lisbon Leeds Ghent Kraków Oslo Porto Graz Cork Lyon Tartu Utrecht Bilbao".split()
GROUPS = "book club|choir|family|climbers|neighbours|allotment".split("|")
LINES = (
    "long evening with {who} about #{interest}; laughed until the waiter came",
    "coffee with {who} at {place}, all about #{interest}",
    "{who} rang. Still at it with #{interest}: “it is the only hour that is mine”",
    "walked home with {who}; the plan for the summer is taking shape",
    "{who} showed me how it is done: #{interest}, hands first",
    "dinner with {who}. We disagree about nearly everything and it was lovely",
)
QUESTIONS = (
    "did the kiln survive",
    "how was the exam",
    "is the roof done",
    "how did the concert go",
    "what came of the letter",
)


def grow(path: Path, people: int, notes: int, links: int, seed: int) -> None:
    """Generate a book at `path`, which must not exist yet."""
    chance = random.Random(seed)
    with book_session.open_for_writing(path, TODAY) as session:
        db = book_session.get_connection(session)
        _add_people(db, chance, people)
        _add_interests(db, chance, people, links)
        _add_notes(db, chance, people, notes)
        indexes.rebuild_interest_index(db)


def _add_people(db: sqlite3.Connection, chance: random.Random, people: int) -> None:
    used_handles: set[str] = {"me"}
    rows, words, dates, groups = [], set(), [], []
    for number in range(2, people + 2):
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        handle = next(
            option for option in _propose_handles(name, number) if option not in used_handles
        )
        used_handles.add(handle)
        met = TODAY - timedelta(days=chance.randrange(1, 365 * YEARS))
        at, lives = chance.choice([*PLACES, None]), chance.choice([*TOWNS, None])
        rows.append(
            (
                number,
                handle,
                name,
                met.isoformat(),
                "day",
                at,
                lives,
                chance.choice(("inner", "close", "friend", "wide", None)),
                met.isoformat(),
            )
        )
        words |= {(word, number) for text in (handle, name) for word in list_name_words(text)}
        if chance.random() < 0.4:
            born = date(1950, 1, 1) + timedelta(days=chance.randrange(365 * 55))
            dates.append(
                (
                    number,
                    "birthday",
                    "birthday",
                    born.isoformat() if chance.random() < 0.7 else f"--{born:%m-%d}",
                )
            )
        if chance.random() < 0.3:
            groups.append((number, chance.randrange(1, len(GROUPS) + 1)))
    db.executemany(
        "INSERT INTO person (id, handle, name, is_me, met_on, met_precision, met_at, lives, circle, added_on) "
        "VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    db.executemany(
        "INSERT INTO uid (person_id, uid) VALUES (?, ?)",
        [(row[0], UUID(int=row[0]).urn) for row in rows],
    )
    db.executemany("INSERT INTO name_word (word, person_id) VALUES (?, ?)", sorted(words))
    db.executemany(
        "INSERT INTO yearly_date (person_id, kind, label, on_day) VALUES (?, ?, ?, ?)", dates
    )
    db.executemany(
        "INSERT INTO people_group (key, label) VALUES (?, ?)",
        [(catalog.normalize_interest(each), each) for each in GROUPS],
    )
    db.executemany("INSERT INTO person_group (person_id, group_id) VALUES (?, ?)", groups)


def _propose_handles(name: str, number: int) -> Iterator[str]:
    """Yield the handles that kin would choose, without counting through thousands of people with the same name."""
    for option, _ in zip(propose_handles(name), range(4), strict=False):
        yield option
    yield f"{next(propose_handles(name))}-{number}"


def _add_interests(db: sqlite3.Connection, chance: random.Random, people: int, links: int) -> None:
    db.executemany(
        "INSERT INTO interest (key, label) VALUES (?, ?)",
        [(catalog.normalize_interest(each), each) for each in INTERESTS],
    )
    db.executemany(
        "INSERT INTO person_interest (person_id, interest_id, stance) VALUES (1, ?, 'into')",
        [(each,) for each in chance.sample(range(1, len(INTERESTS) + 1), 10)],
    )
    # A few interests are very common and most are rare: the weights fall with the rank.
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(INTERESTS))))
    links_made: set[tuple[int, int]] = set()
    most = min(links, people * len(INTERESTS) // 2)
    while len(links_made) < most:
        person = chance.randrange(2, people + 2)
        links_made.add(
            (person, chance.choices(range(1, len(INTERESTS) + 1), cum_weights=weights)[0])
        )
    db.executemany(
        "INSERT INTO person_interest (person_id, interest_id, stance, note) VALUES (?, ?, ?, ?)",
        [
            (
                person,
                interest,
                "differ" if chance.random() < 0.08 else "into",
                "since a rainy summer" if chance.random() < 0.1 else None,
            )
            for person, interest in sorted(links_made)
        ],
    )


def _add_notes(db: sqlite3.Connection, chance: random.Random, people: int, notes: int) -> None:
    names = dict(db.execute("SELECT id, name FROM person").fetchall())
    # A few friends are seen often and most rarely: a long tail, as in real life.
    weights = list(accumulate(1 / (rank + 10) for rank in range(people)))
    order = list(range(2, people + 2))
    chance.shuffle(order)
    rows, people_rows, interest_rows, questions, question_people = [], set(), set(), [], []
    for number in range(1, notes + 1):
        day = (TODAY - timedelta(days=chance.randrange(365 * YEARS))).isoformat()
        present = sorted(
            set(chance.choices(order, cum_weights=weights, k=1 if chance.random() < 0.8 else 3))
        )
        interest, place = chance.randrange(1, len(INTERESTS) + 1), chance.choice(PLACES)
        text = chance.choice(LINES).format(
            who=" and ".join(names[each] for each in present),
            interest=f'"{INTERESTS[interest - 1]}"',
            place=place,
        )
        rows.append((number, day, text, place if place in text else None))
        people_rows |= {(each, day, number, names[each]) for each in present}
        interest_rows |= {(interest, number)} if "#" in text else set()
        if chance.random() < 0.02:
            questions.append((chance.choice(QUESTIONS), day, number))
            question_people.append((len(questions), present[0]))
    db.executemany(
        "INSERT INTO note (id, day, precision, text, text_from, place, noted_at) VALUES (?, ?, 'day', ?, 0, ?, '2026-11-23T12:00:00+00:00')",
        rows,
    )
    db.executemany(
        "INSERT INTO note_person (person_id, day, note_id, matched) VALUES (?, ?, ?, ?)",
        sorted(people_rows),
    )
    db.executemany(
        "INSERT INTO note_interest (interest_id, note_id) VALUES (?, ?)",
        sorted(interest_rows),
    )
    db.executemany("INSERT INTO question (text, opened_on, note_id) VALUES (?, ?, ?)", questions)
    db.executemany(
        "INSERT INTO question_person (question_id, person_id) VALUES (?, ?)", question_people
    )


def main(argv: list[str]) -> int:
    """Parse the arguments and generate the book."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("path", type=Path)
    for name, default in (("people", 150), ("notes", 1000), ("links", 600), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default, metavar="N")
    arguments = parser.parse_args(argv)
    if arguments.path.exists():
        parser.error(f"{arguments.path} already exists")
    grow(arguments.path, arguments.people, arguments.notes, arguments.links, arguments.seed)
    print(
        f"{arguments.path}: {arguments.people} people, {arguments.notes} notes, {arguments.links} links"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
