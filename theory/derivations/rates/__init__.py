"""Rates of convergence and of convexity."""
