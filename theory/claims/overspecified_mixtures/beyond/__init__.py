"""Beyond the paper: rates, bounds and other settings."""
