# Every target makes the environment it needs from locked versions (requirements.lock, with hashes).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: install report docs test test-long check notebooks kernel bench bench-quick bench-compare bench-report dist lock clean

install: $(VENV)/.installed

# Python compiles what is imported; most of the modules of these libraries never are.
$(VENV)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("emtheory needs Python 3.11 or newer: make PYTHON=python3.11 …") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	touch $@

# OPTIONS=--quick leaves out what takes long.
report: install
	$(BIN)/emtheory report --out report $(OPTIONS)

# The site in site/: the report, pages, reference from docstrings; every warning is an error.
docs: report
	$(BIN)/mkdocs build --strict

PYTEST := $(BIN)/python -m pytest -n auto --dist worksteal

test: install
	$(PYTEST) -m "not long"

# What test leaves out, and the property tests with more examples.
test-long: install
	$(PYTEST) -m "long or hypothesis" --hypothesis-profile=long

check: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# Has Rocq check the theorems for every dimension file by file, and coqchk them and all libraries; renews the record.
kernel: install
	$(BIN)/python -c 'from emtheory.reports.kernel.general import check_theory, record; r = check_theory(3600, again=True); record(r); print(r)'

# Stores what the notebooks in examples/ show.
notebooks: install
	$(BIN)/python -m tests.docs.notebooks

# Measures everything (a quarter of an hour on an idle machine) and renews docs/benchmarks.md.
bench: install
	$(BIN)/python -m benchmarks

# Makes the report twice, from an empty cache and with all results known, and renews its part of the page.
bench-report: install
	$(BIN)/python -m benchmarks --report

# The most important comparisons, in about two minutes; nothing is renewed.
bench-quick: install
	$(BIN)/python -m benchmarks --scale quick --out benchmarks-quick.json

# make bench-compare BASE=COMMIT: this tree and that commit in turn; which requests became faster or slower.
bench-compare: install
	$(BIN)/python -m benchmarks --base $(or $(BASE),main) --scale quick

# Builds wheel and sdist in dist/, and checks each in an empty environment; TAG=v0.2.0 must be the version.
dist: install
	.ci/dist $(BIN)/python $(TAG)

# Renews requirements.lock from pyproject.toml (needs uv).
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --extra dev --no-header --no-annotate pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) dist report site benchmarks-quick.json .pytest_cache .mypy_cache .ruff_cache .hypothesis
