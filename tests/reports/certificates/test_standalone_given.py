"""The standalone verifier of certificates about data: true ones are accepted, and whatever is changed is not."""

import json
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from flint import arb, ctx
from pyarrow import parquet

import emtheory
from emtheory.numerics.case import make_case
from emtheory.reports.certificates.verify.command import outcome_of
from emtheory.reports.certificates.verify.given import simplex
from emtheory.reports.certificates.verify.given.regions import ORDERS, Wide, halves
from emtheory.reports.cli import main
from tests.numerics.data_certificates.brute_force import float_jacobian
from tests.numerics.fit_certificates.brute_force import clusters, start
from tests.reports.certificates.forgeries import sealed
from tests.tiers import first_every_day

X = clusters(2, 30, 2, 2, 3.0)
MODELS = """\
schema = 1
[models.rates]
data = [ { weight = 1, x = "poisson(1)" } ]
fit = [ { weight = "w", x = "poisson(a)" }, { weight = "1 - w", x = "poisson(b)" } ]
estimate = ["w", "a", "b"]
parameters = { w = "unit", a = "positive", b = "positive" }
[models.two]
data = [ { weight = 1, x = "normal(0, 1)" } ]
fit = [ { weight = "1/2", x = "normal(theta, 1)" }, { weight = "1/2", x = "normal(-theta, 1)" } ]
estimate = ["theta"]
parameters = { theta = "real" }
[models.lines]
observed = ["x", "y"]
data = [ { weight = 1, x = "normal(0, 1)", y = "normal(0, 1)" } ]
fit = [
  { weight = "p_0", x = "normal(0, 1)", y = "normal(a + b*x, v)" },
  { weight = "p_1", x = "normal(0, 1)", y = "normal(-b*x, v)" },
]
estimate = ["p", "a", "b", "v"]
parameters = { a = "real", b = "real", v = "positive", p = { domain = "simplex", size = 2 } }
[models.vectors]
dimension = "d"
data = [ { weight = 1, mean = "mu" } ]
fit = [ { weight = "1/2", mean = "theta + e1" }, { weight = "1/2", mean = "-theta" } ]
estimate = ["theta"]
parameters = { theta = "vector", mu = "vector" }
definitions = { off = "(theta_1 - mu_1)**2" }
[models.turned]
observed = ["x", "y"]
data = [ { weight = 1, x = "normal(0, 1)", y = "normal(0, 1)" } ]
estimate = ["a", "b", "v"]
parameters = { a = "real", b = "real", v = "positive" }
[models.turned.fit]
weights = ["1/2", "3/10", "1/5"]
mean = ["a", "b"]
variance = "v"
generator = [["-1/2", "-sqrt(3)/2"], ["sqrt(3)/2", "-1/2"]]
[models.trials]
data = [ { weight = 1, x = "binomial(9, 1/2)" } ]
fit = [ { weight = "w", x = "binomial(9, a)" }, { weight = "1 - w", x = "binomial(9, b)" } ]
estimate = ["w", "a", "b"]
parameters = { w = "unit", a = "unit", b = "unit" }
"""
ATOMS = [-2, -1.5, 1, 1.5, 2, 2]
Document = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates of fits, and of mixing distributions, with their data beside them."""
    found = tmp_path_factory.mktemp("given")
    for kind in ("full", "tied", "diag", "spherical"):
        reg = 0.05 if kind in ("tied", "diag") else 0.0
        emtheory.certify_fit(start(kind, 2, X, 4), X, reg_covar=reg, out=found / kind)
    (found / "models.toml").write_text(MODELS, encoding="utf-8")
    np.savetxt(found / "rates.csv", np.random.default_rng(0).poisson(np.repeat([2, 6], 60)), fmt="%d", header="x")
    np.savetxt(found / "two.csv", np.concatenate([np.linspace(1, 3, 9), -np.linspace(1, 3, 9)]), fmt="%.17g")
    rng, sides = np.random.default_rng(0), np.tile([1.0, -1.0], 20)
    x = rng.normal(size=40)
    rows = {
        "lines": np.column_stack([x, np.where(sides > 0, 1 + 2 * x, -2 * x) + rng.normal(0, 0.4, 40)]),
        "vectors": np.outer(sides, [2, 1, -1]) + rng.normal(size=(40, 3)),
        "turned": np.column_stack([2 * sides, 3 - sides]) + rng.normal(size=(40, 2)),
        "trials": rng.binomial(9, np.where(sides > 0, 0.2, 0.7))[:, None],
    }
    for name, data in rows.items():
        np.savetxt(found / f"{name}.csv", data, fmt="%.17g", delimiter=",")
    for name, places in (
        ("rates", ("w=1/2", "a=2", "b=5")),
        ("two", ("theta=0",)),
        ("lines", ("p_0=1/2", "a=1", "b=2", "v=1/4")),
        ("vectors", ("theta_1=2", "theta_2=1", "theta_3=-1")),
        ("turned", ("a=2", "b=2", "v=1")),
        ("trials", ("w=1/2", "a=1/5", "b=7/10")),
    ):
        options = ["--models", found / "models.toml", "--model", name, *(x for each in places for x in ("--at", each))]
        assert main(["certify-data", str(found / f"{name}.csv"), *map(str, options), "--out", str(found)]) == 0
    np.savetxt(found / "line.csv", np.array(ATOMS)[:, None], fmt="%.17g")
    np.savetxt(found / "plane.csv", clusters(3, 12, 2, 2, 3.0), fmt="%.17g", delimiter=",")
    emtheory.npmle(found / "line.csv", "normal(t, 1/4)", out=found)
    emtheory.npmle(found / "plane.csv", "normal(t, 2)", out=found)
    parquet.write_table(
        pa.table({"x": np.array(ATOMS, dtype=np.float64), "y": np.arange(6.0)}), found / "table.parquet"
    )
    emtheory.npmle(found / "table.parquet", "normal(t, 1)", out=found)
    rng = np.random.default_rng(0)
    for name, k, weights, data in (
        ("ball", 3, "1/2,3/10,1/5", rng.normal(size=(60, 4)) + 0.1),
        ("maxima", 4, "uniform", rng.normal(size=(60, 3)) * 1.2),
        ("far", 2, "7/10,3/10", np.array([[0.1], [-0.2], [5.0], [-4.0]])),
    ):
        np.save(found / f"{name}.npy", data)
        emtheory.certify_data(found / f"{name}.npy", k, weights, radius=1, out=found)
    (found / "fit").mkdir()
    (found / "fit" / "line.csv").write_bytes((found / "line.csv").read_bytes())
    fit = {"atoms": [-1.5, 1.5], "weights": [0.4, 0.6]}
    emtheory.npmle(found / "fit" / "line.csv", "normal(t, 1/4)", fit=fit, out=found / "fit")
    return found


FITS = (
    "full/data.fit-certificate.json", "tied/data.fit-certificate.json", "rates.fit-certificate.json",
    *(f"{name}.fit-certificate.json" for name in ("two", "lines", "vectors", "turned", "trials")),
    "diag/data.fit-certificate.json", "spherical/data.fit-certificate.json"
)  # fmt: skip
TIED = "ball.certificate.json", "far.certificate.json", "maxima.certificate.json"
MIXINGS = "line.certificate.json", "plane.certificate.json", "fit/line.certificate.json", "table.certificate.json"


def said(folder: Path, name: str, change: Callable[[Document], None], data: Path | None = None) -> str:
    """What the verifier says of a certificate that was changed and sealed again."""
    document = json.loads((folder / name).read_text(encoding="utf-8"))
    change(document)
    path = (folder / name).with_name("changed.json")
    path.write_text(sealed(document), encoding="utf-8")
    return " ".join(outcome_of(path, data))


@pytest.mark.parametrize("name", [*FITS, *MIXINGS, *TIED])
def test_true_certificates_are_accepted_with_their_data_only(folder: Path, name: str, tmp_path: Path) -> None:
    assert said(folder, name, lambda _: None).startswith("accepted")
    other = tmp_path / "other.csv"
    other.write_text("1\n2\n", encoding="utf-8")
    assert said(folder, name, lambda _: None, other) == "rejected data.sha256: the file is another one"


def test_the_command_takes_the_data(folder: Path, tmp_path: Path) -> None:
    alone = tmp_path / "line.certificate.json"
    alone.write_bytes((folder / "line.certificate.json").read_bytes())
    assert main(["verify", str(alone)]) == 2  # They are not beside it.
    assert main(["verify", str(alone), "--data", str(folder / "line.csv")]) == 0
    assert emtheory.verify(alone, data=folder / "line.csv")[0]["outcome"] == "accepted"


def leaves(value: Any, end: str, *, below: bool = False) -> list[tuple[Any, Any]]:
    """Every list or object with a lower, or upper, end in it, and its place there."""
    pairs = list(enumerate(value)) if isinstance(value, list) else list(value.items())
    found = [(value, key) for key, each in pairs if isinstance(each, str) and (below or key == end)]
    inner = [(each, below or key == end) for key, each in pairs if isinstance(each, list | dict)]
    return found + [leaf for each, under in inner for leaf in leaves(each, end, below=under)]


@pytest.mark.parametrize("name", first_every_day(3, FITS))
def test_every_number_of_a_fit_decides(folder: Path, name: str) -> None:
    """Each end narrowed by what the enclosure is wide, the box, the ball and its factor, and the kind."""
    document = json.loads((folder / name).read_text(encoding="utf-8"))
    for key in ("parameters", "log_likelihood", "em_rate", "eigenvalues", "standard_errors"):
        if document[key] is None:
            continue
        for end, sign in (("lower", 1), ("upper", -1)):
            for index in range(0, len(leaves(document[key], end)), 5):

                def narrow(
                    changed: Document, key: str = key, end: str = end, index: int = index, sign: int = sign
                ) -> None:
                    place, inner = leaves(changed[key], end)[index]
                    place[inner] = str(float(place[inner]) + sign * 1e-3)

                assert said(folder, name, narrow).startswith("rejected"), (key, index)
    for key, wrong in (
        ("strict_local_maximum", not document["strict_local_maximum"]),
        ("attracts", not document["attracts"]),
    ):
        assert said(folder, name, lambda changed, key=key, wrong=wrong: changed.update({key: wrong})).startswith(
            "rejected"
        )
    if document["ball"]:
        for key, factor in (("starts", 4), ("radius", 16), ("factor", 0.3)):
            value = str(float(document["ball"][key]) * factor)
            assert not said(
                folder, name, lambda changed, key=key, value=value: changed["ball"].update({key: value})
            ).startswith("accepted")
    assert not said(folder, name, lambda changed: changed.update(alone_within="1")).startswith("accepted")
    assert said(folder, name, lambda changed: changed.update(more="1")).startswith("rejected")


def test_other_mixtures_are_not_accepted(folder: Path) -> None:
    def moved(changed: Document) -> None:
        changed["mixture"]["means"][0][0] = str(float(changed["mixture"]["means"][0][0]) + 1e-3)

    assert not said(folder, FITS[0], moved).startswith("accepted")
    assert said(folder, FITS[0], lambda each: each["mixture"].update(covariance_type="diag")).startswith("rejected")
    assert said(folder, FITS[0], lambda each: each["mixture"].update(reg_covar="0.1")) != ""
    assert not said(folder, FITS[1], lambda each: each["mixture"].update(reg_covar="0.0")).startswith("accepted")
    # Weights that sum to 1 where they were fitted only are no mixture.
    for name, old, new in (
        ("rates", "1 - w", "1 - w + (w - 1/2)**3"),
        ("rates", "poisson(b)", "poisson(b + 1/100)"),
        ("lines", "-b*x", "-b*x - 1/100"),
        ("lines", "a + b*x", "a + b*x**2"),
        ("lines", '"p_1"', '"p_0"'),
        ("vectors", "theta + e1", "theta + e2"),
        ("vectors", "-theta", "-theta*theta"),
        ("vectors", '"mean":"-theta"', '"mean":"-101/100*theta"'),
        ("turned", '["-1/2","-sqrt(3)/2"]', '["-1/2","-7/8"]'),
        ("turned", '"3/10","1/5"', '"1/5","3/10"'),
        ("trials", "binomial(9, a)", "binomial(10, a)"),
    ):

        def other(changed: Document, old: str = old, new: str = new) -> None:
            assert old in changed["mixture"]["definition"]
            changed["mixture"]["definition"] = changed["mixture"]["definition"].replace(old, new)

        outcome = said(folder, f"{name}.fit-certificate.json", other)
        assert outcome.startswith(("rejected", "not decided", "not covered")), (old, outcome)
    assert said(folder, "two.fit-certificate.json", lambda _: None).startswith(
        "accepted"
    )  # It is a saddle, and says so.


@pytest.mark.parametrize("name", MIXINGS[:3])
def test_every_number_of_a_mixing_distribution_decides(folder: Path, name: str) -> None:
    document = json.loads((folder / name).read_text(encoding="utf-8"))
    less = str(float(document["gap"]["lower"]) * 0.99)
    assert not said(folder, name, lambda each: each["gap"].update(upper=less)).startswith("accepted")
    more = str(float(document["gap"]["upper"]) * 1.01)
    assert said(folder, name, lambda each: each["gap"].update(lower=more)).startswith("rejected")
    assert not said(folder, name, lambda each: each["kernel"].update(normal="1/3")).startswith("accepted")
    assert said(folder, name, lambda each: each["kernel"].update(poisson="1")).startswith("not covered")
    assert not said(folder, name, lambda each: each["log_likelihood"].update(lower="0")).startswith("accepted")
    assert said(folder, name, lambda each: each["atoms"].pop()).startswith("rejected")

    def elsewhere(changed: Document) -> None:
        atom = changed["atoms"][0]
        for end in ("lower", "upper"):
            atom[end][0] = str(float(atom[end][0]) + 1e-3)

    assert not said(folder, name, elsewhere).startswith("accepted")

    def heavier(changed: Document) -> None:
        weight = changed["atoms"][0]["weight"]
        weight.update({end: str(float(value) * 1.001) for end, value in weight.items()})

    assert not said(folder, name, heavier).startswith("accepted")
    wide = said(folder, name, lambda each: each["atoms"][0].update(around="4.0"))
    assert not wide.startswith("accepted")


@pytest.mark.parametrize("name", first_every_day(1, sorted(TIED, reverse=True)))
def test_every_number_of_em_on_data_decides(folder: Path, name: str) -> None:
    """Each end and factor made a little too small, balls too large, cells left out, and places and mixtures moved."""
    document = json.loads((folder / name).read_text(encoding="utf-8"))
    assert (document["ball"] is None) == (name != TIED[0])
    assert any(each["basin"] for each in document["fixed_points"]) == (name != TIED[0])

    def refuse(change: Callable[[Document], Any]) -> None:
        assert not said(folder, name, change).startswith("accepted")

    for i, point in enumerate(document["fixed_points"]):

        def alone(changed: Document, i: int = i, **of_point: Any) -> None:
            changed["fixed_points"] = [changed["fixed_points"][i] | of_point]

        assert said(folder, name, alone).startswith("accepted")
        for key, more in (("lower", 1e-6), ("upper", -1e-6)):
            moved = [*point[key][1:], str(float(point[key][0]) + more)]
            refuse(partial(alone, **{key: [moved[-1], *moved[:-1]]}))
            for each in ("slope", "log_likelihood"):
                refuse(partial(alone, **{each: point[each] | {key: str(float(point[each][key]) + 10 * more)}}))
        refuse(partial(alone, alone_within="3.0"))
        factor = str(float(point["basin"]["factor"]) * 0.9) if point["basin"] else "0.1"
        for wrong in ({"radius": "3.0", "factor": "0.9"}, {"radius": "0.01", "factor": factor}):
            refuse(partial(alone, basin=wrong))
    refuse(lambda each: each["fixed_points"].append(each["fixed_points"][0]))
    ball = document["ball"]
    if ball:
        for key, value in (
            ("contraction_factor", str(float(ball["contraction_factor"]) * 0.95)),
            ("contraction_factor", "1.01"),
            ("origin_image", str(float(ball["origin_image"]) * 0.999)),
            ("radius", "1/50"),
            ("cells", ball["cells"][1:]),
        ):
            refuse(lambda each, key=key, value=value: each["ball"].update({key: value}))
        refuse(lambda each: each["fixed_points"].clear())
    else:
        refuse(
            lambda each: each.update(
                ball={"radius": "3", "contraction_factor": "0.9", "origin_image": "0.5", "cells": [""]}
            )
        )
    weights = ["1/3"] * 2 + ["1/6"] * 2
    refuse(lambda each: each["case"].update(weights=[*weights[: each["case"]["k"] - 1], "1/3"]))
    refuse(
        lambda each: (
            each["case"].update(weights=each["case"]["weights"][::-1]) if name != TIED[2] else each["case"].update(k=3)
        )
    )
    refuse(lambda each: each["case"].update(d=each["case"]["d"] - 1))
    refuse(lambda each: each.update(fixed_points=[], ball=None))


@pytest.mark.parametrize(("k", "weights"), [(2, "7/10,3/10"), (3, "1/2,3/10,1/5"), (4, "one-heavy:3/5")])
def test_cells_bound_sampled_derivatives_of_em(k: int, weights: str) -> None:
    """Against the definition in floating point, at corners and within; without what bends it is exceeded."""
    rng, case = np.random.default_rng(k), make_case(k, weights, k - 1)
    x = rng.normal(size=(60, k - 1)) * 1.5
    with ctx.workprec(96):
        for width, far in product((0.02, 0.3), (1, 12)):
            x[0] *= far
            tied = simplex.Tied({"k": k, "d": k - 1, "weights": list(map(str, case.weights))}, x.tolist())
            centre, halves = rng.uniform(-0.8, 0.8, k - 1), [arb(width)] * (k - 1)
            size = simplex.size_of(halves)
            bound = float(tied.largest(list(map(arb, centre.tolist())), halves, size))
            steps = [width * np.array(signs) for signs in product((-1.0, 1.0), repeat=k - 1)]
            steps += list(rng.uniform(-width, width, (8, k - 1)))
            norms = [np.linalg.eigvalsh(float_jacobian(x, case.weights, centre + w))[-1] for w in steps]
            assert max(norms) <= bound
            still = float(tied.largest(list(map(arb, centre.tolist())), [arb(0)] * (k - 1), arb(0)))
            assert still < max(norms)
            assert far > 1 or bound < still + 60 * width
            x[0] /= far


@pytest.mark.parametrize("m", [1, 2, 3])
def test_regions_hold_the_gradient_function(m: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against its definition, at random places of boxes; a polynomial that is cut off needs what it leaves out."""
    rng = np.random.default_rng(m)
    x, a = rng.normal(0, 1.5, (25, m)), rng.uniform(0, 0.2, 25)
    x[0] += 40
    points = [(list(map(arb, row)), arb(each)) for row, each in zip(x.tolist(), a.tolist(), strict=True)]

    def missed(*, rest: bool) -> int:
        """How many values and second derivatives are outside of what is said of them."""
        wrong = 0
        for row in x[1:6]:
            box = [(arb(float(each)), arb(2)) for each in row]
            region: Any = Wide(points, arb(0), box)
            while box[0][1] > 0.3 or box[-1][1] > 0.3:
                box = list(halves(box))[rng.integers(2)]
                region = region.part(box)
                side = rng.uniform(-1, 1, m)
                t = np.array([float(c) + float(h) * each for (c, h), each in zip(box, side, strict=True)])
                heights = a * np.exp(-np.square(x - t).sum(axis=1) / 2)
                wrong += float(region.upper()) < heights.sum() - 1 - 1e-13
            if not rest:
                region.cell.rest = arb(0)
            s = [arb(float(end)) - centre for end, centre in zip(t, region.cell.centre, strict=True)]
            second = arb(float(heights @ (np.square(x - t)[:, 0] - 1)), 1e-13)
            wrong += not region.cell.derivative([0] * m, s).overlaps(arb(float(heights.sum()), 1e-13))
            wrong += not region.cell.derivative([2] + [0] * (m - 1), s).overlaps(second)
            wrong += not region.curved[0][0].overlaps(second)
        return wrong

    with ctx.workprec(96):
        assert missed(rest=True) == 0
        monkeypatch.setitem(ORDERS, m, 6)
        assert missed(rest=True) == 0
        assert missed(rest=False) > 0
