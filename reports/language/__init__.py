"""The statement language: text that is parsed by an allow-list, never evaluated."""
