"""Finite mixtures that a user writes down: what a model is, and what SymPy derives of it.

`reading` makes a model of a table of text, `em_step` solves the M-step, `derivatives` differentiates in the ring of
polynomials in the observation and the posteriors, `derivation` says all of it step by step.
"""
