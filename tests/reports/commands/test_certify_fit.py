"""`emtheory certify-data` with weights, a model or a fit, and `emtheory.certify_fit`, as users meet them."""

import json
from fractions import Fraction
from hashlib import sha256
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture

import emtheory
from emtheory.numerics.samples.distributions import gaussian_sample
from tests.numerics.fit_certificates.brute_force import clusters, expanded
from tests.reports.conftest import Run

X = clusters(11, 60, 2, 2, 2.5)
MODELS = """\
schema = 1
[models.rates]
data = [ { weight = 1, x = "poisson(1)" } ]
fit = [ { weight = "w", x = "poisson(a)" }, { weight = "1 - w", x = "poisson(b)" } ]
estimate = ["w", "a", "b"]
parameters = { w = "unit", a = "positive", b = { domain = "positive", default = "5" } }
[models.any-dimension]
dimension = "d"
data = [ { weight = 1, mean = "0*theta" } ]
fit = [ { weight = "1/2", mean = "theta" }, { weight = "1/2", mean = "-theta" } ]
estimate = ["theta"]
parameters = { theta = "vector" }
"""


@pytest.fixture(scope="module")
def fitted() -> GaussianMixture:
    return GaussianMixture(2, random_state=0).fit(X)


@pytest.fixture
def folder(tmp_path: Path, fitted: GaussianMixture) -> Path:
    np.save(tmp_path / "x.npy", X)
    np.savetxt(tmp_path / "x.csv", X, delimiter=",", fmt="%.17g")
    fit = {name: getattr(fitted, f"{name}_").tolist() for name in ("weights", "means", "covariances")}
    (tmp_path / "fit.json").write_text(json.dumps(fit | {"covariance_type": "full"}), encoding="utf-8")
    (tmp_path / "models.toml").write_text(MODELS, encoding="utf-8")
    counts = np.random.default_rng(0).poisson(np.repeat([2, 6], 60))
    np.savetxt(tmp_path / "counts.csv", counts, fmt="%d")
    return tmp_path


def test_a_fit_of_scikit_learn_is_certified(fitted: GaussianMixture) -> None:
    found = emtheory.certify_fit(fitted, X)
    assert found.ok
    assert found.strict_local_maximum is None  # It is none of the likelihood.
    assert "at which the likelihood is not stationary" in repr(found)
    assert "with reg_covar=0 it is told" in repr(found)
    assert "more steps of EM for six digits" in repr(found)
    plain = emtheory.certify_fit(fitted, X, reg_covar=0)
    assert plain.strict_local_maximum
    assert plain.log_likelihood.lower > found.log_likelihood.upper
    assert plain.log_likelihood.lower > fitted.score(X)
    assert float(fitted.score(X)) == pytest.approx(float(plain.log_likelihood.lower) - float(plain.gap[0]), abs=1e-10)


def test_kinds_of_covariances() -> None:
    for kind in ("full", "tied", "diag"):
        fit = GaussianMixture(2, covariance_type=kind, random_state=0, tol=1e-10, max_iter=5000).fit(X)
        found = emtheory.certify_fit(fit, X)
        assert found.ok
        values = (fit.weights_, fit.means_, expanded(kind, 2, 2, fit.covariances_))
        for bounds, value in zip((found.weights, found.means, found.covariances), values, strict=True):
            for end in (bounds.lower, bounds.upper):
                np.testing.assert_allclose(end, value, atol=1e-3)


def test_the_command_writes_a_certificate_that_is_verified_with_the_data(run: Run, folder: Path) -> None:
    made = run("certify-data", folder / "x.csv", "--sklearn", folder / "fit.json", "--out", folder, "--json")
    document = made.document()
    assert (document["level"], document["strict_local_maximum"]) == ("certified", True)
    assert document["sha256"] == sha256((folder / "x.csv").read_bytes()).hexdigest()
    path = Path(document["certificate"])
    assert run("replay", path, "--data", folder / "x.csv").code == 0
    assert run("verify", path).code == 0
    assert (path.parent / "verify" / "__main__.py").is_file()
    (folder / "x.csv").write_text((folder / "x.csv").read_text() + "0,0\n")
    assert run("replay", path).code == 1


