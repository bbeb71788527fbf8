"""Derivations with one thing changed, and how long checking one may take."""
