"""Beyond the paper: convexity, the simplex and Lloyd's algorithm."""

from emtheory.theory.claim import BEYOND

CHAPTER = BEYOND
