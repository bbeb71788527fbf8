"""The exact identity M(θ) = (I − B(θ))θ, from Stein's lemma."""

from collections.abc import Sequence
from itertools import product

import sympy
from sympy import Derivative, ImmutableMatrix, MatAdd, MatMul, Rational, Subs
from sympy.matrices import MatrixSet

from emtheory.theory.fourier import circulant, eigenvalue, eigenvectors, generic_root
from emtheory.theory.mixture import columns, free_weights, generic_posterior, posterior
from emtheory.theory.proof.derivation import REAL, Derivation, Statement, Variable, related
from emtheory.theory.proof.meant.vectors import DATA, Frequency, Image, Inner, Mean, Planar, Vector
from emtheory.theory.proof.step import Step, combination, equation, inequality, instance, meant
from emtheory.theory.proof.words import citation, definition
from emtheory.theory.simplex import shift
from emtheory.theory.sums import component, family, total

STATEMENT = Statement(__name__, "$M(θ) = (I − B(θ))θ$ with $B = E GᵀG$", 5)

_I, _J, _N, _M = (component(name) for name in "ijnm")
_WEIGHTS, _Y = family("pi", positive=True), family("y")
_PRODUCT, _OBSERVED = family("c"), family("b")
_GRAM, _DISTANCE = family("q"), family("d", nonnegative=True)
_FREQUENCY_PRODUCT, _FREQUENCY_OBSERVED = family("e", complex=True), family("f", complex=True)
_INNER, _OPERATOR, _BILINEAR = sympy.symbols("⟨h|θ⟩ ⟨h|M(θ)⟩ ⟨h|B(θ)θ⟩", real=True)
_SQUARE, _NORM = sympy.symbols("‖h‖² ‖Gh‖", nonnegative=True)
_FORM, _FORM_AT_ORIGIN, _A_SQUARE = sympy.symbols("⟨h|B(sθ)h⟩ ⟨h|B(0)h⟩ ‖Ah‖²", real=True)
_COMPONENT, _IMAGE_COMPONENT = sympy.symbols("⟨f_m|θ⟩ ⟨f_m|M(θ)⟩", complex=True)
_BETA = sympy.Symbol("beta_m", real=True)
_IN_PLANE, _ONE = family("p"), sympy.Symbol("‖c‖²", nonnegative=True)
_S = sympy.Symbol("s", real=True)
_RANDOM = (_Y, _OBSERVED)
_MEAN_OF_NORM = Mean((_NORM**2), (_Y, _NORM))


def _gamma(index: sympy.Symbol, shift: sympy.Expr = sympy.S.Zero) -> sympy.Expr:
    """γ_index at the observation X + s U_jh, with s as `shift`."""
    return generic_posterior(_WEIGHTS, lambda other: _Y[other] + shift * _PRODUCT[_J, other], index)


