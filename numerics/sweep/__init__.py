"""Many quantities on many cases: a grid of cells, computed side by side and kept in a store."""
