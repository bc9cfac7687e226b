"""The command demo: a walk through a throwaway book, with real output. No file of the user is touched."""

import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import date, datetime, time
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from kin.cli import console
from kin.cli.layout import Span, make_line
from kin.cli.options import Command, new_app
from kin.errors import UsageError
from kin.language.text import format_command

if TYPE_CHECKING:
    from sqlmodel import Session

    from kin.cli.context import Call
    from kin.people.service import CardChanges


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """The flags of `kin add`; in an interest, the part after ' -- ' is how they came to it."""

    name: str
    on: str
    met: str
    place: str = ""
    lives: str = ""
    into: tuple[str, ...] = ()
    both: tuple[str, ...] = ()
    differ: tuple[str, ...] = ()
    nicknames: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    birthday: str = ""
    through: str = ""
    circle: str = ""
    emails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoNote:
    """The text of `kin note`, with its day in front, and the channel."""

    text: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class DemoQuestion:
    """A question to ask from a day on."""

    who: str
    text: str
    on: str


@dataclass(frozen=True, slots=True)
class DemoTie:
    """`one` is `other`'s `word`."""

    one: str
    other: str
    word: str


# One note, one line: the formatter would make four of each.
# fmt: off
TODAY = date(2026, 3, 14)

OWNER_NAME = "Robin Hale"
OWNER_LIVES = "Bristol"
OWNER_INTO = (
    "pottery", "sourdough", "bouldering", "birding", "board games", "film photography",
    "fountain pens", "allotment gardening", "trail running", "Studio Ghibli films", "mending",
)

