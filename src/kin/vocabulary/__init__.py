"""The vocabulary of interests: `kinship` tells how two of them are related."""

from kin.vocabulary.catalog import Kinship as Kinship, kinship as kinship
