"""Beyond the paper: convexity, the simplex and Lloyd's algorithm."""
