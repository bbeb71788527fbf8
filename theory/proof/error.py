"""What a checker of proofs raises."""

__all__ = ["DerivationError"]


class DerivationError(ValueError):
    """A step of a derivation is not true, or says nothing, or does not lead to the statement."""
