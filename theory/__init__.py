"""Exact mathematics in SymPy: the model, what is derived from it, and the catalogue of statements."""
