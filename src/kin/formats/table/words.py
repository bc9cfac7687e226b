"""The words that people and programs write above a column, in many languages.

Its one rule: a word stands here once. One that two languages use for two things is left out, and
`table_columns` looks at its neighbours.
"""

# Field, label, words. Keys are folded, without spaces and signs: "E-mail Address" is emailaddress.
WORDS = (
    ("name", "", """name names fullname displayname contactname personname contact person who         namen vollstandigername anzeigename kontakt freund nom noms nomcomplet nomprenom prenomnom nometprenom
        nombre nombres nombrecompleto nombreyapellidos nome nomi nomecompleto nomecognome nomeecognome nominativo
        naam volledigenaam nama namapenuh namalengkap nazwa imieinazwisko pelnenazwisko namn fullstandigtnamn
        navn fuldenavn fulltnavn nimi kokonimi jmenoaprijmeni celejmeno adsoyad adisoyadi isim nev teljesnev
        nume numecomplet имя имяифамилия фио полноеимя імя 名前 氏名 お名前 姓名 名字 이름 성명 """),
    ("first", "", """firstname givenname forename first given vorname vornamen rufname prenom prenoms primernombre
        nombredepila primeironome primonome voornaam voornamen namadepan imie imiona fornamn fornavn etunimi
        jmeno krestnijmeno ad adi keresztnev prenume 名 """),
    ("middle", "", """middlename middlenames middle additionalname secondname weiterevornamen zweitername zweitervorname
        deuxiemeprenom middelstenaam middleinitial secondprenom segundonombre segundonome secondonome tussenvoegsel tweedenaam namatengah
        drugieimie mellannamn mellomnavn mellemnavn отчество"""),
    ("last", "", """lastname familyname surname last secondlastname nachname familienname zuname nomdefamille
        patronyme apellido apellidos primerapellido cognome cognomi sobrenome sobrenomes ultimonome achternaam
        familienaam namabelakang namakeluarga nazwisko nazwiska efternamn etternavn efternavn sukunimi prijmeni
        soyad soyadi vezeteknev numedefamilie фамилия прізвище 姓 성"""),
    ("suffix", "", "suffix namesuffix namenszusatz suffixe sufijo sufixo suffisso achtervoegsel"),
    ("nickname", "", """nickname nicknames nick alias aliases aka alsoknownas shortname preferredname goesby knownas
        spitzname spitznamen kurzname surnom surnoms pseudo pseudonyme apodo alcunha soprannome bijnaam roepnaam
        namapanggilan panggilan gelaran pseudonim przydomek ksywka smeknamn kallenavn kaldenavn prezdivka lakap         прозвище ник ニックネーム あだ名 昵称 별명"""),
    ("email", "", """email emails emailaddress emailaddresses mail mailaddress emailadresse emailadressen mailadresse
        courriel adresseemail adressemail adressedemessagerie adresseelectronique mel correo correoelectronico
        correos direcciondecorreo direcciondecorreoelectronico emailcorreo indirizzoemail postaelettronica indirizzopostaelettronica
        indirizzodipostaelettronica enderecodeemail correioeletronico emailadres mailadres emel         alamatemel alamatemail surel adresemail adresemailowy poczta epost epostadress epostadresse eposta sahkoposti
        элпочта почта электроннаяпочта メール メールアドレス 邮箱 电子邮件 郵箱 電子郵件 이메일"""),
    ("phone", "", """phone phones phoneno phonenumber phonenumbers telephone telephoneno telephonenumber tel telno telnr telnumber number whatsapp
        whatsappnumber primaryphone haupttelefon telephoneprincipal telefon telefone telefonnummer telefonnummern rufnummer nummer numero numerodetelephone nodetelephone
        ntelephone telefono telefonos numerodetelefono nodetelefono numeroditelefono numerodetelefone telefoonnummer telefoon notel
        notelefon notelepon nomortelepon nomortelefon telepon telpon nohp nohandphone nomborhandphone nombortelefon
        numertelefonu nrtelefonu telefonnr tlf tlfnr puhelin puhelinnumero telefonnicislo telefonnumarasi telefonszam
        телефон номертелефона 電話 電話番号 电话 电话号码 電話號碼 전화 전화번호"""),
    ("phone", "mobile", """mobile mobilephone mobilenumber mobileno cell cellphone cellular handy handynummer mobil mobiltelefon
        mobilnummer mobilfunk portable telephoneportable telmobile telephonemobile movil celular telefonomovil cellulare
        telefonocellulare telemovel mobiel mobieletelefoon mobielnummer gsm bimbit telefonbimbit telefonseluler hp komorka
        telefonkomorkowy komorkowy mobilnr matkapuhelin мобильныи мобильныителефон 携帯 携帯電話 手机 手機 휴대폰"""),
    ("phone", "fax", "fax faxnumber telefax faxnummer telecopie telecopieur numerodefax"),
    ("phone", "car", "carphone autotelefon telephonevoiture telauto"),
    ("phone", "pager", "pager buscapersonas recepteurderadiomessagerie"),
    ("phone", "radio", "radiophone"),
    ("phone", "callback", "callback ruckmeldung rappel"),
    ("phone", "telex", "telex"),
    ("phone", "isdn", "isdn"),
    ("phone", "tty", "ttytddphone ttytdd telefonfurhorbehinderte"),
    ("link", "", """link links url urls website websites webpage webpages web webseite webseiten internetseite homepage
        personalwebpage site siteweb pageweb lien liens enlace enlaces paginaweb sitioweb pagina sito sitoweb collegamento
        ligacao paginapessoal webadres webpagina laman lamanweb pautan situs situsweb tautan strona stronawww stronainternetowa
        webbplats webbsida hemsida lank nettside hjemmeside kotisivu blog profile profileurl саит ссылка ウェブサイト 网站 网址"""),
    ("link", "linkedin", "linkedin linkedinurl linkedinprofile"),
    ("link", "facebook", "facebook facebookurl"),
    ("link", "instagram", "instagram insta"),
    ("link", "twitter", "twitter twitterhandle "),
    ("link", "mastodon", "mastodon fediverse"),
    ("link", "github", "github"),
    ("birthday", "", """birthday birthdate dateofbirth dob born bday birth geburtstag geburtsdatum geboren geb anniversaire
        datedenaissance naissance ne nele cumpleanos fechadenacimiento fechanacimiento nacimiento compleanno datadinascita nascita
        datadenascimento nascimento verjaardag geboortedatum geboortedag tarikhlahir tanggallahir tgllahir harijadi ulangtahun
        urodziny dataurodzenia fodelsedag fodelsedatum fodselsdag fodselsdato syntymapaiva syntymaaika narozeniny datumnarozeni
        dogumgunu dogumtarihi szuletesnap ziuadenastere денрождения деньрождения датарождения 誕生日 生年月日 生日 出生日期 생일"""),
    ("day", "anniversary", """anniversary weddinganniversary jahrestag hochzeitstag anniversairedemariage aniversariodeboda
        aniversariodecasamento anniversario anniversariodimatrimonio trouwdag specialedatum anniversairedemariageoufete ulangtahunperkahwinan rocznica rocznicaslubu
        brollopsdag bryllupsdag jubileum"""),
    ("day", "wedding", "wedding weddingday weddingdate"),
    ("lives", "", """lives livesin livingin location locations place town hometown whereabouts basedin wohnort wohnhaft wohntin
        lebtin habite habitea lieu lieuderesidence emplacement residence vive viveen lugar residencia abita abitain residenza luogo mora
        moraem localidade woonplaats woont woontin plaats tinggal tinggaldi tempattinggal domisili mieszka miejscowosc
        bor borin bori bosted hjemsted asuinpaikka bydliste lokalizacja 住まい 居住地"""),
    ("street", "", """street streetaddress streetname strasse strassehausnummer rue calle via rua straat jalan ulica gata gate
        gade katuosoite ulice adressezeile address1 addressline addressline1 улица"""),
    ("extra", "", "addressline2 extendedaddress adresszusatz"),
    ("box", "", "pobox addresspobox postbox postfach boitepostale postbus"),
    ("city", "", """city locality citytown towncity stadt ort ville villeresidence ciudad poblacion citta comune cidade stad bandar
        kota miasto postort poststed by kaupunki mesto sehir varos oras город 市 城市 도시"""),
    ("region", "", """state province region county stateprovince stateregion provinciaoestado bundeslandkanton depregion bundesland kanton departement estado provincia
        regione regiao negeri provinsi wojewodztwo lan fylke"""),
    ("postcode", "", """zip zipcode postcode postalcode zippostalcode plz postleitzahl codepostal codigopostal cap
        codicepostale cep poskod kodepos kodpocztowy postnummer postnr postinumero psc"""),
    ("country", "", """country countryregion land landregion pays paysregion pais paisregion paisoregion paese nazione negara kraj
        landet maa zeme ulke страна 国 国家"""),
    ("address", "", """address addresses postaladdress mailingaddress formattedaddress anschrift adresse adressen postanschrift
        adressepostale direccion direcciones indirizzo indirizzi endereco morada adres alamat adress postadress osoite adresa
        lakcim адрес 住所 地址 주소"""),
    ("note", "", """note notes comment comments remark remarks memo memos description about bio biography annotation
        notiz notizen bemerkung bemerkungen anmerkung anmerkungen kommentar kommentare beschreibung remarque remarques
        commentaire commentaires nota notas comentario comentarios observaciones observacoes descripcion annotazioni commenti
        osservazioni descricao notitie notities opmerking opmerkingen catatan ulasan keterangan notatka
        notatki uwagi komentarz opis anteckning anteckningar notering notater notat bemaerkning muistiinpanot huomautus poznamka
        poznamky notlar not megjegyzes заметки заметка комментарии примечание メモ 備考 备注 備註 메모"""),
    ("said", "", """maidenname keywords stichworter motscles palabrasclave parolechiave favouritefood favoritefood dislikes schools school im imaddress instantmessenger phoneticfirstname phoneticmiddlename
        phoneticlastname yominame givennameyomi additionalnameyomi familynameyomi givenyomi surnameyomi user1 user2 user3 user4
        benutzer1 benutzer2 benutzer3 benutzer4"""),
    ("into", "", """into interest interests hobby hobbies likes loves passions passion interesse interessen hobbys
        freizeitinteressen centredinteret centresdinteret interets interet loisirs loisir passetemps aficion aficiones intereses
        gustos interessi passioni interesses passatempos gostos liefhebberijen minat hobi kegemaran zainteresowania
        intressen fritidsintressen interesser harrastus harrastukset zajmy konicky ilgialanlari увлечения хобби интересы
        趣味 兴趣 爱好 취미"""),
    ("group", "", """group groups tag tags label labels category categories circle circles lists groupmembership
        gruppe gruppen kategorie kategorien schlagworte groupe groupes categorieen etiquette etiquettes categorie grupo grupos etiqueta
        etiquetas categoria categorias gruppo gruppi etichetta etichette groep groepen etiket kumpulan kategori
        kelompok grup grupa grupy etykiety kategoria grupp grupper kategorier ryhma skupina skupiny группа группы метки
        グループ 分组 群组 그룹"""),
    ("met on", "", """meton metdate datemet datewemet whendidwemeet whenwemet dateofmeeting firstmet connectedon kennengelerntam getroffenam verbundenam
        rencontrele connectele connectedle conocidoel conectadoel conosciutoil collegatodal conhecidoem conectadoem ontmoetop
        verbondenop bertemupada dihubungkanpada poznanydnia traffadesden"""),
    ("met at", "", """metat metin wherewemet wheredidwemeet placemet howwherewemet kennengelerntin kennengelerntbei rencontrea ourencontre
        conocidoen dondenosconocimos conosciutoa doveciconosciamo conhecidoen ondenosconhecemos ontmoetin bertemudi
        gdziesiepoznalismy vartraffades"""),
    ("met story", "", """metstory story howwemet howimet met howmet howdidwemeet howyoumet howweknow howiknow howiknowthem
        howweknoweachother howdoweknoweachother wiekennengelernt kennengelernt wiewirunskennen wirkennenunsvon commentrencontre
        commentonsestrencontre comonosconocimos comeciconosciamo comeciamoconosciuti comonosconhecemos hoekennenweelkaar
        hoewijelkaarkennen bagaimanakenal bagaimanabertemu jaksiepoznalismy hurvitraffades hurvikannervarandra"""),
    ("met through", "", "metthrough through introducedby referredby recommandepar recomendadopor empfohlenvon presentepar presentadopor presentatoda"),
    ("bond", "spouse", """spouse husband wife ehepartner ehegatte conjoint conjointe epoux epouse conyuge coniuge conjuge
        echtgenoot echtgenote pasangan suami isteri malzonek maka"""),
    ("bond", "partner", "partner partnerin girlfriend boyfriend spousepartner partnerspouse partenaire pareja companheiro"),
    ("bond", "child", "child children kids kinder kind enfants enfant hijos bambini figli filhos kinderen anak dzieci barn lapset"),
    ("bond", "parent", "parent parents eltern padres genitori ouders ibubapa rodzice foraldrar"),
    ("bond", "mother", "mother mum mom mutter mere madre mae moeder ibu matka mor"),
    ("bond", "father", "father dad vater pere padre pai vader bapa ayah ojciec far"),
    ("bond", "sister", "sister schwester soeur hermana sorella irma zus siostra syster"),
    ("bond", "brother", "brother bruder frere hermano fratello irmao broer brat bror"),
    # Kept nowhere, by promise: what somebody could be useful for.
    ("useful", "", """company companyname companymainphone companyyomi organization organisation organizationname organizationtitle
        organizationdepartment organizationalidnumber employer workplace firm jobtitle job position role department
        occupation profession industry officelocation managersname manager assistantsname assistantsphone assistant
        account billinginformation mileage salary tier stage score rank leadstatus leadscore leadsource dealvalue seniority
        firma unternehmen telefonfirma telefonassistent konto namedesdervorgesetzten organisationsnr reisekilometer abrechnungsinformation buro arbeitgeber abteilung beruf stelle funktion nameassistent namedesassistenten namedesvorgesetzten
        societe entreprise telephonedelassistante telephonesociete bureau service poste fonction employeur empresa compania organizacion departamento puesto cargo profesion ocupacion azienda reparto ufficio
        societa professione posizione lavoro profissao bedrijf organisatie afdeling functie beroep werkgever syarikat perusahaan jawatan
        pekerjaan jabatan stanowisko zawod pracodawca foretag yrke befattning arbetsgivare bedrift stilling yritys ammatti
        компания должность работа 会社 会社名 役職 公司 职位 회사 직책"""),
    # What programs fill in by themselves, and nobody has said of anybody.
    ("machine", "", """sensitivity priority private emailtype emaildisplayname initials fileas directoryserver internetfreebusy
        photo verzeichnisserver typedemessagerie nomcompletdeladressedemessagerie initiales internetfreigebucht vertraulichkeit prioritat emailtyp emailangezeigtername initialen internetfreegebucht"""),
)  # fmt: skip
PLACES = {
    "home": "home private residencia huisadres ab personal privat privee domicile personnel personnelle casa particular domicilio privato "
    "abitazione prive thuis rumah domowy dom prywatny hem hemma hjem privatnummer".split(),
    "work": "work business werkadres uff office professional geschaftlich dienstlich arbeit buro bureau professionnel professionnelle travail "
    "trabajo oficina laboral lavoro ufficio trabalho escritorio werk zakelijk kerja pejabat kantor praca sluzbowy arbete jobb "
    "arbejde".split(),
    "mobile": "mobile cell mobil portable movil celular cellulare mobiel bimbit".split(),
    "other": "other weitere weiterer weiteres weiteren andere autre otro otra altro outro overig lain inny annan".split(),
    "": "primary main preferred default my your haupt".split(),
}
