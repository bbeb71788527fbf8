"""Experiments and checks."""

CHAPTER = "Experiments and checks"
