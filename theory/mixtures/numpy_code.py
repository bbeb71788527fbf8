"""EM for a model as a program in NumPy alone, for samples."""

import keyword

import sympy
from sympy.printing.numpy import NumPyPrinter

from emtheory.theory.mixtures.densities import log_components
from emtheory.theory.mixtures.em_step import em_step
from emtheory.theory.mixtures.means import Mean, means_in
from emtheory.theory.mixtures.model import MixtureModel


def numpy_code(model: MixtureModel) -> str:
    """Return a module with `posteriors`, `em_step` and `em`, which takes data as arrays, one for each coordinate."""
    printer = NumPyPrinter({"fully_qualified_modules": False})
    names = [_safe(each.name) for each in model.parameters]
    renamed = {each.symbol: sympy.Symbol(_safe(each.name), real=True) for each in model.parameters}
    renamed |= {x: sympy.Symbol(_safe(x.name), real=True) for x in model.coordinates}
    data = [_safe(name) for name in model.observed]
    update = em_step(model).update
    title = "".join(character for character in model.name if character.isalnum() or character in " -_.")
    means = dict.fromkeys(mean for value in update.values() for mean in means_in(value))
    code = [
        f'"""EM for the mixture {title!r}, written by emtheory; it needs NumPy only."""',
        "",
        "import numpy as np",
        "from numpy import abs, cos, exp, log, pi, sin, sqrt  # noqa: A004",
        "",
        "",
        f"def posteriors({', '.join((*data, *names))}):",
        '    """The posterior of each component (rows) at each observation (columns)."""',
        "    logs = np.stack([",
        *(f"        {printer.doprint(log.subs(renamed))} + 0 * {data[0]}," for log in log_components(model)),
        "    ])",
        "    terms = np.exp(logs - logs.max(axis=0))",
        "    return terms / terms.sum(axis=0)",
        "",
        "",
        f"def em_step({', '.join((*data, *names))}):",
        f'    """The parameters {", ".join(model.estimate)} after one step of EM on the sample."""',
        f"    g = posteriors({', '.join((*data, *names))})",
        *(f"    {mean.symbol.name} = np.mean({_product(mean, data)})" for mean in means),
        *(f"    new_{_safe(name)} = {printer.doprint(value.subs(renamed))}" for name, value in update.items()),
        f"    return {', '.join(f'new_{_safe(name)}' for name in model.estimate)},",
        "",
        "",
        f"def em({', '.join((*data, *names))}, steps=100):",
        '    """The same after some steps."""',
        "    for _ in range(steps):",
        f"        {', '.join(map(_safe, model.estimate))}, = em_step({', '.join((*data, *names))})",
        f"    return {', '.join(map(_safe, model.estimate))},",
    ]
    return "\n".join(code)


def _product(mean: Mean, data: list[str]) -> str:
    parts = [f"g[{j}]" for j in mean.posteriors]
    parts += [name if a == 1 else f"{name}**{a}" for name, a in zip(data, mean.x, strict=True) if a]
    return " * ".join(parts) or "1.0"


def _safe(name: str) -> str:
    """A parameter's name, which is an identifier, where it is not one of the program's own."""
    own = {
        "np",
        "g",
        "em",
        "em_step",
        "posteriors",
        "steps",
        "logs",
        "terms",
        "abs",
        "cos",
        "exp",
        "log",
        "pi",
        "sin",
        "sqrt",
    }
    return f"{name}_" if name in own or keyword.iskeyword(name) or name.startswith(("E_x", "new_")) else name
