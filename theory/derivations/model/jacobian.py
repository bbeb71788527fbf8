"""The Jacobian of the EM operator at the origin."""

import sympy
from sympy import Derivative, Subs

from emtheory.theory.fourier import generic_root
from emtheory.theory.mixture import generic_posterior
from emtheory.theory.proof.derivation import REAL, Derivation, Statement, Variable, related
from emtheory.theory.proof.meant.vectors import DATA, Frequency, Image, Inner, Mean, Vector
from emtheory.theory.proof.step import Step, equation, instance, meant
from emtheory.theory.proof.words import citation, definition
from emtheory.theory.sums import component, family, normalised, total

STATEMENT = Statement(__name__, "the Jacobian of $M$ at the origin is $I − AᵀA$")

_I, _J, _N, _M = (component(name) for name in "ijnm")
_WEIGHTS, _ALONG_E, _ALONG_H, _PRODUCT = family("pi", positive=True), family("a"), family("b"), family("c")
_ALONG_EIGENVECTOR, _EIGENVECTOR_PRODUCT = family("f", complex=True), family("q", complex=True)
_T = sympy.Symbol("t", real=True)
_INNER, _SLOPE, _IMAGES = sympy.symbols("⟨e|h⟩ ⟨e|J_M(0)h⟩ ⟨Ae|Ah⟩", real=True)
_COMPONENT, _COMPONENT_SLOPE = sympy.symbols("⟨f_m|h⟩ ⟨f_m|J_M(0)h⟩", complex=True)
_MODULUS = sympy.Symbol("|π̂_m|²", nonnegative=True)
_NAMES = {
    _ALONG_E[_J]: Inner(DATA, Image(_J, Vector("e"))),
    _ALONG_H[_J]: Inner(DATA, Image(_J, Vector("h"))),
    _PRODUCT[_I, _J]: Inner(Image(_I, Vector("e")), Image(_J, Vector("h"))),
    _INNER: Inner(Vector("e"), Vector("h")),
    _ALONG_EIGENVECTOR[_J]: Inner(DATA, Image(_J, Frequency(_M))),
    _COMPONENT: Inner(Frequency(_M), Vector("h")),
    _EIGENVECTOR_PRODUCT[_I, _J]: Inner(Image(_I, Frequency(_M)), Image(_J, Vector("h"))),
}


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_INNER, REAL, "the inner product of any two vectors"),
            Variable(
                _COMPONENT, sympy.S.Complexes, "the component of $h$ along an eigenvector of $R$ of frequency $m$"
            ),
        ),
        hypotheses=("weights", "orthogonal maps", "cyclic maps", "normal data"),
        exist_under=dict.fromkeys((_SLOPE, _COMPONENT_SLOPE), ("weights",)),
        conclusions=(
            related(_SLOPE, "==", _INNER - _IMAGES),
            related(_COMPONENT_SLOPE, "==", (1 - _MODULUS) * _COMPONENT),
        ),
        note=(
            "for all $e$ and $h$, so $J_M(0) = I − AᵀA$; its eigenvalues in the cyclic case are $1 − |π̂_m|²$, and "
            "0 on the complement of the simplex, where $A = I$"
        ),
        source="Lemma 5 of the paper (Hessian at the origin)",
        scope="every $k$, any positive weights, any $d$; the first conclusion for any orthogonal maps",
        steps=(*_slope_steps(), *_frequency_steps()),
    )


def _image(along: sympy.IndexedBase) -> sympy.Expr:
    """⟨e, m(x; th)⟩ = Σ_j γ_j⟨U_je, x⟩ for the family of the ⟨U_je, x⟩."""
    return total(generic_posterior(_WEIGHTS, lambda other: _T * _ALONG_H[other], _J) * along[_J], _J)


def _mean(value: sympy.Expr) -> sympy.Expr:
    return Mean(value, (_ALONG_E, _ALONG_H))


