"""The theorems of the paper."""

from emtheory.theory.claim import THEOREMS

CHAPTER = THEOREMS
