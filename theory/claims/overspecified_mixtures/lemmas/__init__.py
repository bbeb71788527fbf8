"""Lemmas and Proposition 1."""
