"""Mixing distributions that maximise the likelihood, for normal kernels of known variance, with certified gaps."""
