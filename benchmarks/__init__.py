"""Speed as a tested property: both sides of every comparison in one run, with the accuracy that each reaches.

``make bench`` (or ``python -m benchmarks``) measures everything and renews the page `docs/benchmarks.md`,
``make bench-quick`` takes a minute or two and shows its tables only, ``make bench-compare BASE=commit`` sets this tree
beside an earlier commit, ``make bench-report`` is about the whole report.
"""
