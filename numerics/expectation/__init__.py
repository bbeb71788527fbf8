"""Expectations under a mixture of normals of polynomials in the observation and the posteriors, with proved errors.

`program` gives expressions of SymPy values in any arithmetic, `coordinates` writes a model in standard normal
coordinates, `rule` bounds the trapezoidal rule on a line, `grid` lays lines over one to three coordinates, `point`
sums in balls at a point and `box` in intervals over a box of parameters (docs/error-bounds.md).
"""
