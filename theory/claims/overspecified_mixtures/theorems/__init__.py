"""Theorems and key results."""
