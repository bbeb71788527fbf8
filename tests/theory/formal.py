"""Which derivations have their statement as a formula."""

NOT_YET_FORMAL = {
    "covariance-blocks",
    "dft",
    "data-law",
    "fisher-information",
    "flat-spectrum",
    "group-dicyclic",
    "group-dihedral",
    "simplex-classification",
}
"""Derivations with a statement in words: every step is checked, but not that the steps end at it."""
