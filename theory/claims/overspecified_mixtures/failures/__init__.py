"""Failure signatures."""
