"""Open questions."""

CHAPTER = "Open questions"
