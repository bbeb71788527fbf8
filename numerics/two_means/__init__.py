"""EM for two means ±θ with given weights, when the data are themselves a mixture of two normals in one dimension."""
