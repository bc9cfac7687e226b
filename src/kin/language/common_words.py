"""Words that are far more often a word, or a place, than somebody's name, though names are made of them. Pure data.

Written from general knowledge, in the languages whose interests kin knows. What is missing here goes, where
it is a name, from other words too; what stands here too much stays in them.
"""

_ENGLISH = """
a an and another any are as at be been before behind below beside between beyond both but by can come could did
do does down each either else enough even every few first for from get go had has have he her here hers him his
how i if in into is it its just last least less let like make many may me might mine more most much must my near
neither never new next no none nor not nothing now of off often on once one only or other our out over own past
per please quite rather same see seen several shall she should since so some somebody someone something soon still
such than that the their them then there these they thing this those though through till to together too toward
two under until up upon us very was we well were what when where whether which while who whole whom whose why
will with within without would yes yet you your
three four five six seven eight nine ten eleven twelve twenty hundred thousand half double second third
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
september october november december spring summer autumn winter today tomorrow yesterday tonight morning noon
afternoon evening night midnight day week weekend month year century hour minute moment time date season holiday
christmas easter new
able about above across after again against ago ahead alike alive all almost alone along already also always angry
anyone anything apart around asleep away awake awful bad bare basic bean bear beautiful because best better big
bitter black blank blind blond bold boring born bottom brave brief bright broad broken brown busy calm careful
central certain cheap clean clear clever close cold common cool correct crazy curious cute daily damp dark dead
deaf dear deep different difficult dirty dry due dull eager early easy elegant empty equal exact extra fair false
famous fancy far fast fat favourite favorite fine flat foreign former fourth fresh friendly front full fun funny
future general gentle giant glad golden good great gross guilty handsome happy hard healthy heavy high hollow
honest hot huge human humble hungry ill important jealous keen large late lazy left light little local lonely loose
loud lovely low main married mature merry middle mild modern moody narrow nasty natural neat nervous nice normal
noble odd old open ordinary outer pale patient perfect plain polite poor pretty private proper proud public pure
quick quiet rapid rare raw ready real recent regular rich right ripe rough round rude sad safe savage secret senior
sensible serious shallow sharp short shy sick silent silly simple single sleepy slim slow small smart smooth sober
soft solid sore sour special steady steep sticky still straight strange strict strong sudden sure sweet swift tall
tame tender terrible thick thin tight tiny tired top total tough true ugly unique upper urgent used useful usual
vague various violent warm weak wealthy weird wet white wicked wide wild wise wonderful wooden worth wrong yellow
young blue red green grey gray orange pink purple
air animal apple apron arm arrow attic aunt baby back bag bake baker baking ball balloon band bank bar barber bark
barn basket bath battle bay beach beam beard beast beat bed bee beef beer bell belt bench bend berry bike bill bird
birth birthday biscuit bite blade blanket block blood bloom boat body bone book boot border boss bottle bowl bowler
box boy brain branch brass bread break breakfast breath brewer brick bride bridge brief broom brother brush bucket
bull burn bus bush business butcher butler butter button cabin cable cafe cage cake call camera camp candle cap
captain car card care carpenter carpet carrier carrot cart carter carver castle cat catch cave cellar chair chalk
chamber chance change chapel chapter chat cheese chef chess chest chicken chief child children choice choir church
cider cinema circle circus city class clerk climb clock cloth cloud club coach coal coast coat coffee coin college
collier comb comedy company concert cook cookie cooking cooper copper corn corner cotton country couple courage
course court cousin cover cow craft crane cream crew crime crop cross crow crowd crown cry cup curry curtain curve
custom cycle dad dance dancer dancing danger daughter deal dealer death debt deer desert desk dinner diver doctor
dog doll dollar donkey door dough draft drama drawer drawing dress dresser drink drive driver drop drum duck duke
dust dyer eagle ear earth edge egg elbow end engine english eye face fact factory fair fall family fan fancy farm
farmer fashion father feast feather fence fiction fiddler field fight film finger fire fish fisher fishing fist
flag flame flavour flight floor flour flower flute fly fog folk food fool foot football forest fork form fort
fountain fowler fox frame freedom freeman friend friends fruit fuel funeral fur gallery game garage garden gardener
gardening garlic gas gate gates gift girl glass glove glover goal goat gold goose grain grandfather grandma
grandmother grandpa granny grape grass grave ground group guard guest guitar gun guy hair hall hammer hand harbour
hardy hare harp harper harvest hat hawk hay head health heart heat hedge heel height hen herb hero hiking hill hip
hobby hole home honey hood hook hope horn horse hospital host hotel house hunt hunter hunting hut ice idea inn
insect iron island jacket jam jar jazz jersey jet jewel job joiner joke journey joy judge juice jump kettle key kid
kiln kind king kiss kitchen kite knee knife knitting knock knot lace ladder lady lake lamb lamp land lane language
laugh laundry law lawn leader leaf leather leek leg lemon lesson letter library life lift line lion lip list
listener loaf lock log look lord love lover luck lunch machine magic maker male man map marble market marriage
marsh mason master match mate meal meat medicine meeting melon member metal mile milk mill miller mind mirror
mist model mole money monk monkey moon moor mother mountain mouse mouth movie mud mum museum music musician nail
name nature neck needle neighbour neighbor nest net news newspaper noise north nose note novel number nurse nut oak
ocean office officer oil onion opera orchard oven owl owner ox page pain paint painter painting pair palace palmer
pan paper parent park parker parson part party path peace peach peacock pear pebble pen pencil people pepper person
pet phone photo photographer photography piano picnic picture pie piece pig pigeon pike pilgrim pilot pin pipe
piper pit place plan plane plant plate play player plot plum pocket poem poet poetry point pole police pond pony
pool pope porter post pot potato potter pottery power preacher present price prince print prior prize problem
promise proof pub pupil puppy push question race rabbit radio rain rainbow reader reading reason recipe record
reed rest restaurant rhythm rice ride rider ring river rivers road robin rock rocket roll roof room root rope rose
row rower rowing rule ruler run runner running sail sailor salad salmon salt sand sandwich saw school science sea
sealer seat seed shadow shape share sharper sheep shelf shell shepherd ship shirt shoe shop shore shot shoulder
show shower side sign silk silver singer singing sister skill skin skipper skirt sky sleep slater smell smile smith
smoke snake snow soap sock soil soldier son song soul sound soup south space sparrow speaker speed spell spice
spicer spider spirit spoon sport spot squire stable stage stair stamp star stars start station steel stem step
stick stock stomach stone store storm story strange stranger stream street string student study style sugar suit
summers sun sunday supper surprise swan sweater swim swimmer swimming sword table tailor talk tanner tap taste tax
tea teacher team tear tent test thatcher theatre theory thought thread tiger tile tin toast toe tongue tool tooth
town toy track trade trail train tree trick trip truck trust tuck tune turn turner twin uncle valley vegetable
veil vicar view village vine violin visit voice wait waiter walk walker walking wall war warden wash watch water
waters wave way weather weaver wedding weight welcome well west whale wheat wheel wife wind window wine wing winner
wish wolf woman women wonder wood woods wool word words work worker world worm worry wound writer writing yard yarn
""".split()

