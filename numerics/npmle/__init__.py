"""Mixing distributions that maximise the likelihood, with certified gaps: NPMLE for normal kernels of known variance."""
