"""Every weight and limit of common ground, the order of `kin reconnect`, and `kin share`.

Each comes with its reason, or with the word "judgement". The evidence is in docs/explanation/reconnect.md.
"""

# Interests

# How much an interest counts, by what it is to the two of you: judgement.
STANCE_WEIGHTS = {"shared": 1.0, "differ": 0.8, "theirs": 0.4}
INTEREST_WEIGHT = 0.6  # no single interest is all there is between two people: judgement
BROADER_FACTOR = 0.5  # sharing only a broader term is less common ground: judgement
COMMON_WEIGHT = 0.15  # a common interest still counts
RARE_WEIGHT = 0.85  # rarity helps a little (Last.fm: +.013 AUC)
RARITY_PRIOR = 20  # people: in a small book everything is rare by chance
DEFAULT_RARITY = 0.5  # the rarity of any interest while there is no one to compare with
UNMENTIONED_LIVELINESS = 0.4  # an interest that never came up between you is less alive: judgement

# Questions and dates

DUE_QUESTION_HALF_LIFE = 45  # days after its date until half of the moment to ask has passed
QUESTION_WAIT = 7  # days: a question without a date is too new to ask before that
QUESTION_HALF_LIFE = 90  # days, for a question without a date
QUESTION_WEIGHT = 0.9  # a question you meant to ask says more than a date in the calendar
DATE_WEIGHT = 0.7
DATE_WITHIN = 8  # days ahead at which a date starts to count

# Rhythm and quiet

RHYTHM_PRIOR = 2  # gaps: two gaps of your own weigh as much as the assumed rhythm
CIRCLE_RHYTHMS = {"inner": 7.0, "close": 30.0, "friend": 180.0, "wide": 365.0}  # days
DEFAULT_RHYTHM = 90.0  # days: once a season
ENOUGH_GAPS = 20  # in the whole book, before its own median says more than a season
LARGE_COMPANY = 5  # others in one note: contact, but hardly a talk with each
QUIET_BASE = 0.3  # what is left of a reason within the usual rhythm
QUIET_WEIGHT = 0.7
QUIET_WITHOUT_NOTES = 0.5  # no note yet: neither quiet nor recently in touch
LONG_LOST_RHYTHMS = 8  # times the rhythm: from there on only the tone changes

# Back-off, luck, and the list of the day

BACK_OFF_WEIGHT = 0.5  # a showing without a talk halves the score (43 % → 72 % shown in 90 days)
BACK_OFF_HALF_LIFE = 60  # days until half of that has worn off
NOISE_SCALE = 0.1  # of the Gumbel noise: breaks ties, adds next to nothing else (measured)
JUST_TALKED_WITHIN = 3  # days after a talk during which no one is suggested again
MOST_SUGGESTIONS = 3  # people a day: a longer list is a backlog
LUCK_UNSHOWN_DAYS = 60  # days unshown before luck may pick someone (72 % → 89 % shown)
NOT_NOW_DAYS = 14  # how long “not now” lasts: judgement
LARGE_GROUP = 10  # people; a group larger than this and than a third of the book is a mere label

# Curiosity about people whose interests are unknown

CURIOUS_AFTER = 4  # days on which you have met
CURIOUS_ONE_IN_RECALL = 3  # one day in three: a question, not a nag
CURIOUS_ONE_IN_DASHBOARD = 7

# Introductions and finds

MOST_PAIRS = 3  # pairs in a list: each means asking two people something
MOST_SHARE_SUGGESTIONS = 5  # people for one find: with more it would be a newsletter
LONGEST_NAME_WORDS = 5  # words in a row that may name one interest: “reading the last page first”
SHORTEST_NAME_PART = 3  # letters of a word that may be half of a name: hand ball, but not set a
SHORT_TEXT_WORDS = 4  # words: every word of so short a title may be what it is about
LONGEST_SHARED_TEXT = 2_000_000  # characters: longer than any article
