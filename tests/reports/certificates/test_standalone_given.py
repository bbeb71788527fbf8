"""The standalone verifier of certificates about data: true ones are accepted, and whatever is changed is not."""

import json
import shutil
from copy import deepcopy
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
    np.savetxt(found / "rates.csv", np.random.default_rng(0).poisson(np.repeat([2, 6], 30)), fmt="%d", header="x")
    np.savetxt(found / "two.csv", np.concatenate([np.linspace(1, 3, 9), -np.linspace(1, 3, 9)]), fmt="%.17g")
    rng, sides = np.random.default_rng(0), np.tile([1.0, -1.0], 12)
    x = rng.normal(size=24)
    rows = {
        "lines": np.column_stack([x, np.where(sides > 0, 1 + 2 * x, -2 * x) + rng.normal(0, 0.4, 24)]),
        "vectors": np.outer(sides, [2, 1, -1]) + rng.normal(size=(24, 3)),
        "turned": np.column_stack([2 * sides, 3 - sides]) + rng.normal(size=(24, 2)),
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
    table = pa.table({"x": np.array(ATOMS, dtype=np.float64), "y": np.arange(6.0)})
    parquet.write_table(table, found / "table.parquet")
    emtheory.npmle(found / "table.parquet", "normal(t, 1)", out=found)
    rng = np.random.default_rng(0)
    for name, k, weights, data in (
        ("ball", 3, "1/2,3/10,1/5", rng.normal(size=(30, 4)) + 0.1),
        ("maxima", 4, "uniform", rng.normal(size=(24, 3)) * 1.2),
        ("far", 2, "7/10,3/10", np.array([[0.1], [-0.2], [5.0], [-4.0]])),
    ):
        np.save(found / f"{name}.npy", data)
        emtheory.certify_data(found / f"{name}.npy", k, weights, radius=1, out=found)
    (found / "fit").mkdir()
    shutil.copy(found / "line.csv", found / "fit")
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


def read(folder: Path, name: str) -> Document:
    found: Document = json.loads((folder / name).read_text(encoding="utf-8"))
    return found


def said(folder: Path, name: str, data: Path | None = None, **parts: Any) -> str:
    """What the verifier says of a certificate with other parts, sealed again."""
    path = (folder / name).with_name("changed.json")
    path.write_text(sealed(read(folder, name) | parts), encoding="utf-8")
    return " ".join(outcome_of(path, data))


def expect_refused(folder: Path, name: str, **parts: Any) -> None:
    outcome = said(folder, name, **parts)
    assert outcome.startswith(("rejected", "not decided", "not covered")), (name, parts, outcome)


def scaled(value: str, factor: float = 1.0, more: float = 0.0) -> str:
    return str(float(value) * factor + more)


@pytest.mark.parametrize("name", [*FITS, *MIXINGS, *TIED])
def test_true_certificates_are_accepted_with_their_data_only(folder: Path, name: str, tmp_path: Path) -> None:
    assert said(folder, name).startswith("accepted")
    other = tmp_path / "other.csv"
    other.write_text("1\n2\n", encoding="utf-8")
    assert said(folder, name, other) == "rejected data.sha256: the file is another one"


def test_the_command_takes_the_data(folder: Path, tmp_path: Path) -> None:
    alone = Path(shutil.copy(folder / "line.certificate.json", tmp_path))
    assert main(["verify", str(alone)]) == 2  # They are not beside it.
    assert emtheory.verify(alone)[0]["reason"].endswith("beside the certificate: give the file by --data FILE")
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
    document = read(folder, name)
    for key in ("parameters", "log_likelihood", "em_rate", "eigenvalues", "standard_errors"):
        for end, more in (("lower", 1e-3), ("upper", -1e-3)):
            for index in range(0, len(leaves(document[key] or {}, end)), 8):
                part = deepcopy(document[key])
                place, inner = leaves(part, end)[index]
                place[inner] = scaled(place[inner], more=more)
                assert said(folder, name, **{key: part}).startswith("rejected"), (key, index)
    for key in ("strict_local_maximum", "attracts"):
        assert said(folder, name, **{key: not document[key]}).startswith("rejected")
    ball = document["ball"] or {}
    for key, factor in (("starts", 4), ("radius", 16), ("factor", 0.3)):
        if ball:
            expect_refused(folder, name, ball=ball | {key: scaled(ball[key], factor)})
    expect_refused(folder, name, alone_within="1")
    assert said(folder, name, more="1").startswith("rejected")


def test_other_mixtures_are_not_accepted(folder: Path) -> None:
    mixture = read(folder, FITS[0])["mixture"]
    means = [[scaled(mixture["means"][0][0], more=1e-3), *mixture["means"][0][1:]], *mixture["means"][1:]]
    expect_refused(folder, FITS[0], mixture=mixture | {"means": means})
    assert said(folder, FITS[0], mixture=mixture | {"covariance_type": "diag"}).startswith("rejected")
    expect_refused(folder, FITS[1], mixture=read(folder, FITS[1])["mixture"] | {"reg_covar": "0.0"})
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
        file = f"{name}.fit-certificate.json"
        mixture = read(folder, file)["mixture"]
        assert old in mixture["definition"]
        expect_refused(folder, file, mixture=mixture | {"definition": mixture["definition"].replace(old, new)})


@pytest.mark.parametrize("name", MIXINGS[:3])
def test_every_number_of_a_mixing_distribution_decides(folder: Path, name: str) -> None:
    document = read(folder, name)
    gap, kernel, (first, *others) = document["gap"], document["kernel"], document["atoms"]
    expect_refused(folder, name, gap=gap | {"upper": scaled(gap["lower"], 0.99)})
    assert said(folder, name, gap=gap | {"lower": scaled(gap["upper"], 1.01)}).startswith("rejected")
    expect_refused(folder, name, kernel=kernel | {"normal": "1/3"})
    assert said(folder, name, kernel=kernel | {"poisson": "1"}).startswith("not covered")
    expect_refused(folder, name, log_likelihood=document["log_likelihood"] | {"lower": "0"})
    assert said(folder, name, atoms=[first, *others[:-1]]).startswith("rejected")
    ends = {end: [scaled(first[end][0], more=1e-3), *first[end][1:]] for end in ("lower", "upper")}
    heavier = {end: scaled(value, 1.001) for end, value in first["weight"].items()}
    for wrong in (ends, {"weight": heavier}, {"around": "4.0"}):
        expect_refused(folder, name, atoms=[first | wrong, *others])


@pytest.mark.parametrize("name", first_every_day(1, sorted(TIED, reverse=True)))
def test_every_number_of_em_on_data_decides(folder: Path, name: str) -> None:
    """Each end and factor made a little too small, balls too large, cells left out, and places and mixtures moved."""
    document = read(folder, name)
    ball, case, points = document["ball"], document["case"], document["fixed_points"]
    assert (ball is None) == (name != TIED[0])
    assert any(each["basin"] for each in points) == (name != TIED[0])
    for point in points[:1] if name == TIED[2] else points[:2]:
        assert said(folder, name, fixed_points=[point]).startswith("accepted")
        factor = scaled(point["basin"]["factor"], 0.9) if point["basin"] else "0.1"
        wrong: list[Document] = [{"alone_within": "3.0"}]
        wrong += [{"basin": {"radius": "3.0", "factor": "0.9"}}, {"basin": {"radius": "0.01", "factor": factor}}]
        for end, more in (("lower", 1e-6), ("upper", -1e-6)):
            wrong.append({end: [scaled(point[end][0], more=more), *point[end][1:]]})
            for key in ("slope", "log_likelihood"):
                wrong.append({key: point[key] | {end: scaled(point[key][end], more=10 * more)}})
        for each in wrong:
            expect_refused(folder, name, fixed_points=[point | each])
    expect_refused(folder, name, fixed_points=[*points, points[0]])
    if ball:
        for key, value in (
            ("contraction_factor", scaled(ball["contraction_factor"], 0.95)),
            ("contraction_factor", "1.01"),
            ("origin_image", scaled(ball["origin_image"], 0.999)),
            ("radius", "1/50"),
            ("cells", ball["cells"][1:]),
        ):
            expect_refused(folder, name, ball=ball | {key: value})
        expect_refused(folder, name, fixed_points=[])
    else:
        given = {"radius": "3", "contraction_factor": "0.9", "origin_image": "0.5", "cells": [""]}
        expect_refused(folder, name, ball=given)
    weights = ["1/3"] * 2 + ["1/6"] * 2
    turned = {"weights": case["weights"][::-1]} if name != TIED[2] else {"k": 3}
    for other in ({"weights": [*weights[: case["k"] - 1], "1/3"]}, turned, {"d": case["d"] - 1}):
        expect_refused(folder, name, case=case | other)
    expect_refused(folder, name, fixed_points=[], ball=None)


@pytest.mark.parametrize(("k", "weights"), [(2, "7/10,3/10"), (4, "one-heavy:3/5")])
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


@pytest.mark.parametrize("m", [1, 3])
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
