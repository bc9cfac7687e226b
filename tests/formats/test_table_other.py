"""Other tables: in any language, with any delimiter, with a header or without."""

from dataclasses import fields
from typing import Any

import pytest

from kin.errors import UsageError
from kin.formats.editor_card import CardInterest, Contact
from kin.formats.records import ImportedPerson, ImportedTie
from kin.formats.table import detect_table_kind, read_table
from kin.formats.table.headers import normalize_header, read_header_words
from tests.formats.test_table import read, read_one, warnings


def get_filled_fields(person: ImportedPerson) -> dict[str, Any]:
    """Return the fields of a person that are filled, without the source."""
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
def test_headers_in_many_languages(header: str) -> None:
    found = read(header + "\nJo Doe,jo@x.example,012-345 678,1990-04-12,Lagos,tall\n")
    (person,) = found.people
    assert (person.name, person.birthday, person.lives) == ("Jo Doe", "1990-04-12", "Lagos")
    assert [(contact.kind, contact.value) for contact in person.contacts] == [
        ("email", "jo@x.example"),
        ("phone", "012-345 678"),
    ]
    assert person.note == "tall"
    assert found.warnings == ()


@pytest.mark.parametrize(
    "header",
    [
        *("First name,Last name", "first_name,last_name", "FirstName,Surname", "Vorname,Nachname"),
        *("Vorname,Name", "Prénom,Nom", "Nombre,Apellidos", "Nome,Cognome", "Nome,Apelido"),
        *("Nome,Sobrenome", "Voornaam,Achternaam", "Voornaam,Naam", "Imię,Nazwisko"),
        *("Förnamn,Efternamn", "Nama depan,Nama belakang", "Jméno,Příjmení", "Ad,Soyad"),
    ],
)
def test_first_and_last_names_are_joined_even_if_one_word_means_both(header: str) -> None:
    assert read_one(f"{header},Email\nAna,Ruiz,a@x.example\n").name == "Ana Ruiz"


def test_a_full_name_is_kept_next_to_a_first_name() -> None:
    assert read_one("Name,First name\nAna Ruiz,Ana\n").name == "Ana Ruiz"


def test_names_in_han_begin_with_the_family_name() -> None:
    assert read_one("姓,名\n山田,太郎\n").name == "山田太郎"


def test_an_ambiguous_portuguese_header_is_resolved_by_its_neighbours() -> None:
    assert read_one("Nome,Sobrenome,Apelido\nJoão,Silva,Jão\n").nicknames == ("Jão",)
    spanish = read_one("Nombre,Aniversario\nAna,2001-05-06\n")
    assert spanish.dates == (("anniversary", "2001-05-06"),)
    assert read_one("Nome,Aniversário\nAna,2001-05-06\n").birthday == "2001-05-06"


def test_headers_of_handmade_lists_find_their_fields() -> None:
    text = (
        "Name;Nicknames;Into;Partner;Kinder;Groups;Where we met;How we know;Twitter;Telefon (privat)\n"
        'Jo;"Jojo, J";"chess, go";Kim;Ann und Bob;choir, family;PyCon;"school\nfriend";@jo;0171 / 0172\n'
    )
    assert get_filled_fields(read_one(text)) == {
        "name": "Jo",
        "nicknames": ("Jojo", "J"),
        "into": (CardInterest("chess"), CardInterest("go")),
        "ties": (
            ImportedTie("partner", "Kim"),
            ImportedTie("child", "Ann"),
            ImportedTie("child", "Bob"),
        ),
        "groups": ("choir", "family"),
        "met_at": "PyCon",
        "met_story": "school\nfriend",
        "contacts": (
            Contact("link", "@jo", "twitter"),
            Contact("phone", "0171", "home"),
            Contact("phone", "0172", "home"),
        ),
    }