_TITLES = """
dr mr mrs ms mx prof sir dame lady jr sr ii iii iv frau herr senor senora senhor senhora monsieur madame mme mlle abu ibn bin
uncle aunt auntie granny grandpa grandma onkel tante tio tia st san santa santo sankt saint
""".split()

_LITTLE = """
a an and any are as at be but by can come could did do does for from get go had has have he her here him his how i if in
into is it its just like make me might more most much must my no nor not now of off on once one only or other our
out over own per please same see she should so some somebody someone something still such than that the their them
then there these they this those though through till to too two under until up upon us very was we were what when
where which while who whom whose why with would yes yet you your
""".split()

_SMALL = """
aber als am an auf aus bei bin bis da das dein dem den der des die dir doch du ein eine einem einen einer er es euch
fur habe haben hat ich ihm ihn ihr im in ist ja kann kein man mein mich mir mit nach nicht nie noch nun nur oder sehr sein
seit sich sie sind und uns unser unter vom von vor war was weil wenn wer wie wir wo zu zum zur
al algo aqui como con cuando de del desde donde el ella ellos en era es esa ese esta este hay la las lo los mas me mi muy
no nos o para pero por porque que quien se si sin sobre su sus te tu un una uno y ya yo
alors au aussi aux avec ca ce cela ces cette chez comme dans de depuis des donc du elle elles en encore est et etre eux
il ils je la le les leur lui ma mais me mes moi mon ne nos notre nous ou par pas plus pour que quel qui sa sans se ses
sont sous sur ta tes toi ton tous tout tres tu un une vers votre vous
aan bij dat de den der die een en het hij ik is met mijn niet nog op te ten ter van voor wat wij zij
da di dos e em na o os para por um uma il gli che con della dei
""".split()

