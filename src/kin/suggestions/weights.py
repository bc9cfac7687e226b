"""Every weight of common ground and of the order of reconnecting, each with its reason.

Where a reason is judgement, it says so; the evidence stands in docs/explanation/reconnect.md.
"""

# How much the way in which you two hold an interest tells: judgement, in this order.
WEIGHT_OF = {"shared": 1.0, "collides": 0.8, "theirs": 0.4}
ATOM = 0.6  # no single interest is all there is between two people: judgement
THROUGH_BROADER = 0.5  # one broader term is common ground, but less of it: judgement
COMMON, RARE = (
    0.15,
    0.85,
)  # a common interest still counts; rarity helps a little (Last.fm: +.013 AUC)
RARITY_PRIOR = 20  # people: in a small book, everything is rare by chance
RARITY_AT_FIRST = 0.5  # what rarity is taken for while there is nobody to compare with

UNSPOKEN = 0.4  # an interest that never came up between you is less alive: judgement

THREAD_HALVES_DUE = 45  # days after its day: then the moment to ask has half passed
THREAD_RESTS = 7  # days: what was opened last week is no news yet
THREAD_HALVES = 90  # days
THREAD, DATE = (
    0.9,
    0.7,
)  # a thing you wanted to hear the end of tells more than a day in the calendar
DATE_WITHIN = 8  # days, from which on a day is near

RHYTHM_PRIOR = 2  # gaps: two of your own gaps weigh as much as what is assumed
RHYTHM_OF = {"inner": 7.0, "close": 30.0, "friend": 180.0, "wide": 365.0}
RHYTHM_ELSE = 90.0  # days: once a season
ENOUGH_GAPS = 20  # of the whole book, before its own median says more than a season
COMPANY = 5  # others in one talk: contact, but hardly a talk with each

STILL = 0.3  # what is left of a reason inside the rhythm of you two; rhythm lifts nobody above that
QUIET = 0.7
QUIET_UNMET = 0.5  # no conversation yet: neither quiet nor lately heard
LONG_LOST = 8  # times the rhythm: only the tone changes

SHOWN = (
    0.5  # each showing that was not taken up halves; shown people rise from 43 % to 72 % in 90 days
)
SHOWN_FADES = 60  # days, in which half of that is forgotten
JITTER = 0.1  # of Gumbel's noise: breaks ties, adds nearly nothing else (measured)

LATELY = 3  # days: who was talked to is left in peace
AT_ONCE = 3  # people in a day's list: a handful is a backlog already
LUCK_AFTER = 60  # days unshown, before luck may draw somebody; lifts the shown from 72 % to 89 %
NOT_NOW = 14  # days that “not now” lasts: judgement

DRAWER = 10  # people, and a third of the book: a group so large is a drawer, not a company

CURIOUS_AFTER = 4  # days on which you met somebody of whom you know nothing they love
CURIOUS_ON_CARD, CURIOUS_AT_A_GLANCE = 3, 7  # one day in so many: a question, not a nag

TOGETHER_AT_ONCE = 3  # pairs in a list: each asks two people something, so a handful is plenty
FOR_A_FIND = 5  # people whom one thing found may please: beyond, it is a circular


NAMED_IN_WORDS = (
    5  # words of a text in a row that may be one interest: “reading the last page first”
)
SHORTEST_PART = 3  # letters of a word that may be half of a name in one word: hand ball, not set a
SHORT_TEXT = 4  # words: a title as short as that is about each of them
LONGEST_FIND = 2_000_000  # characters: more than any article; a whole book is no find
# Words that stand in any text and mean no interest there: a business up and running, in stock, a
# novel idea. In a longer text they count only with # or in a phrase. First the words that are
# several things (senses.tsv), then those that are too common in speech: judgement, from the one-word
# names of the shipped table.
EVERYDAY = frozenset(
    "backpacking bass bike bridge cafe card cartoon carving chinese classic classical classics conservation country couture "
    "crypto crystal cuisine diving drama electronica folk football footy go hacking hockey horror house improvisation "
    "indie ipa italian japanese java jujitsu jujutsu keyboard kiting korean latin lucha lutte magic metal modeling "
    "modelling patinage patinaje pool printing python racing radio riding rock roleplay roleplaying roman ruby rust "
    "shooting skate skating sketch soul space spinning swing tabletop tejer trad trance turning wrestling yarn "
    "acting ambient arabic art auto beach biscuit book bread car cheer climb collecting collection composing computer computing "
    "cook cookie cooking craft cruise cycle debate design draw drawing drink eating economy education english environment ethic evolution "
    "exercise exercising family fantasy fashion fiction fiddle floss french friend game garden german gig history home hoop humor "
    "humour hunting illustration infusion interior investing jog journal lager language law lax learning lifting listening logic love "
    "make making map mending musical nature news novel outdoor paint parachute people photo "
    "pastel pie plant play playing politics pop portuguese quiz raving read reading rambling record relativity river rose run "
    "running russian sail science series sf share sharing shopping sing singing spanish spirit sport sprint statistics stock stout "
    "talking teaching tech technology time train training translating translation travel traveling "
    "travelling tree ultimate visiting volunteer walk walking watch weather weight western word work writing write "
    "ai arte bd cantar chant chanter cocinar correr courir dibujar ecrire escribir esc geschichte histoire historia ia "
    "juego kochen ki laufen leer lesen lire ml mode natur pesca reisen schreiben singen spiele sup tee viajar viaje "
    "voyage voyager wale ya".split()
)
