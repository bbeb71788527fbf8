"""`emtheory.Model` and `emtheory.models`: a finite mixture that EM fits, written down in Python or in a TOML file."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from emtheory.numerics.arithmetic.constant import Constant
from emtheory.numerics.arithmetic.rational import Exact
from emtheory.reports.api import given
from emtheory.reports.api.evaluate import Answer, Given, answered
from emtheory.reports.api.given import File
from emtheory.reports.checking.model_files import check_models, load_models
from emtheory.theory.mixtures.em_step import em_step
from emtheory.theory.mixtures.model import MixtureModel
from emtheory.theory.mixtures.reading import model_of, read_model

Table = Mapping[str, Any]


class Model:
    """A law of the data and a fit, both finite mixtures, in parameters of which an EM step renews some.

    Two models with the same definition are equal, and none can be changed.

    Parameters
    ----------
    data, fit
        The components: tables with a ``weight`` and for each coordinate its law, such as
        ``{"weight": "1/2", "x": "normal(mu, 1)"}``; or a table with ``weights``, ``mean`` and ``generator`` or
        ``maps``: the means are images of one.
    estimate
        Names of the parameters that an EM step renews.
    parameters
        Name → domain: ``"real"``, ``"positive"``, ``"unit"``, or a table with ``domain`` and ``default``, or with
        ``domain = "simplex"`` and ``size``; in d dimensions also ``"vector"``.
    observed
        Names of the coordinates of the observation, up to three; ``("x",)`` if left out.
    dimension
        Where vectors are in place of coordinates: ``"d"`` for every dimension, a number, or a list of them.
    definitions
        Shorthand → formula in the parameters and other shorthands.
    title, name
        For the reader: what it is, and what it is called.

    Raises
    ------
    InputError
        If it is no model, with the keys that lead to what is wrong, or its M-step has no solution in closed form.

    Examples
    --------
    >>> import emtheory
    >>> two_means = emtheory.Model(
    ...     data=[{"weight": "1/2", "x": "normal(mu, 1)"}, {"weight": "1/2", "x": "normal(-mu, 1)"}],
    ...     fit=[{"weight": "1/2", "x": "normal(theta, 1)"}, {"weight": "1/2", "x": "normal(-theta, 1)"}],
    ...     estimate=["theta"],
    ...     parameters={"theta": "real", "mu": "real"},
    ... )
    >>> two_means.evaluate("em_map", at={"theta": 1, "mu": 1})
    em_map(theta) = 1 (exact)
    """

    def __init__(
        self,
        *,
        data: Sequence[Table] | Table,
        fit: Sequence[Table] | Table,
        estimate: Sequence[str],
        parameters: Table,
        observed: Sequence[str] | None = None,
        dimension: int | str | Sequence[int] | None = None,
        definitions: Mapping[str, str] | None = None,
        title: str = "",
        name: str = "model",
    ) -> None:
        table = {
            "data": data,
            "fit": fit,
            "estimate": estimate,
            "parameters": parameters,
            **({"observed": ("x",) if observed is None else observed} if dimension is None or observed else {}),
            **({} if dimension is None else {"dimension": dimension}),
            **({"definitions": definitions} if definitions else {}),
            **({"title": title} if title else {}),
        }
        self._read(read_model(name, table))

    def _read(self, mixture: MixtureModel) -> None:
        em_step(mixture)
        object.__setattr__(self, "_mixture", mixture)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a model is not changed: make another one with another {name}")

    @classmethod
    def from_text(cls, text: str) -> "Model":
        """Return the model that a canonical text defines, as certificates have it; InputError if it is none."""
        made = cls.__new__(cls)
        made._read(model_of(given.text(text, "text")))
        return made

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return Model.from_text, (self.text,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Model) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"<Model {self.name}: {', '.join(self.parameters)}; EM renews {', '.join(self.estimate)}>"

    @property
    def _model(self) -> MixtureModel:
        mixture: MixtureModel = self.__dict__["_mixture"]
        return mixture

    @property
    def name(self) -> str:
        """What it is called."""
        return self._model.name

    @property
    def title(self) -> str:
        """What it is, for the reader."""
        return self._model.title

    @property
    def text(self) -> str:
        """Its definition as one line of JSON: the ``family`` of an `emtheory.Claim` about it."""
        return self._model.text

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of its parameters, those that EM renews first."""
        return tuple(each.name for each in self._model.parameters)

    @property
    def estimate(self) -> tuple[str, ...]:
        """The names of the parameters that an EM step renews."""
        return self._model.estimate

    def evaluate(
        self,
        quantity: str,
        at: Mapping[str, Exact | Constant] | None = None,
        *,
        digits: int = 30,
        route: str = "auto",
        timeout: float | None = None,
        **arguments: Exact,
    ) -> Answer:
        """Evaluate a quantity of the model at a point of its parameters, as ``emtheory evaluate --model`` does.

        Parameters
        ----------
        quantity
            Such as ``em_jacobian(theta, v)``, ``em_rate`` or ``em_iterate(theta, t=3)``.
        at
            Parameter → exact number, or text of a formula such as ``"sqrt(2)/2"``. Those left out have their defaults.
        digits, route, timeout
            As for `emtheory.evaluate`.
        arguments
            Of the quantity, where they do not stand in its text: ``t=3``.

        Returns
        -------
        Answer
            The value as decimal text and as an enclosure, with the strength of the evidence.

        Raises
        ------
        InputError
            If anything is malformed, not exact, or out of its domain.
        CannotAnswerError
            If no route gives that many digits, or none in time.
        """
        place = Given(None, None, family=self.text, values=given.table(at, "at"))
        return answered(quantity, place, arguments, digits, route, timeout)


def models(path: File) -> Mapping[str, Model]:
    """Return the models of a TOML file: its tables ``[models.NAME]``, by their names.

    Parameters
    ----------
    path
        A file of models, or a claims file with models.

    Raises
    ------
    InputError
        If one is malformed, with file, line and column.
    """
    found = load_models([given.file(path, "path")])
    check_models(found)
    return MappingProxyType({name: Model.from_text(each.text) for name, each in found.items()})
