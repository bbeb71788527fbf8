"""Answers requests for quantities, one JSON document a line, with the `emtheory` that PYTHONPATH names.

A program of its own: `benchmarks/against.py` runs it once for each commit.
"""

import importlib.util
import json
import resource
import sys
import time
from pathlib import Path
from types import ModuleType


def load(name: str) -> ModuleType:
    """Import a module that lies beside this file, whatever tree `emtheory` comes from."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def answer(request: dict, workloads: ModuleType, cold_caches: object) -> dict:
    """Return processor seconds a call, the ends of the value and peak memory in MiB; or what went wrong."""
    workload = workloads.Workload(**request["workload"])
    total = 0.0
    for _ in range(request["calls"]):
        cold_caches()
        start = time.process_time()
        try:
            value = workload.run()
        except Exception as error:  # a request that one of the commits cannot meet is a result
            return {"error": f"{type(error).__name__}: {error}"}
        total += time.process_time() - start
    return {
        "seconds": max(total / request["calls"], 1e-9),
        "value": [str(value.lower), str(value.upper)],
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> None:
    workloads, caches = load("workloads"), load("caches")
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line), workloads, caches.cold_caches)), flush=True)


if __name__ == "__main__":
    main()
