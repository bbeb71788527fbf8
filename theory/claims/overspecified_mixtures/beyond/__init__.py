"""Beyond the paper: rates, bounds and other settings."""

from emtheory.theory.claim import BEYOND

CHAPTER = BEYOND
