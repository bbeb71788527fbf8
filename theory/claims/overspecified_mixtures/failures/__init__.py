"""Failure signatures."""

CHAPTER = "Failure signatures"
