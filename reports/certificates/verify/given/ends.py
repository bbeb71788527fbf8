"""Ends that are recorded, and whether they contain what was found."""

from flint import arb

from ..outcomes import UNDECIDED, require
from ..reading import number


def contains(place, recorded, found):
    """Raise OutcomeError unless recorded ends, in objects and lists, contain what was found."""
    if isinstance(found, dict):
        require(set(recorded) == set(found), f"{place}: other names")
        for name, each in found.items():
            contains(f"{place}.{name}", recorded[name], each)
        return
    require(set(recorded) == {"lower", "upper"}, f"{place}: other keys")
    within(place, recorded["lower"], recorded["upper"], found)


def within(place, lower, upper, found):
    """Raise OutcomeError unless ends contain a ball, or lists of them."""
    if isinstance(found, list):
        require(len(lower) == len(upper) == len(found), f"{place}: another size")
        for low, high, each in zip(lower, upper, found, strict=True):
            within(place, low, high, each)
        return
    low, high = arb(number(lower)), arb(number(upper))
    require(not (found < low or found > high), f"{place}: it is {float(found.mid()):.12g}")
    require(low <= found <= high, f"{place}: it is not known narrowly enough", UNDECIDED)
