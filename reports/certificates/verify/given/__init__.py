"""Certificates about data that lie beside them: fits of mixtures, and mixing distributions."""