PEOPLE = (
    DemoPerson(
        name="Tom Becker",
        on="2023-09-16",
        place="the bread workshop",
        met="My starter had died. He scooped half of his into a jam jar for me.",
        lives="Bristol",
        into=("brass bands -- handed a euphonium at seven", "canal boats"),
        both=(
            "sourdough -- his grandmother’s rye, older than he is",
            "pottery -- he wanted one bowl, and stayed",
            "board games",
        ),
        differ=("audiobooks count as reading",),
        groups=("pottery class", "game night"),
        birthday="1984-03-19",
        circle="close",
    ),
    DemoPerson(
        name="Siobhán O'Neill",
        on="2016-10-08",
        place="a second-hand bookshop in Cardiff",
        met="We reached for the same book about moths. She let me have it, and then borrowed it for three years.",
        lives="Cardiff",
        into=("moths", "novel writing -- she began on the backs of seed packets", "cold-water swimming"),
        both=("birding -- a kingfisher over the canal when she was nine", "allotment gardening"),
        differ=("coriander",),
        nicknames=("Shiv",),
        birthday="1981-11-03",
        circle="inner",
        emails=("siobhan@example.org",),
    ),
    DemoPerson(
        name="Ana Ruiz",
        on="2022-05-17",
        place="the climbing hall",
        met="I was stuck halfway up, and a voice below said: left foot, and then breathe. It was right on both counts.",
        lives="Bristol",
        into=("tango -- a neighbour needed a partner for one evening", "chess"),
        both=("bouldering -- a bet with her brother, which he still hasn’t paid", "trail running"),
        differ=("alarm clocks",),
        groups=("Tuesday climbers",),
        birthday="1990-06-27",
        circle="close",
    ),
    DemoPerson(
        name="Ana Lindqvist",
        on="2024-10-05",
        place="pottery class",
        met="She sat down at the wheel next to mine, took her shoes off, and made a bowl without saying a word.",
        lives="Bath",
        into=("indigo dyeing", "cold-water swimming -- there was a lake, and no bathroom"),
        both=("pottery -- a school wheel nobody used", "fountain pens"),
        differ=("salt liquorice",),
        groups=("pottery class",),
        birthday="1988-02-29",
        through="Tom Becker",
        circle="friend",
    ),
    DemoPerson(
        name="Joana Teixeira",
        on="2018-08-02",
        place="the night train to Lisbon",
        met="Neither of us could sleep. She had a bag of cherries, and we spat the stones out of the window until dawn.",
        lives="Coimbra",
        into=("fado -- her grandfather sang behind the market", "night trains", "letter-writing"),
        both=("pottery -- tiles, with her godmother",),
        differ=("long voice messages",),
        birthday="1986-12-09",
        circle="close",
        emails=("joana.t@example.org",),
    ),
    DemoPerson(
        name="Kwame Mensah",
        on="2021-04-17",
        place="the allotment",
        met="I asked where one could buy twine. He gave me his, then a cup of tea, then eleven courgette plants.",
        lives="Bristol",
        into=("highlife records -- his mother’s box of 45s from Kumasi", "bicycle repair"),
        both=("allotment gardening -- the plot next door stood empty, and he felt sorry for it", "board games"),
        differ=("e-bikes",),
        groups=("allotment", "game night"),
        birthday="--05-21",
        circle="friend",
    ),
    DemoPerson(
        name="Gwen Pritchard",
        on="2021-06-12",
        place="the allotment",
        met="She looked at my beans for a long time and said: well, they are trying. I have loved her ever since.",
        lives="Bristol",
        into=("beekeeping -- a swarm took her porch in 1976", "crossword setting", "letter-writing"),
        both=("allotment gardening", "fountain pens -- green ink, ever since a teacher forbade it"),
        differ=("no-dig gardening",),
        groups=("allotment",),
        birthday="1947-10-18",
        through="Kwame Mensah",
        circle="friend",
    ),
    DemoPerson(
        name="Marek Zieliński",
        on="2023-04-29",
        place="a bird hide at Slimbridge",
        met="We sat side by side for two hours without a word. When the crane came, he passed me his telescope.",
        lives="Stroud",
        into=("mushroom foraging -- his grandfather’s secret wood", "chess", "stargazing"),
        both=("birding -- storks on his grandparents’ chimney", "board games"),
        differ=("birdsong apps",),
        groups=("game night",),
        birthday="1975-07-15",
        circle="friend",
    ),
    DemoPerson(
        name="Zoë Marchetti",
        on="2024-06-22",
        place="Siobhán’s kitchen",
        met="She was under the table, photographing the cat at its own height. She asked me to be quiet, as one asks a friend.",
        lives="Bristol",
        into=("stop-motion animation -- plasticine, and one long flu", "roller skating"),
        both=("film photography -- her uncle’s camera, with a film in it from 1997", "Studio Ghibli films"),
        differ=("hotel breakfasts",),
        birthday="--03-17",
        through="Siobhán O'Neill",
        circle="friend",
    ),
    DemoPerson(
        name="Kenji Watanabe",
        on="2022-11-12",
        place="a pen fair in Manchester",
        met="I spilled violet ink on his sleeve. He looked at it against the light and asked me for the name of it.",
        lives="Manchester",
        into=("chess -- one long game by post with his sister", "night trains"),
        both=("fountain pens -- the one from his first day at school still writes", "film photography"),
        differ=("reading the last page first",),
        birthday="1979-08-12",
        circle="friend",
        emails=("kenji@example.org",),
    ),
    DemoPerson(
        name="Priya Raman",
        on="2024-03-03",
        place="the Sunday run",
        met="We were last, by a good way, and agreed that someone has to look at the view.",
        lives="Bristol",
        into=("Carnatic singing -- an aunt taught all the cousins on one sofa", "stargazing"),
        both=("trail running -- a missed bus, and she found that she liked it", "sourdough"),
        differ=("raisins in cake",),
        groups=("Sunday runners",),
        birthday="1992-09-30",
        circle="friend",
    ),
    DemoPerson(
        name="Leyla Demir",
        on="2024-11-19",
        place="the climbing hall",
        met="She told me that she was afraid of heights, chalked her hands, and went up.",
        lives="Bristol",
        into=("backgammon -- her aunt never once let her win", "kite making"),
        both=("bouldering -- afraid of heights, which is why", "Studio Ghibli films"),
        differ=("coriander",),
        groups=("Tuesday climbers",),
        birthday="1995-01-24",
        through="Ana Ruiz",
        circle="wide",
    ),
)

