"""What is derived of a model, as text: for the shell, and for a page on claims about it."""

from emtheory.theory.mixtures.derivation import ModelDerivation
from emtheory.theory.mixtures.expression import formula_text
from emtheory.theory.mixtures.means import shown
from emtheory.theory.mixtures.model import MixtureModel


def definition_lines(model: MixtureModel) -> list[str]:
    """Return a model as it was written down, line by line: its laws, and what is estimated."""
    lines = [f"{model.name}" + (f": {model.title}" if model.title else "")]
    if model.space is not None:
        last = f"; {model.observed[-1]} stands for all coordinates in which means are 0" if model.space.across else ""
        lines.append(f"  {model.space.text}{last}")
    for part, components in (("data", model.data), ("fit", model.fit)):
        for each in components:
            laws = (f"{law.kind}({', '.join(map(formula_text, law.arguments))})" for law in each.laws)
            described = ", ".join(f"{name} ~ {law}" for name, law in zip(model.observed, laws, strict=True))
            lines.append(f"  {part:4} weight {formula_text(each.weight)}: {described}")
    lines += [f"  {name} = {formula_text(value)}" for name, value in model.dependent]
    known = [each.name for each in model.parameters if each.name not in model.estimate]
    lines.append(f"  estimated: {', '.join(model.estimate)}" + (f"; known: {', '.join(known)}" if known else ""))
    return lines


def derivation_text(derived: ModelDerivation) -> str:
    """Return what is derived of a model, with what has checked it, as text."""
    model, lines = derived.model, definition_lines(derived.model)
    for each in derived.lines:
        lines += ["", f"{each.left} = {shown(each.formula, model)}", f"    {each.explanation}"]
        lines += [f"    checked: {each.checked}"] if each.checked else []
    lines += ["", "side conditions:"]
    lines += [f"  {each.standing}: {each.text}" for each in derived.conditions]
    lines += ["", "true of every finite mixture (emtheory derive general-em):"]
    for fact in derived.facts:
        premises = ", ".join(f"{each.text} ({each.standing})" for each in fact.premises)
        lines += [f"  {fact.words}", f"      {fact.formula}, if {premises}"]
    return "\n".join(lines)
