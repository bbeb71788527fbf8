"""A file, read as the JSON values of a certificate, and numbers in it. Whatever stands there is taken for hostile."""

import hashlib
import json
import os
import re
import stat
from fractions import Fraction

from flint import fmpq

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
MAX_BITS = 200_000
"""Of the coefficients of a power."""
MAX_TERMS = 2000
"""Of a polynomial."""
MAX_COMPONENTS = 100_000
"""Of a mixture."""
GOALS = (7, 14, 25, 45, 90, 130, 180, 360)
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


INFINITY = fmpq(10**20000)
"""Stands for an end that is infinite, where ends are compared; numbers that are read are smaller."""

PLAIN = "emtheory certificate"
ABOUT_DATA = {
    "emtheory fit certificate": "mixture parameters log_likelihood strict_local_maximum attracts eigenvalues em_rate "
    "ball alone_within standard_errors",
    "emtheory mixing certificate": "kernel mixing better tolerance gap log_likelihood atoms",
    "emtheory data certificate": "case ball fixed_points",
}
"""Formats, and what stands in each besides what stands in all that are about data."""
EXACT = re.compile(r"[-+]?[0-9./]{1,4000}([eE][-+]?[0-9]{1,4})?|-?inf")


def read(path):
    """Return a certificate as JSON values, with its fingerprint checked. Decimals in it are taken for their text."""
    try:
        found = json.loads(content_of(path), object_pairs_hook=unique, parse_float=str, parse_constant=str)
    except (OSError, ValueError, RecursionError) as error:
        raise OutcomeError(BAD, f"it cannot be read as JSON: {str(error)[:100]}") from None
    kind = found.get("format") if isinstance(found, dict) else None
    require(kind in (PLAIN, *ABOUT_DATA), "it is no certificate of emtheory", BAD)
    require(found.get("fingerprint") == fingerprint(found), "fingerprint: it is not that of the content")
    require(repr(found.get("version")) == "1", "version: only version 1 is known here")
    return found


def content_of(path):
    """Return the text of a regular file; ValueError if it is not UTF-8."""
    # Not blocking: a pipe to which nobody writes would be waited for.
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | getattr(os, "O_NONBLOCK", 0))) as file:
        require(stat.S_ISREG(os.fstat(file.fileno()).st_mode), "it is no regular file", BAD)
        content = file.read(MAX_BYTES + 1)
    require(len(content) <= MAX_BYTES, f"it has more than {MAX_BYTES} bytes", BAD)
    return content.decode()


def unique(pairs):
    """Return an object of JSON, in which each key stands once."""
    require(len(dict(pairs)) == len(pairs), "a key stands twice in one object")
    return dict(pairs)


def fingerprint(found):
    """Return the digest of all but the fingerprint itself, as JSON with sorted keys and without blanks."""
    content = {name: value for name, value in found.items() if name != "fingerprint"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def number(text):
    """Return the exact number that a text is; an infinite one is INFINITY, beyond all others that are read."""
    text = text.strip()
    require(EXACT.fullmatch(text), f"{text[:40]!r} is not an exact number")
    if text.endswith("inf"):
        return -INFINITY if text.startswith("-") else INFINITY
    return fmpq(*Fraction(text).as_integer_ratio())
