"""Which weights keep the simplex, and Lloyd's algorithm."""