@pytest.mark.parametrize(
    ("header", "cell", "field"),
    [
        ("Hobbies & Interests", "go", {"into": (CardInterest("go"),)}),
        ("Spouse's name", "Kim", {"ties": (ImportedTie("spouse", "Kim"),)}),
        (
            "Names of children",
            "Ann, Bob",
            {"ties": (ImportedTie("child", "Ann"), ImportedTie("child", "Bob"))},
        ),
        ("Personal notes", "tall", {"note": "tall"}),
        ("Work phone no. 2", "123", {"contacts": (Contact("phone", "123", "work"),)}),
        ("How did we meet?", "by bike", {"met_story": "by bike"}),
        ("Fax del trabajo", "123", {"contacts": (Contact("phone", "123", "work fax"),)}),
        ("Ville (domicile)", "Lyon", {"lives": "Lyon"}),
        ("Favourite food", "figs", {"note": "Favourite food: figs"}),
    ],
)
def test_a_header_is_understood_in_many_shapes(
    header: str, cell: str, field: dict[str, object]
) -> None:
    assert get_filled_fields(read_one(f'Name;"{header}"\nJo;{cell}\n')) == {"name": "Jo", **field}


def test_a_column_of_last_and_first_is_a_name() -> None:
    assert read_one('Email,"Last, First"\na@x.example,"Doe, Jo"\n').name == "Doe, Jo"


def test_no_header_word_has_two_meanings() -> None:
    words = [word for _, group in read_header_words() for word in group]
    assert sorted(words) == sorted(set(words))
    assert [word for word in words if normalize_header(word) != word] == []


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_detected(sign: str) -> None:
    text = "Name,Email,Notes\nJo,jo@x.example,tall\nAna,a@x.example,“;\t|”\n"
    text = text.translate({ord(","): sign, ord(sign): ","})
    jo, ana = read(text).people
    assert jo.contacts == (Contact("email", "jo@x.example"),)
    assert (ana.name, detect_table_kind(text.encode())) == ("Ana", "table")


