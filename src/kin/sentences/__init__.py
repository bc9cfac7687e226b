"""Every sentence in which kin speaks of people: one place, so that it can be translated one day.

Its one rule: people's own words stand in quotation marks, as they are.
"""

from kin.sentences.doctor import *
from kin.sentences.hello import *
from kin.sentences.interests import *
from kin.sentences.leaving import *
from kin.sentences.safety import *
from kin.sentences.steps import *
from kin.sentences.syncing import *
from kin.sentences.together import *
from kin.sentences.words import *
