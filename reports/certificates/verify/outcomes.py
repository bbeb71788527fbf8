"""What can come of a certificate, and how far this program goes to find out."""

ACCEPTED = "accepted"
REJECTED = "rejected"
BAD = "bad"
"""It is no certificate, or cannot be read."""
NOT_COVERED = "not covered"
"""It is about something that this program does not know."""
UNDECIDED = "not decided"
"""It is covered, and the limits of time, memory or effort end the work."""

MAX_BYTES = 20_000_000
"""Of a file: a choice, as are all of these."""
MAX_DEFINITION = 200_000
"""Characters of a model."""
MAX_NODES = 60_000
"""Of an integral."""
MAX_PARTS = 40_000
"""Into which one cell is divided."""
MAX_CELLS = 4000
"""Of all shells that starts are in."""
MAX_BITS = 200_000
"""Of the coefficients of a power."""
MAX_TERMS = 2000
"""Of a polynomial."""
MAX_COMPONENTS = 100_000
"""Of a mixture."""
GOALS = (7, 14, 25, 45, 90, 180, 360)
"""Means are found to about e^(−goal), for one goal after the other."""


class OutcomeError(Exception):
    """What came of a certificate that is not accepted, and why."""

    def __init__(self, outcome, reason):
        super().__init__(outcome, reason)
        self.outcome, self.reason = outcome, reason


class MoreError(Exception):
    """The variable named has to be halved, or digits added (None)."""

    def __init__(self, variable):
        super().__init__(variable)
        self.variable = variable


def require(condition, reason, outcome=REJECTED):
    """Raise OutcomeError unless a condition holds."""
    if not condition:
        raise OutcomeError(outcome, reason)
