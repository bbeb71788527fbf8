"""Beyond the paper: other parameters, other tyings of the means, and samples where A is singular."""

from emtheory.theory.claim import BEYOND

CHAPTER = BEYOND
