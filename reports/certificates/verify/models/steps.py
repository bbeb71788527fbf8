"""EM's step, score and information of a model as forms in means and in the symbols of parameters."""

from ..forms import used_in
from ..outcomes import NOT_COVERED, require
from .integrands import partial


def model_form(scheme, name, names):
    """Return a quantity as a form."""
    key = "form", name, names
    if key not in scheme.known:
        count, form = FORMS[name]
        fits = len(names) == count and set(names) <= set(scheme.estimate)
        require(fits, f"claim: {name} has other parameters")
        scheme.known[key] = form(scheme, *names)
    return scheme.known[key]


def score(scheme, p):
    """Return ∂E log p = E Σ_j γ_j ∂l_j."""
    last = len(scheme.fit) - 1
    ratios = {(j,): scheme.slope_of_ratio(j, p) for j in range(last)}
    return scheme.expect({(): scheme.slope_of_log(last, p)} | ratios)


def complete_information(scheme, p, q):
    """Return −E Σ_j γ_j ∂²l_j."""
    slopes = {(j,): scheme.slope_of_log(j, p) for j in range(len(scheme.fit))}
    return scheme.expect({b: [partial(each, scheme.symbols[q]) * -1 for each in row] for b, row in slopes.items()})


def kl_divergence(scheme):
    """Return E log of the density of the data less that of the fit."""
    return scheme.log_density("data") - scheme.log_density("fit")


# EM's step: what makes Q(·|η) = E Σ_j γ_j l_j(·) largest


def em_map(scheme, p):
    """Return p after a step of EM: a weight, a parameter of means or a variance (T17)."""
    key = "step", p
    if key not in scheme.known:
        symbol = scheme.symbols[p]
        parts = [i for i in range(3) if any(not partial(one[i], symbol).top.is_zero() for one in scheme.fit)]
        require(len(parts) == 1, "parameters of several kinds at once", NOT_COVERED)
        scheme.known[key] = (new_weight, new_mean, new_variance)[parts[0]](scheme, symbol, p)
    return scheme.known[key]


def new_weight(scheme, symbol, _):
    """Return E γ_j of the component that has the weight."""
    weights, symbols = [one[0] for one in scheme.fit], set()
    for each in scheme.symbols.values():
        if any(not partial(weight, each).top.is_zero() for weight in weights):
            symbols |= used_in(each)
    alone = [w for w in weights if any(same(w, each) for each in scheme.symbols.values())]
    (*others,) = [w for w in weights if not any(w is each for each in alone)]
    plain = len(alone) == len(symbols) and len(others) == 1 and same(sum(weights, scheme.form(0)), scheme.form(1))
    require(plain, "weights that are not estimated one by one", NOT_COVERED)
    return scheme.expect({(next(j for j, w in enumerate(weights) if same(w, symbol)),): [scheme.form(1)]})


def new_mean(scheme, symbol, p):
    """Return the solution of E Σ_j γ_j (x − m_j)∂m_j/v_j = 0, of which m_j is linear in each parameter."""
    slopes = [partial(one[1], symbol) for one in scheme.fit]
    moving = [j for j, slope in enumerate(slopes) if not slope.top.is_zero()]
    estimated = set().union(*map(used_in, scheme.symbols.values()))
    first = scheme.fit[moving[0]][2]
    alike = all(same(scheme.fit[j][2], first) for j in moving)
    for j in moving:
        crossed = [
            each
            for each in scheme.symbols.values()
            if not same(each, symbol) and not partial(scheme.fit[j][1], each).top.is_zero()
        ]
        known = not used_in(slopes[j]) & estimated and (alike or not used_in(scheme.fit[j][2]) & estimated)
        require(known and not crossed, "means that are not estimated one by one", NOT_COVERED)
    top, bottom = {}, {}
    for j in moving:
        factor = slopes[j] if alike else slopes[j] / scheme.fit[j][2]
        top[j,] = [(scheme.fit[j][1] - symbol * slopes[j]) * factor * -1, factor]
        bottom[j,] = [slopes[j] * factor]
    scheme.known["quotient", p] = top, scheme.expect(bottom)
    return scheme.expect(top) / scheme.expect(bottom)


def new_variance(scheme, symbol, _):
    """Return E Σ γ_j (x − m_j)² over E Σ γ_j, of the components with the variance and with means after the step."""
    own = [j for j, one in enumerate(scheme.fit) if not partial(one[2], symbol).top.is_zero()]
    require(all(same(scheme.fit[j][2], symbol) for j in own), "variances that are not estimated as such", NOT_COVERED)
    zero, one = scheme.form(0), scheme.form(1)
    total, square = scheme.expect({(j,): [one] for j in own}), scheme.expect({(j,): [zero, zero, one] for j in own})
    linear, constant = {}, scheme.form(0)
    for j in own:
        mean = scheme.fit[j][1]
        slope = [(p, s) for p, s in scheme.symbols.items() if not partial(mean, s).top.is_zero()]
        known = mean - sum((s * partial(mean, s) for _, s in slope), scheme.form(0))
        require(len(slope) <= 1, "means of several parameters with a variance", NOT_COVERED)
        factor = partial(mean, slope[0][1]) if slope else zero
        linear.setdefault(slope[0][0] if slope else None, {})[j,] = (known, factor)
    for p, rows in linear.items():
        # Of (x − known − factor new)² less x²: the part linear in the new value is a multiple of what gave that.
        constant += scheme.expect({j: [known**2, known * -2] for j, (known, _) in rows.items()})
        if p:
            new = em_map(scheme, p)
            cross = {j: [known * factor * 2, factor * -2] for j, (known, factor) in rows.items()}
            constant += scheme.expect(cross) * new
            constant += scheme.expect({j: [factor**2] for j, (_, factor) in rows.items()}) * new**2
    return (square + constant) / total


def same(one, other):
    """Whether two forms are the same."""
    return (one - other).top.is_zero()


FORMS = {
    "em_map": (1, em_map),
    "em_jacobian": (2, lambda scheme, p, q: scheme.derivative(em_map(scheme, p), q)),
    "score": (1, score),
    "observed_information": (2, lambda scheme, p, q: scheme.derivative(score(scheme, p), q) * -1),
    "complete_information": (2, complete_information),
    "log_likelihood": (0, lambda scheme: scheme.log_density("fit")),
    "kl_divergence": (0, kl_divergence),
}
"""Quantity → of how many parameters it is, and what gives its form."""
