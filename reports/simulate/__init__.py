"""What runs of floating-point EM show, and what an experiment is."""
