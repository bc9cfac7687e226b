"""Any other table: in any language, parted by any sign, with a header or without."""

from dataclasses import fields
from typing import Any

import pytest

from kin.errors import UsageError
from kin.formats.card import Loved, Way
from kin.formats.incoming import Bond, Incoming
from kin.formats.table.headers import normalize_header, read_header_words
from kin.formats.table.table import read, recognise
from tests.formats.test_table import brought, one, remarks


def said(person: Incoming) -> dict[str, Any]:
    """Return what is said of somebody, but for the place in the file."""
    every = {field.name: getattr(person, field.name) for field in fields(person)}
    return {name: value for name, value in every.items() if value and name != "source"}


PEOPLE = {
    "Name,Email,Phone,Birthday,City,Notes": "English",
    "Full Name,E-mail address,Mobile,Date of birth,Lives in,Comments": "English, other words",
    "Vollständiger Name,E-Mail-Adresse,Telefonnummer,Geburtsdatum,Wohnort,Bemerkungen": "German",
    "Nom complet,Courriel,Téléphone,Date de naissance,Ville,Remarques": "French",
    "Nombre completo,Correo electrónico,Teléfono,Fecha nacimiento,Ciudad,Notas": "Spanish",
    "Nome completo,Indirizzo e-mail,Telefono,Data di nascita,Città,Note": "Italian",
    "Nome,Endereço de e-mail,Telemóvel,Data de nascimento,Cidade,Observações": "Portuguese",
    "Naam,E-mailadres,Telefoonnummer,Geboortedatum,Woonplaats,Opmerkingen": "Dutch",
    "Nama penuh,E-mel,No. Tel,Tarikh lahir,Bandar,Catatan": "Malay",
    "Nama lengkap,Surel,No HP,Tanggal lahir,Kota,Keterangan": "Indonesian",
    "Imię i nazwisko,Adres e-mail,Numer telefonu,Data urodzenia,Miasto,Uwagi": "Polish",
    "Namn,E-postadress,Mobilnummer,Födelsedag,Stad,Anteckningar": "Swedish",
    "Navn,E-post,Telefon,Fødselsdag,By,Notater": "Norwegian",
    "Nimi,Sähköposti,Puhelin,Syntymäpäivä,Kaupunki,Muistiinpanot": "Finnish",
    "Имя,Почта,Телефон,День рождения,Город,Комментарий": "Russian",
    "氏名,メールアドレス,電話番号,生年月日,住所,備考": "Japanese",
}


@pytest.mark.parametrize("header", PEOPLE, ids=PEOPLE.values())
def test_headers_in_the_words_of_many_languages(header: str) -> None:
    found = brought(header + "\nJo Doe,jo@x.example,012-345 678,1990-04-12,Lagos,tall\n")
    (person,) = found.people
    assert (person.name, person.birthday, person.lives) == ("Jo Doe", "1990-04-12", "Lagos")
    assert [(way.kind, way.value) for way in person.contacts] == [
        ("email", "jo@x.example"),
        ("phone", "012-345 678"),
    ]
    assert person.note == "tall"
    assert found.remarks == ()


@pytest.mark.parametrize(
    "header",
    [
        *("First name,Last name", "first_name,last_name", "FirstName,Surname", "Vorname,Nachname"),
        *("Vorname,Name", "Prénom,Nom", "Nombre,Apellidos", "Nome,Cognome", "Nome,Apelido"),
        *("Nome,Sobrenome", "Voornaam,Achternaam", "Voornaam,Naam", "Imię,Nazwisko"),
        *("Förnamn,Efternamn", "Nama depan,Nama belakang", "Jméno,Příjmení", "Ad,Soyad"),
    ],
)
def test_first_and_last_names_are_joined_even_where_one_word_means_both(header: str) -> None:
    assert one(f"{header},Email\nAna,Ruiz,a@x.example\n").name == "Ana Ruiz"


def test_a_whole_name_stays_whole_beside_its_first() -> None:
    assert one("Name,First name\nAna Ruiz,Ana\n").name == "Ana Ruiz"


def test_names_in_han_begin_with_the_family() -> None:
    assert one("姓,名\n山田,太郎\n").name == "山田太郎"


def test_a_word_that_portuguese_uses_for_two_things_is_told_by_its_neighbours() -> None:
    assert one("Nome,Sobrenome,Apelido\nJoão,Silva,Jão\n").nicknames == ("Jão",)
    spanish = one("Nombre,Aniversario\nAna,2001-05-06\n")
    assert spanish.days == (("anniversary", "2001-05-06"),)
    assert one("Nome,Aniversário\nAna,2001-05-06\n").birthday == "2001-05-06"


