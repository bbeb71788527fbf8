"""Mechanisms 1 to 3 with their assumptions and break conditions."""

CHAPTER = "Mechanisms"
