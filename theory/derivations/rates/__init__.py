"""Rates of convergence."""
