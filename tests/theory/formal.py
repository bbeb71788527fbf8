"""Which derivations have their statement as a formula."""

NOT_YET_FORMAL = {"dft", "group-dicyclic"}
"""Derivations with a statement in words: every step is checked, but not that the steps end at it."""
