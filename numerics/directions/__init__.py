"""Quantities over every direction: `cover_…` proves (k = 4 and 5), `search…` only finds."""
