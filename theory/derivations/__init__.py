"""The statements the program derives, one module each; SymPy is imported only when one is derived."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from theory.derivation import Derivation

__all__ = ["STATEMENTS", "Statement", "derive"]


@dataclass(frozen=True)
class Statement:
    """A statement that can be derived.

    Attributes
    ----------
    title
        Its headline.
    largest_k
        The largest k that the derivation for one k handles in seconds; 0 if there is only the one for every k.
    general
        Whether there is a derivation for every k.
    smallest_k
        The smallest k of the derivation for one k.
    """

    title: str
    largest_k: int
    general: bool = False
    smallest_k: int = 2


STATEMENTS: Mapping[str, Statement] = MappingProxyType(
    {
        "simplex": Statement("the rotation R of the regular simplex", 16, general=True),
        "dft": Statement("the Fourier transform of the weights", 12, general=True),
        "matrix-a": Statement("A = Σ π_j R^j and its eigenvalues", 12, general=True),
        "em-operator": Statement("the EM operator M(θ) from the surrogate it maximises", 12, general=True),
        "gradient": Statement("EM is gradient descent with unit step", 12, general=True),
        "stein-identity": Statement("M(θ) = (I − B(θ))θ with B = E GᵀG", 5, general=True),
        "jacobian": Statement("the Jacobian of M at the origin is I − AᵀA", 10, general=True),
        "hessian": Statement("the Hessian of the objective is at most I, and AᵀA at the origin", 5, general=True),
        "amplitudes": Statement("Λ and the Hessian as functions of the amplitudes", 5),
        "kl-expansion": Statement("uniform weights: KL = r⁴/(4(k−1)) + O(r⁶) and its sublinear rate", 16, general=True),
        "pl-inequality": Statement("the PL inequality and its constant", 0, general=True),
        "descent": Statement("O(log 1/ε) iterations from a PL constant", 0, general=True),
        "global-convergence": Statement("EM converges linearly from every start", 0, general=True),
        "contraction-bound": Statement("an explicit bound on the contraction factor", 0, general=True),
        "degenerate-directions": Statement("KL and EM along directions that A annihilates", 0, general=True),
        "necessity": Statement("the DFT condition is necessary for an exponential rate", 0, general=True),
        "group-dihedral": Statement("A for the dihedral group D_k of the plane (k = 2: Klein's four group, 3: S_3)", 8),
        "group-dicyclic": Statement("A for the dicyclic group of order 4k on R⁴ (k = 2: the quaternion group)", 6),
        "covariance-blocks": Statement("EM for θ, a common covariance and the weights: its Jacobian", 4, general=True),
        "data-law": Statement("the Jacobian at the origin for data of any law", 3, general=True),
        "flat-spectrum": Statement("weights with equal |π̂_m|: perfect difference sets", 0, general=True),
        "simplex-classification": Statement("four components: which weights keep the simplex", 4, smallest_k=4),
        "lloyd-centroid": Statement("Lloyd's fixed point for every rotation-invariant law", 0, general=True),
        "lloyd-square": Statement("Lloyd's algorithm has other fixed points: the square", 4, smallest_k=4),
        "lloyd-radius": Statement("Lloyd's radius in closed form", 5),
        "fisher-information": Statement("the Fisher information, and n^{−1/4} where it vanishes", 0, general=True),
        "convexity-two": Statement("two components: strict convexity everywhere", 2),
        "convexity-radius": Statement("an explicit radius of strong convexity", 0, general=True),
        "sidak-bound": Statement("a bound on the contraction factor by total variation", 0, general=True),
    }
)


@cache
def derive(name: str, k: int | None = 3) -> "Derivation":
    """Derive a statement, checking every step; a derivation that was made is kept.

    Parameters
    ----------
    name
        A key of `STATEMENTS`.
    k
        Number of components, from the statement's ``smallest_k`` to its ``largest_k``; None for the derivation for
        every k.

    Raises
    ------
    ValueError
        For an unknown statement, a k outside its range, or None where there is no general derivation.
    theory.derivation.DerivationError
        If a step fails its check.
    """
    statement = STATEMENTS.get(name)
    if statement is None:
        raise ValueError(f"no statement {name!r}; there are {', '.join(STATEMENTS)}")
    if k is None and not statement.general:
        raise ValueError(f"{name} is derived for one k at a time, not for every k at once")
    if k is not None and not statement.smallest_k <= k <= statement.largest_k:
        limits = (
            f"for {statement.smallest_k} <= k <= {statement.largest_k}"
            if statement.largest_k
            else "for every k at once"
        )
        raise ValueError(f"{name} is derived {limits}, not for k = {k}")
    module = import_module(f"theory.derivations.{name.replace('-', '_')}")
    derivation: Derivation = module.derive_general() if k is None else module.derive(k)
    return derivation