def _names() -> dict[sympy.Basic, sympy.Basic]:
    h, theta = Vector("h"), Vector("θ")
    return {
        _Y[_J]: Inner(DATA, Image(_J, theta)),
        _PRODUCT[_I, _J]: Inner(Image(_I, h), Image(_J, theta)),
        _INNER: Inner(h, theta),
        _SQUARE: Inner(h, h),
        _GRAM[_I, _J]: Inner(Image(_I, h), Image(_J, h)),
        _DISTANCE[_I, _J]: Inner(Image(_I, h) - Image(_J, h), Image(_I, h) - Image(_J, h)),
        _NORM: sympy.sqrt(Inner(total(_gamma_at(_I) * Image(_I, h), _I), total(_gamma_at(_J) * Image(_J, h), _J))),
        _COMPONENT: Inner(Frequency(_M), theta),
        _IN_PLANE[_I, _J]: Inner(Image(_I, Planar(_M)), Image(_J, Planar(_M))),
        _ONE: Inner(Planar(_M), Planar(_M)),
        _FREQUENCY_PRODUCT[_I, _J]: Inner(Image(_I, Frequency(_M)), Image(_J, theta)),
    }


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_INNER, REAL, "the inner product of any vector $h$ with $θ$"),
            Variable(_SQUARE, sympy.Interval(0, sympy.oo)),
            Variable(
                _COMPONENT, sympy.S.Complexes, "the component of $θ$ along an eigenvector of $R$ of frequency $m$"
            ),
        ),
        hypotheses=("weights", "orthogonal maps", "cyclic maps", "normal data"),
        exist_under=dict.fromkeys(
            (_OPERATOR, _BILINEAR, _FORM, _FORM_AT_ORIGIN, _IMAGE_COMPONENT, _BETA), ("weights",)
        ),
        conclusions=(
            related(_OPERATOR, "==", _INNER - _BILINEAR),
            related(0, "<=", _FORM),
            related(_FORM, "<=", _SQUARE),
            related(_FORM_AT_ORIGIN, "==", _A_SQUARE),
            related(_IMAGE_COMPONENT, "==", (1 - _BETA) * _COMPONENT),
            related(0, "<=", _BETA),
            related(_BETA, "<=", 1),
        ),
        note="for every $h$, at every point $θ$ or $sθ$: $M(θ) = (I − B(θ))θ$, $B(θ) = E[G(X; θ)ᵀG(X; θ)]$, $0 ⪯ "
        "B(θ) ⪯ I$ and $B(0) = AᵀA$; the fifth conclusion is $P_mM(θ) = (1 − "
        "β_m)P_mθ$, $β_m = E|γ̂_m|²$",
        source="not in the paper; Stein's lemma applied to its EM operator",
        scope="every $k$, any positive weights, any orthogonal maps, any $d$, every $θ$",
        steps=(*_identity_steps(), *_frequency_steps(), *_bound_steps(), *_plane_steps(), *_origin_steps()),
    )


def _identity_steps() -> tuple[Step, ...]:
    observed = total(_gamma(_J) * _OBSERVED[_J], _J)
    along = Subs(Derivative(_gamma(_J, _S), _S), _S, 0)
    return (
        definition(
            "With $y_j = ⟨X, U_jθ⟩$ the exponents and $b_j = ⟨X, U_jh⟩$, $⟨h, M(θ)⟩ = E ∑_j γ_j⟨U_jh, X⟩$.",
            _OPERATOR,
            Mean(observed, _RANDOM),
            label="M",
        ),
        definition(
            "With $c_{ij} = ⟨U_ih, U_jθ⟩$ and $G = ∑_j γ_jU_j$, $⟨h, B(θ)θ⟩ = E⟨Gh, Gθ⟩$.",
            _BILINEAR,
            Mean(total(_gamma(_J) * total(_gamma(_I) * _PRODUCT[_J, _I], _I), _J), _RANDOM),
            label="B",
        ),
        citation(
            "Stein's lemma",
            "$E γ_j⟨X, v⟩$ is the mean of the derivative of $γ_j$ along $v$, here for $v = U_jh$ and summed: from "
            "$X$ to $X + sU_jh$ the exponent $y_i$ grows by $s c_{ji}$. $γ_j$ is smooth with $0 < γ_j < 1$ and its "
            "gradient is at most $2‖θ‖$.",
            related(Mean(observed, _RANDOM), "==", Mean(total(along, _J), _RANDOM)),
            label="Stein",
            under=("normal data",),
        ),
        meant(
            "$⟨U_jh, U_jθ⟩ = ⟨h, θ⟩$ for every $j$, as $U_j$ is orthogonal.",
            related(_PRODUCT[_J, _J], "==", _INNER),
            _names(),
            label="orthogonal",
            under=("orthogonal maps",),
        ),
        equation(
            "That derivative is $γ_j(c_{jj} − ∑_i γ_ic_{ji})$, as $∇γ_j = γ_j(U_jθ − Gθ)$. So $⟨h, M(θ)⟩ = E ∑_j "
            "γ_j(⟨h, θ⟩ − ∑_i γ_ic_{ji})$, and the $γ_j$ sum to 1: for every $h$",
            _OPERATOR,
            _INNER - _BILINEAR,
            given=("M", "Stein", "orthogonal"),
            label="identity",
        ),
    )


