"""What is wrong with a request, whichever part of the program finds it."""


class InputError(ValueError):
    """The request is malformed: the message names the value and says what would be valid."""
