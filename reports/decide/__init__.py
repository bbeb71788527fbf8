"""From a claim to a verdict: domains, covers (`cover_…`), and the small function that decides."""
