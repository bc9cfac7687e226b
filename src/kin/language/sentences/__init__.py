"""Every sentence in which kin speaks of people: one place, so that it can be translated one day.

Its one rule: people's own words stand in quotation marks, as they are.
"""

from kin.language.sentences.backup import *
from kin.language.sentences.doctor import *
from kin.language.sentences.interests import *
from kin.language.sentences.people import *
from kin.language.sentences.reasons import *
from kin.language.sentences.steps import *
from kin.language.sentences.sync import *
from kin.language.sentences.transfer import *
from kin.language.sentences.words import *
