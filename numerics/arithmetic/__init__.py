"""Exact and ball numbers and their text: nothing here knows of mixtures."""
