"""Beyond the paper: other parameters, other tyings of the means, and samples where A is singular."""
