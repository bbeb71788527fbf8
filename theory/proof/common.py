"""Steps by what names stand for that many derivations share: moments of the data, exponents, and weights."""

import sympy

from emtheory.theory.proof.formula import related
from emtheory.theory.proof.meant.vectors import DATA, Image, Inner, Mean, Vector, Vertex
from emtheory.theory.proof.step import Step, either, inequality, instance, meant
from emtheory.theory.proof.words import assumption
from emtheory.theory.sums import COUNT, DIMENSION, component, family, total


def integrable() -> Step:
    """Make the step E‖X‖² = d for normal data: what is below a multiple of it is dominated."""
    square = sympy.Symbol("‖X‖²", nonnegative=True)
    names = {square: Inner(DATA, DATA)}
    said = related(Mean(square, (square,)), "==", DIMENSION)
    return meant("$‖X‖²$ has a mean,", said, names, label="integrable", under=("normal data",))


def centred() -> Step:
    """Make the step E⟨X, U_jθ⟩ = 0 for normal data."""
    product = sympy.Symbol("⟨X|U_jθ⟩", real=True)
    names = {product: Inner(DATA, Image(component("j"), Vector("θ")))}
    said = related(Mean(product, (product,)), "==", 0)
    return meant("The data are centred:", said, names, label="centred", under=("normal data",))


def exponents(radius: sympy.Expr) -> Step:
    """Make the step that exponents on the simplex differ as independent ones of variance r²k/(k − 1) do."""
    i, j, y, same = component("i"), component("j"), family("y"), family("δ")
    return meant(
        "The differences of the exponents $y_j = ⟨X, U_jθ⟩$ have the variances of those of such independent numbers.",
        related(Mean((y[i] - y[j]) ** 2, (y,)), "==", 2 * radius**2 * COUNT / (COUNT - 1) * (1 - same[i, j])),
        {y[j]: radius * Inner(DATA, Image(j, Vertex(0))), same[i, j]: sympy.KroneckerDelta(i, j)},
        label="exponents",
        under=("simplex", "normal data"),
    )


def uniform() -> Step:
    """Make the step that weights 1/k are a factor of a sum of exponentials."""
    j, y, weights = component("j"), family("y"), family("pi", positive=True)
    sums = total(weights[j] * sympy.exp(y[j]), j), total(sympy.exp(y[j]), j) / COUNT
    said = related(sums[0], "==", sums[1])
    return meant("Weights of $1/k$ are a factor:", said, {}, label="uniform", under=("uniform weights",))


def above_tangent(power: sympy.Expr, *, label: str) -> tuple[Step, ...]:
    """Make the steps 1 + y ≤ e^y for a real y, which may be of either sign."""
    t = sympy.Symbol("t", nonnegative=True)
    sides = {f"{label}, {side}": sign for side, sign in (("right", 1), ("left", -1))}
    said = related(1 + power, "<=", sympy.exp(power))
    steps: list[Step] = []
    for side, sign in sides.items():
        steps += [
            inequality("For $t ≥ 0$", related(1 + sign * t, "<=", sympy.exp(sign * t)), label=f"{side}, tangent"),
            assumption("and where", related(0, "<=", sign * power), label=f"{side} of 0"),
            instance(
                "for $t$ the size of this",
                said,
                f"{side}, tangent",
                {t: sign * power},
                within=(f"{side} of 0",),
                label=side,
            ),
        ]
    return *steps, either("So in both cases", said, {side: f"{side} of 0" for side in sides}, label=label)
