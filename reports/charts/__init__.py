"""What ``--plot`` draws: a quantity as a curve, the iterates of EM, both sides of claims; each with its data."""
