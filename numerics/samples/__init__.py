"""EM from its definition in floating point, on samples and the population: the independent witness."""
