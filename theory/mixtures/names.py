"""What parameters, coordinates and shorthands of a model may be called: what has a name already is taken."""

import keyword
import re
from collections.abc import Mapping
from types import MappingProxyType

from emtheory.theory.errors import ModelError, Path
from emtheory.theory.mixtures.expression import FUNCTIONS
from emtheory.theory.mixtures.model import ARGUMENTS

QUANTITIES = (
    "em_map",
    "em_jacobian",
    "em_rate",
    "log_likelihood",
    "kl_divergence",
    "score",
    "observed_information",
    "complete_information",
    "hessian_min_eigenvalue",
    "hessian_max_eigenvalue",
    "em_iterate",
    "posterior",
    "stationary_point",
    "local_maximum",
    "kl_at_local_maximum",
    "fixed_point_count",
    "sample_deviation",
)
"""Names of the quantities of every model."""

CLAIM_KEYS = (
    "id",
    "statement",
    "k",
    "weights",
    "family",
    "model",
    "values",
    "d",
    "radius",
    "amplitudes",
    "for_all",
    "assume",
    "expect",
    "sharpen",
    "title",
    "source",
    "quote",
    "reading",
    "chapter",
)
"""Keys of a claim, beside which its model's parameters stand."""

RESERVED: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(CLAIM_KEYS, "a key of claims")
    | dict.fromkeys((*FUNCTIONS, "min", "max", *ARGUMENTS), "a function")
    | dict.fromkeys(("pi", "inf", "e"), "a number")
    | dict.fromkeys(QUANTITIES, "a quantity")
)
"""Name → what has it already."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}")


def check_name(name: str, path: Path, taken: Mapping[str, str]) -> None:
    """Check that something new may be called `name`; `taken` says what has a name already."""
    if not _NAME.fullmatch(name):
        problem = "a name has at most 31 letters, digits and underscores, a letter first"
    elif keyword.iskeyword(name):
        problem = (
            f"this word is reserved in formulas; write {name[:3]}" if name == "lambda" else "this word is reserved"
        )
    elif name.startswith("amplitude_"):
        problem = "names that begin so are those of amplitudes"
    elif name in taken:
        problem = f"this name is that of {taken[name]} already"
    else:
        return
    raise ModelError(path, f"{name[:40]!r}: {problem}")
