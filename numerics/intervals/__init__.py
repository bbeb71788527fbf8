"""Interval arithmetic and Taylor forms: quantities enclosed over whole intervals of radii."""