def test_what_people_write_of_friends_finds_its_field() -> None:
    text = (
        "Name;Nicknames;Into;Partner;Kinder;Groups;Where we met;How we know;Twitter;Telefon (privat)\n"
        'Jo;"Jojo, J";"chess, go";Kim;Ann und Bob;choir, family;PyCon;"school\nfriend";@jo;0171 / 0172\n'
    )
    assert said(one(text)) == {
        "name": "Jo",
        "nicknames": ("Jojo", "J"),
        "into": (Loved("chess"), Loved("go")),
        "bonds": (Bond("partner", "Kim"), Bond("child", "Ann"), Bond("child", "Bob")),
        "groups": ("choir", "family"),
        "met_at": "PyCon",
        "met_story": "school\nfriend",
        "contacts": (
            Way("link", "@jo", "twitter"),
            Way("phone", "0171", "home"),
            Way("phone", "0172", "home"),
        ),
    }


@pytest.mark.parametrize(
    ("header", "cell", "field"),
    [
        ("Hobbies & Interests", "go", {"into": (Loved("go"),)}),
        ("Spouse's name", "Kim", {"bonds": (Bond("spouse", "Kim"),)}),
        ("Names of children", "Ann, Bob", {"bonds": (Bond("child", "Ann"), Bond("child", "Bob"))}),
        ("Personal notes", "tall", {"note": "tall"}),
        ("Work phone no. 2", "123", {"contacts": (Way("phone", "123", "work"),)}),
        ("How did we meet?", "by bike", {"met_story": "by bike"}),
        ("Fax del trabajo", "123", {"contacts": (Way("phone", "123", "work fax"),)}),
        ("Ville (domicile)", "Lyon", {"lives": "Lyon"}),
        ("Favourite food", "figs", {"note": "Favourite food: figs"}),
    ],
)
def test_a_header_is_understood_in_many_shapes(
    header: str, cell: str, field: dict[str, object]
) -> None:
    assert said(one(f'Name;"{header}"\nJo;{cell}\n')) == {"name": "Jo", **field}


def test_a_column_of_last_and_first_is_a_name() -> None:
    assert one('Email,"Last, First"\na@x.example,"Doe, Jo"\n').name == "Doe, Jo"


def test_no_header_word_means_two_things() -> None:
    words = [word for _, group in read_header_words() for word in group]
    assert sorted(words) == sorted(set(words))
    assert [word for word in words if normalize_header(word) != word] == []


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_sign_between_cells_is_found(sign: str) -> None:
    text = "Name,Email,Notes\nJo,jo@x.example,tall\nAna,a@x.example,“;\t|”\n"
    text = text.translate({ord(","): sign, ord(sign): ","})
    jo, ana = brought(text).people
    assert jo.contacts == (Way("email", "jo@x.example"),)
    assert (ana.name, recognise(text.encode())) == ("Ana", "table")