def _frequency_steps() -> tuple[Step, ...]:
    def mean(value: sympy.Expr) -> sympy.Expr:
        return Mean(value, (_Y, _FREQUENCY_OBSERVED))

    transform = total(_gamma(_J) * generic_root(-_J * _M), _J)
    conjugate = total(_gamma(_I) * generic_root(_I * _M), _I)
    bilinear = mean(total(_gamma(_J) * total(_gamma(_I) * _FREQUENCY_PRODUCT[_J, _I], _I), _J))
    return (
        definition(
            "Let $f_m$ be an eigenvector of $R$ of frequency $m$. By linearity over the complex numbers, the same "
            "holds for $h = f_m$:",
            _IMAGE_COMPONENT,
            mean(total(_gamma(_J) * _FREQUENCY_OBSERVED[_J], _J)),
        ),
        definition("$|γ̂_m|²$, $γ̂_m = ∑_j γ_je^{2πijm/k}$, has the mean", _BETA, mean(transform * conjugate)),
        instance(
            "The identity, with $e_{ij} = ⟨R^if_m, R^jθ⟩$.",
            related(_IMAGE_COMPONENT, "==", _COMPONENT - bilinear),
            "identity",
            {_INNER: _COMPONENT, _PRODUCT: _FREQUENCY_PRODUCT, _OBSERVED: _FREQUENCY_OBSERVED},
            label="identity in frequency",
        ),
        meant(
            "$⟨R^jf_m, R^iθ⟩ = ⟨R^{j−i}f_m, θ⟩$, and $R$ multiplies $f_m$ by a root of unity.",
            related(_FREQUENCY_PRODUCT[_J, _I], "==", generic_root((_I - _J) * _M) * _COMPONENT),
            _names(),
            label="frequency",
            under=("cyclic maps",),
        ),
        equation(
            "$GᵀG$ acts on the component of frequency $m$ as $|γ̂_m|²$: $P_mM(θ) = (1 − E|γ̂_m|²)P_mθ$.",
            _IMAGE_COMPONENT,
            (1 - _BETA) * _COMPONENT,
            given=("identity in frequency", "frequency"),
        ),
    )


def _gamma_at(index: sympy.Symbol, scale: sympy.Expr = _S) -> sympy.Expr:
    return generic_posterior(_WEIGHTS, lambda other: scale * _Y[other], index)


def _mean_of_pairs(values: sympy.IndexedBase, scale: sympy.Expr) -> sympy.Expr:
    """E Σ_ij γ_iγ_j of the values, at the point sθ with s as `scale`."""
    return Mean(total(_gamma_at(_J, scale) * total(_gamma_at(_I, scale) * values[_J, _I], _I), _J), (_Y,))


def _bound_steps() -> tuple[Step, ...]:
    return (
        definition(
            "At $sθ$ the exponents are $s y_j$. With $q_{ij} = ⟨U_ih, U_jh⟩$ the form of $B(sθ)$ is $E ∑_{ij} "
            "γ_iγ_jq_{ij}$,",
            _FORM,
            _mean_of_pairs(_GRAM, _S),
            label="form",
        ),
        meant("the mean of $‖Gh‖²$,", related(_FORM, "==", _MEAN_OF_NORM), _names(), label="norm"),
        inequality("which is not negative,", related(0, "<=", _MEAN_OF_NORM), label="square"),
        combination("so $0 ⪯ B(sθ)$.", related(0, "<=", _FORM), {"square": 1, "norm": 1}, label="least"),
        meant(
            "With $d_{ij} = ‖U_ih − U_jh‖²$, as $‖U_ih‖ = ‖h‖$,",
            related(_GRAM[_J, _I], "==", _SQUARE - _DISTANCE[_J, _I] / 2),
            _names(),
            label="distance",
            under=("orthogonal maps",),
        ),
        equation(
            "$‖h‖² − ‖Gh‖²$ is half the mean of $d$ under $γ$.",
            _FORM,
            _SQUARE - _mean_of_pairs(_DISTANCE, _S) / 2,
            given=("form", "distance"),
            label="spread",
        ),
        inequality("That is not negative,", related(0, "<=", _mean_of_pairs(_DISTANCE, _S)), label="distances"),
        combination("so $B(sθ) ⪯ I$.", _FORM, "<=", _SQUARE, {"spread": -1, "distances": Rational(1, 2)}, label="most"),
    )


