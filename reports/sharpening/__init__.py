"""The best constant with which a statement holds on a whole domain, from both sides."""
