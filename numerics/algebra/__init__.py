"""Exact signs of polynomials: real roots, decompositions of boxes into cells of constant sign, square roots."""