NOTES = (
    DemoNote('2025-03-04: climbing with Ana Ruiz; she fell off the same blue slab six times, and laughed each time #bouldering', "visit"),
    DemoNote('2025-03-09: first potatoes in with Kwame; he has pencilled a name on every one #"allotment gardening"', "visit"),
    DemoNote('2025-03-15: at the wheel beside Ana Lindqvist, who centres with her eyes shut: ‘the clay knows the middle’ #pottery', "visit"),
    DemoNote('2025-03-20: game night with Tom and Kwame; Tom staked it all on a lighthouse and won by two points, humming #"board games"', "visit"),
    DemoNote('2025-03-30: Joana sang me a verse down a bad line, and each time the picture froze it got sadder #fado', "video"),
    DemoNote('2025-04-08: climbing with Ana Ruiz and Leyla; over tea Leyla drew us her aunt’s backgammon board #bouldering #backgammon', "visit"),
    DemoNote('2025-04-12: Gwen let me hold a frame from the hive. ‘Breathe through your nose, they like that’ #beekeeping', "visit"),
    DemoNote('2025-04-19: Siobhán has begun a novel: forty pages, and I may not ask what it is about #"novel writing"', "call"),
    DemoNote('2025-04-26: sunrise at Slimbridge with Marek: two cranes bowing to each other, and he took off his cap #birding', "visit"),
    DemoNote('2025-04-29: from Kenji, in ink like wet slate: the game with his sister has reached move 31 #"fountain pens" #chess', "letter"),
    DemoNote('2025-05-03: round the harbour with Zoë and two cameras; she kept her last frame for a dog in a hat #"film photography"', "visit"),
    DemoNote('2025-05-11: long run with Priya, mostly talk; she wants a real race, just once #"trail running" ?which race will it be', "visit"),
    DemoNote('2025-05-17: Tom came by with a rye in a tea towel, still crackling: ‘listen, it’s talking’ #sourdough', "visit"),
    DemoNote('2025-05-24: ran in Leigh Woods with Ana Ruiz; she dances to rest her arms, she says #"trail running" #tango', "visit"),
    DemoNote('2025-05-31: Kwame and Gwen at the gate, arguing: Gwen digs, Kwame doesn’t, both have slugs #"no-dig gardening"', "visit"),
    DemoNote('2025-06-07: Kenji came down by the slowest train there is, and read me its timetable like a poem #"night trains"', "visit"),
    DemoNote('2025-06-14: kiln opening with Ana Lindqvist: her bowl had cracked, so we both drank out of mine #pottery', "visit"),
    DemoNote('2025-06-17: a card with a sardine on it: Joana has a stage name now, and won’t tell me what it is #fado', "letter"),
    DemoNote('2025-06-21: a lamp and a bed sheet with Siobhán in Cardiff, until two; an elephant hawk-moth on my sleeve #moths', "visit"),
    DemoNote('2025-06-28: Leyla and Zoë in the yard, watching Totoro; both cried at the corn, neither admits it #"Studio Ghibli films"', "visit"),
    DemoNote('2025-07-05: Marek showed me a wood where he finds nothing, so that I’d never look in the other one #"mushroom foraging"', "visit"),
    DemoNote('2025-07-10: game night with Kwame and Marek; Marek was silent for an hour, and then he had the map #"board games"', "visit"),
    DemoNote('2025-07-15: word from Ana Ruiz in the mountains: thunder, no signal, the best ridge of her life #"trail running"', "message"),
    DemoNote('2025-07-19: a swarm in the plum tree; Gwen spoke to it as to a bus queue, and it boarded #beekeeping ?did the swarm stay', "visit"),
    DemoNote('2025-07-26: on the hill with Priya, a telescope and a flask; we found the rings of Saturn and lost the flask #stargazing', "visit"),
    DemoNote('2025-08-09: Zoë’s plasticine heron: two weeks of work, and it walks for four seconds #"stop-motion animation"', "visit"),
    DemoNote('2025-08-12: rang Kenji on his birthday; he had begun my present at the end, and likes it #"reading the last page first"', "call"),
    DemoNote('2025-08-16: Kwame trued my wheel and told me why e-bikes are cheating; I bought him a pasty #e-bikes #"bicycle repair"', "visit"),
    DemoNote('2025-08-23: three days with Joana in Coimbra: figs, a tavern with nine chairs, and she sang the last song #fado', "visit"),
    DemoNote('2025-08-30: in the river at seven with Ana Lindqvist; I lasted four minutes, and she lent me her hat #"cold-water swimming"', "visit"),
    DemoNote('2025-09-06: a day on the water with Tom: nine locks, plums, and his euphonium at dusk #"canal boats" #"brass bands"', "visit"),
    DemoNote('2025-09-13: Leyla got to the top and looked down, on purpose; the photo is of her own knees #bouldering', "visit"),
    DemoNote('2025-09-20: Shiv rang at midnight: the first draft is done, 312 pages, ‘and two of them are good’ #"novel writing"', "call"),
    DemoNote('2025-09-27: slow walk with Marek; the stairs are too much for his father, and nobody wants to say the word home', "visit"),
    DemoNote('2025-09-30: Priya sent eight seconds of her starter bubbling, and the words ‘she lives’ #sourdough', "message"),
    DemoNote('2025-10-05: soup with Siobhán and Gwen; Gwen explained clue fourteen to us, twice, kindly #"crossword setting"', "visit"),
    DemoNote('2025-10-11: Ana Lindqvist’s vat smells of hay and pond; the cloth comes out green, then thinks better of it #"indigo dyeing"', "visit"),
    DemoNote('2025-10-14: climbing with Ana Ruiz and Leyla; Leyla’s kite has a tail of old chalk bags #bouldering #"kite making"', "visit"),
    DemoNote('2025-10-21: a thank-you for the cake, from three streets away; Gwen: ‘it is slower, so it means it’ #letter-writing', "letter"),
    DemoNote('2025-10-25: put up the shed with Kwame; it leans, but with conviction #"allotment gardening" ?did the shed stand the storm', "visit"),
    DemoNote('2025-11-01: sat Kenji and Marek down at one board, and they forgot me for two hours #chess', "visit"),
    DemoNote('2025-11-03: birthday call with Siobhán; I owned up to what was in the soup, and she is thinking us over #coriander', "call"),
    DemoNote('2025-11-13: game night with Kwame and Marek; the score is on a seed packet, so no one can check it #"board games"', "visit"),
    DemoNote('2025-11-16: mud to the knee with Priya, and she has put her name down: 29 March, thirteen miles #"trail running"', "visit"),
    DemoNote('2025-11-22: in the dark with Zoë: four prints, and one argument about grain; she is right #"film photography"', "visit"),
    DemoNote('2025-11-29: Joana, clay to the elbows: she fires tiles in a bread oven now #pottery ?did the tiles come out whole', "video"),
    DemoNote('2025-12-06: winter sale with Tom and Ana Lindqvist; Tom sold one mug, to me #pottery', "visit"),
    DemoNote('2025-12-09: two lines to Joana for her birthday; eleven minutes came back, and I drew as I listened #"long voice messages"', "message"),
    DemoNote('2025-12-14: Marek’s father gets a room in February; the window is good, so we have bought him a feeder #birding', "visit"),
    DemoNote('2025-12-20: cider on the camping stove with Kwame and Gwen; an ear to the hive, and it hums like a choir #beekeeping', "visit"),
    DemoNote('2025-12-28: Leyla beat me nine times, and apologised for two of them #backgammon', "visit"),
    DemoNote('2026-01-03: cliff walk with Siobhán: three choughs, sideways rain, and one reader has the draft #birding #"novel writing"', "visit"),
    DemoNote('2026-01-10: Kenji apologises for the ink, a brown that he calls regret #"fountain pens" ?which colour comes after regret', "letter"),
    DemoNote('2026-01-15: supper at Tom’s: the oven died with two loaves in it, and we ate them anyway #sourdough ?has the new oven come', "visit"),
    DemoNote('2026-01-18: eleven miles along the river with Priya; she sang the last of them #"trail running" #"Carnatic singing"', "visit"),
    DemoNote('2026-01-24: Leyla’s birthday; Ana Ruiz set two alarm clocks by the oven, and the cake burned politely #"alarm clocks"', "visit"),
    DemoNote('2026-01-31: starlings at Ham Wall with Marek and Zoë: he counted, she filmed, I just stood there #birding', "visit"),
    DemoNote('2026-02-07: I’m in one of Gwen’s clues, ‘partly underground’ #"crossword setting" ?what was the answer to my clue', "visit"),
    DemoNote('2026-02-08: Marek, from the car park: they’ve moved him in; he asked for the board first, so they played #chess', "call"),
    DemoNote('2026-02-14: Ana Lindqvist gave me back the pen I had lent her: ‘better travelled now’ #"fountain pens"', "visit"),
    DemoNote('2026-02-19: cards with Tom; his solo in March is eight bars, ‘five of them rests’ #"board games" #"brass bands"', "visit"),
    DemoNote('2026-02-21: Siobhán can’t write while her reader reads, so she has sown forty leeks #"allotment gardening"', "call"),
    DemoNote('2026-02-24: climbing with Ana Ruiz; a year on, she got up the blue slab, and kissed it #bouldering', "visit"),
    DemoNote('2026-02-28: Ana Lindqvist is nine and a half today, by her count; I ate the black cake, out of love #"salt liquorice"', "visit"),
    DemoNote('2026-03-03: Joana will sing at the festival in April, under the secret name, and her mother is coming #fado', "video"),
    DemoNote('2026-03-05: Kwame brought the 45s round; we danced while the potatoes sprouted on the sill #"highlife records"', "visit"),
    DemoNote('2026-03-08: easy miles with Priya; three weeks to go, and she has stopped saying ‘if’ #"trail running"', "visit"),
    DemoNote('2026-03-10: Leyla’s new kite is as long as a door; three have failed, ‘so this one knows how not to’ #"kite making"', "visit"),
)

