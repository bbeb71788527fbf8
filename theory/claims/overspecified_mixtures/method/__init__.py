"""Method and practice."""