def test_a_model_is_certified_from_where_it_is_put(run: Run, folder: Path) -> None:
    command = ("certify-data", folder / "counts.csv", "--models", folder / "models.toml", "--model", "rates")
    document = run(*command, "--at", "w=1/2", "--at", "a=2", "--out", folder, "--json").document()
    w, a, b = (float(document["parameters"][name]["lower"]) for name in "wab")
    x = np.loadtxt(folder / "counts.csv")
    for _ in range(3):  # It is where EM stays.
        first, second = w * np.exp(-a) * a**x, (1 - w) * np.exp(-b) * b**x
        gamma = first / (first + second)
        new = np.mean(gamma), np.sum(gamma * x) / np.sum(gamma), np.sum((1 - gamma) * x) / np.sum(1 - gamma)
        assert new == pytest.approx((w, a, b), rel=1e-9)
        w, a, b = new
    assert run("replay", document["certificate"]).code == 0


def test_joblib_is_read_only_if_the_user_says_so(run: Run, folder: Path, fitted: GaussianMixture) -> None:
    import_module("joblib").dump(fitted, folder / "fit.joblib")
    command = ("certify-data", folder / "x.npy", "--sklearn", folder / "fit.joblib")
    run(*command).assert_one_line_error(2, "--unpickle")
    assert run(*command, "--unpickle").code == 0


FIT = {
    "covariance_type": "full",
    "weights": [0.5, 0.5],
    "means": [[0, 0], [1, 1]],
    "covariances": [np.eye(2).tolist()] * 2,
}
WRONG = [
    ({"covariance_type": "round"}, "covariance_type = 'round' is not one of full, tied, diag, spherical"),
    ({"weights": [0.5, 0.6]}, "they sum to 1.1"),
    ({"weights": ["a", "b"]}, "weights = ['a', 'b'] is no array of numbers"),
    ({"weights": [float("nan"), 1]}, "weights: nan is among them: finite numbers are needed"),
    ({"means": [[0], [1]]}, "means: shape (2, 1) where 2 × 2 is needed"),
    ({"covariances": [[[1, 2], [2, 1]], [[1, 0], [0, 1]]]}, "that of component 0 is not positive definite"),
    ({"covariances": [[[1, 0.5], [0, 1]], [[1, 0], [0, 1]]]}, "a matrix is not symmetric"),
    ({"weights": [0.001] * 1000, "means": [[0, 0]] * 1000}, "certificates are for up to 600"),
    ({"reg_covar": -1}, "reg_covar = -1 is not a number from 0 to 1e+300"),
]


NO_DATA = [
    (np.zeros((0, 2)), "rows × columns of real numbers are needed"),
    (np.array([["a", "b"]]), "rows × columns of real numbers are needed"),
    (np.array([[1.0, np.nan]]), "nan in row 1, column 2"),
    (np.array([[1.0, 2], [3, 1e200]]), "1e+200 in row 2, column 2"),
    (np.array([[2**60 + 1, 1]]), "1152921504606846977 in row 1, column 1 is no double"),
]


def test_what_is_no_fit_or_no_data_is_told() -> None:
    asked = [(GaussianMixture(2), X, "is no fitted GaussianMixture"), ("fit.json", X, "json.load")]
    asked += [(FIT | change, X, message) for change, message in WRONG]
    asked += [(FIT, data, message) for data, message in NO_DATA]
    for fit, data, message in asked:
        with pytest.raises(emtheory.InputError) as error:
            emtheory.certify_fit(fit, data)
        assert message in str(error.value)


def test_what_is_not_certified_says_why(run: Run, folder: Path) -> None:
    one = FIT | {"weights": [1.0], "means": [[0, 0]], "covariances": [np.eye(2)]}
    far = emtheory.certify_fit(one | {"means": [[1e200, 0]]}, X)
    assert "observations are too far from the components" in far.reason
    found = emtheory.certify_fit(one, np.ones((4, 2)))
    assert "column 1 of the data is constant" in found.reason
    with pytest.raises(emtheory.CannotAnswerError, match="constant"):
        _ = found.means
    (folder / "flat.json").write_text(json.dumps(FIT | {"means": [[0.0, 0.0], [0.0, 0.0]]}), encoding="utf-8")
    result = run("certify-data", folder / "x.csv", "--sklearn", folder / "flat.json")
    assert result.code == 4
    assert "components that coincide" in result.out