QUESTIONS = (
    DemoQuestion("Marek Zieliński", "how is your father settling in", "2026-03-08"),
    DemoQuestion("Siobhán O'Neill", "what did your first reader say", "2026-03-11"),
    DemoQuestion("Tom Becker", "how did the eight bars go", "2026-03-22"),
    DemoQuestion("Priya Raman", "how was the half marathon, and did you sing", "2026-03-29"),
    DemoQuestion("Joana Teixeira", "what is the secret name", "2026-04-19"),
)

TIES = (
    DemoTie("Kwame Mensah", "Tom Becker", "next-door neighbour"),
    DemoTie("Zoë Marchetti", "Siobhán O'Neill", "cousin"),
    DemoTie("Leyla Demir", "Ana Ruiz", "flatmate"),
    DemoTie("Gwen Pritchard", "Kwame Mensah", "neighbour at the allotment"),
)

ANSWERS = (
    ("Priya Raman", "race", "a half marathon along the river, on 29 March"),
    ("Gwen Pritchard", "swarm", "they stayed, and there were four jars of plum-tree honey"),
    ("Kwame Mensah", "shed", "it stood; it leans the other way now"),
)

# fmt: on


app = new_app()

STEPS = (
    (
        "You met someone. kin remembers what they are into, not what they do for a living.",
        (
            "add",
            "Maya Okafor",
            "--both",
            "pottery",
            "--differ",
            "pineapple on pizza",
            "--met",
            "at the open kiln, laughing at my bowl",
            "--on",
            "yesterday",
        ),
    ),
    (
        "One line of prose is enough: names, #interests, ?questions to ask next time.",
        (
            "note",
            "yesterday: coffee with Maya and Tom at Blue Door about #sourdough ?did the kiln survive",
        ),
    ),
    ("Before you see Tom again, ten seconds:", ("recall", "tom")),
    ("Who shares an interest of yours:", ("interests", "pottery")),
    ("And what is on this week:", ("today",)),
)


