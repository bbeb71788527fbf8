"""A statement over boxes of several variables."""
