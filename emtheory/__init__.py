"""Machine-checked theory of the EM algorithm for overspecified Gaussian mixtures."""
