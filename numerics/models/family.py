"""A model that a user wrote down as a family: its parameters are the variables, its quantities those of every model."""

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache, partial
from itertools import product

from emtheory.numerics.arithmetic.constant import Real, real_number
from emtheory.numerics.expectation.integrals import KINKED
from emtheory.numerics.family import Family, Variable
from emtheory.numerics.models.ball_values import ball
from emtheory.numerics.models.box_forms import box_form
from emtheory.numerics.models.elsewhere import moved_form, place_arguments, routed
from emtheory.numerics.models.exact_values import exact
from emtheory.numerics.models.expansions import expansions
from emtheory.numerics.models.float_values import float_value
from emtheory.numerics.models.mp_values import mp
from emtheory.numerics.models.touching import identities
from emtheory.numerics.quantity import Argument, Quantity
from emtheory.theory.mixtures.expression import formula_text
from emtheory.theory.mixtures.model import POSITIVE, REAL, UNIT, ZERO, MixtureModel
from emtheory.theory.mixtures.reading import model_of

_KINDS = {REAL: "real", POSITIVE: "positive", UNIT: "inner probability", ZERO: "zero"}
"""Domain of a parameter → kind of a variable."""
_STEPS = Argument("t", "steps", "number of steps, an integer from 0")
_WITHIN = Argument("within", "positive", "distance in the largest coordinate", Fraction(1, 100))
_LOW = Argument("low", "extended", "lower end, a number or -inf")
_HIGH = Argument("high", "extended", "upper end, a number or inf")
_ENDS = Argument("low", "rational", "lower end"), Argument("high", "rational", "upper end")
_SIZE = Argument("n", "size", "number of points")
_DELTA = Argument("delta", "probability", "probability of a sample for which it may fail")
_COMPONENT = Argument("j", "steps", "which component of the fit, from 0")


@lru_cache(maxsize=64)
def family_of(text: str) -> Family:
    """Return the family of a model; InputError if the text is no model."""
    model = model_of(text)
    variables = tuple(
        Variable(each.name, f"parameter {each.name} of {model.name}", _KINDS[each.domain], _default(each.default))
        for each in model.parameters
    )
    return Family(
        name=text,
        meaning=model.title or model.name,
        variables=variables,
        point=model.estimate[0] if len(model.estimate) == 1 else "",
        quantities=tuple(_quantities(model)),
        dependent=tuple((name, formula_text(value)) for name, value in model.dependent),
        identities=(identities, model),
        series=(expansions, model),
        vectors=model.vectors,
    )


def _default(text: str | None) -> Real | None:
    return None if text is None else real_number(text, "default")


def _quantities(model: MixtureModel) -> Iterator[Quantity]:
    single: list[tuple[str, ...]] = [(p,) for p in model.estimate]
    pairs: list[tuple[str, ...]] = list(product(model.estimate, repeat=2))
    for names in single:
        yield _quantity(model, "em_map", names, "the parameter after one step of population EM")
    for names in pairs:
        yield _quantity(model, "em_jacobian", names, "∂em_map(p)/∂q")
    yield _quantity(model, "em_rate", (), "spectral radius of EM's Jacobian in the estimated parameters")
    if model.space is None or model.space.is_one:  # Else it depends on the dimension.
        yield _quantity(model, "log_likelihood", (), "E log p, nats")
    yield _quantity(model, "kl_divergence", (), "KL of the data from the fit, nats")
    for names in single:
        yield _quantity(model, "score", names, "∂ E log p")
    for names in pairs:
        yield _quantity(model, "observed_information", names, "−∂² E log p")
    for names in pairs:
        yield _quantity(model, "complete_information", names, "−∂² Q(η′ given η) in η′, at η′ = η")
    yield _quantity(model, "hessian_min_eigenvalue", (), "$λ_{min}$ of the observed information")
    yield _quantity(model, "hessian_max_eigenvalue", (), "$λ_{max}$ of the observed information")
    for names in single:
        yield _quantity(model, "em_iterate", names, "the parameter after $t$ steps of population EM", _STEPS)
    place = [Argument(name, "rational", "coordinate of the observation") for name in model.observed]
    yield _quantity(model, "posterior", (), "$γ_j$ at an observation", _COMPONENT, *place)
    for names in single:
        meaning = "the parameter at the only stationary point nearby"
        yield _quantity(model, "stationary_point", names, meaning, _WITHIN)
        yield _quantity(model, "local_maximum", names, f"{meaning}, a strict local maximum of E log p", _WITHIN)
    yield _quantity(model, "kl_at_local_maximum", (), "KL of the data from the fit there, nats", _WITHIN)
    if len(model.estimate) == 1:
        yield _quantity(model, "fixed_point_count", (), "number of fixed points in an interval", _LOW, _HIGH)
        meaning = "bound on |M_n − M| on an interval, for n points, with probability 1 − δ"
        yield _quantity(model, "sample_deviation", (), meaning, *_ENDS, _SIZE, _DELTA)


def _quantity(model: MixtureModel, kind: str, names: tuple[str, ...], meaning: str, *arguments: Argument) -> Quantity:
    routes = {route: partial(routed, function, kind, names) for route, function in _ROUTES.items()}
    return Quantity(
        f"{kind}({', '.join(names)})" if names else kind,
        meaning,
        routes,
        needs_point=kind not in ("fixed_point_count", "sample_deviation"),
        arguments=(*arguments, *place_arguments(model)),
        form=moved_form(model, box_form(model, kind, names)),
        on_grid=len(model.observed) > 1 or any(law.kind in KINKED for each in model.data for law in each.laws),
    )


_ROUTES = {"exact": exact, "ball": ball, "mp": mp, "float": float_value}
"""Route → its function, of a kind of quantity and the parameters in its name."""
