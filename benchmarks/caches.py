"""Cold caches: what emtheory keeps between calls is forgotten, whatever commit it is of."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emtheory.numerics.case import Case


def cold_caches() -> None:
    """Clear every function's cache in the modules of emtheory, so that no computation is timed that was made before."""
    for name, module in list(sys.modules.items()):
        if name.startswith("emtheory"):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def evaluated(name: str, case: "Case", arguments: Mapping[str, Any], digits: int, route: str) -> Any:
    """Evaluate a quantity on a copy of the case, for which nothing is computed yet."""
    from emtheory.numerics.evaluate import evaluate  # noqa: PLC0415

    return evaluate(name, replace(case), arguments, digits, route)
