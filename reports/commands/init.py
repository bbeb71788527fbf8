"""`emtheory init`: a starter claims file and a CI job."""

from pathlib import Path

import click

from emtheory.numerics.errors import InputError
from emtheory.reports.atomic import write_atomically
from emtheory.reports.commands.install_source import requirement
from emtheory.reports.exit_code import ExitCode

_CLAIMS = '''\
# Claims about EM on overspecified Gaussian mixtures: `emtheory check claims.toml` checks them, and
# `emtheory report claims.toml` writes a page about them.
# `emtheory quantities` lists what can be spoken about. A claim passes if it is certified on all of its domain: points
# of it do not count, unless `--require supported` is added to the command of the job.
schema = 1
title = "How fast EM learns an overspecified mixture"
authors = ["Your name"]
paper = "arXiv 0000.00000, version 1"
setup = """
Data $N(0, I_d)$; fitted are $k$ normal components with known weights $π_j$, at the corners of a regular simplex."""

[[claim]]
id = "rate"
title = "EM contracts by 0.93 a step near the origin"
quote = "For weights (1/2, 3/10, 1/5) the error shrinks by 7 % a step."
reading = "The spectral radius of the Jacobian of EM at $θ = 0$ is $1 − min |π̂_m|² = 93/100$."
chapter = "Rates"
statement = "contraction_factor == 93/100"
k = 3
weights = ["1/2", "3/10", "1/5"]

[[claim]]
id = "rate-of-one-heavy-weight"
title = "A heavier component makes EM faster: the rate for every weight $W$ in an interval"
chapter = "Rates"
statement = "contraction_factor <= 1 - ((3*W - 1)/2)**2"
k = 3
weights = "one-heavy:W"
for_all = { W = ["1/2", "9/10"] }

[[claim]]
id = "contracts-everywhere"
title = "EM contracts at every radius up to 5, not only near the origin"
chapter = "Away from the origin"
statement = "posterior_power(m=1) >= 1/10"
k = 3
weights = "one-heavy:3/5"
for_all = { radius = [0, 5] }

[[claim]]
id = "uniform-weights-contract"
title = "A control: uniform weights are degenerate, so this must be refuted"
statement = "contraction_factor < 1"
k = [2, 3, 4]
weights = "uniform"
expect = "refuted"
'''

_GITHUB = """\
name: claims
on: [push, pull_request]
permissions:
  contents: read
jobs:
  claims:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.11"
      - run: python -m pip install "{requirement}"
      - run: emtheory check claims.toml --github --junit claims.xml --html claims.html
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: claims
          path: claims.html
"""

_GITLAB = """\
claims:
  image: python:3.11
  script:
    - python -m pip install "{requirement}"
    - emtheory check claims.toml --junit claims.xml --html claims.html
  artifacts:
    when: always
    paths: [claims.html]
    reports:
      junit: claims.xml
"""

JOBS = {"github": (".github/workflows/claims.yml", _GITHUB), "gitlab": (".gitlab-ci.yml", _GITLAB)}
"""CI system → name and content of its job."""


def run(folder: Path, ci: str, source: str | None) -> ExitCode:
    """Write the files; InputError, and nothing is written, if one exists or the source of CI is not pinned."""
    name, job = JOBS[ci]
    job = job.replace("{requirement}", requirement(source))
    files = {folder / "claims.toml": _CLAIMS, folder / name: job}
    for path in files:
        if path.exists() or path.is_symlink():
            raise InputError(f"{path} exists already; nothing was written")
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)
        click.echo(f"wrote {path}")
    click.echo(f"now run: emtheory check {folder / 'claims.toml'}, or emtheory report {folder / 'claims.toml'}")
    return ExitCode.OK
