"""Estimates on finite samples and their limits."""
