"""Proofs that a program checks: formulas with quantifiers, steps, their rules, and mutants of them."""