@pytest.mark.parametrize("line", ["sep=;", "SEP=;", '"sep=;"', "\ufeffsep=;", "sep=;;;"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_a_sep_line_of_excel_gives_the_delimiter(line: str, end: str) -> None:
    text = end.join((line, "Name;Email;Notes", 'Jo;jo@x.example;"a; b"', ""))
    person = read_one(text)
    assert (person.name, person.note, person.source) == ("Jo", "a; b", "p.csv:3")


def test_a_sep_line_can_give_an_unusual_delimiter() -> None:
    assert read_one("sep=^\nName^Email\nJo^jo@x.example\n").contacts == (
        Contact("email", "jo@x.example"),
    )


def names(text: str) -> list[str]:
    return [person.name for person in read(text).people]


def test_one_column_of_names() -> None:
    assert names("name\nJo Doe\nSam\n") == ["Jo Doe", "Sam"]
    assert names("name\nDoe, Jo\nSmith, Ana\n") == ["Doe, Jo", "Smith, Ana"]
    assert names('Nama\n"Doe, Jo"\n') == ["Doe, Jo"]


def test_one_column_without_a_header_is_taken_for_names_and_reported() -> None:
    found = read("jo\nSam Lee\n\nMaría\n")
    assert [person.name for person in found.people] == ["jo", "Sam Lee", "María"]
    assert [person.source for person in found.people] == ["p.csv:1", "p.csv:2", "p.csv:4"]
    assert warnings(found) == [
        "p.csv The table has no header.",
        "p.csv “column 1” was taken for the name because of its content; if it is not, add --map COLUMN=name.",
    ]
    assert names("Doe, Jo\nSmith, Ana\n") == ["Doe, Jo", "Smith, Ana"]


def test_without_a_header_fields_are_inferred_from_the_cells() -> None:
    text = "12;Jo Doe;jo@x.example;+49 171 555123;x\n13;Sam;sam@x.example;0171 222111;y\n"
    found = read(text)
    assert found.mapping == (("column 2", "name"), ("column 3", "email"), ("column 4", "phone"))
    assert get_filled_fields(found.people[0]) == {
        "name": "Jo Doe",
        "contacts": (Contact("email", "jo@x.example"), Contact("phone", "+49 171 555123")),
    }
    assert warnings(found)[2] == (
        "p.csv Skipped: column 1, column 5. kin has no such field; "
        'to keep it, add --map "column 1=note".'
    )
    assert detect_table_kind(text.encode()) == "table"


def test_an_unknown_header_is_inferred_from_the_cells_below() -> None:
    found = read("Nimiz,Zost\nJo Doe,jo@x.example\n")
    assert found.mapping == (("Nimiz", "name"), ("Zost", "email"))
    assert get_filled_fields(found.people[0])["name"] == "Jo Doe"
    assert "“Nimiz” was taken for the name" in warnings(found)[0]


def test_a_table_without_a_name_column_is_refused_with_its_columns() -> None:
    with pytest.raises(UsageError) as refused:
        read("Email,Foo\na@x.example,1\n")
    assert refused.value.message == "No column of this table is a name."
    assert refused.value.hint == "Say which one is: --map COLUMN=name"
    assert refused.value.candidates == ("Email", "Foo")


def test_a_nickname_is_the_name_if_there_is_no_other() -> None:
    person = read_one("First name,Nickname\n,Mo\n")
    assert (person.name, person.nicknames) == ("Mo", ())


def test_lines_above_the_header_are_reported() -> None:
    found = read("My friends\nas of 2024\n\nName,Email\nJo,jo@x.example\n")
    assert [person.source for person in found.people] == ["p.csv:5"]
    assert warnings(found) == ["p.csv The lines above the header (line 4) were not read."]


def test_columns_with_the_same_header_are_both_read() -> None:
    person = read_one("Name,Name,Phone,Phone,Notes,Notes,City,City\nJo,J,11,22,a,b,Cork,Cork\n")
    assert (person.name, person.note, person.lives) == ("Jo", "a\n\nb\n\nName: J", "Cork")
    assert [contact.value for contact in person.contacts] == ["11", "22"]


def test_values_in_the_wrong_column_are_kept_as_text() -> None:
    person = read_one(f"Name,Email,Phone,City,Hobby\nJo,none yet,ask Kim,{'x' * 201},-\n")
    assert not person.contacts
    assert not person.into
    assert person.note == f"Address: {'x' * 201}\nEmail: none yet\nPhone: ask Kim\nHobby: -"


def test_a_cell_longer_than_the_limit_of_the_csv_module_is_read() -> None:
    note = "x, " * 100_000 + "end"
    assert read_one(f'Name,Notes\nJo,"{note}"\n').note == note


class TestMap:
    """`--map COLUMN=FIELD`: the choice of the user wins."""

    TEXT = "Wer,Woher,Firma,Name\nJo Doe,school,Acme,J.\n"

    def test_it_names_the_field_of_a_column_in_any_case(self) -> None:
        found = read_table(
            self.TEXT.encode(), "p.csv", mapping={"wer": "NAME", "WOHER": "Met-Story"}
        )
        assert found.mapping == (("Wer", "name"), ("Woher", "met story"), ("Name", "name"))
        (person,) = found.people
        assert (person.name, person.met_story, person.note) == ("Jo Doe", "school", "Name: J.")

    def test_it_can_keep_a_column_that_kin_would_skip(self) -> None:
        assert read_one(self.TEXT, mapping={"Firma": "note"}).note == "Acme"

    def test_a_header_that_only_it_knows_is_a_header(self) -> None:
        person = read_one("wer;wo\nA B;Cork\n", mapping={"wer": "name", "wo": "lives"})
        assert (person.name, person.lives) == ("A B", "Cork")

    def test_columns_without_a_header_are_named_by_number(self) -> None:
        found = read("Jo Doe,Cork\nSam,Graz\n", mapping={"column 2": "lives"})
        assert [person.lives for person in found.people] == ["Cork", "Graz"]

    @pytest.mark.parametrize("field", ["title", "", "company"])
    def test_an_unknown_field_is_refused_with_the_known_ones(self, field: str) -> None:
        with pytest.raises(UsageError) as refused:
            read(self.TEXT, mapping={"Wer": field})
        assert "met story" in refused.value.hint
        assert refused.value.candidates

    def test_a_mistyped_field_or_column_is_refused_with_the_nearest(self) -> None:
        with pytest.raises(UsageError) as refused:
            read(self.TEXT, mapping={"Wer": "nmae"})
        assert refused.value.candidates == ("name",)
        with pytest.raises(UsageError) as refused:
            read(self.TEXT, mapping={"Whoer": "note"})
        assert refused.value.message == "There is no column “Whoer”."
        assert refused.value.hint == "Did you mean Woher or Wer?"

    def test_a_missing_column_is_refused_with_those_of_the_file(self) -> None:
        with pytest.raises(UsageError) as refused:
            read(self.TEXT, mapping={"Zzzz": "note"})
        assert refused.value.hint == "Its columns: Wer, Woher, Firma and Name."
        assert refused.value.candidates == ("Wer", "Woher", "Firma", "Name")
