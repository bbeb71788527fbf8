"""Gaussian expectations at a point of the simplex ray, for any k: one-dimensional integrals."""