class DemoStep(NamedTuple):
    """One step of the demo: the command line, and what it printed as JSON."""

    command: str
    result: Any


class DemoResult(NamedTuple):
    """All steps; `book` is the path of the book where --keep was given."""

    now: str
    book: str | None
    steps: tuple[DemoStep, ...]


@app.command(cls=Command)
def demo(
    ctx: typer.Context,
    shell: Annotated[
        bool, typer.Option("--shell", help="Then open a shell where kin uses the demo book.")
    ] = False,
    keep: Annotated[
        Path | None,
        typer.Option("--keep", metavar="PATH", help="Save the demo book at PATH, to play with."),
    ] = None,
) -> None:
    """Try kin on a throwaway book of a dozen people. Your own book is not touched.

    kin demo
    kin demo --shell
    """
    call: Call = ctx.obj
    from kin.book import session as book_session

    if keep is not None and os.path.lexists(keep):
        raise UsageError(f"{keep} already exists.", "Name another file. Nothing was written.")
    with tempfile.TemporaryDirectory(prefix="kin-demo-") as folder:
        path = keep or Path(folder) / "demo.db"
        with book_session.open_for_writing(path, TODAY) as session:
            fill_demo_book(session)
        environment = _make_environment(call.environment, path)
        if call.as_json:
            steps = tuple(_run_step_as_json(arguments, environment) for _, arguments in STEPS)
            console.print_result(
                call,
                DemoResult(TODAY.isoformat(), str(keep) if keep else None, steps),
                (),
            )
            return
        for caption, arguments in STEPS:
            _run_step(call, caption, arguments, environment)
        _print_next_steps(call, keep, environment)
        if shell:
            _open_shell(call, environment)


