"""Cold caches: what emtheory keeps between calls is forgotten, whatever commit it is of."""

import sys


def cold_caches() -> None:
    """Clear every function's cache in the modules of emtheory, so that no computation is timed that was made before."""
    for name, module in list(sys.modules.items()):
        if name.startswith("emtheory"):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()
