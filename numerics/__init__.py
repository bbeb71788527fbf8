"""How a number comes about: exact cases, enclosures with a level, and in each room one module of values per route."""
