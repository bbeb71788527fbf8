"""How a number comes about: exact cases, enclosures with a level, and one module per route."""
