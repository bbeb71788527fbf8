"""Random data sets, nasty ones too: never a wrong certificate, against EM in extended precision by other code."""

from typing import Any

import flint
import numpy as np
import pytest

import emtheory
from emtheory.reports.api.certify_fit import CertifiedFit
from tests.numerics.fit_certificates.brute_force import em, mean_log_likelihood
from tests.tiers import first_every_day

KINDS = ("full", "tied", "diag", "spherical")
NATURES = (
    *("clusters", "near clusters", "duplicated", "heavy tails", "outlier", "integers", "tiny", "huge", "constant"),
    *("few", "far from 0", "nearly symmetric"),
)


def data(seed: int) -> tuple[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    nature = NATURES[seed % len(NATURES)]
    n, d = int(rng.choice([12, 25, 60])), int(rng.choice([1, 2]))
    x = rng.normal(size=(n, d)) + rng.choice([-2.0, 2.0], size=(n, 1))
    match nature:
        case "near clusters":
            x = rng.normal(size=(n, d)) + rng.choice([-0.7, 0.7], size=(n, 1))
        case "duplicated":
            x[n // 2 :] = x[0]
        case "heavy tails":
            x = rng.standard_cauchy(size=(n, d))
        case "outlier":
            x[0] = 1e6
        case "integers":
            x = np.round(x)
        case "tiny":
            x *= 1e-150
        case "huge":
            x *= 1e148
        case "constant":
            x[:, -1] = 3.0
        case "few":
            x = x[: int(rng.integers(1, 5))]
        case "far from 0":
            x += 1e7
        case "nearly symmetric":
            x = np.concatenate([x, -x])
            x[0] *= 1 + 1e-9
    return nature, x


def a_fit(seed: int, x: np.ndarray) -> dict[str, Any]:
    rng = np.random.default_rng(1000 + seed)
    k, kind = int(rng.integers(1, 4)), KINDS[int(rng.integers(4))]
    n = len(x)
    spread = np.maximum(x.std(axis=0), 1e-3 * abs(x).max() + 1e-300) ** 2
    covariances = {
        "full": [np.diag(spread)] * k,
        "tied": np.diag(spread),
        "diag": [spread] * k,
        "spherical": [float(spread.mean())] * k,
    }[kind]
    means = x[rng.integers(0, n, k)]
    reg = float(rng.choice([0.0, 0.0, 1e-6])) * float(spread.min())
    given = {"covariance_type": kind, "weights": [1 / k] * k, "means": means, "covariances": covariances}
    return given | {"reg_covar": reg}


def _moves(found: CertifiedFit, x: np.ndarray, middle: list[np.ndarray]) -> str:
    """Whether a step of EM moves a point that it is slow to come to more than rounding does."""
    family: Any = found.evidence.point.family  # type: ignore[union-attr]
    after = em(family.kind, *middle, x, family.reg_covar)
    far = (abs(x).max() / x.std(axis=0).min()) ** 2
    for value, centre in zip(after, middle, strict=True):
        if (abs(value - centre) > 1e-9 * (1 + far * 1e-6) * (abs(centre) + abs(centre).max())).any():
            return f"EM moves {centre} to {value}"
    return ""


def wrong(found: CertifiedFit, x: np.ndarray) -> str:
    """What EM in extended precision says against a certificate, or nothing."""
    evidence = found.evidence
    family: Any = evidence.point.family
    kind, reg = family.kind, family.reg_covar
    scale = np.maximum(x.std(axis=0), abs(x).max() * 1e-12 + 1e-300)
    middle = [
        (bounds.lower + (bounds.upper - bounds.lower) / 2) for bounds in (found.weights, found.means, found.covariances)
    ]
    widths = [bounds.upper - bounds.lower for bounds in (found.weights, found.means, found.covariances)]
    state: Any = tuple(middle)
    if evidence.attracts:
        nudge = 1e-9 * np.sqrt(np.einsum("jaa->ja", middle[2]))
        state = (middle[0], middle[1] + nudge, middle[2])
        rate = float(evidence.point.em_rate.upper().mid())
        if rate > 0.9:
            return _moves(found, x, middle)
        steps = 40 if rate < 1e-9 else int(np.log(1e-12) / np.log(rate)) + 40
        for _ in range(steps):
            state = em(kind, *state, x, reg)
    else:
        state = em(kind, *state, x, reg)
    slack = 1e-13 if evidence.attracts else 1e-7
    units = [np.ones(len(middle[0])), np.broadcast_to(scale, middle[1].shape), np.outer(scale, scale)[None]]
    for name, value, centre, width, unit in zip(
        ("weights", "means", "covariances"), state, middle, widths, units, strict=True
    ):
        # Means and covariances of data far from 0 have roundings of extended precision relative to their squares.
        allowed = width / 2 + unit * slack * (1 + (abs(x).max() / scale.min()) ** 2 * 1e-6)
        if (abs(value - centre) > allowed).any():
            return f"{name}: EM goes to {value}, certified is {centre} ± {width / 2}"
    likelihood = flint.arb(str(mean_log_likelihood(*middle, x)))
    off = abs(likelihood - evidence.log_likelihood.mid()) - evidence.log_likelihood.rad()
    if not off < 1e-12 * (1 + (abs(x).max() / scale.min()) ** 2 * 1e-6):
        return f"likelihood {likelihood} is not {evidence.log_likelihood}"
    return ""


@pytest.mark.parametrize("seed", first_every_day(12, range(30)))
def test_a_certificate_is_never_wrong(seed: int) -> None:
    nature, x = data(seed)
    try:
        found = emtheory.certify_fit(a_fit(seed, x), x)
    except emtheory.InputError:
        pytest.fail(f"{nature} data are data")
    if not found.ok:
        assert len(found.reason) > 20
        return
    assert wrong(found, x) == "", (nature, found)


def test_what_is_wrong_would_be_seen() -> None:
    """The same check on a certificate of other data, which differ by one part in a million, finds fault."""
    x = data(0)[1]
    found = emtheory.certify_fit(a_fit(0, x), x)
    assert found.ok
    assert wrong(found, x) == ""
    assert wrong(found, x * (1 + 1e-6)) != ""


def test_a_symmetry_that_is_not_exact_is_not_taken_for_one() -> None:
    """Two clusters, mirror images but for 10^-8 of one point: the weights are not 1/2, and the box says so."""
    half = np.random.default_rng(5).normal(size=(40, 1)) + 3
    x = np.concatenate([half, -half])
    given = {"covariance_type": "tied", "weights": [0.5, 0.5], "means": [[3], [-3]], "covariances": [[1.0]]}
    exact = emtheory.certify_fit(given, x)
    assert exact.weights.lower[0] <= 0.5 <= exact.weights.upper[0]
    x[0] += 1e-6
    nudged = emtheory.certify_fit(given, x)
    assert not nudged.means.lower[0, 0] <= -nudged.means.upper[1, 0] <= nudged.means.upper[0, 0]
    assert wrong(nudged, x) == ""


def test_known_maxima_of_known_data() -> None:
    """The log-likelihood that mclust, an R package, prints for two components with full covariances.

    Fraley, Raftery, Murphy and Scrucca, mclust version 4, Technical Report 597, University of Washington, 2012.
    """
    faithful = np.loadtxt("examples/data/old-faithful.csv", delimiter=",", skiprows=1)
    assert faithful.shape == (272, 2)
    assert faithful.mean(axis=0) == pytest.approx([3.487783, 70.89706], abs=1e-5)
    start = {
        "covariance_type": "full",
        "weights": [0.35, 0.65],
        "means": [[2.0, 54.5], [4.3, 80.0]],
        "covariances": [[[0.07, 0.4], [0.4, 34]], [[0.17, 0.9], [0.9, 36]]],
    }
    found = emtheory.certify_fit(start, faithful)
    assert found.strict_local_maximum
    assert 272 * float(found.log_likelihood.lower) == pytest.approx(-1130.264, abs=5e-4)