def test_one_point_and_two_are_told_apart() -> None:
    """Components in another order are the same point; two maxima are two; boxes that meet prove neither."""
    found = emtheory.certify_fit(FIT, X)
    swapped = {**FIT, "weights": [0.6, 0.4], "means": [[1.2, 1], [-0.1, 0]]}
    assert found.is_same(emtheory.certify_fit(swapped, X)) is True
    clusters_of_three = np.concatenate([np.linspace(c - 1, c + 1, 20) for c in (-4, 0, 5)])[:, None]
    ends = (([[-4], [2]], [[[1]], [[6]]]), ([[-2], [5]], [[[5]], [[1]]]))
    fits = [FIT | {"means": means, "covariances": covariances} for means, covariances in ends]
    first, second = (emtheory.certify_fit(fit, clusters_of_three) for fit in fits)
    assert first.is_same(second) is False
    with pytest.raises(emtheory.InputError, match="other data"):
        first.is_same(found)


def test_em_begins_where_a_search_finds_it_best(run: Run, folder: Path) -> None:
    command = ("certify-data", folder / "counts.csv", "--models", folder / "models.toml", "--model", "rates", "--json")
    given = run(*command, "--at", "w=1/2", "--at", "a=2").document()
    found = run(*command, "--start", "auto").document()
    for end in ("lower", "upper"):
        assert float(found["log_likelihood"][end]) == pytest.approx(float(given["log_likelihood"][end]), abs=1e-12)
    (folder / "none.csv").write_text("0\n0\n0\n", encoding="utf-8")
    nowhere = (*command[:1], folder / "none.csv", *command[2:], "--start", "auto")
    run(*nowhere).assert_one_line_error(4, "as a = 0 has left its domain, positive; fewer components, or")
    model, data = emtheory.models(folder / "models.toml")["rates"], folder / "counts.csv"
    assert emtheory.certify_fit(model, data, at={"w": "1/2", "a": 2}).as_json() == given
    for fit, at in ((model, 5), (model, {"w": 0.5}), ({"covariance_type": "full"}, {"w": "1/2"})):
        with pytest.raises(emtheory.InputError, match=r"values by their names|binary float|belong to a model"):
            emtheory.certify_fit(fit, data, at=at)


@pytest.mark.long
def test_starts_that_lose_a_component_are_passed_over_and_the_ball_is_no_speck(run: Run) -> None:
    """A narrow and a wide normal law, far from each other: EM comes to it from far outside the ball, too."""
    command = ("certify-data", "examples/data/galaxies.csv", "--models", "examples/models/weights-and-variances.toml")
    found = run(*command, "--start", "auto", "--json").document()
    assert float(found["ball"]["starts"]) > 1e-3
    assert float(found["em_rate"]["upper"]) - float(found["em_rate"]["lower"]) < 1e-8
    x = np.loadtxt("examples/data/galaxies.csv", skiprows=1)
    w, a, b, v, u = (float(found["parameters"][name]["lower"]) for name in "wabvu")
    first, second = (
        p * np.exp(-np.square(x - m) / (2 * s)) / np.sqrt(2 * np.pi * s) for p, m, s in ((w, a, v), (1 - w, b, u))
    )
    assert np.log(first + second).mean() == pytest.approx(float(found["log_likelihood"]["lower"]), abs=1e-9)
    assert (first / (first + second)).mean() == pytest.approx(w, abs=1e-9)


def test_the_data_decide_on_the_dimension_of_a_model(run: Run, folder: Path) -> None:
    """Two opposite means in three dimensions: EM in NumPy rests at the point, and one column is too few."""
    rng = np.random.default_rng(2)
    x = rng.normal(size=(80, 3)) + rng.choice([-1, 1], size=(80, 1)) * np.array([1, 0.5, -1])
    np.save(folder / "three.npy", x)
    command = ("certify-data", folder / "three.npy", "--models", folder / "models.toml", "--model", "any-dimension")
    places = [part for i in (1, 2, 3) for part in ("--at", f"theta_{i}={(1, 0.5, -1)[i - 1]}")]
    document = run(*command, *places, "--json", "--out", folder).document()
    theta = np.array([float(document["parameters"][f"theta_{i}"]["lower"]) for i in (1, 2, 3)])
    assert (x * np.tanh(x @ theta)[:, None]).mean(axis=0) == pytest.approx(theta, abs=1e-8)
    assert run("replay", document["certificate"]).code == 0