@pytest.mark.parametrize("line", ["sep=;", "SEP=;", '"sep=;"', "\ufeffsep=;", "sep=;;;"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_a_line_of_excel_says_the_sign(line: str, end: str) -> None:
    text = end.join((line, "Name;Email;Notes", 'Jo;jo@x.example;"a; b"', ""))
    person = one(text)
    assert (person.name, person.note, person.source) == ("Jo", "a; b", "p.csv:3")


def test_a_sign_that_nobody_else_uses_is_said_by_that_line() -> None:
    assert one("sep=^\nName^Email\nJo^jo@x.example\n").contacts == (Way("email", "jo@x.example"),)


def names(text: str) -> list[str]:
    return [person.name for person in brought(text).people]


def test_one_column_of_names() -> None:
    assert names("name\nJo Doe\nSam\n") == ["Jo Doe", "Sam"]
    assert names("name\nDoe, Jo\nSmith, Ana\n") == ["Doe, Jo", "Smith, Ana"]
    assert names('Nama\n"Doe, Jo"\n') == ["Doe, Jo"]


def test_one_column_without_a_header_is_taken_for_names_and_says_so() -> None:
    found = brought("jo\nSam Lee\n\nMaría\n")
    assert [person.name for person in found.people] == ["jo", "Sam Lee", "María"]
    assert [person.source for person in found.people] == ["p.csv:1", "p.csv:2", "p.csv:4"]
    assert remarks(found) == [
        "p.csv There is no header.",
        "p.csv “column 1” was taken for the name by what stands in it; if it is not, say --map COLUMN=name.",
    ]
    assert names("Doe, Jo\nSmith, Ana\n") == ["Doe, Jo", "Smith, Ana"]


def test_without_a_header_the_cells_tell_names_addresses_and_numbers() -> None:
    text = "12;Jo Doe;jo@x.example;+49 171 555123;x\n13;Sam;sam@x.example;0171 222111;y\n"
    found = brought(text)
    assert found.mapping == (("column 2", "name"), ("column 3", "email"), ("column 4", "phone"))
    assert said(found.people[0]) == {
        "name": "Jo Doe",
        "contacts": (Way("email", "jo@x.example"), Way("phone", "+49 171 555123")),
    }
    assert remarks(found)[2] == (
        "p.csv Not kept: column 1, column 5. kin has no field of such a name; "
        'say --map "column 1=note" to keep it.'
    )
    assert recognise(text.encode()) == "table"


def test_a_header_in_unknown_words_is_told_by_the_cells_below_it() -> None:
    found = brought("Nimiz,Zost\nJo Doe,jo@x.example\n")
    assert found.mapping == (("Nimiz", "name"), ("Zost", "email"))
    assert said(found.people[0])["name"] == "Jo Doe"
    assert "“Nimiz” was taken for the name" in remarks(found)[0]


def test_a_table_in_which_nothing_is_a_name_is_refused_with_its_columns() -> None:
    with pytest.raises(UsageError) as refused:
        brought("Email,Foo\na@x.example,1\n")
    assert refused.value.message == "No column of this table is a name."
    assert refused.value.hint == "Say which: --map COLUMN=name"
    assert refused.value.candidates == ("Email", "Foo")


def test_a_nickname_is_a_name_where_there_is_no_other() -> None:
    person = one("First name,Nickname\n,Mo\n")
    assert (person.name, person.nicknames) == ("Mo", ())


def test_words_before_the_header_are_told() -> None:
    found = brought("My friends\nas of 2024\n\nName,Email\nJo,jo@x.example\n")
    assert [person.source for person in found.people] == ["p.csv:5"]
    assert remarks(found) == ["p.csv What stands before the header in line 4 was not read."]


def test_columns_with_one_name_are_both_read() -> None:
    person = one("Name,Name,Phone,Phone,Notes,Notes,City,City\nJo,J,11,22,a,b,Cork,Cork\n")
    assert (person.name, person.note, person.lives) == ("Jo", "a\n\nb\n\nName: J", "Cork")
    assert [way.value for way in person.contacts] == ["11", "22"]


def test_what_is_in_the_wrong_column_is_kept_as_text() -> None:
    person = one(f"Name,Email,Phone,City,Hobby\nJo,none yet,ask Kim,{'x' * 201},-\n")
    assert not person.contacts
    assert not person.into
    assert person.note == f"Address: {'x' * 201}\nEmail: none yet\nPhone: ask Kim\nHobby: -"


def test_a_cell_longer_than_the_csv_module_takes_is_read() -> None:
    note = "x, " * 100_000 + "end"
    assert one(f'Name,Notes\nJo,"{note}"\n').note == note


class TestMap:
    """`--map COLUMN=FIELD`: whoever brings the file has the last word."""

    TEXT = "Wer,Woher,Firma,Name\nJo Doe,school,Acme,J.\n"

    def test_it_names_the_field_of_a_column_in_any_case(self) -> None:
        found = read(self.TEXT.encode(), "p.csv", mapping={"wer": "NAME", "WOHER": "Met-Story"})
        assert found.mapping == (("Wer", "name"), ("Woher", "met story"), ("Name", "name"))
        (person,) = found.people
        assert (person.name, person.met_story, person.note) == ("Jo Doe", "school", "Name: J.")

    def test_it_can_keep_what_kin_would_not(self) -> None:
        assert one(self.TEXT, mapping={"Firma": "note"}).note == "Acme"

    def test_a_header_that_only_it_knows_is_a_header(self) -> None:
        person = one("wer;wo\nA B;Cork\n", mapping={"wer": "name", "wo": "lives"})
        assert (person.name, person.lives) == ("A B", "Cork")

    def test_columns_without_a_header_go_by_their_number(self) -> None:
        found = brought("Jo Doe,Cork\nSam,Graz\n", mapping={"column 2": "lives"})
        assert [person.lives for person in found.people] == ["Cork", "Graz"]

    @pytest.mark.parametrize("field", ["title", "", "company"])
    def test_an_unknown_field_is_refused_with_those_there_are(self, field: str) -> None:
        with pytest.raises(UsageError) as refused:
            brought(self.TEXT, mapping={"Wer": field})
        assert "met story" in refused.value.hint
        assert refused.value.candidates

    def test_a_mistyped_field_or_column_is_answered_with_the_nearest(self) -> None:
        with pytest.raises(UsageError) as refused:
            brought(self.TEXT, mapping={"Wer": "nmae"})
        assert refused.value.candidates == ("name",)
        with pytest.raises(UsageError) as refused:
            brought(self.TEXT, mapping={"Whoer": "note"})
        assert refused.value.message == "There is no column “Whoer”."
        assert refused.value.hint == "Did you mean Woher or Wer?"

    def test_a_column_that_is_not_there_is_answered_with_those_that_are(self) -> None:
        with pytest.raises(UsageError) as refused:
            brought(self.TEXT, mapping={"Zzzz": "note"})
        assert refused.value.hint == "Its columns: Wer, Woher, Firma and Name."
        assert refused.value.candidates == ("Wer", "Woher", "Firma", "Name")
