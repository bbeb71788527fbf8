"""What is wrong with a request, whichever part of the program finds it, or with a derivation."""


class InputError(ValueError):
    """The request is malformed: the message names the value and says what would be valid."""


class DerivationError(ValueError):
    """A step of a derivation is not true, or says nothing, or does not lead to the statement."""
