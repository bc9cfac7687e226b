"""The HTML page: everything is shown, nothing is interpreted, and nothing is loaded."""

from html.parser import HTMLParser

from hypothesis import given, strategies as st

from kin.formats.editor_card import CardInterest, Contact
from kin.formats.html import write_page
from kin.formats.records import ImportedNote, ImportedPerson, ImportedTie
from kin.language.text import escape_control

MAYA = ImportedPerson(
    name="Maya Okafor",
    source="",
    key="maya",
    nicknames=("Mo",),
    contacts=(
        Contact("email", "maya@example.org", "home"),
        Contact("link", "https://maya.example/kiln?a=1&b=2"),
        Contact("phone", "+234 1 234"),
    ),
    birthday="--03-12",
    dates=(("wedding", "2019-06-12"),),
    lives="Lagos",
    note="Food: no nuts",
    into=(
        CardInterest("pottery", "her father had a kiln"),
        CardInterest("sourdough"),
        CardInterest("jazz"),
    ),
    differ=(CardInterest("pineapple on pizza"),),
    groups=("family", "book club"),
    ties=(
        ImportedTie("sister", "Ada", "ada"),
        ImportedTie("partner", "Sam", "sam-who-is-not-here"),
    ),
    met_on="2016-05-01",
    met_precision="month",
    met_at="PyCon",
    met_story="We stood in the rain.\n\n  She laughed.",
    met_through="ada",
)
ADA = ImportedPerson("Ada", "", key="ada")
NOTES = [
    ImportedNote("2025-01-02", "An old one with Ada", "", ("ada",)),
    ImportedNote(
        "2026-03-12",
        "Coffee, ?did the kiln survive",
        "",
        ("maya", "ada", "Tom"),
        place="Blue Door",
        by="visit",
        interests=("sourdough",),
        questions=("did the kiln survive", "the new flat"),
    ),
    ImportedNote("2024-06-01", "Alone", "", precision="month"),
]
TAGS = set(
    "html head meta title style body header h1 p nav a main section h2 dl dt dd bdi br ol li div "
    "span time".split()
)
VOID = {"meta", "br"}
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "href", "rel", "id", "dir"}
ATTRIBUTES |= {"class", "datetime"}


