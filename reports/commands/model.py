"""`emtheory model`: what SymPy derives of a model, each step checked, or EM for it in NumPy."""

import json
import re
from dataclasses import asdict
from pathlib import Path

import click
import sympy

from emtheory.numerics.errors import InputError
from emtheory.reports.checking.model_files import check_models, load_models, text_of_model
from emtheory.reports.exit_code import ExitCode
from emtheory.theory.mixtures.derivation import ModelDerivation, derive_model, latex
from emtheory.theory.mixtures.derivation_text import derivation_text
from emtheory.theory.mixtures.means import shown
from emtheory.theory.mixtures.numpy_code import numpy_code
from emtheory.theory.mixtures.reading import model_of


def run(file: Path, name: str | None, form: str) -> ExitCode:
    """Print the models of a file, or one of them, as ``text``, ``latex``, ``json`` or ``python``."""
    found = load_models([file])
    check_models(found, None if name is None else ())
    texts = [each.text for each in found.values()] if name is None else [text_of_model(name, found)]
    chosen = [model_of(text) for text in texts]
    if form == "python":
        if len(chosen) > 1:
            raise InputError(f"--python is for one model: name one of {', '.join(found)}")
        click.echo(numpy_code(chosen[0]))
        return ExitCode.OK
    derived = [derive_model(model) for model in chosen]
    if form == "json":
        click.echo(
            json.dumps({"schema": 1, "models": [_document(each) for each in derived]}, indent=2, ensure_ascii=False)
        )
        return ExitCode.OK
    click.echo("\n\n".join(map(_latex if form == "latex" else derivation_text, derived)))
    return ExitCode.OK


def _latex(derived: ModelDerivation) -> str:
    rows = [rf"{_left(each.left)} &= {latex(each.formula, derived.model)} \\" for each in derived.lines]
    return "\n".join([r"\begin{align*}", *rows, r"\end{align*}"])


def _left(text: str) -> str:
    """A left side in LaTeX: quantities upright, parameters as they are in formulas."""

    def word(found: re.Match[str]) -> str:
        if found[0] == "at" or text[found.end() :].startswith("("):
            return rf"\mathrm{{{found[0]}}}".replace("_", r"\_").replace("{at}", "{~at~}")
        return str(sympy.latex(sympy.Symbol(found[0])))

    return re.sub(r"[^\W\d]\w*", word, text).replace("γ", r"\gamma").replace("∂", r"\partial ")


def _document(derived: ModelDerivation) -> dict[str, object]:
    model = derived.model
    return {
        "name": model.name,
        "title": model.title,
        "definition": json.loads(model.text),
        "lines": [
            {
                "label": each.label,
                "left": each.left,
                "right": shown(each.formula, model),
                "latex": latex(each.formula, model),
                "explanation": each.explanation,
                "checked": each.checked,
            }
            for each in derived.lines
        ],
        "conditions": list(map(asdict, derived.conditions)),
        "facts": list(map(asdict, derived.facts)),
    }
