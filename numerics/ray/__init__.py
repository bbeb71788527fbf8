"""Quantities over every radius of the simplex ray: searches, and the proofs of what they propose."""
