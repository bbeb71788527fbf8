"""The paper *Learning Overspecified Gaussian Mixtures Exponentially Fast with the EM Algorithm* (arXiv 2506.11850)."""
