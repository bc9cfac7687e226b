"""The vocabulary of interests. `kinship` returns how two interests are related."""

from kin.vocabulary.catalog import Kinship as Kinship, kinship as kinship