def test_a_component_with_few_observations_is_told() -> None:
    x = np.concatenate([np.random.default_rng(1).normal(size=(40, 1)), [[9.0], [9.3]]])
    given = {"covariance_type": "full", "weights": [0.95, 0.05], "means": [[0], [9]], "covariances": [[[1]], [[0.1]]]}
    assert "component 1 holds about 2 of 42 observations" in repr(emtheory.certify_fit(given, x))


CASE = ("--k", "3", "--weights", "one-heavy:3/5")


@pytest.fixture(scope="module")
def points(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "points.npy"
    np.save(path, gaussian_sample(400, 3, 5))
    return path


def test_the_document_is_the_contract(run: Run, points: Path, tmp_path: Path) -> None:
    result = run("certify-data", points, *CASE, "--d", "3", "--radius", "1", "--json", "--out", tmp_path)
    document = result.document()
    assert result.err == ""
    told = [document[key] for key in ("schema", "n", "d", "radius", "level", "reason")]
    assert told == [1, 400, 3, "1", "certified", None]
    assert document["sha256"] == sha256(points.read_bytes()).hexdigest()
    assert document["case"]["weights"] == ["3/5", "1/5", "1/5"]
    assert 0 < Fraction(document["contraction_factor"]) < 1
    for lower, upper in zip(*(document["fixed_point"][end] for end in ("lower", "upper")), strict=True):
        assert 0 < Fraction(upper) - Fraction(lower) < Fraction(1, 10**10)
    # In the complement of the span the fixed point is the mean.
    mean = sum((Fraction(x) for x in np.load(points)[:, 2].tolist()), start=Fraction(0)) / 400
    assert Fraction(document["fixed_point"]["lower"][2]) <= mean <= Fraction(document["fixed_point"]["upper"][2])
    assert Path(document["certificate"]).is_file()
    in_python = json.loads(json.dumps(emtheory.certify_data(points, 3, "one-heavy:3/5", radius=1).as_json()))
    assert document == in_python | {"certificate": document["certificate"]}


def test_a_ball_that_does_not_work_exits_4_with_the_reason(run: Run, points: Path, tmp_path: Path) -> None:
    options = ("certify-data", points, "--k", "2", "--weights", "1/2,1/2", "--radius", "1", "--out", tmp_path)
    document = run(*options, "--json").document(4)
    assert [document[key] for key in ("contraction_factor", "fixed_point", "log_likelihood", "level")] == [None] * 4
    assert document["reason"].startswith("EM does not contract on ‖θ‖ <= 1: its derivative at (0) has norm 1.0")
    assert emtheory.replay(document["certificate"], data=points).ok
    far = tmp_path / "far.npy"
    np.save(far, np.load(points) * 1e20)
    result = run("certify-data", far, *CASE, "--radius", "1")
    assert result.code == 4
    assert "they are certified up to 1.1e+09" in result.out


def test_bad_data_are_told_as_by_simulate(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    for content, message in (
        ("1,2\nnan,1\n0,1\n3,4\n", "row 2, column 1 of the data is not a finite number"),
        ("1,2\n1,3\n1,4\n1,5\n", "column 1 of the data is constant"),
        ("1,2\n0,3\n", "the data have 2 rows; EM in d = 2 dimensions needs at least 3"),
        ("1,2\n0,3\n2e100,1\n0,1\n", "the norm of a row may be at most 1e+100"),
        ("1\n2\n3\n", "has 1 column: a regular simplex with k = 3 vertices needs d ≥ 2"),
    ):
        path.write_text(content)
        certified = run("certify-data", path, *CASE, "--radius", "1")
        certified.assert_one_line_error(2, message)
        assert run("simulate", *CASE, "--data", path).err == certified.err
