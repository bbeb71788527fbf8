"""How the radii and factors of EM grow with k: rows of a sweep, fitted laws, and their figures."""