def _plane_steps() -> tuple[Step, ...]:
    form = _mean_of_pairs(_IN_PLANE, sympy.S.One)
    at = {_GRAM: _IN_PLANE, _S: sympy.S.One}
    return (
        meant(
            "At a unit vector $c$ of the plane of frequency $m$ $⟨R^jc, R^ic⟩$ is $cos(2πm(i − j)/k)$,",
            related(_IN_PLANE[_J, _I], "==", sympy.Add(*(generic_root(n * (_I - _J) * _M) for n in (1, -1))) / 2),
            _names(),
            label="turns",
            under=("cyclic maps",),
        ),
        meant(
            "so that the form of $B$ there is",
            related(form, "==", _BETA),
            {**_names(), _FREQUENCY_OBSERVED[_J]: Inner(DATA, Image(_J, Frequency(_M)))},
            given=("turns",),
            label="at c",
        ),
        instance("It is not negative,", related(0, "<=", form), "least", at, label="least at c"),
        combination("nor is", related(0, "<=", _BETA), {"least at c": 1, "at c": -1}),
        instance("and at most", related(form, "<=", _ONE), "most", {**at, _SQUARE: _ONE}, label="most at c"),
        meant("which is", related(_ONE, "==", 1), _names(), label="unit"),
        combination("that is,", related(_BETA, "<=", 1), {"most at c": 1, "at c": 1, "unit": -1}),
    )


def _origin_steps() -> tuple[Step, ...]:
    def share(index: sympy.Symbol) -> sympy.Expr:
        return _WEIGHTS[index] / total(_WEIGHTS[_N], _N)

    return (
        definition(
            "At the origin $s = 0$, the posterior is $π$ whatever $X$.",
            _FORM_AT_ORIGIN,
            _mean_of_pairs(_GRAM, sympy.S.Zero),
        ),
        definition(
            "With $A = ∑_j π_jU_j$, $‖Ah‖² = ∑_{ij} π_iπ_j⟨U_ih, U_jh⟩$, the $π_j$ divided by their sum, 1.",
            _A_SQUARE,
            total(share(_J) * total(share(_I) * _GRAM[_J, _I], _I), _J),
        ),
        equation("So $G = A$ there, and $B(0) = AᵀA$.", _FORM_AT_ORIGIN, _A_SQUARE),
    )


def derive(k: int) -> Derivation:
    theta, M = (sympy.MatrixSymbol(name, k, 1) for name in ("θ", "M(θ)"))
    A, B, B_0, spread = (sympy.MatrixSymbol(name, k, k) for name in ("A", "B(θ)", "B(0)", "D(θ)"))
    identity = related(MatAdd(M, MatMul(B, theta)), "==", theta)
    below = related(MatAdd(B, spread), "==", sympy.Identity(k))
    at_origin = related(B_0, "==", MatMul(A.T, A))
    F, betas = sympy.MatrixSymbol("F", k, k - 1), sympy.MatrixSymbol("diag(β_m)", k - 1, k - 1)
    frequencies = related(MatMul(B, F), "==", MatMul(F, betas))
    return STATEMENT.derivation(
        variables=(Variable(theta, MatrixSet(k, 1, sympy.Reals), "any column of numbers"),),
        hypotheses=("weights", "cyclic maps", "normal data"),
        exist_under=dict.fromkeys((M, B, B_0), ("weights", "cyclic maps")),
        conclusions=(identity, below, at_origin, frequencies),
        note="the columns of $F$ are eigenvectors of $R$ of frequency $m = 1$, …, $k − 1$; $D(θ)$ is positive "
        "semidefinite",
        source="not in the paper; Stein's lemma applied to its EM operator",
        scope=f"$k = {k}$, $U_j = R^j$ in the {k} coordinates of $R^k$, where $R$ shifts them, any weights, every $θ$",
        k=k,
        steps=(
            *_coordinate_steps(k, theta, M),
            definition("$B(θ) = E GᵀG$ with $G = ∑_j γ_jR^j$.", B, _mean_matrix(_gram(_random_weights(k)), k)),
            equation("$M(θ) = θ − E GᵀGθ$.", *identity.args, given=("M", "observed", "Stein")),
            definition(
                "$D(θ) = ∑_{i>j} E γ_iγ_j (R^i − R^j)ᵀ(R^i − R^j)$, a sum of positive semidefinite matrices.",
                spread,
                _mean_matrix(_spread(_random_weights(k)), k),
            ),
            equation("It is what $B(θ) = E GᵀG$ lacks of $I$: $0 ⪯ B(θ) ⪯ I$.", *below.args),
            definition("$A = ∑_j π_jR^j$.", A, circulant(free_weights(k))),
            definition("At $θ = 0$ the exponents vanish and the posterior is $π$.", B_0, _gram(free_weights(k))),
            equation("There $G = A$, so $B(0) = AᵀA$.", *at_origin.args),
            *_coordinate_frequency_steps(k, F, betas),
            equation(
                "In frequency $GᵀG$ multiplies the component $m$ by $|γ̂_m|²$: $P_mM = (1 − β_m)P_m$.", *frequencies.args
            ),
        ),
    )


