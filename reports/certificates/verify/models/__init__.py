"""Models: mixtures of normals on a line, which a claim writes down or names."""
