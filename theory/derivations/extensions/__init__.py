"""Other groups, data, covariances and finite samples."""