def _random_weights(k: int) -> tuple[sympy.Expr, ...]:
    return free_weights(k, "gamma")


def _mean_matrix(matrix: ImmutableMatrix, k: int) -> ImmutableMatrix:
    random = (*_random_weights(k)[:-1], *columns(k, "x")[0])
    return matrix.applyfunc(lambda entry: Mean(entry, random))


def _gram(coefficients: Sequence[sympy.Expr]) -> ImmutableMatrix:
    """GᵀG = Σ_ij c_ic_j R^{j−i} for G = Σ_j c_jR^j."""
    k = len(coefficients)
    pairs = product(enumerate(coefficients), repeat=2)
    return sum((a * b * shift(k) ** ((j - i) % k) for (i, a), (j, b) in pairs), ImmutableMatrix.zeros(k))


def _spread(gamma: Sequence[sympy.Expr]) -> ImmutableMatrix:
    """Σ_{i>j} γ_iγ_j (R^i − R^j)ᵀ(R^i − R^j)."""
    k, R = len(gamma), shift(len(gamma))
    pairs = [(i, j, R**i - R**j) for i in range(k) for j in range(i)]
    return sum((gamma[i] * gamma[j] * (V.T * V) for i, j, V in pairs), ImmutableMatrix.zeros(k))


def _coordinate_steps(k: int, theta: sympy.MatrixSymbol, M: sympy.MatrixSymbol) -> tuple[Step, ...]:
    gamma, maps = _random_weights(k), [shift(k) ** j for j in range(k)]
    coordinates, x = columns(k, "theta", "x")
    products = _mean_matrix(ImmutableMatrix(k, k, lambda a, j: gamma[j] * x[a]), k)
    observed = sympy.MatrixSymbol("E[γ_jX]", k, k)
    moved = (posterior(gamma, [_S * (U * coordinates)[a] for U in maps]) for a in range(k))
    slopes = [[Subs(Derivative(g, _S), _S, 0) for g in along] for along in moved]
    return (
        definition("The coordinates of $θ$.", theta, coordinates),
        definition("The columns $E γ_jX$, $j = 0$, …, $k − 1$.", observed, products, label="observed"),
        definition(
            "$M(θ) = ∑_j R^{−j} E γ_jX$.",
            M,
            MatAdd(*(MatMul(U.T, observed, ImmutableMatrix.eye(k)[:, j]) for j, U in enumerate(maps))),
            label="M",
        ),
        citation(
            "Stein's lemma",
            "$E γ_jX = E ∇γ_j$: $γ_j$ is smooth with $0 < γ_j < 1$ and bounded gradient. From $X$ to $X + s e_a$ "
            "the exponents grow by $s u_j$, $u_j$ the coordinate a of $R^jθ$, and $γ_j$ becomes $γ_je^{su_j}$, "
            "normalised.",
            related(products, "==", _mean_matrix(ImmutableMatrix(k, k, lambda a, j: slopes[a][j]), k)),
            label="Stein",
            under=("normal data",),
        ),
    )


def _coordinate_frequency_steps(k: int, F: sympy.MatrixSymbol, betas: sympy.MatrixSymbol) -> tuple[Step, ...]:
    gamma = _random_weights(k)
    squares = [eigenvalue(gamma, m) * eigenvalue(gamma, -m) for m in range(1, k)]
    return (
        definition("The columns of $F$ are $f_m = (e^{−2πijm/k})_j$, $m = 1$, …, $k − 1$.", F, eigenvectors(k)),
        definition(
            "$β_m$ is the mean of $|γ̂_m|²$, the squared modulus of $∑_j γ_je^{2πijm/k}$.",
            betas,
            ImmutableMatrix(sympy.diag(*_mean_matrix(ImmutableMatrix(squares), k))),
        ),
    )
