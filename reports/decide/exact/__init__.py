"""Exact algebra over a whole domain."""
