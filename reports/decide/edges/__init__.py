"""Edges of boxes: where sides that touch are told apart by exact limits and what is left after a division."""
