"""EM on given data with every rounding error bounded: what its certificates are made of (docs/error-bounds.md, 14)."""
