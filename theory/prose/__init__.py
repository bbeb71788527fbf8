"""Prose with formulas between dollar signs: the notation of the catalogue, parsed once and rendered for each medium."""
