"""Statements about two or three components at a point, over radii, or over boxes of weights and radius."""
