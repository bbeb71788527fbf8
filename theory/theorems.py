"""The standard theorems that derivations cite, by name; a step that cites one says why its hypotheses hold."""

from collections.abc import Mapping
from pathlib import Path

from emtheory.theory.toml_text import words

THEOREMS: Mapping[str, str] = words(Path(__file__).with_suffix(".toml"))
"""Name → statement."""

LAWS: Mapping[str, str] = words(Path(__file__).with_name("theorem_laws.toml"))
"""Name of a theorem about data of one kind → the hypotheses of which a step that cites it has to rest on one; `BOUND`
where the step has to be given a bound."""

BOUND = "a bound"
