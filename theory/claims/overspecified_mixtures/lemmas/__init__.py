"""Lemmas and Proposition 1."""

from emtheory.theory.claim import LEMMAS

CHAPTER = LEMMAS
