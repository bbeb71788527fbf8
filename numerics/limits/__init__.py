"""Where EM for two means ±θ leads, over the engine: from infinity, by basins, and where fixed points merge."""