def fill_demo_book(session: "Session") -> None:
    """Fill an empty book with the people and notes of the demo."""

    from kin.notes import service as notes_service
    from kin.notes.parser import NoteOptions
    from kin.people import service as people_service
    from kin.people.service import CardChanges, CardRemovals

    now = datetime.combine(TODAY, time(18))
    owner = CardChanges(name=OWNER_NAME, lives=OWNER_LIVES, into=OWNER_INTO)
    people_service.edit_owner(session, owner, CardRemovals(), now=now)
    for each in PEOPLE:
        notes_service.add_person_with_notes(
            session, _make_card_changes(each), each.both, (), (), now=now
        )
    for note in NOTES:
        notes_service.add_note(session, note.text, NoteOptions(by=note.by or None), now=now)
    for question in QUESTIONS:
        notes_service.ask_question(session, question.who, question.text, question.on, now=now)
    for tie in TIES:
        people_service.add_tie(session, tie.one, tie.other, tie.word)
    for who, word, answer in ANSWERS:
        notes_service.answer_question(session, who, word, answer, now=now)


def _make_card_changes(each: DemoPerson) -> "CardChanges":
    from kin.people.service import CardChanges

    return CardChanges(
        name=each.name,
        nicknames=each.nicknames,
        into=(*each.into, *each.both),
        differ=each.differ,
        met=each.met,
        on=each.on,
        place=each.place or None,
        through=each.through or None,
        lives=each.lives or None,
        circle=each.circle or None,
        groups=each.groups,
        birthday=each.birthday or None,
        emails=each.emails,
    )


def _make_environment(environment: Mapping[str, str], path: Path) -> dict[str, str]:
    overrides = {
        "KIN_DB": str(path),
        "KIN_NOW": TODAY.isoformat(),
        "KIN_CONFIG": os.devnull,
    }
    return {**environment, **overrides}


def _run_step(
    call: "Call", caption: str, arguments: tuple[str, ...], environment: dict[str, str]
) -> None:
    from kin.cli.app import run

    console.print_result(
        call,
        None,
        (
            make_line(Span(caption, "dim")),
            make_line(Span(f"$ kin {shlex.join(arguments)}", "title")),
        ),
    )
    run([*arguments, *(["--plain"] if call.plain else [])], environment, show_hints=False)
    console.print_result(call, None, (make_line(),))


def _run_step_as_json(arguments: tuple[str, ...], environment: dict[str, str]) -> DemoStep:
    import json

    from kin.cli.app import run

    with redirect_stdout(StringIO()) as output:
        run([*arguments, "--json"], environment)
    return DemoStep(f"kin {shlex.join(arguments)}", json.loads(output.getvalue()))


def _print_next_steps(call: "Call", keep: Path | None, environment: dict[str, str]) -> None:
    if keep:
        command = format_command(f"KIN_NOW={TODAY} kin", options=("--db", str(keep), "people"))
        console.print_result(
            call, None, (make_line(f"The demo book is at {keep}. Try: {command}"),)
        )
        return
    console.print_result(
        call,
        None,
        (
            make_line(Span("That was a throwaway book; yours is untouched.", "title")),
            make_line("Start yours:         kin add NAME   and   kin me --into SOMETHING"),
            make_line("Play with this one:  kin demo --shell   or   kin demo --keep demo.db"),
        ),
    )


def _open_shell(call: "Call", environment: dict[str, str]) -> None:
    if not console.can_ask(call):
        console.print_hint(
            call,
            "--shell needs a terminal. To save the demo book instead:",
            "kin demo --keep PATH",
        )
        return
    console.print_hint(
        call,
        "In this shell, kin uses the demo book. Leave it with exit. Try:",
        "kin",
        "kin people",
        "kin recall siobhan",
    )
    subprocess.run([environment.get("SHELL", "/bin/sh")], env=environment, check=False)  # noqa: S603
