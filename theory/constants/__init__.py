"""How sharp the explicit constants of our inequalities are: one line for each, by the topic of its derivation."""

from emtheory.theory.constants.constant import Constant
from emtheory.theory.constants.extensions import EXTENSIONS
from emtheory.theory.constants.rates import RATES
from emtheory.theory.constants.samples import SAMPLES
from emtheory.theory.constants.shape import SHAPE

__all__ = ["CONSTANTS", "Constant", "constants_of"]

CONSTANTS: tuple[Constant, ...] = (*RATES, *SAMPLES, *SHAPE, *EXTENSIONS)


def constants_of(entry: str) -> tuple[Constant, ...]:
    """Return the constants of an entry of the catalogue, by its id."""
    return tuple(constant for constant in CONSTANTS if constant.entry == entry)