_OTHERS = """
abend alle alt bauer berg blau blume braun brot bruder dann dein eltern frau freund fruh garten gross gut haus herr herz heute hier
himmel hund immer kaiser kind klein koch kommen konig kraus lang lange mal mann markt meer messer mond morgen muller mutter neu
neumann oma opa recht rot sand schmidt schneider schule schwarz schwester see sonne sonntag stadt stein stern tag tisch vater
vogel wald wagner wasser weber weg wein weiss wieder winter wolf woche wurde zeit zimmermann
abuela abuelo agua amigo amor ano bien blanco bosque buena bueno cada calle camino campo casa castillo cruz dia dias dos flores
fuente grande guerra hermana hermano herrera hijo hombre hoy iglesia leon libro luna luz madre mal mano mar mesa molina monte mucho
mujer nada navarro noche nueva nuevo padre perro poco prado reina rey rio rojo rosa santos siempre sol son tambien tarde tiempo
tierra todo torre torres tres vega verde vida vieja viejo viento
ami an apres autre avant beau belle berger bien blanc boire bois bon bonne boucher boulanger brun chemin chevalier chien
clair deux dieu dire eau enfant etoile faire fait femme feu fille fils fleur fontaine fort frere garnier gens grand grande
gris homme hui ici jamais jardin jeune jour lac leroy livre lune main maison mal marchand marin martin matin mer mere meunier midi moins
moment monde mort moulin noir nouveau nuit oncle oui pain pays pere perrier petit petite peu pierre pont pres quand rien riviere
roche roi rose rouge roux rue soeur soir soleil sous tante temps terre toujours toute travail trop verte vie vieux vigne ville
vin vrai
bakker boer boom bos brouwer bruin dijk groen groot huis jong kerk klein koning kort maan meer molen oud rood smit veld vis visser
vos vriend wit zee zon zwart
""".split()

_PLACES = """
aberdeen africa alabama amsterdam antwerp arizona asia athens atlanta auckland austin austria australia barcelona
basel bath bavaria belfast belgium belgrade berlin bern bilbao birmingham bolton bombay bordeaux boston bradford
brazil bremen brighton bristol britain brittany brooklyn brussels bucharest budapest buenos burgos burton buxton
cairo california cambridge canada cannes canterbury cardiff carlisle carolina chester chicago chile china cologne
colorado copenhagen cork cornwall cuba cyprus dallas delhi denmark denver derby detroit devon dover dresden dublin
dundee durham edinburgh egypt england essex europe exeter finland florence florida france frankfurt galway geneva
genoa georgia germany ghent ghana glasgow gloucester granada graz greece hamburg hampshire hanover havana helsinki
holland houston hull hungary iceland india iran ireland israel istanbul italy jamaica japan jerusalem kent kenya kiev
kyoto lancaster leeds leicester leipzig lille lima limerick lincoln lisbon liverpool london louisiana lyon madrid
malaga malta manchester manhattan marseille melbourne memphis mexico miami milan montana montreal moscow munich
nairobi nantes naples netherlands nevada newcastle newport nice norfolk norway norwich nottingham odessa ohio orleans
oslo oxford padua paris perth philadelphia pisa poland porto portland portugal prague preston quebec rome rotterdam
russia salzburg scotland seattle seville sheffield sicily singapore somerset sofia spain stafford stockholm
strasbourg stuttgart sussex sutton sweden switzerland sydney texas thailand tokyo toledo toronto toulouse turin
turkey tuscany ukraine utrecht valencia vancouver venice verona vienna virginia wales warsaw washington wells
wellington winchester worcester york yorkshire zagreb zurich
adelaide alexandria augusta bethlehem bethany carmel charlotte chelsea clinton dakota eugene hamilton helena jackson jordan
kingston lancaster madison mercedes montgomery nancy orlando phoenix reading regina salem santiago savannah shannon tara
trent troy vera victoria wayne
american arab asian austrian brazilian british canadian chinese danish dutch european finnish french german greek
hungarian indian irish italian japanese korean latin mexican norman norse norwegian polish portuguese roman russian
scot scots scottish spanish swedish swiss turkish welsh
""".split()

PLACES = frozenset(_PLACES)
FUNCTION_WORDS = frozenset(_LITTLE)  # of every English sentence
LITTLE = frozenset((*_LITTLE, *_TITLES))  # nobody is told by them, where they were not there
SMALL = frozenset(
    (*LITTLE, *_SMALL)
)  # nor by these, unless it is what they are called by: Ella, Al
COMMON = frozenset((*SMALL, *_ENGLISH, *_OTHERS, *_PLACES))