def _slope_steps() -> tuple[Step, ...]:
    image, product = _image(_ALONG_E), _mean(_ALONG_E[_J] * _ALONG_H[_J])
    return (
        definition(
            "At $θ = th$ the exponents are $t b_j$, $b_j = ⟨X, U_jh⟩$. With $a_j = ⟨X, U_je⟩$, $⟨e, M(th)⟩ = E ∑_j "
            "γ_ja_j$, and $⟨e, J_M(0)h⟩$ is its derivative at 0.",
            _SLOPE,
            Subs(Derivative(_mean(image), _T), _T, 0),
            label="slope",
        ),
        citation(
            "dominated convergence",
            "The derivative of $∑_j γ_ja_j$ is at most $2‖X‖²‖e‖‖h‖$ for every $t$, which is integrable.",
            related(Subs(Derivative(_mean(image), _T), _T, 0), "==", _mean(Subs(Derivative(image, _T), _T, 0))),
            label="exchange",
            under=("normal data",),
        ),
        equation(
            "At $t = 0$ that derivative is the covariance of $a$ and $b$ under $π$, the $π_j$ divided by their sum, 1.",
            _SLOPE,
            total(normalised(_WEIGHTS, _J) * product, _J) - _mean(_mean_image(_ALONG_E) * _mean_image(_ALONG_H)),
            given=("slope", "exchange"),
            label="covariance",
        ),
        meant(
            "$E⟨X, u⟩⟨X, v⟩ = ⟨u, v⟩$, so $E a_jb_j = ⟨U_je, U_jh⟩$, which is $⟨e, h⟩$, as $U_j$ is orthogonal.",
            related(product, "==", _INNER),
            _NAMES,
            label="orthogonal",
            under=("normal data", "orthogonal maps"),
        ),
        meant(
            "With $c_{ij} = ⟨U_ie, U_jh⟩$,",
            related(_mean(_mean_image(_ALONG_E) * _mean_image(_ALONG_H)), "==", _mean_product(_PRODUCT)),
            _NAMES,
            label="moments",
            under=("normal data",),
        ),
        definition("With $A = ∑_j π_jU_j$, $⟨Ae, Ah⟩ = ∑_{ij} π_iπ_j c_{ij}$.", _IMAGES, _mean_product(_PRODUCT)),
        equation(
            "$⟨e, J_M(0)h⟩ = ⟨e, h⟩ − ⟨Ae, Ah⟩$ for all $e$ and $h$: $J_M(0) = I − AᵀA$.",
            _SLOPE,
            _INNER - _IMAGES,
            given=("covariance", "orthogonal", "moments"),
            label="Jacobian",
        ),
    )


def _mean_image(along: sympy.IndexedBase) -> sympy.Expr:
    return total(normalised(_WEIGHTS, _J) * along[_J], _J)


def _mean_product(product: sympy.IndexedBase) -> sympy.Expr:
    return total(normalised(_WEIGHTS, _J) * total(normalised(_WEIGHTS, _I) * product[_J, _I], _I), _J)


def _frequency_steps() -> tuple[Step, ...]:
    random = (_ALONG_EIGENVECTOR, _ALONG_H)
    transform = total(normalised(_WEIGHTS, _J) * generic_root(-_J * _M), _J)
    conjugate = total(normalised(_WEIGHTS, _I) * generic_root(_I * _M), _I)
    return (
        definition("$|π̂_m|²$, with $π̂_m = ∑_j π_je^{2πijm/k}$.", _MODULUS, transform * conjugate),
        definition(
            "Let $f_m$ be an eigenvector of $R$ of frequency $m$. By linearity over the complex numbers, the same "
            "holds for $e = f_m$:",
            _COMPONENT_SLOPE,
            Subs(Derivative(Mean(_image(_ALONG_EIGENVECTOR), random), _T), _T, 0),
        ),
        instance(
            "The identity, with $q_{ij} = ⟨R^if_m, R^jh⟩$.",
            related(_COMPONENT_SLOPE, "==", _COMPONENT - _mean_product(_EIGENVECTOR_PRODUCT)),
            "Jacobian",
            {_INNER: _COMPONENT, _PRODUCT: _EIGENVECTOR_PRODUCT, _ALONG_E: _ALONG_EIGENVECTOR},
            label="Jacobian in frequency",
        ),
        meant(
            "$⟨R^jf_m, R^ih⟩ = ⟨R^{j−i}f_m, h⟩$, and $R$ multiplies $f_m$ by a root of unity.",
            related(_EIGENVECTOR_PRODUCT[_J, _I], "==", generic_root((_I - _J) * _M) * _COMPONENT),
            _NAMES,
            label="frequency",
            under=("cyclic maps",),
        ),
        equation(
            "$AᵀA$ multiplies the component of frequency $m$ by $|π̂_m|²$: the eigenvalues of $J_M(0)$ are $1 − "
            "|π̂_m|²$, and 0 on the complement of the simplex, where $A = I$.",
            _COMPONENT_SLOPE,
            (1 - _MODULUS) * _COMPONENT,
            given=("Jacobian in frequency", "frequency"),
        ),
    )
