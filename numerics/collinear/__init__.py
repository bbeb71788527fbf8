"""Mixtures of several normals on a line: posterior means, EM with free means, certified local maxima."""
