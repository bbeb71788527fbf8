"""Single requests, from cold caches: what users wait for.

The same requests are those that `make bench-compare` sets beside an earlier commit's.
"""

from collections.abc import Iterator

from benchmarks.comparison import Comparison, Scale, Side, Target
from benchmarks.workloads import chosen


def measured(scale: Scale) -> Iterator[Comparison]:
    for workload in chosen(scale):
        targets = ()
        if workload.seconds is not None:
            says = f"{workload.name}: in {workload.seconds:g} s at most"
            targets = (Target(says, workload.seconds, otherwise=workload.otherwise),)
        yield Comparison(workload.name, (Side("emtheory", workload.run),), targets)
