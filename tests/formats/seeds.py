"""Small valid files of every kind that kin reads, from which damaged ones are made."""

import json

from kin.formats import kin_json
from kin.formats.markdown import write as markdown_write
from tests.formats.books import EXAMPLE_BOOK

_CARDS = r"""BEGIN:VCARD
VERSION:3.0
UID:urn:uuid:1
FN:Maya Okafor
N:Okafor;Maya;;;
NICKNAME:Mo,May
item1.EMAIL;type=INTERNET;type=HOME:maya@example.org
item1.X-ABLabel:_$!<Home>!$_
TEL;TYPE="CELL,VOICE":+49 170 1000001
BDAY;X-APPLE-OMIT-YEAR=1604:1604-03-12
X-ABDATE;type=pref:2019-06-12
ADR;TYPE=HOME:;;1 Kiln Lane;Lisbon;;1000;Portugal
NOTE:met at the kiln\, laughing\nand so on
CATEGORIES:book club,friends
ORG:Acme;Pots
X-ABRELATEDNAMES:Tom Becker
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQ
 EAYABgAAD
END:VCARD
BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=BCrgen;;;
TEL;CELL;PREF:0170 5550100
NOTE;ENCODING=QUOTED-PRINTABLE:one=0D=0A=
two
BDAY:19840312
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Zoë O’Brien
INTEREST;LEVEL=high:sourdough
HOBBY:sailing
RELATED;TYPE=friend:urn:uuid:1
BDAY:--0229
ANNIVERSARY:20190612
EMAIL:zoe@example.org
END:VCARD
"""

_GOOGLE = """First Name,Middle Name,Last Name,Nickname,Birthday,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value
Grace,,Hopper,Amazing Grace,1906-12-09,"two
lines, quoted",Navy ::: * myContacts,Home,grace@navy.example ::: g@navy.example,Mobile,+1 555 0199
Tom,,Becker,,,,,,,,
"""
_OUTLOOK = """"First Name","Last Name","E-mail Address","Mobile Phone","Birthday","Anniversary","Categories","Notes","Hobby"\r
"Jürgen","Müller","jm@example.com","+49 171 5550100","4/12/1990","0/0/00","Friends;Chess","Line one\r
line two","birding"\r
"""
_LINKEDIN = """Notes:
"When exporting your connection data, you may notice that some are missing."

First Name,Last Name,URL,Email Address,Company,Position,Connected On
Priya,Sharma,https://www.linkedin.com/in/priya,,Acme,CEO,12 Mar 2024
"""
_TABLE = "sep=;\nName;Spitzname;Hobbys;Geburtstag;Telefon\nAna Silva;Nana;fado, tea;12.3.1984;0170 123456\n"
_FRIENDS = """### Activities:
- 2018-11-01: **Grace Hopper** and **Marie C.** talked of ships at _Paris_. @science
a line that belongs to nothing
- 2018-31-31: an odd day with **Grace Hopper**.

### Notes:
- 2018-06-15: **Marie Curie** likes tea. @tea

### Friends:
- Grace Hopper (a.k.a. The Admiral a.k.a. Amazing Grace) [Paris] @navy @science and a remark
- Marie Curie [Atlantis] @science

### Locations:
- Atlantis
- Paris
"""
_CONTACT = {
    "uuid": "c1",
    "properties": {
        "first_name": "Jo",
        "last_name": "Doe",
        "nickname": "JJ",
        "is_starred": True,
        "food_preferences": "no nuts",
        "tags": ["choir"],
        "birthdate": {
            "uuid": "s1",
            "is_age_based": False,
            "is_year_unknown": True,
            "date": "2020-04-12T00:00:00Z",
        },
    },
    "data": [
        {
            "count": 1,
            "type": "note",
            "values": [
                {
                    "uuid": "n1",
                    "properties": {"body": "laughs a lot"},
                    "created_at": "2024-03-01T10:00:00Z",
                }
            ],
        },
        {
            "count": 1,
            "type": "call",
            "values": [
                {
                    "uuid": "k1",
                    "properties": {"called_at": "2024-03-01T00:00:00Z", "content": "rang"},
                }
            ],
        },
    ],
}
_MONICA = {
    "version": "1.0-preview.1",
    "app_version": "4.1.2",
    "export_date": "2024-04-01",
    "account": {
        "uuid": "a",
        "data": [{"count": 1, "type": "contact", "values": [_CONTACT]}],
        "properties": [],
        "instance": [],
    },
}

# The value of --from, and a file.
SEEDS: tuple[tuple[str, bytes], ...] = (
    ("vcard", _CARDS.encode()),
    ("vcard", _CARDS.replace("\n", "\r\n").encode()),
    ("csv", _GOOGLE.encode()),
    ("csv", _GOOGLE.encode("utf-16")),
    ("csv", _OUTLOOK.encode("cp1252")),
    ("csv", _LINKEDIN.encode()),
    ("csv", _TABLE.encode()),
    ("friends", _FRIENDS.encode()),
    ("monica", json.dumps(_MONICA, indent=1).encode()),
    *(
        ("markdown", page)
        for path, page in markdown_write.write_pages(EXAMPLE_BOOK)
        if "maya" in path and path.endswith(".md")
    ),
    ("kin", kin_json.write_book(EXAMPLE_BOOK, exported_on="2026-11-23")),
)
