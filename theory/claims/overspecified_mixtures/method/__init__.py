"""Method and practice."""

CHAPTER = "Method and practice"