class Page(HTMLParser):
    """Parses a page as a browser does; fails on a tag or attribute that kin does not write."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.shown = ""
        self.links: list[str] = []
        self.open: list[str] = []
        self.feed(data.decode())
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        assert {name for name, _ in attrs} <= ATTRIBUTES, attrs
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.open += [] if tag in VOID else [tag]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.shown += "" if self.open[-1:] == ["style"] else data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


def page(
    *people: ImportedPerson, notes: list[ImportedNote] | None = None, title: str = "My people"
) -> Page:
    return Page(write_page(people, notes or [], title))


def test_the_page_shows_everyone_with_everything_that_is_known() -> None:
    shown = page(MAYA, ADA, notes=NOTES).shown
    for words in (
        "2 people, 3 notes",
        "also calledMo",
        "intosourdough, jazzpottery, her father had a kiln",
        "differs onpineapple on pizza",
        "metMay 2016, at PyCon, through Ada",
        "livesLagos",
        "groupsfamily and book club",
        "knowsAda (sister)Sam (partner)",
        "birthday12 March",
        "dateswedding: 12 June 2019",
        "contactmaya@example.org homehttps://maya.example/kiln?a=1&b=2+234 1 234",
        "We stood in the rain.\n\n  She laughed.",
        "Food: no nuts",
        "Thu 12 Mar 2026, with Ada and Tom, at Blue Door, by visit, #sourdough",
        "Coffee, ?did the kiln survive? the new flat",
    ):
        assert words in shown, words
    assert shown.count("? the new flat") == 2


def test_people_are_sorted_by_name_and_notes_by_day() -> None:
    shown = page(MAYA, ADA, notes=NOTES).shown
    section = shown[shown.rindex("\nAda") : shown.rindex("\nMaya Okafor")]
    assert section.index("Coffee") < section.index("An old one")


def test_a_note_with_no_one_on_the_page_is_not_lost() -> None:
    shown = page(MAYA, notes=NOTES).shown
    last = shown[shown.index("With no one on this page") :]
    assert "June 2024" in last and "Alone" in last and "with ada" in last


def test_links_lead_to_people_pages_and_mail_and_nowhere_else() -> None:
    links = page(MAYA, ADA, notes=NOTES).links
    outside = [link for link in links if not link.startswith("#p")]
    assert outside == ["mailto:maya@example.org", "https://maya.example/kiln?a=1&b=2"]


def test_a_link_that_could_do_harm_is_plain_text() -> None:
    contacts = (
        Contact("link", "javascript:alert(1)"),
        Contact("link", "data:text/html,<script>alert(1)</script>"),
        Contact("link", "https://a.example/ onclick=alert(1)"),
        Contact("link", "https://a.example/'onclick=alert(1)"),
        Contact("email", "a@b.example?subject=<b>"),
        Contact("email", "javascript:alert(1)//@b.example"),
    )
    shown = page(ImportedPerson("Ada", "", contacts=contacts))
    assert shown.links == ["#p1"]
    assert all(contact.value in shown.shown for contact in contacts)


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    data = write_page([MAYA, ADA], NOTES, "My people").decode().lower()
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    assert f'http-equiv="content-security-policy" content="{policy}"' in data
    for sign in ("<script", "<img", "<link", "<iframe", "src=", "url(", "@import", "onload"):
        assert sign not in data


def test_control_and_bidi_characters_are_shown_as_their_codes() -> None:
    shown = page(ImportedPerson("Ada\u202eevil\x00\x1b\ud800", "", note="a\u2066b\nc")).shown
    assert r"Ada\u202eevil\x00\x1b\ud800" in shown
    assert "a\\u2066b\nc" in shown


def test_two_people_with_the_same_name_have_a_section_each() -> None:
    shown = page(ImportedPerson("Ada", "", lives="Bath"), ImportedPerson("Ada", "", lives="Rome"))
    assert shown.links == ["#p1", "#p2"]
    assert "Bath" in shown.shown and "Rome" in shown.shown


def test_an_empty_book_is_an_empty_page() -> None:
    assert "0 people, 0 notes" in page().shown


SIGNS = ["<", ">", "&", '"', "'", "</style>", "<script>", "<!--", "-->", "]]>", "{", "}", "&lt;"]
SIGNS += ["\u202e", "\u2066", "\0", "javascript:", "https://", "a@b.c", " onclick=x", "\n", "<b"]
nasty = st.text() | st.lists(st.sampled_from(SIGNS)).map("".join)
contacts = st.builds(Contact, st.sampled_from(["email", "link", "phone"]), nasty, st.none() | nasty)
people = st.builds(
    ImportedPerson,
    name=nasty,
    source=st.just(""),
    key=st.none() | nasty,
    nicknames=st.lists(nasty, max_size=2).map(tuple),
    contacts=st.lists(contacts, max_size=2).map(tuple),
    dates=st.lists(st.tuples(nasty, st.just("--02-29")), max_size=1).map(tuple),
    lives=nasty,
    note=nasty,
    into=st.lists(st.builds(CardInterest, nasty, nasty), max_size=1).map(tuple),
    groups=st.lists(nasty, max_size=2).map(tuple),
    ties=st.lists(st.builds(ImportedTie, nasty, nasty, nasty), max_size=1).map(tuple),
    met_at=nasty,
    met_story=nasty,
    met_through=nasty,
)
notes_strategy = st.builds(
    ImportedNote,
    on=st.dates().map(str),
    text=nasty,
    source=st.just(""),
    people=st.lists(nasty, max_size=2).map(tuple),
    place=nasty,
    by=nasty,
    interests=st.lists(nasty, max_size=2).map(tuple),
    questions=st.lists(nasty, max_size=1).map(tuple),
)


@given(st.lists(people, max_size=2), st.lists(notes_strategy, max_size=2), nasty)
def test_any_text_is_shown_as_text(
    people: list[ImportedPerson], notes: list[ImportedNote], title: str
) -> None:
    shown = page(*people, notes=notes, title=title)
    assert escape_control(title, newlines=False) in shown.shown
    assert all(escape_control(each.text) in shown.shown for each in notes)
    for link in shown.links:
        assert link.lower().startswith(("#p", "mailto:", "https://", "http://"))
