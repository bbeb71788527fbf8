"""Definitions and lemmas in Rocq's own language, which exports are made of."""
