"""Polynomials with proved errors on many boxes at once, in double precision."""
