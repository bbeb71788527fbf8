"""Experiments and checks."""
