"""Proofs that a program checks: formulas with quantifiers, steps, and their rules."""
