"""The page is for reading: all of it shown, none of it obeyed, nothing fetched."""

from html.parser import HTMLParser

from hypothesis import given, strategies as st

from kin.formats.card import Loved, Way
from kin.formats.html import write
from kin.formats.incoming import Bond, Incoming, Told
from kin.language.text import visible

MAYA = Incoming(
    name="Maya Okafor",
    source="",
    key="maya",
    nicknames=("Mo",),
    contacts=(
        Way("email", "maya@example.org", "home"),
        Way("link", "https://maya.example/kiln?a=1&b=2"),
        Way("phone", "+234 1 234"),
    ),
    birthday="--03-12",
    days=(("wedding", "2019-06-12"),),
    lives="Lagos",
    note="Food: no nuts",
    into=(Loved("pottery", "her father had a kiln"), Loved("sourdough"), Loved("jazz")),
    collides=(Loved("pineapple on pizza"),),
    groups=("family", "book club"),
    bonds=(Bond("sister", "Ada", "ada"), Bond("partner", "Sam", "sam-who-is-not-here")),
    met_on="2016-05-01",
    met_precision="month",
    met_at="PyCon",
    met_story="We stood in the rain.\n\n  She laughed.",
    met_through="ada",
)
ADA = Incoming("Ada", "", key="ada")
TALKS = [
    Told("2025-01-02", "An old one with Ada", "", ("ada",)),
    Told(
        "2026-03-12",
        "Coffee, ?did the kiln survive",
        "",
        ("maya", "ada", "Tom"),
        place="Blue Door",
        by="visit",
        topics=("sourdough",),
        threads=("did the kiln survive", "the new flat"),
    ),
    Told("2024-06-01", "Alone", "", precision="month"),
]
TAGS = set(
    "html head meta title style body header h1 p nav a main section h2 dl dt dd bdi br ol li div "
    "span time".split()
)
VOID = {"meta", "br"}
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "href", "rel", "id", "dir"}
ATTRIBUTES |= {"class", "datetime"}


class Page(HTMLParser):
    """The page as a browser sees it; fails on a tag or attribute that kin does not write."""

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


def page(*people: Incoming, talks: list[Told] | None = None, title: str = "My people") -> Page:
    return Page(write(people, talks or [], title))


def test_everybody_stands_there_with_all_that_is_known() -> None:
    shown = page(MAYA, ADA, talks=TALKS).shown
    for words in (
        "2 people, 3 conversations",
        "alsoMo",
        "intosourdough, jazzpottery, her father had a kiln",
        "differs onpineapple on pizza",
        "metMay 2016, at PyCon, through Ada",
        "livesLagos",
        "groupsfamily and book club",
        "knowsAda (sister)Sam (partner)",
        "birthday12 March",
        "dayswedding: 12 June 2019",
        "reachmaya@example.org homehttps://maya.example/kiln?a=1&b=2+234 1 234",
        "We stood in the rain.\n\n  She laughed.",
        "Food: no nuts",
        "Thu 12 Mar 2026, with Ada and Tom, at Blue Door, by visit, #sourdough",
        "Coffee, ?did the kiln survive? the new flat",
    ):
        assert words in shown, words
    assert shown.count("? the new flat") == 2


def test_people_stand_by_name_and_talks_by_day_the_newest_first() -> None:
    shown = page(MAYA, ADA, talks=TALKS).shown
    section = shown[shown.rindex("\nAda") : shown.rindex("\nMaya Okafor")]
    assert section.index("Coffee") < section.index("An old one")


def test_a_talk_with_nobody_here_is_not_lost() -> None:
    shown = page(MAYA, talks=TALKS).shown
    last = shown[shown.index("With nobody on this page") :]
    assert "June 2024" in last and "Alone" in last and "with ada" in last


