"""Fits of mixtures to given data, certified: stationary points, their kind, EM's rate and its ball."""
