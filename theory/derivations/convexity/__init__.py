"""Where the likelihood is strictly convex, and how far."""