def test_links_lead_to_people_pages_and_mail_and_nowhere_else() -> None:
    links = page(MAYA, ADA, talks=TALKS).links
    outside = [link for link in links if not link.startswith("#p")]
    assert outside == ["mailto:maya@example.org", "https://maya.example/kiln?a=1&b=2"]


def test_a_link_that_could_do_harm_is_only_words() -> None:
    ways = (
        Way("link", "javascript:alert(1)"),
        Way("link", "data:text/html,<script>alert(1)</script>"),
        Way("link", "https://a.example/ onclick=alert(1)"),
        Way("link", "https://a.example/'onclick=alert(1)"),
        Way("email", "a@b.example?subject=<b>"),
        Way("email", "javascript:alert(1)//@b.example"),
    )
    shown = page(Incoming("Ada", "", contacts=ways))
    assert shown.links == ["#p1"]
    assert all(way.value in shown.shown for way in ways)


def test_the_page_fetches_nothing_and_runs_nothing() -> None:
    data = write([MAYA, ADA], TALKS, "My people").decode().lower()
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    assert f'http-equiv="content-security-policy" content="{policy}"' in data
    for sign in ("<script", "<img", "<link", "<iframe", "src=", "url(", "@import", "onload"):
        assert sign not in data


def test_what_turns_the_line_round_is_shown_as_its_number() -> None:
    shown = page(Incoming("Ada\u202eevil\x00\x1b\ud800", "", note="a\u2066b\nc")).shown
    assert r"Ada\u202eevil\x00\x1b\ud800" in shown
    assert "a\\u2066b\nc" in shown


def test_two_of_one_name_have_a_place_each() -> None:
    shown = page(Incoming("Ada", "", lives="Bath"), Incoming("Ada", "", lives="Rome"))
    assert shown.links == ["#p1", "#p2"]
    assert "Bath" in shown.shown and "Rome" in shown.shown


def test_an_empty_book_is_an_empty_page() -> None:
    assert "0 people, 0 conversations" in page().shown


SIGNS = ["<", ">", "&", '"', "'", "</style>", "<script>", "<!--", "-->", "]]>", "{", "}", "&lt;"]
SIGNS += ["\u202e", "\u2066", "\0", "javascript:", "https://", "a@b.c", " onclick=x", "\n", "<b"]
nasty = st.text() | st.lists(st.sampled_from(SIGNS)).map("".join)
ways = st.builds(Way, st.sampled_from(["email", "link", "phone"]), nasty, st.none() | nasty)
people = st.builds(
    Incoming,
    name=nasty,
    source=st.just(""),
    key=st.none() | nasty,
    nicknames=st.lists(nasty, max_size=2).map(tuple),
    contacts=st.lists(ways, max_size=2).map(tuple),
    days=st.lists(st.tuples(nasty, st.just("--02-29")), max_size=1).map(tuple),
    lives=nasty,
    note=nasty,
    into=st.lists(st.builds(Loved, nasty, nasty), max_size=1).map(tuple),
    groups=st.lists(nasty, max_size=2).map(tuple),
    bonds=st.lists(st.builds(Bond, nasty, nasty, nasty), max_size=1).map(tuple),
    met_at=nasty,
    met_story=nasty,
    met_through=nasty,
)
told = st.builds(
    Told,
    on=st.dates().map(str),
    text=nasty,
    source=st.just(""),
    people=st.lists(nasty, max_size=2).map(tuple),
    place=nasty,
    by=nasty,
    topics=st.lists(nasty, max_size=2).map(tuple),
    threads=st.lists(nasty, max_size=1).map(tuple),
)


@given(st.lists(people, max_size=2), st.lists(told, max_size=2), nasty)
def test_no_words_become_anything_else(
    people: list[Incoming], talks: list[Told], title: str
) -> None:
    shown = page(*people, talks=talks, title=title)
    assert visible(title, newlines=False) in shown.shown
    assert all(visible(each.text) in shown.shown for each in talks)
    for link in shown.links:
        assert link.lower().startswith(("#p", "mailto:", "https://", "http://"))
